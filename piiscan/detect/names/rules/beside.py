"""Names that what stands beside them gives away: 佐藤（090-…）, 西という女性, 長女凛が, 2年3組　丹下 あやか, 吉田みほ後援会."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import bearers, is_borne_by, is_family, is_listed_family, is_place, is_plain_word, is_prefecture
from piiscan.detect.names.features import lexicon, script, word_tokenizer
from piiscan.detect.names.rules.openings import HOUSEHOLD, Place
from piiscan.detect.names.rules.spans import RuleSpan, windows, within
from piiscan.detect.names.variants import foreign_surnames, katakana, modern_forms
from piiscan.detect.names.words import NAME_CHARS, any_of, name_words
from piiscan.detect.names.writing import BRIDGED

__all__ = ["IN_YEAR", "OF_CLASS", "OF_YEAR", "beside", "in_year", "of_class", "of_year"]

#: Those of many words are made when the first text needs them.
_Expression = re.Pattern[str] | Callable[[], re.Pattern[str]]
_Around = Callable[[str, _Expression], Iterable[re.Match[str]]]
_EDGE = rf"(?<![{NAME_CHARS}A-Za-z])"
#: From these probabilities on: a family and a given name; one in a list of a school; one that a title in brackets names.
_WHOLE, _IN_LIST, _A_WORD = 0.85, 0.6, 0.04
#: A family name of one character with so many bearers is one after 担当の.
_FREQUENT = 30_000
#: One of several characters with so many is one by itself.
_COMMON = 8_000
#: … and so many behind who its bearer is.
_FEW = 2_000
#: Who runs for office is named in full: so much is enough where nothing stands before the name.
_OF_SUPPORTERS = 0.7
#: One who died, and whom a file is about, has a family and a given name.
_LATE_LEAST, _SURE_FILE = 0.7, 0.9
#: One beside the year of a school has a family or a given name that the lists know.
_IN_YEAR_LEAST = 0.8
#: きょうだい　3年2組 勇
_SIBLING = re.compile(r"(?:兄弟|きょうだい|姉妹|[兄姉弟妹])[姉妹]?[ \t:]{1,3}[0-9年]{0,4}$")
#: Telephones that one person answers.
_OF_ONE = frozenset({"内線", "携帯", "PHS", "自宅", "直通"})


@cache
def _phoned() -> re.Pattern[str]:
    phone = any_of(name_words().phone)
    return re.compile(
        rf"{_EDGE}(?P<name>(?:[{NAME_CHARS}]{{1,6}}[ ])?[{NAME_CHARS}]{{1,6}})(?:様|さん|氏)?"
        rf"(?:[ ]?\([ ]?(?:{phone}[ :]?)?\(?(?P<digits>0[0-9]{{1,4}}[- (/・.)]{{0,2}}[0-9]{{2,4}})|[ ]{{0,2}}\(?(?P<what>{phone})[ :.]{{0,2}}(?P<line>[0-9]{{2,}})|[ ]{{1,3}}(?P<mobile>0[789]0[-(. )]{{0,2}}[0-9]{{4}}))"
    )


#: 泉という男性店員
_WORKS_AS = (
    "(?:店員|社員|職員|係員|駅員|行員|会員|スタッフ|担当者?|運転手|ドライバー|看護師|先生|教員|生徒|学生|患者|客|お客(?:様|さん)?|方|人)"
)


@cache
def _somebody() -> re.Pattern[str]:
    return re.compile(
        rf"{_EDGE}(?P<name>[{NAME_CHARS}]{{1,4}}?)という(?:(?:男性?|女性?)の?{_WORKS_AS}|{any_of(name_words().somebody)})(?![一-鿿])"
    )


@cache
def _child() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![一-鿿]){any_of(name_words().child)}(?:の|・)?(?P<name>[{NAME_CHARS}]{{1,4}}?)(?=[がはのとをも、。()\n]|に(?!は)|[小中高][1-6]|[0-9]{{1,2}}[歳才]|$)"
    )


@cache
def _relative() -> re.Pattern[str]:
    """娘の奏が, 奥様の栞さんも, お母様のハツ様は"""
    return re.compile(
        rf"{any_of((*name_words().child, *name_words().relative))}の(?P<name>[々一-鿿]{{1,3}}?|[ぁ-ゖ]{{2,4}}?|[ァ-ヺー]{{2,5}}?)(?:(?P<title>さん|様|さま|ちゃん|くん|君)(?![々一-鿿])|(?=[がはもを、(]|と(?:一緒|暮|二人|結婚|離婚|別)))"
    )


#: 妻悠真様に手交: a word for a relative, and the given name glued to it before a title
_WITH_TITLE = re.compile(
    r"[妻夫娘息長次二三](?<![一-鿿].)(?:(?<=[妻夫娘])|(?<=息)子|(?<=[長次二三])[男女])(?P<name>[々一-鿿]{1,3})(?:様|さん)(?![々一-鿿])"
)


@cache
def _bracketed() -> re.Pattern[str]:
    return re.compile(
        rf"{any_of(name_words().named_in_brackets)}\((?P<name>[{NAME_CHARS}]{{1,6}}(?:[ ][{NAME_CHARS}]{{1,4}})?)(?:さん|様|氏|くん|ちゃん|君)\)"
    )


@cache
def _bracketed_role() -> re.Pattern[str]:
    return re.compile(rf"{any_of(name_words().role_in_brackets)}\((?P<name>[{NAME_CHARS}]{{1,4}})\)")


@cache
def _supported() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>[々一-鿿ぁ-ゖ]{{3,9}}){any_of(name_words().supporters)}")


@cache
def _in_class() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[0-9A-ZＡ-Ｚ]{any_of(name_words().place_of_one)}(?P<title>\))?|(?<=[ぁ-ゖァ-ヺー])組)[ ]{{1,2}}(?P<name>[{NAME_CHARS}]{{2,10}}(?:[ ][{NAME_CHARS}]{{1,5}})?|[々一-鿿][ ][{NAME_CHARS}]{{1,4}}|[一-鿿](?=\n|$|/))(?=[ ]|[、,()=\n\t/]|$)"
    )


@cache
def _ours() -> re.Pattern[str]:
    return re.compile(
        rf"{any_of(name_words().one_of_us)}の(?P<name>[{NAME_CHARS}]{{1,4}}?)(?=[がはをもへ、]|から|より|に(?:は|て|も|ご|お|[一-鿿])|と(?![いっ言な思同共])|です|まで|宛|\([+0-9])"
    )


#: カスタマーセンターの平野でございます, 平野と申しますが, お客様センター橘でございます
_INTRODUCED = re.compile(
    rf"(?:{_EDGE}|(?<=の)|(?<=センター)|(?<=支店)|(?<=薬局)|(?<=[課部係室店]))(?!の)(?P<name>[{NAME_CHARS}]{{1,4}}?)(?=と申し|でございます)"
)


#: ドライバーの鶴見は, 添乗員の水沢ですが: a family name behind who its bearer is, and a sign that the phrase ends with it.
_OF_A_KIND = re.compile(
    r"(?P<name>[々一-鿿]{2,3}?|[一-鿿]{1,2}[ノツッヶケ][一-鿿]{1,2}|[ァ-ヺー]{2,6})"
    r"(?=[はがも]|、|です|でし|だ(?:が|っ|と)|には|から(?:[、のも電連相聞申]|「)|より|の件|に(?=[一-鿿])|と(?=面談|話)|を(?=[一-鿿]))"
)


@cache
def _with_role() -> re.Pattern[str]:
    return re.compile(rf"{any_of(name_words().role)}[ ]{{0,2}}(?P<name>[々〆ヶ一-鿿]{{1,4}}[ ][{NAME_CHARS}]{{1,4}})(?![{NAME_CHARS}])")


@cache
def _glossed() -> re.Pattern[str]:
    """弊社楊（Yang）も"""
    return re.compile(rf"{any_of(word for word in name_words().one_of_us if word[-1] in '社店')}(?P<name>[々一-鿿]{{1,3}})\((?=[A-Z][a-z])")


#: 新任末永舞の3名: a whole name glued to a word for who comes or goes.
_COMES = re.compile(r"(?:新任|再任|重任|退任|辞任|選任|後任|前任|新役員|新会員)(?:の)?(?P<name>[々一-鿿]{3,5})(?=[のがはを、。\n]|$)")


@cache
def _in_a_file_name() -> re.Pattern[str]:
    return re.compile(rf"{_EDGE}(?P<name>[{NAME_CHARS}]{{1,6}})[_＿]{any_of(name_words().file)}")


@cache
def _noted() -> re.Pattern[str]:
    """（担当 楠）, （下書き・上野）, （通訳 シン・ラジ）"""
    return re.compile(
        rf"\({any_of((*name_words().noted, *name_words().rank_before))}[ ]?[・: /→][ ]?(?P<name>[{NAME_CHARS}]{{1,6}}(?:[ ・][{NAME_CHARS}]{{1,6}})?)(?=[)→、])"
    )


@cache
def _with_note() -> re.Pattern[str]:
    """轟（当社）, シャルマ（記）"""
    return re.compile(rf"{_EDGE}(?P<name>[{NAME_CHARS}]{{1,5}})\({any_of(name_words().role_behind)}\)")


@cache
def _asked() -> re.Pattern[str]:
    """変更は必ず本田まで"""
    return re.compile(
        rf"(?:{any_of(name_words().asked)}は|宛先は|宛てに)(?:必ず|事前に|すべて|全て|なるべく|早めに)?(?P<name>[{NAME_CHARS}]{{1,4}}?)(?=まで|宛)"
    )


#: 3年 橘 弘　遅刻, 1-2 平田舞　捻挫: a whole name between the year or class of a school and what is said
IN_YEAR = re.compile(
    rf"(?<![0-9-])(?:[1-6]年|[1-6]-[1-9])[ ]{{1,2}}(?P<name>[々〆ヶ一-鿿]{{1,3}}[ ][{NAME_CHARS}]{{1,4}}|[々一-鿿]{{3,5}})(?=[ \n、,(]|$)"
)
#: 如月 唯（1年）
OF_YEAR = re.compile(
    rf"{_EDGE}(?P<name>[々〆ヶ一-鿿]{{1,3}}[ ][々一-鿿ぁ-ゖァ-ヺー]{{1,4}})[ ]?\((?:[小中高]?[1-6]年?|[1-6][-‐年][0-9A-D]組?)\)"
)
#: 境（5-1）　鹿野（5-2）: family names before the classes of their children, in a list of such
OF_CLASS = re.compile(rf"{_EDGE}(?P<name>[々〆ヶ一-鿿]{{1,4}})[ ]?\([1-6][-‐年][1-9]組?\)(?=[ \t\n、,/]|$)")
_CLASSMATES = 4
#: 集金係→浜, （前任 高橋→後任 東）, 担当が水田に替わりました
_HANDED = re.compile(
    rf"(?:(?:係|担当|当番|役|後任)[ ]?→[ ]?(?P<name>[{NAME_CHARS}]{{1,4}})(?=[(、。)\n ]|$)|担当[がは](?P<new>[{NAME_CHARS}]{{1,4}}?)(?=に(?:替|代|変|交代|なり)|です|となり))"
)


@cache
def _away() -> re.Pattern[str]:
    """楠 純 有休"""
    return re.compile(
        rf"(?m)(?:^|(?<=[\t|]))[ ]?(?P<name>[{NAME_CHARS}]{{1,6}}(?:[ ][{NAME_CHARS}]{{1,5}})?)(?:さん)?[ ]{any_of(name_words().absence)}(?![{NAME_CHARS}])"
    )


@cache
def _rests() -> re.Pattern[str]:
    """林は休み"""
    return re.compile(
        rf"(?:{_EDGE}|(?<=の))(?P<name>[{NAME_CHARS}]{{1,4}}?)は(?:本日|今日|明日|今週|終日|午前|午後)?(?:は)?{any_of(name_words().resting)}(?=[でだの、。)\n]|です|中|$)"
    )


#: 色白の林ってやつを出せ
_CALLED = re.compile(
    r"(?:(?<=の)|(?<![々一-鿿ぁ-ゖァ-ヺー]))(?P<name>[々一-鿿]{1,4})って(?:いう|言う|ゆう)?(?:やつ|奴|人|方|者|社員|店員)(?![一-鿿])"
)


@cache
def _parent() -> re.Pattern[str]:
    """岩本母: すみません (祖母, 義父 are nobody's)"""
    return re.compile(rf"(?m)(?:^|(?<=[ \t]))(?P<name>(?![祖義養継伯叔実][父母])[々一-鿿]{{1,4}}){any_of(name_words().parent)}(?=[\t:])")


#: 故 劉 洋 儀, 故　田中太郎様
_LATE = re.compile(
    rf"(?<![一-鿿])故[ ]{{0,2}}(?P<name>[{NAME_CHARS}]{{1,5}}[ ]?[{NAME_CHARS}]{{0,5}}?)(?=[ ]{{0,2}}(?:儀|様|殿|さん|氏)(?![一-鿿])|[ ](?:儀|葬儀|告別式))"
)
#: 考課\大山ゆかり.xlsx: a file that bears somebody's name
_FILE = re.compile(
    rf"(?<=[\\/＼／])(?P<name>[{NAME_CHARS}]{{2,8}}(?:・[ァ-ヺー]{{1,8}}){{0,3}}(?:[ ][{NAME_CHARS}]{{1,5}})?)(?:様|さん)?\.(?:xls|doc|ppt|pdf|txt)"
)
#: PID|1||4615566^^^^PI||上村^湊||19620718|M|ウエムラ^ミナト: the patient of a message between hospitals (HL7 v2)
_PATIENT = re.compile(r"(?m)^PID\|(?:[^|\n]*\|){4}(?P<name>[^|\n]*)\|(?:[^|\n]*\|){3}(?P<other>[^|\n]*)")
_COMPONENT = re.compile(rf"[{NAME_CHARS}A-Za-z'\-]+")

#: 髙﨑家　馬場家　結婚披露宴, 長崎家のトーク履歴
_HOUSE = re.compile(rf"{_EDGE}(?P<name>[々一-鿿豈-\ufaff]{{2,4}})家(?=[ ]|一同|{any_of(HOUSEHOLD)})")


def beside(text: str, openings: Mapping[str, list[Place]]) -> Iterator[RuleSpan]:
    """Those of ``text`` (folded) around the words that open a rule (:class:`piiscan.detect.names.rules.openings.Openings`)."""

    def around(rule: str, pattern: _Expression) -> Iterable[re.Match[str]]:
        """What a rule's expression finds around its words."""
        places = openings.get(rule)
        if not places:
            return ()
        return within(pattern() if callable(pattern) else pattern, text, windows(places, 12, 0, len(text)))

    yield from _with_a_phone(around("phone", _phoned))
    for match in around("somebody", _somebody):
        if is_family(match["name"]) and match["name"] not in lexicon().not_names:
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, "title という, surname list")
    for match in around("child", _child):
        name, given = match["name"], lexicon().given
        if given.get(modern_forms(name)) or (len(name) > 1 and script(name) == "h" and name in given):
            yield RuleSpan(match.start("name"), match.end("name"), 0.85, "title of a child, given-name list")
        elif len(name) > 2 and text.startswith("(", match.end()) and judge(name).why == "surname list + given-name list":
            yield RuleSpan(
                match.start("name"), match.end("name"), 0.9, "title of a child, surname list + given-name list"
            )  # 長男台千尋（平成14年…
    for match in _WITH_TITLE.finditer(text) if "様" in text or "さん" in text else ():
        if lexicon().given.get(modern_forms(match["name"])) and match["name"] not in name_words().nobody:
            yield RuleSpan(*match.span("name"), 0.85, "title of a relative, given-name list")
    for match in around("relative", _relative):
        if _is_given(match["name"], match["title"] or ""):
            yield RuleSpan(match.start("name"), match.end("name"), 0.9, "title of a relative, given-name list")
    for match in around("named in brackets", _bracketed):
        name = match["name"]
        if name not in lexicon().not_names and (judge(name).score > _A_WORD or name in lexicon().given):
            yield RuleSpan(match.start("name"), match.end("name"), 0.85, "title in brackets")
    for match in around("role in brackets", _bracketed_role):
        if (is_family(match["name"]) or BRIDGED.fullmatch(match["name"])) and match["name"] not in name_words().nobody:
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, "title before brackets, surname list")
    for match in around("supporters", _supported):
        yield from _of_supporters(match)
    for match in (*around("one of us", _ours), *around("introduced", _INTRODUCED)):
        name = match["name"]
        borne = lexicon().surnames.get(modern_forms(name), 0)
        several = len(name) > 1 and name not in name_words().nobody and (borne or is_listed_family(name))
        if several or borne >= _FREQUENT or name in foreign_surnames():
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, "title of a speaker, surname list")
    yield from _of_a_kind(text, openings)
    for match in around("role", _with_role) if " " in text else ():
        judged = judge(match["name"])
        if judged.score >= _WHOLE and judged.why.startswith("surname list"):
            yield RuleSpan(match.start("name"), match.end("name"), 0.97, f"title before it, {judged.why}")
    for match in around("glossed", _glossed) if "(" in text else ():
        if is_family(match["name"]) and not is_place(match["name"]):
            yield RuleSpan(*match.span("name"), 0.85, "title of a speaker, surname list")
    for match in around("comes", _COMES):
        judged = judge(match["name"])
        if judged.score >= _SURE_FILE and judged.why == "surname list + given-name list":
            yield RuleSpan(*match.span("name"), 0.98, f"title before it, {judged.why}")
    for match in around("file name", _in_a_file_name):
        judged = judge(match["name"])
        if judged.why != "a word" and (is_family(match["name"]) or judged.score >= _IN_LIST):
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, "title in a file's name")
    for match in around("house", _HOUSE):
        if (lexicon().surnames.get(match["name"]) or lexicon().surnames.get(modern_forms(match["name"]))) and judge(
            match["name"]
        ).why != "a word":
            yield RuleSpan(match.start("name"), match.end("name"), 0.7, "title 家, surname list")
    yield from _by_task(around)
    for match in around("late", _LATE):
        if judge(match["name"]).score >= _LATE_LEAST:
            yield RuleSpan(match.start("name"), match.end("name"), 0.95, "title 故")
    for match in around("file", _FILE):
        judged = judge(match["name"])
        abroad = (
            judged.why == "foreign name" and judged.score >= _IN_LIST and not all(map(is_plain_word, match["name"].split("・")))
        )  # チャン・ティ・ラン.xlsx
        if abroad or (judged.score >= _SURE_FILE and judged.why == "surname list + given-name list"):
            yield RuleSpan(match.start("name"), match.end("name"), 0.97 if abroad else 0.8, f"title of a file, {judged.why}")
    for match in around("patient", _PATIENT):
        for group in ("name", "other"):
            for part in _COMPONENT.finditer(text, *match.span(group)):
                yield RuleSpan(*part.span(), 0.95, "label 患者氏名")
    alone: list[RuleSpan] = []
    for match in around("class", _in_class):
        name, first = match["name"], match["name"].partition(" ")[0]
        judged = judge(name)
        if judged.score < _IN_LIST:  # アキモトアイコ 歯医者のため: one word is the name
            name, judged = first, judge(first)
        elif name != first and judge(first).why == "a word":  # 1号車 運転 中
            continue
        if judged.score >= _IN_LIST and judged.end - judged.start == len(name):
            what = "title of a class" if name[1] == " " else "behind a class"  # 2年3組　王 偉
            yield RuleSpan(match.start("name"), match.start("name") + len(name), 0.8, f"{what}, {judged.why}")
        elif name == first and text[match.start("name") - 2] == "組" and _is_pupil(match, judged.why):  # 3年2組 真示
            yield RuleSpan(*match.span("name"), 0.75, "title of a class, given-name list")
        elif match["title"]:
            if name == first and bearers(name) >= _COMMON and text[match.end() : match.end() + 1] in {"", "\n"}:
                yield RuleSpan(*match.span("name"), 0.75, "title behind a class, surname list")  # 所見（4年1組）　松山: the teacher
        elif is_family(first):  # 1班 瀬戸内　2班 増井
            alone.append(RuleSpan(match.start("name"), match.start("name") + len(first), 0.75, "title behind a class, surname list"))
    if len(alone) > 1:
        yield from alone


