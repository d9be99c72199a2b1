"""Follow every link and send every form, with good and bad input: never a 500, never a dead end.

Links are followed by every role. A page and a form of the same shape are the same code for all roles, so odd questions
and bad input go once to each. PostgreSQL refuses what SQLite takes (a NUL, a text too long, a key too large), so every
page, every way to ask a list, and every field of every form meet it here once.
"""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.support.crawl import PEOPLE, Form, Walks, client_of

pytestmark = pytest.mark.slow

on_postgresql = pytest.mark.parametrize(
    "demo_app", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

BAD_TEXTS = {
    "empty": "",
    "nul": "a\x00b",
    "too large for a key": str(2**31),
    "far too large": "9" * 400,
    "negative": "-1",
    "long": "æ" * 20_000,
    "not a number": "NaN",
    "markup": "<script>alert(1)</script>{{ 7*7 }}%s%(x)s",
    "half a pair": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "direction": "\u202e\u0000\ufeff",
}
BAD_QUERIES = (
    "q=%00&page=0",
    "q=%ff%fe&page=x&status=%00&consultant=%00",
    f"q=%25_%5C&page={'9' * 5000}&sort=nothing&dir=up&from=x&to=%00",
)
FIELD_TEXTS = ("nul", "too large for a key", "long")
"""One of them for each field in turn; all of BAD_TEXTS go into all fields at once."""

KEEP = ("csrf_token", "form_id")
PARTS = 6
"""The work is dealt out in so many parts, each on a fresh municipality, so that it spreads over the processes."""

in_parts = pytest.mark.parametrize("part", range(PARTS))


@pytest.mark.parametrize("email", PEOPLE)
def test_no_link_is_dead(walks: Walks, email: str | None) -> None:
    walked = walks.of(email)

    assert walked.dead == []
    assert len(walked.pages) > 3


@on_postgresql
@in_parts
def test_every_page_and_every_question_a_list_can_be_asked_answers(
    demo_app: Flask, walks: Walks, part: int
) -> None:
    for email, path in [*walks.pages(), *walks.questions()][part::PARTS]:
        assert client_of(demo_app, email).get(path, htmx="?" in path).status_code < 400, path


@in_parts
def test_an_odd_question_is_answered(demo_app: Flask, walks: Walks, part: int) -> None:
    for email, path in walks.pages()[part::PARTS]:
        client = client_of(demo_app, email)
        for number, query in enumerate(BAD_QUERIES):
            address = f"{path}{'&' if '?' in path else '?'}{query}"
            assert client.get(address, htmx=number % 2 == 1).status_code < 500, address


@pytest.mark.parametrize("demo_app", ["sqlite"], indirect=True)
@in_parts
def test_a_form_with_bad_input_everywhere_is_answered(demo_app: Flask, walks: Walks, part: int) -> None:
    for email, form in forms_to_send(walks)[part::PARTS]:
        client = client_of(demo_app, email)
        names = [name for name in form.fields if name not in KEEP]
        for what, text in BAD_TEXTS.items():
            answer = client.post(form.action, dict.fromkeys(names, text))
            assert answer.status_code < 500, f"{what} in {form.action}"


@on_postgresql
@in_parts
def test_a_form_with_one_bad_field_is_answered(demo_app: Flask, walks: Walks, part: int) -> None:
    """All else is as the page gave it, so that the bad text gets as far as it can."""
    for email, form in forms_to_send(walks)[part::PARTS]:
        client = client_of(demo_app, email)
        names = [name for name in form.fields if name not in KEEP]
        for what in FIELD_TEXTS:
            answer = client.post(form.action, dict.fromkeys(names, BAD_TEXTS[what]))
            assert answer.status_code < 500, f"{what} in {form.action}"
        for place, name in enumerate(names):
            what = FIELD_TEXTS[place % len(FIELD_TEXTS)]
            bad = {**{n: form.fields[n] for n in names}, name: BAD_TEXTS[what]}
            answer = client.post(form.action, bad, htmx=True)
            assert answer.status_code < 500, f"{what} in {name} of {form.action}"


def forms_to_send(walks: Walks) -> list[tuple[str | None, Form]]:
    found = [
        (email, form) for email, form in walks.forms() if not urlsplit(form.action).path.endswith("/logout")
    ]
    assert len(found) > 100
    return found


@pytest.mark.parametrize(
    "path", ["/nothing", "/openings/2147483648", "/cards/99999999999999999999999", "/%00", "/%ff"]
)
def test_no_such_page(demo_app: Flask, path: str) -> None:
    assert client_of(demo_app, "konsulent@demo.dk").get(path).status_code == 404


def test_every_page_is_reached_by_somebody(read_only_demo: Flask, walks: Walks) -> None:
    """A page without a link to it is a dead end seen from the other side."""
    reached = {endpoint for email in PEOPLE for endpoint in walks.of(email).pages}

    pages = {
        rule.endpoint
        for rule in read_only_demo.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint not in REACHED_OTHERWISE
    }
    assert sorted(pages - reached) == []


REACHED_OTHERWISE: frozenset[str] = frozenset(
    {
        "static",
        "home.healthz",  # for machines
        "operation.numbers",
        "operation.security_txt",
        "doors.case_card",
        "doors.case_placements",
        "doors.employer",
        "doors.employers",
        "doors.figure",
        "doors.figure_lines",
        "doors.figures",
        "doors.openapi",
        "doors.opening",
        "doors.openings",
        "doors.partnerships",
        "search.index",  # by the search field of every page
        "search.hints",
        "calendars.file",  # by a secret address that is shown once
        "reviews.several",  # by the ticks of a list
        "merging.merge",  # of two who look like one, which the demo's citizens do not
        "employer_merging.merge",  # nor its companies
        "citizens.first_talk",  # of a citizen whom nobody has talked with yet, which few samples need be
        "freezing.freeze",  # of a goal whose time is over and that the portal has not frozen by itself yet
        "accounts.choose_password",  # by the link of a mail
        "second_step.step",  # between the password and the portal
        "second_step.set_up_app",
        "second_step.set_up_passkey",
        "second_step.own_codes",  # by who has set up a second step, which the demo's staff have not
        "second_step.remove_app",
        "second_step.remove_passkey",
        "mine.enter",  # by the QR code of a paper
        "consents.shared",  # by signed links
        "mentor_agreements.by_link",
        "course_seats.offer",  # from a suggestion with a gap that a course closes, which few samples need be
        "young.parents",  # of a citizen under 18, which few samples need be
        "assessments.workplace",
        "employers.accept",
        "employers.confirm",
        "openings.renew_by_link",
        "openings.renewal_link",  # of an opening that has ended, which few samples need be
        "answers.proposal",
        "answers.proposal_link_page",  # of a proposal an employer has not answered, which few samples need be
        "answers.calls",  # from a line of the day, where an employer asked to be phoned
        "answers.call_done",
        "notes.detail",  # from a line of a timeline, which few samples need hold
        "contacts.new",  # the address of a form on the company's own page, where a fault is answered
        "prospects.write",
        "outbox.stop",
        "amendments.correct",  # from a number that has not begun to hold, which the reference file need not have
        "amendments.waiting",  # from a row that a new version of the portal brought too late
        "amendments.own_correct",  # from a municipality's own number that has not begun
        "amendments.own_end",  # from one that holds
        "vitas.print_sheet",  # from a sheet that somebody has begun, which few samples need not meet
        "posting.reach",  # taken in by each screen of the step form
        "employers.registered",  # after registering
        "settling.by_link",  # from a mail
        "settling.record",  # from a settlement that somebody has not confirmed, which few samples need not meet
        "placements.plan",  # from a match that all three said yes to, which few samples need not meet
        "audit.people",  # from a line about several people, which few samples need not meet
        "imports.preview",  # after an upload
        "imports.errors",
        "matches.best_for_card",  # taken in by the card's and the opening's page
        "matches.best_for_opening",
        "matches.suggestion",  # after an answer, without JavaScript
        "reviews.match_record",  # from a suggestion that is decided, which few samples need not meet
        "reviews.print_record",
        "consents.link",  # from a permission that was given, which few samples need not meet
        "meetings.print_cards",  # of cards that somebody chose
    }
)
"""Pages that no link of the demo municipality leads to, and how one gets there."""
