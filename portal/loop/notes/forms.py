"""Shapes of input about notes."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from portal.loop.notes.models import NOTE_TEXT_LENGTH, STRIKE_REASON_LENGTH
from portal.web.forms import (
    DanishDateField,
    DatedForm,
    NoCpr,
    NotInFuture,
    PortalForm,
    VersionedForm,
    answered,
    required,
    strip,
    text_field,
)


class NoteForm(DatedForm):
    text = TextAreaField(
        _l("Note"),
        [required(_l("Skriv noten.")), Length(max=NOTE_TEXT_LENGTH), NoCpr()],
        filters=[strip],
        description=_l(
            "Det, du skriver, kan borgeren læse. Skriv, hvad I talte om og aftalte. Skriv ikke om sygdom."
        ),
    )
    said_on = DanishDateField(_l("Dag"), [answered(), NotInFuture()])


class CorrectedNoteForm(NoteForm, VersionedForm):
    """A note as its author corrects it: also she may have it open twice."""


class StrikeForm(PortalForm):
    reason = text_field(
        _l("Hvorfor gælder noten ikke?"),
        STRIKE_REASON_LENGTH,
        missing=_l("Skriv, hvorfor noten ikke gælder."),
        description=_l("Borgeren kan læse det ved siden af noten."),
    )
