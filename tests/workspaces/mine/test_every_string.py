"""Every string of her pages is from the catalogue of her language, or marked as Danish and written by somebody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel import Locale
from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from flask import Flask

import portal
from portal.base import catalogues, clock
from portal.base.database import db, transaction
from portal.base.terms import Language
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User, UserSession
from portal.shared.skills.translations import FOLDER, rows_of
from tests.client import PortalClient, PortalResponse
from tests.support.crawl import Crawler, forms_of

READ_ALOUD = (
    *(
        "aria-label",
        "placeholder",
        "title",
        "alt",
        "data-label",
        "data-confirm",
        "data-error-word",
        "data-letters",
    ),
    *("data-soon", "data-idle-text", "data-absolute-text", "data-over", "data-over-text"),
)
"""What is heard, and what portal.js shows."""
FROM_OLD_MAILS = (
    "/cards/own",
    "/placements/",
    "/reviews/mine",
    "/citizens/looks",
    "/sessions",
    "/mails/mine",
    "/password",
)
DOCUMENTS = {"/was", "/privatliv"}
"""Statements of the municipality's, Danish as a whole and marked as such; each link to them says so."""
ALWAYS_REACHED = {
    "/",
    "/mine/",
    "/mine/placements",
    "/mine/looks",
    "/mine/situation",
    "/mine/jobs",
    "/sessions",
}
LEAVES_HER = {"/logout", "/mine/language", "/login/forgotten"}
"""Forms after which she is not signed in or reads another language, and one of a visitor's."""
NONSENSE = "xq"
OURS = {"csrf_token", "form_id"}
KEPT = {"version", "answer", "seen", "asked", "sealed", "next"}
"""What is not hers to fill in."""
OUR_NAMES = {"Det gode match", "Dansk", "Vis på dansk"}
"""What is Danish by its nature: the portal's name, and the way to the page in Danish."""
UNTOLD = ""
"""What somebody wrote herself, in whatever language."""
NAMED = re.compile(r" – Det gode match$|K-\d+")
"""The portal's name in a title, and the number of a card."""
NO_WORDS = {"pdf", "json", "europass", "kl"}


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def catalogue_words(language: Language) -> set[str]:
    """All words of what the portal can say in the language: its own catalogue, the vocabulary's, the calendar's."""
    said: list[str] = []
    for message in catalogues.read(language.value):
        if message.id:
            said += message.string if isinstance(message.string, tuple) else [message.string]
    said += [row["text"] for row in rows_of(FOLDER / f"{language.value}.csv")]
    locale = Locale.parse(language.value)
    for width in ("wide", "abbreviated"):
        for form in ("format", "stand-alone"):
            said += locale.months[form][width].values()
    said += [locale.date_formats["long"].pattern, *(one.own_name for one in Language)]
    return {word for text in said for word in words_of(str(text))} | NO_WORDS


def written_by_somebody() -> str:
    """Everything that stands in the database, once."""
    found: set[str] = set()
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.c if isinstance(column.type, sa.String)]
        if columns and not table.name.startswith(("audit", "outbox", "matches")):
            for row in db.session.execute(sa.select(*columns)):
                found.update(str(one) for one in row if one)
    towns = (Path(portal.__file__).parent / "data" / "postcodes_dk.csv").read_text(encoding="utf-8")
    return "\n".join([*found, towns.replace(",", " ").replace(";", " ")]).casefold()


