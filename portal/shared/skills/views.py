"""Pages of the vocabulary."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.events import Renewal
from portal.base.terms import Language, SkillArea
from portal.lexicon.phrases import LONGEST_PHRASE
from portal.shared.skills import queries, services, translations
from portal.shared.skills.forms import SkillPageForm, SynonymForm
from portal.shared.skills.models import Skill, SkillCategory, VocabularyVersion
from portal.web.htmx import render_page
from portal.web.listing import (
    Sorts,
    all_rows,
    clean_text,
    fill,
    fill_from,
    read_listing,
    table_file,
    wants_file,
)
from portal.web.permissions import Action, Scope, requires

bp = Blueprint("skills", __name__, url_prefix="/skills")

SORTS = Sorts(
    {
        "name": [alphabetical(Skill.name), Skill.id],
        "area": [Skill.area, alphabetical(Skill.name), Skill.id],
        "category": [Skill.category, alphabetical(Skill.name), Skill.id],
        "english": [alphabetical(Skill.english), Skill.id],
    },
    default="name",
)

_COLUMNS = [
    (_l("Færdighed"), lambda skill: skill.name),
    (_l("Andre ord"), lambda skill: "; ".join(synonym.label for synonym in skill.synonyms)),
    (_l("Fag"), lambda skill: skill.area.label),
    (_l("Slags"), lambda skill: skill.category.label),
    (_l("Engelsk"), lambda skill: skill.english),
    (_l("Hører under"), lambda skill: "; ".join(one.name for one in skill.broader)),
    (_l("Trin"), lambda skill: skill.ladder.label),
    (_l("Billede"), lambda skill: skill.pictogram),
]

CHANGE_SORTS = Sorts({"version": [VocabularyVersion.id]}, default="version", descending=True)

_CHANGES = [
    (_l("Udgave"), lambda version: version.id),
    (_l("Hvornår"), lambda version: version.at),
    (_l("Hvad"), lambda version: version.note),
]


@bp.get("/")
@requires(Action.READ_VOCABULARY)
def index() -> Response:
    listing = read_listing(SORTS, filters=("area", "category"))
    statement = queries.vocabulary(words=listing.q, **listing.filters)
    if wants_file():
        return table_file("ordliste", _COLUMNS, all_rows(listing, statement, SORTS))
    fill(listing, statement, SORTS)
    return render_page(
        "skills/index.html",
        fragment="skill_list",
        listing=listing,
        areas=SkillArea.choices(),
        categories=SkillCategory.choices(),
        version=queries.vocabulary_version(),
    )


@bp.get("/changes")
@requires(Action.READ_VOCABULARY)
def changes() -> Response:
    listing = read_listing(CHANGE_SORTS)
    statement = queries.versions(words=listing.q)
    if wants_file():
        return table_file("ordlistens-aendringer", _CHANGES, all_rows(listing, statement, CHANGE_SORTS))
    fill(listing, statement, CHANGE_SORTS)
    return render_page("skills/changes.html", fragment="change_list", listing=listing)


@bp.route("/<int:skill_id>", methods=["GET", "POST"])
@requires(Action.CURATE_VOCABULARY)
def edit(skill_id: int) -> Any:
    skill = queries.skill(skill_id)
    form = SkillPageForm(obj=skill)
    if not form.is_submitted():
        return _skill_page(skill, form=form)
    if not form.validate():
        return _skill_page(skill, form=form, status=422)
    try:
        with transaction():
            renewal = services.edit_skill(
                skill, form.details(), seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as stale:
        form.accept_version(skill.version)
        return _skill_page(skill, form=form, status=409, refusal=stale)
    except DomainError as refusal:
        return _skill_page(skill, form=form, status=409, refusal=refusal)
    return _done(skill, _("Færdigheden er gemt."), renewal)


def _skill_page(
    skill: Skill,
    *,
    form: SkillPageForm | None = None,
    synonym_form: SynonymForm | None = None,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    words = clean_text(request.args.get("q"))
    return render_page(
        "skills/edit.html",
        fragment="skill",
        status=status,
        skill=skill,
        form=form or SkillPageForm(formdata=None, obj=skill),
        synonym_form=synonym_form or SynonymForm(formdata=None),
        refusal=refusal,
        words=words,
        found=[one for one in queries.found(words) if one not in (skill, *skill.broader)] if words else [],
    )


def _done(skill: Skill, said: str, renewal: Renewal) -> Any:
    flash(f"{said} {renewal_sentence(renewal)}", "success")
    return redirect(url_for("skills.edit", skill_id=skill.id), 303)


def renewal_sentence(renewal: Renewal) -> str:
    """What a change of the vocabulary did to cards and openings; no number for somebody who sees no persons."""
    if current_user.scope is Scope.INSTALLATION:
        return _("Det, der er skrevet med det ord, bliver matchet på ny.")
    if not renewal.now and not renewal.later:
        return _("Ingen kort eller åbninger er skrevet med det ord.")
    said = _("Kort og åbninger matchet på ny: %(now)s.", now=renewal.now)
    if not renewal.later:
        return said
    left = _("%(later)s mere bliver regnet ved næste genberegning.", later=renewal.later)
    return f"{said} {left}"


@bp.post("/<int:skill_id>/synonyms")
@requires(Action.CURATE_VOCABULARY)
def add_synonym(skill_id: int) -> Any:
    skill = queries.skill(skill_id)
    form = SynonymForm()
    if not form.validate():
        return _skill_page(skill, synonym_form=form, status=422)
    try:
        with transaction():
            renewal = services.add_synonym(skill, form.label.data, by=current_user, at=clock.now())
    except DomainError as refusal:
        form.label.errors = [str(refusal.message)]
        return _skill_page(skill, synonym_form=form, status=409)
    return _done(skill, _("“%(label)s” er et ord for færdigheden.", label=form.label.data), renewal)


@bp.post("/<int:skill_id>/synonyms/<int:synonym_id>/remove")
@requires(Action.CURATE_VOCABULARY)
def remove_synonym(skill_id: int, synonym_id: int) -> Any:
    skill = queries.skill(skill_id)
    synonym = queries.synonym_of(skill, synonym_id)
    label = synonym.label
    with transaction():
        renewal = services.remove_synonym(synonym, by=current_user, at=clock.now())
    return _done(skill, _("“%(label)s” er ikke længere et ord for færdigheden.", label=label), renewal)


@bp.post("/<int:skill_id>/broader/<int:broader_id>")
@requires(Action.CURATE_VOCABULARY)
def add_broader(skill_id: int, broader_id: int) -> Any:
    skill, broader = queries.skill(skill_id), queries.skill(broader_id)
    try:
        with transaction():
            services.add_broader(skill, broader, by=current_user, at=clock.now())
    except DomainError as refusal:
        return _skill_page(queries.skill(skill_id), status=409, refusal=refusal)
    flash(_("%(name)s hører nu under %(broader)s.", name=skill.name, broader=broader.name), "success")
    return redirect(url_for("skills.edit", skill_id=skill_id), 303)


@bp.post("/<int:skill_id>/broader/<int:broader_id>/remove")
@requires(Action.CURATE_VOCABULARY)
def remove_broader(skill_id: int, broader_id: int) -> Any:
    skill, broader = queries.skill(skill_id), queries.skill(broader_id)
    with transaction():
        services.remove_broader(skill, broader, by=current_user, at=clock.now())
    said = _("%(name)s hører ikke længere under %(broader)s.", name=skill.name, broader=broader.name)
    flash(said, "success")
    return redirect(url_for("skills.edit", skill_id=skill_id), 303)


@bp.post("/<int:skill_id>/remove")
@requires(Action.CURATE_VOCABULARY)
def remove(skill_id: int) -> Any:
    skill = queries.skill(skill_id)
    name = skill.name
    with transaction():
        services.remove_skill(skill, by=current_user, at=clock.now())
    flash(_("%(name)s er fjernet fra ordlisten.", name=name), "success")
    return redirect(url_for("skills.index"), 303)


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
    (_l("Oversættelse"), lambda entry: entry.text),
    (_l("Gennemset af"), lambda entry: entry.phrase.reviewed_by if entry.phrase else ""),
]


@bp.get("/translations")
@requires(Action.READ_VOCABULARY)
def phrases() -> Response:
    """For those who review translations: what stands in a language, and what nobody has read through yet."""
    listing = read_listing(_IN_THE_FILES_ORDER, filters=("language", "state"))
    known = listing.filters["language"] in set(Language)
    language = Language(listing.filters["language"]) if known else next(iter(Language))
    listing.filters["language"] = language.value
    found = translations.search(language, words=listing.q, state=listing.filters["state"])
    if wants_file():
        return table_file(f"oversaettelser-{language}", _PHRASE_COLUMNS, found)
    return render_page(
        "skills/translations.html",
        fragment="phrase_list",
        listing=fill_from(listing, found),
        language=language,
        languages=Language.choices(),
        states=translations.ReviewState.choices(),
        overview=[(one, translations.completeness(one)) for one in Language],
    )
