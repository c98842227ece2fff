"""Whether a literal belongs to its datatype, as it is written.

All datatypes of XML Schema 1.1, dates in EDTF, language tags and JSON. A datatype that
is not known here is not judged. The text is taken as it stands: digits are ASCII, and
white space around a number is a fault, because RDF does not collapse it.
"""

from __future__ import annotations

import binascii
import json
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from pyoxigraph import Literal

from csto.errors import InputError
from csto.load import edtf
from csto.vocabulary import EDTF, RDF, XSD

_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_SECONDS = r"(?:[0-9]+(?:\.[0-9]+)?S)"
_CLOCK = rf"T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?{_SECONDS}?"
_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_CHARS = _NAME_START + "0-9.\u00b7\u0300-\u036f\u203f-\u2040-"
_FORMS = {
    "boolean": r"true|false|1|0",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "integer": r"[+-]?[0-9]+",
    "double": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?=[Z+-]){_ZONE}",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": rf"---{_DAY}{_ZONE}",
    "duration": rf"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:{_CLOCK})?",
    "yearMonthDuration": r"-?P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?",
    "dayTimeDuration": rf"-?P(?=[0-9T])(?:[0-9]+D)?(?:{_CLOCK})?",
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": r"[^\r\n\t]*",
    "token": r"(?:[^\r\n\t ]+(?: [^\r\n\t ]+)*)?",
    "Name": f"[{_NAME_START}:][{_NAME_CHARS}:]*",
    "NCName": f"[{_NAME_START}][{_NAME_CHARS}]*",
    "NMTOKEN": f"[{_NAME_CHARS}:]+",
    "QName": f"(?:[{_NAME_START}][{_NAME_CHARS}]*:)?[{_NAME_START}][{_NAME_CHARS}]*",
}
for _same, _as in (
    ("float", "double"),
    ("ID", "NCName"),
    ("IDREF", "NCName"),
    ("ENTITY", "NCName"),
):
    _FORMS[_same] = _FORMS[_as]
_COMPILED = {name: re.compile(form, re.DOTALL) for name, form in _FORMS.items()}
_LISTS = {"IDREFS": "IDREF", "ENTITIES": "ENTITY", "NMTOKENS": "NMTOKEN"}
_BIG = 2**64 - 1
# Least and greatest value of the kinds of integer.
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, _BIG),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
_SAMPLES = {
    "boolean": "true or false",
    "decimal": "digits with at most one point, such as -1.50",
    "integer": "digits only, such as 12",
    "double": "a number such as 1.5 or 1.5e3",
    "float": "a number such as 1.5 or 1.5e3",
    "date": "a day such as 2022-01-10",
    "dateTime": "a day and a time such as 2022-01-10T12:30:00Z",
    "dateTimeStamp": "a day, a time and a zone such as 2022-01-10T12:30:00Z",
    "time": "a time such as 12:30:00",
    "gYear": "a year of four digits such as 2022",
    "gYearMonth": "a month such as 2022-01",
    "gMonth": "a month such as --01",
    "gMonthDay": "a day of the year such as --01-10",
    "gDay": "a day of the month such as ---10",
    "duration": "a duration such as P3Y or PT12H",
    "yearMonthDuration": "a duration in years and months such as P3Y6M",
    "dayTimeDuration": "a duration in days and hours such as P3DT12H",
    "hexBinary": "pairs of the digits 0 to 9 and A to F",
    "base64Binary": "text in Base64",
    "language": "a language tag such as en or ru-Latn",
}
_EDTF_DAY = re.compile(r"(?<![0-9X])([0-9X]{4,})-(0[1-9]|1[0-2])-([0-9]{2})(?![0-9X])")
_LEAP = "2000"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# RFC 5646: language, script, region, variants, extensions, private use; and grandfathered tags.
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+|i-[a-z]{2,8}(?:-[a-z]{2,8})?"
    r"|en-gb-oed|sgn-(?:be-fr|be-nl|ch-de)|zh-min(?:-nan)?|art-lojban|cel-gaulish|no-(?:bok|nyn)",
    re.IGNORECASE,
)


