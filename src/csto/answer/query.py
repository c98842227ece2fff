"""Run a query over a dataset as of a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.lookup import Things
from csto.load import edtf
from csto.sparql.functions import FUNCTIONS
from csto.sparql.saved import Param, SavedQuery
from csto.sparql.text import TOKEN, Answer, answer
from csto.vocabulary import WELL_KNOWN, XSD, XSD_DATE

Term = NamedNode | Literal


def bind(query: SavedQuery, given: Mapping[str, str], things: Things) -> str:
    """Put parameters into a query, typed, as a leading VALUES.

    Raises:
        InputError: for a parameter that is missing, unknown or of the wrong kind.
    """
    return _with_values(query.text, bindings(query, given, things))


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


# How a query over the possible slice says what is certain.
_CERTAINTY = re.compile(
    r'BIND\(IF\(EXISTS \{ (?P<what>[^{}]*) \}, "certain", "possible"\) AS \?certainty\)'
)
_POSSIBLE = re.compile(r"certainty:possible\b")


def widened(text: str) -> str | None:
    """The query with what is open beside what is possible; ``None`` if it has no such form."""
    if len(_CERTAINTY.findall(text)) != 1 or len(_POSSIBLE.findall(text)) != 1:
        return None
    text = _POSSIBLE.sub("certainty:open", text)
    return _CERTAINTY.sub(
        r'BIND(IF(EXISTS { \g<what> }, "certain", IF(EXISTS { GRAPH ?narrower { '
        r"?narrower csto:certainty certainty:possible . \g<what> } "
        r'}, "possible", "open")) AS ?certainty)',
        text,
    )


def count_open(dataset: Dataset, text: str, day: str, name: str) -> int:
    """How many rows of a widened query are merely open."""
    found = run(dataset, text, day, name)
    words = [row["certainty"].value for row in found]  # type: ignore[union-attr]
    return words.count("open")


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


def _with_values(text: str, values: Mapping[str, Term]) -> str:
    if not values:
        return text
    names = " ".join(f"?{name}" for name in values)
    row = " ".join(str(value) for value in values.values())
    at = _body_start(text)
    return f"{text[:at]} VALUES ({names}) {{ ({row}) }} {text[at:]}"


def _body_start(text: str) -> int:
    """Offset just after the brace that opens the body of a query."""
    depth = 0
    where = False
    form = last = ""
    for token in TOKEN.finditer(text):
        word = (token["word"] or "").upper()
        if depth == 0 and word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") and not form:
            form = word
        if depth == 0 and word == "WHERE":
            where = True
        if token["brace"] == "{":
            opens = where or (form in ("SELECT", "ASK", "DESCRIBE") and last != "EXISTS")
            if depth == 0 and opens:
                return token.end()
            depth += 1
        elif token["brace"] == "}":
            depth -= 1
        last = word or last
    raise InputError("this query has no WHERE { … } that parameters could be put into")


# SERVICE and the name or variable that must follow it, however it is spaced. It is looked for in
# the whole text, comments and strings too: what a tokenizer takes for a part of an IRI, a string
# or a name, the engine's grammar may still read as the keyword.
_SKIP = r"(?:\s|\#[^\r\n]*(?:[\r\n]|$))*"
_SERVICE = re.compile(
    rf"(?<![?$:])SERVICE{_SKIP}(?:SILENT{_SKIP})?(?:<|[?$]|[^\s<>{{}}()\"'#?$]*:)", re.IGNORECASE
)


def words(text: str) -> Iterator[str]:
    """Keywords and names of a query, in capitals; not what stands in strings and comments."""
    for token in TOKEN.finditer(text):
        if token["word"]:
            yield token["word"].upper()


def refuse_other_data(text: str, name: str = "query") -> None:
    """Refuse a query that asks for other data than the graphs of its day.

    Raises:
        InputError: for FROM and SERVICE.
    """
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), text)
    if _SERVICE.search(plain) or not {"FROM", "SERVICE"}.isdisjoint(words(text)):
        raise InputError(
            f"{name}: FROM and SERVICE are not answered; the day (--on) decides the graphs"
        )


def run(
    dataset: Dataset,
    text: str,
    day: str,
    name: str = "query",
    graphs: tuple[Sequence[NamedNode], Sequence[NamedNode]] | None = None,
) -> Answer:
    """Answer a query over the graph as of a day.

    The default graph holds the ontology, the asserted and inferred graphs and
    what is certain on that day; ``GRAPH`` reaches what is possible. ``graphs``
    names others of that day in their place, default and named ones.

    Raises:
        InputError: if the query is not SPARQL or asks for another dataset.
    """
    refuse_other_data(text, name)
    if dataset.names_asked(text):
        dataset.make_asked()
    default, named = dataset.view(day)
    if graphs is not None:
        default, named = list(graphs[0]), list(graphs[1])
    prefixes = {**dataset.prefixes, **WELL_KNOWN}
    try:
        return answer(
            dataset.store, text, default, named=named, prefixes=prefixes, functions=FUNCTIONS
        )
    except SyntaxError as error:
        raise InputError(f"{name}: {_syntax(error, text)}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: {error}") from error


def _syntax(error: SyntaxError, text: str) -> str:
    message = error.msg or str(error)
    if match := re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL):
        from csto.sparql.mistakes import in_words

        return in_words(text, int(match[1]), int(match[2]))
    return message
