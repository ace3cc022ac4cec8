"""Sheets as offices rule them: a box a sign, bands of labels, two rows a person, stamps, plans of seats: each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.checks import my_number_digit
from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.lookalikes import mend_ocr
from piiscan.model import Cell, Hit, Page, Paragraph, Record, Role, Segment, Table
from piiscan.settings import Detection

Rows = Sequence[Sequence[str]]
NUMBER = "12345678901" + str(my_number_digit("12345678901"))


def records(*tables: Rows, name: str = "", sheet: str = "") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = [record for n, rows in enumerate(tables) for record in document.feed(Table(sheet or f"表{n}", tuple(map(tuple, rows))))]
    return [*fed, *document.finish()]


def hits(rows: Rows, **more: str) -> list[Hit]:
    return [hit for record in records(rows, **more) for hit in record.hits]


def values(rows: Rows, **more: str) -> set[tuple[str, str]]:
    return {(hit.entity, hit.value) for hit in hits(rows, **more)}


def blank(width: int) -> list[str]:
    return [""] * width


# ------------------------------------------------------------------------------ boxes

_IN_BOXES = [
    ["個人番号", *NUMBER, "", ""],
    ["氏名", "長峰 小夜子", *blank(13)],
    ["生年月日", "昭和", "50", "年", "4", "月", "1", "日", *blank(7)],
    ["住所", "〒", "100", "-", "0001", "東京都千代田区千代田1-1", *blank(9)],
    ["電話番号", "090", "-", "1234", "-", "5678", *blank(9)],
]


def test_a_value_in_boxes_is_one_value() -> None:
    found = values(_IN_BOXES)
    assert {
        ("JP_MY_NUMBER", NUMBER),
        ("DATE_OF_BIRTH", "昭和50年4月1日"),
        ("JP_POSTAL_CODE", "100-0001"),
        ("PHONE_NUMBER", "090-1234-5678"),
    } <= found


def test_it_is_said_to_be_in_the_first_of_its_boxes() -> None:
    (hit,) = (hit for hit in hits(_IN_BOXES, sheet="申告書") if hit.entity == "JP_MY_NUMBER")
    assert (hit.location, hit.start, hit.end) == (Cell("申告書", 1, 2), 0, 1)


def test_a_header_asks_for_what_stands_in_boxes_below_it() -> None:
    rows = [["氏名", "個人番号", *blank(11), "続柄"], ["長峰 小夜子", *NUMBER, "妻"], ["長峰 一馬", *NUMBER, "長男"]]
    assert ("JP_MY_NUMBER", NUMBER) in values(rows)


def test_a_matrix_of_ratings_holds_no_numbers() -> None:
    ratings = [[f"項目{r}", *(str((r * 7 + c * 3) % 10) for c in range(12))] for r in range(8)]
    ratings[2][1:] = NUMBER  # one in ten rows passes by chance
    assert not values([["評価", *map(str, range(1, 13))], *ratings])


# ------------------------------------------------------------------------------- bands

_BANDS = [
    ["休暇申請書", "", "", ""],
    blank(4),
    ["所属", "社員番号", "氏名", ""],
    ["総務部", "80508", "長峰 小夜子", ""],
    blank(4),
    ["郵便番号", "電話番号", "携帯電話", ""],
    ["100-0001", "03-1234-5678", "090-1234-5678", ""],
    blank(4),
    ["申請理由", "", "", ""],
    ["胃潰瘍の通院治療のため", "", "", ""],
    blank(4),
    ["部長", "課長", "係長", "担当"],
    ["", "松下", "本田", "千葉"],
]


def test_a_form_in_bands_is_about_one_person() -> None:
    (record,) = records(_BANDS)
    found = {(hit.entity, hit.value) for hit in record.hits}
    assert {("PERSON", "長峰 小夜子"), ("JP_POSTAL_CODE", "100-0001"), ("PHONE_NUMBER", "090-1234-5678")} <= found
    assert any(hit.entity == "JP_SENSITIVE_MEDICAL_HISTORY" for hit in record.hits)


def test_family_names_in_the_boxes_for_stamps_are_names() -> None:
    assert {("PERSON", name) for name in ("松下", "本田", "千葉")} <= values(_BANDS)


def test_what_stands_in_other_boxes_is_none() -> None:
    rows = [["部長", "課長", "係長", "担当"], ["済", "未", "不在", "回覧"]]
    assert not values(rows)
    assert not values([["工場", "倉庫", "支店"], ["松下", "本田", "千葉"]])


def test_lists_under_one_another_are_no_form() -> None:
    rows = [["氏名", "電話番号"], ["長峰 小夜子", "090-1234-5678"], ["宇野 千早", "090-1234-5679"], ["", ""]]
    assert len(records([*rows, *rows[:1], ["岸 一馬", "090-1234-5670"], ["", ""], *rows[:1], ["梶 奈津", "090-1234-5671"]])) >= 4


def test_a_form_begins_with_a_reading_and_a_label_beside_it() -> None:
    rows = [["フリガナ", "ナガミネ　サヨコ", "性別"], ["氏名", "長峰　小夜子", "女"], ["生年月日", "昭和50年4月1日", ""]]
    assert {("PERSON", "ナガミネ　サヨコ"), ("PERSON", "長峰　小夜子"), ("DATE_OF_BIRTH", "昭和50年4月1日")} <= values(rows)


def test_a_reading_with_its_label_in_one_cell_is_no_header() -> None:
    rows = [["ふりがな　ながみね さよこ", "写真"], ["氏名　　長峰　小夜子", ""], ["昭和50年4月1日生（満51歳）", ""]]
    assert ("PERSON", "ながみね さよこ") in values(rows)


def test_a_payslip_is_one_person() -> None:
    slip = [
        ["給与支給明細書", "", "", ""],
        ["社員番号", "80508", "氏名", "長峰　小夜子"],
        ["基本給", "時間外", "通勤手当", "所得税"],
        ["210000", "12000", "8000", "5000"],
        ["振込先", "みずほ銀行 本店 普通 1234567", "", ""],
    ]
    other = [[*row] for row in slip]
    other[1] = ["社員番号", "80509", "氏名", "宇野　千早"]
    kinds = [{hit.entity for hit in record.hits} for record in records([*slip, blank(4), *other])]
    assert len(kinds) == 2
    assert all({"PERSON", "JP_BANK_ACCOUNT"} <= own for own in kinds)


def test_a_header_over_merged_rows_belongs_to_what_is_below_the_blank_one() -> None:
    rows = [
        ["区分", "氏名", "続柄", "生年月日"],
        blank(4),
        ["配偶者", "長峰 一馬", "夫", "昭和50年7月10日"],
        blank(4),
        ["扶養親族", "長峰 千早", "長女", "平成21年12月9日"],
    ]
    assert {("DATE_OF_BIRTH", "昭和50年7月10日"), ("DATE_OF_BIRTH", "平成21年12月9日")} <= values(rows)


def test_whom_a_diary_is_about_stands_over_its_header() -> None:
    rows = [
        ["介護記録", "", "", "", ""],
        ["利用者名", "長峰　小夜子", "", "要介護度", "要介護2"],
        ["日付", "時間", "記録", "記録者", ""],
        ["2026/12/8", "17:39", "朝食全量摂取。", "松下", ""],
        ["2026/12/9", "18:36", "入浴実施。", "本田", ""],
    ]
    found = hits(rows)
    assert ("PERSON", "長峰　小夜子") in {(hit.entity, hit.value) for hit in found}
    assert {hit.header for hit in found if hit.value in {"松下", "本田"}} == {"記録者"}


# ------------------------------------------------------------------- two rows a person

_LEDGER = [
    ["No.", "フリガナ", "生年月日", "郵便番号", "電話番号"],
    ["", "氏名", "性別", "住所", "携帯電話"],
    ["1", "ナガミネ サヨコ", "S50.4.1", "100-0001", "03-1234-5678"],
    ["", "長峰 小夜子", "女", "東京都千代田区千代田1-1", "090-1234-5678"],
    ["2", "ウノ チハヤ", "1968/7/13", "060-0001", "011-234-5678"],
    ["", "宇野 千早", "女", "北海道札幌市中央区北一条西2-1", "090-1234-5679"],
    ["3", "キシ カズマ", "S30.2.5", "810-0001", "092-123-4567"],
    ["", "岸 一馬", "男", "福岡県福岡市中央区天神1-8-1", "090-1234-5670"],
]


@pytest.mark.parametrize("first", [0, 1], ids=["numbered", "without numbers"])
def test_two_rows_are_one_person(first: int) -> None:
    found = records([row[first:] for row in _LEDGER])
    assert len(found) == 3
    assert all({"PERSON", "DATE_OF_BIRTH", "JP_POSTAL_CODE", "JP_ADDRESS", "GENDER"} <= {h.entity for h in record.hits} for record in found)
    named = [hit for record in found for hit in record.hits if hit.entity == "PERSON"]
    assert [(hit.value, hit.location.row) for hit in named[:2] if isinstance(hit.location, Cell)] == [
        ("ナガミネ サヨコ", 3),
        ("長峰 小夜子", 4),
    ]


def test_rows_under_two_rows_of_header_that_are_one_stay_apart() -> None:
    rows = [
        ["No.", "契約者", "", "連絡先", ""],
        ["", "氏名", "生年月日", "電話番号", "住所"],
        ["1", "長峰 小夜子", "S50.4.1", "03-1234-5678", "東京都千代田区千代田1-1"],
        ["2", "宇野 千早", "1968/7/13", "011-234-5678", "北海道札幌市中央区北一条西2-1"],
    ]
    assert len(records(rows)) == 2


# --------------------------------------------------------------------------- other rules


def test_a_plan_of_seats_with_extensions() -> None:
    names = [["松下", "本田", "千葉"], ["八木", "李", "大野"]]
    rows = [["事務所座席表", "", ""], blank(3), *(row for n in names for row in (n, ["内線1234", "内線1235", "内線1236"]))]
    assert {("PERSON", name) for row in names for name in row} <= values(rows)
    assert ("PERSON", "松下") not in values([["工場の配置", "", ""], *rows[1:]])


def test_a_my_number_that_lost_its_zero() -> None:
    lost = "01234567890" + str(my_number_digit("01234567890"))
    rows = [["氏名", "個人番号"], ["長峰 小夜子", NUMBER], ["宇野 千早", lost.lstrip("0")], ["岸 一馬", NUMBER]]
    assert [hit.norm for hit in hits(rows) if hit.entity == "JP_MY_NUMBER"] == [NUMBER, lost, NUMBER]
    assert "JP_MY_NUMBER" not in {entity for entity, _ in values([["品名", "品番"], ["釘", lost.lstrip("0")], ["板", "98765432101"]])}


@pytest.mark.parametrize("reading", ["カワカミメイ", "ｶﾜｶﾐﾒｲ", "かわかみめい"])
def test_a_reading_that_ends_like_a_header_is_a_name(reading: str) -> None:
    rows = [["氏名", "フリガナ"], ["川上 芽依", reading], ["長峰 小夜子", "ナガミネサヨコ"], ["宇野 千早", "ウノチハヤ"]]
    assert ("PERSON", reading) in values(rows)


def test_a_grandmother_is_no_name() -> None:
    assert not any(entity == "PERSON" and value == "祖" for entity, value in values([["対象者", "続柄"], ["長峰 小夜子\t祖母\t", "祖母"]]))


def test_marks_of_a_plan_of_shifts_are_no_names() -> None:
    marks = "早明遅有夜休公日"
    rows = [
        [name, *(marks[(n * 3 + d * 5) % 8] for d in range(12)), "13", "3"]
        for n, name in enumerate(["松下", "横山", "小田切", "新井", "長曽我部"])
    ]
    assert {value for entity, value in values(rows) if entity == "PERSON"} <= {"松下", "横山", "小田切", "新井", "長曽我部"}


def test_a_form_says_whom_it_is_about_though_the_table_that_names_him_ends_later() -> None:
    document = Document(Kit.of(Detection()), "")
    pieces = [
        Segment(Paragraph(1), "履　歴　書", Role.BODY),
        Table("表1", (("氏名", "長峰 小夜子"), ("電話", "090-1234-5678"))),
        Segment(Paragraph(2), "本人希望記入欄：身体障害者手帳3級を所持しているため配慮を希望します。", Role.BODY),
    ]
    fed = [record for piece in pieces for record in document.feed(piece)]
    assert "JP_SENSITIVE_DISABILITY" in {hit.entity for record in (*fed, *document.finish()) for hit in record.hits}


# ----------------------------------------------------------------------- in plain text


def test_a_table_with_a_line_for_each_cell_is_one() -> None:
    """Old formats and the clipboard give it so."""
    people = [
        ("長峰 小夜子", "1967/1/9", "090-1234-5678"),
        ("宇野 千早", "2000/11/2", "090-1234-5679"),
        ("岸 一馬", "1957/2/15", "090-1234-5670"),
    ]
    lines = ["No", "氏名", "生年月日", "連絡先", *(cell for n, person in enumerate(people, 1) for cell in (str(n), *person))]
    document = Document(Kit.of(Detection()), "")
    found = [*document.feed(Segment(Paragraph(1), "\n".join(lines), Role.BODY)), *document.finish()]
    assert [{hit.value for hit in record.hits} >= {*person} for record, person in zip(found, people, strict=True)] == [True] * 3


def test_labels_below_one_another_alone_are_no_table() -> None:
    document = Document(Kit.of(Detection()), "")
    text = "氏名\n生年月日\n連絡先\n以上の欄に記入して\n窓口へ2026/4/1までに\n出してください\n受付時間は\n9時から\n17時まで"
    assert not [*document.feed(Segment(Paragraph(1), text, Role.BODY)), *document.finish()]


def test_a_list_of_a_picture_whose_lines_have_tabs_here_and_blanks_there() -> None:
    lines = [
        "No 氏名\t生年月日\t電話番号",
        "1 長峰小夜子\t1984/7/4\t070-8408-6225",
        "2 宇野千早 1956/9/24\t080-1456-2613",
        "3 岸 一馬 1997/2/14\t070-8919-9855",
        "4 梶 奈津 1964/6/21\t070-6034-9665",
    ]
    document = Document(Kit.of(Detection()), "")
    found = [*document.feed(Segment(Page(1), "\n".join(lines), Role.OCR)), *document.finish()]
    assert [hit.value for record in found for hit in record.hits if hit.entity == "DATE_OF_BIRTH"] == [
        "1984/7/4",
        "1956/9/24",
        "1997/2/14",
        "1964/6/21",
    ]


@pytest.mark.parametrize(
    ("read", "meant"),
    [("カタヤマーカズコ", "カタヤマ\u3000カズコ"), ("コーヒーメーカー", "コーヒーメーカー"), ("オオノーケン", "オオノ\u3000ケン")],
)
def test_a_long_vowel_between_the_parts_of_a_reading_is_a_blank(read: str, meant: str) -> None:
    assert mend_ocr(read) == meant


def test_a_form_in_bands_on_a_page_is_about_one_person() -> None:
    bands = (
        "所属\t社員番号\t氏名\n総務部\t80508\t長峰　小夜子",
        "郵便番号\t電話番号\t携帯電話\n285-0837\t043-443-8125\t090-1234-5678",
        "部長\t課長\t担当\n\t松下\t千葉",
    )
    text = "\n\n\n".join(["休暇申請書", *bands, "以上"])
    document = Document(Kit.of(Detection()), "")
    found = [*document.feed(Segment(Page(1), text, Role.BODY)), *document.finish()]
    named = {(hit.entity, hit.value) for record in found for hit in record.hits}
    assert {("JP_POSTAL_CODE", "285-0837"), ("PHONE_NUMBER", "090-1234-5678"), ("PERSON", "松下"), ("PERSON", "千葉")} <= named
    (form,) = (record for record in found if any(hit.value == "長峰　小夜子" for hit in record.hits))
    assert "JP_POSTAL_CODE" in {hit.entity for hit in form.hits}
    assert all(text[hit.start : hit.end] == hit.value for record in found for hit in record.hits)


def test_a_blank_form_in_bands_says_nothing_of_anybody() -> None:
    text = "所属\t社員番号\t氏名\n\t\t\n\n郵便番号\t電話番号\n〒　　－\t（　　）　　－\n"
    document = Document(Kit.of(Detection()), "")
    assert not [*document.feed(Segment(Page(1), text, Role.BODY)), *document.finish()]


def test_the_signs_of_tables_sit_nowhere():
    rows = [["A卓", "B卓", "C卓"], ["田中進", "鎌倉慎一", "猫田清"], ["坂本弘", "沢田優喜", "黒川秀夫"], ["張麗華", "小池薫", "玉城朋三"]]
    found = {value for _, value in values(rows, sheet="席次")}
    assert "田中進" in found
    assert not {"A卓", "B卓", "C卓"} & found
