"""The bench for norms: each element has its words' place, fires where it must and nowhere else.

The cases are data, in tests/norms/. All situations of all cases are built into one small graph,
with the provisions, agreements and organs of the shipped one, and the rules run over it once.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from conftest import ROOT, run_csto

CASES = ROOT / "tests" / "norms"
ID = "https://w3id.org/csto/id/"
PREFIXES = "\n".join(
    f"PREFIX {prefix}: <{iri}>"
    for prefix, iri in {
        "action": "https://w3id.org/csto/concept/action/",
        "asked": "https://w3id.org/csto/concept/asked/",
        "certainty": "https://w3id.org/csto/concept/certainty/",
        "csto": "https://w3id.org/csto/ontology#",
        "modality": "https://w3id.org/csto/concept/modality/",
        "polarity": "https://w3id.org/csto/concept/polarity/",
        "rank": "https://w3id.org/csto/concept/rank/",
        "edtf": "http://id.loc.gov/datatypes/edtf/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "status": "https://w3id.org/csto/concept/status/",
        "threat": "https://w3id.org/csto/concept/threat/",
        **{
            kind.replace("-", ""): f"{ID}{kind}/"
            for kind in (
                *(
                    "act",
                    "agreement",
                    "body",
                    "claim",
                    "contribution",
                    "crisis",
                    "membership",
                    "norm",
                ),
                *("operation", "person"),
                *("party-status", "provision-version", "side", "state", "support"),
            )
        },
    }.items()
)
# What the norms need beside themselves: their instruments, and the organs that decide.
SHIPPED = (
    "../workspace.ttl",
    "provisions",
    "agreements/csto.ttl",
    "agreements/instruments-charter-protocols.ttl",
    "agreements/instruments-csto.ttl",
    "agreements/instruments-other.ttl",
    "organizations.ttl",
    "organs/collective-security-council.ttl",
    "organs/councils.ttl",
)
STATES = """
state:one a csto:State ; rdfs:label "One"@en .
state:late a csto:State ; rdfs:label "Late"@en .
state:suspended a csto:State ; rdfs:label "Suspended"@en .
state:stranger a csto:State ; rdfs:label "Stranger"@en .
person:author a csto:Person ; rdfs:label "Author"@en .
partystatus:one-cst a csto:PartyStatus ; csto:party state:one ; csto:agreement agreement:cst ;
    csto:status status:party ; csto:start "1994-04-20"^^edtf:EDTF .
partystatus:one-peacekeeping a csto:PartyStatus ; csto:party state:one ;
    csto:agreement agreement:csto-peacekeeping-agreement ;
    csto:status status:party ; csto:start "2009-12-31"^^edtf:EDTF .
membership:one a csto:Membership ; csto:member state:one ; csto:organization body:csto ;
    csto:status status:member ; csto:start "2003-09-18"^^edtf:EDTF .
membership:late a csto:Membership ; csto:member state:late ; csto:organization body:csto ;
    csto:status status:member ; csto:start "2006-08-16"^^edtf:EDTF .
membership:suspended-before a csto:Membership ; csto:member state:suspended ;
    csto:organization body:csto ; csto:status status:member ;
    csto:start "2003-09-18"^^edtf:EDTF ; csto:end "2012-12-19"^^edtf:EDTF .
membership:suspended a csto:Membership ; csto:member state:suspended ;
    csto:organization body:csto ; csto:status status:suspended ;
    csto:start "2012-12-19"^^edtf:EDTF .
