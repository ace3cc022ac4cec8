"""The character sets of Windows fonts (``lfCharSet``), as RTF, Word and metafiles name them, and their codecs."""

from __future__ import annotations

__all__ = ["CHARSETS"]

#: 0 (ANSI), 1 (default) and 2 (symbols) say nothing of a codec and are left out.
CHARSETS = {
    77: "mac_roman", 78: "shift_jis", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip
