"""SHACL-SPARQL: constraints and constraint components that are written as queries.

Variables are bound beforehand, as the recommendation says (appendix A); what it forbids
in such queries (MINUS, VALUES, SERVICE, binding them again, a subquery that does not
hand them on) is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from csto.sparql.functions import FUNCTIONS
from csto.sparql.mistakes import in_words
from csto.sparql.nesting import MAX_NESTING, NOISE, bare, nesting
from csto.sparql.text import TOKEN
from csto.validate.shacl.graph import Graph, is_true
from csto.validate.shacl.parts import Constraint, Reading, Shape, sh
from csto.validate.shacl.paths import Path
from csto.vocabulary import OWL, SH, shorten

SHAPES_GRAPH = NamedNode("urn:x-csto:shapes-graph")
_IMPORTS = NamedNode(OWL + "imports")
_FORBIDDEN = re.compile(r"(?<![?$:\w])(MINUS|VALUES|SERVICE)(?![:\w])", re.IGNORECASE)
_AS = re.compile(r"\bAS\s+[?$](\w+)", re.IGNORECASE)
_SUBSELECT = re.compile(r"\{\s*SELECT\b(.*?)(?:\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)
_TEMPLATE = re.compile(r"\{[?$](\w+)\}")


class BadQueryError(Exception):
    """A query that cannot be used; says why, and on which property it stands."""

    def __init__(self, what: str, prop: str = "select", value: Any = None, kind: str = "bad"):
        super().__init__(what)
        self.prop = prop
        self.value = value
        self.kind = kind


@dataclass(eq=False)
class Query:
    """A query with its prefixes, ready to be asked."""

    text: str
    source: Any
    ask: bool = False
    messages: list[Literal] = field(default_factory=list)
    bound: frozenset[str] = frozenset()


def _prefixes(shapes: Graph, node: Any) -> dict[str, str]:
    """The prefixes that a query may use: those declared, and those of what is imported."""
    found: dict[str, str] = {}
    waiting = list(shapes.values(node, sh("prefixes")))
    seen = set()
    while waiting:
        ontology = waiting.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        for declared in shapes.values(ontology, sh("declare")):
            prefix = shapes.value(declared, sh("prefix"))
            space = shapes.value(declared, sh("namespace"))
            if isinstance(prefix, Literal) and isinstance(space, (Literal, NamedNode)):
                found[prefix.value] = space.value
        waiting += shapes.values(ontology, _IMPORTS)
    return found


def _read(shapes: Reading, node: Any, path: Path | None, bound: frozenset[str]) -> Query:
    """The query that a constraint or validator holds.

    Raises:
        BadQueryError: if there is none, or it cannot be used.
    """
    graph = shapes.graph
    asks, selects = graph.values(node, sh("ask")), graph.values(node, sh("select"))
    if len(asks) + len(selects) != 1 or not isinstance((asks or selects)[0], Literal):
        raise BadQueryError(
            "a constraint in SPARQL has one sh:select, or sh:ask as a validator", "sparql", node
        )
    written = (asks or selects)[0]
    prop = "ask" if asks else "select"
    text = written.value
    plain = bare(text)
    if nesting(text) > MAX_NESTING:
        raise BadQueryError(f"brackets are nested more than {MAX_NESTING} deep", prop, written)
    if found := _FORBIDDEN.search(plain):
        raise BadQueryError(
            f"{found[1].upper()} is not allowed in a constraint in SPARQL",
            prop,
            written,
            "unsupported",
        )
    for name in _AS.findall(plain):
        if name in bound:
            raise BadQueryError(
                f"?{name} is bound beforehand and cannot be bound again by AS",
                prop,
                written,
                "unsupported",
            )
    for head in _SUBSELECT.findall(plain):
        kept = set(re.findall(r"[?$](\w+)", head))
        if "*" in head or ("this" in bound and "this" not in kept):
            raise BadQueryError(
                "a subquery names the variables that it hands on, $this among them",
                prop,
                written,
                "unsupported",
            )
    if "PATH" in set(re.findall(r"\$(\w+)", plain)):
        if path is None:
            raise BadQueryError("$PATH needs a shape with sh:path", prop, written)
        text = re.sub(r"\$PATH\b", lambda _: path.sparql(), text)
    prefixes = _prefixes(graph, node)
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    made = Query(head + text, node, bool(asks), bound=bound)
    made.messages = [m for m in graph.values(node, sh("message")) if isinstance(m, Literal)]
    trial = dict.fromkeys(bound, SHAPES_GRAPH)
    try:
        # Read as it will be asked: what is bound beforehand is not there any more.
        Store().query(_written(made.text, trial))
    except SyntaxError as error:
        what = _mistake(text, prefixes, (error.msg or str(error)).strip())
        raise BadQueryError(f"the query cannot be read: {what}", prop, written) from None
    except (OSError, ValueError, RuntimeError):
        pass
    return made


def _mistake(text: str, prefixes: Mapping[str, str], said: str) -> str:
    """What is wrong with the text of a query, in words."""
    declared = {*prefixes, *re.findall(r"(?i)\bPREFIX\s+([\w.-]*):", text)}
    for token in TOKEN.finditer(text):
        name, colon, _ = (token["word"] or "").partition(":")
        if colon and name not in declared and name[0] not in "?$":
            return f"the prefix {name}: is not declared; name its declaration with sh:prefixes"
    try:
        Store().query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        if place := re.match(r"error at (\d+):(\d+)", error.msg or ""):
            return in_words(text, int(place[1]), int(place[2]))
    except (OSError, ValueError, RuntimeError):
        pass
    return said


def sparql_constraint(shapes: Reading, shape: Shape, node: Any) -> Query:
    """The query of ``sh:sparql``."""
    bound = frozenset({"this", "currentShape", "shapesGraph"})
    found = _read(shapes, node, shape.path, bound)
    if found.ask:
        raise BadQueryError("sh:sparql has sh:select; sh:ask is for validators", "ask", None)
    return found


_VARIABLE = re.compile(r"[?$](\w+)")
_BOUND = re.compile(r"\bBOUND\s*\(\s*[?$](\w+)\s*\)", re.IGNORECASE)
_BY = re.compile(
    r"\b((?:GROUP|ORDER)\s+BY)\b((?:\s*(?:ASC|DESC)?\s*\(?\s*[?$]\w+\s*\)?)+)", re.IGNORECASE
)
_HEAD = re.compile(r"\bSELECT\b(.*?)(?=\bWHERE\b|\bFROM\b|\{)", re.IGNORECASE | re.DOTALL)
# Where the values of variables stand that cannot be written into a query.
_BINDINGS = NamedNode("urn:x-csto:bindings")
_IS = NamedNode("urn:x-csto:is")
_VALUE = "urn:x-csto:value:"


def _outside(query: str, change: Any) -> str:
    """Change a query where it is no string, IRI or comment."""
    out, at = [], 0
    held: list[str] = []

    def keep(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\x00{len(held) - 1}\x00"

    plain = NOISE.sub(keep, query)
    out.append(change(plain[at:]))
    return re.sub("\x00(\\d+)\x00", lambda m: held[int(m[1])], "".join(out))


def _written(query: str, bound: dict[str, Any]) -> str:
    """A query with values in the place of variables."""
    terms = {name: str(value) for name, value in bound.items()}
    count = [0]

    def put(match: re.Match[str]) -> str:
        return terms.get(match[1], match[0])

    def grouped(match: re.Match[str]) -> str:
        return f"({terms[match[1]]})" if match[1] in terms else match[0]

    def heads(match: re.Match[str]) -> str:
        head, depth, out = match[1], 0, []
        for part in re.split(r"([()]|[?$]\w+)", head):
            depth += {"(": 1, ")": -1}.get(part, 0)
            name = part[1:] if part[:1] in ("?", "$") else ""
            if name in terms:
                # The answer has the value already; a name of its own clashes with none.
                count[0] += 1
                new = f"({terms[name]} AS ?bound{count[0]})"
                part = new if depth == 0 else terms[name]
            out.append(part)
        return "SELECT" + "".join(out)

    def change(plain: str) -> str:
        plain = _BOUND.sub(lambda m: "(true)" if m[1] in terms else m[0], plain)
        plain = _BY.sub(
            lambda m: (
                m[1] + _VARIABLE.sub(lambda v: f"({terms[v[1]]})" if v[1] in terms else v[0], m[2])
            ),
            plain,
        )
        plain = _HEAD.sub(heads, plain)
        return _VARIABLE.sub(put, plain)

    return _outside(query, change)


def _joined(query: str, bound: dict[str, Any]) -> str:
    """A query that reads the values of variables from a graph, in each of its groups."""
    names = set(_VARIABLE.findall(bare(query)))
    reads = " ".join(f"<{_VALUE}{name}> {_IS} ?{name} ." for name in bound if name in names)
    if not reads:
        return query

    def change(plain: str) -> str:
        return re.sub(
            r"\{(?!\s*SELECT\b)", f"{{ GRAPH {_BINDINGS} {{ {reads} }} ", plain, flags=re.IGNORECASE
        )

    return _outside(query, change)


def _ask(store: Store, query: Query, bound: dict[str, Any]) -> Any:
    """Ask a query whose variables have values.

    Values are written into it; where the grammar has no place for one, such as a blank
    node, or a literal as a subject, they are joined from a graph of their own.
    """
    blank: dict[str, Any] = {
        name: v for name, v in bound.items() if isinstance(v, (BlankNode, Triple))
    }
    plain = {name: v for name, v in bound.items() if name not in blank}
    text = _written(query.text, plain)
    if not blank:
        try:
            return store.query(text, custom_functions=FUNCTIONS)
        except SyntaxError:
            literals = {name: v for name, v in plain.items() if isinstance(v, Literal)}
            if not literals:
                raise
            blank = literals
            text = _written(query.text, {n: v for n, v in plain.items() if n not in literals})
    store.clear_graph(_BINDINGS)
    for name, value in blank.items():
        store.add(Quad(NamedNode(_VALUE + name), _IS, value, _BINDINGS))
    return store.query(_joined(text, blank), custom_functions=FUNCTIONS)


def rows(store: Store, query: Query, bound: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The solutions of a query, with the variables bound beforehand in them."""
    found = _ask(store, query, bound)
    names = [variable.value for variable in found.variables]
    for row in found:
        values = {name: row[name] for name in names if row[name] is not None}
        yield {**bound, **values}