"""
# How the table calls the elements of a norm.
PROPERTIES = {
    "kind": "normKind",
    "bearer": "bearer",
    "trigger": "trigger",
    "threat": "threatKind",
    "condition": "condition",
    "territory": "territorialScope",
    "decider": "decider",
    "proposer": "proposer",
    "rule": "decisionRule",
    "beneficiary": "beneficiary",
    "action": "action",
    "time": "timeLimit",
    "incorporates": "incorporates",
}


def read(name: str) -> Any:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))


class Case(NamedTuple):
    """One situation for one element of one norm."""

    norm: str
    day: str
    element: str
    met: bool
    situation: tuple[tuple[str, str], ...]
    crisis: str


def element_cases() -> Iterator[Case]:
    for row in read("elements"):
        place = 0
        for element, pairs in row.items():
            if element in ("norm", "day"):
                continue
            if element == "none":
                pairs = {"unmet": pairs}
            for pair in pairs if isinstance(pairs, list) else [pairs]:
                for met, situation in pair.items():
                    place += 1
                    yield Case(
                        row["norm"],
                        str(row["day"]),
                        element,
                        met == "met",
                        tuple(sorted(situation.items())),
                        f"{row['norm']}-{place}",
                    )


ELEMENTS = list(element_cases())


def turtle(case: Case) -> str:
    """The situation of a case: a crisis, and what was asked and decided in it."""
    said = dict(case.situation)
    place = "one" if said.get("place", "member") == "member" else "stranger"
    crisis, day = f"crisis:{case.crisis}", f'"{case.day}"^^edtf:EDTF'
    text = f"""
{crisis} a csto:Crisis ; rdfs:label "{case.crisis}"@en ; csto:start {day} ; csto:lastDay {day} ;
    csto:threatKind threat:{said.get("threat", "internal-unrest")} ;
    csto:onTerritoryOf state:{place} .
side:{case.crisis} a csto:CrisisSide ; csto:inCrisis {crisis} ; csto:participant state:one .
"""
    if "asks" in said:
        text += f"""
act:{case.crisis}-asks a csto:Request ; csto:partOf {crisis} ; csto:agent state:one ;
    csto:addressee body:csto ; csto:asksFor asked:{said["asks"]} ; csto:date {day} .
"""
    if "decided" in said:
        text += f"""
operation:{case.crisis} a csto:Operation ; csto:partOf {crisis} ; csto:start {day} ;
    csto:onTerritoryOf state:{place} .
contribution:{case.crisis} a csto:Contribution ; csto:toOperation operation:{case.crisis} ;
    csto:contributor state:one .
act:{case.crisis}-decides a csto:Decision ; csto:partOf {crisis} ; csto:concerns {crisis} ;
    csto:agent body:{said["decided"]} ; csto:decides operation:{case.crisis} ; csto:date {day} .
"""
    return text


ARGUED = read("argued")


def argued(case: dict[str, Any]) -> str:
    """A crisis on the territory of one member, and what is claimed of it."""
    crisis, day = f"crisis:{case['name']}", f'"{case["day"]}"^^edtf:EDTF'
    text = f"""
{crisis} a csto:Crisis ; rdfs:label "{case["name"]}"@en ; csto:start {day} ; csto:lastDay {day} ;
    csto:threatKind threat:{case["threat"]} ; csto:onTerritoryOf state:one .
side:{case["name"]} a csto:CrisisSide ; csto:inCrisis {crisis} ; csto:participant state:one .
"""
    for n, claim in enumerate(case["claims"]):
        what = claim.get("says") or claim["denies"]
        place = what in ("one", "late")
        said = f"csto:onTerritoryOf ; csto:object state:{what}" if place else (
            f"csto:threatKind ; csto:object threat:{what}"
        )  # fmt: skip
        if "denies" in claim:
            said += " ; csto:polarity polarity:denies"
        if "modality" in claim:
            said += f" ; csto:modality modality:{claim['modality']}"
        by = f"person:{claim['by']}" if claim["by"] == "author" else f"state:{claim['by']}"
        text += f"""
claim:{case["name"]}-{n} a csto:Claim ; rdfs:label "{case["name"]} {n}"@en ;
    csto:subject {crisis} ; csto:relation {said} ;
    csto:claimant {by} ; csto:rank rank:normal .
