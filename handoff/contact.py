"""How to reach somebody: telephone numbers and e-mail addresses as people write them."""

import re

import phonenumbers

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}(?![\w-])")
_OLD_MOBILE = re.compile(r"(?<!\d)\+?52\s*1[\s-]*(?=(?:\d[\s()-]*){10}(?!\d))")


def find_phone(text: str) -> str | None:
    """The first valid telephone number in ``text`` in international form (``+525522820200``), or None.

    Ten digits are read as Mexican; returnees may give a number of the United States with +1.
    """
    # Until 2020 mobile numbers were written +52 1; that 1 is no longer dialled.
    for match in phonenumbers.PhoneNumberMatcher(_OLD_MOBILE.sub("+52 ", text), "MX"):
        if phonenumbers.is_valid_number(match.number):
            return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def find_email(text: str) -> str | None:
    """The first e-mail address in ``text``, in lower case, or None."""
    found = _EMAIL.search(text)
    return found[0].lower() if found else None


def spoken_phone(phone: str) -> str:
    """``+525522820200`` → ``55 2282 0200``; foreign numbers keep their country code."""
    number = phonenumbers.parse(phone)
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if number.country_code == 52:
        form = phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, form)
