"""Where a result is written and, if it is inferred, why it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.validate.finding import Place, Result
from csto.validate.parsed import File
from csto.validate.positions.locator import Locator
from csto.vocabulary import INFERRED, shorten

if TYPE_CHECKING:
    from csto.proof.prover import Proof, Prover

# Proofs take time; with more findings than this the first ones show what is the matter.
MAX_PROOFS = 50


class Placer:
    """Puts results in their place."""

    def __init__(self, files: Sequence[File], dataset: Dataset) -> None:
        self.dataset = dataset
        self.locator = Locator(files, dataset.store)
        self._provers: dict[str, Prover] = {}
        self._proofs = 0

    def place(self, result: Result) -> tuple[Place | None, str]:
        """The place of a result, and the proof of what is inferred in it."""
        proofs = self._proved(result)
        text = "\n".join(_told(proof) for proof in proofs)
        exact = self.locator.exact(result.focus, result.path, result.value)
        if exact is not None:
            return exact, text
        for proof in proofs:
            for leaf in sorted(proof.leaves(), key=lambda leaf: _apart(leaf, result.value)):
                if leaf.kind == "asserted" and leaf.triple is not None:
                    found = self.locator.exact(*leaf.triple)
                    if found is not None:
                        return found, text
        return self.locator.find(result.focus, result.path, result.value), text

    def related(self, result: Result) -> tuple[tuple[str, Place], ...]:
        """Where the other thing of a finding is described."""
        if not isinstance(result.value, NamedNode) or result.value == result.path:
            return ()
        place = self.locator.subject(result.value)
        if place is None or not place.line:
            return ()
        return ((shorten(result.value.value), place),)

    def _proved(self, result: Result) -> list[Proof]:
        premises = list(result.premises)
        stated = (result.focus, result.path, result.value)
        if not premises and all(term is not None for term in stated):
            triple = Triple(*stated) if not isinstance(result.focus, Literal) else None
            if (
                triple
                and Quad(triple.subject, triple.predicate, triple.object, INFERRED)
                in self.dataset.store
            ):
                premises = [triple]
        if not premises or self._proofs >= MAX_PROOFS:
            return []
        self._proofs += 1
        found = []
        prover = self._prover(result.day)
        for triple in premises:
            try:
                found.append(prover.prove(triple, possibly=result.severity != "violation"))
            except InputError:
                continue
        return [proof for proof in found if proof.kind == "inferred"]

    def _inferred(self, subject: Any, predicate: Any, thing: Any) -> bool:
        return Quad(subject, predicate, thing, INFERRED) in self.dataset.store

    def _prover(self, day: str) -> Any:
        from csto.proof.prover import Prover

        day = day or self.dataset.cut_off
        if day not in self._provers:
            self._provers[day] = Prover(self.dataset, day)
        return self._provers[day]


def _apart(leaf: Proof, value: Any) -> tuple[bool, bool]:
    """What a source says comes before what describes the graph, a date before what has it."""
    thing = None if leaf.triple is None else leaf.triple.object
    dated = isinstance(value, Literal)
    return not leaf.passages, dated and not isinstance(thing, Literal)


def _told(proof: Proof) -> str:
    from csto.proof.formats import as_tree

    # The legend is for a proof that stands alone.
    return as_tree(proof, 96).rpartition("\n\n")[0]
