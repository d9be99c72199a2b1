"""A stored result in plain Danish. Pure: values in, sentences out; used wherever a match is explained."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    SKILL_LEVELS,
    Industry,
    Shift,
    SkillSource,
    TaskKind,
)
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.matches.loosening import Concession, Side
from portal.matching import Basis, Condition, Kind, Line, Met, Suggestion, TaskVerdict
from portal.web.presentation import da_month, da_number

Result = Mapping[str, Any] | Suggestion
"""`Match.result`, as matching.Suggestion.to_dict() made it, or what `read` made of it."""

SHIFT: Final = "shift_"
"""How the name of a condition about a shift begins; the shift follows."""

_VERDICTS: Final[dict[TaskVerdict, LazyString]] = {
    TaskVerdict.HAS: _l("Kan"),
    TaskVerdict.LACKS: _l("Mangler"),
    TaskVerdict.UNKNOWN: _l("Ved ikke"),
}
_MET: Final[dict[Met, LazyString]] = {
    Met.MET: _l("Passer"),
    Met.NOT_MET: _l("Passer ikke"),
    Met.NOT_KNOWN: _l("Ved ikke"),
}
_TAGS: Final[dict[str, str]] = {
    TaskVerdict.HAS: "success",
    TaskVerdict.LACKS: "error",
    TaskVerdict.UNKNOWN: "warning",
    Met.MET: "success",
    Met.NOT_MET: "error",
    Met.NOT_KNOWN: "warning",
}
_SHIFT_WORK: Final[dict[str, LazyString]] = {
    Shift.EARLY_MORNING: _l("arbejde tidligt om morgenen"),
    Shift.EVENING: _l("aftenarbejde"),
    Shift.WEEKEND: _l("weekendarbejde"),
    Shift.NIGHT: _l("natarbejde"),
}
_SUBJECTS: Final[dict[str, LazyString]] = {
    "industry": _l("hvilket fag borgeren ønsker"),
    "distance": _l("hvor langt borgeren kan rejse"),
    "hours": _l("hvor mange timer om ugen"),
    "danish_speaking": _l("at tale dansk"),
    "danish_reading": _l("at læse dansk"),
}


@dataclass(frozen=True)
class TaskRow:
    """One task of the opening beside what the card says."""

    task: str
    kind: LazyString
    asked: str
    verdict: LazyString
    tag: str
    evidence: str


@dataclass(frozen=True)
class ConditionRow:
    """One hard condition with its numbers in words."""

    name: str
    verdict: LazyString
    tag: str
    detail: str


def read(result: Result) -> Suggestion:
    """The result in its own types; a page that says several things about one match reads it once."""
    return result if isinstance(result, Suggestion) else Suggestion.from_dict(result)


def can(result: Result) -> list[str]:
    """Each task she can, with level and who saw it: "gulvvask – selvstændigt, set hos X i marts 2026"."""
    lines = read(result).lines
    return [_can(line) for line in lines if line.verdict is TaskVerdict.HAS and line.counts]


def related(result: Result) -> list[str]:
    """What the card has that is a wider or a narrower kind of a task nobody has asked about."""
    return [_related(line) for line in read(result).unknown if line.basis is Basis.RELATED]


def _related(line: Line) -> str:
    return _("kortet har “%(held)s”, pladsen beder om “%(asked)s”", held=line.card_text, asked=line.text)


def wished(result: Result) -> list[str]:
    """What of it she wishes to work with: the trade, or tasks. For those who may read her goal; no employer does."""
    suggestion = read(result)
    trade = next((one.detail["asked"] for one in suggestion.conditions if one.name == "industry"), None)
    named = [str(Industry(str(trade)).label)] if trade is not None and suggestion.trade_wished else []
    return named + [line.text for line in suggestion.lines if line.wished]


def lacks(result: Result) -> list[str]:
    """What the place asks for and the card says she cannot, tasks and conditions."""
    suggestion = read(result)
    unmet = [condition_subject(one) for one in suggestion.conditions if one.met is Met.NOT_MET]
    return [line.text for line in suggestion.missing] + unmet


def unknown(result: Result) -> list[str]:
    """What nobody has asked about yet: conditions first, because they decide everything."""
    suggestion = read(result)
    conditions = [condition_subject(one) for one in suggestion.conditions if one.met is Met.NOT_KNOWN]
    return conditions + [line.text for line in suggestion.unknown]


def teaches(result: Result) -> list[str]:
    """What can be learned at the place."""
    return [line.text for line in read(result).teaches]


def reasons(result: Result) -> list[str]:
    """Why the pair was suggested, and what speaks against it, in whole sentences."""
    suggestion = read(result)
    return [
        *(_("Kan: %(task)s.", task=one) for one in can(suggestion)),
        *(_("Beslægtet: %(related)s.", related=one) for one in related(suggestion)),
        *_sentence(_("Mangler"), lacks(suggestion)),
        *_sentence(_("Ved ikke"), unknown(suggestion)),
        *_sentence(_("Kan læres her"), teaches(suggestion)),
    ]


def first_reasons(result: Result) -> list[str]:
    """The two lines a row of a list has room for: what she can, and what is missing or unknown."""
    suggestion = read(result)
    held = [one.text for one in suggestion.lines if one.verdict is TaskVerdict.HAS and one.counts]
    missing, unasked = lacks(suggestion), unknown(suggestion)
    second = _sentence(_("Mangler"), missing) or _sentence(_("Ved ikke"), unasked)
    return [*_sentence(_("Kan"), held), *second]


def short(result: Result) -> list[tuple[LazyString, str, str]]:
    """Har, mangler, ved ikke, and what she wishes for: each with its tag, for a row that a phone can show."""
    suggestion = read(result)
    found = [
        (TaskVerdict.HAS, _held(suggestion)),
        (TaskVerdict.LACKS, lacks(suggestion)),
        (TaskVerdict.UNKNOWN, unknown(suggestion)),
    ]
    rows = [(_SHORT[verdict], _TAGS[verdict], _listed(items)) for verdict, items in found if items]
    hers = wished(suggestion)
    return [*rows, (_l("Ønsker"), "info", _listed(hers))] if hers else rows


def held(result: Result) -> str:
    """What she can of what is asked, short."""
    return _listed(_held(read(result)))


def _held(suggestion: Suggestion) -> list[str]:
    lines = [line for line in suggestion.lines if line.verdict is TaskVerdict.HAS and line.counts]
    return [_with_source(line) for line in lines]


_SHORT: Final[dict[TaskVerdict, LazyString]] = {
    TaskVerdict.HAS: _l("Har"),
    TaskVerdict.LACKS: _l("Mangler"),
    TaskVerdict.UNKNOWN: _l("Ved ikke"),
}
MOST_IN_SHORT: Final = 4


def _with_source(line: Line) -> str:
    """What others saw is worth its place in a short row; own words go without saying."""
    if line.source is None or line.source == SkillSource.OWN:
        return line.text
    return _("%(task)s, %(seen)s", task=line.text, seen=seen_text(line.source, line.seen_on, line.seen_at))


def _listed(items: Sequence[str]) -> str:
    shown = "; ".join(items[:MOST_IN_SHORT])
    rest = len(items) - MOST_IN_SHORT
    return _("%(shown)s og %(rest)s mere", shown=shown, rest=rest) if rest > 0 else shown


def for_citizen(result: Result) -> list[str]:
    """Why she was proposed, said to herself."""
    suggestion = read(result)
    held = [line for line in suggestion.lines if line.verdict is TaskVerdict.HAS]
    return [
        *(_("Du kan: %(task)s.", task=_can(line, own=_("dine egne ord"))) for line in held),
        *_sentence(
            _("Det ønsker du at arbejde med"), [line.text for line in suggestion.lines if line.wished]
        ),
        *_sentence(_("Du kan lære her"), [line.text for line in suggestion.teaches]),
        *_sentence(_("Det ved vi ikke endnu"), [line.text for line in suggestion.unknown]),
    ]


def question(result: Result) -> str | None:
    """The one question that narrows the interval most: "Spørg om weekendarbejde"."""
    suggestion = read(result)
    asked = suggestion.question
    if asked is None:
        return None
    if asked.kind == "task":
        return _("Spørg om %(subject)s", subject=asked.text)
    condition = _asked_condition(suggestion)
    subject = condition_subject(condition)
    if condition.detail.get("missing") == "opening":
        return _("Spørg virksomheden om %(subject)s", subject=subject)
    return _("Spørg om %(subject)s", subject=subject)


def ask(result: Result) -> str | None:
    """The question with what it can give: "Spørg om bagning. Et ja løfter scoren fra 62 til 81"."""
    suggestion = read(result)
    asked, words = suggestion.question, question(suggestion)
    if asked is None or words is None or suggestion.sure is None:
        return None
    low, high = round(suggestion.sure), round(asked.sure_if_yes)
    if asked.kind == "task" and high > low:
        return _(
            "%(question)s. Et ja løfter scoren fra %(low)s til %(high)s", question=words, low=low, high=high
        )
    return words


def answers(result: Result) -> list[str]:
    """What either answer to the question leads to."""
    suggestion = read(result)
    asked = suggestion.question
    if asked is None or suggestion.sure is None or suggestion.possible is None:
        return []
    if asked.kind == "task":
        return [
            _("Et ja giver mindst %(sure)s.", sure=round(asked.sure_if_yes)),
            _("Et nej giver højst %(possible)s.", possible=round(asked.possible_if_no)),
        ]
    return [
        *_demand(_asked_condition(suggestion)),
        _(
            "Passer svaret, står matchet ved %(interval)s.",
            interval=interval(suggestion.sure, suggestion.possible),
        ),
        _("Passer det ikke, falder forslaget væk."),
    ]


def _demand(condition: Condition) -> list[str]:
    """What the place asks for, where the question itself does not say it."""
    asked = condition.detail.get("asked")
    if asked is None or condition.name.startswith(SHIFT):
        return []
    return [_("Pladsen: %(demand)s.", demand=_DEMANDS[condition.name](asked))]


_DEMANDS: Final[dict[str, Callable[[Any], Any]]] = {
    "industry": lambda trade: Industry(trade).label,
    "hours": lambda hours: _("%(hours)s timer om ugen", hours=da_number(hours)),
    "danish_speaking": lambda level: DANISH_SPEAKING_LEVELS[int(level)],
    "danish_reading": lambda level: DANISH_READING_LEVELS[int(level)],
}


def on_opening(result: Result) -> bool:
    """Whether the question is for the employer: the opening itself does not say."""
    suggestion = read(result)
    asked = suggestion.question
    if asked is None or asked.kind != "condition":
        return False
    return _asked_condition(suggestion).detail.get("missing") == "opening"


def _asked_condition(suggestion: Suggestion) -> Condition:
    assert suggestion.question is not None
    key = suggestion.question.key
    return next(one for one in suggestion.conditions if one.name == key)


def interval(sure: float, possible: float) -> str:
    """62–81, or 81 when nothing is left open."""
    low, high = round(sure), round(possible)
    return str(low) if low == high else f"{low}–{high}"


def answered(condition: str | None, subject: str, after: Mapping[str, Any]) -> str:
    """A given answer: "weekendarbejde: ja". `after` is what the card says since, by field."""
    if condition is None:
        return f"{subject}: {level_text(after['level'])}"
    asked = condition_subject(Condition(condition, Met.NOT_KNOWN, {}))
    said = [CARD_FIELDS[field].answer_in_words(value) for field, value in after.items() if value is not None]
    return f"{asked}: {', '.join(said)}"


def why_closed(condition: str | None, subject: str, after: Mapping[str, Any], closed_because: str) -> str:
    """Why a suggestion fell away by an answer: the answer itself, or for a task what followed from it."""
    return closed_because if condition is None else answered(condition, subject, after)


def task_rows(result: Result) -> list[TaskRow]:
    """The table of tasks: what is asked, what the card says, who saw it and when."""
    return [
        TaskRow(
            task=line.text,
            kind=TaskKind(line.kind.value).label,
            asked=level_text(line.asked_level),
            verdict=_VERDICTS[line.verdict]
            if line.counts or line.verdict is TaskVerdict.HAS
            else _l("Læres her"),
            tag=_TAGS[line.verdict] if line.counts or line.verdict is TaskVerdict.HAS else "info",
            evidence=evidence_text(line),
        )
        for line in read(result).lines
    ]


def condition_rows(result: Result) -> list[ConditionRow]:
    return [
        ConditionRow(condition_name(one.name), _MET[one.met], _TAGS[one.met], _condition_detail(one))
        for one in read(result).conditions
    ]


def unmet_condition(result: Result) -> str:
    """The conditions a near miss fails on, in one sentence."""
    unmet = [one for one in read(result).conditions if one.met is Met.NOT_MET]
    return "; ".join(f"{condition_name(one.name)}: {_condition_detail(one)}" for one in unmet)


def step_text(step: Concession, side: Side) -> str:
    """One step of giving way: "Tale dansk: B1 → A2", "Uden weekendarbejde", "Rejse: 20 → 30 km"."""
    if step.condition.startswith(SHIFT):
        work = _SHIFT_WORK[step.condition.removeprefix(SHIFT)]
        return _("Uden %(work)s", work=work) if side is Side.OPENING else _("Også %(work)s", work=work)
    if step.condition == "industry":
        if side is Side.OPENING:
            return _("Borgere, der ønsker et andet fag")
        return _("Også %(trade)s", trade=Industry(str(step.asked)).label)
    if step.condition == "distance" and side is Side.OPENING:
        return _("%(km)s km længere at rejse", km=da_number(step.after))
    return _("%(what)s → %(after)s", what=_before(step), after=_figure(step.condition, step.after))


def _before(step: Concession) -> str:
    return f"{_STEPS[step.condition]}: {_figure(step.condition, step.before)}"


_STEPS: Final[dict[str, LazyString]] = {
    "distance": _l("Rejse"),
    "hours": _l("Timer om ugen"),
    "danish_speaking": _l("Tale dansk"),
    "danish_reading": _l("Læse dansk"),
}
_SHORT_DANISH: Final = {0: _l("intet"), 1: _l("lidt"), 2: "A2", 3: "B1", 4: "B2"}


def _figure(condition: str, value: float | None) -> str:
    if condition in ("danish_speaking", "danish_reading"):
        return str(_SHORT_DANISH[int(value or 0)])
    return _("%(km)s km", km=da_number(value)) if condition == "distance" else da_number(value)


def brings(found: int, good: int, side: Side) -> str:
    """What a step would bring: "4 borgere, 2 af dem gode match"."""
    if side is Side.OPENING:
        whom = ngettext("%(num)s borger", "%(num)s borgere", found)
    else:
        whom = ngettext("%(num)s åbning", "%(num)s åbninger", found)
    if not good:
        return whom
    return _("%(whom)s, %(good)s som godt match", whom=whom, good=good)


def condition_subject(condition: Condition) -> str:
    """What a condition is about, to stand after "Spørg om"."""
    if condition.name.startswith(SHIFT):
        return str(_SHIFT_WORK[condition.name.removeprefix(SHIFT)])
    if condition.name == "distance" and condition.detail.get("missing") == "opening":
        return _("hvor arbejdet er")
    return str(_SUBJECTS[condition.name])


def level_text(level: int | None) -> str:
    return "" if level is None else str(SKILL_LEVELS[level]).lower()


def evidence_text(line: Line, *, own: str = "") -> str:
    """Level, source and date of what the card says; empty when it says nothing. `own`: her own words, said to her."""
    if line.level is None or line.source is None:
        return ""
    said = f"{level_text(line.level)}, {seen_text(line.source, line.seen_on, line.seen_at, own=own)}"
    if line.basis is Basis.SAME or line.card_text is None or line.card_text == line.text:
        return said
    if line.basis is Basis.RELATED:
        return _("beslægtet: %(related)s: %(said)s", related=_related(line), said=said)
    if line.basis is Basis.GUESS:
        return _("kortet siger “%(words)s”, måske det samme: %(said)s", words=line.card_text, said=said)
    return _("kortet siger “%(words)s”: %(said)s", words=line.card_text, said=said)


def seen_text(source: str, seen_on: str | None, seen_at: str | None, *, own: str = "") -> str:
    """In whose eyes and when: "set hos Havneparkens Køkken i marts 2026"."""
    month = da_month(date.fromisoformat(seen_on[:10])) if seen_on else ""
    if source == SkillSource.EMPLOYER and seen_at:
        who = _("set hos %(workplace)s", workplace=seen_at)
    else:
        who = own if own and source == SkillSource.OWN else str(_WHO[SkillSource(source)])
    return _("%(who)s i %(month)s", who=who, month=month) if month else who


_WHO: Final[dict[SkillSource, LazyString]] = {
    SkillSource.OWN: _l("borgerens egne ord"),
    SkillSource.CONSULTANT: _l("set af konsulent"),
    SkillSource.CONSULTANT_ONLY: _l("kun konsulenten"),
    SkillSource.EMPLOYER: _l("set på en arbejdsplads"),
    SkillSource.COURSE: _l("lært på et kursus"),
}


def _can(line: Line, *, own: str = "") -> str:
    said = evidence_text(line, own=own)
    if line.level is not None and line.level < line.asked_level and line.kind is not Kind.LEARN:
        said = _("%(said)s (pladsen beder om: %(asked)s)", said=said, asked=level_text(line.asked_level))
    return _("%(task)s – %(said)s", task=line.text, said=said) if said else line.text


def _sentence(start: str, items: Iterable[str]) -> list[str]:
    listed = ", ".join(items)
    return [f"{start}: {listed}."] if listed else []


def condition_name(name: str) -> str:
    """A condition of the matcher as a heading."""
    if name.startswith(SHIFT):
        return str(Shift(name.removeprefix(SHIFT)).label)
    return str(_NAMES[name])


_NAMES: Final[dict[str, LazyString]] = {
    "industry": _l("Fag"),
    "distance": _l("Afstand"),
    "hours": _l("Timer om ugen"),
    "danish_speaking": _l("At tale dansk"),
    "danish_reading": _l("At læse dansk"),
}


def _condition_detail(condition: Condition) -> str:
    if condition.met is Met.NOT_KNOWN:
        if condition.detail.get("missing") == "opening":
            return _("Virksomheden har ikke oplyst det.")
        return _("Kortet siger ikke noget om det.")
    if condition.name.startswith(SHIFT):
        return _("Borgeren kan.") if condition.met is Met.MET else _("Borgeren kan ikke.")
    return _DETAILS[condition.name](condition.detail)


def _industry(detail: Mapping[str, Any]) -> str:
    wishes = ", ".join(str(Industry(one).label) for one in str(detail["offered"]).split(", "))
    return _(
        "Pladsen: %(asked)s. Borgeren ønsker: %(wishes)s.",
        asked=Industry(detail["asked"]).label,
        wishes=wishes,
    )


def _distance(detail: Mapping[str, Any]) -> str:
    return _(
        "%(km)s km i luftlinje. Borgeren kan rejse %(range)s km.",
        km=da_number(detail["km"]),
        range=da_number(detail["range_km"]),
    )


def _hours(detail: Mapping[str, Any]) -> str:
    asked = da_number(detail["asked"])
    least, most = da_number(detail.get("min")), da_number(detail.get("max"))
    if "min" not in detail:
        return _("Pladsen: %(asked)s. Borgeren ønsker højst %(most)s.", asked=asked, most=most)
    if "max" not in detail:
        return _("Pladsen: %(asked)s. Borgeren ønsker mindst %(least)s.", asked=asked, least=least)
    return _("Pladsen: %(asked)s. Borgeren ønsker %(least)s–%(most)s.", asked=asked, least=least, most=most)


def _speaking(detail: Mapping[str, Any]) -> str:
    return _danish(detail, DANISH_SPEAKING_LEVELS)


def _reading(detail: Mapping[str, Any]) -> str:
    return _danish(detail, DANISH_READING_LEVELS)


def _danish(detail: Mapping[str, Any], levels: Mapping[int, LazyString]) -> str:
    return _(
        "Pladsen: %(asked)s. Borgeren: %(offered)s.",
        asked=levels[int(detail["asked"])],
        offered=levels[int(detail["offered"])],
    )


_DETAILS: Final = {
    "industry": _industry,
    "distance": _distance,
    "hours": _hours,
    "danish_speaking": _speaking,
    "danish_reading": _reading,
}
