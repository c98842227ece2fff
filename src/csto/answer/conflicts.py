"""Questions that sources answer differently, with every side and its passage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from csto.answer import columns
from csto.answer.dates import cell_in_words
from csto.graph.dataset import Dataset
from csto.graph.reader import Reader
from csto.vocabulary import RDF_TYPE, SKOS, csto, shorten

COLUMNS = (
    "conflict",
    "question",
    "kind",
    "rank",
    "answer",
    "claimant",
    "passages",
    "reason",
)

_NOTATION = NamedNode(SKOS + "notation")
_UNRANKED = 99


@dataclass(frozen=True)
class Side:
    """One answer: what, whose, where, and how it ranks."""

    answer: str
    claimant: str
    passages: tuple[str, ...]
    rank: str
    reason: str
    claim: NamedNode | None = None
    cites: tuple[NamedNode, ...] = ()
    #: Place of its rank among the ranks, and the sign of the rank.
    weight: int = 0
    mark: str = ""


@dataclass
class Question:
    """A conflict with its sides, the preferred one first."""

    number: str
    question: str
    kind: str
    sides: list[Side] = field(default_factory=list)
    node: NamedNode | None = None


def list_conflicts(
    dataset: Dataset, about: NamedNode | None = None, kind: str | None = None
) -> list[Question]:
    """The conflicts of the graph by number.

    Args:
        dataset: the graph.
        about: only those that deal with this thing, directly or through their claims and
            its parts; a conflict itself is meant by its own name.
        kind: only those of this category.
    """
    reader = _Reader(dataset)
    wanted = None if about is None else reader.dealing_with(about) | {about}
    found = [
        reader.question(node)
        for kind_of in ("Conflict", "SpanQuestion")
        for node in reader.subjects(RDF_TYPE, csto(kind_of))
        if wanted is None or wanted & {node, *reader.objects(node, "description")}
    ]
    found = [question for question in found if kind is None or question.kind == kind]
    return sorted(found, key=lambda q: (q.number == "", q.number, q.question))


class _Reader(Reader):
    def question(self, node: NamedNode) -> Question:
        sides = [self.side(claim) for claim in self.objects(node, "rivalClaim")]
        told = self.objects(node, "description")
        sides += [self.description(spell) for spell in told]
        sides.sort(key=lambda side: (side.weight, side.claimant, side.answer))
        return Question(
            self.text(node, "identifier"),
            " / ".join(self.things.label(one) for one in told or [node]),
            self.text(node, "conflictKind"),
            sides,
            node,
        )

    def description(self, spell: NamedNode) -> Side:
        """What one layer says of an affiliation, with the sources that it has it from."""
        spans = [self.show(term) for term in self.objects(spell, "answer")]
        label = self.things.label(spell)
        passages = self.objects(spell, "evidence")
        sources = sorted(self.things.label(s) for s in self.objects(spell, "answeredFrom"))
        return Side(
            f"{label}: {', '.join(spans)}" if spans else label,
            "; ".join(sources),
            tuple(self.things.label(p) for p in passages),
            "",
            "",
            spell,
            tuple(passages),
            _UNRANKED,
        )

    def side(self, claim: NamedNode) -> Side:
        said = self.text(claim, "proposition")
        values = [
            self.show(t)
            for name in ("value", "object", "wording")
            for t in self.objects(claim, name)
        ]
        value = " ".join([self.text(claim, "qualifier"), ", ".join(values)]).strip()
        bare = said.removesuffix(".")
        answer = f"{bare} ({value})" if said and value else said or value
        label = self.things.label(claim)
        ranks = [rank for rank in self.objects(claim, "rank") if isinstance(rank, NamedNode)]
        weights = [int(w.value) for rank in ranks for w in self.objects(rank, csto("weight"))]
        passages = self.objects(claim, "statedIn") + self.objects(claim, "evidence")
        return Side(
            f"{label}: {answer}" if answer and not said else answer or label,
            self.text(claim, "claimant"),
            tuple(self.things.label(p) for p in passages),
            shorten(ranks[0].value).partition(":")[2] if ranks else "",
            self.text(claim, "reason"),
            claim,
            tuple(passages),
            min(weights, default=_UNRANKED),
            next((mark.value for rank in ranks for mark in self.objects(rank, _NOTATION)), ""),
        )


def rows(questions: Iterable[Question]) -> Iterator[list[str]]:
    """One row for each side of each question."""
    for question in questions:
        for side in question.sides:
            yield [
                question.number,
                question.question,
                question.kind,
                side.rank,
                side.answer,
                side.claimant,
                "; ".join(side.passages),
                side.reason,
            ]


def _in_words(answer: str) -> str:
    """An answer with the dates that stand at its end as people say them."""
    return re.sub(
        r"(?<=: )[^():]+$|(?<=\()[^()]+(?=\)$)",
        lambda match: ", ".join(cell_in_words(part) for part in match[0].split(", ")),
        answer,
    )


def as_text(questions: Iterable[Question], width: int | None = None) -> str:
    """Conflicts for people: ✓ preferred, · stands beside it, ✗ known to be an error."""
    width = width or columns.width()
    blocks = []
    for question in questions:
        head = f"{question.number}  {question.question}  [{question.kind}]".strip()
        lines = columns.paragraph(head, width)
        for side in question.sides:
            body = f"{_in_words(side.answer)} — {side.claimant}"
            mark = f"  {side.mark or '·'} "
            lines += columns.paragraph(body, width, mark, "    ")
            lines += columns.paragraph("; ".join(side.passages), width, "    ↳ ", "      ")
            if side.reason:
                lines += columns.paragraph("because: " + side.reason, width, "    ", "      ")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""
