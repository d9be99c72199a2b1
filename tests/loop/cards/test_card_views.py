"""The pages of cards, as Karin, Amira, Lene and Bo meet them."""

from io import BytesIO

import pypdf
import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import SkillSource
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.shared.skills.models import SkillCategory
from tests.client import counted_statements
from tests.factories import NOW, TODAY, make_card, make_citizen, make_employer, make_seen, owner_of, skill

VEGETABLES = "skære og klargøre grøntsager"

FORM = {
    "goal": "Jeg vil gerne arbejde i et køkken.",
    "next_step": "",
    "wishes": ["koekken", "pleje"],
    "danish_speaking": "2",
    "danish_reading": "",
    "hours_min": "10",
    "hours_max": "20,5",
    "postcode": "3300",
    "range_km": "20",
    "early_morning": "",
    "evening": "no",
    "weekend": "yes",
    "night": "",
}


@pytest.fixture
def card(app) -> CompetenceCard:
    return make_card(make_citizen("Amira", with_login=True))


@pytest.fixture
def amira(card) -> User:
    return db.session.get_one(User, card.citizen.user_id)


def fresh(card: CompetenceCard) -> CompetenceCard:
    return db.session.get_one(CompetenceCard, card.id, populate_existing=True)


def looks() -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.is_look).order_by(AuditEntry.id)))


def lines() -> list[SkillEvidence]:
    statement = sa.select(SkillEvidence).order_by(SkillEvidence.id).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))


# --- Reading


def test_the_consultant_sees_the_card_and_leaves_a_line(client_for, karin, card):
    page = client_for(karin).get(f"/cards/{card.id}")

    assert page.status_code == 200
    assert "Jeg vil gerne arbejde i et køkken." in page.words
    line = looks()[-1]
    assert (line.action, line.citizen_id, line.actor_id) == ("card-read", card.citizen_id, karin.id)


def test_the_consultant_gets_the_suggestions_loaded_in_place(client_for, karin, card):
    link = client_for(karin).get(f"/cards/{card.id}").page.select_one("#card-matches a")

    assert (link["href"], link["hx-get"]) == (f"/matches/card/{card.id}", f"/matches/card/{card.id}/best")


def test_the_citizen_sees_her_own_card_without_suggestions(client_for, amira, card):
    page = client_for(amira).get("/cards/own")

    assert "Jeg vil gerne arbejde i et køkken." in page.words
    assert not page.page.select_one("#card-matches")
    assert looks()[-1].actor_id == amira.id


def test_a_citizen_without_a_card_is_told_what_to_do(client_for):
    selam = make_citizen("Selam", with_login=True)

    page = client_for(db.session.get_one(User, selam.user_id)).get("/cards/own")

    assert page.status_code == 200
    assert page.page.select_one(".empty-state")


PAGES = ("", "/edit", "/skills", "/print")


@pytest.mark.parametrize("path", PAGES)
def test_another_municipalitys_card_does_not_exist(client_for, lene, card, path):
    assert client_for(lene).get(f"/cards/{card.id}{path}").status_code == 404
    assert looks() == []