"""
    return text


# --- the small graph -----------------------------------------------------------------------


class Bench:
    """The one small graph, asked as of a day. All that depends on the package is in here."""

    def __init__(self, folder: Path) -> None:
        graph = folder / "graph"
        shutil.copytree(ROOT / "pack", folder / "pack")
        for part in SHIPPED:
            source = ROOT / "graph" / part
            if source.is_dir():
                shutil.copytree(source, graph / part)
            elif source.is_file():
                (graph / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, graph / part)
        prefixes = PREFIXES.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + " .\n"
        situations = "".join(turtle(case) for case in ELEMENTS)
        quarrels = "".join(argued(case) for case in ARGUED)
        (graph / "bench.ttl").write_text(
            prefixes + STATES + situations + quarrels, encoding="utf-8"
        )
        self.folder = folder
        self.ask = lru_cache(maxsize=None)(self._ask)

    def _ask(self, query: str, day: str | None = None) -> frozenset[tuple[str, ...]]:
        """Rows of a query as of a day; IRIs of things are cut to their slugs."""
        import csto

        rows = csto.open(day, workspace=self.folder).select(PREFIXES + query)
        return frozenset(
            tuple(str(value).rsplit("/", 1)[-1].removeprefix("ontology#") for value in row.values())
            for row in rows
        )

    def earliest_exits(self, state: str, notice: str) -> dict[str, str]:
        """Instrument to the first day on which a state can be out."""
        ran = run_csto(
            *("-w", str(self.folder), "law", "--state", f"state:{state}", "--on", notice),
            *("--suppose", f"notice={notice}", "-f", "csv"),
        )
        assert ran.code == 0, ran.err
        return {
            row["provision"]: row["earliest_exit"] for row in csv.DictReader(ran.out.splitlines())
        }


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("norms"))


GROUNDS = """
SELECT ?norm ?crisis WHERE {
  ?ground csto:groundIn ?norm ; csto:groundFor ?crisis ; csto:groundOf state:one
}
"""
MET = """
SELECT ?norm ?crisis ?element WHERE {
  ?ground csto:groundIn ?norm ; csto:groundFor ?crisis ; csto:groundOf state:one .
  ?ground csto:meets ?element
}
"""


@pytest.mark.parametrize("case", ELEMENTS, ids=lambda c: f"{c.crisis}-{c.element}-{c.met}")
def test_an_element_is_met_where_it_must_be_and_nowhere_else(bench: Bench, case: Case) -> None:
    looked_at = (case.norm, case.crisis) in bench.ask(GROUNDS)
    assert looked_at == (case.element != "none"), "whether the norm gives a ground at all"
    if case.element != "none":
        assert ((case.norm, case.crisis, case.element) in bench.ask(MET)) == case.met


STANDS = """
SELECT ?norm ?crisis ?stands ?element WHERE {
  VALUES ?stands { csto:meets csto:mayMeet csto:hasContested csto:lacks csto:hasUnrecorded }
  ?ground csto:groundIn ?norm ; csto:groundFor ?crisis ; csto:groundOf state:one ; ?stands ?element
}
"""
AGAINST = """
SELECT ?norm ?crisis ?against ?who WHERE {
  VALUES ?against { csto:disputedBy csto:doubtedBy }
  ?ground csto:groundIn ?norm ; csto:groundFor ?crisis ; csto:groundOf state:one ; ?against ?claim .
  ?claim csto:claimant ?who
}
"""


@pytest.mark.parametrize("case", ARGUED, ids=lambda case: case["name"])
def test_how_an_element_stands_where_several_speak(bench: Bench, case: dict[str, Any]) -> None:
    """A norm with several triggers asks for one; what may be is not said to be."""
    expected = dict(case["stands"])
    against = {
        "disputedBy": set(expected.pop("disputed")),
        "doubtedBy": set(expected.pop("doubted")),
    }
    of = (case["norm"], case["name"])
    stands = {row[3]: row[2] for row in bench.ask(STANDS) if row[:2] == of}
    assert {name: stands.get(name) for name in expected} == expected
    for word, who in against.items():
        assert {row[3] for row in bench.ask(AGAINST) if row[:3] == (*of, word)} == who


def test_every_norm_that_gives_grounds_has_cases(bench: Bench) -> None:
    cases = {case.norm for case in ELEMENTS if case.element != "none"}
    assert {norm for norm, _ in bench.ask(GROUNDS)} == cases


UNNAMED = """
SELECT ?norm ?crisis ?element WHERE {
  ?ground csto:groundIn ?norm ; csto:groundFor ?crisis .
  ?ground csto:meets|csto:mayMeet|csto:hasContested|csto:lacks|csto:hasUnrecorded ?element .
  VALUES (?element ?property) {
    (groundelement:trigger csto:trigger) (groundelement:territory csto:territorialScope)
  }
  FILTER NOT EXISTS { ?norm ?property ?named }
}
"""


def test_an_element_that_a_norm_does_not_name_has_no_standing(bench: Bench) -> None:
    """Article 6 names no territory, and the agreement on peacekeeping no kind of threat."""
    assert not bench.ask(UNNAMED)


# --- wordings ------------------------------------------------------------------------------

WORDINGS = [
    (str(row.get("on", "")), str(row.get("not-on", "")), wording)
    for row in read("wordings")
    for wording in row["wordings"]
]
SET = "SELECT ?norm ?version WHERE { ?norm csto:setBy ?version }"
CERTAIN = "SELECT ?norm WHERE { ?norm a csto:Norm ; csto:inForceOn ?day }"
POSSIBLE = """
SELECT ?norm WHERE {
  ?norm a csto:Norm .
  GRAPH ?slice { ?slice csto:certainty certainty:possible . ?norm csto:inForceOn ?day }
}
"""
LAST_DAY = "2024-01-01"


@pytest.mark.parametrize(("on", "not_on", "wording"), WORDINGS)
def test_the_norms_of_a_wording_apply_while_it_is_in_force(
    bench: Bench, on: str, not_on: str, wording: str
) -> None:
    norms = {norm for norm, version in bench.ask(SET) if version == wording}
    assert norms
    if on:
        assert norms <= {norm for (norm,) in bench.ask(CERTAIN, on)}
    assert not norms & {norm for (norm,) in bench.ask(POSSIBLE, not_on or LAST_DAY)}


def test_every_norm_is_on_the_bench(bench: Bench) -> None:
    listed = [wording for _, _, wording in WORDINGS]
    assert sorted(listed) == sorted({version for _, version in bench.ask(SET)})


# --- standing outside a crisis -----------------------------------------------------------------

STANDING = read("standing")
MAY_VOTE = "SELECT ?state ?organ WHERE { ?state csto:mayVoteIn ?organ }"
NOT_COUNTED = "SELECT ?state ?organ WHERE { ?state csto:voteNotCountedIn ?organ }"
BOUND = "SELECT ?state ?instrument WHERE { ?state csto:boundThroughIncorporationBy ?instrument }"


@pytest.mark.parametrize(
    ("query", "row", "target"),
    [(MAY_VOTE, row, organ) for row in STANDING["votes"] for organ in row["organs"]]
    + [(NOT_COUNTED, row, organ) for row in STANDING["not-counted"] for organ in row["organs"]]
    + [(BOUND, row, row["instrument"]) for row in STANDING["incorporates"]],
)
def test_who_votes_and_who_is_bound(
    bench: Bench, query: str, row: dict[str, Any], target: str
) -> None:
    found = {state for state, thing in bench.ask(query, str(row["day"])) if thing == target}
    assert found >= set(row["met"])
    assert not found & set(row["unmet"])


PRESUMED = """
SELECT ?state WHERE { ?state csto:presumedBoundBy agreement:csto-peacekeeping-agreement }
"""


def test_whose_status_a_source_records_is_not_presumed_bound(bench: Bench) -> None:
    """One is a party to the agreement; of the others no source says whether they are."""
    assert bench.ask(PRESUMED, "2024-01-01") == {("late",), ("suspended",)}
    asked = """
        SELECT ?state WHERE {
          ?standing a csto:PresumedStanding ; csto:standingOf ?state ;
            csto:standingUnder agreement:csto-peacekeeping-agreement
        }
    """
    assert not bench.ask(asked) & {("one",)}


@pytest.mark.parametrize("row", STANDING["leaving"], ids=lambda row: row["norm"])
def test_when_a_state_can_leave(bench: Bench, row: dict[str, Any]) -> None:
    found = bench.earliest_exits(row["state"], str(row["notice"]))
    article = row["norm"].rsplit("art", 1)[1].replace("-p", "(") + ")"
    assert found[f"Art. {article}"] == str(row["met"]) > str(row["unmet"])


# --- the place of the words ----------------------------------------------------------------

PLACES = """
SELECT ?norm ?property ?value ?passage WHERE {
  ?norm a csto:Norm ; ?property ?value ; csto:evidence ?passage
}
"""
SUPPORTED = """
SELECT ?norm ?property ?value ?passage WHERE {
  ?norm a csto:Norm ; ?property ?value .
  ?support csto:supports ?norm ; csto:relation ?property ; csto:evidence ?passage .
  FILTER NOT EXISTS { ?support csto:object|csto:value ?only FILTER(?only != ?value) }
}
"""


def test_each_element_has_its_words_place(bench: Bench) -> None:
    """One passage, a support, or a line in words.yaml that says that all the passages bear it."""
    read_together: dict[str, set[str]] = {}
    for norms in read("words").values():
        for norm, elements in norms.items():
            read_together.setdefault(norm, set()).update(PROPERTIES[name] for name in elements)
    supported = {(norm, name, value) for norm, name, value, _ in bench.ask(SUPPORTED)}
    passages: dict[tuple[str, str, str], set[str]] = {}
    for norm, name, value, passage in bench.ask(PLACES):
        if name in PROPERTIES.values():
            passages.setdefault((norm, name, value), set()).add(passage)
    assert len(passages) > 500
    unplaced = {
        element
        for element, cited in passages.items()
        if len(cited) > 1
        and element not in supported
        and element[1] not in read_together.get(element[0], ())
    }
    assert not unplaced
    # Nothing is listed that is no longer so.
    needed = {(norm, name) for (norm, name, _), cited in passages.items() if len(cited) > 1}
    assert {(norm, name) for norm, names in read_together.items() for name in names} <= needed


# --- what the words bear -------------------------------------------------------------------

VALUES = [
    (norm, element, set(values))
    for norm, elements in read("values").items()
    for element, values in elements.items()
]


@pytest.mark.parametrize(("norm", "element", "values"), VALUES)
def test_an_element_has_the_values_that_the_words_bear(
    bench: Bench, norm: str, element: str, values: set[str]
) -> None:
    assert norm in {subject for subject, *_ in bench.ask(PLACES)}
    assert {
        value
        for subject, name, value, _ in bench.ask(PLACES)
        if (subject, name) == (norm, PROPERTIES[element])
    } == values


LAYS_DOWN = """
SELECT ?norm ?bearer ?decider WHERE {
  ?norm csto:action action:lay-down-procedure ; csto:bearer ?bearer .
  OPTIONAL { ?norm csto:decider ?named }
  BIND(COALESCE(?named, "nobody") AS ?decider)
}
"""


def test_who_lays_rules_down_is_who_approves_them(bench: Bench) -> None:
    """Not the body whose work they regulate; where the text names nobody, nobody is named."""
    found = bench.ask(LAYS_DOWN)
    assert len(found) > 5
    wrong = {
        norm
        for norm, bearer, decider in found
        if bearer not in (decider, "not-named") or (bearer == "not-named" and decider != "nobody")
    }
    assert not wrong
