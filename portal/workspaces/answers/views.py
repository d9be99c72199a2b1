"""Pages of answers: the proposal by link, the calls that wait, and a message to an employer."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.taking_back import TooLateToTakeBack
from portal.loop.employers.models import Employer
from portal.loop.employers.people_queries import is_still_there
from portal.loop.matches import sentences
from portal.loop.openings.models import Opening, PromiseState
from portal.loop.openings.queries import editable_opening_for, may_be_suggested
from portal.loop.reviews.models import Answer, EmployerReason, Review
from portal.loop.reviews.services import (
    EmployerAlreadyAnswered,
    ProposalNotOpen,
    answer_as_employer,
    take_back_as_employer,
)
from portal.shared.accounts.models import User
from portal.shared.audit.viewing import record_view
from portal.shared.rules.queries import value_on
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.link_answers import pressed, show_first_step, ticket_for, whom_to_call
from portal.web.links import LinkExpired, LinkPurpose, opened_by
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires
from portal.web.presentation import da_month, da_working_days
from portal.workspaces.answers import queries, services
from portal.workspaces.answers.forms import MAIL, CallMadeForm, MessageForm
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.answers.response import response_times, waits_of_citizens
from portal.workspaces.consents.models import Consent, ConsentState
from portal.workspaces.consents.queries import OPENED, state_on
from portal.workspaces.consents.shared import shared_card
from portal.workspaces.contacts.services import NextStepBeforeContact
from portal.workspaces.quality.figures import FEWEST, last_months
from portal.workspaces.quality.views import PERIODS

bp = Blueprint("answers", __name__, url_prefix="/answers")

SORTS: Final = Sorts(
    {
        "created": [Call.created_at, Call.id],
        "employer": [alphabetical(Employer.name), Call.id],
        "opening": [alphabetical(Opening.title), Call.id],
    },
    default="created",
)


STEPS: Final = {"yes": "answers.accept", "no": "answers.decline", "call": "answers.ask_for_call"}
"""What the employer may answer, and where the second step's form is sent."""
TAKE_BACK: Final = "take-back"


class ProposalGone(Exception):
    """The link was ours, and what it opened is over."""


@bp.errorhandler(LinkExpired)
@bp.errorhandler(ProposalGone)
def _gone(_error: Exception) -> Response:
    return error_pages.answer(
        410,
        _("Forslaget er ikke aktuelt længere."),
        advice=_("I skal ikke gøre noget. Ring til kommunen, hvis I vil høre mere, eller log ind."),
        way=(_("Log ind for at se jeres forslag"), url_for("reviews.proposals")),
    )


# --- The employer, by link ---------------------------------------------------------------------------------------


@bp.get("/proposal/<proposal_link>")
@requires(Action.PUBLIC)
def proposal(proposal_link: str) -> Response:
    """The anonymous card and three answers, or with `?answer=` the second step of one: only its button answers."""
    consent, review = _behind(proposal_link)
    wanted, at = request.args.get("answer", ""), clock.now()
    until = review.employer_answer_open_until(at)
    waits = review.employer_answer is Answer.PENDING
    if waits and not may_be_suggested(review.match.opening, on=clock.today()):
        raise ProposalGone
    if wanted in (STEPS if waits else (TAKE_BACK,) if until else ()):
        return _second_step(consent, review, wanted, proposal_link)
    show_first_step()
    shown = None
    if waits:
        shown = shared_card(consent, today=clock.today())
        record_view(
            OPENED,
            consent,
            citizen_id=consent.card.citizen_id,
            purpose=_("Svar på et forslag, du har sagt ja til"),
            link_for=consent.employer.name,
        )
    return _by_link(
        "answers/proposal.html",
        consent=consent,
        review=review,
        opening=review.match.opening,
        shown=shown,
        reasons=sentences.reasons(review.match.result),
        may_answer=services.may_answer_for_employer(consent, _signed_in()),
        wishes_call=queries.wishes_a_call(review),
        until=until,
        link=proposal_link,
        **whom_to_call(consent.employer.municipality),
        now=at,
    )


def _second_step(consent: Consent, review: Review, answer: str, link: str) -> Response:
    """Says what is about to be answered, and nothing about the citizen."""
    return _by_link(
        "answers/second_step.html",
        consent=consent,
        opening=review.match.opening,
        may_answer=services.may_answer_for_employer(consent, _signed_in()),
        answer=answer,
        reasons=EmployerReason.choices(),
        ticket=ticket_for(*(EmployerReason if answer == "no" else (answer,))),
        url=url_for(STEPS.get(answer, "answers.take_back"), proposal_link=link),
        link=link,
        **whom_to_call(consent.employer.municipality),
    )


