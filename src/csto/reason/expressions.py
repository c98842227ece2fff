"""Expressions of rules as Python, with the meaning they have in SPARQL.

What a rule needs often is written out: comparisons, texts put together, IRIs made from
texts, the days of an EDTF date. Everything else is asked of Oxigraph for the values at
hand, once for each. Negations are pushed down to comparisons first, where an error and
"false" come to the same: so a condition has two outcomes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Store, Variable

from csto.reason.terms import NOTHING, ExpressionError, Terms, pattern
from csto.sparql.dialect import Apply, Expression, is_variable, variables_of
from csto.sparql.functions import FUNCTIONS, MINTS, minted
from csto.vocabulary import FUNCTION

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CALENDAR = {
    f"<{FUNCTION}earliest>": "EARLIEST",
    f"<{FUNCTION}latest>": "LATEST",
    f"<{FUNCTION}dayAfter>": "DAY_AFTER",
}
_MINTS = {f"<{name}>": by_kind for name, by_kind in MINTS.items()}
# Patterns and replacements that mean the same in XPath and in Python.
_SAME_PATTERN = re.compile(r"(?:\^?\.\*)?[\w/:#-]*\$?")
_SAME_REPLACEMENT = re.compile(r"[^$\\]*")


def runtime(terms: Terms) -> dict[str, Any]:
    """What the Python of expressions refers to."""
    asked = _Asked(terms)

    def calendar(table: Mapping[int, int]) -> Callable[[int], int]:
        def found(number: int) -> int:
            day = table[number]
            if day == NOTHING:
                raise ExpressionError
            return day

        return found

    def text(number: int) -> str:
        if terms.texts[number][0] not in '<"':
            raise ExpressionError
        return terms.strings[number]

    def replaced(given: str, what: str, by: str) -> str:
        return pattern(what).sub(by, given)

    def mint(by_kind: bool, *numbers: int) -> int:
        bases, kind = terms.strings[numbers[0]], terms.strings[numbers[1]]
        texts = terms.texts
        parts = tuple(terms.strings[n] if texts[n][0] == '"' else texts[n] for n in numbers[2:])
        return terms.iri(minted(by_kind, bases, kind, parts))

    def compared(mark: str, one: int, other: int) -> bool:
        kinds, values = terms.kinds, terms.values
        if mark == "=":
            return one == other or bool(kinds[one] == kinds[other] and values[one] == values[other])
        if mark == "!=":
            return one != other and terms.differ(one, other)
        if kinds[one] != kinds[other]:
            return False
        left, right = values[one], values[other]
        return bool(
            {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[mark]
        )

    return {
        "ExpressionError": ExpressionError,
        "KIND": terms.kinds,
        "VALUE": terms.values,
        "IS_IRI": terms.is_iri,
        "DIFFER": terms.differ,
        "COMPARED": compared,
        "TEXT": text,
        "PLAIN": terms.plain,
        "IRI": terms.iri,
        "MINT": mint,
        "REPLACED": replaced,
        "EARLIEST": calendar(terms.earliest),
        "LATEST": calendar(terms.latest),
        "DAY_AFTER": calendar(terms.day_after),
        "ASKED": asked.value,
        "TRUE": terms.number('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    }


@dataclass
class Writer:
    """Writes expressions as Python.

    Args:
        constant: gives the name under which a term is known to the code.
        functions: receives the functions that the code calls.
    """

    constant: Callable[[str], str]
    functions: list[str] = field(default_factory=list)

    def condition(self, given: Expression, names: Mapping[str, str], no: bool = False) -> str:
        """A condition; with ``no`` its negation. An error makes either false."""
        if isinstance(given, Apply):
            if given.name == "!":
                return self.condition(given.args[0], names, not no)
            if given.name in ("&&", "||"):
                word = "and" if (given.name == "&&") != no else "or"
                parts = [self.condition(arg, names, no) for arg in given.args]
                return f"({f' {word} '.join(parts)})"
            if given.name in _PYTHON:
                mark = _OPPOSITE[given.name] if no else given.name
                left, right = given.args
                return self._comparison(mark, left, right, names)
            if given.name in ("IN", "NOT IN"):
                return self._among(given, names, (given.name == "NOT IN") != no)
        code = self._truth(given, names)
        return self._function(f"not {code}" if no else code, given, names, "False")

    def value(self, given: Expression, names: Mapping[str, str]) -> str:
        """The number of a term, :data:`NOTHING` where there is no value."""
        if isinstance(given, str):
            return self._part(given, names)
        return self._function(self._number(given, names), given, names, str(NOTHING))

    def _part(self, part: str, names: Mapping[str, str]) -> str:
        return names[part] if is_variable(part) else self.constant(part)

    def _comparison(
        self, mark: str, left: Expression, right: Expression, names: Mapping[str, str]
    ) -> str:
        if isinstance(left, str) and isinstance(right, str):
            a, b = self._part(left, names), self._part(right, names)
            if mark in ("=", "!=") and "<" in (left[0], right[0]):
                return f"({a} {_PYTHON[mark]} {b})"
            if mark == "=":
                return f"({a} == {b} or (KIND[{a}] == KIND[{b}] and VALUE[{a}] == VALUE[{b}]))"
            if mark == "!=":
                return f"({a} != {b} and (IS_IRI[{a}] or IS_IRI[{b}] or DIFFER({a}, {b})))"
            return f"(KIND[{a}] == KIND[{b}] and VALUE[{a}] {mark} VALUE[{b}])"
        whole = Apply(mark, (left, right))
        if self._textual(left) and self._textual(right):
            code = f"{self._text(left, names)} {_PYTHON[mark]} {self._text(right, names)}"
        else:
            one, other = self._number(left, names), self._number(right, names)
            code = f"COMPARED({mark!r}, {one}, {other})"
        return self._function(code, whole, names, "False")

    def _among(self, given: Apply, names: Mapping[str, str], no: bool) -> str:
        tested, *listed = given.args
        mark, word = ("!=", " and ") if no else ("=", " or ")
        iris = [item for item in listed if isinstance(item, str) and item[0] == "<"]
        if isinstance(tested, str) and iris and len(iris) == len(listed):
            shown = ", ".join(self.constant(item) for item in iris)
            return f"({self._part(tested, names)} {'not in' if no else 'in'} ({shown},))"
        if not listed:
            return "True" if no else "False"
        return f"({word.join(self._comparison(mark, tested, item, names) for item in listed)})"

    def _function(
        self, code: str, given: Expression, names: Mapping[str, str], otherwise: str
    ) -> str:
        """Wrap code that can fail into a function of its own; the call of it."""
        args = ", ".join(sorted({names[variable] for variable in variables_of(given)}))
        name = f"e{len(self.functions)}"
        self.functions.append(
            f"def {name}({args}):\n    try:\n        return {code}\n"
            f"    except ExpressionError:\n        return {otherwise}\n"
        )
        return f"{name}({args})"

    # --- what can fail: inside a function -------------------------------------

    def _truth(self, given: Expression, names: Mapping[str, str]) -> str:
        if isinstance(given, Apply) and given.name == "STRSTARTS":
            one, other = given.args
            if self._textual(one) and self._textual(other):
                return f"{self._text(one, names)}.startswith({self._text(other, names)})"
        return f"({self._asked(Apply('IF', (given, 'true', 'false')), names)} == TRUE)"

    def _textual(self, given: Expression) -> bool:
        """Whether the value is a plain text, whatever the variables are."""
        if isinstance(given, str):
            return given[0] == '"' and given[-1] == '"'
        if given.name == "STR":
            return True
        if given.name == "CONCAT":
            return all(self._textual(arg) for arg in given.args)
        if given.name == "REPLACE" and len(given.args) == 3:
            what, by = given.args[1:]
            return (
                self._textual(given.args[0])
                and isinstance(what, str)
                and isinstance(by, str)
                and bool(_SAME_PATTERN.fullmatch(what[1:-1]))
                and bool(_SAME_REPLACEMENT.fullmatch(by[1:-1]))
            )
        if given.name == "IF":
            test, one, other = given.args
            return self._plain_test(test) and self._textual(one) and self._textual(other)
        return False

    def _plain_test(self, given: Expression) -> bool:
        return (
            isinstance(given, Apply)
            and given.name in ("STRSTARTS", *_PYTHON)
            and all(self._textual(arg) for arg in given.args)
        )

    def _text(self, given: Expression, names: Mapping[str, str]) -> str:
        """Python that gives a text, for what is :meth:`_textual`."""
        if isinstance(given, str):
            return f"TEXT({self.constant(given)})"
        if given.name == "STR":
            return f"TEXT({self._number(given.args[0], names)})"
        parts = given.args
        if given.name == "CONCAT":
            return f"({' + '.join(self._text(arg, names) for arg in parts)})"
        if given.name == "REPLACE":
            return f"REPLACED({', '.join(self._text(arg, names) for arg in parts)})"
        test, one, other = parts
        assert isinstance(test, Apply)
        if test.name == "STRSTARTS":
            whether = self._truth(test, names)
        else:
            left, right = (self._text(arg, names) for arg in test.args)
            whether = f"{left} {_PYTHON[test.name]} {right}"
        return f"({self._text(one, names)} if {whether} else {self._text(other, names)})"

    def _number(self, given: Expression, names: Mapping[str, str]) -> str:
        """Python that gives a term or fails."""
        if isinstance(given, str):
            return self._part(given, names)
        if given.name in ("IRI", "URI") and self._textual(given.args[0]):
            return f"IRI({self._text(given.args[0], names)})"
        if given.name in _MINTS:
            parts = ", ".join(self._number(arg, names) for arg in given.args)
            return f"MINT({_MINTS[given.name]}, {parts})"
        if given.name in _CALENDAR and len(given.args) == 1:
            return f"{_CALENDAR[given.name]}({self._number(given.args[0], names)})"
        if self._textual(given):
            return f"PLAIN({self._text(given, names)})"
        return self._asked(given, names)

    def _asked(self, given: Expression, names: Mapping[str, str]) -> str:
        variables = sorted(variables_of(given))
        args = "".join(f", {names[variable]}" for variable in variables)
        places = {variable: f"{{{number}}}" for number, variable in enumerate(variables)}
        return f"ASKED({spelt(given, places)!r}{args})"


def spelt(given: Expression, values: Mapping[str, str], braces: bool = True) -> str:
    """An expression in SPARQL, with values in the place of variables."""

    def shown(part: Expression) -> str:
        if isinstance(part, str):
            if is_variable(part):
                return values.get(part, part)
            return part.replace("{", "{{").replace("}", "}}") if braces else part
        args = [shown(arg) for arg in part.args]
        if part.name in ("IN", "NOT IN"):
            return f"({args[0]} {part.name} ({', '.join(args[1:])}))"
        if part.name == "!":
            return f"(!{args[0]})"
        if part.name[0] not in "<" and not part.name[0].isalpha():
            return f"({args[0]} {part.name} {args[1]})"
        if part.name in _PYTHON:
            return f"({args[0]} {part.name} {args[1]})"
        return f"{part.name}({', '.join(args)})"

    return shown(given)


class _Asked:
    """Values of expressions that Oxigraph computes, each once."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.store = Store()
        self.known: dict[tuple[str | int, ...], int] = {}

    def value(self, template: str, *numbers: int) -> int:
        key: tuple[str | int, ...] = (template, *numbers)
        if key not in self.known:
            self.known[key] = self._ask(template, numbers)
        if self.known[key] == NOTHING:
            raise ExpressionError
        return self.known[key]

    def _ask(self, template: str, numbers: Iterable[int]) -> int:
        text = template.format(*(self.terms.texts[number] for number in numbers))
        query = f"SELECT ?value WHERE {{ BIND({text} AS ?value) }}"
        try:
            rows: Any = self.store.query(query, custom_functions=dict(FUNCTIONS))
        except (SyntaxError, ValueError):
            return NOTHING
        for row in rows:
            value = row[Variable("value")]
            return NOTHING if value is None else self.terms.number(str(value))
        return NOTHING
