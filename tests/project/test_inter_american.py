"""The Inter-American system: a second alliance in full, in its own base IRI."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import httpx
import pytest

from conftest import ROOT, run_csto
from csto.answer.query import bind, run
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import find_workspace
from csto.serve.site import Site
from csto.serve.worker import answer_job, jobs_over
from csto.sparql.saved import saved_queries
from csto.sparql.text import select
from csto.vocabulary import ASSERTED
from support.engine import Engine
from support.sample import WHOLE, some
from support.server import start, stop

RIO = ROOT / "examples" / "inter-american"
README = (RIO / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ csto (.+)\n([\s\S]*?)```", README)


# What is of the alliance that the package describes.
_OTHERS = re.compile(r"\bCSTO\b|Collective Security Treaty|Kazakhstan|Armenia|w3id\.org/csto/id/")


def rio(*words: str) -> list[list[str]]:
    ran = run_csto("--workspace", str(RIO), *words, "-f", "csv")
    assert ran.code == 0, ran.err
    return ran.rows


def test_it_is_clean_and_in_the_layout() -> None:
    ran = run_csto("--workspace", str(RIO), "validate", "--fail-on", "warning")
    assert ran.code == 0, ran.out
    assert run_csto("--workspace", str(RIO), "fmt", "--check").code == 0


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_the_readme_shows_what_is_printed(command: str, shown: str) -> None:
    words = re.findall(r'(?:[^\s"]|"[^"]*")+', command)
    ran = run_csto(
        *(w.replace('"', "").replace("examples/inter-american", str(RIO)) for w in words)
    )
    assert ran.code == 0, ran.err
    assert ran.out == shown


def test_a_denunciation_takes_two_years() -> None:
    asked = ("law", "exit", "--state", "Mexico", "--suppose", "notice=2002-09-06")
    assert [row[4] for row in rio(*asked) if row[1] == "Art. 25"] == ["2004-09-06"]
    proved = " ".join(run_csto("-w", str(RIO), *asked, "--proof").out.split())
    assert "United States Statutes at Large 62" in proved
    assert "earliest exit" in proved


@pytest.mark.parametrize(
    ("day", "bound", "free"),
    [
        ("1982-04-20", {"Mexico", "Venezuela"}, {"Bahamas"}),
        ("2015-01-01", {"Bahamas"}, {"Mexico", "Bolivia"}),
    ],
)
def test_who_was_bound_on_a_day(day: str, bound: set[str], free: set[str]) -> None:
    names = {row[1] for row in rio("query", "law/bound-on", "-p", "instrument=TIAR", "--on", day)}
    assert bound <= names
    assert not free & names


def test_who_signed_the_founding_charter_and_left_is_bound_no_more() -> None:
    """Nicaragua signed in 1948 and left on 19 November 2023: no presumption goes on."""

    def bound(day: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in rio("query", "law/bound-on", "-p", "instrument=OAS Charter", "--on", day):
            found.setdefault(row[1], set()).add(row[2])
        return found

    assert bound("2023-01-01")["Nicaragua"] == {"as a member"}
    left = bound("2024-06-01")
    assert "Nicaragua" not in left
    assert left["Honduras"] == {"as a member"}
    asked = ("law", "exit", "--state", "Nicaragua", "--suppose", "notice=2024-06-01")
    assert [row for row in rio(*asked) if row[1] == "Art. 143"] == []


# --- the question for which two alliances matter: 1982 ----------------------------


def test_who_stood_between_two_alliances_in_1982() -> None:
    rows = rio("overlap", "OAS", "NATO", "--on", "1982-05-01")
    assert [(row[1], row[4]) for row in rows] == [("United States", "certain")]
    rows = rio("query", "crises/divided-loyalties", "-p", "crisis=crisis:falklands-1982")
    assert rows[0][1:7] == [
        "United States",
        "Argentina",
        "OAS",
        "United Kingdom",
        "NATO",
        "first day",
    ]
    rows = rio("query", "inter-american/in-oas-and-nato", "--on", "1982-05-01")
    assert [row[1] for row in rows] == ["United States"]


def test_article_3_is_a_contested_ground_in_1982() -> None:
    ran = run_csto("-w", str(RIO), "grounds", "crisis:falklands-1982", "-f", "table")
    told = " ".join(ran.out.partition("\n\n")[0].split())
    assert "Given: Inter-American Treaty of Reciprocal Assistance, Art. 6" in told
    contested = told.partition("Contested or arguable:")[2].partition("Missing")[0]
    assert "Art. 3(1)" in contested
    for who in ("United Kingdom", "Ronald Reagan", "Alexander M. Haig"):
        assert who in contested


def test_elements_of_norms_are_those_of_the_text() -> None:
    prefix = "PREFIX n: <https://example.org/inter-american/id/norm/> "

    def of(norm: str, element: str) -> set[str]:
        rows = rio("query", "-e", prefix + f"SELECT ?v {{ n:{norm} csto:{element} ?v }}")
        return {row[0].rsplit("/", 1)[-1] for row in rows}

    # An outside power is no kind of fact that the article names; a threat to peace is.
    assert of("rio-art6-situation", "trigger") == {"to-peace", "armed-conflict"}
    assert of("rio-art6-aggression", "timeLimit") == {"PT0S"}
    assert "use-armed-forces" in of("rio-art8", "action")
    # The text on consultation asks for no consultation before it, nor that a request be written.
    assert not of("rio-art11", "condition") | of("rio-art13", "condition")
    # Who votes is told, not how many votes each has; consent is that of the state itself.
    assert not of("rio-art14", "decisionRule") | of("rio-art20-armed-force", "decisionRule")
    assert of("rio-art18", "normKind") == {"procedure"}
    assert of("rio-art22", "condition") == of("rio-art24", "condition")
    assert of("rio-art22", "condition") == {"ratification-by-two-thirds"}
    assert of("rio-art26", "bearer") == {"not-named"}
    assert of("oas-charter-art9-suspend", "condition") == {"diplomacy-failed"}
    assert of("oas-charter-art9-obligations", "bearer") == {"suspended-member"}
    assert "written-request" in of("oas-charter-art143-withdraw", "condition")


def test_what_aggression_is_gives_no_ground() -> None:
    """Article 9 says what counts as aggression, not what is done about it."""
    asked = "SELECT DISTINCT ?p { ?g csto:groundIn ?n . ?n csto:standsIn ?p }"
    articles = {row[0].rsplit("/", 1)[-1] for row in rio("query", "-e", asked)}
    assert "rio-art3-p1" in articles
    assert "rio-art9" not in articles


GROUND = "ground:rio-art3-p1-help--falklands-1982--argentina"


@pytest.mark.parametrize(
    ("words", "passage"),
    [
        (("overlap", "OAS", "NATO", "--of", "United States"), "atop"),
        (("triple", GROUND, "hasContested", "groundelement:trigger"), "Legal Legacy"),
        (("triple", "state:bolivia", "boundBy", "agreement:rio-treaty"), "FRUS"),
        (("row", "crises/divided-loyalties", "-p", "crisis=crisis:falklands-1982"), "atop"),
    ],
)
def test_each_answer_is_proved_down_to_a_passage(words: tuple[str, ...], passage: str) -> None:
    ran = run_csto("-w", str(RIO), "explain", *words, "--on", "1982-05-01")
    assert ran.code == 0, ran.err
    assert passage.casefold() in ran.out.casefold()


def test_what_only_claims_affirm_is_possible() -> None:
    def standing(body: str, day: str) -> dict[str, str]:
        on = ("-p", f"organization={body}", "--on", day)
        return {row[1]: row[5] for row in rio("query", "memberships/members-on", *on)}

    # Only a data set counts Cuba in again, and Cuba denies it.
    assert standing("OAS", "2010-01-01")["Cuba"] == "possible"
    assert standing("Rio Treaty", "2019-09-20")["Venezuela"] == "possible"
    # One side says that it has left, the other that the denunciation is void.
    assert standing("OAS", "2020-01-01")["Venezuela"] == "possible"
    assert standing("OAS", "2010-01-01")["Venezuela"] == "certain"


def test_a_value_of_its_own_stands_beside_those_of_the_core() -> None:
    rows = rio("query", "law/who-decides", "-p", "matter=call a meeting", "--on", "1982-04-20")
    assert [row[4] for row in rows] == ["absolute majority"]


def test_a_panel_starts_with_the_data_and_has_columns_of_the_central_body() -> None:
    ran = run_csto("-w", str(RIO), "panel", "state-year", "-f", "csv")
    columns = ran.out.partition("\n")[0].split(",")
    assert "oas_years" in columns
    assert not [name for name in columns if name.startswith("csto")]
    assert min(row[4] for row in ran.rows) == "1948"


def test_where_a_crisis_was_is_told_for_the_body_it_is_about() -> None:
    where = {row[1]: (row[3], row[4]) for row in rio("query", "crises/by-territory")}
    assert where["Costa Rica and Nicaragua, January 1955"] == (
        "Costa Rica",
        "on a member's territory",
    )
    # Excluded, Cuba still belonged to it: its territory is not that of an outsider.
    assert where["Missiles in Cuba, October 1962"] == ("Cuba", "on a suspended member's territory")


# --- two commitments that do not go together --------------------------------------

_RIVAL = """
assessment:oas-not-with-nato a csto:Assessment ;
    rdfs:label "Somebody: the OAS does not go with the North Atlantic Treaty"@en ;
    csto:subject body:oas ;
    csto:relation csto:incompatibleWith ;
    csto:object agreement:north-atlantic-treaty ;
    csto:fit fit:part ;
    csto:proposition "The two do not go together."@en ;
    csto:claimant source:atop ;
    csto:statedIn atop:3180-usa ;
    csto:rank rank:normal .
