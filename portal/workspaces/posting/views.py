"""Pages of the step form: where to begin, one screen at a time, the line of how many cards could fit, the summary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import MultiDict

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import PlacementForm, TaskKind
from portal.loop.employers.models import Workplace
from portal.loop.openings.proposals import FIND, with_found
from portal.loop.openings.queries import editable_opening_for
from portal.shared.rules.findings import Finding
from portal.shared.skills.queries import names, phrases
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, Scope, requires
from portal.workspaces.posting import queries, services
from portal.workspaces.posting.draft_answers import DraftAnswers
from portal.workspaces.posting.forms import (
    DanishStep,
    FormStep,
    JobStep,
    MoreStep,
    StepForm,
    TasksStep,
    TermsStep,
    TimeStep,
)
from portal.workspaces.posting.models import OpeningDraft, Step

bp = Blueprint("posting", __name__, url_prefix="/posting")

MORE_LINES: Final = 3
"""Further lines for tasks in the employer's own words, each time she asks for more."""

ANSWERED: Final = "answered"
"""The button that answers what was asked before the screen was to be left."""

DEMANDS: Final = {
    "hours": _l("antallet af timer"),
    "danish_speaking": _l("kravet om at tale dansk"),
    "danish_reading": _l("kravet om at læse dansk"),
    "shift_early_morning": _l("arbejde tidligt om morgenen"),
    "shift_evening": _l("arbejde om aftenen"),
    "shift_weekend": _l("arbejde i weekenden"),
    "shift_night": _l("arbejde om natten"),
}
"""What an employer can give way on, by the matcher's name of the condition."""


@dataclass(frozen=True)
class Desk:
    """A draft as its writer has it before her."""

    draft: OpeningDraft
    workplaces: Sequence[Workplace]
    written: DraftAnswers

    @property
    def workplace(self) -> Workplace | None:
        return queries.workplace_of(self.draft, self.workplaces)


PUBLISHED: Final = "published"
"""In the cookie: the drafts that became openings in this login, and which."""

MOST_PUBLISHED: Final = 20
"""Of the last ones: whoever goes back goes to what she has just done, and a cookie is small."""


def _desk(draft_id: int) -> Desk:
    """Raises NoResultFound for a stranger's draft; whoever comes back to one that was put up sees the opening."""
    try:
        draft = queries.draft_for(current_user, draft_id)
    except NoResultFound:
        if request.method != "POST" and (opening_id := _published().get(str(draft_id))):
            abort(redirect(url_for("openings.detail", opening_id=opening_id), 303))
        raise
    workplaces = queries.workplaces_of(current_user)
    return Desk(draft, workplaces, queries.read(draft, current_user, workplaces))


def _published() -> dict[str, int]:
    return dict(session.get(PUBLISHED, {}))


def _note_published(draft_id: int, opening_id: int) -> None:
    kept = [*_published().items(), (str(draft_id), opening_id)]
    session[PUBLISHED] = dict(kept[-MOST_PUBLISHED:])


@bp.get("/")
@requires(Action.REGISTER_OPENING)
def index() -> Response:
    """Go on with a draft, begin anew, or begin with what an earlier opening says."""
    return render_page(
        "posting/index.html",
        fragment="content",
        drafts=queries.drafts(current_user),
        earlier=queries.openings_to_copy(current_user),
        approved=bool(queries.workplaces_of(current_user)),
    )


@bp.post("/begin")
@requires(Action.REGISTER_OPENING)
def begin() -> Any:
    with transaction():
        draft = services.begin_draft(by=current_user, at=clock.now())
    return leave_to(_address(draft.id, Step.JOB))


@bp.post("/copy/<int:opening_id>")
@requires(Action.REGISTER_OPENING)
def copy(opening_id: int) -> Any:
    opening = editable_opening_for(current_user, opening_id)
    with transaction():
        draft = services.begin_copy(opening, by=current_user, at=clock.now(), today=clock.today())
    flash(_("Kopien er en kladde. Se den igennem, og slå den op."), "success")
    return leave_to(url_for("posting.summary", draft_id=draft.id))


@bp.get("/<int:draft_id>/<step>")
@requires(Action.REGISTER_OPENING)
def step(draft_id: int, step: str) -> Any:
    desk, asked = _desk(draft_id), _step(step)
    return _step_page(desk, asked, _form(asked, desk))


