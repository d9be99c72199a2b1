"""Whole or not at all, and never twice."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Industry, SkillSource, TaskKind
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import ContactPerson, Employer, Workplace
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.audit.models import AuditEntry
from portal.shared.skills import queries as vocabulary
from portal.shared.skills.models import JobTitle, Skill, SkillLadder
from portal.workspaces.imports import queries, services
from portal.workspaces.imports.models import ImportFile, ImportKind
from portal.workspaces.imports.services import BadRows, Report, TooManyRows
from tests import factories
from tests.factories import NOW, TODAY
from tests.support.files import read_file
from tests.support.partnerships import trade_on

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
KINDS = {"virksomheder": ImportKind.EMPLOYERS, "aabninger": ImportKind.OPENINGS, "kort": ImportKind.CARDS}
DIALECTS = (".csv", "-windows.csv", "-komma.csv", ".xlsx")

EMPLOYERS = "CVR;P-nummer;Navn;Branche;Adresse;Postnummer;Årsværk;Kontakt;E-mail;Telefon\n"
OPENINGS = "CVR;P-nummer;Titel;Form;Timer;Start;Slut;Skal kunne;Dansk mundtligt;Status\n"
CARDS = "Sagsnummer;Fornavn;Efternavn;Ønsker;Postnummer;Færdigheder;Mål\n"


def load(
    kind: ImportKind, content: str | bytes, *, only_good_rows: bool = False, home: str = "Halsnæs"
) -> Report:
    place = factories.municipality(home).id
    checked = read_file(kind, content)
    with transaction():
        report = services.examine(checked, municipality_id=place, today=TODAY)
        return services.carry_out(
            report, municipality_id=place, only_good_rows=only_good_rows, by=None, at=NOW
        )


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def employer(
    cvr: str = "13748136",
    p: str = "1012345678",
    name: str = "Bæk",
    staff: str = "14,5",
    phone: str = "47112233",
) -> str:
    return f"{cvr};{p};{name};Rengøring;Vej 1;3300;{staff};Bo;bo@firma.example;{phone}\n"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_example_file_is_taken_once(app, dialect):
    for name, kind in KINDS.items():
        content = (EXAMPLES / f"{name}{dialect}").read_bytes()

        first = load(kind, content)
        second = load(kind, content)

        assert first.new == len(first.rows) > 0
        assert not first.unknown_headings
        assert second.unchanged == len(first.rows)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_example_of_words_is_taken_once(app, ending):
    content = (EXAMPLES / f"ordliste{ending}").read_bytes()

    first, second = load(ImportKind.VOCABULARY, content), load(ImportKind.VOCABULARY, content)

    assert (first.new, second.unchanged, first.unknown_headings) == (3, 3, ())


def test_all_dialects_of_an_example_say_the_same(app):
    for name, kind in KINDS.items():
        load(kind, (EXAMPLES / f"{name}.csv").read_bytes())
        for dialect in DIALECTS:
            again = load(kind, (EXAMPLES / f"{name}{dialect}").read_bytes())
            assert not again.changes_something, f"{name}{dialect}"


def test_one_bad_row_imports_nothing(app):
    with pytest.raises(BadRows) as refusal:
        load(ImportKind.EMPLOYERS, EMPLOYERS + employer() + employer(cvr="12345678", p="1012345679"))

    assert refusal.value.report.errors[0].line == 3
    assert count(Employer) == 0


def test_only_the_good_rows_when_chosen(app):
    report = load(
        ImportKind.EMPLOYERS, EMPLOYERS + employer() + employer(cvr="12345678", p="1"), only_good_rows=True
    )

    assert (report.new, report.bad_lines) == (1, 1)
    assert count(Employer) == 1


def test_a_changed_employer_is_changed_in_place(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())

    report = load(ImportKind.EMPLOYERS, EMPLOYERS + employer(name="Bæk og Søn", staff="20", phone="47112299"))

    assert report.changed == 1
    stored = db.session.scalars(sa.select(Employer)).one()
    workplace = db.session.scalars(sa.select(Workplace)).one()
    assert (stored.name, workplace.name, workplace.full_time_staff) == ("Bæk og Søn", "Bæk og Søn", 20)
    assert db.session.scalars(sa.select(ContactPerson.phone)).one() == "47 11 22 99"


def test_another_trade_holds_from_the_day_of_the_file(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())
    stored = db.session.scalars(sa.select(Employer)).one()
    with transaction():
        stored.trades[0].from_on = TODAY - timedelta(days=30)

    report = load(ImportKind.EMPLOYERS, EMPLOYERS + employer().replace("Rengøring", "Pleje og omsorg"))

    assert report.changed == 1
    stored = db.session.scalars(sa.select(Employer)).one()
    assert stored.industry is Industry.PLEJE
    assert trade_on(stored, TODAY - timedelta(days=1)) is Industry.RENGOERING
    assert trade_on(stored, TODAY) is Industry.PLEJE
    assert trade_on(stored, TODAY - timedelta(days=31)) is None


def with_heads(heads: str, staff: str = "12,5") -> str:
    head, row = EMPLOYERS.rstrip("\n"), employer(staff=staff).rstrip("\n")
    return f"{head};Personer\n{row};{heads}\n"


def test_heads_come_with_the_file_and_stay_while_they_can_be_true(app):
    load(ImportKind.EMPLOYERS, with_heads("14"))
    assert db.session.scalars(sa.select(Workplace.heads)).one() == 14

    assert load(ImportKind.EMPLOYERS, EMPLOYERS + employer(staff="12,5")).unchanged == 1
    assert load(ImportKind.EMPLOYERS, with_heads("")).unchanged == 1
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer(staff="14"))
    assert db.session.scalars(sa.select(Workplace.heads)).one() == 14
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer(staff="14,1"))
    assert db.session.scalars(sa.select(Workplace.heads)).one() is None


@pytest.mark.parametrize("heads", ["12", "12,5", "mange", "-1"])
def test_a_count_that_cannot_be_is_refused_by_its_heading(app, heads):
    with pytest.raises(BadRows) as refusal:
        load(ImportKind.EMPLOYERS, with_heads(heads))

    assert refusal.value.report.errors[0].heading == "Personer"


def test_an_employer_with_two_workplaces_keeps_its_own_name(app):
    file = EMPLOYERS + employer(name="Bæk") + employer(p="1012345679", name="Bæk Nord")

    load(ImportKind.EMPLOYERS, file)

    assert load(ImportKind.EMPLOYERS, file).unchanged == 2
    assert db.session.scalars(sa.select(Employer.name)).one() == "Bæk"


def test_a_file_says_the_p_number_of_a_workplace_that_was_known_without_one(app):
    known = factories.make_employer("Bæk", cvr="13748136", industry=Industry.RENGOERING)
    with transaction():
        place = known.workplaces[0]
        place.p_number, place.address, place.full_time_staff, place.staff_stated_on = None, "vej  1", 0, None

    report = load(ImportKind.EMPLOYERS, EMPLOYERS + employer())

    assert report.changed == 1
    (place,) = db.session.scalars(sa.select(Workplace))
    assert (place.p_number, place.full_time_staff, place.staff_stated_on) == ("1012345678", 14.5, TODAY)


def test_an_employer_of_another_municipality_is_refused(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer(), home="Fredensborg")

    with pytest.raises(BadRows) as refusal:
        load(ImportKind.EMPLOYERS, EMPLOYERS + employer())

    assert refusal.value.report.errors[0].heading == "CVR"


def test_one_employer_cannot_have_two_trades(app):
    other = employer(p="1012345679").replace("Rengøring", "Pleje og omsorg")

    with pytest.raises(BadRows) as refusal:
        load(ImportKind.EMPLOYERS, EMPLOYERS + employer() + other)

    assert refusal.value.report.errors[0].heading == "Branche"


def opening_line(**changed: str) -> str:
    values = {
        "cvr": "13748136",
        "p": "1012345678",
        "title": "Trappevask",
        "form": "Småjob",
        "hours": "10",
        "start": "01-12-2026",
        "end": "",
        "must": "trappevask:2",
        "danish": "",
        "status": "",
        **changed,
    }
    return ";".join(values.values()) + "\n"


def test_openings_become_drafts_unless_the_file_says_published(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())

    load(ImportKind.OPENINGS, OPENINGS + opening_line() + opening_line(title="Vinduer", status="Opslået"))

    openings = db.session.scalars(sa.select(Opening).order_by(Opening.id)).all()
    assert [opening.status for opening in openings] == [OpeningStatus.DRAFT, OpeningStatus.PUBLISHED]
    assert [(task.kind, task.text, task.level) for task in openings[0].tasks] == [
        (TaskKind.MUST, "trappevask", 2)
    ]
    assert openings[0].tasks[0].skill_id is not None


def test_an_opening_is_known_by_employer_title_start_and_form(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())
    load(ImportKind.OPENINGS, OPENINGS + opening_line())

    changed = load(ImportKind.OPENINGS, OPENINGS + opening_line(hours="12"))
    other_start = load(ImportKind.OPENINGS, OPENINGS + opening_line(start="01-01-2027"))
    published = load(ImportKind.OPENINGS, OPENINGS + opening_line(hours="12", status="Opslået"))

    assert (changed.changed, other_start.new, published.changed) == (1, 1, 1)
    assert load(ImportKind.OPENINGS, OPENINGS + opening_line(hours="12")).unchanged == 1


@pytest.mark.parametrize(
    ("changed", "heading"),
    [
        ({"p": "1999999999"}, "P-nummer"),
        ({"end": "01-11-2026"}, "Slut"),
        ({"danish": "2"}, "Dansk bruges til"),
        ({"must": "", "status": "Opslået"}, "Skal kunne"),
    ],
)
def test_an_opening_that_cannot_be_is_refused_with_its_column(app, changed, heading):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())

    with pytest.raises(BadRows) as refusal:
        load(ImportKind.OPENINGS, OPENINGS + opening_line(**changed))

    assert refusal.value.report.errors[0].heading == heading
    assert count(Opening) == 0


def test_what_a_room_refuses_takes_no_other_row_down(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())
    over = opening_line(title="Forbi", start="01-01-2026", end="01-02-2026", status="Opslået")

    with pytest.raises(BadRows):
        load(ImportKind.OPENINGS, OPENINGS + over + opening_line())
    report = load(ImportKind.OPENINGS, OPENINGS + over + opening_line(), only_good_rows=True)

    assert (report.new, report.bad_lines) == (1, 1)
    assert db.session.scalars(sa.select(Opening.title)).all() == ["Trappevask"]


def test_a_withdrawn_opening_is_not_brought_back(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())
    load(ImportKind.OPENINGS, OPENINGS + opening_line())
    with transaction():
        db.session.scalars(sa.select(Opening)).one().status = OpeningStatus.WITHDRAWN

    assert load(ImportKind.OPENINGS, OPENINGS + opening_line()).unchanged == 1
    with pytest.raises(BadRows):
        load(ImportKind.OPENINGS, OPENINGS + opening_line(hours="12"))


def test_cards_bring_the_citizen_and_her_own_words(app):
    load(ImportKind.CARDS, CARDS + "26/9;Nadia;Sayed;rengøring;3300;trappevask:3|min egen ting:2;Et job\n")

    card = db.session.scalars(sa.select(CompetenceCard)).one()
    lines = db.session.scalars(sa.select(SkillEvidence).order_by(SkillEvidence.id)).all()
    assert card.citizen.name == "Nadia Sayed"
    assert (card.wishes, card.postcode, card.goal) == (["rengoering"], "3300", "Et job")
    assert [(line.level, line.source, line.skill_id is None) for line in lines] == [
        (3, SkillSource.OWN, False),
        (2, SkillSource.OWN, True),
    ]


def test_an_empty_cell_erases_nothing_and_a_new_level_stands_beside(app):
    load(ImportKind.CARDS, CARDS + "26/9;Nadia;Sayed;rengøring;3300;trappevask:2;Et job\n")

    report = load(ImportKind.CARDS, CARDS + "26/9;Nadja;Sayed;;;trappevask:3;\n")

    card = db.session.scalars(sa.select(CompetenceCard)).one()
    assert report.changed == 1
    assert (card.citizen.first_name, card.postcode, card.goal) == ("Nadja", "3300", "Et job")
    assert sorted(line.level for line in card.evidence) == [2, 3]


BIRTHS = "Sagsnummer;Fornavn;Efternavn;Fødselsdato;Fødselsår\n"


@pytest.mark.parametrize(
    ("cells", "stored"),
    [
        ("24-12-1968;", (date(1968, 12, 24), None)),
        ("1968;", (None, 1968)),
        (";1968", (None, 1968)),
        ("24-12-1968;1968", (date(1968, 12, 24), None)),
        (";", (None, None)),
    ],
)
def test_a_birth_is_a_day_or_a_year_in_either_column(app, cells, stored):
    file = f"{BIRTHS}26/9;Nadia;Sayed;{cells}\n"

    load(ImportKind.CARDS, file)

    citizen = db.session.scalars(sa.select(Citizen)).one()
    assert (citizen.born_on, citizen.birth_year) == stored
    assert load(ImportKind.CARDS, file).unchanged == 1


def test_a_day_replaces_a_year_and_a_year_leaves_the_day_that_lies_in_it(app):
    def known_after(cells: str) -> tuple[date | None, int | None]:
        load(ImportKind.CARDS, f"{BIRTHS}26/9;Nadia;Sayed;{cells}\n")
        citizen = db.session.scalars(sa.select(Citizen)).one()
        return citizen.born_on, citizen.birth_year

    assert known_after("1968;") == (None, 1968)
    assert known_after("24-12-1968;") == (date(1968, 12, 24), None)
    assert known_after("1968;") == (date(1968, 12, 24), None)
    assert known_after(";") == (date(1968, 12, 24), None)
    assert known_after(";1969") == (None, 1969)


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ("24-12-20;", "Fødselsdato"),
        ("68;", "Fødselsdato"),
        ("1899;", "Fødselsdato"),
        ("19-11-2026;", "Fødselsdato"),
        ("2027;", "Fødselsdato"),
        (";2027", "Fødselsår"),
        (";24-12-1968", "Fødselsår"),
        ("24-12-1968;1969", "Fødselsår"),
    ],
)
def test_a_birth_that_cannot_be_is_refused_by_its_heading(app, cells, heading):
    with pytest.raises(BadRows) as refusal:
        load(ImportKind.CARDS, f"{BIRTHS}26/9;Nadia;Sayed;{cells}\n")

    assert refusal.value.report.errors[0].heading == heading


def test_the_same_case_reference_elsewhere_is_somebody_else(app):
    row = CARDS + "26/9;Nadia;Sayed;;;;\n"

    load(ImportKind.CARDS, row)
    load(ImportKind.CARDS, row, home="Fredensborg")

    assert count(Citizen) == 2


@pytest.mark.parametrize(("text", "said"), [("tunge løft", "vilkår"), ("engelsk", "et sprog")])
def test_what_no_card_holds_as_a_skill_is_refused(app, text, said):
    with pytest.raises(BadRows) as refusal:
        load(ImportKind.CARDS, CARDS + f"26/9;Nadia;Sayed;;;{text}:3;\n")

    [error] = refusal.value.report.errors
    assert error.heading == "Færdigheder"
    assert said in error.reason


def test_the_vocabulary_is_loaded_by_name(app):
    head = "sector,category,canonical_da,synonyms_da,english\n"
    skill, title = (
        "køkken,faglig,røge fisk,fiskerøgning,Smoking fish\n",
        "fælles,stilling,altmuligmand,pedel,Caretaker\n",
    )

    first = load(ImportKind.VOCABULARY, head + skill + title)
    again = load(ImportKind.VOCABULARY, head + skill + title)
    changed = load(ImportKind.VOCABULARY, head + skill.replace("fiskerøgning", "fiskerøgning;ryge ål"))

    assert (first.new, again.unchanged, changed.changed) == (2, 2, 1)
    found = db.session.scalars(sa.select(Skill).where(Skill.name == "røge fisk")).one()
    assert {word.label for word in found.synonyms} == {"fiskerøgning", "ryge ål"}
    assert db.session.scalars(sa.select(JobTitle).where(JobTitle.name == "altmuligmand")).one()


WORDS = "sector,category,canonical_da,synonyms_da,english,broader,ladder,pictogram,tasks\n"


def stored_skill(name: str) -> Skill:
    return db.session.scalars(sa.select(Skill).where(Skill.name == name)).one()


def test_a_word_may_name_what_stands_later_in_the_file(app):
    title = "køkken,stilling,fiskerøger,,Fish smoker,,,,røge ål:3;røge fisk:2\n"
    eel = "køkken,faglig,røge ål,ålerøgning,Smoking eel,røge fisk,,,\n"
    fish = "køkken,faglig,røge fisk,fiskerøgning,Smoking fish,,bevis,wash-pots,\n"

    first = load(ImportKind.VOCABULARY, WORDS + title + eel + fish)
    again = load(ImportKind.VOCABULARY, WORDS + title + eel + fish)

    assert (first.new, again.unchanged) == (3, 3)
    assert [one.name for one in stored_skill("røge ål").broader] == ["røge fisk"]
    fish_now = stored_skill("røge fisk")
    assert (fish_now.ladder, fish_now.pictogram) == (SkillLadder.BEVIS, "wash-pots")
    [smoker] = [one for one in vocabulary.titles() if one.name == "fiskerøger"]
    assert [(task.skill.name, task.level) for task in smoker.tasks] == [("røge ål", 3), ("røge fisk", 2)]


def test_a_file_without_the_columns_leaves_them_as_they_stand_and_an_empty_cell_empties(app):
    load(
        ImportKind.VOCABULARY,
        WORDS
        + "køkken,faglig,røge fisk,,Smoking fish,køkkenhygiejne,bevis,wash-pots,\n"
        + "køkken,stilling,fiskerøger,,Fish smoker,,,,røge fisk:2\n",
    )
    short = (
        "sector,category,canonical_da,synonyms_da,english\n"
        "køkken,faglig,røge fisk,,Smoking\nkøkken,stilling,fiskerøger,,Smoker\n"
    )

    assert load(ImportKind.VOCABULARY, short).changed == 2
    fish = stored_skill("røge fisk")
    assert (fish.english, fish.ladder, fish.pictogram) == ("Smoking", SkillLadder.BEVIS, "wash-pots")
    assert [one.name for one in fish.broader] == ["køkkenhygiejne"]
    assert [len(one.tasks) for one in vocabulary.titles() if one.name == "fiskerøger"] == [1]

    emptied = "køkken,faglig,røge fisk,,Smoking,,,,\nkøkken,stilling,fiskerøger,,Smoker,,,,\n"
    assert load(ImportKind.VOCABULARY, WORDS + emptied).changed == 2
    fish = stored_skill("røge fisk")
    assert (fish.ladder, fish.pictogram, fish.broader) == (SkillLadder.ARBEJDE, None, [])
    assert [len(one.tasks) for one in vocabulary.titles() if one.name == "fiskerøger"] == [0]


def test_tasks_of_a_title_may_change_places(app):
    row = "køkken,stilling,fiskerøger,,Fish smoker,,,,{}\n"
    load(ImportKind.VOCABULARY, WORDS + row.format("køkkenhygiejne:3;håndhygiejne:2"))

    changed = load(ImportKind.VOCABULARY, WORDS + row.format("håndhygiejne:2;køkkenhygiejne:4"))

    assert changed.changed == 1
    [smoker] = [one for one in vocabulary.titles() if one.name == "fiskerøger"]
    assert [(one.skill.name, one.level) for one in smoker.tasks] == [
        ("håndhygiejne", 2),
        ("køkkenhygiejne", 4),
    ]


@pytest.mark.parametrize(
    ("row", "heading", "thing"),
    [
        ("køkken,faglig,røge fisk,,Smoking,rumfart,,,", "broader", "rumfart"),
        ("køkken,faglig,røge fisk,,Smoking,røge fisk,,,", "broader", "sig selv"),
        ("køkken,faglig,røge fisk,,Smoking,,stige,,", "ladder", "stige"),
        ("køkken,faglig,røge fisk,,Smoking,,,rumraket,", "pictogram", "rumraket"),
        ("køkken,faglig,røge fisk,,Smoking,,,,køkkenhygiejne:2", "tasks", "røge fisk"),
        ("køkken,stilling,fiskerøger,,Smoker,,,,rumfart:2", "tasks", "rumfart"),
        ("køkken,stilling,fiskerøger,,Smoker,,,,køkkenhygiejne:5", "tasks", "køkkenhygiejne:5"),
        ("køkken,stilling,fiskerøger,,Smoker,,,,køkkenhygiejne", "tasks", "køkkenhygiejne"),
        ("køkken,stilling,fiskerøger,,Smoker,køkkenhygiejne,,,", "broader", "fiskerøger"),
    ],
)
def test_what_is_wrong_with_a_word_names_the_row_and_the_thing(app, row, heading, thing):
    with pytest.raises(BadRows) as refusal:
        load(ImportKind.VOCABULARY, WORDS + "køkken,faglig,syltning af agurker,,Pickling,,,,\n" + row)

    [error] = refusal.value.report.errors
    assert (error.line, error.heading) == (3, heading)
    assert thing in error.reason


def test_a_wording_is_refused_where_another_skill_has_it_in_the_file_or_beside_it(app):
    rows = "køkken,faglig,røge fisk,røgning;snitte grønt,x,,,,\nkøkken,faglig,ryge alt,Røgning!,x,,,,\n"

    with pytest.raises(BadRows) as refusal:
        load(ImportKind.VOCABULARY, WORDS + rows)

    first, second = refusal.value.report.errors
    assert (first.line, first.heading, second.line, second.heading) == (2, "synonyms_da", 3, "synonyms_da")
    assert "“snitte grønt” hører allerede til “skære og klargøre grøntsager”" in first.reason
    assert "“Røgning!” står også på linje 2" in second.reason


def test_a_wording_moves_between_two_rows_whichever_stands_first(app):
    row = "køkken,faglig,{},{},x,,,,\n"
    load(
        ImportKind.VOCABULARY, WORDS + row.format("røge fisk", "røgning") + row.format("ryge alt", "rygning")
    )

    moved = load(
        ImportKind.VOCABULARY, WORDS + row.format("røge fisk", "rygning") + row.format("ryge alt", "røgning")
    )

    assert moved.changed == 2
    assert [word.label for word in stored_skill("røge fisk").synonyms] == ["rygning"]
    assert [word.label for word in stored_skill("ryge alt").synonyms] == ["røgning"]


def test_skills_in_a_ring_are_all_refused_and_the_ring_is_named(app):
    ring = (
        "køkken,faglig,røge fisk,,Smoking,ryge alt,,,\n"
        "køkken,faglig,ryge alt,,Smoke,ryge mere,,,\n"
        "køkken,faglig,ryge mere,,More,røge fisk,,,\n"
    )

    with pytest.raises(BadRows) as refusal:
        load(ImportKind.VOCABULARY, WORDS + ring)

    errors = refusal.value.report.errors
    assert [(error.line, error.heading) for error in errors] == [
        (2, "broader"),
        (3, "broader"),
        (4, "broader"),
    ]
    assert "røge fisk → ryge alt → ryge mere → røge fisk" in errors[0].reason


def test_a_relation_may_turn_round(app):
    row = "køkken,faglig,{},,x,{},,,\n"
    load(ImportKind.VOCABULARY, WORDS + row.format("røge fisk", "ryge alt") + row.format("ryge alt", ""))

    load(ImportKind.VOCABULARY, WORDS + row.format("ryge alt", "røge fisk") + row.format("røge fisk", ""))

    assert [one.name for one in stored_skill("ryge alt").broader] == ["røge fisk"]
    assert stored_skill("røge fisk").broader == []


def test_who_names_a_word_that_is_refused_is_refused_with_it(app):
    taken = "køkken,faglig,ryge alt,køkkenhygiejne,x,,,,\n"
    child = "køkken,faglig,røge fisk,,x,ryge alt,,,\n"

    report = load(ImportKind.VOCABULARY, WORDS + child + taken, only_good_rows=True)

    assert [error.line for error in report.errors] == [2, 3]
    assert "ryge alt" in report.errors[0].reason
    assert not db.session.scalars(sa.select(Skill).where(Skill.name == "røge fisk")).all()


def test_an_import_leaves_a_line(app):
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())

    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "file-imported")).one()
    assert "nye: 1" in (line.purpose or "")


def test_examining_writes_nothing(app):
    before = {table.name: count_rows(table) for table in db.metadata.sorted_tables}

    services.examine(
        read_file(ImportKind.EMPLOYERS, EMPLOYERS + employer()),
        municipality_id=factories.municipality().id,
        today=TODAY,
    )

    assert {table.name: count_rows(table) for table in db.metadata.sorted_tables} == before


def count_rows(table: sa.Table) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_an_upload_is_its_uploaders_alone_and_gone_after_an_hour(karin, jonas):
    checked = read_file(ImportKind.EMPLOYERS, EMPLOYERS + employer())
    with transaction():
        kept = services.keep_upload(checked, "a\x00.csv", by=karin, at=NOW)

    assert queries.upload_for(karin, kept.id, at=NOW).filename == "a.csv"
    with pytest.raises(sa.exc.NoResultFound):
        queries.upload_for(jonas, kept.id, at=NOW)
    with pytest.raises(sa.exc.NoResultFound):
        queries.upload_for(karin, kept.id, at=NOW + services.UPLOAD_LIFETIME)
    with transaction():
        assert services.remove_expired(NOW + services.UPLOAD_LIFETIME + timedelta(seconds=1)) == 1
    assert count(ImportFile) == 0


def test_the_page_takes_so_many_rows_and_no_more(karin):
    rows = "".join(f"26/{number};Nadia;Sayed;;;;\n" for number in range(services.MAX_UPLOAD_ROWS + 1))

    checked = read_file(ImportKind.CARDS, CARDS + rows)

    with pytest.raises(TooManyRows), transaction():
        services.keep_upload(checked, "a.csv", by=karin, at=NOW)
