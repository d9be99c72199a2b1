"""WTForms' own messages in Danish: it ships no Danish catalogue."""

MESSAGES = {
    "This field is required.": "Udfyld feltet.",
    "Invalid Choice: could not coerce.": "Vælg en af mulighederne.",
    "Not a valid choice.": "Vælg en af mulighederne.",
    "Choices cannot be None.": "Vælg en af mulighederne.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Et eller flere valg kan ikke bruges.",
    "Not a valid integer value.": "Skriv et helt tal.",
    "Not a valid decimal value.": "Skriv et tal, for eksempel 12,5.",
    "Not a valid float value.": "Skriv et tal, for eksempel 12,5.",
    "Not a valid datetime value.": "Skriv dato og klokkeslæt.",
    "Not a valid date value.": "Skriv en dato som dag-måned-år, for eksempel 24-12-2026.",
    "Not a valid time value.": "Skriv et klokkeslæt, for eksempel 08:30.",
    "Not a valid week value.": "Skriv en uge.",
    "Invalid field name '%s'.": "Feltet %s findes ikke.",
    "Field must be equal to %(other_name)s.": "Feltet skal være det samme som %(other_name)s.",
    "Invalid email address.": "Skriv en e-mailadresse, for eksempel navn@firma.dk.",
    "Invalid input.": "Det kan ikke bruges her.",
    "Invalid URL.": "Skriv en webadresse.",
    "Invalid IP address.": "Skriv en IP-adresse.",
    "Invalid Mac address.": "Skriv en MAC-adresse.",
    "Invalid UUID.": "Det kan ikke bruges her.",
    "Invalid value, must be one of: %(values)s.": "Vælg en af: %(values)s.",
    "Invalid value, can't be any of: %(values)s.": "Det må ikke være en af: %(values)s.",
    "This field cannot be edited": "Feltet kan ikke ændres.",
    "This field is disabled and cannot have a value": "Feltet kan ikke udfyldes nu.",
    "This field must be empty.": "Feltet skal være tomt.",
    "Number must be at least %(min)s.": "Tallet skal være mindst %(min)s.",
    "Number must be at most %(max)s.": "Tallet må højst være %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Tallet skal være mellem %(min)s og %(max)s.",
    "Field must be at least %(min)d character long.": "Skriv mindst %(min)d tegn.",
    "Field must be at least %(min)d characters long.": "Skriv mindst %(min)d tegn.",
    "Field cannot be longer than %(max)d character.": "Skriv højst %(max)d tegn.",
    "Field cannot be longer than %(max)d characters.": "Skriv højst %(max)d tegn.",
    "Field must be exactly %(max)d character long.": "Skriv præcis %(max)d tegn.",
    "Field must be exactly %(max)d characters long.": "Skriv præcis %(max)d tegn.",
    "Field must be between %(min)d and %(max)d characters long.": "Skriv mellem %(min)d og %(max)d tegn.",
    "CSRF token missing.": "Siden var åben for længe. Prøv igen.",
    "CSRF failed.": "Siden var åben for længe. Prøv igen.",
    "CSRF token expired.": "Siden var åben for længe. Prøv igen.",
    "Invalid CSRF Token.": "Siden var åben for længe. Prøv igen.",
}


class DanishMessages:
    """The translations object that WTForms asks for."""

    def gettext(self, string: str) -> str:
        return MESSAGES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        text = singular if n == 1 else plural
        return MESSAGES.get(text, text)
