"""Loads the demo municipality: three years of the loop, told through the rooms' own services with past moments.

Who takes part and what comes of it stands in the script (script.py, data/); here is how it goes. Everything is
relative to `at`, and the same for the same day. What services cannot date (who is a demo user, a neighbour, read
lines) is put in directly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.base.terms import Party, PlacementForm, TaskKind
from portal.demo import changes
from portal.demo.aftercare import Aftercare
from portal.demo.citizens import take_in
from portal.demo.cohorts import Groups
from portal.demo.comparison import Comparing
from portal.demo.contacts import Contacts
from portal.demo.courses import Courses
from portal.demo.employers import leave_outside, let_in
from portal.demo.goals import GoalSetting
from portal.demo.mentors import Mentoring
from portal.demo.notes import Notes
from portal.demo.openings import register
from portal.demo.pathways import Pathways
from portal.demo.plan_years import tell_plan_years
from portal.demo.script import (
    ScriptedAgreement,
    ScriptedChange,
    ScriptedEmployer,
    ScriptedOpening,
    ScriptedPlacement,
    ScriptedReview,
    ToldTasks,
)
from portal.demo.situations import Situations
from portal.demo.tasks import DeskTasks
from portal.demo.timeline import Timeline
from portal.demo.world import OWN_RULE_DAYS, Person, World
from portal.demo.young import YoungPeople
from portal.loop.assessments import services as assessments
from portal.loop.assessments.models import AssessmentKind
from portal.loop.cards import intake
from portal.loop.citizens import services as citizens
from portal.loop.employers import services as employers
from portal.loop.employers.access_review import review_access
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.rematch import rematch
from portal.loop.matches.weights import set_weights
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening
from portal.loop.partnerships import services as partnerships
from portal.loop.placements import follow_ups
from portal.loop.placements import services as placements
from portal.loop.placements.expectations import missing_expectations, state_expectation
from portal.loop.placements.findings import PlacementTerms, findings_of_plan
from portal.loop.placements.models import ChangeKind, FollowUp, Outcome, Placement, PlacementStatus
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.placements.settling import confirm, write_settlement
from portal.loop.reviews import services as reviews
from portal.loop.reviews.findings import findings_of_match, paid_alternatives
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.matching import STANDARD, Weights
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.audit.services import LinkHolder
from portal.shared.outbox.models import Mail, MailState
from portal.shared.rules.checks import percent_of
from portal.shared.rules.findings import stops
from portal.shared.rules.law.case import Act, Grounds, Readiness
from portal.shared.rules.law.igu import MOST_HOURS, SCHOOL
from portal.shared.rules.law.loentilskud import SHARE_MOST
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply
from portal.shared.rules.queries import rule_book
from portal.web.permissions import Role
from portal.workspaces.answers import services as answers
from portal.workspaces.answers.reminders import remind
from portal.workspaces.consents import services as consents
from portal.workspaces.consents.models import ANONYMOUS
from portal.workspaces.posting import services as posting
from portal.workspaces.posting.models import Step
from portal.workspaces.vitas import services as vitas
from portal.workspaces.vitas.models import Confirmation

HISTORY_DAYS = 3 * 365 + 30
UNANSWERED_DAYS = 15
"""Openings younger than this the consultants have not answered yet, unless by a proposal."""
SHEET_OPENED_DAYS_AGO = 4
MONTHLY_WAGE_DKK = 22_000
NOT_HELD_DAYS = 7
"""Follow-ups due within this time have not been held yet."""

Progress = Callable[[str], object]


def load_demo(at: datetime, progress: Progress | None = None) -> None:
    """Fill an empty, migrated database, in transactions of its own. `progress` is told each step in Danish."""
    tell = progress or (lambda _step: None)
    world = World(Timeline(at, days=HISTORY_DAYS))
    story = Story(world)
    with transaction():
        tell("Kommuner, brugere, regler og ordliste")
        world.found()
        tell("Virksomheder, borgere og kort")
        story.let_in_employers()
        story.take_in_citizens()
        tell("Åbninger, forslag, svar og forløb")
        story.register_openings()
        story.sign_partnerships()
        story.plan_what_else_goes_on()
        world.time.run()
        tell("Planernes år")
        tell_plan_years(world)
        tell("Aftaler")
        story.ask_for_consents()
        story.leave_read_lines()
        deliver_mails()
    with transaction():
        remind(at)
    tell("Alle forslag regnet igen")
    for municipality_id in [place.id for place in world.places.values()]:
        rematch(municipality_id, now=lambda: at)


def deliver_mails() -> None:
    """What was written in the past has long arrived: no worker may send it today."""
    written = sa.update(Mail).where(Mail.state == MailState.WAITING)
    db.session.execute(written.values(state=MailState.SENT, sent_at=Mail.created_at, attempts=1))


@dataclass(frozen=True)
class Proposal:
    """A suggestion that a consultant said yes to, on its way through the answers."""

    person: Person
    opening: ScriptedOpening
    scripted: ScriptedReview
    review: Review


CONFIRMED_DAYS_AGO = 215
REVIEW_DAYS_AGO = (16, 2)
"""When the one employer that confirmed nobody was asked, and reminded."""
OF_THE_DEMO = Grounds(act=Act.INTEGRATION, readiness=Readiness.OTHER)
"""What the placements of the demo rest on, as of most who come to the municipality as refugees."""
NOT_CONFIRMED = "havn"


class Story:
    """Plans each step on its day; a step that is carried out plans what follows from it."""

    def __init__(self, world: World) -> None:
        self.world, self.script, self.time = world, world.script, world.time

    # --- Employers register, and are let in -----------------------------------------------------------------------

    def let_in_employers(self) -> None:
        """Fifteen of them; two more wait for an answer, and one was refused."""
        for employer in self.script.employers:
            self.time.plan(employer.known_for_days, partial(self._let_in, employer))
        for registration in self.script.registrations:
            self.time.plan(registration.sent_days_ago, partial(leave_outside, self.world, registration))
        self.time.plan(CONFIRMED_DAYS_AGO, self._confirm_who_may_sign_in)
        for days_ago in REVIEW_DAYS_AGO:
            self.time.plan(days_ago, review_access)

    def _let_in(self, scripted: ScriptedEmployer, at: datetime) -> None:
        """Most state their staff again, others are due for it; one has stopped taking part."""
        employer = let_in(self.world, scripted, at)
        if scripted.restates_staff:
            self.time.plan(self.world.draw.randint(15, 100), partial(self._state_staff, employer))
        if scripted.passive_for_days is not None:
            by = self.world.consultant_of(employer.municipality_id)
            self.time.plan(
                scripted.passive_for_days, lambda at: employers.set_passive(employer, by=by, at=at)
            )

    def _confirm_who_may_sign_in(self, at: datetime) -> None:
        """All employers said so this year but one, which is asked and reminded, and is silent."""
        for key, employer in self.world.employers.items():
            for contact in employer.contacts:
                if key != NOT_CONFIRMED:
                    contact.confirmed_at = at

    def _state_staff(self, employer: Employer, at: datetime) -> None:
        by = self.world.some_consultant_of(employer.municipality_id)
        said_by = employer.contacts[0].name
        for site in employer.workplaces:
            employers.state_staff(
                site, site.full_time_staff, said_by=said_by, on=danish_day(at), by=by, at=at
            )

    # --- Citizens come, and tell what they can --------------------------------------------------------------------

    def take_in_citizens(self) -> None:
        for number, person in enumerate(self.world.people):
            self.time.plan(person.scripted.known_for_days, partial(self._take_in, number, person))
        self.time.plan(95, self._rest_some)

    def _take_in(self, number: int, person: Person, at: datetime) -> None:
        take_in(self.world, number, person, at)
        for told in self.script.told_tasks:
            if told.person == person.key:
                self.time.plan(told.days_ago, partial(self._tell_tasks, person, told))

    def _tell_tasks(self, person: Person, told: ToldTasks, at: datetime) -> None:
        """What she answered about everyday tasks, and whether she put it on the card."""
        assert person.card is not None
        by = person.card.citizen.user
        intake.save_answers(person.card, told.tasks, by=by, at=at)
        if told.is_put_on_card:
            intake.put_on_card(person.card, told.industry, by=by, at=at, today=danish_day(at))

    def _rest_some(self, at: datetime) -> None:
        """Three are passive: one is on leave, one has moved, one has found work by herself."""
        by = self.world.consultant_of(self.world.home.id)
        free = [
            (one, one.card)
            for one in self.world.people
            if one.card is not None and one.key is None and one.busy_until < danish_day(at)
        ]
        for person, card in free[5:14:3]:
            citizens.set_passive(card.citizen, by=by, at=at)
            person.busy_until = date.max

    # --- Openings are registered, answered and closed -------------------------------------------------------------

    def register_openings(self) -> None:
        for number, opening in enumerate(self.script.openings):
            written = opening.published_days_ago
            days_ago = 4 + number % 5 if written is None else written
            self.time.plan(days_ago, partial(self._register_opening, opening))

    def _register_opening(self, scripted: ScriptedOpening, at: datetime) -> None:
        opening, owner = register(self.world, scripted, at), self.world.owners[scripted.employer]
        published = scripted.published_days_ago
        if published is None:
            return
        if published > UNANSWERED_DAYS:
            days = 0 if self.time.planned % 4 else 3  # most are answered in time
            self.time.plan(published - days, partial(self._answer_employer, opening))
        if scripted.withdrawn_after_days is not None:
            self.time.plan(
                published - scripted.withdrawn_after_days,
                lambda at: openings.withdraw_opening(opening, by=owner, at=at),
            )
        if scripted.paused_after_days is not None:
            self.time.plan(
                published - scripted.paused_after_days,
                lambda at: openings.pause_opening(opening, by=owner, at=at, today=danish_day(at)),
            )
        for review in scripted.review:
            decide = partial(self._decide, scripted, review, opening)
            self.time.plan(published - review.decided_after_days, decide)

    def _answer_employer(self, opening: Opening, at: datetime) -> None:
        by = self.world.consultant_of(opening.municipality_id)
        answers.write_to_employer(opening, self.script.words.first_answer, by=by, at=at)

    def expire_openings(self) -> None:
        for days_ago in range(HISTORY_DAYS, -1, -15):
            self.time.plan(days_ago, lambda at: openings.expire_openings(danish_day(at), at))

    # --- A consultant decides; the citizen and the employer answer ------------------------------------------------

    def _decide(
        self, scripted_opening: ScriptedOpening, scripted: ScriptedReview, opening: Opening, at: datetime
    ) -> None:
        chosen = self._choose(scripted, opening, danish_day(at))
        if chosen is None:
            return
        person, match = chosen
        by = self.world.some_consultant_of(match.municipality_id)
        reason, words = scripted.reason, scripted.words
        if scripted.refused:
            reviews.refuse_match(match, reason=reason, words=words, by=by, at=at)
            return
        unpaid_reason = self.script.words.unpaid_reason if paid_alternatives(match, on=danish_day(at)) else ""
        review = reviews.approve_match(
            match, reason=reason, words=words, unpaid_reason=unpaid_reason, by=by, at=at
        )
        proposal = Proposal(person, scripted_opening, scripted, review)
        self._reserve(proposal)
        if scripted.citizen is not Answer.PENDING:
            days_ago = self.time.days_ago(at) - scripted.citizen_after_days
            self.time.plan(days_ago, partial(self._hear_citizen, proposal))

    def _choose(self, scripted: ScriptedReview, opening: Opening, day: date) -> tuple[Person, Match] | None:
        """Whom the story names; else the best suggestion whose person is free. A no goes to the last of them."""
        by_card = {one.card.id: one for one in self.world.people if one.card is not None}
        suggested = db.session.scalars(
            sa.select(Match)
            .where(Match.opening_id == opening.id, Match.status == MatchStatus.OPEN)
            .order_by(Match.sure.desc(), Match.possible.desc(), Match.id)
        ).all()
        for match in reversed(suggested) if scripted.refused else suggested:
            person = by_card[match.card_id]
            is_free = person.key == scripted.person and person.busy_until < day
            if is_free and _is_lawful(scripted, match, day):
                return person, match
        return None

    def _reserve(self, proposal: Proposal) -> None:
        """Nobody is proposed for two places at once."""
        scripted, published = proposal.scripted, proposal.opening.published_days_ago
        placement = scripted.placement
        is_open = scripted.waits_for_an_answer or placement is None
        says_no = scripted.citizen is Answer.NO
        if published is None or says_no or (is_open and proposal.person.key == "borger"):
            return
        answered = published - scripted.decided_after_days - scripted.citizen_after_days
        answered -= scripted.employer_after_days
        if placement is None:
            taken_for = 0
        elif placement.stops_after_days is not None:
            taken_for = 60
        else:
            taken_for = placement.starts_after_days + 7 * placement.weeks
        proposal.person.busy_until = self.time.today - timedelta(days=answered - taken_for)

    def _hear_citizen(self, proposal: Proposal, at: datetime) -> None:
        review, scripted = proposal.review, proposal.scripted
        by = review.match.card.citizen.user or self.world.consultant_of(review.match.municipality_id)
        takes_it_back = scripted.citizen is Answer.WITHDRAWN
        answer = Answer.YES if takes_it_back else scripted.citizen
        reviews.answer_as_citizen(review, answer, via=scripted.citizen_via, by=by, at=at)
        days_ago = self.time.days_ago(at)
        employer_days_ago = days_ago - scripted.employer_after_days
        if takes_it_back:
            self.time.plan(days_ago - 5, lambda at: reviews.withdraw_as_citizen(review, by=by, at=at))
        elif scripted.wants_call:
            employer = LinkHolder(unit_name=review.match.opening.employer.name, role=Role.EMPLOYER)
            self.time.plan(employer_days_ago, lambda at: answers.wish_call(review, by=employer, at=at))
        elif answer is Answer.YES and scripted.employer is not Answer.PENDING:
            self.time.plan(employer_days_ago, partial(self._hear_employer, proposal))

    def _hear_employer(self, proposal: Proposal, at: datetime) -> None:
        scripted = proposal.scripted
        by = self.world.owners[proposal.opening.employer]
        reviews.answer_as_employer(
            proposal.review, scripted.employer, reason=scripted.employer_reason, by=by, at=at
        )
        placement = scripted.placement
        if placement is not None and scripted.employer is Answer.YES:
            starts_on = danish_day(at) + timedelta(days=placement.starts_after_days)
            days_ago = self.time.days_ago(at) - placement.planned_after_days
            self.time.plan(days_ago, partial(self._plan_placement, placement, proposal.review, starts_on))

    # --- A placement is planned, started, followed up and ended ---------------------------------------------------

    def _plan_placement(
        self, scripted: ScriptedPlacement, review: Review, starts_on: date, at: datetime
    ) -> None:
        match = review.match
        consultant = self.world.consultant_of(match.municipality_id)
        ends_on = starts_on + timedelta(weeks=scripted.weeks, days=-1)
        terms = PlacementTerms(
            match.opening.form, scripted.hours_per_week, starts_on, ends_on, grounds=OF_THE_DEMO
        )
        is_long = stops(findings_of_plan(match.opening, match.card, terms, on=danish_day(at)))
        placement = placements.plan_placement(
            review,
            form=terms.form,
            hours_per_week=terms.hours_per_week,
            starts_on=starts_on,
            ends_on=ends_on,
            long_reason=self.script.words.long_reason if is_long else "",
            grounds=terms.grounds,
            by=consultant,
            at=at,
        )
        if scripted.is_cancelled:
            days_ago = self.time.days_ago(at) - 4
            self.time.plan(days_ago, lambda at: placements.cancel_placement(placement, by=consultant, at=at))
            return
        self._agree(placement, consultant, at)
        if starts_on <= self.time.today:  # of those still ahead the sheet is yet to be filled in
            self._ready_sheet(placement, consultant, at)
        if starts_on != self.time.today:  # one waits for the click
            self.time.plan(self.time.days_ago(starts_on), partial(self._start, scripted, placement))

    def _agree(self, placement: Placement, consultant: User, at: datetime) -> None:
        """All three say what they expect. Where the start is still ahead, the employer has yet to answer."""
        speakers = {
            Party.CONSULTANT: consultant,  # first: she writes for the citizens who don't themselves
            Party.CITIZEN: placement.card.citizen.user or consultant,
            Party.EMPLOYER: self.world.owner_of(placement.employer_id),
        }
        weeks = (placement.ends_on - placement.starts_on).days // 7 + 1
        for hours, (party, speaker) in enumerate(speakers.items(), start=1):
            if party is Party.EMPLOYER and placement.starts_on > self.time.today:
                continue
            expected = self.script.expectation(placement.form, party)
            state_expectation(
                placement,
                party=party,
                words={
                    "purpose": expected.purpose,
                    "time_frame": expected.time_frame.format(weeks=weeks),
                    "development": expected.development,
                },
                by=speaker,
                at=self.time.no_later_than_now(at + timedelta(hours=hours)),
            )
        if not missing_expectations(placement):
            self._settle(placement, speakers, self.time.no_later_than_now(at + timedelta(hours=5)))

    def _settle(self, placement: Placement, speakers: Mapping[Party, User], at: datetime) -> None:
        """The consultant's words are what they go by, and the other two say yes at the meeting."""
        consultant = speakers[Party.CONSULTANT]
        own = next(said for said in placement.expectations if said.party is Party.CONSULTANT)
        settlement = write_settlement(placement, words=own.words, differing=(), seen=0, by=consultant, at=at)
        for party in (Party.CITIZEN, Party.EMPLOYER):
            how = ConfirmedHow.PAGE if speakers[party] is not consultant else ConfirmedHow.MEETING
            confirm(placement, party, how=how, seen=settlement.version, by=speakers[party], at=at)

    def _ready_sheet(self, placement: Placement, consultant: User, at: datetime) -> None:
        """Everything answered, so that it may begin: as much as the law asks for on its first day."""
        numbers = rule_book().on(placement.starts_on, placement.municipality_id)
        place, form = placement.opening.workplace, placement.form
        details = vitas.SheetDetails(
            purpose=PraktikPurpose.TRAINING if form is PlacementForm.PRAKTIK else None,
            working_times=placement.opening.working_times,
            representative_name=place.representative_name or self.script.words.representative,
            representative_stated_on=min(danish_day(at), placement.starts_on - timedelta(days=1)),
            answers=dict.fromkeys(Confirmation, Reply.YES),
        )
        if form is PlacementForm.LOENTILSKUD:
            staff = place.full_time_staff
            details = replace(
                details,
                staff_last_month=staff,
                staff_average=staff,
                monthly_wage_dkk=MONTHLY_WAGE_DKK,
                monthly_subsidy_dkk=int(percent_of(MONTHLY_WAGE_DKK, numbers[SHARE_MOST])),
            )
        if form is PlacementForm.IGU:
            details = replace(
                details,
                school_weeks=numbers.whole(SCHOOL),
                total_hours_per_week=float(numbers[MOST_HOURS]),
            )
        if form.traits.agreed_in_vitas:
            vitas.write_sheet(placement, details, by=consultant, at=at)
            vitas.declare_ready(placement, by=consultant, at=at)

    def _start(self, scripted: ScriptedPlacement, placement: Placement, at: datetime) -> None:
        consultant = self.world.consultant_of(placement.municipality_id)
        placements.start_placement(placement, by=consultant, at=at)
        self._plan_follow_ups(placement, consultant, at)
        if scripted.change is not None:
            self.time.plan(scripted.change.days_ago, partial(self._change, scripted.change, placement))
        ended_on = placement.ends_on
        if scripted.stops_after_days is not None:
            ended_on = danish_day(at) + timedelta(days=scripted.stops_after_days)
        self.time.plan(self.time.days_ago(ended_on), partial(self._end, scripted, placement))
        if ended_on > self.time.today and self.time.days_ago(at) > SHEET_OPENED_DAYS_AGO:
            self.time.plan(SHEET_OPENED_DAYS_AGO, partial(self._open_midway_sheet, scripted, placement))

    def _change(self, scripted: ScriptedChange, placement: Placement, at: datetime) -> None:
        consultant = self.world.consultant_of(placement.municipality_id)
        if scripted.kind is ChangeKind.CONTINUED:
            new = changes.continue_in(placement, scripted, OF_THE_DEMO, by=consultant, at=at)
            self._agree(new, consultant, at)
            return
        changes.change(placement, scripted, by=consultant, at=at)
        if scripted.is_told_to_vitas:
            vitas.declare_ready(
                placement, by=consultant, at=self.time.no_later_than_now(at + timedelta(hours=1))
            )

    def _plan_follow_ups(self, placement: Placement, consultant: User, at: datetime) -> None:
        step = timedelta(days=28 if placement.form is not PlacementForm.IGU else 90)
        due_on = danish_day(at) + timedelta(days=14)
        while due_on <= min(placement.ends_on, self.time.today + timedelta(days=40)):
            follow_up = follow_ups.add_follow_up(placement, due_on=due_on, by=consultant, at=at)
            if due_on <= self.time.today - timedelta(days=NOT_HELD_DAYS):
                note = self.world.draw.choice(self.script.words.follow_up_notes)
                hold = partial(self._hold_follow_up, placement, follow_up, note)
                self.time.plan(self.time.days_ago(due_on), hold)
            due_on += step

    def _hold_follow_up(self, placement: Placement, follow_up: FollowUp, note: str, at: datetime) -> None:
        if placement.status is PlacementStatus.RUNNING:
            by = self.world.consultant_of(placement.municipality_id)
            follow_ups.hold_follow_up(follow_up, held_on=follow_up.due_on, note=note, by=by, at=at)

    def _open_midway_sheet(self, scripted: ScriptedPlacement, placement: Placement, at: datetime) -> None:
        """The workplace has answered half of it by its link, unless its paper is still to be typed in."""
        by, notes = self.world.consultant_of(placement.municipality_id), self.script.words.workplace_notes
        sheet = assessments.open_sheet(placement, AssessmentKind.MIDWAY, by=by, at=at)
        if scripted.answers_on_paper:
            return
        seen = {
            line.id: assessments.TaskRating(2 + number % 2, notes[number % len(notes)])
            for number, line in enumerate(sheet.lines[: len(sheet.lines) // 2 + 1])
        }
        name = self.world.owner_of(placement.employer_id).name
        later = self.time.no_later_than_now(at + timedelta(hours=3))
        assessments.answer_as_workplace(sheet, seen, name=name, on_paper=False, by=None, at=later)

    def _end(self, scripted: ScriptedPlacement, placement: Placement, at: datetime) -> None:
        """With the last sheet. Its last task the workplace leaves to the consultant; some never answer at all."""
        by, citizen = self.world.consultant_of(placement.municipality_id), placement.card.citizen
        is_stopped = scripted.stops_after_days is not None
        levels = {
            task.text.casefold(): self._seen_level(task.kind, is_stopped) for task in placement.opening.tasks
        }
        sheet = assessments.open_sheet(placement, AssessmentKind.END, by=by, at=at)
        seen = {line.id: assessments.TaskRating(levels[line.task_text.casefold()]) for line in sheet.lines}
        if scripted.outcome is not Outcome.STOPPED_BY_EMPLOYER:
            name = self.world.owner_of(placement.employer_id).name
            by_workplace = {line.id: seen[line.id] for line in sheet.lines[:-1]}
            assessments.answer_as_workplace(sheet, by_workplace, name=name, on_paper=False, by=None, at=at)
        assessments.answer_as_consultant(sheet, seen, {}, by=by, at=at)
        if citizen.user:
            assessments.confirm_sheet(
                sheet, Party.CITIZEN, how=ConfirmedHow.PAGE, seen=sheet.version, by=citizen.user, at=at
            )
        assessments.close_and_end(
            sheet,
            outcome=scripted.outcome,
            ended_on=danish_day(at),
            alone_because=self.script.words.closed_alone,
            by=by,
            at=at,
        )
        if citizen.user:
            comment = self.script.words.citizens_comment
            assessments.comment_as_citizen(sheet, comment, by=citizen.user, at=at)

    def _seen_level(self, kind: TaskKind, is_stopped: bool) -> int:
        if is_stopped:
            return self.world.draw.choice((0, 1, 2))
        return self.world.draw.choice((1, 2, 2, 3) if kind is TaskKind.LEARN else (2, 3, 3, 3, 4))

    # --- Employers who keep placing sign --------------------------------------------------------------------------

    def sign_partnerships(self) -> None:
        for agreement in self.script.agreements:
            self.time.plan(agreement.signed_days_ago, partial(self._sign, agreement))

    def _sign(self, agreement: ScriptedAgreement, at: datetime) -> None:
        employer = self.world.employers[agreement.employer]
        by = self.world.consultant_of(employer.municipality_id)
        signed = partnerships.sign_partnership(
            employer,
            municipality_id=employer.municipality_id,
            consultant=self.world.users[agreement.consultant] if agreement.consultant else None,
            signed_on=danish_day(at),
            by=by,
            at=at,
            note=agreement.note,
        )
        if agreement.ended_days_ago is not None:
            self.time.plan(
                agreement.ended_days_ago,
                lambda at: partnerships.end_partnership(signed, ends_on=danish_day(at), by=by, at=at),
            )
        if agreement.handed_over_days_ago is not None:
            self.time.plan(
                agreement.handed_over_days_ago,
                lambda at: partnerships.name_consultant(signed, by, from_on=danish_day(at), by=by, at=at),
            )

    # --- What else goes on ----------------------------------------------------------------------------------------

    def plan_what_else_goes_on(self) -> None:
        """Openings end, and where people are is written down; each January the leader sets the year's goals.

        Bo has begun to write a place on his phone; the leader has tried other weights and taken them back.
        """
        self.expire_openings()
        Situations(self.world).plan()
        Groups(self.world).plan()
        Mentoring(self.world).plan()
        Notes(self.world).plan()
        Contacts(self.world).plan()
        Courses(self.world).plan()
        Pathways(self.world).plan()
        Aftercare(self.world).plan()
        YoungPeople(self.world).plan()
        GoalSetting(self.world).plan()
        Comparing(self.world).plan()
        DeskTasks(self.world).plan()
        self.time.plan(OWN_RULE_DAYS, self.world.decide_own_rule)
        words = self.script.words
        self.time.plan(1, self._begin_to_write)
        self.time.plan(214, partial(self._set_weights, Weights(nice=1.5), words.weights_tried))
        self.time.plan(186, partial(self._set_weights, STANDARD, words.weights_taken_back))

    def _begin_to_write(self, at: datetime) -> None:
        draft = posting.begin_draft(by=self.world.owners["fjord"], at=at)
        site = self.world.employers["fjord"].workplaces[0]
        job = {"template": "opvasker", "title": "Opvasker", "industry": "", "workplace_id": site.id}
        posting.save_step(draft, Step.JOB, job, at=at)
        posting.save_step(draft, Step.FORM, {"placement_form": PlacementForm.PRAKTIK.value}, at=at)

    def _set_weights(self, weights: Weights, note: str, at: datetime) -> None:
        set_weights(self.world.home.id, weights, note=note, by=self.world.users["leder"], at=at)

    def ask_for_consents(self) -> None:
        """One employer sees a card by its link, and another waits for her answer."""
        card, karin = self.world.person("borger").card, self.world.users["konsulent"]
        assert card is not None
        for key, days_ago in (("melby", 6), ("blank", 1)):
            at = self.time.moment(days_ago, 11)
            until = danish_day(at) + timedelta(days=90)
            disclosure = consents.Disclosure(self.world.employers[key], ANONYMOUS, until)
            asked = consents.ask_consent(card, disclosure, by=karin, at=at, today=danish_day(at))
            if days_ago > 1:
                consents.answer_consent(
                    asked, Answer.YES, via=AnsweredVia.PAPER, by=karin, at=at, today=danish_day(at)
                )

    def leave_read_lines(self) -> None:
        """Who looked at whom lately, so that citizens find something on their page and the log is no empty table."""
        with_card = [one for one in self.world.people if one.card is not None]
        for number, person in enumerate(with_card[:24]):
            assert person.card is not None
            by = self.world.consultant_of(person.card.municipality_id)
            for back in range(5 if person.key else 1):
                at = self.time.moment(1 + (number * 3 + back * 11) % 60, 9 + number % 6)
                self._look(
                    person,
                    at,
                    action="card-read",
                    by=by,
                    unit=by.unit_name,
                    purpose="Arbejde med dit kompetencekort",
                )
        self._look(
            self.world.person("borger"),
            self.time.moment(226, 13),
            action="proposal-read",
            by=self.world.owners["melby"],
            unit=self.world.employers["melby"].name,
            purpose="Svar på et forslag, du har sagt ja til",
        )

    def _look(self, person: Person, at: datetime, *, action: str, by: User, unit: str, purpose: str) -> None:
        card = person.card
        assert card is not None
        db.session.add(
            AuditEntry(
                at=max(at, card.created_at),
                action=action,
                is_look=True,
                actor_id=by.id,
                actor_role=by.role.value,
                actor_unit=unit,
                subject_type=card.__tablename__,
                subject_id=card.id,
                citizen_id=card.citizen_id,
                municipality_id=card.municipality_id,
                purpose=purpose,
            )
        )


def _is_lawful(scripted: ScriptedReview, match: Match, day: date) -> bool:
    """A consultant does not say yes to what the law stops; a no needs no law."""
    return scripted.refused or not stops(findings_of_match(match, on=day))
