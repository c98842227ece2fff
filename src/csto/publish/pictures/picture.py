"""A picture: an answer with its view and what stands around it, written as spec, SVG, PNG, page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from csto.answer.coverage import Ledger, absences
from csto.answer.dates import in_words
from csto.answer.query import run
from csto.errors import InputError
from csto.graph.dataset import TIMELESS, Dataset
from csto.graph.parameters import bindings
from csto.proof.prover import Prover
from csto.publish.pictures import charts, graphs, grids, lanes, maps
from csto.publish.pictures.colours import Scale, scale, scheme_scale
from csto.publish.pictures.days import Frame, answers, merged, together
from csto.publish.pictures.sheet import NARROW, WIDE, Look, Sheet
from csto.publish.pictures.table import Row, read_rows, shown
from csto.publish.pictures.words import described
from csto.sparql.saved import SavedQuery
from csto.sparql.text import select
from csto.sparql.view import View, check, view_of
from csto.vocabulary import shorten

if TYPE_CHECKING:
    from csto.answer.citations import Matches

# Views that a page with a slider shows as of every day.
_OF_A_DAY = ("matrix", "map")
# More rows than this are no picture any more.
MOST = 1500
_TABLE = 150


@dataclass(frozen=True)
class Setting:
    """What stands around a picture.

    Attributes:
        title: what it shows.
        subtitle: what narrows it: parameters.
        day: the day that the rows are of, ``YYYY-MM-DD``; empty if they are of no day.
        cut_off: the last day of the graph.
        sources: names of the sources that the rows rest on, the most used first.
        passages: how many passages of them.
        data: where the rows are: a command or an address.
        notes: what a reader should know.
    """

    title: str
    subtitle: str = ""
    day: str = ""
    cut_off: str = "9999-12-31"
    sources: tuple[str, ...] = ()
    passages: int = 0
    data: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """Rows and how they are drawn. Everything it writes is the same each time."""

    view: View
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    setting: Setting
    scales: Mapping[str, Scale] = field(default_factory=dict)
    extents: Mapping[tuple[str, str], str] = field(default_factory=dict)
    # Makes the same of every day, for a page with a slider.
    of_days: Callable[[], list[Frame]] | None = None

    @cached_property
    def frames(self) -> list[Frame]:
        """The answer on every day, as far as it is drawn as it is on a day."""
        return self.of_days() if self.of_days and self.view.kind in _OF_A_DAY else []

    @cached_property
    def read(self) -> list[Row]:
        """The rows by channel."""
        return read_rows(self.view, self.columns, self.rows, self.setting.title)

    @property
    def description(self) -> str:
        """Alternative text: title, kind, and what the rows say."""
        if self.view.kind == "table":
            chosen: Sequence[str] = self.columns[:5]
            rows = [dict(zip(self.columns, map(shorten, row), strict=True)) for row in self.rows]
        else:
            skip = ("link", "subject", "within", "extent", "group")
            chosen = [name for name in self.view.channels if name not in skip]
            chosen = sorted(chosen, key=lambda name: name not in ("row", "source", "x"))
            rows = [row.of for row in self.read]
        title = self.setting.title
        if self.setting.subtitle:
            title += f" ({self.setting.subtitle})"
        if self.setting.day:
            title += f", on {in_words(self.setting.day)}"
        return described(self.view.kind, title, chosen, rows)

    @property
    def caption(self) -> list[str]:
        """Lines under a picture: notes, the day, the sources, where the data are."""
        lines = list(self.setting.notes)
        if self.setting.day:
            lines.append(f"As of {in_words(self.setting.day)}.")
        elif self.setting.cut_off != "9999-12-31":
            lines.append(f"All days up to {in_words(self.setting.cut_off)}.")
        if self.setting.sources:
            named = "; ".join(self.setting.sources[:4])
            more = len(self.setting.sources) - 4
            named += f"; {more} more" if more > 0 else ""
            lines.append(f"Sources: {named} ({self.setting.passages} passages).")
        if self.setting.data:
            lines.append(f"Data: {self.setting.data}")
        return lines

    def spec(self, narrow: bool = False, *, dressed: bool = True) -> dict[str, Any]:
        """The picture as a Vega-Lite spec.

        Args:
            narrow: for 390 pixels.
            dressed: with title and caption in it; without, only subtitle and legend.

        Raises:
            InputError: if the rows do not fit the view.
        """
        sheet = Sheet(NARROW if narrow else WIDE)
        self._draw(sheet, self.read, self.extents)
        title = self.setting.title if dressed else ""
        look = Look(title, self.setting.subtitle, self.caption if dressed else ())
        return sheet.spec(look)

    def _spec_of_days(self, narrow: bool) -> dict[str, Any]:
        """The picture of all days in one: each mark says on which it stands."""
        outer = NARROW if narrow else WIDE
        if self.view.kind == "timeline":
            sheet = Sheet(outer, slides=True)
            self._draw(sheet, self.read, self.extents)
            return sheet.spec(Look("", self.setting.subtitle))
        read = [
            read_rows(self.view, self.columns, frame.rows, self.setting.title)
            for frame in self.frames
        ]
        every = [row for rows in read for row in rows]
        layout = together(read) if self.view.kind == "matrix" else every
        sheets = []
        for rows, frame in zip(read, self.frames, strict=True):
            sheets.append(Sheet(outer))
            self._draw(sheets[-1], rows, frame.extents, layout)
        legend = list(dict.fromkeys(entry for sheet in sheets for entry in sheet.legend))
        known = self.scales["colour"].domain if "colour" in self.scales else []
        legend.sort(key=lambda entry: known.index(entry[0]) if entry[0] in known else len(known))
        for sheet in sheets:
            sheet.legend = list(legend)
        return merged([sheet.spec(Look("", self.setting.subtitle)) for sheet in sheets])

    def _draw(
        self,
        sheet: Sheet,
        rows: Sequence[Row],
        extents: Mapping[tuple[str, str], str],
        layout: Sequence[Row] = (),
    ) -> None:
        kind, view = self.view.kind, self.view
        if not rows and not layout:
            sheet.text(0, 12, "No rows: nothing in the graph answers this.", size=12)
            sheet.height = 24
            return
        if len(rows) > MOST:
            raise InputError(
                f"{len(rows)} rows are too many for one picture; narrow the question to at most "
                f"{MOST}"
            )
        colour = self.scales.get("colour") or Scale({"": "#0072b2"})
        setting = self.setting
        if kind == "timeline":
            lanes.draw(sheet, view, rows, colour, setting.cut_off, setting.day)
        elif kind == "matrix":
            grids.matrix(sheet, view, rows, colour, dict(extents), layout)
        elif kind == "heat":
            grids.heat(sheet, view, rows)
        elif kind == "sets":
            grids.sets(sheet, view, rows)
        elif kind == "strip":
            grids.strip(sheet, view, rows, colour)
        elif kind == "bars":
            charts.bars(sheet, view, rows, colour)
        elif kind == "lines":
            charts.lines(sheet, view, rows, colour)
        elif kind == "network":
            graphs.network(sheet, view, rows, colour)
        elif kind == "map":
            symbols = self.scales.get("symbol") or Scale({})
            maps.draw(sheet, view, rows, colour, symbols, layout)
        else:
            from csto.answer.dates import cell_in_words

            cells = [[cell_in_words(shorten(cell)) for cell in row] for row in self.rows[:_TABLE]]
            grids.table(sheet, self.columns, cells)
            if len(self.rows) > _TABLE:
                sheet.remarks.append(f"The first {_TABLE} of {len(self.rows)} rows.")

    # --- written --------------------------------------------------------------------

    def svg(
        self,
        narrow: bool = False,
        *,
        inline: bool = False,
        link: Callable[[str], str] | None = None,
    ) -> str:
        """The picture as SVG: for a file with title and caption, or for a page (``inline``).

        Args:
            narrow: for 390 pixels.
            inline: without title and caption, on no ground of its own.
            link: makes an address of the IRI of a thing; the IRI itself by default.

        Raises:
            InputError: if vl-convert is not installed, or the rows do not fit the view.
        """
        from csto.publish.pictures.render import as_svg

        spec = self.spec(narrow, dressed=not inline)
        return as_svg(spec, self.setting.title, self.description, inline=inline, link=link)

    def png(self, narrow: bool = False, scale: float = 2) -> bytes:
        """The picture as PNG, on white; ``scale`` is pixels of it to one of the SVG.

        Raises:
            InputError: as :meth:`svg` does.
        """
        from csto.publish.pictures.render import as_png

        return as_png(self.spec(narrow), scale)

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self.svg()

    def figure(self, *, link: Callable[[str], str] | None = None, data: str = "") -> str:
        """A ``<figure>`` for a page: both widths, caption, and a link to the data.

        Args:
            link: makes an address of the IRI of a thing.
            data: address of the rows.

        Raises:
            InputError: as :meth:`svg` does.
        """
        from csto.publish.pictures.page import figure

        wide = self.svg(inline=True, link=link)
        narrow = self.svg(narrow=True, inline=True, link=link)
        return figure(wide, narrow, self.caption, data)

    def html(self) -> str:
        """A page that stands alone: the figure, and the rows as a table and to save.

        A timeline, and what is drawn as of a day, has a slider of days in the page itself.

        Raises:
            InputError: as :meth:`svg` does.
        """
        from csto.publish.pictures.page import csv_address, figure, page, page_of_days
        from csto.publish.pictures.render import as_svg, unlinked

        slides = (self.view.kind == "timeline" and bool(self.rows)) or len(self.frames) > 1
        made = self._spec_of_days if slides else partial(self.spec, dressed=False)
        # A picture is one image to whoever hears it; the rows below have the links.
        wide, narrow = (
            unlinked(as_svg(made(n), self.setting.title, self.description, inline=True))
            for n in (False, True)
        )
        columns, rows = self._rows_of_days()
        drawn = figure(wide, narrow, self.caption, csv_address(columns, rows))
        if not slides:
            return page(self.setting.title, drawn, columns, rows)
        firsts = [frame.first for frame in self.frames]
        day = self.setting.day or self.setting.cut_off
        last = self.setting.cut_off
        return page_of_days(self.setting.title, drawn, columns, rows, firsts, day, last)

    def _rows_of_days(self) -> tuple[list[str], list[tuple[str, ...]]]:
        """Each row with the first and last day of each time on which it is one of the answer."""
        if not self.frames:
            return list(self.columns), list(self.rows)
        ends = [_day_before(frame.first) for frame in self.frames[1:]] + [self.setting.cut_off]
        found: dict[tuple[str, ...], list[list[str]]] = {}
        for number, (frame, end) in enumerate(zip(self.frames, ends, strict=True)):
            for row in dict.fromkeys(frame.rows):
                runs = found.setdefault(row, [])
                if runs and number and runs[-1][1] == ends[number - 1]:
                    runs[-1][1] = end
                else:
                    runs.append([frame.first, end])
        rows = [(*row, *run) for row, runs in found.items() for run in runs]
        return [*self.columns, "first_day", "last_day"], rows


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def of_rows(
    dataset: Dataset | None,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    view: View,
    setting: Setting,
    extents: Mapping[tuple[str, str], str] | None = None,
) -> Picture:
    """A picture of rows of text.

    Args:
        dataset: has the concept schemes of the view; ``None`` if it names none.
        columns: their names.
        rows: cells; IRIs in full, days as ``YYYY-MM-DD``.
        view: how they are drawn.
        setting: what stands around it.
        extents: what the coverage ledger says of empty cells, by row and column.

    Raises:
        InputError: if the columns do not fit the view.
    """
    check(view, columns, setting.title)
    scales = {}
    for name in ("colour", "symbol"):
        if name not in view:
            continue
        channel = view.channels[name]
        place = list(columns).index(channel.column)
        fixed = dict(channel.domain)
        if channel.scheme and dataset is not None:
            fixed = scheme_scale(dataset, channel.scheme) | fixed
            if not fixed:
                raise InputError(f"{setting.title}: no concept is in a scheme {channel.scheme}")
        scales[name] = scale(fixed, (row[place] for row in rows))
    picture = Picture(
        view, tuple(columns), tuple(tuple(row) for row in rows), setting, scales, extents or {}
    )
    _ = picture.read
    return picture


def of_query(
    dataset: Dataset,
    query: SavedQuery,
    given: Mapping[str, str],
    day: str,
    *,
    text: str = "",
    cite: bool = True,
    data: str = "",
    matches: Matches | None = None,
) -> Picture:
    """A picture of the answer of a query, as its header says.

    Args:
        dataset: the graph.
        query: saved, or from a text (:func:`csto.sparql.saved.query_of`).
        given: values of its parameters, as users write them.
        day: ``YYYY-MM-DD``.
        text: the query with its parameters in it, if it is not to be made here.
        cite: find the sources of the rows, for the caption.
        data: where the rows are; the command that gives them, by default.
        matches: the rows of that day with what they matched, if they are at hand.

    Raises:
        InputError: for a query that makes no rows, and rows that do not fit the view.
    """
    from csto.answer.query import bind

    bound = text or bind(query, given, dataset.things)
    if matches is not None:
        columns = matches.columns
        rows = [[shown(row.get(name)) for name in columns] for row in matches.rows]
    else:
        answer: Any = run(dataset, bound, day, query.name)
        if not hasattr(answer, "variables"):
            raise InputError(f"{query.name}: only the rows of a SELECT query can be drawn")
        columns = [variable.value for variable in answer.variables]
        rows = [[shown(row[name]) for name in columns] for row in answer]
    view = view_of(query, columns)
    values = bindings(query, given, dataset.things)
    names = {
        name: _named(dataset, values[param.variable])
        for name, param in query.params.items()
        if param.variable in values
    }
    title, subtitle = _titles(query, names, given)
    found = Counter[str]()
    if cite and rows:
        found = _sources(dataset, day, bound, query.name, matches)
    setting = Setting(
        title=title,
        subtitle=subtitle,
        day=day if query.dated else "",
        cut_off=dataset.cut_off,
        sources=tuple(name for name, _ in found.most_common()),
        passages=sum(found.values()),
        data=data or _command(query, given, day),
        notes=query.notes,
    )
    extents = _extents(Ledger(dataset), query, view, columns, rows, day)
    picture = of_rows(dataset, columns, rows, view, setting, extents)
    if not query.dated:
        return picture

    def of_days() -> list[Frame]:
        ledger = Ledger(dataset)
        found = answers(dataset, bound, query.name, columns)
        every = [list(row) for _, listed in found for row in listed]
        return [
            Frame(first, listed, _extents(ledger, query, view, columns, listed, first, every))
            for first, listed in found
        ]

    return replace(picture, of_days=of_days)


def _named(dataset: Dataset, term: Any) -> str:
    if not isinstance(term, NamedNode):
        return str(term.value)
    return dataset.things.label(term)


def _titles(
    query: SavedQuery, names: Mapping[str, str], given: Mapping[str, str]
) -> tuple[str, str]:
    """Title and subtitle: the heading with the parameters in it, else summary and parameters."""

    class Known(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "any"

    if query.heading:
        try:
            return query.heading.format_map(Known(names)), ""
        except (ValueError, IndexError, AttributeError) as error:
            raise InputError(
                f"{query.path or query.name}:1: heading: write parameters as {{name}}"
            ) from error
    said = ", ".join(f"{n.replace('_', ' ')}: {v}" for n, v in names.items() if n in given)
    return query.summary or "Answer of a query", said


def _command(query: SavedQuery, given: Mapping[str, str], day: str) -> str:
    if not query.path:
        return ""
    parts = [f'-p {name}="{value}"' for name, value in given.items()]
    parts += [f"--on {day}"] if query.dated else []
    return " ".join(["csto query", query.name, *parts, "--format csv --cite"])


def _sources(
    dataset: Dataset, day: str, text: str, name: str, matches: Matches | None
) -> Counter[str]:
    """Sources of the rows, with how many of their passages are used."""
    from csto.answer.citations import Matches

    try:
        if matches is None:
            matches = Matches(Prover(dataset, day), text, name)
        matches = matches.of_all_solutions()
        if len(matches.rows) > 400:
            return Counter()
        passages = {p for number in range(len(matches.rows)) for p in matches.passages(number)}
    except InputError:
        # What cannot be cited is drawn without the names of its sources.
        return Counter()
    return sources_of(dataset, passages)


def sources_of(dataset: Dataset, passages: set[str]) -> Counter[str]:
    """The sources of passages (by label), with how many of these each has."""
    rows = select(
        dataset.store,
        """PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?place ?source WHERE {
          ?passage dcterms:isPartOf ?of ; rdfs:label ?place . ?of rdfs:label ?source
          FILTER(LANG(?source) IN ("", "en")) } ORDER BY ?place ?source""",
        TIMELESS,
    )
    of = {row["place"].value: row["source"].value for row in rows}
    return Counter(sorted(of.get(p, p) for p in passages))


def _extents(
    ledger: Ledger,
    query: SavedQuery,
    view: View,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    day: str,
    layout: Sequence[Sequence[str]] = (),
) -> dict[tuple[str, str], str]:
    """What the coverage ledger says of each cell without a row.

    The channels ``subject`` and ``within`` have the things that rows and columns are of; the
    grid has those of ``layout``, if that is given.
    """
    if "subject" not in view or view.kind not in ("matrix", "heat"):
        return {}
    found: dict[tuple[str, str], str] = {}
    (absence,) = absences(query)[:1] or (None,)
    if absence is None:
        raise InputError(f"{query.path or query.name}:1: channel subject needs #+ absence:")
    place = {name: list(columns).index(ch.column) for name, ch in view.channels.items()}
    grid = layout or rows
    subjects = {row[place["row"]]: row[place["subject"]] for row in grid}
    frameworks = {
        row[place["column"]]: row[place["within"]] if "within" in place else "" for row in grid
    }
    here = {(row[place["row"]], row[place["column"]]) for row in rows}
    begin = date.fromisoformat(day).toordinal()
    for name, subject in subjects.items():
        for column, within in frameworks.items():
            if (name, column) not in here:
                told = ledger.extent(absence, subject, begin, begin + 1, within)
                found[name, column] = told or "outside"
    return found
