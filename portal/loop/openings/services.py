"""Commands of openings: write, publish, withdraw, renew, expire, and hold their places."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base import events
from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.events import Renewal, WordingsMoved
from portal.base.terms import Industry, PlacementForm, TaskKind
from portal.base.working_days import after_working_hours
from portal.loop.employers.models import ContactPerson, Employer, EmployerStatus, Workplace
from portal.loop.openings import findings
from portal.loop.openings.models import (
    ALLOWED_MOVES,
    CAN_EXPIRE,
    Opening,
    OpeningPublication,
    OpeningSharing,
    OpeningStatus,
    OpeningTask,
    WordingLook,
)
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.shared.outbox.queries import posted_once
from portal.shared.rules import queries as rules
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import refuse_final_stops
from portal.shared.skills import services as skills
from portal.shared.skills.confirmed import understand_all_in
from portal.shared.skills.models import Skill
from portal.shared.skills.services import UnderstoodText
from portal.web.links import LinkPurpose
from portal.web.presentation import da_date

RENEWABLE_AFTER: Final = timedelta(days=30)
"""How long after the last day the link of a notice still works."""

IS_UP: Final = frozenset({OpeningStatus.PUBLISHED, OpeningStatus.FILLED})
"""Put up, and not taken down again: a neighbour that it is shared with sees something new."""

CHUNK: Final = 5_000
"""Ids in one statement; databases bound the number of parameters."""


class NoPlaceLeft(DomainError):
    message = _l("Den sidste plads er lige blevet taget af en anden.")


class OpeningClosed(DomainError):
    """The opening is a draft or withdrawn, so nobody can be placed."""

    message = _l("Åbningen er trukket tilbage. Der kan ikke planlægges flere forløb på den.")


class PlacesBelowFilled(DomainError):
    """`filled` places are taken already."""

    def __init__(self, filled: int) -> None:
        super().__init__(
            _l("%(filled)s pladser er allerede besat. Antallet kan ikke være mindre.", filled=filled)
        )
        self.filled = filled


class OpeningNotEditable(DomainError):
    message = _l("Åbningen er trukket tilbage og kan ikke rettes. Lav en kopi i stedet.")


class EmployerNotActive(DomainError):
    message = _l("Virksomheden er sat på pause. Bed kommunen om at gøre den aktiv, før I slår åbninger op.")


class TasksMissing(DomainError):
    message = _l("Skriv mindst én opgave, før åbningen slås op. Ellers er der intet at matche på.")


class LanguageUseMissing(DomainError):
    """A demand for Danish needs what it is used for (docs/rules.md#language-demand)."""

    message = _l("Skriv, hvad dansk skal bruges til, når I stiller krav om dansk.")


class OpeningOver(DomainError):
    message = _l("Perioden er allerede slut. Ret datoerne, før åbningen slås op.")


class AlreadyRenewed(DomainError):
    """The link was used before, or the employer renewed the opening on its page."""

    def __init__(self, expires_on: date | None) -> None:
        super().__init__(
            _l("Åbningen er allerede slået op igen. Den udløber nu %(day)s.", day=da_date(expires_on))
        )


class MoveNotAllowed(DomainError):
    """The opening's status does not allow the step."""

    def __init__(self, status: OpeningStatus) -> None:
        super().__init__(_l("Det kan ikke lade sig gøre. Åbningen er nu: %(status)s.", status=status.label))
        self.status = status


@dataclass(frozen=True)
class OpeningDetails:
    """What an opening says besides its tasks. None: the employer's trade, the workplace's postcode."""

    title: str
    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date | None = None
    places: int = 1
    industry: Industry | None = None
    postcode: str | None = None
    description: str = ""
    danish_speaking: int = 0
    danish_reading: int = 0
    danish_use: str = ""
    shifts: list[str] = field(default_factory=list)
    weekdays: list[str] = field(default_factory=list)
    working_times: str = ""
    condition_ids: list[int] = field(default_factory=list)
    visible_to_neighbours: bool = False


@dataclass(frozen=True)
class TaskDraft:
    """A task as written. Without `skill_id` the text is understood by the vocabulary when it is sure.

    `chosen` says that its writer picked the skill when asked what she means, `own_words` that she picked none.
    """

    text: str
    kind: TaskKind
    level: int = 2
    skill_id: int | None = None
    confidence: float = 1.0
    chosen: bool = False
    own_words: bool = False


def create_opening(
    workplace: Workplace,
    details: OpeningDetails,
    tasks: Sequence[TaskDraft],
    *,
    by: User | None,
    at: datetime,
) -> Opening:
    """A draft at the workplace. Raises LanguageUseMissing."""
    _refuse_unused_danish(details)
    opening = Opening(
        employer_id=workplace.employer_id,
        workplace_id=workplace.id,
        municipality_id=workplace.employer.municipality_id,
        created_at=at,
    )
    _apply(opening, workplace, details)
    db.session.add(opening)
    _keep_sharing(opening, at=at)
    _put_tasks(opening, tasks)
    audit.record("opening-created", subject=opening, by=by, at=at)
    return opening


def edit_opening(
    opening: Opening,
    details: OpeningDetails,
    tasks: Sequence[TaskDraft],
    *,
    by: User | None,
    at: datetime,
    workplace: Workplace | None = None,
) -> None:
    """Change what the opening says; `workplace` when it moves within the employer.

    Raises OpeningNotEditable, PlacesBelowFilled, LanguageUseMissing, TasksMissing.
    """
    _lock(opening)
    _refuse_edit(opening, details, tasks)
    place = workplace or opening.workplace
    if place.employer_id != opening.employer_id:
        raise OpeningNotEditable(_l("Åbningen kan kun flyttes til et andet sted i samme virksomhed."))
    opening.workplace_id = place.id
    _apply(opening, place, details)
    _keep_sharing(opening, at=at)
    _put_tasks(opening, tasks)
    _follow_capacity(opening)
    opening.version += 1
    audit.record("opening-edited", subject=opening, by=by, at=at)
    events.opening_changed.send(opening, at=at)


def _lock(opening: Opening) -> None:
    """Read the opening anew and hold it: its places may just have changed."""
    db.session.refresh(opening, with_for_update={"of": Opening})


def _refuse_edit(opening: Opening, details: OpeningDetails, tasks: Sequence[TaskDraft]) -> None:
    if opening.status is OpeningStatus.WITHDRAWN:
        raise OpeningNotEditable
    if details.places < opening.filled:
        raise PlacesBelowFilled(opening.filled)
    _refuse_unused_danish(details)
    if opening.status is not OpeningStatus.DRAFT and not any(task.text.strip() for task in tasks):
        raise TasksMissing


def _refuse_unused_danish(details: OpeningDetails) -> None:
    if (details.danish_speaking or details.danish_reading) and not details.danish_use.strip():
        raise LanguageUseMissing


def _apply(opening: Opening, workplace: Workplace, details: OpeningDetails) -> None:
    inherited = {
        "industry": details.industry or workplace.employer.industry,
        "postcode": details.postcode or workplace.postcode,
    }
    values = {**asdict(details), **inherited}
    wanted = values.pop("condition_ids")
    for name, value in values.items():
        setattr(opening, name, value)
    if opening.condition_ids != sorted(wanted):
        opening.conditions = list(db.session.scalars(sa.select(Skill).where(Skill.id.in_(wanted))))


def _keep_sharing(opening: Opening, *, at: datetime) -> None:
    """Note when neighbours may see it and when no longer: what a past day's partnerships are counted by."""
    shared = next((one for one in opening.sharings if one.until_at is None), None)
    if opening.visible_to_neighbours and shared is None:
        is_up = opening.status_on(danish_day(at)) in IS_UP
        opening.sharings.append(OpeningSharing(from_at=at, while_up=is_up))
    elif not opening.visible_to_neighbours and shared is not None:
        shared.until_at = at


def _follow_capacity(opening: Opening) -> None:
    if opening.status is OpeningStatus.FILLED and opening.free_places:
        opening.status = OpeningStatus.PUBLISHED
    elif opening.status is OpeningStatus.PUBLISHED and not opening.free_places:
        opening.status = OpeningStatus.FILLED


def _put_tasks(opening: Opening, drafts: Sequence[TaskDraft]) -> None:
    """Replace the tasks, keeping the row of one that is still there: suggestions point at it."""
    wanted = [draft for draft in drafts if draft.text.strip()]
    meanings = understand_all_in(opening.municipality_id, [draft.text for draft in wanted])
    standing = {(task.kind, task.text): task for task in opening.tasks}
    tasks = []
    for position, (draft, meaning) in enumerate(zip(wanted, meanings, strict=True)):
        key = (draft.kind, draft.text.strip())
        task = standing.pop(key, None) or OpeningTask(kind=draft.kind, text=draft.text.strip(), chosen=False)
        task.level, task.position = draft.level, position
        _give_meaning(task, draft, meaning)
        tasks.append(task)
    opening.tasks = tasks
    db.session.flush()


def _give_meaning(task: OpeningTask, draft: TaskDraft, meaning: UnderstoodText) -> None:
    """What its writer says, now or before, goes before what the lexicon makes of it."""
    if draft.skill_id is not None:
        task.skill_id, task.confidence, task.chosen = draft.skill_id, draft.confidence, draft.chosen
        task.guesses = []
    elif draft.own_words:
        task.skill_id, task.confidence, task.chosen = None, 1.0, False
        task.guesses = []
    elif not task.chosen:
        task.skill_id, task.confidence = meaning.skill_id, meaning.confidence
        task.guesses = list(meaning.guesses)


def publish_opening(opening: Opening, *, by: User | None, at: datetime, today: date) -> None:
    """Let the opening be matched, until it expires.

    Raises MoveNotAllowed, EmployerNotActive, TasksMissing, OpeningOver, StopIsFinal.
    """
    _lock(opening)
    if opening.status is not OpeningStatus.DRAFT:
        raise MoveNotAllowed(opening.status)
    _go_live(opening, at=at, today=today)
    _give_receipt(opening, at=at)
    audit.record("opening-published", subject=opening, by=by, at=at)
    events.opening_changed.send(opening, at=at)


def renew_opening(
    opening: Opening, *, by: User | None, at: datetime, today: date, expired_on: date | None = None
) -> None:
    """Put up again an opening that has expired or soon will; `expired_on`: by the link about that day.

    Raises as publish_opening.
    """
    _lock(opening)
    if not can_be_renewed(opening, today):
        raise MoveNotAllowed(opening.status_on(today))
    _go_live(opening, at=at, today=today, expired_on=expired_on)
    opening.version += 1
    _follow_capacity(opening)
    audit.record("opening-renewed", subject=opening, by=by, at=at)
    events.opening_changed.send(opening, at=at)


def can_be_renewed(opening: Opening, today: date) -> bool:
    """Whether it has expired, or its employer has been told that it soon will."""
    if opening.status_on(today) is OpeningStatus.EXPIRED:
        return True
    first, _last = notice_days(rules.numbers_on(NOTICES, today, opening.municipality_id))
    return (
        opening.status is OpeningStatus.PUBLISHED
        and opening.outlives_notice
        and (opening.expires_on is not None and opening.expires_on <= today + first)
    )


def renew_by_link(opening: Opening, expires_on: date, *, at: datetime, today: date) -> None:
    """The same, by the link of a mail: good for the day it was sent about, and so once.

    Raises AlreadyRenewed, and as renew_opening.
    """
    _lock(opening)
    if opening.expires_on != expires_on:
        raise AlreadyRenewed(opening.expires_on)
    renew_opening(opening, by=None, at=at, today=today, expired_on=expires_on)


NOTICES: Final = ("opening-notice-days-first", "opening-notice-days-last")
"""Keys of the rules."""


def notice_days(numbers: Numbers) -> tuple[timedelta, timedelta]:
    """How long before the last day the employer is told, the first time and the last. Raises RuleMissing."""
    first, last = (timedelta(days=numbers.whole(key)) for key in NOTICES)
    return first, last


def tell_of_expiry(*, at: datetime, today: date) -> int:
    """Mail the employers whose openings soon expire, once 14 and once 3 days before; returns how many mails.

    Source: docs/rules.md#opening-lifetime
    """
    book = rules.rule_book(*NOTICES)
    earliest = timedelta(days=max((int(row.value) for row in book.rows if row.holds_on(today)), default=0))
    soon = (
        sa.select(Opening)
        .where(Opening.status == OpeningStatus.PUBLISHED, Opening.expires_on.between(today, today + earliest))
        .options(
            joinedload(Opening.employer).selectinload(Employer.contacts),
            joinedload(Opening.employer).joinedload(Employer.municipality),
        )
        .order_by(Opening.id)
    )
    keys = soon.with_only_columns(Opening.id).order_by(None)
    posted = posted_once(MailKind.RENEWAL, Opening.__tablename__, keys)
    told = 0
    for opening in db.session.scalars(soon):
        first, last = notice_days(book.on(today, opening.municipality_id))
        if opening.outlives_notice and opening.expires_on is not None and opening.expires_on <= today + first:
            days = last if opening.expires_on <= today + last else first
            for contact in opening.employer.contacts:
                dedupe_key = f"renewal-{days.days}:{opening.id}:{opening.expires_on}:{contact.id}"
                if dedupe_key not in posted:
                    told += _tell(opening, opening.expires_on, contact, dedupe_key=dedupe_key, at=at)
    return told


def renewal_link(
    opening: Opening, expires_on: date, contact: ContactPerson | None, *, ends_at: datetime
) -> Link:
    """Good for the day it is about; the contact person's own ends when she leaves the employer."""
    return Link.signed(
        "openings.renew_by_link",
        LinkPurpose.RENEWAL,
        opening.id,
        expires_on.isoformat(),
        *([contact.id] if contact else []),
        expires_at=ends_at,
        arg="renewal",
    )


def _tell(
    opening: Opening, expires_on: date, contact: ContactPerson, *, dedupe_key: str, at: datetime
) -> bool:
    ends_at = datetime.combine(expires_on, time.max, DANISH_TIME) + RENEWABLE_AFTER
    link = renewal_link(opening, expires_on, contact, ends_at=ends_at)
    mail = outbox.post(
        MailKind.RENEWAL,
        to=contact.email,
        at=at,
        unit=opening.employer.municipality,
        context={"title": opening.title, "expires_on": expires_on},
        links={"renew": link, "opening": Link("openings.detail", {"opening_id": opening.id})},
        about=opening,
        dedupe_key=dedupe_key,
    )
    return mail is not None


def _go_live(opening: Opening, *, at: datetime, today: date, expired_on: date | None = None) -> None:
    _refuse_publishing(opening, today)
    numbers = rules.numbers_on(("opening-lifetime-days", "answer-hours"), today, opening.municipality_id)
    lifetime = timedelta(days=numbers.whole("opening-lifetime-days"))
    opening.status = OpeningStatus.PUBLISHED
    if opening.published_at is None:
        opening.published_at = at
        opening.answer_due_at = after_working_hours(at, numbers["answer-hours"])
    db.session.add(OpeningPublication(opening_id=opening.id, at=at, renews_expired_on=expired_on))
    opening.expires_on = min(today + lifetime, opening.ends_on or date.max)
    thank_referrer(opening, at=at)


def _give_receipt(opening: Opening, *, at: datetime) -> None:
    """The employer reads what happens next, and when it hears from the municipality; once for each opening."""
    for contact in opening.employer.contacts:
        outbox.post(
            MailKind.OPENING_POSTED,
            to=contact.email,
            at=at,
            unit=opening.employer.municipality,
            context={
                "title": opening.title,
                "due_at": opening.answer_due_at if opening.answered_at is None else None,
                "expires_on": opening.expires_on,
            },
            links={"opening": Link("openings.detail", {"opening_id": opening.id})},
            about=opening,
            dedupe_key=f"posted:{opening.id}:{contact.id}",
        )


def mark_answered(opening: Opening, *, at: datetime) -> None:
    """The employer heard from the municipality; the first time is what the promise is measured by."""
    if opening.answered_at is None and opening.published_at is not None:
        opening.answered_at = at


def thank_referrer(opening: Opening, *, at: datetime) -> None:
    """The first time a recommended employer posts: now the recommendation counts, and its giver hears of it."""
    employer = opening.employer
    if employer.referred_by is None or employer.referred_by.status is not EmployerStatus.ACTIVE:
        return
    for contact in employer.referred_by.contacts:
        outbox.post(
            MailKind.REFERRAL,
            to=contact.email,
            at=at,
            unit=employer.referred_by.municipality,
            context={"employer": employer.name},
            about=employer,
            dedupe_key=f"referral:{employer.id}:{contact.id}",
        )


def _refuse_publishing(opening: Opening, today: date) -> None:
    if opening.employer.status is not EmployerStatus.ACTIVE:
        raise EmployerNotActive
    if not opening.tasks:
        raise TasksMissing
    if opening.ends_on is not None and opening.ends_on < today:
        raise OpeningOver
    refuse_final_stops(findings.assess_opening(opening, on=today))


def pause_opening(opening: Opening, *, by: User, at: datetime, today: date) -> None:
    """Take no suggestions for a while; what is agreed stands, and the last day comes all the same.

    Raises MoveNotAllowed.
    """
    _lock(opening)
    if opening.status_on(today) is not OpeningStatus.PUBLISHED:
        raise MoveNotAllowed(opening.status_on(today))
    opening.status = OpeningStatus.PAUSED
    opening.version += 1
    audit.record("opening-paused", subject=opening, by=by, at=at)
    events.opening_changed.send(opening, at=at)


def resume_opening(opening: Opening, *, by: User, at: datetime, today: date) -> None:
    """Take suggestions again, until the day that was set before the pause. Raises MoveNotAllowed, EmployerNotActive."""
    _lock(opening)
    if opening.status_on(today) is not OpeningStatus.PAUSED:
        raise MoveNotAllowed(opening.status_on(today))
    if opening.employer.status is not EmployerStatus.ACTIVE:
        raise EmployerNotActive
    opening.status = OpeningStatus.PUBLISHED
    opening.version += 1
    _follow_capacity(opening)
    audit.record("opening-resumed", subject=opening, by=by, at=at)
    events.opening_changed.send(opening, at=at)


def acknowledge_wording(opening: Opening, *, note: str, by: User, at: datetime) -> None:
    """A consultant has read the marked words and lets them stand. Source: docs/rules.md#wording"""
    if findings.acknowledgement_of_wording(opening, on=danish_day(at)) is not None:
        return
    db.session.add(
        WordingLook(
            opening_id=opening.id,
            words_digest=findings.words_digest(opening),
            note=note.strip(),
            looked_at=at,
            looked_by_id=by.id,
        )
    )
    audit.record("wording-looked-at", subject=opening, by=by, at=at)
    db.session.flush()


def withdraw_opening(opening: Opening, *, by: User | None, at: datetime) -> None:
    """Take the opening back for good; placements that were planned stand. Raises MoveNotAllowed."""
    _lock(opening)
    if OpeningStatus.WITHDRAWN not in ALLOWED_MOVES[opening.status]:
        raise MoveNotAllowed(opening.status)
    opening.status, opening.withdrawn_at = OpeningStatus.WITHDRAWN, at
    opening.version += 1
    audit.record("opening-withdrawn", subject=opening, by=by, at=at)
    events.opening_changed.send(opening, at=at)


def relink(skill: Skill, change: WordingsMoved, *, at: datetime) -> Renewal:
    """Understand anew the tasks written with these phrases.

    Every opening touched has a new version; only the first are matched within this request.
    """
    touched = sorted(skills.link_phrases(OpeningTask, OpeningTask.opening_id, skill, change))
    for start in range(0, len(touched), CHUNK):
        some = Opening.id.in_(touched[start : start + CHUNK])
        db.session.execute(sa.update(Opening).where(some).values(version=Opening.version + 1))
    db.session.expire_all()
    now = touched[: change.at_once]
    statement = sa.select(Opening).where(Opening.id.in_(now)).order_by(Opening.id)
    for opening in db.session.scalars(statement).all():
        events.opening_changed.send(opening, at=at)
    return Renewal(len(now), len(touched) - len(now))


def expire_openings(today: date, at: datetime) -> int:
    """Mark those whose last day has passed; returns how many."""
    over = sa.select(Opening).where(Opening.status.in_(CAN_EXPIRE), Opening.expires_on < today)
    openings = list(db.session.scalars(over.order_by(Opening.id).with_for_update()))
    for opening in openings:
        opening.status = OpeningStatus.EXPIRED
        audit.record("opening-expired", subject=opening, by=None, at=at)
        events.opening_changed.send(opening, at=at)
    return len(openings)


_HAS_PLACES = (
    OpeningStatus.PUBLISHED,
    OpeningStatus.PAUSED,
    OpeningStatus.FILLED,
    OpeningStatus.EXPIRED,
)
"""A paused or expired opening gets no new suggestions, but what was agreed before may still be planned."""


def take_place(opening_id: int, *, at: datetime) -> Opening:
    """Take one place by a single guarded UPDATE: of two who ask at the same moment for the last, one gets it.

    Raises NoPlaceLeft, OpeningClosed.
    """
    last = sa.and_(Opening.filled + 1 >= Opening.places, Opening.status == OpeningStatus.PUBLISHED)
    filled = sa.case((last, _status(OpeningStatus.FILLED)), else_=Opening.status)
    statement = (
        sa.update(Opening)
        .where(Opening.id == opening_id, Opening.filled < Opening.places, Opening.status.in_(_HAS_PLACES))
        .values(filled=Opening.filled + 1, status=filled)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    taken = db.session.scalar(statement.returning(Opening.id)) is not None
    opening = _fresh(opening_id)
    if not taken:
        raise NoPlaceLeft if opening.status in _HAS_PLACES else OpeningClosed
    if opening.status is OpeningStatus.FILLED:
        events.opening_changed.send(opening, at=at)
    return opening


def free_place(opening_id: int, *, at: datetime) -> Opening:
    """Give one place back; a filled opening is up again, until its last day."""
    was_filled = Opening.status == OpeningStatus.FILLED
    status = sa.case((was_filled, _status(OpeningStatus.PUBLISHED)), else_=Opening.status)
    statement = (
        sa.update(Opening)
        .where(Opening.id == opening_id, Opening.filled > 0)
        .values(filled=Opening.filled - 1, status=status)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()
    db.session.execute(statement)
    opening = _fresh(opening_id)
    events.opening_changed.send(opening, at=at)
    return opening


def _status(status: OpeningStatus) -> sa.BindParameter[OpeningStatus]:
    return sa.literal(status, Opening.status.type)


def _fresh(opening_id: int) -> Opening:
    statement = sa.select(Opening).where(Opening.id == opening_id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()
