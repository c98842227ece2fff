"""Damage to labels, terms, what a kind of thing must say, and the text itself."""

from __future__ import annotations

import random
import re

from facts import Damage, Facts, c, concept, english, kind, pick, swap, without
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from csto.vocabulary import BASE, CSTO, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH, SKOS, XSD

DCTERMS = "http://purl.org/dc/terms/"
# A name that nothing describes is told once: by the shape of its property, if it has one.
LOST = (
    *("CS0213", "CS0101", "CS0103", "CS0107", "CS0111", "CS0130", "CS0131", "CS0133", "CS0134"),
    *("CS0140", "CS0141", "CS0142", "CS0333"),
)


# --- labels and texts ------------------------------------------------------------


def _labelled(facts: Facts, rng: random.Random) -> NamedNode:
    return rng.choice(
        facts.of("Act", "Situation", "Claim", "Agent", "Document", "Office", "Conflict", "Support")
    )


@kind("missing label", "CS0232")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = _labelled(facts, rng)
    return facts.damage(node, facts.statements(node, RDFS + "label"))


@kind("label in no language", "CS0222", "CS0232")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = _labelled(facts, rng)
    old = facts.statements(node, RDFS + "label")
    return facts.damage(node, old, [Triple(node, RDFS_LABEL, Literal(old[0].object.value))])


@kind("label in another language only", "CS0232")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = _labelled(facts, rng)
    old = facts.statements(node, RDFS + "label")
    new = Literal(old[0].object.value, language="ru")
    return facts.damage(node, old, [Triple(node, RDFS_LABEL, new)])


@kind("two labels in one language", *[f"CS015{n}" for n in range(9)])
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation", "Claim", "Agent", "Document", "Source", "Place"))
    return facts.damage(node, [], [Triple(node, RDFS_LABEL, english("Another name"))])


# --- terms -----------------------------------------------------------------------


@kind("class typo", "CS0214")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation", "Claim", "Agent"))
    old = next(t for t in facts.by_subject[node] if t.predicate == RDF_TYPE)
    name = old.object.value
    return facts.damage(node, [old], [Triple(node, RDF_TYPE, NamedNode(name[:-2] + name[-1]))])


@kind("property typo", "CS0214")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation", "Claim"))
    old = rng.choice([t for t in facts.by_subject[node] if t.predicate.value.startswith(CSTO)])
    typo = NamedNode(old.predicate.value + "s")
    return facts.damage(node, [old], [Triple(node, typo, old.object)])


@kind("thing without type", "CS0233")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Person", "Place", "Support", "Conflict"))
    return facts.damage(node, [t for t in facts.by_subject[node] if t.predicate == RDF_TYPE])


@kind("derived term asserted", "CS0216")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("State"))
    name = rng.choice(["memberOf", "partyTo", "betweenMembersOf", "dividedLoyaltyIn", "overlapOf"])
    return facts.damage(node, [], [Triple(node, c(name), NamedNode(f"{BASE}id/body/csto"))])


@kind("property on the wrong kind of thing", "CS0221")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Person", "Agreement", "Place"))
    return facts.damage(node, [], [Triple(node, c("voteValue"), concept("vote-value", "yes"))])


@kind("value of the wrong kind", "CS0220")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    cls, name, other = rng.choice(
        [
            ("Crisis", "onTerritoryOf", "Place"),
            ("Act", "instrument", "State"),
            ("Tenure", "office", "Body"),
            ("Session", "sessionOf", "Person"),
            ("Contribution", "toOperation", "Crisis"),
            ("Stationing", "facility", "State"),
        ]
    )
    node = pick(rng, facts.has(name, facts.of(cls)))
    return node and swap(facts, node, name, rng.choice(facts.of(other)))


def _concept_use(facts: Facts, rng: random.Random) -> Triple:
    while True:
        node = rng.choice(facts.of("Act", "Situation", "Figure", "Agent", "Omission"))
        if used := [t for t in facts.by_subject[node] if t.object in facts.scheme]:
            return rng.choice(used)


