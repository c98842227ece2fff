"""What ``csto explain`` is asked: from the words of a user to proofs.

The proofs themselves are found in :mod:`csto.proof.prover` and written by
:mod:`csto.proof.formats`; rows of saved queries are in :mod:`csto.answer.citations`, rules that
did not fire in :mod:`csto.answer.why_not`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.spans import Run, in_words
from csto.proof.formats import WRITERS
from csto.proof.prover import Proof, Prover
from csto.sparql.text import select
from csto.vocabulary import ONTOLOGY, OWL, RDF_TYPE, WELL_KNOWN, XSD, XSD_DATE, csto, shorten

__all__ = ["WRITERS", "Proof", "Prover", "explain", "explain_overlap", "read_triple"]


def explain(prover: Prover, triple: Triple) -> tuple[Proof, bool]:
    """The proof of a triple, and whether it is certain on the day.

    Raises:
        InputError: if it does not hold, not even possibly, with what nearly does.
    """
    for certain in (True, False):
        if prover.holds(triple, possibly=not certain):
            return prover.prove(triple, possibly=not certain), certain
    near = "".join(f"; {hint}" for hint in nearly(prover, triple))
    raise InputError(f"{prover.sentence(triple)}: this does not hold on {prover.day}{near}")


def explain_overlap(
    prover: Prover, frameworks: Sequence[NamedNode], holder: NamedNode | None, day: str | None
) -> Proof:
    """Why an agent belonged to several organizations or agreements at once.

    Args:
        prover: finds the proofs.
        frameworks: organizations or agreements, two or more.
        holder: the agent; ``None`` for all who did.
        day: only spans that can hold on this day; ``None`` for all of them.

    Raises:
        InputError: if nobody, or not this agent, did.
    """
    from csto.answer.overlap import meetings, overlaps

    found = overlaps(prover.dataset, frameworks, day)
    prover.dataset.make_asked()
    names = " and ".join(prover.label(framework) for framework in frameworks)
    answers = []
    for row, combo in zip(found.rows, found.spells, strict=True):
        if holder is not None and combo[0].holder != holder:
            continue
        _, label, start, end, certainty, kind = row
        span = f"{label}: in {names} from {start or 'an unknown day'} to {end or 'an open end'}"
        answer = Proof("answer", f"{span}, {certainty} ({kind})")
        met = meetings(prover.dataset, [spell.node for spell in combo])
        for node in sorted(met.values(), key=str):
            for local in _OVERLAP:
                for thing in _timeless_objects(prover.dataset, node, csto(local)):
                    answer.premises.append(prover.prove(Triple(node, csto(local), thing)))
        answers.append(answer)
    when = f"on {day}" if day else "ever"
    if not answers:
        who = prover.label(holder) if holder else "nobody"
        belonged = "did not belong" if holder else "belonged"
        hint = "" if day is None else "; --ever asks for all days"
        raise InputError(f"{who} {belonged} to {names} at once {when}{hint}")
    if len(answers) == 1:
        return answers[0]
    return Proof("answer", f"in {names} at once {when}: {len(answers)}", premises=answers)


_OVERLAP = ("overlapOf", "overlapCertainty", "jointStart", "jointEnd")


def _timeless_objects(dataset: Dataset, node: NamedNode, predicate: NamedNode) -> list[Any]:
    found = {
        quad.object
        for graph in TIMELESS
        for quad in dataset.store.quads_for_pattern(node, predicate, None, graph)
    }
    return sorted(found, key=str)


def read_triple(dataset: Dataset, subject: str, predicate: str, thing: str) -> Triple:
    """A triple from what a user writes: names, ``csto:`` terms or their local names, values.

    Raises:
        InputError: for a name that nothing has.
    """
    node = dataset.things.find(subject)
    prop = read_property(dataset, predicate)
    return Triple(node, prop, read_object(dataset, node, prop, thing))


def read_property(dataset: Dataset, text: str) -> NamedNode:
    """A property by IRI, prefixed name, local name or label, in any case.

    Raises:
        InputError: if there is none, with the nearest.
    """
    if text.strip() in ("a", "type", "rdf:type"):
        return RDF_TYPE
    made = _made(dataset)
    if ":" in text:
        by_name = {shorten(prop.value): prop for prop in made}
        return by_name.get(text) or dataset.things.find(text, "property")
    known = {_local(prop): prop for prop in made} | _properties(dataset)
    key = "".join(text.split()).casefold()
    if key in known:
        return known[key]
    import difflib

    near = difflib.get_close_matches(key, known, n=3, cutoff=0.5)
    hint = ", ".join(shorten(known[k].value).removeprefix("csto:") for k in near)
    raise InputError(
        f'no property is called "{text}"' + (f"; did you mean {hint}?" if hint else "")
    )


def _properties(dataset: Dataset) -> dict[str, NamedNode]:
    """Properties by local name and by label, without spaces, in lower case."""
    text = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?p ?label WHERE {
          VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?p a ?kind
          OPTIONAL { ?p rdfs:label ?label } }"""
    found: dict[str, NamedNode] = {}
    rows: list[Any] = list(select(dataset.store, text, [ONTOLOGY]))
    for row in rows:
        if row["label"] is not None:
            found["".join(row["label"].value.split()).casefold()] = row["p"]
    # A local name is meant before a label that reads the same.
    for row in rows:
        found[_local(row["p"])] = row["p"]
    return found