def _of_a_kind(text: str, openings: Mapping[str, list[Place]]) -> Iterator[RuleSpan]:
    """Family names behind who their bearer is, or where he works or learns: ドライバーの鶴見は, 経理の都築が."""
    for kind, of_place in (("kind of person", False), ("place of person", True)):
        for _, end in openings.get(kind, ()):
            match = _OF_A_KIND.match(text, end)
            if match and _is_borne_there(match["name"], of_place=of_place):
                yield RuleSpan(*match.span("name"), 0.75, "title of a kind of person, surname list")


@lru_cache(maxsize=4096)
def _is_borne_there(name: str, *, of_place: bool) -> bool:
    """Whether a family name stands behind who its bearer is; of a place (店の出口は, 部の品川は) what is a word or a place is not that."""
    if script(name) == "K":
        return (name in foreign_surnames() or name in lexicon().foreign) and not is_plain_word(name)
    many = bearers(name)
    if not many:
        return not of_place and is_listed_family(name) and not is_place(name)
    if is_place(name):
        return many >= (_COMMON if of_place else _FEW) and not (of_place and (is_prefecture(name) or is_plain_word(name)))
    if is_plain_word(name):  # 根本, 出口
        return not of_place and many >= _FREQUENT
    return many >= _FEW or is_listed_family(name)


