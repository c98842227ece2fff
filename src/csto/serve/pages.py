"""Jobs that show things: a page for every IRI of ours, its triples, and why they hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from csto.answer.explain import Proof, Prover
from csto.answer.show import triples_about
from csto.errors import InputError
from csto.graph.dataset import TIMELESS
from csto.publish.pages.page import Link, Live
from csto.publish.site.atlas import atlas
from csto.publish.site.proofs import script
from csto.serve.answers import write_triples
from csto.serve.media import HTML, PAGES
from csto.serve.reply import RefusalError, Reply
from csto.serve.site import Site, choose
from csto.vocabulary import CSTO, ONTOLOGY, RDFS_LABEL, shorten


def page(
    site: Site,
    *,
    path: str,
    at: str | None,
    on: str | None,
    accept: str | None,
    format: str | None,
    root: str = "",
) -> Reply:
    """What is known of the thing with this path, as a page or as triples.

    ``at`` is the fragment of an IRI such as ``…/source/riac#s2.5-p2``, which a browser
    keeps to itself.
    """
    media = choose(accept, format, PAGES)
    # The name of a slice says of which day it is.
    if of_slice := re.match(r"slice/(\d{4}-\d{2}-\d{2})/", path):
        on = on or of_slice[1]
    day = site.asked_day(on)
    listing = _listing(site, path) if at is None else None
    if at is None and media is HTML and (body := _made(site, path, on, day, root)):
        return Reply(body, HTML.header)
    whole = path + (f"#{at}" if at else "")
    fragment = f"#{at}" if at else ""
    nodes = [_node(iri + fragment) for iri in site.dataset.workspace.iris_of(path)]
    node = next((n for n in nodes if _known(site, n, day) or _parts(site, n)), nodes[0])
    parts = [] if at else _parts(site, node)
    if listing is None and not parts and not _known(site, node, day):
        raise RefusalError(404, f"nothing here has the IRI {node.value}")
    headers = {"CSTO-On": day} if day else {}
    if media is HTML:
        return Reply(_entity(site, node, whole, day, on, root), HTML.header, headers=headers)
    triples: set[Triple] = set()
    for one in listing[1] if listing else [node, *parts]:
        triples |= triples_about(site.dataset, one, day)
    if node == NamedNode(CSTO.rstrip("#")):
        triples = {q.triple for q in site.store.quads_for_pattern(None, None, None, ONTOLOGY)}
    if len(triples) > site.rows:
        raise RefusalError(
            403, f"more than {site.rows} triples; ask the SPARQL endpoint for a part"
        )
    body = write_triples(sorted(triples, key=str), media.key, site.prefixes)
    return Reply(body, media.header, headers=headers)


def _made(site: Site, path: str, on: str | None, day: str | None, root: str) -> bytes | None:
    """A page that is no thing itself: law, conflicts, terms, lists, parts of long pages."""
    view = site.live(root, on, day)
    for name in (path, path + "/"):
        # A concept scheme is a thing, and the folder of its concepts.
        if name in site.pages.single and path not in site.pages.inventory.things:
            return site.pages.body(view, name)
    return site.pages.body(view, path) if site.pages.is_part(path) else None


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise RefusalError(404, f"nothing here has the IRI {iri!r}") from None


def _known(site: Site, node: NamedNode, day: str | None) -> bool:
    graphs = [*TIMELESS, *(site.dataset.cut(day) if day else ())]
    return any(
        next(site.store.quads_for_pattern(subject, None, thing, graph), None)
        for graph in graphs
        for subject, thing in ((node, None), (None, node))
    )


def _listing(site: Site, path: str) -> tuple[str, list[NamedNode]] | None:
    """Title and things of a path that is no thing itself, such as ``id/state``."""
    nodes = site.pages.inventory.folders.get(path + "/")
    return None if nodes is None else (path, nodes)


def _parts(site: Site, node: NamedNode) -> list[NamedNode]:
    """Things whose IRI is a fragment of this one: passages of a source, terms."""
    if node.value != CSTO.rstrip("#"):
        return site.pages.things.part_nodes(node)
    named = site.store.quads_for_pattern(None, RDFS_LABEL, None, ONTOLOGY)
    found = {quad.subject for quad in named if isinstance(quad.subject, NamedNode)}
    return sorted((n for n in found if n.value.startswith(CSTO)), key=str)


def _entity(
    site: Site, node: NamedNode, path: str, day: str | None, on: str | None, root: str
) -> bytes:
    bare, _, fragment = path.partition("#")
    same = {"at": fragment} if fragment else {}
    view = site.live(root, on, day)
    alternates = [
        (media.key, media.type, view.url("/" + bare, format=media.key, **same))
        for media in PAGES
        if media.key in ("turtle", "jsonld", "ntriples", "rdfxml")
        and media is next(m for m in PAGES if m.key == media.key)
    ]
    return site.pages.thing(
        view,
        node,
        day,
        alternates=alternates,
        form_action=f"{root}/{bare}",
        same=same,
        ever=f"{root}/{bare}" + (f"?at={fragment}" if fragment else ""),
    )


def why(site: Site, *, triple: str, on: str | None, root: str = "") -> Reply:
    """The proof of a triple, which is given as three terms of N-Triples."""
    try:
        quads = list(parse(input=f"{triple} .".encode(), format=RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise RefusalError(400, "triple is three terms as in N-Triples") from error
    if len(quads) != 1:
        raise RefusalError(400, "triple is one triple")
    wanted = quads[0].triple
    day = site.day(on)
    view = site.live(root, on, day)
    prover = Prover(site.dataset, day)
    possibly = False
    try:
        proof = prover.prove(wanted)
    except InputError:
        try:
            proof, possibly = prover.prove(wanted, possibly=True), True
        except InputError as error:
            raise RefusalError(404, str(error)) from error
    body = view.render(
        "why.html",
        title=f"Why: {proof.what}",
        proof=proof,
        possibly=possibly,
        steps=_steps(view, proof),
        subject=view.link(wanted.subject),
        command=_command(wanted, day),
    )
    return Reply(body, HTML.header, headers={"CSTO-On": day})


@dataclass
class Step:
    """A node of a proof for the page; what was told before is only named again."""

    proof: Proof
    number: int
    again: bool
    links: tuple[Link, ...]
    passages: tuple[Link, ...]
    premises: list[Step]


def _steps(view: Live, proof: Proof) -> Step:
    numbers: dict[int, int] = {}

    def walk(node: Proof) -> Step:
        again = id(node) in numbers and bool(node.premises)
        number = numbers.setdefault(id(node), len(numbers) + 1)
        terms = node.triple if node.triple is not None else ()
        links = tuple(view.link(term) for term in terms)
        premises = [] if again else [walk(premise) for premise in node.premises]
        cited = tuple(view.passage(passage) for passage in node.cited)
        return Step(node, number, again, links, cited, premises)

    return walk(proof)


def _command(triple: Triple, day: str) -> str:
    """The command that shows the same proof in a terminal."""
    import shlex

    terms = [shorten(t.value) if isinstance(t, NamedNode) else t.value for t in triple]
    return shlex.join(["csto", "explain", *terms, "--on", day])


def home(site: Site, *, on: str | None, root: str = "") -> Reply:
    """The front page: the atlas, and what there is."""
    return Reply(site.pages.home(site.live(root, on, site.asked_day(on))), HTML.header)


def atlas_data(site: Site, *, on: str | None, root: str = "") -> Reply:
    """What the front page draws, as a script."""
    made = atlas(site.pages.things, site.live(root, on))
    return Reply(script("atlas", made).encode(), "text/javascript; charset=utf-8")


def find(site: Site, *, text: str, on: str | None, root: str = "") -> Reply:
    """Lead to the one thing that a text names; say what is near where none is."""
    view = site.live(root, on, site.asked_day(on))
    try:
        node = site.dataset.things.find(text)
    except InputError as error:
        near = [view.link(node) for node in site.dataset.things.candidates(text)]
        body = view.render("error.html", title="Not found", message=str(error), near=near)
        return Reply(body, HTML.header, 300 if near else 404)
    return Reply(b"", "text/plain", 303, {"Location": view.local(node.value)})


JOBS: dict[str, Callable[..., Reply]] = {
    "atlas": atlas_data,
    "find": find,
    "home": home,
    "page": page,
    "why": why,
}
