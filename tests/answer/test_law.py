"""Law in versions: what was in force, who was bound, who had to agree, on a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Ran, copy_shipped
from csto.answer.law.diff import changes, rows
from csto.answer.law.exit import exits, suppose_notice
from csto.answer.law.state import Law
from csto.answer.query import bind, run
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import Workspace, find_workspace
from csto.sparql.saved import find_query
from support.sample import some

CHARTER = "CSTO Charter"


def diff(dataset: Dataset, first: str, second: str, name: str = CHARTER) -> list[tuple[str, ...]]:
    """Unit, kind, date, certainty and earlier wording of what changed."""
    found = rows(changes(dataset, dataset.things.find(name), first, second))
    return [(row[0], row[1], row[5], row[6], row[7]) for row in found]


def ask(dataset: Dataset, name: str, day: str, **params: str) -> list[tuple[str, ...]]:
    query = find_query(dataset.workspace, name)
    answer = run(dataset, bind(query, params, dataset.things), day, name)
    names = [v.value for v in answer.variables]  # type: ignore[union-attr]
    return [
        tuple("" if row[n] is None else row[n].value for n in names)
        for row in answer  # type: ignore[union-attr]
    ]


REST = "2012-12-19"
HOSTING = "action:host-outside-forces"
AMENDED = [
    ("Art. 11", "article", "2012-01-01", "certain", "given in part"),
    ("Chapter V", "chapter", "2012-01-01", "certain", "not given"),
    ("Art. 1", "article", REST, "certain", "given"),
    ("Art. 7(1)", "paragraph", REST, "certain", "given in part"),
    ("Art. 8", "article", REST, "certain", "given in part"),
    ("Art. 12", "article", REST, "certain", "given in part"),
    ("Art. 13", "article", REST, "certain", "given in part"),
    ("Art. 24(1)", "paragraph", REST, "certain", "not given"),
]


def test_units_of_the_charter_amended_in_2010(shipped: Dataset) -> None:
    assert diff(shipped, "2005-01-01", "2015-01-01") == AMENDED


def test_units_of_the_treaty_amended_in_2010(shipped: Dataset) -> None:
    found = diff(shipped, "2005-01-01", "2024-01-01", "CST")
    assert [(unit, kind) for unit, kind, *_ in found] == [
        ("Art. 2(2)", "paragraph"),
        ("Art. 3", "article"),
        ("Art. 4", "article"),
        ("Art. 5", "article"),
        ("Art. 6", "article"),
        ("Art. 11(3)", "paragraph"),
    ]
    # Printed as the Treaty in November 2023, so in force by then.
    assert {certainty for *_, certainty, _ in found} == {"certain"}


def test_nothing_changed_before_the_protocols(shipped: Dataset) -> None:
    assert diff(shipped, "2004-01-01", "2010-12-09") == []


@pytest.fixture(scope="module")
def law_files() -> list[Path]:
    """The part of the graph that says what is law; smaller than the whole."""
    names = ["../workspace.ttl", "states.ttl", "bodies.ttl", "organizations.ttl"]
    folders = ["provisions", "agreements", "organs"]
    files = [ROOT / "graph" / name for name in names]
    files += [ROOT / "graph" / "memberships" / name for name in ("cst.ttl", "csto.ttl")]
    return files + [p for f in folders for p in sorted((ROOT / "graph" / f).glob("*.ttl"))]


def mutated(files: list[Path], tmp_path: Path, subjects: str, old: str, new: str) -> Dataset:
    """The law with one statement of one node replaced, or of a node and a claim on it."""
    copies = []
    done = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        for subject in subjects.split():
            node = rf"^{re.escape(subject)} a .*?\.\n\n"
            block = re.search(node, text, re.MULTILINE | re.DOTALL)
            if block and old in block[0]:
                text = text.replace(block[0], block[0].replace(old, new))
                path = tmp_path / path.name
                path.write_text(text, encoding="utf-8")
                done += 1
        copies.append(path)
    assert done == len(subjects.split()), f"{subjects} do not say {old} once each"
    return build(find_workspace(ROOT), copies, cached=False)


def test_a_mutated_date_of_a_version_changes_the_answers(
    law_files: list[Path], tmp_path: Path
) -> None:
    """Both kinds of entry into force, moved past the second day, leave the diff."""
    organizational = "act:charter-2010-organizational-changes-enter-into-force"
    told = "claim:charter-2010-organizational-changes-effective"
    both = f"{organizational} {told}"
    later = mutated(law_files, tmp_path, both, '"2012-01-01"', '"2016-01-01"')
    assert diff(later, "2005-01-01", "2015-01-01") == AMENDED[2:]
    clauses = "act:charter-2010-clauses-enter-into-force"
    undated = mutated(law_files, tmp_path, clauses, f'"{REST}"', '"2010-12-10/2022-01-05"')
    assert {row[3] for row in diff(undated, "2005-01-01", "2015-01-01")[2:]} == {"possible"}
    protocol = "act:military-infrastructure-protocol-enters-into-force"
    moved = mutated(law_files, tmp_path, protocol, '"2012"', '"2014"')
    agree = ask(moved, "law/who-must-agree", "2013-06-01", state="Kyrgyzstan", matter=HOSTING)
    assert not [row for row in agree if row[3] == "can stop it"]


# --- who is bound -------------------------------------------------------------------


def test_uzbekistan_is_bound_by_the_treaty_through_the_charter(shipped: Dataset) -> None:
    law = Law(shipped, "2010-06-12")
    uzbekistan, treaty = shipped.things.find("Uzbekistan"), shipped.things.find("CST")
    ways = [(b.way, b.certainty) for b in law.bound(treaty) if b.state == uzbekistan]
    assert ways == [("through incorporation", "certain")]
    current, recorded = law.own_status(uzbekistan, treaty)
    assert current == ""
    assert recorded == [
        "signatory 1992-05-15 to 1994-04-20",
        "party 1994-04-20 to 1999-04-20",
    ]
    norms = {norm.node.value.rsplit("/", 1)[-1] for norm in law.instrument(treaty).norms}
    assert "cst-art4-p1-1992" in norms
    assert "cst-art4-p2-2010-help" not in norms


def test_a_suspended_member_stays_bound(shipped: Dataset) -> None:
    """Possibly: under another reading its membership had ended, and nothing binds it."""
    found = ask(shipped, "law/bound-on", "2012-12-25", state="Uzbekistan", instrument="CST")
    told = [(row[1], row[2], row[4]) for row in found]
    assert told == [("Uzbekistan", "through incorporation", "possible")]
    votes = ask(shipped, "law/who-votes", "2012-12-25")
    assert [(name, vote) for _, name, vote, *_ in votes] == [
        *((name, "counts") for name in MEMBERS),
        ("Uzbekistan", "does not count"),
    ]


MEMBERS = ["Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan"]


def test_before_its_return_uzbekistan_is_not_bound(shipped: Dataset) -> None:
    assert ask(shipped, "law/bound-on", "2005-06-12", state="Uzbekistan", instrument="CST") == []
    assert (
        ask(shipped, "law/bound-on", "1998-06-12", state="Uzbekistan", instrument="CST")[0][2]
        == "as a party"
    )


def test_who_did_not_sign_is_not_presumed_bound(shipped: Dataset) -> None:
    """Uzbekistan did not sign the agreement on the rapid reaction forces; Belarus signed late."""
    found = ask(shipped, "law/bound-on", "2011-06-01", instrument="crrf-agreement")
    assert [(row[1], row[2]) for row in found] == [(name, "presumed") for name in MEMBERS]


def test_provisions_signed_but_not_in_force_hold_on_no_day(shipped: Dataset) -> None:
    law = Law(shipped, shipped.cut_off)
    charter = law.instrument(shipped.things.find(CHARTER))
    assert not [w for w in charter.wordings if "fourth-protocol" in w.node.value]


# --- who decides and who must agree ------------------------------------------------------


def test_third_country_bases_before_and_after_2012(shipped: Dataset) -> None:
    others = ["Armenia", "Belarus", "Kazakhstan", "Russia", "Tajikistan"]
    first = ask(shipped, "law/who-must-agree", "2004-06-01", state="Kyrgyzstan", matter=HOSTING)
    assert [(row[2], row[3], row[4]) for row in first] == [
        ("consultations held", "is heard", ", ".join(others))
    ]
    second = ask(shipped, "law/who-must-agree", "2013-06-01", state="Kyrgyzstan", matter=HOSTING)
    presumed = ", ".join(f"{name} (presumed)" for name in others)
    # Whether Uzbekistan was still bound depends on the reading of its note of 2012.
    assert [tuple(row[2:]) for row in second] == [
        ("consultations held", "is heard", ", ".join(others), "certain"),
        ("consultations held", "is heard", "Uzbekistan", "possible"),
        ("consultations held", "is heard", presumed, "certain"),
        ("consultations held", "is heard", "Uzbekistan (presumed)", "possible"),
        ("no objection", "can stop it", presumed, "certain"),
        ("no objection", "can stop it", "Uzbekistan (presumed)", "possible"),
    ]


@pytest.mark.parametrize(
    ("matter", "day", "expected"),
    [
        (
            "action:appoint-secretary-general",
            "2014-01-01",
            [("CSTO Council of Foreign Ministers", "CSTO Collective Security Council", "certain")],
        ),
        # The wording of Chapter V before 2012 is not given.
        ("action:appoint-secretary-general", "2010-01-01", []),
        # The fourth protocol is signed, not in force as far as known.
        (
            "action:dismiss-secretary-general",
            "2023-01-01",
            [
                (
                    "CSTO Council of Foreign Ministers",
                    "CSTO Collective Security Council",
                    "signed, not in force",
                )
            ],
        ),
        ("action:admit", "2006-08-01", [("", "CSTO Collective Security Council", "certain")]),
        (
            "action:suspend-participation",
            "2012-12-19",
            [("", "CSTO Collective Security Council", "certain")],
        ),
        ("action:exclude", "2012-12-19", [("", "CSTO Collective Security Council", "certain")]),
        (
            "action:approve-budget",
            "2014-01-01",
            [("", "CSTO Collective Security Council", "certain")],
        ),
    ],
)
def test_who_proposes_and_who_decides(
    shipped: Dataset, matter: str, day: str, expected: list[tuple[str, ...]]
) -> None:
    found = ask(shipped, "law/who-decides", day, matter=matter)
    assert [(row[2], row[3], row[7]) for row in found] == expected
    assert all(row[4].startswith("consensus") for row in found)


def test_deployment_inside_and_outside_the_members(shipped: Dataset) -> None:
    found = ask(shipped, "law/who-decides", "2014-01-01", matter="asked:peacekeepers")
    assert [row[3:7] for row in found] == [
        (
            "CSTO Collective Security Council",
            "consensus or limited format",
            "request of the state concerned",
            "on the territory of a member state",
        ),
        (
            "",
            "",
            "mandate of the UN Security Council",
            "outside the territory of the member states",
        ),
    ]
    forces = ask(shipped, "law/who-decides", "2009-06-01", matter="action:use-armed-forces")
    assert [row[3:5] for row in forces] == [("heads of the member states", "consensus"), ("", "")]


# --- leaving ------------------------------------------------------------------------------


def test_earliest_exit_after_a_supposed_notice(shipped_workspace: object) -> None:
    dataset = build(find_workspace(ROOT))
    armenia = dataset.things.find("Armenia")
    before = len(dataset.store)
    suppose_notice(dataset, "2023-09-24", armenia, "2023-09-24")
    found = exits(dataset, "2023-09-24", armenia)
    named = [(e.instrument.value.rsplit("/", 1)[-1], e.day.value, e.certainty) for e in found]
    assert named == [("cst", "2024-03-24", "certain"), ("csto-charter", "2024-03-24", "certain")]
    assert len(dataset.store) > before
    # Nothing of it stands outside the slices.
    graphs = {q.graph_name.value for q in dataset.store if "upposition" in q.subject.value}  # type: ignore[union-attr]
    assert all("/slice/" in graph for graph in graphs)


def test_a_duration_is_added_under_any_name_of_a_variable(
    law_files: list[Path], tmp_path: Path
) -> None:
    """Oxigraph drops date + duration depending on the names; the rule subtracts a negative one."""
    path = ROOT / "ontology/rules/obligations/earliest-exit.rq"
    text = path.read_text(encoding="utf-8")
    days = set()
    for name, limit in (("exitDate", "x"), ("a", "zz")):
        root = tmp_path / name
        copy_shipped(root)
        renamed = re.sub(r"\?day\b", f"?{name}", re.sub(r"\?limit\b", f"?{limit}", text))
        (root / path.relative_to(ROOT)).write_text(renamed, encoding="utf-8")
        dataset = build(Workspace(root), law_files, cached=False)
        armenia = dataset.things.find("Armenia")
        suppose_notice(dataset, "2023-09-24", armenia, "2023-09-24")
        days |= {e.day.value for e in exits(dataset, "2023-09-24", armenia)}
    assert days == {"2024-03-24"}


# --- the command ----------------------------------------------------------------------------


def test_law_prints_how_a_state_is_bound(csto: Callable[..., Ran]) -> None:
    out = csto("law", "CST", "--on", "2010-06-12", "--state", "Uzbekistan", "-f", "table").out
    assert "Uzbekistan is bound through incorporation" in out
    assert "own status under the instrument: not stated on this day" in out
    assert "Could not be checked" in out
    commands = [line for line in out.splitlines() if "csto explain" in line]
    command = commands[0].strip()
    assert csto(*commands[1].partition(": ")[2].split()[1:]).code == 0
    proof = csto(*command.split()[1:]).out
    assert "Article 2 of the CSTO Charter" in proof
    assert "Troitskiy et al. 2023, Appendix 2, Article 2" in proof


def test_law_proves_a_supposed_exit(csto: Callable[..., Ran]) -> None:
    asked = ["law", CHARTER, "--state", "Armenia", "--suppose", "notice=2023-09-24"]
    proof = csto(*asked, "--proof").out
    assert "supposed notice on · 2023-09-24  (parameter)" in proof
    assert "2024-03-24" in proof


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["law", "diff", "CST", "2010-01-01"], "Missing argument"),
        (["law", "diff", "CST", "2015-01-01", "2005-01-01"], "give the earlier day first"),
        (["law", "CSTO", "Charter"], "unexpected extra argument(s) (Charter)"),
        (["law", "CST", "--kind", "wish"], 'no kind of norm is called "wish"'),
        (["law", "CST", "--suppose", "notice=2023-09-24"], "needs --state"),
        (["law", "CST", "--state", "Armenia", "--suppose", "exit=2"], "cannot be supposed"),
        (["law", "CST", "--proof"], "No such option: --proof"),
    ],
)
def test_law_says_what_is_wrong(csto: Callable[..., Ran], arguments: list[str], said: str) -> None:
    found = csto(*arguments)
    assert found.code == 2
    assert said in found.err
    assert len(found.err.strip().splitlines()) == 1


# --- in force and bound, of any instrument -----------------------------------------------------


def bound_on(csto: Callable[..., Ran], instrument: str, day: str) -> dict[str, tuple[str, str]]:
    ran = csto("query", "law/bound-on", "-p", f"instrument={instrument}", "--on", day)
    return {row[1]: (row[2], row[4]) for row in ran.rows}


def test_an_instrument_without_provisions_binds_from_its_entry_into_force(
    csto: Callable[..., Ran],
) -> None:
    """The CIS Charter entered into force on 22 January 1994; two members never ratified it."""
    told = bound_on(csto, "CIS Charter", "1995-06-05")
    assert told["Armenia"] == ("as a member", "certain")
    assert {"Russia", "Georgia", "Uzbekistan"} <= set(told)
    assert not {"Ukraine", "Turkmenistan"} & set(told)
    assert not bound_on(csto, "CIS Charter", "1994-01-21")
    eurasec = bound_on(csto, "agreement:eurasec-treaty", "2005-06-01")
    assert eurasec["Belarus"] == ("as a member", "certain")


def test_where_no_source_dates_the_entry_into_force_members_are_possibly_bound(
    csto: Callable[..., Ran],
) -> None:
    told = bound_on(csto, "agreement:north-atlantic-treaty", "2010-06-01")
    assert told
    assert {certainty for _, certainty in told.values()} == {"possible"}


def test_who_is_not_bound_need_ask_nobody(csto: Callable[..., Ran]) -> None:
    asked = ("query", "law/who-must-agree", "-p", "matter=action:host-outside-forces")
    for state, day in (("Georgia", "2015-01-24"), ("Azerbaijan", "2011-09-22")):
        ran = csto(*asked, "-p", f"state={state}", "--on", day)
        assert not ran.rows
        assert "whose instrument does not bind the state that wants it" in ran.err
    assert csto(*asked, "-p", "state=Belarus", "--on", "2015-01-24").rows
    # Whether Uzbekistan is still a member is contested.
    rows = csto(*asked, "-p", "state=Uzbekistan", "--on", "2015-01-24").rows
    assert {row[-1] for row in rows} == {"possible"}


def test_all_can_stop_what_needs_the_consent_of_all(csto: Callable[..., Ran]) -> None:
    """Amendments to the Treaty are adopted by mutual consent (Article 9(2))."""
    asked = ("query", "law/who-must-agree", "-p", "matter=action:amend", "-p", "state=Kyrgyzstan")
    (row,) = csto(*asked, "--on", "1998-10-10").rows
    assert row[0].startswith("Article 9, paragraph 2,")
    assert row[2:4] == ["consent of all", "can stop it"]
    assert row[4].split(", ") == [
        *("Armenia", "Azerbaijan", "Belarus", "Georgia", "Kazakhstan"),
        *("Russia", "Tajikistan", "Uzbekistan"),
    ]


def test_who_refused_to_go_on_is_told(csto: Callable[..., Ran]) -> None:
    ran = csto("law", "--on", "2002-12-25", "--state", "Azerbaijan", "-f", "csv")
    norms = {row[0]: row[2] for row in ran.rows}
    assert "Charter of the United Nations" in norms
    assert set(norms.values()) == {"its provisions are not in the graph"}
    assert "party 20 April 1994 – 20 April 1999" in ran.err
    assert "that did not prolong it" in ran.err
    assert "does not sign the protocol on the prolongation" in ran.err
    assert "signatory" not in ran.err
    assert "no source of the graph says so" not in ran.err


def test_an_instrument_not_in_force_is_said_to_be_none(csto: Callable[..., Ran]) -> None:
    ran = csto("law", "agreement:csto-charter", "--on", "2000-01-01", "-f", "csv")
    told = "in force on 2000-01-01: it was signed later: 7 October 2002"
    assert told in ran.err
    ran = csto("law", "agreement:charter-fourth-protocol", "--on", "2023-12-18", "-f", "csv")
    assert "no source of the graph says when it entered into force" in ran.err


@pytest.mark.sampled
@pytest.mark.parametrize("form", some(["table", "csv", "json", "md"], 1))
@pytest.mark.parametrize(
    ("command", "passage"),
    [
        (("law", "--on", "2005-01-01"), "Institutionalization ¶2"),
        (("law", "CST", "--on", "2005-01-01"), "Appendix 1, Article"),
        (("law", "diff", "CSTO Charter", "2005-01-01", "2015-01-01"), "Article 12 ¶"),
        (("law", "exit", "--state", "Armenia", "--suppose", "notice=2023-09-24"), "Article 19 ¶3"),
        (("grounds", "Kyrgyzstan June 2010"), " ¶"),
    ],
)
def test_law_has_its_passages_in_every_format(
    csto: Callable[..., Ran], command: tuple[str, ...], passage: str, form: str
) -> None:
    ran = csto(*command, "-f", form)
    assert ran.code == 0
    assert passage in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("treaty", "day", "certainty"),
    [
        ("community", "1997-06-10", {"certain"}),
        # The Community was turned into the Union; that its treaty was ended no source says.
        ("community", "1997-06-11", {"possible"}),
        ("community", "2013-10-15", {"possible"}),
        ("union", "2000-01-25", {"certain"}),
        ("union", "2000-01-26", set()),
    ],
)
def test_the_treaty_of_an_organization_that_became_another_is_only_possibly_in_force(
    shipped: Dataset, treaty: str, day: str, certainty: set[str]
) -> None:
    instrument = f"agreement:belarus-russia-{treaty}-treaty"
    found = ask(shipped, "law/bound-on", day, instrument=instrument)
    assert {row[4] for row in found} == certainty


def test_what_ends_an_organization_does_not_end_with_it(shipped: Dataset) -> None:
    """The act by which the Community was ended made the agreement of 2014; it did not end that."""
    text = "SELECT ?day { <%s> csto:ceasesFrom ?day }"
    ended, ending = (
        shipped.things.find(f"agreement:eurasec-{name}").value
        for name in ("treaty", "termination-agreement")
    )
    assert list(run(shipped, text % ended, None))  # type: ignore[arg-type]
    assert not list(run(shipped, text % ending, None))  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "day"), [("Azerbaijan", "2006-09-09"), ("Russia", "1995-05-05")])
def test_what_binds_a_state_has_one_definition(
    csto: Callable[..., Ran], shipped: Dataset, state: str, day: str
) -> None:
    """A list of what binds a state has what law/bound-on says of each instrument, and no more."""
    listed = {
        row[0]: row[3] for row in csto("law", "--on", day, "--state", state, "-f", "csv").rows
    }
    counted: dict[str, list[str]] = {}
    for instrument, label, *_ in ask(shipped, "law/instruments-on", day):
        for row in ask(shipped, "law/bound-on", day, instrument=instrument, state=state):
            way = row[2] + ("" if row[4] == "certain" else f" ({row[4]})")
            counted.setdefault(label, []).append(way)
    assert listed == {label: ", ".join(ways) for label, ways in counted.items()}
    assert listed["Charter of the United Nations"] == "as a member"


def test_a_text_of_political_weight_binds_nobody(csto: Callable[..., Ran]) -> None:
    for name in ("helsinki-final-act", "sco-declaration"):
        assert not bound_on(csto, f"agreement:{name}", "2015-01-01")
        said = csto("law", f"agreement:{name}", "--on", "2015-01-01", "-f", "csv").err
        assert "binds nobody in law" in said


def test_a_law_without_provisions_is_told_as_far_as_it_is_known(csto: Callable[..., Ran]) -> None:
    told = csto("law", "agreement:un-charter", "--on", "2015-01-01", "-f", "table").out
    assert "binds as a member: " in told
    assert "its provisions are not in the graph" in told
    said = csto("law", "--on", "2015-01-01", "-f", "csv").err
    assert "more of which the graph has no provisions are or can be in force" in said
    # That nothing was reworded is no word on whether there are provisions.
    name = "agreement:military-technical-cooperation-agreement"
    said = csto("law", "diff", name, "2006-09-26", "2017-03-08").err
    assert "that none was reworded does not follow" in said
    assert "no provisions" not in said


def test_who_is_bound_is_presumed_bound_by_what_amends_it(shipped: Dataset) -> None:
    """A protocol to the Charter changes what binds its members (Articles 26 and 27)."""
    protocol = "agreement:charter-amendment-protocol-2010"
    found = {
        row[1]: row[2:5:2]
        for row in ask(shipped, "law/bound-on", "2021-04-27", instrument=protocol)
    }
    sure = ("Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan")
    assert found == {
        **dict.fromkeys(sure, ("presumed", "certain")),
        "Uzbekistan": ("presumed", "possible"),
    }
    assert ask(shipped, "law/bound-on", "2011-04-27", instrument=protocol) == []
    # Who did not sign the prolongation is not bound by it.
    prolonged = ask(
        shipped, "law/bound-on", "2005-01-01", instrument="agreement:cst-prolongation-protocol"
    )
    assert "Georgia" not in {row[1] for row in prolonged}


def test_by_consensus_each_whose_vote_counts_can_stop_it(csto: Callable[..., Ran]) -> None:
    """The Council decides by consensus (Article 12): each matter of it needs the others."""
    asked = ("query", "law/who-must-agree", "-p", "matter=action:lay-down-procedure")
    sure = [row for row in csto(*asked, "--on", "2006-12-02").rows if row[5] == "certain"]
    assert [row[0].partition(",")[0] for row in sure] == ["Article 19", "Article 20", "Article 24"]
    assert {tuple(row[1:4]) for row in sure} == {
        ("CSTO Collective Security Council", "consensus", "can stop it")
    }
    assert sure[0][4].split(", ")[-1] == "Uzbekistan"
    # A suspended member has no vote; before the Charter is in force nobody has.
    assert all("Uzbekistan" not in row[4] for row in csto(*asked, "--on", "2015-01-01").rows)
    assert not csto(*asked, "--on", "2002-12-01").rows


def test_a_member_is_not_bound_before_it_ratified(shipped: Dataset) -> None:
    """The CIS Charter was in force from 22 January 1994; Kazakhstan ratified on 20 April 1994."""
    for day, expected in (("1994-04-19", set()), ("1994-04-20", {"certain"})):
        rows = ask(
            shipped, "law/bound-on", day, instrument="agreement:cis-charter", state="Kazakhstan"
        )
        assert {row[4] for row in rows} == expected
    early = ask(
        shipped, "law/bound-on", "1992-12-18", instrument="agreement:cis-creation-agreement"
    )
    assert {"Moldova", "Azerbaijan", "Tajikistan"}.isdisjoint({row[1] for row in early})
    assert "Armenia" in {row[1] for row in early}


def test_who_ratified_and_is_no_full_member_is_bound_as_a_party(csto: Callable[..., Ran]) -> None:
    """Ukraine ratified the agreement that made the CIS, and not its Charter."""
    bound = bound_on(csto, "agreement:cis-creation-agreement", "2014-02-19")
    assert bound["Ukraine"] == ("as a party", "possible")
    assert "Ukraine" not in bound_on(csto, "agreement:cis-charter", "2014-02-19")
    leaving = csto("law", "exit", "--state", "Kazakhstan", "--suppose", "notice=1998-10-08")
    assert "instruments that bind Kazakhstan, or can, have no provisions" in leaving.err
