"""How fast `csto validate --shapes` is, beside pySHACL and, where it is installed, Jena.

    python benchmarks/validate.py --triples 1000000

Persons and companies are made up by a fixed seed, with damage to one in five hundred, and
validated against shapes that use most of SHACL Core. Each side is a whole process that reads
Turtle and writes its report; the results must be the same. Printed are seconds of the processor
(those of a busy wall clock say nothing) and ratios to ours. Jena runs where ``JENA_HOME`` names a
release of it; Debian's libapache-jena-java 4.5.0-2 does not start (an error in its copy of Xerces).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

SH = "http://www.w3.org/ns/shacl#"
HEAD = """@prefix : <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = (
    HEAD
    + """
:PersonShape a sh:NodeShape ; sh:targetClass :Person ;
    sh:property [ sh:path :name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
        [ sh:path :email ; sh:minCount 1 ; sh:pattern "^[a-z0-9.]+@[a-z.]+$" ] ,
        [ sh:path :born ; sh:maxCount 1 ; sh:datatype xsd:date ; sh:lessThan :died ] ,
        [ sh:path :height ; sh:datatype xsd:decimal ; sh:minInclusive 0.5 ; sh:maxInclusive 2.5 ] ,
        [ sh:path :knows ; sh:class :Person ; sh:nodeKind sh:IRI ] ,
        [ sh:path :worksFor ; sh:minCount 1 ; sh:node :CompanyShape ] ,
        [ sh:path ( :worksFor :name ) ; sh:minCount 1 ] ,
        [ sh:path :status ; sh:in ( "active" "retired" "away" ) ] ,
        [ sh:path :label ; sh:uniqueLang true ; sh:languageIn ( "en" "ru" ) ] .
:CompanyShape a sh:NodeShape ; sh:targetClass :Company ;
    sh:property [ sh:path :name ; sh:minCount 1 ] .
"""
)


def data(triples: int, seed: int) -> Iterator[str]:
    """About that many triples in Turtle, ten for each person."""
    chosen = random.Random(seed)
    persons = triples // 10
    companies = persons // 50 + 1
    yield HEAD
    for number in range(persons):
        damage = chosen.randrange(9) if chosen.random() < 0.002 else None
        said = {
            "name": f'"Person {number}"',
            "email": f'"p{number}@example.org"',
            "born": f'"{1940 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}"^^xsd:date',
            "height": f"1.{60 + number % 40}",
            "knows": f":p{chosen.randrange(persons)} , :p{chosen.randrange(persons)}",
            "worksFor": f":c{chosen.randrange(companies)}",
            "status": f'"{chosen.choice(("active", "retired", "away"))}"',
            "label": f'"Person {number}"@en',
        }
        broken = {
            0: {"name": '"One" , "Two"'},
            1: {"email": '"no address"'},
            2: {"born": '"1990-02-30"^^xsd:date'},
            3: {"height": "17.5"},
            4: {"knows": ":c0"},
            5: {"worksFor": ":nowhere"},
            6: {"status": '"asleep"'},
            7: {"label": '"One"@en , "Two"@en'},
            8: {"label": '"Un"@fr'},
        }
        said |= broken.get(-1 if damage is None else damage, {})
        told = " ;\n".join(f"    :{prop} {value}" for prop, value in said.items())
        yield f":p{number} a :Person ;\n{told} .\n"
    for number in range(companies):
        yield f':c{number} a :Company ; :name "Company {number}" .\n'


def jena() -> list[str] | None:
    """The command of Jena's validator, if ``JENA_HOME`` says where it is."""
    home = os.environ.get("JENA_HOME")
    if not home or shutil.which("java") is None:
        return None
    return ["java", "-cp", str(Path(home, "lib", "*")), "shacl.shacl_validate"]


def run(command: list[str], report: Path) -> float:
    """Seconds of the processor that a command took; its output goes to ``report``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with report.open("wb") as out:
        ran = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False)
    if ran.returncode not in (0, 1) or not report.stat().st_size:
        raise SystemExit(f"{command[0]}: {ran.stderr.decode()[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def results(report: Path) -> list[tuple[str, ...]]:
    """Focus node, path where it is one property, value and component of each result."""
    store = Store()
    store.load(path=str(report), format=RdfFormat.TURTLE)
    found = []
    for quad in store.quads_for_pattern(None, NamedNode(SH + "result"), None):
        key = []
        for name in ("focusNode", "resultPath", "value", "sourceConstraintComponent"):
            terms = store.quads_for_pattern(quad.object, NamedNode(SH + name), None)
            term = next((t.object for t in terms), "")
            key.append("_" if isinstance(term, BlankNode) else str(term))
        found.append(tuple(key))
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20020514)
    parser.add_argument("--runs", type=int, default=3, help="of ours; the middle one counts")
    given = parser.parse_args()
    here = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shapes, graph = folder / "shapes.ttl", folder / "data.ttl"
        shapes.write_text(SHAPES, encoding="utf-8")
        graph.write_text("".join(data(given.triples, given.seed)), encoding="utf-8")
        report = folder / "csto.ttl"
        command = [str(here / "csto"), "validate", "--shapes", str(shapes), "--data", str(graph)]
        times = [run([*command, "--format", "turtle"], report) for _ in range(given.runs)]
        fast = sorted(times)[len(times) // 2]
        found = results(report)
        print(f"{given.triples} triples, {len(found)} results\ncsto     {fast:8.1f} s", flush=True)
        sides = {"pyshacl": [str(here / "pyshacl"), "-f", "turtle", "-s", str(shapes), str(graph)]}
        if (java := jena()) is not None:
            sides["jena"] = [*java, "--shapes", str(shapes), "--data", str(graph)]
        else:
            print("jena     is not measured: JENA_HOME names no release of it")
        same = True
        for side, other in sides.items():
            report = folder / f"{side}.ttl"
            seconds = run(other, report)
            differing = set(found) ^ set(results(report))
            same = same and not differing
            print(f"{side:8} {seconds:8.1f} s, {seconds / fast:.1f} times ours", flush=True)
            for difference in sorted(differing)[:10]:
                print(f"  only on one side: {' '.join(difference)}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
