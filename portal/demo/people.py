"""The citizens of the demo: invented people with names from the countries that refugees in Denmark come from.

A profile is what a card says; several people share one, varied by a seeded draw. Nothing here says who somebody is.
"""

from dataclasses import dataclass

from portal.base.terms import Industry

K, P, R = Industry.KOEKKEN, Industry.PLEJE, Industry.RENGOERING


@dataclass(frozen=True)
class Profile:
    """`skills` are names of the vocabulary with a level; `words` are the citizen's own, understood by the lexicon."""

    wishes: tuple[Industry, ...]
    skills: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, int], ...]
    goals: tuple[str, ...]
    next_step: str = ""
    certificates: tuple[str, ...] = ()


PROFILES: tuple[Profile, ...] = (
    Profile(
        (K,),
        (
            ("skære og klargøre grøntsager", 3),
            ("tilberedning af varm mad", 3),
            ("håndhygiejne", 3),
            ("husholdningserfaring", 4),
            ("samarbejde", 3),
        ),
        (("lavet mad til store familiefester", 3), ("bage brød", 3)),
        (
            "Jeg vil gerne arbejde i et køkken og lære de danske ord for det, jeg allerede kan.",
            "Jeg vil have et fast job i en kantine, hvor jeg kan bruge min madlavning.",
            "Jeg drømmer om at lave mad til børn i en børnehave.",
        ),
        "Prøve et stort køkken i tre uger",
    ),
    Profile(
        (K, R),
        (
            ("opvask i industriopvaskemaskine", 2),
            ("rengøring af køkken og køkkenmaskiner", 2),
            ("afrydning af borde", 3),
            ("mødestabilitet", 3),
            ("arbejdstempo", 2),
        ),
        (("vaske gulv", 3),),
        (
            "Jeg vil gerne have et arbejde tæt på skolen, så jeg kan hente mine børn.",
            "Jeg vil gerne i gang hurtigt og tjene mine egne penge.",
        ),
    ),
    Profile(
        (K,),
        (
            ("køkkenhygiejne", 3),
            ("smørrebrød og madpakker", 2),
            ("kolde retter og salater", 3),
            ("anretning af fade og tallerkener", 3),
            ("egenkontrol og temperaturmåling", 2),
            ("følge instruktion", 3),
        ),
        (("haft mit eget lille spisested", 4),),
        (
            "Jeg har haft mit eget sted. Jeg vil tilbage til et køkken og en dag have ansvar igen.",
            "Jeg vil blive køkkenassistent og tage uddannelsen, når mit dansk er godt nok.",
        ),
        "Tage AMU-kursus i madfremstilling",
        ("hygiejnebevis",),
    ),
    Profile(
        (K,),
        (
            ("bagning af brød og kager", 4),
            ("forberedelse af råvarer", 3),
            ("portionering og pakning af mad", 2),
            ("grundighed", 3),
        ),
        (("solgt kager på markedet", 3),),
        (
            "Jeg vil gerne bage. Jeg står gerne tidligt op.",
            "Jeg vil gerne arbejde i et bageri eller et stort køkken.",
        ),
    ),
    Profile(
        (K, P),
        (
            ("mad til ældre og blød kost", 1),
            ("servering for gæster", 3),
            ("buffet og opfyldning", 2),
            ("borddækning", 3),
            ("serviceminded", 4),
        ),
        (("tale med gæster", 3),),
        (
            "Jeg kan godt lide at være sammen med mennesker. Jeg vil gerne servere mad og hjælpe ved bordet.",
            "Jeg vil gerne være måltidsvært på et plejehjem.",
        ),
    ),
    Profile(
        (R,),
        (
            ("gulvvask og mopning", 3),
            ("støvsugning", 3),
            ("støvaftørring af inventar", 3),
            ("rengøring af toilet og bad", 2),
            ("grundighed", 3),
            ("mødestabilitet", 4),
        ),
        (("gøre rent hos familier", 3),),
        (
            "Jeg vil gerne have 30 timer om ugen og et sted, hvor vi er flere, der arbejder sammen.",
            "Jeg vil gerne have fast arbejde med rengøring og lære at bruge maskinerne.",
            "Jeg vil gerne gøre rent på en skole, så jeg kender alle.",
        ),
        "Lære gulvvaskemaskinen at kende",
    ),
    Profile(
        (R,),
        (
            ("kontorrengøring", 2),
            ("vinduespolering", 2),
            ("tømning af affald", 3),
            ("opfyldning af sæbe og papir", 3),
            ("følge rengøringsplan", 2),
            ("selvstændighed", 3),
        ),
        (("trappevask", 2),),
        ("Jeg vil gerne arbejde selvstændigt og have min egen rute.", "Jeg vil gerne arbejde om morgenen."),
    ),
    Profile(
        (R, P),
        (
            ("hospitals- og plejehjemsrengøring", 2),
            ("desinfektion og smitterengøring", 2),
            ("sengeredning og linnedskift", 3),
            ("vaskeri og tøjvask", 3),
            ("brug af værnemidler", 2),
            ("ansvarlighed", 3),
        ),
        (("gjort rent på en klinik", 3),),
        ("Jeg har gjort rent på en klinik. Jeg vil gerne arbejde på et plejehjem her.",),
        "",
        ("AMU-kursus i rengøring",),
    ),
    Profile(
        (R,),
        (
            ("hotelrengøring", 2),
            ("sengeredning og linnedskift", 3),
            ("rengøring af toilet og bad", 3),
            ("arbejdstempo", 3),
            ("fleksibilitet", 3),
        ),
        (("redt senge og ordnet værelser", 3),),
        ("Jeg vil gerne arbejde på hotel. Jeg er hurtig og kan lide, når der er pænt.",),
    ),
    Profile(
        (P,),
        (
            ("omsorg for syge eller ældre i familien", 4),
            ("hjælp til spisning", 2),
            ("omsorg og samvær med ældre", 3),
            ("tålmodighed", 4),
            ("empati", 4),
            ("forstå mundtlige instrukser på dansk", 2),
        ),
        (("hjulpet ældre naboer med indkøb", 3),),
        (
            "Jeg vil gerne arbejde med ældre. I mit land passede jeg min mormor i mange år.",
            "Jeg vil gerne være social- og sundhedshjælper. Først vil jeg prøve det.",
            "Jeg vil gerne hjælpe mennesker og tale mere dansk på arbejdet.",
        ),
        "Besøge et plejehjem og se en dag",
    ),
    Profile(
        (P,),
        (
            ("praktisk hjælp i hjemmet", 3),
            ("indkøb for borger", 3),
            ("ledsagelse", 2),
            ("kørestol og ganghjælp", 2),
            ("samtale med borgere og gæster på dansk", 2),
            ("ansvarlighed", 3),
        ),
        (("følge børn i skole", 3),),
        ("Jeg vil gerne i hjemmeplejen. Jeg har kørekort og kan lide at komme rundt.",),
        "",
        ("kørekort B",),
    ),
    Profile(
        (P,),
        (
            ("hjælp til personlig hygiejne og bad", 2),
            ("hjælp til af- og påklædning", 3),
            ("forflytning med hjælpemidler", 2),
            ("observere og give besked videre", 2),
            ("tavshedspligt", 3),
            ("samarbejde", 4),
        ),
        (("arbejdet som sygehjælper", 3),),
        (
            "Jeg har været sygehjælper i otte år. Jeg vil tage uddannelsen i Danmark.",
            "Jeg vil gerne i elevplads, når jeg har bestået Prøve i Dansk 2.",
        ),
        "Søge optagelse på grundforløb",
        ("Prøve i Dansk 2", "førstehjælp"),
    ),
    Profile(
        (P, K),
        (
            ("pasning af børn", 4),
            ("børneopdragelse", 4),
            ("aktiviteter for beboere", 2),
            ("servering af måltider for beboere", 2),
            ("tålmodighed", 3),
        ),
        (("lavet mad til børn", 3), ("leget og læst med børn", 3)),
        ("Jeg vil gerne arbejde, hvor der er mennesker: et plejehjem eller et køkken i en børnehave.",),
    ),
    Profile(
        (K, R, P),
        (("husholdningserfaring", 3), ("frivilligt arbejde", 2), ("lærenemhed", 3)),
        (("hjælper i genbrugsbutikken", 2),),
        (
            "Jeg ved det ikke endnu. Jeg vil gerne prøve flere ting.",
            "Jeg vil gerne have min første plads i Danmark.",
        ),
        "Vælge to steder at besøge",
    ),
    Profile(
        (R, K),
        (
            ("gulvvaskemaskine", 2),
            ("højtryksrensning", 2),
            ("affaldssortering", 3),
            ("udendørs oprydning", 3),
            ("gode arbejdsstillinger", 2),
            ("mødestabilitet", 3),
        ),
        (("passet have og dyr", 3),),
        ("Jeg vil gerne have fuld tid. Jeg er stærk og vant til at arbejde ude.",),
        "",
        ("kørekort B",),
    ),
)