def strings(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Each text that is read or read aloud, with the language it is marked as."""
    for node in page.find_all(string=True):
        hidden = isinstance(node, Comment) or node.find_parent(["script", "style", "textarea"])
        if node.strip() and not hidden and type(node) is NavigableString:
            yield str(node), language_of(node.parent)
    for tag in page.find_all(True):
        for name in READ_ALOUD:
            if tag.get(name):
                yield str(tag[name]), language_of(tag)


def language_of(tag: Tag | None) -> str:
    while tag is not None:
        if tag.has_attr("lang"):
            return str(tag["lang"])
        tag = tag.parent
    return "none"


@dataclass(frozen=True)
class Reader:
    """Who reads what: the people, all words of their language, and what somebody wrote."""

    app: Flask
    language: Language
    users: list[User]
    known: set[str]
    written: str

    def faults(self, address: str, answer: PortalResponse) -> list[str]:
        """What stands on the page that is neither in the language nor marked as what somebody wrote."""
        if answer.mimetype != "text/html" or answer.status_code in (204, 303):
            return []
        html, shown = answer.page.html, re.sub(r"\d+", "1", address)
        if html is None:
            found = wrong(answer.page, self.language, self.known, self.written, around=self.language.value)
            return [f"{shown} (a part): {one}" for one in found]
        if address.partition("?")[0] in DOCUMENTS:
            return [] if html["lang"] == "da" else [f"{shown}: a document is marked as {html['lang']}"]
        assert (html["lang"], html["dir"]) == (self.language.value, self.language.direction.value), address
        return [f"{shown}: {one}" for one in wrong(answer.page, self.language, self.known, self.written)]


def is_known(word: str, language: Language, known: set[str]) -> bool:
    """Also where a language writes a particle and a name as one word, as Tigrinya does: "on 5 April"."""
    parts = range(1, len(word)) if language.script != "Latn" else ()
    return word in known or any(word[:at] in known and word[at:] in known for at in parts)


def wrong(
    page: BeautifulSoup, language: Language, known: set[str], written: str, around: str = "none"
) -> list[str]:
    """`around`: the language of the page that a part of one is shown in."""
    found = []
    for text, marked in strings(page):
        marked = around if marked == "none" else marked
        if marked == language.value:
            if not all(is_known(word, language, known) for word in words_of(NAMED.sub("", text))):
                found.append(text.strip())
        elif marked in ("da", UNTOLD):
            pieces = [piece.strip() for piece in re.split(r"[,:]", text)]
            ours = any(text.strip().startswith(name) for name in OUR_NAMES) or text.strip().endswith(
                " Kommune"
            )
            if not ours and not all(piece.casefold() in written for piece in pieces):
                found.append(f"marked as Danish, and nobody wrote it: {text.strip()}")
    return found


def crawl(browser: PortalClient, most: int) -> dict[str, PortalResponse]:
    """Every page she can reach by links, from the front page and the addresses of old mails on; a few of each kind."""
    pages: dict[str, PortalResponse] = {}

    def fetch(address: str) -> list[str]:
        if "in=da" in address:
            return []
        answer = browser.get(address)
        assert answer.status_code in (200, 303), (address, answer.status_code)
        if answer.status_code == 303:
            return [answer.headers["Location"]]
        if answer.mimetype != "text/html":
            return []
        pages[address] = answer
        return [str(link["href"]) for link in answer.page.select("a[href]")]

    crawler = Crawler(browser.app, fetch, most)
    for start in ("/", *FROM_OLD_MAILS):
        crawler.walk(start)
    return pages


def sent_wrong(
    browser: PortalClient, pages: dict[str, PortalResponse]
) -> Iterator[tuple[str, PortalResponse]]:
    """What each of her forms answers when it is sent empty, sent with what cannot be read, and from another's page."""
    forms = {form.shape: form for address, one in pages.items() for form in forms_of(one.page, address)}
    for form in forms.values():
        if form.method != "post" or form.action.partition("?")[0] in LEAVES_HER:
            continue
        for typed in ("", NONSENSE):
            fields = {name: value if name in KEPT else typed for name, value in form.fields.items()}
            answer = browser.post(form.action, {name: fields[name] for name in fields if name not in OURS})
            yield f"{form.action}, {typed or 'empty'}", answer
            if answer.status_code == 303:
                yield f"after {form.action}, {typed or 'empty'}", led_on(browser, answer)
    yield "without a token", browser.post("/sessions/stay", csrf=False)


def led_on(browser: PortalClient, answer: PortalResponse) -> PortalResponse:
    """The page that a form leads to, which tells what was done."""
    while answer.status_code == 303:
        answer = browser.get(answer.headers["Location"])
    return answer


def her_citizens() -> list[Citizen]:
    statement = sa.select(Citizen).where(Citizen.user_id.is_not(None)).order_by(Citizen.id)
    return list(db.session.scalars(statement))


@pytest.fixture
def reads(demo_app: Flask, language: Language) -> Iterator[Reader]:
    """The demo municipality, whose citizens all read the language."""
    with demo_app.app_context():
        with transaction():
            db.session.execute(sa.update(Citizen).values(language=language))
        users = [db.session.get_one(User, one.user_id) for one in her_citizens()]
        names = {
            word for one in her_citizens() for word in words_of(f"{one.first_name} {one.last_name or ''}")
        }
        known = catalogue_words(language) | names | {NONSENSE}
        yield Reader(demo_app, language, users, known, written_by_somebody())


IN_EACH_LANGUAGE = pytest.mark.parametrize("language", Language, ids=lambda language: language.value)
ON_SQLITE = pytest.mark.parametrize("demo_app", ["sqlite"], indirect=True)


@pytest.mark.slow
@ON_SQLITE
@IN_EACH_LANGUAGE
def test_every_string_of_every_page_she_can_reach_is_in_her_language(reads: Reader) -> None:
    """Not her own pages alone: whatever a link leads her to, and what her forms answer when they are sent wrong."""
    told: list[str] = []
    for user, most in ((reads.users[1], 1), (reads.users[0], 3)):
        browser = PortalClient(reads.app, user)
        pages = crawl(browser, most)
        assert pages.keys() >= ALWAYS_REACHED, ALWAYS_REACHED - pages.keys()
        for address, answer in pages.items():
            told += reads.faults(address, answer)
    for what, answer in sent_wrong(browser, pages):
        told += reads.faults(what, answer)
    assert not told, "\n".join(sorted(set(told)))


@pytest.mark.slow
@ON_SQLITE
@IN_EACH_LANGUAGE
def test_errors_and_the_end_of_a_login_are_in_her_language(reads: Reader) -> None:
    user = reads.users[0]
    browser, told = PortalClient(reads.app, user), []
    for address, status in (("/nothing/here", 404), ("/citizens/", 403), ("/cards/999999", 404)):
        for htmx in (False, True):
            answer = browser.get(address, htmx=htmx)
            assert answer.status_code == status
            told += reads.faults(address, answer)
    for htmx in (False, True):
        away = PortalClient(reads.app, user)
        page = away.get("/cards/own").headers["Location"]
        end_sessions(user)
        answer = away.post("/mine/language", {"language": "en"}, htmx=htmx)
        assert answer.status_code == 401
        told += reads.faults("the login after a form that came too late", answer)
        answer = away.get(away.get(page).headers["Location"])
        told += reads.faults("the login after a page that was asked for too late", answer)
    visitor, code = PortalClient(reads.app), f"language={reads.language.value}"
    for address in ("/login", "/login/code", "/login/forgotten", "/mine/code"):
        told += reads.faults(address, visitor.get(f"{address}?{code}"))
    for address in ("/login/code", "/mine/code"):
        tries = [visitor.post(f"{address}?{code}", {"code": "AAAABBBBCCCC"}) for _ in range(7)]
        assert tries[-1].status_code == 429
        told += [fault for answer in (tries[0], tries[-1]) for fault in reads.faults(address, answer)]
    assert not told, "\n".join(sorted(set(told)))


@ON_SQLITE
@pytest.mark.parametrize("language", [Language.TI], ids=["ti"])
def test_she_is_led_from_what_is_danish_to_what_is_hers(reads: Reader) -> None:
    browser = PortalClient(reads.app, reads.users[0])

    for address, hers in {"/cards/own": "/mine/#card", "/reviews/mine": "/mine/#proposals"}.items():
        assert browser.get(address).headers["Location"] == hers
        assert browser.get(f"{address}?in=da").status_code == 200


def end_sessions(user: User) -> None:
    with transaction():
        db.session.execute(
            sa.update(UserSession).where(UserSession.user_id == user.id).values(ended_at=clock.now())
        )
