"""A municipality of size, for measuring: bulk rows on top of the demo, in seconds rather than through the services.

What services would guarantee is kept here by construction: places are not overfilled, answers come in their order,
scores are the matcher's own. The same seed gives the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal import matching
from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.base.places import point_of
from portal.base.terms import Industry, Party, PlacementForm, TaskKind
from portal.demo.bulk import LARGE, Advance, Bulk, Row, Size
from portal.demo.large_ledger import LargeLedger
from portal.demo.script import read_script
from portal.loop.employers.models import OccupiedPlace
from portal.loop.matches.models import ClosedReason, Match, MatchStatus
from portal.loop.openings.models import (
    Opening,
    OpeningPublication,
    OpeningSharing,
    OpeningStatus,
    OpeningTask,
)
from portal.loop.placements.models import (
    ChangeKind,
    Expectation,
    FollowUp,
    Outcome,
    Placement,
    PlacementChange,
    PlacementStatus,
    PlacementTrace,
)
from portal.loop.placements.settled import ConfirmedHow, Settlement, SettlementConfirmation
from portal.loop.reviews.models import (
    NO_REASONS,
    YES_REASONS,
    Answer,
    AnsweredVia,
    Decision,
    EmployerReason,
    Review,
    ReviewCondition,
)
from portal.shared.audit.models import AuditEntry
from portal.shared.rules.law.ratio import COUNTED_FORMS
from portal.shared.skills.queries import relations
from portal.workspaces.search.keeping import rebuild

FORMS = (PlacementForm.PRAKTIK,) * 5 + tuple(PlacementForm)
STATUSES = (
    (OpeningStatus.FILLED, 0.36),
    (OpeningStatus.PUBLISHED, 0.30),
    (OpeningStatus.EXPIRED, 0.24),
    (OpeningStatus.DRAFT, 0.05),
    (OpeningStatus.WITHDRAWN, 0.05),
)
LIFETIME = timedelta(days=90)
EVERY_EXTENDED = 8
"""One in so many placements that began was extended."""
EXTENDED_BY = timedelta(weeks=4)
MOST_TRIES = 150


@dataclass
class Planned:
    """An opening on its way: its row, its tasks, and the matches found for it."""

    row: Row
    tasks: list[Row] = field(default_factory=list)
    matches: list[Row] = field(default_factory=list)


def load_large(at: datetime, size: Size = LARGE, advance: Advance | None = None) -> None:
    """Add bulk rows until `size` is reached, in one transaction of its own. The demo must be there."""
    with transaction():
        work = Work(at, size, advance or (lambda _rows: None))
        work.add_staff()
        work.add_employers()
        work.add_citizens()
        work.add_openings()
        work.add_matches()
        work.add_reviews()
        LargeLedger(work).add()
        work.add_audit()
        rebuild()  # rows that are put in directly tell no room of themselves
        work.move_sequences()
    _refresh_statistics()


def _refresh_statistics() -> None:
    """What a database does by itself over days: learn how its rows are spread."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