@bp.get("/<int:draft_id>/<step>/reach")
@requires(Action.REGISTER_OPENING)
def reach(draft_id: int, step: str) -> Response:
    """The line as it would read with what stands on the screen, saved or not."""
    desk, asked = _desk(draft_id), _step(step)
    form = _form(asked, desk, sent=_as_typed(asked, desk))
    form.validate()
    if not any(form[name].errors for name in form.LIVE):  # what else is missing is told when she goes on
        answers = {**desk.draft.answers, asked.value: form.answers()}
        desk = replace(desk, written=replace(desk.written, answers=answers))
    return _step_page(desk, asked, form, fragment="reach_line")


def _as_typed(step: Step, desk: Desk) -> MultiDict[str, str]:
    """What the page sends along of this screen's live fields, over what the draft says in the others."""
    saved = _form(step, desk)
    typed: MultiDict[str, str] = MultiDict()
    for field in saved:
        if field.name in saved.LIVE:
            typed.setlist(field.name, request.args.getlist(field.name))
        elif field.data is not None and field.data is not False:
            values = field.data if isinstance(field.data, list) else [field.data]
            typed.setlist(field.name, [str(value) for value in values])
    return typed


@bp.post("/<int:draft_id>/<step>")
@requires(Action.REGISTER_OPENING)
def save(draft_id: int, step: str) -> Any:
    """Save the screen, whichever way its writer goes on."""
    desk, asked = _desk(draft_id), _step(step)
    form = _form(asked, desk, sent=request.form)
    go = request.form.get("go", "")
    if isinstance(form, MoreStep) and form.reads_ad(go):
        answer = _proposals_answer(desk, form, asked_for=go == FIND)
        if answer is not None:
            return answer
    if go in ("lines", ANSWERED) and isinstance(form, MoreStep):
        form.add_lines(more=MORE_LINES if go == "lines" else 0)
        return _step_page(desk, asked, form)
    if not form.validate() or form.unclear:
        return _step_page(desk, asked, form, status=422)
    with transaction():
        services.save_step(desk.draft, asked, form.answers(), at=clock.now())
    if go == "stop":
        flash(_("Kladden er gemt. Gå videre, når det passer."), "success")
        return leave_to(url_for("posting.index"))
    if go == "back":
        return _go_to(desk.draft, asked.previous, otherwise=url_for("posting.index"))
    # Whoever mends one screen of a whole draft is back where she saw it
    following = asked.following if desk.draft.missing else None
    return _go_to(desk.draft, following, otherwise=url_for("posting.summary", draft_id=draft_id))


def _proposals_answer(desk: Desk, form: MoreStep, *, asked_for: bool) -> Response | None:
    """The screen with what the ad means; none where nothing was found by one who pressed another button."""
    if not form.ad.validate(form):
        return _step_page(desk, Step.MORE, form, status=422)
    form.propose_tasks(desk.written)
    if asked_for:
        return _step_page(desk, Step.MORE, form)
    return _step_page(desk, Step.MORE, form, status=422) if form.found else None


def _go_to(draft: OpeningDraft, step: Step | None, *, otherwise: str) -> Any:
    """To a screen, which takes this one's place; to another page otherwise."""
    return leave_to(otherwise) if step is None else redirect(_address(draft.id, step), 303)


@bp.get("/<int:draft_id>")
@requires(Action.REGISTER_OPENING)
def summary(draft_id: int) -> Response:
    return _summary_page(_desk(draft_id))


@bp.post("/<int:draft_id>/publish")
@requires(Action.REGISTER_OPENING)
def publish(draft_id: int) -> Any:
    desk = _desk(draft_id)
    try:
        if not desk.workplaces:
            raise services.EmployerNotApproved
        with transaction():
            opening = services.publish_draft(
                desk.draft,
                desk.written,
                desk.workplace,
                by=current_user,
                at=clock.now(),
                today=clock.today(),
            )
    except DomainError as refusal:
        return _summary_page(_desk(draft_id), refusal=refusal, status=409)
    _note_published(draft_id, opening.id)
    flash(_("Åbningen er slået op. Kommunen kan nu finde forslag til den."), "success")
    return leave_to(url_for("openings.detail", opening_id=opening.id))


