"""What the model takes for a name and the words themselves say is none: a ship, a building, a deity, a sum of money, a piece of code.

Asked only of what nothing but the model saw, so that a label, a title or the lists of names always prevail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from piiscan.detect.gazetteer import gazetteer
from piiscan.detect.names.cells import judge
from piiscan.detect.names.features import is_headword, lexicon, word_tokenizer
from piiscan.detect.names.variants import LATIN, foreign_surnames, modern_forms, rare_surnames
from piiscan.detect.names.words import any_of, name_words

__all__ = ["is_no_name", "is_spread_word", "is_thing", "is_word"]

_SPACE = re.compile(r"[ \u3000]+")
#: 金三千円, 一金　壱萬円也: a sum as it is written on an envelope.
_MONEY = re.compile(r"一?金?[一二三四五六七八九十百千万壱弐参拾阡萬億0-9０-９,，]+円也?")
#: カ)アオバショウジ: a firm, as banks write it.
_LEGAL_FORM = re.compile(r"(?<![ァ-ヺｦ-ﾝー])(?:カ|ｶ|ユ|ﾕ|ド|ﾄﾞ|シヤ|ｼﾔ|ザイ|ｻﾞｲ|フク|ﾌｸ|イ|ｲ|ガク|ｶﾞｸ)[)）][ \u3000]?$")
#: トウワコウギヨウ(カ: the same behind the name.
_LEGAL_FORM_BEHIND = re.compile(
    r"[ \u3000]?[(（](?:(?:カ|ｶ|ユ|ﾕ|ド|ﾄﾞ|シヤ|ｼﾔ|ザイ|ｻﾞｲ|フク|ﾌｸ|ガク|ｶﾞｸ)(?:[)）]|(?![ァ-ヺｦ-ﾝー㐀-鿿]))|(?:イ|ｲ)[)）])"
)
_KATAKANA = frozenset(map(chr, (*range(0x30A1, 0x30FB), *range(0xFF66, 0xFF9E))))
_FOREIGN = _KATAKANA | {"ー"}
#: 昭 和22年: the era of a date.
_ERA = re.compile(r"(?:明治|大正|昭和|平成|令和)$")
_ERA_ENDS = frozenset("治正和成")
_YEAR = re.compile(r"[ \u3000]?[0-9０-９元一二三四五六七八九十]{1,3}[ \u3000]?[年.．/]")
#: 第八海龍丸, 幸進丸: a ship, where the lists know no such name.
_SHIP = re.compile(r"[々㐀-鿿ぁ-ゖァ-ヺー]{2,8}丸")
_SHIP_LEAST = 0.5
#: A word that is on a list of names is judged at least so.
_LISTED = 0.1
#: 髙・﨑: single characters, of which one speaks.
_CHARACTERS = re.compile(r"[々㐀-鿿豈-\ufaff](?:[・、][々㐀-鿿豈-\ufaff])+")
#: "a surname" alone is judged no surer than this.
_ONE_NAME = 0.55
#: 有 無 良: marks in a row of boxes.
_MARKS = re.compile(r"[有無良否可済未正異要不](?:[ \u3000][有無良否可済未正異要不])+")
_NO_GIVEN_MARK = re.compile("[無否可未不異]")
#: LocalDate.parse, c1.name: a name in a program.
_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.|::|->)[a-z_][A-Za-z0-9_]*")
_SQL = re.compile(r"(?:SELECT|FROM|WHERE|AND|OR|SET|INTO|VALUES|UPDATE|JOIN|ON|BY)[ (]")
_LATIN_WORDS = re.compile(rf"[{LATIN}'’.\-]+(?: [{LATIN}'’.\-]+)+")
#: Words in small letters that are parts of names abroad, or stand behind a name.
_SMALL = frozenset(
    re.findall(r"\w+", "de da do dos das di del della der den van von ten ter la le el al bin binti ibn abu y e san sama chan kun sensei")
)
#: 中央レンジャー: kanji that are no family name and a word in katakana that is no name.
_WITH_KATAKANA = re.compile(r"(?P<kanji>[々㐀-鿿]+)(?P<word>[ァ-ヺー]{2,})")
#: No name has a figure, but a king's.
_FIGURE = re.compile(r"[0-9０-９](?![0-9０-９]*世)")
#: 大字上条, 字川端: a part of a village.
_VILLAGE = re.compile(r"(?:大|小|(?<![々㐀-鿿]))字[ \u3000]?$")
#: A sentence that gives each character room goes on: 上 記 の 者 は.
_SPREAD_ON = re.compile(r"[ \u3000][ぁ-ゖ](?:[ \u3000]\S)+")
#: 窓口サービス課次長, ケアプランセンターつばき: an office and a rank in it, a home with a name of its own.
_OFFICE = re.compile(
    r"(?:[部課室係局科]|センター|支店|営業所)(?:次長|長|主任|補佐|代理)?$|(?:センター|ステーション|デイサービス|クリニック|ホーム)[ぁ-ゖァ-ヺー々㐀-鿿]+$"
)
#: お　り　相　違　あ　り (ません)
_SENTENCE = re.compile(r"[ぁ-ゖ]+[々㐀-鿿]+[ぁ-ゖ]+")
#: 藤の間, but 佐藤の間違い
_ROOM = re.compile(r"の間(?=[\s、,・/／)）]|$)")
#: ふ り (が な)
_SPREAD_KANA = re.compile(r"[ぁ-ゖ][ \u3000][ぁ-ゖ]")
#: 渡辺土木, 木村JV, 三浦製作: a firm without a word for its kind (but 渡辺土木課長).
_FIRM_WORDS = (
    "JV|ＪＶ|共同企業体|土木|製作|製罐|造園|測量|板金|塗装|左官|鉄筋|解体|電工|硝子|石材|製菓|製麺|製茶|乳業|飼料|種苗|運輸|運送|海運|倉庫|紙業|繊維|染工|木材|林業|農産|畜産|製薬|薬品|楽器"
    "|書房|出版|興業|商運|総業|ヘアサロン|美容室|理容室|本舗|百貨店"
)
_FIRM = re.compile(rf"(?:・[々㐀-鿿ァ-ヺー]{{1,6}}(?=JV|ＪＶ|共同企業体))?(?:{_FIRM_WORDS})(?![課部係室局長担事員])")
#: 割烹　山本, 民宿よしこ: what stands before the name of a shop or an inn.
_SHOP_WORDS = "割烹|料亭|小料理|居酒屋|酒処|酒房|寿司|鮨|天ぷら|焼肉|焼鳥|焼き鳥|串焼き|串焼|蕎麦処|お好み焼き|お好み焼|中華|食事処|喫茶|珈琲|旅館|旅荘|民宿|温泉宿|湯宿|山荘|美容室|美容院|理容室|理髪店|呉服|金物|仏壇"
_SHOP_KANA = "すし|うなぎ|やきとり|そば処|うどん処|ラーメン|カフェ|スナック|バー|パブ|ペンション|ゲストハウス|コテージ|ロッジ|ホテル|ヘアサロン|ネイルサロン|エステサロン|サロン"
_SHOP = re.compile(rf"(?:(?<![㐀-鿿ァ-ヺー])(?:{_SHOP_WORDS})|(?<![ぁ-ゖァ-ヺー])(?:{_SHOP_KANA}))[ \u3000]?[「『]?")
#: 第2号, ㈲高田設備: what no name stands behind.
_NUMBER_OR_FIRM = frozenset("第㈱㈲")
#: 新居はえびの市: where somebody moves.
_NEW_HOME, _OF_A_HOME = "新居", frozenset("はへにをで")
#: ジョージ・ハラス・トロフィー, ベル・ヘリコプター, ローランド・シープドッグ: what is named after somebody, a firm, a breed. No word here is a family name abroad
#: (ホール, パーク, リバー, シェパード are).
_NAMED_AFTER = re.compile(
    "[・＝=](?:トロフィー|カップ|デビュー|スタジアム|アリーナ|タワー|センター|ホテル|ミュージアム|ギャラリー|シアター|スタジオ|エアポート|アベニュー|アイランド|ヘリコプター"
    "|(?:シープ|ブル)ドッグ|テリア|スパニエル|レトリバー|モーター[スズ]|レコーズ?|レコード|ミュージック|エンター?テイン?メント|ホールディングス|インターナショナル|コーポレーション|カンパニー|グループ|パートナーズ"
    "|システムズ?|テクノロジーズ?|ピクチャーズ|プロダクションズ?|エアラインズ?|ユナイテッド|リーグ|クラブ|スクール|ユニバーシティ|カレッジ|オーケストラ|フィルハーモニー|シンフォニー|コンチェルト|ソナタ|オペラ"
    "|バンド|ブラザーズ|シリーズ|フェスティバル|コンサート|ライブ|ツアー|アルバム|フィルム)$"
)
#: ハイランド・コリーという犬種, ティアナと呼ばれる町, but という会社員.
_CALLED = re.compile(
    "(?:という(?:名の)?|と(?:呼|よ)ばれる)(?:小さな|古い|新しい)?(?:[雌雄牝牡]|子?[犬猫馬]|愛[犬猫]|競走馬|[商製作食]品|[車機船曲店国町村街島山川湖谷星城塔剣技薬菌]|都市|地[名区域]|会社|企業|団体|組織|施設|建物|言葉|単語"
    "|品種|種類|犬種|植物|動物|映画|番組|アルバム|ゲーム|ソフト|アプリ|サイト|ブランド|ロボット|バンド|チーム|レストラン|カフェ)(?![々㐀-鿿ァ-ヺー])"
)
#: トゥール・ポワティエ間の戦い
_BETWEEN = re.compile("間(?=[のでにをはも、。])")
_DOT = re.compile("[・＝=]")
_DOTS = frozenset("・＝=")
_AMPERSANDS = frozenset("&＆")
#: お布施: polite, so a thing (but …なお佐藤さん, なんとお佐藤).
_POLITE = re.compile(r"(?<![ぁ-ゖ])[おご]$")


def _firsts(words: Iterable[str]) -> frozenset[str]:
    """The characters that words begin with: nearly always they say that none of them stands there."""
    return frozenset(word[0] for word in words)


def _lasts(words: Iterable[str]) -> frozenset[str]:
    """The characters that words end with."""
    return frozenset(word[-1] for word in words)


_FIRM_BEGINS, _FIRM_ENDS = _firsts(_FIRM_WORDS.split("|")) | {"・"}, _lasts(_FIRM_WORDS.split("|"))
_SHOP_BEGINS, _SHOP_ENDS = (
    _firsts(f"{_SHOP_WORDS}|{_SHOP_KANA}".split("|")),
    _lasts(f"{_SHOP_WORDS}|{_SHOP_KANA}".split("|")) | frozenset(" \u3000「『"),
)


@cache
def _thing_ends() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """What words of a thing behind a name are, begin with and end with."""
    words = name_words().thing_ends
    return re.compile(any_of(words)), _firsts(words), _lasts(words)


@cache
def _place_of() -> re.Pattern[str]:
    """清水の水場"""
    return re.compile(f"の{any_of(name_words().place_of)}")


@cache
def _buildings() -> tuple[tuple[str, ...], frozenset[str]]:
    """A building's words with what may stand between them and a name, and what they end with."""
    words = tuple(word + behind + of for word in name_words().building for behind in ("", "・", " ") for of in ("", "ド・"))
    return words, _lasts(words)


