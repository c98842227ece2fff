"""What the pages share: links, cells of a table, and the templates (Jinja, escaped)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution

from csto import __version__
from csto.sparql.saved import SavedQuery
from csto.vocabulary import ASSERTED, RDF, XSD, csto, shorten

if TYPE_CHECKING:
    from csto.serve.site import Site

_PLAIN = {XSD + "string", RDF + "langString"}


@dataclass(frozen=True)
class Link:
    """A text, with where it leads; for a value its datatype and language."""

    text: str
    href: str = ""
    title: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Result:
    """The answer of a query on a page: ``rows``, ``boolean`` or ``graph``."""

    kind: str
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Link, ...], ...] = ()
    text: str = ""
    count: int = 0


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; an undefined name is an error, and everything is escaped."""
    return Environment(
        loader=PackageLoader("csto.serve", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass
class Page:
    """One page: links keep the day that was asked for.

    ``root`` is the path under which the site is mounted, without a slash at its end.
    """

    site: Site
    root: str
    on: str | None
    day: str | None = None
    query: dict[str, str] = field(default_factory=dict)

    def url(self, path: str, **parameters: str | None) -> str:
        """A link within the site; ``path`` may have a fragment."""
        bare, hash_, fragment = path.partition("#")
        given = {"on": self.on, **parameters}
        text = urlencode({key: value for key, value in given.items() if value})
        mark = f"?{text}" if text else ""
        return f"{self.root}{quote(bare, safe='/:@!$&()*+,;=~')}{mark}{hash_}{fragment}"

    def local(self, iri: str) -> str:
        """Where an IRI leads: to a page of this site for one of ours, else to itself."""
        if (path := self.site.dataset.workspace.path_of(iri)) is not None:
            return self.url("/" + path)
        return iri if iri.startswith(("http://", "https://")) else ""

    def link(self, term: Any) -> Link:
        """A term with the label that people read."""
        if isinstance(term, NamedNode):
            return Link(self.site.dataset.things.label(term), self.local(term.value), term.value)
        return self.cell(term)

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

    @property
    def central(self) -> Link | None:
        """What the workspace is about, by its short name."""
        iri = self.site.dataset.workspace.manifest.central
        if not iri:
            return None
        names = self.site.store.quads_for_pattern(
            NamedNode(iri), csto("abbreviation"), None, ASSERTED
        )
        short = sorted(q.object.value for q in names if isinstance(q.object, Literal))
        label = self.site.dataset.things.label(NamedNode(iri))
        return Link(short[0] if short else label, self.local(iri), label)

    def render(self, template: str, **values: Any) -> bytes:
        """A template as bytes of HTML."""
        text = (
            environment()
            .get_template(template)
            .render(
                page=self,
                on=self.on or "",
                day=self.day,
                cut_off=self.site.dataset.cut_off,
                manifest=self.site.dataset.workspace.manifest,
                central=self.central,
                version=__version__,
                **values,
            )
        )
        return text.encode()


def choices(site: Site, saved: SavedQuery) -> dict[str, list[tuple[str, str]]]:
    """Things to choose from for each parameter of a saved query that names kinds.

    Pairs of short name and label, by label; none where there are too many to list.
    """
    found = {}
    for param in saved.params.values():
        pairs = [
            (shorten(node.value), site.dataset.things.label(node))
            for kind in param.of
            for node in of_kind(site, kind)
        ]
        if 0 < len(pairs) <= _CHOICES:
            found[param.name] = sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0]))
    return found


_CHOICES = 500


def of_kind(site: Site, kind: str) -> list[NamedNode]:
    """Things whose IRI is of a kind, such as ``state`` or ``party-status``, by IRI."""
    return site.kinds.get(kind.replace("-", ""), [])
