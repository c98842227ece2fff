"""Workspaces that extend workspaces: what is lent, what gives way, how far each reaches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Ran, run_csto
from csto.errors import InputError
from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.workspace import find_workspace
from support.layers import HEAD

RIO = ROOT / "examples" / "inter-american"
MANIFEST = """
<https://example.org/{name}/> a csto:Workspace ; rdfs:label "{name}"@en ;
    dcterms:title "{name}"@en ; void:uriSpace "https://example.org/{name}/id/" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    vann:preferredNamespacePrefix "{name}" ; csto:cutOff "{cut_off}"^^xsd:date .
"""
FACTS = """
@prefix : <https://example.org/{name}/id/> .
<https://example.org/{name}/source/s> a csto:Source ; rdfs:label "Source of {name}"@en ;
    csto:sourceKind sourcekind:article ; dcterms:identifier "https://example.org/{name}" .
<https://example.org/{name}/source/s#p1> a csto:Passage ; rdfs:label "Source of {name}, p. 1"@en ;
    dcterms:isPartOf <https://example.org/{name}/source/s> .
<https://example.org/{name}/id/body/pact> a csto:InternationalOrganization ;
    rdfs:label "{body}"@en ; csto:evidence <https://example.org/{name}/source/s#p1> .
<https://example.org/{name}/id/act/joins> a csto:Admission ; rdfs:label "Joins"@en ;
    csto:agent <{state}> ; csto:date "2000-01-01"^^edtf:EDTF ;
    csto:evidence <https://example.org/{name}/source/s#p1> .
<https://example.org/{name}/id/membership/one> a csto:Membership ; rdfs:label "One in {body}"@en ;
    csto:member <{state}> ; csto:organization <https://example.org/{name}/id/body/pact> ;
    csto:status status:member ; csto:openedBy <https://example.org/{name}/id/act/joins> ;
    csto:evidence <https://example.org/{name}/source/s#p1> .
"""
STATE = """
<https://example.org/{name}/id/state/one> a csto:State ; rdfs:label "One"@en ;
    csto:evidence <https://example.org/{name}/source/s#p1> .
"""


def layer(folder: Path, name: str, body: str, cut_off: str, state: str, more: str = "") -> None:
    """A workspace with one organization, of which one state is a member from 2000."""
    (folder / name / "graph").mkdir(parents=True)
    told = {"name": name, "body": body, "cut_off": cut_off, "state": state}
    manifest = HEAD + MANIFEST.format(**told) + more
    (folder / name / "workspace.ttl").write_text(manifest)
    own = STATE.format(**told) if f"/{name}/" in state else ""
    (folder / name / "graph" / "facts.ttl").write_text(HEAD + FACTS.format(**told) + own)


def extends(own: str, *names: str) -> str:
    """Statements of a manifest that extends workspaces beside it."""
    return "".join(
        f"<https://example.org/{own}/> csto:extends <https://example.org/{name}/> .\n"
        f'<https://example.org/{name}/> csto:folder "../{name}" .\n'
        for name in names
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two workspaces that each describe one state, and one that is asked with both."""
    made = tmp_path_factory.mktemp("layers")
    east, west = (f"https://example.org/{name}/id/state/one" for name in ("east", "west"))
    layer(made, "east", "Eastern Pact", "2005-12-31", east)
    layer(made, "west", "Western Pact", "2020-12-31", west)
    same = f"<{east}> csto:replaces <{west}> .\n"
    layer(made, "both", "Third", "2010-12-31", east, extends("both", "east", "west") + same)
    return made


@pytest.fixture(scope="module")
def ask(folder: Path) -> Callable[..., Ran]:
    def asked(*words: str) -> Ran:
        ran = run_csto("--workspace", str(folder / "both"), *words)
        assert ran.code == 0, ran.err
        return ran

    return asked


def test_two_alliances_are_asked_together(ask: Callable[..., Ran]) -> None:
    """The state has two IRIs; what is said with either is said of one."""
    rows = ask("overlap", "Eastern Pact", "Western Pact", "--on", "2004-01-01", "-f", "csv").rows
    assert [(row[0], row[4]) for row in rows] == [
        ("https://example.org/east/id/state/one", "certain")
    ]


def test_each_layer_reaches_to_its_own_cut_off(ask: Callable[..., Ran]) -> None:
    """The membership in the east is certain to 2005, whatever the others reach to."""

    def certainty(body: str, day: str) -> list[str]:
        query = ("query", "memberships/members-on", "-p", f"organization={body}", "--on", day)
        ran = ask(*query, "-f", "csv")
        head = ran.out.splitlines()[0].split(",")
        return [row[head.index("certainty")] for row in ran.rows]

    assert certainty("Eastern Pact", "2005-12-31") == ["certain"]
    assert certainty("Eastern Pact", "2006-01-01") == ["possible"]
    # A cut-off that is later than that of the workspace that is open makes nothing less certain.
    assert certainty("Western Pact", "2015-01-01") == ["certain"]
    assert certainty("Third", "2010-12-31") == ["certain"]
    assert certainty("Third", "2011-01-01") == ["possible"]
    rows = ask("overlap", "Eastern Pact", "Western Pact", "--on", "2006-01-01", "-f", "csv").rows
    assert [row[4] for row in rows] == ["possible"]


