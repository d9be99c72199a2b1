"""How the words of the vocabulary are found from every page: by their names and all ways to write them."""

import sqlalchemy as sa
from flask import url_for

from portal.base.alphabet import alphabetical
from portal.shared.skills.models import Skill, SkillSynonym
from portal.web.finding import Findable, FindKind, SearchHit, WordSource
from portal.web.permissions import Action


def _shown(skill: Skill) -> SearchHit:
    return SearchHit(skill.name, str(skill.category.label), url_for("skills.index", q=skill.name))


WORDS = Findable(
    kind=FindKind.WORD,
    action=Action.READ_VOCABULARY,
    record=Skill,
    sources=(
        WordSource(Skill, Skill.id, texts=(Skill.name,)),
        WordSource(SkillSynonym, SkillSynonym.skill_id, texts=(SkillSynonym.label,)),
    ),
    seen_by=lambda _user, _on: sa.select(Skill),
    shown=_shown,
    order=(alphabetical(Skill.name),),
    while_typing=True,
)
