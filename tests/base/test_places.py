"""Postcodes: known towns, true distances, and points that lie on land."""

import pytest

from portal.base.places import Place, distance_km, find_place, is_danish_postcode


def test_a_postcode_has_a_town_and_a_point():
    place = find_place("3300")

    assert isinstance(place, Place)
    assert (place.postcode, place.town) == ("3300", "Frederiksværk")
    assert 55.9 < place.latitude < 56.0
    assert 12.0 < place.longitude < 12.1


def test_spaces_around_a_postcode_do_not_matter():
    assert find_place(" 3390 ") == find_place("3390")


@pytest.mark.parametrize(
    "text", ["", "0000", "9999", "330", "33000", "abcd", "3300 Frederiksværk", "٣٣٠٠", "\x00", "-300"]
)
def test_what_is_no_postcode_is_told_apart(text):
    assert find_place(text) is None
    assert not is_danish_postcode(text)


@pytest.mark.parametrize("text", ["1050", "3300", "3390", "3480", "8000", "9990"])
def test_real_postcodes_are_known(text):
    assert is_danish_postcode(text)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ("3300", "3390", 9, 14),  # Frederiksværk - Hundested: the area's middle, at sea, would say 40
        ("3300", "3480", 20, 28),  # Frederiksværk - Fredensborg
        ("3480", "2970", 8, 14),  # Fredensborg - Hørsholm
        ("6950", "7400", 42, 52),  # Ringkøbing - Herning: the area's middle, at sea, would say 300
        ("1050", "8000", 150, 165),  # København - Aarhus
        ("3700", "9990", 370, 430),  # Rønne - Skagen
    ],
)
def test_distances_agree_with_the_map(a, b, low, high):
    distance = distance_km(a, b)

    assert distance is not None
    assert low < distance < high
    assert distance_km(b, a) == pytest.approx(distance)


def test_no_distance_within_a_postcode_and_none_to_the_unknown():
    assert distance_km("3300", "3300") == 0
    assert distance_km("3300", "0000") is None
    assert distance_km("", "3300") is None


def test_every_point_lies_in_denmark():
    """Postcode areas reach out to sea; the file must hold towns instead (tools/make_postcodes.py)."""
    west_of_denmark, east_of_denmark = 8.07, 15.20
    places = [find_place(f"{number:04}") for number in range(10000)]
    known = [place for place in places if place is not None]

    assert len(known) == 1089
    assert all(54.5 < place.latitude < 57.75 for place in known)
    assert [place.town for place in known if not west_of_denmark < place.longitude < east_of_denmark] == []
    assert all(place.town for place in known)
