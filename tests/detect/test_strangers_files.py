"""Kinds of files and values that a share written by a stranger to the rules had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.detect.names.spoken import could_be_read, split_name
from piiscan.detect.tables.measure import family_names
from piiscan.model import Hit, Line, Segment, Table
from piiscan.settings import Detection


def hits(*pieces: str | Sequence[Sequence[str]]) -> list[Hit]:
    document = Document(Kit.of(Detection()))
    fed = [Segment(Line(1), p) if isinstance(p, str) else Table("s", tuple(map(tuple, p))) for p in pieces]
    records = [record for piece in fed for record in document.feed(piece)]
    return [hit for record in (*records, *document.finish()) for hit in record.hits]


def names(*pieces: str | Sequence[Sequence[str]]) -> list[str]:
    return [hit.value for hit in hits(*pieces) if hit.entity == "PERSON"]


def persons(text: str) -> int:
    return len({hit.norm for hit in hits(text) if hit.entity == "PERSON"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10:23 佐藤 了解です\n10:24 瀬戸内 では14時に\n10:25 佐藤 お願いします", ["佐藤", "瀬戸内", "佐藤"]),
        ("[10:23] 受付 木内: お待たせしました\n[10:24] お客様: 変更したい\n[10:25] 受付 木内: はい", ["木内", "木内"]),
        ("舘　花子  17:14\nおはようございます\n佐渡　将則  17:20\n承知しました", ["舘　花子", "佐渡　将則"]),
        ("10:00 開会\n10:05 地震発生 放送\n10:10 避難開始\n10:25 点呼 完了", []),
        ("10/1 10:00 荷受 松本センター\n10/2 11:00 発送 千葉ベース店", []),
    ],
)
def test_speakers_of_a_chat(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("見積有効期限 30日\n担当 瀬戸内", ["瀬戸内"]),
        ("北斗精機\n営業 辻元", ["辻元"]),
        ("3階病棟 相馬", ["相馬"]),
        ("調査担当：辻元", ["辻元"]),
        ("当番：柏、森山、乾", ["柏", "森山", "乾"]),
        ("出席者：佐藤（議長）、大豆生田、鈴木", ["佐藤", "大豆生田", "鈴木"]),
        ("会計　辻元・山口\n屋台　森山、佐藤", ["辻元", "山口", "森山", "佐藤"]),
        ("世帯員　妻 花子、長男 健太", ["花子", "健太"]),
        ("ご家族：由美子（妻）、翔太（長男）", ["由美子", "翔太"]),
        ("氏名：Müller, Hans　国籍：ドイツ", ["Müller, Hans"]),
        ("ヤマダ様より入電", ["ヤマダ"]),
        ("患者氏名 合田　正　S16.3.7生", ["合田　正"]),
        ("申請者：出張する本人　承認者：所属長　確認者：経理課長", []),
        ("確認：済　作成：品質保証課　受付：2026年4月1日", []),
        ("経由：秋山、松田、大野\n停留所：森下、石川橋、高橋", []),
        ("品目　りんご・みかん\n産地　青森、和歌山", []),
        ("お客様、利用者様、ユーザー様へ", []),
    ],
)
def test_who_does_what(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "志 望 動 機：貴社の理念に共感しました。",
        "生 年 月 日\n紹 介 者\n入 会 動 機",
        "モデル名,カラー,価格\n宮本モデル,赤,1000\n田村モデル,黒,2000",
        "ア　代表電話　イ　氏名　ウ　統計",
        "「森」「林」など1文字の姓でエラーになる不具合を修正",
    ],
)
def test_what_only_sounds_like_a_name(text: str) -> None:
    assert names(text) == []


def test_a_number_is_looked_for_behind_a_name() -> None:
    found = {(hit.entity, hit.value) for hit in hits("世話役　佐藤花子（33-2145）\n電話 2025-2026年版\n部品 33-2145")}
    assert ("PHONE_NUMBER", "33-2145") in found
    assert sum(entity == "PHONE_NUMBER" for entity, _ in found) == 1


CALENDAR = [["氏名", "1(日)", "2(月)", "3(火)", "4(水)"], *[[n, "早", "遅", "休", "日"] for n in ("乾", "真壁", "勅使河原", "堀", "田中")]]
SEATS = [["窓側"], ["西田", "井上", "村上"], ["山田", "川瀬", "北田"], ["入口"]]
DUTIES = [
    ["週", "給湯室", "会議室"],
    ["第1週", "竹田", "前田"],
    ["第2週", "井上", "今泉"],
    ["第3週", "田中", "桜井"],
    ["第4週", "藤本", "森田"],
]
ROLES = [
    ["部署", "責任者", "メンバー1"],
    ["総務課", "塚本", "平石"],
    ["人事課", "鮫島", "林"],
    ["設計室", "眞鍋", "山本"],
    ["外来", "守谷", "吉野"],
]
UNITS = [
    ["貸出日", "鍵番号", "借用者"],
    ["4/1", "K-1", "外来 八木"],
    ["4/2", "K-2", "人事課 広沢"],
    ["4/3", "K-3", "カスタマーサクセス 井上"],
]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (CALENDAR, {"乾", "真壁", "勅使河原", "堀", "田中"}),
        (SEATS, {"西田", "井上", "村上", "山田", "川瀬", "北田"}),
        (DUTIES, {"竹田", "前田", "井上", "今泉", "田中", "桜井", "藤本", "森田"}),
        (ROLES, {"塚本", "平石", "鮫島", "林", "眞鍋", "山本", "守谷", "吉野"}),
        (UNITS, {"八木", "広沢", "井上"}),
        ([["ロット", "外観", "寸法", "判定", "確認"], *[[f"L1000{n}", "良", "良", "合格", "済"] for n in range(4)]], set()),
    ],
)
def test_plans_and_lists_of_family_names(rows: list[list[str]], expected: set[str]) -> None:
    assert set(names(rows)) == expected


def test_places_are_no_list_of_family_names() -> None:
    assert family_names([0.77, 0.5, 0.5, 0.45, 0.0])
    assert not family_names([0.45, 0.45, 0.2, 0.45])  # 石川 岡崎 高松 千葉
    assert not family_names([0.77, 0.5, 0.5])


def test_forms_of_two_pairs_a_row_are_no_tables() -> None:
    form = [
        ["受付", "2026年7月28日", "相談者", "宮原優子"],
        ["連絡先", "080(3337)3410", "主訴", "元交際相手からの被害について"],
        ["内線", "925"],
    ]
    assert {("PERSON", "宮原優子"), ("PHONE_NUMBER", "080(3337)3410")} <= {(h.entity, h.value) for h in hits(form)}


def test_an_account_at_the_post_bank_in_two_columns() -> None:
    rows = [["氏名", "記号", "番号"], ["佐藤 花子", "10120", "12345671"], ["鈴木 一郎", "14350", "9876541"]]
    assert {"10120-12345671", "14350-9876541"} <= {h.value for h in hits(rows) if h.entity == "JP_BANK_ACCOUNT"}
    insurance = [["氏名", "記号", "番号"], ["佐藤 花子", "305", "12"], ["鈴木 一郎", "305", "13"]]
    assert not [h for h in hits(insurance) if h.entity == "JP_BANK_ACCOUNT"]


# ---- one person, written in several ways


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("山田様\n\nお世話になっております。佐藤です。\n\n佐藤 花子 / Hanako Sato", 2),
        ("担当は山田太郎です。\n\n山田　太郎\n\nヤマダ タロウ", 1),
        ("氏名：長瀬 健一\n振込先 名義 ナガセ ケンイチ", 1),
        ("名義 キド サオリ\n対応 大坂", 2),
        ("林様と林田花子様がお見えになりました。", 2),
        ("佐藤花子様と佐藤一郎様のうち、佐藤様から電話がありました。", 2),
    ],
)
def test_the_same_person_in_several_forms(text: str, count: int) -> None:
    assert persons(text) == count


def test_a_known_name_is_found_again() -> None:
    assert names("報告者：大豆生田 健一\n\n大豆生田より資料の説明があった。") == ["大豆生田 健一", "大豆生田"]
    assert names("報告者：千葉 健一\n\n千葉県の倉庫へ移した。") == ["千葉 健一"]


def test_a_given_name_alone_is_of_the_rows_family() -> None:
    rows = [["氏名", "連名", "住所"], ["堀 裕介", "亮", "東京都渋谷区渋谷1-2-3"], ["関 優子", "亮", "大阪府大阪市北区梅田1-1-1"]]
    assert len({hit.norm for hit in hits(rows) if hit.entity == "PERSON"}) == 4


def test_a_name_is_parted_and_read_by_the_lists() -> None:
    assert split_name("髙橋　花子") == ("高橋", "花子")
    assert split_name("長谷川太郎") == ("長谷川", "太郎")
    assert could_be_read("サトウ ハナコ", "佐藤 花子")
    assert not could_be_read("キド サオリ", "大坂")


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("人事課　主査　内村直美", "内村直美"),
        ("3階病棟 相馬", "相馬"),
        ("保ケ部 拓登", "保ケ部 拓登"),
        ("関 浩", "関 浩"),
        ("王 偉", "王 偉"),
    ],
)
def test_units_and_ranks_before_a_name_are_left_out(text: str, core: str) -> None:
    judged = judge(text)
    assert text[judged.start : judged.end] == core