def is_no_name(text: str, start: int, end: int) -> bool:
    """Whether a span is words or marks of a form, whatever spoke for a name: 金　三千円, 無 良, 昭和 (22年), 所属　記録."""
    name = text[start:end]
    gapped = " " in name or "\u3000" in name
    last = name[-1]
    if text[end : end + 1] == "円" and _MONEY.fullmatch(_SPACE.sub("", name) + "円"):
        return True
    if last in "円也" and _MONEY.fullmatch(_SPACE.sub("", name)):
        return True
    if last in _ERA_ENDS and _YEAR.match(text, end) and _ERA.search(_SPACE.sub("", name)):
        return True
    if ("・" in name or "、" in name) and _CHARACTERS.fullmatch(name):
        return True
    if name[0] in _KATAKANA and text[start - 1 : start] in (")", "）") and _LEGAL_FORM.search(text, max(0, start - 7), start):
        return True
    if name[0] in _KATAKANA and text[end : end + 2].lstrip(" \u3000")[:1] in ("(", "（") and _LEGAL_FORM_BEHIND.match(text, end):
        return True
    if not gapped:
        return False
    if _MARKS.fullmatch(name) and _NO_GIVEN_MARK.search(name):
        return True
    parts = _SPACE.split(name)
    return len(parts) == 2 and all(len(part) > 1 and is_word(part) for part in parts)


