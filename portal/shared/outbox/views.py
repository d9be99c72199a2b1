"""Pages of the outbox: the log, what a person decides about an uncertain mail, and who wants which mails."""

from typing import Any, Final

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.base import clock, events
from portal.base.database import transaction
from portal.shared.audit import services as audit
from portal.shared.audit.viewing import record_view
from portal.shared.outbox import letters, queries, services
from portal.shared.outbox.forms import DECLINABLE, WantedForm
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.web import error_pages
from portal.web.htmx import render_page
from portal.web.links import LinkPurpose, opened_by
from portal.web.listing import Sorts, all_rows, csv_response, fill, read_listing, wants_csv
from portal.web.permissions import Action, requires

bp = Blueprint("outbox", __name__, url_prefix="/mails")

SORTS: Final = Sorts(
    {
        "created": [Mail.created_at, Mail.id],
        "recipient": [Mail.recipient, Mail.id],
        "state": [Mail.state, Mail.id],
    },
    default="created",
    descending=True,
)
_COLUMNS: Final = [
    (_l("Nummer"), lambda mail: mail.id),
    (_l("Skrevet"), lambda mail: mail.created_at),
    (_l("Til"), lambda mail: mail.recipient),
    (_l("Slags"), lambda mail: mail.kind.label),
    (_l("Emne"), lambda mail: mail.subject),
    (_l("Status"), lambda mail: mail.state.label),
    (_l("Forsøg"), lambda mail: mail.attempts),
    (_l("Næste forsøg"), lambda mail: mail.due_at if mail.state is MailState.WAITING else None),
    (_l("Sendt"), lambda mail: mail.sent_at),
    (_l("Fejl"), lambda mail: mail.error),
]


@bp.get("/")
@requires(Action.MANAGE_MAILS)
def index() -> Response:
    listing = read_listing(SORTS, filters=("state", "kind"))
    wanted = listing.filters
    statement = queries.mail_list(current_user, words=listing.q, state=wanted["state"], kind=wanted["kind"])
    record_view("mails-listed", current_user, citizen_id=None, purpose=_("Hvad portalen har sendt"))
    if wants_csv():
        return csv_response("mails", _COLUMNS, all_rows(listing, statement, SORTS))
    return render_page(
        "outbox/index.html",
        fragment="mail_list",
        listing=fill(listing, statement, SORTS),
        states=[(queries.ATTENTION, _l("Skal ses på")), *MailState.choices()],
        kinds=MailKind.choices(),
        is_sending=current_app.config["PORTAL_MAIL"] != "none",
    )


@bp.get("/<int:mail_id>")
@requires(Action.MANAGE_MAILS)
def detail(mail_id: int) -> Response:
    mail = queries.mail_for(current_user, mail_id)
    about = [] if mail.about_id is None else [mail.about_id]
    people = events.citizens_behind(mail.about_type, about)
    record_view("mail-read", mail, citizen_id=None, purpose=_("Hvad portalen har sendt"), people=people)
    return render_page(
        "outbox/detail.html",
        fragment="one_mail",
        mail=mail,
        text=letters.without_links(mail),
    )


@bp.post("/<int:mail_id>/settle")
@requires(Action.MANAGE_MAILS)
def settle(mail_id: int) -> Any:
    mail = queries.mail_for(current_user, mail_id)
    with transaction():
        services.settle_as_sent(mail, by=current_user, at=clock.now())
    flash(_("Mailen står nu som sendt."), "success")
    return redirect(url_for("outbox.detail", mail_id=mail_id), 303)


@bp.post("/<int:mail_id>/send-anew")
@requires(Action.MANAGE_MAILS)
def send_anew(mail_id: int) -> Any:
    mail = queries.mail_for(current_user, mail_id)
    with transaction():
        services.send_anew(mail, by=current_user, at=clock.now())
    flash(_("Mailen bliver sendt igen."), "success")
    return redirect(url_for("outbox.detail", mail_id=mail_id), 303)


# --- Who gets them -------------------------------------------------------------------------------------------


@bp.route("/mine", methods=["GET", "POST"])
@requires(Action.SIGNED_IN)
def mine() -> Any:
    """Which mails the signed-in user wants at her own address."""
    if request.method == "GET" or current_user.email is None:
        declined = queries.declined_by(current_user.email) if current_user.email else set()
        wanted = [kind for kind in DECLINABLE if kind not in declined]
        return _wanted_page(WantedForm(formdata=None, data={"wanted": wanted}))
    form = WantedForm()
    if not form.validate():
        return _wanted_page(form, status=422)
    with transaction():
        declined = set(DECLINABLE) - set(form.wanted.data or [])
        services.decline(current_user.email, declined, at=clock.now())
        audit.record("mails-declined", subject=current_user, by=current_user, at=clock.now())
    flash(_("Dine valg er gemt."), "success")
    return redirect(url_for("outbox.mine"), 303)


def _wanted_page(form: WantedForm, *, status: int = 200) -> Response:
    return render_page(
        "outbox/mine.html", fragment="content", status=status, form=form, address=current_user.email
    )


@bp.route("/stop/<stop_link>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def stop(stop_link: str) -> Any:
    """Decline mails of one kind by the link in one of them. Opening it does nothing: only the button does."""
    mail_id, kind = opened_by(LinkPurpose.STOP_MAIL, stop_link)
    # An older portal's link holds the address itself; the last of them ends in the summer of 2027.
    address = mail_id if isinstance(mail_id, str) else queries.recipient_of(mail_id)
    if address is None:
        return error_pages.answer(410, advice=_("Brug linket i den nyeste mail, I har fået fra os."))
    wanted = MailKind(str(kind))
    declined = queries.declined_by(address)
    if request.method == "POST":
        back = "back" in request.form
        with transaction():
            services.decline(address, declined - {wanted} if back else declined | {wanted}, at=clock.now())
        return redirect(url_for("outbox.stop", stop_link=stop_link), 303)
    return render_page(
        "outbox/stop.html",
        fragment="content",
        kind=wanted,
        address=address,
        is_declined=wanted in declined,
        hide_login=True,
    )
