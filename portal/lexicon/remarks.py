"""What a text is when it is no skill that somebody has: a wish, a course under way, health, a language, who one is.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). "Vil gerne være kok" shares its letters
with "kok" and means another thing, and a sick back is none of the portal's business; no likeness sees either.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Final


class Remark(StrEnum):
    """Why nothing of a text is taken, and what its writer is told."""

    HEALTH = "health"
    """The writer's own health: it does not belong on a card. What a carer does about citizens' health is a task."""
    LANGUAGE = "language"
    """A language and nothing else: languages have their own field."""
    PLAN = "plan"
    """A wish: a card's goal."""
    UNDER_WAY = "under-way"
    """A pupil's, a trainee's, a course not finished, somebody else's place."""


def remark_on(folded: str, own: Collection[str] = ()) -> Remark | None:
    """What the text is instead of a finished skill. `own` are the turns that the vocabulary has itself: `turns_in`."""
    if is_health(folded):
        return Remark.HEALTH
    if is_language(folded):
        return Remark.LANGUAGE
    for remark, may_be, turns in _TURNS:
        if may_be.search(folded) and any(_key(found) not in own for found in turns.finditer(folded)):
            return remark
    return None


def turns_in(folded: str) -> set[str]:
    """For a wording of the vocabulary: what in it would make another text a pupil's ("elev")."""
    return {
        _key(found)
        for _, may_be, turns in _TURNS
        if may_be.search(folded)
        for found in turns.finditer(folded)
    }


def _key(found: re.Match[str]) -> str:
    word = found[0].split()[-1]
    return next((ending for ending in _PUPILS if word.endswith(ending)), word)


def what_about(folded: str) -> str:
    """What is wished or under way: "droemmer om at blive kok" is about "kok", "sosu elev" about "sosu"."""
    return _PUPIL_ENDING.sub("", _LEADING.sub("", folded)).strip()


# --- Wishes, pupils, parts ----------------------------------------------------------------------------------

