"""Whether a text with nothing beside it is a name, by what it is written in: Latin letters, kana, or kanji with either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from piiscan.detect.names.features import is_headword, lexicon, script, word_tokenizer
from piiscan.detect.names.variants import (
    LATIN,
    foreign_surnames,
    katakana,
    latin_given_names,
    latin_words,
    modern_forms,
    no_persons,
    rare_surnames,
    romaji_key,
    romaji_names,
    town_surnames,
    without_accents,
    without_selectors,
)

__all__ = [
    "BRIDGED",
    "BRIDGED_WHOLE",
    "NO_PERSON_IN_KANA",
    "PLAIN",
    "RULE",
    "SURNAME_ENDING",
    "is_in_dictionary",
    "is_no_person_in_kana",
    "judge_written",
]

#: The number of no word, in the lower bits of a token's.
_JOINED = 0x0FFFFFFF
_ALLOWED = re.compile(
    rf"[々〆ヶヵ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ufe00-\ufe0f\U000e0100-\U000e01efぁ-ゖァ-ヺー{LATIN}・=゠.,'’\- ]+"
)
#: Parts of words that are no person, in kana.
NO_PERSON_IN_KANA = re.compile(
    "なし|センター|ホテル|マンション|ハイツ|コーポ|アパート|ビル$|プラザ|タワー|サービス|システム|グループ|チーム|セット|プラン|コース|クラブ|ショップ|ストア"
)
#: … and in any letters, and endings of such words.
_NO_PERSON = re.compile(
    r"会社|有限|合同|財団|社団|法人|組合|協会|連盟|学校|大学|高校|学園|病院|医院|薬局|銀行|信金|信用|金庫|商店|商事|商会|工務店|設備|塗装|水道|鉄工|電工|石油|水産|土木|造園|測量|農園|牧場|酒造|醸造|興産|興業|書店|酒店|工業|産業|建設|製作|電機|電器|電気|自動車|"
    r"印刷|運輸|物流|不動産|事務|営業|総務|人事|経理|開発|製造|技術|管理|企画|広報|法務|支店|支社|本社|本店|本部|工場|倉庫|農試|試験場|研究所|会議|資料|商品|製品|部品|備品|用品|食品|端末|複合機|機器|"
    r"売上|金額|合計|小計|[者人件回総]数|数量|単価|番号|愛称|通称|呼び名|住所|電話|氏名|名前|日付|区分|種別|備考|担当|未定|不明|該当|同上|以上|以下|人員|[勤数額量時間日夜費]計$|[側席]$|退職|在籍|男性|女性|正社員|"
    rf"{NO_PERSON_IN_KANA.pattern}|"
    r"(?:[都道府県市区町村郡州国駅港川山寺城橋通線島湖湾丁番号部課係室局庁省署所館院店社校園会組団塔号機器具費料金税法令券証書表票型式用品等他各店舗車者])$|[一二三四五六七八九十]丁目"
)
#: Last characters of real given names and surnames among the endings above: decided by the lists.
SURNAME_ENDING = frozenset("川山寺城橋島国町村部郡区市州港園校館院社会所通線駅浜崎式用機")
#: 陳建国, 王衛国
_FOR_THE_COUNTRY = re.compile("[建愛衛定興振]国$")
#: Those of the endings that somebody bears as the whole family name, with a blank behind: 港 修, 社 太一.
_SURNAME_ALONE = frozenset("川山寺城橋島国町村港園社浜崎")
_LATIN_TEXT = re.compile(rf"[{LATIN}・=゠.,'’\-\s]+")
#: From these probabilities on a text is a name as it stands, and what follows a unit is one.
BRIDGED_WHOLE = 0.8
#: So long is a word in katakana that is no given name, and no longer one that is, as old people bear.
_WORD_BEHIND, _OLD_GIVEN = 3, 3
#: So many bear a family name that stands behind a given one.
_TURNED = 8_000
#: So long is a given name in hiragana that no list has.
_SOUNDS = 3
_PLAUSIBLE_GIVEN = re.compile(r"[一-鿿々ぁ-ゖァ-ヺー]{1,4}")
#: A name has no more parts, unless each is a single kanji.
_MOST_PARTS = 5
_BETWEEN = re.compile(r"[\s・=゠,]+")
#: One name alone is no surer than this, in kana and in kanji.
_ONE_NAME, _ONE_KANJI_NAME = 0.4, 0.5
_WORD = re.compile(rf"[{LATIN}][{LATIN}'’\-]*\.?")
#: Long vowels that the tokenizer reads as one.
_LONG_VOWELS = "ーー"
#: 豚肉・酒除去, 喫煙不可: a rule for meals and rooms.
RULE = ("除去", "抜き", "不可", "禁止")
#: Most names: kanji and katakana alone, without a title (様, 殿).
PLAIN = re.compile(r"[々㐀-\u69d7\u69d9-\u6bbe\u6bc0-鿿ァ-ヺー]+")
#: 三ツ矢, 八ッ橋, 雪ノ下: written as family names (and places) are, on the lists or not.
BRIDGED = re.compile(r"[一-鿿]{1,2}[ノツッヶケ][一-鿿]{1,2}")
#: 森本・古山, グエン・谷: a point beside kanji parts two people.
_TWO_FAMILIES = re.compile(r"[々㐀-鿿]・|・[々㐀-鿿]")
#: Given names that end as places do.
_GIVEN_ENDING = re.compile(r"[一-鿿](?:国|山|川|城|寺|園|島|橋|州|舟|港)")


@lru_cache(maxsize=128)  # several rules ask about the same words of a text
def judge_written(raw: str, least: float = 0.0) -> tuple[float, str]:
    """How probable a text is a name, and why; as it stands, whatever it may begin or end with.

    :param least: as of :func:`piiscan.detect.names.cells.judge`.
    """
    if not raw or len(raw) > 40:
        return 0.0, "length"
    text = without_selectors(unicodedata.normalize("NFKC", raw))
    modern = modern_forms(text)
    if modern != text:
        return max(_judge_plain(modern, least), _judge_plain(text, least))
    return _judge_plain(text, least)


def _judge_plain(text: str, least: float) -> tuple[float, str]:
    if not _ALLOWED.fullmatch(text):
        return 0.0, "signs"
    parts = [part for part in _BETWEEN.split(text) if part]
    if not parts or (len(parts) > _MOST_PARTS and any(len(part) > 1 or script(part) != "k" for part in parts)):  # 五 百 旗 頭 京 子
        return 0.0, "parts"
    if "".join(parts).lower() in no_persons() or text in no_persons() or text.endswith(RULE):
        return 0.03, "no person"
    if _LATIN_TEXT.fullmatch(text):
        return _latin(text)
    kinds = {script(part) for part in parts}
    if "L" in kinds or "y" in kinds:
        return 0.1, "mixed"
    if kinds in ({"K"}, {"h"}):
        return _kana(text, parts, kinds == {"h"}, least)
    return _kanji(text, parts, least)


#: Sakae, Naka-ku
_WARD = ("-ku", "-shi", "-cho", "-machi", "-mura", "-gun", "-ken", "-dori", "-chome")


def _latin(text: str) -> tuple[float, str]:
    words = re.split(r"[\s,]+", text.strip(" ,"))
    if any(not _WORD.fullmatch(word) for word in words) or len(words) > 4:
        return 0.0, "signs"
    frequent, surnames, given = romaji_names()
    plain = [without_accents(word.rstrip(".")) for word in words]
    keys = [romaji_key(word.rstrip(".")) for word in words]
    capital = all(word[0].isupper() for word in words)
    lowered = [word.lower() for word in plain]
    if any(word.endswith(_WARD) for word in lowered):
        return 0.05, "a place"
    if latin_words().issuperset(lowered):
        return 0.05, "English words"
    if len(words) == 2:
        for a, b in ((keys[0], keys[1]), (keys[1], keys[0])):
            if a in frequent and b in given:
                return (0.95 if capital else 0.6), "romaji surname + given name"
        for (a, b), word in zip(((keys[0], keys[1]), (keys[1], keys[0])), lowered, strict=True):
            if b not in given and word in latin_words():
                continue
            if (a in surnames and b in given) or (a in frequent and len(b) > 2):
                return (0.8 if capital and a in surnames and b in given else 0.45 if capital else 0.2), "romaji surname"
    world = latin_given_names()
    if len(words) > 1 and capital:
        if lowered[0] in world or (lowered[-1] in world and "," in text):
            return 0.85, "given name in Latin letters"
        abroad = [word in foreign_surnames() and (len(word) > 2 or not words[i].isascii()) for i, word in enumerate(lowered)]
        if any(abroad) and (any(word in world for word in lowered) or (len(words) > 1 and not text.isascii())):
            return 0.85, "surname and given name in Latin letters"
        if any(abroad) or any(word in world for word in lowered):
            return 0.6, "given name in Latin letters"
        return (0.3 if not all(word.isupper() for word in words) else 0.15), "capitalised words"
    if len(words) == 1 and capital:
        if keys[0] in frequent or lowered[0] in world:
            return 0.4, "one name in Latin letters"
        if keys[0] in given and len(keys[0]) > 3:
            return 0.3, "one name in Latin letters"
    return 0.05, "words"


def _kana(text: str, parts: list[str], hiragana: bool, least: float) -> tuple[float, str]:
    lex = lexicon()
    kana = [katakana(part) for part in parts]
    if NO_PERSON_IN_KANA.search(text):
        return 0.05, "no person"
    if len(kana) == 2:
        a, b = kana
        if a in lex.common_surname_readings and b in lex.given_readings:
            return 0.96, "kana surname + given name"
        if a in lex.surname_readings and b in lex.given_readings:
            return 0.92, "kana surname + given name"
    if not hiragana:
        known = sum(part in lex.foreign or part in lex.given_readings or part in lex.surname_readings for part in kana)
        if len(kana) > 1:
            joined = "・" in text or "=" in text
            share = known / len(kana)
            return (0.9 if share == 1 else 0.75 if known and joined else 0.6 if joined or known else 0.25), "foreign name"
    if len(kana) > 1:
        return (0.5 if kana[0] in lex.surname_readings or kana[-1] in lex.given_readings else 0.2), "kana"
    word = kana[0]
    best = 0.0
    for cut in range(1, len(word) - 1):
        if word[cut:] in lex.given_readings and len(word) - cut > 1:
            if word[:cut] in lex.common_surname_readings and cut > 1:
                best = max(best, 0.9 if len(word) >= 5 else 0.6)
            elif word[:cut] in lex.surname_readings:
                best = max(best, 0.7 if len(word) >= 6 else 0.4)
    if max(best, _ONE_NAME) < least:
        return best, "kana"
    whole: Sequence[Any] = word_tokenizer().tokenize(text) if _LONG_VOWELS in text or is_headword(text) else ()
    one = len(whole) == 1 and is_in_dictionary(whole[0])
    if one and whole[0].part_of_speech()[2] != "人名":
        best = min(best, 0.15)
    if best:
        return best, "kana surname + given name"
    if word in lex.common_surname_readings or (one and whole[0].part_of_speech()[2] == "人名") or word in lex.foreign:
        return (_ONE_NAME if not one or whole[0].part_of_speech()[2] == "人名" else 0.15), "one name in kana"
    return 0.1, "kana"


def is_no_person_in_kana(word: str) -> bool:
    """Whether a word in katakana holds what no person is called: of :func:`judge` the answer "no person", at once."""
    return word in no_persons() or word.endswith(RULE) or NO_PERSON_IN_KANA.search(word) is not None


def is_in_dictionary(token: Any) -> bool:
    """Whether Sudachi's dictionary has a word; one that it joined of short pieces (ナカムラユイ) is none of it, and not called unknown either."""
    return not token.is_oov() and token.word_id() & _JOINED != _JOINED


