"""Count what a panel shows, from saved queries in ``queries/panels/``.

Three units: a state in a year, two states in a year, a state in an organization
in a year. Memberships, states, organizations and votes come from four queries;
each further column is a query of its own in ``queries/panels/<unit>/``, whose
header is its entry in the codebook. A new column needs no Python.

Rules of counting (also in the codebook):

* ``…_dec31``: status on 31 December. ``…_any``: on any day of the year.
  ``…_share``: share of the days of the year.
* 1 under every reading of the sources, 0 under none, empty where readings differ.
* The coverage ledger says what an absence is worth. Where it is complete, a count has
  its value, ``…_min`` and ``…_max``; where the graph only holds what sources tell,
  ``…_min`` alone; where nobody looked, nothing. Before an organization was founded: ``-``.
* Nothing is known after the graph's cut-off: cells that would need a later day
  are empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, permutations

from csto.answer.coverage import COMPLETE, OUTSIDE, Absence, Ledger, absences
from csto.answer.panel import spans
from csto.answer.panel.spans import Interval, Span
from csto.answer.query import run
from csto.answer.tables import show
from csto.errors import InputError
from csto.graph.dataset import Dataset
from csto.sparql.saved import SavedQuery, saved_queries
from csto.vocabulary import shorten

UNITS = (
    "state-year",
    "dyad-year",
    "directed-dyad-year",
    "state-organization-year",
    "state-agreement-year",
    "spells",
)
FULL, PARTY = "full member", "party"
_BASE = "panels/"


@dataclass(frozen=True)
class State:
    """A unit of the panel, with the codes of other datasets."""

    iri: str
    name: str
    iso3: str
    cow: str
    gw: str = ""
    # The first day in the state system of the Correlates of War project, if one is told.
    since: str = ""

    def was(self, year: int) -> bool:
        """Whether it was a state by the end of a year."""
        return not self.since or int(self.since[:4]) <= year


@dataclass(frozen=True)
class Organization:
    """An organization whose memberships are counted, or an agreement and its parties."""

    iri: str
    name: str
    short: str
    cow_igo: str
    founded: str = ""
    # The status that counts as belonging.
    full: str = FULL


@dataclass(frozen=True)
class Affiliation:
    """One status of one state in one organization over one span."""

    status: str
    span: Span
    start: str


@dataclass
class Panel:
    """A table, with what its columns mean."""

    unit: str
    columns: list[str]
    rows: list[list[str]]
    meaning: dict[str, str] = field(default_factory=dict)
    years: tuple[int, int] = (0, 0)
    cut_off: str = ""
    states: list[State] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)


def build_panel(
    dataset: Dataset, unit: str, first: int | None = None, last: int | None = None
) -> Panel:
    """The panel of a unit over some years, both included.

    Args:
        dataset: the graph.
        unit: one of :data:`UNITS`.
        first: first year; else the one the manifest gives for ``from``, or that of the first
            membership of a covered state.
        last: last year; else the last one that the graph covers from end to end.

    Raises:
        InputError: for an unknown unit, or years in the wrong order or out of range.
    """
    if unit not in UNITS:
        raise InputError(f"no panel is called {unit}; there are {', '.join(UNITS)}")
    if last is None:
        last = int(dataset.cut_off[:4]) - (not dataset.cut_off.endswith("12-31"))
    if first is None:
        first = _first_year(dataset, last)
    if not 1900 <= first <= last <= 2100:
        raise InputError(f"--from {first} --to {last}: give two years in order, such as 1992 2024")
    return _Counter(dataset, first, last).panel(unit)


def _first_year(dataset: Dataset, last: int) -> int:
    if given := dataset.workspace.manifest.defaults.get("from"):
        if not given.isdigit():
            raise InputError(f'csto:parameterDefault "from={given}" in workspace.ttl: give a year')
        return int(given)
    held = _Counter(dataset, last, last).affiliations.values()
    begun = [a.span.certain for group in held for a in group if a.status == FULL]
    return min((date.fromordinal(days[0]).year for days in begun if days), default=last)


class _Counter:
    def __init__(self, dataset: Dataset, first: int, last: int) -> None:
        self.dataset = dataset
        self.years = range(first, last + 1)
        # What was found of a state in an organization on some days.
        self._members: dict[tuple[str, str, Interval, bool], list[Interval]] = {}
        self._completed: dict[tuple[str, str, int, int], bool] = {}
        self.cut_off = date.fromisoformat(dataset.cut_off).toordinal()
        self.queries = {q.name: q for q in saved_queries(dataset.workspace)}
        self.states = [
            State(r["state"], r["name"], r["iso3"], r["cow"], r["gw"], r["since"])
            for r in self._ask("states")
        ]
        if not self.states:
            raise InputError(
                "this graph covers no states; name them with csto:coversState in workspace.ttl"
            )
        self.organizations = [
            Organization(
                r["organization"],
                r["name"],
                r["abbreviation"] or r["name"],
                r["cow_igo"],
                r["founded"],
            )
            for r in self._ask("organizations")
        ]
        # What the workspace is about has columns of its own, under its abbreviation.
        centre = dataset.workspace.manifest.central
        self.central = next((o for o in self.organizations if o.iri == centre), None)
        self.affiliations: dict[tuple[str, str], list[Affiliation]] = defaultdict(list)
        self.agreements = [
            Organization(r["agreement"], r["name"], r["name"], "", r["founded"], PARTY)
            for r in self._ask("agreements")
        ]
        for name in ("affiliations", "parties"):
            for r in self._ask(name):
                if span := self._span(r):
                    self.affiliations[r["state"], r["organization"]].append(
                        Affiliation(r["status"], span, r["start"])
                    )
        self.ledger = Ledger(dataset)
        (self.of_members,) = self._absence("affiliations")
        (self.of_parties,) = self._absence("parties")
        for o in self.organizations:
            if not any(e.within in ("", o.iri) for e in self.ledger.about(self.of_members)):
                raise InputError(
                    f"{_BASE}affiliations: no coverage entry is about memberships within {o.name}; "
                    "say in a csto:Coverage how far the graph holds them"
                )
        (self.of_votes,) = self._absence("votes")
        # Votes count only where the ledger has all votes of the state in that body; each apart.
        self.votes: dict[tuple[str, str], dict[str, tuple[int, str]]] = defaultdict(dict)
        bodies = {}
        for r in self._ask("votes"):
            day = spans.ordinal(r["day"])
            told = self.ledger.extent(self.of_votes, r["state"], day, day + 1, r["body"])
            if told == COMPLETE:
                self.votes[r["state"], r["body"]][r["roll_call"]] = (int(r["day"][:4]), r["value"])
                bodies[r["body"]] = r["body_name"]
        # Where several bodies have such votes, the name of each is in its columns.
        self.voting = [
            (body, name, f"_{_slug(name)}" if len(bodies) > 1 else "")
            for body, name in sorted(bodies.items())
        ]

    def _ask(self, name: str) -> Iterator[dict[str, str]]:
        try:
            query = self.queries[_BASE + name]
        except KeyError:
            raise InputError(
                f"queries/{_BASE}{name}.rq: missing from this workspace; panels are counted from it"
            ) from None
        yield from self._rows(query)

    def _absence(self, name: str) -> list[Absence]:
        """The classes whose absence a query reads; each has an entry in the ledger."""
        query = self.queries[_BASE + name]
        found = absences(query)
        if len(found) != 1:
            raise InputError(f"queries/{query.name}.rq:1: name one class in #+ absence:")
        # Without votes or memberships there is no absence to tell of.
        if self._any(query):
            self.ledger.require(found[0], f"queries/{query.name}.rq")
        return found

    def _any(self, query: SavedQuery) -> bool:
        return next(iter(self._rows(query)), None) is not None

    def _rows(self, query: SavedQuery) -> Iterator[dict[str, str]]:
        answer = run(self.dataset, query.text, self.dataset.cut_off, query.name)
        names = [v.value for v in answer.variables]  # type: ignore[union-attr]
        for row in answer:  # type: ignore[union-attr]
            yield {
                n: "" if row[n] is None else getattr(row[n], "value", show(row[n])) for n in names
            }

    def _span(self, row: dict[str, str]) -> Span | None:
        begun = row.get("from_earliest", ""), row.get("from_latest", "")
        if "to_earliest" not in row:
            return spans.act(*begun)
        ended = row["to_earliest"], row["to_latest"]
        known = row.get("known_to", ""), row.get("known_from", "")
        return spans.situation(*begun, *ended, self.cut_off, *known)

    # --- panels ------------------------------------------------------------------

    def panel(self, unit: str) -> Panel:
        made = {
            "state-year": self._state_years,
            "dyad-year": self._dyad_years,
            "directed-dyad-year": lambda: self._dyad_years(directed=True),
            "state-organization-year": self._state_organization_years,
            "state-agreement-year": self._state_agreement_years,
            "spells": self._spells,
        }[unit]()
        made.years = (self.years[0], self.years[-1])
        made.cut_off = self.dataset.cut_off
        made.states, made.organizations = self.states, self.organizations
        return made

    def _state_years(self) -> Panel:
        counts = self._counts("state-year")
        meaning = {
            "state": "the state, by its short IRI",
            "name": "its English name",
            "iso3": "ISO 3166-1 alpha-3 code",
            "cow": "Correlates of War country code",
            "year": "calendar year",
            **_KEYS,
            "organizations_dec31": "number of organizations of which it is a full member on 31 "
            "December, where the memberships of all of them are known completely",
            "organizations_dec31_min": "of how many it certainly is one",
            "organizations_dec31_max": "the same as organizations_dec31, with those it is only "
            "possibly a member of",
            "member_of_dec31": "their abbreviations, separated by semicolons",
            "agreements_dec31_min": "number of agreements to which it certainly is a party on 31 "
            "December; a lower bound, since the graph does not hold all agreements",
        }
        for o in self.organizations:
            meaning[f"{_column(o)}_dec31"] = f"full member of {o.name} on 31 December"
        if self.central:
            meaning[f"{_column(self.central)}_years"] = (
                "completed years on 31 December since the accepted start of the current "
                f"membership in {self.central.name}; empty where it is not certainly a member"
            )
        meaning |= self._meaning_of_votes() | self._meaning_of_counts("state-year")
        rows = []
        for state in self.states:
            for number in filter(state.was, self.years):
                eve = self._eve(number)
                standing = {o.iri: self._on(state, o, eve) for o in self.organizations}
                sure = [o.short for o in self.organizations if standing[o.iri] == "1"]
                maybe = [o for o in self.organizations if standing[o.iri] not in ("0", "-")]
                complete = all(self._complete(state, o, eve) for o in self.organizations)
                row = [*_named(state), str(number), state.cow, state.gw]
                known = eve <= self.cut_off
                row += self._cells(len(sure), len(maybe), complete=complete, known=known)
                row.append("; ".join(sure) if known else "")
                window = (eve, eve + 1)
                held = [self._member(state, o, window, certain=True) for o in self.agreements]
                row.append(str(sum(map(bool, held))) if known else "")
                row += [standing[o.iri] for o in self.organizations]
                if self.central:
                    row.append(self._tenure(state, self.central, number))
                row += self._votes_of(state, number)
                row += self._counted(counts, (state.iri,), number)
                rows.append(row)
        return Panel("state-year", list(meaning), rows, meaning)

    def _dyad_years(self, *, directed: bool = False) -> Panel:
        counts = self._counts("dyad-year")
        one_way = self._counts("directed-dyad-year") if directed else {}
        meaning = {
            "state_a": "the first state, by its short IRI"
            if directed
            else "the state with the lower COW code, by its short IRI",
            "state_b": "the other state",
            "name_a": "English name of state_a",
            "name_b": "English name of state_b",
            "iso3_a": "ISO 3166-1 alpha-3 code of state_a",
            "iso3_b": "ISO 3166-1 alpha-3 code of state_b",
            "cow_a": "Correlates of War country code of state_a",
            "cow_b": "Correlates of War country code of state_b",
            "year": "calendar year",
            **{
                f"{key}{n}": f"{what} of state_{s}" for key, what in _KEYS.items() for n, s in _BOTH
            },
            "shared_dec31": "number of organizations of which both are full members on 31 "
            "December, where the memberships of all of them are known completely",
            "shared_dec31_min": "of how many both certainly are",
            "shared_dec31_max": "the same as shared_dec31, with those in which it is only possible",
            "shared_any_min": "number of organizations of which both certainly are full members on "
            "one and the same day of the year",
            "shared_in_dec31": "abbreviations of the organizations of shared_dec31_min",
            "agreements_dec31_min": "number of agreements to which both certainly are parties on "
            "31 December; a lower bound, since the graph does not hold all agreements",
        }
        if self.central:
            column, of = _column(self.central), f"full members of {self.central.name}"
            meaning |= {
                f"{column}_dec31": f"both are {of} on 31 December",
                f"{column}_any": f"both are {of} on one and the same day of the year",
                f"{column}_share": f"share of the days of the year on which both surely are {of}",
            }
        for _, name, mark in self._bodies:
            meaning |= {
                f"votes{mark}_both": f"roll calls of the year in {name} in which both are recorded,"
                " counted as votes in the state-year panel; empty where there are none",
                f"votes{mark}_same": "of these, how many with the same of yes, no, abstained, "
                "not voting",
                f"votes{mark}_agreement": f"votes{mark}_same divided by votes{mark}_both; empty "
                "without roll calls",
            }
        meaning |= self._meaning_of_counts("dyad-year")
        if directed:
            meaning |= self._meaning_of_counts("directed-dyad-year")
        rows = []
        ordered = sorted(self.states, key=lambda s: (int(s.cow or 0), s.name))
        for a, b in (permutations if directed else combinations)(ordered, 2):
            for number in self.years:
                if a.was(number) and b.was(number):
                    row = self._dyad_year(a, b, number, counts)
                    rows.append(row + self._counted(one_way, (a.iri, b.iri), number, turned=False))
        unit = "directed-dyad-year" if directed else "dyad-year"
        return Panel(unit, list(meaning), rows, meaning)

    def _dyad_year(self, a: State, b: State, number: int, counts: _Counts) -> list[str]:
        window, eve = spans.year(number), self._eve(number)
        sure: list[Organization] = []
        maybe = any_day = 0
        central: list[str] = []
        complete = True
        for o in self.organizations:
            full = [
                spans.holds([w], eve) and self._complete(s, o, eve)
                for s in (a, b)
                for w in [window]
            ]
            complete = complete and all(full)
            both = [self._both(a, b, o, window, certain=c) for c in (True, False)]
            on_eve = [spans.holds(both[0], eve), spans.holds(both[1], eve)]
            sure += [o] * on_eve[0]
            maybe += on_eve[1]
            any_day += bool(both[0])
            if o is self.central:
                whole = all(self._complete(s, o, *window) for s in (a, b))
                held = bool(both[0]), bool(both[1])
                central = [
                    self._flag(*on_eve, needs=eve, o=o, complete=all(full)),
                    self._flag(*held, needs=window[0], o=o, complete=whole, to=window[1]),
                    self._share(both[0], window, o) if whole or both[0] else "",
                ]
        row = [shorten(a.iri), shorten(b.iri), a.name, b.name, a.iso3, b.iso3, a.cow, b.cow]
        row += [str(number), a.cow, b.cow, a.gw, b.gw]
        known = eve <= self.cut_off
        row += self._cells(len(sure), maybe, complete=complete, known=known)
        row.append(str(any_day) if window[0] <= self.cut_off else "")
        row.append("; ".join(o.short for o in sure) if known else "")
        bound = [self._both(a, b, o, (eve, eve + 1), certain=True) for o in self.agreements]
        row.append(str(sum(map(bool, bound))) if known else "")
        row += central
        row += self._agreement(a, b, number)
        return row + self._counted(counts, (a.iri, b.iri), number)

    def _state_organization_years(self) -> Panel:
        meaning = {
            "state": "the state, by its short IRI",
            "name": "its English name",
            "iso3": "ISO 3166-1 alpha-3 code",
            "cow": "Correlates of War country code",
            "organization": "the organization, by its short IRI",
            "abbreviation": "its abbreviation",
            "cow_igo": "its number in the COW dataset of intergovernmental organizations",
            "year": "calendar year",
            **_KEYS,
            "status_dec31": "status certainly held on 31 December (full member, observer …); "
            "empty where there is none or where readings differ",
            "status_dec31_possible": "every status held on that day under some reading",
            "member_dec31": "full member on 31 December",
            "member_any": "full member on any day of the year",
            "member_share": "share of the days of the year as full member under every reading",
            "member_share_max": "the same under some reading",
            "since": "accepted start of the membership held on 31 December, as precise as its "
            "source (EDTF)",
            "years_since": "completed years on 31 December since then",
        }
        rows = []
        for state in self.states:
            for o in self.organizations:
                if self.affiliations.get((state.iri, o.iri)):
                    rows += [
                        self._state_organization_year(state, o, number)
                        for number in filter(state.was, self.years)
                    ]
        return Panel("state-organization-year", list(meaning), rows, meaning)

    def _state_agreement_years(self) -> Panel:
        """The same for agreements and their parties, in the words of treaties."""
        meaning = {
            "state": "the state, by its short IRI",
            "name": "its English name",
            "iso3": "ISO 3166-1 alpha-3 code",
            "cow": "Correlates of War country code",
            "agreement": "the agreement, by its short IRI",
            "agreement_name": "its English name",
            "year": "calendar year",
            **_KEYS,
            "status_dec31": "status certainly held on 31 December (party, contracting state, "
            "signatory); empty where there is none or where readings differ",
            "status_dec31_possible": "every status held on that day under some reading",
            "party_dec31": "party on 31 December, by entry into force for the state",
            "party_any": "party on any day of the year",
            "party_share": "share of the days of the year as party under every reading",
            "party_share_max": "the same under some reading",
            "since": "accepted start of being a party on 31 December, as precise as its source "
            "(EDTF)",
            "years_since": "completed years on 31 December since then",
        }
        rows = []
        for state in self.states:
            for o in self.agreements:
                if self.affiliations.get((state.iri, o.iri)):
                    for number in filter(state.was, self.years):
                        row = self._state_organization_year(state, o, number)
                        # Without the number of an organization in other data sets.
                        rows.append([*row[:6], *row[7:]])
        return Panel("state-agreement-year", list(meaning), rows, meaning)

    def _spells(self) -> Panel:
        """Every spell that has a day in the years asked for."""
        meaning = {
            "state": "the state, by its short IRI",
            "name": "its English name",
            "iso3": "ISO 3166-1 alpha-3 code",
            "cow": "Correlates of War country code",
            **_KEYS,
            "framework": "the organization or agreement, by its short IRI",
            "framework_name": "its English name",
            "kind": "membership (of a body) or party (to an agreement)",
            "status": "full member, observer, party, signatory …; one spell is one status",
            "spell": "the spell, by its short IRI",
            "start": "accepted start, as precise as its source (EDTF)",
            "end": "accepted end, the first day on which it no longer holds (EDTF); empty while "
            "open",
            "start_earliest": "earliest day on which it can have begun; empty where nothing bounds "
            "the start from below",
            "start_latest": "latest such day; from it on, the spell certainly holds",
            "end_earliest": "earliest day on which it can have ended; before it, the spell "
            "certainly holds; empty where nothing ends it",
            "end_latest": "latest such day; empty where nothing ends it",
        }
        of = {state.iri: state for state in self.states}
        begin, end = f"{self.years[0]}-01-01", f"{self.years[-1] + 1}-01-01"
        rows = []
        for r in self._ask("spells"):
            first = r["start_earliest"] or r["known_from"]
            if first >= end or (r["end_latest"] and r["end_latest"] <= begin):
                continue
            things = (shorten(r["framework"]), r["framework_name"], r["kind"], r["status"])
            days = [r[name] for name in list(meaning)[-6:]]
            state = of[r["state"]]
            keys = [*_named(state), state.cow, state.gw]
            rows.append([*keys, *things, shorten(r["spell"]), *days])
        return Panel("spells", list(meaning), rows, meaning)

    def _state_organization_year(self, state: State, o: Organization, number: int) -> list[str]:
        window, eve = spans.year(number), self._eve(number)
        held = self.affiliations[state.iri, o.iri]
        certain = [a for a in held if spans.holds(spans.within([a.span.certain], window), eve)]
        possible = [a for a in held if spans.holds([a.span.possible], eve)]
        sure = self._member(state, o, window, certain=True)
        maybe = self._member(state, o, window, certain=False)
        row = [*_named(state), shorten(o.iri), o.short, o.cow_igo, str(number)]
        row += [state.cow, state.gw]
        row += ["; ".join(sorted({a.status for a in group})) for group in (certain, possible)]
        row.append(self._on(state, o, eve))
        whole = self._complete(state, o, *window)
        row.append(
            self._flag(bool(sure), bool(maybe), needs=window[0], o=o, complete=whole, to=window[1])
        )
        row += [self._share(days, window, o) if whole or days else "" for days in (sure, maybe)]
        since = next((a.start for a in certain if a.status == o.full), "")
        return [*row, since, _completed(since, number)]

    # --- membership ---------------------------------------------------------------

    def _eve(self, number: int) -> int:
        return date(number, 12, 31).toordinal()

    def _member(
        self, state: State, o: Organization, window: Interval, *, certain: bool
    ) -> list[Interval]:
        # Each pair of states asks the same of both again.
        key = state.iri, o.iri, window, certain
        if key not in self._members:
            held = self.affiliations.get((state.iri, o.iri), ())
            full = [a.span for a in held if a.status == o.full]
            days = [s.certain if certain else s.possible for s in full]
            self._members[key] = spans.within(days, window)
        return self._members[key]

    def _both(
        self, a: State, b: State, o: Organization, window: Interval, *, certain: bool
    ) -> list[Interval]:
        one = self._member(a, o, window, certain=certain)
        return spans.common(one, self._member(b, o, window, certain=certain)) if one else []

    def _on(self, state: State, o: Organization, day: int) -> str:
        window = (day, day + 1)
        sure = self._member(state, o, window, certain=True)
        maybe = self._member(state, o, window, certain=False)
        complete = self._complete(state, o, day)
        return self._flag(bool(sure), bool(maybe), needs=day, o=o, complete=complete)

    def _complete(self, state: State, o: Organization, day: int, end: int = 0) -> bool:
        """Whether the graph has all memberships of a state in an organization on some days."""
        key = state.iri, o.iri, day, end
        if key not in self._completed:
            self._completed[key] = self._has_all(state, o, day, end)
        return self._completed[key]

    def _has_all(self, state: State, o: Organization, day: int, end: int) -> bool:
        absence = self.of_members if o.full == FULL else self.of_parties
        told = self.ledger.extent(absence, state.iri, day, end or day + 1, o.iri)
        if told == COMPLETE or self._otherwise(state, o, (day, end or day + 1)):
            return True
        # Before the founding there was nothing to be a member of.
        return bool(o.founded) and (end or day + 1) <= spans.ordinal(o.founded)

    def _otherwise(self, state: State, o: Organization, window: Interval) -> bool:
        """Whether the state certainly has another status there all the time: it is no member."""
        held = self.affiliations.get((state.iri, o.iri), ())
        certain = spans.within([a.span.certain for a in held if a.status != o.full], window)
        return spans.days(certain) == window[1] - window[0]

    def _flag(
        self, sure: bool, maybe: bool, *, needs: int, o: Organization, complete: bool, to: int = 0
    ) -> str:
        """1, 0, ``-`` before the founding; empty where readings differ or nothing is said."""
        if needs > self.cut_off:
            return ""
        if o.founded and (to or needs + 1) <= spans.ordinal(o.founded):
            return "-"
        return "1" if sure else "" if maybe or not complete else "0"

    def _cells(self, low: int, high: int, *, complete: bool, known: bool = True) -> list[str]:
        """Value, lower and upper bound of a count, as far as they can be told."""
        if not known:
            return ["", "", ""]
        if not complete:
            return ["", str(low), ""]
        return [str(low) if low == high else "", str(low), str(high)]

    def _share(self, intervals: list[Interval], window: Interval, o: Organization) -> str:
        """Share of the days, ``-`` if the organization was founded later."""
        if window[1] - 1 > self.cut_off:
            return ""
        if o.founded and window[1] <= spans.ordinal(o.founded):
            return "-"
        return _ratio(spans.days(intervals), window[1] - window[0])

    def _tenure(self, state: State, o: Organization, number: int) -> str:
        window = (self._eve(number), self._eve(number) + 1)
        for held in self.affiliations.get((state.iri, o.iri), ()):
            if held.status == FULL and spans.within([held.span.certain], window):
                return _completed(held.start, number)
        return ""

    # --- votes ----------------------------------------------------------------------

    @property
    def _bodies(self) -> list[tuple[str, str, str]]:
        """Bodies whose votes are counted: IRI, name, and what marks their columns."""
        return self.voting or [("", "any body", "")]

    def _meaning_of_votes(self) -> dict[str, str]:
        meaning: dict[str, str] = {}
        for _, name, mark in self._bodies:
            meaning |= {
                f"votes{mark}": f"roll calls of the year in {name} in which the state is recorded, "
                "over spans of which the graph has all its votes on a list that is cited; empty "
                "elsewhere and where none was held",
                f"votes{mark}_yes": "of these, yes",
                f"votes{mark}_no": "of these, no",
                f"votes{mark}_abstained": "of these, abstained",
                f"votes{mark}_absent": "of these, not voting",
            }
        return meaning

    def _votes_of(self, state: State, number: int) -> list[str]:
        known = ("yes", "no", "abstained", "not voting")
        row = []
        for body, _, _ in self._bodies:
            cast = [value for y, value in self.votes[state.iri, body].values() if y == number]
            counted = [len(cast), *(cast.count(value) for value in known)]
            row += [str(count) if cast else "" for count in counted]
        return row

    def _agreement(self, a: State, b: State, number: int) -> list[str]:
        row = []
        for body, _, _ in self._bodies:
            ours, theirs = self.votes[a.iri, body], self.votes[b.iri, body]
            both = [c for c, (y, _) in ours.items() if y == number and c in theirs]
            same = sum(1 for call in both if ours[call][1] == theirs[call][1])
            told = [str(len(both)), str(same), _ratio(same, len(both))] if both else ["", "", ""]
            row += told
        return row

    # --- further columns --------------------------------------------------------------

    def _extra(self, unit: str) -> list[SavedQuery]:
        start = f"{_BASE}{unit}/"
        return [q for name, q in sorted(self.queries.items()) if name.startswith(start)]

    def _meaning_of_counts(self, unit: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for query in self._extra(unit):
            column = query.name.rsplit("/", 1)[1]
            if not query.identity:
                raise InputError(
                    f"queries/{query.name}.rq:1: a counted column says what it counts as one; "
                    "add #+ identity:"
                )
            what = f"number of {query.summary}. Counted: {query.identity}. {query.description}"
            found[column] = what.strip()
            found[f"{column}_min"] = "how many certainly fall there"
            found[f"{column}_max"] = f"the same as {column}, with what only possibly falls there"
        return found

    def _counts(self, unit: str) -> _Counts:
        """Spans of each further column, by unit, with the class whose absence is read."""
        found: _Counts = {}
        for query in self._extra(unit):
            (absence,) = self._absence(query.name.removeprefix(_BASE))
            column: _Column = defaultdict(dict)
            found[query.name] = (absence, column)
            for row in self._rows(query):
                if span := self._span(row):
                    keys = tuple(row[n] for n in ("state", "other") if n in row)
                    column[keys][row["thing"], span] = span
        return found

    def _counted(
        self, counts: _Counts, unit: tuple[str, ...], number: int, *, turned: bool = True
    ) -> list[str]:
        """Cells of further columns; ``turned`` counts what goes either way between two states."""
        window = spans.year(number)
        asked = unit if turned else unit[:1]
        row: list[str] = []
        for absence, column in counts.values():
            told = {self.ledger.extent(absence, state, *window) for state in asked}
            if told & {"", OUTSIDE}:
                row += ["", "", ""]
                continue
            things = {**column.get(unit, {}), **(column.get(unit[::-1], {}) if turned else {})}
            sure = {t for (t, _), s in things.items() if s.surely_in(window)}
            maybe = {t for (t, _), s in things.items() if s.maybe_in(window)}
            known = window[0] <= self.cut_off
            # Where something is merely possible no list is complete.
            complete = told == {COMPLETE} and sure == maybe
            row += self._cells(len(sure), len(sure | maybe), complete=complete, known=known)
        return row


_Column = dict[tuple[str, ...], dict[tuple[str, Span], Span]]
_Counts = dict[str, tuple[Absence, _Column]]


# The numbers of states under the names that data sets on conflict give them.
_KEYS = {
    "ccode": "Correlates of War state number",
    "gwcode": "Gleditsch-Ward state number",
}
_BOTH = (("1", "a"), ("2", "b"))


def _named(state: State) -> list[str]:
    return [shorten(state.iri), state.name, state.iso3, state.cow]


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in text.lower())


def _column(o: Organization) -> str:
    return _slug(o.short)


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.4f}".rstrip("0").rstrip(".")


def _completed(start: str, number: int) -> str:
    """Completed years from an EDTF start to the end of a year; from a year alone, whole years."""
    digits = start[:4]
    return str(number - int(digits)) if digits.isdigit() else ""
