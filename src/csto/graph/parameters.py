"""The values that the parameters of a saved query are given, by name or by default."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from csto.errors import InputError
from csto.graph.lookup import Things
from csto.load import edtf
from csto.sparql.saved import Param, SavedQuery
from csto.vocabulary import XSD, XSD_DATE

Term = NamedNode | Literal


def bindings(query: SavedQuery, given: Mapping[str, str], things: Things) -> dict[str, Term]:
    """The values of the parameters of a query, by variable.

    Raises:
        InputError: for a parameter that is missing, unknown or of the wrong kind.
    """
    known = ", ".join(query.params) or "none"
    values: dict[str, Term] = {}
    for name, text in given.items():
        if name in query.params:
            param = query.params[name]
            values[param.variable] = _value(param, text, things)
        elif query.params or query.path:
            raise InputError(f"query {query.name} has no parameter {name}; it has {known}")
        else:
            values[name] = _guess(name, text, things)
    for name, param in query.params.items():
        if name in given:
            continue
        if param.default is not None:
            values[param.variable] = _value(param, param.default, things)
        elif not param.optional:
            what = f" ({param.summary})" if param.summary else ""
            some = things.some(param.of) if param.kind == "thing" else []
            here = f"; here for example {', '.join(some)}" if some else ""
            lack = f" or {param.wanted} in workspace.ttl" if param.wanted else ""
            raise InputError(
                f"query {query.name} needs --param {name}=…{what}{lack}; its parameters: {known}"
                + (here or (f"; for example {_call(query)}" if query.example else ""))
            )
    return values


def _call(query: SavedQuery) -> str:
    given = {key: f'"{v}"' if " " in v else v for key, v in query.example.items()}
    options = [f"--on {v}" if key == "on" else f"-p {key}={v}" for key, v in given.items()]
    return f"csto query {query.name} {' '.join(options)}"


def _value(param: Param, text: str, things: Things) -> Term:
    if param.kind == "thing":
        return things.find(text, param.name, param.of)
    if param.kind == "integer":
        if not re.fullmatch(r"[+-]?\d+", text):
            raise InputError(f'parameter {param.name} is a whole number, not "{text}"')
        return Literal(text, datatype=NamedNode(XSD + "integer"))
    if param.kind == "day":
        return Literal(edtf.parse_day(text), datatype=XSD_DATE)
    return Literal(text)


def _guess(name: str, text: str, things: Things) -> Term:
    """A value for a query without a header: an IRI, a number, a day, a thing, else text."""
    if re.fullmatch(r"[+-]?\d+", text):
        return Literal(text, datatype=NamedNode(XSD + "integer"))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return Literal(edtf.parse_day(text), datatype=XSD_DATE)
    try:
        return things.find(text, name)
    except InputError:
        return Literal(text)