_PLAN: Final = re.compile(
    r"(?<!\bvi )\b(?:vil|ville|kunne) (?:(?:meget|rigtig|rigtigt|ogsaa|bare|saa|faktisk) )*(?:gerne|helst)\b"
    r"(?! (?:bidrage|se|hoere fra))"
    r"|\bvil (?:(?:engang|en dag|senere|maaske|snart) )?(?:vaere|blive|uddannes|uddanne mig|laese til|starte som)\b"
    r"|\bdroem\w*\b(?: \w+){0,2}? (?:om|er)\b|\bmin (?:store )?droem\b|\bdroemmejob\w*"
    r"|(?<!\bvi )\b(?:oensker|oenske|haaber|planlaegger|paataenker|overvejer|agter)\b(?: (?:mig|meget|at"
    r"|om|paa|en dag))*"
    r" (?:at|blive|vaere|om|paa|uddannelse\w*|job|arbejde|en uddannelse|elevplads|laereplads|stilling)\b"
    r"|\b(?:plan|planer|oenske|haab|maal|maalet|ambition|ambitioner)(?: \w+)?? (?:om|er|for fremtiden)\b"
    r"|\blyst til at (?:blive|vaere|laere (?:at|til)|arbejde (?:som|med|i)|proeve|uddanne|tage)\b"
    r"|\blyst til (?:job|uddannelse|arbejde)\w*"
    r"|\b(?:interesseret i|interesse for|taenker paa|glaeder mig til) at (?:blive|vaere|laere|arbejde"
    r"|uddanne|begynde|starte|tage)\b"
    r"|\bskal (?:snart |til at |maaske )*(?:begynde|starte|uddannes|uddanne mig|laere til|i gang|i laere|i praktik)\b"
    r"|(?<!\bvi )\b(?:soeger|leder efter)(?: en| et)? (?:\w*job|arbejde|praktik\w*|elevplads|laereplads"
    r"|plads|stilling)\b"
    r"|\b(?:paa vej til at blive|vil (?:gaa|arbejde) hen imod|haaber at|tilmeldt|skrevet op til|paa venteliste til"
    r"|venter paa at)\b|\b(?:kommende|fremtidig) \w+"
)
_MAY_BE_PLAN: Final = re.compile(
    r"\b(?:vil|ville|kunne|min|droem|oensk|haab|planl|plan|planer|paatae|overve|agter|maal|maalet"
    r"|ambition|lyst|interesse|taenker"
    r"|glaeder|skal|soeger|leder|paa vej|tilmeldt|skrevet|venter|venteliste|kommende|fremtidig)"
)
_COURSES: Final = (
    r"(?:\w*uddannelse\w*|\w*kursus\w*|\w*kurser|\w*skole\w*|\w*bevis\w*|\w*kort|\w*certifikat\w*|grundforloeb\w*"
    r"|hovedforloeb\w*|modul\w*|fvu|amu|hf|sosu\w*|forloeb\w*|semester|aar)"
)
_UNDER_WAY: Final = re.compile(
    r"\bunder (?:uddannelse|oplaering (?:som|til)|forloeb)\b|\buddann(?:er mig|es)(?: til| som)?\b"
    r"|(?<!\bgaa )(?<!\bgaar )(?<!\bkomme )(?<!\bkommer )(?<!\bsaette )(?<!\bsaetter )(?<!\bselv )\b(?:i"
    r"|igang|godt i) ?"
    r"(?:gang )?med (?:at (?:tage|laere|laese|faa|blive|uddanne|gennemfoere)|(?:et |en |min |mit "
    r"|de )?" + _COURSES + r"\b)"
    r"|\ber (?:godt |lige )?(?:i gang|igang) med\b"
    r"|\bved at (?:tage|laere|laese|faa|blive|uddanne|gennemfoere|afslutte|faerdiggoere|goere|erhverve|oplaeres)\b"
    r"|\b(?:laeser|studerer|laeste) (?:til|paa|som)\b|\bstuderer\b"
    r"|\b(?:gaar|gik) (?:til|paa|i) (?:et |en )?" + _COURSES + r"\b"
    r"|\bhalvvejs\b|\bmidt i (?:en |et |min |mit )?" + _COURSES +
    r"|\b(?:snart|naesten) (?:faerdig\w*|udlaert|uddannet|faglaert)\b"
    r"|\b(?:foerste|anden|sidste|en|lidt|noget) del af(?: \w+)? ?" + _COURSES + r"|\bdele af(?: \w+)? " + _COURSES +
    r"|\bpaa (?:foerste|andet|tredje|sidste|\d) (?:aar|semester|modul|hovedforloeb|skoleperiode|grundforloeb)\w*"
    r"|\b(?:paabegyndt|igangvaerende|afbrudt|uafsluttet|ufuldendt|begyndt paa|startet paa|droppet ud af|droppede)\b"
    r"|\bi (?:\w*praktik|laere|mesterlaere) (?:som|hos|paa|i|ved|til|med|inden)\b|\bi \w*praktik$"
    r"|^(?:har |haft |en |et |har haft |har vaeret i )?\w*praktik(?:forloeb|plads"
    r"|ophold)?(?: \w+)? (?:som|i|paa|hos|med|inden for|ved)\b"
    r"|^(?:jeg er |jeg var |er |som |var |har vaeret )?\w*(?:praktikant|trainee|aspirant"
    r"|kursist)\b(?= (?:i|som|paa|hos|til)\b|$)"
    r"|(?:^|(?<=jeg er )|(?<=\ber )|(?<=\bsom )|(?<=\bvar )|(?<=\bvaeret ))\w*(?:elev|laerling)\b"
    r"|(?<!\bfor )(?<!\btil )(?<!\baf )(?<!\bmed )(?<!\ben )(?<!\bhver )\b\w*(?:elev|laerling)(?= (?:i"
    r"|som|paa|inden|ved|hos|til)\b|$)"
    r"|(?:^|\bjeg er |\ber )\w*studerende\b|(?<!\bfor )(?<!\btil )(?<!\baf )(?<!\bmed )(?<!\bvejlede )(?<!\bhjaelpe )"
    r"(?<!\bundervise )(?<!\bstoette )\b(?!studerende)\w+studerende$"
    r"|\b(?:vikar|vikariere[rt]?|vikarierede|vikariat|stedfortraeder|afloeser|afloest|barselsvikar"
    r"|\w+vikar) (?:for|som)\b"
)  # fmt: skip
_MAY_BE_UNDER_WAY: Final = re.compile(
    r"\b(?:under|uddann|i gang|igang|godt i|ved at|laes|laest|studer|gaar|gik|halvvejs|midt|snart|naesten"
    r"|del af|dele af|paabegynd"
    r"|igangv|afbrudt|uafslut|ufuld|begyndt|startet|drop|i laere|i mester|stedfor|afloes)"
    r"|\bpaa (?:foerste|andet|tredje|sidste|\d)"
    r"|praktik|trainee|aspirant|kursist|elev\b|laerling\b|studerende\b|vikar"
)
_TURNS: Final = (
    (Remark.UNDER_WAY, _MAY_BE_UNDER_WAY, _UNDER_WAY),
    (Remark.PLAN, _MAY_BE_PLAN, _PLAN),
)
_PUPILS: Final = ("elev", "laerling", "studerende")
_PUPIL_ENDING: Final = re.compile(rf"(?:s|se)?(?:{'|'.join(_PUPILS)})\b|\bvoksen$")
_LEADING: Final = re.compile(
    r"^(?:(?:jeg|vi|har|er|var|vil|ville|kunne|skal|kan|meget|rigtig|gerne|helst|ogsaa|maaske|engang"
    r"|en dag|snart|senere|godt|lige|nu"
    r"|haft|vaeret|droemmer|droem|droemmejob|min|mit|det|store|oensker|oenske|haaber|planlaegger"
    r"|overvejer|agter|plan|planer|maal|maalet"
    r"|om|er|at|paa|til|i|som|for|med|en|et|mig|lyst|interesseret|taenker|glaeder|begynde|starte|blive"
    r"|vaere|tage|laere|laese|faa"
    r"|gennemfoere|afslutte|uddanne|uddannes|uddanner|arbejde|proeve|job|stilling|soeger|leder efter"
    r"|plads|vej|tilmeldt|kommende"
    r"|fremtidig|under|uddannelse|oplaering|gang|igang|ved|halvvejs|snart|naesten|faerdig|foerste|anden"
    r"|sidste|del|dele|af|aar|semester"
    r"|studerer|laeser|gaar|paabegyndt|igangvaerende|uafsluttet|afbrudt|begyndt|startet|vikar|vikarierer"
    r"|stedfortraeder|afloeser"
    r"|\w*praktik|praktikforloeb|praktikplads|praktikant|trainee|aspirant|kursist|elev|laerling"
    r"|studerende|hos|inden for) )+"
)


