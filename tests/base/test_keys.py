"""The keyring: a key for each purpose, a new one at any time, and nothing that is under way breaks."""

import json
from datetime import timedelta

import pytest

from portal.base.keys import (
    BEFORE_PURPOSES,
    OVERLAP,
    KeyPurpose,
    Keyring,
    KeysUnreadable,
    KeyUnknown,
    derived,
)
from portal.config import DEFAULTS, ConfigurationError, load_configuration
from portal.loop.assessments.views import LINK_LIFETIME
from portal.loop.employers.people import INVITATION_LIFETIME
from portal.loop.employers.views import REFERRAL_LIFETIME
from portal.shared.outbox.letters import STOP_LINK_LIFETIME
from portal.web.links import LinkPurpose, Links, LinkUnknown
from portal.workspaces.consents.services import LONGEST_DAYS
from tests.factories import NOW
from tests.support.databases import SETTINGS

SECRET = "the installation's own secret, long enough"
HOUR = timedelta(hours=1)


@pytest.fixture
def ring(tmp_path) -> Keyring:
    return Keyring(SECRET, tmp_path / "instance" / "keys.json")


def test_the_derivation_is_the_published_one():
    """RFC 5869, A.3: its first block."""
    block = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"

    assert derived("\x0b" * 22, "") == block


def test_an_environment_is_enough(ring):
    """A second machine with the same secret signs the same, and no file is needed."""
    other = Keyring(SECRET, ring.file.with_name("elsewhere.json"))

    assert [ring.signing(one) for one in KeyPurpose] == [other.signing(one) for one in KeyPurpose]
    assert not ring.file.exists()


def test_each_purpose_has_a_key_of_its_own(ring):
    secrets = {ring.signing(one).secret for one in KeyPurpose}

    assert len(secrets) == len(KeyPurpose)
    assert SECRET not in secrets


@pytest.mark.parametrize("other", [one for one in KeyPurpose if one is not KeyPurpose.LINKS])
def test_another_purposes_key_opens_nothing(ring, other):
    token = Links((ring.signing(other).secret,)).sign(LinkPurpose.CARD, 1, expires_at=NOW + HOUR)

    with pytest.raises(LinkUnknown):
        links(ring).read(LinkPurpose.CARD, token, at=NOW)


def links(ring: Keyring, at=NOW) -> Links:
    return Links(ring.reading(KeyPurpose.LINKS, at=at))


def test_what_was_signed_before_there_were_purposes_is_read(ring):
    token = Links((SECRET,)).sign(LinkPurpose.CARD, 1, expires_at=NOW + HOUR)

    assert links(ring).read(LinkPurpose.CARD, token, at=NOW) == (1,)


@pytest.mark.parametrize("key", ["of before there were purposes", "derived"])
def test_a_link_made_before_a_rotation_opens_during_the_overlap_and_not_after(ring, key):
    signer = Links((SECRET,)) if key != "derived" else links(ring)
    token = signer.sign(LinkPurpose.CARD, 1, expires_at=NOW + timedelta(days=400))

    ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=timedelta(days=10))

    last = NOW + timedelta(days=10)
    assert links(ring, last - HOUR).read(LinkPurpose.CARD, token, at=last - HOUR) == (1,)
    with pytest.raises(LinkUnknown):
        links(ring, last).read(LinkPurpose.CARD, token, at=last)


def test_the_new_key_signs_at_once_in_every_process(ring):
    other = Keyring(SECRET, ring.file)
    before = other.signing(KeyPurpose.LINKS)

    made = ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=HOUR)

    assert other.signing(KeyPurpose.LINKS) == made != before
    assert other.signing(KeyPurpose.SESSIONS) == ring.signing(KeyPurpose.SESSIONS)


def test_a_second_rotation_does_not_lengthen_the_first_ones_overlap(ring):
    token = links(ring).sign(LinkPurpose.CARD, 1, expires_at=NOW + timedelta(days=400))
    ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=timedelta(days=10))

    ring.rotate(KeyPurpose.LINKS, at=NOW + timedelta(days=9), overlap=timedelta(days=10))

    later = NOW + timedelta(days=11)
    with pytest.raises(LinkUnknown):
        links(ring, later).read(LinkPurpose.CARD, token, at=later)


