"""How a name in kanji may be read, by the lists: which family and given name it is, and their readings."""

from __future__ import annotations

import lzma
import re
from functools import cache, lru_cache

from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import katakana, modern_forms
from piiscan.detect.normalize import nfkc
from piiscan.resources import recognizers_dir

__all__ = ["PARTS", "could_be_read", "readings", "split_name"]

#: What stands between the parts of a name.
PARTS = re.compile(r"[\s・･,=゠]+")


def split_name(value: str) -> tuple[str, str] | None:
    """Family and given name of a whole name in kanji, in today's characters.

    >>> split_name("髙橋　花子"), split_name("長谷川太郎")
    (('高橋', '花子'), ('長谷川', '太郎'))
    """
    text = modern_forms(nfkc(value)).strip()
    parts = [part for part in PARTS.split(text) if part]
    if len(parts) >= 2:
        return parts[0], "".join(parts[1:])
    lex = lexicon()
    best: tuple[int, int] | None = None
    for cut in range(1, len(text)):
        bearers = lex.surnames.get(text[:cut])
        if bearers is None:
            continue
        rating = (2 if text[cut:] in lex.given else 0) + (1 if bearers else 0)
        if best is None or (rating, cut) > best:
            best = (rating, cut)
    return (text[: best[1]], text[best[1] :]) if best else None


@cache
def _parts() -> bytes:
    folder = recognizers_dir() / "dictionaries"
    parts = [lzma.decompress((folder / "name_parts.txt.xz").read_bytes())]
    for kind, name in ((b"s\t", "surnames.tsv"), (b"g\t", "given_names.tsv")):
        parts += [kind + line.rpartition(b"\t")[0] for line in (folder / name).read_bytes().splitlines()]
    return b"\n" + b"\n".join(parts) + b"\n"


@lru_cache(maxsize=2_048)
def readings(kind: str, name: str) -> frozenset[str]:
    """Readings of a family (``s``) or given name (``g``) in katakana. A look into the list itself: a table of it would take 100 MB."""
    found = re.findall(b"\n" + f"{kind}\t{re.escape(name)}\t".encode() + b"([^\n]+)(?=\n)", _parts())
    return frozenset(reading.decode() for reading in found)


def could_be_read(reading: str, name: str) -> bool:
    """Whether a reading may be that of a name in kanji, as far as the lists know its family name."""
    text = modern_forms(nfkc(name)).strip()
    whole = (text, "") if text in lexicon().surnames else split_name(text)
    families = readings("s", whole[0]) if whole else frozenset()
    kana = katakana(nfkc(reading)).replace(" ", "")
    return not families or any(kana.startswith(family) for family in families)
