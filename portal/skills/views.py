"""Pages of the vocabulary."""

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l

from portal.htmx import render_page
from portal.listing import Sorts, all_rows, clean_text, csv_response, fill, read_listing, wants_csv
from portal.permissions import Action, requires
from portal.phrases import LONGEST_PHRASE
from portal.skills import queries
from portal.skills.models import Skill, SkillCategory
from portal.terms import SkillArea

bp = Blueprint("skills", __name__, url_prefix="/skills")

SORTS = Sorts(
    {
        "name": [Skill.name, Skill.id],
        "area": [Skill.area, Skill.name, Skill.id],
        "category": [Skill.category, Skill.name, Skill.id],
        "english": [Skill.english, Skill.id],
    },
    default="name",
)

_COLUMNS = [
    (_l("Færdighed"), lambda skill: skill.name),
    (_l("Andre ord"), lambda skill: "; ".join(synonym.label for synonym in skill.synonyms)),
    (_l("Fag"), lambda skill: skill.area.label),
    (_l("Slags"), lambda skill: skill.category.label),
    (_l("Engelsk"), lambda skill: skill.english),
]


@bp.get("/")
@requires(Action.READ_VOCABULARY)
def index() -> Response:
    listing = read_listing(SORTS, filters=("area", "category"))
    statement = queries.vocabulary(words=listing.q, **listing.filters)
    if wants_csv():
        return csv_response("ordliste", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "skills/index.html",
        fragment="skill_list",
        listing=listing,
        areas=SkillArea.choices(),
        categories=SkillCategory.choices(),
        version=queries.vocabulary_version(),
    )


@bp.post("/suggest/<any(card, opening):where>")
@requires(Action.WRITE_WORDS)
def suggest(where: str) -> Response:
    """What the vocabulary offers for the beginning of a text. POST: what somebody types stands in no address or log."""
    typed = clean_text(request.form.get("q"), LONGEST_PHRASE)
    return render_page(
        "skills/suggestions.html",
        fragment="suggestions",
        suggestions=queries.suggestions(typed, for_card=where == "card"),
    )
