"""What a token says about names: its kind, its look, the lists it is on.

The model is linear (:mod:`piiscan.detect.names.model`), and every feature here depends on one token type, or on a pair of
small classes of neighbours. So the weights of a token type can be added up once and kept, and a sentence costs a few
table look-ups instead of thousands of feature strings. Training (``tools/train_names.py``) uses the very same functions.

Tokens are words as SudachiPy cuts them (:mod:`piiscan.detect.names.segmenter`); white space is no token of the sequence but a mark on the next one.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from piiscan.resources import recognizers_dir

__all__ = [
    "PAD",
    "Lexicon",
    "TokenType",
    "coarse_class",
    "features",
    "fine_class",
    "is_headword",
    "lexicon",
    "model_lexicon",
    "rare_names",
    "rare_parts",
    "script",
]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists. Readings are katakana; ``surnames`` holds estimated bearers (0: only known to SudachiDict)."""

    surnames: dict[str, int]
    given: dict[str, int]
    foreign: frozenset[str]
    surname_readings: frozenset[str]
    given_readings: frozenset[str]
    common_surname_readings: dict[str, int]
    strong_titles: frozenset[str]
    after_titles: frozenset[str]
    before_titles: frozenset[str]
    not_names: frozenset[str]


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


#: What the last column of ``given_names.tsv`` makes of a name.
_RANK = {"0": 1, "1": 2}


def _packed(file: str) -> bytes:
    """The lines of a packed dictionary below its head, each after a line feed."""
    data = lzma.decompress((recognizers_dir() / "dictionaries" / file).read_bytes())
    return data[data.index(b"\n") :] + b"\n"


@cache
def name_parts() -> bytes:
    """What SudachiDict knows of names: lines ``kind, name, reading`` in order of their bytes, each after a line feed.

    Kinds are ``s`` (family names), ``g`` (given names) and ``w`` (foreign names).
    """
    return _packed("name_parts.txt.xz")


def _of_kind(parts: str, kind: str) -> str:
    """The lines of a kind, which follow each other."""
    return parts[parts.index(f"\n{kind}\t") + 1 : parts.index("\n", parts.rindex(f"\n{kind}\t") + 1)]


def _columns(lines: str) -> tuple[list[str], list[str], list[str]]:
    """The three columns of a text; line by line it would take several times as long."""
    cells = lines.replace("\n", "\t").split("\t")
    return cells[0::3], cells[1::3], cells[2::3]


@cache
def rare_parts() -> bytes:
    """Names that only JMnedict knows, in the form of :func:`name_parts`: family names (``s``, and ``p`` that places have too)
    and given names (``g``, and ``f`` with a frequent reading).
    """
    return _packed("rare_names.txt.xz")


@cache
def rare_names(kind: str) -> frozenset[str]:
    """Those of a kind."""
    return frozenset(_columns(_of_kind(rare_parts().decode(), kind))[1])


@cache
def lexicon() -> Lexicon:
    """The lists as the rules know them: with :func:`rare_names`, which the model has never seen (ADR 0048), but those of places."""
    trained = model_lexicon()
    return replace(
        trained,
        surnames=dict.fromkeys(rare_names("s"), 0) | trained.surnames,
        given=dict.fromkeys(rare_names("g"), 0) | dict.fromkeys(rare_names("f"), 1) | trained.given,
    )


@cache
def model_lexicon() -> Lexicon:
    """The lists that are features of the model (about a tenth of a second, once a process)."""
    folder = recognizers_dir() / "dictionaries"
    parts = name_parts().decode()
    _, names, readings = _columns(_of_kind(parts, "s"))
    surnames, surname_readings = dict.fromkeys(names, 0), set(readings)
    _, names, readings = _columns(_of_kind(parts, "g"))
    given, given_readings = dict.fromkeys(names, 0), set(readings)
    _, foreign, _ = _columns(_of_kind(parts, "w"))
    common: dict[str, int] = {}
    for name, reading, count in _rows(folder / "surnames.tsv"):
        surnames[name] = int(count)
        surname_readings.add(reading)
        common[reading] = max(common.get(reading, 0), int(count))
    text = (folder / "given_names.tsv").read_text(encoding="utf-8")
    names, readings, often = _columns(text[text.index("\n") + 1 :].rstrip("\n"))
    given.update(zip(names, map(_RANK.__getitem__, often), strict=True))
    given_readings.update(readings)
    titles: dict[str, set[str]] = {"strong": set(), "after": set(), "before": set(), "not": set()}
    for kind, word in _rows(folder / "titles.tsv"):
        titles[kind].add(word)
    return Lexicon(
        surnames,
        given,
        frozenset(foreign),
        frozenset(surname_readings),
        frozenset(given_readings),
        common,
        frozenset(titles["strong"]),
        frozenset(titles["after"]),
        frozenset(titles["before"]),
        frozenset(titles["not"]),
    )


