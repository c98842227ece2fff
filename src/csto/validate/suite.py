"""Run test suites of SHACL in the form of the W3C, and tell the results in EARL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from csto import __version__
from csto.errors import CstoError, InputError
from csto.load.files import source_of
from csto.validate.shacl.evaluate import Outcome, validate
from csto.validate.shacl.graph import Graph, is_true
from csto.validate.shacl.paths import BadPathError, read_path
from csto.validate.shacl.shapes import ShapesGraph
from csto.vocabulary import SH

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"
_INCLUDE, _ENTRIES, _ACTION, _RESULT, _STATUS = (
    NamedNode(_MF + name) for name in ("include", "entries", "action", "result", "status")
)
_DATA, _SHAPES, _FAILURE = (
    NamedNode(_SHT + name) for name in ("dataGraph", "shapesGraph", "Failure")
)


@dataclass(frozen=True)
class TestOutcome:
    """How one test went; ``why`` is empty if it passed."""

    test: str
    shown: str
    why: str = ""

    @property
    def passed(self) -> bool:
        return not self.why


def run_suite(manifest: Path) -> list[TestOutcome]:
    """Run all tests of a manifest and of those that it includes.

    Compared are ``sh:conforms`` and the results as a bag: focus node, path by structure,
    value, component, severity, source shape where it has a name, and messages where the
    test gives them.

    Raises:
        InputError: if the manifest cannot be read, or has no test.
    """
    outcomes = [_run(*entry) for entry in _tests(manifest, set())]
    if not outcomes:
        raise InputError(f"{manifest}: no test in this manifest")
    return outcomes


def _load(path: Path, at: str = "") -> Graph:
    try:
        source = source_of(path)
        return Graph(parse(**source, format=RdfFormat.TURTLE, base_iri=path.resolve().as_uri()))
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno or 1}: {error.msg}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def _tests(path: Path, seen: set[Path]) -> Iterator[tuple[Path, Graph, Any]]:
    if path.resolve() in seen:
        return
    seen.add(path.resolve())
    graph = _load(path)
    base = NamedNode(path.resolve().as_uri())
    for included in graph.values(base, _INCLUDE):
        yield from _tests(_path(included), seen)
    for head in graph.values(base, _ENTRIES):
        for entry in graph.members(head) or ():
            yield path, graph, entry


def _path(node: Any) -> Path:
    return Path(node.value.removeprefix("file://"))


def _run(path: Path, manifest: Graph, test: Any) -> TestOutcome:
    name = f"{path.parent.name}/{test.value.rpartition('/')[2]}"
    action, expected = manifest.value(test, _ACTION), manifest.value(test, _RESULT)
    try:
        data = _load(_path(manifest.value(action, _DATA)))
        shapes = _load(_path(manifest.value(action, _SHAPES)))
        read = ShapesGraph(shapes)
        outcome = validate(data, read)
    except (CstoError, RuntimeError, ValueError) as error:
        why = "" if expected == _FAILURE else f"failed: {error}"
        return TestOutcome(test.value, name, why)
    faults = [fault.what for fault in read.faults if fault.kind != "misspelt"]
    if expected == _FAILURE:
        return TestOutcome(test.value, name, "" if faults else "a failure was expected")
    if faults:
        return TestOutcome(test.value, name, f"refused: {faults[0]}")
    return TestOutcome(test.value, name, _differs(outcome, manifest, expected, shapes))


def _differs(outcome: Outcome, manifest: Graph, expected: Any, shapes: Graph) -> str:
    conforms = is_true(manifest.value(expected, NamedNode(SH + "conforms")))
    if conforms is bool(outcome.violations):
        return f"sh:conforms is not {str(conforms).lower()}"
    wanted: Counter[tuple[str, ...]] = Counter(
        _of_report(manifest, result) for result in manifest.values(expected, _sh("result"))
    )
    found: Counter[tuple[str, ...]] = Counter(
        (
            _masked(v.focus),
            _written(shapes, v.path_node),
            _masked(v.value),
            v.component.value,
            v.severity.value,
            _masked(v.shape.node),
        )
        for v in outcome.violations
    )
    missing, more = wanted - found, found - wanted
    parts = [f"missing {_told(one)}" for one in missing] + [
        f"too many {_told(one)}" for one in more
    ]
    if parts:
        return "; ".join(parts)
    said = Counter(m for v in outcome.violations for m in v.messages)
    for result in manifest.values(expected, _sh("result")):
        for message in manifest.values(result, _sh("resultMessage")):
            if not said[message]:
                return f"the message {message} is missing"
    return ""


def _of_report(graph: Graph, result: Any) -> tuple[str, ...]:
    def one(name: str) -> Any:
        return graph.value(result, _sh(name))

    return (
        _masked(one("focusNode")),
        _written(graph, one("resultPath")),
        _masked(one("value")),
        one("sourceConstraintComponent").value,
        one("resultSeverity").value,
        _masked(one("sourceShape")),
    )


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def _masked(term: Any) -> str:
    # The labels of blank nodes differ from reading to reading.
    return "" if term is None else "_:" if isinstance(term, BlankNode) else str(term)


def _written(graph: Graph, path: Any) -> str:
    if path is None:
        return ""
    try:
        return read_path(graph, path).sparql()
    except BadPathError as error:
        return str(error)


def _told(result: tuple[str, ...]) -> str:
    return " ".join(part for part in result if part)


def as_earl(outcomes: list[TestOutcome]) -> str:
    """The results in the Evaluation and Report Language of the W3C (Turtle)."""
    lines = [
        "# Made by `csto validate --test-suite FILE --earl FILE`.",
        "@prefix dcterms: <http://purl.org/dc/terms/> .",
        "@prefix doap:    <http://usefulinc.com/ns/doap#> .",
        "@prefix earl:    <http://www.w3.org/ns/earl#> .",
        "@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .",
        "",
        "<https://w3id.org/csto/software> a doap:Project , earl:Software , earl:TestSubject ;",
        '    doap:name "csto" ;',
        f'    doap:release [ doap:revision "{__version__}" ] .',
    ]
    today = date.today().isoformat()
    for outcome in sorted(outcomes, key=lambda o: o.test):
        result = "passed" if outcome.passed else "failed"
        lines += [
            "",
            "[] a earl:Assertion ;",
            "    earl:assertedBy <https://w3id.org/csto/software> ;",
            "    earl:subject <https://w3id.org/csto/software> ;",
            f"    earl:test <{_public(outcome.test)}> ;",
            "    earl:mode earl:automatic ;",
            f"    earl:result [ a earl:TestResult ; earl:outcome earl:{result} ;"
            f' dcterms:date "{today}"^^xsd:date ] .',
        ]
    return "\n".join(lines) + "\n"


def _public(test: str) -> str:
    """Without the folder in which the suite lies on this machine."""
    for part in ("/core/", "/sparql/"):
        if part in test:
            return "urn:x-shacl-test:" + part + test.partition(part)[2]
    return "urn:x-shacl-test:/" + test.rpartition("/")[2]
