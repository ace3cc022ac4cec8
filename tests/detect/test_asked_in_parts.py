"""What a form asks for in parts, a line each (mails of web forms, XML and JSON of one person), beside what only looks so."""

from __future__ import annotations

import json

import openpyxl
import pytest

from piiscan.engine.api import inspect_file
from piiscan.settings import Settings


@pytest.fixture
def found(read_file):
    """Kinds and values of a file, and how many persons it names."""

    def look(text: str, name: str = "a.txt") -> tuple[list[tuple[str, str]], int]:
        report, revealed = read_file(text, name)
        return [(one.finding.entity, one.value) for one in revealed], report.persons.estimate

    return look


NAMES = [
    "姓：安田\n名：美咲\nセイ：ヤスダ\nメイ：ミサキ\n",
    "[ 姓 ] 安田\n[ 名 ] 美咲\n[ セイ ] ヤスダ\n[ メイ ] ミサキ\n",
    "お名前（姓）：安田\nお名前（名）：美咲\nフリガナ（姓）：ヤスダ\nフリガナ（名）：ミサキ\n",
    "姓：安田 名：美咲 セイ：ヤスダ メイ：ミサキ\n電話：090-1234-5678\n",
    "GET /form?sei=安田&mei=美咲 HTTP/1.1\nGET /form?sei_kana=ヤスダ&mei_kana=ミサキ HTTP/1.1\n",
    "■氏名（姓）\n安田\n■氏名（名）\n美咲\n■フリガナ（姓）\nヤスダ\n■フリガナ（名）\nミサキ\n",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_in_parts_is_one_person_with_its_reading(found, text):
    values, persons = found(text)
    assert [value for kind, value in values if kind == "PERSON"] == ["安田", "美咲", "ヤスダ", "ミサキ"]
    assert persons == 1


def test_names_that_are_places_and_words_are_those_of_persons_under_their_labels(found):
    assert found("姓：岐阜\n名：健\nメール：ken@example.jp\n") == (
        [("PERSON", "岐阜"), ("PERSON", "健"), ("EMAIL_ADDRESS", "ken@example.jp")],
        1,
    )


def test_parts_of_two_persons_names_stay_apart(found):
    assert found("保護者姓：安田\n保護者名：美咲\n児童姓：安田\n児童名：健太\n")[1] == 2


ADDRESSES = [
    "お名前：安田 美咲\n都道府県：東京都\n市区町村：千代田区\n番地：霞が関1-2-3\n",
    "お名前：安田 美咲\n[ 都道府県 ] 東京都\n[ 市区町村 ] 千代田区霞が関\n[ 丁目・番地 ] 1-2-3\n",
    "お名前：安田 美咲\n住所１：東京都千代田区\n住所２：霞が関1-2-3\n",
    "■お名前\n安田 美咲\n■都道府県\n東京都\n■市区町村\n千代田区霞が関\n■番地\n1-2-3\n",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_in_parts_is_one(found, text):
    assert found(text) == ([("PERSON", "安田 美咲"), ("JP_ADDRESS", "東京都千代田区霞が関1-2-3")], 1)


def test_a_building_below_a_whole_address_leaves_it_as_it_is(found):
    values, _ = found("お名前：安田 美咲\n住所：東京都千代田区霞が関1-2-3\n建物名：南ハイツ501\n")
    assert ("JP_ADDRESS", "東京都千代田区霞が関1-2-3") in values


def test_json_and_xml_of_one_person(found):
    person = {
        "name": "安田 美咲",
        "birth": {"year": 1980, "month": 4, "day": 12},
        "address": {"pref": "東京都", "city": "千代田区", "street": "霞が関1-2-3"},
    }
    values = [("PERSON", "安田 美咲"), ("DATE_OF_BIRTH", "1980年4月12日"), ("JP_ADDRESS", "東京都千代田区霞が関1-2-3")]
    assert found(json.dumps(person, ensure_ascii=False), "a.json") == (values, 1)
    xml = (
        "<?xml version='1.0'?><d><氏名><漢字>安田 美咲</漢字></氏名><生年月日><元号>昭和</元号><年>55</年><月>4</月><日>12</日></生年月日>"
        "<住所><都道府県>東京都</都道府県><市区町村>千代田区</市区町村><番地>霞が関1-2-3</番地></住所></d>"
    )
    assert found(xml, "a.xml") == ([values[0], ("DATE_OF_BIRTH", "昭和55年4月12日"), values[2]], 1)


@pytest.mark.parametrize(
    "text",
    [
        "都道府県：東京都\n市区町村：千代田区\n人口：67,000\n",
        "申請年月日\n元号：令和\n年：6\n月：4\n日：12\n",
        "ファイル名：report.txt\n品名：ねじ\n",
        "姓：画数12\n名：画数8\n",
    ],
)
def test_what_only_looks_so(found, text):
    assert found(text) == ([], 0)


ROWS = [
    "姓,安田",
    "名,美咲",
    "セイ,ヤスダ",
    "メイ,ミサキ",
    "都道府県,東京都",
    "市区町村,千代田区",
    "番地,霞が関1-2-3",
    "生年,1980",
    "生月,4",
    "生日,12",
]


def test_cells_of_a_form(found):
    values, persons = found("\n".join(ROWS) + "\n電話番号,090-1234-5678\n", "a.csv")
    assert persons == 1
    assert {("JP_ADDRESS", "東京都千代田区霞が関1-2-3"), ("DATE_OF_BIRTH", "1980年4月12日")} <= set(values)


def test_several_parts_in_a_row_of_a_form(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["氏名", "姓", "安田", "名", "美咲"],
        ["フリガナ", "セイ", "ヤスダ", "メイ", "ミサキ"],
        ["住所", "都道府県", "東京都", "市区町村", "千代田区"],
        ["", "番地", "霞が関1-2-3"],
        ["電話番号", "090-1234-5678"],
    ):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    report, revealed = inspect_file(tmp_path / "a.xlsx", Settings())
    assert report.persons.estimate == 1
    assert [one.value for one in revealed] == ["安田", "美咲", "ヤスダ", "ミサキ", "東京都千代田区霞が関1-2-3", "090-1234-5678"]


def test_cells_of_a_form_about_a_place(found):
    assert found("施設名,南公民館\n都道府県,東京都\n市区町村,千代田区\n面積,120\n開館,年,2001,月,4,日,1\n", "a.csv") == ([], 0)
