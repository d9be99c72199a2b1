"""Pages of what the three settle on: written and recorded by the consultant, confirmed by each on her own page."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import Party
from portal.loop.cards.translator import kept_language
from portal.loop.placements import queries, settling
from portal.loop.placements.expectation_views import her_page_anew
from portal.loop.placements.expectations import OWN_PARTY, PersonNotShown
from portal.loop.placements.models import Placement
from portal.loop.placements.settled import ConfirmedHow, Settlement
from portal.loop.placements.settled_paper import render_settlement
from portal.loop.placements.settling_forms import ConfirmedForm, SeenForm, SettleForm
from portal.loop.placements.side_by_side import expectations_for
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import handing
from portal.shared.outbox.forms import RecipientForm
from portal.shared.outbox.letters import Link
from portal.web.downloads import pdf_response
from portal.web.htmx import leave_to, render_page
from portal.web.links import LinkPurpose
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("settling", __name__, url_prefix="/placements")


LIFETIME: Final = timedelta(days=30)
"""Of the employer's link; a later one is made by opening the page again."""


def link_of(settlement: Settlement) -> Link:
    """The employer's link to these words: others need another."""
    return Link.signed(
        "settling.by_link",
        LinkPurpose.SETTLEMENT,
        settlement.id,
        settlement.version,
        expires_at=clock.now() + LIFETIME,
        arg="settlement_link",
    )


def _look(placement: Placement) -> None:
    record_view(
        "placement-read",
        placement,
        citizen_id=placement.card.citizen_id,
        purpose=_("Planlægning og opfølgning på et forløb"),
    )


