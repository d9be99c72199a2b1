"""The partnerships of the demo: some count, some nearly, some no longer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """`signed`, `ended` and `handed_over` are days ago. `consultant` None: nobody is named, so it does not count."""

    firm: str
    signed: int
    consultant: str | None
    note: str = ""
    ended: int | None = None
    handed_over: int | None = None
    """When Karin took over."""


AGREEMENTS: tuple[Agreement, ...] = (
    Agreement("fjord", 940, "konsulent", "To pladser hvert halve år, og et fast morgenmøde i køkkenet."),
    Agreement("blank", 800, "kollega", "Oplæring på skoler. Tager imod i grupper på to.", handed_over=120),
    Agreement("solhoej", 560, "konsulent", "Plejehjem og køkken under samme aftale."),
    Agreement("nord", 310, "konsulent", "Praktik i hjemmeplejen, derefter IGU."),
    Agreement("havn", 425, "konsulent", "Sæsonen er lang; kantinen bygger om i vinterhalvåret."),
    Agreement("melby", 250, None, "Aftalen er skrevet under. Konsulenten er ikke valgt endnu."),
    Agreement("skole", 720, "kollega", "Vil gerne igen, når den nye produktionslinje kører."),
    Agreement("klit", 850, "konsulent", "Sluttede, da hotellet skiftede ejer.", ended=55),
    Agreement("egelund", 780, "konsulent2", "Hele huset er med, også aftenholdet."),
    Agreement("kantine", 430, None, "Mangler en navngiven konsulent."),
)