@pytest.mark.parametrize("path", PAGES)
def test_another_citizens_card_does_not_exist(client_for, card, path):
    selam = make_citizen("Selam", with_login=True)

    client = client_for(db.session.get_one(User, selam.user_id))

    assert client.get(f"/cards/{card.id}{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_an_employer_opens_no_card_here(client_for, card, path):
    bo = owner_of(make_employer())

    assert client_for(bo).get(f"/cards/{card.id}{path}").status_code == 403


def test_what_was_said_of_one_skill_stands_together(client_for, karin, card):
    make_seen(card, VEGETABLES, level=4, skill_id=skill(VEGETABLES).id)

    shown = client_for(karin).get(f"/cards/{card.id}").page.select("#skills tbody tr")

    assert len(shown) == 1
    assert len(shown[0].select("li")) == 2
    assert "Bos Køkken" in shown[0].select("li")[0].get_text()


def test_a_card_costs_the_same_for_many_skills(app, client_for, karin, card):
    client = client_for(karin)
    with counted_statements(app) as few:
        client.get(f"/cards/{card.id}")
    names = list(db.session.scalars(sa.select(skill(VEGETABLES).__class__.name).order_by("name").limit(40)))
    big = make_card(make_citizen("Selam"), skills=dict.fromkeys(names, 2))

    with counted_statements(app) as many:
        client.get(f"/cards/{big.id}")

    assert len(many) == len(few)
    assert len(many) <= 18  # of them the titles' tasks, and the card once more as the matcher sees it


# --- Writing


def test_a_consultant_makes_the_card(client_for, karin):
    citizen = make_citizen()

    answer = client_for(karin).post(f"/cards/citizen/{citizen.id}/new")

    made = db.session.scalars(sa.select(CompetenceCard)).one()
    assert (answer.status_code, answer.location) == (303, f"/cards/{made.id}/tasks")


def test_only_the_own_municipality_makes_a_card(client_for, lene):
    citizen = make_citizen()

    assert client_for(lene).post(f"/cards/citizen/{citizen.id}/new").status_code == 404


def test_the_consultant_edits_the_card(client_for, karin, card):
    answer = client_for(karin).post(f"/cards/{card.id}/edit", {**FORM, "version": "1"})

    assert (answer.status_code, answer.location) == (303, f"/cards/{card.id}")
    saved = fresh(card)
    assert (saved.wishes, saved.danish_speaking, saved.danish_reading) == (["koekken", "pleje"], 2, None)
    assert (saved.hours_max, saved.shifts_yes, saved.shifts_no) == (20.5, ["weekend"], ["evening"])


def test_the_citizen_edits_her_own_goal(client_for, amira, card):
    answer = client_for(amira).post(
        f"/cards/{card.id}/edit", {**FORM, "goal": "Jeg vil bage", "version": "1"}
    )

    assert (answer.status_code, answer.location) == (303, "/cards/own")
    assert fresh(card).goal == "Jeg vil bage"


def test_the_form_shows_what_the_card_says(client_for, karin, card):
    client = client_for(karin)
    client.post(f"/cards/{card.id}/edit", {**FORM, "version": "1"})

    page = client.get(f"/cards/{card.id}/edit").page

    assert [box["value"] for box in page.select("[name=wishes][checked]")] == ["koekken", "pleje"]
    assert page.select_one("[name=weekend][checked]")["value"] == "yes"
    assert page.select_one("[name=evening][checked]")["value"] == "no"
    assert page.select_one("[name=night][checked]")["value"] == ""
    assert page.select_one("[name=hours_max]")["value"] == "20,5"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("goal", "Mit CPR er 010190-1234"),
        ("goal", "x" * 501),
        ("next_step", "Ring 0101901234"),
        ("wishes", "noget andet"),
        ("danish_speaking", "9"),
        ("danish_speaking", "x"),
        ("hours_min", "mange"),
        ("hours_max", "5"),
        ("hours_max", "169"),
        ("hours_max", "nan"),
        ("postcode", "12"),
        ("postcode", "0001"),
        ("range_km", "1000"),
        ("range_km", "99999999999999"),
        ("weekend", "måske"),
        ("version", "x"),
    ],
)
def test_bad_input_is_a_422_and_nothing_is_lost(client_for, karin, card, field, value):
    answer = client_for(karin).post(f"/cards/{card.id}/edit", {**FORM, "version": "1", field: value})

    assert answer.status_code == 422
    assert answer.page.select_one("[data-error-summary] li")
    kept = "postcode" if field != "postcode" else "range_km"
    assert answer.page.select_one(f"[name={kept}]")["value"] == FORM[kept]
    assert fresh(card).version == 1


@pytest.mark.parametrize("field", ["goal", "next_step"])
def test_health_stands_in_no_goal_and_what_was_typed_stays(client_for, karin, card, field):
    told = "Jeg vil gerne lave mad. Jeg har ondt i ryggen."
    client = client_for(karin)

    answer = client.post(f"/cards/{card.id}/edit", {**FORM, "version": "1", field: told})

    assert answer.status_code == 422
    assert "Helbred hører ikke hjemme på et kort" in answer.words
    typed = answer.page.select_one(f"[name={field}]")
    assert (typed.get("value") or typed.get_text().strip()) == told
    assert fresh(card).version == 1


