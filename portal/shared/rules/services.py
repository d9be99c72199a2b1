"""Commands of rules: put a dated number of the law or of one municipality, and load the reference data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.book import resumption
from portal.shared.rules.certainty import Certainty
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.queries import HOLDS, THE_LAW, law_on
from portal.shared.rules.strictness import Stricter, reference_rows, shipped_words, stricter
from portal.shared.rules.units import WORDS, YES_OR_NO, in_words, lines_of
from portal.web.presentation import da_date

_DAY: Final = timedelta(days=1)


class RulesOverlap(DomainError):
    message = _l("Der gælder allerede et tal for den regel på de dage.")


class NumberComesLater(RulesOverlap):
    """Another number begins on a day that the new one would have. `first`: that day."""

    def __init__(self, first: date) -> None:
        super().__init__(
            _l(
                "Der er allerede et tal, der gælder fra %(day)s. Vælg en sidste dag før den, eller ret det tal.",
                day=da_date(first),
            )
        )


class RuleInForce(DomainError):
    """What has been the rule on some day stays as it was; a new number is put from a later day."""

    message = _l("Tallet gælder allerede og kan ikke rettes. Skriv et nyt tal, der gælder fra en dato.")


class RuleBeginsTooEarly(DomainError):
    message = _l(
        "Et tal kan tidligst gælde fra i dag. Var det forkert allerede før, så vælg Ret bagud og skriv hvorfor."
    )


class NotInThePast(DomainError):
    message = _l(
        "Ret bagud er for dage, der er gået. Skriv et nyt tal, hvis det skal gælde fra i dag eller senere."
    )


class ReasonMissing(DomainError):
    message = _l("Skriv hvorfor. Begrundelsen bliver stående ved tallet og i loggen.")


class NotWaiting(DomainError):
    message = _l("Tallet venter ikke længere på et svar.")


class WaitingIsOver(DomainError):
    """Its last day is past: from today on it would not hold on any day."""

    message = _l("Tallets sidste dag er gået. Det kan kun gælde bagud, eller I kan afvise det.")


class NoOwnRule(DomainError):
    message = _l("Reglen er ens i alle kommuner. Kommunen kan ikke fastsætte sit eget tal for den.")


class OwnRuleBeginsTooEarly(DomainError):
    message = _l("Kommunens eget tal kan tidligst gælde fra i dag.")


class OwnRuleIsNotStricter(DomainError):
    """A municipality may ask more than the law, never less. `day`: the law's number of that day is the measure."""

    def __init__(self, law: Rule, day: date) -> None:
        said = {"number": in_words(law.value, law.unit), "day": da_date(day)}
        if law.unit == YES_OR_NO:
            words = _l("Loven siger %(number)s den %(day)s. Kommunen kan ikke være strengere.", **said)
        elif stricter(law.key) is Stricter.HIGHER:
            words = _l(
                "Kommunen må kun være strengere end loven, som siger %(number)s den %(day)s. Skriv et højere tal.",
                **said,
            )
        else:
            words = _l(
                "Kommunen må kun være strengere end loven, som siger %(number)s den %(day)s. Skriv et lavere tal.",
                **said,
            )
        super().__init__(words)


class OwnRuleEndsWrongly(DomainError):
    message = _l("Vælg en sidste dag fra i dag, ikke senere end den dag, reglen allerede slutter.")


@dataclass(frozen=True)
class RuleDetails:
    """One number with its period, its legal reference and who checked it when."""

    key: str
    title: str
    value: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    reference: str
    source: str
    checked_by: str
    checked_on: date
    certainty: Certainty = Certainty.READ
    municipality_id: int | None = None
    """Whose own row it is; None: the law's."""
    words: str = ""
    """The lines of a list, whose number is how many there are."""


def put_rule(details: RuleDetails, *, by: User | None, at: datetime) -> Rule:
    """Put a number in force from today or a later day. The owner's that holds on its first day ends the day before,
    and goes on after its last day.

    Raises RuleBeginsTooEarly and NumberComesLater; for a municipality's own row also what `refuse_laxer` raises.
    """
    is_early = details.valid_from < danish_day(at)
    if details.municipality_id is not None:
        refuse_laxer(details.key, details.value, details.valid_from)
        if is_early:
            raise OwnRuleBeginsTooEarly
    if is_early:
        raise RuleBeginsTooEarly
    return _put(Rule(**vars(details)), by=by, at=at)


