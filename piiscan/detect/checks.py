"""Check digits, and what else a number must satisfy to be what it claims.

Each function of :data:`CHECKS` takes the matched text (folded) and returns
:class:`Checked` with the value in its compared form, or None when the value
cannot be of that kind. Most check digits are weak (one random number in ten
passes), so passing is a reason among others; only failing decides.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from piiscan.detect import dates, phones
from piiscan.detect.gazetteer import postal_exists
from piiscan.resources import recognizers_dir

__all__ = [
    "CHECKS",
    "MOST_BOOST",
    "RAISING",
    "Check",
    "Checked",
    "card_brand",
    "corporate_number_digit",
    "digits_of",
    "driver_license_digits",
    "few_pass",
    "luhn",
    "mrz_digit",
    "my_number_digit",
    "resident_code_digit",
]

#: The most that a check adds to a probability.
MOST_BOOST: Final = 0.05


class Checked(NamedTuple):
    """A value that may be what it claims.

    :ivar norm: its compared form.
    :ivar note: what was checked, for people (English; without the value).
    :ivar factor: what the probability is multiplied with (a doubt that the check found).
    :ivar at_most: a bound on the probability, whatever label stands there.
    :ivar boost: added to the probability (a check that raises and never removes).
    """

    norm: str
    note: str = ""
    factor: float = 1.0
    at_most: float = 1.0
    boost: float = 0.0

    def __repr__(self) -> str:
        """Without the value."""
        return f"Checked({self.note!r}, factor={self.factor}, at_most={self.at_most}, boost={self.boost})"


Check = Callable[[str], "Checked | None"]


def few_pass(passed: int, numbers: int, *, least: int) -> bool:
    """Whether so few of several numbers pass a check that they do by chance, as one in ten does: all are numbers of something else.

    :param least: of fewer numbers nothing is said.
    """
    return numbers >= least and 2 * passed < numbers


def digits_of(text: str) -> str:
    """The ASCII digits in ``text``."""
    return "".join(ch for ch in text if "0" <= ch <= "9")


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True))


def _all_same(digits: str) -> bool:
    return len(set(digits)) == 1


# ---------------------------------------------------------------- government numbers

_MY_NUMBER = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_TEN = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def my_number_digit(body: str) -> int:
    """Check digit of the first eleven digits of an individual number (平成26年総務省令第85号 5条).

    >>> my_number_digit("12345678901")
    8
    """
    rest = _weighted(body, _MY_NUMBER) % 11
    return 0 if rest <= 1 else 11 - rest


def _my_number(text: str) -> Checked | None:
    digits = digits_of(text)
    if len(digits) != 12 or _all_same(digits) or my_number_digit(digits[:11]) != int(digits[11]):
        return None
    return Checked(digits, "check digit passes")


def _my_number_cell(text: str) -> Checked | None:
    """As :func:`_my_number`, for a number whose leading zeros a spreadsheet took away."""
    checked = _my_number(digits_of(text).zfill(12))
    return Checked(checked.norm, "check digit passes with its lost zero") if checked else None


def corporate_number_digit(body: str) -> int:
    """Check digit (the first of thirteen) of the other twelve (法人番号の指定等に関する省令 2条).

    >>> corporate_number_digit("123456789012")
    7
    """
    total = sum(int(d) * (1 if n % 2 == 0 else 2) for n, d in enumerate(reversed(body)))
    return 9 - total % 9


def _corporate_number(text: str) -> Checked | None:
    digits = digits_of(text)
    if len(digits) != 13 or _all_same(digits) or corporate_number_digit(digits[1:]) != int(digits[0]):
        return None
    return Checked(digits, "check digit passes")


#: Codes of the public safety commissions that issue licences (prefecture and, for Hokkaido, area).
_COMMISSIONS = frozenset(
    [*range(10, 15), *range(20, 26), 30, *range(40, 50), *range(50, 56), *range(60, 66), *range(70, 75), *range(80, 84), *range(90, 98)]
)


def driver_license_digits(body: str) -> frozenset[int]:
    """Check digits (the eleventh) that sources allow for the first ten digits of a licence number.

    For remainder 0 sources disagree between 0 and 1, so both are allowed.

    >>> sorted(driver_license_digits("3090123456"))
    [2]
    """
    rest = _weighted(body, _TEN) % 11
    if rest == 0:
        return frozenset({0, 1})
    return frozenset({0 if rest == 1 else 11 - rest})


def _driver_license(text: str) -> Checked | None:
    digits = digits_of(text)
    if len(digits) != 12 or int(digits[:2]) not in _COMMISSIONS or int(digits[10]) not in driver_license_digits(digits[:10]):
        return None
    return Checked(digits, "issuer code and check digit pass")


def resident_code_digit(body: str) -> int:
    """Very probable (unconfirmed) check digit of the first ten of a 住民票コード."""
    rest = _weighted(body, _TEN) % 11
    return 0 if rest <= 1 else 11 - rest


def _resident_code(text: str) -> Checked | None:
    digits = digits_of(text)
    if len(digits) != 11 or _all_same(digits):
        return None
    # The rule is not published, so it may raise a number but never removes one.
    if resident_code_digit(digits[:10]) == int(digits[10]):
        return Checked(digits, "check digit passes", boost=MOST_BOOST)
    return Checked(digits)


def _pension(text: str) -> Checked | None:
    digits = digits_of(text)
    if len(digits) != 10 or _all_same(digits) or digits.startswith(("0120", "0800", "0570")):
        return None
    return Checked(digits)


def _employment_insurance(text: str) -> Checked | None:
    digits = digits_of(text)
    return Checked(digits) if len(digits) == 11 and not _all_same(digits) else None


def _residence_card(text: str) -> Checked | None:
    plain = "".join(text.split()).upper()
    digits = digits_of(plain)
    return Checked(plain) if len(digits) == 8 and not _all_same(digits) else None


# ------------------------------------------------------------------------- passports

_MRZ = re.compile(r"([A-Z0-9<]{9})([0-9])[A-Z]{3}([0-9]{6})([0-9])[MFX<]([0-9]{6})([0-9])[A-Z0-9<]{14}[0-9<][0-9]")


def mrz_digit(field: str) -> int:
    """Check digit of a field of a machine-readable zone (ICAO Doc 9303 part 3, 4.9: weights 7 3 1).

    >>> mrz_digit("L898902C3")
    6
    """
    total = 0
    for i, ch in enumerate(field):
        value = 0 if ch == "<" else int(ch) if ch.isdigit() else ord(ch) - 55
        total += value * (7, 3, 1)[i % 3]
    return total % 10


def _mrz(text: str) -> Checked | None:
    match = _MRZ.fullmatch(text.strip())
    if match is None:
        return None
    number, number_check, birth, birth_check, expiry, expiry_check = match.groups()
    for field, check in ((number, number_check), (birth, birth_check), (expiry, expiry_check)):
        if mrz_digit(field) != int(check):
            return None
    return Checked(number.rstrip("<"), "check digits of the machine-readable zone pass")


#: With blanks between its figures (ＴＫ １２３４５６７); what is longer is a line of a machine-readable zone.
_LONGEST_PASSPORT = 20


def _passport(text: str) -> Checked | None:
    if len(text) > _LONGEST_PASSPORT:
        return _mrz(text)
    plain = "".join(ch for ch in text.upper() if ch.isalnum())
    return Checked(plain) if not _all_same(digits_of(plain)) else None


# ----------------------------------------------------------------------- insurance


def _health_insurer(text: str) -> Checked | None:
    """保険者番号: 8 digits (法別番号 2, 都道府県 2, 保険者別 3, 検証 1) or 6 (国民健康保険); 診療報酬請求書等の記載要領 別添2."""
    digits = digits_of(text)
    if len(digits) not in {6, 8} or _all_same(digits) or not luhn(digits):
        return None
    prefecture = int(digits[-6:-4])
    if not 1 <= prefecture <= 47:
        return None
    return Checked(digits, "check digit passes")


_SYMBOL_SIGNS = re.compile(r"[\s:：・,、/\-]+")


def _insurance_symbol(text: str) -> Checked | None:
    """記号・番号: any characters, but digits among them."""
    plain = _SYMBOL_SIGNS.sub("-", text.strip()).strip("-")
    plain = plain.replace("記号", "").replace("番号", "-").replace("枝-", "枝番").strip("-")
    digits = digits_of(plain)
    if not 2 <= len(digits) <= 20:
        return None
    return Checked(re.sub("-+", "-", plain))


# -------------------------------------------------------------------------- cards


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B.

    >>> luhn("4111111111111111")
    True
    """
    total = 0
    for i, ch in enumerate(reversed(digits)):
        value = int(ch)
        if i % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