#: Most words: of one kind, which the group says.
_ONE_KIND = re.compile(
    r"(?P<k>[\u4e00-\u9fff\u3400-\u4dbf々〆ヶ〇]+)|(?P<K>[ァ-ヵヷ-ヺ][ァ-ヵヷ-ヺー]*)|(?P<h>[ぁ-ゖ][ぁ-ゖー]*)|(?P<L>[A-Za-z]+)"
)


def script(text: str) -> str:
    """One letter for the kind of writing: k kanji, h hiragana, K katakana, L latin, 9 digits, m mixed with kanji, x other."""
    if (one := _ONE_KIND.fullmatch(text)) and one.lastgroup:
        return one.lastgroup
    kinds = set()
    for ch in text:
        if "\u4e00" <= ch <= "\u9fff" or ch in "々〆ヶ〇" or "\u3400" <= ch <= "\u4dbf" or "\uf900" <= ch <= "\ufaff" or ch >= "\U00020000":
            kinds.add("k")
        elif "ァ" <= ch <= "ヺ":
            kinds.add("K")
        elif "ぁ" <= ch <= "ゖ":
            kinds.add("h")
        elif ch in "ー゛゜":
            continue
        elif (ch.isascii() and ch.isalpha()) or "\u00c0" <= ch <= "\u024f":
            kinds.add("L")
        elif ch.isdigit():
            kinds.add("9")
        else:
            kinds.add("x")
    if len(kinds) == 1:
        return kinds.pop()
    if not kinds:
        return "x"
    return "m" if "k" in kinds or "h" in kinds else "M" if "K" in kinds else "y"


@dataclass(frozen=True, slots=True)
class TokenType:
    """What is the same for every occurrence of a token.

    :ivar surface: NFKC.
    :ivar norm: Sudachi's normalised form.
    :ivar gap: white space before it: 0 none, 1 one space, 2 more or wide.
    """

    surface: str
    norm: str
    pos: tuple[str, ...]
    oov: bool
    gap: int


PAD = TokenType("", "", ("PAD", "*", "*", "*"), False, 0)


def _count_class(value: int) -> str:
    return "4" if value >= 200_000 else "3" if value >= 30_000 else "2" if value >= 8_000 else "1" if value > 0 else "0"


def fine_class(token: TokenType) -> str:
    """A class out of some hundred, for pairs."""
    p = token.pos
    if p[0] == "PAD":
        return "PAD"
    if p[0] in {"助詞", "助動詞"}:
        return p[0] + token.norm[:3]
    if p[0] in {"補助記号", "記号", "空白"}:
        return "S" + token.surface[:1]
    lex = model_lexicon()
    title = ""
    if token.surface in lex.strong_titles:
        title = "T" + token.surface
    elif token.surface in lex.after_titles:
        title = "A"
    elif token.surface in lex.before_titles:
        title = "B"
    if p[0] == "名詞":
        flags = ("s" if token.surface in lex.surnames else "") + ("g" if token.surface in lex.given else "")
        return f"{p[1]}{p[2]}{p[3]}{script(token.surface)}{'o' if token.oov else ''}{flags}{title}"
    return f"{p[0]}{p[1]}{title}"


def coarse_class(token: TokenType) -> str:
    """A class out of some thirty, for triples."""
    p = token.pos
    s = token.surface
    if p[0] == "PAD":
        return "PAD"
    if p[0] == "名詞":
        if p[2] == "人名":
            return "N" + p[3]
        if p[2] == "地名":
            return "N地"
        if p[1] == "固有名詞":
            return "N固" + script(s)
        if p[1] == "数詞":
            return "N数"
        return "N普" + ("o" if token.oov else "") + script(s)
    if p[0] in {"補助記号", "記号"}:
        return "S" + s if s in "・、。「」『』()=,.:/-" else "S"
    if p[0] == "助詞":
        return "P" + s if s in {"の", "と", "や", "は", "が", "も", "に", "を", "で", "へ"} else "P"
    if p[0] == "接尾辞":
        return "X人" if s in model_lexicon().strong_titles else "X"
    return p[0]


