"""Answers of saved questions on a page: passages and the proof on every row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode

from csto.answer.citations import Matches
from csto.graph.reader import documents_first
from csto.proof.prover import Proof, Prover
from csto.publish.pages.page import Link, Page, Result, marked
from csto.publish.pictures import of_query
from csto.publish.pictures.render import unlinked
from csto.sparql.saved import SavedQuery

# Rows of one page; the files to download have all.
SHOWN = 40
# Of a row that counts many, so many are looked at for passages.
SOLUTIONS = 12
# Steps that are named beside a row.
STEPS = 4


@dataclass(frozen=True)
class Cited:
    """Rows with their passages, and the proofs that they rest on."""

    result: Result
    proofs: list[Proof]
    matches: Matches


def cited_rows(page: Page, prover: Prover, text: str, name: str, shown: int = SHOWN) -> Cited:
    """The rows of a query as cells, with the passages and the steps of each.

    Args:
        page: where it is shown.
        prover: finds the proofs, of one day.
        text: a SELECT query.
        name: what errors call it.
        shown: rows that are shown; ``count`` says how many there are.

    Raises:
        InputError: for a query that makes no rows, or that cannot be taken apart.
    """
    matches = Matches(prover, text, name, SOLUTIONS)
    cells, sources, why = [], [], []
    proofs: list[Proof] = []
    for number, row in enumerate(matches.rows[:shown]):
        cells.append(tuple(_cell(page, row.get(column)) for column in matches.columns))
        proof = matches.proof(number)
        sources.append(passages_of(page, proof))
        worth = _worth(proof.premises)
        proofs += worth
        why.append(tuple(_step(page, premise) for premise in worth))
    result = Result(
        "rows",
        tuple(matches.columns),
        tuple(cells),
        count=len(matches.rows),
        sources=tuple(sources),
        why=tuple(why),
    )
    return Cited(result, proofs, matches)


def picture_of(
    page: Page, matches: Matches, query: SavedQuery, given: Mapping[str, str], data: str
) -> Markup:
    """The picture of an answer, where the header of its query says how it is drawn.

    Args:
        page: where it is shown.
        matches: the rows, and what they matched.
        query: a saved question.
        given: its parameters.
        data: where its rows are.

    Raises:
        InputError: if the rows do not fit the view.
    """
    if not query.view or not draws():
        return marked("")
    made = of_query(page.place.dataset, query, given, matches.prover.day, matches=matches)
    drawn, mark, caption = made.figure(data=data).partition("<figcaption>")
    # A picture is one image to whoever hears it; the rows below have the links.
    drawn = unlinked(drawn)
    wide, middle, narrow = drawn.partition('class="narrow"')
    # Both have patterns; a name stands once on a page.
    narrow = re.sub(r'(id="|url\(#)', r"\1narrow-", narrow)
    return marked(wide + middle + narrow + mark + caption)


@cache
def draws() -> bool:
    """Whether pictures can be drawn: vl-convert is installed."""
    return find_spec("vl_convert") is not None


def passages_of(page: Page, proof: Proof) -> tuple[Link, ...]:
    """The passages at the end of a proof, those of texts first."""
    cited: dict[str, NamedNode] = {}
    for leaf in proof.leaves():
        for node in leaf.cited:
            cited.setdefault(page.place.label(node), node)
    return tuple(page.link(cited[label]) for label in documents_first(cited))


def _worth(premises: list[Proof]) -> list[Proof]:
    """What is worth a line: what follows, before what is stated."""
    kept = [p for p in premises if p.triple is not None and p.kind in ("inferred", "asserted")]
    kept.sort(key=lambda premise: premise.kind != "inferred")
    return kept[:STEPS]


def _step(page: Page, proof: Proof) -> Link:
    return Link(proof.what, page.why(proof.triple))


def _cell(page: Page, term: Any) -> Link:
    if isinstance(term, NamedNode):
        return page.link(term)
    return page.cell(term)
