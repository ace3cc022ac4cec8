"""How a name in kanji may be read, by the lists: which family and given name it is, and their readings."""

from __future__ import annotations

import lzma
import re
from array import array
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import accumulate

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
def _parts() -> tuple[bytes, array[int]]:
    """Lines ``kind, name, reading`` in order, and where each begins: some 10 MB, where a table of them would take 100."""
    folder = recognizers_dir() / "dictionaries"
    lines = set(lzma.decompress((folder / "name_parts.txt.xz").read_bytes()).splitlines()[1:])
    for kind, name in ((b"s\t", "surnames.tsv"), (b"g\t", "given_names.tsv")):
        lines.update(kind + line.rpartition(b"\t")[0] for line in (folder / name).read_bytes().splitlines() if not line.startswith(b"#"))
    ordered = sorted(lines)
    return b"\n".join(ordered) + b"\n", array("I", [0, *accumulate(len(line) + 1 for line in ordered)])


@lru_cache(maxsize=2_048)
def readings(kind: str, name: str) -> frozenset[str]:
    """Readings of a family (``s``) or given name (``g``) in katakana."""
    text, starts = _parts()
    wanted = f"{kind}\t{name}\t".encode()
    at = bisect_left(range(len(starts) - 1), wanted, key=lambda n: text[starts[n] : starts[n + 1] - 1])
    found = []
    while at < len(starts) - 1 and (line := text[starts[at] : starts[at + 1] - 1]).startswith(wanted):
        found.append(line[len(wanted) :].decode())
        at += 1
    return frozenset(found)


def could_be_read(reading: str, name: str) -> bool:
    """Whether a reading may be that of a name in kanji, as far as the lists know its family name."""
    text = modern_forms(nfkc(name)).strip()
    whole = (text, "") if text in lexicon().surnames else split_name(text)
    families = readings("s", whole[0]) if whole else frozenset()
    kana = katakana(nfkc(reading)).replace(" ", "")
    return not families or any(kana.startswith(family) for family in families)