def found_rule(details: RuleDetails, *, at: datetime, **more: Any) -> Rule:
    """Put a number whose first day may be past: where there was none for its key, nobody was judged by another.

    Raises NumberComesLater.
    """
    return _put(Rule(**vars(details), **more), by=None, at=at)


def _put(rule: Rule, *, by: User | None, at: datetime) -> Rule:
    before = _in_words_on(rule, rule.valid_from)
    _refuse_later(rule)
    _lay(rule)
    audit.record("rule-put", subject=rule, by=by, at=at, change=change_words(before, rule))
    return rule


def refuse_laxer(key: str, value: Decimal, valid_from: date) -> None:
    """A municipality's own number is stricter than the law's on its first day; should the law become so, it holds.

    Raises NoOwnRule where the number is the law's alone, and OwnRuleIsNotStricter. Source: docs/rules.md#own-rows
    """
    law = law_on(key, valid_from)
    refuse_what_is_the_laws_alone(key)
    if law is None:
        raise NoOwnRule
    if not stricter(key).is_stricter(value, than=law.value):
        raise OwnRuleIsNotStricter(law, valid_from)


def refuse_what_is_the_laws_alone(key: str) -> None:
    """Raises NoOwnRule."""
    if stricter(key) is Stricter.NOWHERE:
        raise NoOwnRule


def _refuse_later(rule: Rule, *, today: date | None = None) -> None:
    """Raises RulesOverlap for a last day before the first, and NumberComesLater.

    `today`: only what has not begun by then stands in the way, for the past is being corrected.
    """
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise RulesOverlap
    earliest = rule.valid_from if today is None else today + _DAY
    for other in _touched_by(rule):
        if other.valid_from >= earliest:
            raise NumberComesLater(other.valid_from)


def _lay(rule: Rule) -> None:
    """Put the row over its days. Of two who put a number from one day the constraint lets one. Raises RulesOverlap."""
    rests = []
    rule.took_over, rule.took_until = False, None
    for other in _touched_by(rule):
        last = other.valid_to
        if other.valid_from < rule.valid_from:
            rule.took_over, rule.took_until = True, last
        if rule.valid_to is not None and (last is None or last > rule.valid_to):
            rests.append(_copy(other, rule.valid_to + _DAY, last, goes_on=True))
        if other.valid_from < rule.valid_from:
            other.valid_to = rule.valid_from - _DAY
        else:
            other.standing = RuleStanding.REPLACED
    try:
        with db.session.begin_nested():
            db.session.flush()  # two rows of a key may not stand open at once
            rule.standing = RuleStanding.HOLDS
            db.session.add_all([rule, *rests])
    except IntegrityError as error:
        raise RulesOverlap from error


def _touched_by(rule: Rule) -> list[Rule]:
    """The rows of its line that hold on some of its days, the first first."""
    statement = sa.select(Rule).where(
        _one_line(rule), Rule.id.is_distinct_from(rule.id), sa.or_(*_ends_from(rule.valid_from))
    )
    if rule.valid_to is not None:
        statement = statement.where(Rule.valid_from <= rule.valid_to)
    with db.session.no_autoflush:
        return list(db.session.scalars(statement.order_by(Rule.valid_from)))


