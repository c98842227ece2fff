"""Portraits and conflicts, as people read them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode

from conftest import Ran, run_csto
from csto.answer.show import portray
from csto.graph.dataset import Dataset

Csto = Callable[..., Ran]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            ("Kazakhstan 2022",),
            [
                "Tokayev asks the CSTO for help",
                "Contingent of Armenia",
                "2030",
                "Situations: contribution",
                "Conflicts of sources",
            ],
        ),
        (("CRRF",), ["Collective Rapid Reaction Force", "20000", "legal basis", "Claims"]),
        (
            ("Uzbekistan", "--on", "2010-06-12"),
            ["Uzbekistan in the CSTO", "member of", "[inferred]", "suspended member of"],
        ),
        (("Stanilas Zev",), ["Stanislav Zas"]),
        (("Казахстан",), ["Kazakhstan"]),
        (("Kirghizia",), ["Kyrgyzstan"]),
        (("A/RES/ES-11/3",), ["Resolutions of Appendix 3"]),
        (
            ("claim:september-2022-position-not-shared-kyrgyzstan",),
            [
                "Kyrgyzstan – position kind – dissent",
                "in respect of Armenia",
                "as of 2022",
                "in words: ",
                "Structure       whole",
                "reported by Troitskiy et al. 2023",
            ],
        ),
    ],
)
def test_a_portrait_reads_well(csto: Csto, args: tuple[str, ...], expected: list[str]) -> None:
    ran = csto("show", *args, "--all")
    assert ran.code == 0, ran.err
    for words in expected:
        assert words in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


def test_a_portrait_as_of_a_day_has_only_what_holds(csto: Csto) -> None:
    then = csto("show", "Uzbekistan", "--all", "--on", "2010-06-12").out
    assert "Uzbekistan in the Organization of Turkic States" not in then
    later = csto("show", "Uzbekistan", "--all", "--on", "2022-01-10").out
    assert "Uzbekistan in the Organization of Turkic States" in later
    assert not re.search(r"^ *member of +.*Collective Security Treaty", later, re.MULTILINE)


@pytest.mark.parametrize("thing", ["Kyrgyzstan June 2010", "CSTO", "Kazakhstan", "CRRF"])
@pytest.mark.parametrize("room", [80, 120])
def test_a_portrait_is_an_answer_first(thing: str, room: int) -> None:
    lines = run_csto("show", thing, env={"COLUMNS": str(room)}).out.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= room
    blocks = "\n".join(lines).split("\n\n")
    brief = blocks[1].splitlines()
    assert len(brief) <= 24
    assert sum(not line.startswith(" ") for line in brief) <= 11
    assert "Sections: " in blocks[-1]


def test_a_planned_exercise_in_brief_says_why_it_was_not_held(csto: Csto) -> None:
    text = " ".join(csto("show", "exercise:indestructible-brotherhood-2022").out.split())
    for told in (
        "Planned for 10 October 2022 – 14 October 2022",
        "Planned size equipment approximate 850; personnel taking part more than 6500",
        "Not held Cancellation of Indestructible Brotherhood-2022 by Kyrgyzstan",
        "tension over the border may explain",
    ):
        assert told in text


def test_an_agreement_in_brief_says_who_signed_and_since_when(csto: Csto) -> None:
    text = " ".join(csto("show", "Fourth protocol amending the CSTO Charter").out.split())
    for told in (
        "Signed Signature of the fourth protocol amending the CSTO Charter, 26 August 2022",
        "amends Charter of the Collective Security Treaty Organization",
        "Ratified Russia, April 2023",
        "The graph has nothing from its sources under: in force",
    ):
        assert told in text
    treaty = " ".join(csto("show", "CST").out.split())
    assert "Uzbekistan, 15 May 1992; Azerbaijan, 24 September 1993" in treaty


def test_a_crisis_in_brief_says_what_was_asked_answered_and_not_done(csto: Csto) -> None:
    text = " ".join(csto("show", "Kyrgyzstan June 2010").out.split())
    for told in (
        "Asked Otunbayeva asks for peacekeepers",
        "Not done No CSTO peacekeepers sent",
        "Uzbekistan: dissent",
    ):
        assert told in text


def test_a_stand_names_whom_it_is_for(csto: Csto) -> None:
    text = " ".join(csto("show", "crisis:armenia-azerbaijan-september-2022").out.split())
    assert "Kyrgyzstan: support (towards Azerbaijan)" in text


def test_a_section_is_written_out_when_asked_for(csto: Csto) -> None:
    text = csto("show", "CRRF", "--section", "figures").out
    assert "20000" in text
    assert "↳" in text
    wrong = csto("show", "CRRF", "--section", "recipes")
    assert wrong.code == 2
    assert "Figures" in wrong.err


def test_a_portrait_for_programs(csto: Csto) -> None:
    content = json.loads(csto("show", "CRRF", "-f", "json").out)
    assert content["iri"].endswith("force/crrf")
    assert all(line["passages"] for line in content["sections"]["Figures"])
    assert "force:crrf" in csto("show", "CRRF", "-f", "turtle").out


def test_all_conflicts_are_listed_with_both_sides_cited(csto: Csto) -> None:
    ran = csto("conflicts", "--format", "csv")
    sides: dict[str, list[list[str]]] = defaultdict(list)
    for row in ran.rows:
        sides[row[1]].append(row)
        assert row[6], f"no passage: {row}"
        assert row[5], f"no claimant: {row}"
    numbers = {row[0] for row in ran.rows if row[0]}
    assert {f"C{n:02d}" for n in range(1, 74)} <= numbers
    for question, rows in sides.items():
        assert len(rows) >= 2, question
        assert sum(row[3] == "preferred" for row in rows) <= 1, question
        assert all(row[7] for row in rows if row[3] == "preferred"), question


def test_kinds_of_conflict_follow_from_the_answers(csto: Csto) -> None:
    kinds = {row[2] for row in csto("conflicts", "-f", "csv").rows}
    assert kinds <= {"differ", "majority", "agree", "single"}
    assert {"differ", "single"} <= kinds
    only = csto("conflicts", "--kind", "differ", "-f", "csv").rows
    assert only
    assert {row[2] for row in only} == {"differ"}


def test_conflicts_about_a_thing(csto: Csto) -> None:
    ran = csto("conflicts", "--about", "CRRF", "-f", "table")
    assert re.search(r"^C02 ", ran.out, re.MULTILINE)
    assert max(map(len, ran.out.splitlines())) <= 100
    assert len(csto("conflicts", "--about", "CRRF", "-f", "csv").rows) < len(
        csto("conflicts", "-f", "csv").rows
    )


def test_labels_of_contested_events_are_neutral(csto: Csto) -> None:
    """Loaded words stand only in what someone says, never in the name of an event or place."""
    ran = csto(
        "query",
        "-e",
        "SELECT ?thing ?label WHERE { VALUES ?kind { csto:Crisis csto:Operation csto:Place "
        "csto:State csto:Body } ?thing a ?kind ; rdfs:label ?label } ORDER BY ?thing",
        "-f",
        "csv",
    )
    loaded = re.compile(
        r"annex|special military operation|invasion|terrorist|liberat|occup|coup|regime|aggress",
        re.IGNORECASE,
    )
    wrong = [row for row in ran.rows if loaded.search(row[1]) and "body" not in row[0]]
    assert wrong == []


def test_the_graph_says_what_the_rank_of_a_claim_is_told_as(
    graph: Callable[[str], Dataset],
) -> None:
    """A rank that has no words of its own goes without saying."""
    claims = "".join(
        f"<https://w3id.org/csto/id/claim/{name}> a csto:Claim ; csto:rank {rank} ;\n"
        f'    csto:about <https://w3id.org/csto/id/state/x> ; csto:proposition "says {name}"@en ;\n'
        "    csto:claimant <https://w3id.org/csto/id/person/p> .\n"
        for name, rank in (
            ("one", "<https://w3id.org/csto/concept/rank/preferred>"),
            ("two", "<https://w3id.org/csto/concept/rank/normal>"),
            ("three", "<https://w3id.org/csto/concept/rank/deprecated>"),
            ("four", "<https://w3id.org/csto/concept/rank/tried>"),
        )
    )
    dataset = graph(
        claims
        + '<https://w3id.org/csto/id/state/x> a csto:State ; rdfs:label "X"@en .\n'
        + '<https://w3id.org/csto/id/person/p> a csto:Person ; rdfs:label "P"@en .\n'
        + '<https://w3id.org/csto/concept/rank/tried> csto:toldAs "on trial"@en .\n'
    )
    found = portray(dataset, NamedNode("https://w3id.org/csto/id/state/x"), None)
    assert sorted(line.what for line in found.sections["Claims"]) == [
        "says four (on trial; P)",
        "says one (preferred; P)",
        "says three (an error; P)",
        "says two (P)",
    ]


def test_a_thing_comes_before_what_is_said_of_it_under_its_name(shipped: Dataset) -> None:
    found = shipped.things.find("Indestructible Brotherhood-2022")
    assert found.value.endswith("exercise/indestructible-brotherhood-2022")
