"""Damage to claims, sources and supports, and to the form in which things are written."""

from __future__ import annotations

import random
import re

from facts import Damage, Facts, c, concept, edtf, english, kind, pick, thing
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from csto.names import BASE, CSTO, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH, SKOS

DCTERMS = "http://purl.org/dc/terms/"
PREFERRED, NORMAL, DEPRECATED = (concept("rank", r) for r in ("preferred", "normal", "deprecated"))
# Of these a node may not bear a value that claims dispute.
DISPUTABLE = {
    c(name)
    for name in (
        "date",
        "effectiveDate",
        "start",
        "end",
        "lastDay",
        "openedBy",
        "closedBy",
        "place",
    )
}


def _without(facts: Facts, rng: random.Random, cls: str, *names: str) -> Damage | None:
    node = pick(rng, [n for n in facts.of(cls) if facts.statements(n, *names)])
    return node and facts.damage(node, facts.statements(node, *names))


def _swap(facts: Facts, node: NamedNode, name: str, *new: object) -> Damage:
    return facts.damage(
        node,
        facts.statements(node, name),
        [Triple(node, c(name), value) for value in new],  # type: ignore[arg-type]
    )


# --- evidence ------------------------------------------------------------------


@kind("act without evidence", "CS0101")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Act", "evidence")


@kind("omission without evidence", "CS0102")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Omission", "evidence")


@kind("situation without evidence", "CS0103")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Situation", "evidence")


@kind("unknown passage", "CS0101", "CS0103", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation"))
    return _swap(facts, node, "evidence", NamedNode(f"{BASE}source/riac#s9.9-p{rng.randrange(99)}"))


@kind("source where a passage is due", "CS0101", "CS0103", "CS0220")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation"))
    return _swap(facts, node, "evidence", NamedNode(f"{BASE}source/riac"))


@kind("text where a thing is due", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _swap(facts, rng.choice(facts.of("Act", "Situation")), "evidence", Literal("riac"))


@kind("claim without passage", "CS0104")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Claim", "statedIn")


@kind("claim without claimant", "CS0105")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Claim", "claimant")


@kind("claim about nothing", "CS0106")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Claim", "about")


@kind("claim without rank", "CS0107")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Claim", "rank")


@kind("claim of two ranks", "CS0223")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice([n for n in facts.of("Claim") if NORMAL in facts.get(n, "rank")])
    return facts.damage(node, [], [Triple(node, c("rank"), DEPRECATED)])


@kind("claim that says nothing", "CS0235")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Assessment", "proposition", "wording", "value", "valueThing")


@kind("claim on a property without value", "CS0236")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(
        rng,
        [
            n
            for n in facts.has("property", facts.of("Claim"))
            if facts.get(n, "value", "valueThing") and not facts.get(n, "wording")
        ],
    )
    return node and facts.damage(node, facts.statements(node, "value", "valueThing"))


@kind("claimed value of the wrong kind", "CS0237")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(
        rng,
        [
            n
            for n in facts.of("Claim")
            if set(facts.get(n, "property")) & {c("date"), c("start"), c("end")}
        ],
    )
    return node and _swap(facts, node, "value", Literal("about 2012"))


@kind("claim on a property its subject cannot have", "CS0238")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, list(facts.has("property", facts.of("Claim"))))
    return node and _swap(facts, node, "property", c("voteValue"))


@kind("support without evidence", "CS0108")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Support", "evidence")


@kind("support of no property", "CS0109")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Support", "property")


@kind("support of a property its node lacks", "CS0230")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _swap(facts, rng.choice(facts.of("Support")), "property", c("termOfOffice"))


@kind("support of a value its node lacks", "CS0231")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    claimed = {
        (s, p)
        for n in facts.of("Claim")
        for s in facts.get(n, "about")
        for p in facts.get(n, "property")
    }
    node = pick(
        rng,
        [
            n
            for n in facts.has("valueThing", facts.of("Support"))
            if not {(s, p) for s in facts.get(n, "supports") for p in facts.get(n, "property")}
            & claimed
        ],
    )
    return node and _swap(facts, node, "valueThing", NamedNode(f"{BASE}id/state/armenia"))


@kind("conflict with one side", "CS0247")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("rivalClaim", facts.of("Conflict")))
    return facts.damage(node, facts.statements(node, "rivalClaim")[1:])


@kind("passage of no source", "CS0110")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Passage", DCTERMS + "isPartOf")


