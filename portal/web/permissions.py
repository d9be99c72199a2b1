"""Who may do what: roles, actions, and one table. No mark on a view means nobody may call it.

The table says which *kind* of thing a role may do and whose things they are; which rows those are, the queries say:
a stranger's row is a 404. All other code asks what somebody may do, or for whom, never what her role is called.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
    GROUP_LEADER = "group_leader", _l("Holdleder")
    ADMIN = "admin", _l("Administrator")
    OPERATOR = "operator", _l("Drift")

    @property
    def traits(self) -> "RoleTraits":
        return ROLES[self]


class Scope(StrEnum):
    """Whose things a role's work is about; the queries narrow to it."""

    CITIZEN = auto()  # her own
    EMPLOYER = auto()  # the employer's whose contact person she is
    MUNICIPALITY = auto()  # the municipality's she works for
    INSTALLATION = auto()  # the portal's own: rules, words, municipalities; of persons nobody's


class FrontPage(StrEnum):
    """What a role is met by (home/views.py)."""

    DAYS_WORK = auto()
    GOALS = auto()
    USERS = auto()
    INSTALLATION = auto()
    OWN_EMPLOYER = auto()
    OWN_CARD = auto()
    OWN_COHORTS = auto()


class Action(StrEnum):
    """What a view does, in the words of the loop."""

    PUBLIC = auto()  # anyone, signed in or not
    SIGNED_IN = auto()  # every role, about herself only
    USE_SHORTCUTS = auto()  # single keys on the pages people work in
    USE_SECOND_FACTOR = (
        auto()
    )  # sign in by a second step besides the password: whoever works with others' data
    SEARCH = auto()  # everything that she may read, from every page
    MANAGE_USERS = auto()  # of the roles that her own makes, where she works
    MANAGE_MUNICIPALITIES = auto()  # take a municipality in
    TEND_MUNICIPALITY = auto()  # whom its employers and citizens phone and write to
    MANAGE_API_TOKENS = auto()  # let another system of the municipality read, and end that
    READ_AUDIT = auto()
    MANAGE_MAILS = auto()  # read the log of mails, and say what became of an uncertain one
    READ_RULES = auto()
    CHANGE_RULES = auto()  # a dated number of the law, for all municipalities
    READ_NEIGHBOURS = auto()  # which municipalities see each other's shared openings
    AGREE_WITH_NEIGHBOURS = auto()  # ask another municipality, and answer for one's own
    MANAGE_NEIGHBOURS = auto()  # write down what two municipalities agreed, and that it ends
    SET_OWN_RULES = auto()  # a stricter dated number of the municipality's own
    REGISTER_OPENING = (
        auto()
    )  # write openings of one's own employer (employer) or of the municipality's employers (consultant)
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
    ANSWER_EMPLOYERS = auto()  # write to an employer, and phone the silent ones
    READ_PLACEMENTS = auto()
    MANAGE_PLACEMENTS = auto()
    STATE_EXPECTATION = auto()  # own side's expectations and assessment
    PREPARE_MEETING = auto()  # print cards, records and blank sheets in one file
    COMMENT_ASSESSMENT = auto()  # the citizen's own words beside what others saw
    READ_PARTNERSHIPS = auto()
    MANAGE_PARTNERSHIPS = auto()
    READ_TARGET_GROUPS = auto()  # a plan's groups and how many are in each, and the ladders
    MANAGE_TARGET_GROUPS = auto()  # what they are called and say; nothing of who is in them
    READ_SITUATIONS = auto()  # who is in a group, and where each is: work, education, step
    RECORD_SITUATIONS = auto()  # take in, end, correct
    READ_EFFORTS = auto()  # groups, courses, packages, mentors: what there is and how many, nobody's name
    RECORD_EFFORTS = auto()  # run them: who is on what, how it went, what comes next
    LEAD_COHORT = (
        auto()
    )  # a group's names and attendance: her own groups' (group leader), the municipality's (consultant)
    SWITCH_EFFORTS = (
        auto()
    )  # which efforts the municipality uses: their rooms open or close for everybody in it
    READ_GOALS = auto()
    SET_GOALS = auto()
    SHARE_FIGURES = auto()  # let another municipality see the figures of one's own
    READ_FAIRNESS = auto()  # how members of each target group fare on the way to a job
    IMPORT_FILES = auto()  # the room of imports; what a file may hold, the records' own actions say
    IMPORT_VOCABULARY = auto()  # whole files of words, for all municipalities
    READ_VOCABULARY = auto()
    CURATE_VOCABULARY = auto()  # what words mean, for all municipalities: the vocabulary's own pages
    CURATE_PHRASES = auto()  # what the municipality's people wrote, word by word: it may be about somebody
    WRITE_WORDS = auto()  # tasks and skills; the vocabulary suggests


