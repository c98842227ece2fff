"""Literals are judged as they are written: by every datatype, in any vocabulary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import BASE, run_csto
from csto.validate.literals import fault, known
from csto.vocabulary import EDTF, XSD

GOOD = {
    "string": ["", "any\ttext", "Қазақ"],
    "boolean": ["true", "false", "1", "0"],
    "decimal": ["1.50", "-.5", "+1", "1."],
    "integer": ["007", "-12", "+0"],
    "double": ["1e5", "-INF", "NaN", "+INF", ".5E-3"],
    "float": ["1", "INF"],
    "nonNegativeInteger": ["7", "0", "-0"],
    "positiveInteger": ["1"],
    "nonPositiveInteger": ["0", "-1"],
    "negativeInteger": ["-1"],
    "long": ["9223372036854775807"],
    "int": ["-2147483648"],
    "short": ["32767"],
    "byte": ["-128", "127"],
    "unsignedLong": ["18446744073709551615"],
    "unsignedInt": ["4294967295"],
    "unsignedShort": ["65535"],
    "unsignedByte": ["255"],
    "date": ["2024-02-29", "-0001-01-01", "12004-01-01Z", "2000-02-29+05:30"],
    "dateTime": ["2022-01-10T24:00:00", "2022-01-10T12:30:00.5-03:00"],
    "dateTimeStamp": ["2022-01-10T12:30:00Z"],
    "time": ["00:00:00", "23:59:59.999Z"],
    "gYear": ["2012", "-0044"],
    "gYearMonth": ["2012-06"],
    "gMonth": ["--06"],
    "gMonthDay": ["--02-29"],
    "gDay": ["---31"],
    "duration": ["P1Y12M", "-P3DT4H", "PT0.5S"],
    "yearMonthDuration": ["P3Y6M"],
    "dayTimeDuration": ["P3DT12H", "PT36H"],
    "hexBinary": ["0fB7", ""],
    "base64Binary": ["YQ==", ""],
    "language": ["en-GB"],
    "normalizedString": ["a  b"],
    "token": ["a b"],
    "Name": ["a:b"],
    "NCName": ["a-b"],
    "NMTOKEN": ["1a"],
    "anyURI": ["../x y"],
}
BAD = {
    "boolean": ["yes", "TRUE", " true"],
    "decimal": ["1e5", "", "."],
    "integer": ["abc", "1.0", "٢", " 1", ""],
    "double": ["1e", "inf"],
    "nonNegativeInteger": ["-5"],
    "positiveInteger": ["0"],
    "nonPositiveInteger": ["1"],
    "negativeInteger": ["0"],
    "long": ["9223372036854775808"],
    "int": ["99999999999", "9" * 100_000],
    "short": ["32768"],
    "byte": ["128"],
    "unsignedLong": ["-1"],
    "unsignedInt": ["4294967296"],
    "unsignedShort": ["65536"],
    "unsignedByte": ["256"],
    "date": ["2025-02-30", "1900-02-29", "2022-13-01", "22-01-01", "2022-1-1", "2022-01-10+15:00"],
    "dateTime": ["2022-01-10", "2022-01-10T25:00:00", "2022-01-10T24:00:01"],
    "dateTimeStamp": ["2022-01-10T12:30:00"],
    "time": ["24:00:01", "12:30"],
    "gYear": ["12", "02022"],
    "gYearMonth": ["2012-13"],
    "gMonth": ["06"],
    "gMonthDay": ["--02-30"],
    "gDay": ["---32"],
    "duration": ["three years", "P", "PT", "P1.5Y", "P1H"],
    "yearMonthDuration": ["P1D"],
    "dayTimeDuration": ["P1Y"],
    "hexBinary": ["0"],
    "base64Binary": ["YQ="],
    "language": ["a_b"],
    "normalizedString": ["a\tb"],
    "token": ["a  b", " a"],
    "Name": ["1a"],
    "NCName": ["a:b"],
    "NMTOKEN": ["a b"],
    "integr": ["1"],
}


@pytest.mark.parametrize("name", GOOD)
def test_values(name: str) -> None:
    assert known(XSD + name)
    assert [text for text in GOOD[name] if fault(text, XSD + name)] == []


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_value(name: str) -> None:
    assert [text for text in BAD[name] if not fault(text, XSD + name)] == []


def test_the_reason_is_a_sentence_with_a_mend() -> None:
    assert "the least is 0" in fault("-5", XSD + "nonNegativeInteger")
    assert "there is white space around it" in fault(" 1", XSD + "integer")
    assert "its digits are not 0 to 9" in fault("٢", XSD + "integer")
    assert "no day of the calendar" in fault("2025-02-30", XSD + "date")
    assert "did you mean xsd:integer?" in fault("1", XSD + "integr")
    assert len(fault("9" * 100_000, XSD + "int")) < 200


@pytest.mark.parametrize(
    "text", ["2012", "2006-08", "2016-12~", "199X", "2016/2018", "[2015,2016]"]
)
def test_dates_that_are_read(text: str) -> None:
    assert fault(text, EDTF) == ""


def test_dates_that_are_not_read_say_why() -> None:
    assert "outside the part of it that csto reads" in fault("2023-XX", EDTF)
    assert "outside the part of it that csto reads" in fault("2023/..", EDTF)
    assert "not ASCII" in fault("２０２３", EDTF)
    assert "no day of the calendar" in fault("2025-02-30", EDTF)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-02-29", "2023-02-29"),
        ("1900-02-29~", "1900-02-29"),
        ("2020/2023-02-29", "2023-02-29"),
        ("[2023-04-31,2024]", "2023-04-31"),
        ("2023-02-00", "2023-02-00"),
        ("20XX-02-30", "20XX-02-30"),
        ("2023?-02-~29", "2023-02-29"),
    ],
)
def test_days_that_no_calendar_has(text: str, day: str) -> None:
    """The library for EDTF takes some of them, so that other people's data were called clean."""
    assert fault(text, EDTF) == f'"{day}" is no day of the calendar'


