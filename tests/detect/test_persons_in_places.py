"""Whom a file counts: names written otherwise, and names that only their place gives away; each beside what looks the same and is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan.detect.document import Document
from piiscan.detect.names.cells import judge
from piiscan.detect.names.families import is_family
from piiscan.detect.names.spoken import is_from_abroad, latin_keys, readings
from piiscan.engine.analyse import Analyst
from piiscan.engine.api import inspect_file
from piiscan.model import Table

# ------------------------------------------------------------------- readings


def test_all_readings_of_a_given_name_are_known() -> None:
    assert {"ハヅキ", "ミズキ", "ミツキ"} <= readings("g", "美月")
    assert {"ハルト", "キヨト"} <= readings("g", "陽斗")
    assert "タロウ" not in readings("g", "美月")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("名刺\n堀内 陽菜\nHina Horiuchi\n080-1234-5678\n", 1),
        ("予約確認\n岡田美月様\nオカダミツキ 様でご予約を承りました。\n", 1),
        ("名刺\n堀内 陽菜\nMiho Horiuchi\n080-1234-5678\n", 2),
        ("名刺\n王　偉\nWei Wang\n080-1234-5678\n", 1),
        ("履歴書\nふりがな　ちぇ ゆんじ\n氏　名　崔 允智\n生年月日　1990年4月5日\n", 1),
        ("フリガナ：パク　ジョンス\n氏名：朴 正洙\n生年月日：1990年4月5日\n", 1),
        # a Japanese given name is read as Japanese ones are
        ("名刺\n林 愛\nWei Lin\n080-1234-5678\n", 2),
    ],
)
def test_a_name_in_other_letters(count, text: str, people: int) -> None:
    assert count(text) == people


def test_who_may_be_from_abroad() -> None:
    assert is_from_abroad("王", "偉")
    assert is_from_abroad("林", "志玲")
    assert not is_from_abroad("林", "愛")
    assert not is_from_abroad("佐藤", "志玲")
    assert {"wang", "o"} <= latin_keys("s", "王")


# ------------------------------------------------------------------- lists


@pytest.mark.parametrize("name", ["大豆生田あゆみ", "薬袋太郎", "佐藤あかり", "林つばさ", "大野ひなた"])
def test_rare_family_names_and_given_names_in_hiragana(name: str) -> None:
    assert judge(name).score >= 0.8


@pytest.mark.parametrize("text", ["林から", "森まで", "大野みたい", "中村ことば", "大豆製品", "薬袋番号"])
def test_what_begins_as_they_do_and_is_no_name(text: str) -> None:
    assert judge(text).score < 0.8


def test_a_rare_family_name_in_a_column_of_them(names) -> None:
    assert is_family("大豆生田")
    rows = "会員番号,会員氏名,受付\n1,高木 弘,中村\n2,芦田 杏奈,大豆生田\n3,三好 武,五十嵐\n4,星野 俊介,篠原\n"
    assert "大豆生田" in names(rows, "list.csv")
    rows = "受付番号,品名,産地\n1,豆腐,中村\n2,納豆,大豆生田\n3,味噌,五十嵐\n4,醤油,篠原\n"
    assert "大豆生田" not in names(rows, "goods.csv")


# ------------------------------------------------------------------- the dead


@pytest.mark.parametrize(
    ("text", "name", "dead"),
    [
        (
            "施主,故人,没年月日\n高木 弘,高木 文子,2020/4/1\n芦田 杏奈,芦田 進,2019/5/2\n星野 俊介,星野 忠,2018/6/3\n",
            "k.csv",
            {"高木 文子", "芦田 進", "星野 忠"},
        ),
        ("被相続人：高木 弘\n相続人：高木 文子\n", "s.txt", {"高木 弘"}),
        ("喪主,故人との続柄,電話\n高木 弘,父,090-1234-5601\n芦田 杏奈,母,090-1234-5602\n星野 俊介,夫,090-1234-5603\n", "m.csv", set()),
    ],
)
def test_the_dead_are_known_below_a_header_and_behind_a_label(
    analyst: Analyst, tmp_path: Path, text: str, name: str, dead: set[str]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = inspect_file(path, analyst.settings, analyst=analyst)[1]
    assert {r.value for r in found if "said to be dead" in r.finding.why} == dead


# ------------------------------------------------------------------- names in sentences and notes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("現場：第2倉庫　所長：伊勢\n", ["伊勢"]),
        ("職長：中道\n", ["中道"]),
        ("担当営業：南部\n", ["南部"]),
        ("当方：寺本、神\n", ["寺本", "神"]),
        ("二次対応: 神, 市原\n", ["神", "市原"]),
        ("面接官：新村、福島\n", ["新村", "福島"]),
        ("保険会社担当　轟\n", ["轟"]),
        ("届出受理者　司法巡査　大田\n", ["大田"]),
        ("方針：児童福祉司 舘 が指導する。\n", ["舘"]),
        ("対策を講じる。師長 增田 コメント：なし\n", ["增田"]),
        ("対応を終えた。担当三ツ矢\n", ["三ツ矢"]),
        ("幹事 雪ノ下\n", ["雪ノ下"]),
        ("苦情は人事部長君島まで申し出ること。\n", ["君島"]),
        ("相談員の一戸が事情を聴く。\n", ["一戸"]),
        ("班長の関（+81-744-26-1411）まで\n", ["関"]),
        ("続行でよいと生方Dr.\n", ["生方"]),
        ("台さん、防犯カメラの保存期間は。\n", ["台"]),
        ("全数選別のうえ御手洗主任が指示。\n", ["御手洗"]),
        ("お客様の辻元部長に送った。\n", ["辻元"]),
        ("出席　SSW堀、OT坂口\n", ["堀", "坂口"]),
        ("総務の深山です。昨日の件ですが\n", ["深山"]),
        ("届いたら有村に渡す。\n", ["有村"]),
        ("・次回は見積持参。星も同行。\n", ["星"]),
        ("服薬継続。上司は上野\n", ["上野"]),
        ("ToDo：大久保→在庫確認、中津→図面\n", ["大久保", "中津"]),
        ("（妻）中澤　魁　昭和29年10月22日生\n", ["中澤　魁"]),
        ("3年 橘　弘　遅刻15回\n", ["橘　弘"]),
        ("女子個人　如月 唯（1年）三位\n", ["如月 唯"]),
        ("長男台千尋（平成14年8月22日生）に相続させる。\n", ["台千尋"]),
        ("園庭で瞳くんと砂遊びをしました。\n", ["瞳"]),
        ("文通していた妻の亮と一緒になった。\n", ["亮"]),
    ],
)
def test_who_stands_where_only_somebody_can(names, text: str, wanted: list[str]) -> None:
    assert [name for name in names(text) if name in wanted] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "産地：伊勢\n",
        "先方：大阪、京都、神戸\n",
        "運転手は福島、山口、宮崎を経由した。\n",
        "担当部長　担当地区　担当者名\n",
        "書類は受付に渡す。社長も同席。\n",
        "OT時間、CM撮影、PT室、SC店\n",
        "会場は営業の中心です。\n",
        "本店の東です。\n",
        "主治医は内科です\n",
        "担任は大変です\n",
        "東京→大阪→福岡\n",
        "千葉→東京、埼玉→神奈川\n",
        "（妻）同居 無職\n",
        "5年 国語 算数\n",
        "1年 東京 本社\n",
        "お客さん、店さん、魚さん\n",
        "各部の長部長、この文化課長\n",
        "1. カット・カラー\n2. パーマ・トリートメント\n3. セット\n",
    ],
)
def test_what_stands_there_and_is_nobody(names, text: str) -> None:
    assert names(text) == []


# ------------------------------------------------------------------- records of programs


def test_a_record_in_lines_of_a_program_is_one_person(count) -> None:
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<DATA><H V="4">\n'
        '<GENSEN id="1"><JUSHO>千葉県木更津市北浜町6-15-11</JUSHO><SHIMEI>高木　弘</SHIMEI><FURIGANA>タカギ　ヒロシ</FURIGANA>'
        "<KOJIN_BANGO>123456789018</KOJIN_BANGO><SEINENGAPPI>1953/01/22</SEINENGAPPI><SHIHARAI_KINGAKU>5230000</SHIHARAI_KINGAKU>"
        "<HAIGUSHA><SHIMEI>高木文子</SHIMEI><KOJIN_BANGO>023456789013</KOJIN_BANGO></HAIGUSHA></GENSEN>\n</H></DATA>\n"
    )
    assert count(xml, "kyuyo.xml") == 2


def test_lines_that_people_write_are_no_record_of_a_program(count) -> None:
    assert count("Name: Hanako Sato\nTel: 090-1234-5678\nMail: sato@example.jp\n\nName: Jiro Mori\nTel: 090-1234-5679\n") == 2


# ------------------------------------------------------------------- plans of seats


def _found(analyst: Analyst, *rows: tuple[str, ...]) -> list[str]:
    document = Document(analyst.kit, "plan")
    records = [*document.feed(Table("", rows)), *document.finish()]
    return [hit.value for record in records for hit in record.hits if hit.entity == "PERSON" and hit.score >= 0.5]


def test_a_plan_of_interviews(analyst: Analyst) -> None:
    rows = (
        ("日", "14:00", "14:30", "15:00"),
        ("9/28", "道祖土", "崔", "空き"),
        ("9/29", "嵯峨", "神", "奥山"),
        ("9/30", "眞鍋", "竹森", "古沢"),
    )
    assert _found(analyst, *rows) == ["道祖土", "崔", "嵯峨", "神", "奥山", "眞鍋", "竹森", "古沢"]


def test_a_plan_of_seats_with_whole_names(analyst: Analyst) -> None:
    assert _found(analyst, ("島A", "髙橋 義男（部長）", "柳", "堀内"), ("島B", "シャルマ", "東海林", "空席")) == [
        "髙橋 義男",
        "柳",
        "堀内",
        "シャルマ",
        "東海林",
    ]


def test_a_plan_of_seats_with_extensions(analyst: Analyst) -> None:
    rows = (
        ("窓側", "", "通路"),
        ("米山\n(939)", "大黒\n(1431)", "空席"),
        ("楠\n(8583)", "雪ノ下\n(2390)", "複合機"),
        ("金谷\n(9496)", "飯塚\n(5929)", "空席"),
    )
    assert set(_found(analyst, *rows)) == {"米山", "大黒", "楠", "雪ノ下", "金谷", "飯塚"}


@pytest.mark.parametrize(
    "rows",
    [
        (("1限", "2限", "3限"), ("国語", "算数", "理科"), ("社会", "英語", "体育"), ("音楽", "図工", "道徳")),
        (("松", "竹", "梅"), ("上", "中", "下"), ("大", "小", "並")),
        (("A棟", "会議室"), ("B棟", "倉庫"), ("C棟", "食堂"), ("D棟", "受付")),
    ],
)
def test_a_plan_of_places_and_things(analyst: Analyst, rows: tuple[tuple[str, ...], ...]) -> None:
    assert _found(analyst, *rows) == []


# ------------------------------------------------------------------- the same person


@pytest.mark.parametrize(
    ("text", "name", "people"),
    [
        # a family name that no list reads, in Latin letters and in half-width kana
        (
            "From: Tsutomu Yukinoshita <y@example.co.jp>\nTo: 高木 弘 <t@example.jp>\nSubject: 納期\n\n高木様\n雪ノ下です。\n-- \n雪ノ下 つとむ\n",
            "a.eml",
            2,
        ),
        (
            "From: Tsutomu Suzuki <y@example.co.jp>\nTo: 高木 弘 <t@example.jp>\nSubject: 納期\n\n高木様\n鈴木です。\n-- \n雪ノ下 つとむ\n",
            "b.eml",
            3,
        ),
        ("日時,顧客,対応\n11/1,三ツ矢誠,与那嶺\n11/2,ﾐﾂﾔ ﾏｺﾄ,与那嶺\n11/3,三ツ矢様,与那嶺\n11/5,深谷秀夫,与那嶺\n", "c.csv", 3),
        # the family name ends a line, the given name begins the next
        ("前略　白田\nゆかり様\n先日はありがとうございました。\n", "d.txt", 1),
        # キム is a family name, and nobody's given name in a plan of duties
        ("週,月,火,水\n1,五十嵐,室井,キム\n2,今岡,五十嵐,室井\n3,キム,今岡,勝又\n", "e.csv", 5),
        (
            "19:22\tSota\tこんばんは\n19:31\t保ケ部母\tすみません欠席します\n19:32\tSota\t保ケ部さん了解です\n19:40\t楠ひとみ\t鍵は借りておきます\n",
            "f.txt",
            3,
        ),
        ("児童票\n児童氏名　佐藤 悠真（愛称 ひかる）\nふりがな　さとう ゆうま\n生年月日　平成29年7月12日\n", "g.txt", 1),
    ],
)
def test_who_is_the_same(count, text: str, name: str, people: int) -> None:
    assert count(text, name) == people


# ------------------------------------------------------------------- what is taken for a name, and what for another


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SVへ即転送（柿崎・城）\n", ["柿崎", "城"]),
        ("たんにん　むらたせんせい\n", ["むらた"]),
        ("Dear Mr. Thi Lan Tran,\n", ["Thi Lan Tran"]),
        ("評価者　岡 昭（推進部　部長）\n\n所見\n岡部長より、次の異動時期に配慮する。\n", ["岡 昭", "岡"]),
        ("一般質問を行います。\n〔辻元昭君登壇〕\n", ["辻元昭"]),
    ],
)
def test_names_to_their_end(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "場所：日本料理 みやこ\n",
        "新店舗（渋谷・新宿）\n",
        "種目（大・小）、資料（表・裏）\n",
        "8/2 カット＋カラー（7レベル アッシュ）\n",
        "せんせいは いいました\n",
    ],
)
def test_words_that_look_like_names(names, text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ((("氏名", "高木 弘"), ("生年月日", "1980/4/1"), ("免許証番号", "309012345620"), ("所属長確認印", "陳")), {"高木 弘", "陳"}),
        ((("氏名", "高木 弘"), ("生年月日", "1980/4/1"), ("病名", "骨折"), ("キーパーソン", "岡実")), {"高木 弘", "岡実"}),
        (
            (("応募者氏名", "高木 弘"), ("生年月日", "1980/4/1"), ("面接官", "新村、福島"), ("面接日", "2026/5/1")),
            {"高木 弘", "新村", "福島"},
        ),
        ((("応募者氏名", "高木 弘"), ("生年月日", "1980/4/1"), ("承認印", "㊞"), ("確認印", "済")), {"高木 弘"}),
    ],
)
def test_who_stands_in_a_form(analyst: Analyst, rows: tuple[tuple[str, str], ...], wanted: set[str]) -> None:
    assert set(_found(analyst, *rows)) == wanted


def test_a_name_from_abroad_in_part(count) -> None:
    assert count("Attendees: Van An Nguyen, Ganzorig Batbayar\n- Action: ask Van An Nguyen for the budget\n") == 2


# ------------------------------------------------------------------- columns


def test_rare_family_names_fill_a_column_under_a_header_that_says_little(names) -> None:
    rows = "受付番号,お客様名,OP\n1,高木 弘,篠崎\n2,芦田 杏奈,南\n3,三好 武,榊\n4,星野 俊介,門馬\n5,大滝 薫,大山\n6,広田 進,後藤\n"
    assert {"篠崎", "南", "榊", "門馬", "大山", "後藤"} <= set(names(rows, "calls.csv"))
    rows = "受付番号,お客様名,XY\n1,高木 弘,松\n2,芦田 杏奈,竹\n3,三好 武,梅\n4,星野 俊介,桜\n5,大滝 薫,菊\n6,広田 進,楓\n"
    assert not {"松", "竹", "菊"} & set(names(rows, "rooms.csv"))


def test_a_name_that_is_a_word_among_whole_names(names) -> None:
    rows = "件名,紹介議員\n歩道,菅原洋子\n図書館,南学\n公園,藤崎正\n信号,村岡三郎\n橋,平川俊介\n"
    assert "南学" in names(rows, "list.csv")
    assert "大学" not in names(rows.replace("南学", "大学"), "list.csv")


def test_an_english_header_is_read_word_by_word(names) -> None:
    rows = "Contact ID,Contact Owner,City\n1,高木 弘,松本\n2,芦田 杏奈,福島\n3,河原堂 史,宮崎\n"
    assert names(rows, "sf.csv") == ["高木 弘", "芦田 杏奈", "河原堂 史"]


def test_whatever_somebody_is_called_it_is_whom_the_row_names(count) -> None:
    rows = (
        "text,user_profile.real_name,user_profile.display_name\nおはよう,陳建国,Jianguo\n陳さんどうも,佐々康平,Kohei\n了解,高木弘,Hiroshi\n"
    )
    assert count(rows, "chat.csv") == 3


def test_who_keeps_a_restaurant_is_somebody(names) -> None:
    assert names("ご予約ありがとうございます。\n割烹鷹山　店主　筒井将道\n") == ["筒井将道"]


def test_a_tick_below_the_header_of_a_stamp_is_nobody(names) -> None:
    rows = "運転者氏名,確認日,確認印\n高木 弘,4/1,レ\n芦田 杏奈,4/1,レ\n三好 武,4/2,\n星野 俊介,4/3,レ\n"
    assert "レ" not in names(rows, "check.csv")


def test_free_seats_are_nobody(analyst: Analyst) -> None:
    rows = (("斉藤", "佐藤", "空"), ("川井", "空", "小川"), ("松川", "金森", "空"))
    assert set(_found(analyst, *rows)) == {"斉藤", "佐藤", "川井", "小川", "松川", "金森"}


def test_given_names_in_katakana_are_no_words(names) -> None:
    assert names("・ミンジュンくん、健太さん → としょ係\n") == ["ミンジュン", "健太"]


# ------------------------------------------------------------------- more places


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("うちの亮は算数が苦手でした。\n", ["亮"]),
        ("きょうだい 3年2組 真示\n", ["真示"]),
        ("司会（保ケ部）　きょうは\n", ["保ケ部"]),
        ("先方の神様から返事待ちです\n", ["神"]),
        ("3) Ahmad, Hasan  Passport No. M68898646\n", ["Ahmad, Hasan"]),
        ("<v グエン ヴァン・アン>先週の見積りどうなりました？</v>\n", ["グエン ヴァン・アン"]),
        ("SELECT * FROM customer WHERE name_kanji = '城美月' AND tel = '07098220445';\n", ["城美月"]),
        ("向い　コーポ　101 我孫子、102 空、201 渡部、202 外国の方\n", ["我孫子", "渡部"]),
    ],
)
def test_more_places_of_somebody(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "うちの猫は元気、うちの会社が忙しい\n",
        "神様にお祈り、村の神様\n",
        "品番 101 松、102 竹、103 梅\n",
        "部屋 101 会議室、102 倉庫、103 食堂\n",
        "設 計 室　部 長\n教 務 係　次 長\n",
        "SELECT * FROM shop WHERE name = 'Tokyo' AND city = 'Osaka';\n",
        "3) Tokyo, Japan  Station\n",
    ],
)
def test_more_places_of_nobody(names, text: str) -> None:
    assert names(text) == []


def test_what_somebody_is_to_whom_a_form_is_about_is_no_part_of_the_name(analyst: Analyst) -> None:
    rows = (("氏名", "高木 弘"), ("生年月日", "1980/4/1"), ("病名", "骨折"), ("キーパーソン", "長女 中野絵未様（070-1234-5678）"))
    assert set(_found(analyst, *rows)) == {"高木 弘", "中野絵未"}


def test_a_word_that_ends_in_hiragana_before_a_name_in_hiragana(names) -> None:
    assert names("たんにん　はやしせんせい\n") == ["はやし"]


def test_a_plan_of_duties_by_days(analyst: Analyst) -> None:
    rows = (
        ("週", "月", "火", "水", "木", "金"),
        ("1", "柴", "黒川", "滝川", "黒田", "野沢"),
        ("2", "副島", "柴", "黒川", "滝川", "黒田"),
        ("3", "野沢", "副島", "柴", "休", "黒川"),
    )
    assert set(_found(analyst, *rows)) == {"柴", "黒川", "滝川", "黒田", "野沢", "副島"}
    rows = (
        ("時限", "月", "火", "水", "木", "金"),
        ("1", "国語", "算数", "理科", "社会", "体育"),
        ("2", "音楽", "図工", "道徳", "国語", "算数"),
        ("3", "英語", "体育", "国語", "理科", "家庭"),
    )
    assert _found(analyst, *rows) == []


def test_two_names_in_each_cell_under_a_header_of_people(names) -> None:
    rows = "受験番号,氏名,面接官\n1,高木 弘,能登・轟\n2,芦田 杏奈,船橋・奥村\n3,三好 武,チャン・道祖土\n4,星野 俊介,松下・神戸\n"
    assert {"能登", "轟", "船橋", "奥村", "道祖土", "松下", "神戸"} <= set(names(rows, "list.csv"))


def test_a_point_inside_a_name(names) -> None:
    rows = "世帯主,家族\n上村颯太,上村浩・上村大翔\nスミス・ジョン,スミス・優子・スミス・直美\n立山進,立山修・立山裕子\n梶原裕介,梶原博・梶原みどり\n"
    assert {"スミス・優子", "スミス・直美", "立山裕子"} <= set(names(rows, "list.csv"))


def test_the_word_for_the_dead_is_no_part_of_the_name(names) -> None:
    rows = "施主,故人,回忌\n寺門葵,故寺門薫,三\n国井あゆみ,故国井展啓,七\n緑川花音,故緑川隆,一\n"
    assert {"寺門薫", "国井展啓", "緑川隆"} <= set(names(rows, "list.csv"))


def test_one_of_a_department_with_a_gap_in_the_name(names) -> None:
    assert names("第二営業部の東海林　ゆかり（社員番号91342）ですが、診断書が出ました。\n") == ["東海林　ゆかり"]
    assert names("本社の会議　予定（毎週月曜）ですが、変更します。\n") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("被害　2年3組　王 偉\n", ["王 偉"]),
        ("少し落ち着きました。次の受診は金曜です。（娘 光）\n", ["光"]),
        ("長男（みどり）より電話あり。\n", ["みどり"]),
        ("不在。妻悠真様に差置通知を手交。\n", ["悠真"]),
        ("決裁は朴工場長とのこと\n", ["朴"]),
        ("水害では高松純分団長とともに活動\n", ["高松純"]),
        ("苦情は人事部長楠まで申し出ること。\n", ["楠"]),
        ("MSW 劉へ相談依頼\n", ["劉"]),
        ("看護師中平に報告、家族に連絡\n", ["中平"]),
        ("接待 宮崎水産株式会社 黄志強様\n", ["黄志強"]),
        ("杉浦洋子　水野彩　台陽子　匿名\n", ["杉浦洋子", "水野彩", "台陽子"]),
        ("了解。八ッ橋先輩も来るって\n", ["八ッ橋"]),
    ],
)
def test_still_more_places_of_somebody(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "妻（いる）、夫（なし）\n",
        "福岡工場長と大阪支店長\n",
        "大学の先輩に聞いた\n",
        "課長補佐まで、部長会まで\n",
        "会計 へ提出、CW 用 へ\n",
        "当センター長が説明\n",
    ],
)
def test_still_more_places_of_nobody(names, text: str) -> None:
    assert names(text) == []


def test_two_forms_of_a_family_name_in_a_table_are_two_people(count) -> None:
    rows = "受付番号,お客様名,担当\n1,高木 弘,渡辺\n2,芦田 杏奈,渡邉\n3,三好 武,渡辺\n4,星野 俊介,篠原\n"
    assert count(rows, "list.csv") == 7
    rows = "受付番号,お客様名,担当\n1,高木 弘,渡邉\n2,芦田 杏奈,渡邉\n3,三好 武,中村\n4,星野 俊介,篠原\n"
    assert count(rows, "list.csv") == 7


def test_a_grandchild_before_a_title_is_no_family_name_from_abroad(names) -> None:
    assert "孫の樹" not in names("名義預金の疑い：孫の樹様名義の定期 300万円\n")


def test_given_names_before_family_names(names) -> None:
    rows = "Name,Billing Name,Billing City\n1001,雄太 高山,Osaka\n1002,栄作 石川,Nagoya\n1003,典子 佐藤,Kobe\n1004,凛 安倍,Naha\n"
    assert names(rows, "orders.csv") == ["雄太 高山", "栄作 石川", "典子 佐藤", "凛 安倍"]
    assert judge("大豆生田 ゆかり").score >= 0.95
    assert judge("大豆 小麦").score < 0.5


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3年 陳 建国　遅刻15回\n", ["陳 建国"]),
        ("3 陳 建国　学習面では算数の図形領域に意欲的\n", ["陳 建国"]),
        ("市立中央病院　消化器内科　星 昭　拝\n", ["星 昭"]),
        ("　304号 シルバ：費用対効果を示してほしい。\n", ["シルバ"]),
        ("3/23　品川 591 さ 32-28　乗務員 東\n", ["東"]),
        ("方針：児童福祉司 李 が指導する。\n", ["李"]),
        ("德永亮\n五味貢也\n古山照浩\n黄志強\n小椋進\n", ["德永亮", "五味貢也", "古山照浩", "黄志強", "小椋進"]),
    ],
)
def test_names_from_abroad_and_others_by_their_place(names, text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize("text", ["　304号 会議：中止\n", "金融業\n黄色系\n周辺図\n王立館\n", "改札 東、出口 西\n", "内科　外来　拝見\n"])
def test_nobody_stands_there(names, text: str) -> None:
    assert names(text) == []


def test_several_children_in_a_cell(names) -> None:
    rows = "役職,氏名,児童名（学年）,電話\n会長,細谷 千哲,明美（6年）、清（3年）,090-1234-5601\n書記,財前 ゆかり,辰良（2年）,090-1234-5602\n会計,宮崎 誠,象吾（4年）、さくら（1年）,090-1234-5603\n"
    assert {"明美", "清", "辰良", "象吾", "さくら"} <= set(names(rows, "pta.csv"))
    assert "未定" not in names(rows.replace("清（3年）", "未定"), "pta.csv")


def test_a_name_over_the_end_of_a_line_that_may_be_a_family_name(count) -> None:
    assert count("前略　菊池\n博様\n先日はありがとうございました。\n") == 1


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("勤務表\n氏名：西嶋 真由美　承認：西\n", 2),
        ("持戻り\n2-1 仲村渠様 不在\n2-2 山中様 不在\n2-3 仲様 不在\n", 3),
        ("出席：林 愛\n林より報告があった。\n", 1),
        # three parts in katakana are no reading of two characters
        ("調査票\nフリガナ：チャン　ティ・ラン\n氏名：チャン ティ・ラン\n緊急連絡先：陳 建国（妻）\n", 2),
    ],
)
def test_a_family_name_that_another_begins_with(count, text: str, people: int) -> None:
    assert count(text) == people


def test_a_rare_family_name_in_what_somebody_says_is_no_given_name(count) -> None:
    rows = ["name,text", "江原亮,蓮實さん今日は何時ですか", "蓮實奈王,14時です", "江原亮,了解です"]
    assert count("\n".join(rows), "chat.csv") == 2


def test_a_family_name_in_a_note_that_is_read_with_other_voices(count) -> None:
    rows = ["お客様名,応対内容", "アラカキ タカユキ,新垣様に代替品を発送した。", "コサカ マコト,小坂様に代替品を発送した。"]
    assert count("\n".join(rows), "calls.csv") == 2
    rows = ["お客様名,応対内容", "アラカキ タカユキ,荒井様に代替品を発送した。", "コサカ マコト,小坂様に代替品を発送した。"]
    assert count("\n".join(rows), "calls.csv") == 3


def test_a_reading_that_ends_as_a_label_does_is_no_label(count) -> None:
    rows = ["ID\t氏名カナ\t生年月日", "1\tﾐﾅﾐ ｼｮｳﾀ\t19651019", "2\tｵｵﾊｼ ｺｳｾｲ\t19600512", "3\tﾖｼﾜﾗ ﾅﾅ\t19621221", "4\tﾋﾗﾓﾄ ｶｵﾘ\t19580212"]
    assert count("\n".join(rows), "result.tsv") == 4


def test_the_day_of_a_week_that_is_a_family_name(analyst: Analyst) -> None:
    plan = (
        ("週", "月", "火", "水", "木", "金"),
        ("1", "田代", "山岸", "塚越", "冨樫", "冨永"),
        ("2", "田中", "田代", "山岸", "塚越", "冨樫"),
    )
    assert "金" not in _found(analyst, ("12月掃除当番", "", "", "", "", ""), *plan)