#: ``(first digits as a closed range, lengths, brand)``; DETECTION.md, from the brands' published ranges.
_BRANDS: tuple[tuple[int, int, tuple[int, ...], str], ...] = (
    (4, 4, (16,), "Visa"),
    (51, 55, (16,), "Mastercard"),
    (2221, 2720, (16,), "Mastercard"),
    (3528, 3589, (16,), "JCB"),
    (34, 34, (15,), "American Express"),
    (37, 37, (15,), "American Express"),
    (300, 305, (14, 16), "Diners Club"),
    (309, 309, (14, 16), "Diners Club"),
    (36, 36, (14, 16), "Diners Club"),
    (38, 39, (14, 16), "Diners Club"),
    (6011, 6011, (16,), "Discover"),
    (644, 649, (16,), "Discover"),
    (65, 65, (16,), "Discover"),
    (62, 62, (16, 17, 18, 19), "UnionPay"),
)


def card_brand(digits: str) -> str:
    """Brand by prefix and length, or empty.

    >>> card_brand("3528000700000000")
    'JCB'
    """
    for low, high, lengths, brand in _BRANDS:
        if len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high:
            return brand
    return ""


def _credit_card(text: str) -> Checked | None:
    digits = digits_of(text)
    if not 14 <= len(digits) <= 19 or _all_same(digits) or not luhn(digits):
        return None
    brand = card_brand(digits)
    return Checked(digits, f"Luhn and the prefix of {brand} pass") if brand else None


