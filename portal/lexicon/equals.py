"""Which words of the three trades say much the same: "aftørre", "polere" and "vaske" a table, "borger" and "beboer".

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). A vocabulary teaches itself which parts
stand for each other (`portal/lexicon/parts.py`), but only where two wordings of one concept differ by them. This small
table has what everybody in a kitchen, a care home or a cleaning firm knows beforehand. It never makes two wordings
the same; it only says where to look.
"""

from collections import defaultdict
from functools import cache
from typing import Final

from portal.lexicon.words import stem

EQUAL: Final = 0.75
"""How far (0-1) a word may be taken for another of its line."""

_ACTIONS: Final = """
vaske rengoere afvaske aftoerre toerre pudse polere rense renholde skure skrubbe spule afrense renhold
moppe feje stoevsuge vaske
stoeve afstoeve stoevsuge toerre
rydde oprydde afrydde ordne sortere
lave tilberede fremstille producere
koge stege braise grille bage varme
skaere snitte hakke skraelle rive udskaere parere filetere
klargoere forberede ordne goere
servere anrette udlevere uddele bringe
daekke opdaekke pynte anrette
hjaelpe stoette assistere bistaa guide
passe pleje omsorg
foelge ledsage
koere transportere fragte flytte
hente bringe levere aflevere afhente udbringe
fylde opfylde paafylde genopfylde supplere
toemme bortskaffe smide udsmide
kontrollere tjekke efterse undersoege
maale registrere aflaese veje
skrive notere dokumentere registrere journalfoere rapportere
bestille indkoebe koebe handle
tale snakke samtale kommunikere
loefte forflytte flytte baere
betjene ekspedere
give udlevere uddele
skifte udskifte bytte
observere opdage overvaage
oplaere undervise instruere vise
reparere vedligeholde fikse udbedre
planlaegge tilrettelaegge koordinere organisere
desinficere afspritte sterilisere
vaske skylle
smoere paasmoere
pakke emballere indpakke
aabne oplaase laase lukke aflaase
male stryge
forebygge undgaa
"""
"""One line for each thing that is done, in words that are used for it."""

_THINGS: Final = """
gulv gulvflade
trappe opgang trappeopgang trappegang
toilet wc badevaerelse bad baderum brusekabine haandvask sanitet
vindue rude glas glasparti spejl
service tallerken porcelaen glas bestik kop
borger beboer aeldre patient bruger klient gammel gamle pensionist senior
barn boern baby smaabarn spaedbarn
kunde gaest
kontor kontorlokale kontorbygning
affald skrald skraldespand affaldsspand papirkurv
toej vasketoej klaeder
linned sengetoej lagen betraek
seng seng
mad maaltid ret kost spise
frokost middag aftensmad
groent groentsag groentsager rodfrugt kartoffel guleroedder
salat raakost
broed bolle rundstykke rugbroed kage
koed boef fars steg
hus hjem bolig lejlighed villa
skole institution boernehave vuggestue
bil koeretoej varevogn
koeleskab fryser koelerum frost
hotel hotelvaerelse
plejehjem plejecenter aeldrecenter plejebolig
bosted botilbud opholdssted
hospital sygehus sengeafdeling
klinik laegehus laegeklinik tandlaege tandklinik
medicin pille tablet
medarbejder kollega personale kolleger
lokale rum vaerelse
bord borde
arbejdsplads firma virksomhed
maskine apparat
vare varer levering
familie slaegtning paaroerende
kemi kemikalie rengoeringsmiddel middel saebe
overflade flade inventar moebel
vaeg loft panel
have groenne udeareal
kursus undervisning
uddannelse uddannet faglaert udlaert
bevis certifikat
sygeplejerske sygepleje
handicap funktionsnedsaettelse
"""
"""One line for each kind of thing, place or person that something is done to."""


@cache
def equals() -> dict[str, frozenset[str]]:
    """For each stem in the table the stems that say much the same."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in f"{_ACTIONS}{_THINGS}".split("\n"):
        stems = {stem(word) for word in line.split()}
        for one in stems:
            found[one] |= stems - {one}
    return {one: frozenset(others) for one, others in found.items() if others}
