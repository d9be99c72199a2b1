"""Pages of target groups: the list, a group with its members, who may come in, and of whom nothing is known."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.quarters import last_quarter_end
from portal.base.terms import FEWEST_PEOPLE, SpellKind
from portal.interventions.target_groups import members, services, situations
from portal.interventions.target_groups.forms import (
    AddMembersForm,
    GroupForm,
    MembershipForm,
    RemoveForm,
    SpellForm,
)
from portal.interventions.target_groups.members import ALL, ENDED, NOW, UNKNOWN
from portal.interventions.target_groups.models import Membership, TargetGroup
from portal.interventions.target_groups.names import NotNeutral
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("target_groups", __name__, url_prefix="/target-groups")

GROUP_SORTS = Sorts(
    {
        "name": [alphabetical(TargetGroup.name), TargetGroup.id],
        "plan_until": [TargetGroup.plan_until, TargetGroup.id],
        "created": [TargetGroup.created_at, TargetGroup.id],
    },
    default="name",
)
MEMBER_SORTS = Sorts(
    {
        "name": [Citizen.sort_name, Membership.id],
        "since": [Membership.from_on, Membership.id],
    },
    default="name",
)
CITIZEN_SORTS = Sorts({"name": [Citizen.sort_name, Citizen.id]}, default="name")

UNKNOWN_SORTS = MEMBER_SORTS


@bp.get("/")
@requires(Action.READ_TARGET_GROUPS)
def index() -> Response:
    """The municipality's groups, and how many are in each."""
    listing = read_listing(GROUP_SORTS, filters=("state",))
    on = _counted_on()
    statement = members.group_list(current_user, on, words=listing.q, state=listing.filters["state"])
    counted = members.group_list(current_user, on, words=listing.q, state=listing.filters["state"])
    rows = wanted_rows(listing, statement, GROUP_SORTS, counted=counted.with_only_columns(TargetGroup.id))
    if wants_file():
        return table_file("maalgrupper", _group_columns(on), rows)
    return render_page(
        "target_groups/index.html",
        fragment="group_list",
        listing=listing,
        counted_on=on,
        in_words=_number_in_words,
        states=[("archived", _("Arkiverede")), (ALL, _("Alle"))],
    )


def _counted_on() -> date:
    """Today for who may see persons; others are told of the last quarter's end."""
    return clock.today() if _sees_persons() else last_quarter_end(clock.today())


def _sees_persons() -> bool:
    return bool(current_user.may(Action.READ_SITUATIONS))


def _number_in_words(count: int) -> str:
    return str(count) if _sees_persons() else members.masked(count)


def _group_columns(on: date) -> list[tuple[Any, Any]]:
    columns: list[tuple[Any, Any]] = [
        (_("Målgruppe"), lambda row: row.TargetGroup.name),
        (_("Hvad planen siger"), lambda row: row.TargetGroup.sentence),
        (_("Hvor det står"), lambda row: row.TargetGroup.source),
        (_("Planen gælder fra"), lambda row: row.TargetGroup.plan_from),
        (_("Planen gælder til og med"), lambda row: row.TargetGroup.plan_until),
        (_("Borgere"), lambda row: _number_in_words(row.members)),
        (_("Talt den"), lambda row: on),
    ]
    if _sees_persons():
        columns.append((_("Kendt for"), lambda row: row.known))
    return columns


# --- A group ---------------------------------------------------------------------------------------------------


@bp.get("/<int:group_id>")
@requires(Action.READ_TARGET_GROUPS)
def detail(group_id: int) -> Response:
    """Who is in it, where each is now and what comes next; for who may not see persons, how many."""
    group, today = members.group_for(current_user, group_id), clock.today()
    if not _sees_persons():
        return render_page(
            "target_groups/numbers.html",
            fragment="content",
            group=group,
            counts=members.members_at_quarter_ends(group, today),
            masked=members.masked,
            fewest=FEWEST_PEOPLE,
        )
    listing = read_listing(MEMBER_SORTS, filters=("when", "where"))
    statement = members.member_list(current_user, group, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, MEMBER_SORTS)
    where = members.whereabouts([row.Citizen.id for row in rows], today)
    _note_members(group, rows)
    if wants_file():
        return table_file("maalgruppe", _member_columns(where), rows)
    return render_page(
        "target_groups/detail.html",
        fragment="member_list",
        group=group,
        listing=listing,
        where=where,
        next_step=members.next_step,
        coverage=members.coverage_of(group, today),
        today=today,
        times=[(NOW, _("I målgruppen nu")), (ENDED, _("Tidligere")), (ALL, _("Alle"))],
        kinds=[*SpellKind.choices(), (UNKNOWN, _("Ved ikke"))],
    )


def _note_members(group: TargetGroup, rows: Any) -> None:
    action, purpose = (
        ("members-exported", _("Liste hentet som fil"))
        if wants_file()
        else ("members-listed", _("Liste over borgere"))
    )
    people = (row.Citizen.id for row in rows)
    record_view(action, group, citizen_id=None, purpose=purpose, people=people)


