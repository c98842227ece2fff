"""Functions that rules and queries may call: the days of an EDTF date, and new IRIs.

``fn:mint("ground", ?norm, ?crisis)`` in a rule gives ``…/ground/<norm>--<crisis>`` under the
base of the workspace that is open, from the last segments of the IRIs; ``fn:mintByKind`` keeps
their kinds, ``…/overlap/membership/<slug>--party-status/<slug>``, for premises of several. A
thing of a workspace that this one extends goes by the prefix of that one as well
(``csto.kazakhstan``), so that two things never make one. The bases are put into the text of a
rule when it is read (:func:`grounded`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from csto.errors import InputError
from csto.load import edtf
from csto.vocabulary import EDTF, FUNCTION, XSD, XSD_DATE


def _calendar(which: int) -> Callable[..., Literal | None]:
    def function(*terms: Any) -> Literal | None:
        text = _date_text(*terms)
        if text is None:
            return None
        return Literal(edtf.bounds(text)[which].isoformat(), datatype=XSD_DATE)

    return function


def _date_text(*terms: Any) -> str | None:
    if len(terms) != 1 or not isinstance(terms[0], Literal):
        return None
    return terms[0].value if terms[0].datatype.value in (EDTF, XSD + "date") else None


def _day_after(*terms: Any) -> Literal | None:
    text = _date_text(*terms)
    return None if text is None else Literal(edtf.day_after(text), datatype=XSD_DATE)


MINTS = {FUNCTION + "mint": False, FUNCTION + "mintByKind": True}
_CALL = re.compile(r"\bfn:mint(ByKind)?\(")


def grounded(text: str, bases: str) -> str:
    """The text of a rule with the bases of the workspace in each call that makes an IRI."""
    return _CALL.sub(lambda call: f'{call[0]}"{bases}", ', text) if "fn:mint" in text else text


def minted(by_kind: bool, bases: str, kind: str, parts: tuple[str, ...]) -> str:
    """The IRI that ``fn:mint`` makes; each part is an IRI in angle brackets or a text.

    Args:
        by_kind: whether the kinds of things stay in their names.
        bases: base of the workspace, then ``prefix=base`` of each that it extends.
        kind: what is made.
        parts: what it is made from, in order.

    Raises:
        InputError: if there is no base, or a part is a node without a name.
    """
    if not bases or not parts:
        raise InputError("a rule would make an IRI from nothing; the workspace has no base")
    names = [_name(by_kind, bases, part) for part in parts]
    return f"{bases.split(' ', 1)[0]}{kind}/{'--'.join(names)}"


@lru_cache(maxsize=1 << 16)
def _name(by_kind: bool, bases: str, part: str) -> str:
    if part.startswith("_:"):
        raise InputError("a rule would make an IRI from a node without a name; give it an IRI")
    if not part.startswith("<"):
        return quote(part, safe=":+,~")
    iri = part[1:-1]
    own, *others = bases.split(" ")
    lent = (other.partition("=") for other in others)
    spaces = [("", own), *((f"{prefix}.", base) for prefix, _, base in lent)]
    for mark, base in sorted(spaces, key=lambda space: -len(space[1])):
        if iri.startswith(base):
            rest = iri[len(base) :].replace("#", "/")
            return mark + (rest if by_kind else rest.rpartition("/")[2])
    # Of no workspace: the whole name tells it from others.
    return quote(iri.partition("://")[2], safe="").replace("%2F", ".")


def _mint(by_kind: bool) -> Callable[..., NamedNode | None]:
    def function(*terms: Any) -> NamedNode | None:
        bases, kind, *parts = terms
        texts = [p.value if isinstance(p, Literal) else str(p) for p in parts]
        return NamedNode(minted(by_kind, bases.value, kind.value, tuple(texts)))

    return function


FUNCTIONS: dict[NamedNode, Callable[..., Any]] = {
    NamedNode(FUNCTION + "earliest"): _calendar(0),
    NamedNode(FUNCTION + "latest"): _calendar(1),
    NamedNode(FUNCTION + "dayAfter"): _day_after,
    **{NamedNode(name): _mint(by_kind) for name, by_kind in MINTS.items()},
}
