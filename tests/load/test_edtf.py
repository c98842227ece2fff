"""EDTF bounds: strict, widened by one unit for ~ and ?, and clear refusals."""

from __future__ import annotations

from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from csto.errors import InputError
from csto.load.edtf import bounds, day_after, parse_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-01-10", "2022-01-10", "2022-01-10"),
        ("2006-08", "2006-08-01", "2006-08-31"),
        ("2012-02", "2012-02-01", "2012-02-29"),
        ("2012", "2012-01-01", "2012-12-31"),
        # The edtf library's own fuzzy bounds reach from 2015-11-01 to 2018-01-31 here.
        ("2016-12~", "2016-11-01", "2017-01-31"),
        ("2012?", "2011-01-01", "2013-12-31"),
        ("2012%", "2011-01-01", "2013-12-31"),
        ("2020-03-01~", "2020-02-29", "2020-03-02"),
        ("[2005-05-03,2005-05-05]", "2005-05-03", "2005-05-05"),
        ("[2014,2015-08]", "2014-01-01", "2015-08-31"),
        ("2023-22", "2023-06-01", "2023-08-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("2016/2018", "2016-01-01", "2018-12-31"),
    ],
)
def test_bounds(text: str, first: str, last: str) -> None:
    low, high = bounds(text)
    assert (low.isoformat(), high.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2022-13",
        "2022-02-30",
        "1990s",
        "../2005",
        "[2006,2005]",
        "2006/2005",
        "2005-25",
        "10.01.2022",
        "2022-1-10",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        bounds(text)


def test_day_after_crosses_month_and_year() -> None:
    assert day_after("2023-12-31") == "2024-01-01"
    assert day_after("2024-02-28") == "2024-02-29"


@pytest.mark.parametrize("text", ["2022-01", "2022-02-30", "yesterday", "2022-1-1", "22-01-10"])
def test_a_day_of_a_user_must_be_a_day(text: str) -> None:
    with pytest.raises(InputError, match="day"):
        parse_day(text)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.sampled_from([4, 7, 10]))
def test_plain_dates_are_what_the_library_says(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    parsed = parse_edtf(text)
    low, high = bounds(text)
    assert low.timetuple()[:3] == parsed.lower_strict()[:3]
    assert high.timetuple()[:3] == parsed.upper_strict()[:3]


FORMS = ["%03dX", "%02dXX", "%04d-21", "%04d-22", "%04d-23", "%04d-24"]


@given(st.integers(1, 999), st.sampled_from(FORMS))
def test_coarse_dates_are_what_the_library_says(number: int, form: str) -> None:
    text = form % (number % 100 if "XX" in form else number)
    parsed = parse_edtf(text)
    if parsed.lower_strict()[0] < 1:
        return
    low, high = bounds(text)
    assert low.timetuple()[:3] == parsed.lower_strict()[:3]
    assert high.timetuple()[:3] == parsed.upper_strict()[:3]


@pytest.mark.parametrize("text", ["２０２３", "2023-٠١", "٢٠XX", "２０２３-21", "2023/２０２４"])
def test_digits_are_ascii(text: str) -> None:
    with pytest.raises(InputError, match="is not a date"):
        bounds(text)
