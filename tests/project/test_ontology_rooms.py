"""One slip in each room of the graph, as a newcomer makes it: found at its line."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import copy_shipped, run_csto

# File, what stands there, what is written instead, the code that must name the line.
SLIPS = [
    ("states.ttl", 'csto:isoAlpha3 "KGZ"', 'csto:isoAlpha3 "KAZ"', "CS0245"),
    ("organs/csto.ttl", "csto:claimant source:riac", "csto:claimant source:riack", "CS0213"),
    ("organs/working-bodies.ttl", "csto:parentBody", "csto:parentBdy", "CS0214"),
    ("agreements/csto.ttl", "csto:instrument agreement:", "csto:instrument state:", "CS0213"),
    ("memberships/eaeu.ttl", "csto:openedBy act:", "csto:openedBy act:x-", "CS0133"),
    ("forces/rapid-reaction.ttl", "csto:measure measure:", "csto:measure qualifier:", "CS0213"),
    ("exercises/held.ttl", 'csto:lastDay "20', 'csto:lastDay "19', "CS0201"),
    ("crises/kazakhstan-2022.ttl", "csto:evidence ", "csto:evidenc ", "CS0214"),
    ("votes/2016.ttl", "votevalue:no ", "votevalue:nay ", "CS0213"),
    ("positions/crimea-2014.ttl", "csto:positionKind", "csto:positionkind", "CS0214"),
    ("policy/members.ttl", '"@en ;', '" ;', "CS0222"),
    ("scenarios/scenarios.ttl", "rank:normal", "rank:prefered", "CS0107"),
    ("sources/web-forces.ttl", "sourcekind:news ", "sourcekind:newspaper ", "CS0111"),
    ("tenures/csto.ttl", "csto:officeHolder person:", "csto:officeHolder state:", "CS0213"),
    ("sessions/csc-to-2017.ttl", 'csto:start "20', 'csto:start "2O', "CS0122"),
    (
        "bases/russian.ttl",
        "csto:stationingState state:russia",
        "csto:stationingState body:csto",
        "CS0220",
    ),
    ("cooperation/nato.ttl", "csto:rank ", "csto:rannk ", "CS0214"),
    (
        "provisions/treaty-articles-1-5.ttl",
        "csto:setBy provisionversion:",
        "csto:setBy provision:",
        "CS0333",
    ),
    ("threats/charter-and-bodies.ttl", "threat:terrorism", "threat:terorism", "CS0213"),
    ("offices.ttl", "csto:officeOf body:", "csto:officeOf bdy:", "CS0003"),
]


def test_a_slip_in_each_room_is_found_at_its_line(tmp_path: Path) -> None:
    copy_shipped(tmp_path)
    wanted = set()
    for name, right, wrong, code in SLIPS:
        path = tmp_path / "graph" / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = next(n for n, line in enumerate(lines) if right in line and "@prefix" not in line)
        lines[at] = lines[at].replace(right, wrong, 1)
        path.write_text("".join(lines), encoding="utf-8")
        wanted.add((code, name, at + 1))
    ran = run_csto("-w", str(tmp_path), "validate", "--format", "json")
    # A prefix that is not declared cannot be read over: bad input, and all else is still told.
    assert ran.code == 2, ran.err
    found = json.loads(ran.out)["findings"]
    told = {(f["code"], f["file"].partition("graph/")[2], f["line"]) for f in found if "line" in f}
    assert wanted - told == set()
    fixes = {f["code"]: f["fix"] for f in found if "nikolai-bordyuzha" in str(f)}
    assert "did you mean person:nikolai-bordyuzha?" in fixes["CS0213"]
