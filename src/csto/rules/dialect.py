"""Inference rules: SPARQL CONSTRUCT queries in a dialect whose results can be proved.

A rule file is ``ontology/rules/NN-name.rq``. NN is its number: rules run in the
order of their numbers, and what a rule negates or aggregates must be complete
before it starts. Its ``#+`` header documents it:

    #+ code: R20
    #+ summary: first day under any reading
    #+ because: no reading of the act is earlier
    #+ stratum: timeless        (timeless, slice or dated)

Bodies are triple patterns, FILTER, BIND, VALUES and FILTER NOT EXISTS. Paths,
OPTIONAL, UNION, MINUS, GRAPH, SERVICE and sub-queries are refused with file and
line: they have no intermediate triples that a proof could show. So is adding a
duration with ``+``, which Oxigraph drops depending on the names of variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from csto.errors import InputError
from csto.load.header import read_header
from csto.rules.rule import STRATA, Pattern, Rule, Signature, wakes
from csto.rules.termination import endless
from csto.sparql.rule_text import keywords, parts

# Functions whose value does not follow from what a rule reads: the graph would differ
# from run to run, or never be complete.
_UNSTEADY = {"BNODE", "NOW", "RAND", "STRUUID", "UUID"}

_BANNED = {
    "LeftJoin": ("OPTIONAL", "write two rules"),
    "Union": ("UNION", "write two rules"),
    "Minus": ("MINUS", "write FILTER NOT EXISTS"),
    "Graph": ("GRAPH", "the engine names the graphs"),
    "ServiceGraphPattern": ("SERVICE", "rules read this graph only"),
    "AggregateJoin": ("GROUP BY", "count in a query, not in a rule"),
    # Inside NOT EXISTS the parser leaves the names of the grammar.
    "OptionalGraphPattern": ("OPTIONAL", "write two rules"),
    "MinusGraphPattern": ("MINUS", "write FILTER NOT EXISTS"),
    "GraphGraphPattern": ("GRAPH", "the engine names the graphs"),
    "Builtin_EXISTS": ("EXISTS", "what must be there is a pattern of the body"),
    "SubSelect": ("SELECT", "a sub-query leaves no triples to show; write two rules"),
}


def load_rules(paths: Iterable[Path]) -> list[Rule]:
    """Read rule files, check their dialect and order, and return them by number.

    Raises:
        InputError: naming file and line of the first fault.
    """
    rules = [_load_rule(path) for path in paths]
    rules.sort(key=lambda rule: (STRATA.index(rule.stratum), rule.number, rule.code))
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.code in seen:
            raise InputError(
                f"{rule.origin}:1: code {rule.code} is taken by {seen[rule.code].origin}"
            )
        seen[rule.code] = rule
    _check_order(rules)
    _check_endings(rules)
    return rules


def _load_rule(path: Path) -> Rule:
    return _read_rule(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1024)
def _read_rule(path: Path, text: str) -> Rule:
    # Parsing takes 40 ms a rule; a process that builds several graphs does it once.
    from rdflib.plugins.sparql import prepareQuery

    header = read_header(text, path)
    for name in ("code", "summary", "because", "stratum"):
        if not header.get(name):
            raise InputError(f"{path}:1: the header lacks #+ {name}:")
    if header["stratum"] not in STRATA:
        raise InputError(f"{path}:1: stratum is one of {', '.join(STRATA)}")
    match = re.match(r"(\d+)-", path.name)
    if not match:
        raise InputError(f"{path}:1: a rule file is named NN-name.rq, NN its number")
    try:
        query = prepareQuery(text).algebra
    except Exception as error:  # pyparsing and rdflib raise many kinds here
        line = getattr(error, "lineno", 1)
        what = str(error).split(", found")[0].splitlines()[0]
        raise InputError(f"{path}:{line}: not a SPARQL query ({what})") from error
    if query.name != "ConstructQuery":
        raise InputError(f"{path}:{_line(text, 'WHERE')}: a rule is a CONSTRUCT query")
    body = _Body(path, text)
    body.visit(query.p.p if query.p.name == "Project" else query.p)
    template = list(query.template or [])
    if not template:
        raise InputError(f"{path}:{_line(text, 'CONSTRUCT')}: a rule writes out its head")
    if any(type(node).__name__ == "BNode" for triple in template for node in triple):
        raise body.blank()
    # Counted in the text, since the parser drops a negation inside another.
    if keywords(text).count("EXISTS") != len(parts(text).negations):
        line = _line(text, "EXISTS", "WHERE")
        raise InputError(
            f"{path}:{line}: NOT EXISTS stands alone in a FILTER of the body, in no other group; "
            "make an inner one a rule"
        )
    for name in sorted({str(n) for t in template for n in t if type(n).__name__ == "Variable"}):
        if name not in body.bound:
            raise InputError(
                f"{path}:{_line(text, '?' + name)}: ?{name} of the head is not bound in the body"
            )
    return Rule(
        code=str(header["code"]),
        text=text,
        stratum=str(header["stratum"]),
        number=int(match[1]),
        summary=str(header["summary"]),
        because=str(header["because"]),
        origin=str(path),
        reads=frozenset(body.reads),
        negates=frozenset(body.negates),
        writes=frozenset(_signature(p, o) for _, p, o in template),
        head=tuple(_pattern(t) for t in template),
        body=tuple(body.patterns),
        absent=tuple(body.absent),
        computed=tuple(body.computed),
        assumes=str(header.get("assumes", "")),
        inputs=tuple((name, *sorted(body.inputs[name])) for name in body.inputs),
    )


def _line(text: str, needle: str, after: str = "") -> int:
    """The first line outside comments that holds ``needle``, in any case, from ``after`` on."""
    reached = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        begin = 0
        if not reached:
            begin = line.lower().find(after.lower())
            reached = begin >= 0
        if reached and needle.lower() in line.lower()[begin:]:
            return number
    return 1


def _signature(predicate: Any, thing: Any) -> Signature:
    from rdflib import URIRef

    return (
        str(predicate) if isinstance(predicate, URIRef) else None,
        str(thing) if isinstance(thing, URIRef) else None,
    )


def _pattern(triple: Any) -> Pattern:
    subject, predicate, thing = (term.n3() for term in triple)
    return subject, predicate, thing


class _Body:
    """Walk the algebra of a rule's body: check its dialect, collect what it reads."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.reads: set[Signature] = set()
        self.negates: set[Signature] = set()
        self.bound: set[str] = set()
        self.patterns: list[Pattern] = []
        self.absent: list[Pattern] = []
        self.computed: list[str] = []
        self.inputs: dict[str, set[str]] = {}

    def _from(self, expression: Any) -> set[str]:
        """Variables of an expression; in place of computed ones, what those come from."""
        from rdflib import Variable

        if isinstance(expression, Variable):
            return self.inputs.get(str(expression), {str(expression)})
        if isinstance(expression, dict):
            return {name for part in expression.values() for name in self._from(part)}
        if isinstance(expression, (list, tuple, set)):
            return {name for part in expression for name in self._from(part)}
        return set()

    def refuse(self, what: str, mend: str) -> InputError:
        line = _line(self.text, what.split()[0])
        return InputError(f"{self.path}:{line}: a rule cannot use {what}; {mend}")

    def blank(self) -> InputError:
        line = min(_line(self.text, "["), _line(self.text, "_:"), key=lambda n: n == 1)
        return InputError(f"{self.path}:{line}: a rule has no blank nodes; name a variable")

    def visit(self, node: Any, negated: bool = False) -> None:
        from rdflib.plugins.sparql.parserutils import CompValue

        if isinstance(node, (list, tuple, set)):
            for part in node:
                self.visit(part, negated)
            return
        if not isinstance(node, CompValue):
            return
        if node.name in _BANNED:
            raise self.refuse(*_BANNED[node.name])
        if node.name.removeprefix("Builtin_") in _UNSTEADY:
            what = node.name.removeprefix("Builtin_")
            raise self.refuse(what, "what it gives does not follow from what the rule reads")
        if node.name == "Project":
            raise self.refuse("SELECT", "a sub-query leaves no triples to show; write two rules")
        if node.name == "AdditiveExpression" and "+" in [str(o) for o in node.get("op") or []]:
            number = next(
                (n for n, line in enumerate(self.text.splitlines(), 1) if "Duration" in line), 0
            )
            if number:
                raise InputError(
                    f"{self.path}:{number}: a rule cannot use + with a duration, which the "
                    "engine drops; subtract a negative one"
                )
        if node.name == "GroupOrUnionGraphPattern" and len(node.graph) > 1:
            raise self.refuse(*_BANNED["Union"])
        if node.name in ("BGP", "TriplesBlock"):
            flat = [n for group in node.triples for n in group]
            for subject, predicate, thing in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
                self._pattern(subject, predicate, thing, negated)
            return
        if node.name == "Extend" and not negated:
            self.bound.add(str(node.var))
            self.computed.append(str(node.var))
            self.inputs[str(node.var)] = self._from(node.expr)
        if node.name == "values" and not negated:
            self.bound |= {str(name) for row in node.res for name in row}
        deeper = negated or node.name == "Builtin_NOTEXISTS"
        for value in node.values():
            self.visit(value, deeper)

    def _pattern(self, subject: Any, predicate: Any, thing: Any, negated: bool) -> None:
        from rdflib import Variable
        from rdflib.paths import Path as PropertyPath

        if isinstance(predicate, PropertyPath):
            line = _line(self.text, subject.n3() if hasattr(subject, "n3") else "", "WHERE")
            raise InputError(
                f"{self.path}:{line}: a rule cannot use a property path; write the steps out"
            )
        if any(type(node).__name__ == "BNode" for node in (subject, thing)):
            raise self.blank()
        (self.negates if negated else self.reads).add(_signature(predicate, thing))
        (self.absent if negated else self.patterns).append(_pattern((subject, predicate, thing)))
        if not negated:
            self.bound |= {str(n) for n in (subject, predicate, thing) if isinstance(n, Variable)}


