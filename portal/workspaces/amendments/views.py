"""Pages of a changed number: written, shown with whom it touches, and put in force.

The law's numbers are changed for every municipality by whoever runs the portal; a municipality's own by its leader.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.shared.rules import services
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.queries import law_on, law_row, own_row, row_on
from portal.shared.rules.units import in_words
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, Scope, requires
from portal.workspaces.amendments import queries
from portal.workspaces.amendments.forms import (
    BackwardsForm,
    EndForm,
    NumberForm,
    OwnAmendmentForm,
    WaitingAnswer,
    WaitingForm,
    backwards_form,
    law_form,
    own_form,
)
from portal.workspaces.amendments.queries import Effect

bp = Blueprint("amendments", __name__, url_prefix="/amendments")

SAVE: Final = "save"
"""The button that is only there once the affected have been shown."""

MOST_SHOWN: Final = 100
"""Rows of each list in the preview; the number of all stands above it."""


@dataclass(frozen=True)
class Draft:
    """A number that is being written."""

    rule: Rule
    """The rule it is a number of, by one of its rows."""
    form: NumberForm
    replacing: Rule | None = None
    """The row that is corrected."""

    @property
    def is_own(self) -> bool:
        return isinstance(self.form, OwnAmendmentForm)

    @property
    def is_backwards(self) -> bool:
        return isinstance(self.form, BackwardsForm)


# --- The law's numbers, for every municipality ------------------------------------------------------------------


@bp.route("/rule/<int:rule_id>/new", methods=["GET", "POST"])
@requires(Action.CHANGE_RULES)
def new(rule_id: int) -> Any:
    """A new number for a rule, from a day on."""
    rule = law_row(rule_id)
    data = _suggested() | {"value": rule.value, "words": rule.words, "reference": rule.reference}
    form = law_form(rule, today=clock.today(), data=data | {"certainty": rule.certainty})
    return _answer(Draft(rule, form))


@bp.route("/rule/<int:rule_id>/correct", methods=["GET", "POST"])
@requires(Action.CHANGE_RULES)
def correct(rule_id: int) -> Any:
    """A number that has not come into force."""
    return _correct(law_row(rule_id), law_form)


@bp.route("/rule/<int:rule_id>/backwards", methods=["GET", "POST"])
@requires(Action.CHANGE_RULES)
def backwards(rule_id: int) -> Any:
    """Another number for days that are gone, with the reason."""
    rule = law_row(rule_id)
    said = ("value", "words", "valid_from", "valid_to", "reference", "source", "certainty")
    data = _suggested() | {name: getattr(rule, name) for name in said}
    return _answer(Draft(rule, backwards_form(rule, today=clock.today(), data=data)))


@bp.route("/rule/<int:rule_id>/waiting", methods=["GET", "POST"])
@requires(Action.CHANGE_RULES)
def waiting(rule_id: int) -> Any:
    """A row that the portal shipped with a first day that was past, and from when it is to hold."""
    rule = law_row(rule_id)
    if rule.standing is not RuleStanding.WAITING:
        raise services.NotWaiting
    form = WaitingForm(rule=rule, today=clock.today())
    if request.method != "POST":
        return _waiting_page(rule, form)
    if not form.validate():
        return _waiting_page(rule, form, status=422)
    if request.form.get("step") != SAVE or not form.is_previewed:
        return _waiting_preview(rule, form)
    try:
        with transaction():
            _answer_waiting(rule, form)
    except DomainError as refusal:
        return _waiting_page(rule, form, status=409, refusal=refusal)
    flash(_("Svaret er gemt."), "success")
    return leave_to(url_for("rules.history", rule_id=rule.id))


def _answer_waiting(rule: Rule, form: WaitingForm) -> None:
    who_and_when: dict[str, Any] = {"by": current_user, "at": clock.now()}
    if form.how.data is WaitingAnswer.FROM_TODAY:
        services.confirm_from_today(rule, **who_and_when)
    elif form.how.data is WaitingAnswer.BACKWARDS:
        services.confirm_backwards(rule, form.reason.data, **who_and_when)
    else:
        services.refuse_shipped(rule, form.reason.data, **who_and_when)


def _waiting_preview(rule: Rule, form: WaitingForm) -> Response:
    form.previewed.data, form.previewed.raw_data = form.fingerprint, None
    if form.how.data is WaitingAnswer.REFUSE:
        return _waiting_page(rule, form, effect=Effect([], []))
    effect = queries.effect_of(form.details(), replacing=None, today=clock.today())
    return _waiting_page(rule, form, effect=effect)


def _waiting_page(
    rule: Rule,
    form: WaitingForm,
    *,
    effect: Effect | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> Response:
    return render_page(
        "amendments/waiting.html",
        fragment="waiting",
        status=status,
        rule=rule,
        form=form,
        law=law_on(rule.key, clock.today()),
        effect=effect,
        counted=_counted(effect),
        refusal=refusal,
        most=MOST_SHOWN,
    )


@bp.post("/rule/<int:rule_id>/withdraw")
@requires(Action.CHANGE_RULES)
def withdraw(rule_id: int) -> Any:
    return _withdraw(law_row(rule_id))


# --- A municipality's own, beside the law -----------------------------------------------------------------------


@bp.route("/own/<int:rule_id>/new", methods=["GET", "POST"])
@requires(Action.SET_OWN_RULES)
def own_new(rule_id: int) -> Any:
    """A stricter number for a rule of the law, in the reader's municipality alone."""
    rule = law_row(rule_id)
    services.refuse_what_is_the_laws_alone(rule.key)
    form = own_form(
        rule, today=clock.today(), municipality_id=current_user.municipality_id, data=_suggested()
    )
    return _answer(Draft(rule, form))


