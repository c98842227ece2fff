"""Lists made from the ontology: kinds, roles, the closure of about, and what they leave out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pyoxigraph import NamedNode

from conftest import Ran
from csto.answer.kinds import ROLES, Asking, plural
from csto.answer.listing import Lister, Question
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import ONTOLOGY, RDF_TYPE, RDFS, csto
from support.sample import some

Csto = Callable[..., Ran]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("word", "kind"),
    {
        "requests": "Request",
        "members": "Membership",
        "treaties": "Agreement",
        "contingents": "Contribution",
        "articles": "Provision",
        "meetings": "Session",
        "summits": "Session",
        "protests": "Incident",
        "votes": "CastVote",
        "wars": "Crisis",
        "planned exercises": "PlannedExercise",
        "CastVote": "CastVote",
    }.items(),
)
def test_plain_words_name_kinds(shipped: Dataset, word: str, kind: str) -> None:
    assert Asking(shipped.store).kind(word)[0] == csto(kind)


def test_kinds_that_are_asked_together_come_together(shipped: Dataset) -> None:
    ask = Asking(shipped.store)
    assert csto("Statement") in ask.kind("positions")
    assert csto("NationalApproval") in ask.kind("ratifications")
    assert csto("PlannedExercise") in ask.kind("exercises")


def test_no_plain_word_means_two_kinds(shipped: Dataset) -> None:
    ask = Asking(shipped.store)
    assert [word for word, nodes in ask.words.items() if len(nodes) > 1] == []


def test_an_unknown_kind_names_the_nearest(shipped: Dataset) -> None:
    with pytest.raises(InputError, match="requests"):
        Asking(shipped.store).kind("reqests")


def test_plurals() -> None:
    words = {"crisis": "crises", "side of a crisis": "sides of a crisis", "body": "bodies"}
    words["series of resolutions"] = "series of resolutions"
    assert {one: plural(one) for one in words} == words


def test_every_kind_is_found_by_the_name_that_the_list_prints(shipped: Dataset) -> None:
    ask = Asking(shipped.store)
    printed = {plural(kind.label): node for node, kind in ask.kinds.items()}
    assert {name: ask.kind(name)[0] for name in printed} == printed


def test_a_divided_loyalty_says_how_sure_it_is(csto: Csto) -> None:
    ran = csto("list", "divided loyalties", "--on", "2020-01-01")
    assert {row["loyaltyCertainty"] for row in rows(ran.out)} == {"certain", "possible"}
    assert "--on leaves none of them out" in ran.err
    assert "--on leaves" not in csto("list", "memberships", "--on", "2020-01-01").err


def test_what_answers_about_or_part_is_a_step_of_the_closure(shipped: Dataset) -> None:
    below = {
        quad.subject
        for quad in shipped.store.quads_for_pattern(
            None, NamedNode(RDFS + "subPropertyOf"), csto("dealsWith"), ONTOLOGY
        )
    }
    roles = Asking(shipped.store).roles
    assert {*roles["about"], *roles["part"]} <= below
    assert all(roles[role] for role in ROLES)


ASKED = [
    ("requests", {"by": "Armenia"}),
    ("acts", {"about": "Armenia"}),
    ("claims", {"about": "CRRF"}),
    ("conflicts", {"about": "Armenia"}),
    ("acts", {"by": "Armenia", "about": "CSTO"}),
    ("claims", {"by": "Nikol Pashinyan", "about": "CSTO"}),
    ("memberships", {"part": "CSTO"}),
    ("requests", {"for": "asked:military-help"}),
    ("exercises", {"where": "Kyrgyzstan"}),
    ("positions", {"about": "crisis:crimea-2014"}),
    ("acts", {"with": "Belarus"}),
]


def scan(dataset: Dataset, question: Question) -> set[NamedNode]:
    """The things that a question asks for, found by a plain walk over all triples.

    Slow and simple. Days are left out.
    """
    reader = Reader(dataset)
    ask = Asking(dataset.store)
    things = {s for kind in question.kinds for s in reader.subjects(RDF_TYPE, kind)}

    def through(node: NamedNode, role: str) -> set[Any]:
        return {value for one in ask.roles[role] for value in reader.objects(node, one)}

    def leads(node: NamedNode) -> set[Any]:
        seen: set[Any] = set()
        waiting = [node]
        while waiting:
            for value in reader.objects(waiting.pop(), "dealsWith"):
                if value not in seen and isinstance(value, NamedNode):
                    seen.add(value)
                    waiting.append(value)
        return seen

    def fits(node: NamedNode) -> bool:
        for role, wanted in question.roles.items():
            found = leads(node) if role == "about" else through(node, role)
            if role in ("part", "where"):
                found = found | {
                    v for one in found if isinstance(one, NamedNode) for v in leads(one)
                }
            if not set(wanted) <= found:
                return False
        for one in question.with_:
            touched = leads(node) | {v for role in ROLES for v in through(node, role)}
            if one not in touched:
                return False
        return True

    return {thing for thing in things if fits(thing)}


@pytest.mark.sampled
@pytest.mark.parametrize(("kind", "filters"), some(ASKED, 5))
def test_a_generated_query_finds_what_a_plain_scan_finds(
    shipped: Dataset, kind: str, filters: dict[str, str]
) -> None:
    lister = Lister(shipped, shipped.cut_off)
    question = Question(lister.ask.kind(kind))
    for role, name in filters.items():
        node = shipped.things.find(name)
        if role == "with":
            question.with_ = [node]
        else:
            question.roles[role] = [node]
    found = lister.answer(question)
    assert set(found.things) == scan(shipped, question)
    assert found.things


def test_things_about_armenia_that_one_step_would_lose(csto: Csto) -> None:
    labels = {row["label"] for row in rows(csto("list", "acts", "--about", "Armenia").out)}
    assert "Pashinyan says that Armenia has in practice frozen its part in the CSTO" in labels
    assert "Azerbaijani artillery fire into Syunik and Gegharkunik" in labels
    assert len(labels) >= 46
    numbers = {row["thing"] for row in rows(csto("list", "conflicts", "--about", "Armenia").out)}
    assert len(numbers) >= 5


def test_counts_and_what_is_not_recorded(csto: Csto) -> None:
    ran = csto("list", "requests", "--count-by", "agent", "outcome")
    table = {row["agent"]: row for row in rows(ran.out)}
    assert table["Armenia"]["left undone"] == "1"
    # The appeal over the border asked for consultations, and the ministers talked.
    assert table["Armenia"]["partly granted"] == "1"
    assert table["Armenia"]["granted"] == ""
    assert table["Russia"]["granted"] == "1"
    assert table["Nikol Pashinyan"]["not recorded"] == "1"
    assert "none is recorded" in ran.err
    by_year = {
        row["year"]: row["count"] for row in rows(csto("list", "votes", "--count-by", "year").out)
    }
    assert by_year


def test_the_list_says_what_it_leaves_out(csto: Csto) -> None:
    ran = csto("list", "requests", "--by", "Armenia")
    assert "3 requests" in ran.err
    assert "other kinds" in ran.err
    assert "--on-behalf-of" in ran.err
    wider = csto("list", "requests", "--on-behalf-of", "Armenia")
    assert len(rows(wider.out)) == 4
    dated = csto("list", "requests", "--from", "2022", "--to-date", "2022")
    assert "--undated" in dated.err
    both = csto("list", "requests", "--from", "2022", "--to-date", "2022", "--undated")
    assert len(rows(both.out)) > len(rows(dated.out))


def test_dates_are_bounded_by_what_a_thing_is_part_of(csto: Csto) -> None:
    ran = csto("list", "votes", "--by", "Kazakhstan", "--from", "2022", "--to-date", "2022")
    assert rows(ran.out)
    assert all(row["start"].startswith("2022") for row in rows(ran.out))


def test_the_query_is_printed_and_answers_the_same(csto: Csto) -> None:
    text = csto("list", "requests", "--by", "Armenia", "--sparql").out
    again = rows(csto("query", "-e", text).out)
    assert {row["label"] for row in again} == {
        row["label"] for row in rows(csto("list", "requests", "--by", "Armenia").out)
    }


def test_columns_are_chosen_and_cited(csto: Csto) -> None:
    ran = csto("list", "requests", "--show", "by,outcome", "--cite")
    assert list(rows(ran.out)[0])[4:] == ["by", "outcome", "passage"]
    assert all(row["passage"] for row in rows(ran.out))
    wrong = csto("list", "requests", "--show", "outcom")
    assert wrong.code == 2
    assert "outcome" in wrong.err


def test_a_value_narrows(csto: Csto) -> None:
    ran = csto("list", "answers", "--where", "declined")
    assert {row["answerKind"] for row in rows(ran.out)} == {"declined"}


def test_without_a_kind_all_kinds_are_named(csto: Csto) -> None:
    kinds = {row["kind"]: row for row in rows(csto("list").out)}
    assert "requests" in kinds
    assert "treaty" in kinds["agreements"]["also_called"]


def test_an_ambiguous_name_gives_a_list(csto: Csto) -> None:
    ran = csto("list", "acts", "--about", "Kyrgyzstan 2010")
    if ran.code:
        assert ran.code == 2
        assert "\n  " in ran.err


def test_the_chain_of_a_crisis_loses_nothing(csto: Csto) -> None:
    ran = csto("query", "crises/chain", "-p", "crisis=crisis:armenia-azerbaijan-september-2022")
    told = {row["what"] for row in rows(ran.out)}
    assert (
        "Decision of the Collective Security Council to send a mission to Armenia, September 2022"
        in told
    )
    assert sum(row["kind"] == "position" for row in rows(ran.out)) >= 4
    assert len(told) >= 14


NAMED = {
    "Armenia": r"\bArmenia",
    "Belarus": r"\bBelarus",
    "Kazakhstan": r"\bKazakh",
    "Kyrgyzstan": r"\bKyrgyz",
    "Tajikistan": r"\bTajik",
    "CRRF": r"Rapid Reaction Force|CRRF",
}


def test_nine_of_ten_acts_and_claims_that_name_a_thing_are_found_with_it(shipped: Dataset) -> None:
    """By, to or about, or on behalf of: measured on what labels and propositions name."""
    lister = Lister(shipped, shipped.cut_off)
    reader = Reader(shipped)
    named = found = 0
    for name, pattern in NAMED.items():
        node = shipped.things.find(name)
        for word in ("acts", "claims"):
            kinds = lister.ask.kind(word)
            asked = [Question(kinds, with_=[node]), Question(kinds, behalf=[node])]
            bodies = ["\n".join(lister.maker.pattern(question)) for question in asked]
            got = {
                row["thing"]
                for body in bodies
                for row in lister.run(f"SELECT DISTINCT ?thing {{ {body} }}")
            }
            for thing in reader.subjects(RDF_TYPE, kinds[0]):
                said = " ".join(o.value for o in reader.objects(thing, "proposition"))
                if re.search(pattern, f"{shipped.things.label(thing)} {said}"):
                    named += 1
                    found += thing in got
    assert named > 700
    assert found / named >= 0.9


def test_norms_and_provisions_are_listed_as_they_are_in_force(csto: Csto) -> None:
    """The wording of 2010 of Article 4 took effect in December 2012."""
    for day, year in (("2010-06-12", "1992"), ("2024-01-01", "2010")):
        told = rows(csto("list", "norms", "--on", day, "-f", "csv").out)
        found = {row["thing"] for row in told if "norm:cst-art4-p1-" in row["thing"]}
        assert found == {f"norm:cst-art4-p1-{year}"}
    assert not rows(csto("list", "norms", "--on", "1993-01-01", "-f", "csv").out)
    # Article 1 of the Treaty stood from the first; Article 19 of the Charter came with it.
    for day, there in (("1999-01-01", False), ("2010-06-12", True)):
        told = rows(csto("list", "articles", "--on", day, "-f", "csv").out)
        things = {row["thing"] for row in told}
        assert "provision:cst-art1" in things
        assert ("provision:charter-art19" in things) == there
    sure = {row["thing"]: row["certainty"] for row in told}
    assert set(sure.values()) == {"certain", "possible"}


def test_a_kind_that_holds_on_no_day_is_listed_whole_and_a_note_says_so(csto: Csto) -> None:
    whole = csto("list", "offices", "-f", "csv")
    dated = csto("list", "offices", "--on", "2010-06-12", "-f", "csv")
    assert dated.out == whole.out
    assert "the graph has no days on which offices hold" in dated.err


def test_filters_without_a_kind_name_the_kinds_that_they_fit(csto: Csto) -> None:
    ran = csto("list", "--part", "CST")
    counted = {row["kind"]: int(row["count"]) for row in rows(ran.out)}
    assert counted["party statuses"] == len(
        rows(csto("list", "party statuses", "--part", "CST").out)
    )
    # What follows only from what is stated (an act is an occurrence) is no kind to list.
    assert "occurrences" not in counted
    assert "give one of these kinds" in ran.err


def test_an_empty_list_says_where_what_was_meant_can_be(csto: Csto) -> None:
    ran = csto("list", "memberships", "--part", "CST")
    assert rows(ran.out) == []
    kinds = re.search(r"other kinds: (.*)", ran.err)
    # Told in the same columns, so before norms and provisions, of which there are more.
    assert kinds
    assert kinds[1].startswith("18 party statuses, ")
    assert re.search(r"without --part \d+", ran.err)
    ratified = csto("list", "ratifications", "--about", "CST")
    assert re.search(r"other kinds: \d+ signatures", ratified.err)
    assert "saved questions on ratifications: law/ratifications" in ratified.err


def test_with_says_how_the_things_are_tied(csto: Csto) -> None:
    ran = csto("list", "acts", "--with", "SCO")
    told = re.search(r"in several ways: (\d+) by it, (\d+) about it", ran.err)
    assert told
    assert int(told[1]) + int(told[2]) >= len(rows(ran.out))
    assert "several ways" not in csto("list", "requests", "--by", "Armenia").err


def test_figures_have_who_says_and_who_counted(csto: Csto) -> None:
    head = csto("list", "figures").out.splitlines()[0].split(",")
    assert {"claimant", "countedBy"} <= set(head)
    assert "asOf" not in head


def test_what_has_no_name_shows_no_identifier_to_people(csto: Csto) -> None:
    table = csto("list", "times of a crisis", "-f", "md").out
    assert "crisistime:" not in table
    assert "War in Ukraine from February 2022" in table
    assert "crisistime:" in csto("list", "times of a crisis", "-f", "csv").out
    # An empty list still has its heads.
    assert csto("list", "ratifications", "--about", "CST", "-f", "md").out.startswith("| label |")


def test_a_year_is_no_addressee(csto: Csto) -> None:
    ran = csto("list", "crises", "--to", "2010")
    assert ran.code == 2
    assert "--to-date 2010" in ran.err
    assert "2010" in csto("list", "crises", "--to-date", "2010", "--from", "2010").out
