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
from portal.shared.outbox.anew import send_link_anew
from portal.shared.outbox.forms import DECLINABLE, WantedForm
from portal.shared.outbox.models import Mail, MailKind, MailState
from portal.web import error_pages
from portal.web.htmx import render_page
from portal.web.link_answers import pressed, show_first_step, ticket_for
from portal.web.links import LinkExpired, LinkPurpose, opened_by
from portal.web.listing import Sorts, all_rows, fill, read_listing, table_file, wants_file
from portal.web.permissions import Action, requires
from portal.web.rooms import rooms

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
    if wants_file():
        return table_file("mails", _COLUMNS, all_rows(listing, statement, SORTS))
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
    if request.method != "POST" or current_user.email is None:
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


@bp.post("/new-link")
@requires(Action.PUBLIC)
def new_link() -> Any:
    """Whoever holds a link that is too old asks for another: it goes to the address that had the old one."""
    purpose = request.form.get("purpose", "")
    if purpose not in set(LinkPurpose) or LinkPurpose(purpose) not in rooms().anew:
        return error_pages.answer(404)
    wanted = LinkPurpose(purpose)
    try:
        opened_by(wanted, request.form.get("old", ""))
    except LinkExpired as expired:
        with transaction():
            offered = rooms().anew[wanted](expired.about, clock.now())
            send_link_anew(wanted, expired.about, offered, at=clock.now())
    return render_page("outbox/new_link.html", fragment="content", hide_login=True)


STOP, AGAIN = "stop", "again"


@bp.route("/stop/<stop_link>", methods=["GET", "POST"])
@requires(Action.PUBLIC)
def stop(stop_link: str) -> Any:
    """Decline mails of one kind by the link in one of them; only the second step's button does, and undoes."""
    try:
        mail_id, kind = opened_by(LinkPurpose.STOP_MAIL, stop_link)
    except LinkExpired:
        return _stop_link_is_over()
    # An older portal's link holds the address itself; the last of them ends in the summer of 2027.
    address = mail_id if isinstance(mail_id, str) else queries.recipient_of(mail_id)
    if address is None:
        return _stop_link_is_over()
    wanted = MailKind(str(kind))
    declined = queries.declined_by(address)
    step = AGAIN if wanted in declined else STOP
    if request.method == "POST":
        if pressed() == step:
            with transaction():
                services.decline(address, declined ^ {wanted}, at=clock.now())
        return redirect(url_for("outbox.stop", stop_link=stop_link), 303)
    is_second = request.args.get("answer") == step
    if not is_second:
        show_first_step()
    return render_page(
        "outbox/stop.html",
        fragment="content",
        kind=wanted,
        address=address,
        is_declined=wanted in declined,
        step=step if is_second else "",
        ticket=ticket_for(step) if is_second else None,
        hide_login=True,
    )


def _stop_link_is_over() -> Response:
    """Every mail that may be declined has a new one."""
    return error_pages.answer(410, advice=_("Brug linket i den nyeste mail, I har fået fra os."))