def _credit_card_any(text: str) -> Checked | None:
    """Under a label also the brands that Japan's shops do not know (Maestro, Dankort)."""
    digits = digits_of(text)
    if not 14 <= len(digits) <= 19 or _all_same(digits) or digits[0] in "0178" or not luhn(digits):
        return None
    return Checked(digits, "Luhn passes")


# --------------------------------------------------------------------------- others


def _phone(text: str) -> Checked | None:
    number = phones.parse(text)
    if number is None:
        return None
    return Checked(number.national, "valid by the numbering plan", factor=1.0 if number.usual_grouping else 0.8)


def _phone_cell(text: str) -> Checked | None:
    """As :func:`_phone`, and a number whose leading zero a spreadsheet took away."""
    number = phones.parse(text if text.startswith("0") else "0" + text)
    return Checked(number.national, "valid by the numbering plan with its lost zero") if number else None


_YEARS = re.compile(r"(?:19|20)[0-9]{2} ?- ?(?:19|20)[0-9]{2}")


def _phone_local(text: str) -> Checked | None:
    """A number without its area code (33-2145, 5555-0123): six to eight digits that are no two years."""
    digits = digits_of(text)
    if not 6 <= len(digits) <= 8 or len(set(digits[-4:])) == len(set(digits)) == 1 or _YEARS.fullmatch(text):
        return None
    return Checked(digits, "a number without its area code")


def _postal_code(text: str) -> Checked | None:
    digits = digits_of(text)
    if len(digits) != 7 or not postal_exists(digits):
        return None
    return Checked(digits, "in the postal table")