class Work(Bulk):
    """Openings, and what came of them."""

    openings: list[Planned]
    _card_ids: list[int]

    def add_openings(self) -> None:
        missing = self.missing(Opening, self.size.openings)
        self.openings = [self._opening(number) for number in range(missing)]

    def _opening(self, number: int) -> Planned:
        employer, place = self.draw.choice(self.workplaces)
        status = self.draw.choices([one for one, _share in STATUSES], [share for _one, share in STATUSES])[0]
        published = self._published(status)
        form = self.draw.choice(FORMS)
        starts_on = published.date() + timedelta(days=self.draw.randrange(10, 40))
        places = self.draw.choice((1, 1, 1, 1, 2))
        speaking = self.draw.choice((0, 0, 1, 2))
        row: Row = {
            "id": self.next_id(Opening),
            "employer_id": employer["id"],
            "workplace_id": place["id"],
            "municipality_id": employer["municipality_id"],
            "title": self.draw.choice(self.words.opening_titles[employer["industry"]]),
            "form": form,
            "industry": employer["industry"],
            "places": places,
            "filled": places if status is OpeningStatus.FILLED else 0,
            "hours_per_week": float(self.draw.choice((10, 15, 20, 25, 30))),
            "starts_on": starts_on,
            "ends_on": starts_on + self._length(form),
            "postcode": place["postcode"],
            "danish_speaking": speaking,
            "danish_use": "Beskeder fra kolleger og gæster." if speaking else "",
            "shifts": [],
            "visible_to_neighbours": number % 4 == 0,
            "status": status,
            "created_at": published - timedelta(hours=2),
            "published_at": None if status is OpeningStatus.DRAFT else published,
            "expires_on": None if status is OpeningStatus.DRAFT else (published + LIFETIME).date(),
        }
        planned = Planned(row)
        planned.tasks = list(self._tasks(row))
        return planned

    def _published(self, status: OpeningStatus) -> datetime:
        recent = status in (OpeningStatus.PUBLISHED, OpeningStatus.DRAFT)
        return self.moment(self.draw.uniform(1, 80) if recent else self.draw.uniform(100, 1_000))

    def _length(self, form: PlacementForm) -> timedelta:
        weeks = {PlacementForm.IGU: 104, PlacementForm.PRAKTIK: 13}.get(form, 26)
        return timedelta(weeks=weeks, days=-1)

    def _tasks(self, opening: Row) -> Iterator[Row]:
        own, shared = self.skills[opening["industry"]]
        chosen = self.draw.sample(own, 5) + self.draw.sample(shared, 1)
        kinds = (TaskKind.MUST, TaskKind.NICE, TaskKind.NICE, TaskKind.LEARN, TaskKind.LEARN, TaskKind.NICE)
        for position, (skill_id, kind) in enumerate(zip(chosen, kinds, strict=True)):
            yield {
                "id": self.next_id(OpeningTask),
                "opening_id": opening["id"],
                "skill_id": skill_id,
                "text": self.skill_names[skill_id],
                "kind": kind,
                "level": 2,
                "confidence": 1.0,
                "position": position,
            }

    # --- Matches ------------------------------------------------------------------------------------------------

    def add_matches(self) -> None:
        missing = self.missing(Match, self.size.matches)
        matched = [planned for planned in self.openings if planned.row["status"] is not OpeningStatus.DRAFT]
        for number, planned in enumerate(matched):
            share = round(missing / (len(matched) - number))
            planned.matches = self._matches(planned, min(missing, share))
            missing -= len(planned.matches)
            self.advance(len(planned.matches))

    def _matches(self, planned: Planned, wanted: int) -> list[Row]:
        """Real results: cards that share a task with the opening, compared by the matcher, the best first."""
        opening = _as_opening(planned)
        found: list[matching.Suggestion] = []
        related = relations()
        for card_id in self._candidates(planned)[:MOST_TRIES]:
            suggestion = matching.score(opening, self.cards[card_id][1], related)
            if suggestion.sure and not suggestion.excluded:
                found.append(suggestion)
            if len(found) == wanted:
                break
        found.sort(key=lambda one: (-(one.sure or 0), one.card_id))
        return [self._match(planned.row, suggestion) for suggestion in found]

    def _candidates(self, planned: Planned) -> list[int]:
        home = self.name_of(planned.row["municipality_id"])
        asked = [task["skill_id"] for task in planned.tasks if task["kind"] is not TaskKind.LEARN]
        sharing = list(dict.fromkeys(card for skill_id in asked for card in self.by_skill[home, skill_id]))
        self.draw.shuffle(sharing)
        return sharing

    def _match(self, opening: Row, suggestion: matching.Suggestion) -> Row:
        is_open = opening["status"] is OpeningStatus.PUBLISHED
        suggested_at = max(opening["published_at"], self.cards[suggestion.card_id][0]["created_at"])
        return {
            "id": self.next_id(Match),
            "opening_id": opening["id"],
            "card_id": suggestion.card_id,
            "municipality_id": self.cards[suggestion.card_id][0]["municipality_id"],
            "status": MatchStatus.OPEN if is_open else MatchStatus.CLOSED,
            "sure": suggestion.sure,
            "possible": suggestion.possible,
            "result": suggestion.to_dict(),
            "opening_version": 1,
            "card_version": 1,
            "vocabulary_version": self.vocabulary,
            "matcher_version": suggestion.version,
            "weights_id": self.weights[self.cards[suggestion.card_id][0]["municipality_id"]].id,
            "suggested_at": suggested_at,
            "renewed_at": suggested_at,
            "closed_reason": None if is_open else ClosedReason.OPENING_CLOSED.value,
        }

    # --- Decisions and placements -------------------------------------------------------------------------------

    def add_reviews(self) -> None:
        """Decides some of the matches, and only then stores them and their openings: their status follows."""
        reviews, placements = [], []
        for planned in self.openings:
            for number, match in enumerate(planned.matches[: self._decided(planned.row)]):
                review = self._review(planned.row, match, number)
                reviews.append(review)
                match["status"], match["closed_reason"] = MatchStatus.DECIDED, None
                if number < planned.row["filled"]:
                    placements.append(self._placement(planned.row, match, review))
            _count_filled(planned)
        self.store(Opening, (planned.row for planned in self.openings), advance=True)
        self.store(OpeningPublication, self._publications())
        self.store(OpeningSharing, self._sharings())
        self.store(OpeningTask, (task for planned in self.openings for task in planned.tasks))
        self.store(Match, (match for planned in self.openings for match in planned.matches))
        self.store(Review, reviews)
        self.store(ReviewCondition, self._conditions(reviews))
        self._store_placements(placements)

    def _publications(self) -> Iterator[Row]:
        for planned in self.openings:
            if planned.row["published_at"] is not None:
                opening_id, at = planned.row["id"], planned.row["published_at"]
                yield {"id": self.next_id(OpeningPublication), "opening_id": opening_id, "at": at}

    def _sharings(self) -> Iterator[Row]:
        for planned in self.openings:
            if planned.row["visible_to_neighbours"]:
                yield {
                    "id": self.next_id(OpeningSharing),
                    "opening_id": planned.row["id"],
                    "from_at": planned.row["created_at"],
                    "while_up": False,
                }

    def _decided(self, opening: Row) -> int:
        if opening["status"] is OpeningStatus.FILLED:
            return int(opening["places"]) + self.draw.choice((0, 0, 1))
        return self.draw.choice((0, 1, 1, 2))

    def _review(self, opening: Row, match: Row, number: int) -> Row:
        """The first of a filled opening got the place; the others stopped on the way."""
        decided_at = min(self.at, match["suggested_at"] + timedelta(days=2))
        placed = number < opening["filled"]
        approved = placed or self.draw.random() < 0.6
        citizen = Answer.YES if placed else self.draw.choice((Answer.YES, Answer.NO, Answer.PENDING))
        citizen = citizen if approved else Answer.PENDING
        employer = Answer.YES if placed else self.draw.choice((Answer.NO, Answer.PENDING))
        employer = employer if citizen is Answer.YES else Answer.PENDING
        return {
            "id": self.next_id(Review),
            "match_id": match["id"],
            "decision": Decision.APPROVED if approved else Decision.REFUSED,
            "reason": self.draw.choice(YES_REASONS if approved else NO_REASONS),
            "words": "",
            "decided_by_id": self.consultant(self.name_of(match["municipality_id"])),
            "decided_at": decided_at,
            "place": number + 1,
            "citizen_answer": citizen,
            "citizen_answered_at": None if citizen is Answer.PENDING else decided_at,
            "citizen_answered_via": None
            if citizen is Answer.PENDING
            else self.draw.choice(tuple(AnsweredVia)),
            "employer_answer": employer,
            "employer_answered_at": None if employer is Answer.PENDING else decided_at,
            "employer_reason": EmployerReason.OTHER if employer is Answer.NO else None,
        }

    def _conditions(self, reviews: list[Row]) -> Iterator[Row]:
        results = {match["id"]: match["result"] for planned in self.openings for match in planned.matches}
        for review in reviews:
            for one in results[review["match_id"]]["conditions"]:
                yield {"review_id": review["id"], "name": one["name"], "met": one["met"]}

    def _placement(self, opening: Row, match: Row, review: Row) -> Row:
        starts_on, ends_on = opening["starts_on"], opening["ends_on"]
        status = (
            PlacementStatus.PLANNED
            if starts_on > self.today
            else PlacementStatus.ENDED
            if ends_on < self.today
            else PlacementStatus.RUNNING
        )
        over = status is PlacementStatus.ENDED
        started = max(review["decided_at"], self.moment((self.today - starts_on).days))
        return {
            "id": self.next_id(Placement),
            "review_id": review["id"],
            "opening_id": opening["id"],
            "card_id": match["card_id"],
            "employer_id": opening["employer_id"],
            "municipality_id": match["municipality_id"],
            "form": opening["form"],
            "hours_per_week": opening["hours_per_week"],
            "starts_on": starts_on,
            "ends_on": ends_on,
            "status": status,
            "planned_at": review["decided_at"],
            "planned_by_id": review["decided_by_id"],
            "started_at": None if status is PlacementStatus.PLANNED else started,
            "ended_on": ends_on if over else None,
            "outcome": self.draw.choice(tuple(Outcome)) if over else None,
        }

    def _store_placements(self, placements: list[Row]) -> None:
        sites = {planned.row["id"]: planned.row["workplace_id"] for planned in self.openings}
        trades = {planned.row["id"]: planned.row["industry"] for planned in self.openings}
        self.store(Placement, placements)
        begun = [placement for placement in placements if placement["started_at"] is not None]
        self.store(PlacementTrace, (self._trace(one, trades[one["opening_id"]]) for one in begun))
        self.store(Expectation, (said for placement in placements for said in _expectations(placement)))
        settlements = [self._settlement(placement) for placement in begun]
        self.store(Settlement, settlements)
        self.store(SettlementConfirmation, (yes for one in settlements for yes in _confirmations(one)))
        self.store(PlacementChange, (_extension(one) for one in begun[::EVERY_EXTENDED]))
        self.store(FollowUp, (talk for placement in placements for talk in self._follow_ups(placement)))
        held = (placement for placement in placements if placement["form"] in COUNTED_FORMS)
        self.store(
            OccupiedPlace,
            (_held_place(placement, sites[placement["opening_id"]]) for placement in held),
        )

    def _trace(self, placement: Row, industry: Industry) -> Row:
        ended_on: date | None = placement["ended_on"]
        days_ago = (self.today - ended_on).days if ended_on is not None else 0
        kept = ("employer_id", "municipality_id", "form", "starts_on", "ended_on", "outcome")
        return {
            "id": self.next_id(PlacementTrace),
            "placement_id": placement["id"],
            **{name: placement[name] for name in kept},
            "industry": industry,
            "recorded_at": placement["started_at"],
            "end_recorded_at": None
            if ended_on is None
            else max(placement["started_at"], self.at - timedelta(days=days_ago)),
        }

    def _settlement(self, placement: Row) -> Row:
        """The consultant's words, written the day after the three had said theirs."""
        own = _expected(placement, Party.CONSULTANT)
        return {
            "id": self.next_id(Settlement),
            "placement_id": placement["id"],
            **own,
            "differing": [],
            "written_at": min(placement["planned_at"] + timedelta(days=1), placement["started_at"]),
            "written_by_id": placement["planned_by_id"],
            "version": 1,
        }

    def _follow_ups(self, placement: Row) -> Iterator[Row]:
        for days in (14, 42):
            due_on: date = placement["starts_on"] + timedelta(days=days)
            held = due_on < self.today - timedelta(days=4) and placement["started_at"] is not None
            is_over = placement["status"] in (PlacementStatus.ENDED, PlacementStatus.CANCELLED)
            yield {
                "placement_id": placement["id"],
                "due_on": due_on,
                "held_on": due_on if held else None,
                "note": self.draw.choice(read_script().words.follow_up_notes) if held else "",
                "cancelled_at": self.at if is_over and not held else None,
            }

    # --- Audit --------------------------------------------------------------------------------------------------

    def add_audit(self) -> None:
        wanted = self.missing(AuditEntry, self.size.audit)
        self._card_ids = list(self.cards)
        self.store(AuditEntry, (self._audit_line(number) for number in range(wanted)), advance=True)

    def _audit_line(self, number: int) -> Row:
        card, _seen = self.cards[self.draw.choice(self._card_ids)]
        home = self.name_of(card["municipality_id"])
        line = self.words.audit_line[number % len(self.words.audit_line)]
        return {
            "at": self.moment(self.draw.uniform(0, 1_000)),
            "action": line.action,
            "is_look": line.is_look,
            "actor_id": self.consultant(home),
            "actor_role": "consultant",
            "actor_unit": f"{home} Kommune",
            "subject_type": "competence_cards",
            "subject_id": card["id"],
            "citizen_id": card["citizen_id"],
            "purpose": line.purpose,
        }

    def move_sequences(self) -> None:
        """PostgreSQL must go on after the ids given here."""
        if db.session.get_bind().dialect.name != "postgresql":
            return
        for table in db.metadata.sorted_tables:
            if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
                db.session.execute(
                    sa.select(sa.func.setval(sa.literal_column(sequence), sa.func.coalesce(last, 1)))
                )


