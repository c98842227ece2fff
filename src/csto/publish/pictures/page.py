"""A figure for pages, and a page that stands alone: both widths, caption, rows."""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import quote

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
@media print{details{display:none}}
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


def page(title: str, drawn: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
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
        "</main></body></html>\n"
    )


def _cell(text: str) -> str:
    if text.startswith(("http://", "https://")) and " " not in text:
        return f'<a href="{html.escape(text)}">{html.escape(shorten(text))}</a>'
    return html.escape(text)
