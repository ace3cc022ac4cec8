"""Family names alone of those who did something or are to be asked; foreign names over their dots; lists of names and numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Line, Segment, Table
from piiscan.settings import Detection


def names(piece: str | Sequence[Sequence[str]]) -> list[str]:
    document = Document(Kit.of(Detection()), "")
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    hits = [hit for record in (*document.feed(fed), *document.finish()) for hit in record.hits]
    return sorted({hit.value for hit in hits if hit.entity == "PERSON" and hit.score >= 0.5})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("担当：佐渡", ["佐渡"]),
        ("3階西病棟　受け持ち看護師：桑名", ["桑名"]),
        ("→ 1週間で送付と案内　（受：楊）", ["楊"]),
        ("末永くお幸せに！（記　髙﨑）", ["髙﨑"]),
        ("担当ケースワーカー　柏", ["柏"]),
        ("運転日報　3/11　乗務員 肥後", ["肥後"]),
        ("弊社楠対応", ["楠"]),
        ("当日は弊社東も同席いたします。", ["東"]),
        ("供花の取りまとめは総務部中野まで。", ["中野"]),
        ("※変更は店長朴まで（090-5867-5028）", ["朴"]),
    ],
)
def test_who_did_something_or_is_to_be_asked(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("うちのクラスの真壁は給食の牛乳を飲まない。", ["真壁"]),
        ("バイトの沖田、明日は来ません。", ["沖田"]),
        ("添乗員の水沢ですが、午後の便を代わってください。", ["水沢"]),
        ("整備士の鹿野が部品を取りに行った。", ["鹿野"]),
        ("倉庫の三浦から電話があった。", ["三浦"]),
        ("利用者の根本は午後に入浴した。", ["根本"]),
    ],
)
def test_behind_who_somebody_is(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "工場の出口は北側です。",
        "営業部の品川は手狭だ。",
        "倉庫の入口を塞がないでください。",
        "組合員の水田が浸水した。",
        "支店の横浜は休みです。",
        "患者のリンが低い。",
        "社員の健康が第一です。",
    ],
)
def test_what_a_kind_of_people_or_a_place_has_is_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "担当：経理",
        "対応：済",
        "受付：本館",
        "顧問　税務",
        "1号車 運転 中",
        "運転 中止",
        "会場 大宮",
        "担当：東京、大阪",
        "弊社東京支店も参加します。",
        "弊社製品もご覧ください。",
        "総務部本社まで",
        "当院神経内科までご連絡ください。",
    ],
)
def test_what_is_done_and_where_is_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("未成年のため特別代理人 グエン・ヴァン・アン弁護士が出席した。", ["グエン・ヴァン・アン"]),
        ("取締役　グエン ヴァン・アン　㊞", ["グエン ヴァン・アン"]),
        ("班長　サントス・カルロス（人事課）", ["サントス・カルロス"]),
        ("担当の長曽我部様にご連絡ください。", ["長曽我部"]),
    ],
)
def test_where_a_name_begins_and_ends(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_foreigner_in_a_list_of_a_cell() -> None:
    rows = [
        ["件名", "陳情者"],
        ["道路", "井上陽斗、シャルマ・ラジェシュ、浜野紀幸"],
        ["公園", "古家亮、高橋美穂"],
        ["学校", "真野恵子、福井博"],
    ]
    assert {"シャルマ・ラジェシュ", "井上陽斗", "浜野紀幸", "古家亮"} <= set(names(rows))


def test_family_names_beside_telephone_numbers() -> None:
    numbers = ["0176-88-2762", "0263-83-4234", "052-853-5802", "0985-86-2113", "045-380-7218", "075-671-6559"]
    people = ["泉", "藤井", "安永", "出雲", "蛭田", "仙波"]
    assert names([list(pair) for pair in zip(people, numbers, strict=True)]) == sorted(people)


def test_branches_beside_telephone_numbers() -> None:
    numbers = ["03-3288-2762", "03-3283-4234", "03-3285-5802", "03-3286-2113", "03-3280-7218", "03-3267-6559"]
    places = ["渋谷", "上野", "目黒", "品川", "千葉", "大宮"]
    assert names([list(pair) for pair in zip(places, numbers, strict=True)]) == []


def test_a_column_of_helpers() -> None:
    helpers = ["増井", "大塚", "目黒", "橘", "新垣", "猫田"]
    rows = [
        ["訪問日", "利用者", "担当ヘルパー"],
        *(["2026-02-25", f"嶋田{given}", who] for given, who in zip(["健", "舞", "翔", "葵", "恵", "誠"], helpers, strict=True)),
    ]
    assert set(helpers) <= set(names(rows))


@pytest.mark.parametrize("text", ["真宗　光明寺　檀家名簿", "様はお早めにご連絡ください。"])
def test_temples_and_polite_words(text: str) -> None:
    assert names(text) == []
