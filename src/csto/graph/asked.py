"""What rules make only when asked, made from a store: all of it, or that about a few things.

Only what those rules read is taken from the store, not the whole graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Store, Triple

from csto.load.workspace import Workspace
from csto.reason.evaluate import Evaluation, asked
from csto.reason.index import Triple as Numbers
from csto.reason.state import State
from csto.rules.program import Program, program
from csto.rules.rule import load_rules
from csto.sparql.dialect import Group, Pattern, is_variable
from csto.sparql.text import TOKEN, read_term

_PREFIX = re.compile(r"PREFIX\s+([\w.-]*:)\s*<([^<>]*)>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def names_any(text: str, terms: Iterable[str], prefixes: dict[str, str]) -> bool:
    """Whether a query or a file of shapes names one of some IRIs.

    A local name of one that stands in it counts too: a query that gets more than it needs
    is still right.
    """
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    known = {f"{name}:": iri for name, iri in prefixes.items()} | dict(_PREFIX.findall(text))
    wanted = set(terms)
    locals_ = {re.split(r"[/#]", term)[-1] for term in wanted}
    for token in TOKEN.finditer(text):
        if token["iri"]:
            name = token[0][1:-1]
            if name in wanted or re.split(r"[/#]", name)[-1] in locals_:
                return True
        elif token["word"]:
            prefix, colon, local = token[0].partition(":")
            if colon and (local in locals_ or known.get(prefix + colon, "") + local in wanted):
                return True
    return False


_APART = re.compile(
    r"""\#(?![^<>\n]*>)[^\n]* | \bSELECT\b[^{]* | \bVALUES\s*(?:\([^)]*\)|[?$]\w+)\s*\{[^}]*\}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | \b(?:GROUP|ORDER)\s+BY\b[^{}]*""",
    re.VERBOSE | re.IGNORECASE,
)
_TERM = r"(?:[?$]\w+|<[^<>\s]*>|[\w-]*:[\w.-]*)"
# A variable as a property, or as a class.
_ANY = re.compile(
    rf"(?:(?<![\w?$:<]){_TERM}\s+|;\s*)[?$]\w+\s+(?:{_TERM}|[\[(])|\s(?:a|rdf:type)\s+[?$]\w"
)


def asks_any(text: str) -> bool:
    """Whether a query has a variable where a property or a class can stand."""
    return bool(_ANY.search(_APART.sub(" ", text)))


def asked_rules(workspace: Workspace) -> Program:
    """The rules of a workspace that run when asked, alone."""
    paths = [path for path in workspace.rule_files() if b"#+ made:" in path.read_bytes()]
    return program([rule for rule in load_rules(paths, workspace.bases) if rule.when_asked])


def made_of(
    store: Store,
    graphs: Sequence[NamedNode],
    rules: Program,
    predicate: str | None = None,
    things: Iterable[NamedNode] = (),
) -> list[Triple]:
    """What rules make when asked; see :func:`csto.reason.evaluate.asked`."""
    found, given = gathered(store, graphs, rules, predicate, list(things))
    return list(as_triples(found, asked(found, predicate, given)))


def gathered(
    store: Store,
    graphs: Sequence[NamedNode],
    rules: Program,
    predicate: str | None = None,
    things: Sequence[NamedNode] = (),
) -> tuple[Evaluation, list[str]]:
    """An evaluation that has what rules read which run when asked, and the things as texts."""
    state = State(len(rules.widths))
    seen: set[tuple[object, ...]] = set()
    for rule in rules.asked.rules:
        patterns = dict.fromkeys(_patterns(rule.body))
        bound = {thing for _, p, thing in (*rule.head, *patterns) if p == predicate}
        for pattern in patterns:
            if rules.asked.makes(pattern):
                # All of it is made anew, whether or not some is there.
                continue
            subject, name, thing = (None if is_variable(p) else read_term(p) for p in pattern)
            asked_for = pattern[0] in bound, subject, name, thing
            if asked_for in seen:
                continue
            seen.add(asked_for)
            for one in things if pattern[0] in bound else [subject]:
                for graph in graphs:
                    for quad in store.quads_for_pattern(one, name, thing, graph):
                        row = str(quad.subject), str(quad.predicate), str(quad.object)
                        state.add([row])
    return Evaluation(rules, state), [str(thing) for thing in things]


def _patterns(group: Group) -> Iterator[Pattern]:
    yield from group.patterns
    for inner in group.negations:
        yield from _patterns(inner)


def as_triples(found: Evaluation, made: Iterable[Numbers]) -> Iterator[Triple]:
    """Triples of an evaluation as the store has them."""
    term = found.state.terms.term
    for subject, predicate, thing in made:
        yield Triple(term(subject), term(predicate), term(thing))  # type: ignore[arg-type]
