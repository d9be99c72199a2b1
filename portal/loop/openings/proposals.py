"""Tasks proposed for an opening as ticks: what its pasted ad names, and what its title usually means.

The ad itself is read and forgotten. What is ticked is sent as a line of the form's own, so that a proposed task is
asked about, checked and saved as any other.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField

from portal.base.terms import TaskKind
from portal.lexicon import fold
from portal.loop.openings.lines import LONGEST_TASK, MOST_LINES, TaskLine
from portal.shared.skills import queries as skills
from portal.shared.skills.confirmed import find_tasks_in
from portal.shared.skills.forms import FitsTheField
from portal.shared.skills.models import JobTitle
from portal.shared.skills.services import UnderstoodText
from portal.web.forms import LongTextField, NoCpr, strip

LONGEST_AD: Final = 4_000
"""Letters; an ad has about 1,500."""

TICKED_AT: Final = 0.5
TICKED_IN_PROSE_AT: Final = 0.8
"""What is unsure stands ticked with its question when it is as likely as this: an ad says much that is no task.

Where there is a list, the tasks stand in it, and what is unsure in the prose around it waits for its writer.
"""

LONGEST_TITLE: Final = 4
MOST_HEADLINE_WORDS: Final = 20
"""Words of a title, and of an ad's first line as far as a title is looked for in it."""

FIND: Final = "find"
"""The value of the button that reads the ad."""

_PREFIX: Final = "found"
_NICE: Final = re.compile(
    r"\b(?:fordel|gerne|plus|bonus|ønske\w*|ikke (?:et )?krav|optimalt)\b", re.IGNORECASE
)
_LEARN: Final = re.compile(
    r"\b(?:(?:vi )?lærer (?:dig|du|jer)|(?:du|at) lærer?|op(?:lær|træn)\w*|bliver instrueret)\b",
    re.IGNORECASE,
)
_TAKEN: Final = re.compile(rf"{_PREFIX}-([0-9]{{1,3}})-take$")
_LISTED: Final = re.compile(r"^\s*[-–—*•·◦▪]\s*\S")
_SENTENCE: Final = re.compile(r"[^.!?\n]+")


@dataclass(frozen=True)
class ProposedTask:
    """A task that may be one of the opening's; `found_in` are the words it comes from, where they are not its own."""

    text: str
    kind: TaskKind
    meaning: UnderstoodText
    level: int
    ticked: bool
    found_in: str = ""


class FoundTask(TaskLine):
    """A proposal as it is shown: taken or not, and how much it matters."""

    take = BooleanField()
    kind = SelectField(choices=TaskKind.choices())
    found_in = ""

    @classmethod
    def showing(cls, proposal: ProposedTask, number: int) -> "FoundTask":
        line = cls(
            formdata=None,
            prefix=f"{_PREFIX}-{number}-",
            text=proposal.text,
            take=proposal.ticked,
            kind=proposal.kind.value,
            level=proposal.level,
        )
        line.meaning, line.found_in = proposal.meaning, proposal.found_in
        return line


class TaskProposals:
    """What a form for tasks has beside its lines: a place for the ad, and what was found."""

    ad = LongTextField(
        _l("Sæt jeres annonce ind"),
        [FitsTheField(), NoCpr()],
        filters=[strip],
        longest=LONGEST_AD,
        description=_l(
            "Vi finder opgaverne i den, og I vælger dem, der passer. Højst 4.000 tegn. Selve teksten bliver ikke gemt."
        ),
    )
    found: Sequence[FoundTask] = ()
    has_read = False
    """Whether the page shows what a reading found, if anything."""
    without_room: Sequence[str] = ()
    """What was found beyond the lines that the form has."""

    def reads_ad(self, pressed: str | None) -> bool:
        """Whether the ad is to be read now: what was pasted is never passed over, whichever button was pressed."""
        return pressed == FIND or bool(self.ad.data)

    def propose(
        self,
        municipality_id: int | None,
        lines: Collection[TaskLine],
        titles: Collection[str],
        *,
        said: Collection[int] = (),
    ) -> None:
        """Find what the ad and the titles mean and no line says yet, nor `said`, skills that stand elsewhere.

        An ad that gave something leaves the page.
        """
        ad = self.ad.data or ""
        named = skills.titles_named([*titles, *_headline(ad)])
        in_ad = [one for one in _in_ad(municipality_id, ad) if not _names(one.text, named)]
        usual = list(_usual(named, ticked=not in_ad))
        proposals = list(_unsaid([*in_ad, *usual], lines, said))
        room = MOST_LINES - len(lines)
        self.found = [FoundTask.showing(one, number) for number, one in enumerate(proposals[:room])]
        self.without_room = [one.text for one in proposals[room:]]
        self.has_read = True
        if self.found:
            self.ad.data = ""


