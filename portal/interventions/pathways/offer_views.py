"""Pages of offers: which employers take which step, and the forms by which one is offered and withdrawn."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Effort
from portal.interventions.pathways import offers, queries
from portal.interventions.pathways.forms import OfferForm
from portal.interventions.pathways.models import JobPackage, PackageStep, StepOffer
from portal.loop.employers.models import Employer
from portal.loop.employers.queries import employer_for, own_employer
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("step_offers", __name__, url_prefix="/step-offers")

OFFER_SORTS = Sorts(
    {
        "employer": [alphabetical(Employer.name), StepOffer.id],
        "step": [alphabetical(JobPackage.name), PackageStep.position, StepOffer.id],
        "from": [StepOffer.from_on, StepOffer.id],
    },
    default="step",
)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """Every offer to the municipality's packages, by step."""
    listing, today = read_listing(OFFER_SORTS, filters=("state", "package")), clock.today()
    statement = offers.offer_list(current_user, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, OFFER_SORTS)
    if wants_file():
        return table_file("tilbudte-trin", _columns(), rows)
    packages = queries.packages_in_use(current_user.municipality_id)
    return render_page(
        "pathways/offers.html",
        fragment="offer_list",
        listing=listing,
        today=today,
        states=[(offers.WITHDRAWN, _("Ikke længere")), (offers.ALL, _("Alle"))],
        packages=[(str(package.id), package.name) for package in packages],
    )


def _columns() -> list[tuple[Any, Any]]:
    return [
        (_("Virksomhed"), lambda offer: offer.employer.name),
        (_("CVR"), lambda offer: offer.employer.cvr),
        (_("Pakke"), lambda offer: offer.step.package.name),
        (_("Trin"), lambda offer: offer.step.name),
        (_("Form"), lambda offer: offer.step.kind.label),
        (_("Pladser"), lambda offer: offer.places),
        (_("Fra"), lambda offer: offer.from_on),
        (_("Til og med"), lambda offer: offer.until_on),
        (_("Trukket tilbage"), lambda offer: offer.withdrawn_at),
    ]


@bp.route("/employer/<int:employer_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def offer(employer_id: int) -> Response:
    """A consultant writes what an employer has said."""
    employer = employer_for(current_user, employer_id)
    return _offer_page(employer, url_for("employers.detail", employer_id=employer_id))


@bp.route("/own", methods=["GET", "POST"])
@requires(Action.ANSWER_AS_EMPLOYER)
def own() -> Response:
    """An employer offers a step itself."""
    employer = own_employer(current_user)
    if employer is None or not employer.municipality.uses(Effort.PATHWAYS):
        return error_pages.answer(404)
    return _offer_page(employer, url_for("employers.own"))


def _offer_page(employer: Employer, back: str) -> Response:
    packages = queries.packages_in_use(employer.municipality_id)
    steps = {step.id: step for package in packages for step in package.steps}
    form = OfferForm(data={"from_on": clock.today(), "places": 1})
    form.step_id.choices = [(0, _("Vælg")), *offers.step_choices(packages)]
    status, refusal = 200, None
    if form.is_submitted():
        if form.validate():
            try:
                with transaction():
                    offers.offer_step(
                        employer, steps[form.step_id.data], form.details, by=current_user, at=clock.now()
                    )
            except DomainError as error:
                status, refusal = 409, error
            else:
                flash(_("Tilbuddet er gemt."), "success")
                return leave_to(back)
        else:
            status = 422
    return render_page(
        "pathways/offer.html",
        fragment="content",
        status=status,
        employer=employer,
        form=form,
        back=back,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:offer_id>/withdraw")
@requires(Action.RECORD_EFFORTS)
def withdraw(offer_id: int) -> Any:
    return _withdraw(offers.offer_for(current_user, offer_id), consultant=True)


@bp.post("/<int:offer_id>/withdraw-own")
@requires(Action.ANSWER_AS_EMPLOYER)
def withdraw_own(offer_id: int) -> Any:
    """The employer takes its own offer back."""
    taken_back = offers.offer_for(current_user, offer_id)
    if not taken_back.employer.municipality.uses(Effort.PATHWAYS):
        return error_pages.answer(404)
    return _withdraw(taken_back, consultant=False)


def _withdraw(taken_back: StepOffer, *, consultant: bool) -> Any:
    with transaction():
        offers.withdraw_offer(taken_back, by=current_user, at=clock.now())
    flash(_("Tilbuddet er trukket tilbage."), "success")
    if consultant:
        return redirect(url_for("employers.detail", employer_id=taken_back.employer_id), 303)
    return redirect(url_for("employers.own"), 303)