_EVERYBODY = frozenset({Action.PUBLIC, Action.SIGNED_IN})


@dataclass(frozen=True)
class RoleTraits:
    """What the portal knows about a role. Nothing else in the code asks which role somebody has."""

    scope: Scope
    front_page: FrontPage
    made_by: frozenset["Role"]
    """Who makes the accounts, and closes them."""
    may: frozenset[Action]
    reads_loop_backwards: bool = False
    """Her menu begins with what the loop came to, and ends with what it began with."""


ROLES: dict[Role, RoleTraits] = {
    Role.EMPLOYER: RoleTraits(
        scope=Scope.EMPLOYER,
        front_page=FrontPage.OWN_EMPLOYER,
        made_by=frozenset({Role.EMPLOYER, Role.CONSULTANT}),
        may=frozenset(
            {
                Action.USE_SHORTCUTS,
                Action.SEARCH,
                Action.REGISTER_OPENING,
                Action.READ_OPENINGS,
                Action.READ_OWN_EMPLOYER,
                Action.ANSWER_AS_EMPLOYER,
                Action.READ_PLACEMENTS,
                Action.STATE_EXPECTATION,
                Action.WRITE_WORDS,
            }
        ),
    ),
    Role.CITIZEN: RoleTraits(
        scope=Scope.CITIZEN,
        front_page=FrontPage.OWN_CARD,
        made_by=frozenset({Role.CONSULTANT}),
        may=frozenset(
            {
                Action.EDIT_CARD,
                Action.READ_CARD,
                Action.READ_OWN_CARD,
                Action.ANSWER_AS_CITIZEN,
                Action.READ_OWN_PAGE,
                Action.READ_PLACEMENTS,
                Action.STATE_EXPECTATION,
                Action.COMMENT_ASSESSMENT,
                Action.WRITE_WORDS,
            }
        ),
    ),
    Role.CONSULTANT: RoleTraits(
        scope=Scope.MUNICIPALITY,
        front_page=FrontPage.DAYS_WORK,
        made_by=frozenset({Role.ADMIN}),
        may=frozenset(
            {
                Action.USE_SHORTCUTS,
                Action.USE_SECOND_FACTOR,
                Action.SEARCH,
                Action.MANAGE_MAILS,
                Action.READ_RULES,
                Action.REGISTER_OPENING,
                Action.READ_OPENINGS,
                Action.READ_EMPLOYERS,
                Action.MANAGE_EMPLOYERS,
                Action.READ_CITIZENS,
                Action.MANAGE_CITIZENS,
                Action.EDIT_CARD,
                Action.READ_CARD,
                Action.READ_MATCHES,
                Action.REVIEW_MATCH,
                Action.READ_QUALITY,
                Action.READ_RUNS,
                Action.ANSWER_QUESTION,
                Action.SHARE_CARD,
                Action.ANSWER_EMPLOYERS,
                Action.READ_PLACEMENTS,
                Action.MANAGE_PLACEMENTS,
                Action.STATE_EXPECTATION,
                Action.PREPARE_MEETING,
                Action.READ_PARTNERSHIPS,
                Action.MANAGE_PARTNERSHIPS,
                Action.READ_TARGET_GROUPS,
                Action.MANAGE_TARGET_GROUPS,
                Action.READ_SITUATIONS,
                Action.RECORD_SITUATIONS,
                Action.READ_EFFORTS,
                Action.RECORD_EFFORTS,
                Action.LEAD_COHORT,
                Action.READ_GOALS,
                Action.IMPORT_FILES,
                Action.READ_VOCABULARY,
                Action.CURATE_VOCABULARY,
                Action.CURATE_PHRASES,
                Action.WRITE_WORDS,
            }
        ),
    ),
    Role.LEADER: RoleTraits(
        scope=Scope.MUNICIPALITY,
        front_page=FrontPage.GOALS,
        made_by=frozenset({Role.ADMIN}),
        reads_loop_backwards=True,
        may=frozenset(
            {
                Action.USE_SHORTCUTS,
                Action.USE_SECOND_FACTOR,
                Action.SEARCH,
                Action.READ_RULES,
                Action.READ_OPENINGS,
                Action.READ_EMPLOYERS,
                Action.READ_QUALITY,
                Action.SET_WEIGHTS,
                Action.READ_RUNS,
                Action.READ_PARTNERSHIPS,
                Action.READ_TARGET_GROUPS,
                Action.MANAGE_TARGET_GROUPS,
                Action.READ_EFFORTS,
                Action.SWITCH_EFFORTS,
                Action.READ_GOALS,
                Action.SET_GOALS,
                Action.SHARE_FIGURES,
                Action.READ_FAIRNESS,
                Action.SET_OWN_RULES,
                Action.READ_NEIGHBOURS,
                Action.READ_VOCABULARY,
            }
        ),
    ),
    Role.GROUP_LEADER: RoleTraits(
        scope=Scope.MUNICIPALITY,
        front_page=FrontPage.OWN_COHORTS,
        made_by=frozenset({Role.ADMIN}),
        may=frozenset({Action.USE_SHORTCUTS, Action.USE_SECOND_FACTOR, Action.SEARCH, Action.LEAD_COHORT}),
    ),
    Role.ADMIN: RoleTraits(
        scope=Scope.MUNICIPALITY,
        front_page=FrontPage.USERS,
        made_by=frozenset({Role.ADMIN, Role.OPERATOR}),
        may=frozenset(
            {
                Action.USE_SHORTCUTS,
                Action.USE_SECOND_FACTOR,
                Action.SEARCH,
                Action.MANAGE_USERS,
                Action.TEND_MUNICIPALITY,
                Action.AGREE_WITH_NEIGHBOURS,
                Action.MANAGE_API_TOKENS,
                Action.READ_AUDIT,
                Action.MANAGE_MAILS,
                Action.READ_RULES,
                Action.READ_NEIGHBOURS,
                Action.READ_RUNS,
                Action.READ_VOCABULARY,
            }
        ),
    ),
    Role.OPERATOR: RoleTraits(
        scope=Scope.INSTALLATION,
        front_page=FrontPage.INSTALLATION,
        made_by=frozenset({Role.OPERATOR}),
        may=frozenset(
            {
                Action.USE_SHORTCUTS,
                Action.USE_SECOND_FACTOR,
                Action.SEARCH,
                Action.MANAGE_USERS,
                Action.MANAGE_MUNICIPALITIES,
                Action.TEND_MUNICIPALITY,
                Action.READ_AUDIT,
                Action.READ_RULES,
                Action.CHANGE_RULES,
                Action.READ_NEIGHBOURS,
                Action.MANAGE_NEIGHBOURS,
                Action.READ_RUNS,
                Action.IMPORT_FILES,
                Action.IMPORT_VOCABULARY,
                Action.READ_VOCABULARY,
                Action.CURATE_VOCABULARY,
            }
        ),
    ),
}

