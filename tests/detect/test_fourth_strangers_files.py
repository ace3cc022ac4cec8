"""Kinds of texts that two further strangers' shares had (docs/detection.md), with other people: each rule with what it must leave alone."""

from __future__ import annotations

import pytest

from piiscan.catalogue import load_catalogue
from piiscan.detect.names.recognizer import NameRecognizer
from piiscan.detect.sensitive.recognizer import SensitiveRecognizer

_REPORTED = 0.5


@pytest.fixture(scope="module")
def names() -> NameRecognizer:
    return NameRecognizer()


@pytest.fixture(scope="module")
def sensitive() -> SensitiveRecognizer:
    return SensitiveRecognizer(load_catalogue())


def found(names: NameRecognizer, text: str) -> list[str]:
    return [text[r.start : r.end] for r in names.analyze(text) if r.score >= _REPORTED]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        # lists with points, and what ends them
        ("出席：黒川・日向・今・山辺・楠　欠席：下地（出張）", ["黒川", "日向", "今", "山辺", "楠", "下地"]),
        ("参加　三沢・時任・内藤　ファシリ 金城", ["三沢", "時任", "内藤", "金城"]),
        ("給食当番B：黄・畠・藤岡・坂上・荒木・北川", ["黄", "畠", "藤岡", "坂上", "荒木", "北川"]),
        ("担当保育士　森田・古川", ["森田", "古川"]),
        ("参加者 南・猪狩・石原・山口", ["南", "猪狩", "石原", "山口"]),
        ("SVへ転送（中森・岡山）", ["中森", "岡山"]),
        # behind a task, a rank, a note; before an absence
        ("放課後デイひだまり（担当 楠）", ["楠"]),
        ("後期所見（下書き・上野）", ["上野"]),
        ("対応者 五島 陽斗（通訳 シン・ラジ）", ["五島 陽斗", "シン・ラジ"]),
        ("合鍵1　→ 轟（当社）", ["轟"]),
        ("※変更は必ず本間まで", ["本間"]),
        ("集金係→浜（現金のみ）", ["浜"]),
        ("（前任 高梨→後任 東）", ["高梨", "東"]),
        ("今号から担当が水野に替わりました", ["水野"]),
        ("矢野豊 有休\n栗野 壮太 有休", ["矢野豊", "栗野 壮太"]),
        ("副店長宮崎が通報。支店長石黒が訪問した。", ["宮崎", "石黒"]),
        ("安全衛生課長　岩田 孝之", ["岩田 孝之"]),
        ("城課長は乗り気とのこと。", ["城"]),
        ("お客様センター橘でございます。", ["橘"]),
        ("カスタマーセンターの平井でございます。", ["平井"]),
        ("出席者：町村部長、野村課長、戸村、丸山（記録）", ["町村", "野村", "戸村", "丸山"]),
        ("谷村 090-2851-4021↓", ["谷村"]),
        ("薬剤服用歴　神田薬剤師", ["神田"]),
        ("集金：班長 神", ["神"]),
        ("故 劉 洋 儀 葬儀", ["劉 洋"]),
        # titles
        ("内科再診 Dr.佐野", ["佐野"]),
        ("当直　知念Dr", ["知念"]),
        ("折り返し：岡村様TEL 03-1234-5678", ["岡村"]),
        ("関根幸子様来社", ["関根幸子"]),
        ("・樹くん、浩さん、清さん　→　図書係", ["樹", "浩", "清"]),
        ("3/10 14:31 ジョウ様 4名", ["ジョウ"]),
        ("SOK DARAさん（カンボジア）", ["SOK DARA"]),
        ("イェンセン・セーレンさん（生産管理）", ["イェンセン・セーレン"]),
        # the family
        ("妻 学は昨年転出。長女（七海・高2）と二人。", ["学", "七海"]),
        ("└─孫 一郎", ["一郎"]),
        ("新郎 長坂　拓也（父 長坂 健太・母 長坂　茂）", ["長坂　拓也", "長坂 健太", "長坂　茂"]),
        ("調査官 和泉　付添人 鹿野典子", ["和泉", "鹿野典子"]),
        ("19:31\t岩田母\tすみません、欠席します", ["岩田"]),
        # readings, former names, what was named before
        ("三好 杏奈（みよし あんな）", ["三好 杏奈", "みよし あんな"]),
        ("宍戸衡子（蓮實）", ["宍戸衡子", "蓮實"]),
        ("ふりがな　おざわ よしお", ["おざわ よしお"]),
        ("カナ：ﾅﾝﾊﾞｲﾂｷ", ["ﾅﾝﾊﾞｲﾂｷ"]),
        ("れんらくちょう　うさぎ組　やまな ゆい", ["やまな ゆい"]),
        ("1　田野 薫は自動車を取得する。\n相続人　田野 薫、同　久保 浩は協議した。", ["田野 薫", "田野 薫", "久保 浩"]),
        ("出席：楠、岡部　欠席：猪俣\n　楠：岡部さんのところで応援を出せないか。", ["楠", "岡部", "猪俣", "楠", "岡部"]),
        ("　　原　　告　　近　藤　智　子", ["近　藤　智　子"]),
        # abroad, and between machines
        ("Table 1: Dmitri Petrov (Chair), Robert James Thompson", ["Dmitri Petrov", "Robert James Thompson"]),
        ("Dear Mariana Alves Costa,", ["Mariana Alves Costa"]),
        ("137   Willem van Dijk         GHA", ["Willem van Dijk"]),
        ("  1.INUI/SHINICHI MR   2.ONISHI/HIROSHI MS", ["INUI/SHINICHI", "ONISHI/HIROSHI"]),
        ("PID|1||4615566^^^^PI||上田^湊||19620718|M|ウエダ^ミナト||^^上越市", ["上田", "湊", "ウエダ", "ミナト"]),
        (r"path=\\fs01\人事\考課\大森ゆかり.xlsx", ["大森ゆかり"]),
    ],
)
def test_surroundings_that_give_a_name_away(names: NameRecognizer, text: str, persons: list[str]) -> None:
    assert found(names, text) == persons


