"""Jobs that answer queries: any, and the saved ones by name."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup
from pyoxigraph import QueryBoolean, QuerySolutions

from csto.answer.notes import notes
from csto.answer.query import bind, run
from csto.answer.terms import refuse_unknown
from csto.errors import InputError
from csto.proof.prover import Prover
from csto.publish.pages.answers import SHOWN, cited_rows, picture_of
from csto.publish.pages.page import Live, Result
from csto.serve.answers import take_rows, take_triples, write_boolean, write_rows, write_triples
from csto.serve.media import GRAPHS, HTML, ROWS, Media
from csto.serve.reply import RefusalError, Reply
from csto.serve.site import Graphs, Site, choose
from csto.sparql.other_data import words
from csto.sparql.saved import SavedQuery
from csto.vocabulary import shorten

# Seconds below which a query is asked again for its passages.
_QUICK = 2.0
_UPDATES = {
    *("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"),
}
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def query(
    site: Site,
    *,
    query: str,
    on: str | None,
    accept: str | None,
    format: str | None,
    default: Sequence[str] = (),
    named: Sequence[str] = (),
    root: str = "",
    method: str = "GET",
) -> Reply:
    """Any query, in any format; as a page, with the query to be changed and run again."""
    page = site.live(root, on)

    def shown(result: Result | None, error: str = "") -> bytes:
        empty = result is not None and result.kind == "rows" and not result.rows
        return page.render(
            "sparql.html",
            notes=notes(site.dataset, query, page.day or "", empty=empty) if result else [],
            title="Query",
            query=query,
            result=result,
            error=error,
            saved=list(site.saved.values()),
            prefixes=_prefix_lines(site),
            permanent=method == "GET",
        )

    try:
        refuse_update(query)
        refuse_unknown(site.dataset, query, vocabulary=True)
        day, graphs = site.named_dataset(default, named, on)
        page.day = day
        return _answer(site, query, day, accept, format, graphs, page, shown)
    except (InputError, RefusalError) as error:
        status = error.status if isinstance(error, RefusalError) else 400
        message = error.message if isinstance(error, RefusalError) else str(error)
        if status == 406 or not _wants_page(accept, format):
            raise RefusalError(status, message) from error
        return Reply(shown(None, message), HTML.header, status)


def refuse_update(text: str) -> None:
    """Say plainly that nothing can be written here.

    Raises:
        RefusalError: for the text of an update.
    """
    first = next((word for word in words(text) if word in _UPDATES | _FORMS), "")
    if first in _UPDATES:
        raise RefusalError(403, f"{first} is refused: this endpoint is read-only")


def form(site: Site, *, on: str | None, example: str = "", root: str = "") -> Reply:
    """The query page before anything is asked, perhaps with a saved query to start from."""
    page = site.live(root, on)
    start = _find(site, example).text if example else _FIRST
    site.asked_day(on)
    body = page.render(
        "sparql.html",
        notes=[],
        title="Query",
        query=start,
        result=None,
        error="",
        saved=list(site.saved.values()),
        prefixes=_prefix_lines(site),
        permanent=False,
    )
    return Reply(body, HTML.header)


_FIRST = """SELECT ?state ?label
WHERE {
  ?state csto:memberOf body:csto ; rdfs:label ?label .
  FILTER(LANG(?label) = "en")
}
ORDER BY ?label
"""


def _prefix_lines(site: Site) -> str:
    # Every prefix is known to the engine; they are written out for use elsewhere.
    return "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in sorted(site.prefixes.items()))


def _wants_page(accept: str | None, key: str | None) -> bool:
    try:
        return choose(accept, key, ROWS) is HTML
    except RefusalError:
        return False


def saved(
    site: Site,
    *,
    name: str,
    params: dict[str, str],
    on: str | None,
    accept: str | None,
    format: str | None,
    root: str = "",
) -> Reply:
    """A saved query with its parameters, or its form where one is missing."""
    wanted = _find(site, name)
    page = site.live(root, on)
    given = {key: value for key, value in params.items() if value.strip()}
    missing = [
        p.name
        for p in wanted.params.values()
        if p.name not in given and p.default is None and not p.optional
    ]

    def shown(result: Result | None, error: str = "", picture: Markup | str = "") -> bytes:
        return page.render(
            "saved.html",
            picture=picture,
            title=wanted.summary,
            saved=wanted,
            given=given,
            result=result,
            error=error,
            text=wanted.text,
            choices=choices(site, wanted),
        )

    wants_page = _wants_page(accept, format)
    if missing and wants_page and not given:
        site.asked_day(on)
        return Reply(shown(None), HTML.header)
    try:
        if missing:
            raise InputError(f"query {wanted.name} needs the parameter {missing[0]}")
        text = bind(wanted, given, site.dataset.things)
        page.day = day = site.day(on)
        if wants_page:
            answer = cited_rows(page, Prover(site.dataset, day), text, wanted.name)
            data = page.url(f"/queries/{wanted.name}", **{**given, "format": "csv", "on": day})
            picture = picture_of(page, answer.matches, wanted, given, data) if site.draws else ""
            body = shown(answer.result, picture=picture)
            return Reply(body, HTML.header, headers={"CSTO-On": day})
        return _answer(site, text, day, accept, format, None, page, shown)
    except InputError as error:
        if not wants_page:
            raise
        return Reply(shown(None, str(error)), HTML.header, 400)


def _find(site: Site, name: str) -> SavedQuery:
    if name in site.saved:
        return site.saved[name]
    raise RefusalError(404, f"there is no saved query {name}; /queries/ lists them")


def saved_list(site: Site, *, on: str | None, accept: str | None, root: str = "") -> Reply:
    """The list of saved queries, as a page or as JSON."""
    import json

    offers = (HTML, Media("json", "application/json"))
    if choose(accept, None, offers) is HTML:
        site.asked_day(on)
        return Reply(site.pages.questions(site.live(root, on)), HTML.header)
    listed = [
        {
            "name": item.name,
            "summary": item.summary,
            "description": item.description,
            "dated": item.dated,
            "parameters": [
                {
                    "name": p.name,
                    "kind": p.kind,
                    "summary": p.summary,
                    "default": p.default,
                    "required": p.default is None and not p.optional,
                }
                for p in item.params.values()
            ],
        }
        for item in site.saved.values()
    ]
    return Reply(json.dumps(listed, ensure_ascii=False, indent=2).encode(), "application/json")


def _answer(
    site: Site,
    text: str,
    day: str,
    accept: str | None,
    key: str | None,
    graphs: Graphs | None,
    page: Live,
    shown: Callable[[Result], bytes],
) -> Reply:
    headers = {"CSTO-On": day}
    found: Any = run(site.dataset, text, day, graphs=graphs)
    if isinstance(found, QueryBoolean):
        media = choose(accept, key, ROWS)
        if media is HTML:
            result = Result("boolean", text="yes" if bool(found) else "no")
            return Reply(shown(result), media.header, headers=headers)
        return Reply(write_boolean(found, media.key), media.header, headers=headers)
    if isinstance(found, QuerySolutions):
        media = choose(accept, key, ROWS)
        names = [variable.value for variable in found.variables]
        began = time.monotonic()
        rows = take_rows(found, site.rows)
        if media is HTML:
            result = page.rows(names, rows)
            quick = time.monotonic() - began < _QUICK
            if quick and graphs is None and len(rows) <= SHOWN:
                # A query that cannot be taken apart is answered without passages.
                with contextlib.suppress(InputError):
                    result = cited_rows(page, Prover(site.dataset, day), text, "query").result
            return Reply(shown(result), media.header, headers=headers)
        return Reply(write_rows(names, rows, media.key), media.header, headers=headers)
    media = choose(accept, key, GRAPHS)
    triples = take_triples(found, site.rows)
    if media is HTML:
        data = write_triples(triples, "turtle", site.prefixes).decode()
        used = "\n".join(
            line
            for line in data.splitlines()
            if not (at := re.match(r"@prefix ([^:]*:)", line)) or f" {at[1]}" in data[500:]
        )
        result = Result("graph", text=used, count=len(triples))
        return Reply(shown(result), media.header, headers=headers)
    data_ = write_triples(triples, media.key, site.prefixes)
    return Reply(data_, media.header, headers=headers)


def choices(site: Site, saved: SavedQuery) -> dict[str, list[tuple[str, str]]]:
    """Things to choose from for each parameter of a saved query that names kinds.

    Pairs of short name and label, by label; none where there are too many to list.
    """
    found = {}
    for param in saved.params.values():
        pairs = [
            (shorten(node.value), site.dataset.things.label(node))
            for kind in param.of
            for node in site.kinds.get(kind.replace("-", ""), [])
        ]
        if 0 < len(pairs) <= _CHOICES:
            found[param.name] = sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0]))
    return found


_CHOICES = 500


JOBS: dict[str, Callable[..., Reply]] = {
    "form": form,
    "query": query,
    "saved": saved,
    "saved_list": saved_list,
}
