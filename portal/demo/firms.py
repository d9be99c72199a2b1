"""The firms of the demo: invented names; CVR numbers with a valid check sum from a range that is not in use."""

from dataclasses import dataclass
from decimal import Decimal

from portal.base.terms import Industry
from portal.loop.employers.models import Sector

K, P, R = Industry.KOEKKEN, Industry.PLEJE, Industry.RENGOERING

CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
FIRST_CVR_BODY = 9_900_100


@dataclass(frozen=True)
class Site:
    name: str
    address: str
    postcode: str
    staff: str

    @property
    def full_time_staff(self) -> Decimal:
        return Decimal(self.staff)


@dataclass(frozen=True)
class Firm:
    """`known_for` is how many days ago the firm was let in."""

    key: str
    name: str
    industry: Industry
    municipality: str
    contact: str
    known_for: int
    sites: tuple[Site, ...]
    email: str | None = None
    """None: an address that exists nowhere, and nobody signs in with it."""
    sector: Sector = Sector.PRIVATE
    steward: str | None = None
    """Who signs for the staff at the first workplace."""
    referred_by: str | None = None
    """Key of the firm that recommended the municipality to it."""
    wants_publicity: bool = False


FIRMS: tuple[Firm, ...] = (
    Firm(
        "fjord",
        "Køkkenet ved Fjorden ApS",
        K,
        "Halsnæs",
        "Bo Lindgaard",
        1080,
        (
            Site("Køkkenet ved Fjorden", "Havnepladsen 4", "3300", "18"),
            Site("Køkkenet ved Fjorden, Hundested", "Lyngkajen 2", "3390", "7.5"),
        ),
        "virksomhed@demo.dk",
        steward="Tina Lyng",
        wants_publicity=True,
    ),
    Firm(
        "blank",
        "Blank Rengøring A/S",
        R,
        "Halsnæs",
        "Dorte Kvist",
        1060,
        (Site("Blank Rengøring", "Industrivænget 11", "3300", "42"),),
        "virksomhed2@demo.dk",
        steward="Omar Yilmaz",
        wants_publicity=True,
    ),
    Firm(
        "solhoej",
        "Plejehjemmet Solhøjen",
        P,
        "Halsnæs",
        "Inge Storm",
        1040,
        (
            Site("Solhøjen, afdeling Øst", "Solhøjvej 20", "3300", "64"),
            Site("Solhøjens køkken", "Solhøjvej 22", "3300", "9"),
        ),
        sector=Sector.PUBLIC,
        steward="Birthe Sand",
        wants_publicity=True,
    ),
    Firm(
        "havn",
        "Havnens Kantine I/S",
        K,
        "Halsnæs",
        "Preben Toft",
        700,
        (Site("Havnens Kantine", "Nordre Beddingsvej 9", "3390", "6"),),
    ),
    Firm(
        "nord",
        "Omsorg i Nord ApS",
        P,
        "Halsnæs",
        "Susanne Bak",
        620,
        (Site("Omsorg i Nord", "Nørregade 31", "3390", "23"),),
        steward="Lis Kappel",
        referred_by="solhoej",
    ),
    Firm(
        "trappe",
        "Trappevask og Ruder v/ Holm",
        R,
        "Halsnæs",
        "Finn Holm",
        400,
        (Site("Trappevask og Ruder", "Melbyvej 70", "3370", "4"),),
    ),
    Firm(
        "melby",
        "Frokosthuset Melby ApS",
        K,
        "Halsnæs",
        "Karen Lyng",
        520,
        (Site("Frokosthuset Melby", "Hovedgaden 12", "3370", "9"),),
        referred_by="fjord",
    ),
    Firm(
        "birkely",
        "Botilbuddet Birkely",
        P,
        "Halsnæs",
        "Hans Egholm",
        460,
        (Site("Birkely", "Strandvejen 150", "3310", "31"),),
        sector=Sector.PUBLIC,
    ),
    Firm(
        "klit",
        "Hotel Klitrosen ApS",
        R,
        "Halsnæs",
        "Mona Krogh",
        980,
        (Site("Hotel Klitrosen", "Lisebjergvej 1", "3360", "27"),),
    ),
    Firm(
        "skole",
        "Madkassen Skolemad ApS",
        K,
        "Halsnæs",
        "Ulla Bisgaard",
        900,
        (Site("Madkassen Skolemad", "Enghavevej 8", "3300", "12"),),
    ),
    Firm(
        "hundested",
        "Rent Hus Hundested ApS",
        R,
        "Halsnæs",
        "Jens Peter Rask",
        220,
        (Site("Rent Hus", "Amtsvejen 44", "3390", "8"),),
        referred_by="blank",
    ),
    Firm(
        "egelund",
        "Plejecenter Egelunden",
        P,
        "Fredensborg",
        "Birgit Vang",
        1000,
        (Site("Egelunden", "Niverødvej 60", "2990", "85"),),
        sector=Sector.PUBLIC,
    ),
    Firm(
        "kantine",
        "Kantinefabrikken Nivå ApS",
        K,
        "Fredensborg",
        "Lars Uhre",
        640,
        (Site("Kantinefabrikken", "Teknikvej 3", "2990", "15"),),
    ),
    Firm(
        "slotsby",
        "Slotsbyens Rengøring ApS",
        R,
        "Fredensborg",
        "Anja Hede",
        560,
        (Site("Slotsbyens Rengøring", "Jernbanegade 28", "3480", "19"),),
    ),
    Firm(
        "humle",
        "Humlebæk Måltider ApS",
        K,
        "Fredensborg",
        "Torben Skaarup",
        800,
        (Site("Humlebæk Måltider", "Centervej 5", "3050", "11"),),
    ),
)


def cvr_numbers(count: int, first_body: int = FIRST_CVR_BODY) -> list[str]:
    """Numbers with a valid check sum, one after the other."""
    found: list[str] = []
    body = first_body
    while len(found) < count:
        rest = sum(int(digit) * weight for digit, weight in zip(str(body), CVR_WEIGHTS, strict=True)) % 11
        if rest != 1:  # never issued: the check digit would be 10
            found.append(f"{body}{(11 - rest) % 11}")
        body += 1
    return found