def holds(store: Store, query: Query, bound: dict[str, Any]) -> bool:
    return bool(_ask(store, query, bound))


def store_of(data: Graph, shapes: Graph) -> Store:
    """What queries are asked of: the data, and the shapes under a name."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in data.triples())
    store.bulk_extend(Quad(*triple, SHAPES_GRAPH) for triple in shapes.triples())
    return store


def filled(message: Literal, values: dict[str, Any]) -> Literal:
    """A message with the values of its variables in it."""

    def one(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return match[0]
        return shorten(value.value) if isinstance(value, NamedNode) else str(value.value)

    text = _TEMPLATE.sub(one, message.value)
    if message.language:
        return Literal(text, language=message.language)
    return Literal(text, datatype=message.datatype)


# --- constraint components ------------------------------------------------------


@dataclass(eq=False)
class Component:
    """A constraint component that a shapes graph declares."""

    node: Any
    parameters: list[tuple[Any, bool]]
    messages: list[Literal]

    def on(self, shapes: Reading, shape: Shape) -> Iterator[Constraint]:
        """The constraints that a shape makes with it."""
        graph = shapes.graph
        values: dict[str, list[Any]] = {}
        for path, optional in self.parameters:
            found = graph.values(shape.node, path)
            if not found and not optional:
                return
            values[_local(path)] = found
        if not any(values.values()):
            return
        named = [name for name, found in values.items() if len(found) > 1]
        if named and len(self.parameters) > 1:
            shapes.fault(
                "bad",
                f"{_local(self.node)} has several parameters, so {named[0]} stands once on a shape",
                shape.node,
            )
            return
        try:
            query = self._validator(shapes, shape, frozenset(values))
        except BadQueryError as error:
            shapes.fault(error.kind, str(error), self.node, sh(error.prop), error.value)
            return
        single = named[0] if named else ""
        for value in values[single] if single else [None]:
            chosen = {name: found[0] for name, found in values.items() if found}
            if single:
                chosen[single] = value
            yield Constraint("component", value, self.node, (query, chosen, self))

    def _validator(self, shapes: Reading, shape: Shape, parameters: frozenset[str]) -> Query:
        graph = shapes.graph
        kind = "nodeValidator" if shape.path is None else "propertyValidator"
        found = graph.values(self.node, sh(kind)) or graph.values(self.node, sh("validator"))
        for validator in found:
            if graph.values(validator, sh("ask")) or graph.values(validator, sh("select")):
                bound = {"this", "value", "currentShape", "shapesGraph"} | parameters
                if graph.values(validator, sh("select")):
                    bound.discard("value")
                return _read(shapes, validator, shape.path, frozenset(bound))
        raise BadQueryError(
            f"the component {_local(self.node)} has no validator in SPARQL for "
            f"{'node' if shape.path is None else 'property'} shapes",
            "validator",
            kind="unsupported",
        )


def load_components(shapes: Reading) -> list[Component]:
    """The constraint components of a shapes graph, without those of SHACL itself."""
    graph = shapes.graph
    found = []
    for node in graph.instances(sh("ConstraintComponent")):
        if isinstance(node, NamedNode) and node.value.startswith(SH):
            continue
        parameters: list[tuple[Any, bool]] = []
        for parameter in graph.values(node, sh("parameter")):
            path = graph.value(parameter, sh("path"))
            if not isinstance(path, NamedNode):
                shapes.fault("bad", "a parameter has sh:path, an IRI", parameter, sh("path"), path)
                continue
            optional = any(is_true(v) for v in graph.values(parameter, sh("optional")))
            parameters.append((path, optional))
        if not parameters or all(optional for _, optional in parameters):
            shapes.fault("bad", "a constraint component has a parameter that is not optional", node)
            continue
        messages = [m for m in graph.values(node, sh("message")) if isinstance(m, Literal)]
        found.append(Component(node, parameters, messages))
    return found


def _local(node: Any) -> str:
    iri = node.value
    return str(iri[max(iri.rfind("/"), iri.rfind("#"), iri.rfind(":")) + 1 :])
