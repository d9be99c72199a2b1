"""What the rest of the portal must know of employers."""

from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.loop.employers import (
    access_review,
    joining,
    joining_views,
    merging,
    people,
    people_views,
    queries,
    tending_views,
    views,
)
from portal.loop.employers.finding import EMPLOYERS
from portal.loop.employers.forgetting import forget_asked, forget_decided, forget_unsaid
from portal.web.holdings import ALL_COLUMNS, Holding, HoldsNobody, Kept, LegalBasis, People
from portal.web.links import LinkPurpose
from portal.web.permissions import Action
from portal.web.rooms import Grant, Joining, MenuLink, Room

_MODULES = (views, joining_views, people_views, tending_views)
"""Each puts its pages on the one blueprint."""

room = Room(
    finds=(EMPLOYERS,),
    pages=tuple({module.bp for module in _MODULES}),
    menu=(
        MenuLink(_l("Virksomheder"), "employers.index", 60),
        MenuLink(_l("Virksomheden"), "employers.own", 75),
    ),
    merges=(
        Joining("employers", "referred_by_id", "employers", merging.recommend_nobody_by_itself),
        Joining("access_reviews", "employer_id", "employers", merging.close_review),
        Joining("contact_persons", "employer_id", "employers", merging.move_contacts),
        Joining("employer_invitations", "employer_id", "employers"),
        Joining("employer_registrations", "employer_id", "employers", merging.refuse_waiting),
        Joining("employer_registrations", "referred_by_id", "employers"),
        Joining("employer_trades", "employer_id", "employers", merging.keep_one_trade),
        Joining("merged_employers", "employer_id", "employers"),
        Joining("employers_told_apart", "employer_id", "employers", merging.join_told_apart),
        Joining("employers_told_apart", "other_id", "employers"),
        Joining("workplaces", "employer_id", "employers", merging.move_places),
        Joining("occupied_places", "workplace_id", "workplaces"),
    ),
    anew={LinkPurpose.INVITATION: people.invite_anew},
    answers=((events.employer_name_of, queries.employer_name_of),),
    chores=(joining.mail_unmailed, access_review.review_access),
    grants=(
        Grant(queries.employers_seen_by, (Action.READ_OWN_EMPLOYER, Action.READ_EMPLOYERS)),
        Grant(queries.registrations_seen_by, (Action.MANAGE_EMPLOYERS,)),
    ),
    holds=(
        Holding(
            "contacts",
            People.EMPLOYERS,
            _l("Kontaktpersoner, og hvem der underskriver"),
            {
                "contact_persons": ALL_COLUMNS,
                "workplaces": (
                    "staff_stated_by",
                    "representative_name",
                    "representative_email",
                    "representative_phone",
                ),
            },
            _l("Kommunen skal kunne ringe og skrive til virksomheden."),
            LegalBasis.TASK,
            _l(
                "Virksomheden selv, og konsulenter og ledere i den kommune, der tager sig af den. Kontaktpersonens "
                "navn også den borger, der har et forslag dertil."
            ),
            (Kept(_l("Så længe du er virksomhedens kontaktperson eller underskriver for den.")),),
        ),
        Holding(
            "registrations",
            People.EMPLOYERS,
            _l("Hvad du skrev, da virksomheden blev tilmeldt"),
            {"employer_registrations": ALL_COLUMNS, "unconfirmed_registrations": ALL_COLUMNS},
            _l("En konsulent ser, hvem der vil være med, før nogen får adgang."),
            LegalBasis.TASK,
            _l(
                "Konsulenter i den kommune, du valgte, og kontaktpersonerne, hvis virksomheden er med i forvejen."
            ),
            (
                Kept(_l("%(time)s efter, at kommunen har svaret."), setting="KEEP_REGISTRATIONS"),
                Kept(
                    _l("Bekræfter du ikke din e-mail, er det væk efter %(time)s."),
                    time=joining.CONFIRMATION_LIFETIME,
                ),
            ),
        ),
        Holding(
            "invitations",
            People.EMPLOYERS,
            _l("At en kollega har inviteret dig"),
            {"employer_invitations": ALL_COLUMNS},
            _l("Linket i mailen skal virke."),
            LegalBasis.TASK,
            _l("Dine kolleger i virksomheden."),
            (
                Kept(
                    _l("%(time)s efter, at du har sagt ja, eller linket er udløbet."),
                    setting="KEEP_INVITATIONS",
                ),
            ),
        ),
        Holding(
            "approvals",
            People.STAFF,
            _l("Hvem der godkendte en virksomhed, lagde to sammen eller sagde, at to ikke er den samme"),
            {
                "employers": ("approved_by_id",),
                "merged_employers": ("old_name", "merged_by_id"),
                "employers_told_apart": ("told_by_id",),
            },
            _l("Det skal kunne ses, hvem der har besluttet det."),
            LegalBasis.PROOF,
            _l("Administratorer, i loggen."),
            (Kept(_l("Så længe virksomheden er i portalen.")),),
        ),
    ),
    nobody=(
        HoldsNobody(("employer_trades",), _l("Hvilket fag en virksomhed har hørt til, og fra hvornår.")),
        HoldsNobody(
            ("access_reviews",),
            _l("Hvornår en virksomhed blev spurgt, hvem der stadig skal kunne logge ind."),
        ),
        HoldsNobody(
            ("register_answers",), _l("Hvad CVR-registret siger om en virksomhed: navn og adresser.")
        ),
        HoldsNobody(
            ("occupied_places",), _l("Pladser, der er optaget i en periode, uden hvem der sidder i dem.")
        ),
    ),
    forgets=(forget_asked, forget_unsaid, forget_decided),
)