@bp.route("/own/<int:own_rule_id>/correct", methods=["GET", "POST"])
@requires(Action.SET_OWN_RULES)
def own_correct(own_rule_id: int) -> Any:
    """An own number that has not come into force."""
    return _correct(
        own_row(current_user, own_rule_id), own_form, municipality_id=current_user.municipality_id
    )


@bp.post("/own/<int:own_rule_id>/withdraw")
@requires(Action.SET_OWN_RULES)
def own_withdraw(own_rule_id: int) -> Any:
    return _withdraw(own_row(current_user, own_rule_id))


@bp.route("/own/<int:own_rule_id>/end", methods=["GET", "POST"])
@requires(Action.SET_OWN_RULES)
def own_end(own_rule_id: int) -> Any:
    """An own number that holds gets a last day; then the law alone holds again."""
    rule = own_row(current_user, own_rule_id)
    form = EndForm(rule=rule, today=clock.today())
    if request.method != "POST":
        return _end_page(rule, form)
    if not form.validate():
        return _end_page(rule, form, status=422)
    with transaction():
        services.end_own_rule(rule, form.last_day.data, by=current_user, at=clock.now(), today=clock.today())
    flash(_("Kommunens egen regel slutter. Derefter gælder loven alene."), "success")
    return leave_to(url_for("rules.history", rule_id=rule.id))


def _end_page(rule: Rule, form: EndForm, *, status: int = 200) -> Response:
    return render_page("amendments/end.html", fragment="own_end", status=status, rule=rule, form=form)


# --- What both have in common -----------------------------------------------------------------------------------


def _correct(rule: Rule, form: Callable[..., NumberForm], **options: Any) -> Any:
    if not rule.holds or rule.valid_from <= clock.today():
        raise services.RuleInForce
    return _answer(Draft(rule, form(rule, today=clock.today(), obj=rule, **options), replacing=rule))


def _withdraw(rule: Rule) -> Any:
    key = rule.key
    with transaction():
        services.withdraw_rule(rule, by=current_user, at=clock.now(), today=clock.today())
    flash(_("Tallet er trukket tilbage, før det kom til at gælde."), "success")
    return leave_to(url_for("rules.index", q=key))


def _suggested() -> dict[str, Any]:
    """Who is writing, and when."""
    return {"checked_by": current_user.name, "checked_on": clock.today()}


def _answer(draft: Draft) -> Any:
    form = draft.form
    if request.method != "POST":
        return _page(draft)
    if not form.validate():
        return _page(draft, status=422)
    if request.form.get("step") != SAVE or not form.is_previewed:
        return _preview(draft)
    try:
        with transaction():
            saved = _save(draft)
    except DomainError as refusal:
        return _page(draft, status=409, refusal=refusal)
    flash(_("Reglen er gemt."), "success")
    return leave_to(url_for("rules.history", rule_id=saved.id))


def _save(draft: Draft) -> Rule:
    details, replacing = draft.form.details(), draft.replacing
    if isinstance(draft.form, BackwardsForm):
        return services.correct_past(details, draft.form.reason.data, by=current_user, at=clock.now())
    if replacing is None:
        return services.put_rule(details, by=current_user, at=clock.now())
    services.correct_rule(replacing, details, by=current_user, at=clock.now(), today=clock.today())
    return replacing


def _preview(draft: Draft) -> Response:
    effect = queries.effect_of(draft.form.details(), replacing=draft.replacing, today=clock.today())
    draft.form.previewed.data, draft.form.previewed.raw_data = draft.form.fingerprint, None
    return _page(draft, effect=effect)


def _page(
    draft: Draft, *, effect: Effect | None = None, refusal: DomainError | None = None, status: int = 200
) -> Response:
    return render_page(
        "amendments/form.html",
        fragment="amendment",
        status=status,
        rule=draft.rule,
        form=draft.form,
        own=draft.is_own,
        backwards=draft.is_backwards,
        **(_around(draft) if effect is not None else {}),
        law=law_on(draft.rule.key, clock.today()),
        correcting=draft.replacing is not None,
        effect=effect,
        counted=_counted(effect),
        refusal=refusal,
        most=MOST_SHOWN,
        day_more=timedelta(days=1),
    )


def _around(draft: Draft) -> dict[str, Any]:
    """The new number in words, and those of its line on the day before its first and after its last."""
    details, day = draft.form.details(), timedelta(days=1)
    line = (details.key, details.municipality_id)
    return {
        "new_words": in_words(details.value, details.unit),
        "before": row_on(line[0], details.valid_from - day, line[1]),
        "goes_on": row_on(line[0], details.valid_to + day, line[1]) if details.valid_to else None,
    }


def _counted(effect: Effect | None) -> dict[str, Any] | None:
    """Numbers alone for whoever runs the portal: she sees no persons, and no workplace leads her to one."""
    if effect is None or current_user.scope is not Scope.INSTALLATION:
        return None
    return {
        "placements": queries.kinds_of(effect.placements),
        "openings": queries.kinds_of(effect.openings),
    }
