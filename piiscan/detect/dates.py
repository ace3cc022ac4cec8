"""Dates as Japanese offices write them: Western and 和暦, in figures, kanji, codes and English.

:func:`parse` reads one whole date. Which strings in a text are tried, and
whether a date is a date of birth, is said by ``recognizers/patterns/date_of_birth.yaml``.

Eras: 改元 by 明治5年太政官布告 and the later 元号 orders; a year counts to its
era when any day of it does, because people write 平成31年5月 and 昭和64年3月.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

__all__ = ["Date", "parse"]

#: First year and last year number of each era.
_ERAS: dict[str, tuple[int, int]] = {"明治": (1868, 45), "大正": (1912, 15), "昭和": (1926, 64), "平成": (1989, 31), "令和": (2019, 99)}
_ERA_SIGNS = {
    "明治": "明治", "大正": "大正", "昭和": "昭和", "平成": "平成", "令和": "令和",
    "明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和",
    "㍾": "明治", "㍽": "大正", "㍼": "昭和", "㍻": "平成", "㋿": "令和",
    "m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和",
}  # fmt: skip
#: Era codes of forms: 雇用保険 and 税 (1 to 5), 健康保険・厚生年金 (odd: 5 昭和, 7 平成, 9 令和).
_ERA_CODES = {"1": ("明治",), "2": ("大正",), "3": ("昭和", "大正"), "4": ("平成",), "5": ("昭和", "令和"), "7": ("平成",), "9": ("令和",)}
_KANJI = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_MONTHS = {name: i + 1 for i, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))}
#: Nobody alive is older (the oldest Japanese person lived 119 years).
_OLDEST_YEARS = 120


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date; ``day`` is 0 when only year and month were written."""

    year: int
    month: int
    day: int

    @property
    def iso(self) -> str:
        """``1975-04-01`` or ``1975-04``."""
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}" if self.day else f"{self.year:04d}-{self.month:02d}"

    def plausible_birth(self, today: dt.date | None = None) -> bool:
        """Not in the future, and not longer ago than people live."""
        today = today or dt.datetime.now(dt.UTC).date()
        if self.year < today.year:
            return today.year - self.year <= _OLDEST_YEARS
        # a day of grace: east of Greenwich it is already tomorrow
        return dt.date(self.year, self.month, self.day or 1) <= today + dt.timedelta(days=1)


_Y = r"(?P<y>元|[0-9]{1,2}|[〇零一二三四五六七八九十]{1,3})"
_M = r"(?P<m>[0-9]{1,2}|[〇一二三四五六七八九十]{1,3})"
_D = r"(?P<d>[0-9]{1,2}|[〇一二三四五六七八九十]{1,4})"
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令㍾㍽㍼㍻㋿MTSHRmtshr])"
_TIME = r"(?:[ T]0?0:00(?::00)?(?:\.0+)?)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_ERA}\.? ?{_Y} ?年 ?{_M} ?月(?: ?{_D} ?日?)?",
        rf"{_ERA}[. \-]? ?{_Y} ?[./\-・ ] ?{_M} ?[./\-・ ] ?{_D}",
        r"(?P<era>[MTSHRmtshr明大昭平令])[\- ]?(?P<y>[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        r"(?P<code>[1-579])[\- ]?(?P<y>[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        r"(?P<code>[1-579])[\- ](?P<y>[0-9]{2})(?P<sep>[\-. ])(?P<m>[0-9]{2})(?P=sep)(?P<d>[0-9]{2})",
        rf"(?P<yyyy>(?:18|19|20)[0-9]{{2}}|[一二][〇零一二三四五六七八九]{{3}}) ?年 ?{_M} ?月(?: ?{_D} ?日?)?",
        rf"(?P<yyyy>(?:18|19|20)[0-9]{{2}}) ?(?P<sep>[./\-・]) ?(?P<m>[0-9]{{1,2}}) ?(?P=sep) ?(?P<d>[0-9]{{1,2}}){_TIME}",
        r"(?P<yyyy>(?:18|19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        r"(?P<yyyy>(?:18|19|20)[0-9]{2}) (?P<m>[0-9]{1,2}) (?P<d>[0-9]{1,2})",
        r"(?P<name>[A-Za-z]{3,9})\.? (?P<d>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<yyyy>(?:18|19|20)[0-9]{2})",
        r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?[ \-](?P<name>[A-Za-z]{3,9})\.?,?[ \-](?P<yyyy>(?:18|19|20)[0-9]{2})",
        r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<yyyy>(?:18|19|20)[0-9]{2})",
    )
)


#: The same year once more in brackets: 1975年(昭和50年), 昭和50(1975)年, 1975(昭和50)年.
_YEAR_AGAIN = re.compile(r" ?\((?:(?:18|19|20)[0-9]{2}|(?:明治|大正|昭和|平成|令和|[明大昭平令MTSHR])\.?(?:元|[0-9]{1,2}))年?\) ?")
#: One box a figure, as forms print it: 昭和 5 0 年 0 4 月 0 1 日.
_SPREAD = re.compile(r"(?<=[0-9元年月]) (?=[0-9年月日])")


def _plain(text: str) -> str:
    plain = _YEAR_AGAIN.sub("", " ".join(text.split()), count=1)
    return _SPREAD.sub("", plain) if "年" in plain else plain


def _number(text: str) -> int:
    """Figures, positional kanji (一九七五) or kanji with tens (五十, 二十三)."""
    if text == "元":
        return 1
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)
    value = 0
    for ch in text:
        value = value * 10 + _KANJI[ch]
    return value


def _year(groups: dict[str, str | None]) -> int:
    if western := groups.get("yyyy"):
        return _number(western)
    year = _number(groups["y"] or "")
    eras = _ERA_CODES[groups["code"] or ""] if groups.get("code") else (_ERA_SIGNS[(groups["era"] or "").lower()],)
    for era in eras:
        first, last = _ERAS[era]
        if 1 <= year <= last:
            return first + year - 1
    return 0


def _month(groups: dict[str, str | None]) -> int:
    if name := groups.get("name"):
        month = _MONTHS.get(name[:3].lower(), 0)
        full = dt.date(2000, month, 1).strftime("%B").lower() if month else ""
        # "%B" follows the locale only after setlocale, which piiscan never calls
        return month if name.lower() in {full, full[:3], "sept"} else 0
    return _number(groups["m"] or "")


#: What most dates are; it has none of the other forms.
_WESTERN = re.compile(r"(?P<yyyy>(?:18|19|20)[0-9]{2})(?P<sep>[./\-])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})")


def _existing(year: int, month: int, day: int) -> Date | None:
    try:
        dt.date(year, month, day)
    except ValueError:
        return None
    return Date(year, month, day)


def parse(text: str) -> Date | None:
    """One date (folded text), or None when it is none.

    >>> parse("昭和50年4月1日").iso, parse("S50.4.1").iso, parse("昭和五十年四月一日").iso, parse("3-500401").iso
    ('1975-04-01', '1975-04-01', '1975-04-01', '1975-04-01')
    """
    if western := _WESTERN.fullmatch(text):
        return _existing(int(western["yyyy"]), int(western["m"]), int(western["d"]))
    plain = _plain(text)
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match is None:
            continue
        groups = match.groupdict()
        try:
            year, month = _year(groups), _month(groups)
            day = _number(groups["d"]) if groups.get("d") else 0
            if year:
                dt.date(year, month, day or 1)
                if day or not groups.get("d"):
                    return Date(year, month, day)
        except (ValueError, KeyError):
            continue
    return None
