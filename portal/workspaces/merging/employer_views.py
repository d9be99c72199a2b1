"""Pages of employers that may stand here twice: the list, the two side by side, and the yes."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal.base import clock
from portal.base.database import check_version, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.loop.employers.models import Employer
from portal.loop.employers.queries import employer_for
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.workspaces.merging import employer_doubles, employers
from portal.workspaces.merging.forms import FindEmployerForm, MergeEmployersForm

bp = Blueprint("employer_merging", __name__, url_prefix="/employer-doubles")


@bp.get("/")
@requires(Action.MANAGE_EMPLOYERS)
def index() -> Response:
    """All pairs of the municipality that may be one."""
    return render_page(
        "merging/employer_doubles.html",
        fragment="content",
        pairs=employer_doubles.employer_doubles(current_user),
    )


@bp.route("/<int:employer_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def of_employer(employer_id: int) -> Any:
    """Which other one it may be: those that look like it, or a CVR number that somebody knows."""
    employer, form = employer_for(current_user, employer_id), FindEmployerForm()
    if not form.is_submitted():
        return _find_page(employer, form)
    if not form.validate():
        return _find_page(employer, form, status=422)
    other_id = employer_doubles.employer_by_number(current_user, form.number.data or "")
    if other_id is None or other_id == employer_id:
        form.number.errors = [_("Ingen anden virksomhed i kommunen har det nummer.")]
        return _find_page(employer, form, status=422)
    return leave_to(url_for("employer_merging.merge", employer_id=employer_id, double_id=other_id))


def _find_page(employer: Employer, form: FindEmployerForm, *, status: int = 200) -> Response:
    return render_page(
        "merging/employer_find.html",
        fragment="content",
        status=status,
        employer=employer,
        form=form,
        pairs=employer_doubles.employer_doubles(current_user, of=employer),
    )


@bp.route("/<int:employer_id>/<int:double_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_EMPLOYERS)
def merge(employer_id: int, double_id: int) -> Any:
    """`employer_id` stays; `double_id` becomes another way to it."""
    kept, gone = employer_for(current_user, employer_id), employer_for(current_user, double_id)
    if kept.id == gone.id:
        raise NotFound
    form = MergeEmployersForm().offer(kept, gone)
    if not form.is_submitted():
        return _merge_page(kept, gone, form)
    if not form.validate():
        return _merge_page(kept, gone, form, status=422)
    try:
        with transaction():
            for employer, seen in zip((kept, gone), form.seen_versions, strict=True):
                check_version(employer, seen)
            employers.merge_employers(kept, gone, form.choice, by=current_user, at=clock.now())
    except DomainError as refusal:
        kept, gone = employer_for(current_user, employer_id), employer_for(current_user, double_id)
        if isinstance(refusal, StaleVersion):
            form.accept(kept, gone)
        return _merge_page(kept, gone, form, status=409, refusal=refusal)
    flash(_("De to er nu én virksomhed. Begges historie står her."), "success")
    return leave_to(url_for("employers.detail", employer_id=employer_id))


@bp.post("/<int:employer_id>/<int:double_id>/apart")
@requires(Action.MANAGE_EMPLOYERS)
def tell_apart(employer_id: int, double_id: int) -> Any:
    """They are two: the pair leaves the list, and is still found from each of them."""
    one, other = employer_for(current_user, employer_id), employer_for(current_user, double_id)
    if one.id == other.id:
        raise NotFound
    with transaction():
        employer_doubles.tell_employers_apart(one, other, by=current_user, at=clock.now())
    flash(
        _(
            "%(one)s og %(other)s er to virksomheder. Var det forkert, kan de lægges sammen fra deres egen side.",
            one=one.name,
            other=other.name,
        ),
        "success",
    )
    return leave_to(url_for("employer_merging.index"))


def _merge_page(
    kept: Employer,
    gone: Employer,
    form: MergeEmployersForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    return render_page(
        "merging/employer_merge.html",
        fragment="content",
        status=status,
        kept=kept,
        gone=gone,
        form=form,
        refusal=refusal.message if refusal else None,
        rows=employers.what_each_has(kept, gone),
    )