"""


def test_no_rival_commitment_since_nobody_says_so_and_the_ledger_tells_it() -> None:
    assert rio("query", "memberships/rival-commitments") == []
    asked = "SELECT ?n { coverage:claims-on-rival-commitments skos:note ?n }"
    ((note,),) = rio("query", "-e", asked)
    assert "No source seen says" in note


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with a claim that two commitments do not go together."""
    root = Path(shutil.copytree(RIO, tmp_path_factory.mktemp("claimed") / "rio"))
    falklands = (root / "graph" / "crises" / "falklands-1982.ttl").read_text(encoding="utf-8")
    heads = "".join(line for line in falklands.splitlines(True) if line.startswith("@prefix"))
    heads += "@prefix atop: <https://example.org/inter-american/source/atop#> .\n"
    (root / "graph" / "claim.ttl").write_text(heads + _RIVAL, encoding="utf-8")
    return root


def test_a_claim_raises_the_question_of_rival_commitments(claimed: Path) -> None:
    """The ban of Article 8, the membership beside it and the claim: all three are needed."""
    words = ("memberships/rival-commitments", "-p", "state=United States")
    ran = run_csto("-w", str(claimed), "query", *words, "-f", "csv")
    assert ran.code == 0, ran.err
    ((state, body, start, _, certainty, ban, *_),) = ran.rows
    assert (state, body, start, certainty) == ("United States", "OAS", "1949-08-24", "certain")
    assert ban == "Article 8 of the North Atlantic Treaty"
    ran = run_csto("-w", str(claimed), "explain", "row", *words)
    assert "Végh, commentary on Article 8" in " ".join(ran.out.split())


