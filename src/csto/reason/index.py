"""Triples of numbers, found by subject or by object of a property."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

Triple = tuple[int, int, int]
# Things by property and subject, or subjects by property and thing; the values are
# dictionaries only because these keep their order.
Table = defaultdict[int, dict[int, dict[int, None]]]


class Index:
    """A set of triples."""

    def __init__(self) -> None:
        self.by_subject: Table = defaultdict(dict)
        self.by_object: Table = defaultdict(dict)
        self.size: defaultdict[int, int] = defaultdict(int)

    def add(self, subject: int, predicate: int, thing: int) -> bool:
        """Add a triple; whether it is new."""
        table = self.by_subject[predicate]
        things = table.get(subject)
        if things is None:
            table[subject] = {thing: None}
        elif thing in things:
            return False
        else:
            things[thing] = None
        table = self.by_object[predicate]
        subjects = table.get(thing)
        if subjects is None:
            table[thing] = {subject: None}
        else:
            subjects[subject] = None
        self.size[predicate] += 1
        return True

    def remove(self, subject: int, predicate: int, thing: int) -> None:
        """Take out a triple that is there."""
        for table, key, other in (
            (self.by_subject[predicate], subject, thing),
            (self.by_object[predicate], thing, subject),
        ):
            del table[key][other]
            if not table[key]:
                del table[key]
        self.size[predicate] -= 1

    def remove_all(self, triples: Iterable[Triple]) -> None:
        """Take out triples that are there; whole properties at once."""
        by_property: dict[int, list[Triple]] = defaultdict(list)
        for triple in triples:
            by_property[triple[1]].append(triple)
        for predicate, those in by_property.items():
            if len(those) == self.size[predicate]:
                # In place: what is compiled holds on to the tables.
                self.by_subject[predicate].clear()
                self.by_object[predicate].clear()
                self.size[predicate] = 0
            else:
                for triple in those:
                    self.remove(*triple)

    def __contains__(self, triple: Triple) -> bool:
        subject, predicate, thing = triple
        if predicate not in self.by_subject:
            return False
        return thing in self.by_subject[predicate].get(subject, ())

    def __iter__(self) -> Iterator[Triple]:
        for predicate, subjects in self.by_subject.items():
            for subject, things in subjects.items():
                for thing in things:
                    yield subject, predicate, thing

    def __len__(self) -> int:
        return sum(self.size.values())

    def matching(
        self, subject: int | None, predicate: int | None, thing: int | None
    ) -> Iterator[Triple]:
        """The triples with these parts; ``None`` stands for any."""
        if predicate is None:
            for one in list(self.by_subject):
                yield from self.matching(subject, one, thing)
        elif predicate not in self.by_subject:
            return
        elif subject is not None:
            things = self.by_subject[predicate].get(subject, {})
            if thing is None:
                for one in things:
                    yield subject, predicate, one
            elif thing in things:
                yield subject, predicate, thing
        elif thing is not None:
            for one in self.by_object[predicate].get(thing, ()):
                yield one, predicate, thing
        else:
            for one, several in self.by_subject[predicate].items():
                for other in several:
                    yield one, predicate, other