def _postal_code_cell(text: str) -> Checked | None:
    """As :func:`_postal_code`, for a code whose leading zero a spreadsheet took away (060-0001 as 600001)."""
    checked = _postal_code("0" + text)
    return Checked(checked.norm, "in the postal table with its lost zero") if checked else None


def _birth_date(text: str) -> Checked | None:
    found = dates.parse(text)
    if found is None or not found.plausible_birth():
        return None
    return Checked(found.iso, "a date that a living person may be born on")


#: Machines' words longer than this also begin an address: no-reply-1234.
_LONG_MACHINE = 6


@cache
def _mail_words() -> tuple[frozenset[str], frozenset[str], tuple[str, ...], frozenset[str]]:
    """Words for roles, for machines, the long ones of the latter, and top-level domains."""
    folder = recognizers_dir() / "context"
    import yaml

    with (folder / "mail.yaml").open(encoding="utf-8") as file:
        data = yaml.safe_load(file)
    tlds = frozenset((folder / "tlds.txt").read_text(encoding="utf-8").split("\n")[1:])
    machines = frozenset(data["machines"])
    return frozenset(data["roles"]), machines, tuple(word for word in machines if len(word) > _LONG_MACHINE), tlds


#: Carriers that gave out addresses with ``..`` and ``.@`` against RFC 5321 (until 2009; such addresses still work).
_DOTTED_CARRIERS = ("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp")


@lru_cache(maxsize=128)  # its check asks, and then its column
def is_role_address(mail: str) -> bool:
    """Whether an e-mail address reaches a role (info@, sales-1@) rather than one person."""
    local = mail.partition("@")[0].lower()
    roles = _mail_words()[0]
    return local in roles or re.split(r"[+\-_.0-9]", local, maxsplit=1)[0] in roles


#: [at] and its like, where a page keeps programs from reading an address.
_SPELLED_AT = re.compile(r" ?[\[(<{【](?:at|アット(?:マーク)?|@)[\])>}】] ?", re.IGNORECASE)


def _email(text: str) -> Checked | None:
    local, _, domain = _SPELLED_AT.sub("@", text).rpartition("@")
    local = local.lower()
    domain = domain.lower().rstrip(".")
    labels = domain.split(".")
    if not local or len(local) > 64 or local[0] == "." or not all(labels):
        return None
    if (".." in local or local[-1] == ".") and not domain.endswith(_DOTTED_CARRIERS):
        return None
    _, machines, long_machines, tlds = _mail_words()
    if labels[-1] not in tlds and not labels[-1].startswith("xn--"):
        return None
    norm = f"{local}@{domain}"
    if local in machines or local.startswith(long_machines):
        return Checked(norm, "address of a machine", at_most=0.3)
    if is_role_address(norm):
        return Checked(norm, "role address", at_most=0.55)
    return Checked(norm)


def _ip_address(text: str) -> Checked | None:
    try:
        address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return None
    norm = address.compressed
    if address.is_unspecified or address.is_loopback or address.is_multicast or norm.endswith(".255") or norm.startswith("255."):
        return None
    if isinstance(address, ipaddress.IPv6Address) and text.count(":") < 3:
        return None
    if not address.is_global:
        return Checked(norm, "address inside a network", at_most=0.45)
    # 1.2.3.4 is a version or a section more often than a host
    small = isinstance(address, ipaddress.IPv4Address) and max(address.packed) < 32
    return Checked(norm, "public address", factor=0.4 if small else 1.0)


_GENDERS = {
    "男": "M", "男性": "M", "男子": "M", "おとこ": "M", "m": "M", "male": "M", "man": "M", "♂": "M",
    "女": "F", "女性": "F", "女子": "F", "おんな": "F", "f": "F", "female": "F", "woman": "F", "♀": "F",
    "その他": "X", "x": "X", "other": "X", "無回答": "-", "回答しない": "-", "不明": "-", "1": "M", "2": "F", "0": "-", "9": "-",
}  # fmt: skip