def grams(word: str) -> list[str]:
    """Character n-grams of a word, for :class:`piiscan.detect.names.lexical.Looks`."""
    kind = script(word)
    padded = f"^{word}$"
    found = [kind + str(min(len(word), 8))]
    for length in (1, 2, 3, 4):
        found += [padded[i : i + length] for i in range(len(padded) - length + 1)]
    return found


def features(token: TokenType, cluster: Sequence[int], looks: str = "") -> list[str]:
    """The features of a token type, the same at every distance.

    The first letter says how far they reach: ``a`` only at the token itself, ``b`` up to one token away, ``c`` up to two.

    :param cluster: ids in the clusterings, coarse to fine; empty when the word is in none.
    :param looks: what the word looks like by its characters (:class:`piiscan.detect.names.lexical.Looks`).
    """
    s, p = token.surface, token.pos
    if p[0] == "PAD":
        return ["cPAD"]
    lex = model_lexicon()
    kind = script(s)
    lower = s.lower()
    found = [
        f"cs={lower}",
        f"cp={'/'.join(p[:4])}",
        f"bp2={p[0]}/{p[1]}",
        f"bk={kind}{min(len(s), 6)}",
        f"bko={kind}{int(token.oov)}",
        f"bg={token.gap}",
    ]
    if looks:
        found.append(f"b?={looks}{int(token.oov)}")
        found.append(f"a?{looks}/{p[1]}{p[2]}")
    if token.norm != s:
        found.append(f"bn={token.norm}")
    if len(p) > 5 and p[4] != "*":
        found.append(f"bi={p[4][:3]}/{p[5][:3]}")
    for level, number in enumerate(cluster):
        found.append(f"{'c' if level < 3 else 'b'}{level}c={number}")
    if not cluster:
        found.append(f"bnocluster={kind}")
    if kind in "khKmMLy":
        bearers = lex.surnames.get(s)
        if bearers is not None:
            found.append("bsur=" + _count_class(bearers))
            found.append(f"asurlen={len(s)}{_count_class(bearers)}/{p[2]}{p[3]}")
        given = lex.given.get(s)
        if given is not None:
            found.append(f"bgiv={given}")
            found.append(f"agivlen={len(s)}{given}/{p[2]}{p[3]}")
        if bearers is None and given is None and kind in "km":
            split = best_split(s)
            if split:
                found.append(f"bsplit={split}")
        if s in lex.foreign:
            found.append("bforeign")
        if kind == "K":
            if s in lex.surname_readings:
                found.append("bsurkana")
            if s in lex.given_readings:
                found.append("bgivkana")
        if kind == "h":
            found.append("ahlen=" + str(len(s)))
        for length in (1, 2, 3):
            if len(s) > length or length == 1:
                found.append(f"{'b' if length < 3 else 'a'}f{length}={lower[:length]}")
                found.append(f"{'b' if length < 3 else 'a'}l{length}={lower[-length:]}")
        if kind in {"L", "y"}:
            found.append("bcase=" + ("U" if s.isupper() else "T" if s[:1].isupper() and s[1:].islower() else "l" if s.islower() else "m"))
    if s in lex.strong_titles:
        found.append("cstrong")
    if s in lex.after_titles:
        found.append("cafter")
    if s in lex.before_titles:
        found.append("cbefore")
    if s in lex.not_names:
        found.append("bnot")
    return found


def best_split(s: str) -> str:
    """Whether a kanji word is a surname and a given name run together: the class of the best cut, or ``""``."""
    lex = model_lexicon()
    best = ""
    for cut in range(1, len(s)):
        bearers = lex.surnames.get(s[:cut])
        if bearers is not None and s[cut:] in lex.given:
            best = max(best, _count_class(bearers) + str(lex.given[s[cut:]]))
    return best


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="core")


def _tokenizer() -> Any:
    from sudachipy import SplitMode

    return _dictionary().create(mode=SplitMode.A, fields={"pos", "normalized_form"})


@cache
def tokenizer() -> Any:
    """Sudachi on the core dictionary, split mode A (all modes have the boundaries of 99.6 % of the names; A the fewest misses).

    It reads of a word only what is asked for here: a fifth of its time.
    """
    return _tokenizer()


@cache
def word_tokenizer() -> Any:
    """The same for single words: what a tokenizer keeps of the last text it clears before the next, however short that is."""
    return _tokenizer()


def is_headword(text: str) -> bool:
    """Whether Sudachi's dictionary has a word that is written so; only then a tokenizer can read a text as one of its words."""
    return len(_dictionary().lookup(text)) > 0
