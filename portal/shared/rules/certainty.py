"""How far a row was read where it is said to stand, said wherever the rule speaks. Pure."""

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum


class Certainty(LabelledEnum):
    """How far the number was read where it is said to stand."""

    READ = "read", _l("Kontrolleret")
    PARTLY = "partly", _l("Delvist kontrolleret")
    UNVERIFIED = "unverified", _l("Skal bekræftes")


def marked(reference: str, certainty: Certainty) -> str:
    """The reference with its mark; what was read is said without one."""
    if certainty is Certainty.READ:
        return reference
    if certainty is Certainty.PARTLY:
        return str(_l("%(act)s (delvist kontrolleret)", act=reference))
    return str(_l("%(act)s (skal bekræftes)", act=reference))
