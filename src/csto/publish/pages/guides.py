"""Pages that people wrote (``docs/``), and those that files and commands tell of themselves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from csto.load.workspace import Workspace
from csto.publish.pages.page import Page
from csto.validate import catalogue
from csto.validate.catalogue import page as page_of_checks


@dataclass
class Guide:
    """A page of docs/, or a file beside it: its path below ``docs/``, its title and its text."""

    name: str
    title: str
    text: str


@dataclass
class Command:
    """A command with its options, as its own help tells them."""

    name: str
    usage: str
    help: str
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def html(self) -> str:
        return markdown(self.help)

    @property
    def bare(self) -> Command:
        """The command without its examples, which are of the graph that the package carries."""
        kept = [text for text in self.help.split("\n\n") if not _EXAMPLE.match(text)]
        options = [(name, _SUCH_AS.sub("", text)) for name, text in self.options]
        return Command(self.name, self.usage, "\n\n".join(kept), options)


_EXAMPLE = re.compile(r"\s*(Examples?:|`csto )")
_SUCH_AS = re.compile(r",? such as [^.;]*|,? for example [^.;]*|; else [A-Z]+_[^.;]*")


def guides(workspace: Workspace) -> list[Guide]:
    """Pages that people wrote, where the workspace has them, and the page of codes."""
    root = workspace.root
    texts = {
        path.relative_to(root / "docs").with_suffix("").as_posix().lower(): path
        for path in sorted((root / "docs").rglob("*.md"))
    }
    # The start page of the folder is the list of these pages.
    texts |= {name: root / f"{name.upper()}.md" for name in ("contributing", "changelog")}
    found = {
        name: path.read_text(encoding="utf-8") for name, path in texts.items() if path.is_file()
    }
    found["checks"] = page_of_checks(catalogue(workspace))
    return [Guide(name, _title(text, name), text) for name, text in found.items()]


def drawings(workspace: Workspace) -> dict[str, Path]:
    """Pictures that guides show, by their path below ``docs/``."""
    root = workspace.root / "docs"
    return {
        path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.suffix in _DRAWN and path.is_file()
    }


_DRAWN = (".svg", ".png")


def _title(text: str, name: str) -> str:
    title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), name)
    return title.replace("`", "")


def guide_html(page: Page, guide: Guide, names: Iterable[str], pictures: Iterable[str] = ()) -> str:
    """A guide as HTML, with its links to other guides, and its pictures.

    Args:
        page: where it is shown.
        guide: the guide.
        names: those of all guides.
        pictures: those that there are, by their path below ``docs/``.
    """
    known = set(names)
    folder = posixpath.dirname(guide.name)
    targets: dict[str, str] = {}
    for target in re.findall(r"\]\(([^)#\s]+\.md)(?:#[^)]*)?\)", guide.text):
        way = posixpath.normpath(posixpath.join("docs", folder, target))
        name = way.removeprefix("docs/").removesuffix(".md").lower()
        if name in known:
            targets[target] = page.url(f"/docs/{name}")
    drawn = set(pictures)

    def shown(match: re.Match[str]) -> str:
        name = posixpath.normpath(posixpath.join(folder, match[1]))
        # What is not there is told by its words alone.
        return f'<img src="{page.asset("docs/" + name)}" ' if name in drawn else "<img "

    return re.sub(r'<img src="([^":]*)" ', shown, markdown(guide.text, targets))


def markdown(text: str, pages: Mapping[str, str] | None = None) -> str:
    """Markdown as HTML: an anchor on each heading, links to pages of the site, none to files."""
    from markdown_it import MarkdownIt

    html = str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    known = pages or {}

    def linked(match: re.Match[str]) -> str:
        target, anchor, shown = match[1], match[2] or "", match[3]
        if target.startswith(("http:", "https:")) or not target:
            return match[0]
        if target not in known:
            return shown
        return f'<a href="{known[target]}{anchor}">{shown}</a>'

    html = re.sub(r'<a href="([^"#]*)(#[^"]*)?">(.*?)</a>', linked, html, flags=re.DOTALL)

    def anchored(match: re.Match[str]) -> str:
        name = re.sub(r"[^\w\s-]", "", re.sub(r"<[^>]*>", "", match[2])).strip().lower()
        return f'<h{match[1]} id="{re.sub(r"[ ]+", "-", name)}">{match[2]}</h{match[1]}>'

    html = re.sub(r"<h([1-6])>(.*?)</h\1>", anchored, html)
    # Each has a name of its own for whoever goes from part to part.
    first, *rest = html.split("<table>")
    for number, part in enumerate(rest, 1):
        name = f"Table {number}" if len(rest) > 1 else "Table"
        region = f'<div class="scroll" role="region" aria-label="{name}" tabindex="0">'
        first += f"{region}<table>{part}"
    html = first
    html = html.replace("</table>", "</table></div>")
    return html.replace("<pre>", '<pre class="code" tabindex="0">')
