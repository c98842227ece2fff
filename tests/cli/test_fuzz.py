"""Whatever bytes come in, validation ends with findings or one clear line, and soon."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from typer.testing import CliRunner

from conftest import BASE, act, run_csto, spell
from csto.cli.app import application
from csto.errors import CstoError, InputError
from csto.fmt import format_text
from csto.fmt.same import comments
from csto.sparql.mistakes import syntax_error
from csto.validate.parsed import read
from csto.validate.positions.jsonld import places
from csto.validate.positions.turtle import NotPlacedError, statements
from csto.validate.shacl.evaluate import validate as validate_graphs
from csto.validate.shacl.graph import Graph
from csto.validate.shacl.shapes import ShapesGraph
from support.sample import WHOLE, some

GOOD = (
    BASE + act("in", "2006") + spell("a", "csto:status status:member ; csto:openedBy act:in")
).encode()
ENDINGS = (".ttl", ".nt", ".nq", ".trig", ".jsonld", ".rdf")
# Split at spaces; the rest are those that hold one, or no text.
PIECES = [
    *rb"""" ' < > [ ] ( ) { } . ; , ^^ @ @prefix @base \u \U0010FFFF \uD800 # _:x a """.split(),
    *b"csto:Act << >> {| |} ~ 1e true csto:date".split(),
    *b"\x00 \xff\xfe \xef\xbb\xbf".split(),
    *(b'"""', b"'''", b"\n", b"\r"),
    *(f'"{day}"^^edtf:EDTF'.encode() for day in ("2006-02-30", "[..,..]", "9999-12-31~", "0000")),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with pieces cut out, repeated and put in."""
    data = bytearray(GOOD)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 60))
        put = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)))
        data[at : at + length] = put
    return bytes(data)


ANY = st.one_of(
    st.binary(max_size=400), damaged(), st.lists(st.sampled_from(PIECES)).map(b" ".join)
)
# `make fuzz` tries 20,150 inputs, with a seed; `make whole` 775 of them.
TIMES = int(os.environ.get("CSTO_FUZZ", "1"))


def tried(number: int) -> int:
    """So many inputs, or some of them in a run that takes samples."""
    return number * TIMES if TIMES > 1 or WHOLE else number // 4


QUICK = settings(
    # A busy machine is no hang: seconds of the processor are counted, by ``no_hang``.
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# Seconds of the processor that one input may take; most take a thousandth of one.
LONG = 30


def no_hang(test: Callable[..., None]) -> Callable[..., None]:
    """Have an input that takes far too long fail, and not the test run on for ever."""

    @wraps(test)
    def watched(*args: Any, **kwargs: Any) -> None:
        def too_long(*_: object) -> None:
            raise AssertionError(f"more than {LONG} s of the processor")

        before = signal.signal(signal.SIGPROF, too_long)
        signal.setitimer(signal.ITIMER_PROF, LONG)
        try:
            test(*args, **kwargs)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    return watched


@pytest.mark.sampled
@given(data=ANY, ending=st.sampled_from(ENDINGS))
@settings(QUICK, max_examples=tried(150))
@no_hang
def test_reading(tmp_path: Path, data: bytes, ending: str) -> None:
    path = tmp_path / f"data{ending}"
    path.write_bytes(data)
    file = read(path, "data")
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for finding in file.broken:
        assert finding.place is not None
        assert finding.place.line <= lines


@pytest.mark.sampled
@given(data=ANY, ending=st.sampled_from(["ttl", "trig", "nt", "nq"]))
@settings(QUICK, max_examples=tried(200))
@no_hang
def test_placing(data: bytes, ending: str) -> None:
    text = data.decode("utf-8", "replace")
    for reads in (lambda: statements(text, ending), lambda: places(text)):
        with suppress(NotPlacedError):
            reads()


@pytest.mark.sampled
@given(data=ANY, kind=st.sampled_from(["ttl", "trig", "nt", "nq", "rq"]))
@settings(QUICK, max_examples=tried(200))
@no_hang
def test_formatting(data: bytes, kind: str) -> None:
    """What is formatted is not formatted again, and no comment goes; the rest is refused."""
    text = data.decode("utf-8", "replace")
    try:
        after = format_text(text, "data", kind=kind, mistake=syntax_error).after
    except InputError:
        return
    assert format_text(after, "data", kind=kind).after == after
    if kind != "rq":
        assert comments(after) == comments(text)


SHAPES = b"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <urn:x:> .
:S a sh:NodeShape ; sh:targetClass :C ; sh:closed true ; sh:ignoredProperties ( :a ) ;
    sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:minCount 1 ; sh:datatype xsd:int ] ,
    [ sh:path :r ; sh:in ( 1 :x ) ; sh:pattern "^a" ; sh:flags "i" ; sh:uniqueLang true ] ;
    sh:or ( [ sh:class :D ] [ sh:not :S ] ) ; sh:node :T ;
    sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o }" ] .
:T sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:node :T ; sh:lessThan :r ] .
:a a :C ; :p :b ; :r "A"@en , "b"@en , 3 . :b :q :c ; :p :a . :c a :C , :D ; :p 1 .
"""


@pytest.mark.sampled
@given(data=st.data())
@settings(QUICK, max_examples=tried(200))
@no_hang
def test_shapes(data: st.DataObject) -> None:
    """Damaged shapes are told of or refused, and never crash what evaluates them."""
    words = SHAPES.decode().split(" ")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at] = data.draw(st.sampled_from([*words, '"x"', "( )", "[]", "-1", "", ":S"]))
    try:
        quads = list(parse(" ".join(words), format=RdfFormat.TURTLE))
    except SyntaxError:
        return
    graph = Graph(quads)
    with suppress(CstoError):
        validate_graphs(graph, ShapesGraph(graph))


@pytest.mark.sampled
@given(data=damaged())
@settings(QUICK, max_examples=tried(25))
@no_hang
def test_validating_standard_input(data: bytes) -> None:
    ran = CliRunner().invoke(application(None), ["validate", "-", "--format", "json"], input=data)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        # The console script turns these into one line and an exit code.
        assert isinstance(ran.exception, CstoError), ran.exception
        assert ran.exception.exit_code == 2
        assert "\n" not in str(ran.exception)
    else:
        assert ran.exit_code in (0, 1, 2)


HARD = {
    "empty": b"",
    "bom": b"\xef\xbb\xbf" + GOOD,
    "brackets": b"(" * 20_000,
    "nested": b"<urn:a> <urn:b> " + b"[ <urn:b> " * 3_000,
    "json": b'{"@id":' * 5_000,
    "escapes": GOOD + b'<urn:a> <urn:b> "' + b"\\" * 50_001 + b'" .',
    "quotes": GOOD + b"<urn:a> <urn:b> '''" + b"''" * 20_000,
    "crlf": GOOD.replace(b"\n", b"\r\n"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("name", some(HARD, 4))
def test_hard_cases(name: str, tmp_path: Path) -> None:
    data = HARD[name]
    for ending in (".ttl", ".jsonld"):
        path = tmp_path / f"data{ending}"
        path.write_bytes(data)
        ran = run_csto("validate", str(path))
        assert ran.code in (0, 1, 2)
        assert "Traceback" not in ran.err
        assert "internal error" not in ran.err
    if data.endswith(b"\r\n"):
        assert ran.code == 2
        assert run_csto("validate", str(tmp_path / "data.ttl")).code == 0
