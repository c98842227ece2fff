"""The pages of a place by path: the site writes all of them, the server makes one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.conflicts import list_conflicts
from csto.answer.law.grounds import Grounds, Texts, Told, grounds_of, texts, told_of
from csto.answer.law.grounds_text import HEADINGS
from csto.answer.show import Portrait, portray
from csto.publish.pages.guides import Command, Guide, drawings, guide_html, guides
from csto.publish.pages.law import instruments, treaty
from csto.publish.pages.lists import Inventory
from csto.publish.pages.page import Link, Page, Place, Static
from csto.publish.pages.terms import Room, rooms, schemes
from csto.publish.pages.thing import ROWS, Row, Section, Things, disputed, long_sections
from csto.sparql.saved import SavedQuery, saved_queries
from csto.vocabulary import INFERRED, RDF_TYPE, SKOS, csto

_CONCEPT = NamedNode(SKOS + "Concept")
# Conflicts on one page.
CONFLICTS = 30
# Passages of a source on one page.
PASSAGES = 120

# Of what, which section (or none, for passages), rows of this page, its number, of how many.
Divided = tuple[str, Section | None, list[Any], int, int]


class Known(Collection[str]):
    """Paths of pages; whether one is that of a part of a thing is found out when asked."""

    def __init__(self, pages: Pages, paths: set[str]) -> None:
        self._pages = pages
        self._paths = paths

    def __contains__(self, path: object) -> bool:
        return path in self._paths or self._pages.is_part(str(path))

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Pages:
    """Pages of one place.

    Args:
        place: what they are about.
        commands: the commands of the command line, as their help tells of them.
        extra: paths of further pages, which somebody else makes.
        functions: those of the package, as their docstrings tell of them.
    """

    def __init__(
        self,
        place: Place,
        commands: Sequence[Command] = (),
        extra: Sequence[str] = (),
        functions: Sequence[Command] = (),
    ) -> None:
        self.place = place
        self.functions = list(functions)
        lent = place.dataset.workspace.base is not None
        self.commands = [command.bare if lent else command for command in commands]
        self.extra = list(extra)
        self.inventory = Inventory(place)
        self.things = Things(place)
        # What was made last is kept, since the next page asks for it again; grounds and parts are
        # kept all.
        self._last_portrait: Portrait | None = None
        self._last_sections: tuple[Any, list[Section]] | None = None
        self._parts_by_thing: dict[str, dict[str, Divided]] = {}
        self._grounds_of: dict[NamedNode, Grounds] = {}

    # --- what there is -----------------------------------------------------

    @cached_property
    def saved(self) -> list[SavedQuery]:
        """The saved questions."""
        return saved_queries(self.place.dataset.workspace)

    @cached_property
    def single(self) -> dict[str, Callable[[Page], bytes]]:
        """Pages that are neither things nor parts of things, by path."""
        found: dict[str, Callable[[Page], bytes]] = {
            "": self.home,
            "search": lambda page: page.render("search.html", title="Search"),
            "id/": self._kinds,
            "law/": self._law,
            "ontology/": self._terms,
            "docs/": self._docs,
            "docs/rules": self._rules,
        }
        # The server is told of neither.
        for name, told in (("Commands", self.commands), ("Python", self.functions)):
            if told:
                found[f"docs/{name.lower()}"] = lambda page, name=name, told=told: page.render(  # type: ignore[misc]
                    "commands.html", title=name, commands=told
                )
        for folder in self.inventory.folders:
            found[folder] = lambda page, folder=folder: self._listing(page, folder)  # type: ignore[misc]
        for path, node in self.treaties.items():
            found[path] = lambda page, node=node: self._treaty(page, node)  # type: ignore[misc]
        for path, node in self.crises.items():
            found[path] = lambda page, node=node: self._grounds(page, node)  # type: ignore[misc]
        for room in self.rooms:
            found[f"ontology/{room.name}"] = lambda page, room=room: page.render(  # type: ignore[misc]
                "ontology.html", title=room.name, room=room
            )
        for subject in self._subjects:
            found[f"docs/rules/{subject}"] = lambda page, subject=subject: self._rules(  # type: ignore[misc]
                page, subject
            )
        for guide in self.guides:
            found[f"docs/{guide.name}"] = lambda page, guide=guide: self._guide(page, guide)  # type: ignore[misc]
        for number in range(1, max(1, len(self.disputes)) + 1):
            found[_conflicts(number)] = lambda page, n=number: self._conflicts(page, n)  # type: ignore[misc]
        return found

    @cached_property
    def known(self) -> Known:
        """The paths of all pages."""
        found = {"queries/", *(f"queries/{query.name}" for query in self.saved), *self.extra}
        return Known(self, found | set(self.single) | set(self.inventory.things))

    @cached_property
    def rooms(self) -> list[Room]:
        """The modules of the ontology."""
        return rooms(self.place.read)

    @cached_property
    def guides(self) -> list[Guide]:
        """Pages that people wrote."""
        return guides(self.place.dataset.workspace)

    @cached_property
    def drawings(self) -> dict[str, Path]:
        """Pictures of guides, by their path below ``docs/``."""
        return drawings(self.place.dataset.workspace)

    @cached_property
    def disputes(self) -> list[list[Any]]:
        """Questions that sources answer differently, page by page."""
        found = list_conflicts(self.place.read)
        return [found[n : n + CONFLICTS] for n in range(0, len(found), CONFLICTS)]

    @cached_property
    def treaties(self) -> dict[str, NamedNode]:
        """The instruments whose articles the graph has, by the path of their page."""
        return {f"law/{_last(node)}": node for node in instruments(self.things)}

    @cached_property
    def crises(self) -> dict[str, NamedNode]:
        """Crises in which the law gave grounds for something, by the path of their page."""
        quads = self.place.read.store.quads_for_pattern(None, csto("occasionOf"), None, INFERRED)
        found = {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
        return {f"law/grounds/{_last(node)}": node for node in sorted(found, key=self.place.label)}

    @cached_property
    def terms(self) -> dict[str, str]:
        """Paths of terms: each is a part of the page of its module."""
        return {
            f"ontology#{name}": f"ontology/{room.name}#{name}"
            for room in self.rooms
            for term in room.terms
            for name in [term.iri.partition("#")[2]]
        }

    @cached_property
    def moved(self) -> dict[str, str]:
        """Paths that are parts of another page: terms of a module, passages of a long source,
        and things that have no page of their own."""
        found = dict(self.terms)
        for node, above in self.place.told_with.items():
            found[self.place.path(node.value)] = self.place.path(above.value)
        for of in self.inventory.things:
            for path, (_, _, rows, _, _) in self._passages_of(of).items():
                for part in rows:
                    anchor = part.value.partition("#")[2]
                    found[f"{of}#{anchor}"] = f"{path}#{anchor}"
        return found

    def is_part(self, path: str) -> bool:
        """Whether a path is that of a part of a long page."""
        return self._part(path) is not None

    def parts_of(self, path: str) -> list[str]:
        """The paths of the pages of the long sections of a thing, and of its passages."""
        return list(self._parts_of(path))

    def _part(self, path: str) -> Divided | None:
        above = path.rpartition("/")[0]
        return self._parts_of(above).get(path) if above in self.inventory.things else None

    def _portrait(self, node: NamedNode) -> Portrait:
        """What is known of a thing; that of the last one is kept, whose parts are asked next."""
        if self._last_portrait is None or self._last_portrait.node != node:
            self._last_portrait = portray(self.place.read, node, None)
        return self._last_portrait

    def _parts_of(self, path: str) -> dict[str, Divided]:
        if path not in self._parts_by_thing:
            self._parts_by_thing[path] = self._divide(path)
        return self._parts_by_thing[path]

    def _divide(self, path: str) -> dict[str, Divided]:
        node = self.inventory.things[path]
        if _CONCEPT in self.things.reader.objects(node, RDF_TYPE):
            return {}
        found: dict[str, Divided] = {}
        portrait = self._portrait(node)
        if sum(len(lines) for lines in portrait.sections.values()) > 60:
            sections = self.things.sections(Static(self.place), node, portrait, False, None)
            for section, pages in long_sections(sections):
                for number, rows in enumerate(pages, 1):
                    name = _numbered(f"{path}/{section.slug}", number)
                    found[name] = (path, section, rows, number, len(pages))
        return found | self._passages_of(path)

    def _passages_of(self, path: str) -> dict[str, Divided]:
        """The pages of the passages of a source, if it has many."""
        found: dict[str, Divided] = {}
        node = self.inventory.things[path]
        if _CONCEPT in self.things.reader.objects(node, RDF_TYPE):
            return {}
        parts = self.things.part_nodes(node)
        count = -(-len(parts) // PASSAGES)
        if count > 1:
            for number in range(1, count + 1):
                some: list[Any] = parts[(number - 1) * PASSAGES : number * PASSAGES]
                found[f"{path}/passages-{number}"] = (path, None, some, number, count)
        return found

    # --- pages -------------------------------------------------------------

    def body(self, page: Page, path: str, day: str | None = None, **more: Any) -> bytes | None:
        """The page at a path; ``None`` if there is none that is made here.

        Args:
            page: where its links lead.
            path: below the root; a folder ends in ``/``.
            day: what can hold on this day only; ``None`` for all times.
            more: further values for the template of a thing.
        """
        if path in self.single:
            return self.single[path](page)
        if path in self.inventory.things:
            return self.thing(page, self.inventory.things[path], day, **more)
        part = self._part(path)
        return None if part is None else self._divided(page, part)

    def thing(self, page: Page, node: NamedNode, day: str | None = None, **more: Any) -> bytes:
        """The page of a thing."""
        portrait = self._portrait(node) if day is None else None
        thing = self.things.thing(page, node, day, portrait)
        if len(thing.parts) > PASSAGES and not page.live:
            path = self.place.path(node.value)
            count = -(-len(thing.parts) // PASSAGES)
            thing.parts = []
            names = [f"{path}/passages-{n}" for n in range(1, count + 1)]
            rows = [Row("", Link(f"page {n}", page.url("/" + p))) for n, p in enumerate(names, 1)]
            thing.sections.append(Section("Passages, page by page", "passages", rows, [], count))
        values = {"views": [], "alternates": [], **more}
        return page.render("thing.html", title=thing.title, thing=thing, **values)

    def _divided(self, page: Page, part: Divided) -> bytes:
        of, section, rows, number, count = part
        node = self.inventory.things[of]
        above = Link(self.place.label(node), page.url("/" + of))
        names = [
            f"{of}/passages-{n}" if section is None else _numbered(f"{of}/{section.slug}", n)
            for n in range(1, count + 1)
        ]
        pages = [(page.url("/" + name), n) for n, name in enumerate(names, 1)]
        shared = {"above": above, "pages": pages, "current": number}
        if section is None:
            parts = [self.things.part(page, part) for part in rows]
            title = f"Passages of {above.text}"
            return page.render("passages.html", title=title, parts=parts, **shared)
        again = self._sections(page, node)
        same = next(one for one in again if one.slug == section.slug)
        some = same.rows[(number - 1) * ROWS : number * ROWS]
        title = f"{section.name} of {above.text}"
        return page.render("section.html", title=title, section=same, rows=some, **shared)

    def _sections(self, page: Page, node: NamedNode) -> list[Section]:
        """The sections of a thing, with links from the folder of the pages of its parts."""
        key = (node, page.url("/"), page.on)
        if self._last_sections is None or self._last_sections[0] != key:
            made = self.things.sections(page, node, self._portrait(node), False, None)
            self._last_sections = key, made
        return self._last_sections[1]

    def home(self, page: Page) -> bytes:
        """The atlas, and where to begin."""
        starts = [
            (
                "/queries/",
                "Questions with their answers",
                "each row with its passages and its proof",
            ),
            ("/conflicts/", "Where sources differ", "every side, side by side"),
            ("/law/", "Law on a day", "treaties article by article, and what changed when"),
            ("/source/", "Sources", "and what rests on each passage"),
            ("/sparql", "Ask in SPARQL", "in this browser, without a server"),
            ("/data/", "Data", "the graph, panels and codebooks for other tools"),
        ]
        shown = [(page.url(path), name, note) for path, name, note in starts if page.has(path[1:])]
        kinds = self.inventory.kinds(page)
        return page.render("home.html", title=self.place.title, starts=shown, kinds=kinds)

    def _kinds(self, page: Page) -> bytes:
        return page.render("kinds.html", title="Things", kinds=self.inventory.kinds(page))

    def _listing(self, page: Page, folder: str) -> bytes:
        name = folder.strip("/").rpartition("/")[2].replace("-", " ")
        entries = self.inventory.entries(page, folder)
        title = f"{name[:1].upper()}{name[1:]}"
        return page.render("listing.html", title=title, entries=entries, path=folder)

    def _conflicts(self, page: Page, number: int) -> bytes:
        pages = [(page.url("/" + _conflicts(n)), n) for n in range(1, len(self.disputes) + 1)]
        some = self.disputes[number - 1] if self.disputes else []
        return page.render(
            "conflicts.html",
            title="Where sources differ",
            count=sum(len(listed) for listed in self.disputes),
            shown=[disputed(page, question) for question in some],
            pages=pages,
            current=number,
        )

    def _law(self, page: Page) -> bytes:
        treaties = []
        for path, node in self.treaties.items():
            made = treaty(self.things, page, node)
            treaties.append((page.url("/" + path), made.link.text, len(made.units), made.norms))
        grounds = []
        for path, node in self.crises.items():
            found = self._argued(node, self._told[node])
            number = sum(len(occasion.grounds) for occasion in found.occasions)
            grounds.append((page.url("/" + path), found.name, number))
        return page.render("law.html", title="Law", treaties=treaties, grounds=grounds)

    def _argued(self, crisis: NamedNode, told: Told | None = None) -> Grounds:
        """The grounds of a crisis, found once: its page and the list of them need it."""
        known = self._grounds_of
        if crisis not in known:
            known[crisis] = grounds_of(self.place.dataset, crisis, law=self._texts, told=told)
        return known[crisis]

    @cached_property
    def _told(self) -> dict[NamedNode, Told]:
        return told_of(self.place.dataset, list(self.crises.values()), self.place.cut_off)

    @cached_property
    def _texts(self) -> Texts:
        return texts(self.place.dataset, self.place.cut_off)

    def _treaty(self, page: Page, node: NamedNode) -> bytes:
        made = treaty(self.things, page, node)
        return page.render("treaty.html", title=made.link.text, treaty=made)

    def _grounds(self, page: Page, node: NamedNode) -> bytes:
        found = self._argued(node)
        return page.render("grounds.html", title=f"Grounds: {found.name}", **_told(page, found))

    def _terms(self, page: Page) -> bytes:
        listed = schemes(self.place.read)
        return page.render("rooms.html", title="Terms", rooms=self.rooms, schemes=listed)

    def _guide(self, page: Page, guide: Guide) -> bytes:
        names = [other.name for other in self.guides]
        return page.render(
            "guide.html", title=guide.title, html=guide_html(page, guide, names, self.drawings)
        )

    @cached_property
    def _subjects(self) -> dict[str, list[Any]]:
        """The rules by subject."""
        found: dict[str, list[Any]] = {}
        for rule in self.place.dataset.rules:
            found.setdefault(rule.subject, []).append(rule)
        return dict(sorted(found.items()))

    def _rules(self, page: Page, subject: str = "") -> bytes:
        return page.render(
            "rules.html",
            title=f"Rules: {subject}" if subject else "Rules",
            subject=subject,
            subjects=[(name, len(rules)) for name, rules in self._subjects.items()],
            rules=self._subjects.get(subject, []),
            count=len(self.place.dataset.rules),
            axioms=len(self.place.dataset.axioms),
        )

    def _docs(self, page: Page) -> bytes:
        names = ("Rules", "Checks", "Commands", "Python")
        own = [(f"/docs/{name.lower()}", name) for name in names]
        own = [(path, name) for path, name in own if path[1:] in self.single]
        parts = {"Made from the files": [(page.url(path), name) for path, name in own]}
        for guide in self.guides:
            folder = guide.name.rpartition("/")[0] or "reference"
            if guide.name != "checks":
                name = folder[:1].upper() + folder[1:]
                parts.setdefault(name, []).append((page.url(f"/docs/{guide.name}"), guide.title))
        return page.render("docs.html", title="Guide", parts=list(parts.items()))

    def questions(self, page: Page) -> bytes:
        """The saved questions by theme."""
        themes: dict[str, list[SavedQuery]] = {}
        for query in self.saved:
            themes.setdefault(query.name.partition("/")[0], []).append(query)
        return page.render("queries.html", title="Questions", themes=themes)


def _told(page: Page, found: Grounds) -> dict[str, Any]:
    """What the page of the grounds of a crisis shows."""
    occasions = []
    for occasion in found.occasions:
        groups = [
            (
                heading,
                [(g, page.local(g.norm.value)) for g in occasion.grounds if g.status == status],
            )
            for status, heading in HEADINGS.items()
        ]
        shown = [(heading, listed) for heading, listed in groups if listed]
        occasions.append((occasion, shown, occasion.unchecked))
    claims = [(said, page.local(said.node.value)) for said in found.claims]
    above = page.local(found.crisis.value)
    return {"found": found, "above": above, "occasions": occasions, "claims": claims}


def _conflicts(number: int) -> str:
    return "conflicts/" + (str(number) if number > 1 else "")


def _last(node: NamedNode) -> str:
    return str(node.value).rpartition("/")[2]


def _numbered(path: str, number: int) -> str:
    return path if number == 1 else f"{path}-{number}"
