"""What stands where a name would stand and is none: letters of a spaced label, choices, models of a guitar, stops of a bus.

Asked of every name found in prose before it is reported; a name that a label, title or list gives away passes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from piiscan.detect.base import is_modelled
from piiscan.detect.gazetteer import gazetteer
from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import bearers, is_family
from piiscan.detect.names.features import lexicon, word_tokenizer
from piiscan.detect.names.things import is_no_name, is_spread_word, is_thing, is_word
from piiscan.detect.names.variants import foreign_surnames, katakana, no_persons
from piiscan.detect.names.words import name_words
from piiscan.detect.names.writing import is_in_dictionary, is_no_person_in_kana

__all__ = ["is_unlikely"]

#: 志 望 動 機, 取 扱 説 明 書: a label that gives each character its room.
_LETTERS = re.compile(r"(?<![々㐀-鿿])[々㐀-鿿](?:[ \u3000]{1,2}[々㐀-鿿])+(?![々㐀-鿿])")
#: ウ　統計, ウ がん: the letter of a choice and its words.
_CHOICE = re.compile(r"[ァ-ヺ][ \u3000]\S")
#: 明・大・昭・平・令: the eras of a form, to be ringed.
_ERA_SIGNS = frozenset("明大昭平令・･/／、 \u3000")
_ERAS = re.compile(r"[明大昭平令](?:[ \u3000]?[・･/／、][ \u3000]?[明大昭平令])+")
#: Things that bear a name.
_NAMED_THING = re.compile(
    r"モデル|シリーズ|レプリカ|ブランド|カップ|杯|賞|記念館|文庫|方式|法則|定理|効果|反応|染色|試験|分類|スケール|症候群|病(?!気|院|室|棟|歴|状|名|む|み)|(?<=地)内(?!科)|地[内先](?=[ \u3000、。\n]|$)|式(?=[一-鿿ァ-ヺー]{2})(?![典場次辞服部年日])|の(?:候|折|砌|みぎり)(?![々㐀-鿿])"
)
#: What each of them begins with.
_NAMED_THINGS = frozenset("モシレブカ杯賞記文方法定効反染試分ス症病内地式の")
#: A line that lists places: 停留所：森下、石川橋、高橋.
_PLACES = re.compile(
    r"(?:停留所|バス停|登山口|水場|トイレ|お手洗い|駐車場|山小屋|避難小屋|避難所|停車駅|停車場|駅名?|経由地?|乗り?換え?|沿線|地名|地区|地域|産地|店舗|会場|方面|行き?先|拠点|支店|営業所|路線)[ \u3000]{0,2}[:：]"
)
_BLANKS = re.compile(r"[\s・]+")
_GAPS = frozenset((" ", "\u3000"))
#: 金　　　　円, 金 3,000: a sum, or the room for one.
_SUM = re.compile(r"[ \u3000]*(?:[0-9０-９〇○壱弐参一二三四五六七八九十百千万,，]|円|[_＿]{2}|[ \u3000]{2})")
#: 原　　　告: the rest of a label that gives each character room.
_LABEL_ON = re.compile(r"[ \u3000]{1,10}(?P<rest>[㐀-鿿])(?![㐀-鿿])")
_UNIT_BEFORE = re.compile(r"[部課係局室所院校園社会店次班組][ \u3000]$")
#: 焼酎　佐藤（黒）600, 観測所　三宅: what bears a name on a menu, a list of goods or of places.
_GOODS = re.compile(
    r"[ \u3000・●○■◆*\-]*(?:焼酎|日本酒|地酒|冷酒|熱燗|清酒|ワイン|梅酒|果実酒|ビール|銘柄|品種|品名|商品|取扱商品|取扱品|ブランド|取扱ブランド|メーカー|車種|機種|店名|テナント|出店|ショップ|観測所|観測点|測点|寄港地|産地|献立|お品書き|メニュー|[市町村区県都府道国校園]の(?:花|木|鳥|魚|虫|歌))"
    r"[ \u3000]{0,2}(?:[:：|｜\t]|[ \u3000])"
)
#: 薬の内容：テオドール: what is taken has such a name too.
_MEDICINE = re.compile(
    r"[ \u3000・●○■◆*\-\d.)）(（]*(?:お?薬剤?(?:の?(?:内容|名前?|種類))?|処方薬?|(?:内服|服用|常用|使用|持参|服用中の|使用中の)薬剤?)(?:[（(][^()（）\n]{1,12}[)）])?[ \u3000]{0,2}[:：|｜\t…]"
)
#: 松本 18:54 13:10 in a timetable.
_TIMES = re.compile(r"(?:[ \u3000\t|]{1,4}(?:[0-2]?[0-9][:：][0-5][0-9]|[レ↓↑―‐-])(?=[ \u3000\t|\n]|$)){2,}")
_BEFORE_TIME = frozenset(" \u3000\t|")
_TIMETABLE = re.compile(r"時刻表|駅名|停留所|停車駅|発車|発着|列車|[上下]り(?:線|方面|$|[ \u3000\n])")
_TIMETABLE_REACH = 4_000
#: 小川が静かに流れていた: the word that it is as well.
_BROOK = re.compile(
    r"(?:[がはも][^。、\n]{0,8}(?:流れ|せせら)|の(?:ほとり|せせらぎ|流れ|水(?!谷)|岸|土手|畔|近く|向こう)|を(?:渡|越え|飛び|跳|さかのぼ)|に(?:架|か)か|沿い|遊び)"
)
#: 村尾 900, 花子の卵焼き 450: what a price stands behind, in a line of prices.
_PRICE = re.compile(r"[ \u3000…‥・.]{0,12}[¥￥]?[1-9][0-9]?,?[0-9]{2,3}(?:円|(?=[ \u3000\n]|$))")
_PRICED = re.compile(
    r"(?:の?[㐀-鿿ぁ-ゖァ-ヺー]{1,8}+)?(?:[（(][^()（）\n]{1,6}[)）])?[ \u3000…‥.]{0,12}[¥￥]?[1-9][0-9]?,?[0-9]{2,3}(?:円|(?=[ \u3000\n]|$))"
)
_FOOD = re.compile(
    r"揚げ|焼き|煮|刺身|サラダ|卵|玉子|いわし|豆腐|芋|串|鍋|丼|定食|ライス|焼酎|日本酒|ビール|ハイボール|サワー|ワイン|グラス|ボトル|コーヒー|セット|ケーキ|パン|蕎麦|そば|うどん|ラーメン"
)
#: PLACES = ["千葉", …]: the name that a program gives to a list says what is in it.
_CODED = re.compile(
    r"[\"']?\b[A-Za-z_]*(?:place|cit(?:y|ies)|town|village|pref|station|area|region|countr|river|mountain|island|port|model|brand|product|goods|item|car|vehicle|ship|maker|compan|word|dict|vocab|keyword|flower|animal|pet)[A-Za-z_]*[\"']?\s*(?::\s*[A-Za-z\[\], ]+)?\s*[:=]\s*[\[{(]",
    re.IGNORECASE,
)
_CODE_REACH = 400
#: 4F | ポール・スミス、…: a floor of a store.
_FLOOR = re.compile(r"[ \u3000]*(?:[BＢ地]?[下階]?[0-9０-９]{1,2}[FＦ階])[ \u3000]*[|｜:：\t \u3000]")
_KANA_NAME = re.compile(r"[ァ-ヺー・ \u3000]+")
#: 首輪に「コタロウ」: whose name stands in quotation marks.
_PET = re.compile(r"(?:犬|猫|ネコ|ねこ|イヌ|ペット|首輪|迷子札|愛犬|愛猫|うさぎ|ウサギ|インコ|ハムスター)[^。\n]{0,12}[「『“]$")
#: A label's characters but the last, with blanks.
_SPREAD = re.compile(r"(?<![々㐀-鿿])[㐀-鿿](?:[ \u3000]{1,3}[㐀-鿿])?[ \u3000]{1,3}$")
#: 坊っちゃん: no name ends so.
_CUT_SHORT = re.compile(r"[っッ](?:ちゃん|くん|さん)?$")
#: 日本料理 みやこ, 割烹さくら
_RESTAURANT = "日本料理|料亭|割烹|居酒屋|酒場|寿司|鮨|焼肉|焼鳥|中華料理|洋食|和食|レストラン|喫茶|カフェ|スナック|そば処|うなぎ"
_RESTAURANT_BEFORE, _RESTAURANT_INSIDE = (re.compile(rf"(?:{_RESTAURANT})[ \u3000]?{on}") for on in ("$", r"[^ \u3000]"))
#: What words for one begin and end with: nearly always it says that none of them stands there.
_RESTAURANT_BEGINS = frozenset(word[0] for word in _RESTAURANT.split("|"))
_RESTAURANT_ENDS = frozenset(word[-1] for word in _RESTAURANT.split("|")) | {" ", "\u3000"}
#: アッシュ of a colour, ミラー of a car: a word that the model takes for a name with no more than this probability.
_WORD_IN_KATAKANA = re.compile(r"[ァ-ヺー]+")
_A_WORD, _SAID_OF = 0.9, frozenset("はがをにとも公卿侯伯")
#: From this probability on the model is believed about a single character and a name in quotation marks, and from this one on if that is a family name.
_SINGLE, _QUOTED = 0.7, 0.97
#: A family name of fewer bearers is rather the short name of a school, behind a name.
_FEW_BEARERS = 5_000
#: … and about a family name that is a city before its mayor from this one.
_OF_A_CITY = 0.8
#: So long is a family name, or a whole one.
_SHORT_NAME = 4
#: 本田（北中）: the school of who is named before it.
_SCHOOL_BEHIND = re.compile(r"(?<=[㐀-鿿ぁ-ゖァ-ヺー])[(（][㐀-鿿々]{1,3}[中高小大][)）]")
#: 二　清き川面に: the number of a verse or an item.
_VERSE = re.compile(r"[一二三四五六七八九十][ \u3000]")
#: ｶﾞｽﾘｮｳｷﾝ, ﾎﾝｼﾔ ｴｲｷﾞﾖｳﾌﾞ: lists of banks and old systems write everything so; a name there is a known reading, at least in part.
_HALF_WIDTH = re.compile(r"[ｦ-ﾟ \u3000.･-]+")
_KANA = 0.3
#: カブシキガイシャアオバ, サクライコーポ
_KATAKANA = re.compile(r"[ァ-ヺー]{4,}")
#: 鶴見支店, 光が丘病院: what ends so is a place where people work.
_PLACES_OF_WORK = (
    "支店", "支社", "本店", "本社", "営業所", "出張所", "事業所", "支部", "分院", "病院", "医院", "薬局", "商店", "商会", "工務店", "製作所", "設備", "塗装",
    "水道", "電工", "鉄工", "石油", "興産", "水産", "農園", "牧場", "酒造", "醸造", "書店", "酒店", "薬店", "運輸", "運送", "建設", "工業", "産業", "銀行",
    "信金", "組合", "協会", "大学", "高校", "学園", "小学校", "中学校", "センター", "グループ",
)  # fmt: skip
#: 真宗光明寺, 八幡神社: a temple or shrine, of more characters than 小野寺.
_TEMPLE = re.compile(r"[㐀-鿿々ノヶ]{3,}(?:寺|神社|教会|寺院|大社)")
_TEMPLE_ENDS = frozenset("寺社会院")
#: What a firm's name stands right behind.
_FIRM_BEFORE = re.compile(r"(?:株式|有限|合同|合資|合名)会社$|[(（][株有同][)）]$|[㈱㈲]$|(?:財団|社団|医療|学校|福祉|宗教)法人$")
_FIRM_ENDS = frozenset("社)）㈱㈲人")
#: Those who belong to one.
_BELIEVERS = re.compile(r"檀[信家徒]|[門信]徒|氏子")
_BELIEVER_ENDS = frozenset("檀門信徒氏家")
#: The letters of a label with room between them reach so far, and from this score on letters are a name.
_LABEL_CHARS, _SHOWN = 5, 0.5
_WORK_ENDS = frozenset(word[-1] for word in _PLACES_OF_WORK)
#: 鶴見支店 普, 流センタ: the end of one, and what stands behind it.
_WORKPLACE = re.compile(r"支店|支社|営業所|センタ|サービス課|専門員")
_WORKPLACES = frozenset("店社所タ課員")
#: お早めに, ご連絡: a word with its polite beginning.
_POLITE = re.compile(r"[おご御][㐀-鿿]")
#: ふ り が な: a label that gives each character its room
_READING_LABEL = re.compile(r"(?:ふ[ \u3000]{1,2}り|フ[ \u3000]{1,2}リ)[ \u3000]{1,2}[がガ][ \u3000]{1,2}[なナ]")
#: HR Manager, Travel Desk
_OFFICE = re.compile(
    r"(?:[A-Z][A-Za-z&]*[ ])+(?:Manager|Director|Officer|Department|Division|Office|Desk|Team|Engineer|Analyst|Assistant|Secretary|President|Representative|Support|Center|Centre)"
)
#: 保ケ部（松本）　コ―○　大家（千葉）: between two who fight, who come from somewhere.
_FIGHT = re.compile(r"[)）][ \u3000]{0,2}[メコドツ反―ー\-○●△×]*[○●△×][メコドツ反―ー\-○●△×]*[ \u3000]{0,2}[㐀-鿿ァ-ヺ]")
#: 石垣市長, 菊池市役所: the head or the office of a place.
_PLACE_ENDS = frozenset("市区町村県")
_OFFICE_OF_A_PLACE = re.compile(r"(?P<kind>[市区町村])(?:長|役所|役場|議会|民|立|内|道)|(?P<prefecture>県)(?:知事|庁|議会|民|立|警|内|道)")
#: 辻本様宅: what begins behind the title.
_BEHIND_TITLE = "宅邸方宛分"
_AFTER_TITLE = re.compile(rf"(?:様|さん|殿|さま)(?=[{_BEHIND_TITLE}])")


def is_unlikely(text: str, start: int, end: int, score: float, why: Sequence[str]) -> bool:
    """Whether a span that was taken for a name is none.

    :param why: the reasons for it; only what the model alone saw is doubted for its surroundings.
    """
    size = end - start
    if size == 1 and _ends_label(text, start):
        return True
    if (
        size == 1
        and text[start] == "長"
        and not any(reason.startswith("among names") for reason in why)
        and _UNIT_BEFORE.search(text, max(0, start - 2), start)
        and text[end : end + 1] in {"", "\n", " ", "\u3000"}
    ):
        return True  # 部　長
    if size == 1 and not "\u3400" <= text[start] <= "\u9fff":
        return True  # ア イ ウ of a choice
    gapped = text[start + 1 : min(start + 2, end)] in _GAPS
    if (gapped and _CHOICE.match(text, start, end) and "a character each" not in why) or (
        text[start] in _ERA_SIGNS and any(m.start() <= start and end <= m.end() for m in _ERAS.finditer(text, max(0, start - 12), end + 12))
    ):
        return True
    if is_no_name(text, start, end) or (text[end - 1] in "っッん" and _CUT_SHORT.search(text, start, end)):
        return True
    modelled = is_modelled(why)
    if not modelled and any(reason.startswith(("label", "title", "mail", "a character each")) for reason in why):
        return False
    if size == 1 and (on := _LABEL_ON.match(text, end)) and text[start] + on["rest"] in name_words().spread:
        return True
    if size >= 3 and gapped and is_spread_word(text, start, end):
        return True
    line = text.rfind("\n", 0, start) + 1
    before, behind = text[start - 1 : start], text[end : end + 1]
    if modelled and (
        (before in _RESTAURANT_ENDS and _RESTAURANT_BEFORE.search(text, max(0, start - 8), start))
        or (text[start] in _RESTAURANT_BEGINS and _RESTAURANT_INSIDE.match(text, start, end))
    ):
        return True
    said = behind in _SAID_OF  # of イグニスを撃破 more is said
    if (
        modelled
        and not said
        and size >= 3
        and score < _A_WORD
        and _WORD_IN_KATAKANA.fullmatch(text, start, end)
        and _is_common_word(text[start:end])
    ):
        return True
    if size >= 3 and gapped and (run := _run(text, start, end, line)):
        longer = len(run) > size
        if (longer or modelled) and judge(run).score < (0.8 if longer else 0.5):
            return True
    if not modelled:
        return False
    if size == 1 and (label := _LETTERS.match(text, start)) and label.end() - start >= _LABEL_CHARS and judge(label.group()).score < _SHOWN:
        return True  # 稟 of 稟　議　書
    name = text[start:end]
    if before in _FIRM_ENDS and _GAPS.isdisjoint(name) and _FIRM_BEFORE.search(text, max(0, start - 6), start):
        return True  # 株式会社ノース・リンク
    if name[-1] in _BELIEVER_ENDS and _BELIEVERS.search(text, start, end + 2):
        return True  # 慈光寺 檀信徒名簿
    flat = name if name.isalnum() else _BLANKS.sub("", name)
    if text[start + 1 : start + 2] in _GAPS and flat in name_words().spread:
        return True  # 原　　告
    if start == line and _VERSE.match(text, start, end):
        return True
    if before in {"(", "（"} and _SCHOOL_BEHIND.match(text, start - 1, end + 1) and bearers(name) < _FEW_BEARERS:
        return True
    if (
        is_thing(text, start, end)
        or (score < _A_WORD and size <= _SHORT_NAME and is_word(name))
        or (name == "金" and _SUM.match(text, end))
    ):
        return True
    if (
        name in name_words().no_name
        or not no_persons().isdisjoint((name, flat.lower()))
        or (name[-1] in _WORK_ENDS and name.endswith(_PLACES_OF_WORK))
        or (name[0] in _BEHIND_TITLE and _AFTER_TITLE.search(text, start - 2, start + 1))
    ):
        return True
    if (
        (not _WORKPLACES.isdisjoint(name) and _WORKPLACE.search(name))
        or (name[-1] in _TEMPLE_ENDS and _TEMPLE.fullmatch(flat))
        or (score < _SINGLE and _POLITE.match(name))
    ):
        return True
    if (size == 1 and score < _SINGLE) or "a" <= text[start] <= "z" or "ａ" <= text[start] <= "ｚ":  # name VARCHAR
        return True
    in_kanji = "\u3400" <= name[0] <= "\u9fff"
    if not in_kanji and _is_no_name_in_letters(name):
        return True
    if (
        size == 3
        and gapped
        and any(m.start() <= start and end <= m.end() for m in _READING_LABEL.finditer(text, max(0, start - 4), end + 8))
    ):
        return True
    if name.endswith(("地内", "地先")) or (name[-1] == "式" and is_family(name[:-1])):  # 長谷川式
        return True
    if (
        score < _OF_A_CITY
        and behind in _PLACE_ENDS
        and (office := _OFFICE_OF_A_PLACE.match(text, end))
        and _is_place_of(f"{name}{office['kind'] or office['prefecture']}")
    ):
        return True
    if before in {"(", "（"} and behind in {")", "）"} and _FIGHT.search(_line(text, line, end)):
        return True
    if (behind in _NAMED_THINGS and _NAMED_THING.match(text, end)) or (name == "小川" and _BROOK.match(text, end)):
        return True
    if (
        size <= 3
        and score < _QUOTED
        and start
        and text[start - 1] in "「『“"
        and behind in {"」", "』", "”"}
        and (bearers(name) or score < _SINGLE)
    ):
        return True
    if (
        size <= _SHORT_NAME
        and behind in _BEFORE_TIME
        and _TIMES.match(text, end)
        and _TIMETABLE.search(text, max(0, start - _TIMETABLE_REACH), start)
    ):
        return True
    if not in_kanji and _KANA_NAME.fullmatch(name) and _MEDICINE.match(text, line):
        return True
    if size <= _SHORT_NAME and (listed := _PLACES.match(text, line) or _GOODS.match(text, line)):
        # but 商品|電気ケトル|申し出内容|ふたが閉まらない。店員 伊藤 の対応が…: a sentence is no list
        return text.find("。", listed.end(), start) < 0 or _is_good(text, start, end, line)
    return _is_good(text, start, end, line)


def _is_no_name_in_letters(name: str) -> bool:
    """Whether Latin letters or kana are no name: INTEGER PRIMARY KEY, HR Manager, ｶﾞｽﾘｮｳｷﾝ, カブシキガイシャアオバ."""
    if name.isascii() and judge(name).why == "English words":
        return True
    if _HALF_WIDTH.fullmatch(name) and judge(name).score < _KANA:
        return True
    if _KATAKANA.fullmatch(name) and (name.startswith(name_words().no_reading) or is_no_person_in_kana(name)):
        return True
    return _OFFICE.fullmatch(name) is not None


def _is_place_of(name: str) -> bool:
    """Whether a municipality or prefecture is called so."""
    return name in gazetteer().names or name in gazetteer().prefectures


def _is_good(text: str, start: int, end: int, line: int) -> bool:
    """Whether a list says that what it lists are goods, places or shops: a program's by its name, a menu by its prices."""
    if text[start - 1 : start] in {'"', "'"} and text[end : end + 1] == text[start - 1]:
        opening = max(text.rfind("[", 0, start), text.rfind("{", 0, start), text.rfind("(", 0, start))
        if start - opening < _CODE_REACH and (begin := text.rfind("\n", 0, max(0, opening)) + 1) <= opening:
            return _CODED.search(text, begin, opening + 1) is not None
    if _KANA_NAME.fullmatch(text, start, end) and _FLOOR.match(text, line) and "、" in _line(text, line, end):
        return True
    if text[start - 1 : start] in {"「", "『", "“"} and _PET.search(text, max(0, start - 24), start):
        return True
    if not _PRICED.match(text, end):
        return False
    rest = _line(text, line, end)
    return len(_PRICE.findall(rest)) > 1 and _FOOD.search(rest) is not None


def _line(text: str, line: int, end: int) -> str:
    """The rest of a line that goes on at ``end``."""
    after = text.find("\n", end)
    return text[line : after if after >= 0 else len(text)]


def _ends_label(text: str, at: int) -> bool:
    """Whether a character is the last of a word that gives each its room: 住　所　郡山市…"""
    before = _SPREAD.search(text, max(0, at - 9), at)
    return before is not None and re.sub(r"\s", "", before.group()) + text[at] in name_words().spread


def _run(text: str, start: int, end: int, line: int) -> str:
    """The run of single characters that a span is a part of, or nothing."""
    for match in _LETTERS.finditer(text, max(line, start - 24), end + 24):
        if match.start() <= start and end <= match.end():
            return match.group()
    return ""


def _is_common_word(word: str) -> bool:
    """Whether the dictionary has a word, and not as a name."""
    if word in foreign_surnames() or katakana(word) in lexicon().common_surname_readings or word in lexicon().given_readings:
        return False
    tokens = word_tokenizer().tokenize(word)
    return len(tokens) == 1 and is_in_dictionary(tokens[0]) and tokens[0].part_of_speech()[1] == "普通名詞"
