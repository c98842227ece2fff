"""Search by words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from csto.cli import complete
from csto.cli.common import ASK, RowFormat, app, open_dataset, page, remark
from csto.errors import InputError

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

_LIMIT = 20


@app.command(rich_help_panel=ASK)
def find(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="Words in any order.", show_default=False),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="Only things of this kind.",
            autocompletion=complete.kinds,
        ),
    ] = None,
    about: Annotated[
        str | None,
        typer.Option(
            "--about",
            metavar="THING",
            help="Only what is about this.",
            autocompletion=complete.things,
        ),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Not before this day or year."),
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Not after it.")] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="SOURCE",
            help="Only what this source says.",
            autocompletion=complete.of_kind("source"),
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, metavar="N", help="At most this many.")
    ] = _LIMIT,
    how: Annotated[
        RowFormat | None, typer.Option("--format", "-f", help="table on a terminal, else csv.")
    ] = None,
) -> None:
    """Find things by words in their names, notes, wordings and what is said of them.

    Word order is free, typos are forgiven, Russian is found by the beginning of words.

    Example: `csto find practically impossible --kind claims`
    """
    from csto.answer.dates import span_in_words
    from csto.answer.find import Facets, Finder
    from csto.answer.tables import default_format, write_rows
    from csto.load import edtf
    from csto.vocabulary import shorten

    dataset = open_dataset(context)
    finder = Finder(dataset)
    facets = Facets(
        kinds=() if kind is None else finder.ask.kind(kind),
        about=None if about is None else dataset.things.find(about),
        first="" if first is None else edtf.bounds(first)[0].isoformat(),
        last="" if last is None else edtf.bounds(last)[1].isoformat(),
        source=None if source is None else dataset.things.find(source, "source", ("source",)),
    )
    hits, remarks = finder.find(" ".join(words), facets)
    chosen = how.value if how else default_format()
    if chosen == "table":
        from csto.answer.columns import hits as as_text

        def short(node: NamedNode, label: str) -> str:
            """The identifier where the name alone does not lead back to the thing."""
            try:
                return "" if dataset.things.find(label) == node else shorten(node.value)
            except InputError:
                return shorten(node.value)

        page(
            as_text(
                (
                    short(h.node, h.label),
                    h.kind,
                    span_in_words(h.start, h.end),
                    h.label,
                    h.by,
                    h.hit,
                )
                for h in hits[:limit]
            )
        )
    else:
        rows = [
            [shorten(h.node.value), h.kind, h.start, h.end, h.label, h.by, h.hit]
            for h in hits[:limit]
        ]
        page(write_rows(["thing", "kind", "start", "end", "label", "by", "hit"], rows, chosen))
    for text in remarks:
        remark(context, text)
    if not hits:
        remark(context, "nothing has these words")
        remark(
            context,
            "no source of the graph says so in these words; that there is no such thing does not "
            "follow",
        )
    elif len(hits) > limit:
        remark(context, f"the first {limit} of {len(hits)}; --limit shows more")