def _ends_from(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return Rule.valid_to.is_(None), Rule.valid_to >= day


def _one_line(rule: Rule) -> sa.ColumnElement[bool]:
    """Rows that hold, of the same rule and the same owner: one takes over from the other."""
    return sa.and_(
        HOLDS, Rule.key == rule.key, Rule.municipality_id.is_not_distinct_from(rule.municipality_id)
    )


def _copy(rule: Rule, first: date, last: date | None, **more: Any) -> Rule:
    """The same number on other days."""
    kept = {name: getattr(rule, name) for name in RuleDetails.__dataclass_fields__}
    return Rule(**kept | {"valid_from": first, "valid_to": last} | more)


def correct_rule(rule: Rule, details: RuleDetails, *, by: User, at: datetime, today: date) -> None:
    """Change a number that has not come into force: as if it had been put so at once.

    Raises RuleInForce and what `put_rule` raises.
    """
    _refuse_begun(rule, today)
    if details.valid_from < today:
        raise OwnRuleBeginsTooEarly if rule.is_own else RuleBeginsTooEarly
    if rule.is_own:
        refuse_laxer(details.key, details.value, details.valid_from)
    was = _in_words_of(rule)
    _lift(rule)
    for name, value in vars(details).items():
        setattr(rule, name, value)
    rule.goes_on = False
    _refuse_later(rule)
    _lay(rule)
    audit.record("rule-corrected", subject=rule, by=by, at=at, change=change_words(was, rule))


def withdraw_rule(rule: Rule, *, by: User, at: datetime, today: date) -> None:
    """Take back a number that has not come into force; the one it took over from goes on. Raises RuleInForce.

    One that the portal shipped is kept as refused, so that it is not shipped again.
    """
    _refuse_begun(rule, today)
    was = f"{_in_words_of(rule)} {period_words(rule)}"
    _lift(rule)
    then = _in_words_on(rule, rule.valid_from)
    audit.record("rule-withdrawn", subject=rule, by=by, at=at, change=f"{was} → {then}")
    if rule.shipped_from is None:
        db.session.delete(rule)
    db.session.flush()


def _refuse_begun(rule: Rule, today: date) -> None:
    """Raises RuleInForce."""
    if not rule.holds or rule.valid_from <= today:
        raise RuleInForce


def _lift(rule: Rule) -> None:
    """Take a row out of its line: what it took over from goes on."""
    before = db.session.scalar(
        sa.select(Rule).where(_one_line(rule), Rule.valid_to == rule.valid_from - _DAY)
    )
    after = db.session.scalar(
        sa.select(Rule)
        .where(_one_line(rule), Rule.valid_from > rule.valid_from)
        .order_by(Rule.valid_from)
        .limit(1)
    )
    rule.standing = RuleStanding.REFUSED
    db.session.flush()  # two rows of a key may not stand open at once
    if before is None or not rule.took_over:
        return
    resumed, healed = resumption(rule, before, after)
    if healed and after is not None:
        db.session.delete(after)
        db.session.flush()
    before.valid_to = resumed
    db.session.flush()


# --- The past -----------------------------------------------------------------------------------------------------


def correct_past(details: RuleDetails, reason: str, *, by: User, at: datetime) -> Rule:
    """Say that another number of the law held on days that are gone. What was taken for it stays to be read.

    Raises NotInThePast, ReasonMissing and NumberComesLater, the last for a day that is still to come.
    """
    return _correct_past(Rule(**vars(details)), reason, by=by, at=at)


def _correct_past(rule: Rule, reason: str, *, by: User, at: datetime) -> Rule:
    today = danish_day(at)
    if rule.valid_from >= today:
        raise NotInThePast
    if not reason.strip():
        raise ReasonMissing
    _refuse_later(rule, today=today)
    was = _in_words_on(rule, rule.valid_from)
    rule.reason = reason.strip()
    believed = [
        _copy(
            other,
            rule.valid_from,
            min(other.valid_to or today, rule.valid_to or today),
            standing=RuleStanding.REPLACED,
            reason=rule.reason,
        )
        for other in _touched_by(rule)
        if other.valid_from < rule.valid_from
    ]
    for other in _touched_by(rule):
        if other.valid_from >= rule.valid_from:
            other.reason = rule.reason
    _lay(rule)
    db.session.add_all(believed)
    audit.record(
        "rule-corrected-backwards",
        subject=rule,
        by=by,
        at=at,
        change=f"{change_words(was, rule)}. {_('Begrundelse: %(reason)s', reason=rule.reason)}",
    )
    return rule


# --- What was shipped and waits -----------------------------------------------------------------------------------


def confirm_from_today(rule: Rule, *, by: User, at: datetime) -> None:
    """Let a row that waits hold from today on. Raises NotWaiting, WaitingIsOver and NumberComesLater."""
    today = danish_day(at)
    _refuse_answered(rule)
    if rule.valid_to is not None and rule.valid_to < today:
        raise WaitingIsOver
    was = _in_words_on(rule, today)
    rule.valid_from = max(today, rule.valid_from)
    _refuse_later(rule)
    _lay(rule)
    audit.record("rule-confirmed", subject=rule, by=by, at=at, change=change_words(was, rule))


def confirm_backwards(rule: Rule, reason: str, *, by: User, at: datetime) -> None:
    """Let a row that waits hold from its own first day. Raises NotWaiting and what `correct_past` raises."""
    _refuse_answered(rule)
    _correct_past(rule, reason, by=by, at=at)


def refuse_shipped(rule: Rule, reason: str, *, by: User, at: datetime) -> None:
    """Keep a row that waits out of force. Raises NotWaiting and ReasonMissing."""
    _refuse_answered(rule)
    if not reason.strip():
        raise ReasonMissing
    rule.standing, rule.reason = RuleStanding.REFUSED, reason.strip()
    said = _("Begrundelse: %(reason)s", reason=rule.reason)
    words = f"{_in_words_of(rule)} {period_words(rule)}. {said}"
    audit.record("rule-refused", subject=rule, by=by, at=at, change=words)


def _refuse_answered(rule: Rule) -> None:
    """Raises NotWaiting."""
    if rule.standing is not RuleStanding.WAITING:
        raise NotWaiting


# --- What it was and what it became, for the log ------------------------------------------------------------------


def change_words(was: str, rule: Rule) -> str:
    """ "13 uger → 12 uger fra 1. maj 2026 til 30. juni 2026"."""
    return f"{was} → {_in_words_of(rule)} {period_words(rule)}"


def period_words(rule: Rule) -> str:
    if rule.valid_to is None:
        return _("fra %(day)s", day=da_date(rule.valid_from))
    return _("fra %(day)s til %(last)s", day=da_date(rule.valid_from), last=da_date(rule.valid_to))


def _in_words_of(rule: Rule) -> str:
    """A number with its unit; of a list all its lines, for they are what it says."""
    return f"{rule.in_words}: {'; '.join(rule.lines)}" if rule.is_list else rule.in_words


def _in_words_on(rule: Rule, day: date) -> str:
    """What the line of the row said of a day before."""
    statement = sa.select(Rule).where(_one_line(rule), Rule.valid_from <= day, sa.or_(*_ends_from(day)))
    with db.session.no_autoflush:
        found = db.session.scalar(statement)
    return _in_words_of(found) if found is not None else _("intet tal")


def end_own_rule(rule: Rule, last_day: date, *, by: User, at: datetime, today: date) -> None:
    """Let a municipality's own row end; from the day after the law alone holds again. Raises OwnRuleEndsWrongly."""
    latest = rule.valid_to or date.max
    if not max(today, rule.valid_from) <= last_day <= latest:
        raise OwnRuleEndsWrongly
    was = f"{_in_words_of(rule)} {period_words(rule)}"
    rule.valid_to = last_day
    audit.record("rule-ended", subject=rule, by=by, at=at, change=f"{was} → {period_words(rule)}")


def load_reference_rules(at: datetime) -> int:
    """Put the rules that the portal comes with; returns how many were new, those that wait among them.

    A rule that is there already stays as it is: somebody may have changed it. One of a key that has rows here, from a
    day that is past, would change what has been judged, so it waits until somebody says from when it holds. One of a
    key that has none changes nothing backwards, and holds at once. Source: docs/rules.md#shipped-rows
    """
    rows = db.session.execute(sa.select(Rule.key, Rule.valid_from, Rule.shipped_from).where(THE_LAW)).all()
    known = {(key, day) for key, *days in rows for day in days if day is not None}
    keys = {key for key, _first, _shipped in rows}
    new = [details for details in reference_rules() if (details.key, details.valid_from) not in known]
    for details in new:
        _bring(details, at=at, is_new_key=details.key not in keys)
    return len(new)


def _bring(details: RuleDetails, *, at: datetime, is_new_key: bool) -> None:
    shipped = {"shipped_from": details.valid_from}
    if is_new_key or details.valid_from >= danish_day(at):
        try:
            rule = found_rule(details, at=at, **shipped)
        except RulesOverlap:
            pass  # somebody put another number there: it is hers to say which
        else:
            rule.took_over = rule.took_over or _begins_where_another_ends(rule)
            return
    rule = Rule(**vars(details), **shipped, standing=RuleStanding.WAITING)
    db.session.add(rule)
    audit.record(
        "rule-shipped", subject=rule, by=None, at=at, change=f"{_in_words_of(rule)} {period_words(rule)}"
    )


def _begins_where_another_ends(rule: Rule) -> bool:
    """The file gives the last day of a row that another takes over from."""
    statement = sa.select(Rule.id).where(_one_line(rule), Rule.valid_to == rule.valid_from - _DAY)
    return db.session.scalar(statement.limit(1)) is not None


def reference_rules() -> list[RuleDetails]:
    """The rows of the reference file, in its order."""
    return [_details(row) for row in reference_rows()]


def _details(row: dict[str, str]) -> RuleDetails:
    words = shipped_words(row["key"], row["valid_from"]) if row["unit"] == WORDS else ""
    return RuleDetails(
        key=row["key"],
        title=row["title"],
        value=Decimal(len(lines_of(words)) if row["unit"] == WORDS else row["value"]),
        unit=row["unit"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        reference=row["reference"],
        source=row["source"],
        checked_by=row["checked_by"],
        checked_on=date.fromisoformat(row["checked_on"]),
        certainty=Certainty(row["certainty"]),
        words=words,
    )
