"""How a citizen of the demo comes into the portal, and what her card says.

What the script does not say of everybody (age, telephone, hours, who was asked what) varies with her number and the
draw.
"""

from datetime import date, datetime, timedelta

from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db
from portal.base.terms import (
    DanishCourse,
    DanishExam,
    Language,
    LanguageLevel,
    PartOfDay,
    Shift,
    SkillSource,
    Transport,
    Weekday,
)
from portal.demo.script import PUBLIC_DOMAIN, ScriptedPerson
from portal.demo.world import Person, World
from portal.loop.cards import services as cards
from portal.loop.cards import showing
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.cards.services import SpokenLanguage
from portal.loop.citizens import services as citizens
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.rules.checks import Born, years_after
from portal.shared.skills.models import JobTitle
from portal.web.permissions import Role

WELL_KNOWN = ("borger", "story", "ung")
"""Whom the story needs is known well enough to be matched; nothing about her is drawn."""
WITH_ACCOUNT = ("borger", "borger2")
DAYS_SINCE_BIRTHDAY = 100
DAYS_TO_FIRST_TALK = (2, 0, 5, 1, 3, 8, 1, 15, 4)
"""From being taken in to the talk that the card is made in, one after another."""
WORKDAYS = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
PARTS_OF_DAY = (PartOfDay.EARLY_MORNING, PartOfDay.DAY, PartOfDay.EVENING)


def take_in(world: World, number: int, person: Person, at: datetime) -> None:
    """Register a citizen, and unless she is newly arrived, make and fill her card."""
    place = world.places[person.scripted.municipality]
    consultant = world.some_consultant_of(place.id)
    born_on = _born_on(person.scripted, number, world.time.today)
    came_at = at - timedelta(days=DAYS_TO_FIRST_TALK[number % len(DAYS_TO_FIRST_TALK)], hours=1)
    citizen = _register(person.scripted, number, born_on, place.id, consultant, came_at)
    if person.key in WITH_ACCOUNT:
        email = f"{person.key}{PUBLIC_DOMAIN}"
        citizen.user = world.add_user(citizen.name, Role.CITIZEN, email, place.name, at=at)
    if number % 4 != 3:  # some have not been asked
        citizen.language = person.scripted.language
    if number % 19 == 7 and person.scripted.known_for_days < 200:
        return  # newly arrived: no card yet
    person.card = cards.create_card(citizen, by=consultant, at=at)
    person.card.evidence.extend(_evidence(world, person, danish_day(at)))
    _tell_wishes(world, person, person.card, consultant, at)
    if number % 3 != 1:  # the others have not been talked with for so long
        _tell_of_the_week(world, person, number, consultant, at + timedelta(minutes=1))
    if number % 6 != 4:  # the others have not gone through theirs with anybody yet
        showing.say_shown(person.card, by=consultant, at=at + timedelta(minutes=2))


def _born_on(person: ScriptedPerson, number: int, today: date) -> date:
    """Drawn, but of those whose age the story needs."""
    if person.age is None:
        return date(1965 + number * 7 % 38, 1 + number % 12, 1 + number * 5 % 28)
    return years_after(today, -person.age) - timedelta(days=DAYS_SINCE_BIRTHDAY)


def _register(
    person: ScriptedPerson, number: int, born_on: date, municipality_id: int, by: User, at: datetime
) -> Citizen:
    year = at.astimezone(DANISH_TIME).year % 100
    phone = f"2{number % 9} {10 + number % 80} {20 + number % 70} 1{number % 10}"
    return citizens.create_citizen(
        municipality_id=municipality_id,
        case_reference=f"{year:02}/{10_400 + number * 17}",
        first_name=person.first_name,
        last_name=person.last_name,
        born=Born.on(born_on),
        phone=phone if number % 4 else None,
        consultant=by if number % 11 else None,
        by=by,
        at=at,
    )