def _by_link(template: str, **context: Any) -> Response:
    response = render_page(template, fragment="content", hide_login=True, **context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.post("/proposal/<proposal_link>/accept")
@requires(Action.PUBLIC)
def accept(proposal_link: str) -> Any:
    return _carry_out(proposal_link, {"yes": partial(answer_as_employer, answer=Answer.YES)})


@bp.post("/proposal/<proposal_link>/decline")
@requires(Action.PUBLIC)
def decline(proposal_link: str) -> Any:
    """Each reason is a button."""
    no = partial(answer_as_employer, answer=Answer.NO)
    return _carry_out(proposal_link, {reason.value: partial(no, reason=reason) for reason in EmployerReason})


@bp.post("/proposal/<proposal_link>/call")
@requires(Action.PUBLIC)
def ask_for_call(proposal_link: str) -> Any:
    """The employer wants to be phoned; the proposal goes on waiting."""
    return _carry_out(proposal_link, {"call": services.wish_call})


@bp.post("/proposal/<proposal_link>/take-back")
@requires(Action.PUBLIC)
def take_back(proposal_link: str) -> Any:
    """The employer's answer is undone within its hour, and it may answer anew on the same link."""
    return _carry_out(proposal_link, {TAKE_BACK: take_back_as_employer})


def _carry_out(proposal_link: str, commands: Mapping[str, Callable[..., None]]) -> Any:
    """What the second step's own button says; whatever else was sent leads back to be read."""
    consent, review = _behind(proposal_link)
    by = services.holder_of(consent, _signed_in())
    command = commands.get(pressed() or "")
    if command is not None:
        try:
            with transaction():
                command(review, by=by, at=clock.now())
        except (EmployerAlreadyAnswered, ProposalNotOpen, TooLateToTakeBack):
            pass  # a colleague was first, she withdrew, or the hour is over: its page says so
    return redirect(url_for("answers.proposal", proposal_link=proposal_link), 303)


def _behind(proposal_link: str) -> tuple[Consent, Review]:
    """Raises LinkUnknown, LinkExpired, ProposalGone."""
    consent_id, *mailed_to = opened_by(LinkPurpose.PROPOSAL, proposal_link)
    consent = queries.proposal_behind(int(consent_id))
    if consent is None or consent.review is None:
        raise ProposalGone
    if mailed_to and not is_still_there(int(mailed_to[0]), consent.employer_id):
        raise ProposalGone
    state, answered = state_on(consent, clock.today()), consent.review.employer_answer is not Answer.PENDING
    if state is not ConsentState.GIVEN and not (state is ConsentState.OVER and answered):
        raise ProposalGone
    return consent, consent.review


def _signed_in() -> User | None:
    return current_user if current_user.is_authenticated else None


# --- The consultant ------------------------------------------------------------------------------------------


@bp.get("/calls")
@requires(Action.ANSWER_EMPLOYERS)
def calls() -> Response:
    """Whom to phone, the longest waiting first."""
    listing = read_listing(SORTS, filters=("reason", "state"))
    statement = queries.call_list(
        current_user,
        words=listing.q,
        reason=listing.filters["reason"],
        state=listing.filters["state"],
    )
    rows = wanted_rows(listing, statement, SORTS)
    record_view(
        "calls-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Virksomheder, der skal ringes til"),
        people=(call.review.match.card.citizen_id for call in rows),
    )
    if wants_file():
        return table_file("opkald", _COLUMNS, rows)
    return render_page(
        "answers/calls.html",
        fragment="call_list",
        listing=listing,
        reasons=CallReason.choices(),
        states=[("done", _l("Der er ringet"))],
    )


def _contact(call: Call, name: str) -> str:
    """Of the employer's first contact person."""
    contacts = call.review.match.opening.employer.contacts
    return str(getattr(contacts[0], name)) if contacts else ""


_COLUMNS: Final = [
    (_l("Virksomhed"), lambda call: call.review.match.opening.employer.name),
    (_l("Kontaktperson"), lambda call: _contact(call, "name")),
    (_l("Telefon"), lambda call: _contact(call, "phone")),
    (_l("Åbning"), lambda call: call.review.match.opening.title),
    (_l("Kort"), lambda call: call.review.match.card.number),
    (_l("Hvorfor"), lambda call: call.reason.label),
    (_l("Siden"), lambda call: call.created_at),
    (_l("Forslaget sendt"), lambda call: call.review.citizen_answered_at),
    (_l("Ringet"), lambda call: call.done_at),
]


