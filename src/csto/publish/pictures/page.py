"""A figure for pages, and a page that stands alone: both widths, caption, rows."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from importlib import resources
from urllib.parse import quote

from csto.answer.dates import in_words
from csto.answer.tables import write_rows
from csto.publish.pictures.render import style
from csto.vocabulary import shorten

STYLE = """
.picture{margin:0;max-width:56rem}
.picture svg{max-width:100%;height:auto;display:block}
.picture .narrow{display:none}
.picture figcaption{font-size:.85rem;max-width:50rem}
@media (max-width:700px){.picture .wide{display:none}.picture .narrow{display:block}}
"""
_PAGE = """
body{font:16px/1.45 system-ui,sans-serif;margin:1.2rem auto;max-width:56rem;padding:0 .75rem;
color:#1a1a1a;background:#fff}
h1{font-size:1.3rem}
.rows{overflow-x:auto}
table{border-collapse:collapse;font-size:.85rem}
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
a{color:#0b5394}
@media (prefers-color-scheme:dark){body{color:#f0f0f0;background:#14171c}
a{color:#8ec7ff}th,td{border-color:#3c4149}}
@media print{details,.days{display:none}}
.days{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}.days[hidden]{display:none}
.days input[type=range]{flex:1 1 12rem}.days button,.days input{font:inherit;padding:.2rem .5rem}
.off-screen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.picture .off{opacity:.18}
#held{columns:20rem;font-size:.85rem;padding-left:1.1rem;max-height:12rem;overflow:auto}
"""


def figure(wide: str, narrow: str, caption: Sequence[str], data: str = "") -> str:
    """The ``<figure>`` of a picture.

    Args:
        wide: its SVG.
        narrow: its SVG for 390 pixels.
        caption: lines of text.
        data: address of the rows.
    """
    lines = [html.escape(line) for line in caption]
    if data:
        lines = [line for line in lines if not line.startswith("Data: ")]
        packed = data.endswith(".gz")
        name, kind = ("rows.csv.gz", "CSV, packed") if packed else ("rows.csv", "CSV")
        lines.append(f'<a href="{html.escape(data)}" download="{name}">Data ({kind})</a>')
    return (
        f'<figure class="picture"><div class="wide">{wide}</div>'
        f'<div class="narrow">{narrow}</div>'
        f"<figcaption>{'<br>'.join(lines)}</figcaption></figure>\n"
    )


def csv_address(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as an address that has them in it."""
    return "data:text/csv;charset=utf-8," + quote(write_rows(columns, rows, "csv"))


def page_of_days(
    title: str,
    drawn: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    firsts: Sequence[str],
    day: str,
    last: str,
) -> str:
    """Such a page with a slider of days.

    Args:
        title: of the picture.
        drawn: its figure, whose marks say on which days, or in which frames, they stand.
        columns: names of the columns.
        rows: the rows of all days.
        firsts: the first day of each frame; none for a drawing whose marks have days.
        day: the day that is shown without a script.
        last: the last day.
    """
    at = max((n for n, first in enumerate(firsts) if first <= day), default=0)
    said = f"As of {in_words(day)}."
    drawn = drawn.replace(said, f'<span id="said">{said}</span>', 1)
    # The sources are those of the rows of the day that was asked for.
    if firsts:
        drawn = drawn.replace("<br>Sources: ", f"<br>Sources of {in_words(day)}: ", 1)
    first = f'<style id="shown">{_SHOWN % at if firsts else ""}</style>'
    about = json.dumps({"firsts": list(firsts), "day": day, "last": last})
    script = _SCRIPT.replace("ABOUT", about.replace("<", "\\u003c"))
    return page(title, f"{_SLIDER}{first}{drawn}", columns, rows, script)


_SHOWN = '[data-on]:not([data-on~="%d"]){display:none}'
_SLIDER = """<div class="days" id="days" hidden>
<label for="day">Day</label>
<button type="button" id="before" aria-label="to the change before">◀</button>
<input id="day" type="range" step="1">
<button type="button" id="after" aria-label="to the next change">▶</button>
<label class="off-screen" for="exact">Exact day</label> <input id="exact" type="date">
<button type="button" id="all" hidden>all days</button>
</div>
<p id="spoken" role="status"></p><ul id="held" hidden></ul>
"""
_SCRIPT = resources.files(__package__).joinpath("days.js").read_text("utf-8")


def page(
    title: str,
    drawn: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    script: str = "",
) -> str:
    """A page that needs nothing else: the figure, and its rows as a table."""
    head = "".join(f'<th scope="col">{html.escape(n.replace("_", " "))}</th>' for n in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    title = html.escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}{_PAGE}{style()}</style></head><body><main><h1>{title}</h1>\n{drawn}"
        f"<details><summary>The {len(rows)} rows</summary>"
        '<div class="rows" tabindex="0" role="region" aria-label="Rows">'
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div></details>"
        f"</main>{f'<script>{script}</script>' if script else ''}</body></html>\n"
    )


def _cell(text: str) -> str:
    if text.startswith(("http://", "https://")) and " " not in text:
        return f'<a href="{html.escape(text)}">{html.escape(shorten(text))}</a>'
    return html.escape(text)
