"""Damage to claims, their rivals, sources and supports."""

from __future__ import annotations

import random

from facts import Damage, Facts, c, concept, edtf, kind, pick, swap, thing, without
from pyoxigraph import Literal, NamedNode, Triple

from csto.vocabulary import BASE

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


# --- evidence ------------------------------------------------------------------


@kind("act without evidence", "CS0101")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Act", "evidence")


@kind("omission without evidence", "CS0102")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Omission", "evidence")


@kind("situation without evidence", "CS0103")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Situation", "evidence")


@kind("unknown passage", "CS0101", "CS0103", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation"))
    return swap(facts, node, "evidence", NamedNode(f"{BASE}source/riac#s9.9-p{rng.randrange(99)}"))


@kind("source where a passage is due", "CS0101", "CS0103", "CS0220")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Act", "Situation"))
    return swap(facts, node, "evidence", NamedNode(f"{BASE}source/riac"))


@kind("text where a thing is due", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("Act", "Situation")), "evidence", Literal("riac"))


@kind("claim without passage", "CS0104")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Claim", "statedIn")


@kind("claim without claimant", "CS0105")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Claim", "claimant")


@kind("claim about nothing", "CS0106")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Claim", "about")


@kind("claim without rank", "CS0107")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Claim", "rank")


@kind("claim of two ranks", "CS0223")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice([n for n in facts.of("Claim") if NORMAL in facts.get(n, "rank")])
    return facts.damage(node, [], [Triple(node, c("rank"), DEPRECATED)])


@kind("claim that says nothing", "CS0235")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Assessment", "proposition", "wording", "value", "object")


@kind("claim on a property without value", "CS0236")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(
        rng,
        [
            n
            for n in facts.has("property", facts.of("Claim"))
            if facts.get(n, "value", "object") and not facts.get(n, "wording")
        ],
    )
    return node and facts.damage(node, facts.statements(node, "value", "object"))


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
    return node and swap(facts, node, "value", Literal("about 2012"))


@kind("claim on a property its subject cannot have", "CS0238")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, list(facts.has("property", facts.of("Claim"))))
    return node and swap(facts, node, "property", c("voteValue"))


@kind("support without evidence", "CS0108")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Support", "evidence")


@kind("support of no property", "CS0109")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Support", "property")


@kind("support of a property its node lacks", "CS0230")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("Support")), "property", c("termOfOffice"))


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
            for n in facts.has("object", facts.of("Support"))
            if not {(s, p) for s in facts.get(n, "supports") for p in facts.get(n, "property")}
            & claimed
        ],
    )
    return node and swap(facts, node, "object", NamedNode(f"{BASE}id/state/armenia"))


@kind("conflict with one side", "CS0247")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("rivalClaim", facts.of("Conflict")))
    return facts.damage(node, facts.statements(node, "rivalClaim")[1:])


@kind("passage of no source", "CS0110")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Passage", DCTERMS + "isPartOf")


@kind("passage of another source", "CS0234")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Passage"))
    old = facts.statements(node, DCTERMS + "isPartOf")
    other = rng.choice([s for s in facts.of("Source") if s != old[0].object])
    return facts.damage(node, old, [Triple(node, NamedNode(DCTERMS + "isPartOf"), other)])


@kind("source without kind", "CS0111")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Source", "sourceKind")


@kind("source without address", "CS0248")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return without(facts, rng, "Source", DCTERMS + "identifier", DCTERMS + "bibliographicCitation")


# --- rivals --------------------------------------------------------------------


def _rivals(facts: Facts, rank: NamedNode) -> list[NamedNode]:
    return [
        n
        for n in facts.of("Claim")
        if rank in facts.get(n, "rank")
        and len(facts.get(n, "about")) == 1
        and set(facts.get(n, "property")) & DISPUTABLE
        and facts.get(n, "value", "object")
    ]


@kind("disputed value on its node", "CS0210")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    claim = pick(rng, _rivals(facts, PREFERRED))
    if claim is None:
        return None
    node, prop = facts.get(claim, "about")[0], facts.get(claim, "property")[0]
    value = facts.get(claim, "value", "object")[0]
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
            and facts.get(n, "value", "object")
        ],
    )
    if claim is None:
        return None
    node, prop = facts.get(claim, "about")[0], facts.get(claim, "property")[0]
    value = facts.get(claim, "value", "object")[0]
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
