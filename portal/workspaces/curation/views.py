"""Pages of the curator's desk: the list of phrases, and one phrase with all that can be made of it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.shared.audit.viewing import record_view
from portal.shared.skills import queries as skills
from portal.shared.skills import services as vocabulary
from portal.shared.skills.forms import SkillDetailsForm
from portal.shared.skills.views import renewal_sentence
from portal.web.htmx import render_page
from portal.web.listing import Sorts, clean_text, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires
from portal.workspaces.curation import queries, services
from portal.workspaces.curation.queries import PhraseTab, WrittenPhrase

bp = Blueprint("curation", __name__, url_prefix="/curation")

_TEXT: sa.ColumnElement[str] = alphabetical(sa.column("text"))
SORTS = Sorts(
    {
        "asked": [sa.column("asked"), sa.column("places"), _TEXT],
        "writers": [sa.column("writers"), _TEXT],
        "cards": [sa.column("cards"), _TEXT],
        "openings": [sa.column("openings"), _TEXT],
        "text": [_TEXT],
    },
    default="asked",
    descending=True,
)

TABS = [(PhraseTab.CHOSEN, _l("Skriveren har valgt, hvad det er")), (PhraseTab.DISMISSED, _l("Sat til side"))]

_COLUMNS = [
    (_l("Ord"), lambda phrase: phrase.text),
    (_l("Kort"), lambda phrase: phrase.cards),
    (_l("Åbninger"), lambda phrase: phrase.openings),
    (_l("Spørgsmål, det sparer"), lambda phrase: phrase.asked),
    (_l("Skrivere"), lambda phrase: phrase.writers),
    (_l("Kan være"), lambda phrase: "; ".join(guess.name for guess in phrase.guesses)),
]

WHERE = "/<any(evidence, certificate, task):kind>/<int:row_id>"


@bp.get("/")
@requires(Action.CURATE_PHRASES)
def index() -> Response:
    listing = read_listing(SORTS, filters=("tab",))
    statement = queries.phrases(current_user, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    _look([row.folded for row in rows])
    if wants_file():
        return table_file("ukendte-ord", _COLUMNS, queries.describe(current_user, rows))
    return render_page(
        "curation/index.html",
        fragment="phrase_list",
        listing=listing,
        phrases=queries.describe(current_user, listing.items),
        tabs=TABS,
        dismissed=listing.filters["tab"] == PhraseTab.DISMISSED,
    )


def _look(folded: Sequence[str]) -> None:
    record_view(
        "phrases-listed",
        current_user,
        citizen_id=None,
        purpose=_("Pleje af ordlisten"),
        people=queries.writers_of(current_user, folded),
    )


@bp.get(WHERE)
@requires(Action.CURATE_PHRASES)
def phrase(kind: str, row_id: int) -> Response:
    return _phrase_page(queries.phrase_for(current_user, kind, row_id))


def _phrase_page(
    phrase: WrittenPhrase,
    form: SkillDetailsForm | None = None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    _look([phrase.folded])
    words = clean_text(request.args.get("q"))
    return render_page(
        "curation/phrase.html",
        fragment="phrase",
        status=status,
        phrase=phrase,
        dismissed=queries.dismissed_phrase(current_user, phrase.folded) is not None,
        form=form or _new_skill_form(phrase),
        refusal=refusal,
        words=words,
        found=skills.found(words) if words else [],
    )


def _new_skill_form(phrase: WrittenPhrase) -> SkillDetailsForm:
    """Filled in with the phrase, and where its likeliest kin belongs."""
    form = SkillDetailsForm(formdata=None, name=phrase.text.lower())
    if phrase.guesses:
        kin = skills.skill(phrase.guesses[0].skill_id)
        form.area.data, form.category.data = kin.area, kin.category
    return form


@bp.post(WHERE + "/link/<int:skill_id>")
@requires(Action.CURATE_PHRASES)
def link(kind: str, row_id: int, skill_id: int) -> Any:
    phrase = queries.phrase_for(current_user, kind, row_id)
    skill = skills.skill(skill_id)
    with transaction():
        renewal = vocabulary.add_synonym(skill, phrase.text, by=current_user, at=clock.now())
    said = _("“%(text)s” er nu et ord for %(name)s.", text=phrase.text, name=skill.name)
    flash(f"{said} {renewal_sentence(renewal)}", "success")
    return redirect(url_for("curation.index"), 303)


@bp.post(WHERE + "/skill")
@requires(Action.CURATE_PHRASES)
def make_skill(kind: str, row_id: int) -> Any:
    phrase = queries.phrase_for(current_user, kind, row_id)
    form = SkillDetailsForm()
    if not form.validate():
        return _phrase_page(phrase, form, status=422)
    try:
        with transaction():
            skill, renewal = vocabulary.add_skill(
                form.details(), synonyms=[phrase.text], by=current_user, at=clock.now()
            )
    except DomainError as refusal:
        return _phrase_page(phrase, form, status=409, refusal=refusal)
    flash(f"{_('%(name)s er nu en færdighed.', name=skill.name)} {renewal_sentence(renewal)}", "success")
    return redirect(url_for("curation.index"), 303)


@bp.post(WHERE + "/dismiss")
@requires(Action.CURATE_PHRASES)
def dismiss(kind: str, row_id: int) -> Any:
    phrase = queries.phrase_for(current_user, kind, row_id)
    with transaction():
        services.dismiss_phrase(phrase, by=current_user, at=clock.now())
    flash(_("“%(text)s” er sat til side. Kort og åbninger beholder ordet.", text=phrase.text), "success")
    return redirect(url_for("curation.index"), 303)


@bp.post(WHERE + "/restore")
@requires(Action.CURATE_PHRASES)
def restore(kind: str, row_id: int) -> Any:
    phrase = queries.phrase_for(current_user, kind, row_id)
    with transaction():
        services.restore_phrase(phrase, by=current_user, at=clock.now())
    flash(_("“%(text)s” står på listen igen.", text=phrase.text), "success")
    return redirect(url_for("curation.index"), 303)
