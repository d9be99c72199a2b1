"""No number of the law stands outside the dated rows: not in the law's modules, nor anywhere else in the portal.

What is looked for is read from the reference rows (tests/support/legal_numbers.py). A number that is none of the law's
although it looks like one is listed with the reason.
"""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import portal.shared.rules
from portal.base.database import db
from portal.shared.rules.services import reference_rules
from portal.shared.rules.units import CLOCK, WORDS, YES_OR_NO, in_words
from tests.support import legal_numbers
from tests.support.legal_numbers import Found, in_check, in_python, in_sentence, in_template

LAW = Path(portal.shared.rules.__file__).parent / "law"
PORTAL = LAW.parents[2]
OUTSIDE = {
    "portal/migrations/*": "what a database once was; the newest schema's CHECKs are read from the models",
    "portal/demo/*": "made-up people, places and periods",
    "portal/shared/rules/data/rules.csv": "the rows themselves",
    "portal/shared/skills/*": "what people call their work",
    "portal/data/*": "postcodes",
    "portal/ledger/goals/data/*": "the plans of two municipalities, word for word",
    "portal/static/vendor/*": "others' work",
}
ALLOWED = {
    "portal/application.py: 24 (wsgi_app": "how long a browser keeps a picture",
    "portal/base/keys.py: 12 (OVERLAP": "hours in which two keys open the same",
    "portal/base/quarters.py: *": "months of a year",
    "portal/base/typed_days.py: *": "how people write days: the ages of the living, and the months of a year",
    "portal/base/typed_clock.py: 24 (int hour": "hours of a clock",
    "portal/base/terms.py: 13-17 år": "whom the plan of Halsnæs speaks of",
    "portal/base/terms.py: 6 måneder": "when the plan of Fredensborg follows up on a hiring",
    "portal/interventions/aftercare/room.py: 6 måneder": "when the plan of Fredensborg follows up on a hiring",
    "portal/interventions/aftercare/services.py: 3 (MONTHS": "when the plan of Fredensborg follows up on a hiring",
    "portal/interventions/aftercare/services.py: 6 (MONTHS": "when the plan of Fredensborg follows up on a hiring",
    "portal/templates/aftercare/index.html: 6 måneder": "when the plan of Fredensborg follows up on a hiring",
    "portal/interventions/cohorts/forms.py: 14 (MOST_TIMES": "lines of a form",
    "portal/interventions/courses/forms.py: 50 (certificate_years": "a certificate is for years, not for ever",
    "portal/interventions/mentoring/agreement_views.py: 30 (LIFETIME": "a link, sent again with one press",
    "portal/interventions/pathways/forms.py: 4 (weeks": "what a new step begins with",
    "portal/interventions/young/queries.py: 18 år": "who is of age, which is no number of work",
    "portal/interventions/young/room.py: 18 år": "who is of age, which is no number of work",
    "portal/interventions/young/services.py: 18 år": "who is of age, which is no number of work",
    "portal/templates/young/_panel.html: 18 år": "who is of age, which is no number of work",
    "portal/templates/young/form.html: 13-17 år": "whom the plan of Halsnæs speaks of",
    "portal/templates/young/index.html: 13-17 år": "whom the plan of Halsnæs speaks of",
    "portal/templates/young/parents.html: 18 år": "who is of age, which is no number of work",
    "portal/batch/kernel.py: 23 (PLACE_BITS": "bits",
    "portal/config.py: *": "settings of an installation: sessions, limits, mails, periods of keeping",
    "portal/ledger/comparison/forms.py: 3 (MONTHS": "months of a quarter",
    "portal/ledger/goals/forms.py: 2 (date": "29 February",
    "portal/ledger/goals/table.py: 2 (date": "29 February",
    "portal/ledger/goals/table.py: 5 (MOST_YEARS": "the years a figure is drawn for",
    "portal/loop/cards/showing.py: 3 (LOOKED_BACK": "how far back a look of her own is searched for",
    "portal/loop/cards/waiting.py: *": "a search of days, wide enough for every holiday",
    "portal/loop/citizens/services.py: 12 (noon": "the middle of a day",
    "portal/loop/assessments/services.py: 30 (LINK_LIFETIME": "a link, made anew whenever the page is opened",
    "portal/loop/employers/joining.py: 3 (MOST_MAILS": "mails to one address",
    "portal/loop/employers/outlook.py: 26 (WEEKS": "half a year of the calendar is drawn",
    "portal/loop/employers/people.py: 14 (INVITATION": "a link, sent again with one press",
    "portal/loop/employers/register.py: 30 (KEPT": "what the business register said is not asked again at once",
    "portal/loop/matches/unmatched.py: 30 (DECIDED_LATELY": "what a list calls lately",
    "portal/loop/openings/services.py: 30 (RENEWABLE": "a link of a notice",
    "portal/loop/placements/amounts.py: *": "numbers written in words",
    "portal/loop/placements/follow_ups.py: 4 (AFTER_CARE": "how long after the last day a talk may be agreed",
    "portal/loop/placements/settling_views.py: 30 (LIFETIME": "a link, sent again with one press",
    "portal/loop/placements/views.py: 14 (DAYS_TO_FIRST": "a date proposed in a form, which the consultant changes",
    "portal/shared/accounts/second_step_pages.py: 30 (LIFETIME": "minutes in which a page is filled in",
    "portal/workspaces/operation/commands.py: 30 (KEEP_DAYS": "how long a backup is kept",
    "portal/workspaces/operation/surroundings.py: 14 (CERTIFICATE": "days in which a certificate can be renewed",
    "portal/shared/accounts/own_log.py: 90 (KEPT": "how much of her own log a page shows",
    "portal/shared/audit/closing.py: 12 (number": "months of a year",
    "portal/shared/rules/clock_times.py: *": "how people write hours and days of the clock and the calendar",
    "portal/shared/outbox/anew.py: 3 (MOST_A_DAY": "mails with a new link to one address",
    "portal/templates/components/charts.html: 50": "where a picture is drawn",
    "portal/templates/goals/words.html: last.day >= 30": "the last day of a quarter",
    "portal/workspaces/answers/response.py: 6 (TYPICAL_MONTHS": "the months a figure is counted for",
    "portal/workspaces/contacts/views.py: 7 dage": "a week of a filter",
    "portal/workspaces/home/agenda.py: *": "days of a week, and how many weeks can be leafed through",
    "portal/workspaces/home/calendar.py: 14 (DAYS_BACK": "days that a calendar still holds",
    "portal/templates/home/quarter.html: under 5": "how few are not told as a number (docs/rules.md#small-numbers)",
    "portal/shared/rules/checks.py: 7 (DAYS_IN_WEEK": "days of a week",
    "portal/workspaces/imports/layout.py: 26 (place": "letters that name a column",
    "portal/workspaces/quality/figures.py: 12 (year": "months of a year",
    "portal/workspaces/quality/views.py: 12 måneder": "a period of a figure, chosen by the reader",
    "portal/workspaces/quality/views.py: 6 måneder": "a period of a figure, chosen by the reader",
}
"""By where it stands and how it begins."""

