"""What a short text in a table says by itself: a header or label, of which kind, or a value.

Words and thresholds are data (``recognizers/context/columns.yaml``); the words
of the personal kinds come from the catalogue's rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import yaml
from presidio_analyzer import RecognizerResult
from pydantic import BaseModel, ConfigDict, ValidationError

from piiscan.catalogue import Catalogue, Headers, says
from piiscan.detect.base import ValueMatch
from piiscan.detect.names.features import lexicon
from piiscan.detect.names.variants import katakana
from piiscan.detect.normalize import nfkc
from piiscan.resources import read_yaml, recognizers_dir

__all__ = ["ColumnRules", "ColumnRulesError", "TableKit", "Words", "load_column_rules", "may_be_name_in_mei", "shared_words"]


class SensitiveCells(Protocol):
    """The part of the sensitive recognizer that tables use."""

    def column_kind(self, header: str) -> tuple[str, float] | None:
        """The sensitive kind that a header names, and how surely."""

    def cell(self, entity: str, header: str, value: str) -> ValueMatch | None:
        """Whether a cell under such a header says something sensitive of the row's person."""


class TableKit(Protocol):
    """What tables need of the kit."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def sensitive(self) -> Any: ...

    def value(self, entity: str, text: str) -> ValueMatch | None:
        """Whether a whole cell is a value of that kind, by form and check alone."""

    def spot(self, text: str) -> list[RecognizerResult]:
        """Everything in a piece of prose."""


class ColumnRulesError(ValueError):
    """A columns file that cannot be used; the message says where and why."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ByValue(_Frozen):
    share: float
    unique: int
    mean: float = 0.0
    bare: bool = False


class NameParts(_Frozen):
    family: tuple[str, ...]
    given: tuple[str, ...]


class ColumnRules(_Frozen):
    """The content of ``recognizers/context/columns.yaml``; what each field means is said there."""

    as_of: Any
    sample: int
    with_header: float
    with_weak_header: float
    by_value: Mapping[str, ByValue]
    strict_header: Mapping[str, float]
    checked: tuple[str, ...]
    not_a_name: tuple[str, ...]
    identifies: tuple[str, ...]
    either: tuple[str, ...]
    not_person: tuple[str, ...]
    things: tuple[str, ...]
    things_alone: frozenset[str]
    animals: tuple[str, ...]
    goods: tuple[str, ...]
    organisations: frozenset[str]
    named_so: frozenset[str]
    organisation_forms: tuple[str, ...]
    other_person: tuple[str, ...]
    family_members: tuple[str, ...]
    called: frozenset[str]
    subject: tuple[str, ...]
    glossary: tuple[str, ...]
    numbers: tuple[str, ...]
    other_numbers: tuple[str, ...]
    words: tuple[str, ...]
    suffixes: tuple[str, ...]
    works: tuple[str, ...]
    prose: tuple[str, ...]
    label_ends: tuple[str, ...]
    name_parts: tuple[NameParts, ...]
    address_parts: tuple[str, ...]
    joined: Mapping[str, tuple[str, ...]]
    joined_headers: tuple[str, ...]


