"""The core is neutral: what only the CSTO needs lies in pack/, and nothing of the core names it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from pyoxigraph import NamedNode, RdfFormat, parse

from conftest import ROOT
from csto.load.header import read_header
from support.sample import some

CONCEPT = "https://w3id.org/csto/concept/"
CORE = [ROOT / "ontology", ROOT / "queries"]
# Open lists: a value lies in the core if the core names it or two workspaces use it. The values of
# the other schemes (statuses, kinds of act, threats …) belong together and stay so.
OPEN = (
    *("action", "condition", "exercise-kind", "factor", "field", "force-task", "framework-kind"),
    *("function", "meeting-frequency", "organ-kind", "quality", "seat-kind", "selection-rule"),
    *("decision-rule", "instrument-kind", "norm-role"),
)
# General enough to be offered although only one workspace uses them so far.
OFFERED = {
    "exercise-kind/other",
    "framework-kind/other-multilateral",
    "framework-kind/unstated",
    "condition/no-objection",
    "meeting-frequency/yearly",
    "meeting-frequency/twice-a-year",
    "meeting-frequency/as-needed",
    "action/exclude",
    "action/vote",
    *(f"decision-rule/{rule}" for rule in ("consensus", "simple-majority", "two-thirds-majority")),
    *(f"norm-role/{who}" for who in ("depositary", "observer", "non-member-state")),
    "norm-role/international-organization",
    *(
        f"instrument-kind/{kind}"
        for kind in (
            *("concept", "decision", "declaration", "decree", "doctrine", "memorandum"),
            *("programme", "regulations", "statement", "strategy"),
        )
    ),
}


@lru_cache
def concepts(folder: Path) -> frozenset[str]:
    found = set()
    for path in folder.glob("*.ttl"):
        for t in parse(path=str(path), format=RdfFormat.TURTLE):
            iri = t.subject.value
            if t.predicate.value.endswith("#inScheme") and iri.startswith(CONCEPT):
                found.add(iri.removeprefix(CONCEPT))
    return frozenset(found)


@lru_cache
def used(workspace: str) -> frozenset[str]:
    found = set()
    for path in (ROOT / workspace / "graph").rglob("*.ttl"):
        for t in parse(path=str(path), format=RdfFormat.TURTLE):
            if isinstance(t.object, NamedNode) and t.object.value.startswith(CONCEPT):
                found.add(t.object.value.removeprefix(CONCEPT))
    return frozenset(found)


def texts(*without: str) -> dict[Path, str]:
    """The files of the core by path, but for those in some folders."""
    found: dict[Path, str] = {}
    for folder in CORE:
        for path in folder.rglob("*"):
            if path.suffix in (".rq", ".ttl") and not set(without) & set(
                path.relative_to(ROOT).parts
            ):
                found[path] = path.read_text(encoding="utf-8")
    return found


def names(text: str, concept: str) -> bool:
    scheme, slug = concept.split("/")
    short = re.escape(f"{scheme.replace('-', '')}:{slug}")
    named = rf"(?<![\w-]){short}(?![\w-])|concept/{re.escape(concept)}(?![\w-])"
    return re.search(named, text) is not None


def test_nothing_of_the_core_names_a_thing() -> None:
    thing = re.compile(r"w3id\.org/csto/id/")
    # A check breaks the graph on purpose in its header: in whatever base, once it is made.
    assert [str(p) for p, t in texts("checks").items() if thing.search(t)] == []
    code = {p: p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py")}
    assert [str(p) for p, t in code.items() if thing.search(t)] == []
    kinds = re.compile(r"id/(body|state|crisis|act|office)/")
    assert [str(p) for p, t in texts().items() if kinds.search(t)] == []


@pytest.mark.parametrize("word", [r"\bCSTO\b", r"\bOTS\b", "Collective Security Treaty"])
def test_nothing_of_the_core_speaks_of_the_csto(word: str) -> None:
    found = {p for p, t in texts().items() if re.search(word, t)}
    assert found == set()


@pytest.mark.sampled
def test_the_core_names_no_concept_of_the_pack() -> None:
    packed = concepts(ROOT / "pack" / "ontology" / "concepts")
    assert len(packed) > 200
    whole = texts()
    for path, text in some(whole.items(), 60):
        assert not [c for c in packed if names(text, c)], path


def test_a_concept_of_an_open_list_is_needed_by_the_core_or_by_two() -> None:
    text = "\n".join(texts("concepts").values())
    kept = "\n".join(p.read_text() for p in (ROOT / "ontology" / "concepts").glob("*.ttl"))
    elsewhere = used("examples/inter-american") | used("examples/alliance")
    idle = []
    for concept in sorted(concepts(ROOT / "ontology" / "concepts")):
        if concept.split("/")[0] not in OPEN or concept in OFFERED:
            continue
        by_two = concept in used(".") and concept in elsewhere
        # Named by another concept of the core: as its wider kind, or in a collection.
        short = f"{concept.split('/')[0].replace('-', '')}:{concept.split('/')[1]}"
        below = len(re.findall(rf"(?<![\w-]){short}(?![\w-])", kept)) > 1
        if not (by_two or below or names(text, concept)):
            idle.append(concept)
    assert idle == []


def test_a_question_of_the_core_has_no_default_of_its_own() -> None:
    core = concepts(ROOT / "ontology" / "concepts")
    for path in (ROOT / "queries").rglob("*.rq"):
        header = read_header(path.read_text(encoding="utf-8"), path)
        given = dict(header.get("example") or {})
        given |= {
            name: spec["default"]
            for name, spec in (header.get("params") or {}).items()
            if spec.get("kind", "thing") == "thing" and "default" in spec
        }
        for name, value in given.items():
            scheme, _, slug = str(value).partition(":")
            known = {c.split("/")[1] for c in core if c.split("/")[0].replace("-", "") == scheme}
            plain = value in ("central", "manifest", "first day") or str(value).isdigit()
            assert plain or slug in known, f"{path}: {name}={value}"


def test_calls_that_have_an_answer_here_are_of_questions_of_the_core() -> None:
    calls = yaml.safe_load((ROOT / "pack" / "queries" / "examples.yaml").read_text())
    assert all((ROOT / "queries" / f"{name}.rq").is_file() for name in calls)
