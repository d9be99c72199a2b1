"""The match record: what a decision rested on, kept when it is made, and what it says when it is read later.

The inputs are copied, because opening and card go on being edited; the score can be counted again from the copy.
Holds the card's number and never a name. Source: docs/rules.md#match-record
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from portal import matching
from portal.base.clock import danish_day
from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    SKILL_LEVELS,
    Industry,
    Shift,
    TaskKind,
)
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.cards.queries import card_input
from portal.loop.matches import sentences
from portal.loop.matches.models import Match
from portal.loop.matches.weights import WORDS
from portal.loop.openings.queries import opening_input
from portal.loop.reviews.desk_queries import undone_of
from portal.loop.reviews.models import Answer, Review, UndoneDecision
from portal.matching import STANDARD, Card, CardSkill, Kind, Suggestion, Task, Weights
from portal.shared.rules.findings import Finding
from portal.shared.skills.queries import relations
from portal.web.presentation import da_date, da_datetime, da_number

# --- What is kept -------------------------------------------------------------------------------------------


def as_compared(match: Match) -> dict[str, Any]:
    """Both sides and the weights behind the match's figures, as plain values.

    The card is taken on the day the match was last counted: a certificate may have run out since.
    """
    counted_on = danish_day(match.renewed_at)
    weights = match.weights.values if match.weights else STANDARD
    opening, card = opening_input(match.opening), card_input(match.card, on=counted_on)
    return {
        "title": match.opening.title,
        "employer": match.opening.employer.name,
        "opening": _plain(asdict(opening)),
        "card": _plain(asdict(card)),
        "weights": asdict(weights),
        "related": _related(opening, card),
    }


def _related(opening: matching.Opening, card: Card) -> list[list[float]]:
    """Concept asked, concept held, and likeness: of all relations those that bear on the pair."""
    asked = {task.concept for task in opening.tasks}
    told = asked | {skill.concept for skill in card.skills}
    return [
        [wanted, held, likeness]
        for (wanted, held), likeness in relations().items()
        if wanted in asked and held in told
    ]


def _plain(values: Any) -> Any:
    """Sets have no order and JSON no sets."""
    if isinstance(values, dict):
        return {key: _plain(value) for key, value in values.items()}
    if isinstance(values, frozenset):
        return sorted(values)
    return [_plain(value) for value in values] if isinstance(values, tuple) else values


@dataclass(frozen=True)
class Compared:
    """What was kept, in the matcher's own types."""

    title: str
    employer: str
    opening: matching.Opening
    card: Card
    weights: Weights
    related: matching.Relations

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Compared":
        opening, card = kept["opening"], kept["card"]
        return cls(
            kept["title"],
            kept["employer"],
            matching.Opening(
                **{
                    **opening,
                    "tasks": tuple(
                        Task(**{**task, "kind": Kind(task["kind"]), "guesses": _guesses(task)})
                        for task in opening["tasks"]
                    ),
                    "place": _pair(opening["place"]),
                    "shifts": frozenset(opening["shifts"]),
                }
            ),
            Card(
                **{
                    **card,
                    "industries": frozenset(card["industries"]) if card["industries"] else None,
                    "place": _pair(card["place"]),
                    "shifts_yes": frozenset(card["shifts_yes"]),
                    "shifts_no": frozenset(card["shifts_no"]),
                    "wished": frozenset(card.get("wished", ())),
                    "wished_industries": frozenset(card.get("wished_industries", ())),
                    "skills": tuple(
                        CardSkill(**{**skill, "guesses": _guesses(skill)}) for skill in card["skills"]
                    ),
                }
            ),
            Weights(**kept["weights"]),
            {
                (asked, held): likeness for asked, held, likeness in kept.get("related", ())
            },  # none before version 3
        )

    def score(self) -> Suggestion:
        """The same comparison again."""
        return matching.score(self.opening, self.card, self.related, self.weights)


def _guesses(text: Mapping[str, Any]) -> matching.Guesses:
    return tuple((concept, chance) for concept, chance in text["guesses"])


def _pair(place: Sequence[float] | None) -> tuple[float, float] | None:
    return (place[0], place[1]) if place else None


# --- What is read -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordTable:
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading with lines of text, labelled facts, a table, or several of them."""

    heading: str
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    table: RecordTable | None = None


@dataclass(frozen=True)
class Record:
    """The same on the screen and on paper."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def record_of(review: Review) -> Record:
    """The record of a decided match. What was never kept is said to be missing."""
    undone = undone_of(review.match)
    match = review.match
    kept = Compared.read(review.compared) if review.compared else None
    suggestion = sentences.read(match.result)
    return Record(
        title=_("Matchnotat nr. %(number)s", number=review.id),
        lead=_(
            "Kort %(card)s og “%(opening)s” hos %(employer)s",
            card=match.card.number,
            opening=kept.title if kept else match.opening.title,
            employer=kept.employer if kept else match.opening.employer.name,
        ),
        sections=tuple(
            section
            for section in (
                _decision(review),
                _rules(review),
                _figures(match, suggestion),
                _tasks(suggestion),
                _conditions(suggestion),
                _answers(review),
                _undone(undone),
                *((_opening(kept), _card(kept)) if kept else ()),
                _versions(match, kept),
                _check(match, kept),
            )
            if section is not None
        ),
    )