@bp.route("/calls/<int:call_id>/done", methods=["GET", "POST"])
@requires(Action.ANSWER_EMPLOYERS)
def call_done(call_id: int) -> Any:
    """What was said when the employer was phoned."""
    call = queries.call_for(current_user, call_id)
    opening = call.review.match.opening
    form = CallMadeForm(spoke_with=opening.employer.contacts[0].name if opening.employer.contacts else "")
    if not form.is_submitted():
        return _call_page(call, form)
    if not form.validate():
        return _call_page(call, form, status=422)
    talk = form.talk(clock.today(), services.about_opening(opening))
    try:
        with transaction():
            services.settle_call(call, talk, by=current_user, at=clock.now())
    except NextStepBeforeContact as error:
        form.next_on.errors = [error.message]
        return _call_page(call, form, status=409)
    flash(_("Det er noteret, at der er ringet."), "success")
    return leave_to(url_for("answers.calls"))


def _call_page(call: Call, form: CallMadeForm, *, status: int = 200) -> Response:
    return render_page("answers/call_made.html", fragment="content", status=status, call=call, form=form)


@bp.get("/response-times")
@requires(Action.READ_QUALITY)
def response() -> Response:
    """How long employers and citizens waited for the municipality, and whether what was promised was kept."""
    asked = request.args.get("months", "")
    period = asked if asked in PERIODS else "6"
    home, months, now = current_user.municipality_id, last_months(clock.today(), int(period)), clock.now()
    if wants_file() and request.args.get("of") == CITIZENS:
        waits = waits_of_citizens(home, months, at=now)
        return table_file("borgeres-ventetid", _WAIT_COLUMNS, waits.stretches)
    found = response_times(home, months, at=now)
    if wants_file():
        return table_file("responstid", _RESPONSE_COLUMNS, found.months.items())
    return render_page(
        "answers/response.html",
        fragment="response_times",
        found=found,
        waits=waits_of_citizens(home, months, at=now),
        period=period,
        periods=list(PERIODS.items()),
        chart=[(da_month(month.first), row.due, row.kept) for month, row in found.told.items()],
        hours=int(value_on("answer-hours", clock.today(), home)),
        fewest=FEWEST,
        of_citizens=CITIZENS,
    )


CITIZENS: Final = "citizens"
"""Which of the page's two tables a file is asked of; without it, the employers'."""

_RESPONSE_COLUMNS: Final = [
    (_l("Måned"), lambda row: f"{row[0].year}-{row[0].number:02}"),
    (_l("Skulle have svar"), lambda row: row[1].due),
    (_l("Svaret i tide"), lambda row: row[1].kept),
    (_l("For sent eller ikke svaret"), lambda row: row[1].broken),
    (_l("Venter endnu"), lambda row: row[1].count(PromiseState.WAITING)),
    (_l("Halvdelen fik svar inden for, timer på hverdage"), lambda row: _hours(row[1].median_time)),
    (_l("Typisk svartid"), lambda row: da_working_days(row[1].waits.typical)),
]
_WAIT_COLUMNS: Final = [
    (_l("Fra måned"), lambda row: f"{row.first.year}-{row.first.number:02}"),
    (_l("Til måned"), lambda row: f"{row.last.year}-{row.last.number:02}"),
    (_l("Typisk ventetid"), lambda row: da_working_days(row.waits.typical)),
    (_l("Median, arbejdsdage"), lambda row: row.waits.typical),
]


def _hours(time: timedelta | None) -> float | None:
    return None if time is None else round(time.total_seconds() / 3600, 1)


@bp.route("/opening/<int:opening_id>/message", methods=["GET", "POST"])
@requires(Action.ANSWER_EMPLOYERS)
def message(opening_id: int) -> Any:
    """Answer an employer that no proposal can be made to yet."""
    opening = editable_opening_for(current_user, opening_id)
    form = MessageForm()
    if not form.is_submitted():
        return _message_page(opening, form)
    if not form.validate():
        return _message_page(opening, form, status=422)
    try:
        with transaction():
            if form.how.data == MAIL:
                services.write_to_employer(opening, form.words.data, by=current_user, at=clock.now())
            else:
                services.note_talk(opening, form.words.data, by=current_user, at=clock.now())
    except services.NobodyToWriteTo as refusal:
        return _message_page(opening, form, refusal=refusal, status=409)
    flash(_("Virksomheden har fået svar."), "success")
    return leave_to(url_for("openings.detail", opening_id=opening_id))


def _message_page(
    opening: Opening, form: MessageForm, *, refusal: DomainError | None = None, status: int = 200
) -> Response:
    return render_page(
        "answers/message.html",
        fragment="content",
        status=status,
        opening=opening,
        form=form,
        refusal=refusal,
    )