def is_spread_word(text: str, start: int, end: int) -> bool:
    """Whether a span is a word that gives each of its characters room: 上 記, 附　則."""
    parts = _SPACE.split(text[start:end])
    if len(parts) < 2 or any(len(part) > 1 for part in parts):
        return False
    if "".join(parts) in name_words().spread:
        return True  # 原　　告
    lex = lexicon()
    named = parts[0] in lex.surnames and lex.given.get("".join(parts[1:])) and not _SPREAD_ON.match(text, end)
    return not named and is_word("".join(parts))


_MONTH = re.compile(r"(?:十[一二]?|[一二三四五六七八九])月")
#: お り 相 違: a sentence that gives each character room, from somewhere in it.
_SPREAD_WORDS = re.compile(r"(?:\S[ \u3000])*[ぁ-ゖ][ \u3000]\S[ \u3000]\S(?:[ \u3000]\S)*")


def is_thing(text: str, start: int, end: int) -> bool:
    """Whether the words of a span, or the ones around it, say that it is none."""
    name = text[start:end]
    if name.isascii() or name[0].isascii():
        return _is_latin_thing(name) or (len(name) <= 4 and name[1:] in name_words().place_of_one)  # B卓
    gapped = " " in name or "\u3000" in name
    flat = _SPACE.sub("", name) if gapped else name
    first, last, before, behind = name[0], name[-1], text[start - 1 : start], text[end : end + 1]
    if before in _NUMBER_OR_FIRM or (name == _NEW_HOME and behind in _OF_A_HOME) or (gapped and _SPREAD_KANA.fullmatch(name)):
        return True
    if (last in "市区町村" and name in gazetteer().names) or (last == "月" and _MONTH.fullmatch(name)):
        return True
    if gapped and _SPREAD_WORDS.fullmatch(name) and judge(flat).score < _ONE_NAME:
        return True
    if first in _FOREIGN and before in _FOREIGN:
        return True  # the model begins in a word: カブ|シキガイシャアオバ
    if _has_end_of_thing(text, end, flat):
        return True
    if last in _FOREIGN and not _DOTS.isdisjoint(name) and _NAMED_AFTER.search(name):
        return True
    if behind in {"と", "の"} and (_CALLED.match(text, end) or _ROOM.match(text, end) or _place_of().match(text, end)):
        return True
    if first in _KATAKANA and last in _FOREIGN and _is_foreign_thing(text, start, end):
        return True
    if (behind in _FIRM_BEGINS and _FIRM.match(text, end)) or (
        last in _FIRM_ENDS and any(match.end() == end for match in _FIRM.finditer(text, start + 1, end + 2))
    ):
        return True
    if (first in _SHOP_BEGINS or before in _SHOP_ENDS) and _is_shop(text, start, end):
        return True
    if _FIGURE.search(flat) or flat.startswith(name_words().thing_begins) or (len(flat) > 4 and _OFFICE.search(flat)):
        return True
    if flat[-1] == "丸" and _SHIP.fullmatch(flat) and judge(flat).score < _SHIP_LEAST:
        return True
    if (
        last in _FOREIGN
        and (mixed := _WITH_KATAKANA.fullmatch(name))
        and mixed["kanji"] not in lexicon().surnames
        and not _is_katakana_name(mixed["word"])
    ):
        return True
    buildings, building_ends = _buildings()
    if (first in _KATAKANA and name.startswith(name_words().building)) or (
        before in building_ends and text.endswith(buildings, max(0, start - 10), start)
    ):
        return True  # コーポ田中
    if before in {"字", " ", "\u3000"} and _VILLAGE.search(text, max(0, start - 3), start):
        return True
    if before in {"お", "ご"} and _POLITE.search(text, max(0, start - 2), start) and _begins_word(name):
        return True
    if not gapped:
        return False
    parts = _SPACE.split(name)
    if (
        len(parts) == 2
        and len(flat) == 2
        and not lexicon().given.get(parts[1])
        and not any(parts[0] in known for known in (lexicon().surnames, foreign_surnames(), rare_surnames()))
    ):
        return True  # 短歌　秀　雨の日の…
    if (len(parts) > 2 and any(len(part) > 1 and is_word(part) for part in parts)) or (len(parts) > 3 and _SENTENCE.fullmatch(flat)):
        return True
    head = parts[0]
    if len(head) < 2:
        return False
    return head in name_words().no_name or (is_word(head) and name[len(head) :].strip(" \u3000") not in lexicon().given)


