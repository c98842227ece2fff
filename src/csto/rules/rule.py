"""A rule, what it reads and writes, and which rules a new triple can wake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

# A pattern's predicate and object, None where they are not fixed IRIs: what a rule
# reads or writes, fine enough to know which rules a new triple can wake.
Signature = tuple[str | None, str | None]
# A triple pattern in the notation of SPARQL: ``?x``, ``<iri>`` or a literal.
Pattern = tuple[str, str, str]

STRATA = ("timeless", "slice", "dated")


@dataclass(frozen=True)
class Rule:
    """One rule, ready to run."""

    code: str
    text: str
    stratum: str
    number: int
    summary: str = ""
    because: str = ""
    origin: str = ""
    reads: frozenset[Signature] = field(default_factory=frozenset)
    negates: frozenset[Signature] = field(default_factory=frozenset)
    writes: frozenset[Signature] = field(default_factory=frozenset)
    head: tuple[Pattern, ...] = ()
    body: tuple[Pattern, ...] = ()
    absent: tuple[Pattern, ...] = ()
    # Variables whose value the body computes, with BIND.
    computed: tuple[str, ...] = ()
    assumes: str = ""
    # For each of them its name and the variables it is computed from.
    inputs: tuple[tuple[str, ...], ...] = ()

    @property
    def axiom(self) -> bool:
        """Whether it says what an axiom of the ontology says: plain patterns, one for the head."""
        return self.origin == "ontology"


def wakes(written: Iterable[Signature], reads: frozenset[Signature]) -> bool:
    """Whether triples of these signatures can match one of these patterns."""
    for predicate, thing in written:
        for read_predicate, read_thing in reads:
            if None not in (predicate, read_predicate) and predicate != read_predicate:
                continue
            if None not in (thing, read_thing) and thing != read_thing:
                continue
            return True
    return False
