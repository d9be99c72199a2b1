"""What the three parties say in the demo, in plain words."""

from portal.base.terms import Measure, Party, PlacementForm

_PRAKTIK = {
    Party.CITIZEN: (
        "Jeg vil vise, hvad jeg kan, og lære, hvordan man gør her.",
        "{weeks} uger. Bagefter vil jeg gerne have timer.",
        "Jeg vil lære ordene og maskinerne.",
    ),
    Party.EMPLOYER: (
        "Vi vil se, om arbejdet passer til os begge.",
        "{weeks} uger med en fast kollega ved siden af.",
        "Oplæring i vores rutiner. Vi siger til, hvis der bliver timer.",
    ),
    Party.CONSULTANT: (
        "At få set kompetencerne i brug og skrevet dem på kortet.",
        "{weeks} uger med opfølgning hver måned. Praktik er ikke et løfte om job.",
        "Mindst to opgaver skal nå et højere trin.",
    ),
}
_WORK = {
    Party.CITIZEN: (
        "Jeg vil tjene mine egne penge og have kolleger.",
        "{weeks} uger til at begynde med.",
        "Jeg vil blive hurtigere og klare flere opgaver selv.",
    ),
    Party.EMPLOYER: (
        "Vi mangler en stabil kollega.",
        "{weeks} uger; derefter taler vi om flere timer.",
        "Vi lærer fra os af alle faste opgaver.",
    ),
    Party.CONSULTANT: (
        "Et skridt mod ordinære timer.",
        "{weeks} uger med opfølgning undervejs.",
        "Dansk på arbejdet og et højere trin i de vigtigste opgaver.",
    ),
}

EXPECTATIONS: dict[tuple[PlacementForm, Party], tuple[str, str, str]] = {
    (form, party): words
    for form in PlacementForm
    for party, words in (_WORK if form.traits.is_paid else _PRAKTIK).items()
}
"""Purpose, time frame and development, for each form and party."""

FOLLOW_UP_NOTES = (
    "Går godt. Møder til tiden og kender nu holdet.",
    "Vil gerne prøve flere opgaver. Lederen er enig.",
    "Lidt svært med beskeder i travle timer. Aftalt at vise i stedet for at sige.",
    "Glad for arbejdet. Timerne passer med sprogskolen.",
    "Har fået ansvar for en opgave alene.",
)

GOAL_SENTENCES: dict[Measure, str] = {
    Measure.PARTNERSHIPS: "Virksomheder med fast samarbejde inden for de tre brancher i {year}: mindst {target}.",
    Measure.CARDS: "Borgere med kompetencekort ved udgangen af {year}: mindst {target}.",
    Measure.HIRED: "Borgere ansat efter et forløb i {year}: mindst {target}.",
}

WEIGHTS_TRIED = "Virksomhederne i plejen siger, at ønskerne betyder mere, end vi troede. Vi prøver en måned."
WEIGHTS_TAKEN_BACK = "Prøven gav flere forslag, der manglede det vigtigste. Tilbage til standard."
"""Why the leader changed the matcher's weights, and why she changed them back."""

FIRST_ANSWER = "Tak for pladsen. Vi ser på, hvem den kan passe til, og vender tilbage med et forslag."