def _has_end_of_thing(text: str, end: int, flat: str) -> bool:
    """Whether a word of a thing stands behind a span, or is the end of it."""
    ends, begin_with, end_with = _thing_ends()
    if text[end : end + 1] in begin_with and ends.match(text, end):
        return True
    return flat[-1] in end_with and any(
        match.end() == len(flat) and not _is_within_name(match.group(), flat) for match in ends.finditer(flat, max(0, len(flat) - 4))
    )


def _is_foreign_thing(text: str, start: int, end: int) -> bool:
    """Whether what stands around a name in katakana says that it is a maker, a place or a half of a firm: アリソン製, ドルチェ&ガッバーナ."""
    if text.startswith("製", end) or ("・" in text[start:end] and _BETWEEN.match(text, end)):
        return True
    if text[end : end + 1] in _AMPERSANDS and text[end + 1 : end + 2] in _KATAKANA:
        return True
    return start > 1 and text[start - 1] in _AMPERSANDS and text[start - 2] in _FOREIGN


def _is_shop(text: str, start: int, end: int) -> bool:
    """Whether a shop or an inn is named: 割烹　山本, 民宿よしこ, but 民宿の山本."""
    within = _SHOP.match(text, start, end)
    if within and start < within.end() < end and not _is_within_name(within.group(), text[start:end]):
        return True
    line = text.rfind("\n", 0, start) + 1
    return any(match.end() == start for match in _SHOP.finditer(text, max(line, start - 7), start))


