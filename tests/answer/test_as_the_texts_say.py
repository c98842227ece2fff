"""A row says no more than the texts do, and a title no more than its rows: cases that once did."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Ran

Ask = Callable[..., Ran]

SEPTEMBER = "crisis=Fighting on the Armenian-Azerbaijani border, September 2022"


def short(cell: str) -> str:
    return cell.rsplit("/", 1)[-1]


def heading(table: Ran) -> list[str]:
    return table.out.splitlines()[0].split(",")


def test_days_that_are_a_set_stand_among_the_others(csto: Ask) -> None:
    told = [row[2] for row in csto("query", "crises/chain", "-p", "crisis=Kazakhstan 2022").rows]
    agreed = told.index("CSTO agrees to help Kazakhstan")
    assert told.index("Tokayev asks the CSTO for help") < agreed
    assert agreed < told.index("Withdrawal of CSTO peacekeepers from Kazakhstan begins")
    crises = [short(row[0]) for row in csto("query", "crises/all").rows]
    assert crises.index("belarus-2006") < crises.index("georgia-2008") < crises.index("crimea-2014")


def test_what_its_president_asked_is_asked_by_the_state(csto: Ask) -> None:
    told = csto("show", "Kazakhstan").out
    assert "Asked           Tokayev asks the CSTO for help" in told
    assert "How long did the operation" in told
    # Whom Kyrgyzstan asked is disputed; who says that it was this body is named.
    asked = csto("query", "portraits/organization", "-p", "thing=CSTO").rows
    (row,) = [row for row in asked if row[3].startswith("Otunbayeva asks")]
    assert row[3].endswith("(as Beloglazov 2023 says)")


def test_what_nobody_declares_is_not_laid_to_the_sources(csto: Ask) -> None:
    told = csto("show", "OTS").out
    assert "Nothing is recorded under: offices, organs, forces" in told
    assert "The graph has nothing from its sources under: asked, operations" in told


# --- crises -----------------------------------------------------------------------------


def test_no_is_said_only_of_sides_that_are_known(csto: Ask) -> None:
    between = {short(row[0]): row[-1] for row in csto("query", "crises/by-territory").rows}
    assert between["kyrgyz-tajik-border-2021"] == "yes"
    assert between["karabakh-2020"] == "no"
    assert between["belarus-2006"] == "no sides recorded"


def test_a_phase_is_no_further_crisis(csto: Ask) -> None:
    kinds = {row[0]: row[1:] for row in csto("query", "crises/by-threat").rows}
    # Karabakh with its wars of 2016, 2020 and 2023 is one; Donbas and Georgia are the others.
    assert kinds["armed conflict"][0] == "3"
    assert kinds["border clash"][0] == "3"


def test_harm_is_done_to_people(csto: Ask) -> None:
    rows = csto("query", "crises/harm", "-p", "crisis=Kyrgyzstan June 2010").rows
    assert {row[0] for row in rows} == {"displaced", "killed", "refugees"}
    rows = csto("query", "crises/harm", "-p", "crisis=crisis:kyrgyz-tajik-border").rows
    assert "civilians killed" in {row[0] for row in rows}


def test_who_mediated_stands_with_those_between_whom(csto: Ask) -> None:
    rows = {short(row[0]): row[3:] for row in csto("query", "crises/mediators").rows}
    assert rows["russian-president-mediates-karabakh-2020"] == [
        "Russia", "Armenia, Azerbaijan", "War over Nagorno-Karabakh, 2020",
    ]  # fmt: skip
    assert rows["russia-proposes-border-commission"][1] == ""


def test_what_was_guarded_has_its_passage(csto: Ask) -> None:
    for row in csto("query", "crises/contingents").rows:
        assert row[-1] == "Beloglazov 2023, Peacekeeping ¶5; Troitskiy et al. 2023, §2.5 ¶2"


def test_a_crisis_can_be_on_the_territory_of_a_side(csto: Ask) -> None:
    how = {
        short(row[0]): row[-1]
        for row in csto("query", "crises/of-state", "-p", "state=Armenia").rows
    }
    assert how["armenia-azerbaijan-september-2022"] == "on its territory and on one of the sides"
    assert how["karabakh-2020"] == "on one of the sides"


def test_an_effect_stands_with_what_had_it(csto: Ask) -> None:
    rows = csto("query", "crises/causes-and-outcomes", "-p", "crisis=Kazakhstan 2022").rows
    caused = [row[:3] for row in rows if row[1] == "causes"]
    assert [
        "Unrest in Kazakhstan, January 2022",
        "causes",
        "Tokayev asks the CSTO for help",
    ] in caused
    # A claim on several crises is told of the one that is asked about.
    assert not [row for row in rows if "Kyrgyzstan, 2010" in row[0]]


def test_what_was_asked_at_large_may_have_been_asked_in_a_phase(csto: Ask) -> None:
    """Armenia's repeated requests over Karabakh have no date: they may be of the war of 2020."""
    without = {short(row[0]) for row in csto("query", "crises/help-without-request").rows}
    assert "kazakhstan-helps-evacuate-bakiyev" in without
    assert "russian-president-mediates-karabakh-2020" not in without
    helped = {short(row[0]): row[5] for row in csto("query", "crises/help-by-states").rows}
    assert helped["russian-president-mediates-karabakh-2020"] == "a request is recorded"


