"""Family names that few bear, or that are words and places too, where their place says that somebody is meant; each beside what looks the same."""

from __future__ import annotations

import pytest

from piiscan.detect.names.recognizer import NameRecognizer

_RECOGNIZER = NameRecognizer()


def _names(text: str) -> list[str]:
    return [text[r.start : r.end] for r in _RECOGNIZER.analyze(text) if r.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("小鳥遊課長同行で県庁へ", ["小鳥遊"]),
        ("施工会社の道祖土氏が説明した。", ["道祖土"]),
        ("王先生の補講に出る。", ["王"]),
        ("在庫なし、王様へ連絡", ["王"]),
        ("出雲様 会費", ["出雲"]),
        ("百目鬼様邸改修工事　工程表", ["百目鬼"]),
        ("上司の乾課長へ説明済。", ["乾"]),
        ("山科総務課長は出席した", ["山科"]),
        ("黒田組の源さんが来る", ["源"]),
        ("団員サントスが先に着いた", ["サントス"]),
        ("職員新妻が立ち会った", ["新妻"]),
    ],
)
def test_before_and_behind_a_title(text: str, wanted: list[str]) -> None:
    assert set(wanted) <= set(_names(text))


@pytest.mark.parametrize(
    "text",
    [
        "王様の耳はロバの耳",
        "神様へのお願い",
        "千葉営業課長の会議",
        "うちの猫さんが",
        "会社の皆さんへ",
        "団員ミーティングは八時",
        "店員ロボットが運ぶ",
        "職員大会が開かれた",
        "職員全員が出席",
    ],
)
def test_titles_beside_nobody(text: str) -> None:
    assert _names(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("出席者：岡、林田\n欠席者：台\n1. 議題", ["岡", "林田", "台"]),
        ("日直：茨木", ["茨木"]),
        ("巡回担当　轟", ["轟"]),
        ("到着 9:02（隊長 辻元）", ["辻元"]),
        ("申送り　記録：柏Ns", ["柏"]),
        ("日勤の下山に引き継いだ。", ["下山"]),
        ("班長の御手洗から指示があった。", ["御手洗"]),
        ("次回調整　道祖土記", ["道祖土"]),
        ("所見下書き（2年3組）　丸山\n番号", ["丸山"]),
    ],
)
def test_beside_a_task(text: str, wanted: list[str]) -> None:
    assert _names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "欠席者：無",
        "欠席者：有",
        "出席：可",
        "日直：当番表",
        "店員の方が",
        "夜勤の方が来る",
        "世界旅行記",
        "（2年3組）　遠足",
        "（住職 不在）",
    ],
)
def test_tasks_beside_nobody(text: str) -> None:
    assert _names(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("上へ回す（我孫子・菊地）", ["我孫子", "菊地"]),
        ("19:00 馬場→横田", ["馬場", "横田"]),
        ("PT 小谷　OT 富沢　ST 台", ["小谷", "富沢", "台"]),
        ("班長　1班 道下　2班 榊　3班 高塚", ["道下", "榊", "高塚"]),
        ("班長　1班 長　2班 宇都宮　3班 堀尾", ["長", "宇都宮", "堀尾"]),
        ("地区長　1区 城／2区 小幡／3区 池上", ["城", "小幡", "池上"]),
        ("金→在庫確認、中沢→図面", ["金", "中沢"]),
    ],
)
def test_among_names(text: str, wanted: list[str]) -> None:
    assert _names(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["1階 売店　2階 食堂　3階 倉庫", "1組 東　2組 西　3組 南", "中→大に変更、前→後ろに", "上野→大宮", "切替（東・西）"],
)
def test_lists_of_nobody(text: str) -> None:
    assert _names(text) == []


def test_the_head_of_a_city_is_not_named_as_the_city_is() -> None:
    assert _names("提出先　石垣市長") == []
    assert _names("令和8年5月7日　菊池市長") == []
    assert _names("市長の石垣が答えた") == ["石垣"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("長男（めぐみ、高2）は通学を続けている", ["めぐみ"]),
        ("きょうだい　3年2組 あゆみ", ["あゆみ"]),
        ("きょうだい　3年2組 勇", ["勇"]),
        ("2校時　1-2 平田舞　体育で捻挫", ["平田舞"]),
        ("2校時　1-2 平田 舞　体育で捻挫", ["平田 舞"]),
    ],
)
def test_of_a_class_or_family(text: str, wanted: list[str]) -> None:
    assert _names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "3年2組 みんな",
        "3年2組 東",
        "4年1組 音楽",
        "長男（うつ、高2）",
        "2校時　1-2 体育館　見学",
        "図1-2 測定結果　平均",
    ],
)
def test_classes_and_families_beside_nobody(text: str) -> None:
    assert _names(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("参加者サイン　薄井、関、寺田、金、櫻井", ["薄井", "関", "寺田", "金", "櫻井"]),
        ("次回は20日に見積持参。金も同行。", ["金"]),
        ("少年　窪田 隆　H22.11.22生　高校2年", ["窪田 隆"]),
        ("予約は龍﨑様です", ["龍﨑"]),
        ("曜日：月、火、水、木、金", []),
        ("月・水・金", []),
        ("色：金、銀、白", []),
        ("金 3,000円", []),
    ],
)
def test_a_family_name_that_is_money_and_a_day(text: str, wanted: list[str]) -> None:
    assert _names(text) == wanted
