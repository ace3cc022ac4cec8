"""Where words begin: a linear model of neighbouring characters and of a dictionary's words, in NumPy.

The model is a pupil of Sudachi's mode A (``tools/train_segmenter.py``): it was shown where Sudachi cuts, and cuts 98 of 100
words alike, and at the ends of names as well as its teacher (``recognizers/models/words.md``). It is why prose is read
quickly (docs/adr/0064-words-cut-in-numpy.md): Sudachi's search for the best path went through tables of 200 MB for every character.

Each place between two characters gets a sum of weights: of the six characters around it, of their pairs and triples, of the
kinds of characters, and of the dictionary's words that begin, end or go on there. Words and groups of characters are known
by hashes alone: whoever collides shares a weight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from piiscan.resources import recognizers_dir

__all__ = [
    "GROUPS",
    "KINDS",
    "LONGEST",
    "PAIRS",
    "RIVALS",
    "SHORTEST",
    "WORD_CODES",
    "Marks",
    "Segmenter",
    "Words",
    "characters",
    "fingerprints",
    "folded",
    "prefix_sums",
    "segmenter",
    "surface_keys",
]

Ints = npt.NDArray[np.int64]
Points = npt.NDArray[np.uint32]

#: Characters of the dictionary's words that are asked for by hashes; those of one character have a table.
SHORTEST, LONGEST = 2, 9
#: Classes of words: parts of speech times costs, and none.
_CLASSES = 33
#: Codes of a word: its class and its length; 0 for none.
WORD_CODES = LONGEST * _CLASSES + 1
#: A word that ends at a place with one that begins there; bits of the hash of these two with one that goes on over the place.
PAIRS, RIVALS = WORD_CODES * WORD_CODES, 18
#: Groups of characters by their number: bits of their hash, and the places behind their first character that they speak of.
GROUPS = {1: (16, (-2, -1, 0, 1, 2, 3)), 2: (18, (-1, 0, 1, 2, 3)), 3: (19, (0, 1, 2, 3))}
#: Kinds of characters, and how many of them around a place are one feature.
KINDS, _AROUND = 7, 6
_SIGN, _SPACE = 0, 6
#: A text is cut at so many characters at most.
_ROOM = 1 << 15
_WORD_BITS = 22
_LAST = 0xFFFD  # stands for what lies outside the first plane
_U = np.uint32


def _powers(base: int, count: int, kind: type[Any] = _U) -> npt.NDArray[Any]:
    found = np.full(count, base, kind)
    found[0] = 1
    return np.multiply.accumulate(found, dtype=kind)


_BASE = 0x02000327
_UP, _DOWN = _powers(_BASE, _ROOM), _powers(pow(_BASE, -1, 1 << 32), _ROOM)
_UP64, _DOWN64 = _powers(_BASE, _ROOM, np.uint64), _powers(pow(_BASE, -1, 1 << 64), _ROOM, np.uint64)


@cache
def _folds() -> npt.NDArray[np.uint16]:
    """Of each character of the first plane the one that stands for it: half-width, full-width, large and small are one."""
    table = np.arange(1 << 16, dtype=np.uint16)
    for point in range(0x41, 1 << 16):
        if not (0x3400 <= point < 0xA000 or 0xAC00 <= point < 0xF900):
            form = unicodedata.normalize("NFKC", chr(point)).lower()
            if len(form) == 1 and ord(form) < 1 << 16:
                table[point] = ord(form)
    return table


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    table = np.zeros(1 << 16, np.uint8)
    for point in range(1 << 16):
        char = chr(point)
        if char.isspace():
            table[point] = _SPACE
        elif "ぁ" <= char <= "ゖ":
            table[point] = 1
        elif "ァ" <= char <= "ヺ" or char == "ー":
            table[point] = 2
        elif "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char in "々〆〇":
            table[point] = 3
        elif char.isdigit():
            table[point] = 4
        elif char.isalpha():
            table[point] = 5
    return table


def characters(text: str) -> Points:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), _U)


def surface_keys(points: Points, starts: Ints, ends: Ints) -> npt.NDArray[np.uint64]:
    """A number of 64 bits for each part of a text, the same for the same characters; its high bits are well mixed."""
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum((points + _U(1)) * _DOWN64[: len(points)], out=sums[1:])
    keys: npt.NDArray[np.uint64] = (sums[ends] - sums[starts]) * _UP64[starts]
    keys *= np.uint64(0x9E3779B97F4A7C15)
    keys ^= keys >> np.uint64(29)
    keys *= np.uint64(0xBF58476D1CE4E5B9)
    return keys


def folded(points: Points) -> npt.NDArray[np.uint16]:
    """The characters that stand for those of a text."""
    return _folds().take(np.minimum(points, _LAST))


def prefix_sums(characters: npt.NDArray[Any]) -> Points:
    """Sums from which the hash of any part comes: that of ``[i, j)`` is the difference of two of them times a power."""
    sums = np.zeros(len(characters) + 1, _U)
    np.cumsum((characters.astype(_U) + _U(1)) * _DOWN[: len(characters)], out=sums[1:], dtype=_U)
    return sums


def _mixed(hashes: Points) -> Points:
    """Hashes whose high bits depend on all of them; changes those given."""
    hashes *= _U(0x9E3779B1)
    hashes ^= hashes >> _U(15)
    hashes *= _U(0x85EBCA77)
    return hashes


def fingerprints(hashes: Points) -> tuple[Points, npt.NDArray[np.uint16]]:
    """The place of each word in the table of words, and ten bits more to know it by."""
    mixed = _mixed(hashes)
    return mixed >> _U(32 - _WORD_BITS), (mixed & _U(0x3FF)).astype(np.uint16)


class Words:
    """Which words a dictionary has, by hashes, and of which class each is.

    :param slots: their places in the table. :param entries: fingerprint and class of each. :param single: the class of each character as a word.
    """

    def __init__(self, slots: npt.NDArray[Any], entries: npt.NDArray[np.uint16], single: npt.NDArray[np.uint8]) -> None:
        self.single = single
        self._table = np.zeros(1 << _WORD_BITS, np.uint16)
        self._table[slots] = entries

    def found(self, characters: npt.NDArray[np.uint16]) -> tuple[Ints, Ints, Ints]:
        """Beginning, length and code of each word in a text; shorter ones first."""
        size = len(characters)
        width = max(0, min(LONGEST, size) - SHORTEST + 1)
        sums = prefix_sums(characters)
        sums = np.concatenate((sums, np.zeros(LONGEST, _U)))
        ends = np.lib.stride_tricks.as_strided(sums[SHORTEST:], (width, size), (sums.itemsize, sums.itemsize))
        slots, prints = fingerprints((ends - sums[:size]) * _UP[:size])
        entries = self._table.take(slots)
        row, begin = ((entries >> 6 == prints) & (entries > 0)).nonzero()
        length = row + SHORTEST
        code = (entries[row, begin] & 63).astype(np.int64) + (length - 1) * _CLASSES
        inside = begin + length <= size
        return begin[inside], length[inside], code[inside]


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of the places before each character of a text: numbers of features.

    :ivar groups: number of characters -> of each character the number of the group that begins there.
    :ivar kinds: the kinds around each place. :ivar pairs: which words end and begin there. :ivar rivals: these, and which goes on over it.
    :ivar over: the code of the longest word that goes on over it.
    :ivar words: beginning, length and code of each word of the dictionary. :ivar beside: of each of these, itself and the words beside it.
    """

    groups: Mapping[int, npt.NDArray[Any]]
    kinds: Ints
    pairs: Ints
    rivals: Points
    over: Ints
    words: tuple[Ints, Ints, Ints]
    beside: Points