def test_what_a_goal_said_of_health_before_is_no_obstacle_to_the_rest(client_for, karin, card):
    told = "Jeg har ondt i ryggen."
    with transaction():
        fresh(card).goal = told

    answer = client_for(karin).post(f"/cards/{card.id}/edit", {**FORM, "version": "1", "goal": told})

    assert answer.status_code == 303


def test_a_stale_edit_of_a_card_keeps_what_was_typed(client_for, karin, jonas, card):
    client_for(jonas).post(f"/cards/{card.id}/edit", {**FORM, "version": "1"})
    client = client_for(karin)

    late = client.post(f"/cards/{card.id}/edit", {**FORM, "goal": "Karins ord", "version": "1"})

    assert late.status_code == 409
    assert "Karins ord" in late.page.select_one("[name=goal]").get_text()
    assert fresh(card).goal != "Karins ord"
    seen = late.page.select_one("[name=version]")["value"]
    again = client.post(f"/cards/{card.id}/edit", {**FORM, "goal": "Karins ord", "version": seen})
    assert again.status_code == 303


def test_a_citizens_skill_is_always_in_her_own_words(client_for, amira, card):
    client = client_for(amira)
    assert not client.get(f"/cards/{card.id}/skills").page.select("[name=skill-source]")

    answer = client.post(
        f"/cards/{card.id}/skills/add",
        {"skill-text": "snitte grønt", "skill-level": "3", "skill-source": "employer"},
    )

    assert answer.status_code == 303
    assert (lines()[-1].text, lines()[-1].source, lines()[-1].seen_on) == (
        "snitte grønt",
        SkillSource.OWN,
        TODAY,
    )


def test_a_consultant_adds_what_she_saw(client_for, karin, card):
    client_for(karin).post(
        f"/cards/{card.id}/skills/add",
        {"skill-text": "snitte grønt", "skill-level": "0", "skill-source": "consultant"},
    )

    line = lines()[-1]
    assert (line.source, line.level, line.skill_id) == (SkillSource.CONSULTANT, 0, skill(VEGETABLES).id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"skill-text": ""},
        {"skill-text": "x" * 121},
        {"skill-text": "010190-1234"},
        {"skill-level": "5"},
        {"skill-level": ""},
        {"skill-source": "employer"},
        {"skill-source": "consultant_only"},
    ],
)
def test_a_bad_skill_is_answered_in_the_form(client_for, karin, card, wrong):
    values = {"skill-text": "bage", "skill-level": "2", "skill-source": "own"} | wrong

    answer = client_for(karin).post(f"/cards/{card.id}/skills/add", values)

    assert answer.status_code == 422
    assert len(lines()) == 1


def test_a_condition_is_refused_with_its_reason_and_the_words_stay(client_for, karin, card):
    answer = client_for(karin).post(
        f"/cards/{card.id}/skills/add",
        {"skill-text": "børneattest", "skill-level": "2", "skill-source": "own"},
    )

    assert answer.status_code == 409
    assert answer.page.select_one("[name=skill-text]")["value"] == "børneattest"


def test_conditions_and_other_languages_are_not_offered(client_for, karin, card):
    offered = {
        option["value"]
        for option in client_for(karin).get(f"/cards/{card.id}/skills").page.select("#skill-phrases option")
    }

    conditions = db.session.scalars(
        sa.select(skill(VEGETABLES).__class__.name).filter_by(category=SkillCategory.STILLINGSBETINGELSE)
    )
    assert VEGETABLES in offered
    assert not offered & set(conditions)
    assert not offered & {"arabisk", "somali", "ukrainsk"}


def test_the_fragment_of_the_skills_is_the_pages_region(client_for, karin, card):
    client = client_for(karin)

    page, part = client.get(f"/cards/{card.id}/skills"), client.get(f"/cards/{card.id}/skills", htmx=True)

    whole, alone = page.page.select_one("#card-skills"), part.page.select_one("#card-skills")
    for tree in (whole, alone):
        for hidden in tree.select("[name=form_id], [name=csrf_token]"):
            hidden["value"] = ""
    assert whole == alone


def test_own_words_are_removed(client_for, amira, card):
    answer = client_for(amira).post(f"/cards/{card.id}/skills/{lines()[0].id}/remove")

    assert answer.status_code == 303
    assert lines() == []


