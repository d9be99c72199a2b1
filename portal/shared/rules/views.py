"""Pages of rules."""

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.shared.rules import queries
from portal.shared.rules.meanings import meaning, not_found
from portal.shared.rules.models import Rule
from portal.shared.rules.strictness import Stricter, stricter
from portal.web.htmx import render_page
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("rules", __name__, url_prefix="/rules")

SORTS = Sorts(
    {
        "title": [alphabetical(Rule.title), Rule.valid_from, Rule.id],
        "value": [Rule.value, Rule.id],
        "from": [Rule.valid_from, Rule.id],
        "checked": [Rule.checked_on, Rule.id],
    },
    default="title",
)


@bp.get("/")
@requires(Action.READ_RULES)
def index() -> Response:
    today = clock.today()
    listing = read_listing(SORTS, filters=("state",))
    statement = queries.rules(current_user, words=listing.q, state=listing.filters["state"], today=today)
    if wants_file():
        return table_file("regler", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    states = [
        ("now", _("Gælder i dag")),
        ("past", _("Gælder ikke længere")),
        ("later", _("Gælder senere")),
        ("own", _("Kommunens egne regler")),
        ("waiting", _("Venter på bekræftelse")),
        ("unread", _("Skal bekræftes")),
        ("set-aside", _("Afvist eller rettet bagud")),
    ]
    return render_page(
        "rules/index.html",
        fragment="rule_list",
        listing=listing,
        today=today,
        states=states,
        waiting=queries.waiting_count(),
    )


@bp.get("/not-read")
@requires(Action.READ_RULES)
def not_read() -> Response:
    """What the portal has not been able to read: rows of the law, and what was looked for in vain."""
    today = clock.today()
    listing = read_listing(SORTS)
    statement = queries.rules(current_user, words=listing.q, state="unread", today=today)
    if wants_file():
        return table_file("ikke-laest", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "rules/not_read.html",
        fragment="not_read_list",
        listing=listing,
        today=today,
        not_found=not_found(),
        leaves_room=queries.leaves_room,
    )


@bp.get("/<int:rule_id>/history")
@requires(Action.READ_RULES)
def history(rule_id: int) -> Response:
    """All numbers of one rule, past and to come."""
    rule, today = queries.rule_for(current_user, rule_id), clock.today()
    rows, law = queries.history(current_user, rule.key), queries.latest_of_the_law(rule.key)
    return render_page(
        "rules/history.html",
        fragment="rule_history",
        rule=rule,
        meaning=meaning(rule.key),
        rows=rows,
        today=today,
        law=law,
        way=stricter(rule.key) if queries.leaves_room(law) else Stricter.NOWHERE,
        holding=queries.own_that_holds(current_user, rule, today),
    )


_COLUMNS = [
    (_l("Regel"), lambda rule: rule.title),
    (_l("Tal"), lambda rule: bool(rule.value) if rule.is_yes_or_no else rule.value),
    (_l("Enhed"), lambda rule: None if rule.is_yes_or_no or rule.is_list else rule.unit),
    (_l("Kommune"), lambda rule: rule.municipality.name if rule.municipality else None),
    (_l("Gælder fra"), lambda rule: rule.valid_from),
    (_l("Gælder til"), lambda rule: rule.valid_to),
    (_l("Henvisning"), lambda rule: rule.reference),
    (_l("Kilde"), lambda rule: rule.source),
    (_l("Kontrolleret af"), lambda rule: rule.checked_by),
    (_l("Kontrolleret den"), lambda rule: rule.checked_on),
    (_l("Hvor sikkert"), lambda rule: rule.certainty.label),
    (_l("Nøgle"), lambda rule: rule.key),
    (_l("Status"), lambda rule: rule.standing.label),
    (_l("Begrundelse"), lambda rule: rule.reason),
    (_l("Linjer"), lambda rule: "; ".join(rule.lines)),
    (_l("Hvad den betyder"), lambda rule: meaning(rule.key)),
]
