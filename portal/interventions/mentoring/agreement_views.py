"""Pages of agreements with mentors: the list, one with its answer and end, and the mentor's own page by link."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Effort
from portal.interventions.mentoring import queries, services
from portal.interventions.mentoring.forms import MentorAnswerForm, MentorEndForm
from portal.interventions.mentoring.models import (
    Mentor,
    MentorAgreement,
    MentorEnd,
    MentorState,
    MentorYesVia,
)
from portal.loop.citizens.models import Citizen
from portal.shared.audit.services import Actor, LinkHolder
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.shared.outbox.letters import Link
from portal.web.error_pages import answer
from portal.web.htmx import leave_to, render_page
from portal.web.link_answers import pressed, show_first_step, ticket_for, whom_to_call
from portal.web.links import LinkPurpose, opened_by
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires
from portal.web.rooms import Anew

bp = Blueprint("mentor_agreements", __name__, url_prefix="/mentors/agreements")

LIFETIME: Final = timedelta(days=30)
"""Of the mentor's link; a later one is made by opening the page again."""
YES, NO, TAKE_BACK = "yes", "no", "take-back"
ANSWERABLE: Final = frozenset({MentorState.PROPOSED, MentorState.AGREED, MentorState.RUNNING})
"""What the link still shows: besides, whatever was answered within the hour."""

SORTS = Sorts(
    {
        "from": [MentorAgreement.from_on, MentorAgreement.id],
        "mentor": [alphabetical(Mentor.name), MentorAgreement.id],
        "citizen": [Citizen.sort_name, MentorAgreement.id],
    },
    default="from",
    descending=True,
)


@bp.get("/")
@requires(Action.RECORD_EFFORTS)
def index() -> Response:
    """All agreements of the municipality."""
    listing, today = read_listing(SORTS, filters=("state",)), clock.today()
    statement = queries.agreement_list(current_user, today, words=listing.q, state=listing.filters["state"])
    rows = wanted_rows(listing, statement, SORTS)
    record_view(
        "mentor-agreements-exported" if wants_file() else "mentor-agreements-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Liste hentet som fil") if wants_file() else _("Liste over borgere"),
        people=(row.citizen_id for row in rows),
    )
    if wants_file():
        return table_file("mentoraftaler", _columns(), rows)
    return render_page(
        "mentoring/agreements.html",
        fragment="agreement_list",
        listing=listing,
        states=MentorState.choices(),
        today=today,
    )


def _columns() -> list[tuple[Any, Any]]:
    today = clock.today()
    return [
        (_("Borger"), lambda row: row.citizen.name),
        (_("Mentor"), lambda row: row.mentor.name),
        (_("Kommer fra"), lambda row: row.mentor.comes_from),
        (_("Fra"), lambda row: row.from_on),
        (_("Til og med"), lambda row: row.last_on),
        (_("Timer om ugen"), lambda row: row.hours_per_week),
        (_("Status"), lambda row: row.state_on(today).label),
        (_("Hvorfor det sluttede"), lambda row: row.end_reason.label if row.end_reason else ""),
    ]


@bp.get("/<int:mentor_agreement_id>")
@requires(Action.RECORD_EFFORTS)
def detail(mentor_agreement_id: int) -> Response:
    return _page(queries.agreement_for(current_user, mentor_agreement_id))


