"""Run public test suites over csto and print a table of what passes.

    python tools/conformance.py FOLDER [--write docs/conformance.md] [--earl FILE] [-v]

FOLDER holds the suites of the W3C as they lie in their repositories: ``rdf/`` and
``sparql/`` (github.com/w3c/rdf-tests), ``shacl/tests/`` (github.com/w3c/data-shapes,
``data-shapes-test-suite/tests``) and ``json-ld/`` (github.com/w3c/json-ld-api, ``tests/``).
Nothing is fetched. What is compared how is said at each function.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Store, parse

import sparql_suite
from csto.errors import CstoError
from csto.fmt import format_text
from csto.fmt.grammar import read as read_tree
from csto.fmt.same import comments
from csto.fmt.tokens import pieces
from csto.fmt.triples import placed
from csto.load.formats import BY_ENDING
from csto.sparql.mistakes import syntax_error
from csto.sparql.nesting import refuse_deep
from csto.sparql.other_data import refuse_other_data, words
from csto.validate.parsed import File
from csto.validate.parsed import read as read_file
from csto.validate.suite import TestOutcome, as_earl, run_suite

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "tools" / "conformance.md"


@dataclass
class Row:
    """One line of the table: how many of how many, and which did not pass."""

    suite: str
    what: str
    passed: int = 0
    of: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, name: str, ok: bool) -> None:
        self.of += 1
        self.passed += ok
        if not ok:
            self.failed.append(name)


@dataclass(frozen=True)
class Test:
    name: str
    negative: bool
    action: Path
    result: Path | None
    base: str


def tests(manifest: Path) -> list[Test]:
    """The tests of a manifest in Turtle."""
    store = Store()
    store.load(path=str(manifest), format=RdfFormat.TURTLE, base_iri=manifest.as_uri())

    def values(subject: Any, name: str) -> list[Any]:
        return [q.object for q in store.quads_for_pattern(subject, NamedNode(name), None, None)]

    assumed = [b.value for b in values(None, MF + "assumedTestBase")]
    found = []
    for quad in store.quads_for_pattern(None, NamedNode(MF + "action"), None, None):
        kinds = [kind.value for kind in values(quad.subject, RDF + "type")]
        if not isinstance(quad.object, NamedNode):
            continue
        path = Path(quad.object.value.removeprefix("file://"))
        result = [
            Path(r.value.removeprefix("file://")) for r in values(quad.subject, MF + "result")
        ]
        folder = path.relative_to(manifest.parent).as_posix()
        base = (assumed[0] if assumed else "http://example.org/") + folder
        found.append(
            Test(
                quad.subject.value.rpartition("#")[2],
                any("Negative" in kind for kind in kinds),
                path,
                result[0] if result else None,
                base,
            )
        )
    return sorted(found, key=lambda test: test.name)


def canonical(quads: Any) -> set[str]:
    """Statements with canonical names for nodes that have none."""
    data = Dataset(
        Quad(
            q.subject, q.predicate, q.object, *([q.graph_name] if hasattr(q, "graph_name") else [])
        )
        for q in quads
    )
    data.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(map(str, data))


def turtle_family(name: str, manifests: list[Path]) -> list[Row]:
    """Read, places, fmt and comments of one syntax."""
    rows = {what: Row(name, what) for what in ("read", "refused", "places", "fmt", "comments")}
    for manifest in manifests:
        for test in tests(manifest):
            ending = test.action.suffix
            file = read_file(test.action, test.action.name, base=test.base)
            if test.negative:
                at_line = _at_line(file)
                kept = _refused_by_fmt(test.action)
                rows["refused"].add(test.name, at_line and kept)
                continue
            whole = not file.broken
            if whole and test.result is not None and test.result.suffix in (".nt", ".nq"):
                wanted = parse(path=str(test.result), format=BY_ENDING[test.result.suffix].rdf)
                whole = canonical(file.quads) == canonical(wanted)
            rows["read"].add(test.name, whole)
            text = test.action.read_bytes().decode()
            tree = read_tree(text, ending[1:])
            stated, wrong = placed(tree, test.base)
            ours = [Quad(s.subject, s.predicate, s.object, s.graph) for s in stated]
            same = not tree.errors and not wrong and canonical(ours) == canonical(file.quads)
            rows["places"].add(test.name, same)
            rows["fmt"].add(test.name, _formatted(text, ending[1:], test.base))
            if ending in (".ttl", ".trig"):
                for at, noted in _with_comments(text):
                    rows["comments"].add(f"{test.name}, word {at}", _kept(noted, ending[1:]))
    return [row for row in rows.values() if row.of]


def _refused_by_fmt(path: Path) -> bool:
    try:
        format_text(
            path.read_text(encoding="utf-8"), path.name, kind=path.suffix[1:], mistake=syntax_error
        )
    except (CstoError, UnicodeDecodeError):
        return True
    return False


def _formatted(text: str, kind: str, base: str) -> bool:
    try:
        after = format_text(text, "test", kind=kind).after
        again = format_text(after, "test", kind=kind).after
    except CstoError:
        return False
    rdf = BY_ENDING[f".{kind}"].rdf
    before = canonical(parse(text, format=rdf, base_iri=base))
    return (
        again == after
        and comments(text) == comments(after)
        and before == canonical(parse(after, format=rdf, base_iri=base))
    )


def _with_comments(text: str) -> Iterator[tuple[int, str]]:
    words = pieces(text)
    if len(words) > 60:
        return
    for at, word in enumerate(words):
        for form in ("\n# a note\n", "  # a note\n"):
            yield at, text[: word.start] + form + text[word.start :]


def _kept(text: str, kind: str) -> bool:
    try:
        after = format_text(text, "test", kind=kind).after
        again = format_text(after, "test", kind=kind).after
    except CstoError:
        return False
    return again == after and comments(text) == comments(after)


def _at_line(file: File) -> bool:
    return any(finding.place and finding.place.line for finding in file.broken)


def rdf_xml(name: str, manifests: list[Path]) -> list[Row]:
    """Files read and compared with what is expected; negative ones refused at a line."""
    rows = Row(name, "read"), Row(name, "refused")
    for manifest in manifests:
        for test in tests(manifest):
            file = read_file(test.action, test.action.name, base=test.base)
            if test.negative:
                rows[1].add(test.name, _at_line(file))
            elif test.result is not None:
                wanted = parse(path=str(test.result), format=RdfFormat.N_TRIPLES)
                same = not file.broken and canonical(file.quads) == canonical(wanted)
                rows[0].add(test.name, same)
    return [row for row in rows if row.of]


def json_ld(folder: Path) -> list[Row]:
    """toRdf; tests with options that have no counterpart here count as not passed."""
    manifest = json.loads((folder / "toRdf-manifest.jsonld").read_text(encoding="utf-8"))
    rows = Row("JSON-LD 1.1 toRdf", "read"), Row("JSON-LD 1.1 toRdf", "refused")
    for test in manifest["sequence"]:
        options = test.get("option", {})
        if options.get("specVersion") == "json-ld-1.0":
            continue
        path = folder / test["input"]
        base = options.get("base", manifest["baseIri"] + test["input"])
        file = read_file(path, path.name, base=base)
        if "jld:NegativeEvaluationTest" in test["@type"]:
            rows[1].add(test["@id"], _at_line(file))
        elif "jld:PositiveSyntaxTest" in test["@type"]:
            rows[0].add(test["@id"], not file.broken)
        else:
            rows[0].add(test["@id"], not file.broken and _expected(file, folder / test["expect"]))
    return list(rows)


def _expected(file: File, result: Path) -> bool:
    try:
        wanted = canonical(parse(path=str(result), format=RdfFormat.N_QUADS))
    except SyntaxError:
        # Generalized RDF, with blank nodes as properties: no format here writes it.
        return False
    return canonical(file.quads) == wanted


def sparql(name: str, folder: Path) -> list[Row]:
    """Syntax: queries read and refused by the engine behind ours."""
    rows = Row(name, "queries read"), Row(name, "queries refused")
    for manifest in sorted(folder.rglob("manifest.ttl")):
        try:
            store = Store()
            store.load(path=str(manifest), format=RdfFormat.TURTLE, base_iri=manifest.as_uri())
        except SyntaxError:
            continue
        for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), None, None):
            kind = quad.object.value.rpartition("#")[2]
            if not re.fullmatch(r"(Positive|Negative)SyntaxTest(11|12)?", kind):
                continue
            for action in store.quads_for_pattern(quad.subject, NamedNode(MF + "action"), None):
                path = Path(action.object.value.removeprefix("file://"))
                if path.is_file():
                    rows[kind.startswith("Negative")].add(
                        path.name, _read(path) is not kind.startswith("Negative")
                    )
    return [row for row in rows if row.of]


def sparql_evaluation(name: str, folder: Path) -> list[Row]:
    """Answers through csto, and through the engine behind it, which it may not fall short of."""
    rows = Row(name, "answers"), Row(name, "answers of bare pyoxigraph")
    refused = Row(name, "FROM refused")
    for test in sparql_suite.tests(folder):
        if "FROM" in words(test.query.read_text(encoding="utf-8")):
            refused.add(test.name, _refused(test.query))
        elif (both := sparql_suite.passes(test)) is not None:
            for row, passed in zip(rows, both, strict=True):
                row.add(test.name, passed)
    return [row for row in (*rows, refused) if row.of]


def _refused(query: Path) -> bool:
    try:
        refuse_other_data(query.read_text(encoding="utf-8"), query.name)
    except CstoError:
        return True
    return False


def _read(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
        refuse_deep(text)
        Store().query(text, base_iri="http://example.org/")
    except (SyntaxError, ValueError, CstoError):
        return False
    except (OSError, RuntimeError):
        return True
    return True


def shacl(folder: Path) -> tuple[list[Row], list[TestOutcome]]:
    rows, outcomes = [], []
    for name, part in (("SHACL Core", "core"), ("SHACL-SPARQL", "sparql")):
        row = Row(name, "full reports")
        manifests = [folder / part / "manifest.ttl"]
        if part == "sparql":
            # In the suite, but named by no manifest.
            manifests.append(folder / "sparql/component/nodeValidator-001.ttl")
        for manifest in manifests:
            for outcome in run_suite(manifest):
                outcomes.append(outcome)
                row.add(f"{outcome.shown}: {outcome.why}", outcome.passed)
        rows.append(row)
    return rows, outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, help="write the page of the documentation")
    parser.add_argument("--earl", type=Path, help="write the results of SHACL in EARL")
    parser.add_argument("-v", action="store_true", help="name what did not pass")
    given = parser.parse_args()
    root = given.folder.resolve()
    if not root.is_dir():
        parser.error(f"{root}: no such folder")
    rows: list[Row] = []
    for version in ("1.1", "1.2"):
        home = root / f"rdf/rdf{version.replace('.', '')}"
        for name, part in (
            ("Turtle", "rdf-turtle"),
            ("TriG", "rdf-trig"),
            ("N-Triples", "rdf-n-triples"),
            ("N-Quads", "rdf-n-quads"),
        ):
            found = [home / part / "manifest.ttl"] if version == "1.1" else []
            found += [home / part / kind / "manifest.ttl" for kind in ("syntax", "eval")]
            rows += turtle_family(f"{name} {version}", [m for m in found if m.is_file()])
        found = [home / "rdf-xml/manifest.ttl", home / "rdf-xml/eval/manifest.ttl"]
        if version == "1.2":
            found = found[1:]
        rows += rdf_xml(f"RDF/XML {version}", [m for m in found if m.is_file()])
    if (root / "json-ld").is_dir():
        rows += json_ld(root / "json-ld")
    for version in ("1.0", "1.1", "1.2"):
        folder = root / f"sparql/sparql{version.replace('.', '')}"
        if folder.is_dir():
            rows += sparql(f"SPARQL {version} syntax", folder)
            rows += sparql_evaluation(f"SPARQL {version} evaluation", folder)
    if (root / "shacl/tests").is_dir():
        more, outcomes = shacl(root / "shacl/tests")
        rows += more
        if given.earl:
            given.earl.write_text(as_earl(outcomes), encoding="utf-8")
    rows = [row for row in rows if row.of]
    if not rows:
        parser.error(f"{root}: no suite in it")
    lines = ["| Suite | What | Passed | Of |", "| --- | --- | ---: | ---: |"]
    lines += [f"| {row.suite} | {row.what} | {row.passed} | {row.of} |" for row in rows]
    print("\n".join(lines))
    if given.v:
        for row in rows:
            for name in row.failed:
                print(f"{row.suite}, {row.what}: {name}", file=sys.stderr)
    if given.write:
        given.write.write_text(
            PAGE.read_text(encoding="utf-8").replace("{table}", "\n".join(lines)), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
