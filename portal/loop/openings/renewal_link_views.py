"""The link by which an employer puts one opening up again, for a consultant to copy or to have sent."""

from datetime import date
from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.loop.openings import queries, services
from portal.loop.openings.models import Opening
from portal.loop.openings.renewals import NotToBeRenewed
from portal.loop.openings.views import bp
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires


@bp.get("/<int:opening_id>/renewal-link")
@requires(Action.ANSWER_EMPLOYERS)
def renewal_link(opening_id: int) -> Response:
    opening, expires_on = _renewable(opening_id)
    return _page(opening, expires_on)


@bp.post("/<int:opening_id>/renewal-link/send")
@requires(Action.ANSWER_EMPLOYERS)
def send_renewal_link(opening_id: int) -> Any:
    """Mail it to one of the employer's contact persons."""
    opening, expires_on = _renewable(opening_id)
    form = RecipientForm(people=handing.choices(opening.employer.contacts))
    if not form.validate():
        return _page(opening, expires_on, form, status=422)
    mailed_to = handing.whose(form.recipient.data, opening.employer.contacts)
    ends_at = clock.now() + services.RENEWABLE_AFTER
    handed = handing.Handed(
        services.renewal_link(opening, expires_on, mailed_to, ends_at=ends_at),
        _("Er pladsen stadig ledig? %(title)s", title=opening.title),
        _("Er jeres plads stadig ledig, så slå den op igen her:"),
        clock.danish_day(ends_at),
    )
    with transaction():
        handing.hand_over(
            handed,
            to=form.recipient.data,
            unit=opening.employer.municipality,
            about=opening,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Linket er sendt til %(email)s.", email=form.recipient.data), "success")
    return leave_to(url_for("openings.renewal_link", opening_id=opening_id))


def _renewable(opening_id: int) -> tuple[Opening, date]:
    """Raises NoResultFound for a neighbour's, NotToBeRenewed for one that still stands or was never put up."""
    opening = queries.editable_opening_for(current_user, opening_id)
    if opening.expires_on is None or not services.can_be_renewed(opening, clock.today()):
        raise NotToBeRenewed
    return opening, opening.expires_on


def _page(
    opening: Opening, expires_on: date, form: RecipientForm | None = None, *, status: int = 200
) -> Response:
    """`form`: one that was sent and not taken."""
    ends_at = clock.now() + services.RENEWABLE_AFTER
    return render_page(
        "outbox/handed_link.html",
        fragment="content",
        status=status,
        title=_("Link til at slå op igen"),
        lead=_(
            "%(employer)s slår pladsen op igen med ét klik mere, uden at logge ind.",
            employer=opening.employer.name,
        ),
        trail=[
            (_("Åbninger"), url_for("openings.index")),
            (opening.title, url_for("openings.detail", opening_id=opening.id)),
        ],
        address=services.renewal_link(opening, expires_on, None, ends_at=ends_at).address(),
        send_url=url_for("openings.send_renewal_link", opening_id=opening.id),
        people=handing.choices(opening.employer.contacts),
        sent=handing.last_handed(opening),
        form=form,
    )
