"""The parts of a site: pages, questions with their answers, proofs, data."""

from __future__ import annotations

import gzip
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from importlib import resources
from typing import Any

from pyoxigraph import NamedNode

from csto.answer.citations import Matches
from csto.answer.panel import build_panel, codebook
from csto.answer.panel.build import UNITS
from csto.answer.query import bind
from csto.answer.tables import write_rows
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.graph.memory import in_memory
from csto.proof.prover import Prover
from csto.publish.export import DEFAULT, export
from csto.publish.network import as_graphml, network
from csto.publish.pages.answers import cited_rows, draws, picture_of
from csto.publish.pages.guides import Command, markdown
from csto.publish.pages.make import Pages
from csto.publish.pages.page import ASSETS, Place, Static, assets, file_of, marked
from csto.publish.pictures.render import HATCHING, style
from csto.publish.site.ask import ask_script, graph_script
from csto.publish.site.atlas import atlas
from csto.publish.site.files import Folder
from csto.publish.site.proofs import Steps, dumped, packed, script
from csto.publish.site.search import entries
from csto.sparql.saved import SavedQuery

# Panels that are small enough to travel with pages; csto panel makes all.
PANELS = tuple(unit for unit in UNITS if "dyad" not in unit)
# Rows of an answer on its page; the file beside it has all.
SHOWN = 20
# A file of rows with more bytes than this travels packed.
PACKED = 100_000
# Things whose pages are made in one go.
CHUNK = 100
# Files of the package that pages load.
_STATIC = (
    "style.css",
    "site.js",
    "map.js",
    "atlas.js",
    "law.js",
    "picture.js",
    "sparql.js",
    "icon.svg",
)