def _decision(review: Review) -> Section:
    return Section(
        _("Vurderingen"),
        facts=(
            (_("Vurderet som"), str(review.decision.label)),
            (_("Grund"), str(review.reason.label)),
            (_("Med konsulentens ord"), review.words or _("Ingen ord skrevet")),
            (_("Hvem"), review.decided_by.name),
            (_("Hvornår"), da_datetime(review.decided_at)),
            (
                _("Plads på åbningens liste"),
                _("nr. %(place)s", place=review.place) if review.place else _("Ikke gemt"),
            ),
        ),
    )


def _rules(review: Review) -> Section | None:
    """What the law's rules said then, and why they were passed."""
    reasons = (
        (_("Hvorfor det var i orden, selv om reglerne sagde stop"), review.stop_reason),
        (_("Hvorfor praktik og ikke noget lønnet"), review.unpaid_reason),
    )
    facts = tuple((label, words) for label, words in reasons if words)
    lines = tuple(_said(one) for one in review.said)
    return Section(_("Det sagde reglerne"), facts=facts, lines=lines) if facts or lines else None


def _said(finding: Finding) -> str:
    verdict = str(finding.verdict.label)
    if finding.since:
        verdict = _("%(verdict)s fra den %(day)s", verdict=verdict, day=da_date(finding.since))
    return f"{verdict}: {finding.sentence} ({finding.reference})"


def _figures(match: Match, suggestion: Suggestion) -> Section:
    return Section(
        _("Forslaget, som konsulenten så det"),
        facts=(
            (_("Sikkert"), _("%(score)s af 100", score=da_number(match.sure))),
            (_("Muligt, hvis alt ukendt passer"), _("%(score)s af 100", score=da_number(match.possible))),
            (_("Spørgsmålet, der stod åbent"), sentences.question(suggestion) or _("Intet")),
        ),
        lines=(
            *sentences.reasons(suggestion),
            _("Tallene siger, hvor meget af pladsens opgaver kortet dækker. De er ikke en sandsynlighed."),
        ),
    )


def _tasks(suggestion: Suggestion) -> Section:
    rows = zip(sentences.task_rows(suggestion), suggestion.lines, strict=True)
    return Section(
        _("Opgave for opgave"),
        table=RecordTable(
            (_("Opgave"), _("Pladsen beder om"), _("Kortet siger"), _("Niveau, kilde og tid"), _("Dækket")),
            tuple(
                (
                    row.task,
                    _("%(kind)s, %(asked)s", kind=row.kind, asked=row.asked),
                    str(row.verdict),
                    row.evidence or _("Ikke nævnt på kortet"),
                    _("%(share)s %%", share=da_number(round(100 * line.value)))
                    if line.counts
                    else _("tæller ikke"),
                )
                for row, line in rows
            ),
        ),
    )


def _conditions(suggestion: Suggestion) -> Section | None:
    rows = tuple((row.name, str(row.verdict), row.detail) for row in sentences.condition_rows(suggestion))
    if not rows:
        return None
    return Section(_("Betingelser"), table=RecordTable((_("Betingelse"), _("Passer det?"), _("Tal")), rows))


def _undone(decisions: Sequence[UndoneDecision]) -> Section | None:
    """What was decided before and undone within its seconds; nobody was asked."""
    if not decisions:
        return None
    return Section(
        _("Fortrudte vurderinger"),
        lines=tuple(
            _(
                "%(decision)s: %(reason)s. %(name)s, %(at)s. Fortrudt %(undone)s.",
                decision=one.decision.label,
                reason=one.reason.label,
                name=one.decided_by.name,
                at=da_datetime(one.decided_at),
                undone=da_datetime(one.undone_at),
            )
            for one in decisions
        ),
    )


def _answers(review: Review) -> Section:
    citizen, employer = [str(review.citizen_answer.label)], [str(review.employer_answer.label)]
    if not review.is_approved:
        citizen, employer = [_("Ikke spurgt")], [_("Ikke spurgt")]
    if review.citizen_answered_at is not None and review.citizen_answered_via is not None:
        citizen += [da_date(review.citizen_answered_at), str(review.citizen_answered_via.label).lower()]
    if review.employer_answered_at is not None:
        employer.append(da_date(review.employer_answered_at))
    if review.employer_answer is Answer.NO and review.employer_reason is not None:
        employer.append(str(review.employer_reason.label))
    return Section(
        _("Svarene bagefter"),
        facts=((_("Borgeren"), ", ".join(citizen)), (_("Virksomheden"), ", ".join(employer))),
    )