def _is_latin_thing(name: str) -> bool:
    if _CODE.match(name) or _SQL.match(name):
        return True
    words = name.split(" ")
    if len(words) < 2 or not _LATIN_WORDS.fullmatch(name) or not name[0].isupper():
        return False
    return any(word[:1].islower() and word not in _SMALL for word in words[1:])


#: What the tokenizer reads as it stands.
_PLAIN_WORD = re.compile("[一-鿿ぁ-ゖァ-ヺ]+")


@lru_cache(maxsize=64)  # asked of a document's names again and again
def is_word(text: str) -> bool:
    """Whether a text is one word of the dictionary that is on no list of names."""
    lex = lexicon()
    if text in lex.surnames or text in lex.given:
        return False
    if _PLAIN_WORD.fullmatch(text) and modern_forms(text) == text and not is_headword(text):
        return False  # most are none, which is known without reading them
    tokens = word_tokenizer().tokenize(text)
    if len(tokens) != 1:
        return False
    judged = judge(text)
    if judged.why != "a word" or judged.score >= _LISTED:
        return False
    kind = tokens[0].part_of_speech()
    return bool(kind[1] == "普通名詞" or kind[0] != "名詞")


def _is_within_name(word: str, name: str) -> bool:
    """Whether a name, or its first part, is on the list of those from abroad, so that a word in it is none: ジェル of ナイジェル, バー of バーニー・ロウ."""
    first = _DOT.split(name, maxsplit=1)[0]
    return first != word and first in lexicon().foreign


def _is_katakana_name(word: str) -> bool:
    lex = lexicon()
    return word in lex.foreign or word in lex.given_readings or word in lex.surname_readings


def _begins_word(name: str) -> bool:
    return judge(name).score < _ONE_NAME