@bp.post("/<int:draft_id>/discard")
@requires(Action.REGISTER_OPENING)
def discard(draft_id: int) -> Any:
    draft = queries.draft_for(current_user, draft_id)
    with transaction():
        services.discard_draft(draft, by=current_user, at=clock.now())
    flash(_("Kladden er slettet."), "success")
    return leave_to(url_for("posting.index"))


# --- One screen ----------------------------------------------------------------------------------------------


def _step(value: str) -> Step:
    if value not in set(Step):
        abort(404)
    return Step(value)


_FORMS: Final[Mapping[Step, type[StepForm]]] = {
    Step.JOB: JobStep,
    Step.FORM: FormStep,
    Step.MORE: MoreStep,
    Step.TIME: TimeStep,
    Step.DANISH: DanishStep,
    Step.TERMS: TermsStep,
}


def _form(step: Step, desk: Desk, sent: Any = None) -> StepForm:
    """The screen: as it was sent, or filled in with what the draft says."""
    kind = TasksStep.about(desk.written.trades_tasks) if step is Step.TASKS else _FORMS[step]
    meta = {} if sent is request.form else {"csrf": False}
    if sent is not None and step is Step.MORE:
        sent = with_found(sent, MoreStep.LISTS)
    said = _said(step, desk.written) if sent is None else {}  # or what is not sent would stand as it was
    form = kind(formdata=sent, data=said, meta=meta)
    if isinstance(form, JobStep):
        form.offer(desk.workplaces)
    elif isinstance(form, DanishStep):
        form.offer(desk.written.phrases)
    elif isinstance(form, TermsStep):
        form.offer_conditions()
    elif isinstance(form, TimeStep):
        form.placement_form = desk.written.form
    elif isinstance(form, MoreStep):
        form.understand(desk.written.municipality_id)
    return form


def _said(step: Step, written: DraftAnswers) -> dict[str, Any]:
    """The draft's answers as the screen's fields want them."""
    if step is Step.TASKS:
        return {key: kind.value for key, kind in written.kinds.items()}
    said = written.step(step)
    if step is Step.TIME:
        return {**said, "starts_on": written.starts_on, "ends_on": written.ends_on}
    return said


def _step_page(
    desk: Desk, step: Step, form: StepForm, *, status: int = 200, fragment: str = "posting_step"
) -> Response:
    if isinstance(form, MoreStep):
        form.add_lines()
    return render_page(
        "posting/step.html",
        fragment=fragment,
        status=status,
        titled=fragment == "posting_step",
        draft=desk.draft,
        written=desk.written,
        step=step,
        steps=len(Step),
        form=form,
        here=_address(desk.draft.id, step),
        reach=queries.reach(desk.written, current_user, desk.workplace, on=clock.today()),
        demands=DEMANDS,
        forms_said={form.value: form.traits.said_to_employer for form in PlacementForm},
        pressed=_pressed(),
        phrases=phrases() if step is Step.MORE else [],
    )


def _pressed() -> str:
    """The button that goes on where questions stopped the writer; asked for more lines, she stays."""
    go = request.form.get("go", "")
    return ANSWERED if go in ("lines", FIND) else go


def _summary_page(desk: Desk, *, refusal: DomainError | None = None, status: int = 200) -> Response:
    known = names()
    return render_page(
        "posting/summary.html",
        fragment="draft_summary",
        status=status,
        draft=desk.draft,
        written=desk.written,
        workplace=desk.workplace,
        steps=Step,
        kinds=list(TaskKind),
        conditions=[
            known[one] for one in desk.written.step(Step.TERMS).get("conditions", []) if one in known
        ],
        reach=queries.reach(desk.written, current_user, desk.workplace, on=clock.today()),
        demands=DEMANDS,
        approved=bool(desk.workplaces),
        findings=_findings(desk),
        marked=queries.marked(desk.written, desk.workplace, current_user, on=clock.today()),
        refusal=refusal,
    )


def _findings(desk: Desk) -> list[Finding]:
    if desk.workplace is None:
        return []
    for_employer = current_user.scope is Scope.EMPLOYER
    return queries.findings(
        desk.draft, desk.written, desk.workplace, on=clock.today(), for_employer=for_employer
    )


def _address(draft_id: int, step: Step) -> str:
    return url_for("posting.step", draft_id=draft_id, step=step.value)
