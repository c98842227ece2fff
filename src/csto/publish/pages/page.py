"""What all pages share: where things have their pages, links, and the templates (Jinja, escaped).

The same templates make the static site and the pages of ``csto serve``. What differs is
where a link leads: :class:`Live` keeps the day that was asked for in its address,
:class:`Static` writes a way from one file to another, which works from any folder.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, Triple

from csto import __version__
from csto.graph.dataset import Dataset
from csto.load.manifest import Manifest
from csto.vocabulary import ASSERTED, BASE, ONTOLOGY, RDF, RDF_TYPE, XSD, beside, csto, shorten

_PLAIN = {XSD + "string", RDF + "langString"}
_IDENTIFIER = NamedNode("http://purl.org/dc/terms/identifier")
_PART_OF = NamedNode("http://purl.org/dc/terms/isPartOf")


@dataclass(frozen=True)
class Link:
    """A text, with where it leads; for a value its datatype and language.

    ``out`` is the address of a source elsewhere, for a passage of it.
    """

    text: str
    href: str = ""
    title: str = ""
    lang: str = ""
    out: str = ""


@dataclass(frozen=True)
class Result:
    """The answer of a query on a page: ``rows``, ``boolean`` or ``graph``.

    ``sources`` has the passages of each row, ``why`` the steps of its proof.
    """

    kind: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Link, ...], ...] = ()
    text: str = ""
    count: int = 0
    sources: tuple[tuple[Link, ...], ...] = ()
    why: tuple[tuple[Link, ...], ...] = ()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; an undefined name is an error, and everything is escaped."""
    made = Environment(
        loader=PackageLoader("csto.publish.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made


@dataclass
class Place:
    """One dataset as a place with pages.

    ``dataset`` answers queries; ``read`` is what pages are read from, which may be the same
    graphs in memory.
    """

    dataset: Dataset
    read: Dataset

    @property
    def manifest(self) -> Manifest:
        """What the workspace says of itself."""
        return self.dataset.workspace.manifest

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return self.manifest.title or "A knowledge graph of collective security"

    @cached_property
    def central(self) -> Link | None:
        """What the workspace is about, by its short name, without an address."""
        if not self.manifest.central:
            return None
        node = NamedNode(self.manifest.central)
        quads = self.read.store.quads_for_pattern(node, csto("abbreviation"), None, ASSERTED)
        short = sorted(getattr(quad.object, "value", "") for quad in quads)
        return Link(short[0] if short else self.label(node), "", self.label(node))

    @cached_property
    def name(self) -> str:
        """The title, short: it stands on every page."""
        return f"{self.central.text} graph" if self.central else self.title

    @cached_property
    def cut_off(self) -> str:
        return self.read.cut_off

    @cached_property
    def spaces(self) -> list[tuple[str, str]]:
        """Where the IRIs of things begin, and the path of their pages; the longest first."""
        bases = [layer.manifest.base for layer in self.read.workspace.layers] + [BASE]
        begins = {base for base in bases if base} | {beside(base) for base in bases if base}
        found = {begin: self.path(begin + "x").removesuffix("x") for begin in begins}
        return sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0]))

    def path(self, iri: str) -> str:
        """The path of the page of a thing of ours, with its fragment; empty for what is not."""
        known = self.__dict__.setdefault("_paths", {})
        if iri not in known:
            known[iri] = self.read.workspace.path_of(iri) or ""
        return str(known[iri])

    def label(self, node: NamedNode) -> str:
        return self.read.things.label(node)

    @cached_property
    def told_with(self) -> dict[NamedNode, NamedNode]:
        """Things that have no page of their own, with those on whose pages they are told."""
        store = self.read.store
        found: dict[NamedNode, NamedNode] = {}
        for told in store.quads_for_pattern(None, csto("toldWith"), None, ONTOLOGY):
            way = csto(getattr(told.object, "value", ""))
            for quad in store.quads_for_pattern(None, RDF_TYPE, told.subject, ASSERTED):
                for step in store.quads_for_pattern(quad.subject, way, None, ASSERTED):
                    if isinstance(quad.subject, NamedNode) and isinstance(step.object, NamedNode):
                        found[quad.subject] = step.object
        return found

    def outside(self, passage: NamedNode) -> str:
        """Where the source of a passage, or a source, can be read elsewhere; empty if unknown."""
        known = self.__dict__.setdefault("_outside", {})
        if passage not in known:
            known[passage] = self._outside_of(passage)
        return str(known[passage])

    def _outside_of(self, node: NamedNode) -> str:
        store = self.read.store
        parts = store.quads_for_pattern(node, _PART_OF, None, ASSERTED)
        sources = [q.object for q in parts if isinstance(q.object, NamedNode)]
        for source in [node, *sources]:
            for quad in store.quads_for_pattern(source, _IDENTIFIER, None, ASSERTED):
                if address := web_address(getattr(quad.object, "value", "")):
                    return address
        return ""


