"""Cases on which proofs, minted names and slices of earlier designs broke."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from conftest import BASE as GRAPH
from conftest import act, check, spell
from csto.answer.explain import Prover
from csto.graph.build import build
from csto.graph.dataset import TIMELESS, Dataset
from csto.load.workspace import Workspace
from csto.sparql.text import select
from csto.vocabulary import ASSERTED, BASE, INFERRED, RDF_TYPE, XSD_DATE, csto

DAY = "2010-01-01"
FACTS = (
    act("in", "2001")
    + act("out", "2005", "Withdrawal")
    + act("back", "2008-03")
    + act("other", "2003-06-01")
    # One state twice in the left body, once in the right one.
    + spell("a", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:out")
    + spell("b", "csto:status status:member ; csto:openedBy act:back")
    + spell("c", "csto:status status:member ; csto:openedBy act:other", "right")
    # Another is suspended by the act that ends its membership, known to a year, for good.
    + act("suspended", "2004", "Suspension")
    + spell(
        "d", "csto:status status:member ; csto:openedBy act:in ; csto:closedBy act:suspended"
    ).replace("state:one", "state:two")
    + spell("e", "csto:status status:suspended ; csto:openedBy act:suspended", state="two")
    + spell("f", "csto:status status:member ; csto:openedBy act:other", "right", "two")
    + 'crisis:x a csto:Crisis ; rdfs:label "x"@en ; csto:evidence src:p1 ;'
    ' csto:start "2010-01-01"^^edtf:EDTF ; csto:lastDay "2010-01-01"^^edtf:EDTF .'
    'act:s1 a csto:CrisisSide ; rdfs:label "s1"@en ; csto:inCrisis crisis:x ;'
    " csto:participant state:one ; csto:opposes act:s2 ; csto:evidence src:p1 ."
    'act:s2 a csto:CrisisSide ; rdfs:label "s2"@en ; csto:inCrisis crisis:x ;'
    " csto:participant state:two ; csto:evidence src:p2 ."
    "body:deep a csto:Organ ; csto:parentBody body:inner ; csto:evidence src:p1 ."
    "body:inner a csto:Organ ; csto:parentBody body:left ; csto:evidence src:p2 ."
)


def node(name: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{name}")


def made(workspace: Workspace, folder: pytest.TempPathFactory, facts: str) -> Dataset:
    path = folder.mktemp("cases") / "graph.ttl"
    path.write_text(GRAPH + facts, encoding="utf-8")
    return build(workspace, [path])


@pytest.fixture(scope="module")
def dataset(shipped_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return made(shipped_workspace, tmp_path_factory, FACTS)


@pytest.fixture(scope="module")
def prover(dataset: Dataset) -> Prover:
    return Prover(dataset, DAY)


def overlaps(dataset: Dataset) -> dict[str, str]:
    """Names of overlaps, with how certain they are."""
    query = "SELECT ?o ?c WHERE { ?o csto:overlapCertainty ?c } ORDER BY ?o"
    dataset.make_asked()
    rows = select(dataset.store, query, TIMELESS, {"csto": csto("").value})
    return {
        row["o"].value.rpartition("/overlap/")[2]: row["c"].value.rpartition("/")[2]  # type: ignore[union-attr]
        for row in rows
    }


def holding(dataset: Dataset, graphs: list[NamedNode]) -> set[str]:
    """Memberships that some graphs have holding on their day."""
    rows = select(
        dataset.store,
        "SELECT ?s WHERE { ?s csto:holdsOn ?d FILTER(CONTAINS(STR(?s), '/membership/')) }",
        graphs,
        {"csto": csto("").value},
    )
    return {row["s"].value.rpartition("/")[2] for row in rows}  # type: ignore[union-attr]


def test_a_minted_name_joins_two_spells_and_no_more(dataset: Dataset) -> None:
    """Two spells of one state in one body make two overlaps; each has one name, in order."""
    names = overlaps(dataset)
    assert "membership/a--membership/c" in names
    assert "membership/b--membership/c" in names
    assert not [name for name in names if "c--membership/a" in name]
    # Same body, same state: never an overlap.
    assert not [name for name in names if {"a", "b"} <= set(name.replace("membership/", ""))]


def test_names_do_not_depend_on_the_order_of_facts(
    shipped_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, dataset: Dataset
) -> None:
    turned = "\n".join(reversed(FACTS.replace(" .act", " .\nact").splitlines()))
    other = made(shipped_workspace, tmp_path_factory, turned)
    for one in (dataset, other):
        one.make_asked()
    everything = [
        {str(quad.triple) for quad in one.store.quads_for_pattern(None, None, None, INFERRED)}
        for one in (dataset, other)
    ]
    assert everything[0] == everything[1]


def test_what_a_rule_mints_is_proved(prover: Prover) -> None:
    """The name of an overlap says nothing: the way back leads over what was made with it."""
    overlap = node("overlap/membership/a--membership/c")
    for triple in (
        Triple(overlap, RDF_TYPE, csto("Overlap")),
        Triple(overlap, csto("overlapOf"), node("membership/c")),
        Triple(overlap, csto("overlapHolder"), node("state/one")),
    ):
        proof = prover.prove(triple)
        assert proof.rule == "overlap"
        assert check(proof, {})
        asserted = {leaf.triple.subject for leaf in proof.leaves() if leaf.kind == "asserted"}  # type: ignore[union-attr]
        assert {node("membership/a"), node("membership/c")} <= asserted


def test_a_suspension_left_open_makes_no_overlap(dataset: Dataset) -> None:
    names = overlaps(dataset)
    assert not [name for name in names if name.startswith("membership/e")]
    assert not [name for name in names if name.endswith("/e")]
    # A member of the left body until some day of 2004, of the right one from June 2003.
    assert names["membership/d--membership/f"] == "certain"


def test_situations_that_share_an_act_never_meet(dataset: Dataset) -> None:
    """On each day of 2004 one is possible, the other is possible, and both never are."""
    assert "membership/d--membership/e" not in overlaps(dataset)
    certain, possible = dataset.cut("2004-07-01")
    day = select(
        dataset.store,
        "SELECT ?s ?d WHERE { ?s csto:holdsOn ?d }",
        [possible],
        {"csto": csto("").value},
    )
    held = {row["s"] for row in day}
    assert {node("membership/d"), node("membership/e")} <= held
    sure = select(
        dataset.store,
        "SELECT ?s ?d WHERE { ?s csto:holdsOn ?d }",
        [certain],
        {"csto": csto("").value},
    )
    assert not {node("membership/d"), node("membership/e")} & {row["s"] for row in sure}


def test_a_symmetric_property_does_not_prove_itself(prover: Prover) -> None:
    back = prover.prove(Triple(node("act/s2"), csto("opposes"), node("act/s1")))
    assert (back.rule, [p.kind for p in back.premises]) == ("prp-symp", ["asserted"])
    there = prover.prove(Triple(node("act/s1"), csto("opposes"), node("act/s2")))
    assert there.kind == "asserted"


@pytest.mark.parametrize("every", [False, True])
def test_inverses_chains_and_transitive_properties_end(dataset: Dataset, every: bool) -> None:
    """Each pair of inverses could prove the other for ever; rounds forbid it, with --all too."""
    prover = Prover(dataset, DAY, every=every)
    state, body = node("state/one"), node("body/left")
    for triple in (
        Triple(state, csto("memberOf"), body),
        Triple(body, csto("hasMember"), state),
        Triple(state, csto("affiliatedWith"), body),
        Triple(node("body/deep"), csto("within"), body),
    ):
        proof = prover.prove(triple)
        assert check(proof, {})
        above = {
            way.triple for way in proof.nodes() if way is not proof and way not in proof.others
        }
        assert triple not in above


def test_an_event_of_one_day(dataset: Dataset) -> None:
    held = Triple(node("crisis/x"), csto("holdsOn"), next(iter(_day(dataset, DAY))))
    proof = Prover(dataset, DAY).prove(held)
    assert check(proof, {})
    ends = Literal("2010-01-02", datatype=XSD_DATE)
    ended = Prover(dataset, DAY).prove(Triple(node("crisis/x"), csto("endEarliest"), ends))
    assert "end-limits-of-last-day" in {way.rule for way in ended.nodes()}
    for day in ("2009-12-31", "2010-01-02"):
        prover = Prover(dataset, day)
        other = Triple(node("crisis/x"), csto("holdsOn"), next(iter(_day(dataset, day))))
        assert not prover.holds(other)
        assert not prover.holds(other, possibly=True)


def _day(dataset: Dataset, day: str) -> list[object]:
    certain, _ = dataset.cut(day)
    return [q.object for q in dataset.store.quads_for_pattern(certain, csto("day"), None, certain)]


def test_two_cached_slices_are_never_merged(dataset: Dataset) -> None:
    """In a union of slices the first would be a member for good, the second suspended and not."""
    for day, expected in (("2002-01-01", {"a", "d"}), ("2009-01-01", {"b", "c", "e", "f"})):
        default, named = dataset.view(day)
        assert holding(dataset, default) == expected
        assert all(day in graph.value for graph in (default[-1], *named))
    assert not [g for g in TIMELESS if "/slice/" in g.value]


def test_a_rule_sees_the_classes_above(dataset: Dataset) -> None:
    """Acts are asserted as what they are, rules speak of acts; nothing starves."""
    types = "SELECT ?a WHERE { ?a a csto:Admission }"
    admitted = {
        row["a"] for row in select(dataset.store, types, [ASSERTED], {"csto": csto("").value})
    }
    everything = "SELECT ?a WHERE { ?a a csto:Act ; csto:earliest ?day }"
    dated = {
        row["a"] for row in select(dataset.store, everything, TIMELESS, {"csto": csto("").value})
    }
    assert len(admitted) == 3
    assert admitted <= dated


def test_a_sourced_non_event_makes_nothing_happen(graph: Callable[[str], Dataset]) -> None:
    """An omission of a signature is no signature, however a rule reads it."""
    made = graph(
        'act:o a csto:Omission ; rdfs:label "o"@en ; csto:agent state:one ;'
        " csto:omittedKind <https://w3id.org/csto/concept/act-kind/signature> ;"
        " csto:instrument agreement:z ; csto:evidence src:p1 ."
        'agreement:z a csto:Agreement ; rdfs:label "z"@en ; csto:evidence src:p1 .'
    )
    prover = Prover(made, DAY)
    assert not prover.holds(Triple(node("act/o"), RDF_TYPE, csto("Act")))
    for prop in ("memberOf", "signatoryOf", "partyTo", "affiliatedWith"):
        triple = Triple(node("state/one"), csto(prop), node("agreement/z"))
        assert not prover.holds(triple, possibly=True)
