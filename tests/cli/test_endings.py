"""Nothing ends badly: one clear line and the right exit code, whatever the surroundings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from conftest import run_csto
from csto.errors import InputError
from csto.sparql.nesting import json_nesting, nesting, refuse_deep

SHAPES = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "<urn:S> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:nodeKind sh:Literal .\n"
)


@pytest.fixture
def shapes(tmp_path: Path) -> str:
    path = tmp_path / "s.ttl"
    path.write_text(SHAPES)
    return str(path)


def test_depth_is_counted_outside_of_texts() -> None:
    assert nesting("SELECT * { { ?s ?p '{{{{' # {{{\n } }") == 2
    assert nesting('ASK { ?s <urn:(> """ { "quoted" { """ }') == 1
    assert json_nesting('{"a": ["{[", {"b": []}]}') == 4
    refuse_deep("ASK " + "{" * 150 + "}" * 150)
    with pytest.raises(InputError, match="200 deep"):
        refuse_deep("ASK " + "{" * 5000 + "}" * 5000)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("d.jsonld", '{"urn:p":' * 5000 + "1" + "}" * 5000, "nested 5000 deep"),
        ("d.ttl", "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 30_000, "nested more than"),
        ("d.ttl", '<urn:a> <urn:p> "' + "x" * 17_000_000 + '" .', "16 MB"),
        ("d.ttl", "<urn:a> <urn:p> '\udc80' .", "not UTF-8"),
    ],
)
def test_what_native_code_could_not_bear(
    tmp_path: Path, shapes: str, name: str, data: str, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data.encode("utf-8", "surrogateescape"))
    ran = run_csto("validate", "--shapes", shapes, "--data", str(path))
    assert ran.code == 2
    assert says in ran.out
    assert "internal error" not in ran.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_with_a_name_is_not_waited_for(tmp_path: Path, shapes: str) -> None:
    path = tmp_path / "p.ttl"
    os.mkfifo(path)
    ran = run_csto("validate", "--shapes", shapes, "--data", str(path))
    assert ran.code == 2
    assert "no regular file" in ran.out
    for asked in (
        ("fmt", str(path)),
        ("diff", str(path), shapes),
        ("validate", "--test-suite", str(path)),
        ("validate", shapes, "--baseline", str(path)),
    ):
        ran = run_csto(*asked)
        assert ran.code == 2
        assert "no regular file" in ran.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_output(tmp_path: Path, shapes: str) -> None:
    import subprocess

    (tmp_path / "d.ttl").write_text("<urn:a> <urn:p> 1 .\n")
    call = (sys.executable, "-m", "csto", "validate")
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [*call, "--shapes", shapes, "--data", str(tmp_path / "d.ttl")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode in (1, 2)
    assert "cannot be written" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_terminal_without_our_signs(tmp_path: Path, shapes: str) -> None:
    (tmp_path / "d.ttl").write_text('<urn:Қазақ> <urn:p> "ӘӨ" .\n', encoding="utf-8")
    ran = run_csto(
        *("validate", "--shapes", shapes, "--data", str(tmp_path / "d.ttl")),
        env={"PYTHONIOENCODING": "latin-1"},
        process=True,
    )
    assert ran.code == 1
    assert "\\u049a" in ran.out


def test_a_function_that_is_not_there() -> None:
    ran = run_csto("query", "-e", "SELECT (<urn:f>(1) AS ?x) {}")
    assert ran.code == 2
    assert "<urn:f> is not supported" in ran.err


def test_a_query_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "b.rq"
    path.write_text("\ufeff#+ summary: x\nSELECT ?x WHERE { BIND(1 AS ?x) }\n", encoding="utf-8")
    ran = run_csto("query", str(path), "--format", "csv")
    assert ran.code == 0, ran.err
    assert ran.rows == [["1"]]


def test_what_was_made_of_passing_files_is_not_looked_for_afterwards(tmp_path: Path) -> None:
    """The cache is written when the answer is out; a revision lies in a folder that is gone."""
    from csto.graph import cache

    cache.put_off()
    cache.soon(lambda: (tmp_path / "gone.ttl").read_bytes())
    cache.catch_up()
