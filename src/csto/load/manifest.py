"""The manifest of a workspace, ``workspace.ttl``: what it is called, where its things lie.

It is Turtle like any other fact, in terms of DCAT, VoID and Dublin Core where they fit:

    <https://example.org/rio/> a csto:Workspace ;
        dcterms:title "Inter-American system"@en ;
        void:uriSpace "https://example.org/rio/id/" ;
        vann:preferredNamespacePrefix "rio" ;
        csto:central body:oas ;
        csto:cutOff "2025-11-30"^^xsd:date ;
        csto:parameterDefault "instrument=agreement:rio-treaty" ;
        csto:extends <https://example.org/world/> .
    <https://example.org/world/> csto:folder "../world" .
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from csto.errors import InputError
from csto.vocabulary import CSTO, DCTERMS, OWL, RDF_TYPE, VANN, VOID, know

NAME = "workspace.ttl"


@dataclass(frozen=True)
class Manifest:
    """What a manifest says; a workspace without one has only the base of the package."""

    base: str
    path: Path | None = None
    node: str = ""
    title: str = ""
    prefix: str = ""
    central: str = ""
    creators: tuple[str, ...] = ()
    licence: str = ""
    citation: str = ""
    version: str = ""
    cut_off: str = ""
    # Values of parameters for which a query asks the manifest.
    defaults: dict[str, str] = field(default_factory=dict)
    # The workspaces it builds on: IRI and, but for the shipped one, folder.
    extends: tuple[tuple[str, str], ...] = ()
    # Things of lent layers whose place things of this one take: lent IRI → IRI of its own.
    replaced: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)


def read_manifest(path: Path, shown: str) -> Manifest:
    """Read a manifest.

    Raises:
        InputError: if it cannot be parsed, describes no workspace or several, or gives no
            base that ends in "/"; with the line to write.
    """
    from pyoxigraph import RdfFormat, parse

    told: dict[tuple[str, str], list[str]] = {}
    try:
        parser = parse(path=str(path), format=RdfFormat.TURTLE)
        for quad in parser:
            about = getattr(quad.subject, "value", str(quad.subject)), quad.predicate.value
            told.setdefault(about, []).append(getattr(quad.object, "value", str(quad.object)))
    except (SyntaxError, OSError, ValueError) as error:
        raise InputError(f"{shown}: cannot be read ({error})") from error
    nodes = [s for (s, p), kinds in told.items() if p == RDF_TYPE.value if _WORKSPACE in kinds]
    if len(nodes) != 1:
        raise InputError(
            f"{shown}: describes {len(nodes) or 'no'} workspace{'s' if nodes else ''}; it needs "
            "exactly one: <https://example.org/name/> a csto:Workspace ; …"
        )
    node = nodes[0]

    def all_of(term: str) -> tuple[str, ...]:
        return tuple(told.get((node, term), ()))

    def one(term: str) -> str:
        return next(iter(all_of(term)), "")

    base = one(VOID + "uriSpace")
    if not re.fullmatch(r'https?://[^\s<>"{}|\\^`#?]+/', base):
        what = f'the base "{base}" does not end in "/"' if base else "no base of things"
        raise InputError(f'{shown}: {what}; write void:uriSpace "https://example.org/name/id/"')
    extends = []
    for other in all_of(CSTO + "extends"):
        folders = told.get((other, CSTO + "folder"), [""])
        extends.append((other, folders[0]))
    defaults = {}
    for text in all_of(CSTO + "parameterDefault"):
        name, sign, value = text.partition("=")
        if not sign:
            raise InputError(f'{shown}: csto:parameterDefault "{text}"; write "parameter=value"')
        defaults[name.strip()] = value.strip()
    replaced = {
        lent: own
        for (own, predicate), lents in told.items()
        if predicate == CSTO + "replaces"
        for lent in lents
    }
    know(base)
    return Manifest(
        base=base,
        path=path,
        node=node,
        title=one(DCTERMS + "title"),
        prefix=one(VANN + "preferredNamespacePrefix"),
        central=one(CSTO + "central"),
        creators=all_of(DCTERMS + "creator"),
        licence=one(DCTERMS + "license"),
        citation=one(DCTERMS + "bibliographicCitation"),
        version=one(OWL + "versionInfo"),
        cut_off=one(CSTO + "cutOff"),
        defaults=defaults,
        extends=tuple(extends),
        replaced=replaced,
        prefixes=dict(parser.prefixes),
    )


_WORKSPACE = CSTO + "Workspace"