@pytest.mark.parametrize(
    "text",
    [
        "配送先：千葉・松本・長野・山口",
        "見どころ：東・西・南・北",
        "仕様変更と模様替えは同様に、皆様全員へ多様な様式で。",
        "前部長、新社長、元課長、同係長は出席。",
        "故障と事故の報告は本部まで。",
        "担当が変更に、担当は未定です。",
        "「鶴ちゃんのプッツン」に出演。",
        "JUDY AND MARYの曲",
        "at John Hopkins University Hospital in",
        "項　　目　的",
        "店長でございます。",
        "北海道/沖縄 MISSION",
        "連絡帳（うさぎ組）、名簿（本部）、予定（東京）",
        "社長室は3階、部長会議は10時から。",
        "議題：予算を見直す。\n結論：次回に決めます。",
    ],
)
def test_what_looks_like_such_surroundings(names: NameRecognizer, text: str) -> None:
    assert found(names, text) == []


@pytest.mark.parametrize(
    ("entity", "header", "cell", "value"),
    [
        ("JP_SENSITIVE_CREED", "檀家番号", "142", "142"),
        ("JP_SENSITIVE_MEDICAL_HISTORY", "病名", "142", None),
        ("JP_SENSITIVE_CHECKUP_RESULT", "最近の健康診断日血圧", "2018/2/22\n118～70", "118～70"),
        ("JP_SENSITIVE_CHECKUP_RESULT", "最近の健康診断日血圧", "2018/2/22\n", None),
    ],
)
def test_cells_that_say_something_sensitive(sensitive: SensitiveRecognizer, entity: str, header: str, cell: str, value: str | None) -> None:
    match = sensitive.cell(entity, header, cell)
    assert (match and cell[match.start : match.end]) == value


@pytest.mark.parametrize(
    ("header", "entity"),
    [
        ("前回来院日", "JP_SENSITIVE_MEDICAL_CARE"),
        ("党員番号", "JP_SENSITIVE_CREED"),
        ("入党年月日", "JP_SENSITIVE_CREED"),
        ("現在の健康状態", "JP_SENSITIVE_MEDICAL_HISTORY"),
        ("会員番号", None),
        ("来店日", None),
    ],
)
def test_headers_that_name_something_sensitive(sensitive: SensitiveRecognizer, header: str, entity: str | None) -> None:
    kind = sensitive.column_kind(header)
    assert (kind and kind[0]) == entity


@pytest.mark.parametrize("illness", ["手足口病", "ヘルパンギーナ", "溶連菌", "水ぼうそう", "胃腸炎", "とびひ"])
def test_illnesses_of_children(sensitive: SensitiveRecognizer, illness: str) -> None:
    text = f"9月3日　和子さん\n昨夜から熱が出て、小児科で{illness}と言われました。"
    assert {r.entity_type for r in sensitive.analyze(text)} == {"JP_SENSITIVE_MEDICAL_HISTORY"}
    assert not sensitive.analyze(f"{illness}の予防には手洗いが大切です。")


@pytest.mark.parametrize("text", ["とびひざ蹴りをした健太さん", "12:00 健太さん 4名 アレルギー確認忘れずに", "健太さんはいつわりを言った"])
def test_parts_of_other_words_are_no_illness(sensitive: SensitiveRecognizer, text: str) -> None:
    assert not sensitive.analyze(text)
