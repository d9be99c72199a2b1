"""What people do to two agreements and two placements in any sequence, for the laws of what is counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st

from portal.base import events
from portal.base.clock import danish_midnight
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.base.terms import Industry, Party, PlacementForm, TaskKind
from portal.loop.assessments import services as assessments
from portal.loop.assessments.models import AssessmentKind
from portal.loop.employers.models import Employer
from portal.loop.employers.services import change_trade
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening
from portal.loop.partnerships import services
from portal.loop.partnerships.models import Partnership
from portal.loop.placements import services as placements
from portal.loop.placements.models import Expectation, Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests.factories import (
    NOW,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    municipality,
    user,
)

START = date(2025, 1, 10)
LONG_AGO = danish_midnight(START) - timedelta(days=900)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(11), UTC)


TASKS = [openings.TaskDraft("rengøring af gulve", TaskKind.MUST)]


def opening_details(*, visible: bool) -> openings.OpeningDetails:
    return openings.OpeningDetails(
        title="Rengøring",
        form=PlacementForm.PRAKTIK,
        hours_per_week=20.0,
        starts_on=START + timedelta(days=2000),
        visible_to_neighbours=visible,
    )


def erase(placement: Placement, *, at: datetime) -> None:
    citizen = placement.card.citizen
    events.citizen_erasing.send(citizen, at=at, again=True)
    db.session.flush()
    db.session.expire_all()


@dataclass(frozen=True)
class Step:
    """Something that somebody does, so many days after what was done before."""

    after_days: int
    what: str
    whom: int
    number: int


WHAT = (
    "sign",
    "end",
    "name",
    "trade",
    "publish",
    "publish",
    "share",
    "unshare",
    "start",
    "finish",
    "erase",
    "erase",
)
OURS, THEIRS = 0, 1
SIGNED_FIRST = [Step(0, "sign", OURS, 2), Step(3, "sign", THEIRS, 2)]
"""So that what follows is seen in a standing."""
STEPS = st.lists(
    st.builds(
        Step, st.integers(0, 60), st.sampled_from(WHAT), st.sampled_from([OURS, THEIRS]), st.integers(-30, 30)
    ),
    min_size=6,
    max_size=16,
).map(lambda steps: [*SIGNED_FIRST, *steps])


@dataclass
class Life:
    """Our employer and the neighbour's, both with an agreement with us, and at each a person's placement planned."""

    people: list[User]
    employer_ids: list[int]
    placement_ids: list[int]
    today: date = START
    opening_ids: dict[int, list[int]] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return noon(self.today)

    @property
    def by(self) -> User:
        return self.people[0]

    def employer(self, step: Step) -> Employer:
        return db.session.get_one(Employer, self.employer_ids[step.whom])

    def agreement(self, step: Step) -> Partnership | None:
        latest = sa.select(Partnership).where(Partnership.employer_id == self.employer_ids[step.whom])
        return db.session.scalars(latest.order_by(Partnership.id.desc())).first()

    def placement(self, step: Step) -> Placement | None:
        return db.session.get(Placement, self.placement_ids[step.whom])

    def sign(self, step: Step) -> None:
        services.sign_partnership(
            self.employer(step),
            municipality_id=municipality().id,
            consultant=self.people[step.number % 2] if step.number % 3 else None,
            signed_on=self.today - timedelta(days=abs(step.number)),
            by=self.by,
            at=self.at,
        )

    def end(self, step: Step) -> None:
        if (agreement := self.agreement(step)) is not None:
            services.end_partnership(
                agreement, ends_on=self.today + timedelta(days=step.number), by=self.by, at=self.at
            )

    def name(self, step: Step) -> None:
        if (agreement := self.agreement(step)) is not None:
            services.name_consultant(
                agreement,
                self.people[step.number % 2],
                from_on=self.today + timedelta(days=step.number),
                by=self.by,
                at=self.at,
            )

    def trade(self, step: Step) -> None:
        change_trade(
            self.employer(step), list(Industry)[step.number % len(Industry)], on=self.today, at=self.at
        )

    def publish(self, step: Step) -> None:
        place = self.employer(step).workplaces[0]
        details = opening_details(visible=step.number % 2 == 0)
        opening = openings.create_opening(place, details, TASKS, by=self.by, at=self.at)
        openings.publish_opening(opening, by=self.by, at=self.at, today=self.today)
        self.opening_ids.setdefault(step.whom, []).append(opening.id)

    def share(self, step: Step, *, visible: bool = True) -> None:
        for key in self.opening_ids.get(step.whom, [])[-1:]:
            opening = db.session.get_one(Opening, key)
            openings.edit_opening(opening, opening_details(visible=visible), TASKS, by=self.by, at=self.at)

    def unshare(self, step: Step) -> None:
        self.share(step, visible=False)

    def start(self, step: Step) -> None:
        if (placement := self.placement(step)) is not None:
            first_day = self.today - timedelta(days=abs(step.number))
            placements.start_placement(
                placement, first_day=first_day, stop_reason="Aftalt", by=self.by, at=self.at
            )

    def finish(self, step: Step) -> None:
        placement = self.placement(step)
        if placement is not None and placement.status is PlacementStatus.RUNNING:
            sheet = assessments.open_sheet(placement, AssessmentKind.END, by=self.by, at=self.at)
            assessments.close_and_end(
                sheet,
                outcome=Outcome.HIRED,
                ended_on=self.today,
                alone_because="Aftalt",
                by=self.by,
                at=self.at,
            )

    def erase(self, step: Step) -> None:
        if (placement := self.placement(step)) is not None:
            erase(placement, at=self.at)

    def take(self, step: Step) -> None:
        """All of it, or nothing where it is refused."""
        act: Callable[[Step], None] = getattr(self, step.what)
        try:
            with db.session.begin_nested():
                act(step)
                db.session.flush()
        except DomainError:
            db.session.expire_all()


@contextmanager
def nothing_is_matched() -> Iterator[None]:
    """Suggestions are no part of the count, and renewing them is most of the time."""
    with events.opening_changed.muted(), events.card_changed.muted():
        yield


def begin(app: Flask) -> Life:
    known = list(db.session.scalars(sa.select(Employer).order_by(Employer.id)))
    if not known:
        for number, place in enumerate(("Halsnæs", "Fredensborg")):
            employer = make_employer(f"Firma {number}", in_municipality=place, trade_since=START)
            post = make_opening(employer, published_at=LONG_AGO, created_at=LONG_AGO, expires_on=None)
            review = make_review(
                make_match(post, make_card(make_citizen(f"Borger {number}"))),
                citizen_answer=Answer.YES,
                employer_answer=Answer.YES,
            )
            placement = make_placement(
                review,
                form=PlacementForm.REGULAR_JOB,
                asks_settlement=False,
                starts_on=START + timedelta(days=1800),
                ends_on=START + timedelta(days=1900),
            )
            with transaction():
                for party in Party:
                    db.session.add(
                        Expectation(
                            placement_id=placement.id,
                            party=party,
                            purpose="Arbejde",
                            time_frame="Snart",
                            development="Mere",
                            stated_at=NOW,
                            recorded_by_id=user("karin@kommune.example").id,
                        )
                    )
    employers = sa.select(Employer.id).order_by(Employer.id)
    planned = sa.select(Placement.id).order_by(Placement.id)
    return Life(
        [user("karin@kommune.example"), user("jonas@kommune.example")],
        list(db.session.scalars(employers)),
        list(db.session.scalars(planned)),
    )