@cache
def load_column_rules(path: Path | None = None) -> ColumnRules:
    """:raises ColumnRulesError: when the file cannot be read or says something unknown."""
    path = path or recognizers_dir() / "context" / "columns.yaml"
    try:
        return ColumnRules.model_validate(read_yaml(path))
    except OSError as error:
        raise ColumnRulesError(f"{path}: cannot be read ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        raise ColumnRulesError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ColumnRulesError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


#: Whoever does or is something: 指導員, 係印, メンバー2. The values decide, as under any weak header.
_ROLE = re.compile(
    r".{0,8}(?:[者員人師医係官長士手役]|担当|受け|応対|立会い?|次の(?:連絡先|人|方)|専務|常務|主任|教頭|メンバー|リーダー|スタッフ|ドライバー|当番|相手|先生|教諭|ヘルパー|ケアマネ|マネージャー?|コーチ|トレーナー"
    r"|オペレータ|オペレーター|インストラクター|カウンセラー|アドバイザー|ワーカー|コンサルタント|プランナー|セラピスト|スタイリスト|アシスタント|ディレクター)(?:名|印|ns|dr|pt|ot|st|msw)?[0-9]{0,2}"
)
_ROLE_WEIGHT = 0.4
#: Words for a family name that others end with (彼氏, 女性 reads せい): only as a whole header.
_PARTS_OF_WORDS = frozenset({"氏", "せい", "セイ", "sei", "family"})
#: チーム担当, 物件所有者, 船名義人: who has to do with a thing.
_BEARERS = re.compile(
    r"者|人|担当|代表|責任|主$|員|監督|コーチ|オーナー|リーダー|キャプテン|マネ|顧問|講師|先生|長|氏名|俗名|owner|person|staff|member"
)
#: A word of a header in Latin letters: vessel_name, VesselName; shipping holds no ship.
_LATIN_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SHORT_LATIN = 5
#: A key of a program's data: message_id, messageId.
_ENDS_IN_ID = re.compile(r"(?:[a-z0-9]I[Dd]|[_ .-](?i:id))$")
_ROUND = str.maketrans("〔〕", "()")
_LONG_NUMBER = re.compile(r"\d{3,}|\d[-/.:年]\d")
_BLANK_DATE = re.compile(r"[\s　]*年[\s　]+月[\s　]+日")
_BOXES = re.compile("[□☐☑✓■]")
_LABEL_LENGTH = 18
#: Mailing Zip/Postal Code, without its blanks.
_LATIN_LABEL = 28
#: 姓_漢字, 名-カナ: what parts a header from the letters that it asks for.
_BEFORE_SCRIPT = re.compile(r"[_\-・]+(?=(?:漢字|カナ|かな|フリガナ|ふりがな|よみ|ヨミ)$)")
_IN_BRACKETS = re.compile(r"(?<=.)[(\[〔].{0,12}[)\]〕]$")
#: A word of a header in Latin letters: mailing_city, MailingCity.
_HEADER_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAMED = 0.8
#: A path in JSON; in a host's or a file's name the last word is no header.
_PATH = re.compile(r"[a-z_@$][a-z0-9_\[\]-]{0,30}(?:\.[a-z_@$][a-z0-9_\[\]-]{0,30}){1,8}")
_CACHE = 20_000
_LISTED = 10
#: What :class:`Words` is asked of headers and remembers.
_OF_HEADERS = (
    "against",
    "something_else",
    "things",
    "either",
    "other_person",
    "role",
    "bearer",
    "works",
    "prose",
    "names_exactly",
    "name_parts",
    "address_part",
    "sensitive_weight",
)
#: … so many answers to each question: of some hundred headers, for a dozen kinds.
_ANSWERS = 8_192


@dataclass(frozen=True, slots=True)
class Label:
    """What a cell is as a header or label.

    :ivar weight: 0 (a value) to 1 (surely a label).
    :ivar kinds: personal kinds that it names, with weights, best first.
    """

    weight: float
    kinds: tuple[tuple[str, float], ...]
    plain: str


_NO_LABEL = Label(0.0, (), "")


class _RuleWords(NamedTuple):
    """The header words of a rule, as headers are compared."""

    strong: frozenset[str]
    weak: frozenset[str]
    against: tuple[str, ...]


class Words:
    """Judges header and label words; remembers what it judged (bounded)."""

    def __init__(self, catalogue: Catalogue, sensitive: Any, rules: ColumnRules) -> None:
        self._catalogue = catalogue
        self._sensitive = sensitive
        self.rules = rules
        self._words = frozenset(plain(word) for word in rules.words)
        self._suffixes = rules.suffixes
        listed = sorted(map(nfkc, rules.label_ends), key=len, reverse=True)
        ends = "|".join(map(re.escape, listed))
        self._ends = re.compile(f"^(?:{ends})+|(?:{ends})+$")
        self._end_signs = frozenset(sign for end in listed for sign in (end[0], end[-1]))
        self._family = {form: i for i, parts in enumerate(rules.name_parts) for h in parts.family for form in _forms(h)}
        self._given = {form: i for i, parts in enumerate(rules.name_parts) for h in parts.given for form in _forms(h)}
        self._family_ends = tuple(word for word in self._family if word not in _PARTS_OF_WORDS)
        self._glossary = frozenset(plain(word) for word in rules.glossary)
        self._labels: dict[str, Label] = {}
        self._not_person = tuple((word, word.isascii()) for word in rules.not_person)
        self._rule_words: dict[str, _RuleWords] = {}
        for question in _OF_HEADERS:  # sheets have the same headers again and again
            setattr(self, question, lru_cache(maxsize=_ANSWERS)(getattr(self, question)))
        #: every word that names no personal kind
        self.known = self._words

    def label(self, cell: str) -> Label:
        """What ``cell`` is as a label; cheap for cells seen before."""
        known = self._labels.get(cell)
        if known is None:
            known = self._judge(cell)
            if len(self._labels) >= _CACHE:
                self._labels.clear()
            self._labels[cell] = known
        return known

    def labels(self, cells: Sequence[str], least: float) -> int:
        """How many of some cells are labels at least so surely."""
        known = self._labels
        count = 0
        for cell in cells:
            label = known.get(cell)
            if (self.label(cell) if label is None else label).weight >= least:
                count += 1
        return count

    def _judge(self, cell: str) -> Label:
        if (
            not cell
            or len(cell) > 3 * _LABEL_LENGTH
            or (cell.isascii() and cell.isdigit())
            or (_BOXES.search(cell) and len(_BOXES.findall(cell)) >= 2)
            or ("年" in cell and _BLANK_DATE.match(cell))
        ):
            return _NO_LABEL
        text = plain(cell)
        if text[:1] in self._end_signs or text[-1:] in self._end_signs:
            text = self._ends.sub("", text)
        if "." in text and _PATH.fullmatch(text):
            return self._of_path(text)
        if (
            not text
            or len(text) > (_LATIN_LABEL if text.isascii() else _LABEL_LENGTH)
            or "@" in text
            or "。" in text
            or text.isdigit()
            or _LONG_NUMBER.search(text)
        ):
            return _NO_LABEL
        if _is_name_in_mei(cell, text):
            return _NO_LABEL
        kinds = tuple(self._catalogue.header_kinds(text))
        if not any(entity == "PERSON" for entity, _ in kinds) and _ROLE.fullmatch(text) and not self.against("PERSON", text):
            return self._weighed(text, kinds, (*kinds, ("PERSON", _ROLE_WEIGHT)))
        return self._weighed(text, kinds, kinds)

    def _of_path(self, path: str) -> Label:
        """A name in a program's data (req.body.customer.name) by its last word, also with the one before it."""
        *_, before, last = path.split(".")
        kinds = max(self._catalogue.header_kinds(last), self._catalogue.header_kinds(f"{before}_{last}"), key=_surest)
        if last in self._words or last in self._family or last in self._given or (kinds and kinds[0][1] >= _NAMED):
            return Label(1.0, tuple(kinds), path)
        return Label(0.5, tuple(kinds), path)

    def _weighed(self, text: str, kinds: tuple[tuple[str, float], ...], named: tuple[tuple[str, float], ...]) -> Label:
        """A label's weight by the kinds that the catalogue knows it for; ``named`` also has the role that its ending says."""
        if text in self._words or text in self._family or text in self._given:
            return Label(1.0, named, text)
        if text.endswith(self._family_ends):
            return Label(0.7, named, text)  # 注文者姓
        best = max((weight for _, weight in kinds), default=0.0)
        if best >= 0.9:
            return Label(1.0, named, text)
        if best >= 0.8 and len(text) <= 14:
            return Label(0.8, named, text)
        if kinds and self.sensitive_kind(text) is not None:
            return Label(0.8, named, text)
        if text.endswith(self._suffixes) and len(text) <= 12:
            return Label(0.7, named, text)
        return Label(0.5 if best else 0.0, named, text)

    def sensitive_kind(self, header: str) -> str | None:
        """The sensitive kind that a header names, if any."""
        kind = self.sensitive_weight(header)
        return kind[0] if kind else None

    def sensitive_weight(self, header: str) -> tuple[str, float] | None:
        """The sensitive kind that a header names, and how surely: 判定, 処置 and 結果 say little (0.4)."""
        if header.count("、") and len(header) > _LISTED:
            return None  # 狭心症、心筋こうそく、高血圧症: a line of a list
        kind: tuple[str, float] | None = self._sensitive.column_kind(header)
        return kind

    def names_exactly(self, entity: str, header: str) -> bool:
        """Whether a weak word of a kind is the whole header: 年月日, not 確認年月日."""
        return self.label(header).plain in self._of_rule(entity).weak

    def name_part(self, header: str) -> tuple[int, int] | None:
        """``(which pair of parts, 0 for the family name or 1 for the given name)``."""
        text = plain(header)
        if text in self._family:
            return self._family[text], 0
        if text in self._given:
            return self._given[text], 1
        return None

    def glossary(self, headers: Iterable[str]) -> bool:
        """Whether a header is that of a list of words: 用語, 読み, 意味."""
        return any(plain(header) in self._glossary for header in headers)

    def name_parts(self, header: str) -> tuple[tuple[int, int, str], ...]:
        """As :meth:`name_part`, for every pair whose word the header ends with, and what stands before that word.

        注文者姓 is the family name of ``注文者`` where 注文者名 stands beside it; 会社名 is no given name, as no 会社姓 does.
        """
        text = _BEFORE_SCRIPT.sub("", plain(header))
        found = []
        for which, words in ((0, self._family), (1, self._given)):
            found += [(pair, which, text[: len(text) - len(word)]) for word, pair in words.items() if text.endswith(word)]
        return tuple(found)

    def address_part(self, header: str) -> int:
        """Place of a header among the parts of an address, or -1."""
        words = {word.lower() for word in _HEADER_WORD.findall(header)}
        for rank, word in enumerate(self.rules.address_parts):
            if word in words if word.isascii() else word in header:
                return rank
        return -1

    def against(self, entity: str, header: str) -> bool:
        """Whether a header speaks against a kind."""
        text = plain(header)
        if entity == "PERSON":
            # 所属 is a unit, 所属長 who heads it; a profile is no file
            text = text.replace("所属長", "長").replace("profile", "")
            core = _IN_BRACKETS.sub("", text) or text  # 迎え者(続柄): a person, and more about him
            spaced = nfkc(header).lower().replace("profile", "")  # in Contact Owner stands no town
            if self.things(header):
                return True
            for word, in_latin in self._not_person:
                if word in (spaced if in_latin else core) and _begins_part(word, header):
                    return True
        rule = self._of_rule(entity)
        if not any(word in text and says(word, text) and _begins_part(word, header) for word in rule.against):
            return False
        return text not in rule.strong  # 個人番号又は法人番号: a header that the rule knows as it stands

    def _of_rule(self, entity: str) -> _RuleWords:
        """What a kind's rule says of headers, as they are compared."""
        words = self._rule_words.get(entity)
        if words is None:
            rule = self._catalogue.rules.get(entity)
            said = rule.headers if rule is not None else Headers()
            strong, weak = (frozenset(map(plain, listed)) for listed in (said.strong, said.weak))
            words = self._rule_words[entity] = _RuleWords(strong, weak, tuple(map(plain, said.against)))
        return words

    def either(self, header: str) -> bool:
        """Whether firms and people stand under a header, by their names alone: 得意先名称, 氏名又は法人名."""
        text = plain(header)
        return any(word in text for word in self.rules.either)

    def things(self, header: str) -> bool:
        """Whether what bears a name under a header is a thing, an animal or a place: 船名, 父牛, 産地."""
        text = plain(header)
        parts = {part.lower() for part in _LATIN_PART.findall(header)}
        if "to" in parts:
            parts.discard("ship")  # ship_to: who gets it, no ship
        named = [word for word in self.rules.things if (word in parts if word.isascii() else word in text)]
        return (
            text in self._glossary or text in self.rules.things_alone or any(not _BEARERS.search(text.replace(word, "")) for word in named)
        )

    def called_thing(self, name: str) -> bool:
        """Whether a name of a table in Latin letters has the word for what is no person: mst_prefecture, ProductCategories."""
        parts = {part.lower() for part in _LATIN_PART.findall(name)}
        parts |= {re.sub("ies$", "y", part).removesuffix("s") for part in parts}
        return any(word in parts for word in self.rules.not_person if word.isascii())

    def something_else(self, entity: str, header: str) -> bool:
        """Whether a header says that what looks like ``entity`` below it is another thing (石川 under 駅名, 03-… under 図番)."""
        if entity == "PERSON":
            return self.against(entity, header) or (plain(header) in self._words and not self.label(header).kinds)
        if entity not in self.rules.numbers:
            return False
        text = plain(header)
        if any(word in text for word in self.rules.other_numbers):
            return True
        return _ENDS_IN_ID.search(header) is not None and all(kind != entity for kind, _ in self.label(header).kinds)  # message_id

    def other_person(self, header: str) -> bool:
        """Whether a column names somebody else than the one the row is about (緊急連絡先, 保護者)."""
        text = plain(header)
        return any(word in text for word in self.rules.other_person)

    def role(self, header: str) -> bool:
        """Whether a header says no more of a name than what its bearer does (指導員, 確認): hardly the one whom the row is about."""
        weight = max((weight for entity, weight in self.label(header).kinds if entity == "PERSON"), default=1.0)
        return bool(header) and weight <= _ROLE_WEIGHT and plain(header).removesuffix("名") not in self.rules.subject

    def bearer(self, header: str) -> bool:
        """Whether a header says what somebody does, be it known for names (起案者) or not (部長); not whom the row is about."""
        text = plain(header)
        known = any(entity == "PERSON" for entity, _ in self.label(header).kinds) and _ROLE.fullmatch(text) is not None
        return self.role(header) or (known and text not in self.rules.subject)

    def works(self, header: str) -> bool:
        """Whether a header is that of what books, talks and goods are called, which says nothing of the row's person."""
        text = plain(header)
        parts = {part.lower() for part in _LATIN_PART.findall(header)}
        return any(word in parts if word.isascii() else word in text for word in self.rules.works)

    def prose(self, header: str) -> bool:
        """Whether the cells under such a header are prose."""
        text = plain(header)
        return any(word in text for word in self.rules.prose) and _ENDS_IN_ID.search(header) is None


#: Of two words, the second longer than メイ; and what else may be a name of one or two words.
_GIVEN_IN_MEI = re.compile(r"[ァ-ヺー]{2,8}[ \u3000・][ァ-ヺー]{2,6}メイ")
_ANY_IN_MEI = re.compile(r"[ァ-ヺー]+[ \u3000]?メイ")


def _is_name_in_mei(cell: str, text: str) -> bool:
    """Whether kana that end with メイ are surely a name and no header, which end so for 名 (ギンコウメイ, シメイ): behind the reading
    of a frequent family name (ｶﾜｶﾐﾒｲ, あべめい), or as the end of a longer given name (ワン シャオメイ).

    :param text: the cell as headers are compared.
    """
    if not text.endswith(("メイ", "めい")):
        return False
    behind_family = 4 <= len(text) <= _LABEL_LENGTH and katakana(text[:-2]) in lexicon().common_surname_readings
    return behind_family or _GIVEN_IN_MEI.fullmatch(cell.strip()) is not None


def may_be_name_in_mei(text: str) -> bool:
    """Whether kana that end with メイ may be a name where most cells of the column are: ソブエ メイ, though エキメイ as well."""
    return _ANY_IN_MEI.fullmatch(text) is not None


def _surest(kinds: Sequence[tuple[str, float]]) -> float:
    return kinds[0][1] if kinds else 0.0


_shared: tuple[Catalogue, Any, Words] | None = None


def shared_words(catalogue: Catalogue, sensitive: Any) -> Words:
    """The words of a catalogue, made once as long as the same is asked for: they are some hundred, a document has a few lines."""
    global _shared  # noqa: PLW0603 -- one for the process, like the kit
    if _shared is None or _shared[0] is not catalogue or _shared[1] is not sensitive:
        _shared = (catalogue, sensitive, Words(catalogue, sensitive, load_column_rules()))
    return _shared[2]


def plain(header: str) -> str:
    """A header as it is compared: NFKC, no spaces, lower case, one kind of brackets."""
    text = "".join(nfkc(header).split()).lower()
    return text.translate(_ROUND) if "〔" in text or "〕" in text else text


def _forms(header: str) -> tuple[str, str]:
    """A header as it is compared, and run together: family_kana stands for familyKana too."""
    text = plain(header)
    return text, text.replace("_", "")


def _begins_part(word: str, header: str) -> bool:
    """Whether a short word in Latin letters begins a part of a header: file does in fileName and file_name, and not in profile.name."""
    return not (word.isascii() and len(word) < _SHORT_LATIN) or any(p.lower().startswith(word) for p in _LATIN_PART.findall(header))


def share(labels: Sequence[Label]) -> float:
    """Mean weight of some labels."""
    return sum(label.weight for label in labels) / len(labels) if labels else 0.0
