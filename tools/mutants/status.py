"""Damage to dates and to the statuses that they begin and end."""

from __future__ import annotations

import random

from facts import Damage, Facts, c, concept, edtf, kind, pick, swap, thing
from pyoxigraph import Literal, NamedNode, Triple

from csto.vocabulary import XSD

GYEAR = NamedNode(XSD + "gYear")
XSD_DATE = NamedNode(XSD + "date")
DATED = ("date", "start", "lastDay", "attestedOn", "asOf", "end")


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
    return node and swap(facts, node, "lastDay", edtf(f"19{rng.randrange(50, 89)}-03-01"))


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
    return node and swap(facts, node, "date", edtf("2041-05-06"))


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
    return swap(facts, node, "openedBy", rng.choice(others)) if others else None


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
    return swap(facts, rng.choice(facts.of("Membership")), "status")


@kind("unknown status", "CS0130", "CS0213")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("Membership")), "status", concept("status", "frend"))


@kind("membership without member", "CS0131")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("Membership")), "member")


@kind("two members in one membership", "CS0131", "CS0223")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    node = rng.choice(facts.of("Membership"))
    other = rng.choice([s for s in facts.of("State") if s not in facts.get(node, "member")])
    return facts.damage(node, [], [Triple(node, c("member"), other)])


@kind("membership without organization", "CS0132")
def _(facts: Facts, rng: random.Random) -> Damage | None:
    return swap(facts, rng.choice(facts.of("Membership")), "organization")


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
    return swap(facts, node, "member", rng.choice(facts.of("Person")))