def _made(dataset: Dataset) -> list[NamedNode]:
    """Properties that a rule makes; the ontology need not declare them."""
    written = {prop for rule in dataset.rules for prop, _ in rule.writes if prop}
    return [NamedNode(prop) for prop in sorted(written)]


def _local(prop: NamedNode) -> str:
    return str(prop.value).rpartition("#")[2].rpartition("/")[2].casefold()


def read_object(dataset: Dataset, node: NamedNode, prop: NamedNode, text: str) -> Any:
    """What a user names as the value of a property: a thing, or a literal.

    A literal is a bare value, or written as N-Triples and Turtle have it:
    ``"2002-10-07"^^xsd:date``.
    """
    if text.startswith('"'):
        return read_literal(text)
    literals = [
        quad.object
        for graph in (*TIMELESS, *dataset.store.named_graphs())
        for quad in dataset.store.quads_for_pattern(node, prop, None, graph)
        if isinstance(quad.object, Literal)
    ]
    for literal in literals:
        if literal.value == text:
            return literal
    kinds = {
        quad.object for quad in dataset.store.quads_for_pattern(prop, RDF_TYPE, None, ONTOLOGY)
    }
    if NamedNode(OWL + "DatatypeProperty") not in kinds:
        return dataset.things.find(text)
    if literals:
        return Literal(text, datatype=literals[0].datatype)
    is_day = len(text) == 10 and text[4:5] == text[7:8] == "-"
    return Literal(text, datatype=XSD_DATE if is_day else NamedNode(XSD + "string"))


def read_literal(text: str) -> Literal:
    """A literal in quotes, with its type or language if it has one.

    Raises:
        InputError: if it is no literal of Turtle.
    """
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in WELL_KNOWN.items())
    try:
        (quad,) = parse(f"{head}<x:s> <x:p> {text} .", format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError) as error:
        said = 'write a value as it is, or "2002-10-07"^^xsd:date'
        raise InputError(f"{text} is no value: {said}") from error
    if not isinstance(quad.object, Literal):
        raise InputError(f"{text} is no value")
    return quad.object


def nearly(prover: Prover, triple: Triple) -> list[str]:
    """What holds that is like a triple which does not: other values, or other days."""
    hints = []
    store = prover.dataset.store
    graphs = (*TIMELESS, prover.possible)
    here = {
        prover.label(quad.object)
        for graph in graphs
        for quad in store.quads_for_pattern(triple.subject, triple.predicate, None, graph)
    }
    if here:
        shown = sorted(here)
        more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
        hints.append(f"what does: {', '.join(shown[:5])}{more}")
    if spans := _spans(prover, triple):
        hints.append("it holds " + "; ".join(spans))
    return hints


def _spans(prover: Prover, triple: Triple) -> list[str]:
    """When a relation holds that does not hold on the day."""
    return [f"{word} {in_words(runs)}" for word, runs in held_in_words(prover.dataset, triple)]


def held_in_words(dataset: Dataset, triple: Triple) -> list[tuple[str, Sequence[Run]]]:
    """Since when and until when a relation holds certainly, and possibly where that differs."""
    spans = dataset.spans
    found: list[tuple[str, Sequence[Run]]] = []
    for width, word in enumerate(("certainly", "possibly")):
        runs = spans.of(triple, width) if triple in spans.held[width] else []
        if runs and (not found or runs != found[0][1]):
            found.append((word, runs))
    return found