def _opening(kept: Compared) -> Section:
    opening = kept.opening
    return Section(
        _("Åbningen, som den blev sammenlignet"),
        facts=(
            (_("Fag"), str(Industry(opening.industry).label)),
            (_("Timer om ugen"), da_number(opening.hours_per_week)),
            (_("Tale dansk"), _demand(opening.danish_speaking, DANISH_SPEAKING_LEVELS)),
            (_("Læse dansk"), _demand(opening.danish_reading, DANISH_READING_LEVELS)),
            (_("Arbejdstider"), _shifts(opening.shifts) or _("Dagarbejde")),
        ),
        table=RecordTable(
            (_("Opgave"), _("Slags"), _("Niveau")),
            tuple(
                (task.text, str(TaskKind(task.kind.value).label), str(SKILL_LEVELS[task.level]))
                for task in opening.tasks
            ),
        ),
    )


def _card(kept: Compared) -> Section:
    card = kept.card
    wishes = [str(Industry(one).label) for one in sorted(card.industries or ())]
    return Section(
        _("Kortet, som det blev sammenlignet"),
        facts=(
            (_("Ønsker"), ", ".join(wishes) or _not_said()),
            (_("Timer om ugen"), _hours(card) or _not_said()),
            (
                _("Rejser højst"),
                _("%(km)s km", km=da_number(card.range_km)) if card.range_km else _not_said(),
            ),
            (str(CARD_FIELDS["danish_speaking"].title), _level(card.danish_speaking, DANISH_SPEAKING_LEVELS)),
            (str(CARD_FIELDS["danish_reading"].title), _level(card.danish_reading, DANISH_READING_LEVELS)),
            (str(CARD_FIELDS["shifts_yes"].title), _shifts(card.shifts_yes) or _not_said()),
            (str(CARD_FIELDS["shifts_no"].title), _shifts(card.shifts_no) or _not_said()),
        ),
        table=RecordTable(
            (_("Kan"), _("Niveau"), _("Set af")),
            tuple(
                (
                    skill.text,
                    str(SKILL_LEVELS[skill.level]),
                    sentences.seen_text(skill.source, skill.seen_on, skill.seen_at),
                )
                for skill in card.skills
            ),
        ),
    )


def _hours(card: Card) -> str:
    least, most = da_number(card.hours_min), da_number(card.hours_max)
    if card.hours_min is None:
        return _("højst %(most)s", most=most) if card.hours_max is not None else ""
    if card.hours_max is None:
        return _("mindst %(least)s", least=least)
    return f"{least}–{most}"


def _level(level: int | None, ladder: Mapping[int, Any]) -> str:
    return _not_said() if level is None else str(ladder[level])


def _demand(level: int, ladder: Mapping[int, Any]) -> str:
    return str(ladder[level]) if level else _("Intet krav")


def _shifts(shifts: frozenset[str]) -> str:
    return ", ".join(str(shift.label) for shift in Shift if shift.value in shifts)


def _not_said() -> str:
    return _("Ikke oplyst")


def _versions(match: Match, kept: Compared | None) -> Section:
    rows = [
        (str(WORDS[name].label), da_number(value))
        for name, value in (asdict(kept.weights) if kept else {}).items()
    ]
    return Section(
        _("Udgaver og vægte"),
        facts=(
            (_("Åbningen"), _("udgave %(version)s", version=match.opening_version)),
            (_("Kortet"), _("udgave %(version)s", version=match.card_version)),
            (_("Ordlisten"), _("udgave %(version)s", version=match.vocabulary_version)),
            (_("Beregningen"), _("udgave %(version)s", version=match.matcher_version)),
            (_("Vægtene"), _weights_in_words(match)),
        ),
        table=RecordTable((_("Vægt"), _("Værdi")), tuple(rows)) if rows else None,
    )


def _weights_in_words(match: Match) -> str:
    if match.weights is None:
        return _("standard")
    return _(
        "nr. %(number)s, sat den %(day)s: %(note)s",
        number=match.weights.id,
        day=da_date(match.weights.set_at),
        note=match.weights.note,
    )


def _check(match: Match, kept: Compared | None) -> Section:
    """Whether what was kept gives the figures that were shown."""
    return Section(_("Regnet efter"), lines=(_checked(match, kept),))


def _checked(match: Match, kept: Compared | None) -> str:
    if kept is None:
        return _(
            "Åbningens opgaver og kortets linjer blev ikke gemt, da forslaget blev vurderet. Begrundelsen ovenfor er "
            "den, der blev vist dengang, men tallene kan ikke regnes efter."
        )
    if match.matcher_version != matching.VERSION:
        return _("Beregningen er en anden nu end dengang, så tallene er ikke regnet efter.")
    again = kept.score()
    if (again.sure, again.possible) == (match.sure, match.possible):
        return _("Regnet igen ud fra det, der er gemt her: de samme tal.")
    return _(
        "Regnet igen ud fra det, der er gemt her: sikkert %(sure)s og muligt %(possible)s. Åbningen eller kortet blev "
        "ændret, efter at forslaget var regnet.",
        sure=da_number(again.sure),
        possible=da_number(again.possible),
    )
