"""Rules: what one file or one axiom says, and what it reads, negates and writes.

A rule file is a CONSTRUCT query with a header:

    #+ code: overlap
    #+ summary: two affiliations of one holder overlap where both can hold
    #+ because: each can have begun before the other certainly ended
    #+ writes: csto:memberOf csto:observerIn    (only where the property of the head is a variable)
    #+ made: when asked    (only where it makes so much that it waits for a query that names it)

``writes: any but csto:polarity`` says that the head can make any property but those that
follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from csto.errors import InputError
from csto.load.header import read_header
from csto.sparql.dialect import (
    Apply,
    Construct,
    Expression,
    Group,
    Pattern,
    is_variable,
    parse_construct,
    variables_of,
)
from csto.sparql.functions import grounded

# A pattern's predicate and object as IRIs, None where they are not fixed: what a rule
# reads or writes, fine enough to know which rules a new triple can wake.
Signature = tuple[str | None, str | None]

_LIST_LINE = re.compile(r"#\+   - ([A-Za-z][\w.-]*:[\w.-]+)")
_PLAIN_LINE = re.compile(r"#\+ (\w+): ([A-Za-z][^:#\n]*?(?:[:#](?! |$)[^:#\n]*?)*)\s*")
# What ``#+ made:`` can say.
WHEN_ASKED = "when asked"
# Words that YAML reads as something other than text.
_NO_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule or axiom, ready to be compiled."""

    code: str
    text: str
    head: tuple[Pattern, ...]
    body: Group
    summary: str = ""
    because: str = ""
    assumes: str = ""
    origin: str = ""
    # Properties that a variable property of the head can be; None: any.
    declared: frozenset[str] | None = None
    # Properties that it cannot be, where it can be any other.
    excepted: frozenset[str] = frozenset()
    # Whether it runs only when somebody names what it makes.
    when_asked: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """What rules are sorted by: axioms share codes."""
        return self.code, self.text

    @property
    def axiom(self) -> bool:
        """Whether it says what an axiom of the ontology says."""
        return self.origin == "ontology"

    @property
    def subject(self) -> str:
        """What it is about: the folder of its file."""
        return Path(self.origin).parent.name or "rules"

    @cached_property
    def reads(self) -> frozenset[Signature]:
        """What its patterns can match."""
        return signatures(self.body.patterns, self.body)

    @cached_property
    def negates(self) -> frozenset[Signature]:
        """What the patterns of its negations can match."""
        return frozenset(
            signature for group in self.body.negations for signature in _negated(group, self.body)
        )

    @cached_property
    def writes(self) -> frozenset[Signature]:
        """What its head can make."""
        found = set(signatures(self.head, self.body))
        if self.declared is not None:
            things = {thing for predicate, thing in found if predicate is None}
            found = {s for s in found if s[0] is not None}
            found |= set(product(self.declared, things))
        return frozenset(found)

    @cached_property
    def computed(self) -> dict[str, frozenset[str]]:
        """Variables that BIND gives, each with the variables of patterns it comes from."""
        found: dict[str, frozenset[str]] = {}
        for bind in self.body.binds:
            given = variables_of(bind.value)
            found[bind.variable] = frozenset(
                name for variable in given for name in found.get(variable, {variable})
            )
        return found

    def line(self, needle: str) -> int:
        """The first line of its file that holds a text outside comments."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if needle in line and not line.startswith("#"):
                return number
        return 1


def signatures(patterns: Iterable[Pattern], *groups: Group) -> frozenset[Signature]:
    """Signatures of patterns; what VALUES lists for a variable stands for it."""
    listed: dict[str, set[str]] = {}
    for group in groups:
        for values in group.values:
            for index, variable in enumerate(values.variables):
                listed[variable] = {row[index] for row in values.rows}
    found: set[Signature] = set()
    for _, predicate, thing in patterns:
        predicates = {_fixed(part) for part in listed.get(predicate, {predicate})}
        things = {_fixed(part) for part in listed.get(thing, {thing})}
        found |= set(product(predicates, things))
    return frozenset(found)


def _negated(group: Group, body: Group) -> Iterator[Signature]:
    yield from signatures(group.patterns, body, group)
    for inner in group.negations:
        yield from _negated(inner, body)


def _fixed(part: str) -> str | None:
    return part[1:-1] if part[0] == "<" else None


def meet(one: Signature, other: Signature) -> bool:
    """Whether a triple of one signature can match a pattern of the other."""
    return (one[0] == other[0] or one[0] is None or other[0] is None) and (
        one[1] == other[1] or one[1] is None or other[1] is None
    )


def load_rules(paths: Iterable[Path], bases: str = "") -> list[Rule]:
    """Read rule files and check their dialect.

    Args:
        paths: the files.
        bases: where what they make lies (see :mod:`csto.sparql.functions`).

    Raises:
        InputError: naming file and line of the first fault.
    """
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for path in paths:
        rule = read_rule(grounded(path.read_text(encoding="utf-8-sig"), bases), path)
        if rule.code in seen:
            raise InputError(f"{path}:1: code {rule.code} is taken by {seen[rule.code]}")
        seen[rule.code] = str(path)
        rules.append(rule)
    return rules


def read_rule(text: str, path: Path) -> Rule:
    """Read the text of one rule file.

    Raises:
        InputError: naming file and line of the fault.
    """
    header = _header(text, path)
    for name in ("code", "summary", "because"):
        if not header.get(name):
            raise InputError(f"{path}:1: the header lacks #+ {name}:")
    if header.get("made", WHEN_ASKED) != WHEN_ASKED:
        raise InputError(f"{path}:1: #+ made: is {WHEN_ASKED}, or is left out")
    query = parse_construct(text, str(path))
    declared, excepted = _declared(header.get("writes"), query, path)
    rule = Rule(
        code=str(header["code"]),
        text=text,
        head=query.head,
        body=query.body,
        summary=str(header["summary"]),
        because=str(header["because"]),
        assumes=str(header.get("assumes", "")),
        origin=str(path),
        declared=declared,
        excepted=excepted,
        when_asked="made" in header,
    )
    for bind in query.body.binds:
        if called(bind.value, ("IRI", "URI")):
            raise InputError(
                f"{path}:{rule.line(bind.text.splitlines()[0])}: a rule makes IRIs with fn:mint, "
                'such as fn:mint("ground", ?norm, ?crisis), under the base of the workspace'
            )
    variable = next((p for _, p, _ in rule.head if is_variable(p)), None)
    if variable is not None and "writes" not in header:
        line = rule.line(variable)
        raise InputError(
            f"{path}:{line}: the property {variable} of the head can be any; list those it can be "
            "in the header (#+ writes: csto:memberOf csto:observerIn), or say #+ writes: any"
        )
    return rule


def called(given: Expression, names: Iterable[str]) -> bool:
    """Whether an expression calls one of these functions."""
    return isinstance(given, Apply) and (
        given.name in names or any(called(arg, names) for arg in given.args)
    )


def _header(text: str, path: Path) -> dict[str, Any]:
    """The header; what YAML is not needed for is read without it, which takes a hundredth."""
    found: dict[str, Any] = {}
    listed: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("#+"):
            continue
        if line == "#+ writes:":
            listed = found["writes"] = []
            continue
        item = _LIST_LINE.fullmatch(line)
        if item is not None and listed is not None:
            listed.append(item[1])
            continue
        match = _PLAIN_LINE.fullmatch(line)
        if match is None or match[2].lower() in _NO_TEXT or match[1].lower() in _NO_TEXT:
            return read_header(text, path)
        found[match[1]] = match[2]
    return found


def _declared(
    value: Any, query: Construct, path: Path
) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The properties a head can make, None for any, and those it then cannot."""
    if value is None:
        return None, frozenset()
    names = value.split() if isinstance(value, str) else [str(name) for name in value]
    if names[:1] == ["any"]:
        return None, _properties(names[2:] if names[1:2] == ["but"] else names[1:], query, path)
    return _properties(names, query, path), frozenset()


def _properties(names: Iterable[str], query: Construct, path: Path) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in query.prefixes:
            raise InputError(
                f"{path}:1: #+ writes: {name} is no property with a prefix that the rule declares"
            )
        found.add(query.prefixes[prefix] + local)
    return frozenset(found)


def axiom(code: str, body: Sequence[Pattern], head: Pattern, because: str) -> Rule:
    """A rule that says what an axiom says: from some patterns one triple follows."""
    pattern = " . ".join(map(" ".join, body))
    text = f"CONSTRUCT {{ {' '.join(head)} }} WHERE {{ {pattern} }}"
    summary = f"OWL 2 RL rule {code}"
    group = Group(tuple(body), text=f"{{ {pattern} }}")
    return Rule(code, text, (head,), group, summary, because, origin="ontology")