def test_diff_tells_what_the_claim_changes(claimed: Path) -> None:
    ran = run_csto("-w", str(claimed), "diff", str(RIO), "--on", "1982-05-01")
    assert ran.code == 1, ran.err
    told = " ".join(ran.out.split())
    assert "Somebody: the OAS does not go with the North Atlantic Treaty" in told
    assert "rival commitment to" in told
    assert not _OTHERS.search(told)


def test_push_and_a_question_to_that_server(tmp_path: Path) -> None:
    server = Engine()
    try:
        ran = run_csto("-w", str(RIO), "push", server.url, "--on", "1982-05-01")
        assert ran.code == 0, ran.err
        assert [q for q in server.data if "w3id.org/csto/id/" in str(q)] == []
        words = ("memberships/members-on", "-p", "organization=NATO", "--on", "1982-05-01")
        there = rio("query", *words, "--engine", server.url)
        assert [row[1] for row in there] == ["Canada", "United Kingdom", "United States"]
        assert there == rio("query", *words)
    finally:
        server.shutdown()
        server.server_close()


def test_serve_as_a_process() -> None:
    process, address = start("--workers", "1", "--on", "1982-05-01", words=("-w", str(RIO)))
    try:
        with httpx.Client(base_url=address, timeout=60) as client:
            home = client.get("/", headers={"Accept": "text/html"})
            page = client.get("/id/crisis/falklands-1982", headers={"Accept": "text/html"})
            data = client.get("/id/state/mexico", headers={"Accept": "text/turtle"})
            asked = "SELECT ?s { ?s csto:memberOf body:nato } ORDER BY ?s"
            rows = client.get(
                "/sparql",
                params={"query": asked, "on": "1982-05-01"},
                headers={"Accept": "text/csv"},
            )
            saved = client.get("/queries/crises/divided-loyalties", headers={"Accept": "text/csv"})
    finally:
        stop(process)
    for reply in (home, page, data, rows, saved):
        assert reply.status_code == 200, reply.text[:200]
        assert not _OTHERS.search(reply.text)
    assert "Inter-American" in home.text
    assert "Malvinas" in page.text
    assert "<https://example.org/inter-american/id/state/" in data.text
    assert [line.rsplit("/", 1)[1] for line in rows.text.split()[1:]] == [
        "canada",
        "united-kingdom",
        "united-states",
    ]
    assert "falklands-1982" in saved.text


