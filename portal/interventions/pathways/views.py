"""Pages of packages: the list, a package with its steps, and the form it is written in."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import SKILL_LEVELS
from portal.interventions.pathways import queries, services, ways
from portal.interventions.pathways.forms import PackageForm, skill_names
from portal.interventions.pathways.models import JobPackage, PackageStep
from portal.interventions.pathways.shipped import shipped_packages
from portal.interventions.target_groups.members import masked, masked_parts
from portal.interventions.target_groups.names import NotNeutral
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("pathways", __name__, url_prefix="/pathways")

SAVE = "save"

PACKAGE_SORTS = Sorts(
    {
        "name": [alphabetical(JobPackage.name), JobPackage.id],
        "industry": [JobPackage.industry, alphabetical(JobPackage.name), JobPackage.id],
        "created": [JobPackage.created_at, JobPackage.id],
    },
    default="name",
)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """The municipality's packages, and those of the portal that it may take into use."""
    listing = read_listing(PACKAGE_SORTS, filters=("state",))
    statement = queries.package_list(current_user, words=listing.q, state=listing.filters["state"])
    rows = wanted_rows(listing, statement, PACKAGE_SORTS)
    if wants_file():
        return table_file("pakker", _package_columns(), rows)
    copied, counts = queries.copied_keys(current_user), ways.people_on(rows)
    return render_page(
        "pathways/index.html",
        fragment="package_list",
        listing=listing,
        on_way=lambda package: _in_words(counts.get(package.id, 0)),
        states=[(queries.ARCHIVED, _("Arkiverede")), (queries.ALL, _("Alle"))],
        shipped=[one for one in shipped_packages().values() if one.key not in copied],
    )


def _in_words(count: int) -> str:
    """How many people; who may not see them is told of fewer than five as that."""
    return str(count) if current_user.may(Action.RECORD_EFFORTS) else masked(count)


def _package_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Pakke"), lambda package: package.name),
        (_("Fag"), lambda package: package.industry.label),
        (_("Hvad den fører til"), lambda package: package.about),
        (_("Trin"), lambda package: len(package.steps)),
        (_("Uger"), lambda package: package.weeks),
        (_("Arkiveret"), lambda package: package.is_archived),
    ]


@bp.get("/<int:package_id>")
@requires(Action.READ_EFFORTS)
def detail(package_id: int) -> Response:
    """A package as a ladder, from the first step to the job."""
    package = queries.package_for(current_user, package_id)
    if wants_file():
        return table_file("pakke", _step_columns(package.steps), package.steps)
    on_way = ways.people_on([package]).get(package.id, 0)
    return render_page(
        "pathways/detail.html",
        fragment="content",
        package=package,
        on_way=_in_words(on_way),
        on_step=_steps_in_words(package, on_way).get,
        file_url=url_for("pathways.detail", package_id=package_id, format="csv"),
    )


def _steps_in_words(package: JobPackage, on_way: int) -> dict[PackageStep, str]:
    counts = ways.people_on_steps(package)
    parts = [counts.get(step.id, 0) for step in package.steps]
    sees = current_user.may(Action.RECORD_EFFORTS)
    words = [str(part) for part in parts] if sees else masked_parts(on_way, parts)
    return dict(zip(package.steps, words, strict=True))


def _step_columns(steps: Sequence[PackageStep]) -> list[tuple[Any, Any]]:
    def skills(step: PackageStep) -> str:
        return ", ".join(f"{one.skill.name}: {SKILL_LEVELS[one.level]}" for one in step.skills)

    return [
        (_("Trin"), lambda step: steps.index(step) + 1),
        (_("Navn"), lambda step: step.name),
        (_("Form"), lambda step: step.kind.label),
        (_("Uger"), lambda step: step.weeks),
        (_("Det skal læres"), skills),
        (_("Det næste trin kræver"), lambda step: step.asks),
    ]


@bp.post("/start/<key>")
@requires(Action.RECORD_EFFORTS)
def take_into_use(key: str) -> Any:
    """Copy one of the portal's own packages."""
    shipped = shipped_packages().get(key)
    if shipped is None:
        return error_pages.answer(404)
    try:
        with transaction():
            package = services.take_into_use(
                shipped, current_user.municipality_id, by=current_user, at=clock.now()
            )
    except DomainError as error:
        flash(str(error.message), "error")
        return redirect(url_for("pathways.index"), 303)
    flash(_("Pakken er kopieret. Ret den, så den passer til jer."), "success")
    return redirect(url_for("pathways.detail", package_id=package.id), 303)


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new() -> Response:
    form = PackageForm()
    if not form.is_submitted():
        return _form_page(form, None)
    if _pressed() != SAVE:
        return _form_page(form.rearranged(_pressed()), None)
    if not form.validate():
        return _form_page(form, None, status=422)
    try:
        with transaction():
            package = services.create_package(
                current_user.municipality_id, form.details, by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _form_page(form, None, status=409, refusal=_beside_a_field(form, error))
    flash(_("Pakken er oprettet."), "success")
    return leave_to(url_for("pathways.detail", package_id=package.id))


@bp.route("/<int:package_id>/edit", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def edit(package_id: int) -> Response:
    package = queries.package_for(current_user, package_id)
    form = PackageForm()
    if not form.is_submitted():
        return _form_page(PackageForm.of(package), package)
    if _pressed() != SAVE:
        return _form_page(form.rearranged(_pressed()), package)
    if not form.validate():
        return _form_page(form, package, status=422)
    try:
        with transaction():
            services.edit_package(
                package, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(package.version)
        return _form_page(form, package, status=409, refusal=error)
    except DomainError as error:
        return _form_page(form, package, status=409, refusal=_beside_a_field(form, error))
    flash(_("Pakken er gemt. De, der er i gang, beholder de trin, de begyndte på."), "success")
    return leave_to(url_for("pathways.detail", package_id=package_id))


def _pressed() -> str:
    """Which button of the form: to save, or to add, remove or move a step."""
    return request.form.get("step", SAVE)


def _beside_a_field(form: PackageForm, error: DomainError) -> DomainError | None:
    """Put what was refused where it can be mended; None when it stands there."""
    if not isinstance(error, (services.PackageNameTaken, NotNeutral)):
        return error
    form.name.errors = [*form.name.errors, str(error.message)]
    return None


def _form_page(
    form: PackageForm, package: JobPackage | None, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    form.add_lines()
    return render_page(
        "pathways/form.html",
        fragment="package_form",
        status=status,
        form=form,
        package=package,
        skill_names=skill_names(),
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:package_id>/archive")
@requires(Action.RECORD_EFFORTS)
def archive(package_id: int) -> Any:
    package = queries.package_for(current_user, package_id)
    with transaction():
        services.archive_package(package, by=current_user, at=clock.now())
    flash(_("Pakken er arkiveret. De, der er i gang, fortsætter."), "success")
    return redirect(url_for("pathways.detail", package_id=package_id), 303)


@bp.post("/<int:package_id>/reopen")
@requires(Action.RECORD_EFFORTS)
def reopen(package_id: int) -> Any:
    package = queries.package_for(current_user, package_id)
    with transaction():
        services.reopen_package(package, by=current_user, at=clock.now())
    flash(_("Pakken er i brug igen."), "success")
    return redirect(url_for("pathways.detail", package_id=package_id), 303)
