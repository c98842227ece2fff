"""Contradictions: what the axioms of the ontology rule out, and yet follows.

The rules of OWL 2 RL that end in ``false`` make no triples; owlrl overlooks several
of them and says the rest in plain strings. Here each is a check file with a code of
its own (``ontology/checks/owl-*.rq``, ``RL-CAX-DW`` for ``cax-dw``) that reads the
axioms from the ontology and names the triples that exclude each other; a proof of
each of these ends at the passages they rest on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Store, Triple

from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.reader import documents_first
from csto.load.header import read_header
from csto.sparql.text import construct
from csto.vocabulary import RDF, SH

if TYPE_CHECKING:
    from csto.proof.prover import Prover

_FOCUS, _VALUE = NamedNode(SH + "focusNode"), NamedNode(SH + "value")
_DERIVED = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
_PARTS = tuple(NamedNode(RDF + name) for name in ("subject", "predicate", "object"))


@dataclass(frozen=True)
class Contradiction:
    """Triples that cannot all hold.

    ``thing`` and ``value`` are what a finding shows; ``day`` is the day of the slice,
    ``None`` for what holds whatever the day.
    """

    code: str
    severity: str
    summary: str
    fix: str
    thing: Any
    value: Any
    triples: tuple[Triple, ...]
    day: str | None = None


def contradictions(dataset: Dataset, day: str | None = None) -> Iterator[Contradiction]:
    """What the axioms rule out in the timeless graph, or with what is certain on a day.

    Args:
        dataset: the graph; its slice is cut if a day is given.
        day: ``YYYY-MM-DD``; ``None`` looks at what holds whatever the day.

    Raises:
        InputError: for a check file that is no query or lacks part of its header.
    """
    graphs = list(TIMELESS) if day is None else dataset.view(day)[0]
    return find(dataset.store, dataset.workspace.check_files(), graphs, day)


def find(
    store: Store, checks: Iterable[Path], graphs: Sequence[NamedNode], day: str | None = None
) -> Iterator[Contradiction]:
    """Run the checks that hold at slices too (``#+ stratum: slice``) over some graphs.

    Raises:
        InputError: for a check file that is no query or lacks part of its header.
    """
    for path in checks:
        text = path.read_text(encoding="utf-8")
        header = read_header(text, path)
        if header.get("stratum") != "slice":
            continue
        for name in ("code", "severity", "summary", "fix"):
            if not header.get(name):
                raise InputError(f"{path}:1: the header lacks #+ {name}:")
        try:
            made = list(construct(store, text, graphs, named=TIMELESS))
        except SyntaxError as error:
            raise InputError(f"{path}: {error.msg}") from error
        nodes: dict[Any, dict[Any, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for triple in made:
            nodes[triple.subject][triple.predicate].append(triple.object)
        seen = set()
        for node in [n for n in nodes.values() if _FOCUS in n]:
            offending = [
                Triple(*(nodes[statement][part][0] for part in _PARTS))
                for statement in node.get(_DERIVED, [])
            ]
            found = Contradiction(
                str(header["code"]),
                str(header["severity"]),
                str(header["summary"]),
                str(header["fix"]),
                node[_FOCUS][0],
                node[_VALUE][0] if _VALUE in node else None,
                tuple(sorted(offending, key=str)),
                day,
            )
            # Both directions of a symmetric axiom find the same pair.
            key = found.triples or (found.thing, found.value)
            if key not in seen:
                seen.add(key)
                yield found


def sources(prover: Prover, found: Contradiction) -> dict[Triple, list[str]]:
    """Where the triples of a contradiction stand: for each, the passages its proof ends at.

    Args:
        prover: of the day of the contradiction, or of any for one that has none.
        found: what was found.
    """
    return {
        triple: documents_first(
            passage for leaf in prover.prove(triple).leaves() for passage in leaf.passages
        )
        for triple in found.triples
    }
