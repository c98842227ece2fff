"""Jobs that show things: a page for every IRI of ours, its triples, and why they hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from csto.answer.conflicts import list_conflicts
from csto.answer.explain import Proof, Prover
from csto.answer.show import Line, portray, triples_about
from csto.errors import InputError
from csto.graph.dataset import TIMELESS
from csto.graph.reader import Reader
from csto.serve.answers import write_triples
from csto.serve.html import Link, Page
from csto.serve.media import HTML, PAGES
from csto.serve.reply import RefusalError, Reply
from csto.serve.site import Site, choose
from csto.vocabulary import CSTO, ONTOLOGY, RDF_TYPE, RDFS, SKOS, csto, shorten

_LABEL, _COMMENT = NamedNode(RDFS + "label"), NamedNode(RDFS + "comment")
_DEFINITION, _IN_SCHEME = NamedNode(SKOS + "definition"), NamedNode(SKOS + "inScheme")
_PART_OF = NamedNode("http://purl.org/dc/terms/isPartOf")
_DEFINED_BY = NamedNode(RDFS + "isDefinedBy")


@dataclass(frozen=True)
class Fact:
    """One line of a section for the page: values with links, and why it holds."""

    when: str
    what: str
    href: str
    values: tuple[tuple[Link, str], ...]
    passages: tuple[Link, ...]
    inferred: bool


@dataclass(frozen=True)
class Part:
    """A part of a document with an anchor of its own: a passage, a term."""

    anchor: str
    title: str
    kind: str
    note: str
    href: str
    count: int


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
    if listing is not None and media is HTML:
        view = Page(site, root, on, day)
        title, nodes = listing
        entries = [(view.link(node), shorten(node.value)) for node in nodes]
        entries.sort(key=lambda entry: (entry[0].text.casefold(), entry[1]))
        body = view.render("listing.html", title=title, entries=entries, path=path)
        return Reply(body, HTML.header)
    fragment = f"#{at}" if at else ""
    nodes = [_node(iri + fragment) for iri in site.dataset.workspace.iris_of(path)]
    node = next((n for n in nodes if _known(site, n, day) or _parts(site, n)), nodes[0])
    parts = [] if at else _parts(site, node)
    if listing is None and not parts and not _known(site, node, day):
        raise RefusalError(404, f"nothing here has the IRI {node.value}")
    headers = {"CSTO-On": day} if day else {}
    if media is HTML:
        return Reply(_entity(site, node, parts, day, on, root), HTML.header, headers=headers)
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
    kind = path.removeprefix("id/")
    if path.startswith("id/") and kind.replace("-", "") in site.kinds:
        return f"Things of kind {kind}", site.kinds[kind.replace("-", "")]
    wanted = {"source": csto("Source"), "concept": NamedNode(SKOS + "ConceptScheme")}.get(path)
    if wanted is None:
        return None
    nodes = {
        quad.subject
        for graph in TIMELESS
        for quad in site.store.quads_for_pattern(None, RDF_TYPE, wanted, graph)
        if isinstance(quad.subject, NamedNode)
    }
    title = {"source": "Sources", "concept": "Concept schemes"}[path]
    return title, sorted(nodes, key=str)


def _parts(site: Site, node: NamedNode) -> list[NamedNode]:
    """Things whose IRI is a fragment of this one: passages of a source, terms."""
    if node.value == CSTO.rstrip("#"):
        found = {
            quad.subject for quad in site.store.quads_for_pattern(None, _LABEL, None, ONTOLOGY)
        }
    else:
        found = {
            quad.subject
            for graph in TIMELESS
            for quad in site.store.quads_for_pattern(None, _PART_OF, node, graph)
        }
    start = node.value + "#"
    return sorted(
        (n for n in found if isinstance(n, NamedNode) and n.value.startswith(start)),
        key=lambda n: _natural(n.value),
    )


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts p2 before p10."""
    return [(int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"(\d+)", text)]


def _entity(
    site: Site, node: NamedNode, parts: list[NamedNode], day: str | None, on: str | None, root: str
) -> bytes:
    view = Page(site, root, on, day)
    portrait = portray(site.dataset, node, day)
    reader = Reader(site.dataset)
    sections = {
        name: [
            _fact(view, node, line, day)
            for line in lines
            # These stand at the top of the page.
            if line.predicate not in (_DEFINITION, _COMMENT)
        ]
        for name, lines in portrait.sections.items()
        if not (parts and name in ("Related: is part of (DC)", "Related: is defined by"))
    }
    path, hash_, fragment = (site.dataset.workspace.path_of(node.value) or "").partition("#")
    same = {"at": fragment} if hash_ else {}
    definitions = [*reader.objects(node, _DEFINITION), *reader.objects(node, _COMMENT)]
    return view.render(
        "entity.html",
        title=portrait.title,
        node=node.value,
        short=shorten(node.value),
        portrait=portrait,
        classes=[view.link(c) for c in _classes(reader, node)],
        definitions=[d.value for d in definitions],
        evidence=[
            view.link(p) for line in portrait.sections.get("Evidence", ()) for p in line.cites
        ],
        sections={name: facts for name, facts in sections.items() if name != "Evidence"},
        conflicts=_conflicts(view, node),
        parts=[_part(view, reader, part) for part in parts],
        above=view.link(NamedNode(node.value.partition("#")[0])) if hash_ else None,
        path="/" + path,
        same=same,
        alternates=[
            (media.key, media.type, view.url("/" + path, format=media.key, **same))
            for media in PAGES
            if media.key in ("turtle", "jsonld", "ntriples", "rdfxml")
            and media is next(m for m in PAGES if m.key == media.key)
        ],
        ever=f"{root}/{path}" + (f"?at={fragment}" if hash_ else ""),
    )