HARMLESS = {0, 1}
"""Nothing, and one of something: the day after, the first of a list."""


@pytest.mark.parametrize("module", sorted(LAW.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_of_the_law_holds_no_number(module: Path) -> None:
    numbers = {
        node.value
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    }

    assert numbers <= HARMLESS


def test_no_sentence_of_the_law_says_a_number() -> None:
    """What a reader is told is the number in force, not the one in somebody's memory."""
    for module in LAW.glob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        said = [
            argument.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "_l")
            for argument in node.args
            if isinstance(argument, ast.Constant)
        ]
        for sentence in said:
            told = {int(digits) for digits in re.findall(r"\d+", sentence)}
            assert told <= HARMLESS, (module.name, sentence)


# --- The whole portal ------------------------------------------------------------------------------------------


def found_in_files() -> list[str]:
    """ "path: what was found", for everything that users read or that decides something."""
    read = {
        ".py": in_python,
        ".html": in_template,
        ".txt": in_template,
        ".js": in_template,
        ".csv": lambda text: [Found(0, said) for said in in_sentence(text)],
    }
    files = [path for path in sorted(PORTAL.rglob("*")) if path.suffix in read and path.is_file()]
    named = [(path.relative_to(PORTAL.parent).as_posix(), path) for path in files]
    return [
        f"{name}: {found.said}"
        for name, path in named
        if not any(fnmatch(name, outside) for outside in OUTSIDE)
        for found in read[path.suffix](path.read_text(encoding="utf-8"))
    ]


def allowed(found: str, pattern: str) -> bool:
    return found.startswith(pattern.removesuffix("*"))


def test_no_number_of_the_law_stands_outside_the_rows() -> None:
    found = found_in_files()

    assert [one for one in found if not any(allowed(one, pattern) for pattern in ALLOWED)] == []
    assert [pattern for pattern in ALLOWED if not any(allowed(one, pattern) for one in found)] == []


def test_the_database_refuses_no_number_that_the_law_may_come_to_allow() -> None:
    checks = [
        (table.name, str(check.sqltext))
        for table in db.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    ]

    assert len(checks) > 50
    assert [(table, text) for table, text in checks if in_check(text)] == []


# --- The search finds what it is to find ---------------------------------------------------------------------


NUMBERS = [
    rule for rule in reference_rules() if rule.unit not in (YES_OR_NO, WORDS) and rule.value not in HARMLESS
]


@pytest.mark.parametrize("rule", NUMBERS, ids=lambda rule: f"{rule.key}-{rule.valid_from}")
def test_every_number_of_the_rows_is_found_in_a_sentence(rule: Any) -> None:
    said = in_words(rule.value, rule.unit)

    assert in_sentence(f"Der må højst aftales {said} efter reglerne.")
    assert in_python(f'hint = _l("Der må højst aftales {said}.")')
    assert in_template(f'<p>{{{{ _("Der må højst aftales {said}.") }}}}</p>')


def test_every_unit_of_the_rows_has_its_words() -> None:
    assert legal_numbers.values().keys() - legal_numbers.UNITS.keys() == {CLOCK}


@pytest.mark.parametrize(
    "planted",
    [
        'description=_l("Højst 37 timer om ugen.")',
        'description=_l("Praktik i op til 26 uger")',
        'message = _("Gennemsnit af fire måneder")',
        'message = _("Det er kun for dem over 18.")',
        'message = _("Tæl ikke unge under 18 og ansatte med tilskud med.")',
        'message = _("For unge på 15-17 år")',
        'message = _("For unge på 13-14 år")',
        'message = _("Arbejdet slutter kl. 20")',
        'message = f"Pause efter 4,5 timer og {more}"',
        "hours = DanishHoursField(_l('Timer'), [NumberRange(min=1, max=37)])",
        "hours = DanishHoursField(_l('Timer om ugen'), [NumberRange(1, 40)])",
        "weeks = NumberRange(max=13)",
        "MOST_WISHED = 37",
        "LONGEST = 26",
        "if placement.weeks > 26: refuse()",
        "if age_on(born, day) < 18: refuse()",
        "def most(hours: float = 37) -> None: ...",
        "def most(*, months: int = 4) -> None: ...",
        "share = hours / 37",
        "share = hours / Decimal(37)",
        "ends = starts + relativedelta(months=6)",
        "ends = starts + timedelta(weeks=4)",
        "field.hours_max = 37.0",
    ],
)
def test_a_number_planted_in_code_is_found(planted: str) -> None:
    assert in_python(planted)


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Et forløb varer højst 13 uger.</p>",
        '{{ _("Skriv op til 37 ugentlige timer.") }}',
        '{{ ui.field(form.hours, max="37") }}',
        "{% if plan.weeks > 26 %}",
        "{% if citizen.age >= 18 %}",
        "if (hours > 37) { warn(); }",
        "const MOST = 37;",
    ],
)
def test_a_number_planted_in_a_template_or_script_is_found(planted: str) -> None:
    assert in_template(planted)


@pytest.mark.parametrize(
    "planted",
    [
        "hours_per_week > 0 AND hours_per_week <= 37",
        "weeks BETWEEN 1 AND 13",
        "age >= 18",
        "hours_min <= 40.0",
    ],
)
def test_a_number_planted_in_a_check_is_found(planted: str) -> None:
    assert in_check(planted)


@pytest.mark.parametrize(
    "harmless",
    [
        '"""At most 37 hours, as the row says."""',
        "x = 1  # 37 timer",
        "name = text_field(_l('Navn'), 120)",
        "hours = NumberRange(min=1, max=168)",
        "told = text[:37]",
        'message = _("Højst %(most)s", most=numbers.in_words(MOST))',
    ],
)
def test_what_is_no_rule_is_left_alone(harmless: str) -> None:
    assert in_python(harmless) == []
