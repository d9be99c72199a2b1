"""Pages of answers: the proposal by link, the calls that wait, and a message to an employer."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.loop.employers.models import Employer
from portal.loop.employers.people_queries import is_still_there
from portal.loop.matches import sentences
from portal.loop.openings.models import Opening, PromiseState
from portal.loop.openings.queries import editable_opening_for, may_be_suggested
from portal.loop.reviews.models import Answer, EmployerReason, Review
from portal.loop.reviews.services import EmployerAlreadyAnswered, ProposalNotOpen, answer_as_employer
from portal.shared.accounts.models import User
from portal.shared.audit.viewing import record_view
from portal.shared.rules.queries import value_on
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkExpired, LinkPurpose, opened_by
from portal.web.listing import Sorts, csv_response, read_listing, wanted_rows, wants_csv
from portal.web.permissions import Action, requires
from portal.web.presentation import da_month
from portal.workspaces.answers import queries, services
from portal.workspaces.answers.forms import MAIL, LinkDeclineForm, MessageForm
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.answers.response import response_times
from portal.workspaces.consents.models import Consent, ConsentState
from portal.workspaces.consents.queries import OPENED, state_on
from portal.workspaces.consents.shared import shared_card
from portal.workspaces.quality.figures import FEWEST, last_months
from portal.workspaces.quality.views import PERIODS

bp = Blueprint("answers", __name__, url_prefix="/answers")

SORTS: Final = Sorts(
    {
        "created": [Call.created_at, Call.id],
        "employer": [Employer.name, Call.id],
        "opening": [Opening.title, Call.id],
    },
    default="created",
)


class ProposalGone(Exception):
    """The link was ours, and what it opened is over."""


@bp.errorhandler(LinkExpired)
@bp.errorhandler(ProposalGone)
def _gone(_error: Exception) -> Response:
    return error_pages.answer(
        410,
        _(
            "Forslaget er ikke aktuelt længere. I skal ikke gøre noget. Ring til kommunen, hvis I vil høre mere."
        ),
    )


# --- The employer, by link ---------------------------------------------------------------------------------------


@bp.get("/proposal/<proposal_link>")
@requires(Action.PUBLIC)
def proposal(proposal_link: str) -> Response:
    """The anonymous card and three answers. Mail scanners open links too: only the buttons' forms answer."""
    consent, review = _behind(proposal_link)
    shown = None
    if review.employer_answer is Answer.PENDING:
        if not may_be_suggested(review.match.opening, on=clock.today()):
            raise ProposalGone
        shown = shared_card(consent, today=clock.today())
        record_view(
            OPENED,
            consent,
            citizen_id=consent.card.citizen_id,
            purpose=_("Svar på et forslag, du har sagt ja til"),
            link_for=consent.employer.name,
        )
    response = render_page(
        "answers/proposal.html",
        fragment="content",
        consent=consent,
        review=review,
        opening=review.match.opening,
        shown=shown,
        reasons=sentences.reasons(review.match.result),
        may_answer=services.may_answer_for_employer(consent, _signed_in()),
        wishes_call=queries.wishes_a_call(review),
        form=LinkDeclineForm(formdata=None),
        no_reasons=EmployerReason,
        link=proposal_link,
        municipality=consent.employer.municipality,
        now=clock.now(),
        hide_login=True,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.post("/proposal/<proposal_link>/accept")
@requires(Action.PUBLIC)
def accept(proposal_link: str) -> Any:
    return _answer(proposal_link, Answer.YES)


@bp.post("/proposal/<proposal_link>/decline")
@requires(Action.PUBLIC)
def decline(proposal_link: str) -> Any:
    form = LinkDeclineForm()
    if not form.validate():
        flash(_("Vælg en grund."), "error")
        return redirect(url_for("answers.proposal", proposal_link=proposal_link), 303)
    return _answer(proposal_link, Answer.NO, reason=form.reason.data)


@bp.post("/proposal/<proposal_link>/call")
@requires(Action.PUBLIC)
def ask_for_call(proposal_link: str) -> Any:
    """The employer wants to be phoned; the proposal goes on waiting."""
    consent, review = _behind(proposal_link)
    try:
        with transaction():
            services.wish_call(review, by=services.holder_of(consent, _signed_in()), at=clock.now())
    except ProposalNotOpen:
        pass  # answered meanwhile: its page says how
    return redirect(url_for("answers.proposal", proposal_link=proposal_link), 303)


def _answer(proposal_link: str, answer: Answer, *, reason: EmployerReason | None = None) -> Any:
    consent, review = _behind(proposal_link)
    try:
        with transaction():
            by = services.holder_of(consent, _signed_in())
            answer_as_employer(review, answer, reason=reason, by=by, at=clock.now())
    except (EmployerAlreadyAnswered, ProposalNotOpen):
        pass  # a colleague was first, or she withdrew: its page says so
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
    if wants_csv():
        return csv_response("opkald", _COLUMNS, rows)
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


@bp.post("/calls/<int:call_id>/done")
@requires(Action.ANSWER_EMPLOYERS)
def call_done(call_id: int) -> Any:
    call = queries.call_for(current_user, call_id)
    with transaction():
        services.settle_call(call, by=current_user, at=clock.now())
    flash(_("Det er noteret, at der er ringet."), "success")
    return redirect(url_for("answers.calls"), 303)


@bp.get("/response-times")
@requires(Action.READ_QUALITY)
def response() -> Response:
    """How long employers waited for the municipality, and whether it was within the promise."""
    asked = request.args.get("months", "")
    period = asked if asked in PERIODS else "6"
    found = response_times(
        current_user.municipality_id, last_months(clock.today(), int(period)), at=clock.now()
    )
    if wants_csv():
        return csv_response("responstid", _RESPONSE_COLUMNS, found.months.items())
    return render_page(
        "answers/response.html",
        fragment="response_times",
        found=found,
        period=period,
        periods=list(PERIODS.items()),
        chart=[(da_month(month.first), row.due, row.kept) for month, row in found.months.items()],
        hours=int(value_on("answer-hours", clock.today(), current_user.municipality_id)),
        fewest=FEWEST,
    )


_RESPONSE_COLUMNS: Final = [
    (_l("Måned"), lambda row: f"{row[0].year}-{row[0].number:02}"),
    (_l("Skulle have svar"), lambda row: row[1].due),
    (_l("Svaret i tide"), lambda row: row[1].kept),
    (_l("For sent eller ikke svaret"), lambda row: row[1].broken),
    (_l("Venter endnu"), lambda row: row[1].count(PromiseState.WAITING)),
    (_l("Median, timer på hverdage"), lambda row: _hours(row[1].median_time)),
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
                services.note_talk(opening, by=current_user, at=clock.now())
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