@kind("concept of the wrong scheme", "CS0220")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    old = _concept_use(facts, rng)
    wrong = concept("answer-kind", "granted")
    if facts.scheme[old.object] == facts.scheme.get(wrong):
        return None
    return facts.damage(old.subject, [old], [Triple(old.subject, old.predicate, wrong)])


@kind("unknown concept", *LOST)
def _(facts: Facts, rng: random.Random) -> Damage | None:
    old = _concept_use(facts, rng)
    typo = NamedNode(old.object.value + "x")
    return facts.damage(old.subject, [old], [Triple(old.subject, old.predicate, typo)])


@kind("deprecated concept", "CS0229")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    old = _concept_use(facts, rng)
    used = old.object
    mark = Triple(used, NamedNode(OWL + "deprecated"), Literal(True))
    users = [t.subject for t in facts.by_object[used]]
    return facts.damage(used, [], [mark], users, facts.home[used])


@kind("dangling thing", *LOST)
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Claim"))
    old = pick(
        rng,
        [
            t
            for t in facts.by_subject[node]
            if isinstance(t.object, NamedNode) and t.object.value.startswith(BASE + "id/")
        ],
    )
    lost = old and Triple(node, old.predicate, NamedNode(old.object.value + "-x"))
    return old and facts.damage(node, [old], [lost])


@kind("blank node", "CS0215")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation"))
    blank = BlankNode()
    return facts.damage(
        node,
        [],
        [
            Triple(node, c("place"), blank),
            Triple(blank, RDF_TYPE, c("Place")),
            Triple(blank, RDFS_LABEL, english("Somewhere")),
        ],
    )


@kind("number as text", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("RollCall"))
    return swap(facts, node, "yesTally", Literal("many"))


@kind("one code for two states", "CS0245")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    one, other = rng.sample(facts.has("isoAlpha3", facts.of("State")), 2)
    return swap(facts, one, "isoAlpha3", facts.get(other, "isoAlpha3")[0])


@kind("malformed country code", "CS0289", "CS0290", "CS0291")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("isoAlpha2", facts.of("State")))
    name, text = rng.choice([("isoAlpha2", "kz"), ("isoAlpha3", "KA"), ("m49Code", "39")])
    return swap(facts, node, name, Literal(text))


@kind("term without definition", "CS0301")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    users = [n for n in facts.scheme if n.value.startswith(BASE + "concept/")]
    node = rng.choice(sorted(users, key=str))
    path = facts.home[node]
    definition = NamedNode(SKOS + "definition")
    old = [t for t in facts.files[path] if t.subject == node and t.predicate == definition]
    return facts.damage(node, old, [], [], path)


# --- what a kind of thing must say -------------------------------------------------

REQUIRED = {
    "tenure without office": ("Tenure", "office"),
    "tenure of nobody": ("Tenure", "officeHolder"),
    "contribution without operation": ("Contribution", "toOperation"),
    "contribution of no state": ("Contribution", "contributor"),
    "side of no crisis": ("CrisisSide", "inCrisis"),
    "figure without measure": ("Figure", "measure"),
    "figure without value": ("Figure", "value"),
    "support of no node": ("Support", "supports"),
    "office of no body": ("Office", "officeOf"),
    "omission of no act": ("Omission", "omittedKind"),
    "position of no kind": ("Position", "positionKind"),
    "stationing of no state": ("Stationing", "stationingState"),
    "assignment to no force": ("Assignment", "toForce"),
    "validity of no document": ("Validity", "instrument"),
    "arrangement of no body": ("Arrangement", "arrangementOf"),
    "source label without wording": ("SourceLabel", "wording"),
    "national body of no state": ("NationalBody", "bodyOf"),
    "request of nobody": ("Request", "agent"),
    "answer of nobody": ("Answer", "agent"),
    "entry into force of nothing": ("EntryIntoForce", "instrument"),
    "norm of no version": ("Norm", "setBy"),
    "provision of no instrument": ("Provision", "provisionOf"),
}


