"""What a workspace has too little of for some command, told when it is validated."""

from __future__ import annotations

from csto.graph.dataset import TIMELESS, Dataset
from csto.load.manifest import NAME
from csto.sparql.saved import saved_queries
from csto.sparql.text import select
from csto.vocabulary import CSTO

# What must be there (a pattern), what to write, and which commands need it.
_NEEDS = (
    (
        "?w csto:coversState ?state",
        f"{NAME} names no state with csto:coversState",
        "csto panel and csto export --zip",
    ),
    (
        "?entry a csto:Coverage ; csto:ofClass csto:Membership",
        "no csto:Coverage is about memberships",
        'csto panel, and a "no" in any answer',
    ),
    ("?spell a csto:Affiliation", "nobody belongs to anything", "csto overlap"),
    ("?crisis a csto:Crisis", "there is no crisis", "csto grounds"),
    ("?norm csto:setBy ?wording", "no norm has a wording", "csto law"),
    ("?norm csto:timeLimit ?time", "no norm has a time limit", "csto law exit"),
    ("?vote a csto:CastVote", "no vote is recorded", "the questions on votes"),
)


def lacks(dataset: Dataset) -> list[str]:
    """A line for each thing that a command would look for in vain."""
    manifest = dataset.workspace.manifest
    found = []
    if manifest.path is None:
        found.append(
            f"this workspace has no {NAME}: what rules make lies under {manifest.base}, and "
            "nothing says how far the graph reaches; csto init NAME shows one"
        )
    elif not manifest.central:
        found.append(
            f"{NAME} names no csto:central: what asks about an organization needs its name"
        )

    def has(pattern: str) -> bool:
        text = f"PREFIX csto: <{CSTO}> SELECT * WHERE {{ {pattern} }} LIMIT 1"
        return bool(select(dataset.store, text, TIMELESS))

    for pattern, what, commands in _NEEDS:
        if not has(pattern):
            found.append(f"{what}: nothing to find for {commands}")
    members = "?m csto:organization ?body . ?body a csto:InternationalOrganization "
    if has(members + "FILTER NOT EXISTS { ?body csto:organizationKind ?kind }"):
        found.append(
            "some organizations have members and no csto:organizationKind: they count in no "
            "divided loyalty"
        )
    # What a column of a panel counts needs an entry that says how far the graph has it.
    read = {
        (text.split()[0], text.split()[2])
        for query in saved_queries(dataset.workspace)
        if query.name.startswith("panels/")
        for text in query.absence
    }
    for cls, role in sorted(read):
        if has(f"?thing a {cls} ; {role} ?other") and not has(
            f"?entry a csto:Coverage ; csto:ofClass {cls} ; csto:byRole {role}"
        ):
            found.append(
                f"no csto:Coverage is about {cls} by {role}, of which there are some: "
                "csto panel and csto export --zip need one"
            )
    return found
