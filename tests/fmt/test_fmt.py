"""The one layout of Turtle: comments and triples stay, and a second run changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from conftest import ROOT, run_csto
from csto.errors import CstoError, InputError
from csto.fmt import canonical, format_file, format_text, turtle_paths
from csto.fmt import run as fmt_run
from csto.load.workspace import find_workspace
from support.sample import some

UGLY = """\
# What the file holds.

@prefix b: <urn:b:> .
# of a
PREFIX a: <urn:a:>
@prefix b: <urn:b:> .
a:s a:p "x; . , #no comment"@en;a a:C;  # why
  # above q
  a:q a:o1,a:o2 , # two
    a:o3;; .
a:t a:p 1 , 2.5 , true , "long \\"text\\"", '''single
lines''' , <urn:iri> .


# Below.
a:u a:p [ a a:R ; a:q ( 1 a:v [] ) ] , [
   a:q a:v ] .
[] a:p a:o .
# The end.
"""

NICE = """\
# What the file holds.

# of a
@prefix a: <urn:a:> .
@prefix b: <urn:b:> .

a:s a a:C ;  # why
    a:p "x; . , #no comment"@en ;
    # above q
    a:q a:o1 ,
        a:o2 ,  # two
        a:o3 .

a:t a:p 1 , 2.5 , true , "long \\"text\\"" , '''single
lines''' , <urn:iri> .

# Below.
a:u a:p [ a a:R ; a:q ( 1 a:v [] ) ] ,
        [
            a:q a:v ;
        ] .

[] a:p a:o .

# The end.
"""


def triples(text: str) -> Dataset:
    found = Dataset(Quad(t.subject, t.predicate, t.object) for t in parse(text, RdfFormat.TURTLE))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def comments(text: str) -> list[str]:
    """Lines and ends of lines that are comments; none of the texts used here quotes a #."""
    return sorted(line.partition(" #")[2].strip() for line in text.splitlines() if " #" in line)


def test_the_layout() -> None:
    assert canonical(UGLY) == NICE


def test_a_second_run_changes_nothing() -> None:
    assert canonical(NICE) == NICE


@pytest.mark.sampled
def test_every_file_keeps_its_triples_and_comments() -> None:
    paths = turtle_paths(find_workspace(ROOT), None)
    assert ROOT / "ontology" / "profiles" / "org" / "30-posts.rq" in paths
    for path in some([p for p in paths if p.suffix == ".ttl"], 25):
        text = path.read_text(encoding="utf-8")
        # A file with its blank space laid waste comes back to where it was.
        result = format_file(path, path.name)
        assert triples(result.after) == triples(text), path
        assert canonical(result.after) == result.after, path
        kept = [line for line in result.after.splitlines() if line.lstrip().startswith("#")]
        assert len(kept) == sum(1 for x in text.splitlines() if x.lstrip().startswith("#")), path
        assert comments(result.after) == comments(text), path


def test_one_more_object_is_one_more_line() -> None:
    long = " , ".join(f"a:a-rather-long-name-{n}" for n in range(6))
    one = canonical(f"@prefix a: <urn:a:> .\na:s a:p {long} .\n").splitlines()
    two = canonical(f"@prefix a: <urn:a:> .\na:s a:p {long} , a:new .\n").splitlines()
    assert len(two) == len(one) + 1
    assert [line for line in two if line not in one] == [
        "        a:a-rather-long-name-5 ,",
        "        a:new .",
    ]


def test_a_base_and_a_prefix_that_changes_stay_in_order() -> None:
    text = (
        "@base <urn:b/> .\n@prefix z: <urn:1:> .\nz:a z:b <c> .\n"
        "@prefix z: <urn:2:> .\n@prefix a: <urn:a:> .\nz:a a:b <c> .\n"
    )
    assert triples(canonical(text)) == triples(text)
    assert canonical(canonical(text)) == canonical(text)


def test_prune_leaves_out_what_is_not_used() -> None:
    text = (
        '@prefix a: <urn:a:> .\n@prefix b: <urn:b:> .\n@prefix c: <urn:c:> .\na:s a:p "b:"^^c:d .\n'
    )
    assert "@prefix b:" in canonical(text)
    pruned = canonical(text, prune=True)
    assert "@prefix b:" not in pruned
    assert triples(pruned) == triples(text)


@pytest.mark.parametrize("seed", ["0", "1", "42"])
def test_the_same_bytes_under_any_hash_seed(tmp_path: Path, seed: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(UGLY)
    code = (
        "import sys; from csto.fmt import canonical; sys.stdout.write(canonical(sys.stdin.read()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=UGLY,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert ran.stdout == NICE


def test_a_syntax_error_names_its_place_and_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text("@prefix a: <urn:a:> .\n\na:s a:p  a:o\na:t a:q a:o .\n")
    before = path.read_bytes()
    ran = run_csto("fmt", str(path))
    assert ran.code == 2
    assert f"{path}:4:" in ran.err
    assert len([line for line in ran.err.splitlines() if line.startswith("csto:")]) == 1
    assert path.read_bytes() == before


def test_all_errors_of_a_file_with_undeclared_prefixes() -> None:
    text = (
        "@prefix a: <urn:a:> .\na:s a:p 1 2 .\nb:s a:p 1 .\na:t a:p b:o .\na:u a:p .\n"
        "@prefix c <urn:c:> .\n@prefix c: <urn:c> \nc:s a:p 1 .\nd:s a:p 1 .\na:v a:p .\n"
    )
    with pytest.raises(InputError) as error:
        format_text(text, "x.ttl")
    told = [line.split(":")[1] for line in str(error.value).splitlines()]
    assert told == ["2", "3", "5", "6", "8", "9", "10"]


def test_check_and_diff_write_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ugly.ttl"
    path.write_text(UGLY)
    ran = run_csto("fmt", "--check", str(path))
    assert (ran.code, ran.out) == (1, f"{path}\n")
    ran = run_csto("fmt", "--diff", str(path))
    assert ran.code == 1
    assert "+a:s a a:C ;  # why" in ran.out
    assert path.read_text() == UGLY
    assert run_csto("fmt", str(path)).code == 0
    assert path.read_text() == NICE
    assert run_csto("fmt", "--check", str(path)).code == 0


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a> <b>\n")
    (tmp_path / "b.ttl").write_text(UGLY)
    ran = run_csto("fmt", "--check", str(tmp_path))
    assert ran.code == 2
    assert "b.ttl" in ran.out


def test_what_would_say_something_else_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fmt_run, "canonical", lambda text, prune, kind: text.replace("a:C", "a:D"))
    path = tmp_path / "a.ttl"
    path.write_text(NICE)
    with pytest.raises(CstoError, match="would change what it says"):
        format_file(path, "a.ttl", write=True)
    assert path.read_text() == NICE


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(UGLY)

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("csto.fmt.run.os.replace", no_room)
    with pytest.raises(InputError, match="No space left"):
        format_file(path, "a.ttl", write=True)
    assert path.read_text() == UGLY
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "must end in one of .ttl"),
        ("a.ttl", b"<a> <b> \xff .", "not UTF-8"),
        ("missing.ttl", None, "no such file"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, name: str, data: bytes | None, says: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    ran = run_csto("fmt", str(tmp_path / name))
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_line_ends_of_windows_stay() -> None:
    text = NICE.replace("\n", "\r\n")
    assert format_text(text, "a.ttl").after == text
    assert format_text(UGLY.replace("\n", "\r\n"), "a.ttl").after == text