def test_an_omission_is_one_row(csto: Ask) -> None:
    rows = csto("query", "crises/not-done").rows
    assert len({row[1] for row in rows}) == len(rows)
    (row,) = [row for row in rows if row[1].endswith("no-real-assistance-to-armenia-2020")]
    assert short(row[0]) == "karabakh-2020"
    assert row[3] == "Belarus, Kazakhstan, Kyrgyzstan, Russia, Tajikistan"
    asked = csto("query", "crises/not-done", "-p", "crisis=crisis:karabakh-conflict").rows
    assert row in asked


def test_a_part_of_what_was_asked_is_a_part(csto: Ask) -> None:
    given = ("-p", "crisis=crisis:armenia-azerbaijan-border-2021")
    (row,) = csto("query", "crises/responses", *given).rows
    assert row[5:7] == ["partly granted", "as asked, in part"]


def test_who_affirms_says_so(csto: Ask) -> None:
    rows = csto("query", "crises/qualified-by", "-p", SEPTEMBER).rows
    assert {row[3] for row in rows} == {"affirms", "denies"}


# --- acts, requests, offices ------------------------------------------------------------


def test_a_year_has_what_lies_in_it_and_what_may(csto: Ask) -> None:
    when = {short(row[0]): row[-1] for row in csto("query", "acts/in-year", "-p", "year=2022").rows}
    assert when["csto-grants-kazakh-request-2022"] == "within the year"
    assert when["csto-refuses-article-4-for-armenia"] == "in part or perhaps"
    assert when["belarus-rejects-pact-with-ukraine"] == "in part or perhaps"
    before = csto("query", "acts/in-year", "-p", "year=2021").rows
    assert not [row for row in before if row[0].endswith("belarus-rejects-pact-with-ukraine")]


def test_who_declines_a_request_refuses(csto: Ask) -> None:
    refused = {short(row[0]) for row in csto("query", "acts/refusals").rows}
    assert {
        "csto-declines-peacekeepers-kyrgyzstan-2010",
        "japarov-refuses-cis-informal-meeting",
    } <= refused


def test_one_decision_is_one_act(csto: Ask) -> None:
    rows = csto("query", "acts/in-year", "-p", "year=2022").rows
    told = [short(row[0]) for row in rows if row[3] == "decision" and "weapons" in row[1]]
    assert told == ["csc-decides-on-equipment-of-peacekeepers"]


def test_a_request_says_whom_it_went_to_and_who_says_so(csto: Ask) -> None:
    rows = {short(row[0]): row[3:] for row in csto("query", "requests/with-outcome").rows}
    by, whom, _, outcome, by_whom = rows["kyrgyzstan-requests-peacekeepers-2010"]
    assert by == "Roza Otunbayeva"
    assert whom.startswith(
        "Collective Security Treaty Organization (as Beloglazov 2023 says), Russia"
    )
    assert outcome == "declined"
    assert "Collective Security Treaty Organization" in by_whom
    # What the texts tell as accepted or followed is not without an answer.
    assert rows["russia-proposes-crrf"][3] == "granted"
    assert rows["tokayev-requests-csto-withdrawal-2022"][3] == "granted"
    asked = csto("query", "requests/addressed-to", "-p", "addressee=CSTO").rows
    assert {row[4] for row in asked if "kyrgyzstan-requests" in row[0]} == {"Beloglazov 2023"}
    assert {row[4] for row in asked if "tokayev-requests" in row[0]} == {""}