class Site:
    """One site over one dataset.

    Args:
        dataset: the graph.
        folder: receives the files.
        commands: the commands of the command line.
        functions: those of the package.
    """

    def __init__(
        self,
        dataset: Dataset,
        folder: Folder,
        commands: Sequence[Command],
        functions: Sequence[Command] = (),
    ) -> None:
        self.dataset = dataset
        self.folder = folder
        self.missing: list[str] = []
        # Read from disk, the questions alone would take three times as long.
        self.place = Place(dataset.hold(), in_memory(dataset))
        extra = ["data/", *(f"data/{unit}" for unit in PANELS)]
        if assets():
            extra += ["sparql", "static/world.js"]
        self.pages = Pages(self.place, commands, extra, functions)

    def tasks(self) -> list[tuple[str, Any]]:
        """The work in pieces, small ones last: what is made, and of what.

        It is the same list in each process, whatever has been asked there before.
        """
        paths = list(self.pages.inventory.things)
        # What rules make only when asked is much, and slows whatever is asked after it.
        late = self.dataset.names_late
        answers = sorted(self.pages.saved, key=lambda query: late(query.text))
        return [
            *(("answer", query) for query in answers),
            ("data", None),
            ("pages", None),
            *(("things", paths[n : n + CHUNK]) for n in range(0, len(paths), CHUNK)),
        ]

    def work(self, take: Callable[[], int]) -> None:
        """Do the tasks whose numbers one is given, until there are no more."""
        tasks = self.tasks()
        while (number := take()) < len(tasks):
            kind, of = tasks[number]
            if kind == "data":
                self.write_data()
            elif kind == "pages":
                self.write_pages()
            elif kind == "answer":
                self.write_answer(of)
            else:
                self.write_things(of)

    def finish(self) -> None:
        """Write what every page needs, the steps of proofs, and the list of files."""
        for name, text in self.steps.scripts().items():
            self.folder.write(name, text)
        for name in _STATIC:
            self.folder.write(f"static/{name}", _static(name))
        self.folder.write("static/picture.css", style())
        if not assets():
            self.missing.append(
                "left out: SPARQL in the browser and the map of the world; "
                "make site-assets builds what they need (with npm)"
            )
        if not draws():
            self.missing.append("left out: pictures; pip install 'csto[pictures]' brings them")
        self.folder.close()

    def page(self, path: str) -> Static:
        """A page at a path."""
        known, moved = self.pages.known, self.pages.moved
        return Static(self.place, here=file_of(path), known=known, moved=moved)

    def _put(self, page: Static, template: str, **values: Any) -> None:
        self.folder.write(page.here, page.render(template, **values))

    # --- pages -------------------------------------------------------------

    def write_things(self, paths: Iterable[str]) -> None:
        """The pages of some things, and those of the long parts of some."""
        for path in paths:
            self._write(path)
            for part in self.pages.parts_of(path):
                self._write(part)

    def write_pages(self) -> None:
        """All pages that are no things, and what the home page and the search read."""
        for path in self.pages.single:
            self._write(path)
        for name, drawn in self.pages.drawings.items():
            self.folder.write(f"static/docs/{name}", drawn.read_bytes())
        page = self.page("queries/")
        self.folder.write(page.here, self.pages.questions(page))
        top = self.page("")
        self.folder.write("data/atlas.js", script("atlas", atlas(self.pages.things, top)))
        words = dumped(entries(self.pages.things, top))
        self.folder.write("data/search.js", script("search", packed(words)))

    def _write(self, path: str) -> None:
        page = self.page(path)
        body = self.pages.body(page, path)
        assert body is not None
        self.folder.write(page.here, body)
        self.steps.prove(page.proved)

    def write_answer(self, query: SavedQuery) -> None:
        """The page of a saved question, with the answer to its example."""
        page = self.page(f"queries/{query.name}")
        given = {name: text for name, text in query.example.items() if name != "on"}
        page.day = day = query.example.get("on", self.place.cut_off)
        result, error, download, picture = None, "", "", marked("")
        try:
            text = bind(query, given, self.dataset.things)
            answer = cited_rows(page, self.prover(day), text, query.name, SHOWN)
            result = answer.result
            self.steps.add_all(answer.proofs, day)
            download = self._download(query, answer.matches)
            picture = picture_of(page, answer.matches, query, given, download)
        except InputError as problem:
            error = str(problem).splitlines()[0]
        words = ["csto", "query", query.name]
        words += [w for name, value in given.items() for w in ("-p", f"{name}={value}")]
        self._put(
            page,
            "answer.html",
            title=query.summary,
            saved=query,
            given={name: self._said(value) for name, value in given.items()},
            result=result,
            error=error,
            notes=query.notes,
            command=shlex.join([*words, "--on", day]),
            picture=picture,
            download=download,
            empty="The graph has nothing of the kind; silence is not a “no”.",
        )

    def _said(self, value: str) -> str:
        """The value of a parameter as people read it."""
        is_iri = value.startswith(("http://", "https://"))
        return self.place.label(NamedNode(value)) if is_iri else value

    def _download(self, query: SavedQuery, matches: Matches) -> str:
        rows = [
            [getattr(row.get(name), "value", "") for name in matches.columns]
            for row in matches.rows
        ]
        table = write_rows(matches.columns, rows, "csv").encode()
        name = query.name + ".csv"
        if len(table) > PACKED:
            name, table = name + ".gz", gzip.compress(table, 9, mtime=0)
        self.folder.write(f"queries/{name}", table)
        return name.rpartition("/")[2]

    # --- proofs ------------------------------------------------------------

    @cached_property
    def _provers(self) -> dict[str, Prover]:
        return {}

    def prover(self, day: str) -> Prover:
        """The prover of a day; what is timeless is proved once for all of them."""
        if day not in self._provers:
            first = next(iter(self._provers.values()), None)
            timeless = first.timeless if first else None
            self._provers[day] = Prover(self.dataset, day, timeless=timeless)
        return self._provers[day]

    @cached_property
    def steps(self) -> Steps:
        """The steps that pages show."""
        return Steps(self.page(""), self.prover(self.place.cut_off))

    # --- data --------------------------------------------------------------

    def write_data(self) -> None:
        """The graph and panels for other tools, and what SPARQL in the browser needs."""
        files = []
        for name, what, data in self._downloads():
            self.folder.write(f"data/{name}", data)
            files.append((name, name, what, f"{len(data) / 1000:.0f}"))
        page = self.page("data/")
        books = [(f"Codebook of {unit}", page.url(f"/data/{unit}")) for unit in PANELS]
        self._put(page, "data.html", title="Data", files=files, codebooks=books)
        if found := assets():
            for name in ASSETS:
                self.folder.write(f"static/{name}", found[name])
            self.folder.write("data/graph.js", graph_script(self.dataset))
            pages = {path for path in self.pages.known if path and not path.endswith("/")}
            self.folder.write("data/ask.js", ask_script(self.place, self.pages.saved, pages))
            first = next((q for q in self.pages.saved if not q.params), self.pages.saved[0])
            asked = [line for line in first.text.splitlines() if not line.startswith("#+")]
            first_text = "\n".join(asked)
            self._put(
                self.page("sparql"),
                "ask.html",
                title="SPARQL",
                first=first_text,
                hatching=marked(HATCHING),
            )

    def _downloads(self) -> Iterator[tuple[str, str, bytes]]:
        day = self.place.cut_off
        stated = export(self.dataset, "trig", day=day, parts=DEFAULT)
        what = "what is stated, with ontology and concepts (TriG, packed)"
        yield "graph.trig.gz", what, gzip.compress(stated, 6, mtime=0)
        follows = export(self.dataset, "ntriples", day=day, parts=("inferred",))
        what = "what follows, and what is certain on the last day (N-Triples, packed)"
        yield "inferred.nt.gz", what, gzip.compress(follows, 6, mtime=0)
        what = f"states and organizations as a network on {day}"
        graphml = as_graphml(network(self.dataset, day))
        yield "network.graphml.gz", f"{what} (packed)", gzip.compress(graphml, 6, mtime=0)
        whole = int(day[:4]) - (not day.endswith("12-31"))
        for unit in PANELS:
            made = build_panel(self.dataset, unit, whole - 32, whole)
            page = self.page(f"data/{unit}")
            self._put(page, "guide.html", title=f"Codebook: {unit}", html=markdown(codebook(made)))
            table = write_rows(made.columns, made.rows, "csv").encode()
            what = f"panel {unit}, {len(made.rows)} rows"
            if len(table) > PACKED:
                yield f"{unit}.csv.gz", f"{what} (packed)", gzip.compress(table, 9, mtime=0)
            else:
                yield f"{unit}.csv", what, table


def _static(name: str) -> str:
    return resources.files("csto.publish.pages").joinpath("static", name).read_text("utf-8")
