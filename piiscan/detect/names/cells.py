"""Whether a piece of text *by itself* is a person's name: a cell of a column, what follows a label, what stands before 様.

No context is looked at and no model is run: lists of surnames and given names, the writing, and Sudachi's opinion on the whole.
What a cell has beside the name (titles, ranks, units, notes, family) is told here; what is left, in :mod:`writing`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from piiscan.detect.names.features import lexicon, script
from piiscan.detect.names.variants import (
    foreign_surnames,
    katakana,
    modern_forms,
    no_persons,
)
from piiscan.detect.names.words import name_words
from piiscan.detect.names.writing import BRIDGED, BRIDGED_WHOLE, NO_PERSON_IN_KANA, RULE, judge_written

__all__ = ["TITLE", "Judged", "judge", "unit_and_gap", "unit_before", "whole_name", "without_rank", "without_title"]


class Judged(NamedTuple):
    """How probable it is that the text is a name, why, and which part of the text it is (titles left out).

    :ivar whole: see :func:`whole_name`.
    """

    score: float
    why: str
    start: int
    end: int
    whole: bool = False


TITLE = re.compile(
    r"[\s]*(?:(?:様の?|さんの)?(?:奥様|奥さま|奥さん|ご主人様?|ご家族様?|ご子息様?|ご令嬢|[おご](?:父|母)(?:様|さま|さん))|様(?:方|宅|邸|宛|分)?|さま|さん(?:宅|方)?|殿|氏|先生|せんせい|くん|君|ちゃん|御中|女史|医師|看護師|保健師|薬剤師|助産師|弁護士|司法書士|税理士|社労士|行政書士|公認心理師|福祉司|調査官|検事|検察官|判事|裁判官|副?議長|議員"
    r"|警部補?|巡査(?:部長)?|教諭|准?教授|助教|ケアマネ(?:ー?ジャー)?|ヘルパー|牧師|神父|司祭|住職|宮司|棟梁|親方|師匠|女将|シスター|[獣歯]医師|獣医|(?:理学|作業)療法士|言語聴覚士|(?:管理)?栄養士|歯科衛生士|(?:精神保健|社会|介護)福祉士|介護士|保育士|(?:公認)?会計士|弁理士|建築士|宅建士|(?:生活|医療|就労|主任)?相談員|(?:生活|就労|主任)?支援員|(?:査察|生活|職業|就労|主任)?指導員|民生委員|保護司|刑事|消防士|機長|[之の]霊位?)$"
)
#: A rank behind the name, with a blank between or, where no place has one (福島支店長), without: 船木 チーフ, 尾形Dr, 酒井課長.
_RANK_BEHIND = re.compile(
    r"(?:(?P<gap>[\s]+)|(?<=[^A-Za-z\s]))(?:副?(?:部長|課長|係長|次長|室長|社長|会長|委員長|班長|組長|主任|師長|理事長|院長|校長)|(?:部長|課長|係長|所長)(?:代理|補佐)|主[査事幹務席]|専務|常務|取締役|理事|監事|監督|コーチ|教頭"
    r"|職長|医長|婦長|技師|参事|顧問|専門員|チーフ|リーダー|マネー?ジャー|[Dｄ][rｒ]\.?|N[sS]\.?|[POS]T|MSW|PSW|(?(gap)(?:支店長|工場長|所長|店長|局長|園長|駅長|委員|代表|担当|当番|GM)|(?!)))$"
)
_RANK_ENDS = frozenset("長任理佐査事幹務席役督チ頭師問員フーrｒ.sS表当番MTW")
_BEFORE_RANK = 0.4
#: Where somebody works, before the name: 人事課 乾, 3階病棟 相馬.
_UNIT = re.compile(
    r"[^\s]{0,14}(?:[部課係室局班科]|病棟|外来|グループ|チーム|センター|支店|支社|営業所|工場|本部|事業部|事業所|事務所|事務局|ユニット|担当|本社|本店|窓口|受付|総務|人事|経理|営業|開発|企画|広報|法務|製造|設計|購買|資材|物流|教務|看護)"
)
#: A unit, branch or firm glued to the name behind it: 生産管理グループ八ッ橋莉子, 佐野運輸張.
_GLUED = re.compile(
    r"[^\s]{1,14}?(?:グループ|チーム|センター|ユニット|サクセス|サポート|運輸|運送|工業|商事|商会|商店|建設|工務店|産業|製作所|興業|物産|電機|電設|不動産|"
    r"株式会社|有限会社|合同会社|支店|支社|本店|本社|営業所|出張所|事業所|工場|本部|病棟|外来|事務所|事務局|事業部|福祉司|相談員|支援員|指導員|看護師|保健師|弁護士|ケアマネ|[部課係室科])"
)
#: A unit and who heads it: 安全衛生課長, 工事部次長.
_HEADED = re.compile(r"[^\s]{2,14}(?:[部課係室局班科]|センター|支店|営業所)(?:長|次長|主任|長代理|長補佐)")
#: The ranks of those who stand for a firm or body: 代表取締役社長, 専務理事, 取締役兼CFO.
_OF_THE_BOARD = re.compile(
    r"(?:代表|専務|常務|業務執行|社外|名誉|副)?(?:取締役|理事|執行役員?|社員|役員|監査役|監事)"
    r"(?:(?:兼)?(?:副?社長|副?会長|専務|常務|相談役|C[A-Z]O|[一-鿿]{2,6}[部店所]長))*|代表者?|副?(?:組合長|会頭|頭取|学長|総長|塾長|館長)"
)
#: What somebody is, before the name: 介護士 三枝.
_PROFESSION = re.compile(r"[一-鿿]{1,8}(?:[護養理縫生療]士|看護師|[医教講調薬]師|相談員|支援員|指導員|警備員|介助員|調査官)")
_KANA_BEFORE_KANJI = re.compile(r"[ァ-ヺー]{5,}(?=[一-鿿])")
#: Its seal.
_SEAL = re.compile(r"(?:[\s]*(?:㊞|[(（]印[)）])|[\s]+印)$")
_UNIT_ENDINGS = frozenset("部課係室局科班")
_NOTE = re.compile(
    r"[\s]*[(（〔\[【][^)）〕\]】]{0,30}[)）〕\]】]$|[\s]+(?:[外他]|ほか)[\s]?(?:一同|[0-9０-９一二三四五六七八九十]{1,2}[名人])$"
)
#: What ends in none of these has neither a title nor a note at its end.
_ENDINGS = frozenset("人嬢族息様方宅邸宛分まんい殿氏生君中史師士司官事長員部補査諭授教ネー)）〕]】霊位父祭職司梁匠将医委機同名")
_GLUED_BELOW, _GLUED_SURE, _GLUED_LEAST = 0.5, 0.85, 4
_GAP = re.compile(r"[\s]+")
#: Ranks that the list of titles does not have, for they are words elsewhere.
_RANKS = frozenset(
    (
        "班長",
        "組長",
        "職長",
        "チーフ",
        "リーダー",
        "マネージャー",
        "マネジャー",
        "主任",
        "副主任",
        "専門員",
        "師長",
        "婦長",
        "部長",
        "GM",
        "担当",
        "当番",
        "担任",
        "副担任",
        "学年主任",
        "進路指導",
        "生徒指導",
        "養護教諭",
        "主治医",
        "産業医",
        "民生委員",
        "保護司",
        "喪主",
        "施主",
        "幹事",
        "甲",
        "乙",
    )
)
#: MIURA/KENSUKE MR, as airlines and hotels write it.
_TICKET = re.compile(
    r"(?P<family>[A-Z][A-Z'\-]{1,24})/(?P<given>[A-Z][A-Z'\-]*(?: (?!MRS?|MS|MISS|MSTR|CHD|INF)[A-Z'\-]+)*)(?: ?(?:MRS?|MS|MISS|MSTR|CHD|INF))?"
)
_ON_TICKET = 0.3
#: 山田 太郎, 佐藤 ゆり, ヤマダ タロウ, やまだ たろう, ﾔﾏﾀﾞ ﾀﾛｳ
_TWO_WORDS = re.compile(
    r"(?P<kanji>[一-鿿々]{1,5}[ \u3000]+(?:[一-鿿々]{1,5}|[ァ-ヵヷ-ヺ]{1,8}|[ぁ-ゖ]{1,8}))"
    r"|(?P<kana>[ァ-ヵヷ-ヺ][ァ-ヵヷ-ヺー]{0,11}[ \u3000]+[ァ-ヵヷ-ヺ][ァ-ヵヷ-ヺー]{0,11}|[ぁ-ゖ]{1,12}[ \u3000]+[ぁ-ゖ]{1,12})"
    r"|(?P<half>[ｦ-ﾟ]{1,18}[ \u3000]+[ｦ-ﾟ]{1,18})"
)
#: What a unit or a calling ends with that would stand before a name.
_UNIT_ENDS = ("グループ", "チーム", "センター", "ユニット", "士", "師", "員", "官")


@cache
def _kin() -> frozenset[str]:
    """Of whose family somebody is, before the name: 長女 近藤綾香; 妹 尾 … may be the first sign of a name."""
    words = name_words()
    return frozenset(word for word in (*words.kin, *words.kin_in_cells) if len(word) > 1)


def without_title(text: str) -> str:
    """A name without the title behind it."""
    return TITLE.sub("", text) if text[-1:] in _ENDINGS else text


def whole_name(text: str) -> tuple[float, str, str] | None:
    """What :func:`judge` says of a family and a given name that the lists have, with a blank between and nothing beside them; else None.

    Nearly all cells of a column of names are so: what else they could be need not be asked.

    :return: how probable it is that it is a name, why, and its compared form.
    """
    if text[-1:] in _ENDINGS or text[-1:] in _RANK_ENDS or (match := _TWO_WORDS.fullmatch(text)) is None:
        return None
    lex = lexicon()
    family, given = text.split()
    if family in lex.after_titles or family in _RANKS or family.endswith(_UNIT_ENDS) or (family in no_persons() and given in no_persons()):
        return None
    if match.lastgroup == "kanji":
        bearers = lex.surnames.get(family)
        if bearers is None or given not in lex.given or modern_forms(text) != text or given.endswith(RULE):
            return None
        score, why, norm = 0.99 if bearers else 0.95, "surname list + given-name list", family + given
    else:
        if match.lastgroup == "half":
            text = unicodedata.normalize("NFKC", text)
            family, given = text.split()
        reading, given_reading = katakana(family), katakana(given)
        if reading not in lex.surname_readings or given_reading not in lex.given_readings or NO_PERSON_IN_KANA.search(text):
            return None
        score, why, norm = 0.96 if reading in lex.common_surname_readings else 0.92, "kana surname + given name", reading + given_reading
    return (score, why, norm) if family + given not in no_persons() else None


def judge(text: str, least: float = 0.0) -> Judged:
    """Judges a text; the score is the probability that it is a name given that names are expected here.

    :param least: of lower scores no more is asked than that they are lower, which is known without reading the words.
    """
    start = len(text) - len(text.lstrip())
    kept = text.strip()
    if (whole := whole_name(kept)) and whole[0] >= least:
        return Judged(whole[0], whole[1], start, start + len(kept), whole=True)
    if "/" in kept and (ticket := _TICKET.fullmatch(kept)):
        score, why = judge_written(f"{ticket['family']} {ticket['given']}")
        return Judged(max(score, _ON_TICKET), why, start, start + ticket.end("given"))
    if kept.endswith(("午前", "午後")):
        return Judged(0.0, "no person", start, start + len(kept))  # 火木土 午前
    if kept.endswith(("㊞", "印", ")", "）")):
        kept = _SEAL.sub("", kept)
    for _ in range(2):
        if kept[-1:] not in _ENDINGS and kept[-1:] not in _RANK_ENDS:
            break
        before = kept
        for ending in (_NOTE, TITLE):
            shorter = ending.sub("", kept)
            if shorter != kept and shorter and (ending is not TITLE or shorter not in lexicon().not_names):
                kept = shorter
        kept = without_rank(kept)
        if kept == before:
            break
    start, kept = _without_place(start, kept)
    if kept[-1:] in _UNIT_ENDINGS and len(_GAP.split(kept)) > 2:  # 遠藤 亮 福祉課
        kept = _without_unit_behind(kept)
    score, why = judge_written(kept, least)
    if score < max(_GLUED_BELOW, least) and (cut := _unit_before(kept)) and (not least or judge_written(kept)[0] < _GLUED_BELOW):
        start, kept = start + cut, kept[cut:]
        score, why = judge_written(kept)
    return Judged(score, why, start, start + len(kept))


def _without_unit_behind(text: str) -> str:
    """A whole name without the unit behind it: 遠藤 亮 福祉課."""
    *_, gap = _GAP.finditer(text)
    name, unit = text[: gap.start()], text[gap.end() :]
    if unit in lexicon().surnames or _UNIT.fullmatch(unit) is None or judge_written(name)[0] < BRIDGED_WHOLE:
        return text
    return name


def without_rank(text: str) -> str:
    """A name without the rank behind it; the text as it is where what stands before the rank is no name (経理課長)."""
    if text[-1:] not in _RANK_ENDS or (match := _RANK_BEHIND.search(text)) is None:
        return text
    name = text[: match.start()]
    known = (
        match["gap"]
        or modern_forms(name) in lexicon().surnames
        or name in lexicon().foreign
        or name in foreign_surnames()
        or BRIDGED.fullmatch(name) is not None
        or judge_written(name)[0] >= _BEFORE_RANK
    )
    return name if known else text


def unit_and_gap(text: str) -> int:
    """How many of the first characters are the unit before a name that no list has: 総務部 台春秋; 0 where they are a name themselves."""
    gap = _GAP.search(text)
    if gap is None or BRIDGED.fullmatch(text, 0, gap.start()):
        return 0
    head = text[: gap.start()]
    return gap.end() if _UNIT.fullmatch(head) and modern_forms(head) not in lexicon().surnames else 0


def unit_before(text: str) -> int:
    """How many of the first characters of a text are a unit or firm that a name follows; mostly 0."""
    cut = _unit_before(text)
    return cut if cut and judge_written(text)[0] < _GLUED_BELOW else 0


def _unit_before(text: str) -> int:
    """The same of a text that is no name as it stands."""
    if len(text) < _GLUED_LEAST or text.isascii() or not (script(text[0]) in "kK" and script(text[-1]) in "kh"):
        return 0
    lex = lexicon()
    heads = [match.end() for match in _GLUED.finditer(text)]
    kana = _KANA_BEFORE_KANJI.match(text)
    if kana and kana.group() not in lex.foreign:
        heads.append(kana.end())
    for cut in heads:
        rest = text[cut:].lstrip()
        if BRIDGED.fullmatch(text, 0, cut):
            return 0  # 保ケ部厚美
        if rest[:1] and rest[0] in "長員" and rest not in lex.surnames:
            rest = rest[1:]  # 安全衛生課長岩崎孝之, but 営業部長嶋茂雄
            if (
                len(rest) < _GLUED_LEAST - 1
                or judge_written(rest)[0] < _GLUED_SURE
                or judge_written(text[-len(rest) - 1 :])[0] >= _GLUED_BELOW
            ):
                continue
        if not rest or rest in lex.after_titles:
            continue
        if rest in foreign_surnames() or (len(rest) > 1 and (lex.surnames.get(rest) or judge_written(rest)[0] >= _GLUED_SURE)):
            return len(text) - len(rest)
    return 0


def _without_place(start: int, text: str) -> tuple[int, str]:
    """A name without the unit and rank before it: 人事課　主査　内村直美, カスタマーサクセス 井上."""
    lex = lexicon()
    while (gap := _GAP.search(text)) is not None:
        head, rest = text[: gap.start()], text[gap.end() :]
        rank = (
            (head in lex.after_titles and head not in lex.surnames)
            or head in _RANKS
            or head in _kin()
            or _PROFESSION.fullmatch(head) is not None
            or _OF_THE_BOARD.fullmatch(head) is not None
        )
        place = (_UNIT.fullmatch(head) or _HEADED.fullmatch(head)) is not None and head not in lex.surnames and not BRIDGED.fullmatch(head)
        abroad = len(head) > 5 and script(head) == "K" and script(rest) == "k" and head not in lex.foreign and rest in lex.surnames
        if not (rank or place or abroad):
            break
        if (
            rest not in lex.surnames
            and rest not in lex.foreign
            and not BRIDGED.fullmatch(rest)
            and _GAP.search(rest) is None
            and judge_written(rest)[0] < 0.7
        ):
            break  # 保ケ部 拓登: what looks like a unit is a family name
        start, text = start + gap.end(), rest
    return start, text
