"""The demo's contacts with employers: what Halsnæs said to them, and what comes next."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from portal.base.clock import danish_day
from portal.demo.world import World
from portal.workspaces.contacts.models import ContactKind
from portal.workspaces.contacts.prospecting import ProspectDetails, add_prospect
from portal.workspaces.contacts.services import ContactLine, finish_next_step, write_contact


@dataclass(frozen=True)
class ScriptedContact:
    employer: str
    days_ago: int
    kind: ContactKind
    words: str
    spoke_with: str = ""
    next_step: str | None = None
    next_days_ago: int = 0
    """Negative: still to come."""
    is_done: bool = False


CONTACTS: Final = (
    ScriptedContact(
        "fjord", 200, ContactKind.VISIT, "Så køkkenet. De mangler hænder om morgenen.", "Bo Lindgaard"
    ),
    ScriptedContact(
        "fjord",
        40,
        ContactKind.CALL,
        "De vil gerne have to i praktik efter nytår.",
        "Bo Lindgaard",
        "Ring om arbejdstøj og mødetid",
        33,
        is_done=True,
    ),
    ScriptedContact(
        "fjord",
        5,
        ContactKind.CALL,
        "Tilfreds med den nye. Spørger, hvordan løntilskud virker.",
        "Bo Lindgaard",
        "Send siden om løntilskud, og ring op på det",
        -4,
    ),
    ScriptedContact(
        "solhoej",
        12,
        ContactKind.VISIT,
        "Gik en runde på afdelingen. Lederen vil tale med sin tillidsrepræsentant.",
        "Inge Storm",
        "Ring og hør, hvad tillidsrepræsentanten sagde",
        2,
    ),
    ScriptedContact(
        "solhoej", 90, ContactKind.MAIL, "Sendte et forslag til en partnerskabsaftale.", "Inge Storm"
    ),
    ScriptedContact("solhoej", 91, ContactKind.NOTE, "De skifter leder til foråret."),
)


PROSPECTS: Final = (
    (
        20,
        ProspectDetails("Vaskeriet ved Havnen", None, "Vaskeri", "47 90 55 10", "Vera Lund", ""),
        "Ringede på deres opslag. De har haft dårlige erfaringer, men vil gerne høre mere.",
        "Tag forbi og vis et kort",
        -6,
    ),
    (8, ProspectDetails("Kroen i Kregme", None, "Kro og selskaber", "47 90 55 20"), "", None, 0),
)
"""Days ago, what is known, what was said, and the next step with its day."""


class Contacts:
    """Plans each line on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time

    def plan(self) -> None:
        for contact in CONTACTS:
            self.time.plan(contact.days_ago, partial(self._write, contact))
        for days_ago, details, words, step, next_days_ago in PROSPECTS:
            self.time.plan(days_ago, partial(self._prospect, details, words, step, next_days_ago))

    def _prospect(
        self, details: ProspectDetails, words: str, step: str | None, next_days_ago: int, at: datetime
    ) -> None:
        home = self.world.home.id
        by = self.world.consultant_of(home)
        prospect = add_prospect(home, details, by=by, at=at)
        if words:
            next_on = self.time.day(next_days_ago) if step else None
            line = ContactLine(ContactKind.CALL, danish_day(at), words, details.contact_name, step, next_on)
            write_contact(prospect, line, by=by, at=at)

    def _write(self, scripted: ScriptedContact, at: datetime) -> None:
        by = self.world.consultant_of(self.world.home.id)
        line = ContactLine(
            scripted.kind,
            danish_day(at),
            scripted.words,
            scripted.spoke_with,
            scripted.next_step,
            self.time.day(scripted.next_days_ago) if scripted.next_step else None,
        )
        contact = write_contact(self.world.employers[scripted.employer], line, by=by, at=at)
        if scripted.is_done:
            self.time.plan(scripted.next_days_ago, lambda then: finish_next_step(contact, by=by, at=then))