def web_address(text: str) -> str:
    """The address on the web that an identifier of a source is, or stands for."""
    if text.startswith(("http://", "https://")):
        return text
    bare = text.removeprefix("doi:").removeprefix("DOI:").strip()
    return f"https://doi.org/{bare}" if bare.startswith("10.") and "/" in bare else ""


@dataclass
class Page:
    """One page: where its links lead, and how it is rendered."""

    place: Place
    live = False
    on: str | None = None
    day: str | None = None

    def url(self, path: str, **parameters: str | None) -> str:
        """A link to a page of this place; ``path`` begins with ``/`` and may have a fragment."""
        raise NotImplementedError

    def asset(self, name: str) -> str:
        """Where a file lies that pages share, such as the style sheet."""
        raise NotImplementedError

    def has(self, path: str) -> bool:
        """Whether there is such a page."""
        return True

    def why(self, triple: Any) -> str:
        """Where the proof of a triple is: an address, or the number of its step."""
        raise NotImplementedError

    def local(self, iri: str) -> str:
        """Where an IRI leads: to a page here for one of ours, else to itself."""
        path = self.place.path(iri)
        if path:
            return self.url("/" + path) if self.has(path) else ""
        return iri if iri.startswith(("http://", "https://")) else ""

    def link(self, term: Any) -> Link:
        """A term with the label that people read."""
        if isinstance(term, NamedNode):
            return Link(self.place.label(term), self.local(term.value))
        return self.cell(term)

    def passage(self, node: NamedNode) -> Link:
        """A passage: its place here, and where its source can be read."""
        out = self.place.outside(node)
        return Link(self.place.label(node), self.local(node.value), "", "", out)

    def cell(self, term: Any) -> Link:
        """A term as a cell of a table: short name, or text with its language or datatype."""
        if term is None:
            return Link("")
        if isinstance(term, NamedNode):
            return Link(shorten(term.value), self.local(term.value), term.value)
        if isinstance(term, Literal):
            kind = term.datatype.value
            shown = "" if kind in _PLAIN else shorten(kind)
            return Link(term.value, "", shown, term.language or "")
        if isinstance(term, BlankNode):
            return Link(str(term), "", "blank node")
        return Link(str(term))

    def rows(self, names: Iterable[str], rows: list[QuerySolution]) -> Result:
        """Rows of an answer as cells."""
        listed = tuple(names)
        cells = tuple(tuple(self.cell(row[name]) for name in listed) for row in rows)
        return Result("rows", listed, cells, count=len(rows))

    def render(self, template: str, **values: Any) -> bytes:
        """A template as bytes of HTML."""
        made = environment().get_template(template)
        text = made.render(
            page=self,
            place=self.place,
            on=self.on or "",
            day=self.day,
            cut_off=self.place.cut_off,
            version=__version__,
            **values,
        )
        return text.encode()


@dataclass
class Live(Page):
    """A page of the server: its links keep the day that was asked for.

    ``root`` is the path under which the site is mounted, without a slash at its end.
    """

    root: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    live = True

    def has(self, path: str) -> bool:
        # Files to download are those of the static site; what is built from npm may not be there.
        if path.startswith("data/"):
            return path == "data/atlas.js"
        return not path.startswith("static/") or path[len("static/") :] in assets()

    def url(self, path: str, **parameters: str | None) -> str:
        path = "/" + self.moved.get(path[1:], path[1:])
        bare, hash_, fragment = path.partition("#")
        given = {"on": self.on, **parameters}
        text = urlencode({key: value for key, value in given.items() if value})
        mark = f"?{text}" if text else ""
        return f"{self.root}{quote(bare, safe=_SAFE)}{mark}{hash_}{fragment}"

    def asset(self, name: str) -> str:
        return f"{self.root}/static/{name}"

    def why(self, triple: Any) -> str:
        subject, predicate, thing = triple
        return self.url("/why", triple=f"{subject} {predicate} {thing}", on=self.day)


