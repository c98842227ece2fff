"""What the ontology says of questions: kinds by their plain words, and roles of properties.

Nothing here knows a class or a property: words, roles and columns are annotations of
the ontology (``csto:askedAs``, ``csto:askedWith``, ``csto:role``, ``csto:columns``).
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Store

from csto.errors import InputError
from csto.vocabulary import CSTO, ONTOLOGY, OWL, RDF_TYPE, RDFS, RDFS_LABEL, csto, shorten

# The one closure of "about", as a property path: from a thing to whatever it is about.
ABOUT = "csto:dealsWith+"
ROLES = ("by", "to", "for", "about", "part", "where")
# How a sentence ties things to a thing in a role; a situation is somebody's, not done by somebody.
_TIES = {"part": "in", "where": "in"}
_OWNED = "of"
_SUB_CLASS = NamedNode(RDFS + "subClassOf")
_CLASS = NamedNode(OWL + "Class")


@dataclass(frozen=True)
class Kind:
    """A class with its plain name."""

    node: NamedNode
    label: str


def singulars(word: str) -> list[str]:
    """The word, and what it can be the plural of: of "sides of a crisis" the first word is."""
    head, of, tail = word.partition(" of ")
    if of:
        return [word, *(one + of + tail for one in singulars(head)[1:])]
    found = [word]
    if word.endswith("ies") and len(word) > 4:
        found.append(word[:-3] + "y")
    if word.endswith("ses") and len(word) > 4:
        found.append(word[:-2] + "is")
    if word.endswith("es") and len(word) > 3:
        found.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        found.append(word[:-1])
    return found


def plural(label: str) -> str:
    """The plural of a label: its last word, or the one before "of", "side of a crisis"."""
    head, of, tail = label.partition(" of ")
    if of:
        return plural(head) + of + tail
    if label.endswith(("series", "people", "aid")):
        return label
    if label.endswith("sis"):
        return label[:-2] + "es"
    if re.search(r"[^aeiou]y$", label):
        return label[:-1] + "ies"
    if label.endswith(("s", "x", "ch", "sh")):
        return label + "es"
    return label + "s"


class Asking:
    """Kinds and roles of the ontology of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def _values(self, node: NamedNode | None, predicate: NamedNode) -> list[tuple[NamedNode, str]]:
        found = self.store.quads_for_pattern(node, predicate, None, ONTOLOGY)
        pairs = {
            (quad.subject, getattr(quad.object, "value", ""))
            for quad in found
            if isinstance(quad.subject, NamedNode)
        }
        return sorted(pairs, key=lambda pair: (pair[0].value, pair[1]))

    @cached_property
    def kinds(self) -> dict[NamedNode, Kind]:
        """All classes of the ontology, by IRI."""
        found: dict[NamedNode, Kind] = {}
        for quad in self.store.quads_for_pattern(None, RDF_TYPE, _CLASS, ONTOLOGY):
            node = quad.subject
            if isinstance(node, NamedNode) and node.value.startswith(CSTO):
                labels = [value for _, value in self._values(node, RDFS_LABEL)]
                found[node] = Kind(node, labels[0] if labels else shorten(node.value))
        return found

    @cached_property
    def words(self) -> dict[str, list[NamedNode]]:
        """Classes by plain word, in small letters: label, local name, further words."""
        found: dict[str, list[NamedNode]] = defaultdict(list)
        for node, kind in self.kinds.items():
            found[kind.label.casefold()].append(node)
            local = node.value[len(CSTO) :]
            spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).casefold()
            for word in {local.casefold(), spaced} - {kind.label.casefold()}:
                found[word].append(node)
        for node, word in self._values(None, csto("askedAs")):
            if node not in found[word.casefold()]:
                found[word.casefold()].append(node)
        return dict(found)

    def kind(self, text: str) -> list[NamedNode]:
        """The classes that a plain word means.

        Raises:
            InputError: if no class is called that, with the nearest words; or several are.
        """
        typed = " ".join(text.split()).removeprefix("csto:").casefold()
        text = " ".join(text.replace("-", " ").replace("_", " ").split())
        key = text.removeprefix("csto:").casefold()
        # A hyphen can stand for a space, or belong to the word.
        for one in dict.fromkeys([*singulars(typed), *singulars(key)]):
            nodes = self.words.get(one, [])
            if len(nodes) > 1:
                names = ", ".join(sorted(plural(self.kinds[n].label) for n in nodes))
                raise InputError(f'"{text}" can mean several kinds: {names}; give one of these')
            if nodes:
                return [nodes[0], *self.with_it(nodes[0])]
        raise InputError(f'no kind of thing is called "{text}"{self._near(key)}')

    def _near(self, key: str) -> str:
        names = [*self.words, *(plural(word) for word in self.words)]
        near = difflib.get_close_matches(key, names, n=4, cutoff=0.6)
        if not near:
            words = set(key.split())
            near = [word for word in self.words if words & set(word.split())][:4]
        shown = dict.fromkeys(
            plural(self.kinds[self.words[s][0]].label)
            for n in near
            for s in singulars(n)
            if s in self.words
        )
        hint = f"; did you mean {', '.join(shown)}?" if shown else ""
        return f"{hint} (csto list, without a kind, names all)"

    def with_it(self, node: NamedNode) -> list[NamedNode]:
        """Classes whose things are asked for together with those of a class."""
        return [NamedNode(value) for _, value in self._values(node, csto("askedWith"))]

    def wider(self, node: NamedNode) -> list[NamedNode]:
        """A class and the classes above it, the nearest first."""
        found = [node]
        for one in found:
            for quad in self.store.quads_for_pattern(one, _SUB_CLASS, None, ONTOLOGY):
                if isinstance(quad.object, NamedNode) and quad.object not in found:
                    found.append(quad.object)
        return found

    def is_below(self, node: NamedNode, local: str) -> bool:
        """Whether a class is the named class of ours or a narrower one."""
        return csto(local) in self.wider(node)

    def columns(self, node: NamedNode) -> list[NamedNode]:
        """Properties that a list of a class shows: its own, else those of a wider class."""
        return [csto(local) for local in self._told_by(node, ("columns",))]

    def infobox(self, node: NamedNode) -> list[str]:
        """What a page of a thing of a class shows first, as local names; ``^`` is backwards.

        Those of the nearest class that has any; where none has, the columns of a list.
        """
        return self._told_by(node, ("infobox", "columns"))

    def mapped(self, node: NamedNode) -> list[str]:
        """The ways from a thing of a class to the states where it lies; none by default."""
        return self._told_by(node, ("mapped",))

    def held_by(self, node: NamedNode) -> NamedNode | None:
        """The property by which things of a class hold on a day; ``None`` where none do."""
        return next((csto(local) for local in self._told_by(node, ("heldOnDayBy",))), None)

    def _told_by(self, node: NamedNode, names: Sequence[str]) -> list[str]:
        for one in self.wider(node):
            for name in names:
                for _, value in self._values(one, csto(name)):
                    return value.split()
        return []

    @cached_property
    def roles(self) -> dict[str, list[NamedNode]]:
        """Properties by role."""
        found: dict[str, list[NamedNode]] = {role: [] for role in ROLES}
        for node, value in self._values(None, csto("role")):
            found.setdefault(value.rsplit("/", 1)[1], []).append(node)
        return found

    def tie(self, kind: NamedNode, role: str) -> str:
        """The word between things of a kind and a thing in a role: requests *by* Armenia."""
        if role == "by" and self.is_below(kind, "Situation"):
            return _OWNED
        return _TIES.get(role, role)

    def tie_of(self, kind: NamedNode, node: NamedNode) -> str:
        """The same for the role of a property; what plays several is told by the narrowest."""
        played = [role for role in ROLES if node in self.roles[role]]
        narrow = [role for role in played if role != "about"] or played
        return self.tie(kind, narrow[0]) if narrow else _OWNED

    def role_path(self, role: str) -> str:
        """The properties of one role, as a property path."""
        return "(" + "|".join(shorten(step.value) for step in self.roles[role]) + ")"

    @cached_property
    def properties(self) -> dict[str, NamedNode]:
        """Properties of the ontology by local name, label and further words, in small letters."""
        found: dict[str, NamedNode] = {}
        for kind in ("ObjectProperty", "DatatypeProperty"):
            for quad in self.store.quads_for_pattern(
                None, RDF_TYPE, NamedNode(OWL + kind), ONTOLOGY
            ):
                node = quad.subject
                if isinstance(node, NamedNode) and node.value.startswith(CSTO):
                    found[node.value[len(CSTO) :].casefold()] = node
                    for predicate in (RDFS_LABEL, csto("askedAs")):
                        for _, value in self._values(node, predicate):
                            found.setdefault(value.casefold(), node)
        return found

    def label(self, node: NamedNode) -> str:
        """The name of a property in words."""
        return next((value for _, value in self._values(node, RDFS_LABEL)), shorten(node.value))

    def near_property(self, key: str) -> str:
        """The properties nearest to a name, as a part of a message."""
        near = difflib.get_close_matches(key, self.properties, n=3, cutoff=0.6)
        shown = dict.fromkeys(shorten(self.properties[n].value).partition(":")[2] for n in near)
        hint = f"; did you mean {', '.join(shown)}?" if shown else ""
        return f"{hint} (csto schema KIND lists the properties of a kind)"
