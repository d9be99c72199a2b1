"""Pages of a changed number: written, shown with whom it touches, and put in force."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.shared.rules import services
from portal.shared.rules.models import Rule
from portal.shared.rules.queries import rule_for
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.workspaces.amendments import queries
from portal.workspaces.amendments.forms import AmendmentForm
from portal.workspaces.amendments.queries import Effect

bp = Blueprint("amendments", __name__, url_prefix="/amendments")

SAVE = "save"
"""The button that is only there once the affected have been shown."""


@bp.route("/rule/<int:rule_id>/new", methods=["GET", "POST"])
@requires(Action.CHANGE_RULES)
def new(rule_id: int) -> Any:
    """A new number for a rule, from a day on."""
    rule = rule_for(rule_id)
    form = AmendmentForm(rule=rule, today=clock.today(), data=_suggested(rule))
    return _answer(rule, form, replacing=None)


@bp.route("/rule/<int:rule_id>/correct", methods=["GET", "POST"])
@requires(Action.CHANGE_RULES)
def correct(rule_id: int) -> Any:
    """A number that has not come into force."""
    rule = rule_for(rule_id)
    if rule.valid_from <= clock.today():
        raise services.RuleInForce
    form = AmendmentForm(rule=rule, today=clock.today(), obj=rule)
    return _answer(rule, form, replacing=rule)


@bp.post("/rule/<int:rule_id>/withdraw")
@requires(Action.CHANGE_RULES)
def withdraw(rule_id: int) -> Any:
    rule = rule_for(rule_id)
    key = rule.key
    with transaction():
        services.withdraw_rule(rule, by=current_user, at=clock.now(), today=clock.today())
    flash(_("Tallet er trukket tilbage, før det kom til at gælde."), "success")
    return leave_to(url_for("rules.index", q=key))


def _suggested(rule: Rule) -> dict[str, Any]:
    """What is likely to stay, and who is writing."""
    return {
        "value": rule.value,
        "reference": rule.reference,
        "certainty": rule.certainty,
        "checked_by": current_user.name,
        "checked_on": clock.today(),
    }


def _answer(rule: Rule, form: AmendmentForm, *, replacing: Rule | None) -> Any:
    if request.method == "GET":
        return _page(rule, form, replacing=replacing)
    if not form.validate():
        return _page(rule, form, replacing=replacing, status=422)
    if request.form.get("step") != SAVE or not form.is_previewed:
        return _preview(rule, form, replacing=replacing)
    try:
        with transaction():
            saved = _save(form, replacing)
    except DomainError as refusal:
        return _page(rule, form, replacing=replacing, status=409, refusal=refusal)
    flash(_("Tallet er gemt."), "success")
    return leave_to(url_for("rules.history", rule_id=saved.id))


def _save(form: AmendmentForm, replacing: Rule | None) -> Rule:
    if replacing is None:
        return services.put_rule(form.details(), by=current_user, at=clock.now())
    services.correct_rule(replacing, form.details(), by=current_user, at=clock.now(), today=clock.today())
    return replacing


def _preview(rule: Rule, form: AmendmentForm, *, replacing: Rule | None) -> Response:
    effect = queries.effect_of(form.details(), replacing=replacing, today=clock.today())
    form.previewed.data, form.previewed.raw_data = form.fingerprint, None
    return _page(rule, form, replacing=replacing, effect=effect)


def _page(
    rule: Rule,
    form: AmendmentForm,
    *,
    replacing: Rule | None,
    effect: Effect | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    return render_page(
        "amendments/form.html",
        fragment="amendment",
        status=status,
        rule=rule,
        form=form,
        correcting=replacing is not None,
        effect=effect,
        refusal=refusal,
        most=MOST_SHOWN,
    )


MOST_SHOWN = 100
"""Rows of each list in the preview; the number of all stands above it."""