BORGER = Profile(
    (K, P),
    (
        ("skære og klargøre grøntsager", 3),
        ("tilberedning af varm mad", 3),
        ("madlavning til mange", 4),
        ("køkkenhygiejne", 2),
        ("håndhygiejne", 3),
        ("anretning af fade og tallerkener", 2),
        ("husholdningserfaring", 4),
        ("samarbejde", 3),
        ("mødestabilitet", 4),
        ("forstå mundtlige instrukser på dansk", 2),
        ("arabisk", 4),
    ),
    (("bage brød", 4), ("lavet mad til nabolagets sommerfest", 4)),
    ("Jeg vil have et fast arbejde i et køkken, hvor jeg kan bruge det, jeg kan, og lære mere dansk.",),
    "Tage AMU-kursus i madfremstilling",
    ("hygiejnebevis", "Prøve i Dansk 1"),
)
"""borger@demo.dk: the rich card."""

BORGER2 = Profile(
    (R,),
    (("gulvvask og mopning", 2), ("husholdningserfaring", 3), ("grundighed", 3)),
    (("gøre rent hjemme", 3),),
    ("Jeg vil gerne prøve at arbejde med rengøring.",),
    "Tale med konsulenten om det første sted",
)

BORGER_NAME, BORGER2_NAME = ("Rima", "Al-Khatib"), ("Tsige", "Haile")

