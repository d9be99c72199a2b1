"""What the rest of the portal must know of imports."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.web.holdings import ALL_COLUMNS, Holding, Kept, LegalBasis, People
from portal.web.rooms import TOOLS, MenuLink, Room
from portal.workspaces.imports.services import UPLOAD_LIFETIME, drop_uploads_naming, remove_expired
from portal.workspaces.imports.views import bp

room = Room(
    pages=(bp,),
    hears=((events.citizen_erasing, drop_uploads_naming),),
    chores=(remove_expired,),
    menu=(MenuLink(_l("Indlæs filer"), "imports.index", TOOLS + 80),),
    holds=(
        Holding(
            "imports",
            People.CITIZENS,
            _l("En fil, som en konsulent er ved at indlæse"),
            {"import_files": ALL_COLUMNS},
            _l("Konsulenten ser, hvad der står i filen, før noget bliver gemt."),
            LegalBasis.TASK,
            _l("Kun den konsulent, der har sendt filen."),
            (Kept(_l("Til konsulenten har sagt ja til filen, og højst %(time)s."), time=UPLOAD_LIFETIME),),
        ),
    ),
    forgets=(lambda at, _settings: {"import_files": remove_expired(at)},),
)
