"""Pages of the talks after somebody was hired: whom to call, and what was said."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.recorded_days import RecordedAhead
from portal.base.terms import FEWEST_PEOPLE
from portal.interventions.aftercare import queries, services
from portal.interventions.aftercare.forms import TalkForm
from portal.interventions.aftercare.models import JobTalk, StillThere, TalkState
from portal.interventions.target_groups.members import masked, masked_parts
from portal.loop.citizens.models import Citizen
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("aftercare", __name__, url_prefix="/aftercare")

SORTS = Sorts(
    {
        "next": [queries.TO_BE_HELD_FIRST, JobTalk.due_on, JobTalk.id],
        "due": [JobTalk.due_on, JobTalk.id],
        "citizen": [Citizen.sort_name, JobTalk.id],
    },
    default="next",
)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """Whom to talk with and when; for who may not see names, how many are still there."""
    today = clock.today()
    if not current_user.may(Action.RECORD_EFFORTS):
        return render_page(
            "aftercare/numbers.html",
            fragment="content",
            numbers=queries.numbers_of(current_user.municipality_id, today),
            masked=masked,
            masked_parts=masked_parts,
            fewest=FEWEST_PEOPLE,
        )
    listing = read_listing(SORTS, filters=("state", "still_there"))
    statement = queries.talk_list(current_user, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    record_view(
        "job-talks-exported" if wants_file() else "job-talks-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Liste hentet som fil") if wants_file() else _("Liste over borgere"),
        people=(row.citizen_id for row in rows),
    )
    if wants_file():
        return table_file("efter-ansaettelsen", _columns(), rows)
    return render_page(
        "aftercare/index.html",
        fragment="talk_list",
        listing=listing,
        states=TalkState.choices(),
        answers=StillThere.choices(),
        today=today,
        kinds=TalkState,
    )


def _columns() -> list[tuple[Any, Any]]:
    today = clock.today()
    return [
        (_("Borger"), lambda row: row.citizen.name),
        (_("Sagsnummer"), lambda row: row.citizen.case_reference),
        (_("Ansat hos"), lambda row: row.placement.opening.workplace.name),
        (_("Måneder efter"), lambda row: row.months),
        (_("Senest"), lambda row: row.due_on),
        (_("Status"), lambda row: row.state_on(today).label),
        (_("Dato for samtalen"), lambda row: row.held_on),
        (_("Er der stadig"), lambda row: row.still_there.label if row.still_there else ""),
        (_("Timer om ugen"), lambda row: row.hours_per_week),
        (_("Det næste"), lambda row: row.next_step.label if row.next_step else ""),
    ]


@bp.route("/<int:talk_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def record(talk_id: int) -> Response:
    """What was said, or a correction of it."""
    talk = queries.talk_for(current_user, talk_id)
    form = TalkForm(obj=talk, today=clock.today())
    if not form.is_submitted():
        return _page(talk, form)
    if not form.validate():
        return _page(talk, form, status=422)
    try:
        with transaction():
            ended = services.hold_talk(
                talk, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(talk.version)
        return _page(talk, form, status=409, refusal=error)
    except (services.BeforeTheJob, RecordedAhead) as error:
        field = form.left_on if form.left_on.data else form.held_on
        field.errors = [*field.errors, str(error.message)]
        return _page(talk, form, status=409)
    except DomainError as error:
        return _page(talk, form, status=409, refusal=error)
    flash(_("Samtalen er skrevet."), "success")
    if ended:
        flash(_("Perioden i arbejde er slut den dag, du skrev."), "info")
    return leave_to(url_for("aftercare.index"))


def _page(
    talk: JobTalk, form: TalkForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    record_view("job-talk-read", talk, citizen_id=talk.citizen_id, purpose=_("Opslag på din sag"))
    return render_page(
        "aftercare/record.html",
        fragment="content",
        status=status,
        talk=talk,
        form=form,
        job=queries.job_of(talk),
        refusal=refusal.message if refusal else None,
    )


# --- Beside a record -------------------------------------------------------------------------------------------


def beside_placement(placement: Any, reader: Any) -> dict[str, Any] | None:
    """The talks that a placement led to, to whoever runs the efforts."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    talks = queries.talks_of(placement.id)
    return {"talks": talks, "today": clock.today(), "kinds": TalkState} if talks else None


def hers(citizen: Any, _reader: Any) -> dict[str, Any] | None:
    """The day of her next talk."""
    talk = queries.next_talk_of(citizen.id)
    return {"due_on": talk.due_on} if talk else None
