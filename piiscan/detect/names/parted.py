"""Lists whose names have a half-width blank inside and a full-width one between them: 西川 美咲　新井 学　椎葉さん　今井氏."""

from __future__ import annotations

import re
from typing import Final

from piiscan.detect.names.cells import TITLE, judge
from piiscan.detect.names.families import is_family

__all__ = ["parted"]

#: The items of a line, maybe behind a label; no table of several things.
_LINE = re.compile(
    r"(?m)(?:(?<=[:：\t|])|^)[ \t]{0,8}(?P<items>[^\n\u3000\t:：|0-9０-９]{1,14}(?:\u3000[^\n\u3000\t:：|0-9０-９]{1,14}){2,30})[ \t]{0,8}(?=[\n|\t]|$)"
)
_WHOLE: Final = 0.85
_MOSTLY: Final = 0.7


def parted(text: str) -> str:
    """The text with a comma for each full-width blank of such lists; as long as it was."""
    if text.count("\u3000") < 2:
        return text
    return _LINE.sub(_with_commas, text)


def _with_commas(match: re.Match[str]) -> str:
    line = match.group()
    items = match["items"].split("\u3000")
    whole = sum(" " in item.strip() and judge(item.strip()).score >= _WHOLE for item in items)
    if not whole:
        return line
    others = [TITLE.sub("", item.strip()) for item in items if " " not in item.strip()]
    named = whole + sum(is_family(name) and (len(name) > 1 or whole > 1) for name in others)
    need = _MOSTLY if whole > 1 else 1.0  # 平　沙織　吉川 慎一 are two
    return line.replace("\u3000", "、") if named >= need * len(items) else line
