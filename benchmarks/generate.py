"""Write a workspace with a graph of any size and the shape of the shipped one.

    python benchmarks/generate.py 100000 FOLDER

The ontology, rules and queries are those of this checkout. The graph has states with
memberships in organizations (each opened by an act, a third of them closed by
another, a tenth with rival claims of the date), crises with two sides and
resolutions with recorded votes. Of each 100 triples about 60 describe memberships
and their acts, 30 votes and 10 crises. A state has six memberships whatever the size,
so that what rules make per state stays the same and growth shows the engine, not the
data. The same size gives the same bytes.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = "".join(
    f"@prefix {name}: <https://w3id.org/csto/{iri}> .\n"
    for name, iri in (
        ("act", "id/act/"),
        ("body", "id/body/"),
        ("claim", "id/claim/"),
        ("crisis", "id/crisis/"),
        ("csto", "ontology#"),
        ("m", "id/membership/"),
        ("rank", "concept/rank/"),
        ("rollcall", "id/roll-call/"),
        ("resolution", "id/resolution/"),
        ("side", "id/side/"),
        ("source", "source/"),
        ("sourcekind", "concept/source-kind/"),
        ("src", "source/bench#"),
        ("state", "id/state/"),
        ("status", "concept/status/"),
        ("vote", "id/vote/"),
        ("votevalue", "concept/vote-value/"),
    )
) + (
    "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    "@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
# Triples that one state brings with it, about: six memberships with their acts, its part of
# a crisis, and its votes.
_PER_STATE = 131
_MEMBERSHIPS = 6
_VOTES = 12


def turtle(triples: int) -> Iterator[str]:
    """The graph, statement by statement."""
    chance = random.Random(triples)
    states = max(2, triples // _PER_STATE)
    bodies = max(_MEMBERSHIPS, states // 12)
    resolutions = max(_VOTES, states // 4)
    yield PREFIXES
    yield '<https://w3id.org/csto/graph> a csto:Workspace ; csto:cutOff "2025-12-31"^^xsd:date .\n'
    yield (
        'source:bench a csto:Source ; rdfs:label "Bench"@en ; '
        "csto:sourceKind sourcekind:article .\n"
    )
    for n in range(50):
        yield (
            f'src:p{n} a csto:Passage ; rdfs:label "Bench, {n}"@en ; '
            "dcterms:isPartOf source:bench .\n"
        )
    for n in range(bodies):
        yield f'body:b{n} a csto:InternationalOrganization ; rdfs:label "Body {n}"@en .\n'
    for n in range(resolutions):
        yield (
            f'resolution:r{n} a csto:Resolution ; rdfs:label "Resolution {n}"@en ; '
            f"csto:evidence src:p{n % 50} .\n"
            f"rollcall:r{n} a csto:RollCall ; csto:onResolution resolution:r{n} ; "
            f'csto:date "{_day(chance)}"^^edtf:EDTF ; csto:evidence src:p{n % 50} .\n'
        )
    for n in range(states):
        yield f'state:s{n} a csto:State ; rdfs:label "State {n}"@en .\n'
        for k, body in enumerate(chance.sample(range(bodies), _MEMBERSHIPS)):
            yield from _membership(chance, f"s{n}-{k}", f"s{n}", f"b{body}")
        for resolution in chance.sample(range(resolutions), _VOTES):
            value = chance.choice(("yes", "no", "abstain"))
            yield (
                f"vote:s{n}-r{resolution} a csto:Vote ; csto:voter state:s{n} ; "
                f"csto:resolution resolution:r{resolution} ; csto:voteValue votevalue:{value} .\n"
            )
        if n % 10 == 1:
            yield from _crisis(chance, n // 10, f"s{n - 1}", f"s{n}")


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1992, 2015)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def _act(chance: random.Random, name: str, kind: str, state: str, date: str) -> str:
    return (
        f'act:{name} a csto:{kind} ; rdfs:label "{name}"@en ; csto:agent state:{state} ; '
        f"{date}csto:evidence src:p{chance.randrange(50)} .\n"
    )


def _membership(chance: random.Random, name: str, state: str, body: str) -> Iterator[str]:
    day = _day(chance)
    date = f'csto:date "{day}"^^edtf:EDTF ; '
    if chance.random() < 0.1:
        date = ""
        for rank, text in (("preferred", day), ("normal", day[:4])):
            yield (
                f"claim:{name}-{rank} a csto:Claim ; csto:subject act:{name}-in ; "
                f'csto:relation csto:date ; csto:value "{text}"^^edtf:EDTF ; '
                f"csto:rank rank:{rank} ; csto:statedIn src:p{chance.randrange(50)} .\n"
            )
    yield _act(chance, f"{name}-in", "Admission", state, date)
    closed = ""
    if chance.random() < 1 / 3:
        year = int(day[:4]) + chance.randint(1, 9)
        yield _act(chance, f"{name}-out", "Withdrawal", state, f'csto:date "{year}"^^edtf:EDTF ; ')
        closed = f"csto:closedBy act:{name}-out ; "
    yield (
        f'm:{name} a csto:Membership ; rdfs:label "{name}"@en ; csto:member state:{state} ; '
        f"csto:organization body:{body} ; csto:status status:member ; "
        f"csto:openedBy act:{name}-in ; {closed}csto:evidence src:p{chance.randrange(50)} .\n"
    )


def _crisis(chance: random.Random, number: int, one: str, other: str) -> Iterator[str]:
    day = _day(chance)
    yield (
        f'crisis:c{number} a csto:Crisis ; rdfs:label "Crisis {number}"@en ; '
        f'csto:start "{day}"^^edtf:EDTF ; csto:lastDay "{day}"^^edtf:EDTF ; '
        f"csto:onTerritoryOf state:{one} ; csto:evidence src:p{chance.randrange(50)} .\n"
    )
    for name, state, against in (("a", one, "b"), ("b", other, "a")):
        yield (
            f"side:c{number}{name} a csto:CrisisSide ; csto:inCrisis crisis:c{number} ; "
            f"csto:participant state:{state} ; csto:opposes side:c{number}{against} ; "
            f"csto:evidence src:p{chance.randrange(50)} .\n"
        )


def write_workspace(triples: int, folder: Path) -> None:
    """Write a workspace of about so many asserted triples."""
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "graph").mkdir()
    with open(folder / "graph" / "graph.ttl", "w", encoding="utf-8") as out:
        out.writelines(turtle(triples))


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    write_workspace(int(sys.argv[1]), Path(sys.argv[2]))