@bp.route("/<int:placement_id>/settlement", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def settle(placement_id: int) -> Response:
    """The three side by side; the consultant marks what differs and writes what they go by."""
    placement = queries.placement_for(current_user, placement_id)
    if request.method != "POST":
        form = SettleForm.showing(placement.settlement, settling.differing_amounts(placement))
        return _settle_page(placement, form)
    form = SettleForm()
    if not form.validate():
        return _settle_page(placement, form, status=422)
    try:
        with transaction():
            settling.write_settlement(
                placement,
                words=form.words,
                differing=form.differing,
                seen=form.version,
                by=current_user,
                at=clock.now(),
            )
    except settling.SettledWordsMissing as refusal:
        form.ask_for(refusal.aspects)
        return _settle_page(queries.placement_for(current_user, placement_id), form, status=422)
    except DomainError as refusal:
        again = queries.placement_for(current_user, placement_id)
        form.accept(again.settlement.version if again.settlement else 0)
        return _settle_page(again, form, refusal=refusal, status=409)
    flash(_("Det er skrevet. Nu skal borgeren og virksomheden sige ja til ordene."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement_id))


def _settle_page(
    placement: Placement, form: SettleForm, *, refusal: DomainError | None = None, status: int = 200
) -> Response:
    _look(placement)
    return render_page(
        "placements/settlement.html",
        fragment="settlement_form",
        status=status,
        placement=placement,
        form=form,
        refusal=refusal,
        expected=expectations_for(current_user, placement, name_open=True),
        amounts=settling.differing_amounts(placement),
        settled=settling.in_words(placement.settlement) if placement.settlement else [],
        is_open=settling.may_still_write(placement),
    )


@bp.post("/<int:placement_id>/settlement/confirm")
@requires(Action.STATE_EXPECTATION)
def confirm(placement_id: int) -> Any:
    """The reader's own yes to the words on her page."""
    placement, form = _theirs(placement_id), SeenForm()
    try:
        with transaction():
            settling.confirm(
                placement,
                OWN_PARTY[current_user.scope],
                how=ConfirmedHow.PAGE,
                seen=form.version,
                by=current_user,
                at=clock.now(),
            )
    except StaleVersion:
        if current_user.scope is not Scope.CITIZEN:
            raise
        return her_page_anew(queries.placement_for(current_user, placement_id))
    return _back(placement_id)


@bp.post("/<int:placement_id>/settlement/take-back/<party>")
@requires(Action.STATE_EXPECTATION)
def take_back(placement_id: int, party: str) -> Any:
    """A yes given or recorded by mistake: by whom it is, or by the consultant."""
    placement, whose = _theirs(placement_id), _party(party)
    if OWN_PARTY[current_user.scope] not in (whose, Party.CONSULTANT):
        abort(404)
    with transaction():
        settling.take_back(placement, whose, by=current_user, at=clock.now())
    return _back(placement_id)


def _theirs(placement_id: int) -> Placement:
    """Raises PersonNotShown where the employer may no longer know whom it is about."""
    placement = queries.placement_for(current_user, placement_id)
    if not queries.name_is_open(placement, current_user, clock.today()):
        raise PersonNotShown
    return placement


def _party(text: str) -> Party:
    if text not in set(Party):
        abort(404)
    return Party(text)


def _back(placement_id: int) -> Any:
    values: dict[str, Any] = {"placement_id": placement_id}
    if current_user.scope is Scope.CITIZEN:
        values |= {"party": Party.CITIZEN.value, **kept_language(request.args)}
        return redirect(url_for("expectations.state", **values), 303)
    return redirect(url_for("placements.detail", **values), 303)


@bp.route("/<int:placement_id>/settlement/record/<party>", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def record(placement_id: int, party: str) -> Response:
    """A yes that came by phone, at a meeting or on paper: who said it, and when."""
    placement, whose = queries.placement_for(current_user, placement_id), _party(party)
    settlement, today = placement.settlement, clock.today()
    if settlement is None:
        raise settling.NothingSettledYet
    shown = {"said_on": today, "seen": settlement.version} if request.method != "POST" else None
    form = ConfirmedForm(today=today, since=clock.danish_day(settlement.written_at), data=shown)
    if request.method != "POST":
        return _record_page(placement, whose, form)
    if not form.validate() or not form.has_code_of(settlement):
        return _record_page(placement, whose, form, status=422)
    with transaction():
        settling.confirm(
            placement,
            whose,
            how=ConfirmedHow(form.how.data),
            seen=form.version,
            said_by=form.said_by.data,
            said_on=form.said_on.data,
            by=current_user,
            at=clock.now(),
        )
    flash(_("Ja er noteret."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement_id))


def employers_page(placement: Placement, refused: RecipientForm) -> Response:
    """The page with the employer's link, and why it was not sent."""
    settlement, today = placement.settlement, clock.today()
    shown = {"said_on": today, "seen": settlement.version if settlement else 0}
    since = clock.danish_day(settlement.written_at) if settlement else today
    form = ConfirmedForm(formdata=None, today=today, since=since, data=shown)
    return _record_page(placement, Party.EMPLOYER, form, refused=refused, status=422)


def _record_page(
    placement: Placement,
    party: Party,
    form: ConfirmedForm,
    *,
    refused: RecipientForm | None = None,
    status: int = 200,
) -> Response:
    _look(placement)
    is_employers = party is Party.EMPLOYER
    return render_page(
        "placements/settlement_record.html",
        fragment="settlement_record",
        status=status,
        placement=placement,
        party=party,
        form=form,
        settled=settling.in_words(placement.settlement) if placement.settlement else [],
        address=link_of(placement.settlement).address() if placement.settlement and is_employers else "",
        link_people=handing.choices(placement.opening.employer.contacts) if is_employers else [],
        link_sent=handing.last_handed(placement) if is_employers else None,
        recipient_form=refused,
    )


@bp.get("/<int:placement_id>/settlement/print")
@requires(Action.MANAGE_PLACEMENTS)
def print_settlement(placement_id: int) -> Any:
    """The settled words with a line to sign for each and the code by which the paper comes back."""
    placement = queries.placement_for(current_user, placement_id)
    if placement.settlement is None:
        raise settling.NothingSettledYet
    _look(placement)
    return pdf_response(
        f"afstemning-{placement.id}", render_settlement(placement.settlement, on=clock.today())
    )
