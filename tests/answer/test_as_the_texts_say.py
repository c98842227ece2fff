"""A row says no more than the texts do, and a title no more than its rows: cases that once did."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Ran

Ask = Callable[..., Ran]

SEPTEMBER = "crisis=Fighting on the Armenian-Azerbaijani border, September 2022"


def short(cell: str) -> str:
    return cell.rsplit("/", 1)[-1]


def test_days_that_are_a_set_stand_among_the_others(csto: Ask) -> None:
    told = [row[2] for row in csto("query", "crises/chain", "-p", "crisis=Kazakhstan 2022").rows]
    agreed = told.index("CSTO agrees to help Kazakhstan")
    assert told.index("Tokayev asks the CSTO for help") < agreed
    assert agreed < told.index("Withdrawal of CSTO peacekeepers from Kazakhstan begins")
    crises = [short(row[0]) for row in csto("query", "crises/all").rows]
    assert crises.index("belarus-2006") < crises.index("georgia-2008") < crises.index("crimea-2014")


def test_what_its_president_asked_is_asked_by_the_state(csto: Ask) -> None:
    told = csto("show", "Kazakhstan").out
    assert "Asked           Tokayev asks the CSTO for help" in told
    assert "How long did the operation" in told
    # Whom Kyrgyzstan asked is disputed; who says that it was this body is named.
    asked = csto("query", "portraits/organization", "-p", "thing=CSTO").rows
    (row,) = [row for row in asked if row[3].startswith("Otunbayeva asks")]
    assert row[3].endswith("(as Beloglazov 2023 says)")


def test_what_nobody_declares_is_not_laid_to_the_sources(csto: Ask) -> None:
    told = csto("show", "OTS").out
    assert "Nothing is recorded under: offices, organs, forces" in told
    assert "No source says anything under: asked, operations" in told
