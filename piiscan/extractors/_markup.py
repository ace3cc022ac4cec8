"""What readers that take simple markup out before the parser sees it (sheets, records, tables of pages) have to know of XML."""

from __future__ import annotations

import re

__all__ = ["NOT_XML", "is_utf8", "resolved"]

#: Characters that XML has not, and CR, which it changes.
NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_UTF8 = re.compile(rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml(?:(?!encoding)[^>])*(?:encoding\s*=\s*["'](?i:utf-?8)["'][^>]*)?>|<(?!\?xml))""")
_NAMED = re.compile("&(?:lt|gt|quot|apos|amp);")


def is_utf8(head: bytes) -> bool:
    """Whether a document that begins so says that it is UTF-8, or says nothing, which means the same."""
    return _UTF8.match(head) is not None


def resolved(text: str) -> str | None:
    """The text without references; ``None`` where there is one that not all XML and HTML have."""
    if text.count("&") != len(_NAMED.findall(text)):
        return None
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    return text.replace("&amp;", "&")
