"""A citizen's timeline: groups, periods, steps and arrival, each to be added to, ended and corrected."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.interventions.target_groups import members, queries, situations
from portal.interventions.target_groups.forms import (
    ArrivalForm,
    JoinForm,
    PlacingForm,
    ProposalForm,
    RemoveForm,
    SpellForm,
)
from portal.interventions.target_groups.models import LadderStep, Spell, SpellProposal, StepPlacing
from portal.interventions.target_groups.overlaps import SpellDays, contradictions
from portal.interventions.target_groups.picture import picture_of
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.shared.audit.viewing import record_view
from portal.web.forms import PortalForm
from portal.web.htmx import leave_to, render_page
from portal.web.listing import table_file, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("situations", __name__, url_prefix="/citizens/<int:citizen_id>/situation")


@bp.get("/")
@requires(Action.READ_SITUATIONS)
def detail(citizen_id: int) -> Response:
    return _page(citizen_for(current_user, citizen_id))


def _page(
    citizen: Citizen,
    tried: dict[str, PortalForm] | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    """`tried`: forms that came back, by their name on the page."""
    record_view("situation-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    every = queries.all_spells_of(citizen.id)
    spells = [spell for spell in every if spell.replaced_at is None]
    if wants_file():
        return table_file("perioder", _columns(), spells)
    today = clock.today()
    memberships, placings = queries.memberships_of(citizen.id), queries.placings_of(citizen.id)
    arrival, ladders = queries.arrival_of(citizen.id), members.ladders_of(current_user, in_use=True)
    proposals = queries.proposals_waiting(citizen.id)
    forms = {**_forms(today, arrival, proposals), **(tried or {})}
    _offer(forms, current_user, ladders)
    return render_page(
        "target_groups/situation.html",
        fragment="content",
        status=status,
        refusal=refusal.message if refusal else None,
        citizen=citizen,
        spells=spells,
        replaced=[spell for spell in every if spell.replaced_at is not None],
        against=_against(spells),
        memberships=memberships,
        placings=placings,
        standing_now={one.id for one in queries.placed_on(placings, today)},
        arrival=arrival,
        proposals=proposals,
        ladders=ladders,
        forms=forms,
        picture=picture_of(spells, memberships, placings, arrival, today),
        days_in_words=situations.days_in_words,
        today=today,
    )


def _columns() -> list[tuple[Any, Any]]:
    return [
        (_("Periode"), lambda spell: spell.kind.label),
        (_("Fra"), lambda spell: spell.from_on),
        (_("Til og med"), lambda spell: spell.until_on),
        (_("Timer om ugen"), lambda spell: spell.hours_per_week),
        (_("Form"), lambda spell: spell.form.label if spell.form else ""),
        (_("Kendt fra"), lambda spell: spell.source.label),
        (_("Skrevet"), lambda spell: spell.recorded_at),
    ]


def _forms(today: Any, arrival: Any, proposals: list[SpellProposal]) -> dict[str, PortalForm]:
    """Each with what it suggests."""
    from_today = {"from_on": today}
    return {
        "spell": SpellForm(formdata=None, data=from_today, prefix="spell-"),
        "join": JoinForm(formdata=None, data=from_today, prefix="join-"),
        "placing": PlacingForm(formdata=None, data=from_today, prefix="placing-"),
        "arrival": ArrivalForm(formdata=None, obj=arrival, prefix="arrival-"),
        **{
            f"proposal{one.id}": ProposalForm(formdata=None, obj=one, prefix=f"proposal{one.id}-")
            for one in proposals
        },
    }


def _offer(forms: dict[str, PortalForm], user: Any, ladders: Any) -> None:
    forms["join"].group_id.choices = _groups(user)
    forms["placing"].step_id.choices = _steps(ladders)


def _groups(user: Any) -> list[tuple[int, str]]:
    return [
        (0, _("Vælg")),
        *((group.id, group.name) for group in queries.groups_of(user.municipality_id)),
    ]


def _steps(ladders: Any) -> Any:
    return {
        "": [(0, _("Vælg"))],
        **{ladder.name: [(step.id, step.name) for step in ladder.steps] for ladder in ladders},
    }


def _against(spells: list[Spell]) -> dict[int, str]:
    """By spell what cannot be true beside it: a placement may have written over what somebody said."""
    days = [(spell.id, SpellDays(spell.kind, spell.from_on, spell.until_on)) for spell in spells]
    found = {}
    for key, own in days:
        clashes = contradictions(own, [other for other_key, other in days if other_key != key])
        if clashes:
            found[key] = str(clashes[0][1])
    return found


def _done(citizen_id: int, words: str) -> Any:
    flash(words, "success")
    return redirect(url_for("situations.detail", citizen_id=citizen_id), 303)


# --- Spells ----------------------------------------------------------------------------------------------------


@bp.post("/spells")
@requires(Action.RECORD_SITUATIONS)
def add_spell(citizen_id: int) -> Any:
    citizen = citizen_for(current_user, citizen_id)
    form = SpellForm(prefix="spell-")
    if not form.validate():
        return _page(citizen, {"spell": form}, status=422)
    try:
        with transaction():
            situations.add_spell(citizen.id, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _page(citizen, {"spell": form}, status=409, refusal=error)
    return _done(citizen_id, _("Perioden er skrevet."))


@bp.route("/spells/<int:spell_id>", methods=["GET", "POST"])
@requires(Action.RECORD_SITUATIONS)
def spell(citizen_id: int, spell_id: int) -> Response:
    """Correct it, or end it."""
    row = _own_spell(citizen_id, spell_id)
    form = SpellForm(obj=row)
    if not form.is_submitted():
        return _spell_page(row, form)
    if not form.validate():
        return _spell_page(row, form, status=422)
    try:
        with transaction():
            situations.correct_spell(row, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _spell_page(row, form, status=409, refusal=error)
    flash(_("Perioden er rettet. Det gamle er gemt, så en tidligere dag kan tælles igen."), "success")
    return leave_to(url_for("situations.detail", citizen_id=citizen_id))


@bp.post("/spells/<int:spell_id>/remove")
@requires(Action.RECORD_SITUATIONS)
def remove_spell(citizen_id: int, spell_id: int) -> Response:
    row = _own_spell(citizen_id, spell_id)
    removal = RemoveForm()
    if not removal.validate():
        return _spell_page(row, SpellForm(formdata=None, obj=row), removal=removal, status=422)
    with transaction():
        situations.remove_spell(row, because=removal.because.data or "", by=current_user, at=clock.now())
    flash(_("Perioden er taget væk. Der står stadig, at den var en fejl."), "success")
    return leave_to(url_for("situations.detail", citizen_id=citizen_id))


def _own_spell(citizen_id: int, spell_id: int) -> Spell:
    citizen_for(current_user, citizen_id)
    return queries.spell_of(citizen_id, spell_id)


def _spell_page(
    row: Spell,
    form: SpellForm,
    *,
    removal: RemoveForm | None = None,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    record_view("situation-read", row.citizen, citizen_id=row.citizen_id, purpose=_("Opslag på din sag"))
    return render_page(
        "target_groups/spell.html",
        fragment="content",
        status=status,
        row=row,
        form=form,
        removal=removal or RemoveForm(formdata=None),
        refusal=refusal.message if refusal else None,
    )


@bp.post("/proposals/<int:proposal_id>/confirm")
@requires(Action.RECORD_SITUATIONS)
def confirm(citizen_id: int, proposal_id: int) -> Any:
    citizen = citizen_for(current_user, citizen_id)
    proposal = queries.proposal_of(citizen_id, proposal_id)
    name = f"proposal{proposal_id}"
    form = ProposalForm(prefix=f"{name}-")
    if not form.validate():
        return _page(citizen, {name: form}, status=422)
    try:
        with transaction():
            situations.confirm_proposal(proposal, form.details_of(proposal), by=current_user, at=clock.now())
    except DomainError as error:
        return _page(citizen, {name: form}, status=409, refusal=error)
    return _done(citizen_id, _("Perioden er bekræftet."))


@bp.post("/proposals/<int:proposal_id>/dismiss")
@requires(Action.RECORD_SITUATIONS)
def dismiss(citizen_id: int, proposal_id: int) -> Any:
    citizen_for(current_user, citizen_id)
    proposal = queries.proposal_of(citizen_id, proposal_id)
    with transaction():
        situations.dismiss_proposal(proposal, by=current_user, at=clock.now())
    return _done(citizen_id, _("Der bliver ikke skrevet nogen periode."))


# --- Groups, steps and arrival -----------------------------------------------------------------------------------


@bp.post("/groups")
@requires(Action.RECORD_SITUATIONS)
def join(citizen_id: int) -> Any:
    citizen = citizen_for(current_user, citizen_id)
    form = JoinForm(prefix="join-")
    form.group_id.choices = _groups(current_user)
    if not form.validate():
        return _page(citizen, {"join": form}, status=422)
    try:
        with transaction():
            situations.add_member(
                members.group_for(current_user, form.group_id.data),
                citizen,
                situations.MembershipDetails(form.from_on.data),
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _page(citizen, {"join": form}, status=409, refusal=error)
    return _done(citizen_id, _("Borgeren er sat i målgruppen."))


@bp.post("/steps")
@requires(Action.RECORD_SITUATIONS)
def place(citizen_id: int) -> Any:
    citizen = citizen_for(current_user, citizen_id)
    form = PlacingForm(prefix="placing-")
    ladders = members.ladders_of(current_user, in_use=True)
    form.step_id.choices = _steps(ladders)
    if not form.validate():
        return _page(citizen, {"placing": form}, status=422)
    steps: dict[int, LadderStep] = {step.id: step for ladder in ladders for step in ladder.steps}
    try:
        with transaction():
            situations.place_on_step(
                citizen,
                steps[form.step_id.data],
                from_on=form.from_on.data,
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _page(citizen, {"placing": form}, status=409, refusal=error)
    return _done(citizen_id, _("Trinnet er skrevet."))


@bp.post("/steps/<int:placing_id>/remove")
@requires(Action.RECORD_SITUATIONS)
def remove_placing(citizen_id: int, placing_id: int) -> Any:
    citizen_for(current_user, citizen_id)
    placing: StepPlacing = queries.placing_of(citizen_id, placing_id)
    with transaction():
        situations.remove_placing(placing, by=current_user, at=clock.now())
    return _done(citizen_id, _("Trinnet er taget væk."))


@bp.post("/arrival")
@requires(Action.RECORD_SITUATIONS)
def note_arrival(citizen_id: int) -> Any:
    citizen = citizen_for(current_user, citizen_id)
    form = ArrivalForm(prefix="arrival-")
    if not form.validate():
        return _page(citizen, {"arrival": form}, status=422)
    try:
        with transaction():
            situations.note_arrival(citizen.id, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _page(citizen, {"arrival": form}, status=409, refusal=error)
    return _done(citizen_id, _("Ankomst og program er gemt."))


@bp.post("/arrival/remove")
@requires(Action.RECORD_SITUATIONS)
def remove_arrival(citizen_id: int) -> Any:
    citizen_for(current_user, citizen_id)
    arrival = queries.arrival_of(citizen_id)
    if arrival is not None:
        with transaction():
            situations.remove_arrival(arrival, by=current_user, at=clock.now())
    return _done(citizen_id, _("Ankomst og program er taget væk."))