def _classes(reader: Reader, node: NamedNode) -> list[NamedNode]:
    from csto.vocabulary import ASSERTED

    found = {
        quad.object
        for graph in (ASSERTED, ONTOLOGY)
        for quad in reader.store.quads_for_pattern(node, RDF_TYPE, None, graph)
        if isinstance(quad.object, NamedNode)
    }
    if found:
        return sorted(found, key=str)
    return [c for c in reader.objects(node, RDF_TYPE) if isinstance(c, NamedNode)]


def _fact(view: Page, node: NamedNode, line: Line, day: str | None) -> Fact:
    values: list[tuple[Link, str]] = []
    for value in line.values:
        why = ""
        if line.inferred and line.predicate is not None and not isinstance(value, BlankNode):
            triple = f"{node} {line.predicate} {value}"
            why = view.url("/why", triple=triple, on=day)
        values.append((view.link(value), why))
    href = view.local(line.node.value) if line.node else ""
    if line.predicate is not None:
        href = view.local(line.predicate.value)
    passages = tuple(view.link(p) for p in line.cites)
    return Fact(line.when, line.what, href, tuple(values), passages, line.inferred)


def _conflicts(view: Page, node: NamedNode) -> list[dict[str, Any]]:
    """Questions that the sources answer differently, with every side."""
    found = []
    for question in list_conflicts(view.site.dataset, node):
        sides = [
            {
                "answer": Link(side.answer, view.local(side.claim.value) if side.claim else ""),
                "claimant": side.claimant,
                "rank": side.rank,
                "reason": side.reason,
                "passages": [view.link(p) for p in side.cites],
            }
            for side in question.sides
        ]
        href = view.local(question.node.value) if question.node else ""
        found.append(
            {"question": Link(question.question, href), "kind": question.kind, "sides": sides}
        )
    return found


def _part(view: Page, reader: Reader, part: NamedNode) -> Part:
    path, _, fragment = (view.site.dataset.workspace.path_of(part.value) or "").partition("#")
    classes = _classes(reader, part)
    notes = [*reader.objects(part, _DEFINITION), *reader.objects(part, _COMMENT)]
    return Part(
        fragment,
        view.site.dataset.things.label(part),
        ", ".join(view.site.dataset.things.label(c) for c in classes),
        notes[0].value if notes else "",
        view.url("/" + path, at=fragment),
        len(reader.subjects(csto("citesPassage"), part)),
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
    view = Page(site, root, on, day)
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


def _steps(view: Page, proof: Proof) -> Step:
    numbers: dict[int, int] = {}

    def walk(node: Proof) -> Step:
        again = id(node) in numbers and bool(node.premises)
        number = numbers.setdefault(id(node), len(numbers) + 1)
        terms = node.triple if node.triple is not None else ()
        links = tuple(view.link(term) for term in terms)
        premises = [] if again else [walk(premise) for premise in node.premises]
        known = view.site.passages
        cited = tuple(
            view.link(known[label]) if label in known else Link(label) for label in node.passages
        )
        return Step(node, number, again, links, cited, premises)

    return walk(proof)


def _command(triple: Triple, day: str) -> str:
    """The command that shows the same proof in a terminal."""
    import shlex

    terms = [shorten(t.value) if isinstance(t, NamedNode) else t.value for t in triple]
    return shlex.join(["csto", "explain", *terms, "--on", day])


def home(site: Site, *, on: str | None, root: str = "") -> Reply:
    """The front page: what there is, by kind."""
    view = Page(site, root, on, site.asked_day(on))
    kinds = [
        (f"id/{site.kind_of(nodes[0])}", len(nodes), [view.link(n) for n in nodes[:3]])
        for nodes in site.kinds.values()
    ]
    title = site.dataset.workspace.manifest.title or "A knowledge graph of collective security"
    crisis = view.link(site.main_crisis) if site.main_crisis else None
    body = view.render("home.html", title=title, kinds=kinds, crisis=crisis)
    return Reply(body, HTML.header)


def find(site: Site, *, text: str, on: str | None, root: str = "") -> Reply:
    """Lead to the one thing that a text names; say what is near where none is."""
    view = Page(site, root, on, site.asked_day(on))
    try:
        node = site.dataset.things.find(text)
    except InputError as error:
        body = view.render("error.html", title="Not found", message=str(error), text=text)
        return Reply(body, HTML.header, 404)
    return Reply(b"", "text/plain", 303, {"Location": view.local(node.value)})


JOBS: dict[str, Callable[..., Reply]] = {"find": find, "home": home, "page": page, "why": why}
