"""Statements with unnamed nodes in them, in a form that can be compared.

Axioms, shapes and lists are written with nodes that have no name, and the labels that a
parser gives them differ from reading to reading. Here such a node is what hangs on it,
written out in one order: ``[ a owl:Restriction ; … ]``, ``( a b c )``. A node that hangs
on two others, or on itself, gets a label made of all that is around it.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from csto.vocabulary import RDF

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_TYPE = NamedNode(RDF + "type")
# Rounds in which labels of entangled nodes are refined; each reaches one step further.
_ROUNDS = 12
_DEEPEST = 200


@dataclass(frozen=True)
class Structure:
    """An unnamed node written out; equal if they say the same.

    Attributes:
        key: the canonical text, with full IRIs.
        members: of a list, its members (terms or structures).
        pairs: of any other node, its properties with their values.
    """

    key: str
    members: tuple[Any, ...] | None = None
    pairs: tuple[tuple[Any, Any], ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Structure) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)

    def words(self, name: Callable[[Any], str], longest: int = 300) -> str:
        """The node as people write it, with the names that ``name`` gives."""
        text = self._words(name)
        return text if len(text) <= longest else text[: longest - 2] + " …"

    def _words(self, name: Callable[[Any], str]) -> str:
        def one(term: Any) -> str:
            return term._words(name) if isinstance(term, Structure) else name(term)

        if self.members is not None:
            return f"( {' '.join(one(m) for m in self.members)} )"
        if not self.pairs:
            return "[]"
        return "[ " + " ; ".join(f"{one(p)} {one(o)}" for p, o in self.pairs) + " ]"

    @property
    def kind(self) -> Any:
        """Its type, if it gives one."""
        return next((o for p, o in self.pairs if p == _TYPE), None)


Statement = tuple[Any, Any, Any]


def statements(triples: Iterable[Any]) -> set[Statement]:
    """The statements of a graph about named nodes and about unnamed ones that hang on nothing.

    Unnamed nodes are :class:`Structure`; what hangs on another node is part of it and no
    statement by itself.
    """
    found = list(triples)
    return _Closure(found).statements()


class _Closure:
    def __init__(self, triples: list[Any]) -> None:
        self.triples = triples
        self.said: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
        self.held: Counter[Any] = Counter()
        for triple in triples:
            if isinstance(triple.subject, BlankNode):
                self.said[triple.subject].append((triple.predicate, triple.object))
            if isinstance(triple.object, BlankNode):
                self.held[triple.object] += 1
        self.labels: dict[Any, str] = {}
        self._made: dict[Any, Structure] = {}

    def statements(self) -> set[Statement]:
        entangled = self._entangled()
        if entangled:
            self._label(entangled)
        found: set[Statement] = set()
        for triple in self.triples:
            subject = triple.subject
            if not isinstance(subject, BlankNode):
                found.add((subject, triple.predicate, self.term(triple.object)))
            elif not self.held[subject] or subject in self.labels:
                # A root stands for itself; so does each of the nodes that are entangled.
                found.add((self.root(subject), triple.predicate, self.term(triple.object)))
        return found

    def root(self, node: Any) -> Structure:
        if node in self.labels:
            return Structure(self.labels[node])
        return self.structure(node, 0)

    def term(self, term: Any) -> Any:
        if not isinstance(term, BlankNode):
            return term
        return Structure(self.labels[term]) if term in self.labels else self.structure(term, 0)

    def structure(self, node: Any, depth: int) -> Structure:
        if node in self._made:
            return self._made[node]
        if depth > _DEEPEST:
            return Structure("[…]")
        made = self._list(node, depth) or self._node(node, depth)
        self._made[node] = made
        return made

    def _inner(self, term: Any, depth: int) -> Any:
        if not isinstance(term, BlankNode):
            return term
        if term in self.labels:
            return Structure(self.labels[term])
        return self.structure(term, depth + 1)

    def _list(self, node: Any, depth: int) -> Structure | None:
        members = []
        at = node
        while at != _NIL:
            if at in self.labels:
                return None
            pairs = dict(self.said.get(at, ()))
            if set(pairs) != {_FIRST, _REST} or len(self.said[at]) != 2:
                return None
            members.append(self._inner(pairs[_FIRST], depth))
            at = pairs[_REST]
        return Structure(f"( {' '.join(map(_key, members))} )", members=tuple(members))

    def _node(self, node: Any, depth: int) -> Structure:
        pairs = [(p, self._inner(o, depth)) for p, o in self.said.get(node, ())]
        pairs.sort(key=lambda pair: (pair[0] != _TYPE, _key(pair[0]), _key(pair[1])))
        text = " ; ".join(f"{_key(p)} {_key(o)}" for p, o in pairs)
        return Structure(f"[ {text} ]", pairs=tuple(pairs))

    # --- nodes that hang on several others, or in a circle --------------------------

    def _entangled(self) -> set[Any]:
        found = {node for node, count in self.held.items() if count > 1}
        state: dict[Any, int] = {}
        for start in self.said:
            path = [(start, iter(self.said[start]))]
            if state.get(start):
                continue
            state[start] = 1
            while path:
                node, pairs = path[-1]
                step = next(pairs, None)
                if step is None:
                    state[node] = 2
                    path.pop()
                    continue
                thing = step[1]
                if isinstance(thing, BlankNode):
                    if state.get(thing) == 1:
                        found.add(thing)
                    elif thing not in state:
                        state[thing] = 1
                        path.append((thing, iter(self.said.get(thing, ()))))
        return found

    def _label(self, nodes: set[Any]) -> None:
        """Labels of what is around a node, refined round by round; in linear time a round."""
        blanks = set(self.said) | set(self.held)
        colour = dict.fromkeys(blanks, "")
        into: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
        for triple in self.triples:
            if isinstance(triple.object, BlankNode):
                into[triple.object].append((triple.subject, triple.predicate))

        def shown(term: Any) -> str:
            return f"_:{colour[term]}" if isinstance(term, BlankNode) else str(term)

        for _ in range(_ROUNDS):
            new = {}
            for node in blanks:
                out = sorted(f"{p} {shown(o)}" for p, o in self.said.get(node, ()))
                back = sorted(f"{shown(s)} {p}" for s, p in into.get(node, ()))
                text = "\n".join([*out, "--", *back])
                new[node] = hashlib.sha256(text.encode()).hexdigest()[:16]
            same = len(set(new.values())) == len(set(colour.values()))
            colour = new
            if same:
                break
        self.labels = {node: f"_:{colour[node]}" for node in nodes}


def _key(term: Any) -> str:
    return term.key if isinstance(term, Structure) else str(term)