# --- Health -------------------------------------------------------------------------------------------------

_BODY: Final = (
    r"(?:ryg|laend|knae|skuld[er]{1,2}|nakke|arm|ben|fod|foedd|foed|haand|haend|haandled|fing|hofte|hoved"
    r"|mave|led|hjerte"
    r"|lunge|syn|hoerels|albue|oej[en]|oer|hals|krop|muskl|nerve|psyke|hud|ankl|hael)\w{0,5}"
)
_AILMENT: Final = (
    r"(?:(?:(?:stadig |altid |tit |ofte |meget |lidt |mange |store )?(?:ondt|smert\w+|skad\w+|problem\w*"
    r"|besvaer|gigt|betaendelse|"
    r"gener|krampe|svag\w*|daarlig\w*|slid|operere\w*) (?:i|med|paa|af) (?:min |mit |mine |den |det "
    r"|hele |hoejre |venstre |begge )*"
    rf"{_BODY})"
    rf"|(?:daarlig|daarligt|daarlige|svag|svagt|svage|oedelagt|oedelagte|slidt|slidte|skadet|stiv"
    rf"|kronisk) (?:{_BODY}|helbred)"
    r"|(?:ryg|hoved|mave|led|knae|skulder|nakke|muskel|nerve|gigt|haandled)(?:smerter?|pine|skader?"
    r"|problemer|gigt|besvaer)"
    r"|(?:type \d )?(?:diabetes|diabetiker|sukkersyge)(?: type \d)?|epilep\w+|astma\w*|kol|\w*allergi|\w*allergiker"
    r"|allergisk(?: over for \w+)?|stress|stressramt|stresset|depress\w+|deprimeret|\w*angst|ptsd|adhd"
    r"|add|autis\w+|asperger\w*"
    r"|\w*gigt|kraeft|\w+kraeft|(?:for )?(?:hoejt|lavt|forhoejet) blodtryk|blodtryk|hjerte\w*sygdom"
    r"|hjertefejl|\w*stofskifte"
    r"|fibromyalgi|piskesmaeld|hjernerystelse|s[ck]lerose|migraene\w*|hovedpine|syg|\w*syge?meldt"
    r"|sygemelding|sygedagpenge"
    r"|langtidssyg|langtidssygemeldt|kronisk syg|kronisk sygdom|en kronisk sygdom|gravid|graviditet\w*"
    r"|hoejgravid|paa barsel"
    r"|invalid|(?:fysisk |psykisk )?handicappet|handicap|et handicap|(?:nedsat|darligt|daarlig"
    r"|daarligt) (?:hoerelse|syn|lungefunktion"
    r"|arbejdsevne|foerlighed)|blind|svagsynet|doev|tunghoer|hoerehaemmet|funktionsnedsaettelse|traumer?|traumatiseret"
    r"|krigstraume\w*|alkoholiker|misbrug|et misbrug|diskusprolaps|prolaps|soevnproblemer|soevnloeshed|soevnbesvaer"
    r"|daarlige nerver|psykisk syg\w*|psykiske problemer|psykisk sygdom|helbredsproblemer"
    r"|daarligt helbred|skizofreni|bipolar"
    r"|psoriasis|eksem|hiv|hepatitis|tuberkulose|skaanehensyn|skaanebehov|fertilitetsbehandling|overvaegt\w*|anoreksi"
    r"|hoereapparat|i kemo\w*|brok|diskus\w*|senfoelger|corona senfoelger|pacemaker)"
)
_PERSON: Final = (
    r"(?:(?:jeg|har|er|har haft|har faaet|fik|haft|faaet|lider|af|med|pga|paa grund|grundet|desvaerre"
    r"|lige nu|for tiden|stadig|tit"
    r"|ofte|nogle gange|har vaeret|blevet|bliver|meget|lidt|kronisk|svaer|slem|let|en|et|min|mit|mine"
    r"|diagnosticeret|diagnosen"
    r"|diagnose|tidligere|ogsaa|i behandling for|medicin for|medicin mod|tager|faar|til daglig|men) )*"
)
_AFTERWARDS: Final = (
    r"(?: (?:og|eller|samt|men|lige nu|for tiden|stadig|i dag|desvaerre|nogle gange|om natten|om morgenen"
    r"|tit|ofte|efter \w+"
    r"|i \w+ (?:uge|maaned)|fra krigen|efter krigen|saa|pga|paa grund af|hver dag|hele tiden|med|\d+|uger|maaneder|aar"
    rf"|{_PERSON}{_AILMENT}))*"
)
_HEALTH: Final = re.compile(rf"^{_PERSON}{_AILMENT}{_AFTERWARDS}$")
_OWN_HEALTH: Final = re.compile(
    rf"\b(?:jeg (?:har|er|lider af|fik)|lider af|paa grund af|pga|grundet)(?: min| mit| mine)?"
    rf" (?:(?:meget|lidt|en|et|daarlig|svaer|tit|ofte|kronisk|haft|desvaerre|faaet|vaeret|blevet) )*{_AILMENT}\b"
    r"(?! (?:kursus|mad|kost|borger|patient|kendskab|blandt|hos))"
)
_OF_OTHERS: Final = re.compile(
    r"\b(?:erfaring\w*|kendskab|viden|forstaa\w*|arbejd\w+|pass\w+|plej\w+|hjaelp\w*|stoett\w+|stoette"
    r"|forebyg\w+|maale\w*"
    r"|observer\w*|kursus|mad|kost|\w+mad|\w+kost|borger\w*|beboer\w*|patient\w*|aeldre|boern|mennesker"
    r"|kunder?|gaester?|drikke"
    r"|god|godt|under|haandter\w*|klare|taale\w*|trives|uden|aldrig|sjaeldent|sjaelden|rengoer\w*|behandl\w+ af|omsorg"
    r"|ledsag\w*|uddann\w+|tabletter|hjaelpemidler|hensyn)\b"
)