NAMES: tuple[tuple[str, str], ...] = (
    ("Amal", "Darwish"), ("Selam", "Tesfay"), ("Oksana", "Melnyk"), ("Farida", "Rahimi"), ("Hodan", "Warsame"),
    ("Yusuf", "Haddad"), ("Mariam", "Habte"), ("Iryna", "Kovalenko"), ("Zahra", "Noori"), ("Esperance", "Mukendi"),
    ("Khaled", "Saleh"), ("Freweini", "Gebre"), ("Natalia", "Bondar"), ("Shirin", "Karimi"), ("Aylin", "Demir"),
    ("Layla", "Mansour"), ("Abdi", "Jama"), ("Halyna", "Shevchuk"), ("Reza", "Moradi"), ("Grâce", "Ilunga"),
    ("Nour", "Khalil"), ("Letebrhan", "Kidane"), ("Svitlana", "Tkachenko"), ("Masuma", "Hosseini"), ("Fadumo", "Ali"),
    ("Rana", "Shaheen"), ("Dawit", "Araya"), ("Olena", "Petrenko"), ("Laleh", "Ahmadi"), ("Fatma", "Yildiz"),
    ("Samira", "Hamdan"), ("Mehret", "Woldu"), ("Viktoriia", "Lysenko"), ("Parwana", "Sultani"), ("Chantal", "Kabongo"),
    ("Omar", "Najjar"), ("Senait", "Berhane"), ("Tetiana", "Kravets"), ("Golnaz", "Rezaei"), ("Sagal", "Nur"),
    ("Hanan", "Issa"), ("Yonas", "Mehari"), ("Liudmyla", "Moroz"), ("Nasrin", "Azizi"), ("Elif", "Kaya"),
    ("Maha", "Kassem"), ("Rahwa", "Fessehaye"), ("Yuliia", "Savchenko"), ("Hamid", "Qaderi"), ("Josephine", "Mbuyi"),
    ("Dima", "Suleiman"), ("Almaz", "Tekle"), ("Kateryna", "Rudenko"), ("Bahar", "Jafari"), ("Ifrah", "Hassan"),
    ("Ghada", "Othman"), ("Biniam", "Okbay"), ("Sevda", "Aslan"),
)  # fmt: skip