GRANTS: dict[Action, frozenset[Role]] = {
    action: frozenset(role for role in Role if action in _EVERYBODY | ROLES[role].may) for action in Action
}
"""The same table read the other way: which roles may do it."""


def requires(action: Action) -> Callable[[View], View]:
    """Mark a view with the one action it carries out; `security.py` enforces it before the view runs."""

    def mark(view: View) -> View:
        view.required_action = action  # type: ignore[attr-defined]
        return view

    return mark


def action_of(view: Callable[..., object]) -> Action | None:
    """What a view was marked with; None: nobody may call it."""
    return getattr(view, "required_action", None)


def may(role: Role | None, action: Action) -> bool:
    """Whether the role (None: not signed in) is granted the action."""
    if role is None:
        return action is Action.PUBLIC
    return role in GRANTS[action]


def scope_of(role: Role, *actions: Action) -> Scope | None:
    """Whose things the role may do any of the actions with; None when it is granted none of them."""
    return role.traits.scope if any(may(role, action) for action in actions) else None


def roles_with(scope: Scope) -> list[Role]:
    return [role for role in Role if role.traits.scope is scope]


def roles_made_by(role: Role) -> list[Role]:
    """The roles of the accounts that somebody with this role makes and closes."""
    return [one for one in Role if role in one.traits.made_by]


def roles_made_by_hand() -> list[Role]:
    """The roles of the accounts that are made on the page of users."""
    makers = GRANTS[Action.MANAGE_USERS]
    return [one for one in Role if makers & one.traits.made_by]