def _as_opening(planned: Planned) -> matching.Opening:
    row = planned.row
    return matching.Opening(
        id=row["id"],
        version=1,
        industry=row["industry"].value,
        tasks=tuple(
            matching.Task(
                task["id"], task["text"], task["skill_id"], matching.Kind(task["kind"].value), task["level"]
            )
            for task in planned.tasks
        ),
        hours_per_week=row["hours_per_week"],
        place=point_of(row["postcode"]),
        danish_speaking=row["danish_speaking"],
        danish_reading=0,
        shifts=frozenset(),
    )


def _count_filled(planned: Planned) -> None:
    """An opening that found fewer than it asked for is not filled."""
    found = min(planned.row["filled"], len(planned.matches))
    if found < planned.row["filled"]:
        planned.row["filled"], planned.row["status"] = found, OpeningStatus.EXPIRED


def _expected(placement: Row, party: Party) -> Row:
    """What the party says of it, by aspect."""
    weeks = (placement["ends_on"] - placement["starts_on"]).days // 7 + 1
    expected = read_script().expectation(placement["form"], party)
    return {
        "purpose": expected.purpose,
        "time_frame": expected.time_frame.format(weeks=weeks),
        "development": expected.development,
    }


def _expectations(placement: Row) -> Iterator[Row]:
    for party in Party:
        yield {
            "placement_id": placement["id"],
            "party": party,
            **_expected(placement, party),
            "stated_at": placement["planned_at"],
            "recorded_by_id": placement["planned_by_id"],
        }


