"""Names that a title or rank gives away (佐藤様, 佐藤部長, Mr Smith), a unit before them, or a word for a member of the family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from piiscan.detect.around import people_of_history
from piiscan.detect.gazetteer import gazetteer
from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_family, is_family_or_place, is_family_or_rare, is_place, may_be_family
from piiscan.detect.names.features import lexicon, script, word_tokenizer
from piiscan.detect.names.rules.openings import Place
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.variants import CAPITAL, LATIN, foreign_surnames, katakana, modern_forms
from piiscan.detect.names.words import NAME_CHARS, any_of, name_words
from piiscan.detect.names.writing import BRIDGED

__all__ = ["HEADS", "LATIN_UNITS", "before_unit", "heads", "misters", "of_a_family", "of_a_unit", "of_letters", "ranked", "titled"]

_MISTER = re.compile(
    rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Dr|Prof)(?:\.?[ ](?P<name>[{CAPITAL}][{LATIN}'\-]{{1,14}}(?:[ ][{CAPITAL}][{LATIN}'\-]{{1,14}}(?:[ ][{CAPITAL}][{LATIN}'\-]{{1,14}}(?=[ ]?[,.\n]))?)?)(?![{LATIN}0-9@_])"
    rf"|\.[ ]?(?P<kanji>[々〆ヶ\u3400-\u9fff]{{1,4}})(?![{NAME_CHARS}]))"
)
#: One of a list.
_ITEM = re.compile(rf"[{NAME_CHARS}]+")
#: A word in katakana right before a place.
_KATAKANA_END = re.compile(r"[ァ-ヺー]+$")
#: 様 before these is no title: 様式, 様子, 様々.
_NOT_TITLE = "式子々態相変"
#: What stands behind names in other letters.
_CALLED = rf"(?:さん|様(?![{_NOT_TITLE}])|さま|氏|くん|ちゃん|先生)"
#: SOK DARAさん, Kateさん
_LATIN_TITLED = re.compile(
    rf"(?<![{LATIN}0-9@._/\-])(?P<name>[{CAPITAL}][{LATIN}'’\-]{{1,14}}(?:[ ](?:[{CAPITAL}]\.|[{CAPITAL}][{LATIN}'’\-]{{1,14}})){{0,3}})[ ]?{_CALLED}"
)
_LATIN_BEFORE = re.compile(rf"[{LATIN}][ ]?{_CALLED}")
#: イェンセン・セーレンさん
_DOTTED = re.compile(rf"(?<![ァ-ヺー・=])(?<![ァ-ヺー][ ])(?P<name>[ァ-ヺー]{{2,10}}(?:[・=][ァ-ヺー]{{2,10}}){{1,3}})[ ]?{_CALLED}")
_IN_KATAKANA = re.compile(r"[ァ-ヺー][ ]?$")
#: One word in Latin letters, and several, are names before a title from these probabilities on.
_ONE_LATIN, _SOME_LATIN = 0.3, 0.1
#: Behind which a given name of some length may begin, and the titles before which it does.
_PARTICLES, _OF_A_CHILD = frozenset("でとのはがもにを"), frozenset(("くん", "ちゃん"))
_BEHIND_WHICH = frozenset("でとにがは")
#: … and those of whom something is said: 香典は西さんが
_SAID_OF = frozenset("はのとやがもにをでへ")
#: 先方の神様
_OF_SOMEBODY = re.compile(r"(?:先方|担当|客様|取引先|[社店課部])の$")
#: 神様 and 王様 are nobody, 神さん, 王先生 and 王様へ連絡 are somebody.
_BOTH = frozenset("神王")
_NOT_OF_GODS = frozenset(("さん", "先生", "氏", "Dr", "Dr."))
_IS_TOLD = re.compile(
    r"(?:から|より)(?:の)?(?:ご|お)?(?:連絡|電話|問い?合わせ|依頼|要望|返信|返答|入電|申し?出|注文|指摘)"
    r"|[へに](?:は)?(?:再度|改めて|至急|後で|折り返し)?(?:ご|お)?(?:連絡|電話|確認|報告|返却|返金|発送|納品|郵送|手渡|説明|案内|依頼|相談)"
)
#: 小山様、神様: in a list of people
_AMONG_OTHERS = re.compile(r"(?:様|さん)[ ]?[、・]$")
#: What ends where a name begins though both are in kanji: 先日御手洗様, 203号室中村様; and, below, a rank (事務長田口様).
_BEFORE_ONE = (
    *("先日", "昨日", "本日", "今日", "明日", "昨夜", "今朝", "今夕", "当日", "翌日", "前日", "後日", "先週", "今週", "来週", "先月", "今月", "来月", "先程", "午前", "午後", "夕方", "以前", "最近"),
    *(f"{digit}号室" for digit in "0123456789"),
)  # fmt: skip
#: 様 before these goes on as the word for the house: 御手洗様邸新築工事.
_OF_A_HOUSE = frozenset("邸宅方宛")
#: 根岸組の源さん: a unit whose people are called so.
_OF_ITS_PEOPLE = re.compile(r"[一-鿿][組社店部課係班室]の$")
#: A surname of one character with so many bearers is one behind a particle.
_FREQUENT = 30_000
#: 王董事長: no 董 is the given name.
_ABROAD = 0.97
_DIRECTIONS = frozenset("東西南北")
#: One behind の, before さん, with so many.
_SEVERAL = 5_000
#: One of several characters with so many is one by itself.
_COMMON = 8_000
#: … of one character, behind kana: 決裁者は梶部長.
_COMMON_OF_ONE = 15_000
#: … of a rank that nothing but somebody has: 芝教頭の了解.
_COMMON_OF_RANK = 5_000
#: Family names of one character that few bear, and before さん or 様 rather somebody without a name, a month, a number: 宮さん, 千様.
_NO_ONE = frozenset(
    "丁万上与丘千右左何友元内公具円兄各名吉多天女姉妹娘子孫客宗家宿尊局年店弟役本母父王班皆社祖神親誰達郎隊雲雷風鬼魚鳥鶴鹿黒黄白青赤緑紫紺猫犬牛馬猪虎竜龍"
)
_PARTICLE = re.compile(r"[がはをにへでとも][\u4e00-\u9fff]")
#: 運転 中, 対応 中
_UNDER_WAY = "中"
#: From this probability on a text is a family and a given name.
_WHOLE = 0.85
#: Both parts of a name with a blank between them, of which a word for a member of a family tells.
_BOTH_PARTS = 0.6
#: … and one with a family name of one character that few bear from this one on, where it stands apart and 様 behind it.
_SHORT_WHOLE, _LISTED = 0.65, "surname list + given-name list"
#: Ranks that name a place as often as somebody.
HEADS = ("工場長", "班長", "組長", "隊長", "支店長", "店長", "営業所長", "エリアマネージャー", "分団長", "センター長", "事業所長")
_HEAD = re.compile(
    rf"(?:^|(?<=[\s、。,()「」:/|・>はがのにと]))(?P<name>[々〆ヶ一-鿿]{{1,5}}|[一-鿿]{{1,2}}[ノツッヶケ][一-鿿]{{1,2}}|[ァ-ヺー]{{2,6}})(?P<title>{'|'.join(HEADS)})(?![一-鿿])"
)
#: 孫 一郎 in a family tree, and no 孫 of China.
_BRANCH = re.compile(r"[└├┗┣][-─━┄ ]{0,4}$")
#: What a form says beside a word for a member of the family, though it is a given name too: 配偶者 有.
_ANSWERS = frozenset("有無済未可否")
#: A reading in hiragana of so many characters or fewer is many words.
_SHORT = 2


@cache
def _titled() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>[{NAME_CHARS}]{{1,6}}(?:[ ][{NAME_CHARS}]{{1,5}})?)[ ]?(?P<title>{any_of(name_words().title)})(?!(?<=さん)(?:橋|ちゃん)|(?<=ちゃん)(?:ぽん|こ[鍋屋])|(?<=くん)製)(?:(?<=さん)|(?<=ちゃん)|(?<=くん)|(?<=様)(?![{_NOT_TITLE}])|(?![々\u4e00-\u9fff]))(?!(?!ママ|パパ|レビュー|コメント|チーム|アカウント)[ァ-ヺ]|(?<=r)[A-Za-z])"
    )


@cache
def _rank() -> re.Pattern[str]:
    words = name_words()
    return re.compile(
        rf"(?P<title>{any_of(words.rank)})(?:(?={any_of(words.said_of_rank)})|(?![々\u4e00-\u9fff]|{any_of(words.not_after_rank)}))"
    )


@cache
def _ranked() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>[{NAME_CHARS}]{{1,4}}?){_rank().pattern}")


@cache
def _after_rank() -> re.Pattern[str]:
    """支店長石倉が訪問し, （担任出雲）, 院長濵口先生: a rank, and the name glued to it; 安全衛生課長　岩崎 孝之"""
    behind = name_words().rank_behind_only
    rank = any_of(word for word in (*name_words().rank, *name_words().rank_before) if word not in behind)
    return re.compile(
        rf"(?P<title>{rank})(?:(?P<name>[々〆ヶ一-鿿\uf900-\ufaff]{{1,4}}?|[ァ-ヺー]{{2,8}}(?:・[ァ-ヺー]{{2,8}})?)(?=[がはのをもと、。)・\n]|より|から|まで|先生|さん|一本|引き?分|惜敗|勝|$)|[ ]{{1,2}}(?P<full>[{NAME_CHARS}]{{1,4}}[ ][{NAME_CHARS}]{{1,4}})(?![{NAME_CHARS}]))"
    )


@cache
def _placed() -> re.Pattern[str]:
    units = name_words().unit
    latin = any_of(unit for unit in units if unit.isascii())
    return re.compile(
        rf"(?:{any_of(unit for unit in units if not unit.isascii())}|(?<![A-Za-z]){latin})[ ]{{1,2}}(?P<name>[{NAME_CHARS}]{{1,5}})(?P<more>(?:[・、][ ]?[{NAME_CHARS}]{{1,5}}){{1,6}}(?=[ ]{{0,2}}(?:$|[\n\t。(])))?"
        rf"(?=[ ]{{0,2}}(?:$|[\n\t\x0b、。,()])|[ ]{{1,2}}(?:[0-9]{{2,4}}[/.年-]|[0-9]{{1,2}}[/月][0-9])|[ ]{{1,2}}{any_of((*units, *name_words().rank, *name_words().label.role_ends_alone, '裁判官'))})"
    )


@cache
def _kin() -> tuple[re.Pattern[str], ...]:
    kin = any_of(name_words().kin)
    only_kin = any_of(word for word in name_words().kin if word not in foreign_surnames())
    return (
        re.compile(rf"(?<![々\u4e00-\u9fff]){kin}[ ]?[: ][ ]?(?P<name>[{NAME_CHARS}]{{1,5}})(?=$|[ \t\n、,。(（）)/])"),
        re.compile(rf"(?<![々\u4e00-\u9fff]){only_kin}[ ](?P<name>[々\u4e00-\u9fff]{{1,3}}|[ぁ-ゖ]{{2,4}}?)(?=[はがをも])"),  # 妻 学は
        re.compile(
            rf"\({kin}\)[ ]?(?P<name>[{NAME_CHARS}]{{1,4}}[ ][{NAME_CHARS}]{{1,4}}|[{NAME_CHARS}]{{2,5}})(?=[ \n、,(]|$)"
        ),  # （妻）中澤 魁
        re.compile(rf"(?<![々\u4e00-\u9fff]){kin}\((?P<name>[{NAME_CHARS}]{{1,5}})(?:[・、,][^()\n]{{1,12}})?\)"),
        re.compile(
            rf"(?<![{NAME_CHARS}])(?P<family>[々一-鿿]{{1,3}}[ ])?(?P<name>[{NAME_CHARS}]{{1,5}})[ ]?\({kin}(?:[・、,][^()\n]{{1,12}})?\)"
        ),  # 港 七海（長女）
    )


#: 3) Ahmad, Hasan  Passport No.: a traveller with the papers
_TRAVELLER = re.compile(
    r"(?m)^[ \t]*\(?[0-9]{1,2}[.)][ ]*(?P<name>[A-Z][A-Za-z'\-]{1,20},?[ ][A-Z][A-Za-z'\-]{1,20}(?:[ ][A-Z][A-Za-z'\-]{1,20})?)(?=[ ]{1,3}(?:Passport|DOB|Date of [Bb]irth|旅券|Nationality))"
)
#: 1.INUI/SHINICHI MR: a passenger
_PASSENGER = re.compile(
    r"(?<![A-Z/])(?P<name>[A-Z][A-Z'\-]{1,24}/[A-Z][A-Z'\-]*(?:[ ](?!MRS?|MS|MISS|MSTR|CHD|INF)[A-Z'\-]+)?)[ ]?(?:MRS?|MS|MISS|MSTR|CHD|INF)(?![A-Z])"
)


def misters(text: str) -> Iterator[RuleSpan]:
    """Names in Latin letters behind Mr, Ms, Dr, Prof."""
    if "Mr" in text or "Ms" in text or "Dr" in text or "Prof" in text:
        for match in _MISTER.finditer(text):
            if match["name"]:
                yield RuleSpan(match.start("name"), match.end("name"), 0.9, "title Mr")
            elif is_family(match["kanji"]):
                yield RuleSpan(match.start("kanji"), match.end("kanji"), 0.97, "title Dr, surname list")

    if "assport" in text or "DOB" in text or "旅券" in text:
        for match in _TRAVELLER.finditer(text):
            yield RuleSpan(*match.span("name"), 0.95, "title of a passenger")
    if "/" in text and ("MR" in text or "MS" in text or "MISS" in text):
        for match in _PASSENGER.finditer(text):
            yield RuleSpan(match.start("name"), match.end("name"), 0.95, "title MR")


def of_a_unit(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Family names behind a department, ward or task."""
    for match in within(_placed(), text, windows(places, 0, 0, len(text))):
        if is_family(match["name"]) and match["name"] != _UNDER_WAY:
            judged = judge(match["name"])
            yield RuleSpan(match.start("name") + judged.start, match.start("name") + judged.end, 0.8, "behind a unit, surname list")
        more = list(_ITEM.finditer(match["more"] or ""))  # 担当　ウィジャヤ、王
        if more and all(_is_mate(item.group()) for item in more) and (is_family(match["name"]) or script(match["name"]) == "K"):
            at = match.start("more")
            yield from (RuleSpan(at + item.start(), at + item.end(), 0.8, "behind a unit, surname list") for item in more)