def fault(text: str, datatype: str) -> str:
    """What is wrong with a text as a value of a datatype; empty if nothing is.

    Args:
        text: as it is written.
        datatype: the IRI.
    """
    return _judge(datatype)(text)


_STRING = XSD + "string"
TAGGED = (RDF + "langString", RDF + "dirLangString")
# Subject, property, literal, and what is wrong with it.
IllTyped = tuple[Any, Any, Literal, str]


def ill_typed(said: Mapping[Any, Mapping[Any, Iterable[Any]]]) -> Iterator[IllTyped]:
    """The literals that do not belong to their datatype.

    A loop over millions of values, so it calls as little as it can.

    Args:
        said: the values of each property, by subject.
    """
    judges: dict[str, Callable[[str], str]] = {}
    for prop, by_subject in said.items():
        for subject, values in by_subject.items():
            for value in values:
                if not isinstance(value, Literal):
                    continue
                datatype = value.datatype.value
                if datatype == _STRING and value.value.isprintable():
                    continue
                if datatype in TAGGED:
                    what = _tag(value.language or "")
                else:
                    judge = judges.get(datatype)
                    if judge is None:
                        judge = judges[datatype] = _judge(datatype)
                    what = judge(value.value)
                if what:
                    yield subject, prop, value, what


@lru_cache(maxsize=1024)
def _judge(datatype: str) -> Callable[[str], str]:
    if datatype == _STRING:
        return _string
    if datatype.startswith(XSD):
        name = datatype[len(XSD) :]
        return _formed(name) if name in _COMPILED else partial(_xsd, name=name)
    return {EDTF: _edtf, RDF + "JSON": _json}.get(datatype, lambda text: "")


def _formed(name: str) -> Callable[[str], str]:
    """The judge of a datatype whose values have the form of a regular expression."""
    form = _COMPILED[name]
    fullmatch = form.fullmatch
    if not {"month", "day"} <= form.groupindex.keys():
        return lambda text: "" if fullmatch(text) else _wrong(text, name)

    def judge(text: str) -> str:
        match = fullmatch(text)
        if match is None:
            return _wrong(text, name)
        return "" if match["day"] <= "28" else _calendar(text, match.groupdict())

    return judge


def known(datatype: str) -> bool:
    """Whether values of a datatype are judged here."""
    if datatype.startswith(XSD):
        name = datatype[len(XSD) :]
        return name in _FORMS or name in _BOUNDS or name in _LISTS or name in _OTHER
    return datatype in (EDTF, RDF + "JSON", RDF + "langString")


def _xsd(text: str, name: str) -> str:
    if name in ("string", "anyURI", "anySimpleType", "anyAtomicType"):
        return _string(text) if name == "string" else ""
    if name in _BOUNDS:
        return _whole(text, name)
    if name == "base64Binary":
        return _base64(text)
    if name in _LISTS:
        parts = text.split(" ")
        return "" if all(not _xsd(part, _LISTS[name]) for part in parts) else _wrong(text, name)
    if name in _COMPILED:
        return _judge(XSD + name)(text)
    if name in _OTHER:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(name, [*_FORMS, *_BOUNDS, *_OTHER], 1)
    return f"xsd:{name} is no datatype of XML Schema" + (
        f"; did you mean xsd:{near[0]}?" if near else ""
    )


_OTHER = (
    "string",
    "anyURI",
    "base64Binary",
    "NOTATION",
    "anySimpleType",
    "anyAtomicType",
    "anyType",
)


def _string(text: str) -> str:
    found = _CONTROL.search(text)
    return f"the text has the control character U+{ord(found[0]):04X}" if found else ""


def _shown(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:50]} …" ({len(text)} characters)'