def _kanji(text: str, parts: list[str], least: float) -> tuple[float, str]:
    lex = lexicon()
    if len(parts) == 2:
        a, b = parts
        if a in no_persons() and b in no_persons():
            return 0.03, "no person"  # 大根 小麦
        bearers, given = lex.surnames.get(a), lex.given.get(b)
        if bearers is None and a in rare_surnames():
            bearers = 0
        if given is None and bearers and _is_given_in_katakana(b):
            given = 0  # 加藤 フミ
        if _TWO_FAMILIES.search(text) and _could_be_family(a) and _could_be_family(b):
            return 0.05, "two names"
        if bearers is not None and given is not None:
            return (0.99 if bearers else 0.95), "surname list + given-name list"
        if bearers is None and lex.given.get(a) and lex.surnames.get(b, 0) >= _TURNED:
            return 0.6, "given name before surname"  # 雄太 高山
        known = bearers is not None or a in foreign_surnames() or a in rare_surnames()
        bridged = BRIDGED.fullmatch(a) is not None
        given_so = known and _GIVEN_ENDING.fullmatch(b) is not None  # 陳 建国
        if (_NO_PERSON.search(b) and not given_so) or (_NO_PERSON.search(a) and not known and not bridged and a not in _SURNAME_ALONE):
            return 0.03, "no person"
        if b in lex.surnames and a in lex.given and bearers is None:
            return 0.6, "given name before surname"
        if known and _is_word_behind(b):
            return 0.1, "a word behind"
        if known and _PLAUSIBLE_GIVEN.fullmatch(b) and len(b) <= 4:
            return (0.85 if bearers else 0.7), "surname list"
        if given is not None and len(a) <= 4:
            return 0.8, "given-name list"
        return (0.4 if len(a) <= 3 and len(b) <= 3 else 0.15), "two short words"
    if len(parts) > 2:
        if all(len(part) == 1 for part in parts):
            return _kanji("".join(parts), ["".join(parts)], least)
        if len(parts) == 3 and len("".join(parts)) <= 8 and parts[0] in lex.surnames and not _NO_PERSON.search(parts[2]):  # 遠藤 亮 福祉課
            return 0.5, "surname list"
        return 0.05, "parts"
    word = parts[0]
    if len(word) > 8:
        return 0.02, "length"
    best, why = 0.0, ""
    abroad = len(word) == 3 and word[0] in foreign_surnames() and word[2] == "国"  # 陳建国
    no_person = not abroad and _NO_PERSON.search(word) is not None
    for cut in range(1, min(len(word), 6)):
        a, b = word[:cut], word[cut:]
        bearers = lex.surnames.get(a)
        given = lex.given.get(b)
        if given is None and bearers is not None and "ぁ" <= b[0] <= "ゖ" and _is_given_in_hiragana(b):
            given = 0
        if bearers is not None and given is not None:
            score = (0.97 if bearers >= 8000 else 0.93 if bearers else 0.85) if given or bearers else 0.75
            if (cut == 1 and bearers < 30_000) or len(word) == 2:
                score -= 0.2
            if a in rare_surnames():
                score = BRIDGED_WHOLE
            if score > best:
                best, why = score, "surname list + given-name list"
        elif given is not None and best < BRIDGED_WHOLE and (_is_rare_only(a) or (given and BRIDGED.fullmatch(a))):
            best, why = BRIDGED_WHOLE, "surname by its form + given-name list"
        elif bearers and cut > 1 and 1 <= len(b) <= 3 and not no_person and best < 0.55:
            best, why = 0.55, "surname list"
    if max(best, _ONE_KANJI_NAME) < least:
        return best, why
    whole = word_tokenizer().tokenize(text)
    first = whole[0].part_of_speech()
    if len(whole) == 1 and not whole[0].is_oov() and first[2] != "人名":
        # one word of the dictionary: 森林, 東京, 小林 (a name there)
        if word in lex.surnames and lex.surnames[word] > 20_000:
            return 0.45, "one surname, also a word"
        if word in foreign_surnames():
            return 0.35, "one surname, also a word"
        if word in rare_surnames():  # 大豆生田, which is a place as well
            return (0.35, "one surname, also a place") if word in town_surnames() else (0.45, "one surname")
        if BRIDGED.fullmatch(word) and not set(word) & set("ヶケ"):
            return 0.35, "a place, formed as surnames are"
        return (0.2 if word in lex.surnames or word in lex.given else 0.03), "a word"
    bridged = BRIDGED.fullmatch(word) is not None
    if _FOR_THE_COUNTRY.search(word) and (word[:-2] in foreign_surnames() or lex.surnames.get(word[:-2])):
        return 0.6, "surname list"
    if no_person:
        listed = word[-1] in SURNAME_ENDING and (word in lex.surnames or bridged)
        best = min(best, 0.3) if not (listed and len(word) <= 3) else best
        if best <= 0.3 and not listed:
            return 0.03, "no person"
    kinds = {m.part_of_speech()[2] for m in whole}
    if best and "人名" not in kinds and len(word) <= 4:
        best = min(best, 0.7) if "地名" in kinds or len(whole) == 1 else best - 0.1
    if best >= 0.5:
        return best, why
    bearers = lex.surnames.get(word)
    if word in foreign_surnames() or word in rare_surnames():
        return max(best, 0.45), "one surname"
    if bearers is None and bridged and not _NO_PERSON.search(word[:-1]):
        return max(best, 0.35 if set(word) & set("ヶケ") else 0.45), "one surname by its form"
    if bearers is not None:
        return max(best, _ONE_KANJI_NAME if bearers >= 8000 else 0.45 if bearers else 0.35 if first[3] == "姓" else 0.25), "one surname"
    if word in lex.given:
        return max(best, 0.4 if first[3] == "名" or lex.given[word] else 0.25), "one given name"
    if len(word) == 3 and word[0] in foreign_surnames() and (abroad or _begins_with_surname(whole)):
        return max(best, 0.45), "surname of one character"
    return (best, why) if best else (0.1 if len(word) <= 5 and len(word) > 1 and len(whole) > 1 else 0.03, "unknown")