def test_one_name_in_two_layers_is_two_things(folder: Path, ask: Callable[..., Ran]) -> None:
    """Each layer has membership/one; what joins two of them is made from both names."""
    dataset = build(find_workspace(folder / "both"))
    text = "SELECT ?o { ?o a csto:Overlap } ORDER BY ?o"
    made = [row[0] for row in ask("query", "-e", text, "-f", "csv").rows]
    base = "https://example.org/both/id/overlap/"
    assert made == [
        f"{base}east.membership/one--west.membership/one",
        f"{base}membership/one--east.membership/one",
        f"{base}membership/one--west.membership/one",
    ]
    assert (
        dataset.things.find("membership:one").value == "https://example.org/both/id/membership/one"
    )
    from csto.publish.network import network

    names = [node.name for node in network(dataset, "2004-01-01").nodes]
    assert len(set(names)) == len(names)
    assert {f"https://example.org/{n}/id/membership/one" for n in ("east", "west", "both")} <= set(
        names
    )


def test_a_name_of_two_lent_things_is_asked_for(folder: Path) -> None:
    (folder / "none" / "graph").mkdir(parents=True)
    told = {"name": "none", "cut_off": "2010-12-31"}
    manifest = HEAD + MANIFEST.format(**told) + extends("none", "east", "west")
    (folder / "none" / "workspace.ttl").write_text(manifest)
    ran = run_csto("--workspace", str(folder / "none"), "show", "membership:one")
    assert ran.code == 2
    for name in ("east", "west"):
        assert f"https://example.org/{name}/id/membership/one" in ran.err


def test_a_proof_tells_the_layer(ask: Callable[..., Ran]) -> None:
    told = ask("explain", "One", "memberOf", "Western Pact", "--on", "2004-01-01", "-f", "tree").out
    told = " ".join(told.split())
    assert (
        "One in Western Pact · organization · Western Pact [Source of west, p. 1] from west" in told
    )
    # The description that gave way is not told of.
    assert "from west and east" not in told


def test_it_is_valid_and_formatted(folder: Path) -> None:
    ran = run_csto("--workspace", str(folder / "both"), "validate")
    assert ran.code == 0, ran.out
    assert "workspace.ttl names no csto:central" in ran.err


def test_pages_of_lent_things(folder: Path) -> None:
    workspace = find_workspace(folder / "both")
    for iri, path in (
        ("https://example.org/both/id/body/pact", "id/body/pact"),
        ("https://example.org/west/id/body/pact", "of/west/id/body/pact"),
        ("https://example.org/west/source/s#p1", "of/west/source/s#p1"),
        ("https://w3id.org/csto/ontology#State", "ontology#State"),
    ):
        assert workspace.path_of(iri) == path
        assert iri in list(workspace.iris_of(path))
    assert workspace.path_of("https://elsewhere.org/x") is None


def test_the_cache_gives_the_same(folder: Path) -> None:
    def said(dataset: Dataset) -> set[str]:
        # Nodes without a name have another one in each store.
        return {text for quad in dataset.store if "_:" not in (text := str(quad))}

    workspace = find_workspace(folder / "both")
    assert said(build(workspace, cached=False)) == said(build(workspace))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('void:uriSpace "https://example.org/a#"', 'does not end in "/"'),
        ('void:uriSpace "data/"', 'does not end in "/"'),
        ('dcterms:title "A"', "no base of things; write void:uriSpace"),
        (
            'void:uriSpace "https://example.org/a/" ; csto:parameterDefault "x"',
            'write "parameter=value"',
        ),
        (
            'void:uriSpace "https://example.org/a/" ; csto:extends <https://example.org/no/>',
            "is extended, and the workspace in",
        ),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "a.ttl").write_text(HEAD)
    (tmp_path / "workspace.ttl").write_text(
        HEAD + f"<https://example.org/a> a csto:Workspace ; {text} ."
    )
    ran = run_csto("--workspace", str(tmp_path), "conflicts")
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_workspaces_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    one = "https://example.org/{}/id/state/one"
    layer(tmp_path, "a", "A", "2005-12-31", one.format("a"), extends("a", "b"))
    layer(tmp_path, "b", "B", "2005-12-31", one.format("b"), extends("b", "a"))
    with pytest.raises(InputError, match="extends this workspace"):
        find_workspace(tmp_path / "a")


def test_a_file_takes_the_place_of_a_lent_one_only_if_it_says_so(folder: Path) -> None:
    name = "memberships/members-on"
    path = folder / "east" / "queries" / f"{name}.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "#+ summary: One state\nSELECT ?state { ?state a csto:State } ORDER BY ?state\n"
    call = ("--workspace", str(folder / "east"), "query", name, "-f", "csv")
    try:
        path.write_text(text)
        ran = run_csto(*call)
        assert ran.code == 2
        assert f"#+ replaces: {name}" in ran.err
        path.write_text(f"#+ replaces: {name}\n" + text)
        assert run_csto(*call).out.splitlines() == [
            "state",
            "https://example.org/east/id/state/one",
        ]
        # All other questions are there as before.
        assert len(find_workspace(folder / "east").queries()) > 50
    finally:
        path.unlink()


def test_the_example_extends_both_alliances() -> None:
    workspace = find_workspace(ROOT / "examples" / "two-alliances")
    assert [layer.root.name for layer in workspace.lent] == [ROOT.name, "inter-american"]
    assert len(workspace.manifest.replaced) == 5
    assert workspace.bases.split()[1:] == [
        "csto=https://w3id.org/csto/id/",
        "interamerican=https://example.org/inter-american/id/",
    ]
    # What is of the CSTO comes with it, and the core once.
    assert ROOT / "pack" / "ontology" in workspace.ontologies
    assert len(workspace.ontologies) == len({path.resolve() for path in workspace.ontologies})
    assert not [p for p in find_workspace(RIO).ontologies if "pack" in p.parts]
