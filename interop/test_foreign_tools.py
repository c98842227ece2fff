"""Other people's programs read our exports: rapper (Raptor), Oxigraph's own, N3.js, jsonld.js.

Not part of ``make test``: ``make interop`` installs the programs first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DAY = "2022-01-10"
RAPPER = {
    "turtle": "turtle",
    "ntriples": "ntriples",
    "rdfxml": "rdfxml",
    "nquads": "nquads",
    "trig": "trig",
}
ENDING = {
    "turtle": "ttl",
    "ntriples": "nt",
    "rdfxml": "rdf",
    "nquads": "nq",
    "trig": "trig",
    "jsonld": "jsonld",
}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("exports")
    files = {}
    for part in ("asserted", "inferred"):
        for how, ending in ENDING.items():
            path = folder / f"{part}.{ending}"
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "csto",
                    "--quiet",
                    "export",
                    f"--{part}",
                    "--on",
                    DAY,
                    "-o",
                    str(path),
                ],
                check=True,
            )
            files[part, how] = path
    return files


def oxigraph_count(path: Path, folder: Path) -> int:
    """Load a file with Oxigraph's command and count what it holds."""
    store = folder / f"store-{path.name}"
    loaded = subprocess.run(
        ["oxigraph", "load", "--location", str(store), "--file", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    assert "warn" not in loaded.stderr.lower()
    query = "SELECT (COUNT(*) AS ?n) WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    asked = subprocess.run(
        [
            "oxigraph",
            "query",
            "--location",
            str(store),
            "--query",
            query,
            "--results-format",
            "csv",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(asked.stdout.split()[1])


@pytest.mark.parametrize("part", ["asserted", "inferred"])
def test_oxigraph_reads_every_format(
    exports: dict[tuple[str, str], Path], tmp_path: Path, part: str
) -> None:
    counts = {how: oxigraph_count(exports[part, how], tmp_path) for how in ENDING}
    assert len({counts[how] for how in ("turtle", "ntriples", "rdfxml")}) == 1, counts
    assert len({counts[how] for how in ("nquads", "trig", "jsonld")}) == 1, counts


@pytest.mark.parametrize("part", ["asserted", "inferred"])
@pytest.mark.parametrize("how", sorted(RAPPER))
def test_rapper_reads_without_a_warning(
    exports: dict[tuple[str, str], Path], tmp_path: Path, part: str, how: str
) -> None:
    path = exports[part, how]
    done = subprocess.run(
        ["rapper", "--count", "--input", RAPPER[how], str(path), "https://w3id.org/csto/"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower(), done.stderr
    assert "error" not in done.stderr.lower(), done.stderr
    read = int(re.search(r"returned (\d+) triples", done.stderr)[1])  # type: ignore[index]
    assert read == oxigraph_count(path, tmp_path)


def node_count(path: Path) -> int:
    """What N3.js, or jsonld.js, reads in a file."""
    modules = Path(sys.prefix) / "node" / "node_modules"
    done = subprocess.run(
        ["node", "--max-old-space-size=4096", str(Path(__file__).parent / "count.mjs"), str(path)],
        capture_output=True,
        text=True,
        env={**os.environ, "NODE_PATH": str(modules)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("part", ["asserted", "inferred"])
@pytest.mark.parametrize("how", ["turtle", "ntriples", "nquads", "trig", "jsonld"])
def test_javascript_reads_as_many(
    exports: dict[tuple[str, str], Path], tmp_path: Path, part: str, how: str
) -> None:
    path = exports[part, how]
    assert node_count(path) == oxigraph_count(path, tmp_path)
