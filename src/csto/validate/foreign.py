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
from csto.validate.finding import Detail, Finding, Place, Report
from csto.validate.inputs import File, read, read_standard_input
from csto.validate.literals import fault_of
from csto.validate.positions.locator import Locator
from csto.validate.shacl.evaluate import Violation, in_words, validate
from csto.validate.shacl.graph import Graph
from csto.validate.shacl.parts import Fault
from csto.vocabulary import OWL, RDF_TYPE, SH, shorten

ILL_TYPED = "CS0011"
UNREADABLE_EDTF = "CS0012"
_SEVERITIES = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}
_CODES = {"bad": "CS0007", "unsupported": "CS0008", "misspelt": "CS0009"}
_IMPORTS = NamedNode(OWL + "imports")
_SHAPES_GRAPH = NamedNode(SH + "shapesGraph")
_IDENTIFIER = NamedNode("http://purl.org/dc/terms/identifier")
_DESCRIPTION = NamedNode(SH + "description")


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
    report = Report()
    began = perf_counter()
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
    report.triples = data_graph.size
    report.timings["index"] = perf_counter() - began
    began = perf_counter()
    outcome = validate(data_graph, shapes_graph)
    report.timings["shapes"] = perf_counter() - began
    report.shapes = outcome.shapes
    report.standard = shapes_graph
    if not outcome.shapes and not outcome.faults:
        names = ", ".join(file.shown for file in shape_files)
        raise InputError(f"{names}: no shape with a target; nothing would be checked")
    began = perf_counter()
    in_shapes, in_data = Locator(shape_files, Store()), Locator(data_files, Store())
    findings = [fault_finding(fault, in_shapes) for fault in outcome.faults]
    report.broken += findings
    idle = [_idle(shape.node, shape.targets, in_shapes, data_graph) for shape in outcome.idle]
    if outcome.shapes and not outcome.focus_nodes and not outcome.faults and not report.broken:
        # Where no shape looks at anything, clean would mean nothing.
        report.broken += idle
    if not any(file.broken for file in data_files):
        findings += idle
    found = [_finding(v, in_data, shapes_graph) for v in outcome.violations]
    datatype = SH + "DatatypeConstraintComponent"
    told = {f.terms for f in found if f.component == datatype}
    report.findings += [
        *findings,
        *found,
        *(f for f in literals(data_files, in_data) if f.terms not in told),
        *[f for file in known.values() for f in file.broken],
    ]
    report.findings = sorted(report.findings, key=Finding.key)
    report.timings["find places"] = perf_counter() - began
    return report


def literals(files: Iterable[File], locator: Locator, *, ours: bool = False) -> Iterator[Finding]:
    """Literals that do not belong to their datatype, as they are written.

    Args:
        files: what is looked at.
        locator: puts them in their place.
        ours: whether dates in EDTF must be of the part that this program reads.
    """
    judged: dict[Any, str] = {}
    for file in files:
        for quad in file.quads:
            literal = quad.object
            if not isinstance(literal, Literal):
                continue
            what = judged.get(literal)
            if what is None:
                what = judged[literal] = fault_of(literal)
            if not what:
                continue
            outside = "outside the part of it" in what
            if outside and not ours:
                continue
            place = locator.exact(quad.subject, quad.predicate, literal)
            yield Finding(
                UNREADABLE_EDTF if outside else ILL_TYPED,
                "violation",
                what,
                "fix the text, or its datatype",
                _text(quad.subject),
                _text(quad.predicate),
                literal.value if len(literal.value) < 500 else literal.value[:400] + " …",
                place or Place(file.shown),
                terms=(quad.subject, quad.predicate, literal),
            )


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
                    _text(quad.subject),
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
        _text(fault.focus),
        _text(fault.path),
        _text(fault.value),
        place,
    )


def _idle(node: Any, targets: list[tuple[str, Any]], locator: Locator, data: Graph) -> Finding:
    said = "; ".join(f"sh:{kind} {_text(value)}" for kind, value in targets)
    near = _near(targets, data)
    return Finding(
        "CS0004",
        "warning",
        f"the shape finds nothing to look at ({said}){near}",
        "fix its target, or leave the shape out for such data",
        _text(node),
        place=locator.subject(node),
    )


def _near(targets: list[tuple[str, Any]], data: Graph) -> str:
    """What was meant by a target that the data do not have."""
    for kind, value in targets:
        if kind == "targetClass":
            known = {c.value for c in data.objects_of(RDF_TYPE) if isinstance(c, NamedNode)}
        elif kind in ("targetSubjectsOf", "targetObjectsOf"):
            known = {p.value for said in data.by_subject.values() for p in said}
        else:
            continue
        if near := get_close_matches(getattr(value, "value", ""), sorted(known), 1, 0.8):
            return f"; did you mean {shorten(near[0])}?"
    return ""


def _finding(violation: Violation, locator: Locator, shapes: Graph) -> Finding:
    severity = _SEVERITIES.get(violation.severity.value, "violation")
    own = "" if violation.severity.value in _SEVERITIES else violation.severity.value
    path = violation.path_node
    shape = violation.shape
    written = shape.path
    if isinstance(path, NamedNode):
        shown, step = path.value, path
    elif written is not None and path is not None:
        shown, step = written.words(), written.first_step()
    else:
        shown, step = "", None
    code = shapes.value(shape.node, _IDENTIFIER)
    fix = shapes.value(shape.node, _DESCRIPTION)
    return Finding(
        code.value if isinstance(code, Literal) else _code(violation),
        severity,
        in_words(violation),
        fix.value if isinstance(fix, Literal) else "fix the data, or the shape",
        _text(violation.focus),
        shown,
        _text(violation.value),
        _place(violation, locator, step),
        _text(shape.node),
        violation.component.value,
        details=tuple(_detail(detail) for detail in violation.details),
        terms=(violation.focus, path, violation.value),
        level=own,
        result=violation,
    )


def _place(violation: Violation, locator: Locator, step: Any) -> Place | None:
    path = violation.shape.path
    if path is not None and path.kind == "^" and not path.parts[0].kind:
        found = locator.exact(violation.value, path.parts[0].prop, violation.focus)
        if found is not None:
            return found
    if isinstance(violation.focus, Literal):
        return locator.value(violation.focus)
    return locator.find(violation.focus, step, violation.value)


def _detail(violation: Violation) -> Detail:
    path = violation.shape.path
    what = in_words(violation)
    if path is not None:
        what = f"{path.words()}: {what}"
    if violation.value is not None and path is not None:
        what += f" ({_text(violation.value)})"
    return Detail(what, tuple(_detail(detail) for detail in violation.details))


def _code(violation: Violation) -> str:
    """``sh:minCount`` for a constraint without a code of its own."""
    name = violation.component.value
    if name.startswith(SH):
        local = name[len(SH) :].removesuffix("ConstraintComponent")
        return f"sh:{local[0].lower()}{local[1:]}" if local != "SPARQL" else "sh:sparql"
    return shorten(name)


def _text(term: Any) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)