def _is_pupil(match: re.Match[str], why: str) -> bool:
    """Whether a given name alone stands behind a class: 真示, at the end of a line also あゆみ, and of a brother 勇."""
    if why == "one given name":
        return True
    name, text = match["name"], match.string
    if text[match.end() : match.end() + 1] not in {"", "\n"}:
        return False
    often = lexicon().given.get(name, -1)
    if len(name) == 1:
        return often > 1 and _SIBLING.search(text, max(0, match.start() - 16), match.start()) is not None
    return script(name) == "h" and often >= 0


def _is_given(name: str, title: str) -> bool:
    """Whether a given name is named as a relative's: any that the lists know before a title, else one that is no word (母の愛が)."""
    lex = lexicon()
    if name in name_words().nobody or name in lex.not_names:
        return False
    kana = script(name) in "hK"
    known = lex.given.get(modern_forms(name), -1) >= (0 if kana else 1) or (kana and katakana(name) in lex.given_readings)
    if title or not known:
        return known
    tokens = word_tokenizer().tokenize(name)
    return not kana and len(tokens) == 1 and (tokens[0].part_of_speech()[2] == "人名" or name in name_words().given_though_word)


def in_year(text: str) -> Iterator[RuleSpan]:
    """Whole names behind the year of a school: 3年 橘 弘."""
    return _pupils(IN_YEAR, text)


