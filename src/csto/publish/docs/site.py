"""Build the site: a folder of pages that need no server and no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from csto import __version__
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace
from csto.publish.docs.terms import rooms, schemes
from csto.sparql.saved import saved_queries
from csto.validate import catalogue
from csto.validate.catalogue import page

_ORDER = ("modelling", "checks")


@dataclass
class Guide:
    """A page of docs/, or a file beside it, rendered."""

    name: str
    title: str
    html: str


@dataclass
class Command:
    """A command with its options, as its own help tells them."""

    name: str
    usage: str
    help: str
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def html(self) -> str:
        return _markdown(self.help)


def build_site(dataset: Dataset, folder: Path, commands: Sequence[Command] = ()) -> list[str]:
    """Write the site into a folder and return the names of its pages.

    Args:
        dataset: the graph.
        folder: receives the pages.
        commands: the commands of the command line, as their help tells of them.

    Raises:
        InputError: if the folder cannot be written, or jinja2 is not installed.
    """
    pages = dict(_pages(dataset, commands))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from error
    return sorted(pages)


def _pages(dataset: Dataset, commands: Sequence[Command]) -> Iterator[tuple[str, str]]:
    guides = list(_guides(dataset.workspace))
    shown: dict[str, tuple[str, dict[str, Any]]] = {
        "ontology": ("Ontology", {"rooms": rooms(dataset)}),
        "concepts": ("Concepts", {"schemes": schemes(dataset)}),
        "rules": ("Rules", {"rules": dataset.rules, "axioms": len(dataset.axioms)}),
        "queries": ("Saved queries", {"queries": saved_queries(dataset.workspace)}),
        "commands": ("Commands", {"commands": list(commands)}),
    }
    menu = [(f"{name}.html", title) for name, (title, _) in shown.items()]
    menu += [(f"{g.name}.html", g.title) for g in guides]
    common: dict[str, Any] = {"menu": menu, "version": __version__, "cut_off": dataset.cut_off}
    yield "style.css", _style()
    yield "index.html", _render("index.html", title="csto", here="index.html", **common)
    for name, (title, content) in shown.items():
        file = f"{name}.html"
        yield file, _render(file, title=title, here=file, **common, **content)
    for guide in guides:
        yield (
            f"{guide.name}.html",
            _render(
                "guide.html",
                title=guide.title,
                here=f"{guide.name}.html",
                html=guide.html,
                **common,
            ),
        )


@lru_cache(maxsize=1)
def _environment() -> Any:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise InputError(
            "the site needs jinja2, which is not installed: pip install 'csto[serve]'"
        ) from None
    return Environment(
        loader=PackageLoader("csto.publish.docs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(template: str, **values: Any) -> str:
    return str(_environment().get_template(template).render(**values))


def _style() -> str:
    # One look for the site and for the pages of csto serve.
    shared = Path(__file__).parents[2] / "serve" / "static" / "style.css"
    return shared.read_text("utf-8") + "\nh2 code, h3 code { font-size: 1em }\n"


def _guides(workspace: Workspace) -> Iterator[Guide]:
    """Pages that people wrote, where the workspace has them, and the page of codes."""
    root = workspace.root
    folder = root / "docs"
    files = (*folder.glob("*.md"), root / "CONTRIBUTING.md", root / "CHANGELOG.md")
    texts = {p.stem.lower(): p.read_text(encoding="utf-8") for p in files if p.is_file()}
    texts["checks"] = page(catalogue(workspace))
    first = [name for name in _ORDER if name in texts]
    last = [name for name in ("contributing", "changelog") if name in texts]
    for name in (*first, *sorted(set(texts) - {*first, *last}), *last):
        lines = texts[name].splitlines()
        title = next((line[2:] for line in lines if line.startswith("# ")), name)
        yield Guide(name, title.replace("`", ""), _markdown(texts[name], texts))


def _markdown(text: str, pages: Iterable[str] = ()) -> str:
    """Markdown as HTML: an anchor on each heading, links to pages of the site, none to files."""
    import re

    from markdown_it import MarkdownIt

    html = str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    known = set(pages)

    def linked(match: re.Match[str]) -> str:
        target, anchor, shown = match[1], match[2] or "", match[3]
        if target.startswith(("http:", "https:")) or not target:
            return match[0]
        page = target.rsplit("/", 1)[-1].removesuffix(".md").lower()
        if not target.endswith(".md") or page not in known or "examples/" in target:
            return shown
        return f'<a href="{page}.html{anchor}">{shown}</a>'

    html = re.sub(r'<a href="([^"#]*)(#[^"]*)?">(.*?)</a>', linked, html, flags=re.DOTALL)

    def anchored(match: re.Match[str]) -> str:
        name = re.sub(r"[^\w\s-]", "", re.sub(r"<[^>]*>", "", match[2])).strip().lower()
        return f'<h{match[1]} id="{re.sub(r"[ ]+", "-", name)}">{match[2]}</h{match[1]}>'

    return re.sub(r"<h([1-6])>(.*?)</h\1>", anchored, html)
