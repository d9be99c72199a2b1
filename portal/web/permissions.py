"""Who may do what: roles, actions, and one table. No mark on a view means nobody may call it.

The table says which *kind* of thing a role may do; whose things, the queries say: a stranger's row is a 404.
"""

from collections.abc import Callable
from enum import StrEnum, auto
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum

View = TypeVar("View", bound=Callable[..., object])


class Role(LabelledEnum):
    EMPLOYER = "employer", _l("Virksomhed")
    CITIZEN = "citizen", _l("Borger")
    CONSULTANT = "consultant", _l("Konsulent")
    LEADER = "leader", _l("Leder")
    ADMIN = "admin", _l("Administrator")


class Action(StrEnum):
    """What a view does, in the words of the loop."""

    PUBLIC = auto()  # anyone, signed in or not
    SIGNED_IN = auto()  # every role, about herself only
    MANAGE_USERS = auto()
    READ_AUDIT = auto()
    MANAGE_MAILS = auto()  # read the log of mails, and say what became of an uncertain one
    READ_RULES = auto()
    CHANGE_RULES = auto()  # a dated number of the law, for all municipalities
    REGISTER_OPENING = (
        auto()
    )  # write openings of one's own firm (employer) or of the municipality's firms (consultant)
    READ_OPENINGS = auto()
    READ_OWN_EMPLOYER = auto()  # the employer's own page
    READ_EMPLOYERS = auto()
    MANAGE_EMPLOYERS = auto()  # approve, refuse, set passive
    READ_CITIZENS = auto()
    MANAGE_CITIZENS = auto()
    EDIT_CARD = auto()
    READ_CARD = auto()
    READ_OWN_CARD = auto()
    READ_MATCHES = auto()
    REVIEW_MATCH = auto()
    READ_QUALITY = auto()  # how suggestions were judged, and the weights they are counted with
    SET_WEIGHTS = auto()
    READ_RUNS = auto()  # when all suggestions were last counted again
    ANSWER_QUESTION = auto()  # put on the card what the citizen answered to a suggestion's question
    ANSWER_AS_CITIZEN = auto()
    READ_OWN_PAGE = auto()  # the citizen's page in her language, and all that is stored about her
    SHARE_CARD = auto()  # ask for a consent, write down the answer, hand over the link
    ANSWER_AS_EMPLOYER = auto()
    ANSWER_FIRMS = auto()  # write to a firm, and phone the silent ones
    READ_PLACEMENTS = auto()
    MANAGE_PLACEMENTS = auto()
    STATE_EXPECTATION = auto()  # own side's expectations and assessment
    PREPARE_MEETING = auto()  # print cards, records and blank sheets in one file
    COMMENT_ASSESSMENT = auto()  # the citizen's own words beside what others saw
    READ_PARTNERSHIPS = auto()
    MANAGE_PARTNERSHIPS = auto()
    READ_GOALS = auto()
    SET_GOALS = auto()
    IMPORT_FILES = auto()
    READ_VOCABULARY = auto()
    CURATE_VOCABULARY = auto()  # what words mean, for all municipalities
    WRITE_WORDS = auto()  # tasks and skills; the vocabulary suggests


_EVERYONE = frozenset(Role)
_STAFF = frozenset({Role.CONSULTANT, Role.LEADER, Role.ADMIN})

GRANTS: dict[Action, frozenset[Role]] = {
    Action.PUBLIC: _EVERYONE,
    Action.SIGNED_IN: _EVERYONE,
    Action.MANAGE_USERS: frozenset({Role.ADMIN}),
    Action.READ_AUDIT: frozenset({Role.ADMIN}),
    Action.MANAGE_MAILS: frozenset({Role.CONSULTANT, Role.ADMIN}),
    Action.READ_RULES: _STAFF,
    Action.CHANGE_RULES: frozenset({Role.ADMIN}),
    Action.READ_VOCABULARY: _STAFF,
    Action.CURATE_VOCABULARY: frozenset({Role.CONSULTANT}),
    Action.WRITE_WORDS: frozenset({Role.EMPLOYER, Role.CITIZEN, Role.CONSULTANT}),
    Action.REGISTER_OPENING: frozenset({Role.EMPLOYER, Role.CONSULTANT}),
    Action.READ_OPENINGS: frozenset({Role.EMPLOYER, Role.CONSULTANT, Role.LEADER}),
    Action.READ_OWN_EMPLOYER: frozenset({Role.EMPLOYER}),
    Action.READ_EMPLOYERS: frozenset({Role.CONSULTANT, Role.LEADER}),
    Action.MANAGE_EMPLOYERS: frozenset({Role.CONSULTANT}),
    Action.READ_CITIZENS: frozenset({Role.CONSULTANT}),
    Action.MANAGE_CITIZENS: frozenset({Role.CONSULTANT}),
    Action.EDIT_CARD: frozenset({Role.CONSULTANT, Role.CITIZEN}),
    Action.READ_CARD: frozenset({Role.CONSULTANT, Role.CITIZEN}),
    Action.READ_OWN_CARD: frozenset({Role.CITIZEN}),
    Action.READ_MATCHES: frozenset({Role.CONSULTANT}),
    Action.REVIEW_MATCH: frozenset({Role.CONSULTANT}),
    Action.READ_QUALITY: frozenset({Role.CONSULTANT, Role.LEADER}),
    Action.SET_WEIGHTS: frozenset({Role.LEADER}),
    Action.READ_RUNS: _STAFF,
    Action.ANSWER_QUESTION: frozenset({Role.CONSULTANT}),
    Action.ANSWER_AS_CITIZEN: frozenset({Role.CITIZEN}),
    Action.READ_OWN_PAGE: frozenset({Role.CITIZEN}),
    Action.SHARE_CARD: frozenset({Role.CONSULTANT}),
    Action.ANSWER_AS_EMPLOYER: frozenset({Role.EMPLOYER}),
    Action.ANSWER_FIRMS: frozenset({Role.CONSULTANT}),
    Action.READ_PLACEMENTS: frozenset({Role.CONSULTANT, Role.EMPLOYER, Role.CITIZEN}),
    Action.MANAGE_PLACEMENTS: frozenset({Role.CONSULTANT}),
    Action.STATE_EXPECTATION: frozenset({Role.CONSULTANT, Role.EMPLOYER, Role.CITIZEN}),
    Action.PREPARE_MEETING: frozenset({Role.CONSULTANT}),
    Action.COMMENT_ASSESSMENT: frozenset({Role.CITIZEN}),
    Action.READ_PARTNERSHIPS: frozenset({Role.CONSULTANT, Role.LEADER}),
    Action.MANAGE_PARTNERSHIPS: frozenset({Role.CONSULTANT}),
    Action.READ_GOALS: frozenset({Role.CONSULTANT, Role.LEADER}),
    Action.SET_GOALS: frozenset({Role.LEADER}),
    Action.IMPORT_FILES: frozenset({Role.CONSULTANT}),
}


def requires(action: Action) -> Callable[[View], View]:
    """Mark a view with the one action it carries out; `application.py` enforces it before the view runs."""

    def mark(view: View) -> View:
        view.required_action = action  # type: ignore[attr-defined]
        return view

    return mark


def may(role: Role | None, action: Action) -> bool:
    """Whether the role (None: not signed in) is granted the action."""
    if role is None:
        return action is Action.PUBLIC
    return role in GRANTS[action]
