"""ASVS 8.2.2: a key sent in a form or a query opens nothing that its sender could not open by its address."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import MAX_ID, db, transaction
from portal.loop.citizens.models import Citizen
from portal.loop.openings.models import Opening
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.shared.accounts import services as accounts
from portal.shared.accounts.models import User
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient
from tests.test_roles import full_stage


def opening_fields(**values: Any) -> dict[str, Any]:
    fields = {
        "title": "Hjælp", "form": "praktik", "industry": "", "places": "1", "hours_per_week": "20",
        "starts_on": "2026-12-01", "danish_speaking": "0", "danish_reading": "0", "must-0-text": "opvask",
        "must-0-level": "2", "step": "publish",
    }  # fmt: skip
    return {**fields, **values}


def test_V8_2_2_an_employer_posts_no_opening_at_a_strangers_workplace(client_for):
    bos, dortes = factories.make_employer("Bos"), factories.make_employer("Dortes", owner="Dorte")
    browser = client_for(factories.owner_of(bos))

    for key in (dortes.workplaces[0].id, 0, -1, MAX_ID, "x", ""):
        answer = browser.post("/openings/new", opening_fields(workplace_id=str(key)))
        assert answer.status_code == 422, key
        assert "Dorte" not in answer.words
    assert db.session.scalar(sa.select(sa.func.count(Opening.id))) == 0


def test_V8_2_2_an_edit_moves_no_opening_to_another_employer(client_for, karin):
    bos, dortes = factories.make_employer("Bos"), factories.make_employer("Dortes", owner="Dorte")
    opening = factories.make_opening(bos)

    answer = client_for(karin).post(
        f"/openings/{opening.id}/edit", opening_fields(workplace_id=str(dortes.workplaces[0].id))
    )

    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.get_one(Opening, opening.id).employer_id == bos.id


@pytest.mark.parametrize("field", ["employer_id", "consultant_id"])
def test_V8_2_2_an_agreement_names_no_stranger(client_for, karin, lene, field):
    near = factories.make_employer("Nær")
    far = factories.make_employer("Fjern", in_municipality="Fredensborg", owner="Far")
    fields = {"employer_id": str(near.id), "consultant_id": str(karin.id), "signed_on": "2026-11-01"}

    answer = client_for(karin).post(
        "/partnerships/new", {**fields, field: str({"employer_id": far.id, "consultant_id": lene.id}[field])}
    )

    assert answer.status_code == 422
    assert "Lene" not in answer.words
    assert "Fjern" not in answer.words
    assert db.session.scalar(sa.select(sa.func.count(Partnership.id))) == 0


def test_V8_2_2_an_employer_that_shares_with_others_is_no_partner_beyond_the_neighbours(client_for, app):
    """The third municipality borders on nobody: what Halsnæs' employers share is not for it."""
    with transaction():
        accounts.create_municipality(
            name="Skagen",
            unit_term="Jobhjørnet",
            phone="98 00 00 00",
            email="a@b.dk",
            by=None,
            at=factories.NOW,
        )
    factories.make_opening(factories.make_employer("Bos Køkken"), visible_to_neighbours=True)
    stranger = factories.make_user("Per", Role.CONSULTANT, in_municipality="Skagen")

    assert "Bos Køkken" not in client_for(stranger).get("/partnerships/new").words


@pytest.mark.parametrize("whom", ["lene@nabo.example", "mette@kommune.example", "admin@kommune.example"])
def test_V8_2_2_only_a_colleague_follows_a_citizen_or_an_employer(client_for, karin, whom):
    stranger = factories.user(whom)
    agreement = factories.make_partnership(consultant=None)
    citizen = factories.make_citizen()
    browser = client_for(karin)

    fields = {
        "case_reference": citizen.case_reference,
        "first_name": "Amira",
        "last_name": "Haddad",
        "version": "1",
    }
    edited = browser.post(f"/citizens/{citizen.id}/edit", {**fields, "consultant_id": str(stranger.id)})
    named = browser.post(
        f"/partnerships/{agreement.id}/consultant",
        {"consultant_id": str(stranger.id), "from_on": "2026-11-18"},
    )

    assert (edited.status_code, named.status_code) == (422, 422)
    db.session.rollback()
    assert db.session.get_one(Citizen, citizen.id).consultant_id is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PartnershipConsultant)) == 0


def test_V8_2_2_a_child_key_of_another_parent_is_not_found(app):
    """evidence, certificate, follow-up and party under a card or placement that is one's own."""
    own, stranger = full_stage()
    karin = PortalClient(app, own.people["consultant"])
    mine, theirs = own.values, stranger.values
    paths = [
        f"/cards/{mine['card_id']}/skills/{theirs['evidence_id']}/remove",
        f"/cards/{mine['card_id']}/certificates/{theirs['certificate_id']}/remove",
        f"/placements/{mine['placement_id']}/follow-ups/{theirs['follow_up_id']}",
        f"/placements/{theirs['placement_id']}/follow-ups/{mine['follow_up_id']}",
    ]

    assert [karin.post(path).status_code for path in paths] == [404] * len(paths)


