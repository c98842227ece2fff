"""Write a workspace of memberships from Correlates of War, International Organizations, version 3.

    python benchmarks/cow.py igo_year_format3.csv.gz FOLDER [--organizations 100]

The file has a row for each organization and year and a column for each state: 1 full member,
2 associate, 3 observer, 0 none, negative missing. A spell is a run of years of one status; the
data set knows years only, so a spell begins in its first year and ends in the year after its
last. What still holds in the last year of the file has no end. Cite J. Pevehouse and others,
"Tracking Organizations in the World" (2020).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from generate import PREFIXES

STATUS = {1: "member", 2: "associate", 3: "observer"}
# Year, status.
Years = list[tuple[int, int]]


def spells(path: Path) -> dict[str, dict[str, Years]]:
    """Years and status of each state in each organization that has it at all."""
    found: dict[str, dict[str, Years]] = defaultdict(lambda: defaultdict(list))
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or ())
        # States stand between the year and what is said of the organization.
        states = names[names.index("year") + 1 : names.index("sdate")]
        for row in reader:
            body = _slug(row["ioname"])
            for state in states:
                status = int(float(row[state])) if row[state] else -9
                if status in STATUS:
                    found[body][state].append((int(float(row["year"])), status))
    return found


def runs(years: Years, last_year: int) -> Iterator[tuple[int, int, int | None]]:
    """Status, first year, and the year in which it ended."""
    begin, before, status = years[0][0], years[0][0], years[0][1]
    for year, now in [*years[1:], (10_000, 0)]:
        if year != before + 1 or now != status:
            yield status, begin, before + 1 if before < last_year else None
            begin, status = year, now
        before = year


def write(path: Path, folder: Path, organizations: int) -> int:
    """Write the workspace; the number of spells."""
    graph = folder / "graph"
    graph.mkdir(parents=True, exist_ok=True)
    (folder / "queries").mkdir(exist_ok=True)
    known = spells(path)
    bodies = sorted(known, key=lambda body: -len(known[body]))[:organizations]
    last = max(year for states in known.values() for years in states.values() for year, _ in years)
    count = 0
    with (graph / "memberships.ttl").open("w", encoding="utf-8") as file:
        file.write(PREFIXES)
        file.write('<https://w3id.org/csto/graph> a csto:Workspace ; rdfs:label "COW"@en ;\n')
        file.write(f'  csto:cutOff "{last}-12-31"^^xsd:date .\n')
        file.write('source:bench a csto:Source ; rdfs:label "COW"@en .\n')
        file.write('src:p0 a csto:Passage ; rdfs:label "COW"@en .\n')
        for state in sorted({state for body in bodies for state in known[body]}):
            file.write(f'state:{state} a csto:State ; rdfs:label "{state}"@en .\n')
        for body in bodies:
            file.write(f'body:{body} a csto:InternationalOrganization ; rdfs:label "{body}"@en .\n')
            for state, years in sorted(known[body].items()):
                for status, first, end in runs(sorted(years), last):
                    count += 1
                    ends = f' csto:end "{end}"^^edtf:EDTF ;' if end is not None else ""
                    file.write(
                        f'm:{state}-{body}-{first} a csto:Membership ; rdfs:label "{count}"@en ;'
                        f" csto:member state:{state} ; csto:organization body:{body} ;"
                        f' csto:status status:{STATUS[status]} ; csto:start "{first}"^^edtf:EDTF ;'
                        f"{ends} csto:evidence src:p0 .\n"
                    )
    return count


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--organizations", type=int, default=534)
    given = parser.parse_args()
    print(write(given.data, given.folder, given.organizations), "spells")
