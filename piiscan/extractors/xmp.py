"""Texts of XMP packets (ISO 16684-1): creator, title, description, and what others put there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

__all__ = ["texts"]

_SPACES = frozenset({"rdf", "dc", "pdf", "photoshop", "pdfx", "Iptc4xmpCore", "exif", "xmpRights"})
_PACKETS = 50
_LONGEST = 1 << 20


def texts(data: bytes) -> Iterator[str]:
    """Texts of the packets that lie uncompressed in ``data``."""
    at = 0
    for _ in range(_PACKETS):
        at = data.find(b"<x:xmpmeta", at)
        end = data.find(b"</x:xmpmeta>", at) if at >= 0 else -1
        if end < 0:
            return
        packet = data[at : min(end, at + _LONGEST)].decode("utf-8", "replace")
        for tag, text in re.findall(r"<([\w:]+)[^<>]*>([^<>]+)</", packet):
            value = html.unescape(text).strip()
            if value and tag.partition(":")[0] in _SPACES:
                yield value
        at = end
