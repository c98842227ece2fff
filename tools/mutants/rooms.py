"""Damage to organs, crises, votes and provisions."""

from __future__ import annotations

import random

from facts import Damage, Facts, c, concept, edtf, kind, pick, swap, thing
from pyoxigraph import Literal, Triple

from csto.vocabulary import RDF_TYPE


@kind("organ its own parent", "CS0227")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("parentBody", facts.of("Organ")))
    return swap(facts, node, "parentBody", node)


@kind("dangling organ", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("parentBody", facts.of("Organ")))
    return swap(facts, node, "parentBody", thing("body", f"lost-{rng.randrange(10**6)}"))


@kind("two persons in one office", "CS0242")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    full = concept("capacity", "full")
    node = pick(
        rng,
        [
            n
            for n in facts.of("Tenure")
            if full in facts.get(n, "capacity") and facts.bound(n, "startLatest")
        ],
    )
    if node is None:
        return None
    new = thing("tenure", f"doubled-{rng.randrange(10**6)}")
    person = rng.choice([p for p in facts.of("Person") if p not in facts.get(node, "officeHolder")])
    copied = [t for t in facts.copy(node, new) if t.predicate != c("officeHolder")]
    return facts.damage(node, [], [*copied, Triple(new, c("officeHolder"), person)], [new])


@kind("act outside its crisis", "CS0224")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    inside = [
        n
        for n in facts.has("partOf", facts.of("Act"))
        if facts.get(n, "date")
        and not facts.get(n, "effectiveDate")
        and any(facts.bound(x, "startEarliest") for x in facts.get(n, "partOf"))
    ]
    node = pick(rng, inside)
    return node and swap(facts, node, "date", edtf("1962-10-16"))


@kind("answer before its request", "CS0241")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    answers = [
        n
        for n in facts.has("answers", facts.of("Answer"))
        if any(facts.bound(r, "earliest") for r in facts.get(n, "answers"))
    ]
    node = pick(rng, answers)
    return node and swap(facts, node, "date", edtf("1962-10-16"))


@kind("side opposes itself", "CS0225")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("CrisisSide"))
    return swap(facts, node, "opposes", node)


@kind("one state on both sides", "CS0225")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    sides = [n for n in facts.has("opposes", facts.of("CrisisSide")) if facts.get(n, "participant")]
    node = rng.choice(sides)
    other = facts.get(node, "opposes")[0]
    if not facts.get(other, "participant"):
        return None
    both = facts.get(other, "participant")[0]
    return facts.damage(node, [], [Triple(node, c("participant"), both)], [other])


@kind("side of another crisis", "CS0226")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("opposes", facts.of("CrisisSide")))
    crisis = rng.choice([x for x in facts.of("Crisis") if x not in facts.get(node, "inCrisis")])
    return facts.damage(
        node,
        facts.statements(node, "inCrisis"),
        [Triple(node, c("inCrisis"), crisis)],
        facts.get(node, "opposes"),
    )


@kind("unknown vote", "CS0140", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("CastVote"))
    return swap(facts, node, "voteValue", concept("vote-value", "maybe"))


@kind("vote without value", "CS0140")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.has("voteValue", facts.of("CastVote"))), "voteValue")


@kind("person votes as a state", "CS0141")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("CastVote")), "agent", rng.choice(facts.of("Person")))


@kind("vote in no roll call", "CS0142")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("CastVote")), "inRollCall")


@kind("roll call on no resolution", "CS0143")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("RollCall")), "onResolution")


@kind("roll call twice", "CS0206")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("RollCall"))
    new = thing("act", f"doubled-{rng.randrange(10**6)}")
    return facts.damage(node, [], facts.copy(node, new), [new])


@kind("a state votes twice", "CS0205")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("CastVote"))
    new = thing("vote", f"doubled-{rng.randrange(10**6)}")
    return facts.damage(node, [], facts.copy(node, new), [new])


@kind("fewer votes counted than cast", "CS0244")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    yes = concept("vote-value", "yes")
    calls = [
        n
        for n in facts.of("RollCall")
        if any(yes in facts.get(t.subject, "voteValue") for t in facts.by_object[n])
    ]
    return swap(facts, rng.choice(calls), "yesTally", Literal(0))


@kind("version gap", "CS0292")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    followed = [
        n
        for n in facts.has("closedBy", facts.of("ProvisionVersion"))
        if any(
            set(facts.get(n, "closedBy")) & set(facts.get(t.subject, "openedBy"))
            for p in facts.get(n, "versionOf")
            for t in facts.by_object[p]
        )
    ]
    node = pick(rng, followed)
    if node is None:
        return None
    old = facts.statements(node, "closedBy")
    later = [t.subject for p in facts.get(node, "versionOf") for t in facts.by_object[p]]
    return facts.damage(node, old, [Triple(node, c("end"), edtf("2003-04-05"))], later)


@kind("two versions at once", "CS0293")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    followed = [
        n
        for n in facts.has("closedBy", facts.of("ProvisionVersion"))
        if any(
            set(facts.get(n, "closedBy")) & set(facts.get(t.subject, "openedBy"))
            and facts.bound(t.subject, "startLatest")
            for p in facts.get(n, "versionOf")
            for t in facts.by_object[p]
        )
    ]
    node = pick(rng, followed)
    if node is None:
        return None
    others = [t.subject for p in facts.get(node, "versionOf") for t in facts.by_object[p]]
    return facts.damage(node, facts.statements(node, "closedBy"), [], others)


@kind("norm outside its version", "CS0294")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Norm"))
    near = {p for v in facts.get(node, "setBy") for p in facts.get(v, "versionOf")}
    instrument = {i for p in near for i in facts.get(p, "provisionOf")}
    far = [p for p in facts.of("Provision") if not instrument & set(facts.get(p, "provisionOf"))]
    return swap(facts, node, "standsIn", rng.choice(far))


@kind("body of two classes that exclude each other", "RL-CAX-DW")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("State"))
    return facts.damage(node, [], [Triple(node, RDF_TYPE, c("Person"))])
