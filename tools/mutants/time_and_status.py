"""Damage to dates, statuses, organs, crises and votes."""

from __future__ import annotations

import random

from facts import Damage, Facts, c, concept, edtf, kind, pick, thing
from pyoxigraph import Literal, NamedNode, Triple

from csto.names import RDF_TYPE, XSD

GYEAR = NamedNode(XSD + "gYear")
XSD_DATE = NamedNode(XSD + "date")
DATED = ("date", "start", "lastDay", "attestedOn", "asOf", "end")


def _replace(facts: Facts, node: NamedNode, name: str, *new: object) -> Damage:
    old = facts.statements(node, name)
    return facts.damage(node, old, [Triple(node, c(name), value) for value in new])  # type: ignore[arg-type]


def _some_date(facts: Facts, rng: random.Random) -> Triple:
    nodes = facts.of("Act", "Situation", "Claim")
    while True:
        node = rng.choice(nodes)
        if found := facts.statements(node, *DATED):
            return rng.choice(found)


def _dated(facts: Facts, rng: random.Random, new: Literal) -> Damage:
    old = _some_date(facts, rng)
    return facts.damage(old.subject, [old], [Triple(old.subject, old.predicate, new)])


@kind("last day before start", "CS0201", "CS0202")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(
        rng, [n for n in facts.has("lastDay", facts.of("Occurrence")) if facts.get(n, "start")]
    )
    return node and _replace(facts, node, "lastDay", edtf(f"19{rng.randrange(50, 89)}-03-01"))


@kind("end before start", "CS0201", "CS0202")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    legal = [n for n in facts.of("Affiliation", "Tenure") if facts.bound(n, "startEarliest")]
    node = pick(rng, [n for n in legal if not facts.get(n, "end", "closedBy")])
    return node and facts.damage(node, [], [Triple(node, c("end"), edtf("1901-02-03"))])


@kind("swapped dates", "CS0201", "CS0202")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    both = [n for n in facts.of("Occurrence") if facts.get(n, "start") and facts.get(n, "lastDay")]
    node = pick(
        rng,
        [
            n
            for n in both
            if facts.bound(n, "endLatest") > facts.bound(n, "startLatest")
            and facts.get(n, "start") != facts.get(n, "lastDay")
            and len(str(facts.get(n, "start")[0])) == len(str(facts.get(n, "lastDay")[0]))
        ],
    )
    if node is None:
        return None
    start, last = facts.get(node, "start")[0], facts.get(node, "lastDay")[0]
    return facts.damage(
        node,
        facts.statements(node, "start", "lastDay"),
        [Triple(node, c("start"), last), Triple(node, c("lastDay"), start)],
    )


@kind("opening and closing act swapped", "CS0201", "CS0202", "CS0207", "CS0243")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    both = [
        n
        for n in facts.of("Membership", "PartyStatus")
        if facts.get(n, "openedBy")
        and facts.get(n, "closedBy")
        and facts.bound(n, "endEarliest") > facts.bound(n, "startLatest") > ""
    ]
    node = pick(rng, both)
    if node is None:
        return None
    opening, closing = facts.get(node, "openedBy")[0], facts.get(node, "closedBy")[0]
    return facts.damage(
        node,
        facts.statements(node, "openedBy", "closedBy"),
        [Triple(node, c("openedBy"), closing), Triple(node, c("closedBy"), opening)],
    )


@kind("day that is not in the calendar", "CS0100")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _dated(facts, rng, edtf(f"20{rng.randrange(10, 24)}-02-30"))


@kind("date that is not EDTF", "CS0120", "CS0121", "CS0122", "CS0123", "CS0124", "CS0125", "CS0126")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _dated(facts, rng, edtf(rng.choice(["16.08.2006", "spring 2012", "2012-8", "12/2011"])))


@kind("date as a year of XML Schema", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _dated(facts, rng, Literal("2006", datatype=GYEAR))


@kind("date as xsd:date", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _dated(facts, rng, Literal("2006-08-16", datatype=XSD_DATE))


@kind("date as plain text", "CS0222")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _dated(facts, rng, Literal("2006-08-16"))


@kind("sentinel date", "CS0228")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _dated(facts, rng, edtf(rng.choice(["9999-12-31", "0001-01-01", "1970-01-01"])))


@kind("two dates", "CS0223")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, facts.has("date", facts.of("Act")))
    return node and facts.damage(node, [], [Triple(node, c("date"), edtf("1993-04-05"))])


@kind("act after the cut-off", "CS0249")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(
        rng,
        [
            n
            for n in facts.has("date", facts.of("Act"))
            if not facts.get(n, "effectiveDate") and not facts.get(n, "partOf")
        ],
    )
    return node and _replace(facts, node, "date", edtf("2041-05-06"))


@kind("end given by act and by date", "CS0209")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, facts.has("openedBy", facts.of("LegalSituation")))
    return node and facts.damage(node, [], [Triple(node, c("start"), edtf("2001-02-03"))])