def _gender(text: str) -> Checked | None:
    norm = _GENDERS.get(text.strip().lower())
    return Checked(norm) if norm else None


def _age(text: str) -> Checked | None:
    digits = digits_of(text)
    return Checked(str(int(digits))) if digits and int(digits) <= 120 else None


_HAS_DIGIT = re.compile("[0-9]")
_OFFICE_DATE = re.compile(r"(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12][0-9]|3[01])")


def _office_number(text: str) -> Checked | None:
    """A number that an office gives: letters, digits and hyphens with a digit among them, and no date."""
    plain = text.strip()
    if not _HAS_DIGIT.search(plain) or _OFFICE_DATE.fullmatch(plain):
        return None
    return Checked(plain.upper())


def _bank_account(text: str) -> Checked | None:
    digits = digits_of(text)
    return Checked(digits) if len(digits) >= 4 and not (_all_same(digits) and digits[0] == "0") else None


def _yucho(text: str) -> Checked | None:
    """ゆうちょ: symbol 1xxx0 (five digits) and number of up to eight digits (記号番号から振込用の店名・口座番号への変換規則)."""
    digits = digits_of(text)
    if len(digits) < 7 or digits[0] != "1" or digits[4] != "0":
        return None
    return Checked(f"{digits[:5]}-{digits[5:]}", "symbol of the Japan Post Bank")


_CREDENTIAL_NOTHING = re.compile(
    r"[*＊●○•・.\-_xX?#]+|(?:str|string|int|bool|none|null|nil|true|false|undefined|required|optional|password|passwd|secret|token|value|text|varchar"
    r"|hidden|masked|redacted|changeme|your.*|my.*|example|sample|test|todo|n/?a|env|config|empty|self|input|args?|params?|default|here|is|and|or|the|for|to)",
    re.IGNORECASE,
)


def _credential(text: str) -> Checked | None:
    """A secret, unless it is a mask, a placeholder, a type, or code that fetches it."""
    plain = text.strip().rstrip(",;.。、")
    if len(plain) < 4 and not plain.isdigit():
        return None
    if len(plain) < 3 or _CREDENTIAL_NOTHING.fullmatch(plain):
        return None
    if plain.startswith(("$", "%", "{", "<", "(", "@", "&", "os.", "self.", "process.", "getpass", "env.")) or plain.endswith(
        (")", "(", "]", "[", "}")
    ):
        return None
    if any(word in plain for word in ("://", "://", "()", "->", "=>")):
        return None
    weak = plain.isalpha() and plain.islower()
    return Checked(plain, factor=0.55 if weak else 1.0)


def _plate(text: str) -> Checked | None:
    return Checked("".join(text.split()))


def _url(text: str) -> Checked | None:
    return Checked(text.rstrip("/.,").lower())


#: Names that rule files use.
CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "my_number": _my_number,
        "corporate_number": _corporate_number,
        "driver_license": _driver_license,
        "resident_code": _resident_code,
        "pension": _pension,
        "employment_insurance": _employment_insurance,
        "residence_card": _residence_card,
        "passport": _passport,
        "health_insurer": _health_insurer,
        "insurance_symbol": _insurance_symbol,
        "credit_card": _credit_card,
        "credit_card_any": _credit_card_any,
        "phone": _phone,
        "my_number_cell": _my_number_cell,
        "phone_cell": _phone_cell,
        "phone_local": _phone_local,
        "postal_code": _postal_code,
        "postal_code_cell": _postal_code_cell,
        "birth_date": _birth_date,
        "email": _email,
        "ip_address": _ip_address,
        "gender": _gender,
        "age": _age,
        "office_number": _office_number,
        "bank_account": _bank_account,
        "yucho": _yucho,
        "credential": _credential,
        "plate": _plate,
        "url": _url,
    }
)

#: Those that may add to a probability; with any other a form is at most as sure as its rule says.
RAISING: Final = frozenset({_resident_code})