# --- every command, question, form and page ---------------------------------------


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return build(find_workspace(RIO)).hold()


NAMED = {
    "relation": "relation:supports",
    "value": "votevalue:yes",
    "measure": "measure:count",
    "kind": "normkind:right",
    "when": "first day",
    "day": "1982-05-01",
    "thing": "crisis:falklands-1982",
    "topic": "crisis:falklands-1982",
    "claimant": "state:argentina",
    "year": "1982",
}
OF_NOTHING_THERE = (
    "forces/exercise-series",
    "knowledge/claims-in-field",
    "knowledge/claims-in-respect-of",
    "law/fields",
)
QUERIES = {query.name: query for query in saved_queries(find_workspace(RIO))}


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_runs(dataset: Dataset, name: str) -> None:
    query, things = QUERIES[name], dataset.things
    given = {}
    for key, param in query.params.items():
        if param.kind == "day" and param.default is None and not param.optional:
            given[key] = "1975-01-01" if key == "first" else "1982-05-01"
        elif param.default is None and not param.optional:
            known = [NAMED[key]] if key in NAMED else [n.strip('"') for n in things.some(param.of)]
            if not known:
                # It has no exercises, and its claims and norms are of no field.
                assert name in OF_NOTHING_THERE
                return
            given[key] = known[-1] if key in ("other", "second") else known[0]
    ran = run(dataset, bind(query, given, things), "1982-05-01", name)
    for row in ran:  # type: ignore[union-attr]
        assert not [value for value in row if "w3id.org/csto/id/" in str(value)]


def test_candidates_for_a_matter_are_matters() -> None:
    for name in ("law/who-decides", "law/who-must-agree"):
        ran = run_csto("-w", str(RIO), "query", name)
        assert ran.code == 2
        assert "here for example asked:consultations, action:decide, action:" in ran.err


def test_most_questions_have_an_answer_without_a_parameter(dataset: Dataset) -> None:
    asked = [q for q in QUERIES.values() if all(p.optional or p.default for p in q.params.values())]
    answered = [
        q.name
        for q in asked
        if next(iter(run(dataset, bind(q, {}, dataset.things), "1982-05-01", q.name)), None)
    ]
    assert len(asked) >= 60
    assert len(answered) >= 45