def of_year(text: str) -> Iterator[RuleSpan]:
    """Whole names before the year of a school in brackets: 如月 唯（1年）."""
    return _pupils(OF_YEAR, text)


def of_class(text: str) -> Iterator[RuleSpan]:
    """Family names before a class in brackets, where several stand and some are no places (千葉（3-2）秋田 is a match)."""
    known = [match for match in OF_CLASS.finditer(text) if modern_forms(match["name"]) in lexicon().surnames]
    names = {match["name"] for match in known}
    if len(names) >= _CLASSMATES and 4 * sum(not is_place(name) for name in names) >= len(names):
        for match in known:
            yield RuleSpan(*match.span("name"), 0.8, "title of a class, surname list")


def _pupils(pattern: re.Pattern[str], text: str) -> Iterator[RuleSpan]:
    for match in pattern.finditer(text):
        judged = judge(match["name"])
        abroad = match["name"][0] in foreign_surnames() and match["name"][1] == " " and judged.why == "surname list"  # 陳 建国
        if (judged.score >= _IN_YEAR_LEAST or abroad) and judged.end - judged.start == len(match["name"]):
            yield RuleSpan(*match.span("name"), 0.9, f"title of a class, {judged.why}")


def _by_task(around: _Around) -> Iterator[RuleSpan]:
    """Family and whole names that the word for a task, a duty or an absence gives away."""
    nobody = name_words().nobody
    for rule, pattern in (("noted", _noted), ("with note", _with_note), ("asked", _asked), ("handed", _HANDED), ("parent", _parent)):
        for match in around(rule, pattern):
            group = "new" if rule == "handed" and match["new"] else "name"
            name = match[group]
            if name not in nobody and (is_family(name) or name in lexicon().surnames or judge(name).score >= _IN_LIST):
                yield RuleSpan(match.start(group), match.end(group), 0.9, "title of a task, surname list")
    for rule, pattern in (("rests", _rests), ("called", _CALLED)):
        for match in around(rule, pattern):
            if is_borne_by(match["name"], _COMMON, _FREQUENT) and not is_place(match["name"]):
                yield RuleSpan(*match.span("name"), 0.8, "title of an absence, surname list")
    for match in around("away", _away):
        judged = judge(match["name"])
        if judged.score >= _IN_LIST or lexicon().surnames.get(match["name"], 0) >= _COMMON:
            yield RuleSpan(match.start("name") + judged.start, match.start("name") + judged.end, 0.85, "title of an absence, surname list")


