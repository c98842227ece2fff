"""Check the asserted and inferred graph against SHACL shapes and set-based checks.

Shapes (``ontology/shapes/*.ttl``, run by pyshacl) hold what concerns one node;
checks (``ontology/checks/*.rq``, run by Oxigraph) hold joins, which cost far less
as one query than as a SPARQL constraint for each node. Both end in one list of
findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from csto import edtf
from csto.dataset import TIMELESS, Dataset, build
from csto.errors import CstoError, InputError
from csto.header import read_header
from csto.load import FORMATS
from csto.names import ASSERTED, EDTF, INFERRED, ONTOLOGY, RDF_TYPE, SH, shorten
from csto.sparql import construct
from csto.workspace import Workspace

COLUMNS = ("code", "severity", "where", "thing", "value", "what", "mend")
SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and how to mend it."""

    code: str
    severity: str
    thing: str
    value: str
    what: str
    mend: str
    where: str = ""

    def row(self) -> tuple[str, ...]:
        return (
            self.code,
            self.severity,
            self.where,
            shorten(self.thing),
            shorten(self.value),
            self.what,
            self.mend,
        )


@dataclass
class Report:
    """What a validation found, and how much it looked at."""

    findings: list[Finding] = field(default_factory=list)
    triples: int = 0
    inferred: int = 0
    shapes: int = 0
    checks: int = 0

    @property
    def violations(self) -> int:
        return sum(1 for finding in self.findings if finding.severity == "violation")

    def summary(self) -> str:
        counts = Counter(finding.severity for finding in self.findings)
        found = ", ".join(
            f"{counts[s]} {s}{'s' if counts[s] != 1 and s != 'info' else ''}"
            for s in SEVERITIES
            if counts[s]
        )
        return (
            f"{found or 'clean'}: {self.triples} asserted and {self.inferred} inferred triples "
            f"against {self.shapes} shapes and {self.checks} checks"
        )


def validate(workspace: Workspace, paths: Sequence[Path] | None = None) -> Report:
    """Check a workspace, some of its files, or files in place of its graph.

    Args:
        workspace: where ontology, shapes, checks and graph are.
        paths: files or folders. Those inside the workspace's ``graph/`` are checked
            in their place, with findings of these files only; others stand alone.

    Raises:
        InputError: for a file that cannot be read, a workspace without shapes or
            checks, or a graph in which no shape finds anything to look at.
    """
    files = workspace.graph_files() if paths is None else list(_files(paths))
    only: set[str] | None = None
    home = workspace.graph.resolve()
    if paths is not None and all(path.resolve().is_relative_to(home) for path in files):
        only = {workspace.shown(path) for path in files}
        files = workspace.graph_files()
    if not workspace.shape_files():
        raise InputError(f"{workspace.ontology / 'shapes'}: no shapes; nothing would be checked")
    dataset = build(workspace, files)
    where = _subjects(workspace, files)
    report = Report(
        triples=_size(dataset, ASSERTED),
        inferred=_size(dataset, INFERRED),
        checks=len(workspace.check_files()),
    )
    findings = [*_bad_dates(dataset.store), *_checked(dataset)]
    shaped, report.shapes = _shaped(dataset)
    findings += shaped
    placed = {_placed(finding, where) for finding in findings}
    report.findings = sorted(
        (finding for finding in placed if only is None or finding.where in only),
        key=lambda f: (SEVERITIES.index(f.severity), f.where, f.thing, f.code, f.value),
    )
    return report


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix.lower() in FORMATS)
            if not found:
                raise InputError(f"{path}: no RDF file in this folder")
            yield from found
        elif path.is_file():
            yield path
        else:
            raise InputError(f"{path}: no such file or folder")


def _size(dataset: Dataset, graph: NamedNode) -> int:
    return sum(1 for _ in dataset.store.quads_for_pattern(None, None, None, graph))


def _subjects(workspace: Workspace, files: Iterable[Path]) -> dict[str, str]:
    """In which file a thing is described."""
    found: dict[str, str] = {}
    for path in [*workspace.ontology_files(), *files]:
        shown = workspace.shown(path)
        for quad in parse(path=str(path), format=FORMATS[path.suffix.lower()]):
            if isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject.value, shown)
    return found


