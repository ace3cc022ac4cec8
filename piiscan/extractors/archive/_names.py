"""Names of members as their makers meant them.

Archivers of the time before Unicode wrote the bytes of the system they ran
on: Shift_JIS on Windows and DOS, EUC-JP on Unix.
"""

from __future__ import annotations

import re

__all__ = ["member_name"]

_CUT = re.compile(rb"([\x81-\x9f\xe0-\xfc])/")
_HALF_KANA = re.compile("[｡-ﾟ]")


def member_name(raw: bytes, *, unix: bool = False) -> str:
    """UTF-8, Shift_JIS or EUC-JP by what the bytes can be; ``unix`` breaks the tie that half-width katakana make.

    Every pair of EUC-JP bytes below 0xE0 is also two half-width katakana in Shift_JIS.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    windows, euc = _try(raw, "cp932"), _try(raw, "euc_jp")
    if windows is not None and euc is not None:
        return euc if unix and _HALF_KANA.search(windows) else windows
    # libarchive takes the second byte of 表 and its like for a backslash in old RAR archives; no other pair ends in a slash.
    mended = _try(_CUT.sub(rb"\1\\", raw), "cp932")
    for text in (windows, euc, mended):
        if text is not None:
            return text
    return raw.decode("cp932", "replace")


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