def _member_columns(where: dict[int, members.Whereabouts]) -> list[tuple[Any, Any]]:
    def kinds(row: Any) -> str:
        return ", ".join(str(kind.label) for kind in where[row.Citizen.id].kinds)

    def steps(row: Any) -> str:
        return ", ".join(f"{step.ladder.name}: {step.name}" for step in where[row.Citizen.id].steps)

    return [
        (_("Navn"), lambda row: row.Citizen.name),
        (_("Sagsnummer"), lambda row: row.Citizen.case_reference),
        (_("Kort"), lambda row: row.card_number),
        (_("Fra"), lambda row: row.Membership.from_on),
        (_("Til og med"), lambda row: row.Membership.until_on),
        (
            _("Hvorfor det sluttede"),
            lambda row: row.Membership.end_reason.label if row.Membership.end_reason else "",
        ),
        (_("Nu"), kinds),
        (_("Trin"), steps),
        (
            _("Det næste"),
            lambda row: members.next_step(row.Citizen.id, row.card_id, where[row.Citizen.id]).words,
        ),
    ]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_TARGET_GROUPS)
def new() -> Response:
    form = GroupForm()
    if not form.is_submitted():
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None, status=422)
    try:
        with transaction():
            group = services.create_group(
                current_user.municipality_id, form.details, by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _form_page(form, None, status=409, refusal=_beside_a_field(form, error))
    flash(_("Målgruppen er oprettet."), "success")
    return leave_to(url_for("target_groups.detail", group_id=group.id))


@bp.route("/<int:group_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_TARGET_GROUPS)
def edit(group_id: int) -> Response:
    group = members.group_for(current_user, group_id)
    form = GroupForm(obj=group)
    if not form.is_submitted():
        return _form_page(form, group)
    if not form.validate():
        return _form_page(form, group, status=422)
    try:
        with transaction():
            services.edit_group(
                group, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(group.version)
        return _form_page(form, group, status=409, refusal=error)
    except DomainError as error:
        return _form_page(form, group, status=409, refusal=_beside_a_field(form, error))
    flash(_("Målgruppen er gemt."), "success")
    return leave_to(url_for("target_groups.detail", group_id=group_id))


def _beside_a_field(form: GroupForm, error: DomainError) -> DomainError | None:
    """Put what was refused where it can be mended; None when it stands there."""
    places = {
        NotNeutral: form.name,
        services.GroupNameTaken: form.name,
        services.EndsBeforeItBegins: form.plan_until,
        services.AgesBackwards: form.age_until,
    }
    field = places.get(type(error))
    if field is None:
        return error
    field.errors = [*field.errors, str(error.message)]
    return None


def _form_page(
    form: GroupForm, group: TargetGroup | None, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "target_groups/form.html",
        fragment="content",
        status=status,
        form=form,
        group=group,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:group_id>/archive")
@requires(Action.MANAGE_TARGET_GROUPS)
def archive(group_id: int) -> Any:
    group = members.group_for(current_user, group_id)
    with transaction():
        services.archive_group(group, by=current_user, at=clock.now())
    flash(_("Målgruppen er arkiveret. Det, der er talt, står der stadig."), "success")
    return redirect(url_for("target_groups.detail", group_id=group_id), 303)


@bp.post("/<int:group_id>/reopen")
@requires(Action.MANAGE_TARGET_GROUPS)
def reopen(group_id: int) -> Any:
    group = members.group_for(current_user, group_id)
    with transaction():
        services.reopen_group(group, by=current_user, at=clock.now())
    flash(_("Målgruppen er i brug igen."), "success")
    return redirect(url_for("target_groups.detail", group_id=group_id), 303)


# --- Members -------------------------------------------------------------------------------------------------


@bp.route("/<int:group_id>/add", methods=["GET", "POST"])
@requires(Action.RECORD_SITUATIONS)
def add(group_id: int) -> Response:
    """Several at once, from a search; the group's ages propose, a person decides."""
    group = members.group_for(current_user, group_id)
    form = AddMembersForm(data={"from_on": clock.today()})
    if not form.is_submitted():
        return _add_page(group, form)
    if not form.validate():
        return _add_page(group, form, status=422)
    people = members.candidates(current_user, form.citizens.data or ())
    try:
        with transaction():
            added = _take_in(group, people, form.from_on.data)
    except DomainError as error:
        return _add_page(group, form, status=409, refusal=error)
    flash(
        ngettext("%(num)s borger er sat i målgruppen.", "%(num)s borgere er sat i målgruppen.", added),
        "success" if added else "info",
    )
    if added < len(people):
        flash(_("%(num)s var der allerede.", num=len(people) - added), "info")
    return leave_to(url_for("target_groups.detail", group_id=group_id))


def _take_in(group: TargetGroup, people: list[Citizen], from_on: date) -> int:
    """Whoever is in it already is left as she is."""
    added = 0
    for citizen in people:
        try:
            situations.add_member(
                group, citizen, situations.MembershipDetails(from_on), by=current_user, at=clock.now()
            )
        except situations.AlreadyMember:
            continue
        added += 1
    return added


def _add_page(
    group: TargetGroup, form: AddMembersForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    listing = read_listing(CITIZEN_SORTS, filters=("suggested",))
    statement = members.candidate_list(
        current_user,
        group,
        clock.today(),
        words=listing.q,
        suggested=bool(listing.filters["suggested"]) and group.has_age_band,
    )
    rows = wanted_rows(listing, statement, CITIZEN_SORTS)
    people = (row.Citizen.id for row in rows)
    record_view("members-listed", group, citizen_id=None, purpose=_("Liste over borgere"), people=people)
    return render_page(
        "target_groups/add.html",
        fragment="candidate_list",
        status=status,
        group=group,
        form=form,
        listing=listing,
        ticked=set(form.citizens.data or ()),
        refusal=refusal,
    )


@bp.route("/<int:group_id>/members/<int:membership_id>", methods=["GET", "POST"])
@requires(Action.RECORD_SITUATIONS)
def membership(group_id: int, membership_id: int) -> Response:
    """Correct from when, or end it."""
    row = members.membership_for(current_user, group_id, membership_id)
    form = MembershipForm(obj=row)
    if not form.is_submitted():
        return _membership_page(row, form)
    if not form.validate():
        return _membership_page(row, form, status=422)
    try:
        with transaction():
            situations.correct_membership(row, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _membership_page(row, form, status=409, refusal=error)
    flash(_("Det er gemt."), "success")
    return leave_to(url_for("target_groups.detail", group_id=group_id))


@bp.post("/<int:group_id>/members/<int:membership_id>/remove")
@requires(Action.RECORD_SITUATIONS)
def remove_membership(group_id: int, membership_id: int) -> Any:
    row = members.membership_for(current_user, group_id, membership_id)
    removal = RemoveForm()
    if not removal.validate():
        return _membership_page(row, MembershipForm(formdata=None, obj=row), removal=removal, status=422)
    with transaction():
        situations.remove_membership(row, because=removal.because.data or "", by=current_user, at=clock.now())
    flash(_("Borgeren er taget ud. Der står stadig, at det var en fejl."), "success")
    return leave_to(url_for("target_groups.detail", group_id=group_id))


def _membership_page(
    row: Membership,
    form: MembershipForm,
    *,
    removal: RemoveForm | None = None,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    record_view("situation-read", row.citizen, citizen_id=row.citizen_id, purpose=_("Opslag på din sag"))
    return render_page(
        "target_groups/membership.html",
        fragment="content",
        status=status,
        row=row,
        form=form,
        removal=removal or RemoveForm(formdata=None),
        refusal=refusal.message if refusal else None,
    )


# --- Of whom nothing is known ------------------------------------------------------------------------------------


@bp.get("/<int:group_id>/unknown")
@requires(Action.RECORD_SITUATIONS)
def unknown(group_id: int) -> Response:
    """Members without a spell today, each with a line to write one."""
    return _unknown_page(members.group_for(current_user, group_id), {})


@bp.post("/<int:group_id>/unknown/<int:citizen_id>")
@requires(Action.RECORD_SITUATIONS)
def write_unknown(group_id: int, citizen_id: int) -> Response:
    group = members.group_for(current_user, group_id)
    citizen = citizen_for(current_user, citizen_id)
    form = _quick_form(citizen_id)
    if not form.validate():
        return _unknown_page(group, {citizen_id: form}, status=422)
    try:
        with transaction():
            situations.add_spell(citizen.id, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        form.from_on.errors = [*form.from_on.errors, str(error.message)]
        return _unknown_page(group, {citizen_id: form}, status=409)
    flash(_("%(name)s: %(kind)s er skrevet.", name=citizen.name, kind=form.details.kind.label), "success")
    return redirect(url_for("target_groups.unknown", group_id=group_id), 303)  # type: ignore[return-value]


def _quick_form(citizen_id: int, **more: Any) -> SpellForm:
    return SpellForm(prefix=f"of{citizen_id}-", **more)


def _unknown_page(group: TargetGroup, tried: dict[int, SpellForm], *, status: int = 200) -> Response:
    today = clock.today()
    listing = read_listing(UNKNOWN_SORTS)
    listing.endpoint, listing.values = "target_groups.unknown", {"group_id": group.id}
    statement = members.member_list(current_user, group, today, words=listing.q, where=UNKNOWN)
    rows = wanted_rows(listing, statement, UNKNOWN_SORTS)
    _note_members(group, rows)
    if wants_file():
        return table_file("mangler-at-vide", _unknown_columns(), rows)
    return render_page(
        "target_groups/unknown.html",
        fragment="unknown_list",
        status=status,
        group=group,
        listing=listing,
        coverage=members.coverage_of(group, today),
        forms={
            row.Citizen.id: tried.get(row.Citizen.id)
            or _quick_form(row.Citizen.id, formdata=None, data={"from_on": today})
            for row in rows
        },
        today=today,
    )


def _unknown_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Navn"), lambda row: row.Citizen.name),
        (_("Sagsnummer"), lambda row: row.Citizen.case_reference),
        (_("Kort"), lambda row: row.card_number),
        (_("I målgruppen fra"), lambda row: row.Membership.from_on),
    ]