def _confirmations(settlement: Row) -> Iterator[Row]:
    """The yes of all three, the consultant's with the words and the others' at the meeting."""
    for party in Party:
        is_writers = party is Party.CONSULTANT
        yield {
            "settlement_id": settlement["id"],
            "party": party,
            "how": ConfirmedHow.PAGE if is_writers else ConfirmedHow.MEETING,
            "said_by": "" if is_writers else str(party.label),
            "said_on": danish_day(settlement["written_at"]),
            "recorded_at": settlement["written_at"],
            "recorded_by_id": settlement["written_by_id"],
        }


def _extension(placement: Row) -> Row:
    """It was to end sooner, and was extended soon after it had begun."""
    last = placement["ends_on"] - EXTENDED_BY
    return {
        "placement_id": placement["id"],
        "kind": ChangeKind.EXTENDED,
        "from_on": last + timedelta(days=1),
        "before": {"ends_on": last.isoformat()},
        "after": {"ends_on": placement["ends_on"].isoformat()},
        "reason": read_script().words.long_reason,
        "made_at": placement["started_at"],
        "made_by_id": placement["planned_by_id"],
    }


def _held_place(placement: Row, workplace_id: int) -> Row:
    return {
        "workplace_id": workplace_id,
        "placement_id": placement["id"],
        "form": placement["form"],
        "hours_per_week": placement["hours_per_week"],
        "starts_on": placement["starts_on"],
        "ends_on": placement["ends_on"],
    }
