"""Family names alone of those who did something or are to be asked: 受:辻元, 受け持ち看護師:桑名, 照合 林, 弊社東も, 総務部中野まで.

Short notes name the people of the house by the family name, rare ones and those that are words or places too. What stands before
them says that it can only be somebody; what is no family name there is none here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import (
    bearers,
    is_borne_by,
    is_family_at_all,
    is_family_by_itself,
    is_family_or_place,
    is_place,
    is_prefecture,
)
from piiscan.detect.names.features import lexicon, script
from piiscan.detect.names.rules.spans import RuleSpan
from piiscan.detect.names.variants import foreign_surnames
from piiscan.detect.names.words import name_words
from piiscan.detect.names.writing import BRIDGED

__all__ = ["DOES", "FIRMS", "TASKS", "handlers", "heading_a_unit", "of_a_task", "of_doing", "of_our_firm"]

#: What somebody did, or is: 受, 照合, 運転, 受け持ち看護師, 担当ケースワーカー. Not 当番 or 係 alone, behind which tasks stand as well.
_ROLE: Final = (
    r"(?:担当|担任|副担任|顧問|対応|応対|受付|受電|受|受け?持ち|照合|照査|記録|記|文責|聞き手|撮影|聴取|立会|立ち?会い|添乗|運転|同乗|操縦|施術|執刀|介助|調理|検品|検収"
    r"|作成|起案|点検|巡回|当直|宿直|夜勤|日勤|日直|早番|遅番|報告|発見|連絡|申送り?|リーダー|スタッフ|ヘルパー|ワーカー|ケアマネ|マネージャー|ドライバー|オペレーター|インストラクター"
    r"|医師|師長|看護師|保健師|助産師|薬剤師|栄養士|保育士|介護士|療法士|相談員|支援員|指導員|福祉司|乗務員|運転士|警備員|保安員|巡査|刑事|管理人|教諭|講師|監督|幹事|世話人|発起人|書記|総括"
    r"|ファシリテーター?|アジャスター|ディレクター|プロデューサー|キャプテン|コーディネーター|(?<![A-Z])(?:MSW|PSW|SSW|CW))"
)
_ROLE_BEFORE = re.compile(rf"{_ROLE}$")
#: … at the beginning of a line or behind a blank, where no sign parts it from the name.
_ROLE_ALONE = re.compile(
    rf"(?:^|[\s(・/】:。])(?:児童|司法|主任|保険会社|副)?{_ROLE}$|(?:^|[\s(・/】])(?:担当|受け?持ち|夜勤|日勤|当直)[一-鿿ァ-ヺー]{{2,8}}$|(?:^|[\s(・/】])[一-鿿]{{1,4}}(?:担当員|調査員|相談員|支援員|指導員|委員長)$"
)
_REACH: Final = 18
_NAME: Final = r"(?:[一-鿿]{1,2}[ノツッヶケ][一-鿿]{1,2}|[々〆ヶ㐀-鿿豈-\ufaff]{1,4})"
_BEHIND_SIGN = re.compile(rf":[ ]?(?P<name>{_NAME})(?:Ns|Dr)?(?=$|[\n\r)\]/|。、]|[ ]{{2}})")
_BEHIND_BLANK = re.compile(
    rf" (?<=[^\s] ) ?(?P<name>{_NAME})(?:・(?P<other>{_NAME})(?=$|[\n\r)]))?(?=$|[\n\r)/]|[へに](?=[一-鿿])| (?:[がをへで](?=[一-鿿ァ-ヺ])|(?:に|は|と|も|から|より|まで)(?=[一-鿿])|コメント| |[A-Z]{{2,3}} |{_ROLE}[ :]))"
)
#: 担当三ツ矢: the word for the task, and at the end of the line the name glued to it
TASKS: Final = ("担当", "文責", "記録", "作成", "聞き手")
_GLUED = re.compile(rf"(?:{'|'.join(TASKS)})(?P<name>{_NAME})(?=$|[\n\r)])")
_BEFORE_TASK = re.compile(r"(?:^|[\s。、(])$")
#: 弊社楠対応, 弊社東も同席いたします
_OUR_FIRM = re.compile(
    r"(?:弊社|当社|小社|弊店|当店|当院|当園|弊行|当行|弊所|当所)の?(?P<name>[々〆ヶ㐀-鿿豈-\ufaff]{1,4}?)(?=(?:が|は|も|に|へ|と|を|から|より|まで|宛|対応|訪問|同席|担当|出席)(?![一-鿿]*(?:部|課|店))|[、。 \n]|$)"
)
FIRMS: Final = ("弊社", "当社", "小社", "弊店", "当店", "当院", "当園", "弊行", "当行", "弊所", "当所")
#: 総務部中野まで。, 店長朴まで(090-…)
_TO = re.compile(r"まで(?=[。(、 \n]|$|ご?連絡|お|申)")
_UNIT_BEFORE = re.compile(
    rf"(?:[一-鿿ァ-ヺー](?:部|課|室|係|科|局)(?!長)|店長|園長|所長|部長|課長|係長|次長|室長|主任|幹事|会計|書記|事務局)(?:の|[ ])?(?P<name>{_NAME})$"
)
#: 引継ぎメモ（安東→佐渡）, 後任　目黒 → 台: who hands over to whom.
_HANDED_ON = re.compile(
    rf"(?:引き?継ぎ?|後任|交代|担当者?変更|申し?送り?)[^\n。→]{{0,8}}?(?P<one>(?<![々㐀-鿿]){_NAME})(?:さん|様)?[ ]?(?:→|⇒|=>)[ ]?(?P<other>[々㐀-鿿]{{5}}|{_NAME})(?=$|[\n、。)(\] ]|さん|様)"
)
#: 19:00 生方→長井: a line that says who takes over, and when.
_TAKES_OVER = re.compile(
    rf"(?m)^[ \t・]{{0,4}}(?:[0-9]{{1,2}}[/月][0-9]{{1,2}}日?[ ]?)?(?:[0-2]?[0-9]:[0-5][0-9][ ])?(?P<one>{_NAME})[ ]?(?:→|⇒)[ ]?(?P<other>{_NAME})[ \t]*$"
)
#: 人事部長　出雲: a rank and a name, and nothing else in the line; not 支店長, of whom there is one in each place.
_HEADS = re.compile(
    rf"(?m)^[ \t]*[一-鿿ァ-ヺー]{{0,8}}(?:[部課係室局次院校園会社]長|理事長|委員長|事務長|施設長|師長)[ ]{{1,2}}(?P<name>{_NAME})[ \t]*$"
)
#: 引継ぎは楊が行います: of what one does it is said who.
DOES: Final = ("が行", "が担当", "が対応", "がいたし", "が致し", "がしま", "が務め", "がつとめ", "が引き受け", "が引受け", "が進め")
_DOES = re.compile(
    rf"(?:引き?継ぎ?|対応|応対|説明|担当|受付|司会|進行|議事|発表|報告|案内|手続き?|作業|確認|準備|会計|送迎|付き?添い?|同行|代理|立ち?会い?|撮影|記録|窓口|連絡|講師|採点|審査|点検|巡回|当番|後任|代行)(?:業務)?は、?"
    rf"(?P<name>{_NAME}|[ァ-ヺー]{{2,6}})(?={'|'.join(DOES)})"
)
#: A family name glued to the word for a task has so many bearers, and of one character so many.
_BEARERS: Final = 5_000
_FREQUENT: Final = 30_000
#: Of those below, the ones that are somebody's behind a word that ends so: 乗務員 東.
_DIRECTIONS, _OF_A_PERSON = frozenset("東西南北"), frozenset("員士師医司")
#: Family names of one character that stand for a place, a time or a state in notes: 運転 中, 顧問 東.
_MARKS: Final = frozenset("中上下前後内外左右表裏朝昼夕夜晩済完可否同有無本仮東西南北月火水木金土日")


def of_a_task(text: str) -> Iterator[RuleSpan]:
    """Family names glued to the word for what somebody did: 文責楠."""
    for match in _GLUED.finditer(text):
        if not _BEFORE_TASK.search(text, max(0, match.start() - 1), match.start()):
            continue
        name = match["name"]
        frequent = is_borne_by(name, _BEARERS, _FREQUENT) and judge(name).why not in {"a word", "no person"}
        if frequent or (BRIDGED.fullmatch(name) and name not in name_words().unit):
            yield RuleSpan(*match.span("name"), 0.7, "title of a task, surname list")


def of_doing(text: str) -> Iterator[RuleSpan]:
    """Family names of those who do what one has named: 引継ぎは楊が行います; no prefectures, and no cities that few are called of."""
    for match in _DOES.finditer(text):
        name = match["name"]
        if script(name) == "K":
            known = name in lexicon().foreign
        else:
            known = is_family_at_all(name) and not is_prefecture(name) and (not is_place(name) or bearers(name) >= _BEARERS)
            known = known and (len(name) > 1 or name in foreign_surnames() or bearers(name) >= _BEARERS)
        if known:
            yield RuleSpan(*match.span("name"), 0.8, "title of a task, surname list")


def of_our_firm(text: str) -> Iterator[RuleSpan]:
    """Family names behind one's own firm: 弊社楠対応."""
    for match in _OUR_FIRM.finditer(text):
        if match["name"] and (is_family_by_itself(match["name"]) or match["name"] in foreign_surnames()):
            yield RuleSpan(*match.span("name"), 0.75, "behind a unit, surname list")