@kind("same membership twice", "CS0203", "CS0204")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, [n for n in facts.of("Membership") if facts.bound(n, "startLatest")])
    if node is None:
        return None
    new = thing("membership", f"doubled-{rng.randrange(10**6)}")
    return facts.damage(node, [], facts.copy(node, new), [new])


@kind("statement closes a membership", "CS0207")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, [n for n in facts.of("Membership") if not facts.get(n, "closedBy", "end")])
    speech = pick(rng, facts.of("Statement"))
    return node and facts.damage(node, [], [Triple(node, c("closedBy"), speech)])


@kind("notice without effect closes a membership", "CS0208")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, [n for n in facts.of("Membership") if not facts.get(n, "closedBy", "end")])
    notices = [n for n in facts.of("Notice") if not facts.get(n, "effectiveDate")]
    notice = pick(
        rng, [n for n in notices if not any(t.predicate == c("about") for t in facts.by_object[n])]
    )
    return node and notice and facts.damage(node, [], [Triple(node, c("closedBy"), notice)])


@kind("opened by an act of others", "CS0243")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, list(facts.has("openedBy", facts.of("Membership"))))
    holder = facts.get(node, "member")
    others = [
        a
        for a in facts.of("Admission", "Accession")
        if not set(holder) & set(facts.get(a, "agent", "addressee", "concerns"))
        and node not in facts.get(a, "concerns")
    ]
    return _replace(facts, node, "openedBy", rng.choice(others)) if others else None


@kind("member before its body was founded", "CS0246")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    founded = [
        n
        for n in facts.has("openedBy", facts.of("Membership"))
        if any(
            facts.bound(a, "earliest")
            for b in facts.get(n, "organization")
            for a in facts.get(b, "establishedBy")
        )
    ]
    node = pick(rng, founded)
    if node is None:
        return None
    old = facts.statements(node, "openedBy", "start")
    return facts.damage(node, old, [Triple(node, c("start"), edtf("1921-03-04"))])


@kind("membership without status", "CS0130")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.of("Membership")), "status")


@kind("unknown status", "CS0130", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.of("Membership")), "status", concept("status", "frend"))


@kind("membership without member", "CS0131")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.of("Membership")), "member")


@kind("two members in one membership", "CS0131", "CS0223")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Membership"))
    other = rng.choice([s for s in facts.of("State") if s not in facts.get(node, "member")])
    return facts.damage(node, [], [Triple(node, c("member"), other)])


@kind("membership without organization", "CS0132")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.of("Membership")), "organization")


@kind("two opening acts", "CS0133")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = pick(rng, facts.has("openedBy", facts.of("Membership")))
    other = rng.choice(facts.of("Admission"))
    if node is None or other in facts.get(node, "openedBy"):
        return None
    return facts.damage(node, [], [Triple(node, c("openedBy"), other)])


@kind("person as a member", "CS0220")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Membership"))
    return _replace(facts, node, "member", rng.choice(facts.of("Person")))


@kind("organ its own parent", "CS0227")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("parentBody", facts.of("Organ")))
    return _replace(facts, node, "parentBody", node)


@kind("dangling organ", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.has("parentBody", facts.of("Organ")))
    return _replace(facts, node, "parentBody", thing("body", f"lost-{rng.randrange(10**6)}"))


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
    return node and _replace(facts, node, "date", edtf("1962-10-16"))


@kind("answer before its request", "CS0241")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    answers = [
        n
        for n in facts.has("answers", facts.of("Answer"))
        if any(facts.bound(r, "earliest") for r in facts.get(n, "answers"))
    ]
    node = pick(rng, answers)
    return node and _replace(facts, node, "date", edtf("1962-10-16"))


@kind("side opposes itself", "CS0225")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("CrisisSide"))
    return _replace(facts, node, "opposes", node)


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
    return _replace(facts, node, "voteValue", concept("vote-value", "maybe"))


@kind("vote without value", "CS0140")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.has("voteValue", facts.of("CastVote"))), "voteValue")


@kind("person votes as a state", "CS0141")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(
        facts, rng.choice(facts.of("CastVote")), "agent", rng.choice(facts.of("Person"))
    )


@kind("vote in no roll call", "CS0142")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.of("CastVote")), "inRollCall")


@kind("roll call on no resolution", "CS0143")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return _replace(facts, rng.choice(facts.of("RollCall")), "onResolution")


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
    return _replace(facts, rng.choice(calls), "yesTally", Literal(0))


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
    return _replace(facts, node, "standsIn", rng.choice(far))


@kind("body of two classes that exclude each other", "CS0217")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("State"))
    return facts.damage(node, [], [Triple(node, RDF_TYPE, c("Person"))])