LATIN_UNITS = ("SSW", "MSW", "PSW", "CW", "SC", "PT", "OT", "ST", "Ns", "CM", "SV")
#: SSW堀、CW岡: letters for what somebody is, and the family name glued to them
_GLUED_UNIT = re.compile(
    rf"[A-Z](?<![A-Za-z].)(?:{'|'.join(f'(?<={unit[0]}){unit[1:]}' for unit in LATIN_UNITS)})(?P<name>[々〆ヶ一-鿿\uf900-\ufaff]{{1,4}}|[ァ-ヺー]{{2,6}})(?=$|[\n\t、。,()・ ])"
)


def of_letters(text: str) -> Iterator[RuleSpan]:
    """Family names glued to the letters for what somebody is: SSW堀, PT東海林."""
    for match in _GLUED_UNIT.finditer(text):
        if is_family(match["name"]) and judge(match["name"]).why != "no person":
            yield RuleSpan(*match.span("name"), 0.8, "behind a unit, surname list")


def _is_mate(name: str) -> bool:
    return name in foreign_surnames() or name in lexicon().foreign or lexicon().surnames.get(modern_forms(name), 0) >= _SEVERAL


def of_a_family(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Given names beside a word for a member of the family."""
    parts = list(windows(places, 9, 0, len(text)))
    for pattern in _kin():
        for match in within(pattern, text, parts):
            if match["name"] in _ANSWERS:
                continue  # 配偶者 有
            name = match["name"]
            kana = (
                len(name) > 1
                and script(name) == "h"
                and name in lexicon().given
                and text[match.end("name") : match.end("name") + 1] in ({")", "、"} if text[match.start("name") - 1] == "(" else {")"})
            )
            if kana or lexicon().given.get(modern_forms(name)) or judge(name).score >= 0.5:  # 長男（みどり）
                branch = _BRANCH.search(text, max(0, match.start() - 5), match.start()) and not lexicon().surnames.get(match["name"])
                whole = match.groupdict().get("family")
                family = whole is not None and whole[:-1] not in name_words().kin and judge(f"{whole}{name}").score >= _BOTH_PARTS
                start = match.start("family" if family else "name")
                yield RuleSpan(start, match.end("name"), 0.995 if branch else 0.85, "member of a family, given-name list")


def ranked(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    lex = lexicon()
    places = list(places)
    for match in within(_after_rank(), text, windows(places, 0, 0, len(text))):
        if full := match["full"]:  # 安全衛生課長　岩崎 孝之
            judged = judge(full)
            second = full.partition(" ")[2]
            if _PARTICLE.match(second):  # 児童福祉司 松本 が指導
                if _follows_rank(first := full.partition(" ")[0]):
                    at = match.start("full")
                    yield RuleSpan(at, at + len(first), 0.9, f"title {match['title']} before it, surname list")
            elif judged.score >= _WHOLE and judged.end - judged.start == len(full) and second not in name_words().unit:
                yield RuleSpan(match.start("full"), match.end("full"), 0.97, f"title {match['title']} before it, {judged.why}")
            elif judged.why == "a word behind" and _follows_rank(first := full.partition(" ")[0]):  # 師長 宮原 コメント
                at = match.start("full")
                yield RuleSpan(at, at + len(first), 0.9, f"title {match['title']} before it, surname list")
        elif _follows_rank(match["name"]):
            yield RuleSpan(match.start("name"), match.end("name"), 0.9, f"title {match['title']} before it, surname list")
    behind = [place for place in places if _rank().match(text, place[0])]
    for match in within(_ranked(), text, windows(behind, 4, 0, len(text))):
        name = match["name"]
        if _stands_apart(text, match.start()) and (
            name in foreign_surnames()
            or BRIDGED.fullmatch(name)
            or (len(name) > 1 and name not in name_words().before_rank and is_family_or_rare(name))
            or (
                len(name) == 1
                and lex.surnames.get(name, 0) >= _COMMON
                and (name not in name_words().before_rank or (name in _DIRECTIONS and match["title"] in name_words().rank_of_a_person))
            )
            or (len(name) > 1 and name in lex.foreign)
        ):
            score = _ABROAD if name in foreign_surnames() and len(match["title"]) > 1 else 0.8
            yield RuleSpan(match.start(), match.start() + len(name), score, f"title {match['title']}, surname list")
            continue
        if _stands_apart(text, match.start()) and (size := before_unit(name)):  # 杉本文化課長
            yield RuleSpan(match.start(), match.start() + size, 0.8, f"title {match['title']}, surname list")
            continue
        for cut in range(len(name)):
            bearers = lex.surnames.get(modern_forms(name[cut:]), 0)
            before = text[match.start() + cut - 1] if match.start() + cut else "\n"
            rare = len(name) - cut > 1 and "ぁ" <= before <= "ゖ" and is_family_or_place(name[cut:])
            single = before == "の" and bearers >= _SEVERAL and name[cut:] not in name_words().before_rank  # 上司の乾課長
            of_rank = (
                match["title"] in name_words().rank_of_a_person and "ぁ" <= before <= "ゖ" and name[cut:] not in name_words().before_rank
            )
            least = _COMMON if len(name) - cut > 1 else _SEVERAL if single else _COMMON_OF_RANK if of_rank else _COMMON_OF_ONE
            if (bearers >= least or name[cut:] in foreign_surnames() or rare) and not (
                "\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ"
            ):
                score = _ABROAD if name[cut:] in foreign_surnames() and len(match["title"]) > 1 else 0.85
                yield RuleSpan(match.start() + cut, match.start() + len(name), score, f"title {match['title']}, surname list")
                break


def heads(text: str) -> Iterator[RuleSpan]:
    """Names before a rank that heads a place: 決裁は朴工場長, 高松純分団長とともに; not those of places (福岡工場長)."""
    for match in _HEAD.finditer(text):
        name = match["name"]
        judged = judge(name)
        if judged.score >= _WHOLE and judged.why == _LISTED and len(name) > 2:
            yield RuleSpan(*match.span("name"), 0.9, f"title {match['title']}, {judged.why}")
        elif name in foreign_surnames() or BRIDGED.fullmatch(name) or (script(name) == "K" and judged.why == "one name in kana"):
            yield RuleSpan(*match.span("name"), 0.9, f"title {match['title']}, surname list")
        elif lexicon().surnames.get(modern_forms(name), 0) >= _COMMON and judged.why == "one surname" and not is_place(name):
            yield RuleSpan(*match.span("name"), 0.85, f"title {match['title']}, surname list")


def _follows_rank(name: str) -> bool:
    """Whether what is glued to a rank is a family name: 団長林, 担任出雲, 院長濵口; of one character only a frequent one, or one from abroad."""
    if name in name_words().nobody or (name in name_words().before_rank and name not in _DIRECTIONS):
        return False
    if "ァ" <= name[0] <= "ヺ":  # 団員サントス
        return judge(name).score >= _ONE_LATIN
    bearers = lexicon().surnames.get(modern_forms(name), -1)
    if len(name) == 1:
        return bearers >= _FREQUENT or name in foreign_surnames()
    if bearers >= _COMMON:
        return True
    return bearers >= 0 and name not in lexicon().not_names and (judge(name).why not in {"a word", "no person"} or is_place(name))


def before_unit(name: str) -> int:
    """How long the family name is before the unit whose head a rank names: 杉本文化(課長); 0 where there is none, or a place (福岡営業)."""
    for size in range(2, len(name) - 1):
        family, unit = name[:size], name[size:]
        if lexicon().surnames.get(modern_forms(family), 0) < _COMMON or _names_a_branch(family) or unit in lexicon().surnames:
            continue
        tokens = word_tokenizer().tokenize(unit)
        if len(tokens) == 1 and tokens[0].part_of_speech()[1] == "普通名詞":
            return size
    return 0


def _names_a_branch(family: str) -> bool:
    """Whether a word is a place that a branch is called of: a prefecture, a city or town, and not the quarter of one (矢作, 八田)."""
    if not is_place(family):
        return False
    known = gazetteer()
    return any(family + kind in known.names for kind in "市区町村郡") or any(
        prefecture.startswith(family) for prefecture in known.prefectures
    )


def _stands_apart(text: str, at: int) -> bool:
    """Whether a blank, bracket or sign is before a place of a text."""
    return not at or text[at - 1] in " \n\t\x0b。、,()「」:/|・>"


def titled(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    lex = lexicon()
    words = name_words()
    parts = list(windows(places, 14, 0, len(text)))
    yield from _abroad(text, places)
    for match in within(_titled(), text, parts):
        name, title = match["name"], match["title"]
        behind = text[match.end() : match.end() + 1]
        goes_on = title == "様" and "\u4e00" <= behind <= "\u9fff" and behind not in _OF_A_HOUSE  # 様来社
        if title in words.close_title and " " in match.group()[len(name) :]:
            continue
        if title == "君" and _ends_given(name):  # 林 佩君
            yield RuleSpan(match.start(), match.end(), 0.995, "surname of one character")
            continue
        # the longest tail that the lists know: 営業部 山田 -> 山田
        for cut in range(len(name)):
            tail = name[cut:]
            if tail[0] == " " or (
                tail.rpartition(" ")[2] in lex.not_names
                and not (tail in _BOTH and _is_called(text, match.start() + cut, match.end(), title))
            ):
                continue
            before = text[match.start() + cut - 1] if match.start() + cut else "\n"
            full = " " in tail or len(tail) >= 3
            if (
                ("\u4e00" <= before <= "\u9fff" and not _begins_there(text, match.start() + cut, tail))
                or "ァ" <= before <= "ヺ"
                or (
                    "ぁ" <= before <= "ゖ"
                    and not full
                    and len(tail) < 2
                    and not _is_said_of(tail, _particle(text, match.start() + cut), title)
                    and not _is_little(tail, before, title)
                    and not (before == "の" and _is_one_of_them(text, match.start() + cut, tail, title))
                )
            ):
                continue
            if "ぁ" <= before <= "ゖ" and "ぁ" <= tail[0] <= "ゖ" and 0 <= tail.find(" ") <= _SHORT:
                continue  # にん はやし, of たんにん はやしせんせい
            judged = judge(tail)
            known = max(lex.surnames.get(tail, 0), lex.surnames.get(modern_forms(tail), 0)) >= 8000
            if not known and len(tail) > 1 and script(tail) == "K":  # ヤマダ様, シルバさん
                known = tail in lex.common_surname_readings or (
                    judged.score >= 0.3 and (tail in lex.surname_readings or tail in lex.foreign)
                )
            if judged.end - judged.start != len(tail):
                continue
            if goes_on and len(tail) < 2:
                continue
            short = (
                full
                and judged.score >= _SHORT_WHOLE
                and judged.why == _LISTED
                and title == "様"
                and _stands_apart(text, match.start() + cut)
            )
            family, _, given = tail.partition(" ")
            bridged = bool(given) and BRIDGED.fullmatch(family) is not None and bool(lex.given.get(given))  # 保ケ部 花子さん
            if short or bridged or (full and judged.score >= 0.85):  # 岡香織様
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.93, f"title {title}, {judged.why}")
                break
            if known:
                yield RuleSpan(
                    match.start() + cut, match.start("name") + len(name), 0.9 if len(tail) > 1 else 0.7, f"title {title}, surname list"
                )
                break
            if (
                len(tail) == 3 and script(tail) == "k" and judged.why == "surname of one character" and title in words.polite_title
            ):  # 黄志強様
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.9, f"title {title}, {judged.why}")
                break
            edge = _stands_apart(text, match.start() + cut) or "0" <= before <= "9" or _behind_word(text, match.start(), cut, tail)
            if not goes_on and (title in words.polite_title or title == "氏") and _is_rare(tail, title, judged.why, edge=edge):
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.8, f"title {title}, a rare surname")
                break
            if (
                _is_little(tail, before, title)
                or (before == "の" and _is_one_of_them(text, match.start() + cut, tail, title))
                or (edge and (_is_child(tail, title, quoted=before == "「") or (before in _PARTICLES and title in _OF_A_CHILD)))
            ):
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.85, f"title {title}, given-name list")
                break


def _is_called(text: str, start: int, end: int, title: str) -> bool:
    """Whether somebody is meant, and no god or king: 王先生, 先方の神様, 王様へ連絡."""
    return (
        title in _NOT_OF_GODS
        or _OF_SOMEBODY.search(text, max(0, start - 4), start) is not None
        or _AMONG_OTHERS.search(text, max(0, start - 4), start) is not None
        or _IS_TOLD.match(text, end) is not None
    )


@cache
def _before_one() -> tuple[str, ...]:
    words = name_words()
    return (*_BEFORE_ONE, *(rank for rank in (*words.rank, *words.rank_before) if rank not in words.rank_behind_only and len(rank) > 1))


def _begins_there(text: str, at: int, name: str) -> bool:
    """Whether a name of several characters begins behind a word for a time, a room or a rank: 先日御手洗様に, 事務長田口様."""
    return len(name) > 1 and text.endswith(_before_one(), max(0, at - 8), at) and is_family(name.partition(" ")[0])


def _behind_word(text: str, start: int, cut: int, tail: str) -> bool:
    """Whether a given name of some length begins behind a particle or a word in katakana that is no name: 砂場でゆかりくん, アンカー颯太くん."""
    often = lexicon().given.get(tail)
    if len(tail) < 2 or not (often or (often is not None and len(tail) > _SHORT and script(tail) == "h")):
        return False
    before = text[start + cut - 1] if start + cut else "\n"
    if before in _PARTICLES:
        return True
    word = _KATAKANA_END.search(text, max(0, start + cut - 10), start + cut)
    if word is None or len(word.group()) <= _SHORT or script(tail) == "K":
        return False
    tokens = word_tokenizer().tokenize(word.group())
    return len(tokens) == 1 and tokens[0].part_of_speech()[1] == "普通名詞"


def _abroad(text: str, places: Iterable[Place]) -> Iterator[RuleSpan]:
    """Names in Latin letters, or with a point between katakana, before a title."""
    places = list(places)
    latin = [
        place for place in places if _LATIN_BEFORE.match(text, max(0, place[0] - 1)) or _LATIN_BEFORE.match(text, max(0, place[0] - 2))
    ]
    for match in within(_LATIN_TITLED, text, windows(latin, 40, 0, len(text))):
        judged = judge(match["name"])
        if judged.score >= (_SOME_LATIN if " " in match["name"] else _ONE_LATIN) and judged.why != "English words":
            yield RuleSpan(match.start("name"), match.end("name"), 0.9, f"title behind it, {judged.why}")
    if "・" in text or "=" in text:
        katakana_before = [(start, end) for start, end in places if start and _IN_KATAKANA.search(text, max(0, start - 2), start)]
        for match in within(_DOTTED, text, windows(katakana_before, 40, 0, len(text))):
            judged = judge(match["name"])
            if judged.score >= _SOME_LATIN and judged.why == "foreign name":
                yield RuleSpan(match.start("name"), match.end("name"), 0.97, f"title behind it, {judged.why}")


def _is_one_of_them(text: str, at: int, name: str, title: str) -> bool:
    """Whether a name of one character is that of one of a firm's or unit's people: 根岸組の源さん."""
    lex = lexicon()
    if title != "さん" or len(name) > 1 or name in _NO_ONE or name in name_words().nobody or name in lex.not_names:
        return False
    return (name in lex.surnames or bool(lex.given.get(name))) and _OF_ITS_PEOPLE.search(text, max(0, at - 3), at) is not None


def _is_child(name: str, title: str, *, quoted: bool) -> bool:
    """Whether a given name stands before くん, ちゃん; of one character also before さん: 樹くん、浩さん."""
    given = lexicon().given.get(name)
    if not given or name in name_words().nobody:
        return False
    if len(name) > 1:
        return title in name_words().child_title or (title == "さん" and given > 1 and name not in lexicon().surnames)
    return not quoted and title in {"くん", "ちゃん", "さん"} and name not in lexicon().not_names  # not 「鶴ちゃんの…」


def _ends_given(name: str) -> bool:
    """Whether the 君 behind a name is the last character of a given name of China: 林 佩君, but 林 学君."""
    family, gap, given = name.partition(" ")
    return bool(gap) and len(family) == len(given) == 1 and not lexicon().given.get(given)


def _particle(text: str, at: int) -> str:
    """The particle that ends before a place, から and より as に."""
    before = text[max(0, at - 2) : at]
    return "に" if before in {"から", "より"} else before[-1:]


def _is_said_of(name: str, before: str, title: str) -> bool:
    """Whether a family name of one character stands behind a particle: 香典は西さんが, 鍵は城さんが, 窓口で東さんが."""
    if before not in _SAID_OF:
        return False
    called = before == "の" or (title in name_words().polite_title and name not in _NO_ONE)
    if called and lexicon().surnames.get(name, 0) >= _SEVERAL:
        return name not in name_words().nobody  # 2階の神さん
    return lexicon().surnames.get(name, 0) >= _FREQUENT or name in foreign_surnames()


def _is_little(name: str, before: str, title: str) -> bool:
    """Whether a given name of one character stands behind a particle, before what a child is called with: 園庭で瞳くんと."""
    if len(name) > 1 or title not in _OF_A_CHILD or before not in _BEHIND_WHICH:
        return False
    return bool(lexicon().given.get(name)) and name not in name_words().nobody and name not in lexicon().not_names


def _is_rare(name: str, title: str, why: str, *, edge: bool) -> bool:
    """Whether a family name that few bear stands before a polite title.

    :param edge: a blank or sign stands before it, so that it begins there.
    """
    lex = lexicon()
    written = script(name)
    if BRIDGED.fullmatch(name):
        return True  # 三ツ矢様
    if name in name_words().nobody:
        return False
    if title == "氏" and (written != "k" or len(name) == 1):
        return False
    if written == "h":  # ぱく様, ほりのうち様
        reading = katakana(name)
        edge = edge and len(word_tokenizer().tokenize(name + title)) > 1  # not たくさん
        return edge and len(name) > 1 and (reading in lex.foreign or (len(name) > _SHORT and reading in lex.common_surname_readings))
    if written == "K" and title in {"様", "さま"}:  # ジョウ様
        return edge and len(name) > 1 and name in lex.surname_readings
    if written != "k":
        return False
    bearers = max(lex.surnames.get(name, -1), lex.surnames.get(modern_forms(name), -1))
    if len(name) == 1:
        return name in foreign_surnames() or bearers > 0 or (edge and bearers == 0 and name not in _NO_ONE)  # 台さん
    if title == "氏":  # 七五三掛氏, but 豊臣氏 and other clans
        return why == "one surname" and bearers >= 0 and not any(who.startswith(name) for who in people_of_history())
    if edge and len(name) == _SHORT and may_be_family(name):  # 岐阜様, 徳島さん, but 本田技研さん
        return True
    return bearers > 0 or (bearers == 0 and why not in {"a word", "no person"}) or is_family_or_place(name)