COMMANDS: list[tuple[str, ...]] = [
    ("overlap", "OAS", "NATO", "--ever"),
    ("queries",),
    ("show", "state:mexico"),
    ("show", "crisis:falklands-1982"),
    ("conflicts",),
    ("find", "Malvinas"),
    ("list", "requests"),
    ("schema", "memberships"),
    ("compare", "crisis:falklands-1982", "crisis:venezuela-2019"),
    ("grounds", "crisis:costa-rica-1955"),
    ("panel", "state-year", "--from", "1981", "--to", "1983"),
    ("panel", "dyad-year", "--from", "1982", "--to", "1982"),
    ("panel", "state-organization-year", "--from", "1982", "--to", "1982"),
    ("explain", "state:mexico", "memberOf", "body:oas", "--on", "1982-05-01"),
    ("explain", "state:mexico", "memberOf", "body:oas", "--on", "1982-05-01", "-f", "prov"),
    ("explain", "rule", "divided-loyalty", "state:mexico"),
    ("law", "exit", "--state", "Uruguay", "--suppose", "notice=2019-09-24"),
    ("law", "Rio Treaty", "--on", "1982-05-01"),
    ("law", "diff", "Rio Treaty", "1950-01-01", "2000-01-01"),
    ("checks",),
    ("infer", "--on", "1982-05-01"),
    ("infer", "--order"),
    *(
        ("export", "-f", form, "--on", "1982-05-01")
        for form in ("turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld", "graphml")
    ),
    *(("export", "--profile", name) for name in ("org", "schema", "wikidata")),
]


@pytest.mark.sampled
@pytest.mark.parametrize("words", some(COMMANDS, 9), ids=" ".join)
def test_every_command_runs_and_names_no_other_alliance(words: tuple[str, ...]) -> None:
    ran = run_csto("-w", str(RIO), *words)
    assert ran.code == 0, ran.err
    assert ran.out or ran.err
    if words[0] not in ("infer", "checks") and words[:2] != ("export", "-f"):
        assert not _OTHERS.search(ran.out), _OTHERS.search(ran.out)
    assert "w3id.org/csto/id/" not in ran.out


@pytest.mark.sampled
@pytest.mark.skipif(not WHOLE, reason="that of a smaller one is read in test_stranger")
def test_a_release_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "rio.zip"
    assert run_csto("-w", str(RIO), "export", "--zip", str(path)).code == 0
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            text = packed.read(name).decode()
            assert "w3id.org/csto/id/" not in text, name
            if name.endswith((".md", ".csv")):
                assert "Collective Security Treaty" not in text, name
                assert not re.search(r"\bcsto_|\bCSTO\b", text), name


def test_it_has_as_much_as_a_second_alliance_needs(dataset: Dataset) -> None:
    def count(pattern: str) -> int:
        rows = select(dataset.store, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", [ASSERTED])
        return int(next(iter(rows))["n"].value)  # type: ignore[union-attr]

    assert count("?s ?p ?o") >= 2500
    csto = "<https://w3id.org/csto/ontology#{}>".format
    assert count(f"?s a {csto('State')}") >= 25
    assert count(f"?s a {csto('Crisis')}") >= 5
    assert count(f"?s a {csto('Norm')}") >= 20
    assert count(f"?s a {csto('Notice')}") >= 6
    assert count(f"?s a {csto('Coverage')}") >= 10


def test_every_kind_of_page_is_served_in_its_own_base(dataset: Dataset) -> None:
    jobs = jobs_over(Site(dataset, 100_000, "1982-05-01"))

    def text(do: str, **more: str | None) -> str:
        reply = answer_job(jobs, {"do": do, "on": "1982-05-01", **more})
        assert reply.status == 200, f"{do} {more}: {reply.body[:200]!r}"
        return reply.body.decode()

    form = {"at": None, "accept": "text/html", "format": None}
    home = text("home")
    assert "Inter-American" in home
    linked = set(re.findall(r'href="/((?:id|source|concept)[^"?#]*)', home))
    assert any("id/" in path for path in linked)
    for path in sorted({*linked, "id/state", "id/crisis", "id/body/oas"}):
        page = text("page", path=path, **form)
        assert not re.search(r"Collective Security Treaty|Kazakhstan", page), path
    assert "Article 3" in text("page", path="id/provision/rio-art3", **form)
    assert text("saved_list", accept="text/html")
