"""How a name in kanji may be read, by the lists: which family and given name it is, and their readings."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from piiscan.detect.names.features import lexicon, name_parts
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
def _listed() -> dict[tuple[str, str], tuple[str, ...]]:
    """Readings that our own lists add to those of :func:`name_parts`, by kind and name."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for kind, file in (("s", "surnames.tsv"), ("g", "given_names.tsv")):
        for line in (recognizers_dir() / "dictionaries" / file).read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                name, reading, _ = line.split("\t")
                found[kind, name] = (*found.get((kind, name), ()), reading)
    return found


@lru_cache(maxsize=2_048)
def readings(kind: str, name: str) -> frozenset[str]:
    """Readings of a family (``s``) or given name (``g``) in katakana."""
    parts, wanted = name_parts(), f"\n{kind}\t{name}\t".encode()
    found = list(_listed().get((kind, name), ()))
    # the lines are in order: half of what is left falls away with each look, as a table of them all would take 100 MB
    low, high = 0, len(parts) - 1
    while low < high:
        begin = parts.rindex(b"\n", 0, (low + high) // 2 + 1)
        end = parts.index(b"\n", begin + 1)
        if parts[begin : end + 1] < wanted:
            low = end
        else:
            high = begin
    while parts.startswith(wanted, low):
        end = parts.index(b"\n", low + 1)
        found.append(parts[low + len(wanted) : end].decode())
        low = end
    return frozenset(found)


def could_be_read(reading: str, name: str) -> bool:
    """Whether a reading may be that of a name in kanji, as far as the lists know its family name."""
    text = modern_forms(nfkc(name)).strip()
    whole = (text, "") if text in lexicon().surnames else split_name(text)
    families = readings("s", whole[0]) if whole else frozenset()
    kana = katakana(nfkc(reading)).replace(" ", "")
    return not families or any(kana.startswith(family) for family in families)