def _check_order(rules: list[Rule]) -> None:
    """What a rule negates must be written by rules of lower numbers only."""
    for rule in rules:
        for other in rules:
            late = (STRATA.index(other.stratum), other.number) >= (
                STRATA.index(rule.stratum),
                rule.number,
            )
            concrete = frozenset(s for s in other.writes if s[0] is not None)
            if late and wakes(concrete, rule.negates):
                raise InputError(
                    f"{rule.origin}:1: it negates what {Path(other.origin).name} makes; "
                    "give that rule a lower number"
                )


def _check_endings(rules: list[Rule]) -> None:
    """No rule feeds itself ever new values; none computes values among the axioms."""
    found = endless(rules)
    what = "the rule would never end: ?{} is new each time, and feeds its own computation"
    mend = "compute it from what no rule of this number makes"
    if found is None:
        first = (r for r in rules if r.stratum == "timeless" and r.number == 0 and r.inputs)
        found = next(((r, r.inputs[0][0]) for r in first), None)
        what = "?{} is computed among the axioms, which may feed it back"
        mend = "give the rule a number above 00"
    if found is not None:
        rule, name = found
        line = _line(Path(rule.origin).read_text(encoding="utf-8"), f"?{name}", "BIND")
        raise InputError(f"{rule.origin}:{line}: {what.format(name)}; {mend}")
