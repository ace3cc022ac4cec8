"""Kinds of tables and texts that the sixth examiner's files had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

import json

import pytest

from piiscan.engine.api import inspect_file

# ------------------------------------------------------------------------ nobody


@pytest.mark.parametrize(
    "text",
    ['USER = {"name": "テスト太郎", "mail": "test@example.com"}', "氏名,電話\nテスト 花子,03-1234-5678\nサンプル 一郎,03-1234-5679\n"],
)
def test_people_of_tests_are_nobody(names, text):
    assert names(text, "user.py" if "USER" in text else "users.csv") == []


def test_real_people_beside_those_of_tests_are_found(names):
    assert names("氏名,電話\n寺田 花子,03-1234-5678\nテスト太郎,03-1234-5679\n佐々木 勝,03-1234-5670\n", "users.csv") == [
        "寺田 花子",
        "佐々木 勝",
    ]


# ------------------------------------------------------------------------ persons of a row


def test_given_name_of_who_is_said_to_be_himself_is_no_further_person(count):
    rows = ["世帯主,世帯員,続柄,生年月日", "原 茜,茜,本人,昭和28年2月20日", ",学,夫,昭和25年7月16日", "金城 稔,稔,世帯主,昭和60年6月25日"]
    assert count("\n".join(rows), "a.csv") == 3


def test_child_of_the_same_given_name_is_another(count):
    assert count("保護者,児童,続柄\n原 茜,茜,長女\n金城 稔,稔,長男\n", "a.csv") == 4


def test_family_name_on_a_gift_is_that_of_the_two_columns_of_the_buyer(count):
    rows = [
        "姓,名,電話番号,商品,のし名入れ",
        "榊,悠,090-1234-5678,梨,榊",
        "大石,大和,090-1234-5679,梨,",
        "仲村渠,海,090-1234-5670,干物,仲村渠",
    ]
    assert count("\n".join(rows), "a.csv") == 3


def test_parent_of_the_same_family_name_is_another(count):
    rows = ["姓,名,電話番号,保護者", "榊,悠,090-1234-5678,榊", "大石,大和,090-1234-5679,大石", "仲村渠,海,090-1234-5670,仲村渠"]
    assert count("\n".join(rows), "a.csv") == 6


# ------------------------------------------------------------------ keys of a program's data


def _talk(key: str, numbers: list[str]) -> str:
    return json.dumps([{key: n, "account": {"account_id": "99542" + n[-1], "name": "西田 昇"}, "body": "承知しました"} for n in numbers])


#: Numbers that pass as cards do.
_CARDS = ["4111111111111111", "5555555555554444", "4012888888881881", "5105105105105100"]


def test_keys_of_messages_and_accounts_are_no_numbers_of_cards_and_banks(kinds):
    numbers = [_CARDS[0], *(str(int(card) + 1) for card in _CARDS)]
    assert {entity for entity, _ in kinds(_talk("message_id", numbers), "a.json")} == {"PERSON"}


def test_card_and_bank_account_by_their_keys(kinds):
    assert [value for entity, value in kinds(_talk("card_number", _CARDS), "a.json") if entity == "CREDIT_CARD"] == _CARDS
    rows = json.dumps([{"name": "西田 昇", "bank_account": n} for n in ("1234567", "2345671", "3456712")])
    assert [entity for entity, _ in kinds(rows, "a.json")].count("JP_BANK_ACCOUNT") == 3


def test_readings_in_parts_under_keys_in_camel_case(kinds):
    people = [("梶", "ケン", "カジ"), ("今井", "歩", "イマイ"), ("月見里", "鈴", "ヤマナシ")]
    rows = [{"legalName": {"family": f, "given": g, "familyKana": k, "givenKana": "スズ"}} for f, g, k in people]
    assert len(kinds(json.dumps(rows), "a.json")) == 12


# ------------------------------------------------------------------------- meals


def test_forms_of_a_meal_are_nobody(names):
    rows = ["病棟,患者氏名,食種,主食", "3東,来栖 清,軟菜,全粥", "3東,原 茜,軟菜,米飯", "4西,乾 勝,常食,全粥", "4西,金城 稔,軟菜,パン"]
    assert names("\n".join(rows), "a.csv") == ["来栖 清", "原 茜", "乾 勝", "金城 稔"]


# ----------------------------------------------------------- sentences that end with a number


def test_sentences_of_as_many_words_are_no_table(count):
    said = [
        f"20:2{n} {who}様（母）より。夜から熱が続く。折返し 080-1234-567{n}" for n, who in enumerate(("堀 星奈", "川崎 美穂", "魚住 ハナ"))
    ]
    assert count("夜間電話相談 記録\n" + "\n".join(said)) == 3


def test_lines_of_a_list_with_a_number_are_one(names):
    assert names("\n".join(f"{n}班 {who} 080-1234-567{n}" for n, who in enumerate(("堀", "川崎", "魚住"), 1))) == ["堀", "川崎", "魚住"]


# ------------------------------------------------------------ a name before a number in a cell


def _contacts(*whose: str) -> str:
    people = ("澤村 和夫", "内田 禮子", "三浦 心春", "鴛海 華", "本田 明")
    rows = [f"{who},45,{other} 03-3444-872{n}" for n, (who, other) in enumerate(zip(people, whose, strict=True))]
    return "\n".join(["氏名,年齢,緊急連絡先", *rows])


def test_family_names_before_the_number_of_whom_to_call(names, count):
    text = _contacts("喜屋武", "南", "山口", "百目鬼", "轟")
    assert set(names(text, "a.csv")) >= {"喜屋武", "南", "山口", "百目鬼", "轟"}
    assert count(text, "a.csv") == 10


def test_what_number_it_is_is_no_name(names):
    assert len(names(_contacts("自宅", "携帯", "実家", "自宅", "会社"), "a.csv")) == 5


def test_family_names_with_a_calling_in_letters_head_columns(names):
    rows = ["時間,池田OT,森田PT,二階堂ST", "9:00,梶,関口,麦倉", "9:20,丸山,,御手洗", "9:40,古川,野口,"]
    found = names("\n".join(rows), "a.csv")
    assert set(found) >= {"池田", "森田", "二階堂"}


def test_letters_behind_figures_are_no_calling(names):
    assert names("型番,在庫\n12PT,3\n15OT,4\n20ST,5\n", "a.csv") == []


# -------------------------------------------------------- one header over several columns


def _groups(*more: str) -> str:
    first = ("星 隼人", "原 昇", "新井 元気", "金城 マリ")
    rows = [f"{n}班,{who}（6）,{other},公園前" for n, (who, other) in enumerate(zip(first, more, strict=True), 1)]
    return "\n".join(["班,班員,,集合場所", *rows])


def test_names_in_a_column_without_a_header_beside_those_of_one(names):
    assert len(names(_groups("池田 新（5）", "松尾ののか（3）", "松下あかり（1）", "一尺八寸 悠人（2）"), "a.csv")) == 8


def test_words_in_a_column_without_a_header_are_none(names):
    assert len(names(_groups("自転車（赤）", "徒歩（黄）", "電車（青）", "バス（白）"), "a.csv")) == 4


# ------------------------------------------------------------------ what is no illness


@pytest.fixture
def sensitive(kinds):
    def found(text: str, name: str = "a.txt") -> list[tuple[str, str]]:
        return [(entity, value) for entity, value in kinds(text, name) if entity.startswith("JP_SENSITIVE_")]

    return found


@pytest.mark.parametrize(
    "text",
    [
        "参加者 榊 悠 様\n種目：ハーフ男子40歳代\n生年月日：1980年4月1日\n",
        "財布の届出あり。中の診察券から持ち主は小鳥遊 勇様と判明、電話（090-1234-5678）にて連絡。\n",
        "持ち物確認書\n氏名：榊 悠\n品名：数\n下着：3\n内服薬：2\n",
    ],
)
def test_races_cards_and_things_in_a_bag_are_nothing_sensitive(sensitive, text):
    assert sensitive(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "榊 悠さんは父が米国人のハーフです。\n",
        "小鳥遊 勇様は本日、内科で診察を受けました。\n",
        "氏名：榊 悠\n生年月日：1980年4月1日\n内服薬：アムロジピン 5mg\n",
    ],
)
def test_descent_visits_and_drugs_are(sensitive, text):
    assert sensitive(text)


_SALON = "お客様カルテ\nお名前,小鳥遊 鈴\n携帯,090-1234-5678\n\n来店日,メニュー,薬剤,メモ\n2026/5/1,カラー,9NB,前髪短め\n2026/6/1,カット,8NB,根元のみ\n"


def test_tints_of_a_hairdresser_are_no_drugs(sensitive):
    assert sensitive(_SALON, "a.csv") == []


def test_drugs_of_a_patient_are(sensitive):
    assert sensitive(_SALON.replace("お客様カルテ", "患者カルテ"), "a.csv")


# ----------------------------------------------------------------- names from abroad


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("ジョセフ・デラクルス", "JOSEPH DELA CRUZ"),
        ("トーマス・ミュラー", "Thomas Mueller"),
        ("グエン・ティ・フオン", "NGUYEN THI HUONG"),
        ("チャンダ・クマール", "CHANDA KUMAR"),
        ("デウィ・アングライニ", "DEWI ANGGRAINI"),
    ],
)
def test_katakana_and_latin_letters_of_one_from_abroad(count, kana, latin):
    assert count(f"新入会員のご紹介\n\n{kana}　さん\n（{latin}）\n所属：南支部\n連絡先 080-5409-3529\n") == 1


@pytest.mark.parametrize(("kana", "latin"), [("トーマス・ミュラー", "Emily Brown"), ("グエン・ティ・フオン", "NGUYEN VAN DUC")])
def test_two_from_abroad(count, kana, latin):
    assert count(f"新入会員のご紹介\n\n氏名：{kana}\n連絡先 080-5409-3529\n\n氏名：{latin}\n連絡先 080-5409-3530\n") == 2


def test_whole_names_without_a_gap_in_rows_are_nobodys_given_names(count):
    rows = ["被評価者,評価者,点", "星仁,柴田望,4", "柴田望,星仁,3", "青木スミ子,星仁,5", "星仁,青木スミ子,2"]
    assert count("\n".join(rows), "a.csv") == 3


# ------------------------------------------------------------------------- forms


_FIELDS = '<form><div><label>姓</label><input type="text" name="sei" value="坂本"></div><div><label>名</label><input name="mei" value="禮子"></div></form>'


def test_parts_of_a_name_in_fields_behind_their_labels(count, names):
    assert count(_FIELDS, "a.html") == 1
    assert names("姓：豊田\n名：望\nメール：nozomi@example.jp\n") == ["豊田", "望"]


def test_lines_that_begin_with_a_part_of_another_word_are_no_given_name(names):
    assert "古屋" not in names("司会：氏 榊\n名古屋支店\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲 濵口 寿子 印\n乙 日下部 孝之 印\n", ["濵口 寿子", "日下部 孝之"]),
        ("旗当番\n4月1日　小松　和夫\n", ["小松　和夫"]),
        ("当番 日比野 望\n", ["日比野 望"]),
    ],
)
def test_party_and_day_before_a_name_are_no_part_of_it(names, text, found):
    assert names(text) == found


# ------------------------------------------------------------------- rows of family names


def test_family_names_before_classes(names):
    lines = [
        "4月1日　関（6-3）　田村（3-2）",
        "6月2日　新井（2-1）　境（5-1）",
        "4月3日　堀（3-1）　鹿野（5-2）",
        "7月4日　千葉（3-2）　具志堅（6-2）",
    ]
    assert sorted(names("旗当番\n" + "\n".join(lines) + "\n")) == sorted(["関", "田村", "新井", "境", "堀", "鹿野", "千葉", "具志堅"])


def test_results_of_matches_are_none(names):
    assert names("第5節\n浦和（3-2）鹿島\n千葉（2-1）大宮\n横浜（1-1）川崎\n柏（2-2）山形\n") == []


def test_family_names_in_a_row_behind_who_signs(names):
    text = "危険予知活動表\n対策：保護具の使用\n参加者サイン　菊地　目黒　新井　九鬼　鳥海　秋田\n"
    assert names(text) == ["菊地", "目黒", "新井", "九鬼", "鳥海", "秋田"]


def test_whole_names_with_a_gap_behind_who_signs(names):
    assert names("出席者　菊地　健一　目黒　花子\n") == ["菊地　健一", "目黒　花子"]


_INVITED = (("轟 律", "陳 美玲"), ("谷口 芽依", "谷 源"), ("柳 スミ子", "三枝 望"))


def _meetings(*said: str) -> str:
    lines = [
        f'BEGIN:VEVENT\nDTSTART:20260912T110000\nORGANIZER;CN="{one}":mailto:a{n}@example.jp\nATTENDEE;CN="{two}":mailto:b{n}@example.jp\n'
        f"SUMMARY:{title}\nEND:VEVENT"
        for n, ((one, two), title) in enumerate(zip(_INVITED, said, strict=True))
    ]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR"])


def test_family_names_of_those_invited_in_what_a_meeting_is_called(names, count):
    text = _meetings("1on1 轟/陳", "1on1 谷口/谷", "面談 三枝・柳")
    assert {"轟", "陳", "谷口", "谷", "三枝", "柳"} <= set(names(text, "a.ics"))
    assert count(text, "a.ics") == 6


def test_whole_name_with_a_dot_in_what_a_meeting_is_called_stays_whole(names):
    people = _meetings("面談 キム・ミンジュン", "面談 谷口/谷", "面談 三枝・柳").replace("陳 美玲", "キム・ミンジュン")
    assert names(people, "a.ics").count("キム・ミンジュン") == 2


def test_other_words_with_signs_between_are_none(names):
    assert len(names(_meetings("予算/決算", "棚卸・点検", "資料/議事"), "a.ics")) == 6


# ------------------------------------------------------------------------- places


def test_where_water_is_cut_off_is_nobody(names):
    assert names("断水のお知らせ\n区域　北郷九条地内\n区域　青木地先\n水道課　03-3354-4026\n") == []


def test_flower_of_a_town_and_house_of_refuge_are_nobody(names):
    assert names("市の花：さつき\n市の木：くすのき\n") == []
    assert names("避難所,収容人数,毛布\n森の家,120,300\n南公民館,80,200\n東中学校,300,900\n", "a.csv") == []


def test_who_works_inside_is_somebody(names):
    assert names("青木内科に勤める青木 健二です。\n") == ["青木 健二"]


def test_stations_of_trains_are_nobody(names):
    assert (
        names("列車番号,305M,307M,309M\n大宮,6:10,7:10,8:10\n高田,6:20,7:20,8:20\n宮本,6:30,7:31,8:30\n岡崎,6:40,7:42,8:40\n", "a.csv")
        == []
    )


def test_hours_of_a_shift_beside_names_are_no_timetable(names):
    rows = "大宮,6:10,12:00,15:10\n高田,9:20,12:00,18:20\n宮本,6:30,12:00,15:30\n岡崎,8:40,12:00,17:40\n"
    assert names(rows, "a.csv") == ["大宮", "高田", "宮本", "岡崎"]


# -------------------------------------------------------------------- readings, the dead


def test_whole_readings_in_brackets_below_a_name(names, count):
    text = "新入会員のご紹介\n福田　典子　さん\n（ふくだ のりこ）\n轟　スミ子　さん\n（とどろき すみこ）\n"
    assert names(text) == ["福田　典子", "ふくだ のりこ", "轟　スミ子", "とどろき すみこ"]
    assert count(text) == 2


def test_words_in_hiragana_in_brackets_are_no_reading(names):
    assert names("受付（すぐ できます）\n持ち物（おちゃ かさ）\n") == []


def test_the_dead_by_a_label_of_the_name_and_a_header_over_rare_names(count):
    assert count("申込者 柴田 護\n住所 石川県加賀市熊坂町1-14-3\n故人名 柴田 新\n") == 1
    rows = "回忌,故人俗名,施主\n十三回忌,関口孝之,関口和夫\n七回忌,喜屋武梅,喜屋武佐和子\n三回忌,四十物エリカ,四十物眞一\n"
    assert count(rows, "a.csv") == 3


def test_pages_behind_a_name_are_no_result_of_a_test(sensitive):
    assert sensitive("卒業文集　もくじ\n将来の夢……長谷川 あかり 36\n宝物……榊 悠 38\n") == []
    assert sensitive("利用者 榊 悠\n長谷川式 18点\n生年月日 昭和10年4月1日\n")


# ------------------------------------------------------- small tables beside a form


@pytest.fixture
def sheet_names(analyst, tmp_path):
    def found(rows: list[list[str]]) -> list[str]:
        path = tmp_path / "a.csv"
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
        return [r.value for r in inspect_file(path, analyst.settings, analyst=analyst)[1] if r.finding.entity == "PERSON"]

    return found


def _interview(header: str, *names: str) -> list[list[str]]:
    form = [
        ["応募者", "二階堂 琴音", "応募職種", "施工管理"],
        ["ふりがな", "にかいどう ことね", "面接日", "2025/4/10"],
        ["電話", "090-1234-5678", "", ""],
    ]
    beside = [[header, "合否"], *[[name, mark] for name, mark in zip(names, "○△○", strict=False)]]
    return [["面接評価シート"], [], *[[*row, "", *more] for row, more in zip([*form, ["住所", "", "", ""]], beside, strict=True)]]


def test_family_names_below_who_they_are_beside_a_form(sheet_names):
    assert set(sheet_names(_interview("面接官", "谷", "本田", "千葉"))) >= {"谷", "本田", "千葉"}


def test_words_below_a_header_beside_a_form_are_none(sheet_names):
    assert not set(sheet_names(_interview("面接官", "一次", "二次", "最終"))) & {"一次", "二次", "最終"}


def test_japanese_and_latin_names_of_a_list_in_yaml(count):
    people = [("池田 椿", "Tsubaki Ikeda"), ("アンドレイ・イワノフ", "Andrei Ivanov"), ("岐阜 和", "Nodoka Gifu")]
    lines = [f"  - id: {n}\n    name_ja: {ja}\n    name_en: {en}\n    mail: a{n}@example.jp" for n, (ja, en) in enumerate(people)]
    assert count("members:\n" + "\n".join(lines) + "\n", "a.yaml") == 3


@pytest.mark.parametrize("text", ["登録名：ヤギノノカ\n電話：090-1234-5678\n", "受給資格者　轟 望\n対象児童　海（平成30年4月1日生）\n"])
def test_whom_a_registration_or_an_allowance_is_of(names, text):
    assert {"ヤギノノカ", "轟 望"} & set(names(text))


def test_what_is_registered_is_nobody(names):
    assert names("登録名：第二会議室プリンタ\n型番：MX-2600\n") == []


def test_three_families_with_gaps_are_three(names):
    text = "危険予知活動表\n参加者サイン　千葉　岩崎　桂　来栖　山口　金城　一尺八寸　菅原\n"
    assert names(text) == ["千葉", "岩崎", "桂", "来栖", "山口", "金城", "一尺八寸", "菅原"]


def test_whole_name_of_three_words_from_abroad_is_one(names):
    assert names("出席者：マリア　クリスティーナ　レイエス\n") == ["マリア　クリスティーナ　レイエス"]


def test_reading_of_the_family_that_is_read_so(count):
    text = "水野　惠美　さん\n（みずの えみ）\n所属：南支部\n川崎　惠美　さん\n（かわさき えみ）\n所属：東支部\n"
    assert count(text) == 2


def test_rare_families_before_the_number_to_call(names):
    assert set(names(_contacts("今", "万代", "佐野", "米", "九鬼"), "a.csv")) >= {"今", "万代", "佐野", "米", "九鬼"}


# ----------------------------------------------------------------------- columns


def test_families_in_a_column_are_those_listed_though_one_fits_two(count):
    people = ("宮本 万里", "斉藤 和", "谷口 琴音", "藤本 つばさ", "神田 眞一", "岡本 桜", "齊藤 梅")
    others = ("谷口", "岡本", "藤本", "齊藤", "宮本", "斉藤", "神田")
    rows = [f"{n}班,{who},{other}" for n, (who, other) in enumerate(zip(people, others, strict=True))]
    assert count("任務,氏名,代行者\n" + "\n".join(rows), "a.csv") == 7


def test_families_that_nobody_listed_has_are_others(count):
    people = ("宮本 万里", "斉藤 和", "谷口 琴音", "藤本 つばさ")
    rows = [f"{n}班,{who},{other}" for n, (who, other) in enumerate(zip(people, ("菅原", "野口", "増田", "安田"), strict=True))]
    assert count("任務,氏名,代行者\n" + "\n".join(rows), "a.csv") == 8


def test_labels_of_a_pivot_are_nobody(names):
    rows = [
        "合計 / 売上,列ラベル,,",
        "行ラベル,4月,5月,総計",
        "経営企画室,59,77,54",
        "上田 敏夫,44,54,58",
        "小池 奏太,68,72,23",
        "カスタマーサポート,82,95,56",
    ]
    assert names("\n".join([*rows, "岐阜 明,28,71,12", "九鬼 ツル,50,97,60", "総計,1,2,3"]), "a.csv") == [
        "上田 敏夫",
        "小池 奏太",
        "岐阜 明",
        "九鬼 ツル",
    ]
