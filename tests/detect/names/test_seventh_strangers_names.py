"""Names as the seventh stranger's files have them (docs/detection.md): each rule with what it must leave alone. All people are invented."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.cells import judge
from piiscan.model import Line, Segment, Table
from piiscan.settings import Detection


def names(piece: str | Sequence[Sequence[str]]) -> list[str]:
    document = Document(Kit.of(Detection()), "")
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table("s", tuple(map(tuple, piece)))
    hits = [hit for record in (*document.feed(fed), *document.finish()) for hit in record.hits]
    return sorted({hit.value for hit in hits if hit.entity == "PERSON" and hit.score >= 0.5})


# ------------------------------------------------------------------------ cells


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("横田様奥様", "横田"),
        ("横田様ご主人", "横田"),
        ("小野寺奥様", "小野寺"),
        ("小野寺様のご家族", "小野寺"),
        ("介護士 三枝", "三枝"),
        ("訪問看護師 大森", "大森"),
    ],
)
def test_who_belongs_to_somebody_or_what_he_is_stands_outside_the_name(cell, name):
    judged = judge(cell)
    assert judged.score >= 0.4
    assert cell[judged.start : judged.end] == name


@pytest.mark.parametrize("cell", ["山下・岡本", "グエン・森", "森田・轟"])
def test_a_point_beside_kanji_parts_two_people(cell):
    assert judge(cell).score < 0.1


@pytest.mark.parametrize("cell", ["林・建国", "マリア・ロペス"])
def test_a_point_inside_one_name_parts_nothing(cell):
    assert judge(cell).score >= 0.6


def test_two_interviewers_in_a_cell_are_two():
    table = [
        ["氏名", "面接官", "評価"],
        ["藤村 洋子", "山下・岡本", "A"],
        ["小川 正", "森田・轟", "B"],
        ["柳沢 恵子", "グエン・大谷", "A"],
        ["滝田 純", "杉山・和泉", "C"],
    ]
    found = names(table)
    assert {"山下", "岡本", "森田", "轟", "グエン", "大谷", "杉山", "和泉"} <= set(found)
    assert not any("・" in name for name in found)


@pytest.mark.parametrize("cell", ["匿名希望", "名無し", "取扱者", "東北農試", "共用"])
def test_words_where_a_name_would_stand(cell):
    assert judge(cell).score < 0.1


def test_a_row_of_unknown_words_heads_a_table_of_crops():
    table = [["作物", "品種", "育成地", "登録年"], ["稲", "はるか", "宮崎", "1991"], ["稲", "ひかり", "福島", "1984"], ["梨", "大和", "千葉", "2001"], ["桃", "高砂", "石川", "1999"]]  # fmt: skip
    assert names(table) == []


@pytest.mark.parametrize("header", ["店舗", "テナント", "王朝", "起点", "代理店"])
def test_headers_of_what_bears_names_and_is_nobody(header):
    assert names([["番号", header], ["1", "ルイ・モロー"], ["2", "高砂"], ["3", "ロマノフ"], ["4", "アラン・ベネット"]]) == []


# -------------------------------------------------------------- roles, ranks, titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("除去食の確認（担任小暮）をお願いします。", ["小暮"]),
        ("出動　分団長王、班長石渡、ほか3名", ["王", "石渡"]),
        ("答弁　副市長西園寺、教育次長", ["西園寺"]),
        ("例示クリニック　院長濵田先生　検診の件", ["濵田"]),
        ("例示工業さん　西専務は留守でした。", ["西"]),
        ("・中田課長同行で県庁へ行く", ["中田"]),
        ("要望：モラレス常務がもっと現場に来てほしい。", ["モラレス"]),
        ("概要　陳副總より説明があった。", ["陳"]),
        ("夜は黄董事長の招きで会食。", ["黄"]),
        ("団体戦は大将で主将の東が踏ん張った。", ["東"]),
    ],
)
def test_names_glued_to_a_rank_or_a_role(text, expected):
    assert set(expected) <= set(names(text))
    assert not any(len(name) > len(longest) for name in names(text) for longest in [max(expected, key=len)] if longest in name)


@pytest.mark.parametrize(
    "text",
    [
        "部長会、課長会議、市長選の日程を決める。",
        "課長級が集まる。社長室の前。",
        "市長の南部訪問。司会進行は未定。",
        "新社長、前専務、元教授が出席。",
        "北支店長の席は空いている。",
        "団員一同、コーチ陣は待機。監督官が来た。",
        "観測は三宅坪、八丈島。",
    ],
)
def test_ranks_and_roles_with_other_words(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("リレーのアンカー大輝くん、転んでも走りました。", ["大輝"]),
        ("砂場でひかりくんと遊びました。", ["ひかり"]),
        ("3階の神さんからも同じ話あり。", ["神"]),
        ("21時　7Fの辻元先生まだ在室", ["辻元"]),
        ("19:06 翔ちゃんママありがとう", ["翔"]),
        ("林 佩君 経理担当", ["林 佩君"]),
    ],
)
def test_titles_behind_given_and_rare_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text", ["大さん橋に着岸した。", "長崎ちゃんぽん本舗で昼食。", "みなさん、お集まりください。", "皆さん橋を渡る。", "燻製くん製品の案内"]
)
def test_words_that_look_like_titles(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("担当　ウィジャヤ、王\n", ["ウィジャヤ", "王"]),
        ("11月27日　当直　守谷・藤村\n", ["守谷", "藤村"]),
        ("調査官　出雲　裁判官は未定", ["出雲"]),
        ("（教務 角）", ["角"]),
    ],
)
def test_lists_behind_a_unit_or_a_task(text, expected):
    assert names(text) == expected


# ------------------------------------------------------------------------ beside


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("奥様の栞さんも音楽を？", ["栞"]),
        ("娘の凛が発表会に出ます。", ["凛"]),
        ("お母様のトメ様は、毎朝いちばんに来られます。", ["トメ"]),
        ("母子世帯。長男大和小2。就労収入あり。", ["大和"]),
        ("「きのうの森って人を出せ」。森は休み。", ["森"]),
        ("弊社楊（Yang）も喜んでおります。", ["楊"]),
        ("供花は増田まで。", ["増田"]),
        ("監査役として新任大沼舞の選任を承認した。", ["大沼舞"]),
        ("3組 中本=卵・そば\n2組 大沢=乳\n", ["中本", "大沢"]),
    ],
)
def test_what_stands_beside_a_name(text, expected):
    assert set(expected) <= set(names(text))


@pytest.mark.parametrize(
    "text",
    [
        "母の愛が伝わる。父の力が要る。",
        "娘の手が冷たい。夫の心が",
        "山は休みが多い。本日は休み。",
        "後任の件は未定。新任研修の案内。",
        "弊社製品（Type A）を使う。",
    ],
)
def test_what_is_said_of_no_name(text):
    assert names(text) == []


# ----------------------------------------------------------------- lines of a text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("どうぞよろしくお願いします。\n\n潤拝\n", "潤"),
        ("22日で確定できました。\n潤.\n\n-----Original Message-----\n", "潤"),
        ("必ず生年月日を確認してください。\n平川\n", "平川"),
        ("必ず生年月日を確認してください。\r\nモラレス", "モラレス"),
        ("Please handle it.\n\nBest,\nShinobu\n", "Shinobu"),
    ],
)
def test_who_signs_with_one_name(text, expected):
    assert expected in names(text)


@pytest.mark.parametrize(
    "text",
    ["以上で終わります。\n以上\n", "次の地区を回ります。\n千葉\n\n駅前で配布する。", "Thank you,\nMarketing\n", "会議は9時です。\n議題\n"],
)
def test_last_lines_that_are_no_signature(text):
    assert names(text) == []


def test_who_signs_a_card_with_others():
    text = "お世話になりました。　潤\nまた飲みに行きましょう笑　　津島\n福岡でもお元気で！　大沢\n"
    assert names(text) == ["大沢", "津島", "潤"]


def test_authors_with_marks_of_footnotes():
    assert names("Authors: Ichiro Ishiyama1*, Yui Shindo2, Yuko Shiga1\n") == ["Ichiro Ishiyama", "Yui Shindo", "Yuko Shiga"]
    assert names("著者：石山一郎1）、進藤結衣2）、西村湊1）\n") == ["石山一郎", "西村湊", "進藤結衣"]


def test_lists_of_single_words_in_latin_letters():
    assert names("Third-party: Kafka, Jenkins, Hudson, Mercury, Julia, Ruby, Ada, Pascal\n") == []
    assert names("Contact: Suzuki, Ken\n") == ["Suzuki, Ken"]


INTERVIEW = "――お生まれは。\n{a}　佐渡です。父は漁師でした。\n――音楽との出会いは。\n{a}　高校の先輩に教わりました。\n――ご家族も？\n{a}　うちはみな聴くだけです。\n"


@pytest.mark.parametrize("family", ["神崎", "楊", "モラレス"])
def test_speakers_of_an_interview(family):
    assert names(INTERVIEW.format(a=family)) == [family]


def test_lines_that_begin_with_whole_names_are_no_interview():
    assert names("佐藤　健は来ました。\n佐藤　愛は休みです。\n") == ["佐藤　健", "佐藤　愛"]
    assert names("神社　お参りします。\n神社　きれいな所です。\n") == []


@pytest.mark.parametrize("row", ["土居 モラレス 柳原 入江", "柚木 金 龍﨑 永田"])
def test_rows_of_family_names(row):
    assert set(names(f"来た人→{row}\n次回は12月\n")) == set(row.split())


@pytest.mark.parametrize("row", ["東京 大阪 福岡 千葉", "新宿 渋谷 池袋 上野", "氏名 住所 電話 備考"])
def test_rows_of_other_words(row):
    assert names(f"{row}\n次の行です\n") == []


def test_a_row_with_a_whole_name_keeps_it_whole():
    assert names("記載者：チーフ 芦田 綾香\n") == ["芦田 綾香"]


def test_names_at_the_head_of_points():
    assert names("アレルギー等\n・福田 てんかん発作あり\n・曽根 糖尿病(インスリン)\n") == ["曽根", "福田"]
    assert names("発車\n・松本 10:30発\n・千葉 11:00発\n") == []


def test_sides_of_a_fight():
    text = "一回戦\n岡（明治）　○メ―　北島（日本）\n髙﨑（松本）　コ―○　出雲（千葉）\n"
    assert {"岡", "北島", "髙﨑", "出雲"} <= set(names(text))
    assert names("対戦\n明治（東京）　○2-1　中央（千葉）\n") == []


def test_a_family_name_alone_of_somebody_named_whole():
    assert "畑" in names("出席：畑 勇、鈴木 宗介\n畑から「修繕費が多い」との質問。\n")
    assert "畑" not in names("出席：佐藤 勇、鈴木 宗介\n畑から収穫した芋を配る。\n")


def test_a_name_from_abroad_that_gives_each_letter_room():
    assert names("金　三千円　　キ　ム　・　ミ　ン　ジ　ュ　ン\nみこし弁当\n") == ["キ　ム　・　ミ　ン　ジ　ュ　ン"]


# -------------------------------------------------------------------------- nobody


@pytest.mark.parametrize(
    "text",
    [
        "落札　中村土木、マルオカ・木村JV\n",
        "PM 三浦製作 を訪問\n",
        "このたびは割烹山本をご予約いただき",
        "民宿さちこ、ペンション ハンナ、山荘たける\n",
        "焼酎　佐藤（黒）600　村尾 900　鳥飼 700\n",
        "花子の卵焼き 450　太郎サラダ 520\n",
        'PLACES = ["千葉", "松本", "宮崎", "福島", "岡崎"]\n',
        'car_models: ["ソニア", "シルビア", "セシリア"]\n',
        "4F | ハナエモリ、ポール・スミス、アラン・ベネット\n",
        "迷い猫（首輪に「コジロウ」）を預かる。",
        "1234567 カ）アオバショウジ",
        "安否確認　未回答者リスト（13:30時点）",
        "金　壱万円　清酒一本\n",
    ],
)
def test_goods_firms_and_places_that_bear_names(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("香典　佐藤 5,000　村尾 10,000\n", ["佐藤", "村尾"]),
        ('NAMES = ["佐藤 健", "鈴木 一郎", "田中 恵"]\n', ["佐藤 健", "田中 恵", "鈴木 一郎"]),
        ("当該ドライバー久保洋子に再教育を実施。", ["久保洋子"]),
        ("次回調整　中村記\n", ["中村"]),
        ("14:01 MR 神さん（製薬）来社", ["神"]),
        ("署名者1 チャン・ティ・ラン thilan_tran@example.jp", ["チャン・ティ・ラン"]),
    ],
)
def test_people_who_look_like_that(text, expected):
    assert names(text) == expected
