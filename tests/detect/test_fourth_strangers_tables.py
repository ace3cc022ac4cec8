"""Kinds of tables and forms that the fourth strangers' shares had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Line, Record, Segment, Table
from piiscan.settings import Detection


def records(piece: str | Sequence[Sequence[str]], name: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    return [*document.feed(fed), *document.finish()]


def values(piece: str | Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    return {(hit.entity, hit.value) for record in records(piece) for hit in record.hits}


def of(entity: str, piece: str | Sequence[Sequence[str]]) -> set[str]:
    return {value for kind, value in values(piece) if kind == entity}


def names(piece: str | Sequence[Sequence[str]]) -> set[str]:
    return of("PERSON", piece)


PEOPLE = ("山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 陽子")


def beside(header: Sequence[str], *rows: Sequence[str]) -> list[list[str]]:
    """Four people and further columns."""
    return [["氏名", *header], *[[who, *row] for who, row in zip(PEOPLE, rows, strict=False)]]


# ------------------------------------------------------------------- dates of birth


@pytest.mark.parametrize("header", ["生年", "bth", "umare", "birth_dt", "bd"])
def test_births_under_short_and_foreign_headers(header):
    rows = beside([header], ["1951-04-06"], ["1986-04-25"], ["2004-07-26"], ["1972-02-14"])
    assert of("DATE_OF_BIRTH", rows) == {"1951-04-06", "1986-04-25", "2004-07-26", "1972-02-14"}


def test_dates_of_one_year_under_such_a_header_are_no_births():
    assert not of("DATE_OF_BIRTH", beside(["bd"], ["2025-04-06"], ["2025-04-25"], ["2025-07-26"], ["2025-02-14"]))


@pytest.mark.parametrize(
    ("header", "row", "other", "value"),
    [
        (["元号", "年", "月", "日"], ["昭和", "27", "7", "25"], ["平成", "9", "7", "25"], "昭和27年7月25日"),
        (["生年（元号）", "年", "月", "日"], ["昭和", "59", "11", "16"], ["平成", "19", "1", "6"], "昭和59年11月16日"),
        (["元号", "年", "月", "日"], ["3", "27", "7", "5"], ["4", "19", "12", "25"], "3-270705"),
        (["birth_y", "birth_m", "birth_d"], ["1957", "2", "1"], ["1999", "12", "3"], "1957/2/1"),
        (["生年", "生月", "生日"], ["1957", "2", "1"], ["1999", "12", "3"], "1957年2月1日"),
    ],
)
def test_a_birth_in_a_column_for_each_part(header, row, other, value):
    assert value in of("DATE_OF_BIRTH", beside(header, row, other))


def test_one_value_and_a_dash_under_the_exact_word_of_a_number():
    assert of("JP_RESIDENCE_CARD", beside(["在留カード"], ["AB12345678CD"], ["—"], ["UH87654321EA"])) == {"AB12345678CD", "UH87654321EA"}


def test_yes_and_done_are_no_names():
    assert names(beside(["ゲスト", "対応"], ["はい", "済"], ["いいえ", "済"], ["はい", "済"])) == set(PEOPLE[:3])


def test_the_parts_of_another_date_are_no_birth():
    rows = beside(["年", "月", "日"], ["1957", "2", "1"], ["1999", "12", "3"], ["2020", "8", "12"])
    assert not of("DATE_OF_BIRTH", rows)


# ------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Country", "State", "City", "Street"], ["日本", "京都府", "舞鶴市", "田中町1-3"]),
        (["Email", "MailingStreet", "MailingCity", "MailingState", "Fax"], ["a@example.jp", "田中町1-3", "舞鶴市", "京都府", ""]),
        (["都道府県", "市区町村", "町名番地"], ["京都府", "舞鶴市", "田中町1-3"]),
    ],
)
def test_an_address_in_pieces_is_one_in_either_order(header, row):
    other = [{"京都府": "岐阜県", "舞鶴市": "岐阜市", "田中町1-3": "中川原3-11-20"}.get(cell, cell) for cell in row]
    assert of("JP_ADDRESS", beside(header, row, other)) == {"京都府舞鶴市田中町1-3", "岐阜県岐阜市中川原3-11-20"}


def test_a_state_of_things_and_a_capacity_are_no_address():
    assert not of("JP_ADDRESS", [["capacity", "estate", "status"], ["20", "A", "3-1"], ["30", "B", "3-2"], ["40", "C", "3-3"]])


# ------------------------------------------------------------ several things in a cell


def test_lines_of_a_cell_are_what_the_lines_of_its_header_say():
    rows = [
        ["番号", "ふりがな\n氏名", "生年月日\n年齢", "現住所\n電話番号"],
        ["1", "やまだ たろう\n山田 太郎", "昭和59年11月1日\n42歳", "京都府舞鶴市田中町1-3\n090-1234-5678"],
        ["2", "さとう はなこ\n佐藤 花子", "1954年8月22日\n72歳", "岐阜県岐阜市中川原3-11-20\n080-1234-5678"],
        ["3", "すずき いちろう\n鈴木 一郎", "H14.03.19\n24歳", "山形県山形市上江7-1-13\n070-1234-5678"],
    ]
    found = values(rows)
    assert found >= {
        ("PERSON", "やまだ たろう"),
        ("PERSON", "山田 太郎"),
        ("DATE_OF_BIRTH", "昭和59年11月1日"),
        ("DATE_OF_BIRTH", "H14.03.19"),
        ("JP_ADDRESS", "岐阜県岐阜市中川原3-11-20"),
        ("PHONE_NUMBER", "070-1234-5678"),
    }
    assert all(len({hit.norm for hit in record.hits if hit.entity == "PERSON"}) == 1 for record in records(rows) if record.hits)


@pytest.mark.parametrize("end", ["\n", "\x0b"])
def test_a_cell_of_an_address_and_a_name(end):
    rows = [
        ["番号", "譲受人（住所・氏名）", "譲渡人（住所・氏名）", "地目"],
        ["1", f"京都府舞鶴市田中町1-3{end}山田 太郎", f"岐阜県岐阜市中川原3-11-20{end}佐藤 花子", "畑"],
        ["2", f"山形県山形市上江7-1-13{end}鈴木 一郎", f"石川県七尾市湯川町5-8{end}高橋 陽子", "田"],
    ]
    assert names(rows) == set(PEOPLE)
    assert len(of("JP_ADDRESS", rows)) == 4


def test_labels_in_three_columns():
    def label(code: str, address: str, who: str) -> str:
        return f"〒{code}\n{address}\n{who} 様"

    rows = [
        [label("625-0023", "京都府舞鶴市田中町1-3", "山田 太郎"), label("502-0013", "岐阜県岐阜市中川原3-11-20", "佐藤 花子")],
        [label("990-0001", "山形県山形市上江7-1-13", "鈴木 一郎"), label("926-0002", "石川県七尾市湯川町5-8", "高橋 陽子")],
        [
            label("309-1732", "茨城県笠間市中市原5-27", "中村 実"),
            label("039-2554", "青森県上北郡七戸町中岫21-17\nコーポ桜 203", "小林 さくら"),
        ],
    ]
    assert names(rows) == {*PEOPLE, "中村 実", "小林 さくら"}
    assert len(of("JP_POSTAL_CODE", rows)) == len(of("JP_ADDRESS", rows)) == 6


@pytest.mark.parametrize("header", ["氏名（ふりがな）", "② 氏名〔フリガナ〕"])
@pytest.mark.parametrize("gap", ["", "\n", " "])
def test_the_reading_in_brackets_is_the_same_person(header, gap):
    rows = [["番号", header], ["第1号", f"山田 太郎{gap}（やまだ たろう）"], ["第2号", f"サントス カルロス{gap}（さんとす かるろす）"]]
    assert names(rows) == {"山田 太郎", "やまだ たろう", "サントス カルロス", "さんとす かるろす"}
    assert len({hit.norm for hit in records(rows)[0].hits if hit.entity == "PERSON"}) == 1


@pytest.mark.parametrize("cell", ["{} {}　↓", "{}（{}）", "{}\n({})", "{}：{}"])
def test_names_before_numbers(cell):
    rows = [
        ["A系統", "B系統"],
        [cell.format("清水", "070-1234-5678"), cell.format("西川", "070-1234-5671")],
        [cell.format("岡崎", "090-1234-5678"), cell.format("村上", "(082)234-5678")],
        [cell.format("久我", "080-1234-5678"), cell.format("松本", "03-1234-5678")],
        [cell.format("藤田", "080-1234-5679"), cell.format("吉田", "03-1234-5679")],
    ]
    assert names(rows) == {"清水", "西川", "岡崎", "村上", "久我", "松本", "藤田", "吉田"}
    assert len(of("PHONE_NUMBER", rows)) == 8


def test_seats_with_extensions():
    rows = [
        ["窓側", "", "通路"],
        ["清水\n(3121)", "高橋\n(4362)", "新井\n(9749)"],
        ["岡崎\n(6683)", "空席", "中村\n(8895)"],
        ["藤田\n(4912)", "吉田\n(2953)", "石川\n(7581)"],
    ]
    assert names(rows) == {"清水", "高橋", "新井", "岡崎", "中村", "藤田", "吉田", "石川"}


def test_what_stands_before_numbers_is_not_always_a_name():
    assert not names([["品目", "数量"], ["ボルト M12", "10"], ["ナット (M12)", "20"], ["座金 1234", "30"], ["釘 5678", "40"]])


def test_given_names_of_a_household():
    rows = [
        ["世帯主", "家族", "電話"],
        ["山田 太郎", "香織、孝之", "03-1234-5678"],
        ["佐藤 実", "凛、茂", "03-1234-5679"],
        ["鈴木 正", "陽子、健", ""],
    ]
    assert names(rows) == {"山田 太郎", "佐藤 実", "鈴木 正", "香織", "孝之", "凛", "茂", "陽子", "健"}


def test_several_people_in_a_cell():
    rows = [["会議", "出た人"], ["第1回", "山田太郎、佐藤花子"], ["第2回", "鈴木一郎、高橋陽子、中村実"], ["第3回", "小林健一"]]
    assert names(rows) == {"山田太郎", "佐藤花子", "鈴木一郎", "高橋陽子", "中村実", "小林健一"}


def test_lists_of_things_are_no_names():
    assert not names([["材料", "野菜"], ["カレー", "人参、玉葱"], ["シチュー", "セロリ、パセリ"], ["煮物", "大根・里芋"]])


# ---------------------------------------------------------------- names under any header


def test_ranks_behind_names_are_no_part_of_them():
    rows = [
        ["月日", "会社名", "訪問先"],
        ["11/4", "例示運輸", "船木 チーフ"],
        ["12/6", "例示水産", "村上 係長"],
        ["2/22", "例示商事", "福井 店長"],
    ]
    assert names(rows) == {"船木", "村上", "福井"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("尾形Dr", "尾形"),
        ("酒井課長", "酒井"),
        ("稲村 GM", "稲村"),
        ("山本 花子之霊", "山本 花子"),
        ("経理課長", "経理課長"),
        ("福島支店長", "福島支店長"),
    ],
)
def test_where_a_name_ends(text, name):
    judged = judge(text)
    assert text[judged.start : judged.end] == name


@pytest.mark.parametrize("header", ["得意先名", "三丁目交差点", "予備"])
def test_polite_words_make_persons_under_any_header(header):
    rows = [["CD", header], ["1", "山田太郎様"], ["2", "佐藤花子様"], ["3", "鈴木一郎様"]]
    assert names(rows) == {"山田太郎", "佐藤花子", "鈴木一郎"}


def test_firms_are_no_persons_for_all_politeness():
    assert not names([["CD", "得意先名"], ["1", "例示商店様"], ["2", "株式会社例示様"], ["3", "例示水産様"]])


def test_who_fetches_a_child_and_signs():
    rows = [
        ["園児名", "迎え時刻", "迎え者（続柄）", "サイン"],
        ["陽子ちゃん", "13:31", "清水秀樹（父）", "清水"],
        ["めぐみちゃん", "19:11", "中村さくら（母）", "中村"],
        ["健ちゃん", "13:22", "藤田明美（母）", "藤田"],
        ["担当保育士　村上・吉田", "", "", ""],
    ]
    assert names(rows) >= {"清水秀樹", "中村さくら", "藤田明美", "清水", "中村", "藤田", "村上", "吉田"}
    assert not any("保育士" in name for name in names(rows))


def test_a_plan_of_who_is_on_duty_under_unknown_headers():
    rows = [
        ["日", "曜", "内科系", "外科系", "オンコール"],
        ["1", "火", "小林(裕)", "清水", "中村Dr"],
        ["2", "水", "村上(修)", "藤田", "吉田Dr"],
        ["3", "木", "山口(昌)", "岡崎", "松本Dr"],
        ["4", "金", "小林(裕)", "西川", "斎藤Dr"],
    ]
    assert names(rows) >= {"小林", "村上", "山口", "清水", "藤田", "岡崎", "西川", "中村", "吉田", "松本", "斎藤"}
    assert not names(rows) & {"内科系", "外科系", "オンコール", "中村Dr"}


def test_a_plan_of_shifts_under_days():
    days = [str(day) for day in range(1, 9)]
    shifts = [["日", "休", "夜", "休", "日", "夜", "日", "休"], ["夜", "夜", "日", "休", "休", "日", "夜", "日"]]
    rows = [["", *days], *[[who, *shifts[n % 2]] for n, who in enumerate(["清水", "大原", "吉本", "斎藤", "中村"])]]
    assert names(rows) == {"清水", "大原", "吉本", "斎藤", "中村"}


def test_an_empty_seat_is_no_given_name():
    rows = [
        ["清水", "村上", "", "中村", "空"],
        ["藤田", "吉田", "", "松本", "空"],
        ["岡崎", "西川", "", "斎藤", "空"],
        ["山口", "小林", "", "石井", ""],
    ]
    assert "空" not in names(rows)
    assert names(rows) >= {"清水", "村上", "中村", "藤田", "斎藤", "石井"}


# --------------------------------------------------------------------- forms and texts


def test_a_form_over_its_table():
    rows = [
        [
            "所轄税務署長等",
            "給与の支払者の名称",
            "例示精機株式会社",
            "あなたの氏名",
            "(フリガナ) ヤマダ タロウ\n山田 太郎",
            "あなたの生年月日",
            "昭和53年12月17日",
        ],
        ["例示税務署長", "給与の支払者の法人番号", "", "あなたの個人番号", "123456789018", "世帯主の氏名", "山田正"],
        ["区分等", "氏名", "個人番号", "続柄", "生年月日", "所得の見積額", "住所又は居所"],
        ["A 源泉控除対象配偶者", "山田花子", "", "妻", "1987年6月19日", "480,000円", "同上"],
        ["B 控除対象扶養親族", "山田一郎", "", "子", "H20/12/17", "0円", "同上"],
    ]
    found = values(rows)
    assert {("PERSON", "山田 太郎"), ("DATE_OF_BIRTH", "昭和53年12月17日"), ("JP_MY_NUMBER", "123456789018")} <= found
    assert {("PERSON", "山田花子"), ("PERSON", "山田一郎"), ("DATE_OF_BIRTH", "1987年6月19日"), ("DATE_OF_BIRTH", "H20/12/17")} <= found


def test_columns_of_a_print_out_that_counts_accents_as_two():
    text = (
        "Room  Guest name              Nationality  Passport No.  Date of birth\n"
        "698   Alice M. Whitaker       BRA          E52916951     1984-08-07\n"
        "287   Luiz Otávio Fernandes  USA          B0862898      1948-08-19\n"
        "461   Ana Lucía Ramírez     SWE          M00172146     1980-12-04\n"
    )
    assert of("DATE_OF_BIRTH", text) == {"1984-08-07", "1948-08-19", "1980-12-04"}
    assert names(text) >= {"Alice M. Whitaker", "Luiz Otávio Fernandes", "Ana Lucía Ramírez"}


def test_a_title_of_wide_gaps_over_a_print_out():
    text = (
        "第29回卒　3年C組　　担任　村上 正 先生\n"
        "氏名              〒        住所                          電話\n"
        "山田陽子          625-0023  京都府舞鶴市田中町1-3         0744-88-2056\n"
        "佐藤理史          502-0013  岐阜県岐阜市中川原3-11-20     0466-30-6464\n"
        "鈴木瞳            990-0001  山形県山形市上江7-1-13        0744-67-2031\n"
    )
    assert len(of("JP_ADDRESS", text)) == len(of("JP_POSTAL_CODE", text)) == 3


def test_numbered_fields_over_single_blanks():
    text = (
        "① 番号 ② 氏名（フリガナ） ③ 生年月日 ④ 種別 ⑥ 個人番号 ⑦ 取得年月日\n"
        "1 山田　太郎 （ヤマダ タロウ） 3-280911 1 1234 5678 9018 9-080401\n"
        "2 佐藤　花子 （サトウ ハナコ） 3-610108 1 123456789018 9-080401\n"
        "3 鈴木 一郎 （スズキ イチロウ） 3-620624 1 1234-5678-9018 9-080401\n"
    )
    assert of("DATE_OF_BIRTH", text) == {"3-280911", "3-610108", "3-620624"}
    assert names(text) >= {"山田　太郎", "佐藤　花子", "鈴木 一郎"}


def test_columns_of_a_payroll_dump():
    text = "".join(
        f"INSERT INTO m_syain (sei, mei, sei_kn, mei_kn, umare, koza) VALUES ('{a}','{b}','{c}','{d}','{e}','{f}');\n"
        for a, b, c, d, e, f in [
            ("山田", "太郎", "ヤマダ", "タロウ", "1963-06-03", "6839280"),
            ("南", "学", "ミナミ", "マナブ", "1998-09-03", "3750170"),
            ("佐藤", "花子", "サトウ", "ハナコ", "1989-07-08", "9810100"),
        ]
    )
    assert of("DATE_OF_BIRTH", text) == {"1963-06-03", "1998-09-03", "1989-07-08"}
    assert of("JP_BANK_ACCOUNT", text) == {"6839280", "3750170", "9810100"}
    assert names(text) >= {"ミナミ", "マナブ", "南", "学"}


def test_notes_over_and_under_a_table_of_things():
    rows = [
        ["例示学園　経理課　山田太郎様", "", ""],
        ["品名", "数量", "金額"],
        ["高圧ホース", "2", "6,500"],
        ["継手", "16", "83,600"],
        ["担当：佐藤 花子　直通 03-1234-5678", "", ""],
    ]
    assert names(rows) == {"山田太郎", "佐藤 花子"}


# --------------------------------------------------------------- records of fixed form


def test_a_patient_of_a_hospital_message():
    text = "MSH|^&|LIS|KENSIN|HIS|MAIN|20260312093000||ORU^R01|0001|P|2.5\nPID|1||7277623^^^^PI||山田^範夫||19850323|M|ヤマダ^ノリオ||^^横須賀市^^238-0056||070-1234-5678\n"
    found = values(text)
    assert found >= {
        ("PERSON", "山田"),
        ("PERSON", "範夫"),
        ("DATE_OF_BIRTH", "19850323"),
        ("JP_POSTAL_CODE", "238-0056"),
        ("PHONE_NUMBER", "070-1234-5678"),
    }


def test_the_number_in_a_machine_readable_line():
    assert of("JP_PASSPORT", "L898902C36UTO7408122F1204159ZE184226B<<<<<10") == {"L898902C3"}
    assert not of("JP_PASSPORT", "L898902C35UTO7408122F1204159ZE184226B<<<<<10")


def test_numbers_and_branches_of_an_insurance():
    rows = [
        ["番号", "枝番", "氏名", "続柄"],
        ["816809", "01", "山田 太郎", "本人"],
        ["816809", "02", "山田 花子", "妻"],
        ["41455", "01", "鈴木 一郎", "本人"],
    ]
    assert of("JP_HEALTH_INSURANCE", rows) == {"816809", "41455"}
    assert not of("JP_HEALTH_INSURANCE", [["番号", "枝番", "氏名"], *[row[:3] for row in rows[1:]]])


def test_letters_that_stand_apart():
    rows = [
        ["番 号", "氏 名", "生 年 月 日", "住 所"],
        ["1", "彦 坂 花 子", "昭 和9年3月20日", "群 馬 県 高 崎 市 下 横 町1694番 地"],
        ["2", "高 橋 宣 春", "昭 和15年 9月 20日", "京 都 府 舞 鶴 市 田 中 町1-3"],
    ]
    assert names(rows) == {"彦 坂 花 子", "高 橋 宣 春"}
    assert len(of("DATE_OF_BIRTH", rows)) == len(of("JP_ADDRESS", rows)) == 2


def test_pairs_of_a_form_among_which_one_looks_like_a_header():
    pairs = [
        ["児童氏名", "中村 京子"],
        ["生年月日", "H24/4/1"],
        ["保護者", "中村陽一"],
        ["手帳", "療育手帳 B2"],
        ["本人の願い", "友だちといっしょに遊びたい"],
        ["関係機関", "放課後デイ"],
        ["作成者", "三田村　由美子"],
    ]
    assert names(pairs) == {"中村 京子", "中村陽一", "三田村　由美子"}


def test_two_births_in_one_cell_of_a_form():
    rows = [
        ["父母の氏名", "父　山田　秀夫\n母　山田　舞", "父母の生年月日", "父 昭和21年4月3日\n母 S.46.3.26"],
        ["住所", "石川県七尾市湯川町5-8", "世帯主の氏名", "山田 秀夫"],
    ]
    assert of("DATE_OF_BIRTH", rows) == {"昭和21年4月3日", "S.46.3.26"}
