"""Text as a stream of token types.

Paragraphs of prose are cut by the segmenter, what is shorter is read by Sudachi, many sentences in one call. A token becomes a small
number: the id of its *type* (surface, part of speech, white space before it). What Sudachi and the model know of a type is worked out
once, when it is met, and kept in arrays under that number, so that known words cost NumPy alone.

In a stream two pads (type 0) stand before every sentence and at the end; every neighbour that is looked at is then there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from piiscan.detect.names.features import PAD, TokenType, lexicon, tokenizer, word_tokenizer
from piiscan.detect.names.segmenter import characters, segmenter, surface_keys

__all__ = ["PADS", "RUN_CODES", "STATES", "Contexts", "Stream", "Vocabulary", "contexts", "split_sentences"]

Ints = npt.NDArray[np.int64]

#: Pads before a sentence and after the last one.
PADS = 2
#: A sentence is cut at so many characters.
SENTENCE_LIMIT = 400
#: So many characters go to the tokenizer at once (it refuses 49,150 bytes; a character has at most four).
_CHUNK = 12_000
#: Codes of a katakana run (number of parts, how many are known, joined or not) times first, middle, last token of it.
RUN_CODES = 24 * 3
#: Kinds of bracket that a token may stand in: none, 「」, 『』, （）.
STATES = 4

#: It begins with a set of characters alone, which a search finds five times as quickly as one of two forms.
_SENTENCE_END = re.compile(r"[。！？!?\n\r\x0b\x0c\t](?:(?<=[。！？!?])[。！？!?]*[」』）)】]*|[\n\r\x0b\x0c\t]*)")
_SOFT_END = re.compile(r"[、，,;；\s）」』]")
_BREAK = re.compile(r"[\n\r\x0b\x0c\t]")

_OPEN = {"「": 1, "『": 2, "(": 3, "（": 3, "〈": 2, "《": 2, "【": 3, "“": 2, "〔": 3, "[": 3}
_CLOSE = frozenset({"」", "』", ")", "）", "〉", "》", "】", "”", "〕", "]"})
_MARKS = frozenset({"・", "=", "゠", "-", "."})
#: Words of the dictionary from here on (it has 1.6 million) are looked up by their surface, as are those that a plug-in makes up.
_WORDS = 1 << 21
#: Types from here on do not fit in the table of words.
_NUMBERS = 1 << 16
#: A paragraph of so many characters is prose.
_PROSE = 80
#: Places in the table of types.
_SLOT_BITS = 18
_SLOTS = 1 << _SLOT_BITS
#: Sudachi's part of speech of what it does not know.
_UNKNOWN = ("補助記号", "一般", "*", "*", "*", "*")
_IS_WORD, _IS_MARK, _IS_KNOWN, _IS_CLOSE, _OPENS = 1, 2, 4, 8, 16


def split_sentences(text: str, limit: int = SENTENCE_LIMIT) -> list[tuple[int, int]]:
    """``(start, end)`` of the sentences and lines of ``text``, each at most ``limit`` characters; empty ones left out."""
    found: list[tuple[int, int]] = []
    at = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
        while end - at > limit:
            cut = at + limit
            for soft in _SOFT_END.finditer(text, at + limit // 2, at + limit):
                cut = soft.end()
            found.append((at, cut))
            at = cut
        if end > at:
            if not text[at:end].isspace():
                found.append((at, end))
            at = end
    return found


@dataclass(frozen=True, slots=True)
class Stream:
    """Tokens of some sentences, laid end to end with pads.

    :ivar ids: token types; 0 is a pad.
    :ivar starts: offset of each token's first character in the text (0 for pads).
    :ivar ends: offset after its last.
    """

    ids: Ints
    starts: Ints
    ends: Ints

    def sentences(self) -> list[tuple[int, int]]:
        """``(first, after)`` places of each sentence."""
        return [(int(first), int(after)) for first, after in stretches(self.ids > 0)]


_APART = Stream(*(np.zeros(PADS, np.int64) for _ in range(3)))


def _joined(parts: Sequence[Stream]) -> Stream:
    """Streams laid end to end."""
    return Stream(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("ids", "starts", "ends")))


def stretches(mask: npt.NDArray[np.bool_]) -> Ints:
    """Rows ``(first, after)`` of each stretch of true values."""
    bounded = np.zeros(len(mask) + 2, np.bool_)
    bounded[1:-1] = mask
    edges: Ints = (bounded[1:] != bounded[:-1]).nonzero()[0].reshape(-1, 2)
    return edges


class Vocabulary:
    """Token types met so far, by number. Not thread-safe.

    :ivar known: number -> type; 0 is the pad.
    """

    def __init__(self) -> None:
        self.known: list[TokenType] = []
        self._words = segmenter()
        self._morphemes: Any = None  # filled anew by each call: making such a list takes the tokenizer a third of its time
        self._flags = np.zeros(1024, np.uint8)
        self.clear()

    def clear(self) -> None:
        """Forget all types."""
        self.known[:] = [PAD]
        self._keys = np.zeros(_SLOTS, np.uint64)
        self._ids = np.zeros(_SLOTS, np.int64)
        self._by_word = np.zeros(_WORDS + 1, np.uint16)  # pages of which nothing is used are not in memory
        self._surfaces: dict[tuple[str, int], int] = {}
        self._others: dict[int, int] = {}  # whose place in the table another word has
        self._gapped: dict[tuple[int, int], int] = {}

    @property
    def flags(self) -> npt.NDArray[np.uint8]:
        """Of each type: bracket, katakana or Latin word, sign that joins names."""
        return self._flags

    def streams(self, text: str, sentences: Iterable[tuple[int, int]] | None = None) -> Iterator[Stream]:
        """The tokens of a text of any length, about 12,000 characters at a time.

        Sentences and lines in ASCII alone (source code, logs) are left out: what a Japanese model says of them is noise,
        and the rules know Latin names.

        :param sentences: those that are wanted, in order; all by default.
        """
        if text.isascii():
            return
        runs: list[list[tuple[int, int]]] = []
        size = 0
        for start, end in split_sentences(text) if sentences is None else sentences:
            if text[start:end].isascii():
                continue
            if runs and end - runs[-1][0][0] <= _CHUNK and (start == runs[-1][-1][1] or text[runs[-1][-1][1] : start].isspace()):
                runs[-1].append((start, end))
            else:
                if size > _CHUNK // 2:
                    yield self._read(text, runs)
                    runs, size = [], 0
                runs.append([(start, end)])
            size += end - start
        if runs:
            yield self._read(text, runs)

    def _read(self, text: str, runs: Sequence[list[tuple[int, int]]]) -> Stream:
        """:param runs: sentences with nothing but blanks between them, for a word is read by what stands before it."""
        read = [self._run(text, run) for run in runs]
        if len(read) == 1:
            return read[0]
        # with more pads between: a name at the end of one is no reason to look at the beginning of the next
        return _joined([part for stream in read for part in (stream, _APART)])

    def _run(self, text: str, sentences: list[tuple[int, int]]) -> Stream:
        """Paragraphs of prose go to the segmenter; what is short (lines of forms, cells, a single sentence) to Sudachi."""
        parts = [(self._cut if long else self._parsed)(text, stretch) for long, stretch in _stretches_of_prose(text, sentences)]
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _parsed(self, text: str, sentences: list[tuple[int, int]]) -> Stream:
        """Sentences as Sudachi reads them."""
        base = sentences[0][0]
        part = text[base : sentences[-1][1]]
        morphemes = self._morphemes = tokenizer().tokenize(part, out=self._morphemes)
        listed = list(morphemes)
        size = len(listed)
        words = np.fromiter(map(_method("word_id"), listed), np.int64, size)
        ids = self._by_word.take(np.minimum(words, _WORDS, out=words)).astype(np.int64)
        for i in (ids == 0).nonzero()[0].tolist():
            ids[i] = self._of_morpheme(listed[i], int(words[i]))
        ends = np.fromiter(map(_method("end"), listed), np.int64, size)
        starts = np.zeros(size, np.int64)
        starts[1:] = ends[:-1]
        return self._laid(part, ids, starts, ends, sentences)

    def _of_morpheme(self, morpheme: Any, word: int) -> int:
        """The type of a token that the quick table of words does not know; -1 for white space.

        :param word: its number in the dictionary, or one too large for the table.
        """
        surface = morpheme.surface()
        if not surface or surface.isspace():  # Sudachi makes empty ones of some signs that it normalises away
            return -1
        pos = morpheme.part_of_speech_id()
        number = self._surfaces.get((surface, pos))
        if number is None:
            number = self._surfaces[surface, pos] = self._add(_type_of(surface, morpheme))
        if word < _WORDS and number < _NUMBERS and surface.upper() == surface.lower():
            self._by_word[word] = number  # a word is the same in all cases, and has one type for each: The, the, THE
        return number

    def _cut(self, text: str, sentences: list[tuple[int, int]]) -> Stream:
        """Sentences as the segmenter cuts them."""
        base = sentences[0][0]
        part = text[base : sentences[-1][1]]
        points = characters(part)
        starts = self._words.begins(points)
        ends = np.append(starts[1:], len(points))
        keys = surface_keys(points, starts, ends)
        slots = (keys >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
        ids = self._ids.take(slots)
        ids[self._keys.take(slots) != keys] = 0
        for i in (ids == 0).nonzero()[0].tolist():
            ids[i] = self._number(part[starts[i] : ends[i]], int(keys[i]), int(slots[i]))
        return self._laid(part, ids, starts, ends, sentences)

    def _laid(self, part: str, ids: Ints, starts: Ints, ends: Ints, sentences: list[tuple[int, int]]) -> Stream:
        """:param part: the text of the sentences, of which ``starts`` and ``ends`` are offsets."""
        base = sentences[0][0]
        borders = starts.searchsorted([start - base for start, _ in sentences])
        if (ids < 0).any():
            return self._without_spaces(part, ids, starts, ends, borders, base)
        return _padded(ids, starts + base, ends + base, borders)

    def _number(self, surface: str, key: int, slot: int) -> int:
        """The type of a token that the quick table does not know; -1 for white space."""
        if self._ids[slot] and self._keys[slot] == key:  # met a moment ago, in the same text
            return int(self._ids[slot])
        number = self._others.get(key)
        if number is None:
            number = -1 if surface.isspace() else self._add(self._read_alone(surface))
            if self._ids[slot] == 0:
                self._keys[slot], self._ids[slot] = key, number
            else:
                self._others[key] = number
        return number

    def _read_alone(self, surface: str) -> TokenType:
        """What Sudachi says of a word by itself, or mostly says of it in a text."""
        plain = unicodedata.normalize("NFKC", surface)
        if reading := self._words.readings.get(surface):
            return TokenType(plain, *reading, False, 0)
        parts = [part for part in word_tokenizer().tokenize(surface) if part.surface()]
        if len(parts) == 1:
            return _type_of(surface, parts[0])
        return TokenType(plain, plain, parts[-1].part_of_speech() if parts else _UNKNOWN, True, 0)

    def _add(self, token: TokenType) -> int:
        number = len(self.known)
        self.known.append(token)
        if number >= len(self._flags):
            self._flags = np.concatenate((self._flags, np.zeros_like(self._flags)))
        self._flags[number] = _flags_of(token)
        return number

    def _without_spaces(self, text: str, ids: Ints, starts: Ints, ends: Ints, borders: npt.NDArray[np.intp], base: int) -> Stream:
        """White space becomes a mark on the token behind it (1: one blank, 2: more or a wide one)."""
        size = len(ids)
        sentence_begins = frozenset(borders.tolist())
        gap = 0
        last = -2
        for i in (ids < 0).nonzero()[0].tolist():
            space = _BREAK.split(text[starts[i] : ends[i]])
            before = gap if last == i - 1 and i not in sentence_begins and len(space) == 1 else 0
            blank = space[-1]
            gap = 0 if not blank else 2 if before or len(blank) > 1 or blank == "\u3000" else 1
            last = i
            if gap and i + 1 < size and ids[i + 1] > 0:
                key = (int(ids[i + 1]), gap)
                number = self._gapped.get(key)
                if number is None:
                    plain = self.known[key[0]]
                    number = self._gapped[key] = self._add(TokenType(plain.surface, plain.norm, plain.pos, plain.oov, gap))
                ids[i + 1] = number
        kept = (ids > 0).nonzero()[0]
        return _padded(ids[kept], starts[kept] + base, ends[kept] + base, kept.searchsorted(borders))


@cache
def _method(name: str) -> Any:
    """A method of tokens, to be called with one: half the time of asking each token for it."""
    from sudachipy import Morpheme

    return getattr(Morpheme, name)


def _type_of(surface: str, morpheme: Any) -> TokenType:
    plain = unicodedata.normalize("NFKC", surface)
    return TokenType(plain, morpheme.normalized_form(), morpheme.part_of_speech(), morpheme.is_oov(), 0)


def _stretches_of_prose(text: str, sentences: Sequence[tuple[int, int]]) -> list[tuple[bool, list[tuple[int, int]]]]:
    """The sentences in stretches: whether they are in paragraphs of prose, and which they are."""
    found: list[tuple[bool, list[tuple[int, int]]]] = []
    first = 0
    for i, (_, end) in enumerate(sentences, 1):
        if i < len(sentences) and not _BREAK.match(text, end - 1):
            continue
        paragraph = list(sentences[first:i])
        prose = end - paragraph[0][0] >= _PROSE
        if found and found[-1][0] == prose:
            found[-1][1].extend(paragraph)
        else:
            found.append((prose, paragraph))
        first = i
    return found


def _padded(ids: Ints, starts: Ints, ends: Ints, borders: npt.NDArray[np.intp]) -> Stream:
    begins = np.zeros(len(ids) + 1, np.int64)  # a border may lie behind the last token, two may be one
    begins[borders] = PADS
    size = len(ids) + int(begins.sum()) + PADS
    at = np.arange(len(ids)) + begins[:-1].cumsum()
    out = np.zeros((3, size), np.int64)
    out[:, at] = ids, starts, ends
    return Stream(out[0], out[1], out[2])


def _flags_of(token: TokenType) -> int:
    s = token.surface
    if "ァ" <= s[:1] <= "ヺ" or (s[:1].isalpha() and s[:1].isascii()):
        return _IS_WORD | (_IS_KNOWN if s in lexicon().foreign or token.pos[2] == "人名" else 0)
    if s in _MARKS:
        return _IS_MARK
    if s in _CLOSE:
        return _IS_CLOSE
    return _OPENS * _OPEN.get(s, 0)


def _counted(mask: npt.NDArray[np.bool_]) -> Ints:
    """How many true values stand before each place, and in all."""
    counted = np.zeros(len(mask) + 1, np.int64)
    mask.cumsum(out=counted[1:])
    return counted


@dataclass(frozen=True, slots=True)
class Contexts:
    """What the places of a stream are part of.

    A *run* is a run of katakana (or Latin) words, joined by ``・`` or ``=`` or not: one foreign name, mostly.

    :ivar states: the bracket each place is in (:data:`STATES`).
    :ivar runs: code of the run that each place is in, from 1; 0 for none (:data:`RUN_CODES` and one).
    :ivar before: the place before that run. ``after``: the place behind it. Of no meaning outside runs.
    """

    states: Ints
    runs: Ints
    before: Ints
    after: Ints


def contexts(stream: Stream, vocabulary: Vocabulary) -> Contexts:
    """The brackets and the katakana runs of a stream."""
    flags = vocabulary.flags[stream.ids]
    size = len(flags)
    states = np.zeros(size, np.int64)
    brackets = (flags >= _IS_CLOSE).nonzero()[0]
    if len(brackets):
        stack: list[int] = []
        pads = np.append((stream.ids == 0).nonzero()[0], size)
        ends = pads[pads.searchsorted(brackets)]  # of the sentence that each is in
        following = np.minimum(np.append(brackets[1:], size), ends)
        within = -1
        for i, after, end, kind in zip(brackets.tolist(), following.tolist(), ends.tolist(), flags[brackets].tolist(), strict=True):
            if end != within:
                stack.clear()
                within = end
            if kind >= _OPENS:
                stack.append(kind // _OPENS)
            elif stack:
                stack.pop()
            if stack:
                states[i + 1 : after] = stack[-1]
    runs = np.zeros(size, np.int64)
    before = np.zeros(size, np.int64)
    after_ = np.zeros(size, np.int64)
    word = (flags & _IS_WORD) > 0
    spans = stretches((flags & (_IS_WORD | _IS_MARK)) > 0)
    if len(spans):
        words = _counted(word)
        known = _counted((flags & _IS_KNOWN) > 0)
        places = np.append(word.nonzero()[0], size)
        first = places[words[spans[:, 0]]]  # the first word in it: signs before it are no part
        keep = first < spans[:, 1]
        first, last = first[keep], spans[keep, 1]
        parts = words[last] - words[first]
        share = known[last] - known[first]
        code = (np.minimum(parts, 4) - 1) * 6 + np.where(share == 0, 0, np.where(share == parts, 2, 1)) * 2 + (last - first > parts)
        length = last - first
        after = length.cumsum()
        at = (first - after + length).repeat(length) + np.arange(length.sum())
        runs[at] = (code * 3 + 2).repeat(length)  # 1: a code and its place in the run
        runs[last - 1] = code * 3 + 3
        runs[first] = code * 3 + 1
        before[at] = (first - 1).repeat(length)
        after_[at] = last.repeat(length)
    return Contexts(states, runs, before, after_)