def is_health(folded: str) -> bool:
    """Whether the writer tells of her own health; how others' is cared for is a task."""
    if _OWN_HEALTH.search(folded):
        return True
    return bool(_HEALTH.match(folded)) and not _OF_OTHERS.search(folded)


# --- Languages ----------------------------------------------------------------------------------------------

_LANGUAGES: Final = (
    r"(?:engelsk|english|tysk|fransk|spansk|italiensk|portugisisk|brasiliansk|hollandsk|nederlandsk"
    r"|flamsk|svensk|norsk|finsk"
    r"|islandsk|faeroesk|groenlandsk|samisk|polsk|tjekkisk|slovakisk|slovensk|ungarsk|rumaensk|moldovisk"
    r"|bulgarsk|graesk"
    r"|albansk|bosnisk|serbisk|kroatisk|serbokroatisk|makedonsk|montenegrinsk|estisk|lettisk|litauisk|russisk|ukrainsk"
    r"|hviderussisk|georgisk|armensk|aserbajdsjansk|azeri|kasakhisk|usbekisk|tadsjikisk|turkmensk"
    r"|mongolsk|tyrkisk|kurdisk"
    r"|kurmanji|sorani|badini|zaza|arabisk|arabic|syrisk|irakisk|marokkansk|egyptisk|hebraisk|aramaeisk"
    r"|assyrisk|persisk"
    r"|farsi|dari|pashto|pashtu|urdu|hindi|punjabi|bengali|nepalesisk|nepali|tamil|tamilsk|singalesisk|telugu|gujarati"
    r"|kinesisk|mandarin|kantonesisk|japansk|koreansk|thai|thailandsk|vietnamesisk|filippinsk|tagalog"
    r"|indonesisk|malaysisk"
    r"|burmesisk|swahili|kiswahili|somali|somalisk|tigrinya|tigrinsk|amharisk|oromo|afar|hausa|yoruba|igbo|lingala"
    r"|kinyarwanda|kirundi|wolof|fulani|luganda|zulu|afrikaans|latin|esperanto|russian|turkish|ukrainian|french|german"
    r"|spanish)"
)
_AROUND: Final = (
    r"(?:jeg|vi|kan|taler|tale|talt|snakker|snakke|forstaar|forstaa|laeser|laese|skriver|skrive|lidt"
    r"|flydende|godt|god|gode"
    r"|meget|rigtig|til|i|og|samt|eller|men|mit|min|mine|er|har|som|paa|sprog|sproget|modersmaal"
    r"|modersmaalet|moedrende"
    r"|mundtligt?|skriftligt?|tale|skrift|ogsaa|kendskab|grundlaeggende|perfekt|niveau|[abc][12]|begynder"
    r"|sprogkundskaber"
    r"|sprogfaerdigheder|hjemmefra|fra|skolen|basis|kun|mest|bedst|selvfoelgelig|naturligvis|dansk|indfoedt|tosproget)"
)
_LANGUAGE: Final = re.compile(rf"^(?:{_AROUND} )*{_LANGUAGES}(?: (?:{_AROUND}|{_LANGUAGES}))*$")


