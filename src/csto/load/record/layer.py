"""The manifest of a layer of imported data: what it extends, and how far it reaches."""

from __future__ import annotations

import os
import re
from pathlib import Path

from csto.errors import InputError
from csto.load.manifest import NAME, Manifest
from csto.load.workspace import Workspace
from csto.vocabulary import beside

_CUT_OFF = re.compile(r'csto:cutOff "(\d{4}-\d{2}-\d{2})"')


def write_manifest(layer: Path, base: str, below: Workspace, cut_off: str | None) -> None:
    """Write the manifest of a layer, or narrow that of one that is there.

    Of several data sets in one layer the one that ends first decides how far all reach: a
    statement is certain to the cut-off of its layer.

    Args:
        layer: its folder.
        base: of its things; ends in "/".
        below: the workspace that it extends.
        cut_off: the last day that the data set tells of; ``None`` if it does not say.

    Raises:
        InputError: if the layer has things of another base.
    """
    path = layer / NAME
    if not path.is_file():
        path.write_text(_manifest(layer, base, below, cut_off or "1816-01-01"), encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if f'void:uriSpace "{base}"' not in text:
        raise InputError(
            f"{path}: this layer has another base than {base}; give --base, or --layer"
        )
    if cut_off and (said := _CUT_OFF.search(text)) and cut_off < said[1]:
        path.write_text(text.replace(said[0], f'csto:cutOff "{cut_off}"'), encoding="utf-8")


def _manifest(layer: Path, base: str, below: Workspace, cut_off: str) -> str:
    lender: Manifest = below.manifest
    extended = f"<{lender.node}>"
    folder = ""
    if below.base is not None:
        where = os.path.relpath(below.root.resolve(), layer.resolve())
        folder = f'\n{extended} csto:folder "{where}" .\n'
    return f"""# The manifest of a layer of imported data, written by csto import.
@prefix csto: <https://w3id.org/csto/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<{beside(base)}> a csto:Workspace ;
    rdfs:label "Imported data sets"@en ;
    dcterms:title "Imported data sets"@en ;
    void:uriSpace "{base}" ;
    vann:preferredNamespacePrefix "world" ;
    csto:cutOff "{cut_off}"^^xsd:date ;
    csto:extends {extended} .
{folder}"""
