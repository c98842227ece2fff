"""The printed Treaty and Charter stand in the graph whole, each part worded in one unit."""

from __future__ import annotations

from csto.answer.query import run
from csto.answer.tables import show
from csto.graph.dataset import Dataset

PREFIXES = """
PREFIX agreement: <https://w3id.org/csto/id/agreement/>
PREFIX csto: <https://w3id.org/csto/ontology#>
PREFIX provisionkind: <https://w3id.org/csto/concept/provision-kind/>
PREFIX wording: <https://w3id.org/csto/concept/wording/>
"""

# Article:paragraphs, as the appendices of Troitskiy et al. 2023 set them off; 0 is an article of
# one paragraph.
PARAGRAPHS = {
    "agreement:cst": "1:3 2:2 3:0 4:3 5:0 6:2 7:0 8:3 9:2 10:0 11:4",
    "agreement:csto-charter": (
        "1:0 2:0 3:0 4:0 5:0 6:0 7:2 8:4 9:0 10:0 11:4 12:5 13:7 14:0 15:0 16:0 16-1:2 17:5 18:5 "
        "18-1:4 19:4 20:4 21:2 22:3 23:0 24:6 25:0 26:2 27:4 28:0 29:0"
    ),
}

# The units that the same text marks as amended in 2010.
MARKED = {
    "agreement:treaty-amendment-protocol-2010": "art2-p2 art3 art4 art5 art6 art11-p3",
    "agreement:charter-amendment-protocol-2010": (
        "art1 art7-p1 art8 art11 art12 art13 chapter-v art24-p1"
    ),
}


def rows(dataset: Dataset, query: str) -> list[list[str]]:
    answer = run(dataset, PREFIXES + query, dataset.cut_off, "test")
    names = [variable.value for variable in answer.variables]  # type: ignore[union-attr]
    return [[show(row[name]) for name in names] for row in answer]  # type: ignore[union-attr]


def test_each_article_and_paragraph_is_there(shipped: Dataset) -> None:
    found: dict[str, set[str]] = {instrument: set() for instrument in PARAGRAPHS}
    for instrument, article, paragraphs, last in rows(
        shipped,
        """
        SELECT ?instrument ?number (COUNT(?paragraph) AS ?paragraphs) (MAX(?place) AS ?last)
        WHERE {
          VALUES ?instrument { agreement:cst agreement:csto-charter }
          ?article csto:provisionOf ?instrument ; csto:number ?number ;
            csto:provisionKind provisionkind:article .
          OPTIONAL { ?paragraph csto:withinProvision ?article ; csto:number ?place }
        }
        GROUP BY ?instrument ?number
        ORDER BY ?instrument ?number
        """,
    ):
        assert paragraphs == (last or "0"), f"paragraphs of {instrument}, article {article}"
        found[instrument].add(f"{article}:{paragraphs}")
    assert found == {instrument: set(text.split()) for instrument, text in PARAGRAPHS.items()}


def test_units_reworded_in_2010_are_those_that_the_text_marks(shipped: Dataset) -> None:
    found: dict[str, set[str]] = {protocol: set() for protocol in MARKED}
    for protocol, unit in rows(
        shipped,
        """
        SELECT ?protocol ?unit
        WHERE {
          VALUES ?protocol {
            agreement:treaty-amendment-protocol-2010
            agreement:charter-amendment-protocol-2010
          }
          ?version csto:wordedBy ?protocol ; csto:versionOf ?unit .
        }
        ORDER BY ?protocol ?unit
        """,
    ):
        found[protocol].add(unit.split("-", 1)[1])
    assert found == {protocol: set(units.split()) for protocol, units in MARKED.items()}


def test_each_part_has_wordings_of_one_unit(shipped: Dataset) -> None:
    units = rows(
        shipped,
        """
        SELECT ?part (COUNT(DISTINCT ?unit) AS ?units)
        WHERE {
          ?part a csto:Provision .
          FILTER NOT EXISTS { ?inner csto:withinProvision ?part }
          OPTIONAL {
            { ?version csto:versionOf ?part . BIND(?part AS ?unit) }
            UNION
            { ?part csto:withinProvision ?unit . ?version csto:versionOf ?unit }
          }
        }
        GROUP BY ?part
        ORDER BY ?part
        """,
    )
    assert len(units) > 100
    assert [part for part, count in units if count != "1"] == []


def test_norms_stand_in_the_unit_whose_wording_sets_them(shipped: Dataset) -> None:
    outside = rows(
        shipped,
        """
        SELECT ?norm
        WHERE {
          ?norm csto:setBy ?version ; csto:standsIn ?part .
          ?version csto:versionOf ?unit .
          FILTER(?part != ?unit)
          FILTER NOT EXISTS { ?part csto:withinProvision ?unit }
        }
        ORDER BY ?norm
        """,
    )
    assert outside == []


def test_each_wording_that_is_told_sets_a_norm_and_no_other_does(shipped: Dataset) -> None:
    wrong = rows(
        shipped,
        """
        SELECT ?version
        WHERE {
          ?version a csto:ProvisionVersion ; csto:wordingStatus ?status .
          BIND(EXISTS { ?norm csto:setBy ?version } AS ?sets)
          FILTER(?sets = (?status = wording:not-given))
        }
        ORDER BY ?version
        """,
    )
    assert wrong == []


def test_each_paragraph_of_the_appendices_is_cited_by_a_provision(shipped: Dataset) -> None:
    left = rows(
        shipped,
        """
        SELECT ?passage
        WHERE {
          ?passage a csto:Passage .
          FILTER(REGEX(STR(?passage), "source/riac#a[12]-(art|chapter)[^n]*$"))
          FILTER NOT EXISTS { ?provision a csto:Provision ; csto:evidence ?passage }
        }
        ORDER BY ?passage
        """,
    )
    assert left == []
