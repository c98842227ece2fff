"""The rule dialect: CONSTRUCT queries read into small data classes.

A body has triple patterns, FILTER, BIND, VALUES and FILTER NOT EXISTS. Everything else
of SPARQL is refused with file and line, because it leaves no triples that a proof could
show. Terms keep the notation of N-Triples (``<iri>``, ``"text"@en``), variables theirs
(``?name``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import Literal

from csto.errors import InputError

Pattern = tuple[str, str, str]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

_BANNED = {
    "OPTIONAL": "write two rules",
    "UNION": "write two rules",
    "MINUS": "write FILTER NOT EXISTS",
    "GRAPH": "the engine names the graphs",
    "SERVICE": "rules read this graph only",
    "GROUP": "count in a query, not in a rule",
    "HAVING": "count in a query, not in a rule",
    "SELECT": "a sub-query leaves no triples to show; write two rules",
    "FROM": "the engine names the graphs",
    "ORDER": "the order of results has no meaning in a graph",
    "LIMIT": "a rule makes all that follows",
    "OFFSET": "a rule makes all that follows",
}
_COUNTING = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
# Their value does not follow from what a rule reads: the graph would differ from run to run.
_UNSTEADY = {"BNODE", "NOW", "RAND", "STRUUID", "UUID"}
_COMPARING = {"=", "!=", "<", "<=", ">", ">="}

_TOKEN = re.compile(
    r"""
    (?P<space>[\s]+|\#[^\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<var>[?$]\w+)
  | (?P<long>\"{3}(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"{3}|'{3}(?:(?:'|'')?(?:[^'\\]|\\.))*'{3})
  | (?P<text>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:\w+|\[)
  | (?P<name>(?:[A-Za-z](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%]|\\[-_~.!$&'()*+,;=/?\#@%])
        (?:[\w:%.-]|\\[-_~.!$&'()*+,;=/?\#@%])*)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<mark>&&|\|\||!=|<=|>=|\^\^|[{}().;,=<>!*/+\-|^?\]])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator, a built-in function in capitals or ``<function>`` applied to expressions."""

    name: str
    args: tuple[Expression, ...]


# A variable, a term, or something computed from them.
Expression = str | Apply


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition that must be true."""

    condition: Expression
    text: str = ""


@dataclass(frozen=True, slots=True)
class Bind:
    """A variable and the expression that gives its value."""

    variable: str
    value: Expression
    text: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """Variables and the rows of terms that they take."""

    variables: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A body, or what stands in a NOT EXISTS."""

    patterns: tuple[Pattern, ...]
    filters: tuple[Filter, ...] = ()
    binds: tuple[Bind, ...] = ()
    values: tuple[Values, ...] = ()
    negations: tuple[Group, ...] = ()
    text: str = ""

    @property
    def binding(self) -> set[str]:
        """The variables that this group gives a value."""
        found = {part for pattern in self.patterns for part in pattern if is_variable(part)}
        found |= {bind.variable for bind in self.binds}
        return found.union(*(values.variables for values in self.values))

    @property
    def mentioned(self) -> set[str]:
        """All variables of this group, also those that come from outside."""
        found = self.binding
        for condition in self.filters:
            found |= variables_of(condition.condition)
        for bind in self.binds:
            found |= variables_of(bind.value)
        for negation in self.negations:
            found |= negation.mentioned
        return found


@dataclass(frozen=True, slots=True)
class Construct:
    """A CONSTRUCT query of the dialect."""

    head: tuple[Pattern, ...]
    body: Group
    prefixes: dict[str, str] = field(default_factory=dict)


def is_variable(part: str) -> bool:
    return part[0] == "?"


def variables_of(expression: Expression) -> set[str]:
    """The variables of an expression."""
    if isinstance(expression, str):
        return {expression} if is_variable(expression) else set()
    return set[str]().union(*(variables_of(arg) for arg in expression.args))


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """A literal in the notation of N-Triples."""
    if '"' not in text and "\\" not in text and text.isprintable():
        spelt = f'"{text}"'
    else:
        spelt = str(Literal(text))
    if language:
        return f"{spelt}@{language.lower()}"
    return f"{spelt}^^<{datatype}>" if datatype and datatype != _XSD + "string" else spelt


@lru_cache(maxsize=2048)
def parse_construct(text: str, origin: str) -> Construct:
    """Read a CONSTRUCT query.

    Args:
        text: the query, with or without a header.
        origin: the file, for messages.

    Raises:
        InputError: for what is no query or is outside the dialect, with file and line.
    """
    return _Parser(text, origin).construct()


class _Parser:
    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin
        self.kinds: list[str] = []
        self.words: list[str] = []
        self.places: list[int] = []
        at, size, match = 0, len(text), _TOKEN.match
        while at < size:
            token = match(text, at)
            if token is None:
                raise self._error(at, f"not a SPARQL query (what is {text[at : at + 10]!r}?)")
            kind = token.lastgroup or ""
            if kind != "space":
                self.kinds.append(kind)
                self.words.append(token[0])
                self.places.append(at)
            at = token.end()
        self.kinds.append("end")
        self.words.append("")
        self.places.append(max(self.places[-1:] or [0]))
        self.at = 0
        self.prefixes: dict[str, str] = {}

    # --- tokens ---------------------------------------------------------------

    @property
    def word(self) -> str:
        """The word at this place, keywords in capitals."""
        word = self.words[self.at]
        return word.upper() if self.kinds[self.at] == "word" else word

    def _next(self) -> str:
        self.at += 1
        return self.words[self.at - 1]

    def _expect(self, word: str) -> None:
        if self.word != word:
            raise self._syntax(f"{word} is expected")
        self.at += 1

    def _error(self, place: int, message: str) -> InputError:
        return InputError(f"{self.origin}:{self.text.count(chr(10), 0, place) + 1}: {message}")

    def _here(self, message: str) -> InputError:
        return self._error(self.places[self.at], message)

    def _syntax(self, message: str) -> InputError:
        found = self.words[self.at] or "the end"
        return self._here(f"not a SPARQL query ({message}, not {found})")

    def _refuse(self, what: str, fix: str) -> InputError:
        return self._here(f"a rule cannot use {what}; {fix}")

    def _check_word(self) -> None:
        if self.kinds[self.at] == "word" and self.word in _BANNED:
            raise self._refuse(
                "GROUP BY" if self.word == "GROUP" else self.word, _BANNED[self.word]
            )

    # --- the query ------------------------------------------------------------

    def construct(self) -> Construct:
        while self.word in ("PREFIX", "BASE"):
            if self._next().upper() == "BASE":
                raise self._here("a rule has no BASE; write IRIs out or declare a prefix")
            name, iri = self._next(), self._next()
            self.prefixes[name.removesuffix(":")] = iri[1:-1]
        if self.word != "CONSTRUCT":
            where = [i for i, word in enumerate(self.words) if word.upper() == "WHERE"]
            self.at = where[0] if where and self.word in ("SELECT", "ASK", "DESCRIBE") else self.at
            raise self._here("a rule is a CONSTRUCT query")
        begin = self.at
        self._next()
        if self.word != "{":
            self.at = begin
            raise self._here("a rule writes out its head")
        self._next()
        head: list[Pattern] = []
        while self.word != "}":
            head += self._triples()
        self._next()
        if not head:
            self.at = begin
            raise self._here("a rule writes out its head")
        self._check_word()
        if self.word == "WHERE":
            self._next()
        body = self._group(negated=False)
        self._check_word()
        if self.kinds[self.at] != "end":
            raise self._syntax("the end is expected")
        self._check_head(head, body)
        return Construct(tuple(head), body, self.prefixes)

    def _check_head(self, head: list[Pattern], body: Group) -> None:
        bound = body.binding
        for pattern in head:
            for part in pattern:
                if is_variable(part) and part not in bound:
                    spelt = (part, "$" + part[1:])
                    self.at = next(i for i, word in enumerate(self.words) if word in spelt)
                    raise self._here(f"{part} of the head is not bound in the body")

    def _group(self, negated: bool) -> Group:
        begin = self.places[self.at]
        self._expect("{")
        patterns: list[Pattern] = []
        filters: list[Filter] = []
        binds: list[Bind] = []
        values: list[Values] = []
        negations: list[Group] = []
        while self.word != "}":
            self._check_word()
            if self.word == "FILTER":
                start = self.places[self.at]
                self._next()
                if self.word == "NOT" and self.words[self.at + 1].upper() == "EXISTS":
                    if negated:
                        raise self._here(
                            "NOT EXISTS stands alone in a FILTER of the body, in no other group; "
                            "make an inner one a rule"
                        )
                    self.at += 2
                    group = self._group(negated=True)
                    negations.append(group)
                else:
                    condition = self._constraint()
                    filters.append(Filter(condition, self._text_from(start)))
            elif self.word == "BIND":
                binds.append(self._bind())
            elif self.word == "VALUES":
                values.append(self._values())
            elif self.word == ".":
                self._next()
            elif self.word == "{":
                self._inner_group()
            elif self.kinds[self.at] == "end":
                raise self._syntax("} is expected")
            else:
                patterns += self._triples()
        self._next()
        return Group(
            # Joined twice, a pattern gives nothing more.
            tuple(dict.fromkeys(patterns)),
            tuple(filters),
            tuple(binds),
            tuple(values),
            tuple(negations),
            self._text_from(begin),
        )

    def _inner_group(self) -> None:
        """Refuse a group inside a group by what it is part of."""
        begin = self.at
        if self.words[self.at + 1].upper() == "SELECT":
            self.at += 1
            self._check_word()
        self._group(negated=False)
        self._check_word()
        self.at = begin
        raise self._refuse("a group inside a group", "write its patterns out")

    def _text_from(self, begin: int) -> str:
        last = self.at - 1
        return self.text[begin : self.places[last] + len(self.words[last])]

    def _bind(self) -> Bind:
        start = self.places[self.at]
        self._next()
        self._expect("(")
        value = self._expression()
        self._expect("AS")
        variable = self._variable()
        self._expect(")")
        return Bind(variable, value, self._text_from(start))

    def _variable(self) -> str:
        if self.kinds[self.at] != "var":
            raise self._syntax("a variable is expected")
        return "?" + self._next()[1:]

    def _values(self) -> Values:
        start = self.places[self.at]
        self._next()
        single = self.word != "("
        if single:
            variables = [self._variable()]
        else:
            self._next()
            variables = []
            while self.word != ")":
                variables.append(self._variable())
            self._next()
        self._expect("{")
        rows: list[tuple[str, ...]] = []
        while self.word != "}":
            if single:
                rows.append((self._constant(),))
                continue
            self._expect("(")
            row = []
            while self.word != ")":
                row.append(self._constant())
            self._next()
            if len(row) != len(variables):
                raise self._here("a row of VALUES has as many terms as there are variables")
            rows.append(tuple(row))
        self._next()
        return Values(tuple(variables), tuple(rows), self._text_from(start))

    def _constant(self) -> str:
        if self.word == "UNDEF":
            raise self._refuse("UNDEF", "write two rules")
        term = self._term()
        if is_variable(term):
            raise self._syntax("a term is expected")
        return term

    # --- triples and terms ----------------------------------------------------

    def _triples(self) -> list[Pattern]:
        found: list[Pattern] = []
        subject = self._term()
        while True:
            predicate = self._predicate()
            while True:
                found.append((subject, predicate, self._term()))
                if self.word != ",":
                    break
                self._next()
            while self.word == ";":
                self._next()
            if self.words[self.at - 1] != ";" or self.word in (".", "}"):
                break
        if self.word == ".":
            self._next()
        elif self.word in ("/", "|", "^", "*", "+"):
            raise self._path()
        return found

    def _path(self) -> InputError:
        return self._refuse("a property path", "write the steps out")

    def _predicate(self) -> str:
        if self.word in ("^", "!", "("):
            raise self._path()
        predicate = self._term()
        if self.word in ("/", "|", "*", "+", "?", "^"):
            raise self._path()
        if predicate[0] not in "<?":
            self.at -= 1
            raise self._syntax("a property is expected")
        return predicate

    def _term(self) -> str:
        kind, word = self.kinds[self.at], self.words[self.at]
        if kind == "var":
            self.at += 1
            return "?" + word[1:]
        if kind == "name" or kind == "iri":
            iri = self._iri(word)
            self.at += 1
            return iri
        if kind == "text" or kind == "long":
            return self._text_literal()
        if kind == "blank":
            raise self._here("a rule has no blank nodes; name a variable")
        if word in ("+", "-") and self.kinds[self.at + 1] == "number":
            self.at += 1
            return self._number(word if word == "-" else "")
        if kind == "number":
            return self._number("")
        if kind == "word":
            if word == "a":
                self.at += 1
                return _TYPE
            if word.lower() in ("true", "false"):
                self.at += 1
                return literal(word.lower(), _XSD + "boolean")
            self._check_word()
        raise self._syntax("a term is expected")

    def _iri(self, word: str) -> str:
        if word[0] == "<":
            return word
        prefix, _, local = word.partition(":")
        if prefix not in self.prefixes:
            raise self._here(f"prefix {prefix}: is not declared; add PREFIX {prefix}: <…>")
        local = re.sub(r"\\(.)", r"\1", local) if "\\" in local else local
        return f"<{self.prefixes[prefix]}{local}>"

    def _number(self, sign: str) -> str:
        word = self._next()
        kind = "double" if "e" in word.lower() else "decimal" if "." in word else "integer"
        return literal(sign + word, _XSD + kind)

    def _text_literal(self) -> str:
        word = self._next()
        quotes = 3 if self.kinds[self.at - 1] == "long" else 1
        text = unescaped(word[quotes:-quotes])
        if self.word == "^^":
            self._next()
            datatype = self._iri(self.words[self.at])
            self._next()
            return literal(text, datatype[1:-1])
        if self.kinds[self.at] == "lang":
            return literal(text, language=self._next()[1:])
        return literal(text)

    # --- expressions ----------------------------------------------------------

    def _constraint(self) -> Expression:
        if self.word == "(":
            self._next()
            found = self._expression()
            self._expect(")")
            return found
        return self._primary()

    def _expression(self) -> Expression:
        return self._chain("||", lambda: self._chain("&&", self._relation))

    def _chain(self, mark: str, part: Callable[[], Expression]) -> Expression:
        found = part()
        while self.word == mark:
            self._next()
            found = Apply(mark, (found, part()))
        return found

    def _relation(self) -> Expression:
        left = self._sum()
        if self.word in _COMPARING:
            return Apply(self._next(), (left, self._sum()))
        name = self.word
        if name == "NOT":
            self._next()
            name = "NOT IN"
        if name in ("IN", "NOT IN"):
            self._expect("IN")
            return Apply(name, (left, *self._arguments()))
        return left

    def _sum(self) -> Expression:
        found = self._product()
        while self.word in ("+", "-"):
            mark = self._next()
            if mark == "+" and "Duration" in self.text:
                number = self.text[: self.text.index("Duration")].count("\n") + 1
                raise InputError(
                    f"{self.origin}:{number}: a rule cannot use + with a duration, which the "
                    "engine drops; subtract a negative one"
                )
            found = Apply(mark, (found, self._product()))
        return found

    def _product(self) -> Expression:
        found = self._unary()
        while self.word in ("*", "/"):
            found = Apply(self._next(), (found, self._unary()))
        return found

    def _unary(self) -> Expression:
        if self.word == "!":
            self._next()
            return Apply("!", (self._unary(),))
        if self.word in ("+", "-") and self.kinds[self.at + 1] != "number":
            mark = self._next()
            zero = literal("0", _XSD + "integer")
            return Apply(mark, (zero, self._unary()))
        return self._primary()

    def _primary(self) -> Expression:
        if self.word == "(":
            self._next()
            found = self._expression()
            self._expect(")")
            return found
        called = self.words[self.at + 1 : self.at + 2] == ["("]
        if called and self.kinds[self.at] in ("name", "iri"):
            name = self._iri(self.words[self.at])
            self._next()
            return Apply(name, self._arguments())
        if self.kinds[self.at] == "word" and self.word not in ("TRUE", "FALSE"):
            return self._call()
        return self._term()

    def _call(self) -> Expression:
        self._check_word()
        name = self.word
        if name in _COUNTING:
            raise self._refuse("GROUP BY", _BANNED["GROUP"])
        if name in _UNSTEADY:
            raise self._refuse(name, "what it gives does not follow from what the rule reads")
        if name == "EXISTS":
            raise self._refuse("EXISTS", "what must be there is a pattern of the body")
        if name == "NOT":
            raise self._here(
                "NOT EXISTS stands alone in a FILTER of the body, in no other group; "
                "make an inner one a rule"
            )
        self._next()
        if self.word != "(":
            raise self._syntax("( is expected")
        return Apply(name, self._arguments())

    def _arguments(self) -> tuple[Expression, ...]:
        self._expect("(")
        found: list[Expression] = []
        while self.word != ")":
            found.append(self._expression())
            if self.word == ",":
                self._next()
            elif self.word != ")":
                raise self._syntax(") is expected")
        self._next()
        return tuple(found)


@lru_cache(maxsize=256)
def unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return plain.get(match[2], match[2])

    return re.sub(r"\\(?:[uU]([0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})|(.))", one, text)