def _with_a_phone(found: Iterable[re.Match[str]]) -> Iterator[RuleSpan]:
    """Family names before a telephone number; those that are places too (奈良) with a mobile's, or where most of the others are none."""
    sure: list[RuleSpan] = []
    places: list[RuleSpan] = []
    for match in found:
        name = match["name"]
        if " " in name and judge(name).score >= _IN_LIST:  # スミス ジョン TEL …
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, "title telephone, a whole name")
            continue
        name = name.rpartition(" ")[2]
        if not is_family(name) or name in name_words().nobody or name in name_words().phone:
            continue
        span = RuleSpan(match.end("name") - len(name), match.end("name"), 0.75, "title telephone, surname list")
        mobile = match["what"] in _OF_ONE or (match["digits"] or match["line"] or match["mobile"]).startswith(("070", "080", "090", "060"))
        (sure if mobile or not is_place(name) else places).append(span)
    yield from sure
    if len(sure) > 2 * len(places):
        yield from places


def _of_supporters(match: re.Match[str]) -> Iterator[RuleSpan]:
    name = match["name"]
    for cut in range(len(name) - 2):
        judged = judge(name[cut:])
        least = _OF_SUPPORTERS if not cut and judged.why == "surname list + given-name list" else _WHOLE
        if judged.score >= least and judged.end - judged.start == len(name) - cut:
            yield RuleSpan(match.start("name") + cut, match.end("name"), 0.9, f"title of supporters, {judged.why}")
            return
