"""What a consultant has answered about a demand that the portal cannot judge itself."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.shared.rules.findings import Finding, Verdict


class Reply(LabelledEnum):
    """Whether a demand is met, as she looked it up or asked; no reply is a state of its own."""

    YES = "yes", _l("Ja")
    NO = "no", _l("Nej")
    NOT_NEEDED = "not_needed", _l("Ikke relevant")


def unanswered(rule: str, sentence: Any, reference: str, remedy: Any) -> Finding:
    """A question that must be answered first: no reason passes it."""
    return Finding(rule, Verdict.STOP, sentence, reference, remedy, is_question=True)


def judged_by_reply(
    rule: str,
    reply: Reply | None,
    demand: Any,
    reference: str,
    *,
    remedy: Any,
    not_needed: Any = None,
) -> Finding:
    """`not_needed`: what is said where the demand is not hers to meet; None: it always is."""
    if reply is Reply.YES:
        return Finding(rule, Verdict.OK, demand, reference)
    if reply is Reply.NOT_NEEDED and not_needed is not None:
        return Finding(rule, Verdict.OK, not_needed, reference)
    if reply is Reply.NO:
        said = _l("Kravet er ikke opfyldt: %(demand)s", demand=demand)
        return Finding(rule, Verdict.STOP, said, reference, remedy)
    return unanswered(
        rule,
        _l("Der mangler svar: %(demand)s", demand=demand),
        reference,
        _l("Se efter i sagen, eller spørg, og svar på arket."),
    )