def heading_a_unit(text: str) -> Iterator[RuleSpan]:
    """Family names behind a rank, where the line holds nothing else: 人事部長　出雲."""
    for match in _HEADS.finditer(text) if "長" in text else ():
        name = match["name"]
        if name not in _MARKS and (is_family_by_itself(name) or (is_family_or_place(name) and is_family_at_all(name))):
            yield RuleSpan(*match.span("name"), 0.8, "title of a task, surname list")


def handlers(text: str) -> Iterator[RuleSpan]:
    """Spans of ``text`` (folded)."""
    if ":" in text:
        for match in _BEHIND_SIGN.finditer(text):
            if _ROLE_BEFORE.search(text, max(0, match.start() - _REACH), match.start()) and is_family_at_all(match["name"]):
                yield RuleSpan(*match.span("name"), 0.75, "title of a task, surname list")
    if " " in text and not text.isascii():
        for match in _BEHIND_BLANK.finditer(text):
            at = match.start()
            of_a_person = text[at - 1] in _OF_A_PERSON or (text[at - 1] == "ー" and _ROLE_BEFORE.search(text, max(0, at - _REACH), at))
            marked = match["name"] in _MARKS and not (match["name"] in _DIRECTIONS and of_a_person)
            if not marked and _ROLE_ALONE.search(text, max(0, at - _REACH), at) and is_family_by_itself(match["name"]):
                if match["other"] and not is_family_at_all(match["other"]):
                    continue
                yield from (RuleSpan(*match.span(who), 0.8, "title of a task, surname list") for who in ("name", "other") if match[who])
    if "→" in text or "⇒" in text:
        for match in _HANDED_ON.finditer(text):
            if all(is_family_at_all(match[who]) for who in ("one", "other")):
                yield from (RuleSpan(*match.span(who), 0.8, "title of a task, surname list") for who in ("one", "other"))
        for match in _TAKES_OVER.finditer(text):
            two = (match["one"], match["other"])
            if all(map(is_family_by_itself, two)) and not all(map(is_place, two)):
                yield from (RuleSpan(*match.span(who), 0.8, "title of a task, surname list") for who in ("one", "other"))
    for match in _TO.finditer(text):
        before = _UNIT_BEFORE.search(text, max(0, match.start() - _REACH), match.start())
        if before and (is_family_by_itself(before["name"]) or before["name"] in foreign_surnames()):
            yield RuleSpan(*before.span("name"), 0.75, "behind a unit, surname list")
