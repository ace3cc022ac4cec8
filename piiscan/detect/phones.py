"""Japanese telephone numbers: which of them are valid and belong to a person or an office.

The library ``phonenumbers`` (Google's metadata of the numbering plan) decides
validity. Free-phone (0120, 0800), shared-cost (0570), premium (0990), pager and
machine numbers (020) reach services, not people, and are not reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, PhoneNumberType

__all__ = ["Phone", "parse"]

#: Kinds of numbers behind which stands one person, household or office.
_PERSONAL = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP})
_MOBILE_PREFIXES = ("060", "070", "080", "090")
_MOBILE_DIGITS = 11
_DIGITS = re.compile("[0-9]+")


class Phone(NamedTuple):
    """A valid number.

    :ivar national: digits with the leading zero.
    :ivar mobile: 060, 070, 080, 090.
    :ivar usual_grouping: written in the groups of the numbering plan, or in no groups.
    """

    national: str
    mobile: bool
    usual_grouping: bool

    def __repr__(self) -> str:
        """Without the number."""
        return f"Phone(mobile={self.mobile}, usual_grouping={self.usual_grouping})"


@lru_cache(maxsize=1)
def _mobile() -> Callable[[str], object]:
    """Whether a national number without its zero is that of a mobile, by the library's own expression for Japan."""
    metadata = PhoneMetadata.metadata_for_region("JP")
    pattern = metadata.mobile.national_number_pattern if metadata and metadata.mobile else None
    return re.compile(pattern or "(?!)").fullmatch


@lru_cache(maxsize=32768)
def _national(digits: str) -> tuple[str, ...] | None:
    """Groups of a valid national number (with its zero), or None when it is not valid or reaches no person."""
    if len(digits) == _MOBILE_DIGITS and digits.startswith(_MOBILE_PREFIXES) and _mobile()(digits[1:]):
        return digits[:3], digits[3:7], digits[7:]  # what the library says too, in a fiftieth of its time
    try:
        number = phonenumbers.parse(digits, "JP")
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _PERSONAL:
        return None
    formatted = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return tuple("".join(ch if ch.isdigit() else " " for ch in formatted).split())


def parse(text: str) -> Phone | None:
    """A number as people write it (folded): ``03-1234-5678``, ``(03)1234-5678``, ``+81 (0)3 1234 5678``, ``09012345678``.

    :return: None when the plan knows no such number, or when it reaches a service.
    """
    plain = text.strip()
    groups = _DIGITS.findall(plain)
    digits = "".join(groups)
    if plain.startswith(("+", "(+")) or digits.startswith(("81", "0081", "01081")):
        if len(digits) > 11:  # shorter, 0081… and 01081… are national numbers themselves
            digits = digits.removeprefix("010") if digits.startswith("01081") else digits.removeprefix("00")
        digits = digits.removeprefix("81")
        digits = digits if digits.startswith("0") else "0" + digits
        groups = []
    if not digits.startswith("0") or len(digits) not in {10, 11} or len(set(digits[3:])) == 1:
        return None
    usual = _national(digits)
    if usual is None:
        return None
    written = tuple(groups)
    mobile = digits.startswith(_MOBILE_PREFIXES)
    return Phone(digits, mobile, len(written) <= 1 or written == usual or (mobile and tuple(len(g) for g in written) == (3, 4, 4)))
