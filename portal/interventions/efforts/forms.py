"""Which efforts are used."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.base.terms import Effort
from portal.web.forms import PortalForm


class EffortsForm(PortalForm):
    efforts = SelectMultipleField(
        _l("Indsatser, kommunen bruger"),
        choices=Effort.choices,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    @property
    def wanted(self) -> list[Effort]:
        return [Effort(value) for value in self.efforts.data or ()]
