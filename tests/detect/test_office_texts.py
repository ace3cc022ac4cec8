"""What was missed or wrongly found in invented office texts of kinds that no other test has."""

from __future__ import annotations

import pytest

import piiscan


def found(text: str, *entities: str) -> list[str]:
    return [text[f.start : f.end] for f in piiscan.analyze_text(text) if not entities or f.entity in entities]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("北海道札幌市中央区北1条西2丁目", ["北海道札幌市中央区北1条西2丁目"]),
        ("送付先：北海道札幌市中央区北1条西2丁目\n旭川市6条通9丁目46番地", ["北海道札幌市中央区北1条西2丁目", "旭川市6条通9丁目46番地"]),
        ("札幌市中央区北1条西2丁目にある市役所", []),
        ("札幌市中央区南1条西5丁目の交差点で工事を行う", []),
        ("神奈川県横浜市\n西区みなとみらい2-3-4", ["神奈川県横浜市\n西区みなとみらい2-3-4"]),
    ],
)
def test_addresses(text, values):
    assert found(text, "JP_ADDRESS") == values


@pytest.mark.parametrize("text", ["木村の母は認知症で、施設に入っている。", "田中の父親は糖尿病を患っている。"])
def test_an_illness_in_the_family_of_somebody_named(text):
    assert [f.entity for f in piiscan.analyze_text(text)] == ["PERSON", "JP_SENSITIVE_MEDICAL_HISTORY"]


@pytest.mark.parametrize("text", ["社員の母は糖尿病が多い。", "木村の母は認知症患者の会を主宰している。"])
def test_an_illness_of_nobody_in_a_family(text):
    assert not found(text, "JP_SENSITIVE_MEDICAL_HISTORY")


def test_a_name_with_room_for_each_character():
    assert found("氏　名　桑 原 英 二\n平成 3 年 2 月 28 日生（満 35 歳） 男", "PERSON") == ["桑 原 英 二"]
    assert not found("電 話 番 号\n現 住 所", "PERSON")


def test_a_roster_of_days_under_names():
    text = "11月 シフト表\n氏名 1日 2日 3日 4日 5日\n佐野 早 早 休 遅 遅\n鬼頭 休 遅 遅 早 早\n青柳 遅 休 早 早 休"
    assert found(text, "PERSON") == ["佐野", "鬼頭", "青柳"]


def test_a_label_beside_its_name_is_no_header():
    text = "ふりがな かじたに ゆうこ\n氏名 梶谷 優子\n性別 女 回答なし\n国籍 日本 なし\n"
    assert "梶谷 優子" in found(text, "PERSON")


def test_no_figures_in_a_name():
    text = (
        "6:00 車番 足立 100 か 12-34 運転者 真壁 アルコール 0.00 体調 良\n6:10 車番 足立 130 あ 55-66 運転者 宇佐美 アルコール 0.00 体調 良"
    )
    assert all(name in {"真壁", "宇佐美"} for name in found(text, "PERSON"))


def test_the_number_of_a_king_belongs_to_the_name():
    assert found("国王ヘンリー8世はアン・ブーリンと結婚した。", "PERSON") == ["ヘンリー8世", "アン・ブーリン"]


def test_places_are_no_persons():
    assert not found("See pages 10-12 for Osaka, Kyoto.", "PERSON")


def test_dates_of_a_bank_statement_are_no_births():
    rows = [f"2026-10-{day:02},{day}000,,101,振込,{900000 - day}" for day in range(10, 22)]
    assert not found("年月日,お支払金額,お預り金額,取扱店,お取引内容,残高\n" + "\n".join(rows), "DATE_OF_BIRTH")
    births = [f"{name},子,{year}-04-0{i}" for i, (name, year) in enumerate((("山田太郎", 1950), ("鈴木花子", 1971), ("佐藤健", 1990)), 1)]
    assert len(found("氏名,続柄,年月日\n" + "\n".join(births), "DATE_OF_BIRTH")) == 3


def test_a_password_that_everybody_is_to_change_is_none():
    assert not found("初期パスワードは 0000 です。必ず変更してください。", "CREDENTIAL")
    assert found("初期パスワードは k7Pq-92xz です。", "CREDENTIAL") == ["k7Pq-92xz"]
