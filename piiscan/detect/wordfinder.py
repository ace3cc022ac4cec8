"""Where words of a long list stand in a text: a look at all triples of characters at once, then a dictionary where one can begin.

An automaton walks a text character by character, and a node of it with thousands of children (the first characters of all names of
diseases) is searched child by child. Few places of a text are the beginning of any word: NumPy finds them in one pass over
the neighbouring characters, and only those are looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["CELL", "WordFinder"]

_Payload = TypeVar("_Payload")
_Numbers = npt.NDArray[np.uint32]
#: Beginnings are told apart by so many bits; where two share them, the dictionary is looked into for nothing.
_BITS: Final = 18
_FACTOR: Final = np.uint32(2_654_435_761)
_SHIFT: Final = np.uint32(32 - _BITS)
#: A shorter text is walked place by place.
_SHORT: Final = 160
#: Of a shorter text, or one in ASCII, a :class:`piiscan.detect.prefilter.Prefilter` is asked first whether any word could be in it: that takes a
#: fifth of the time. Longer Japanese is looked through at once: for new text the prefilter must make its states first, a millisecond a page.
CELL: Final = 24


class WordFinder(Generic[_Payload]):
    """Finds every occurrence of some words, also inside of one another.

    :param words: none of them empty.
    """

    def __init__(self, words: Mapping[str, _Payload]) -> None:
        self._words = dict(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[:3], set()).add(len(word))
        #: The first three characters, or a whole shorter word -> lengths of the words that begin so.
        self._lengths = {start: tuple(sorted(found)) for start, found in lengths.items()}
        self._firsts = frozenset(word[0] for word in self._words)
        #: How many characters a beginning has -> which numbers such beginnings have.
        self._tables = {size: _table(starts) for size in (1, 2, 3) if (starts := [start for start in lengths if len(start) == size])}
        for size, table in self._tables.items():
            np.logical_or(_ANY[size - 1], table, out=_ANY[size - 1])
        _places.cache_clear()

    def iter(self, text: str) -> list[tuple[int, _Payload]]:
        """``(place of the last character, payload)`` of each occurrence: by where it ends, then the longest first."""
        found: list[tuple[int, int, _Payload]] = []
        get, words = self._lengths.get, self._words
        for size, starts in self._starts(text):
            for start in starts:
                for length in get(text[start : start + size], ()):
                    word = text[start : start + length]
                    if len(word) == length and word in words:
                        found.append((start + length - 1, start, words[word]))
        found.sort(key=lambda hit: hit[:2])
        return [(last, payload) for last, _, payload in found]

    def _starts(self, text: str) -> list[tuple[int, list[int]]]:
        """Places where a word of one or two characters may stand, and where a longer one may begin."""
        if len(text) < _SHORT:
            lengths, firsts = self._lengths, self._firsts
            may = [i for i, character in enumerate(text) if character in firsts]
            return [(size, [i for i in may if i <= len(text) - size and text[i : i + size] in lengths]) for size in self._tables]
        found = []
        for size, table in self._tables.items():
            places, numbers = _places(text)[size - 1]
            found.append((size, places[table.take(numbers)].tolist()))
        return found


def _table(starts: list[str]) -> npt.NDArray[np.bool_]:
    """Which numbers such beginnings have."""
    table = np.zeros(1 << _BITS, np.bool_)
    size = len(starts[0])
    table[_numbers("".join(starts))[size - 1][::size]] = True
    return table


#: Of one, two and three characters: which numbers the beginnings of any list have. Few places of a text pass it, and only there the tables
#: of the lists are looked into, which together are more than a processor keeps at hand.
_ANY: Final = tuple(np.zeros(1 << _BITS, np.bool_) for _ in range(3))


@lru_cache(maxsize=2)  # the recognizers ask about the same text one after the other
def _places(text: str) -> list[tuple[npt.NDArray[np.intp], _Numbers]]:
    """For one, two and three characters: where a word of any list may begin, and the numbers there."""
    found = []
    for table, numbers in zip(_ANY, _numbers(text), strict=True):
        places = table.take(numbers).nonzero()[0]
        found.append((places, numbers[places]))
    return found


def _numbers(text: str) -> tuple[_Numbers, ...]:
    """A number for each character, for each two, and for each three, neighbouring ones; the same for the same ones."""
    ones = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32) * _FACTOR
    pairs = (ones[:-1] ^ (ones[1:] >> np.uint32(13))) * _FACTOR
    triples = (pairs[:-1] ^ (ones[2:] >> np.uint32(11))) * _FACTOR
    return ones >> _SHIFT, pairs >> _SHIFT, triples >> _SHIFT