def _evidence(world: World, person: Person, day: date) -> list[SkillEvidence]:
    """What she says herself; some of it a consultant has seen as well."""
    lines = []
    is_steady = person.key in WELL_KNOWN
    for name, level in person.profile.skills.items():
        said = level if is_steady else max(1, min(4, level + world.draw.choice((-1, 0, 0, 0, 1))))
        skill_id = world.skills[name]
        if is_steady or world.draw.random() < 0.9:
            lines.append(_line(name, said, SkillSource.OWN, day, skill_id))
        if (is_steady and level >= 3) or world.draw.random() < 0.25:
            lines.append(_line(name, level, SkillSource.CONSULTANT, day, skill_id))
    for text, level in person.profile.words.items():
        meaning = world.meaning_of(text)
        line = _line(text, level, SkillSource.OWN, day, meaning.skill_id)
        if meaning.skill_id is not None:
            line.confidence = meaning.confidence
        line.guesses = list(meaning.guesses)
        lines.append(line)
    return lines


def _line(text: str, level: int, source: SkillSource, day: date, skill_id: int | None) -> SkillEvidence:
    return SkillEvidence(
        skill_id=skill_id, text=text, level=level, source=source, confidence=1.0, seen_on=day
    )


def _tell_wishes(world: World, person: Person, card: CompetenceCard, consultant: User, at: datetime) -> None:
    known, draw, profile = person.key in WELL_KNOWN, world.draw, person.profile
    low, high = draw.choice(((15.0, 25.0), (20.0, 30.0), (25.0, 37.0), (10.0, 37.0), (None, 30.0)))
    if known:
        low, high = (2.0, 12.0) if person.scripted.age else (10.0, 37.0)
    details = cards.CardDetails(
        wishes=[wish.value for wish in profile.wishes],
        danish_speaking=2 if known else draw.choice((1, 1, 2, 2, 2, 3, 3, None)),
        danish_reading=1 if known else draw.choice((0, 1, 1, 2, 2, None)),
        hours_min=low,
        hours_max=high,
        postcode=_postcode(world, person),
        range_km=30 if known else draw.choice((12, 15, 20, 25, 30, None)),
        shifts_yes=[shift.value for shift in Shift if not known and draw.random() < 0.3],
        goal=draw.choice(profile.goals),
        next_step=profile.next_step,
    )
    cards.edit_card(card, details, by=consultant, at=at)
    for name in profile.work:
        title = db.session.get_one(JobTitle, world.titles[name])
        cards.add_wish(card, title, by=consultant, at=at)
    for text in profile.certificates:
        until = danish_day(at) + timedelta(days=4 * 365) if text == "førstehjælp" else None
        cards.add_certificate(card, text=text, valid_until=until, by=consultant, at=at)


def _postcode(world: World, person: Person) -> str:
    """Whom the story names lives in the middle of town."""
    postcodes = world.script.municipality(person.scripted.municipality).postcodes
    return postcodes[0] if person.key else world.draw.choice(postcodes)


def _tell_of_the_week(world: World, person: Person, number: int, by: User, at: datetime) -> None:
    """When she can work, how she gets there, and how she learns Danish."""
    assert person.card is not None
    week = {day.value: [part.value for part in PARTS_OF_DAY] for day in WORKDAYS}
    if number % 2 == 0:
        week[Weekday.SATURDAY.value] = [PartOfDay.DAY.value]
    travel = (Transport.BICYCLE if number % 2 == 0 else Transport.WALK, Transport.PUBLIC)
    told = {
        "week": week,
        "transport": tuple(one.value for one in travel),
        "danish_course": (DanishCourse.DU1, DanishCourse.DU2)[number % 2],
        "danish_module": 1 + number % 5,
        "danish_exam": DanishExam.PD1 if number % 4 == 0 else None,
        "languages": _spoken(world, person.scripted.language, number),
    }
    cards.edit_card(person.card, cards.changed(person.card, told), by=by, at=at)


def _spoken(world: World, tongue: Language | None, number: int) -> tuple[SpokenLanguage, ...]:
    spoken = []
    if tongue:
        name = world.script.words.mother_tongues[tongue]
        spoken.append(SpokenLanguage(name, LanguageLevel.FLUENT, shown=number % 4 != 3))
    if number % 5 == 0 and tongue is not Language.EN:
        name = world.script.words.mother_tongues[Language.EN]
        spoken.append(SpokenLanguage(name, LanguageLevel.SOME, shown=True))
    return tuple(spoken)
