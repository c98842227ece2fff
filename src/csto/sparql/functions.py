"""Functions that rules and queries may call: the days of an EDTF date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyoxigraph import Literal, NamedNode

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


FUNCTIONS: dict[NamedNode, Callable[..., Any]] = {
    NamedNode(FUNCTION + "earliest"): _calendar(0),
    NamedNode(FUNCTION + "latest"): _calendar(1),
    NamedNode(FUNCTION + "dayAfter"): _day_after,
}
