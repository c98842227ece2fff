"""Specs become SVG and PNG by vl-convert, without a browser and without a network.

What Vega leaves out is put in here: patterns, title and description, one role for the whole, links
that are not absolute, and colours for the dark. The same spec gives the same bytes of SVG on every
machine, since the font is one that vl-convert carries.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from csto.errors import InputError
from csto.publish.pictures.colours import GRID, INK, PALETTE, PAPER, SOFT, dark, light

HATCHING = (
    '<defs><pattern id="csto-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#f7f7f7"/>'
    '<line x1="0" y1="0" x2="0" y2="6" stroke="#b5b5b5" stroke-width="1.6"/></pattern></defs>'
)
# What is another colour in the dark. Where the marks of a page decide, it sets data-theme.
_DARK = {
    INK: "#f0f0f0",
    SOFT: "#b8b8b8",
    GRID: "#3c4149",
    PAPER: "#14171c",
    "#f7fafc": "#101418",
    "#ececec": "#2b3036",
    "#b0b0b0": "#4a5159",
    "#f7f7f7": "#1d2127",
    "#f2f2f2": "#23272e",
    "#b5b5b5": "#5a6069",
    "#d4d4d4": "#3c4149",
    "#4d4d4d": "#c8c8c8",
    "#003f62": "#b9d9ee",
}


def _vl_convert() -> Any:
    # Vega reads days in the zone of the machine unless told else, before it starts.
    os.environ["TZ"] = "UTC"
    try:
        import vl_convert
    except ImportError:
        raise InputError(
            "pictures need vl-convert, which is not installed: pip install 'csto[pictures]'"
        ) from None
    return vl_convert


def raw_svg(spec: dict[str, Any]) -> str:
    """The SVG as Vega writes it.

    Raises:
        InputError: if vl-convert is not installed.
    """
    # No address is allowed: a picture never reads from a network.
    text: str = _vl_convert().vegalite_to_svg(spec, allowed_base_urls=[])
    return text


def as_svg(
    spec: dict[str, Any],
    title: str,
    description: str,
    *,
    inline: bool = False,
    link: Callable[[str], str] | None = None,
) -> str:
    """The SVG of a spec, fit to be read aloud, in the dark, and followed.

    Args:
        spec: Vega-Lite.
        title: name of the picture.
        description: alternative text.
        inline: for a page, on the ground of the page.
        link: makes an address of an IRI.

    Raises:
        InputError: if vl-convert is not installed.
    """
    text = plain_svg(spec)
    if inline:
        text = re.sub(r'<rect width="[^"]*" height="[^"]*" fill="#ffffff"/>', "", text, count=1)

    def followed(match: re.Match[str]) -> str:
        iri = html.unescape(match[1])
        address = link(iri) if link else iri
        return f'<a href="{html.escape(address)}" target="_parent">'

    text = re.sub(r'<a xlink:href="([^"]*)"[^>]*>', followed, text)
    head, rest = text.split(">", 1)
    head = re.sub(r' class="[^"]*"', "", head) + ' class="csto-picture" role="img"'
    named = f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>"
    # A page has the colours once, beside its pictures; a file has its own.
    own = "" if inline else f"<style>{style(alone=True)}</style>"
    return f"{head}>{named}{own}{rest}\n"


def compiled(spec: dict[str, Any]) -> dict[str, Any]:
    """A spec of Vega-Lite as one of Vega, which a page draws without ado; others as they are.

    Raises:
        InputError: if vl-convert is not installed.
    """
    if "vega-lite" not in spec.get("$schema", ""):
        return spec
    made: dict[str, Any] = _vl_convert().vegalite_to_vega(spec)
    return made


def unlinked(svg: str) -> str:
    """An SVG without its links."""
    return re.sub(r"</?a\b[^>]*>", "", svg)


def plain_svg(spec: dict[str, Any]) -> str:
    """The SVG with its patterns, and without what reads each mark aloud."""
    text = raw_svg(spec)
    text = re.sub(r' aria-label="(data-[a-z]+) ([^"]*)"', r' \1="\2"', text)
    text = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", text)
    # States that lie outside the frame have no outline.
    text = re.sub(r'<path (?![^>]*\bd=")[^>]*/>', "", text)
    text = _SHAPE.sub(lambda shape: f' d="{thinned(shape[1])}"', text)
    # Names of parts are those of one picture only, however many a page has: a pattern in a
    # picture that is hidden, as the wide one is on a phone, is not drawn in another either.
    own = hashlib.sha256(text.encode()).hexdigest()[:8]
    text = re.sub(r'(id="|url\(#)(gradient_\d+|clip\d+)', rf"\g<1>{own}-\2", text)
    if "csto-hatch" not in text:
        return text.rstrip()
    head, rest = text.split(">", 1)
    return f"{head}>{HATCHING}{rest}".replace("csto-hatch", f"hatch-{own}").rstrip()


# The outline of a state: many points, and closed.
_SHAPE = re.compile(r' d="(M[-\d.,MLZ]{200,}Z)"')
# A point nearer than this to the one before is not seen; in pixels.
_NEAR = 0.5


def thinned(outline: str) -> str:
    """An outline by tenths of a pixel, without points that lie where the one before lies."""
    rings = []
    for ring in outline.split("Z")[:-1]:
        kept: list[tuple[float, float]] = []
        for point in ring[1:].split("L"):
            x, y = map(float, point.split(","))
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _NEAR:
                kept.append((x, y))
        # What is smaller than that is a dot of an island; it stays as one.
        rings.append("L".join(f"{_tenths(x)},{_tenths(y)}" for x, y in kept))
    return "".join(f"M{ring}Z" for ring in rings)


def _tenths(number: float) -> str:
    text = f"{number:.1f}"
    return text.removesuffix(".0")


@cache
def style(*, alone: bool = False) -> str:
    """Colours in the dark, for attributes as Vega writes them.

    Args:
        alone: for a file of one picture, which is itself the root; else for a page.
    """
    pairs = dict(_DARK)
    for colour in (*PALETTE, "#808080", "#9a9a9a"):
        pairs[dark(colour)] = light(colour)
    parts = []
    for bright, dim in pairs.items():
        parts.append(f'.csto-picture [fill="{bright}"]{{fill:{dim}}}')
        parts.append(f'.csto-picture [stroke="{bright}"]{{stroke:{dim}}}')
    rules = "".join(parts)
    links = ".csto-picture a:hover{text-decoration:underline}"
    if alone:
        return f"{links}@media (prefers-color-scheme:dark){{{rules}}}"
    themed = rules.replace(".csto-picture", '[data-theme="dark"] .csto-picture')
    light_ = rules.replace(".csto-picture", ':root:not([data-theme="light"]) .csto-picture')
    return f"{links}@media (prefers-color-scheme:dark){{{light_}}}{themed}"


def as_png(spec: dict[str, Any], scale: float) -> bytes:
    """The PNG of a spec, on white.

    Raises:
        InputError: if vl-convert is not installed.
    """
    data: bytes = _vl_convert().svg_to_png(plain_svg(spec), scale=scale)
    return data
