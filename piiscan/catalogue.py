"""The catalogue: every kind of personal data that is looked for, as read from ``recognizers/``.

A rule is content, not code: one YAML file an entity, which a privacy officer
can read and change. This module reads and checks those files and answers
questions about them (labels, laws, what a column header says). It knows nothing
of how a text is searched; that is :mod:`piiscan.detect`.

Users add folders of their own (``--recognizers DIR``). A file there that names
a new entity adds it; one that names a known entity extends it (its patterns,
labels, words, headers and examples are added), or replaces it with
``replaces: true``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from piiscan.backtracking import refuse_endless
from piiscan.resources import recognizers_dir

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Example",
    "Headers",
    "PatternSpec",
    "Rule",
    "Text",
    "Words",
    "load_catalogue",
    "plain_header",
    "says",
]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Weight of a header that is a strong word, ends in one, holds one, or is (or ends in) a weak word.
_EXACT, _ENDS, _HOLDS, _WEAK = 0.95, 0.85, 0.7, 0.4
#: Weight left to a header that names a kind but says it is about it (電話番号区分), not it.
_ABOUT = 0.2


class CatalogueError(ValueError):
    """A rule file that cannot be used. The message says which file, where in it, and what to do."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """The same words in Japanese and English."""

    ja: str
    en: str

    def of(self, lang: str) -> str:
        """In ``lang`` (``"ja"``, else English)."""
        return self.ja if lang == "ja" else self.en


class PatternSpec(_Frozen):
    """A regular expression over the folded text (:func:`piiscan.detect.normalize.fold`).

    The value is the group ``value`` if there is one, else the whole match; the check is asked about the group ``checked`` if there
    is one (a line of check digits that the value is a part of), else about the value.

    :ivar score: probability when form and check are all that speaks for it.
    :ivar labelled: probability when a label of the rule stands directly before it.
    :ivar context: probability when a context word is near (unset: ``score`` plus the rule's boost).
    :ivar check: check of this pattern alone, instead of the rule's.
    :ivar needs: where it is tried: ``text`` anywhere, ``number`` at clusters of seven digits or more,
        ``label`` near the rule's labels and context words, ``at`` only in texts with an ``@``, ``digit``
        on lines that hold a digit.
    :ivar cell: whether a whole table cell may be judged by it.
    :ivar self_labelled: the pattern holds its own label (``T``, ``〒``, ``記号…番号…``): ``score`` is final.
    :ivar origin: set by the loader: the user's file that it comes from, empty for ours.
    """

    name: str = Field(min_length=1)
    regex: str = Field(min_length=1)
    score: float = Field(ge=0, le=1)
    labelled: float | None = Field(None, ge=0, le=1)
    context: float | None = Field(None, ge=0, le=1)
    check: str | None = None
    needs: Literal["text", "number", "label", "at", "digit"] = "text"
    cell: bool = True
    self_labelled: bool = False
    origin: str = ""

    @field_validator("regex")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            compiled = re.compile(value)
        except re.error as error:
            raise ValueError(
                f"the regular expression is not valid: {error}; correct it (a backslash in YAML needs single quotes)"
            ) from None
        if compiled.match(""):
            raise ValueError("the regular expression also matches nothing at all; make at least one character required")
        refuse_endless(value)
        return value


class Words(_Frozen):
    """Words near a value, and how near in characters. A list is its words."""

    words: tuple[str, ...] = ()
    before: int = Field(30, ge=0, le=2_000)
    after: int = Field(10, ge=0, le=2_000)
    boost: float = Field(0.3, ge=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def _plain_list(cls, value: object) -> object:
        return {"words": value} if isinstance(value, list) else value


class Headers(_Frozen):
    """Words of column headers."""

    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class Against(Words):
    """Words that speak against a value; ``despite_label``: even where its label stands beside it."""

    despite_label: bool = False


class Example(_Frozen):
    """A text that must (or must not) give a finding; ``value`` is what must be found in it, if told."""

    text: str = Field(min_length=1)
    value: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class Examples(_Frozen):
    """Texts that the rule must and must not find something in."""

    match: tuple[Example, ...] = ()
    no_match: tuple[Example, ...] = ()


class Rule(_Frozen):
    """One kind of personal data; the fields are the keys of its YAML file.

    :ivar level: level of a lone finding where ``levels.yaml`` says nothing.
    :ivar personal: false for what is only found to rule it out (法人番号).
    :ivar engine: which recognizer reads it.
    :ivar labels: words that name the value when they stand directly before it (``個人番号：…``).
    :ivar after_labels: words that name it directly after it (``昭和50年4月1日生``); those that are labels too, only in brackets
        (``TK1234567（旅券番号）``).
    :ivar requires_context: never reported without label, context word or header.
    :ivar against: words nearby that speak against it; a label of its own outweighs them.
    :ivar extra: free for the engine.
    """

    entity: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    label: Text
    description: Text
    law: str = ""
    level: Literal["none", "low", "medium", "high", "critical"]
    personal: bool = True
    engine: Literal["patterns", "names", "addresses", "sensitive", "cards"] = "patterns"
    as_of: dt.date
    reference: tuple[str, ...] = ()
    action: Text
    patterns: tuple[PatternSpec, ...] = ()
    check: str = ""
    labels: tuple[str, ...] = ()
    after_labels: tuple[str, ...] = ()
    requires_context: bool = False
    context: Words = Words()
    against: Against = Against()
    headers: Headers = Headers()
    examples: Examples = Examples()
    extra: Mapping[str, Any] = {}

    @model_validator(mode="after")
    def _has_patterns(self) -> Rule:
        if self.engine == "patterns" and not self.patterns:
            raise ValueError("a rule of engine 'patterns' needs at least one entry under 'patterns'")
        return self


def plain_header(header: str) -> str:
    """A header as it is compared: NFKC, lower case, no white space.

    >>> plain_header(" Ｅ-Ｍａｉｌ アドレス ")
    'e-mailアドレス'
    """
    return "".join(unicodedata.normalize("NFKC", header).lower().split())


# What people add to a header without changing what it names: 電話番号1, ※氏名, 住所(必須), TEL②.
_DECORATION = re.compile(
    r"^[※*★☆●○■□◆◇・.\-_#【\[(]+|[※*:;：；\]】)]+$"
    r"|[(\[【][^)\]】]{0,20}[)\]】]$"
    r"|(?<=\D)[-_]?[0-9]{1,2}$|欄$|の?記入欄$"
)


_NUMBERED = re.compile(r"(?:no\.?|№|ナンバー)$")
_INSERTED = re.compile(r"(?<=.)[(（\[][^()（）\[\]]{1,12}[)）\]](?=.)")


def _bare(header: str) -> str:
    for _ in range(4):
        shorter = _DECORATION.sub("", header)
        if shorter == header or not shorter:
            break
        header = shorter
    return header


_ASCII_WORD = re.compile(r"[a-z0-9]+")


#: A Latin word so long is one in the middle of another too: phonenumber.
_LONG_WORD = 5


def _joined(header: str) -> str:
    return "".join(_ASCII_WORD.findall(header)) if header.isascii() else header


class _HeaderWord:
    """A strong or weak header word and how it sits in a header."""

    __slots__ = ("entity", "joined", "parts", "strong", "word")

    def __init__(self, entity: str, word: str, strong: bool) -> None:
        self.entity = entity
        self.word = word
        self.strong = strong
        #: of a word in Latin letters: its parts (e-mail: e, mail), and those together
        self.parts = _ASCII_WORD.findall(word) if word.isascii() else []
        self.joined = "".join(self.parts)

    def weight(self, plain: str, bare: str, tokens: Sequence[str]) -> float:
        word = self.word
        if word in {plain, bare} or (word.isascii() and self.joined == _joined(bare)):
            return _EXACT if self.strong else _WEAK
        if len(word) < 2:
            return 0.0
        if word.isascii():
            return self._ascii_weight(bare, tokens)
        if word not in bare:
            return 0.0
        if not self.strong:
            return _WEAK if bare.endswith(word) else 0.0
        return _ENDS if bare.endswith(word) else _HOLDS

    def _ascii_weight(self, bare: str, tokens: Sequence[str]) -> float:
        parts = self.parts
        count = len(parts)
        inside = any(list(tokens[i : i + count]) == parts for i in range(len(tokens) - count + 1))
        # phonenumber, useremail: one token, so long words may also end or begin it.
        inside = inside or (len(self.joined) >= _LONG_WORD and any(self.joined in token for token in tokens))
        if not inside:
            return 0.0
        if not self.strong:
            return _WEAK
        return _ENDS if not bare.isascii() or (tokens and tokens[-1].endswith(parts[-1])) else _HOLDS


class _HeaderWords:
    """All header words, found by what they have in common with a header.

    Cells of tables are asked about too, a list of persons by the thousand, and most hold no such word: :meth:`may_hold` says so in a
    hundredth of the time that it takes to ask the words one by one.
    """

    def __init__(self, words: Sequence[_HeaderWord]) -> None:
        self._whole: dict[str, list[_HeaderWord]] = {}
        self._japanese: dict[str, list[_HeaderWord]] = {}  # by the first character
        self._joined: dict[str, list[_HeaderWord]] = {}
        self._latin: dict[str, list[_HeaderWord]] = {}  # by the first part
        self._long_words: list[_HeaderWord] = []
        for word in words:
            self._whole.setdefault(word.word, []).append(word)
            if not word.parts:  # or of nothing but signs
                self._japanese.setdefault(word.word[:1], []).append(word)
                continue
            self._joined.setdefault(word.joined, []).append(word)
            self._latin.setdefault(word.parts[0], []).append(word)
            if len(word.joined) >= _LONG_WORD:
                self._long_words.append(word)
        japanese = [word.word for words in self._japanese.values() for word in words]
        self._signs = frozenset(word for word in japanese if len(word) == 1)
        self._pairs = frozenset(word[:2] for word in japanese if len(word) > 1)
        long = {word.joined for word in self._long_words}
        self._long = re.compile("|".join(sorted(map(re.escape, long))) or "(?!)")

    def may_hold(self, plain: str, bare: str, tokens: Sequence[str]) -> bool:
        """Whether any word could weigh anything; see :meth:`_HeaderWord.weight` for the arguments, and for what is left out here."""
        if plain in self._whole:  # ipv4, whose figure is no decoration
            return True
        if tokens and (
            not self._latin.keys().isdisjoint(tokens)
            or (bare.isascii() and "".join(tokens) in self._joined)
            or self._long.search(" ".join(tokens)) is not None
        ):
            return True
        if not self._signs.isdisjoint(plain):
            return True
        if self._pairs.isdisjoint([plain[at : at + 2] for at in range(len(plain) - 1)]):
            return False
        japanese = self._japanese
        return any(plain.startswith(word.word, at) for at, ch in enumerate(plain) if ch in japanese for word in japanese[ch])

    def common(self, plain: str, bare: str, tokens: Sequence[str]) -> Iterator[_HeaderWord]:
        """The words that weigh something in a header, and some that do not."""
        for whole in {plain, bare}:
            yield from self._whole.get(whole, ())
        for ch in {*bare}:
            yield from self._japanese.get(ch, ())
        if bare.isascii():
            yield from self._joined.get(_joined(bare), ())
        for token in {*tokens}:
            yield from self._latin.get(token, ())
        if tokens and self._long.search(" ".join(tokens)):
            yield from self._long_words


class Catalogue:
    """All rules, by entity, and what column headers say about them. Immutable; made by :func:`load_catalogue`."""

    def __init__(self, rules: Mapping[str, Rule], files: Mapping[str, tuple[Path, ...]], about: Sequence[str] = ()) -> None:
        self.rules: Mapping[str, Rule] = dict(rules)
        #: the files that each rule was read from
        self.files: Mapping[str, tuple[Path, ...]] = dict(files)
        self._about = tuple(plain_header(word) for word in about)
        words: list[_HeaderWord] = []
        self._against: dict[str, tuple[str, ...]] = {}
        for rule in self.rules.values():
            for of_rule, strong in ((rule.headers.strong, True), (rule.headers.weak, False)):
                words += [_HeaderWord(rule.entity, plain_header(word), strong) for word in of_rule]
            self._against[rule.entity] = tuple(plain_header(word) for word in rule.headers.against)
        self._kinds: dict[str, list[tuple[str, float]]] = {}
        self._words = _HeaderWords(words)

    def rule(self, entity: str) -> Rule:
        """:raises KeyError: when no rule is for ``entity``."""
        return self.rules[entity]

    def label(self, entity: str, lang: str = "ja") -> str:
        """What people call it; the entity's own name when no rule is for it (a removed rule of a user)."""
        rule = self.rules.get(entity)
        return rule.label.of(lang) if rule else entity

    def header_kinds(self, header: str) -> list[tuple[str, float]]:
        """Kinds that a column header names: ``(entity, weight 0..1)``, best first.

        A strong word that is the whole header weighs 0.95, as its end 0.85, inside 0.7; a weak
        word 0.4. A header that is *about* a kind (電話番号区分, マイナンバー提出日) weighs 0.2.

        >>> load_catalogue().header_kinds("ご自宅の電話番号")[0][0]
        'PHONE_NUMBER'
        """
        plain = plain_header(header)
        kinds = self._kinds.get(plain)
        if kinds is None:
            kinds = self._judge(plain)
            if len(self._kinds) > 20_000:
                self._kinds.clear()
            self._kinds[plain] = kinds
        return list(kinds)

    def _judge(self, plain: str) -> list[tuple[str, float]]:
        if not plain or len(plain) > 60:
            return []
        bare = _bare(plain)
        tokens = _ASCII_WORD.findall(bare)
        if not self._words.may_hold(plain, bare, tokens) and not _NUMBERED.search(bare):
            return []
        best: dict[str, tuple[float, int]] = {}
        others = {_NUMBERED.sub("番号", bare) if not bare.isascii() else bare, _INSERTED.sub("", bare)} - {bare, ""}
        for text in (bare, *others):  # 旅券No is 旅券番号, カード(クレジット)番号 is カード番号
            own = plain if text == bare else text
            for word in self._words.common(own, text, tokens):
                weight = word.weight(own, text, tokens)
                if weight and (weight, len(word.word)) > best.get(word.entity, (0.0, 0)):
                    best[word.entity] = (weight, len(word.word))
        about = next((word for word in self._about if bare.endswith(word)), "")
        kinds: list[tuple[str, float, int]] = []
        for entity, (weight, length) in best.items():
            if weight < _EXACT and any(_speaks_against(word, bare, tokens) for word in self._against[entity]):
                continue
            if about and weight < _EXACT:
                kinds.append((entity, min(weight, _ABOUT), length))
            else:
                kinds.append((entity, weight, length))
        kinds.sort(key=lambda kind: (-kind[1], -kind[2], kind[0]))
        return [(entity, weight) for entity, weight, _ in kinds]


def _speaks_against(word: str, bare: str, tokens: Sequence[str]) -> bool:
    """Whether a word says that a header is of something else."""
    if word.isascii():
        return word in tokens if len(word) < 5 else word in bare
    return says(word, bare)


def says(word: str, header: str) -> bool:
    """Whether a header says a word of ours; 契約 it does in 契約日, but not in 契約者生年月日, where it only is who did so."""
    at = header.find(word)
    while at >= 0:
        end = at + len(word)
        if end == len(header) - 1 or header[end : end + 1] not in {"者", "人"}:
            return True
        at = header.find(word, end)
    return False


# ------------------------------------------------------------------------ reading


@lru_cache(maxsize=8)
def _load(extra_dirs: tuple[Path, ...]) -> Catalogue:
    base = recognizers_dir()
    raw: dict[str, dict[str, Any]] = {}
    files: dict[str, tuple[Path, ...]] = {}
    for path in [*_rule_files(base / "patterns"), *_rule_files(base / "sensitive")]:
        data = _read(path)
        entity = str(data.get("entity", ""))
        if entity in raw:
            raise CatalogueError(f"{path}: entity {entity} is already defined in {files[entity][0]}; keep one of the two files")
        raw[entity] = data
        files[entity] = (path,)
    for folder in extra_dirs:
        for path in _extra_files(folder):
            _take_extra(path, _read(path), raw, files)
    rules: dict[str, Rule] = {}
    for entity, data in raw.items():
        rule = _validate(data, files[entity])
        rules[rule.entity] = rule
    return Catalogue(rules, files, _about_words(base / "context" / "headers.yaml"))


def load_catalogue(extra_dirs: Sequence[Path] = ()) -> Catalogue:
    """The rules that ship, and those of further folders. Cached by folder names for the life of the process.

    :param extra_dirs: folders with rule files (``*.yaml`` directly inside, or in ``patterns/`` and ``sensitive/``).
    :raises CatalogueError: for a file that cannot be used.
    """
    return _load(tuple(Path(folder) for folder in extra_dirs))


def _about_words(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    data = _read(path)
    return tuple(str(word) for word in data.get("about", ()))


def _rule_files(folder: Path) -> list[Path]:
    """A name that begins with ``_`` or ``.`` is no rule (shared notes, editor leftovers)."""
    return sorted(p for p in folder.glob("*.y*ml") if p.suffix in {".yaml", ".yml"} and not p.name.startswith(("_", ".")))


def _extra_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: no such folder; check --recognizers, or detection.recognizers in the settings")
    found = [path for sub in (folder, folder / "patterns", folder / "sensitive") for path in _rule_files(sub)]
    if not found:
        raise CatalogueError(f"{folder}: holds no rule file (*.yaml); put one there, or leave the folder out")
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CatalogueError(f"{path}: is not UTF-8 text; save it again as UTF-8") from None
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read ({type(error).__name__}); check that it exists and that you may read it") from None
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 -- a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "not valid YAML"
        raise CatalogueError(f"{path}{where}: {what}; correct the YAML there (quote values that hold ': ' or begin with a sign)") from None
    if not isinstance(data, dict):
        raise CatalogueError(f"{path}: must hold one rule (entity: …, label: …); see recognizers/patterns/ for examples")
    return data


def _take_extra(path: Path, data: dict[str, Any], raw: dict[str, dict[str, Any]], files: dict[str, tuple[Path, ...]]) -> None:
    data = dict(data)
    replaces = bool(data.pop("replaces", False))
    patterns = data.get("patterns")
    if isinstance(patterns, list):
        data["patterns"] = [{**p, "origin": path.name} if isinstance(p, dict) else p for p in patterns]
    entity = str(data.get("entity", ""))
    for key in ("label", "description", "action"):
        if isinstance(data.get(key), str):  # one's own rule may speak one language
            data[key] = {"ja": data[key], "en": data[key]}
    if entity not in raw or replaces:
        data.setdefault("description", data.get("label"))
        data.setdefault("action", {"ja": "必要性を確かめ、不要なら削除してください。", "en": "Check that it is needed; delete it if not."})
        data.setdefault("as_of", dt.date(2026, 11, 1))
        raw[entity] = data
        files[entity] = (path,)
    else:
        raw[entity] = _extended(raw[entity], data)
        files[entity] = (*files[entity], path)


def _extended(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with what ``more`` adds: lists grow, mappings merge, single values are replaced."""
    merged = dict(base)
    for key, value in more.items():
        old = merged.get(key)
        if isinstance(old, list) and isinstance(value, list):
            merged[key] = [*old, *(item for item in value if item not in old)]
        elif isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _extended(old, value)
        else:
            merged[key] = value
    return merged


def _validate(data: Mapping[str, Any], files: tuple[Path, ...]) -> Rule:
    try:
        return Rule.model_validate(data)
    except ValidationError as error:
        raise CatalogueError("\n".join(_sentences(error, files[-1]))) from None


def _sentences(error: ValidationError, path: Path) -> Iterable[str]:
    for item in error.errors(include_url=False):
        loc = tuple(item["loc"])
        named = ".".join(str(part) for part in loc) or "rule"
        line = _line_of(path, loc)
        where = f"{path}:{line}" if line else str(path)
        if item["type"] == "extra_forbidden":
            yield f"{where}: {named}: no such key; remove it, or check its spelling (keys: {', '.join(Rule.model_fields)})"
        elif item["type"] == "missing":
            yield f"{where}: {named}: is missing; add it (see recognizers/patterns/ for examples)"
        elif item["type"] in {"model_type", "dict_type"}:
            yield f"{where}: {named}: must hold keys, each with its value; correct it there"
        else:
            yield f"{where}: {named}: {item['msg'].removeprefix('Value error, ')}; correct it there"


def _line_of(path: Path, loc: Sequence[str | int]) -> int:
    """Line of a field in a YAML file, as near as can be told; 0 when not at all."""
    try:
        node: Any = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return 0
    if node is None:
        return 0
    line = node.start_mark.line + 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            node = None
        if node is None:
            break
        line = node.start_mark.line + 1
    return int(line)
