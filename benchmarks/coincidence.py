"""How near the record of votes comes to the tables of the US Department of State.

    pdftotext -layout Voting-Practices-in-the-United-Nations-2017.pdf report.txt
    python benchmarks/coincidence.py report.txt world --year 2017

The reports "Voting Practices in the United Nations" give, for each state, how many votes were the
same as those of the United States and how many opposite, and a share made of them: to 2016 the
same as a share of same and opposite (``coincidence``), from 2017 on with an abstention beside yes
or no as a half (``half_points``). The table is set beside what ``csto agreement`` computes of a
layer that has un-votes: over all roll calls of the year, over those on whole texts, and over those
that the report lists. Roll calls that it names and the record lacks are printed, and the reverse
where the report lists all. Names are matched by table, never by likeness; what no state is found
for is printed.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from csto.answer.record.columns import Columns, find_columns
from csto.answer.record.votes import Agreement, pair_years, whole_texts
from csto.load.record.run import STATES

UNITED_STATES = 2
ROW = re.compile(
    r"^ {0,12}(?P<name>\S.*?)? +(?P<same>\d+) +(?P<opposite>\d+) +(?P<rest>\d+) +(?P<absent>\d+)"
    r" +(?P<share>\d+(?:\.\d+)?)%"
)
# A line with a part of a name and nothing else; the heads of columns are none.
PIECE = re.compile(r" {0,12}(?!COUNTRY|Country|VOTES)\S+(?: \S+)*")
# A symbol, a day or the stand of the United States, and the count: for, against, abstaining.
COUNTED = re.compile(
    r"^ *A/R(?:ES|es)/?(?P<symbol>(?:ES-)?\d+/\d+)\s+(?:[YNA]|[A-Z][a-z]+ \d+)\s+"
    r"(?:(?P<y>\d+) ?(?:\(U\.?S\.?\))? ?- ?(?P<n>\d+)|\d+\s+\d+\s+\d+\s+\d+\s)"
)
# Names of the reports that are in no column of our table of states, by ISO code.
NAMES = {
    "AE": ["United Arab Emirates"],
    "AG": ["Antigua and Barbuda"],
    "BN": ["Brunei Darussalam"],
    "BO": ["Bolivia (Plurinational State of)"],
    "CD": ["Congo (Democratic Republic of the)", "Democratic Republic of Congo"],
    "CG": ["Republic of Congo"],
    "CI": ["Côte d'Ivoire", "Cote d'Ivoire"],
    "CV": ["Cabo Verde"],
    "CZ": ["Czech Republic (Czechia)"],
    "FM": ["Micronesia", "Micronesia (Federated States of)"],
    "IR": ["Iran (Islamic Republic of)"],
    "KN": ["Saint Kitts and Nevis"],
    "KP": ["Korea (Democratic People's Republic of)", "Democratic People's Republic of Korea"],
    "KR": ["Korea (Republic of)", "Republic of Korea"],
    "LA": ["Lao People's Democratic Republic"],
    "LC": ["Saint Lucia"],
    "MD": ["Moldova (Republic of)", "Republic of Moldova"],
    "MK": [
        "Macedonia (the former Yugoslav Republic of)",
        "The Former Yugoslav Republic of Macedonia",
    ],
    "YU": ["Serbia"],
    "RU": ["Russian Federation"],
    "SK": ["Slovak Republic"],
    "ST": ["Sao Tome and Principe"],
    "SY": ["Syrian Arab Republic", "Syrian Arab Republic (Syria)"],
    "TZ": ["Tanzania, United Republic of", "United Republic of Tanzania"],
    "GB": ["United Kingdom of Great Britain and Northern Ireland"],
    "VC": ["Saint Vincent and the Grenadines"],
    "VE": ["Venezuela (Bolivarian Republic of)"],
    "VN": ["Viet Nam"],
}


def numbers() -> dict[str, int]:
    """COW numbers of states by the names that a report can have for them."""
    found: dict[str, int] = {}
    with STATES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [row["name"], row["un_name"], *NAMES.get(row["un_code"], [])]
            found |= {name.replace("\u2019", "'"): int(row["cow"]) for name in names if name}
    return found


def published(text: str, states: dict[str, int]) -> tuple[dict[int, float], list[str]]:
    """The first table of all states in a report: shares in per cent, and names of no state.

    A name may be broken over lines: its first parts stand above the figures, or parts above and
    below them.
    """
    lines = [line.replace("\u2019", "'") for line in text.splitlines()]
    shares: dict[int, float] = {}
    strangers = []
    used = -1
    for at, line in enumerate(lines):
        if not (row := ROW.match(line)):
            continue
        first = at
        while first - 1 > used and PIECE.fullmatch(lines[first - 1]):
            first -= 1
        pieces = [piece.strip() for piece in lines[first:at]]
        used = at
        if row["name"]:
            pieces.append(row["name"])
        elif at + 1 < len(lines):
            used = at + 1
            pieces.append(lines[used].strip())
        name = " ".join(pieces)
        if name.startswith("Total"):
            break
        if name not in states:
            strangers.append(name)
        elif states[name] in shares:
            # A second table of all states begins.
            break
        else:
            shares[states[name]] = float(row["share"])
    return shares, strangers


def listed(text: str) -> set[str]:
    """Symbols of the resolutions that a report gives with the count of a recorded vote."""
    whole = re.split(r"^ +PARAGRAPH VOTES\s*$", text, flags=re.MULTILINE)[0]
    found = (COUNTED.match(line) for line in whole.splitlines())
    return {f"A/RES/{row['symbol']}" for row in found if row}


def compared(
    columns: Columns, votes: Any, shares: dict[int, float], measure: str
) -> Iterator[tuple[int, float, float]]:
    """State, share published and share computed, both in per cent."""
    pairs = pair_years(votes)
    pairs = pairs.filter((pairs.a == UNITED_STATES) | (pairs.b == UNITED_STATES))
    for row in columns.rows(pairs.order_by("a", "b")):
        made = Agreement(**{name: row[name] for name in Agreement.__dataclass_fields__})
        other = row["b"] if row["a"] == UNITED_STATES else row["a"]
        value = getattr(made, measure)
        if other in shares and value is not None:
            yield other, shares[other], 100 * value


def report(text: str, layer: Path, year: int, every: bool) -> str:
    """What the comparison of one report says, as text."""
    columns = Columns()
    votes: Any = columns.read(find_columns([layer], "un-votes-mapped"))
    calls: Any = columns.read(find_columns([layer], "un-votes-rollcalls"))
    votes = votes.filter(votes.year == year)
    measure = "half_points" if year >= 2017 else "coincidence"
    shares, strangers = published(text, numbers())
    named = listed(text)
    symbols: Any = calls.filter(calls.held.startswith(str(year))).select("number", "symbol")
    ours = {row["symbol"] for row in columns.rows(symbols)}
    missing = sorted(named - ours, key=_in_order)
    surplus = sorted(ours - named, key=_in_order)
    # A symbol that the record has twice is one vote.
    once = symbols.filter(symbols.symbol.isin(sorted(named)))
    once = once.join(whole_texts(votes).select("number").distinct(), "number")
    once = once.group_by("symbol").aggregate(number=lambda t: t.number.min())
    sides = {"all roll calls": votes, "whole texts": whole_texts(votes)}
    if every:
        sides["those listed"] = votes.semi_join(once, "number")
    lines = [f"{year}: {len(shares)} states of the report, measure {measure}"]
    for name, some in sides.items():
        rows = list(compared(columns, some, shares, measure))
        gaps = [abs(theirs - ours_) for _, theirs, ours_ in rows]
        count = columns.rows(some.select("number").distinct().count().as_table())[0]
        lines.append(
            f"  {name} ({next(iter(count.values()))}): mean difference "
            f"{sum(gaps) / len(gaps):.2f} points over {len(rows)} states, greatest "
            f"{max(gaps):.1f}, {sum(gap <= 2 for gap in gaps)} within 2"
        )
    lines.append(f"  named there, not in the record: {', '.join(missing) or 'none'}")
    if every:
        lines.append(f"  in the record, not there: {', '.join(surplus) or 'none'}")
    lines.append(f"  of no state: {', '.join(strangers) or 'none'}")
    return "\n".join(lines)


def _in_order(symbol: str) -> list[tuple[bool, int, str]]:
    parts = re.split(r"[/-]", symbol)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path, help="the report as text (pdftotext -layout)")
    parser.add_argument("layer", type=Path, help="the folder that csto import wrote")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument(
        "--lists-all", action="store_true", help="the report lists every vote (from 2017 on)"
    )
    given = parser.parse_args()
    text = given.report.read_text(encoding="utf-8", errors="replace")
    print(report(text, given.layer, given.year, given.lists_all))


if __name__ == "__main__":
    main()