def test_days_that_may_be() -> None:
    for text in ("2024-02-29", "2000-02-29/2024", "20XX-02-29", "-0004-02-29"):
        assert "calendar" not in fault(text, EDTF)
    assert fault("9" * 5000 + "-02-29", XSD + "date") != ""
    assert fault("9" * 5000 + "6-02-29", XSD + "date") == ""


def test_one_finding_for_the_form_of_a_date(tmp_path: Path) -> None:
    """That a date is EDTF, but not read, is told in place of a pattern that it does not fit."""
    path = tmp_path / "a.ttl"
    days = ("2023-XX", "2023-13", "16.08.2006", "2023-02-29")
    path.write_text(
        BASE
        + "".join(
            f'act:a{number} a csto:Act ; rdfs:label "A"@en ; csto:date "{day}"^^edtf:EDTF .\n'
            for number, day in enumerate(days)
        )
        + 'act:b csto:date "2023/.."^^edtf:EDTF , "2023-02-29"^^edtf:EDTF .\n'
    )
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; sh:nodeKind sh:IRI .\n"
    )
    with_house = ("--shapes", str(tmp_path / "s.ttl"), "--data", str(path), "--house")
    for options in ((str(path),), with_house):
        ran = run_csto("validate", *options, "--format", "json")
        found = [
            (f["value"], f["code"])
            for f in json.loads(ran.out)["findings"]
            if f["code"] in ("CS0011", "CS0012", "CS0100", "CS0120")
        ]
        assert sorted(found) == [
            ("16.08.2006", "CS0120"),
            ("2023-02-29", "CS0100"),
            ("2023-02-29", "CS0100"),
            ("2023-13", "CS0100"),
            ("2023-XX", "CS0012"),
            ("2023/..", "CS0012"),
        ]


def test_other_datatypes_are_not_judged() -> None:
    assert fault("anything", "http://example.org/metre") == ""
    assert fault("{", "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON") != ""


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('"abc"^^xsd:integer', '"abc" is no xsd:integer'),
        ('"2025-02-30"^^xsd:date', "no day of the calendar"),
        ('"three years"^^xsd:duration', "is no xsd:duration"),
        ('"300"^^xsd:unsignedByte', "the greatest is 255"),
    ],
)
def test_a_foreign_file(tmp_path: Path, value: str, says: str) -> None:
    path = tmp_path / "l.ttl"
    path.write_text(
        "@prefix e: <http://e/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        f"e:a e:p {value} .\n"
    )
    shapes = tmp_path / "s.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ; sh:nodeKind sh:IRI .\n"
    )
    ran = run_csto("validate", "--shapes", str(shapes), "--data", str(path))
    assert ran.code == 1
    assert "l.ttl:3:5: violation CS0011" in ran.out
    assert says in ran.out


def test_a_file_without_anything_of_ours(tmp_path: Path) -> None:
    """Its literals are told; that no shape sees it is a finding, not an error of input."""
    path = tmp_path / "l.ttl"
    path.write_text(
        '<http://e/a> <http://e/p> "abc"^^<http://www.w3.org/2001/XMLSchema#integer> , <rel> .\n'
    )
    ran = run_csto("validate", str(path))
    assert ran.code == 1
    assert "CS0011" in ran.out
    assert "CS0006" in ran.out
    assert "CS0232" not in ran.out