@kind("passage of another source", "CS0234")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Passage"))
    old = facts.statements(node, DCTERMS + "isPartOf")
    other = rng.choice([s for s in facts.of("Source") if s != old[0].object])
    return facts.damage(node, old, [Triple(node, NamedNode(DCTERMS + "isPartOf"), other)])


@kind("source without kind", "CS0111")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Source", "sourceKind")


@kind("source without address", "CS0248")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _without(facts, rng, "Source", DCTERMS + "identifier", DCTERMS + "bibliographicCitation")


# --- rivals --------------------------------------------------------------------


def _rivals(facts: Facts, rank: NamedNode) -> list[NamedNode]:
    return [
        n
        for n in facts.of("Claim")
        if rank in facts.get(n, "rank")
        and len(facts.get(n, "about")) == 1
        and set(facts.get(n, "property")) & DISPUTABLE
        and facts.get(n, "value", "valueThing")
    ]


@kind("disputed value on its node", "CS0210")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    claim = pick(rng, _rivals(facts, PREFERRED))
    if claim is None:
        return None
    node, prop = facts.get(claim, "about")[0], facts.get(claim, "property")[0]
    value = facts.get(claim, "value", "valueThing")[0]
    return facts.damage(node, [], [Triple(node, prop, value)])


@kind("accepted claim of lower rank", "CS0240")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    claim = pick(
        rng,
        [
            n
            for n in facts.of("Claim")
            if DEPRECATED in facts.get(n, "rank")
            and facts.get(n, "property")
            and facts.get(n, "value", "valueThing")
        ],
    )
    if claim is None:
        return None
    node, prop = facts.get(claim, "about")[0], facts.get(claim, "property")[0]
    value = facts.get(claim, "value", "valueThing")[0]
    return facts.damage(node, [], [Triple(node, prop, value)])


@kind("two preferred claims", "CS0211")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    claim = pick(rng, _rivals(facts, PREFERRED))
    if claim is None:
        return None
    new = thing("claim", f"doubled-{rng.randrange(10**6)}")
    return facts.damage(claim, [], facts.copy(claim, new), [new, *facts.get(claim, "about")])


@kind("preferred without reason", "CS0212")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    best = [n for n in facts.has("reason", facts.of("Claim")) if PREFERRED in facts.get(n, "rank")]
    node = pick(
        rng,
        [
            n
            for n in best
            if any(
                other.subject != n
                and set(facts.get(other.subject, "property")) & set(facts.get(n, "property"))
                for s in facts.get(n, "about")
                for other in facts.by_object[s]
                if other.predicate == c("about")
            )
        ],
    )
    return node and facts.damage(node, facts.statements(node, "reason"))


@kind("rivals without a preferred one", "CS0239")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    claim = pick(rng, _rivals(facts, NORMAL))
    if claim is None:
        return None
    new = thing("claim", f"rival-{rng.randrange(10**6)}")
    node, prop = facts.get(claim, "about")[0], facts.get(claim, "property")[0]
    best = [
        t.subject
        for t in facts.by_object[node]
        if t.predicate == c("about")
        and prop in facts.get(t.subject, "property")
        and PREFERRED in facts.get(t.subject, "rank")
    ]
    if best or not facts.get(claim, "value"):
        return None
    copied = [t for t in facts.copy(claim, new) if t.predicate != c("value")]
    return facts.damage(claim, [], [*copied, Triple(new, c("value"), edtf("1987"))], [new, node])


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


@kind("two labels in one language", *[f"CS015{n}" for n in range(10)])
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
    return node and _swap(facts, node, name, rng.choice(facts.of(other)))


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


@kind("unknown concept", "CS0213")
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


@kind("dangling thing", "CS0213")
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
    return _swap(facts, node, "yesTally", Literal("many"))


@kind("one code for two states", "CS0245")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    one, other = rng.sample(facts.has("isoAlpha3", facts.of("State")), 2)
    return _swap(facts, one, "isoAlpha3", facts.get(other, "isoAlpha3")[0])


@kind("malformed country code", "CS0289", "CS0290", "CS0291")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("isoAlpha2", facts.of("State")))
    name, text = rng.choice([("isoAlpha2", "kz"), ("isoAlpha3", "KA"), ("m49Code", "39")])
    return _swap(facts, node, name, Literal(text))


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

    from csto.workspace import find_workspace

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
            return _without(facts, rng, cls, prop)

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


@kind("prefix typo", "CS0213")
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