def test_help_that_was_decided_is_help_for_the_state_that_asked(csto: Ask) -> None:
    rows = csto("query", "requests/asked-in-vain-by-state").rows
    assert ["1", "1", "1"] in [row[2:] for row in rows if row[1] == "Kyrgyzstan"]
    # A mission in place of troops is something else, and not what Armenia asked for.
    assert ["4", "2", "2"] in [row[2:] for row in rows if row[1] == "Armenia"]


def test_a_refusal_to_whom_nobody_asked_is_no_answer(csto: Ask) -> None:
    rows = csto("query", "requests/reasons").rows
    assert not [row for row in rows if "refused Tajik troops" in row[3]]
    assert [row for row in rows if row[0] == "Armenia" and "Article 4 was not applied" in row[3]]
    # What the head of government demanded is asked by the state.
    assert [row for row in rows if row[0] == "Armenia" and row[3].startswith("Pashinyan's demand")]


def test_an_organ_is_one_row(csto: Ask) -> None:
    rows = {short(row[0]): row[1:] for row in csto("query", "offices/organs").rows}
    assert len(rows) == len(csto("query", "offices/organs").rows)
    assert rows["csto-collective-security-council"][1] == "consensus; one vote each"


def test_a_meeting_that_is_dated_begins_then(csto: Ask) -> None:
    begun = {short(row[0]): row[2] for row in csto("query", "acts/sessions").rows}
    assert begun["csto-biological-security-council-2022-12"] == "2022-12"


# --- memberships ------------------------------------------------------------------------


def test_what_may_have_begun_or_ended_in_a_year_is_possible(csto: Ask) -> None:
    rows = csto("query", "memberships/opened-and-closed", "-p", "year=2014").rows
    sure = {(row[2], row[3]): row[-1] for row in rows}
    assert sure["Russia", "Eurasian Economic Community"] == "possible"
    assert sure["Russia", "Treaty on the Eurasian Economic Union"] == "certain"


def test_an_end_has_its_status_and_its_bounds(csto: Ask) -> None:
    rows = {short(row[0]): row for row in csto("query", "memberships/ended").rows}
    left = rows["uzbekistan-csto"]
    assert left[4:7] == ["full member", "2012-06-28", "2012-12-19"]
    assert rows["belarus-sco-partner"][4] == "partner"


# --- what is claimed --------------------------------------------------------------------


def test_a_share_of_a_force_is_not_its_strength(csto: Ask) -> None:
    rows = csto("query", "knowledge/figures", "-p", "measure=measure:strength").rows
    (share,) = [row for row in rows if row[3] == "8000"]
    assert share[0] == "Collective Rapid Reaction Forces of the CSTO + Russia"
    assert not [row for row in rows if row[0] in {"Russia", "Kazakhstan"}]


def test_numbers_of_two_years_are_not_set_against_each_other(csto: Ask) -> None:
    rows = csto("query", "knowledge/contradicted-by").rows
    asked = "How large are the Collective Rapid Reaction Forces?"
    assert not [row for row in rows if row[3] == asked and "2009" in row[4] + row[5]]
    assert [
        row for row in rows if row[3].startswith("When did the Collective Security Council decide")
    ]


def test_quoted_words_say_whose_they_are(csto: Ask) -> None:
    rows = csto("query", "crises/names-given", "-p", "crisis=crisis:ukraine-2022").rows
    (quoted,) = [row for row in rows if row[1].startswith("demilitarisation")]
    assert quoted[2] == "Chaput 2023"
    assert "quotation marks" in quoted[3]
    (lavrov,) = [row for row in rows if row[2] == "Sergey Lavrov"]
    assert "2014" in lavrov[3]
    expected = csto("query", "knowledge/expected-or-advised").rows
    assert not [row for row in expected if "few in the West" in row[3]]


def test_a_denial_names_what_it_denies(csto: Ask) -> None:
    """Who says that the CSTO has potential denies that it lacks it."""
    rows = [row for row in csto("query", "knowledge/denials").rows if "potential" in row[3]]
    assert [row for row in rows if " – lacks – " in row[2]]


