"""Signed links: only ours, only for their purpose, only for their time."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.web.links import LONGEST, LinkExpired, LinkPurpose, Links, LinkUnknown

KEY = "k" * 32
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LINKS = Links((KEY,))


def token(
    purpose: LinkPurpose = LinkPurpose.CARD, *about: int | str, lasts: timedelta = timedelta(days=1)
) -> str:
    return LINKS.sign(purpose, *(about or (42, "employer")), expires_at=NOW + lasts)


def test_a_link_says_what_it_is_about():
    assert LINKS.read(LinkPurpose.CARD, token(), at=NOW) == (42, "employer")


def test_a_link_can_stand_in_an_address_as_it_is():
    assert set(token()) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@pytest.mark.parametrize(
    ("later", "ends"),
    [
        (timedelta(days=1) - timedelta(microseconds=1), False),
        (timedelta(days=1), True),
        (timedelta(days=400), True),
    ],
)
def test_a_link_ends_at_its_very_moment(later, ends):
    if not ends:
        assert LINKS.read(LinkPurpose.CARD, token(), at=NOW + later) == (42, "employer")
        return
    with pytest.raises(LinkExpired) as over:
        LINKS.read(LinkPurpose.CARD, token(), at=NOW + later)
    assert over.value.about == (42, "employer")


def test_a_part_of_a_second_is_not_lost():
    made = token(lasts=timedelta(microseconds=1))

    assert LINKS.read(LinkPurpose.CARD, made, at=NOW) == (42, "employer")


@pytest.mark.parametrize("other", [one for one in LinkPurpose if one is not LinkPurpose.CARD])
def test_a_link_opens_nothing_but_what_it_was_made_for(other):
    with pytest.raises(LinkUnknown):
        LINKS.read(other, token(), at=NOW)


def test_another_portals_link_is_unknown():
    with pytest.raises(LinkUnknown):
        Links(("x" * 32,)).read(LinkPurpose.CARD, token(), at=NOW)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ".",
        "a.b",
        token()[:-1],
        "x" + token(),
        token().swapcase(),
        "æ",
        "\x00",
        "a" * (LONGEST + 1),
        "W10.abc",
    ],
)
def test_what_is_no_link_is_unknown(forged):
    with pytest.raises(LinkUnknown):
        LINKS.read(LinkPurpose.CARD, forged, at=NOW)


def test_an_expired_link_that_was_changed_is_unknown_not_expired():
    """Nobody learns from a made-up link whether there once was one."""
    with pytest.raises(LinkUnknown):
        LINKS.read(LinkPurpose.CARD, token(lasts=timedelta(0))[:-1], at=NOW + timedelta(days=2))
