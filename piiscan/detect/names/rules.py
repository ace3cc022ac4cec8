"""Names that their surroundings give away: labels (氏名：), titles (様), mail headers, kana and romaji forms.

Every span here is judged by :func:`piiscan.detect.names.cells.judge` on the lists before it counts, so a label before
something that is no name gives nothing. Patterns are matched on folded text; offsets are those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import ahocorasick

from piiscan.detect.names.cells import judge
from piiscan.detect.names.features import lexicon, script
from piiscan.detect.names.variants import modern_forms
from piiscan.detect.prefilter import Prefilter

__all__ = ["RuleSpan", "rule_spans"]


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """A span found by a rule, its probability, and the reason (without the value)."""

    start: int
    end: int
    score: float
    why: str


_NAME_CHARS = r"々〆ヶヵ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\U000e0100-\U000e01efぁ-ゖァ-ヺー"
_LABEL = re.compile(
    r"(?P<label>(?:(?:患者|社員|従業員|職員|会員|顧客|契約者|申込者|申請者|届出者|請求者|被保険者|世帯主|保護者|生徒|児童|本人|受診者|受取人|送付先|届け先|受験者|"
    r"応募者|担当者?|代表者?|責任者|承認者?|作成者?|記入者|記録者|報告者|起案者?|確認者|発信者|差出人|宛先|受信者|ご?本人|家族|配偶者|連帯保証人|保証人|緊急連絡先|口座名義人?|名義人?|"
    r"カナ|ローマ字|英字)?(?:お|ご|御)?(?:氏名|名前|姓名|芳名|なまえ)|(?:フリガナ|ふりがな|ﾌﾘｶﾞﾅ|カナ氏名|氏名カナ|よみがな|読み仮名)|"
    r"(?:ご?担当者?|代表者|代表取締役(?:社長)?|責任者|承認者?|作成者|作成|記入者|記録者|報告者|起案者|確認者|差出人|発信者|申込者|申請者|届出者|被保険者|世帯主|保護者|受取人|"
    r"患者様?|口座名義人?|名義人?|主治医|担当医|医師|連帯保証人|保証人|緊急連絡先|(?:出席|参加|欠席|列席|陪席)(?:者|理事|監事|役員|委員|株主)?|議長|司会|書記|講師|宛名|署名)|"
    r"[々\u4e00-\u9fff]{0,6}(?:者|担当|担任|人|官|係|医|員|班|長|対応|受付|記録|確認|承認|検収|作成|文責|同席|立会|当番)(?=[ ]{0,2}[:\t])|"
    r"(?i:full\s?name|name|contact|author|attn|employee|patient|customer|applicant|signature|first\s?name|last\s?name|family\s?name|given\s?name|attendees?|participants|present|absent|members)))"
    r"(?:\s*[(][^()\n]{1,12}[)])?[ ]{0,4}(?P<sep>[:：=|\t]|[】\]〕］]|[ ]{1,8}|\n)[ \t]{0,8}"
)
_STOP = re.compile(
    r"(?<=[ ])(?:[MTSHR]|明治?|大正?|昭和?|平成?|令和?)[. ]{0,2}(?=[0-9元])|[\n\r\t\x0b,、，;；/／|｜<>＜＞()（）\[\]【】「」『』〔〕:：。\"“”@0-9]|[ ]{2,}|(?<=[^ ])(?=様|さん|殿(?:[^ ]|$))"
)
_LIST_SEP = re.compile(r"[,、，/／;；・]|[ ]{2,}")
_HEADER = re.compile(r"(?im)^[ \t>]*(?:from|to|cc|bcc|reply-to|sender|差出人|宛先|送信者|受信者)[ ]*[:：](?P<rest>[^\n]{1,2000})")
_ADDRESSEE = re.compile(r"[\"']?(?P<name>[^\"'<>,;@:：\n]{2,40}?)[\"']?[ ]*(?:様|さん|殿)?[ ]*<[^<>\n ]{1,120}>")
_ANY_ADDRESSEE = re.compile(r"[\"'“]?(?P<name>[^\"'<>,;@:：\n\t()、。]{2,30}?)[\"'”]?[ ]{0,2}<[A-Za-z0-9._%+\-]{1,64}@[^<>\n ]{1,100}>")
_TITLED = re.compile(
    rf"(?P<name>[{_NAME_CHARS}]{{1,6}}(?:[ ][{_NAME_CHARS}]{{1,5}})?)[ ]?(?P<title>様|さま|さん|殿|氏|先生|君|くん)(?![々\u4e00-\u9fffァ-ヺ])"
)
#: Ranks that stand behind a surname; those of a place or branch (支店長, 市長, 工場長) are left to the model.
_RANKED = re.compile(
    rf"(?P<name>[{_NAME_CHARS}]{{1,4}})(?P<title>部長|課長|係長|主任|次長|室長|社長|副社長|専務|常務|取締役|会長|主査|部長代理|課長補佐|邸|宅)(?![々\u4e00-\u9fff]|はがき)"
)
_MISTER = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Dr|Prof)\.?[ ](?P<name>[A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]{1,14}(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]{1,14})?)(?![A-Za-z0-9@_])"
)
_KANA = re.compile(r"(?<![ｦ-ﾟァ-ヺー・])(?P<name>[ｦ-ﾟ]{2,10}[ ][ｦ-ﾟ]{2,10}|[ァ-ヺー]{2,8}[ ][ァ-ヺー]{2,8})(?![ｦ-ﾟァ-ヺー・])")
_ROMAJI = re.compile(
    r"(?<![A-Za-z0-9@._/\-])(?P<name>[A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]{1,14},?[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]{1,14})(?![A-Za-z0-9@_/\-]|[ ][A-Z]|\.[A-Za-z])"
)
_SPACED = re.compile(
    r"(?<![々\u3400-\u9fffぁ-ゖァ-ヺーA-Za-z0-9])(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{1,4}[ ][々\u3400-\u9fff\uf900-\ufaffぁ-ゖァ-ヺ]{1,4})(?![々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
#: 桑 原 英 二: a form that gives each character its room.
_LETTERS = re.compile(
    r"(?<![々\u3400-\u9fffぁ-ゖァ-ヺー])(?:(?<=名[ ])|(?<=名[ ]{2})|(?<![々\u3400-\u9fff][ ]))(?![氏名])(?P<name>[々\u3400-\u9fff](?:[ ]{1,2}[々\u3400-\u9fff]){2,5})(?![ ]{0,2}[々\u3400-\u9fffぁ-ゖァ-ヺー])"
)
_LONELY = re.compile(r"(?m)^[ \t]*(?P<name>[々\u3400-\u9fff\uf900-\ufaff]{3,5}|[々\u3400-\u9fff]{1,3}[ぁ-ゖ]{2,3})[ \t]*$")
#: What every match of a pattern above holds, so that the pattern is tried there and nowhere else.
_LABEL_WORDS = [
    "氏名",
    "名前",
    "姓名",
    "芳名",
    "なまえ",
    "フリガナ",
    "ふりがな",
    "ﾌﾘｶﾞﾅ",
    "氏名カナ",
    "よみがな",
    "読み仮名",
    "担当",
    "代表者",
    "代表取締役",
    "責任者",
    "承認",
    "作成",
    "記入者",
    "記録者",
    "報告者",
    "起案者",
    "確認者",
    "差出人",
    "発信者",
    "申込者",
    "申請者",
    "届出者",
    "被保険者",
    "世帯主",
    "保護者",
    "受取人",
    "患者",
    "口座名義",
    "名義人",
    "名義",
    "主治医",
    "医師",
    "保証人",
    "緊急連絡先",
    "出席",
    "参加者",
    "欠席",
    "議長",
    "司会",
    "書記",
    "講師",
    "宛名",
    "署名",
    "列席",
    "陪席",
    "name",
    "contact",
    "author",
    "attn",
    "employee",
    "patient",
    "customer",
    "applicant",
    "signature",
    "attendee",
    "participants",
    "present",
    "absent",
    "members",
]
#: Roles (調査担当, 面談者) are labels where a colon or tab says so.
_LABEL_WORDS += [
    f"{end}{sign}"
    for end in (
        "者",
        "担当",
        "担任",
        "人",
        "官",
        "係",
        "医",
        "員",
        "班",
        "長",
        "対応",
        "受付",
        "記録",
        "確認",
        "承認",
        "検収",
        "作成",
        "文責",
        "同席",
        "立会",
        "当番",
    )
    for sign in (":", " :", "\t")
]
#: So many lines that begin with a time and no name are a log.
_LOG_LINES = 40
#: Speakers who are nobody.
_NO_SPEAKERS = frozenset(
    ("お客様", "客", "顧客", "利用者", "オペレーター", "システム", "ボット", "自動応答", "管理者", "自分", "ゲスト", "匿名")
)
_LIST_LABELS = ("出席", "参加", "欠席", "列席", "陪席", "当番", "attendee", "participants", "present", "absent", "members")
_TITLE_WORDS = ("様", "さま", "さん", "殿", "氏", "先生", "君", "くん")
_RANK_WORDS = ("部長", "課長", "係長", "主任", "次長", "室長", "社長", "専務", "常務", "取締役", "会長", "主査", "邸", "宅")
#: What stands behind a label in Latin letters that counts; each of those ends in its word.
_LATIN_SEPARATOR = re.compile(r"(?:\s*[(][^()\n]{1,12}[)])?[ ]{0,4}[:：=|\t】\]〕］]")
#: What stands before a family name in a signature or a cell: 営業部 辻元, 3階病棟 相馬, 担当 瀬戸内.
_PLACE_ENDS = ("部", "課", "係", "室", "局", "病棟", "外来", "グループ", "チーム", "センター", "支店", "営業所", "工場", "本部", "事務所", "営業", "総務", "経理", "人事", "担当", "当番", "対応", "受付", "記録", "確認", "承認", "作成", "検収", "文責")  # fmt: skip
_PLACE_WORDS = tuple(f"{word} " for word in _PLACE_ENDS)
_PLACED = re.compile(rf"(?:{'|'.join(_PLACE_ENDS)})[ ]{{1,2}}(?P<name>[{_NAME_CHARS}]{{1,5}})(?=[ ]{{0,2}}(?:$|[\n\t\x0b、。,()]))")
#: A chat's speaker: behind the time (10:23 佐藤 了解です), or before it, alone in the line (佐藤 太郎  10:23).
_CLOCK = r"\[?(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}[ T])?(?:午[前後] ?)?[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?\]?"
_ONE_NAME = rf"[{_NAME_CHARS}]{{1,6}}(?:[ ][{_NAME_CHARS}]{{1,5}})?"
_SPEAKER = re.compile(
    rf"(?m)^[ \t>*]{{0,4}}(?:{_CLOCK}[ \t]{{1,3}}(?:[{_NAME_CHARS}]{{2,8}}[ ](?=[{_NAME_CHARS} ]{{1,12}}:))?"
    rf"(?P<after>{_ONE_NAME}(?=[ \t:>])|[A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]+(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'\-]+){{0,2}}(?=:))"
    rf"|(?P<before>{_ONE_NAME})[ \t]{{1,4}}\[?[0-2]?[0-9]:[0-5][0-9]\]?[ \t]*$)"
)
#: A line of a list of who does what: 会計　佐藤・鈴木, 屋台：山本、森.
_ROSTER = re.compile(
    rf"(?m)^[ \t・○●◆■*\-]{{0,3}}(?P<label>[^\s:、。()・,0-9]{{1,8}})(?:[ \t]{{1,4}}|[ ]?:[ ]?)(?P<items>[{_NAME_CHARS}]{{1,5}}(?:[ ]?[・、,][ ]?[{_NAME_CHARS}]{{1,5}}){{0,11}})[ \t]*(?:\([^()\n]{{1,20}}\))?[ \t]*$"
)
_ITEM = re.compile(rf"[{_NAME_CHARS}]+")
#: Müller, Hans behind a label: the comma parts no two people.
_LATIN_NAME = re.compile(
    r"[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]+(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]*){0,2},[ ]?[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]+(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]*){0,2}(?![A-Za-zÀ-ɏ@])"
)
_MATE = re.compile(rf"[{_NAME_CHARS}]{{1,5}}")
_KIN_WORDS = tuple(
    f"{before}{word}{after}"
    for word in ("妻", "夫", "男", "女", "父", "母", "兄", "姉", "弟", "妹", "孫", "配偶者")
    for before, after in (("", " "), ("", ":"), ("(", ")"), ("(", "・"), ("(", "、"), ("長", ")"), ("次", ")"), ("二", ")"), ("三", ")"))
)
_GATE_LABEL, _GATE_TITLE, _GATE_RANK, _GATE_PLACE, _GATE_KIN = 1, 2, 4, 8, 16
#: 妻 花子, 長男：太郎; 花子（妻）: a given name that the family word gives away.
_KIN = r"(?:妻|夫|[長次二三四五][男女]|[父母兄姉弟妹孫]|祖[父母]|配偶者)"
_KIN_FIRST = re.compile(rf"(?<![々\u4e00-\u9fff]){_KIN}[ ]?[: ][ ]?(?P<name>[{_NAME_CHARS}]{{1,5}})(?=$|[ \t\n、,。(（）)/])")
_KIN_LAST = re.compile(rf"(?<![{_NAME_CHARS}])(?P<name>[{_NAME_CHARS}]{{1,5}})[ ]?\({_KIN}(?:[・、,][^()\n]{{1,12}})?\)")
_TIME = re.compile(r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?![0-9])")
_KANJI_GAP = re.compile(r"[^\x00-\x7f][ ](?=[^\x00-\x7f])")
_LATIN_GAP = re.compile(r"[A-Za-zÀ-ɏ'\-],?[ ](?=[A-ZÀ-Þ])")


@cache
def _could(pattern: re.Pattern[str]) -> Prefilter:
    # matches are looked for in windows, whose end hides what may not follow
    return Prefilter([pattern.pattern], ends=False)


@cache
def _any_word() -> Prefilter:
    return Prefilter(["|".join(sorted({re.escape(word) for word in _gate_words()}))])


@cache
def _gate_words() -> dict[str, int]:
    """Every word that can open a rule, and what it can be."""
    kinds: dict[str, int] = {}
    for kind, words in (
        (_GATE_LABEL, _LABEL_WORDS),
        (_GATE_TITLE, _TITLE_WORDS),
        (_GATE_RANK, _RANK_WORDS),
        (_GATE_PLACE, _PLACE_WORDS),
        (_GATE_KIN, _KIN_WORDS),
    ):
        for word in words:
            kinds[word] = kinds.get(word, 0) | kind
    return kinds


@cache
def _gate() -> Any:
    automaton = ahocorasick.Automaton()
    for word, kind in _gate_words().items():
        automaton.add_word(word, (len(word), kind))
    automaton.make_automaton()
    return automaton


def _windows(places: Iterable[tuple[int, int]], before: int, after: int, size: int) -> Iterator[tuple[int, int]]:
    """Places ``(start, end)`` in order, widened; those that meet become one."""
    left = right = -1
    for start, end in places:
        if start - before > right:
            if right >= 0:
                yield left, right
            left = max(0, start - before)
        right = min(size, max(right, end + after))
    if right >= 0:
        yield left, right


def _within(pattern: re.Pattern[str], text: str, windows: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Matches that begin in a window; none reaches more than 240 characters beyond it."""
    for start, end in windows:
        for match in pattern.finditer(text, start, end + 240):
            if match.start() >= end:
                break
            yield match