def test_what_works_with_a_document_is_none_of_its_aims(csto: Ask) -> None:
    rows = csto("query", "policy/goals").rows
    assert [row for row in rows if row[3] == "used for"]
    assert not [row for row in rows if row[3] == "used for" and "Kostiuk" in row[4]]


# --- lists and portraits ----------------------------------------------------------------


def test_what_its_president_asked_is_no_silence_on_the_state(csto: Ask) -> None:
    told = csto("list", "requests", "--by", "Kazakhstan").err
    assert "2 more by its bodies or by persons in its offices" in told
    assert "no source of the graph says so" not in told
    assert "no source of the graph says so" in csto("list", "requests", "--by", "Hungary").err


def test_a_day_as_of_which_something_is_told_is_not_its_own(csto: Ask) -> None:
    assert "with the day as of which they are told" in csto("list", "omissions").err
    assert "as of which" not in csto("list", "crises").err


def test_between_two_years_is_in_neither(csto: Ask) -> None:
    count = dict(row[:2] for row in csto("list", "requests", "--count-by", "year").rows)
    assert count["2002-2013"] == "1"
    assert "2002" not in count
    assert "not recorded" not in dict(
        row[:2] for row in csto("list", "votes", "--count-by", "year").rows
    )


def test_a_portrait_of_a_phase_has_what_was_decided_in_its_days(csto: Ask) -> None:
    told = " ".join(csto("show", "Kyrgyzstan June 2010").out.split())
    assert "Decided Secretaries of security councils agree on measures for Kyrgyzstan" in told


def test_an_act_is_in_the_year_in_which_it_was_done(csto: Ask) -> None:
    """The SCO decided on Belarus in 2009; the status counts from 2010."""
    for year, there in (("2009", True), ("2010", False)):
        rows = csto("query", "acts/in-year", "-p", f"year={year}").rows
        acts = {short(row[0]) for row in rows}
        assert ("sco-admits-belarus-as-dialogue-partner" in acts) is there


# --- numbers and their standing -----------------------------------------------------------


def test_a_number_known_to_be_an_error_is_marked_and_last(csto: Ask) -> None:
    asked = {
        "crises/harm": "crisis=Kyrgyzstan June 2010",
        "knowledge/figures-about": "thing=Kyrgyzstan June 2010",
        "knowledge/figures": "measure=measure:refugees",
    }
    for query, given in asked.items():
        table = csto("query", query, "-p", given)
        rank = heading(table).index("rank")
        value = heading(table).index("value")
        assert [row[value] for row in table.rows if row[rank] == "an error"] == ["400000"], query
        assert table.rows[-1][rank] == "an error", query
    told = csto("query", "knowledge/claims-of", "-p", "claimant=Chaput 2023")
    rank = heading(told).index("rank")
    errors = [number for number, row in enumerate(told.rows) if row[rank] == "an error"]
    assert errors == list(range(len(told.rows) - len(errors), len(told.rows)))
    assert errors


def test_a_strength_is_no_place_in_a_series_and_says_whose_part_it_is(csto: Ask) -> None:
    table = csto("query", "forces/strength", "-p", "force=CRRF")
    only, value = heading(table).index("only"), heading(table).index("value")
    told = [(row[only], row[value]) for row in table.rows]
    assert ("Russia", "8000") in told
    assert ("", "16000") in told
    assert not [number for _, number in told if int(number) < 1000]
    asked = csto("query", "forces/strength", "-p", "force=force:csto-peacekeeping-forces").rows
    assert "for: Conflict in Donbas from 2014" in {row[only] for row in asked}


def test_who_acceded_by_a_treaty_of_its_own_is_a_party(csto: Ask) -> None:
    told = csto(
        "query", "memberships/standings", "-p", "framework=Treaty on the Eurasian Economic Union"
    ).rows
    parties = {row[2]: row[-2] for row in told if row[3] == "party"}
    assert set(parties) == {"Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia"}
    assert parties["Armenia"] == "2015-01-02"
    assert parties["Kyrgyzstan"] == "2015-08-12"