def test_a_line_of_another_card_is_not_found(client_for, amira, card):
    other = make_card(make_citizen("Selam"))
    theirs = db.session.scalars(sa.select(SkillEvidence).where(SkillEvidence.card_id == other.id)).one()

    assert client_for(amira).post(f"/cards/{card.id}/skills/{theirs.id}/remove").status_code == 404


@pytest.mark.parametrize(
    "said",
    [{}, {"source": SkillSource.CONSULTANT_ONLY, "seen_at": None}],
    ids=["workplace", "consultant only"],
)
def test_what_stands_on_a_sheet_has_no_button_and_stays(client_for, karin, card, said):
    seen = make_seen(card, "bage", **said)
    client = client_for(karin)

    assert not client.get(f"/cards/{card.id}/skills").page.select(f"form[action$='/skills/{seen.id}/remove']")
    assert client.post(f"/cards/{card.id}/skills/{seen.id}/remove").status_code == 409
    assert len(lines()) == 2


def test_a_certificate_comes_and_goes(client_for, karin, card):
    client = client_for(karin)

    added = client.post(
        f"/cards/{card.id}/certificates/add",
        {"certificate-text": "Hygiejnebevis", "certificate-valid_until": "24-12-2027"},
    )
    certificate = db.session.scalars(sa.select(Certificate)).one()
    assert (added.status_code, certificate.valid_until.isoformat()) == (303, "2027-12-24")
    assert "Hygiejnebevis" in client.get(f"/cards/{card.id}").words

    removed = client.post(f"/cards/{card.id}/certificates/{certificate.id}/remove")
    assert removed.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 0


def test_a_bad_certificate_is_answered_in_its_form(client_for, karin, card):
    answer = client_for(karin).post(
        f"/cards/{card.id}/certificates/add",
        {"certificate-text": "", "certificate-valid_until": "snart"},
    )

    assert answer.status_code == 422
    assert len(answer.page.select("#card-skills [aria-invalid=true]")) == 2


# --- Paper


@pytest.mark.parametrize("who", ["karin", "amira"])
def test_the_card_on_paper_is_a_pdf_and_the_look_is_logged(client_for, karin, amira, card, who):
    answer = client_for({"karin": karin, "amira": amira}[who]).get(f"/cards/{card.id}/print")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    text = pypdf.PdfReader(BytesIO(answer.get_data())).pages[0].extract_text()
    assert "Amira" in text
    assert "Haddad" not in text
    assert looks()[-1].action == "card-printed"


def test_the_paper_shows_what_she_can_and_no_notes(app, card):
    from portal.loop.cards import queries

    with transaction():
        card = fresh(card)
        for level, text, note in ((0, "svejse", ""), (3, "bage", "Kommer for sent")):
            card.evidence.append(
                SkillEvidence(
                    text=text,
                    level=level,
                    source=SkillSource.EMPLOYER,
                    seen_on=TODAY,
                    seen_at="Bos Køkken",
                    assessment_id=7,
                    note=note,
                )
            )
        card.shifts_yes = ["weekend"]
        card.updated_at = NOW

    paper = queries.card_on_paper(fresh(card), url="http://localhost/cards/1", printed_on=TODAY)

    phrases = [line.phrase for group in paper.groups for line in group.skills]
    assert "Bage" in phrases
    assert "Svejse" not in phrases
    assert "Kommer for sent" not in repr(paper)
    lines = {line.label.danish: [said.danish for said in line.values] for line in paper.availability}
    assert {label: said for label, said in lines.items() if said != [""]} == {
        "Timer": ["10–37 timer om ugen"],
        "Tidspunkter": ["kan: weekend"],
        "Afstand": ["op til 20 km fra 3300 Frederiksværk"],
    }
    assert [place.place for place in paper.places_tried] == ["Bos Køkken"]


def test_the_address_on_the_card_copies_without_signs_that_nobody_sees(client_for, karin, card):
    answer = client_for(karin).get(f"/cards/{card.id}/print")

    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.get_data())).pages)
    assert "\u200b" not in text
    assert f"/cards/{card.id}" in "".join(text.split())
