"""Pages of what the three expect: each writes her own, the citizen in her language."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.terms import Party
from portal.loop.cards.translator import kept_language, translator_for
from portal.loop.placements import expectations, queries
from portal.loop.placements.forms import ExpectationForm
from portal.loop.placements.models import Placement
from portal.loop.placements.side_by_side import expectations_for, settlement_for
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("expectations", __name__, url_prefix="/placements")


@bp.route("/<int:placement_id>/expectations/<party>", methods=["GET", "POST"])
@requires(Action.STATE_EXPECTATION)
def state(placement_id: int, party: str) -> Response:
    """One party's expectations, by herself, or by the consultant as given on paper or by phone."""
    placement = queries.placement_for(current_user, placement_id)
    whose = Party(party) if party in set(Party) else None
    own = expectations.OWN_PARTY[current_user.scope]
    if whose is None or own not in (whose, Party.CONSULTANT):
        abort(404)
    if not queries.name_is_open(placement, current_user, clock.today()):
        raise expectations.PersonNotShown
    form = (
        ExpectationForm(obj=_shown_again(placement, whose)) if request.method != "POST" else ExpectationForm()
    )
    if request.method != "POST":
        return _form_page(placement, whose, form)
    if not form.validate():
        return _form_page(placement, whose, form, status=422)
    with transaction():
        expectations.state_expectation(
            placement, party=whose, words=expectations.words_of(form), by=current_user, at=clock.now()
        )
    if own is Party.CITIZEN:
        values: dict[str, Any] = {"placement_id": placement_id, "party": party, **kept_language(request.args)}
        return leave_to(url_for("expectations.state", **values))
    flash(_("Forventningerne er gemt."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement_id))


def _shown_again(placement: Placement, whose: Party) -> expectations.Expectation | None:
    """What was written, in the form that changes it: only to whoever may read it."""
    own = expectations.OWN_PARTY[current_user.scope]
    if whose not in expectations.readable_to(own, placement):
        return None
    return next((said for said in placement.expectations if said.party is whose), None)


def her_page_anew(placement: Placement) -> Response:
    """Her page when the words she said yes to were changed while she read."""
    form = ExpectationForm(formdata=None, obj=_shown_again(placement, Party.CITIZEN))
    return _form_page(placement, Party.CITIZEN, form, is_changed=True, status=409)


def _form_page(
    placement: Placement,
    party: Party,
    form: ExpectationForm,
    *,
    is_changed: bool = False,
    status: int = 200,
) -> Response:
    if current_user.scope is not Scope.CITIZEN:
        record_view(
            "placement-read",
            placement,
            citizen_id=placement.card.citizen_id,
            purpose=_("Planlægning og opfølgning på et forløb"),
        )
    shown = expectations_for(current_user, placement, name_open=True)
    is_hers = current_user.scope is Scope.CITIZEN
    words = {"translator": translator_for(placement.card.citizen, request.args)} if is_hers else {}
    return render_page(
        "placements/expectation_hers.html" if is_hers else "placements/expectation.html",
        fragment="content" if is_hers else "expectation_form",
        status=status,
        placement=placement,
        party=party,
        form=form,
        is_changed=is_changed,
        expected=shown,
        settled=settlement_for(current_user, placement),
        here=kept_language(request.args),
        is_open=expectations.may_still_write(placement),
        **words,
    )
