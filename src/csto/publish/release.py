"""A release as one zip file: every part and form, described, licensed and with checksums."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator

from csto import __version__
from csto.answer.panel import UNITS, build_panel, codebook
from csto.graph.dataset import Dataset
from csto.load.formats import BY_ENDING
from csto.load.manifest import Manifest
from csto.publish import jsonld
from csto.publish.export import PARTS, export, part_prefixes, part_quads
from csto.publish.network import as_graphml, as_tables, network
from csto.publish.profiles import in_profile, profile_triples
from csto.publish.void import File, description

# The same content gives the same bytes: the time in a zip is that of no clock.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MEDIA = {
    **{ending: one.media_types[0] for ending, one in BY_ENDING.items()},
    ".graphml": "application/xml",
    ".csv": "text/csv",
    ".md": "text/markdown",
}
_README = """\
# {title}, {version}

As of {day}. The graph reaches to {cut_off}.

| file | what |
| --- | --- |
| `ontology.ttl`, `concepts.ttl` | classes and properties; SKOS schemes |
| `shapes.ttl` | SHACL shapes |
| `graph.ttl` | the facts, each with its passage |
| `inferred.nq` | what follows from them, and what holds on the day: certainly, and possibly |
| `{name}.trig`, `{name}.jsonld`, `{name}.rdf` | all of it |
| `context.jsonld` | the JSON-LD context alone |
| `network.graphml`, `network-nodes.csv`, `network-edges.csv` | the network as of the day |
| `panels/` | tables for statistics, each with its codebook |
| `profiles/` | the graph in the terms of other vocabularies |
| `alignments/` | how our terms relate to those of others (SSSOM) |
| `description.ttl` | VoID and DCAT 3 |
| `SHA256SUMS` | checksums; `sha256sum -c SHA256SUMS` |

{credits}"""


def release(dataset: Dataset, day: str) -> bytes:
    """The zip file of a release, the same bytes for the same graph and day."""
    files = dict(_files(dataset, day))
    listed = {
        name: File(name, _media(name), len(data), hashlib.sha256(data).hexdigest())
        for name, data in files.items()
    }
    files["description.ttl"] = description(dataset, day, listed)
    called, version = _called(dataset)
    manifest = dataset.workspace.manifest
    title = manifest.title or called
    files["README.md"] = _README.format(
        title=title,
        version=version,
        name=called,
        day=day,
        cut_off=dataset.cut_off,
        credits=_credits(manifest, title, version),
    ).encode()
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    )
    files["SHA256SUMS"] = sums.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{called}-{version}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, data)
    return buffer.getvalue()


def _called(dataset: Dataset) -> tuple[str, str]:
    """Name and version of a release: those of the package's workspace are those of the package."""
    workspace = dataset.workspace
    version = __version__ if workspace.base is None else dataset.cut_off
    return workspace.manifest.prefix or "graph", workspace.manifest.version or version


def _credits(manifest: Manifest, title: str, version: str) -> str:
    """Licence and citation, as far as the manifest gives them."""
    lines = [f"Licence: <{manifest.licence}>."] if manifest.licence else []
    authors = "; ".join(manifest.creators)
    citation = manifest.citation or (f"{authors}, *{title}*, {version}." if authors else "")
    return "\n".join([*lines, *([f"Cite as: {citation}"] if citation else [])]) + "\n"


def context(dataset: Dataset, day: str) -> bytes:
    """The JSON-LD context of the whole graph, as a document to be published."""
    quads = part_quads(dataset, PARTS, day)
    made = jsonld.compact(quads, part_prefixes(dataset))["@context"]
    return (json.dumps({"@context": made}, ensure_ascii=False, indent=2) + "\n").encode()


def _files(dataset: Dataset, day: str) -> Iterator[tuple[str, bytes]]:
    for part in ("ontology", "concepts", "graph", "shapes"):
        yield f"{part}.ttl", export(dataset, "turtle", day=day, parts=[part])
    yield "inferred.nq", export(dataset, "nquads", day=day, parts=["inferred"])
    called, _ = _called(dataset)
    for ending, how in (("trig", "trig"), ("jsonld", "jsonld"), ("rdf", "rdfxml")):
        yield f"{called}.{ending}", export(dataset, how, day=day, inferred=True)
    yield "context.jsonld", context(dataset, day)
    net = network(dataset, day)
    yield "network.graphml", as_graphml(net)
    for name, text in zip(("nodes", "edges"), as_tables(net), strict=True):
        yield f"network-{name}.csv", text.encode()
    from csto.answer.tables import write_rows

    for unit in UNITS:
        panel = build_panel(dataset, unit)
        yield f"panels/{unit}.csv", write_rows(panel.columns, panel.rows, "csv").encode()
        yield f"panels/{unit}.codebook.md", codebook(panel).encode()
    for name in dataset.workspace.profile_names():
        # A vocabulary in which nothing of this graph can be said has no file.
        if profile_triples(dataset, name, day):
            yield f"profiles/{name}.ttl", in_profile(dataset, name, "turtle", day)
    for path in dataset.workspace.alignment_files():
        yield f"alignments/{path.name}", path.read_bytes()


def _media(name: str) -> str:
    return _MEDIA["." + name.rsplit(".", 1)[1]]