@pytest.mark.parametrize("role", ["employer", "citizen"])
@pytest.mark.parametrize("party", ["consultant", "employer", "citizen", "admin", "%00"])
def test_V8_2_2_nobody_speaks_for_another_party(app, role, party):
    own, _ = full_stage()
    words = {"purpose": "Job", "time_frame": "4 uger", "development": "Opvask"}

    answer = PortalClient(app, own.people[role]).post(
        f"/placements/{own.values['placement_id']}/expectations/{party}", words
    )

    assert answer.status_code == (303 if party == role else 404)


def test_V8_2_2_a_citizen_cannot_say_that_others_have_seen_it(app):
    """`source` belongs to consultants; a citizen's words stay her own however she posts."""
    own, _ = full_stage()
    path = f"/cards/{own.values['card_id']}/skills/add"
    browser = PortalClient(app, own.people["citizen"])

    for source in ("consultant", "employer"):
        browser.post(path, {"skill-text": f"opvask {source}", "skill-level": "4", "skill-source": source})

    said = db.session.execute(
        sa.text("SELECT source FROM skill_evidence WHERE text LIKE 'opvask %'")
    ).scalars()
    assert set(said) <= {"own"}


@pytest.mark.parametrize(
    "query", ["consultant=2147483647", "consultant=99999999999", "consultant=%00", "consultant=-1"]
)
def test_V8_2_2_filters_take_any_key(client_for, karin, query):
    factories.make_citizen()

    assert client_for(karin).get(f"/citizens/?{query}").status_code == 200


def test_V8_2_2_a_consultant_elsewhere_filters_and_exports_only_her_own(client_for, lene, karin):
    factories.make_citizen("Zahrabibi")
    browser = client_for(lene)

    for query in (
        "",
        "?q=Zahra",
        f"?consultant={karin.id}",
        "?consultant=none",
        "?format=csv",
        "?q=Haddad&format=csv",
    ):
        page = browser.get(f"/citizens/{query}").get_data(as_text=True)
        assert "Zahrabibi" not in page.replace('Zahra"', "")


def test_V8_3_1_an_employer_that_waits_or_was_refused_reaches_nothing(app):
    full_stage()
    waiting = factories.make_user("Vera", Role.EMPLOYER, in_municipality=None)
    browser = PortalClient(app, waiting)

    for path in ("/openings/", "/placements/", "/reviews/proposals"):
        page = browser.get(path)
        assert page.status_code == 200
        assert not page.page.select("main tbody tr")
    assert browser.get("/employers/own/workplaces/new").status_code == 404
    assert browser.post("/openings/new", opening_fields(workplace_id="1")).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Opening.id)).where(Opening.title == "Hjælp")) == 0


def test_V7_4_2_a_disabled_user_is_out_at_her_next_step(client_for, admin, karin):
    browser = client_for(karin)
    assert browser.get("/citizens/").status_code == 200
    client_for(admin).post(f"/users/{karin.id}/disable")

    assert browser.get("/citizens/").location.startswith("/login")
    assert browser.post("/citizens/new", {"first_name": "x"}).location.startswith("/login")
    assert browser.get("/citizens/", htmx=True).status_code == 401
    db.session.rollback()
    assert db.session.get_one(User, karin.id).disabled_at is not None


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "javascript:alert(1)", "/%09/evil.example", "http:evil.example", "///evil.example",
        "/login?next=//evil.example", "@evil.example", "/%0d%0aX:1",
    ],
)  # fmt: skip
def test_V1_2_2_the_way_after_login_stays_here(app, karin, target):
    with transaction():
        user = db.session.get_one(User, karin.id)
        user.password_hash = app.extensions["passwords"].hash("en god lang sætning")

    answer = PortalClient(app).post(
        "/login", {"email": karin.email, "password": "en god lang sætning", "next": target}
    )

    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "\n" not in answer.location


def test_V6_3_8_an_e_mail_and_a_cvr_that_are_known_are_answered_like_new_ones(client_for, karin):
    employer = factories.make_employer("Bos Køkken")
    fields = {
        "company_name": "Ny", "industry": "koekken", "sector": "private",
        "municipality_id": str(employer.municipality_id),
        "p_number": "1012345678", "address": "Vej 1", "postcode": "3300", "full_time_staff": "3",
        "contact_name": "Ny", "contact_phone": "47 11 22 33", "password": "en god lang sætning",
        "repeated": "en god lang sætning",
    }  # fmt: skip

    answers = [
        client_for().post("/employers/register", {**fields, "cvr": cvr, "contact_email": email})
        for cvr, email in (
            (factories.next_cvr(), "ny@firma.example"), (employer.cvr, "ny2@firma.example"),
            (factories.next_cvr(), karin.email), (employer.cvr, karin.email.upper()),
        )
    ]  # fmt: skip

    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/employers/registered")}
    assert len({answer.get_data() for answer in answers}) == 1
