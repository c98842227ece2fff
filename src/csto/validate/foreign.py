"""Anybody's data against anybody's shapes: SHACL, with places, and no rules of our house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from csto.errors import InputError
from csto.load.formats import BY_ENDING
from csto.validate.finding import Finding, Place, Report, text_of
from csto.validate.literals import IllTyped
from csto.validate.parsed import File, echoed, read, read_standard_input
from csto.validate.positions.locator import Locator
from csto.validate.shacl.constraints import Violation
from csto.validate.shacl.evaluate import validate
from csto.validate.shacl.graph import Graph, uncollected
from csto.validate.shacl.parts import Fault
from csto.validate.shacl.shapes import ShapesGraph
from csto.validate.shacl.words import result_of
from csto.vocabulary import OWL, RDF_TYPE, SH, shorten

ILL_TYPED = "CS0011"
UNREADABLE_EDTF = "CS0012"
_CODES = {"bad": "CS0007", "unsupported": "CS0008", "misspelt": "CS0009"}
_IMPORTS = NamedNode(OWL + "imports")
_SHAPES_GRAPH = NamedNode(SH + "shapesGraph")
_TARGET_NODE = NamedNode(SH + "targetNode")


def validate_files(
    shapes: Sequence[Path],
    data: Sequence[Path],
    base: str | None = None,
    stdin_name: str | None = None,
) -> Report:
    """Validate files against shapes.

    Args:
        shapes, data: files, or folders with RDF files in them; a file may be both, and
            ``-`` is standard input.
        base: against which relative IRIs are resolved; without it each file's own place.
        stdin_name: the name of standard input, whose ending says what it is; else Turtle.

    Raises:
        InputError: for a path that is not there, or shapes among which none has a target.
    """
    with uncollected():
        return _validated(shapes, data, base, stdin_name)


def _validated(
    shapes: Sequence[Path], data: Sequence[Path], base: str | None, stdin_name: str | None
) -> Report:
    report = Report()
    began = perf_counter()
    try:
        NamedNode(base or "urn:none")
    except ValueError:
        raise InputError(
            f"--base {base}: no absolute IRI; write one such as http://example.org/x"
        ) from None
    known: dict[Path, File] = {}

    def take(path: Path) -> File:
        if str(path) == "-":
            return known.setdefault(path, read_standard_input(stdin_name, base or ""))
        key = path.resolve()
        if key not in known:
            known[key] = read(path, _shown(path), base=base or key.as_uri(), own=True)
        return known[key]

    shape_files = [take(path) for path in _expand(shapes)]
    data_files = [take(path) for path in _expand(data)]
    shape_files += _imported(shape_files, take, report)
    report.files = len(known)
    report.broken = [finding for file in known.values() for finding in file.broken]
    report.timings["read files"] = perf_counter() - began
    if any(file.broken for file in shape_files):
        # Without the whole of the shapes, clean would mean nothing.
        report.findings = sorted([*report.findings, *report.broken], key=Finding.key)
        return report
    began = perf_counter()
    shapes_graph, data_graph = _graph(shape_files), _graph(data_files)
    report.triples, report.held = data_graph.size, (known, data_graph)
    report.timings["index"] = perf_counter() - began
    began = perf_counter()
    read_shapes = ShapesGraph(shapes_graph)
    outcome = validate(data_graph, read_shapes)
    report.timings["shapes"] = perf_counter() - began
    report.shapes = outcome.shapes
    report.standard, report.shapes_graph = True, shapes_graph
    if not outcome.shapes and not read_shapes.faults:
        names = ", ".join(file.shown for file in shape_files)
        raise InputError(f"{names}: no shape with a target is active; nothing would be checked")
    began = perf_counter()
    in_shapes, in_data = Locator(shape_files, Store()), Locator(data_files, Store())
    findings = [fault_finding(fault, in_shapes) for fault in read_shapes.faults]
    report.broken += findings
    idle = [_idle(shape.node, shape.targets, in_shapes, data_graph) for shape in outcome.idle]
    if outcome.shapes and not outcome.focus and not read_shapes.faults and not report.broken:
        # Where no shape looks at anything, clean would mean nothing.
        report.broken += idle
    if not any(file.broken for file in data_files):
        findings += idle
    found = [
        Finding.of(result, _place(violation, in_data, result.path) or _target(violation, in_shapes))
        for violation in outcome.violations
        if not echoed(result := result_of(violation, read_shapes), data_files)
    ]
    datatype = SH + "DatatypeConstraintComponent"
    told = {f.terms for f in found if f.component == datatype}
    report.findings += [
        *findings,
        *found,
        *(f for f in literals(data_graph.ill_typed, data_files, in_data) if f.terms not in told),
        *[f for file in known.values() for f in file.broken],
    ]
    report.findings = sorted(report.findings, key=Finding.key)
    report.timings["find places"] = perf_counter() - began
    return report


def literals(
    wrong: Iterable[IllTyped],
    files: Sequence[File],
    locator: Locator,
    *,
    ours: bool = False,
) -> Iterator[Finding]:
    """Literals that do not belong to their datatype, as they are written.

    Args:
        wrong: they; those that stand in none of the files are passed over.
        files: where they come from.
        locator: puts them in their place.
        ours: whether dates in EDTF must be of the part that this program reads.
    """
    for subject, prop, literal, what in wrong:
        outside = "outside the part of it" in what
        if outside and not ours:
            continue
        place = locator.exact(subject, prop, literal)
        if place is None and (place := _in_file(files, subject, prop, literal)) is None:
            continue
        yield Finding(
            UNREADABLE_EDTF if outside else ILL_TYPED,
            "violation",
            what,
            "fix the text, or its datatype",
            text_of(subject),
            text_of(prop),
            literal.value if len(literal.value) < 500 else literal.value[:400] + " …",
            place,
            terms=(subject, prop, literal),
        )


def _in_file(files: Sequence[File], *said: Any) -> Place | None:
    """The file of a statement, where its line is not known."""
    shown = (f.shown for f in files for q in f.quads if (q.subject, q.predicate, q.object) == said)
    return next(map(Place, shown), None)


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve()))
    except ValueError:
        return str(path)


def _expand(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix.lower() in BY_ENDING)
            if not found:
                raise InputError(f"{path}: no RDF file in this folder; nothing would be checked")
            yield from found
        elif str(path) != "-" and not path.exists():
            raise InputError(f"{path}: no such file or folder")
        else:
            yield path


def _imported(files: list[File], take: Any, report: Report) -> list[File]:
    """Files that shapes import and that lie at hand; what does not is told."""
    found: list[File] = []
    seen = {file.path.resolve() for file in files}
    waiting = list(files)
    while waiting:
        file = waiting.pop(0)
        for quad in file.quads:
            if quad.predicate not in (_IMPORTS, _SHAPES_GRAPH):
                continue
            if not isinstance(quad.object, NamedNode):
                continue
            iri = quad.object.value
            path = Path(iri.removeprefix("file://")) if iri.startswith("file://") else None
            if path is not None and path.is_file():
                if path.resolve() not in seen:
                    seen.add(path.resolve())
                    found.append(take(path))
                    waiting.append(found[-1])
                continue
            if any(q.subject == quad.object for f in [*files, *found] for q in f.quads):
                continue
            report.findings.append(
                Finding(
                    "CS0010",
                    "warning",
                    f"{shorten(quad.predicate.value)} {iri} is not read: nothing is fetched",
                    "give the file with one more --shapes, if its shapes are wanted",
                    text_of(quad.subject),
                    quad.predicate.value,
                    iri,
                    Locator([file], Store()).exact(quad.subject, quad.predicate, quad.object)
                    or Place(file.shown),
                )
            )
    return found


def _graph(files: list[File]) -> Graph:
    """The files as one graph; nodes without a name are kept apart by file."""
    if len(files) == 1:
        return Graph(files[0].quads)
    return Graph(quad for number, file in enumerate(files) for quad in _apart(file, number))


def _apart(file: File, number: int) -> Iterator[Any]:
    from pyoxigraph import Quad

    def named(term: Any) -> Any:
        return BlankNode(f"file{number}{term.value}") if isinstance(term, BlankNode) else term

    if number == 0:
        yield from file.quads
        return
    quads = []
    for quad in file.quads:
        subject, thing = named(quad.subject), named(quad.object)
        if subject is not quad.subject or thing is not quad.object:
            quad = Quad(subject, quad.predicate, thing, quad.graph_name)
        quads.append(quad)
    # Places are looked for under the new names too.
    file.quads = quads
    file.statements = [s.renamed(named(s.subject), named(s.object)) for s in file.statements]
    yield from quads


def fault_finding(fault: Fault, locator: Locator) -> Finding:
    """A fault of a shape as a finding in the file of shapes."""
    place = locator.find(fault.focus, fault.path, fault.value)
    return Finding(
        _CODES[fault.kind],
        fault.severity,
        fault.what,
        fault.fix,
        text_of(fault.focus),
        text_of(fault.path),
        text_of(fault.value),
        place,
    )


def _idle(node: Any, targets: list[tuple[str, Any]], locator: Locator, data: Graph) -> Finding:
    said = "; ".join(f"sh:{kind} {text_of(value)}" for kind, value in targets)
    near = _near(targets, data)
    return Finding(
        "CS0004",
        "warning",
        f"the shape finds nothing to look at ({said}){near}",
        "fix its target, or leave the shape out for such data",
        text_of(node),
        place=locator.subject(node),
    )


def _near(targets: list[tuple[str, Any]], data: Graph) -> str:
    """What was meant by a target that the data do not have."""
    for kind, value in targets:
        if kind == "targetClass":
            known = {c.value for c in data.objects_of(RDF_TYPE) if isinstance(c, NamedNode)}
        elif kind in ("targetSubjectsOf", "targetObjectsOf"):
            known = {prop.value for prop in data.said}
        else:
            continue
        if near := get_close_matches(getattr(value, "value", ""), sorted(known), 1, 0.8):
            return f"; did you mean {shorten(near[0])}?"
    return ""


def _place(violation: Violation, locator: Locator, step: Any) -> Place | None:
    path = violation.shape.path
    if path is not None and path.kind == "^" and not path.parts[0].kind:
        found = locator.exact(violation.value, path.parts[0].prop, violation.focus)
        if found is not None:
            return found
    if isinstance(violation.focus, Literal):
        return locator.value(violation.focus)
    return locator.find(violation.focus, step, violation.value)


def _target(violation: Violation, locator: Locator) -> Place | None:
    """Where the shapes name a node that the data do not have."""
    shape = violation.target
    return locator.exact(shape.node, _TARGET_NODE, violation.focus) if shape else None
