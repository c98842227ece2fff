"""After an edit the graph is that of a build from nothing, also where little was done anew."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat

from conftest import BASE, act, spell, tiny
from csto.graph import build as building
from csto.graph.build import build, complete
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.digest import key_of
from csto.graph.revise import revised
from csto.load.workspace import Workspace
from csto.vocabulary import NAMES
from support.sample import SEED, WHOLE

FACTS = {
    "states": BASE,
    "acts": act("in", "2001-01-01")
    + act("out", "2005-05", "Withdrawal")
    + act("back", "2007", "Admission"),
    "spells": spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    + spell("b", "csto:status status:member ; csto:openedBy act:back", body="right")
    # Holds by an axiom as well: taking it out must leave it inferred.
    + "m:a csto:holder state:one ; csto:framework body:left .\n",
    "claims": 'claim:c a csto:Claim ; rdfs:label "c"@en ; csto:subject act:back ;'
    ' csto:relation csto:date ; csto:value "2008"^^edtf:EDTF ; csto:claimant source:test ;'
    ' csto:statedIn src:p1 ; csto:rank rank:normal ; csto:proposition "One"@en .\n',
}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    prefixes = "".join(re.findall(r"@prefix .*\n", BASE))
    facts = {name: text if text is BASE else prefixes + text for name, text in FACTS.items()}
    monkeypatch.setenv("CSTO_CACHE", str(tmp_path / "cache"))
    return tiny(tmp_path / "workspace", **facts).root


def everything(dataset: Dataset) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for graph in [*TIMELESS, NAMES]:
        text = dataset.store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
        found[graph.value] = {line for line in text.split(b"\n") if b"_:" not in line}
    spans = dataset.spans
    for width, held in enumerate(spans.held):
        found[str(width)] = {(triple, spans.days.changes[days]) for triple, days in held.items()}
    return found


def differences(one: Dataset, other: Dataset) -> list[object]:
    ours, theirs = everything(one), everything(other)
    return [line for graph in ours for line in ours[graph] ^ theirs[graph]]


def told(dataset: Dataset) -> set[tuple[object, ...]]:
    """How each triple came about."""
    state, log = dataset.evaluation.state, dataset.evaluation.log
    return {
        (entry.stage, entry.rule.name, entry.width, state.spelt(triple), state.days.changes[days])
        for entry in log
        for triple, days in entry.items()
    }


EDITS = (
    ("states", r'"One"@en', lambda n: f'"One {n}"@en'),
    ("states", r'"Left"@en', lambda n: f'"Left {n}"@en'),
    ("claims", r'"One"@en', lambda n: f'"What {n}"@en'),
    ("claims", r"src:p1", lambda n: f"src:p{1 + n % 2}"),
    ("claims", r'"2008"', lambda n: f'"20{n % 90 + 10}"'),
    ("acts", r'"2005-05"', lambda n: f'"2005-{n % 12 + 1:02}"'),
    ("acts", r'"in"@en', lambda n: f'"in {n}"@en'),
    ("spells", r"status:member", lambda n: "status:observer"),
    ("spells", r"m:a csto:holder state:one ; csto:framework body:left \.\n", lambda n: ""),
    ("spells", r" ; csto:framework body:left", lambda n: ""),
    ("spells", r'"a"@en', lambda n: f'"a {n}"@en'),
)


@pytest.mark.sampled
def test_random_edits_give_what_a_build_from_nothing_gives(small: Path) -> None:
    chance = random.Random(SEED)
    whole = {name: (small / "graph" / f"{name}.ttl").read_text("utf-8") for name in FACTS}
    build(Workspace(small))
    taken_over = 0
    edits = 200 if WHOLE else 24
    for number in range(edits):
        for name, text in whole.items():
            (small / "graph" / f"{name}.ttl").write_text(text, encoding="utf-8")
        for name, what, by in chance.sample(EDITS, chance.randint(1, 2)):
            path = small / "graph" / f"{name}.ttl"
            text = path.read_text("utf-8")
            path.write_text(re.sub(what, by(number), text, count=1), encoding="utf-8")
        workspace = Workspace(small)
        files = workspace.graph_files()
        if revised(workspace, files, key_of(workspace, files)):
            taken_over += 1
        elif number % 10:
            # The whole would be built from nothing, as it is below.
            continue
        ours, fresh = build(workspace), complete(workspace, files, "", cached=False)
        assert differences(ours, fresh) == [], number
        if number % 20 == 0:
            assert told(ours) == told(fresh)
    assert taken_over > edits / 13


def test_the_graph_before_the_last_edit_is_taken_over(small: Path) -> None:
    """Not an older one, from which a date has changed as well."""
    for file, what, by in [
        ("acts", '"2005-05"', '"2006-05"'),
        ("states", '"One"@en', '"Uno"@en'),
        ("states", '"Uno"@en', '"Odin"@en'),
        ("acts", '"2006-05"', '"2005-06"'),
    ]:
        build(Workspace(small))
        path = small / "graph" / f"{file}.ttl"
        path.write_text(path.read_text("utf-8").replace(what, by), encoding="utf-8")
        workspace = Workspace(small)
        files = workspace.graph_files()
        taken_over = revised(workspace, files, key_of(workspace, files)) is not None
        assert taken_over == (file == "states")


def test_a_label_reruns_no_rule(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(Workspace(small))
    path = small / "graph" / "states.ttl"
    path.write_text(path.read_text("utf-8").replace('"One"@en', '"Uno"@en'), encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("built anew")

    monkeypatch.setattr(building, "complete", refuse)
    dataset = build(Workspace(small))
    assert dataset.things.find("uno").value.endswith("/state/one")
    # Twice in a row, and found again in the cache.
    path.write_text(path.read_text("utf-8").replace('"Uno"@en', '"Odin"@en'), encoding="utf-8")
    assert build(Workspace(small)).things.find("odin")
    again = build(Workspace(small))
    assert again.things.find("odin")
    state = again.evaluation.state
    spelt = {state.spelt(triple)[2] for triple in state.index}
    assert '"Odin"@en' in spelt
    assert '"Uno"@en' not in spelt
