"""Pages of the vocabulary."""

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l

from portal.htmx import render_page
from portal.listing import (
    Sorts,
    all_rows,
    clean_text,
    csv_response,
    fill,
    fill_from,
    read_listing,
    wants_csv,
)
from portal.permissions import Action, requires
from portal.phrases import LONGEST_PHRASE
from portal.skills import queries, translations
from portal.skills.models import Skill, SkillCategory
from portal.terms import Language, SkillArea

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


_IN_THE_FILES_ORDER = Sorts({"file": []}, default="file")

_PHRASE_COLUMNS = [
    ("kind", lambda entry: entry.kind.value),
    ("key", lambda entry: entry.key),
    (_l("Dansk"), lambda entry: entry.danish),
    (_l("Oversættelse"), lambda entry: entry.phrase.text if entry.phrase else ""),
    (_l("Gennemset af"), lambda entry: entry.phrase.reviewed_by if entry.phrase else ""),
]


@bp.get("/translations")
@requires(Action.READ_VOCABULARY)
def phrases() -> Response:
    """For those who review translations: what stands in a language, and what nobody has read through yet."""
    listing = read_listing(_IN_THE_FILES_ORDER, filters=("language", "state"))
    known = listing.filters["language"] in set(Language)
    language = Language(listing.filters["language"]) if known else Language.EN
    listing.filters["language"] = language.value
    found = translations.search(language, words=listing.q, state=listing.filters["state"])
    if wants_csv():
        return csv_response(f"oversaettelser-{language}", _PHRASE_COLUMNS, found)
    return render_page(
        "skills/translations.html",
        fragment="phrase_list",
        listing=fill_from(listing, found),
        language=language,
        languages=Language.choices(),
        states=translations.ReviewState.choices(),
        overview=[(one, translations.completeness(one)) for one in Language],
    )