def _placed(finding: Finding, where: dict[str, str]) -> Finding:
    return replace(finding, where=where.get(finding.thing, ""))


def _bad_dates(store: Store) -> Iterator[Finding]:
    """Dates that have the form of EDTF but are no days of the calendar."""
    for quad in store.quads_for_pattern(None, None, None, ASSERTED):
        if isinstance(quad.object, Literal) and quad.object.datatype.value == EDTF:
            try:
                edtf.bounds(quad.object.value)
            except InputError as error:
                yield Finding(
                    "CS0100",
                    "violation",
                    _name(quad.subject),
                    quad.object.value,
                    str(error),
                    edtf.HINT,
                )


def _name(term: Any) -> str:
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)


def _checked(dataset: Dataset) -> Iterator[Finding]:
    """Findings of the set-based checks."""
    focus, value = NamedNode(SH + "focusNode"), NamedNode(SH + "value")
    for path in dataset.workspace.check_files():
        text = path.read_text(encoding="utf-8")
        header = read_header(text, path)
        for name in ("code", "severity", "summary", "mend"):
            if not header.get(name):
                raise InputError(f"{path}:1: the header lacks #+ {name}:")
        try:
            made = list(construct(dataset.store, text, TIMELESS, named=TIMELESS))
        except SyntaxError as error:
            raise InputError(f"{path}: {error.msg}") from error
        results: dict[Any, dict[Any, Any]] = {}
        for triple in made:
            results.setdefault(triple.subject, {})[triple.predicate] = triple.object
        for result in results.values():
            if focus not in result:
                continue
            yield Finding(
                str(header["code"]),
                str(header["severity"]),
                _name(result[focus]),
                _name(result[value]) if value in result else "",
                str(header["summary"]),
                str(header["mend"]),
            )


def _shaped(dataset: Dataset) -> tuple[list[Finding], int]:
    """Findings of the SHACL shapes, and how many shapes there are."""
    import pyshacl
    import rdflib
    from rdflib.namespace import DCTERMS, RDF
    from rdflib.namespace import SH as SHACL

    shapes = rdflib.Graph()
    for path in dataset.workspace.shape_files():
        try:
            shapes.parse(path, format="turtle")
        except Exception as error:  # rdflib raises many kinds
            raise InputError(f"{path}: {error}") from error
    data = _rdflib_graph(dataset)
    _require_focus(shapes, dataset)
    _, results, _ = pyshacl.validate(
        data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False
    )
    if not isinstance(results, rdflib.Graph):
        raise CstoError(f"pyshacl could not validate: {results}")
    findings = []
    for result in results.subjects(RDF.type, SHACL.ValidationResult):
        shape = results.value(result, SHACL.sourceShape)
        severity = str(results.value(result, SHACL.resultSeverity)).rpartition("#")[2].lower()
        value = results.value(result, SHACL.value)
        findings.append(
            Finding(
                str(shapes.value(shape, DCTERMS.identifier) or "CS0000"),
                severity,
                str(results.value(result, SHACL.focusNode)),
                "" if value is None else str(value),
                str(results.value(result, SHACL.resultMessage)),
                str(shapes.value(shape, SHACL.description) or ""),
            )
        )
    return findings, len(set(shapes.subjects(RDF.type, SHACL.PropertyShape)))


def _rdflib_graph(dataset: Dataset) -> Any:
    import rdflib

    # Each graph is written by Oxigraph and read by rdflib; IRIs and literals pass unchanged.
    data = rdflib.Graph()
    for graph in (ONTOLOGY, ASSERTED, INFERRED):
        text = dataset.store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph)
        data.parse(data=text, format="nt")
    return data


def _require_focus(shapes: Any, dataset: Dataset) -> None:
    """Shapes that look at nothing would conform for ever: one must have something to look at."""
    from rdflib.namespace import SH as SHACL

    targets = {NamedNode(str(target)) for target in shapes.objects(None, SHACL.targetClass)}
    if not targets:
        raise InputError("ontology/shapes: no shape has a target class; nothing would be checked")
    for graph in (ASSERTED, INFERRED):
        for target in targets:
            if next(dataset.store.quads_for_pattern(None, RDF_TYPE, target, graph), None):
                return
    raise InputError("no shape finds anything to look at; is this a graph of this workspace?")