def _marks(characters: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8], words: Words) -> Marks:
    size = len(characters)
    wide = np.zeros(size + 2, _U)
    wide[:size] = characters
    two = wide[:-1] * _U(0x9E3779B1) ^ wide[1:] * _U(0x85EBCA77)
    three = two[:-1] * _U(0xC2B2AE35) + wide[2:] * _U(0x27D4EB2F)
    groups = {1: characters, 2: _mixed(two[:-1]) >> _U(32 - GROUPS[2][0]), 3: _mixed(three) >> _U(32 - GROUPS[3][0])}
    half = _AROUND // 2
    padded = np.full(size + _AROUND, _SPACE, np.int64)
    padded[half:-half] = kinds
    around = padded[:size].copy()
    for k in range(1, _AROUND):
        around *= KINDS
        around += padded[k : k + size]
    found = words.found(characters)
    begin, length, code = found
    # of several words the longest counts: it comes last
    single = words.single.take(characters).astype(np.int64)
    ending = np.zeros(size + 1, np.int64)
    ending[1:] = single
    ending[begin + length] = code
    single[begin] = code
    over = np.zeros(size, np.int64)
    inside = length - 1
    step = np.arange(int(inside.sum())) - (inside.cumsum() - inside).repeat(inside)
    over[begin.repeat(inside) + step + 1] = code.repeat(inside)
    pairs = ending[:-1] * WORD_CODES + single
    rivals = _mixed((pairs * WORD_CODES + over).astype(_U)) >> _U(32 - RIVALS)
    following = single.take(np.minimum(begin + length, size - 1))
    beside = _mixed(((ending[begin] * WORD_CODES + code) * WORD_CODES + following).astype(_U)) >> _U(32 - RIVALS)
    return Marks(groups, around, pairs, rivals, over, found, beside)