def _wrong(text: str, name: str) -> str:
    if text.strip() != text and not _xsd(text.strip(), name):
        return f"{_shown(text)} is no xsd:{name}: there is white space around it"
    if not text.isascii() and any(c.isdigit() and not c.isascii() for c in text):
        return f"{_shown(text)} is no xsd:{name}: its digits are not 0 to 9"
    if name in ("date", "dateTime", "dateTimeStamp", "gMonthDay") and (
        re.search(r"-(?:1[3-9]|[2-9][0-9]|00)-|-(?:3[2-9]|[4-9][0-9]|00)(?:T|Z|$)", text)
    ):
        return f"{_shown(text)} is no day of the calendar"
    sample = _SAMPLES.get(name)
    return f"{_shown(text)} is no xsd:{name}" + (f"; write {sample}" if sample else "")


def _whole(text: str, name: str) -> str:
    if not _COMPILED["integer"].fullmatch(text):
        return _wrong(text, name) + "; write digits only, such as 12"
    digits = text.lstrip("+-").lstrip("0")
    low, high = _BOUNDS[name]
    # Numbers too long to be within any bound are not made numbers first.
    if len(digits) > 25:
        value = -(10**25) if text.startswith("-") else 10**25
    else:
        value = int(digits or "0") * (-1 if text.startswith("-") else 1)
    if low is not None and value < low:
        return f"{_shown(text)} is no xsd:{name}: the least is {low}"
    if high is not None and value > high:
        return f"{_shown(text)} is no xsd:{name}: the greatest is {high}"
    return ""


def _calendar(text: str, found: dict[str, Any]) -> str:
    day, month = int(found["day"]), int(found["month"])
    if day <= _last_day(found.get("year") or _LEAP, month):
        return ""
    return f"{_shown(text)} is no day of the calendar"


def _last_day(year: str, month: int) -> int:
    # Years repeat after 400, so the last four digits say enough, however many there are; those
    # before the first are counted on backwards, and year 0000 is a leap year.
    return monthrange(2000 + int(year[-4:]) % 400, month)[1]


def _base64(text: str) -> str:
    packed = text.replace(" ", "")
    try:
        binascii.a2b_base64(packed.encode("ascii"), strict_mode=bool(packed))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return _wrong(text, "base64Binary")
    return ""


def _json(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"{_shown(text)} is no JSON ({str(error)[:60]})"
    return ""


@lru_cache(maxsize=4096)
def _tag(tag: str) -> str:
    return (
        "" if _TAG.fullmatch(tag) else f"@{tag} is no language tag; write one such as en or uz-Cyrl"
    )


def _edtf_fault(text: str) -> str | None:
    if not text.isascii():
        return f"{_shown(text)} is not a date: its signs are not ASCII"
    try:
        edtf.bounds(text)
    except InputError as error:
        return str(error).partition(";")[0]
    return None


def _edtf(text: str) -> str:
    found = _edtf_fault(text)
    if found is None:
        return ""
    if day := _impossible(text):
        return f"{_shown(day)} is no day of the calendar"
    if _whole_edtf(text):
        return (
            f"{_shown(text)} is a date in EDTF, but outside the part of it that csto reads: "
            "years, months and days, seasons, decades, ~ ? %, a/b and [a,b]"
        )
    return found


def _impossible(text: str) -> str:
    """The first day in an expression that no calendar has; the library lets some pass."""
    for match in _EDTF_DAY.finditer(re.sub("[~?%]", "", text)):
        year, month, day = match.groups()
        # A year with open digits may be one that has a 29 February.
        if not 1 <= int(day) <= _last_day(_LEAP if "X" in year else year, int(month)):
            return match[0]
    return ""


@lru_cache(maxsize=1024)
def _whole_edtf(text: str) -> bool:
    if not text.isascii() or len(text) > 200:
        return False
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        parsed = parse_edtf(text)
        parsed.lower_strict()
    except (EDTFParseException, ValueError, TypeError, OverflowError, AttributeError):
        return False
    except Exception:  # the library raises whatever its parts raise
        return False
    return True