def _register_required() -> None:
    import rdflib

    from csto.load.workspace import find_workspace

    # The code of each is read from the shape that requires it.
    shapes = rdflib.Graph()
    for path in find_workspace(None).shape_files():
        shapes.parse(path)
    sh, identifier = rdflib.Namespace(SH), rdflib.URIRef(DCTERMS + "identifier")
    codes: dict[tuple[str, str], list[str]] = {}
    for target in shapes.subject_objects(sh.targetClass):
        for shape in shapes.objects(target[0], sh.property):
            path = str(shapes.value(shape, sh.path))
            if shapes.value(shape, sh.minCount):
                key = (str(target[1])[len(CSTO) :], path[len(CSTO) :])
                codes.setdefault(key, []).append(str(shapes.value(shape, identifier)))
    for name, (cls, prop) in REQUIRED.items():

        def make(
            facts: Facts, rng: random.Random, cls: str = cls, prop: str = prop
        ) -> Damage | None:
            return without(facts, rng, cls, prop)

        kind(name, *codes[(cls, prop)])(make)


_register_required()


# --- damage to the text ------------------------------------------------------------


def _text(facts: Facts, rng: random.Random, pattern: str, new: str) -> Damage | None:
    path = rng.choice(facts.workspace.graph_files())
    text = path.read_text(encoding="utf-8")
    head = text.rfind("@prefix")
    found = [m for m in re.finditer(pattern, text) if m.start() > head]
    if not found:
        return None
    at = rng.choice(found)
    damaged = text[: at.start()] + at.expand(new) + text[at.end() :]
    return Damage(path, frozenset(), frozenset(), frozenset(), frozenset(), damaged)


@kind("undeclared prefix")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _text(facts, rng, r"(?<=[ ])csto:(?=[a-z])", "cto:")


@kind("missing full stop")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _text(facts, rng, r" \.\n\n(?=[a-z]+:)", "\n\n")


@kind("text that does not end")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _text(facts, rng, r'"@en ;', "@en ;")


@kind("prefix typo", *LOST)
def _(facts: Facts, rng: random.Random) -> Damage | None:
    # A mistyped namespace: all that the prefix named is lost.
    path = rng.choice(facts.workspace.graph_files())
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix (\S+): <(https://w3id.org/csto/id/[a-z-]+)/> \.$", text, re.M)
    few = [
        (p, iri)
        for p, iri in declared
        if 0 < len(re.findall(rf"(?<=[ ]){p}:", text)) <= 4 and not re.search(rf"^{p}:", text, re.M)
    ]
    if not few:
        return None
    prefix, iri = rng.choice(few)
    users = {
        t.subject
        for t in facts.files[path]
        if isinstance(t.object, NamedNode) and t.object.value.startswith(iri + "/")
    }
    names = frozenset(u.value for u in users)
    damaged = text.replace(f"@prefix {prefix}: <{iri}/>", f"@prefix {prefix}: <{iri}s/>")
    return Damage(path, frozenset(), frozenset(), names, names, damaged)


# --- literals as they are written --------------------------------------------------


@kind("number of no digits", "CS0011")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("RollCall"))
    old = facts.statements(node, CSTO + "yesTally")
    if not old:
        return None
    bad = Literal("some", datatype=NamedNode(XSD + "integer"))
    return facts.damage(node, [old[0]], [Triple(node, old[0].predicate, bad)])


@kind("tally below nothing", "CS0144")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("RollCall"))
    old = facts.statements(node, CSTO + "noTally")
    if not old:
        return None
    bad = Literal("-5", datatype=NamedNode(XSD + "integer"))
    return facts.damage(node, [old[0]], [Triple(node, old[0].predicate, bad)])


@kind("date in full-width digits", "CS0011", "CS0120", "CS0122", "CS0100", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act"))
    old = facts.statements(node, CSTO + "date")
    if not old:
        return None
    bad = Literal("２０２３", datatype=old[0].object.datatype)
    return facts.damage(node, [old[0]], [Triple(node, old[0].predicate, bad)])
