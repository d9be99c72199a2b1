"""How an employer of the demo comes into the portal, or is left outside it."""

from datetime import datetime, timedelta

from portal.base.clock import danish_day
from portal.demo.script import ScriptedEmployer, ScriptedRegistration
from portal.demo.world import World
from portal.loop.employers import joining
from portal.loop.employers import services as employers
from portal.loop.employers.models import Employer, EmployerRegistration
from portal.loop.employers.services import RegistrationDetails
from portal.shared.accounts.models import User


def let_in(world: World, scripted: ScriptedEmployer, at: datetime) -> Employer:
    """Register an employer, approve it the next day, and add the workplaces it has besides the first."""
    consultant = world.some_consultant_of(world.places[scripted.municipality].id)
    registration = _registered(world, _registration(world, scripted), at - timedelta(hours=20))
    employer = joining.approve_registration(registration, by=consultant, at=at)
    _add_workplaces(world, employer, scripted, consultant, at)
    owner = registration.user
    assert owner is not None
    owner.is_demo, owner.password_hash = True, world.password_of(scripted.email)
    if scripted.wants_publicity:
        employers.edit_employer(employer, sector=scripted.sector, wants_publicity=True, by=owner, at=at)
    world.employers[scripted.key], world.owners[scripted.key] = employer, owner
    return employer


def _registered(world: World, details: RegistrationDetails, at: datetime) -> EmployerRegistration:
    """Written, and confirmed by its link."""
    wish = joining.send_registration(details, at=at)
    assert wish is not None
    return joining.confirm(wish.id, password_hash=world.password_hash, at=at)


def _registration(world: World, scripted: ScriptedEmployer) -> employers.RegistrationDetails:
    first = world.script.workplaces_of(scripted)[0]
    return employers.RegistrationDetails(
        employers.EmployerDetails(
            scripted.cvr,
            scripted.name,
            scripted.industry,
            world.places[scripted.municipality].id,
            scripted.sector,
            world.employers[scripted.referred_by].id if scripted.referred_by else None,
        ),
        employers.WorkplaceDetails(
            first.p_number,
            scripted.name,
            first.address,
            first.postcode,
            first.full_time_staff,
            representative_name=scripted.steward,
            representative_email=f"tillid.{scripted.key}@firma.example" if scripted.steward else "",
        ),
        employers.ContactDetails(scripted.contact, scripted.email, scripted.phone),
    )


def _add_workplaces(
    world: World, employer: Employer, scripted: ScriptedEmployer, consultant: User, at: datetime
) -> None:
    """The first came with the registration, under the employer's name."""
    first, *others = world.script.workplaces_of(scripted)
    employer.workplaces[0].name = first.name
    for one in others:
        details = employers.WorkplaceDetails(
            one.p_number, one.name, one.address, one.postcode, one.full_time_staff
        )
        employers.add_workplace(employer, details, stated_on=danish_day(at), by=consultant, at=at)


def leave_outside(world: World, scripted: ScriptedRegistration, at: datetime) -> None:
    """Register an employer that waits for its answer, or is refused the next day."""
    details = employers.RegistrationDetails(
        employers.EmployerDetails(scripted.cvr, scripted.name, scripted.industry, world.home.id),
        employers.WorkplaceDetails(
            scripted.p_number, scripted.name, scripted.address, scripted.postcode, scripted.full_time_staff
        ),
        employers.ContactDetails(scripted.contact, scripted.email, scripted.phone),
    )
    registration = _registered(world, details, at)
    assert registration.user is not None
    registration.user.is_demo, registration.user.password_hash = True, None
    if scripted.refused_because:
        by, next_day = world.consultant_of(world.home.id), at + timedelta(days=1)
        joining.refuse_registration(registration, reason=scripted.refused_because, by=by, at=next_day)
