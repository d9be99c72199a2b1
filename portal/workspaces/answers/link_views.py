"""The link by which an employer answers a proposal, for a consultant to copy or to have sent again."""

from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.loop.reviews.queries import review_for
from portal.loop.reviews.services import ProposalNotOpen
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.workspaces.answers import queries, services
from portal.workspaces.answers.views import bp
from portal.workspaces.consents.models import Consent, ConsentState
from portal.workspaces.consents.queries import state_on


@bp.get("/proposals/<int:review_id>/link")
@requires(Action.ANSWER_EMPLOYERS)
def proposal_link_page(review_id: int) -> Response:
    return _page(_open_consent(review_id))


@bp.post("/proposals/<int:review_id>/link/send")
@requires(Action.ANSWER_EMPLOYERS)
def send_proposal_link(review_id: int) -> Any:
    """Mail it to one of the employer's contact persons."""
    consent = _open_consent(review_id)
    people = consent.employer.contacts
    form = RecipientForm(people=handing.choices(people))
    if not form.validate():
        return _page(consent, form, status=422)
    mailed_to = handing.whose(form.recipient.data, people)
    handed = handing.Handed(
        services.answer_link(consent, mailed_to.id if mailed_to else None),
        _("Et forslag venter på jeres svar"),
        _("Kommunen har et forslag til en af jeres pladser. Læs det, og svar her:"),
        consent.until_on,
    )
    with transaction():
        handing.hand_over(
            handed,
            to=form.recipient.data,
            unit=consent.employer.municipality,
            about=consent,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Linket er sendt til %(email)s.", email=form.recipient.data), "success")
    return leave_to(url_for("answers.proposal_link_page", review_id=review_id))


def _open_consent(review_id: int) -> Consent:
    """What her yes lets the employer see. Raises NoResultFound for a stranger's, ProposalNotOpen after the answer."""
    review = review_for(current_user, review_id)
    consent = queries.consent_of(review)
    if consent is None or not review.awaits_employer:
        raise ProposalNotOpen
    if state_on(consent, clock.today()) is not ConsentState.GIVEN:
        raise ProposalNotOpen
    return consent


def _page(consent: Consent, form: RecipientForm | None = None, *, status: int = 200) -> Response:
    """`form`: one that was sent and not taken."""
    review = consent.review
    assert review is not None
    match = review.match
    record_view(
        "proposal-read",
        review,
        citizen_id=match.card.citizen_id,
        purpose=_("Link til virksomheden om et forslag, du har sagt ja til"),
    )
    return render_page(
        "outbox/handed_link.html",
        fragment="content",
        status=status,
        title=_("Link til forslaget"),
        lead=_(
            "%(employer)s ser kort nr. %(number)s uden navn og svarer, uden at logge ind.",
            employer=consent.employer.name,
            number=match.card.number,
        ),
        trail=[
            (_("Forslag"), url_for("reviews.queue")),
            (match.opening.title, url_for("reviews.detail", match_id=match.id)),
        ],
        address=services.answer_link(consent, None).address(),
        send_url=url_for("answers.send_proposal_link", review_id=review.id),
        people=handing.choices(consent.employer.contacts),
        sent=handing.last_handed(consent),
        form=form,
    )
