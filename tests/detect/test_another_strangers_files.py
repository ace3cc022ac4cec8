"""Kinds of files that the second blind share had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.samples import is_sample
from piiscan.detect.sensitive.forms import personal_form
from piiscan.model import Hit, Line, Segment, Table
from piiscan.settings import Detection


def hits(*pieces: str | Sequence[Sequence[str]], name: str = "") -> list[Hit]:
    document = Document(Kit.of(Detection()), name)
    fed = [Segment(Line(1), p) if isinstance(p, str) else Table("s", tuple(map(tuple, p))) for p in pieces]
    records = [record for piece in fed for record in document.feed(piece)]
    return [hit for record in (*records, *document.finish()) for hit in record.hits]


def sensitive(*pieces: str | Sequence[Sequence[str]], name: str = "") -> set[str]:
    return {hit.entity.removeprefix("JP_SENSITIVE_") for hit in hits(*pieces, name=name) if hit.entity.startswith("JP_SENSITIVE_")}


def names(*pieces: str | Sequence[Sequence[str]]) -> list[str]:
    return [hit.value for hit in hits(*pieces) if hit.entity == "PERSON"]


PEOPLE = ("山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 陽子")


def table(header: str, *rest: str) -> list[list[str]]:
    """Four people under 氏名 and the same further cells for each."""
    return [["氏名", *header.split()], *[[who, *rest] for who in PEOPLE]]


@pytest.mark.parametrize(
    ("header", "rest"),
    [
        ("業績評価 能力評価 総合判定 所見", ("A", "B", "A", "後輩の指導に熱心")),
        ("試験名 得点 判定", ("簿記2級", "80", "合格")),
        ("検定 結果", ("英検準1級", "不合格")),
        ("製品 検査結果 処置内容", ("歯車", "寸法不良", "再加工")),
        ("日付 体温 手洗い", ("5/1", "36.4", "○")),
        ("障害 対応", ("サーバ障害", "再起動")),
        ("案件 病院名 診療科", ("装置の納入", "中央病院", "放射線科")),
        ("休職理由 開始", ("育児のため", "2026/4/1")),
    ],
)
def test_general_columns_are_not_about_health(header, rest):
    assert not sensitive(table(header, *rest))


@pytest.mark.parametrize(
    ("header", "rest", "title", "kind"),
    [
        ("判定 所見", ("C", "軽度の異常あり"), "定期健康診断 結果一覧", "CHECKUP_RESULT"),
        ("来院日 診療科 処置内容", ("2026/4/1", "整形外科", "関節内注射"), "患者一覧", "MEDICAL_CARE"),
        ("障害 対応", ("知的障害", "個別指導"), "", "DISABILITY"),
        ("休職理由 開始", ("適応障害", "2026/4/1"), "", "MEDICAL_HISTORY"),
        ("区分 学校名", ("アイヌ民族", "例示大学"), "", "RACE"),
    ],
)
def test_general_columns_where_document_or_values_are_about_health(header, rest, title, kind):
    assert kind in sensitive(table(header, *rest), name=title)


def test_an_appraisal_and_a_school_report_are_no_checkup():
    assert not sensitive("人事評価シート\n氏名：山田太郎\n総合判定：A\n所見：着実に成果を上げた")
    assert not sensitive([["児童氏名", "山田 太郎"], ["学年", "4年"], ["総合所見", "友達と協力しました。"], ["担任", "佐藤"]])
    assert "CHECKUP_RESULT" in sensitive("健康診断個人票\n氏名：山田太郎\n総合判定：D")


def test_the_form_that_nobody_filled_in():
    rows = [
        ["ア 心臓・血圧", "狭心症、心筋こうそく、高血圧症", "イ 精神・神経", "うつ病、神経症、てんかん"],
        ["ウ がん", "白血病、肉腫、悪性リンパ腫", "「はい」の場合", "病名：　　　　医療機関名："],
    ]
    assert not hits("告知書（記入用）\n被保険者氏名：\n生年月日：", rows)
    assert not personal_form("告知書（記入用）\n被保険者氏名：\n生年月日：")


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("氏名　〇〇　太郎　㊞", "〇〇　太郎", "PERSON"),
        ("氏名　○○　花子", "花子", "PERSON"),
        ("性別　男・女", "男・女", "PERSON"),
        ("お迎えはおばあちゃんです", "おばあちゃん", "PERSON"),
        ("〇〇市〇〇町〇丁目〇番〇号", "〇〇市〇〇町〇丁目〇番〇号", "JP_ADDRESS"),
        ("在留カード番号（例：UH12345678ES）", "UH12345678ES", "JP_RESIDENCE_CARD"),
        ("番号 e.g. 1234 5678 9018", "1234 5678 9018", "JP_MY_NUMBER"),
    ],
)
def test_samples(text, value, entity):
    start = text.index(value)
    assert is_sample(entity, text, start, start + len(value))


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("氏名　山田　太郎　㊞", "山田　太郎", "PERSON"),
        ("東京都千代田区麹町一〇番二〇号", "東京都千代田区麹町一〇番二〇号", "JP_ADDRESS"),
        ("事例の担当者は山田太郎", "山田太郎", "PERSON"),
        ("症例：田中一郎 56歳 男性", "田中一郎", "PERSON"),
        ("例えば山田花子さんの場合", "山田花子", "PERSON"),
        ("母方の祖父 山田太郎", "山田太郎", "PERSON"),
    ],
)
def test_no_samples(text, value, entity):
    start = text.index(value)
    assert not is_sample(entity, text, start, start + len(value))


def test_the_first_pair_of_a_form_is_no_header():
    rows = [["氏名", "星 実"], ["居室", "52号"], ["宗教", "キリスト教信者。ミサに参加を希望。"], ["食事", "制限なし"], ["担当", "大槻"]]
    assert "CREED" in sensitive(rows)
    assert names(rows)[0] == "星 実"


def test_titles_of_professions_are_no_part_of_a_name():
    rows = [["氏名", "主治医"], ["山田 太郎", "柳沢医師"], ["佐藤 花子", "阿久津医師"], ["鈴木 一郎", "海野医師"]]
    assert names(rows) == ["山田 太郎", "柳沢", "佐藤 花子", "阿久津", "鈴木 一郎", "海野"]


def test_the_given_name_in_brackets_behind_a_family_name():
    found = [
        hit
        for hit in hits([["保護者", "電話"], ["谷中（美穂）", "090-1234-5678"], ["堀口（健一）", "090-1234-5679"]])
        if hit.entity == "PERSON"
    ]
    assert [hit.value for hit in found] == ["谷中", "美穂", "堀口", "健一"]
    assert len({hit.norm for hit in found}) == 2


def test_a_name_and_its_mail_address_in_one_cell():
    rows = [["役職", "メール"], ["班長", "山田 太郎 <yamada@example.jp>"], ["会計", "佐藤 花子 <sato@example.jp>"]]
    assert names(rows) == ["山田 太郎", "佐藤 花子"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Employee: Hanako Sato\nHanako was diagnosed with multiple sclerosis.", {"MEDICAL_HISTORY"}),
        ("Employee: Hanako Sato\nShe was hospitalized in March and takes medication.", {"MEDICAL_CARE"}),
        ("Contact: Taro Yamada\nSymptoms of depression include low mood. If you have diabetes, ask your doctor.", set()),
    ],
)
def test_english_personnel_files(text, kinds):
    assert sensitive(text) == kinds


def test_ms_sato_is_hanako_sato():
    found = hits("Employee: Hanako Sato\nMs. Sato is on leave since March. Ms. Sato lives in Tokyo.")
    assert len({hit.norm for hit in found if hit.entity == "PERSON"}) == 1


def test_a_card_of_labels_that_no_list_has_is_one_form():
    rows = [
        ["実施日", "2026年3月18日", "面接対象", "荻野 樹"],
        ["医師", "水島 ゆかり", "同席", "なし"],
        ["時間外", "月4時間", "お話の内容", "心療内科に通院中で適応障害の診断。"],
    ]
    document = Document(Kit.of(Detection()), "産業医面談記録.docx")
    fed = [Segment(Line(1), "産業医面談記録\n対象者：荻野 樹"), Table("s", tuple(map(tuple, rows)))]
    records = [*(record for piece in fed for record in document.feed(piece)), *document.finish()]
    assert len(records) == 1
    assert {"PERSON", "JP_SENSITIVE_MEDICAL_HISTORY"} <= {hit.entity for hit in records[0].hits}