def is_language(folded: str) -> bool:
    """Whether the text names languages, how well, and nothing else; Danish alone is a skill of the vocabulary."""
    return bool(_LANGUAGE.match(folded))


def languages_in(folded: str) -> list[str]:
    """The languages that the text names, in its order."""
    return re.findall(rf"\b{_LANGUAGES}\b", folded)


# --- Who one is ---------------------------------------------------------------------------------------------

_CHILDREN: Final = (
    r"(?:(?:\d+|en|et|to|tre|fire|fem|seks|syv|flere|mange) )?(?:(?:hjemmeboende|udeboende|smaa|store|voksne|egne"
    r"|dejlige|mindre) )*(?:boern|barn|soenner|doetre|boerneboern|teenagere)"
)
_WHO: Final = re.compile(
    r"^(?:(?:jeg|er|er en|som|en|et|ogsaa|stadig|lige nu|en ung|en voksen|ung|stolt|praktiserende|troende) )*"
    r"(?:\w*flygtning\w*|\w*indvandrer\w*|asylansoeger|familiesammenfoert\w*|statsloes|udlaending|dansker"
    r"|nydansker|ukrainer"
    r"|syrer|afghaner|iraner|iraker|somalier|eritreer|kurder|palaestinenser|tyrker|polak|rumaener|russer"
    r"|araber|etiopier"
    r"|muslim\w*|kristen|katolik|ortodoks|buddhist|hindu|joede|joedisk|ateist|religioes|troende|sunni"
    r"|shia|gift|ugift|single"
    r"|enlig(?: (?:mor|far|forsoerger))?|skilt|fraskilt|separeret|enke|enkemand|foraeldre|mor|far"
    r"|bedstemor|bedstefar|mand"
    r"|kvinde|pige|dreng|ung|gammel|midaldrende|pensionist|homoseksuel|boesse|lesbisk|transkoennet|ledig|arbejdsloes"
    r"|arbejdssoegende|kontanthjaelpsmodtager|paa kontanthjaelp|selvforsoergende|barnloes|boernefri|samboende"
    r"|samlevende|samlever|forlovet|aegtefaelle)"
    r"(?: (?:og|eller|kvinde|mand|mor|far|fra \w+|i danmark|gift|ugift|muslim|single|enlig"
    rf"|\d+ aar(?: gammel)?|samboende|forlovet|(?:med |har |mor til |far til )*{_CHILDREN}|til \d+))*$"
    r"|^(?:(?:jeg|er|en|min alder er|alder) )*\d{1,2} aar(?:s)?(?: gammel| ung)?(?: (?:kvinde|mand|pige|dreng))?$"
    r"|^(?:jeg )?(?:kommer|er)(?: oprindeligt?)? fra [a-z]+(?: [a-z]+)?$|^(?:jeg )?(?:er )?foedt (?:i|den) .{1,30}$"
    r"|^(?:jeg )?bor (?:i|paa) [a-z]+(?: [a-z]+)?$|^(?:jeg )?har (?:\d|to|tre|fire|fem|smaa) boern$"
    rf"|^(?:jeg )?(?:har )?(?:mor til |far til )?(?!boern$|barn$){_CHILDREN}(?: hjemme)?$"
)


_KIN: Final = (
    r"(?:mor|far|soester|bror|datter|soen|kone|mand|kaereste|ven|veninde|veninder|venner|nabo|svigermor|svigerfar"
    r"|svigerinde|svoger|tante|onkel|kusine|faetter|bedstemor|bedstefar|familie|foraeldre|boern|soeskende)"
)
_OTHERS_DO: Final = re.compile(
    rf"^(?:min|mit|mine|hendes|hans|vores) {_KIN}(?: og {_KIN})? (?!og jeg)\w+"
    r"|\b(?:varetages|udfoeres|klares|ordnes|loeses|goeres|pudses|vaskes|leveres|laves) af"
    r" (?:et |en |vores )?(?:andet|anden|andre|ekstern\w*|fremmed|firma\w*|leverandoer\w*|personale\w*"
    r"|sygeplejen|koekkenet)\b"
)


def is_done_by_others(folded: str) -> bool:
    """Whether the text says who else does it: "min datter gør rent på hotel", "rengøring varetages af et firma"."""
    return bool(_OTHERS_DO.search(folded))


def is_about_the_writer(folded: str) -> bool:
    """Age, origin, faith, family, benefits: who somebody is, never what she can."""
    return bool(_WHO.match(folded))