def rule_spans(text: str) -> Iterator[RuleSpan]:
    """Spans of ``text`` (folded, same offsets as the original); they may overlap."""
    labels: list[tuple[int, int]] = []
    titles: list[tuple[int, int]] = []
    ranks: list[tuple[int, int]] = []
    units: list[tuple[int, int]] = []
    kin: list[tuple[int, int]] = []
    low = text.lower() if not text.islower() else text
    for last, (length, kind) in _gate().iter(low) if _any_word().could_match(low) else ():
        place = (last + 1 - length, last + 1)
        if kind & _GATE_LABEL and (not "a" <= low[last] <= "z" or _LATIN_SEPARATOR.match(text, last + 1)):
            labels.append(place)
        if kind & _GATE_TITLE:
            titles.append(place)
        if kind & _GATE_RANK:
            ranks.append(place)
        if kind & _GATE_PLACE:
            units.append(place)
        if kind & _GATE_KIN:
            kin.append(place)
    size = len(text)
    if labels:
        yield from _labelled(text, _windows(labels, 16, 0, size))
    if "<" in text:
        yield from _mail(text)
    if ranks:
        yield from _ranked(text, _windows(ranks, 6, 0, size))
    if titles:
        yield from _titled(text, _windows(titles, 14, 0, size))
    for match in _within(_PLACED, text, _windows(units, 0, 0, size)) if units else ():
        if _is_family(match["name"]):
            yield RuleSpan(match.start("name"), match.end("name"), 0.8, "behind a unit, surname list")
    for pattern in (_KIN_FIRST, _KIN_LAST) if kin else ():
        for match in _within(pattern, text, _windows(kin, 9, 0, size)):
            if lexicon().given.get(modern_forms(match["name"])) or judge(match["name"]).score >= 0.5:
                yield RuleSpan(match.start("name"), match.end("name"), 0.85, "member of a family, given-name list")
    if ":" in text and _TIME.search(text):
        yield from _speakers(text)
    if "・" in text or "、" in text:
        yield from _roster(text)
    if "Mr" in text or "Ms" in text or "Dr" in text or "Prof" in text:
        for match in _MISTER.finditer(text):
            yield RuleSpan(match.start("name"), match.end("name"), 0.9, "title Mr")
    gaps = [] if text.isascii() else [match.span() for match in _KANJI_GAP.finditer(text)]
    for match in _within(_KANA, text, _windows(gaps, 10, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.9 and judged.why.startswith("kana"):
            yield RuleSpan(match.start(), match.end(), 0.85, judged.why)
    for match in _within(_SPACED, text, _windows(gaps, 5, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.95:
            yield RuleSpan(match.start(), match.end(), 0.85, judged.why)
    for match in _within(_LETTERS, text, _windows(gaps, 2, 0, size)) if gaps else ():
        judged = judge(match["name"])
        if judged.score >= 0.9:
            yield RuleSpan(match.start(), match.end(), 0.9, f"a character each, {judged.why}")
    latin = (m.span() for m in _LATIN_GAP.finditer(text)) if _could(_ROMAJI).could_match(text) else ()
    for match in _within(_ROMAJI, text, _windows(latin, 16, 0, size)):
        judged = judge(match["name"])
        if judged.score >= 0.8:
            yield RuleSpan(match.start(), match.end(), 0.85 if judged.score > 0.9 else 0.6, judged.why)
    for match in _LONELY.finditer(text) if not text.isascii() and _could(_LONELY).could_match(text) else ():
        judged = judge(match["name"])
        if judged.score >= 0.93:
            yield RuleSpan(match.start("name"), match.end("name"), 0.75, f"alone in its line, {judged.why}")


def _is_family(name: str) -> bool:
    """Whether a word is on the list of family names that people bear, or is taken for one."""
    bearers = lexicon().surnames.get(modern_forms(name))
    return bool(bearers) or judge(name).score >= (0.4 if bearers is None or len(name) == 1 else 0.2)


def _speakers(text: str) -> Iterator[RuleSpan]:
    """Who says what in a chat; two lines at least, of which most begin with a family name. A log is given up after some lines."""
    found = []
    tried = 0
    speakers: dict[str, int] = {}
    for match in _SPEAKER.finditer(text):
        which = "after" if match["after"] else "before"
        name, start = match[which], match.start(which)
        if name in _NO_SPEAKERS:
            continue
        tried += 1
        size = speakers.get(name)
        if size is None:
            size = speakers[name] = _speaker(name)
        if size:
            found.append(RuleSpan(start, start + size, 0.85, "speaker of a chat, surname list"))
        elif tried > _LOG_LINES and len(found) < 0.3 * tried:
            return
    if len(found) >= 2 and len(found) >= 0.6 * tried:
        yield from found


def _speaker(text: str) -> int:
    """How many of the characters behind a time are a name: 佐藤, 佐藤 太郎, 佐藤 of 佐藤 了解; 0 for none."""
    judged = judge(text)
    first, _, second = text.partition(" ")
    if second and second not in lexicon().given and (judged.score < 0.5 or _is_family(first)):
        text = first
        judged = judge(text)
    latin = " " in text and text[0] < "ɏ"
    return len(text) if judged.score >= (0.25 if latin else 0.5) or _is_family(text) else 0


def _roster(text: str) -> Iterator[RuleSpan]:
    """Names in lines of roles; two lines at least, three names, and nearly every such line nothing but names."""
    found: list[RuleSpan] = []
    lines = sure = tried = 0
    for match in _ROSTER.finditer(text):
        spans = [item.span() for item in _ITEM.finditer(text, *match.span("items"))]
        tried += 1
        judged = [judge(text[a:b]).score for a, b in spans]
        if all(score >= 0.5 or _is_family(text[a:b]) for score, (a, b) in zip(judged, spans, strict=True)):
            lines += 1
            sure += sum(score >= 0.5 for score in judged)  # 千葉, 松本 are places as well
            found += [RuleSpan(a, b, 0.75, "in a list of roles, surname list") for a, b in spans]
    if lines >= 2 and len(found) >= 3 and lines >= 0.7 * tried and sure >= 0.5 * len(found):
        yield from found


def _labelled(text: str, windows: Iterable[tuple[int, int]]) -> Iterator[RuleSpan]:
    for match in _within(_LABEL, text, windows):
        at = match.end()
        weak = match["sep"].strip() == "" and match["sep"] != "\t"
        before = text[match.start() - 1] if match.start() else "\n"
        if match["label"].isascii() and (before.isalnum() or before in "_-.$" or weak):
            continue
        if ("\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ") and match["label"][0] != "氏":
            weak = True
        lists = match["label"].lower().startswith(_LIST_LABELS)
        limit = min(len(text), at + (400 if lists else 40))
        first = True
        mates: list[tuple[int, int]] = []
        named = 0
        while at < limit and (first or lists):
            whole = None if lists else _LATIN_NAME.match(text, at, limit)
            stop = _STOP.search(text, whole.end() if whole else at, limit)
            end = whole.end() if whole else stop.start() if stop else limit
            if stop and not whole and stop.group() == ":" and (gap := text.rfind(" ", at, end)) > at:
                end = gap  # 承認者：所属長　確認者：…: the last word is the next label
            if end > at:
                judged = judge(text[at:end])
                need = 0.8 if weak else 0.25
                if weak and (not stop or stop.group() in "\n\r") and before in "\n 。、(" and _is_family(text[at:end].strip()):
                    need = 0.2  # 担当 瀬戸内, alone in its line
                if judged.score >= need:
                    named += 1
                    score = 0.95 if whole else 0.7 + 0.28 * judged.score
                    yield RuleSpan(at + judged.start, at + judged.end, score, f"label {match['label'].strip()}, {judged.why}")
                elif lists and text[at - 1] != "(" and _MATE.fullmatch(name := text[at:end].strip()) and judged.why != "no person":
                    mates.append((text.index(name, at), len(name)))
            first = False
            if not lists or not stop or stop.group() in "\n\r":
                break
            at = max(stop.end(), end + 1)
        if named > len(mates):
            for start, size in mates:
                yield RuleSpan(start, start + size, 0.65, f"label {match['label'].strip()}, among names")


def _mail(text: str) -> Iterator[RuleSpan]:
    places = [match.start() for match in re.finditer("<", text)]
    for begin in dict.fromkeys(text.rfind("\n", 0, place) + 1 for place in places):
        header = _HEADER.match(text, begin)
        for match in _ADDRESSEE.finditer(text, header.start("rest"), header.end("rest")) if header else ():
            judged = judge(match["name"])
            if judged.score >= 0.25:
                at = match.start("name")
                yield RuleSpan(at + judged.start, at + judged.end, 0.7 + 0.28 * judged.score, f"mail header, {judged.why}")
    for match in _within(_ANY_ADDRESSEE, text, _windows([(place, place) for place in places], 36, 0, len(text))):
        judged = judge(match["name"])
        if judged.score >= 0.5:
            at = match.start("name")
            yield RuleSpan(at + judged.start, at + judged.end, 0.65 + 0.3 * judged.score, f"before an e-mail address, {judged.why}")


def _ranked(text: str, windows: Iterable[tuple[int, int]]) -> Iterator[RuleSpan]:
    lex = lexicon()
    for match in _within(_RANKED, text, windows):
        name = match["name"]
        for cut in range(len(name)):
            bearers = lex.surnames.get(modern_forms(name[cut:]), 0)
            before = text[match.start() + cut - 1] if match.start() + cut else "\n"
            if bearers >= (8000 if len(name) - cut > 1 else 30_000) and not ("\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ"):
                yield RuleSpan(match.start() + cut, match.start() + len(name), 0.85, f"title {match['title']}, surname list")
                break


def _titled(text: str, windows: Iterable[tuple[int, int]]) -> Iterator[RuleSpan]:
    lex = lexicon()
    for match in _within(_TITLED, text, windows):
        name, title = match["name"], match["title"]
        if title in {"君", "氏", "殿", "くん"} and " " in match.group()[len(name) :]:
            continue
        # the longest tail that the lists know: 営業部 山田 -> 山田
        for cut in range(len(name)):
            tail = name[cut:]
            if tail[0] == " " or tail.rpartition(" ")[2] in lex.not_names:
                continue
            before = text[match.start() + cut - 1] if match.start() + cut else "\n"
            full = " " in tail or len(tail) >= 3
            judged = judge(tail)
            known = lex.surnames.get(modern_forms(tail), 0) >= 8000
            if not known and len(tail) > 1 and script(tail) == "K":  # ヤマダ様, シルバさん
                known = tail in lex.common_surname_readings or (
                    judged.score >= 0.3 and (tail in lex.surname_readings or tail in lex.foreign)
                )
            if judged.end - judged.start != len(tail):
                continue
            clean = not (
                "\u4e00" <= before <= "\u9fff" or "ァ" <= before <= "ヺ" or ("ぁ" <= before <= "ゖ" and not full and len(tail) < 2)
            )
            if full and judged.score >= 0.85 and clean:
                yield RuleSpan(match.start() + cut, match.start("name") + len(name), 0.93, f"title {title}, {judged.why}")
                break
            if known and clean:
                yield RuleSpan(
                    match.start() + cut, match.start("name") + len(name), 0.9 if len(tail) > 1 else 0.7, f"title {title}, surname list"
                )
                break