def _is_rare_only(word: str) -> bool:
    """Whether a word is a rare family name and no town: 薬袋, not 日本 (日本語)."""
    return word in rare_surnames() and word not in town_surnames()


@lru_cache(maxsize=512)
def _is_given_in_hiragana(word: str) -> bool:
    """Whether hiragana behind a family name are a given name, as far as its sound tells: あかり, つばさ, not まで or みたい."""
    if len(word) < _SOUNDS or script(word) != "h" or katakana(word) not in lexicon().given_readings:
        return False
    tokens = word_tokenizer().tokenize(word)
    return len(tokens) == 1 and tokens[0].part_of_speech()[0] == "名詞"


def _is_given_in_katakana(word: str) -> bool:
    """Whether katakana behind a family name and a blank are a given name: トメ, フミ, not メモ or ガス."""
    return script(word) == "K" and len(word) <= _OLD_GIVEN and word in lexicon().given_readings and not _is_common_word(word)


def _is_word_behind(second: str) -> bool:
    """Whether what stands behind a family name is a common word in katakana, which no given name is: 宮原 コメント."""
    if len(second) < _WORD_BEHIND or script(second) != "K" or second in lexicon().given_readings or second in lexicon().foreign:
        return False
    return _is_common_word(second)


def _is_common_word(word: str) -> bool:
    tokens = word_tokenizer().tokenize(word)
    return len(tokens) == 1 and not tokens[0].is_oov() and tokens[0].part_of_speech()[1] == "普通名詞"


def _could_be_family(word: str) -> bool:
    lex = lexicon()
    return word in lex.surnames or word in lex.foreign or word in foreign_surnames()


def _begins_with_surname(tokens: Any) -> bool:
    """Whether the first character stands for itself, and what follows is no common word: 崔恩智, not 金利差 or 周辺図."""
    first, *others = tokens
    return (
        len(first.surface()) == 1
        and first.part_of_speech()[0] == "名詞"
        and not any(len(other.surface()) > 1 and other.part_of_speech()[1] == "普通名詞" for other in others)
    )
