"""What the rest of the portal must know of the outbox."""

from flask_babel import lazy_gettext as _l

from portal.shared.outbox import queries
from portal.shared.outbox.services import forget_old
from portal.shared.outbox.views import bp
from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.permissions import Action
from portal.web.rooms import TOOLS, Grant, MenuLink, Room, Within

room = Room(
    pages=(bp,),
    menu=(MenuLink(_l("Mails"), "outbox.index", TOOLS + 30, unless=Action.ANSWER_EMPLOYERS),),
    within=(Within("home.index", only=Action.ANSWER_EMPLOYERS),),
    grants=(Grant(queries.mails_seen_by, (Action.MANAGE_MAILS,)),),
    holds=(
        Holding(
            "mails",
            People.EMPLOYERS,
            _l("Mails, portalen har sendt til dig"),
            {"outbox": ("recipient", "dedupe_key", "text", "subject", "sender_name")},
            _l("Kommunen skal kunne se, om en mail nåede frem."),
            LegalBasis.TASK,
            _l("Konsulenter i den kommune, der skrev, og administratorer."),
            (Kept(_l("%(time)s efter, at den er sendt."), setting="KEEP_MAILS"),),
        ),
        Holding(
            "stopped_mails",
            People.EMPLOYERS,
            _l("At du ikke vil have mails"),
            {"mail_opt_outs": ALL_COLUMNS},
            _l("Portalen må ikke skrive til dig igen."),
            LegalBasis.PROOF,
            _l("Ingen."),
            (Kept(_l("Til du vælger mails til igen.")),),
        ),
    ),
    forgets=(lambda at, settings: {"outbox": forget_old(before=at - settings["KEEP_MAILS"])},),
)
