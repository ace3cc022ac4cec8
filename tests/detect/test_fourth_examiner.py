"""Kinds of tables and texts that the fourth examiner's files had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, Line, Record, Segment, Table
from piiscan.settings import Detection

Rows = Sequence[Sequence[str]]
PEOPLE = ("山田 太一", "佐藤 花江", "鈴木 健", "高橋 陽子")


def records(*pieces: str | Rows, name: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = [
        Segment(Line(1), piece) if isinstance(piece, str) else Table(f"s{i}", tuple(map(tuple, piece))) for i, piece in enumerate(pieces)
    ]
    return [record for piece in fed for record in document.feed(piece)] + [*document.finish()]


def hits(*pieces: str | Rows, name: str = "") -> list[Hit]:
    return [hit for record in records(*pieces, name=name) for hit in record.hits]


def of(entity: str, *pieces: str | Rows, name: str = "") -> list[str]:
    return [hit.value for hit in hits(*pieces, name=name) if hit.entity == entity]


def names(*pieces: str | Rows, name: str = "") -> list[str]:
    return of("PERSON", *pieces, name=name)


def beside(header: Sequence[str], *rows: Sequence[str]) -> Rows:
    """Four people and further columns."""
    return [["氏名", *header], *[[who, *row] for who, row in zip(PEOPLE, rows, strict=False)]]


# ------------------------------------------------------- numbers by the document of their row


def test_numbers_of_the_documents_that_a_list_names_row_by_row():
    table = beside(
        ["本人確認書類", "書類番号"], ["運転免許証", "309012345620"], ["パスポート", "TK1234567"], ["運転免許証", "309012345620"]
    )
    assert of("JP_DRIVER_LICENSE", table) == ["309012345620"] * 2
    assert of("JP_PASSPORT", table) == ["TK1234567"]


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["書類", "管理番号"], [["請求書", "309012345620"], ["納品書", "TK1234567"]]),
        (["本人確認書類", "整理番号"], [["運転免許証", "101"], ["パスポート", "102"]]),
    ],
)
def test_numbers_beside_other_papers_or_of_another_form_are_none(header, rows):
    assert {hit.entity for hit in hits(beside(header, *rows))} == {"PERSON"}


# ------------------------------------------------------------- symbol and number of the insured


def test_symbol_of_two_groups_beside_its_number():
    table = beside(["保険者番号", "記号", "番号"], ["33120015", "12-34", "567"], ["33120015", "21－7", "1290"])
    assert {"12-34・567", "21－7・1290"} <= set(of("JP_HEALTH_INSURANCE", table))


def test_symbol_and_number_of_goods_are_none():
    assert not of("JP_HEALTH_INSURANCE", beside(["記号", "番号"], ["12-34", "567"], ["21-7", "1290"]))


# --------------------------------------------------------------- one who approves every row


@pytest.mark.parametrize("header", ["承認", "受付", "検印"])
def test_one_family_name_below_what_somebody_does(header):
    rows = [["日付", "摘要", "金額", header], *[[f"4/{day}", "文具", "1,200", "森田"] for day in range(1, 6)]]
    assert names(rows) == ["森田"] * 5


@pytest.mark.parametrize(
    ("header", "word"), [("承認", "済"), ("受付", "窓口"), ("承認", "可"), ("営業", "千葉"), ("科目", "森田"), ("会計", "現金")]
)
def test_one_word_there_that_is_a_mark_or_a_place_is_none(header, word):
    assert not names([["日付", "摘要", "金額", header], *[[f"4/{day}", "文具", "1,200", word] for day in range(1, 6)]])


# ------------------------------------------------------------- who does what, above a table and in a form


def test_who_does_what_above_a_table_is_no_header():
    table = [
        ["デイサービス送迎表　月曜日", "", "", ""],
        ["運転手", "黒木", "添乗", "田村"],
        ["順", "時刻", "利用者様", "住所"],
        *[[str(n), "8:10", who, f"岐阜県可児市若葉台1-11-{n}"] for n, who in enumerate(PEOPLE, 1)],
    ]
    found = hits(table)
    assert [hit.value for hit in found if hit.entity == "PERSON"][:2] == ["黒木", "田村"] or {"黒木", "田村"} <= set(names(table))
    assert not any("田村" in hit.header for hit in found)


def test_headers_of_two_rows_stay_together():
    table = [["担当", "", "連絡先", ""], ["氏名", "役職", "電話", "メール"], *[[who, "主任", "090-1234-5678", "a@b.jp"] for who in PEOPLE]]
    assert names(table) == list(PEOPLE)


def test_whole_names_behind_what_their_bearers_do():
    table = [
        ["野球部　選手登録"],
        ["監督", "奈良 花子", "部長", "村上 詩"],
        ["背番号", "位置", "氏名"],
        *[["1", "投手", who] for who in PEOPLE],
    ]
    assert {"奈良 花子", "村上 詩"} <= set(names(table))


def test_a_row_of_those_who_spoke_with_each():
    form = [["項目", "候補1", "候補2"], ["氏名", "高橋 陽子", "鈴木 健"], ["年齢", "41", "33"], ["面談者", "森本", "祖父江"]]
    assert {"森本", "祖父江"} <= set(names(form))
    assert "千葉" not in names([["氏名", "高橋 陽子"], ["年齢", "41"], ["担当", "森本", "千葉", "15日"]])


# ---------------------------------------------------------------- family names of those who are listed elsewhere

STAFF = [
    ["氏名", "携帯"],
    *[[who, f"090-1234-567{n}"] for n, who in enumerate(("山田 太一", "佐藤 花江", "梶 健", "高橋 陽子", "湯浅 葵"))],
]


def persons(*pieces: str | Rows) -> set[str]:
    return {hit.norm for hit in hits(*pieces) if hit.entity == "PERSON"}


def test_family_names_of_one_sheet_are_those_listed_in_full_on_another():
    tasks = [["タスク", "主担当", "期限"], ["要件整理", "梶", "4/1"], ["見積", "湯浅", "4/8"], ["発注", "山田", "4/9"]]
    assert persons(tasks, STAFF) == {"山田太一", "佐藤花江", "梶健", "高橋陽子", "湯浅葵"}


def test_a_column_of_which_one_stands_in_no_list_is_of_others():
    tasks = [["タスク", "主担当", "期限"], ["要件整理", "梶", "4/1"], ["見積", "工藤", "4/8"], ["発注", "山田", "4/9"]]
    assert {"梶", "工藤", "山田"} <= persons(tasks, STAFF)


def test_one_family_name_that_a_list_has_too_is_perhaps_chance():
    table = [["顧客名", "電話", "担当"], *[[who, f"090-1234-56{n:02}", "佐藤"] for n, who in enumerate(PEOPLE)]]
    assert "佐藤" in persons(table)


# ----------------------------------------------------------------------------- examples


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("顧客管理システム操作マニュアル", "例：氏名欄に「山田」と入力すると、山田太郎、山田花子などが表示されます。"),
        ("openapi: 3.0.0", "example:\n  name: 山田 太郎\n  kana: ヤマダ タロウ"),
        ("電話応対手順書", "折り返しは山田太郎様、03-1234-5678 まで。"),
    ],
)
def test_instructions_name_the_people_of_examples(title, text):
    assert not {hit.entity for hit in hits(f"{title}\n{text}")} & {"PERSON", "PHONE_NUMBER"}


@pytest.mark.parametrize(
    "text",
    [
        "顧客管理システム操作マニュアル\n作成者：鈴木 一郎（内線 301）",
        "操作マニュアルを送付しました。\n担当：山田 太郎",
        "利用者名簿\n山田 太郎　03-1234-5678",
    ],
)
def test_who_wrote_or_sent_instructions_is_somebody(text):
    assert names(text)


def test_examples_of_fields_are_nobodys():
    fields = [["項目", "型", "必須", "例"], ["氏名", "文字列(40)", "○", "森田 順子"], ["生年月日", "日付", "", "1981-02-03"]]
    assert not hits([*fields, ["電話番号", "文字列(13)", "", "0312345678"]])


def test_examples_of_words_beside_people_stay():
    assert names([["氏名", "年齢", "例"], ["森田 順子", "41", "花岡 圭"], ["梶 健", "33", "湯浅 葵"]])


# ------------------------------------------------------------------- names of nobody


@pytest.mark.parametrize(
    "table",
    [
        [["順位", "名字", "全国推定人数"], ["1", "佐藤", "約1,830,000人"], ["2", "鈴木", "約1,730,000人"], ["3", "高橋", "約1,370,000人"]],
        [
            ["順位", "男の子", "人数", "女の子", "人数"],
            ["1", "蓮", "120", "陽葵", "99"],
            ["2", "湊", "101", "莉子", "92"],
            ["3", "蒼", "90", "芽依", "90"],
        ],
    ],
)
def test_how_many_are_called_so_is_of_nobody(table):
    assert not names(table)


def test_who_came_in_with_how_many_is_somebody():
    assert names([["順位", "選手", "応援人数"], ["1", "佐藤 健", "3"], ["2", "鈴木 翔太", "2"]]) == ["佐藤 健", "鈴木 翔太"]


def test_a_school_behind_a_name_and_a_verse_are_no_names():
    assert set(names("1回戦　本田（北中）3-1 六車（西中）")) <= {"本田", "六車"}
    assert not names("校歌\n二　清き川面に　さくら散り")


def test_names_in_brackets_stay():
    assert names("担当は主任（竹中）です") == ["竹中"]


def test_won_and_lost_head_no_people():
    games = [["1回戦", "中野（東中）", "3-1", "九鬼（浜北中）"], ["1回戦", "佐々木（港中）", "3-1", "本田（東中）"]]
    table = [
        ["回戦", "勝", "", "敗"],
        *games,
        ["1回戦", "青木（西中）", "3-0", "藤井（港中）"],
        ["準決勝", "中野（東中）", "3-2", "青木（西中）"],
    ]
    assert "勝" not in names(table)
    assert "勝" in names([["氏", "名"], ["佐藤", "勝"], ["鈴木", "健"], ["高橋", "花江"]])


# ---------------------------------------------------------------------- family registers


def test_names_of_a_family_register():
    text = "戸籍に記録されている者\n【名】学\n【生年月日】昭和44年11月4日\n【父】千葉実\n【母】千葉トメ\n【続柄】長男"
    assert names(text) == ["学", "千葉実", "千葉トメ"]


def test_words_behind_such_brackets_are_none():
    assert not names("【名】称は次のとおり\n【父】の日セール\n【母】校訪問")


# ------------------------------------------------------------------------- names in prose


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("決裁者は岡部長。次回同行", "岡"),
        ("決裁者は梶部長。次回同行", "梶"),
        ("Dear Mr. Miyazaki,", "Miyazaki"),
        ("直ちに小野班長が救急車を呼び、病院へ運んだ。", "小野"),
        ("渡辺主より来電。生活費を落としたとのこと。", "渡辺"),
        ("宮崎という男性店員の態度が悪い。", "宮崎"),
        ("OP：お電話ありがとうございます。サポートの長野です。", "長野"),
    ],
)
def test_names_by_what_stands_behind_them(text, name):
    assert name in names(text)
    assert not [other for other in names(text) if other != name]


@pytest.mark.parametrize(
    "text",
    [
        "会社という男性社員の集まり",
        "Tokyo, Osaka and Miyazaki",
        "右下6　根充。次回印象。",
        "理事総数　5名　出席理事　5名",
        "家主より連絡あり。消防班長を決める。",
        "訴　　状\n原　　告　　\n被　　告　　",
    ],
)
def test_words_that_stand_so_are_no_names(text):
    assert not names(text)


def test_a_short_name_beside_a_telephone_number_in_its_cell():
    rows = [["氏名", "血液型", "緊急連絡先"], ["堤 葵", "A", "堤 進（父） 090-1234-5678"], ["西 健", "B", "西 剛（父） 090-1234-5679"]]
    assert names(rows) == ["堤 葵", "堤 進", "西 健", "西 剛"]


def test_kana_that_end_like_a_header_are_a_name():
    table = [["氏名（ローマ字）", "氏名（カナ）"], ["WANG XIAOMEI", "ワン シャオメイ"], ["MARIA SANTOS", "マリア サントス"]]
    assert "ワン シャオメイ" in names(table)
    assert not names([["ギンコウメイ", "テンメイ"], ["ミズホ", "シンジュク"], ["チバ", "マツド"]])


# --------------------------------------------------------------- check-ups of small children


def test_a_childs_check_up_is_about_the_child_whom_its_form_names():
    form = [["お子さんの氏名", "福島　樹", "生年月日", "令和6年3月2日"], ["保護者氏名", "福島　葵", "電話", "090-1234-5678"]]
    found = hits("1歳6か月児健康診査票", form, "身長 80.2cm　体重 10.4kg　頭囲 46.8cm", "内科所見：湿疹あり")
    assert {"JP_SENSITIVE_CHECKUP_RESULT", "JP_SENSITIVE_MEDICAL_HISTORY"} <= {hit.entity for hit in found}


def test_an_empty_form_or_a_notice_of_such_a_check_up_is_about_nobody():
    form = [["お子さんの氏名", "", "生年月日", ""], ["保護者氏名", "", "電話", ""]]
    assert not hits("1歳6か月児健康診査票", form, "身長　　cm　体重　　kg")
    assert not hits("1歳6か月児健診のお知らせ\n対象のお子さんは会場へお越しください。歯科健診でむし歯の有無を調べます。")


def test_the_given_name_of_whom_a_row_is_about_in_its_notes():
    rows = [["順位", "生徒", "面談メモ"], ["1", "堤 亮", "亮は理系志望。英語が課題"], ["2", "山田 実", "実は家業を継ぐ予定"]]
    found = {hit.value: hit.norm for hit in hits(rows) if hit.entity == "PERSON"}
    assert found == {"堤 亮": "堤亮", "亮": "堤亮", "山田 実": "山田実"}


def test_the_next_label_of_a_line_is_no_part_of_a_name():
    assert names("受付：本田　時刻 13:40") == ["本田"]
    assert names("受付：本田　時男") == ["本田　時男"]


# --------------------------------------------------- illness as a matter of talk beside those who deal with it


def sensitive(*pieces: str | Rows) -> set[str]:
    return {hit.value for hit in hits(*pieces) if hit.entity.startswith("JP_SENSITIVE_")}


@pytest.mark.parametrize(
    "text",
    [
        "佐藤課長より、乳がん・子宮頸がん検診の費用補助を5,000円とする案が示された。",
        "堤さん\n花粉症シーズン前にマスクを多めに発注お願いします。\nインフルエンザの検査キットも在庫が少ないです。",
        "健康診断の受診率は82％。未受診者への督促は堤さんが行う。",
    ],
)
def test_what_is_planned_or_kept_in_stock_is_nobodys(text):
    assert not sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "佐藤さんは乳がん検診で要精密検査となった。",
        "堤さんはインフルエンザの検査キットで陽性でした。",
        "佐藤さんは糖尿病・高血圧の治療中です。",
    ],
)
def test_what_somebody_was_found_to_have_is_his(text):
    assert sensitive(text)


TO_DO = [
    ["件名", "内容", "担当", "期限"],
    ["多目的トイレ改修", "車いす利用者・視覚障害者向けに手すりを設置", "堤", "4/1"],
    ["防犯カメラ", "倉庫で盗難事件が続いたため増設", "森", "4/2"],
]


def test_who_deals_with_a_task_is_not_whom_it_is_about():
    assert not sensitive(TO_DO)
    assert names(TO_DO) == ["堤", "森"]


def test_somebody_named_in_the_task_is():
    assert "盗難にあった" in sensitive([*TO_DO, ["届出", "鈴木様が倉庫で盗難にあった", "森田", "4/2"]])


def test_what_a_new_member_says_of_his_health():
    form = [["会員氏名", "堤 葵", "生年月日", "1980/4/1"], ["連絡先", "090-1234-5678", "担当", "森"]]
    answers = "既往歴：■腰椎ヘルニア（5年前に手術）　□心疾患　■高血圧（服薬中）"
    assert {"腰椎ヘルニア", "高血圧"} <= sensitive("入会カウンセリングシート", form, answers)
    assert not sensitive("入会カウンセリングシート", [["会員氏名", "", "生年月日", ""]], "既往歴：□腰痛　□心疾患　□高血圧")


# ------------------------------------------------------------------------------- rare ends


def test_a_reading_that_ends_like_a_header_among_readings():
    assert "ソブエメイ" in names(
        [["会員名", "口座名義"], ["祖父江 芽依", "ソブエメイ"], ["森 健", "モリケン"], ["高橋 陽子", "タカハシヨウコ"]]
    )


def test_who_of_the_family_it_is_is_no_part_of_the_name():
    assert names("ご家族（妻 花江さん）の介護疲れがみられる。") == ["花江"]


def test_drivers_and_helpers_in_a_line():
    assert names("運転手 上田 添乗 大野") == ["上田", "大野"]


def test_one_who_signs_may_be_called_as_a_place():
    assert names([["日付", "摘要", "金額", "承認"], *[[f"4/{day}", "文具", "1,200", "宮崎"] for day in range(1, 4)]]) == ["宮崎"] * 3
