"""Whatever bytes come in, validation ends with findings or one clear line, and soon."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from conftest import BASE, act, run_csto, spell
from csto.cli.app import application
from csto.errors import CstoError
from csto.validate.inputs import read
from csto.validate.positions.jsonld import places
from csto.validate.positions.turtle import NotPlacedError, statements

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
QUICK = settings(
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(data=ANY, ending=st.sampled_from(ENDINGS))
@settings(QUICK, max_examples=150)
def test_reading(tmp_path: Path, data: bytes, ending: str) -> None:
    path = tmp_path / f"data{ending}"
    path.write_bytes(data)
    file = read(path, "data")
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for finding in file.broken:
        assert finding.place is not None
        assert finding.place.line <= lines


@given(data=ANY, ending=st.sampled_from(["ttl", "trig", "nt", "nq"]))
@settings(QUICK, max_examples=200)
def test_placing(data: bytes, ending: str) -> None:
    text = data.decode("utf-8", "replace")
    for reads in (lambda: statements(text, ending), lambda: places(text)):
        with suppress(NotPlacedError):
            reads()


@given(data=damaged())
@settings(QUICK, max_examples=25)
def test_validating_standard_input(data: bytes) -> None:
    ran = CliRunner().invoke(application(None), ["validate", "-", "--format", "json"], input=data)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        # The console script turns these into one line and an exit code.
        assert isinstance(ran.exception, CstoError), ran.exception
        assert ran.exception.exit_code == 2
        assert "\n" not in str(ran.exception)
    else:
        assert ran.exit_code in (0, 1, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf" + GOOD,
        b"(" * 20_000,
        b"<urn:a> <urn:b> " + b"[ <urn:b> " * 3_000,
        b'{"@id":' * 5_000,
        GOOD + b'<urn:a> <urn:b> "' + b"\\" * 50_001 + b'" .',
        GOOD + b"<urn:a> <urn:b> '''" + b"''" * 20_000,
        GOOD.replace(b"\n", b"\r\n"),
    ],
    ids=["empty", "bom", "brackets", "nested", "json", "escapes", "quotes", "crlf"],
)
def test_hard_cases(data: bytes, tmp_path: Path) -> None:
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