# What make site-assets builds, beside the texts of the licences.
ASSETS = ("editor.js", "engine.js", "vega.js", "world.js", "LICENCES.txt")


@lru_cache(maxsize=1)
def assets() -> dict[str, str]:
    """The files that are built from npm, if they are all there."""
    folder = resources.files("csto.publish.pages").joinpath("assets")
    if not all(folder.joinpath(name).is_file() for name in ASSETS):
        return {}
    return {name: folder.joinpath(name).read_text("utf-8") for name in ASSETS}


_SAFE = "/:@!$&()*+,;=~"


@dataclass
class Static(Page):
    """A page that lies in a file: its links are ways to other files.

    ``here`` is the path of the file below the folder of the site; ``known`` are the paths
    of all pages, without ``.html``; ``moved`` says where a path is a part of another page.
    """

    here: str = "index.html"
    known: Collection[str] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    # What the page calls inferred: the site proves it.
    proved: list[Triple] = field(default_factory=list)

    @cached_property
    def up(self) -> str:
        return "../" * self.here.count("/")

    def has(self, path: str) -> bool:
        return self._file(path) is not None

    def _file(self, path: str) -> str | None:
        bare, hash_, fragment = path.partition("#")
        if path in self.moved:
            bare, hash_, fragment = self.moved[path].partition("#")
        if bare not in self.known:
            return None
        return f"{file_of(bare)}{hash_}{fragment}"

    def url(self, path: str, **parameters: str | None) -> str:
        found = self._file(path.removeprefix("/"))
        if found is None:
            return ""
        bare, hash_, fragment = found.partition("#")
        if bare == self.here and fragment:
            return f"#{quote(fragment)}"
        # A name with a percent sign is written as such a file; a browser must not decode it.
        return f"{quote(self._way(bare))}{hash_}{quote(fragment)}"

    def _way(self, file: str) -> str:
        """The shortest way to a file: most of a site is such ways."""
        steps, here = file.split("/"), self.here.split("/")
        same = 0
        while same < min(len(steps), len(here)) - 1 and steps[same] == here[same]:
            same += 1
        return "../" * (len(here) - same - 1) + "/".join(steps[same:])

    def asset(self, name: str) -> str:
        return f"{self.up}static/{name}"

    def why(self, triple: Any) -> str:
        self.proved.append(triple)
        return step_key(triple)

    def render(self, template: str, **values: Any) -> bytes:
        """A template as bytes of HTML, without the quotation marks and the end tags that HTML
        does not ask for: a site has a million of them."""
        return _ENDS.sub(b"", _QUOTED.sub(rb"=\1", super().render(template, **values)))


# Text has its quotation marks escaped, so that these stand in tags only.
_QUOTED = re.compile(rb'="([A-Za-z0-9_.#:/%-]+)"(?=[ >])')
# An item ends where the next one begins, or its list ends.
_ENDS = re.compile(rb"</(?:li(?=>\s*<(?:li\b|/ul))|d[dt](?=>\s*<(?:d[dt]\b|/dl|/div)))>")


def file_of(path: str) -> str:
    """The file of a page below the folder of the site; a folder has an ``index.html``."""
    if not path or path.endswith("/"):
        return f"{path}index.html"
    return f"{path}.html"


def step_key(triple: Any) -> str:
    """The number of a step of a proof: ten digits that follow from its triple."""
    from hashlib import blake2b

    subject, predicate, thing = triple
    text = f"{subject} {predicate} {thing}"
    return blake2b(text.encode(), digest_size=5).hexdigest()


def marked(html: str) -> Markup:
    """HTML that our own code made."""
    return Markup(html)
