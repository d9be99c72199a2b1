"""The read line of a card that is shown by link: it names who really looked."""

from flask_login import current_user

from portal.loop.employers.queries import own_employer
from portal.shared.audit import services as audit
from portal.shared.audit.viewing import record_view
from portal.web.permissions import Scope
from portal.workspaces.consents.models import Consent
from portal.workspaces.consents.queries import OPENED


def record_opened(consent: Consent, *, purpose: str) -> None:
    """Note whoever is signed in, with her own employer's name; else the employer that the link was made for."""
    signed_in = current_user.is_authenticated
    own = own_employer(current_user) if signed_in and current_user.scope is Scope.EMPLOYER else None
    record_view(
        OPENED,
        consent,
        citizen_id=consent.card.citizen_id,
        purpose=purpose,
        by=None if signed_in else audit.LinkHolder(unit_name=consent.employer.name),
        unit=own.name if own else None,
    )
