"""Media types of answers, and which of them a client gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csto.load.formats import SERIALIZATIONS


@dataclass(frozen=True)
class Media:
    """One way to write an answer: its key (``?format=``) and its media type."""

    key: str
    type: str

    @property
    def header(self) -> str:
        """The value of ``Content-Type``."""
        textual = self.type.startswith("text/")
        return f"{self.type}; charset=utf-8" if textual else self.type


HTML = Media("html", "text/html")
# In each list the first is what a client gets that takes anything; further types for the
# same key are other names that clients ask by.
ROWS = (
    Media("json", "application/sparql-results+json"),
    Media("xml", "application/sparql-results+xml"),
    Media("csv", "text/csv"),
    Media("tsv", "text/tab-separated-values"),
    HTML,
    Media("json", "application/json"),
    Media("xml", "application/xml"),
    Media("xml", "text/xml"),
)
GRAPHS = (
    *(Media(one.key, one.media_types[0]) for one in SERIALIZATIONS),
    HTML,
    *(Media(one.key, name) for one in SERIALIZATIONS for name in one.media_types[1:]),
)
# A page is for people first; machines name what they want.
PAGES = (HTML, *(media for media in GRAPHS if media is not HTML))


def negotiate(accept: str | None, offers: Sequence[Media]) -> Media | None:
    """The offer a client likes best (RFC 9110, section 12.5.1), ``None`` if it takes none.

    Args:
        accept: the ``Accept`` header; none or an empty one takes anything.
        offers: what there is, the server's favourite first; it decides between
            offers that the client likes equally.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [parsed for part in accept.split(",") if (parsed := _range(part)) is not None]
    best: tuple[float, Media] | None = None
    for offer in offers:
        quality = _quality(offer.type, ranges)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, offer)
    return best[1] if best else None


def by_key(key: str, offers: Sequence[Media]) -> Media | None:
    """The offer that ``?format=`` names, by its key or its media type."""
    return next((offer for offer in offers if key in (offer.key, offer.type)), None)


def _range(part: str) -> tuple[str, str, float] | None:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    kind, slash, sub = name.lower().partition("/")
    if not slash:
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(1.0, max(0.0, float(value.strip())))
            except ValueError:
                quality = 0.0
    return kind, sub, quality


def _quality(media_type: str, ranges: list[tuple[str, str, float]]) -> float:
    """Quality of a type by the most specific range that takes it."""
    kind, _, sub = media_type.partition("/")
    found = [
        (specific, quality)
        for specific, wanted in enumerate((("*", "*"), (kind, "*"), (kind, sub)))
        for a, b, quality in ranges
        if (a, b) == wanted
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else 0.0
