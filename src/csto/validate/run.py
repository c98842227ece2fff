"""Validate a workspace or files: read, complete, check, and put each finding in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import TIMELESS, Dataset
from csto.load import edtf
from csto.load.files import load_file
from csto.load.workspace import Workspace
from csto.sparql.text import select
from csto.validate.at_days import at_slices
from csto.validate.catalogue import Entry, entries
from csto.validate.checks import RULES, Check, checks_of, note_names, run_check
from csto.validate.finding import Finding, Place, Report, Result
from csto.validate.foreign import UNREADABLE_EDTF, fault_finding, literals
from csto.validate.inputs import Inputs, Stand, gather
from csto.validate.kept import ADDED, Kept
from csto.validate.lacks import lacks
from csto.validate.nearest import Nearest
from csto.validate.parsed import File, echoed
from csto.validate.placing import Placer
from csto.validate.positions.locator import Locator
from csto.validate.shacl.evaluate import validate as validate_graph
from csto.validate.shacl.graph import Graph
from csto.validate.shacl.shapes import ShapesGraph
from csto.validate.shacl.words import result_of
from csto.validate.written import findings_of
from csto.vocabulary import ASSERTED, EDTF, INFERRED, RDF_TYPE, SH, is_ours

DANGLING = "CS0213"
NO_DAY = "CS0100"
SUGGESTING = "; did you mean "


def validate(
    workspace: Workspace,
    paths: Sequence[Path] | None = None,
    *,
    with_graph: bool = False,
    stdin_name: str | None = None,
) -> Report:
    """Check a workspace, some of its files, or files in place of its graph.

    Args:
        workspace: where ontology, shapes, checks and graph are.
        paths: files, folders, or ``-`` for standard input. Files of the workspace are
            checked in their place, with findings of these files only; others stand alone
            under the ontology of the workspace.
        with_graph: other files stand beside the workspace's graph, not alone.
        stdin_name: the name under which standard input is read; if it is that of a file
            of the graph, the input stands in its place.

    Raises:
        InputError: for a path that is not there, a workspace without shapes or checks,
            or one in which no shape finds anything to look at.
    """
    report = Report()
    began = perf_counter()
    inputs = gather(workspace, paths, with_graph=with_graph, stdin_name=stdin_name)
    report.timings["read files"] = perf_counter() - began
    if not workspace.shape_files():
        raise InputError(f"{workspace.ontology / 'shapes'}: no shapes; nothing would be checked")
    report.files = len(inputs.files())
    report.only = inputs.only
    report.broken = [finding for file in inputs.files() for finding in file.broken]
    if any(file.broken for file in inputs.ontology):
        # Without the whole ontology nearly everything else would be an echo.
        return _done(report, inputs, [])
    files = _shape_files(inputs, workspace)
    shapes = ShapesGraph(Graph(quad for file in files for quad in file.quads))
    if shapes.faults:
        # A shape that says nothing would make everything clean.
        locator = Locator(files, Store())
        report.broken += [fault_finding(fault, locator) for fault in shapes.faults]
        return _done(report, inputs, [])
    if not shapes.targeted():
        raise InputError("ontology/shapes: no shape has a target; nothing would be checked")
    began = perf_counter()
    with Stand(inputs.graph) as stand:
        # What lies in a folder for the time being cannot be looked up again.
        dataset = build(workspace, stand.paths, cached=not stand.passing)
    report.timings["complete graph"] = perf_counter() - began
    if any(map(dataset.names_asked, _reading_all(workspace))):
        dataset.make_asked()
    report.triples = _size(dataset, ASSERTED)
    report.inferred = _size(dataset, INFERRED)
    kept = Kept(dataset)
    if not paths:
        report.remarks = lacks(dataset)
    began = perf_counter()
    data = Graph(_as_written(inputs, dataset))
    report.timings["index"] = perf_counter() - began
    shaped, unseen = _shaped(data, dataset, shapes, inputs, report)
    # Where nothing is of our kind, the checks of our house would only blame it for that.
    foreign = bool(unseen) and not any(map(_ours, unseen))
    results = [] if foreign else [*shaped, *_checked(dataset, workspace, report, kept)]
    began = perf_counter()
    results += [] if foreign else _bad_dates(dataset.store)
    report.timings["dates"] = perf_counter() - began
    began = perf_counter()
    placer = Placer(inputs.files(), dataset)
    nearest = Nearest(dataset.store)
    findings = [
        _finding(result, placer, nearest)
        for result in results
        if not echoed(result, inputs.graph) and _wanted(result, inputs, dataset)
    ]
    lent = {file.shown for file in _lent(inputs, workspace)}
    findings = [finding for finding in findings if finding.where not in lent]
    wrong = [*data.ill_typed, *shapes.graph.ill_typed]
    written = list(literals(wrong, inputs.files(), placer.locator, ours=True))
    findings = _once(findings, [f for f in written if f.where not in lent])
    findings += [_unseen(file.shown) for file in unseen]
    report.timings["find places"] = perf_counter() - began
    if inputs.whole and not report.broken:
        began = perf_counter()
        findings += findings_of(workspace, dataset, nearest, kept)
        report.timings["queries"] = perf_counter() - began
    if not stand.passing:
        kept.keep()
    return _done(report, inputs, findings)


def _reading_all(workspace: Workspace) -> Iterator[str]:
    """The texts of shapes, and of checks that read more than facts."""
    for path in workspace.shape_files():
        yield path.read_text(encoding="utf-8-sig")
    for check in checks_of(workspace):
        if check.reads != "facts":
            yield check.text


def catalogue(workspace: Workspace) -> list[Entry]:
    """All codes that a workspace can report, with their documentation."""
    checks = checks_of(workspace)
    return entries(graph_of_shapes(workspace), checks)


def graph_of_shapes(workspace: Workspace) -> ShapesGraph:
    """The shapes of a workspace.

    Raises:
        InputError: for a file that cannot be read.
    """
    store = Store()
    for path in workspace.shape_files():
        load_file(store, path, ASSERTED, workspace.shown(path))
    return ShapesGraph(Graph(store))


def _shape_files(inputs: Inputs, workspace: Workspace) -> list[File]:
    names = {workspace.shown(path) for path in workspace.shape_files()}
    return [file for file in inputs.ontology if file.shown in names]


def _size(dataset: Dataset, graph: NamedNode) -> int:
    (row,) = select(dataset.store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", [graph])
    return int(row["n"].value)


def _unseen(shown: str) -> Finding:
    return Finding(
        "CS0006",
        "violation",
        "no shape of the workspace finds anything to look at in this file",
        "check the names of its classes, or give shapes of its own with --shapes",
        place=Place(shown),
    )


def _once(findings: list[Finding], written: list[Finding]) -> list[Finding]:
    """All findings, of those about the form of one date only the one that says most."""

    def about(finding: Finding) -> tuple[str, str, str]:
        return finding.focus, finding.path, finding.value

    # That a date is EDTF all the same is better told than that it is none.
    outside = {about(f) for f in written if f.code == UNREADABLE_EDTF}
    kept = [f for f in findings if not (_is_of_form(f) and about(f) in outside)]
    # Dates have shapes of their own, which say better what to write.
    shaped = {about(f) for f in kept if _is_of_form(f) and f.code != NO_DAY}
    kept = [f for f in kept if f.code != NO_DAY or about(f) not in shaped]
    told = {about(f) for f in kept if _is_of_form(f)}
    return [*kept, *(f for f in written if not (is_date(f) and about(f) in told))]


def _is_of_form(finding: Finding) -> bool:
    return finding.code == NO_DAY or finding.component == SH + "PatternConstraintComponent"


def is_date(finding: Finding) -> bool:
    """Whether a finding about a literal is about a date in EDTF."""
    literal = finding.terms[2]
    return isinstance(literal, Literal) and literal.datatype.value == EDTF


def _ours(file: File) -> bool:
    """Whether a file names anything of ours, spelt rightly or not."""
    return any(
        isinstance(term, NamedNode) and is_ours(term.value)
        for quad in file.quads
        for term in (quad.subject, quad.predicate, quad.object)
    )


def _as_written(inputs: Inputs, dataset: Dataset) -> Iterator[Any]:
    """The graph with the terms of the files; what is inferred has those of the store."""
    shapes = _shape_files(inputs, dataset.workspace)
    for file in inputs.files():
        if file not in shapes:
            yield from file.quads
    yield from dataset.store.quads_for_pattern(None, None, None, INFERRED)


def _shaped(
    data: Graph, dataset: Dataset, shapes: ShapesGraph, inputs: Inputs, report: Report
) -> tuple[list[Result], list[File]]:
    """What shapes find, and files from elsewhere in which they see nothing at all."""
    outcome = validate_graph(data, shapes)
    report.shapes, report.shapes_graph = outcome.shapes, shapes.graph
    report.timings.update(outcome.timings)
    graph = {quad.subject for file in inputs.graph for quad in file.quads}
    if not graph and not report.broken:
        raise InputError("the files hold no statement; nothing would be checked")
    unseen: list[File] = []
    if graph.isdisjoint(outcome.focus) and not report.broken:
        if inputs.whole:
            raise InputError(
                "no shape finds anything to look at; is this a graph of this workspace?"
            )
        unseen = inputs.graph
    if inputs.whole and not any(file.broken for file in inputs.graph):
        lent = {quad.subject for file in _lent(inputs, dataset.workspace) for quad in file.quads}
        for shape in outcome.idle:
            if not shape.may_lack_focus and shape.node not in lent:
                report.broken.append(_idle(shape.node, inputs, dataset))
    return [result_of(violation, shapes) for violation in outcome.violations], unseen


def _lent(inputs: Inputs, workspace: Workspace) -> list[File]:
    """Files that are lent to a workspace, which need not use all they have nor answer for it."""
    if workspace.base is None:
        return []
    root = workspace.root.resolve()
    facts = {path.resolve() for layer in workspace.lent for path in layer.own_graph_files()}
    return [
        *(f for f in inputs.ontology if not f.path.resolve().is_relative_to(root)),
        *(f for f in inputs.graph if f.path.resolve() in facts),
    ]


def _idle(shape: Any, inputs: Inputs, dataset: Dataset) -> Finding:
    place = Locator(inputs.ontology, dataset.store).subject(shape)
    return Finding(
        "CS0004",
        "violation",
        "a shape finds nothing to look at in the whole graph",
        "fix its target, or mark it shape:mayLackFocus true",
        focus=getattr(shape, "value", str(shape)),
        place=place,
    )


def _checked(dataset: Dataset, workspace: Workspace, report: Report, kept: Kept) -> list[Result]:
    checks = checks_of(workspace)
    report.checks = len(checks)
    files = [*workspace.query_files(), *workspace.check_files(), *workspace.shape_files()]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    noted = False
    if kept.added:
        dataset.store.extend(kept.added)
    found: list[Result] = []
    for check in checks:
        began = perf_counter()
        names = "graph:rules" in check.text
        # What it looks into is made of all these texts.
        asked = "\n# ".join([check.text, *texts]) if names else check.text
        if not kept.spares(asked):
            if names and not noted:
                note_names(dataset.store, dataset.rules, texts)
                noted = True
            narrow = kept.narrowed(check.text) if not names else None
            results = _found(replace(check, text=narrow), dataset, ADDED) if narrow else []
            if results or not narrow:
                results = _found(check, dataset)
            kept.found(asked, len(results))
            found += results
        report.timings[check.name] = perf_counter() - began
    began = perf_counter()
    looked = at_slices(dataset, checks, found, kept)
    report.days = looked.days
    report.timings[f"slices ({looked.days} days, {looked.cut} cut)"] = perf_counter() - began
    return _without_echoes([*found, *looked.results], checks)


def _found(check: Check, dataset: Dataset, *more: NamedNode) -> list[Result]:
    return list(run_check(check, dataset.store, TIMELESS, [*TIMELESS, RULES, *more]))


def _without_echoes(results: list[Result], checks: Sequence[Check]) -> list[Result]:
    """Less what follows from another fault of the same thing, such as a misspelt class."""
    echo_of = {check.code: check.echo for check in checks if check.echo}
    told = {(result.code, result.focus) for result in results if result.path == RDF_TYPE}
    return [
        result
        for result in results
        if (echo_of.get(result.code), result.focus) not in told
        and (echo_of.get(result.code), result.value) not in told
    ]


def _bad_dates(store: Store) -> Iterator[Result]:
    """Dates that have the form of EDTF but are no days of the calendar."""
    for quad in store.quads_for_pattern(None, None, None, ASSERTED):
        if isinstance(quad.object, Literal) and quad.object.datatype.value == EDTF:
            try:
                edtf.bounds(quad.object.value)
            except InputError as error:
                yield Result(
                    NO_DAY,
                    "violation",
                    quad.subject,
                    quad.predicate,
                    quad.object,
                    str(error).partition(";")[0],
                    edtf.HINT,
                )


def _wanted(result: Result, inputs: Inputs, dataset: Dataset) -> bool:
    """Less what is about the ontology where only other files are asked for."""
    if inputs.only is None or any(file.shown in inputs.only for file in inputs.ontology):
        return True
    focus = result.focus
    return not isinstance(focus, NamedNode) or any(
        True for _ in dataset.store.quads_for_pattern(focus, None, None, ASSERTED)
    )


def _finding(result: Result, placer: Placer, nearest: Nearest) -> Finding:
    place, proof = placer.place(result)
    suggestion = nearest.to(result.value) or nearest.to(result.path)
    fix = result.fix + (f"{SUGGESTING}{suggestion}?" if suggestion else "")
    return Finding.of(result, place, fix=fix, related=placer.related(result), proof=proof)


def _done(report: Report, inputs: Inputs, findings: list[Finding]) -> Report:
    found = {f.key(): f for f in findings}
    kept = [f for f in found.values() if inputs.only is None or f.where in inputs.only]
    report.findings = sorted([*report.broken, *_told_once(kept)], key=Finding.key)
    return report


def _told_once(findings: list[Finding]) -> list[Finding]:
    """Without dangling names of which a shape complains too: it says better what is missing."""
    dangling = {_spot(f): f for f in findings if f.code == DANGLING}
    told: set[Any] = set()
    kept = []
    for finding in findings:
        same = dangling.get(_spot(finding))
        if same is not None and finding.code != DANGLING and finding.severity == same.severity:
            told.add(_spot(finding))
            meant = same.fix.partition(SUGGESTING)[2]
            if meant and SUGGESTING not in finding.fix:
                finding = replace(finding, fix=f"{finding.fix}{SUGGESTING}{meant}")
        kept.append(finding)
    return [f for f in kept if f.code != DANGLING or _spot(f) not in told]


def _spot(finding: Finding) -> tuple[Any, ...]:
    place = finding.place
    return (place.path, place.line, place.column) if place else (finding.focus, finding.value)