class Segmenter:
    """Cuts text into words.

    :param arrays: those of the model file (``recognizers/models/words.npz``).
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.words = Words(arrays["word_slots"], arrays["word_entries"], arrays["single"])
        self._groups = {n: _padded(arrays[f"group{n}"]) for n in GROUPS}
        self._kinds, self._pairs, self._rivals, self._starts, self._ends, self._insides, self._beside = (
            arrays[name] for name in ("kinds", "pairs", "rivals", "starts", "ends", "insides", "beside")
        )
        self._least = int(arrays["least"])
        self._folds, self._kinds_of = _folds(), _kinds()
        #: Of words that are mostly something else in a text than alone: normalised form and part of speech.
        self.readings = dict(_readings(arrays)) if "readings" in arrays else {}

    def marks(self, points: Points) -> Marks:
        """The features of a text, for training."""
        return _marks(folded(points), self._kinds_of.take(np.minimum(points, _LAST)), self.words)

    def begins(self, points: Points) -> Ints:
        """Where the words of a text begin.

        :param points: its characters, at most 32,000. A stretch of white space is a word.
        """
        size = len(points)
        if not size:
            return np.zeros(0, np.int64)
        near = np.minimum(points, _LAST)
        kinds = self._kinds_of.take(near)
        marks = _marks(self._folds.take(near), kinds, self.words)
        sums = np.zeros(size + 8, np.int32)
        inner = sums[4 : size + 4]
        inner += self._kinds.take(marks.kinds)
        inner += self._pairs.take(marks.pairs)
        inner += self._rivals.take(marks.rivals)
        for n, (_, offsets) in GROUPS.items():
            rows = self._groups[n].take(marks.groups[n]).view(np.int8).reshape(size, -1)
            for k, offset in enumerate(offsets):
                sums[4 + offset : 4 + offset + size] += rows[:, k]
        begin, length, code = marks.words
        if len(begin):
            at = np.concatenate((begin, begin + length))
            inner += np.bincount(at, np.concatenate((self._starts[code], self._ends[code])), size + 1)[:size].astype(np.int32)
            inside = self._insides[code] + self._beside.take(marks.beside)
            steps = np.bincount(np.concatenate((begin + 1, begin + length)), np.concatenate((inside, -inside)), size + 1)
            inner += steps[:size].cumsum().astype(np.int32)
        cuts = inner >= self._least
        space, sign = kinds == _SPACE, kinds == _SIGN
        cuts[1:] |= (sign[1:] != sign[:-1]) & (marks.over[1:] == 0)  # but (株) is a word
        cuts[1:] |= space[1:] != space[:-1]
        cuts[1:] &= ~(space[1:] & space[:-1])
        cuts[:1] = True
        return cuts.nonzero()[0]


def _padded(rows: npt.NDArray[np.int8]) -> npt.NDArray[Any]:
    """Rows of up to eight bytes as one number each: they are looked up in one go."""
    width = 4 if rows.shape[1] <= 4 else 8
    padded = np.zeros((len(rows), width), np.int8)
    padded[:, : rows.shape[1]] = rows
    return padded.view(np.uint32 if width == 4 else np.uint64).ravel()


def _readings(arrays: Mapping[str, npt.NDArray[Any]]) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    kinds = [tuple(line.split("\t")) for line in bytes(arrays["reading_kinds"]).decode().split("\n")]
    for line in bytes(arrays["readings"]).decode().split("\n"):
        surface, norm, kind = line.split("\t")
        yield surface, (norm, kinds[int(kind)])


@cache
def segmenter() -> Segmenter:
    """The one of the model file (once a process)."""
    with np.load(recognizers_dir() / "models" / "words.npz") as archive:
        return Segmenter({name: archive[name] for name in archive.files})