def test_a_name_that_a_source_gives_leads_to_the_thing(csto: Ask) -> None:
    told = csto("show", "four-day war").out
    assert told.startswith("Fighting over Nagorno-Karabakh, April 2016")
    assert csto("find", "Four-Day War").rows[0][0] == "crisis:karabakh-april-2016"
    (row,) = csto("query", "crises/names-given", "-p", "crisis=Four-Day War").rows
    assert short(row[0]) == "karabakh-april-2016"
    # Chaput calls a war of 2022 and what he cites of 2014 by the same words: both are offered.
    asked = csto("show", "a fratricidal war").err
    assert "crisis:donbas" in asked
    assert "crisis:ukraine-2022" in asked


# --- one fact, one row --------------------------------------------------------------------


def test_a_fact_is_one_row_with_its_passages_joined(csto: Ask) -> None:
    for query, number in (
        ("law/refused-decisions", 2),
        ("forces/cancelled-or-refused-exercises", 3),
        ("memberships/stayed-away", 2),
    ):
        table = csto("query", query)
        keys = [tuple(row[:3]) for row in table.rows]
        assert len(set(keys)) == len(keys) == number, query
    joined = csto("query", "memberships/stayed-away").rows[0][-1]
    assert "Caliber.Az" in joined
    assert "The Kyiv Independent" in joined


def test_a_stance_is_one_row_with_all_who_took_it(csto: Ask) -> None:
    rows = csto("query", "positions/on-topic", "-p", "topic=Crimea 2014").rows
    keys = [(row[1], row[3]) for row in rows]
    assert len(set(keys)) == len(keys)
    (reserved,) = [row for row in rows if row[2] == "reservation"]
    assert reserved[0] == "Kyrgyzstan, Ministry of Foreign Affairs of Kyrgyzstan"


def test_an_empty_answer_of_a_saved_query_speaks_of_its_parameter(csto: Ask) -> None:
    told = csto("query", "crises/harm", "-p", "crisis=crisis:belarus-2006").err
    assert "for another crisis, such as " in told
    assert "csto:" not in told.replace("csto: ", "")
    assert "?" not in told


def test_a_term_beyond_the_last_day_of_the_graph_says_so(csto: Ask) -> None:
    table = csto("query", "offices/tenures")
    person, ahead = heading(table).index("person"), heading(table).index("ahead")
    told = {row[person]: row[ahead] for row in table.rows}
    assert told["Taalatbek Masadykov"] == "announced: the graph reaches to 2025-11-30"
    assert told["Imangali Tasmagambetov"] == "announced: the graph reaches to 2025-11-30"
    assert told["Stanislav Zas"] == ""


def test_an_answer_of_members_is_an_answer_to_the_organization_that_was_asked(csto: Ask) -> None:
    silent = [short(row[0]) for row in csto("query", "requests/without-answer").rows]
    assert silent == ["armenia-demands-political-assessment-2022"]


def test_who_founds_an_organization_is_told_with_each_reading(csto: Ask) -> None:
    (row,) = csto("query", "memberships/founded", "-p", "framework=CSTO").rows
    assert row[1] == "2002-10-07"
    assert "Beloglazov: the CSTO was created on 14 May 2002 (2002-05-14; normal)" in row[3]


def test_a_request_to_withdraw_is_no_occasion_of_help(csto: Ask) -> None:
    asked = "SELECT ?act { ?act csto:occasionOf crisis:kazakhstan-2022 }"
    assert {short(row[0]) for row in csto("query", "-e", asked).rows} == {
        "tokayev-requests-csto-help-2022",
        "csto-grants-kazakh-request-2022",
        "csto-kazakhstan-2022",
        "kazakhstan-2022",
    }


def test_a_source_without_a_day_of_issue_may_be_the_first_to_tell(csto: Ask) -> None:
    asked = "SELECT ?vote { ?vote a csto:CastVote ; csto:toldBy ?day }"
    assert not csto("query", "-e", asked).rows
    told = (
        "SELECT ?act { ?act csto:toldBy ?day ; csto:evidence/dcterms:isPartOf ?source "
        "FILTER NOT EXISTS { ?source dcterms:issued ?issued } }"
    )
    assert not csto("query", "-e", told).rows
    # What only dated sources tell of keeps the day of the first of them.
    assert csto("query", "-e", "SELECT ?act { ?act csto:toldBy ?day }").rows