def _page(
    agreement: MentorAgreement,
    *,
    recipient: RecipientForm | None = None,
    heard: MentorAnswerForm | None = None,
    ending: MentorEndForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    """With the form that was sent and not taken."""
    today = clock.today()
    record_view(
        "mentor-agreement-read",
        agreement,
        citizen_id=agreement.citizen_id,
        purpose=_("Opslag på din sag"),
    )
    return render_page(
        "mentoring/agreement.html",
        fragment="content",
        status=status,
        agreement=agreement,
        state=agreement.state_on(today),
        states=MentorState,
        today=today,
        address=_link_of(agreement).address(),
        people=handing.choices([agreement.mentor]),
        sent=handing.last_handed(agreement),
        recipient=recipient,
        heard=heard or MentorAnswerForm(formdata=None, today=today),
        ending=ending or MentorEndForm(formdata=None, since=agreement.from_on, today=today),
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:mentor_agreement_id>/link")
@requires(Action.RECORD_EFFORTS)
def send_link(mentor_agreement_id: int) -> Any:
    """Mail it to the mentor."""
    agreement = queries.agreement_for(current_user, mentor_agreement_id)
    form = RecipientForm(people=handing.choices([agreement.mentor]))
    if not form.validate():
        return _page(agreement, recipient=form, status=422)
    if agreement.state_on(clock.today()) not in ANSWERABLE:
        raise services.MentorAgreementClosed
    handed = handing.Handed(
        _link_of(agreement),
        _("Vil du være mentor?"),
        _("Kommunen spørger, om du vil være mentor. Læs hvad det er, og svar:"),
        clock.danish_day(clock.now() + LIFETIME),
    )
    with transaction():
        handing.hand_over(
            handed,
            to=form.recipient.data,
            unit=agreement.mentor.municipality,
            about=agreement,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Linket er sendt til %(email)s.", email=form.recipient.data), "success")
    return leave_to(_detail(agreement))


@bp.post("/<int:mentor_agreement_id>/answer")
@requires(Action.RECORD_EFFORTS)
def note_answer(mentor_agreement_id: int) -> Any:
    """What the mentor said on the phone, at a meeting or on paper."""
    agreement = queries.agreement_for(current_user, mentor_agreement_id)
    form = MentorAnswerForm(today=clock.today())
    if not form.validate():
        return _page(agreement, heard=form, status=422)
    with transaction():
        services.answer_as_mentor(
            agreement,
            is_yes=form.said.data == YES,
            via=MentorYesVia(form.via.data),
            by=current_user,
            at=clock.now(),
        )
    flash(_("Mentorens svar er noteret."), "success")
    return leave_to(_detail(agreement))


@bp.post("/<int:mentor_agreement_id>/end")
@requires(Action.RECORD_EFFORTS)
def end(mentor_agreement_id: int) -> Any:
    agreement = queries.agreement_for(current_user, mentor_agreement_id)
    form = MentorEndForm(since=agreement.from_on, today=clock.today())
    if not form.validate():
        return _page(agreement, ending=form, status=422)
    try:
        with transaction():
            services.end_agreement(
                agreement,
                on=form.ended_on.data,
                reason=MentorEnd(form.end_reason.data),
                by=current_user,
                at=clock.now(),
            )
    except services.EndsOutsideAgreement as error:
        form.ended_on.errors = [*form.ended_on.errors, str(error.message)]
        return _page(agreement, ending=form, status=409)
    flash(_("Aftalen er afsluttet."), "success")
    return leave_to(_detail(agreement))


@bp.post("/<int:mentor_agreement_id>/withdraw")
@requires(Action.RECORD_EFFORTS)
def withdraw(mentor_agreement_id: int) -> Any:
    agreement = queries.agreement_for(current_user, mentor_agreement_id)
    with transaction():
        services.withdraw_agreement(agreement, by=current_user, at=clock.now())
    flash(_("Der står, at aftalen ikke blev til noget. Den tæller ikke med."), "success")
    return redirect(_detail(agreement), 303)


def _detail(agreement: MentorAgreement) -> str:
    return url_for("mentor_agreements.detail", mentor_agreement_id=agreement.id)


# --- The mentor's own page -------------------------------------------------------------------------------------


def _link_of(agreement: MentorAgreement) -> Link:
    return Link.signed(
        "mentor_agreements.by_link",
        LinkPurpose.MENTOR,
        agreement.id,
        expires_at=clock.now() + LIFETIME,
        arg="mentor_link",
    )


@bp.get("/by-link/<mentor_link>")
@requires(Action.PUBLIC)
def by_link(mentor_link: str) -> Any:
    """The first name, what is agreed and its days; with `?answer=` the second step: only its button answers."""
    agreement = _behind(mentor_link)
    if agreement is None:
        return _gone()
    wanted = request.args.get("answer", "")
    if wanted not in _answers(agreement):
        show_first_step()
        wanted = ""
    record_view(
        "mentor-agreement-read",
        agreement,
        citizen_id=agreement.citizen_id,
        purpose=_("Opslag på din sag"),
        link_for=_holder(agreement).unit_name,
    )
    response: Response = render_page(
        "mentoring/by_link.html",
        fragment="content",
        hide_login=True,
        first_name=agreement.citizen.first_name,
        agreed=agreement.agreed,
        hours_per_week=agreement.hours_per_week,
        from_on=agreement.from_on,
        until_on=agreement.last_on,
        state=agreement.state_on(clock.today()),
        states=MentorState,
        may_answer=_may_answer(agreement),
        answers=_answers(agreement),
        wanted=wanted,
        ticket=ticket_for(wanted) if wanted else None,
        link=mentor_link,
        **whom_to_call(agreement.mentor.municipality),
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.post("/by-link/<mentor_link>")
@requires(Action.PUBLIC)
def answer_by_link(mentor_link: str) -> Any:
    """What the second step's own button says; whatever else was sent leads back to be read."""
    agreement, sent = _behind(mentor_link), pressed()
    if agreement is None:
        return _gone()
    if _may_answer(agreement) and sent in _answers(agreement):
        by, at = _holder(agreement), clock.now()
        with transaction():
            if sent == TAKE_BACK:
                services.take_back_answer(agreement, by=by, at=at)
            else:
                services.answer_as_mentor(agreement, is_yes=sent == YES, via=MentorYesVia.LINK, by=by, at=at)
    return redirect(url_for("mentor_agreements.by_link", mentor_link=mentor_link), 303)


def _behind(link: str) -> MentorAgreement | None:
    return _asked_about(opened_by(LinkPurpose.MENTOR, link), clock.now())


def _asked_about(about: tuple[int | str, ...], at: datetime) -> MentorAgreement | None:
    """None: it is over, was answered with no, came to nothing, the citizen is gone, or mentors are switched off."""
    agreement = queries.agreement_by_link(int(about[0]))
    if agreement is None or not agreement.mentor.municipality.uses(Effort.MENTORING):
        return None
    is_open = agreement.state_on(clock.danish_day(at)) in ANSWERABLE
    return agreement if is_open or services.answer_open_until(agreement, at) else None


def anew(about: tuple[int | str, ...], at: datetime) -> Anew:
    """The link to an agreement that stands. Raises MentorAgreementClosed."""
    agreement = _asked_about(about, at)
    if agreement is None:
        raise services.MentorAgreementClosed
    mentor = agreement.mentor
    addresses = frozenset({mentor.email.lower()} if mentor.email else ())
    return Anew(
        "mentor_agreements.by_link", "mentor_link", agreement, mentor.municipality, at + LIFETIME, addresses
    )


def _gone() -> Response:
    return answer(
        410,
        str(services.MentorAgreementClosed.message),
        advice=_("Ring til kommunen, hvis du har spørgsmål."),
    )


def _answers(agreement: MentorAgreement) -> tuple[str, ...]:
    """What may be answered now: yes or no, or within the hour that the answer is taken back."""
    if agreement.state_on(clock.today()) is MentorState.PROPOSED:
        return (YES, NO)
    return (TAKE_BACK,) if services.answer_open_until(agreement, clock.now()) else ()


def _may_answer(agreement: MentorAgreement) -> bool:
    """Whoever holds the link, but of those who are signed in only the mentor's own account."""
    if not current_user.is_authenticated:
        return True
    return bool(current_user.email) and current_user.email == agreement.mentor.email


def _holder(agreement: MentorAgreement) -> Actor:
    """The log says that it was the mentor; who that is stands with the agreement."""
    if current_user.is_authenticated:
        actor: Actor = current_user
        return actor
    return LinkHolder(_("Mentor"))