def _in_ad(municipality_id: int | None, ad: str) -> Iterator[ProposedTask]:
    """The tasks that the ad names; what an opening states in fields of its own is none."""
    book = skills.book()
    for meaning in find_tasks_in(municipality_id, ad):
        likeliest = meaning.alternatives[0] if meaning.alternatives else None
        skill_id = meaning.skill_id or (likeliest.skill_id if likeliest else None)
        if skill_id is None or skill_id in book.conditions:
            continue
        kind = _kind_said(meaning.text, ad)
        ticked = meaning.skill_id is not None or _is_likely(meaning, kind, ad)
        name = book.names[skill_id]
        if len(meaning.text) <= LONGEST_TASK:
            yield ProposedTask(meaning.text, kind, meaning, kind.usual_level, ticked)
        else:  # too many words for a line: the skill's own stand for them
            known = UnderstoodText(skill_id, name=name)
            yield ProposedTask(
                name, kind, known, kind.usual_level, meaning.skill_id is not None, meaning.text
            )


def _is_likely(meaning: UnderstoodText, kind: TaskKind, ad: str) -> bool:
    """Whether something unsure is likely enough to be proposed; what can be learned is never a minus for anybody."""
    if meaning.remark is not None or not meaning.alternatives:
        return False
    lines = ad.split("\n")
    if kind is TaskKind.LEARN or _LISTED.match(_around(meaning.text, lines)):
        return meaning.alternatives[0].probability >= TICKED_AT
    has_list = any(map(_LISTED.match, lines))
    return not has_list and meaning.alternatives[0].probability >= TICKED_IN_PROSE_AT


def _around(words: str, parts: Iterable[str]) -> str:
    """The part that the words stand in; nothing where they were put together from several."""
    return next((part for part in parts if words.casefold() in part.casefold()), "")


def _kind_said(words: str, ad: str) -> TaskKind:
    """How much it matters, as the sentence around the words says; a task is asked for where nothing else is said."""
    sentence = _around(words, _SENTENCE.findall(ad))
    if _LEARN.search(sentence):
        return TaskKind.LEARN
    return TaskKind.NICE if _NICE.search(sentence) else TaskKind.MUST


def _headline(ad: str) -> list[str]:
    """The titles in the first line: every run of its words may be one."""
    words = ad.split("\n", 1)[0].split()[:MOST_HEADLINE_WORDS]
    return [
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(first + LONGEST_TITLE, len(words)) + 1)
    ]


def _names(text: str, titles: Collection[JobTitle]) -> bool:
    """Whether the words are about who is sought: a title in them is no task."""
    words = f" {fold(text)} "
    return any(f" {fold(name)} " in words for title in titles for name in (title.name, *title.synonyms))


def _usual(titles: Collection[JobTitle], *, ticked: bool) -> Iterator[ProposedTask]:
    """What the titles usually mean."""
    for title in titles:
        for task in title.tasks:
            name = task.skill.name
            yield ProposedTask(
                name,
                TaskKind.MUST,
                UnderstoodText(task.skill_id, name=name),
                task.level,
                ticked,
                _("%(title)s: det plejer at høre til", title=title.name),
            )


def _unsaid(
    proposals: Iterable[ProposedTask], lines: Collection[TaskLine], elsewhere: Collection[int]
) -> Iterator[ProposedTask]:
    """Each once, and none that a line says already."""
    said: set[int | str] = {fold(line.text.data) for line in lines} | set(elsewhere)
    said |= {line.skill_id for line in lines if line.skill_id is not None}
    for one in proposals:
        key = one.meaning.skill_id or fold(one.text)
        if key not in said:
            said |= {key, fold(one.text)}
            yield one


def with_found(sent: MultiDict[str, str], lists: Mapping[TaskKind, str]) -> MultiDict[str, str]:
    """What the form would have been sent as, had its writer written the proposals that she ticked into its lines.

    `lists` says for each kind the name of its list.
    """
    written = MultiDict(sent)
    for number in sorted({int(found[1]) for name in sent if (found := _TAKEN.match(name))}):
        proposal = f"{_PREFIX}-{number}"
        kind = _kind_chosen(sent.get(f"{proposal}-kind"))
        line = _free_line(written, lists[kind])
        level = sent.get(f"{proposal}-level") if kind is TaskKind.MUST else str(kind.usual_level)
        values = {part: sent.get(f"{proposal}-{part}", "") for part in ("text", "asked", "meant")}
        for part, value in {**values, "kind": kind.value, "level": level or str(kind.usual_level)}.items():
            written.setlist(f"{line}-{part}", [value])
    return written


def _kind_chosen(value: str | None) -> TaskKind:
    return TaskKind(value) if value in set(TaskKind) else TaskKind.MUST


def _free_line(written: MultiDict[str, str], name: str) -> str:
    """The first line of the list in which nothing stands."""
    lines = (f"{name}-{number}" for number in range(MOST_LINES))
    return next((one for one in lines if not written.get(f"{one}-text", "").strip()), f"{name}-{MOST_LINES}")
