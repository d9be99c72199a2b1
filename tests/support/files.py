"""Files as people upload them, read the way the portal reads them: outside any transaction."""

from portal.base.database import end_reading
from portal.workspaces.imports import services
from portal.workspaces.imports.kinds import Checked
from portal.workspaces.imports.models import ImportKind


def read_file(kind: ImportKind, content: str | bytes) -> Checked:
    end_reading()
    return services.read_file(kind, content.encode() if isinstance(content, str) else content)
