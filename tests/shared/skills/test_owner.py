"""Whoever runs the portal owns what words mean for everybody, and reads nobody's words for it."""

from collections.abc import Callable

import pytest

from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.factories import make_card, make_citizen, make_words, skill

Clients = Callable[[User | None], PortalClient]

OWN_WORDS = "passe på Fatima Haddad"


def test_drude_gives_and_takes_wordings_in_every_municipality(client_for: Clients, drude: User) -> None:
    vegetables, client = skill("skære og klargøre grøntsager"), client_for(drude)

    added = client.post(f"/skills/{vegetables.id}/synonyms", {"label": "snitte gulerødder"})
    page = client.get(f"/skills/{vegetables.id}")

    assert added.status_code == 303
    assert "snitte gulerødder" in page.words
    assert "snitte gulerødder" in client.get("/skills/changes").words


def test_what_people_wrote_is_not_hers_to_read(client_for: Clients, drude: User) -> None:
    """Neither on the desk, by no address, nor on the vocabulary's own pages."""
    line = make_words(make_card(), OWN_WORDS)
    again = make_words(make_card(make_citizen("Selam")), OWN_WORDS)  # the same from two is no less about one
    client, vegetables = client_for(drude), skill("skære og klargøre grøntsager")

    for path in ("", "?tab=chosen", "?format=csv", f"evidence/{line.id}", f"evidence/{again.id}"):
        assert client.get(f"/curation/{path}").status_code == 403
    for step in (f"link/{vegetables.id}", "skill", "dismiss", "restore"):
        assert client.post(f"/curation/evidence/{line.id}/{step}", {}).status_code == 403
    for path in ("/skills/", "/skills/?q=Fatima", "/skills/changes", f"/skills/{vegetables.id}", "/audit/"):
        assert "Haddad" not in client.get(path).words
    assert client.get("/skills/").page.select("a[href^='/curation']") == []


@pytest.mark.parametrize("written", [0, 1, 3])
def test_a_new_wording_does_not_tell_her_whether_anybody_wrote_it(
    client_for: Clients, drude: User, written: int
) -> None:
    for number in range(written):
        make_words(make_card(make_citizen(f"Selam {number}")), "temme løver")
    client, vegetables = client_for(drude), skill("skære og klargøre grøntsager")

    client.post(f"/skills/{vegetables.id}/synonyms", {"label": "temme løver"})
    said = client.get(f"/skills/{vegetables.id}").page.select_one("#messages").get_text(" ", strip=True)  # type: ignore[union-attr]

    assert said.endswith("Det, der er skrevet med det ord, bliver matchet på ny.")


def test_karin_curates_as_before(client_for: Clients, karin: User) -> None:
    make_words(make_card(), "temme løver")
    client, vegetables = client_for(karin), skill("skære og klargøre grøntsager")

    assert "temme løver" in client.get("/curation/").words
    assert client.post(f"/skills/{vegetables.id}/synonyms", {"label": "temme løver"}).status_code == 303
    assert "matchet på ny: 1" in client.get(f"/skills/{vegetables.id}").words
