"""no secret in a log: where forms led holds nothing that opens a page, and a link to decline mails names the mail

Where the forms of the last days led is only asked by a second click, within seconds: what stands there leads to the
front page. The links of mails that wait were to hold the recipient's address; now they hold the mail's number. Links
that were sent stay as they are, and are still read.
"""

import sqlalchemy as sa
from alembic import op

revision = "029"
down_revision = "028"
branch_labels = None
depends_on = None

submissions = sa.table("submissions", sa.column("location", sa.String))
outbox = sa.table(
    "outbox", sa.column("id", sa.Integer), sa.column("recipient", sa.String), sa.column("links", sa.JSON)
)


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.update(submissions).where(submissions.c.location.is_not(None)).values(location="/"))
    _name_in_links(lambda mail: mail.id)


def downgrade() -> None:
    _name_in_links(lambda mail: mail.recipient)


def _name_in_links(what) -> None:  # type: ignore[no-untyped-def]
    connection = op.get_bind()
    for mail in connection.execute(sa.select(outbox)).all():
        stop = (mail.links or {}).get("stop")
        if stop is None:
            continue
        stop = {**stop, "about": [what(mail), *stop["about"][1:]]}
        connection.execute(
            sa.update(outbox).where(outbox.c.id == mail.id).values(links={**mail.links, "stop": stop})
        )
