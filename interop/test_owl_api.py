"""The OWL API on the ontology: its profiles, and HermiT on its consistency, also with a slice.

The Java archives come with owlready2 from PyPI and are driven through JPype; ``make interop``
installs both and a Java runtime. HermiT covers all of OWL 2 DL, so it finds contradictions
that no OWL 2 RL rule does.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, serialize

from csto.graph.build import build
from csto.graph.dataset import Dataset
from csto.load.files import load_workspace
from csto.load.workspace import Workspace, find_workspace
from csto.proof.prover import Prover
from csto.vocabulary import ASSERTED, BASE, INFERRED, ONTOLOGY, OWL, RDF_TYPE, csto

DAYS = ("2005-06-01", "2012-09-01", "2022-01-10")
HEAD = NamedNode("https://w3id.org/csto/ontology")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return find_workspace(Path(__file__).resolve().parent.parent)


@pytest.fixture(scope="module")
def dataset(workspace: Workspace) -> Dataset:
    return build(workspace)


@pytest.fixture(scope="module")
def java() -> Any:
    """The packages of the OWL API and of HermiT."""
    import jpype
    import owlready2

    archive = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    jpype.startJVM(classpath=[str(archive)])
    return jpype.JPackage("org").semanticweb


def modules(store: Store) -> list[Triple]:
    """The modules of the ontology as one, under the head of the first."""
    heads = {
        quad.subject
        for quad in store.quads_for_pattern(None, RDF_TYPE, NamedNode(OWL + "Ontology"), ONTOLOGY)
    }
    return [
        quad.triple
        for quad in store.quads_for_pattern(None, None, None, ONTOLOGY)
        if quad.subject not in heads - {HEAD} and quad.predicate.value != OWL + "imports"
    ]


def load(java: Any, triples: Iterable[Triple], path: Path) -> Any:
    import jpype

    path.write_bytes(serialize(list(triples), format=RdfFormat.RDF_XML) or b"")
    manager = java.owlapi.apibinding.OWLManager.createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(path)))


def facts(dataset: Dataset, day: str) -> list[Triple]:
    """What is certain on a day, and what the axioms read of the things it is about."""
    certain, _ = dataset.cut(day)
    direct = [
        quad.triple
        for quad in dataset.store.quads_for_pattern(None, None, None, certain)
        if not isinstance(quad.object, Literal)
    ]
    things = {term for triple in direct for term in (triple.subject, triple.object)}
    read = {pattern[1] for rule in dataset.axioms for pattern in rule.body.patterns}
    timeless = [
        quad.triple
        for graph in (ASSERTED, INFERRED)
        for thing in things
        for quad in dataset.store.quads_for_pattern(thing, None, None, graph)
        if str(quad.predicate) in read and not isinstance(quad.object, Literal)
    ]
    return [*direct, *timeless]


@pytest.mark.parametrize("profile", ["OWL2DLProfile", "OWL2RLProfile"])
def test_the_ontology_is_in_the_profile(
    java: Any, workspace: Workspace, tmp_path: Path, profile: str
) -> None:
    ontology = load(java, modules(load_workspace(workspace, [])), tmp_path / "ontology.rdf")
    assert ontology.getLogicalAxiomCount() > 500
    report = getattr(java.owlapi.profiles, profile)().checkOntology(ontology)
    assert [str(violation) for violation in report.getViolations()] == []


def test_a_profile_can_be_left(java: Any, workspace: Workspace, tmp_path: Path) -> None:
    triples = modules(load_workspace(workspace, []))
    transitive = NamedNode(OWL + "TransitiveProperty")
    triples.append(Triple(csto("opposes"), RDF_TYPE, transitive))
    ontology = load(java, triples, tmp_path / "ontology.rdf")
    report = java.owlapi.profiles.OWL2DLProfile().checkOntology(ontology)
    assert any("opposes" in str(violation) for violation in report.getViolations())


def test_no_class_is_empty(java: Any, workspace: Workspace, tmp_path: Path) -> None:
    ontology = load(java, modules(load_workspace(workspace, [])), tmp_path / "ontology.rdf")
    reasoner = java.HermiT.Reasoner(ontology)
    assert reasoner.isConsistent()
    empty = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
    assert [str(cls) for cls in empty] == []


@pytest.mark.parametrize("day", DAYS)
def test_a_slice_is_consistent(java: Any, dataset: Dataset, tmp_path: Path, day: str) -> None:
    triples = facts(dataset, day)
    assert len(triples) > 200
    ontology = load(java, [*modules(dataset.store), *triples], tmp_path / "slice.rdf")
    assert java.HermiT.Reasoner(ontology).isConsistent()


def test_a_contradiction_is_found(java: Any, dataset: Dataset, tmp_path: Path) -> None:
    """Member and observer of one body at once."""
    state, body = NamedNode(BASE + "id/state/kazakhstan"), NamedNode(BASE + "id/body/csto")
    triples = [*facts(dataset, DAYS[-1]), Triple(state, csto("observerIn"), body)]
    ontology = load(java, [*modules(dataset.store), *triples], tmp_path / "slice.rdf")
    assert not java.HermiT.Reasoner(ontology).isConsistent()


def test_hermit_agrees_with_our_closure(java: Any, dataset: Dataset, tmp_path: Path) -> None:
    """Every relation that the axioms add to a slice follows for HermiT too."""
    day = DAYS[-1]
    prover = Prover(dataset, day)
    made = [
        triple
        for triple, rule in prover.made[prover.certain].items()
        if rule.axiom
        and triple not in prover.timeless.made
        and not isinstance(triple.object, Literal)
    ]
    given = [triple for triple in facts(dataset, day) if triple not in set(made)]
    ontology = load(java, [*modules(dataset.store), *given], tmp_path / "slice.rdf")
    reasoner = java.HermiT.Reasoner(ontology)
    factory = ontology.getOWLOntologyManager().getOWLDataFactory()
    iri = java.owlapi.model.IRI.create
    missing = []
    for subject, predicate, thing in made:
        one = factory.getOWLNamedIndividual(iri(subject.value))
        if predicate == RDF_TYPE:
            axiom = factory.getOWLClassAssertionAxiom(factory.getOWLClass(iri(thing.value)), one)
        else:
            axiom = factory.getOWLObjectPropertyAssertionAxiom(
                factory.getOWLObjectProperty(iri(predicate.value)),
                one,
                factory.getOWLNamedIndividual(iri(thing.value)),
            )
        if not reasoner.isEntailed(axiom):
            missing.append(f"{subject} {predicate} {thing}")
    assert len(made) > 50
    assert missing == []
