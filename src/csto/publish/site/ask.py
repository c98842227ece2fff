"""What SPARQL in the browser needs: the graph packed in scripts, days, terms and examples.

The relations that hold on some days only travel once, with their days; a slice of any day
is cut from them in the page.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, serialize

from csto.answer.query import bind
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.spans import ANY_DAY, Run
from csto.publish.pages.answers import draws
from csto.publish.pages.page import Place
from csto.publish.pictures.waiting import pictures
from csto.publish.site.proofs import dumped, packed, script
from csto.sparql.saved import SavedQuery
from csto.vocabulary import (
    CERTAIN,
    CSTO,
    ONTOLOGY,
    OWL,
    RDF_TYPE,
    RDFS_LABEL,
    WELL_KNOWN,
    shorten,
    slice_graph,
)

# Stands for the day in triples that name it; the page puts the asked one in its place.
_DAY = "@DAY@"


def graph_script(dataset: Dataset) -> str:
    """The timeless graphs as TriG, and what holds on some days as a table."""
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    quads = [q for g in TIMELESS for q in dataset.store.quads_for_pattern(None, None, None, g)]
    quads.sort(key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
    trig = serialize(quads, format=RdfFormat.TRIG, prefixes=prefixes) or b""
    rows = json.dumps(dated(dataset), separators=(",", ":")).encode()
    return script("graph", {"trig": packed(trig), "dated": packed(rows)})


def dated(dataset: Dataset) -> list[list[Any]]:
    """Each triple that has days, with its runs of days in the three widths."""
    spans = dataset.spans
    found = {}
    for triple in dict.fromkeys(t for held in spans.held for t in held):
        thing = str(triple.object)
        if triple.object == ANY_DAY:
            thing = thing.replace(ANY_DAY.value, _DAY)
        text = f"{triple.subject} {triple.predicate} {thing}"
        widths = [
            [_run(run) for run in spans.of(triple, n)] if triple in held else []
            for n, held in enumerate(spans.held)
        ]
        found[text] = [text, *widths]
    return [found[text] for text in sorted(found)]


def _run(run: Run) -> list[str]:
    return [day.isoformat() if day else "" for day in run]


def ask_script(place: Place, saved: list[SavedQuery], pages: Collection[str]) -> str:
    """Where things have pages, prefixes, terms for completion, and the saved questions.

    With them goes how answers are drawn, where pictures can be drawn at all.
    """
    dataset = place.dataset
    whole = slice_graph("0001-01-01", CERTAIN).value
    about = {
        "spaces": place.spaces,
        "pages": dict.fromkeys(sorted(pages), 0),
        "prefixes": {**dataset.prefixes, **WELL_KNOWN},
        "graphs": [graph.value for graph in TIMELESS],
        "slice": whole.partition("0001-01-01")[0],
        "ns": CSTO,
        "certainty": CERTAIN.value.rpartition("/")[0] + "/",
        "cutOff": place.cut_off,
    }
    examples = []
    asked = {}
    for query in saved:
        given = {name: text for name, text in query.example.items() if name != "on"}
        try:
            text = bind(query, given, dataset.things)
        except InputError:
            continue
        asked[query.name] = (query, text)
        # The header documents the file; the page has it elsewhere.
        lines = [line for line in text.splitlines() if not line.startswith("#+")]
        examples.append([query.name, query.summary, "\n".join(lines), query.example.get("on", "")])
    found = {"about": about, "terms": _terms(place), "examples": examples}
    if draws():
        found["pictures"] = pictures(dataset, asked)
    return script("ask", packed(dumped(found)))


def _terms(place: Place) -> list[list[str]]:
    """Classes, properties and concepts with their labels, for completion."""
    store = place.read.store
    kinds = {
        OWL + "Class": "class",
        OWL + "ObjectProperty": "property",
        OWL + "DatatypeProperty": "property",
    }
    found = {}
    for quad in store.quads_for_pattern(None, RDFS_LABEL, None, ONTOLOGY):
        node = quad.subject
        if not isinstance(node, NamedNode) or place.label(node) != getattr(
            quad.object, "value", ""
        ):
            continue
        quads = store.quads_for_pattern(node, RDF_TYPE, None, ONTOLOGY)
        types = [getattr(q.object, "value", "") for q in quads]
        kind = next((kinds[t] for t in types if t in kinds), "constant")
        found[shorten(node.value)] = [shorten(node.value), place.label(node), kind]
    return [found[name] for name in sorted(found)]