def test_a_key_that_others_know_reads_nothing_from_now_on_and_is_kept_nowhere(ring):
    token = links(ring).sign(LinkPurpose.CARD, 1, expires_at=NOW + HOUR)
    known = ring.signing(KeyPurpose.LINKS).secret

    ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=timedelta(0))

    for at in (NOW, NOW - HOUR):  # nor when the clock is put back
        with pytest.raises(LinkUnknown):
            links(ring, at).read(LinkPurpose.CARD, token, at=at)
    assert known not in ring.file.read_text()
    assert "" not in ring.reading(KeyPurpose.LINKS, at=NOW - HOUR)


def test_the_secret_may_be_changed_after_a_rotation(ring):
    """The file holds what came before, so nothing hangs on the old environment."""
    ring.rotate(KeyPurpose.JOURNAL, at=NOW, overlap=None)
    kept = ring.generations(KeyPurpose.JOURNAL)

    other = Keyring("another secret in the environment, as long", ring.file)

    assert other.generations(KeyPurpose.JOURNAL) == kept
    assert [key.generation for key in kept] == [0, 1, 2]


def test_a_generation_that_is_not_there_is_said(ring):
    with pytest.raises(KeyUnknown):
        ring.key(KeyPurpose.JOURNAL, 7)
    assert ring.key(KeyPurpose.JOURNAL, BEFORE_PURPOSES).secret == SECRET


def test_the_file_is_for_its_owner_alone(ring):
    ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=HOUR)
    ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=HOUR)

    for file in ring.file.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_fingerprint_tells_two_keys_apart_and_shows_neither(ring):
    prints = [ring.signing(one).fingerprint for one in KeyPurpose]

    assert len(set(prints)) == len(KeyPurpose)
    assert all(ring.signing(one).fingerprint not in ring.signing(one).secret for one in KeyPurpose)


BROKEN = ["", "{", "[]", '{"keys": [{"purpose": "links"}]}', '{"keys": [{"purpose": "x", "generation": 1}]}']


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_refused_at_the_start_and_survived_while_running(ring, text):
    ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=HOUR)
    signing = ring.signing(KeyPurpose.LINKS)

    ring.file.write_text(text)

    assert ring.signing(KeyPurpose.LINKS) == signing
    with pytest.raises(KeysUnreadable):
        Keyring(SECRET, ring.file).signing(KeyPurpose.LINKS)
    with pytest.raises(ConfigurationError, match="PORTAL_KEYS"):
        load_configuration({**SETTINGS, "PORTAL_KEYS": str(ring.file)})


def test_a_file_that_goes_away_while_running_changes_nothing(ring):
    made = ring.rotate(KeyPurpose.LINKS, at=NOW, overlap=HOUR)
    assert ring.signing(KeyPurpose.LINKS) == made

    ring.file.unlink()

    assert ring.signing(KeyPurpose.LINKS) == made


def test_two_who_rotate_at_once_make_two_keys(ring):
    other = Keyring(SECRET, ring.file)
    made = {each.rotate(KeyPurpose.LINKS, at=NOW, overlap=HOUR).generation for each in (ring, other)}

    assert made == {2, 3}
    assert len(json.loads(ring.file.read_text())["keys"]) == 4


def test_the_overlap_is_as_long_as_anything_lives():
    lives = [
        STOP_LINK_LIFETIME,
        REFERRAL_LIFETIME,
        INVITATION_LIFETIME,
        LINK_LIFETIME,
        timedelta(days=LONGEST_DAYS + 1),
        DEFAULTS["LOGIN_CODE_LIFETIME"],
    ]

    assert OVERLAP[KeyPurpose.LINKS] >= max(lives)
    assert OVERLAP[KeyPurpose.SESSIONS] >= DEFAULTS["SESSION_ABSOLUTE"]
