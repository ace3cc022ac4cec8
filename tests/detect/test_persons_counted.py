"""How many people a file names: one who is written in two ways is one, two of one name are two."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        # both parts in Latin letters under labels of their own, and in kanji
        "旅券の写し\n姓 Imura　名 Hanako\n生年月日 14 Apr 1985\n所持人自署 井村　花子\n",
        # kana without a gap, of a family name that the lists read in another way
        "口座振替依頼書\nご契約者氏名：佐渡 三郎\nお電話：090-1234-5678\n口座名義（カナ）：サドサブロウ\n",
        # the name of a foreigner in kana and in Latin letters, none in kanji
        "雇用状況届出\nフリガナ：ヨネヤマハルト\n氏名：YONEYAMA HARUTO\n生年月日：1992年4月5日\n",
        # a given name alone, behind its label
        "全部事項証明\n氏名　国分綾香\n【名】綾香\n【生年月日】昭和57年10月24日\n",
    ],
)
def test_one_person_written_in_two_ways(count, text: str) -> None:
    assert count(text) == 1


def test_a_caller_says_his_name_and_is_addressed_in_kanji(count) -> None:
    text = "OP：カスタマーセンターの笠井でございます。\nCU：クスノキ　ヒロノブと申しますが。\nOP：楠様ですね。お電話番号をお願いします。\nCU：080-1234-5678です。\n"
    assert count(text) == 2


def test_lists_write_small_kana_large(count) -> None:
    text = "From: Yukari Kyan <kyan.yukari@example.co.jp>\nTo: Etsuko Fukumoto <fukumoto@example.co.jp>\nSubject: 打合せ\n\n喜屋武様\n\n福元です。承知しました。\n"
    assert count(text, "mail.eml") == 2


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("欠席連絡\n2年3組　丹下 あやか　発熱のためお休みします。保護者 丹下\n", 2),
        ("相談記録\n相談者：西尾　香織（45歳）\n連絡先：090-1234-5678\n同伴児：長女 香織（6歳）\n", 2),
        ("保健指導記録\n対象者：オクノショウタ（65）　腹囲 92cm\n次回 電話支援（090-1234-5678）　保健師 奥田\n", 2),
    ],
)
def test_somebody_of_the_same_name_or_sound_is_another(count, text: str, people: int) -> None:
    assert count(text) == people


def test_given_names_in_a_column_of_their_own_are_of_the_family_of_the_row(count) -> None:
    rows = [
        "番号,児童氏名,保護者,電話",
        "1,中平 瞳,康平,090-1234-5601",
        "2,鵜飼 美咲,康平,090-1234-5602",
        "3,小杉 大翔,つとむ,090-1234-5603",
        "4,若狭 舞,雄太,090-1234-5604",
        "5,森谷 直樹,直樹,090-1234-5605",
    ]
    assert count("\n".join(rows) + "\n", "名簿.csv") == 10


def test_nobody_comes_with_himself(count) -> None:
    rows = ["氏名,連名1,連名2,住所"] + [
        f"{name},{one},{two},東京都千代田区神田駿河台4-{n}-1"
        for n, (name, one, two) in enumerate(
            [("森山 拓也", "千尋", "千尋"), ("吉田 誠", "優子", "陸"), ("梅村 進", "直美", "裕子"), ("井出 実", "美月", "七海")], 1
        )
    ]
    assert count("\n".join(rows) + "\n", "宛名.csv") == 12


def test_a_father_who_bears_the_name_of_his_child(count) -> None:
    rows = [
        "氏名,生年月日,緊急連絡先,続柄,緊急連絡先TEL",
        "藤平 伴子,1983-01-13,藤平 陽子,母,090-1234-5601",
        "坂口 慎一,1979-06-19,坂口 慎一,父,090-1234-5602",
        "奥本 豊,1986-09-12,奥本 豊,本人,090-1234-5603",
        "堀内 薫,1936-01-25,堀内 和也,夫,090-1234-5604",
    ]
    assert count("\n".join(rows) + "\n", "台帳.csv") == 7


def test_visitors_of_one_family_name_from_two_firms(count) -> None:
    rows = [
        "日付,入館,会社名,お名前,訪問先",
        "3/18,8:29,学校法人桜丘学園,石川,相馬",
        "3/19,9:17,松下内科医院,石川,杉浦",
        "3/20,9:12,学校法人 桜丘学園,石川,西村",
        "3/21,9:26,佐野運輸,藤沢,金井",
        "3/22,10:37,青葉システムズ,都築,長曽我部",
        "3/23,11:18,東都信用組合,長曽我部,林",
    ]
    # 石川 twice, 藤沢, 都築, 長曽我部 as a visitor and in the house, 相馬, 杉浦, 西村, 金井, 林
    assert count("\n".join(rows) + "\n", "来訪者.csv") == 11


def test_a_roster_names_the_same_people_again(count) -> None:
    rows = ["日,曜,1階,2階,鍵"] + [
        f"{d},月,{a},{b},{c}"
        for d, (a, b, c) in enumerate(
            [("細井", "落合", "浜崎"), ("品川", "天野", "細井"), ("矢野", "笹本", "天野"), ("中谷", "落合", "前田")], 1
        )
    ]
    assert count("清掃当番\n" + "\n".join(rows) + "\n", "当番.csv") == 9


def test_a_card_that_was_saved_as_a_table_of_one_column(count) -> None:
    card = "あすなろ商会\n営業部\n村田 忍\nMURATA Shinobu\n山口県美祢市大嶺町東分2-29-19\nMobile 090-1234-5678\nshinobu_murata@mail.example.jp\n"
    assert count(card, "card.csv") == 1


def test_the_head_of_a_mail_is_no_list(count) -> None:
    text = "From: yui_sasaki@example.or.jp\nTo: support@example.or.jp\nCc: info@example.or.jp\nSubject: 商品の件\n商品が壊れていました。\n佐々木結衣\n090-1234-5678\n"
    assert count(text) == 1


def test_a_talk_names_in_part_whom_it_names_in_full(count) -> None:
    text = (
        '[{"type": "message", "real_name": "松村 英吾", "text": "台さんの携帯って 090-1234-5678 で合ってます？"},\n'
        ' {"type": "message", "real_name": "台 直美", "text": "合ってます。"}]\n'
    )
    assert count(text, "talk.json") == 2


def test_a_log_of_numbers_beside_the_list_that_names_them(count) -> None:
    staff = "".join(
        f"<tr><td>{10020 + n}</td><td>{name}</td></tr>" for n, name in enumerate(("細井 誠", "落合 陽子", "浜崎 実", "天野 薫"))
    )
    log = "".join(f"<tr><td>2026-06-0{n + 1}</td><td>{10020 + n}</td></tr>" for n in range(5))
    html = (
        f"<html><body><table><tr><th>社員番号</th><th>氏名</th></tr>{staff}</table><p>入退室</p>"
        f"<table><tr><th>日付</th><th>社員番号</th></tr>{log}</table></body></html>"
    )
    assert count(html, "log.html") == 5, "four of the five are named"


def test_the_holder_of_an_account_is_whom_the_row_names(count) -> None:
    rows = [
        "納税義務者,住所,種別,口座番号,口座名義",
        "角陽斗,島根県出雲市高松町3-8-10,普通,3104102,ｶﾄﾞ ﾊﾙﾄ",
        "北正,北海道千歳市日の出2-25-17,普通,5262741,ｷﾀ ﾀﾀﾞｼ",
        "清家和子,奈良県生駒市白庭台22-15,普通,4085178,ｾｲｹ ｶｽﾞｺ",
        "城戸亮,京都市伏見区桃山町丹後214,普通,9923067,ｷﾄﾞ ﾘｮｳ",
    ]
    assert count("\n".join(rows) + "\n", "還付.csv") == 4


def test_a_guarantor_of_the_same_family_in_kana_is_another(count) -> None:
    rows = [
        "患者ID,氏名,連絡先,保証人,保証人TEL",
        "8046166,我妻京子,070-8070-6837,我妻麻美,0744-69-8863",
        "6928197,グエン・ヴァン・アン,070-8887-2006,グエン・麻美,045-729-4739",
        "9024959,田島つとむ,090-5880-7199,田島恵子,045-434-1201",
    ]
    assert count("\n".join(rows) + "\n", "未収金.csv") == 6


def test_given_names_in_the_notes_of_two_rows_are_two_people(count) -> None:
    rows = [
        "日,時間,お名前,人数,電話,備考",
        "8/23,19:00,知念 裕人 様,2,090-1234-5601,博さん誕生日プレート",
        "8/11,19:00,片岡 明美 様,6,090-1234-5602,博さん誕生日プレート",
        "8/18,18:00,中根 和也 様,2,090-1234-5603,席のみ",
        "8/26,18:00,平山 奈々 様,4,090-1234-5604,席のみ",
    ]
    assert count("\n".join(rows) + "\n", "予約.csv") == 6


def test_former_names_in_brackets_below_a_header_that_says_so(count) -> None:
    rows = ["氏名（旧姓）,〒,住所,電話"] + [
        f"{name},590-0045,大阪府堺市堺区四条通{n}-10-3,0744-88-20{n:02d}"
        for n, name in enumerate(("牧田陽子（小沼）", "山田理史（三上）", "湯本瞳（喜屋武）", "松葉洋子（木村）"), 1)
    ]
    assert count("\n".join(rows) + "\n", "同窓会.csv") == 4


def test_a_form_and_what_is_written_below_it_name_the_same_people(count) -> None:
    html = (
        "<html><body><h1>面接評価シート</h1><table><tr><td>応募者</td><td>財前みどり</td><td>面接日</td><td>2026/7/1</td></tr>"
        "<tr><td>フリガナ</td><td>ザイゼン　ミドリ</td><td>面接官</td><td>大塚 幸子（製造部長）</td></tr>"
        "<tr><td>連絡先</td><td>090-1234-5678</td><td>備考</td><td>電話は17時以降希望</td></tr></table>"
        "<p>財前さんは質問の意図を正しく捉える。</p><p>記入者　大塚</p></body></html>"
    )
    assert count(html, "面接.html") == 2


def test_speakers_of_a_talk_are_named_by_the_others(count) -> None:
    text = "".join(
        f"10:0{n}\t{who}\t{what}\n"
        for n, (who, what) in enumerate(
            [
                ("斉藤 蓮", "おはようございます"),
                ("金沢 慶裕", "了解です。番号わかりますか"),
                ("斉藤 蓮", "090-1234-5678 です"),
                ("金沢 慶裕", "ありがとう"),
                ("斉藤 蓮", "金沢さん、大浦さんが休むそうです"),
            ]
        )
    )
    assert count(text, "talk.tsv") == 3


def _digit(text: str) -> str:
    """The check digit of a field of a machine-readable line."""
    values = (0 if ch == "<" else int(ch, 36) for ch in text)
    return str(sum(value * (7, 3, 1)[n % 3] for n, value in enumerate(values)) % 10)


def _passport(name: str, number: str, born: str) -> str:
    number, born, ends = number + _digit(number), born + _digit(born), "310415" + _digit("310415")
    rest = "<" * 14 + "0"
    return f"{'P<JPN' + name:<<44}\n{number}JPN{born}F{ends}{rest}{_digit(number + born + ends + rest)}\n"


def test_machine_readable_lines_of_passports_are_so_many_people(count) -> None:
    assert count(_passport("MIHON<<HANAKO", "TZ2087348", "610913") + _passport("REIJI<<TARO", "TZ7142123", "660907")) == 2


def test_members_of_a_committee_in_a_row_stay_apart(count) -> None:
    text = "懲戒委員会 議事録\n出席：山野委員長、岡委員、グエン委員\n議題：加瀬 和也（社員番号 45108）の件\n"
    assert count(text) == 4


def test_one_of_a_family_is_meant_where_several_are_named(count) -> None:
    text = "訃報\n製造課 安西 健さんのお母様 安西 フミ様（享年90）が逝去されました。\n喪主　安西 勝様（ご長男）\nなお安西さんは金曜まで忌引です。連絡は原口まで。\n"
    assert count(text) == 3  # the late mother is nobody whom the law protects
    # where a given name is that of two, it is one of them
    mail = "From: 中岡 実 <nakaoka@example.jp>\nTo: 正田 勇 <shoda@example.jp>\nCc: 南 勇 <minami@example.jp>\n\n勇さん\n資料を送ります。\n"
    assert count(mail, "mail.eml") == 3


@pytest.mark.parametrize(
    ("text", "people"),
    [
        # namesakes in a text, told apart by the birth dates behind their names
        ("病棟連絡\n本日同姓同名の方がおられます。\n501 松村 裕子様 1947/09/29生\n512 松村 裕子様 1942/09/15生\n", 2),
        ("病棟連絡\n501 松村 裕子様 1947/09/29生\n明日退院　松村 裕子様 1947/09/29生\n", 1),
        ("申込\n松村 裕子様 1947/09/29生\n長男の方は 1975/03/02生とのこと。\n", 1),
        # a letter's lines are short
        ("前略　和泉\n英寿様\nお変わりありませんか。\n", 1),
        ("出席\n和泉\n英寿様\n", 1),
        ("出席\n和泉\n三宅様\n", 2),
        # a wife's given name is not that of somebody else
        ("203号の山本様より電話。303の劉洋さんの奥様の由美子さんへ伝言。\n大家の阿久津 由美子様へ報告した。\n", 4),
        # a former name in brackets
        ("長男　入江 直樹（昭和42年10月12日生）\n長女　矢野 友里（旧姓入江、昭和43年1月6日生）\n", 2),
        # in kana and in Latin letters
        ("雇用届出\nフリガナ ウツノミヤ ヒロタカ\n氏名 UTSUNOMIYA HIROTAKA\n生年月日 S.44.12.27\n", 1),
        ("設計室　主査\nキム　ミンジュン\nMinjun Kim\nTEL 03-1234-5678\n", 1),
        # a name a character each
        ("三宅も元気にしております。\n　　草々\n　　三　宅　純\n", 1),
    ],
)
def test_who_is_meant_in_a_text(count, text: str, people: int) -> None:
    assert count(text) == people


class TestTables:
    def test_the_same_people_in_two_tables_in_other_letters(self, count) -> None:
        lines = [
            "旅費",
            "社員番号,氏名,行先,金額",
            "80508,石塚 真靖,大阪,12000",
            "35104,西井 幸雄,松本,8000",
            "04355,渡辺 春香,宮崎,31000",
            "振込先",
            "社員番号,氏名カナ,銀行,支店,口座",
            "80508,ｲｼﾂﾞｶ ﾏｻﾔｽ,例示銀行,丸の内支店,1917711",
            "35104,ﾆｼｲ ﾕｷｵ,例示銀行,青葉支店,5825283",
            "04355,ﾜﾀﾅﾍﾞ ﾊﾙｶ,見本銀行,本店,9495516",
        ]
        assert count("\n".join(lines) + "\n", "精算.csv") == 3

    def test_other_people_in_a_second_table(self, count) -> None:
        lines = [
            "社員番号,氏名,金額",
            "80508,石塚 真靖,12000",
            "35104,西井 幸雄,8000",
            "",
            "社員番号,氏名カナ,金額",
            "11111,ﾅｶｲ ﾐｻｷ,1",
            "22222,ｵｵﾓﾘ ﾘｸ,2",
        ]
        assert count("\n".join(lines) + "\n", "精算.csv") == 4

    def test_a_customer_calls_again(self, count) -> None:
        lines = [
            "日時,顧客,内容,対応",
            "11/1 10:02,横山 久士,初回,八ッ橋",
            "11/1 15:44,ﾖｺﾔﾏ ﾋｻｼ,再入電,佐渡",
            "11/3 09:10,横山様,転送,八ッ橋",
            "11/5 11:31,横山様奥様,解決のお礼,佐渡",
            "11/5 12:00,塩原 悠真,請求書,八ッ橋",
        ]
        assert count("\n".join(lines) + "\n", "履歴.csv") == 4

    def test_a_family_name_among_guests_who_come_once_may_be_anybodys(self, count) -> None:
        lines = ["時間,お名前,人数", "18:00,横山 久士,4", "18:30,塩原 悠真,2", "19:00,横山様,3", "19:30,若狭 舞,2"]
        assert count("\n".join(lines) + "\n", "予約.csv") == 4

    def test_names_in_latin_letters_beside_those_of_others(self, count) -> None:
        rows = [("Ana Paula Ferreira", "北山"), ("Carlos da Silva", "嶋崎"), ("Maria Souza", "小野寺"), ("Rodrigo Lima", "山元")]
        lines = ["社員番号,氏名,国籍,上長"] + [f"2616{n},{name},ブラジル,{chief}" for n, (name, chief) in enumerate(rows)]
        assert count("\n".join(lines) + "\n", "外国籍.csv") == 8

    def test_names_in_latin_letters_beside_their_own_in_kanji(self, count) -> None:
        rows = [("PARK JIHOON", "木村 次郎"), ("LEE MINSEO", "山本 美咲"), ("CHOI YUNA", "井上 優奈")]
        lines = ["社員番号,氏名（英字）,通称名,国籍"] + [f"2616{n},{name},{own},韓国" for n, (name, own) in enumerate(rows)]
        assert count("\n".join(lines) + "\n", "外国籍.csv") == 3

    def test_two_names_in_a_cell(self, count) -> None:
        rows = [("藤村 洋子", "財前・知念"), ("小川 正", "杉浦・出雲"), ("柳沢 恵子", "松尾・磯田"), ("滝田 純", "中澤・崔")]
        lines = ["受験番号,氏名,面接官,評価"] + [f"{n},{name},{two},A" for n, (name, two) in enumerate(rows, 21)]
        assert count("\n".join(lines) + "\n", "面接.csv") == 12

    def test_a_name_with_a_dot_is_one(self, count) -> None:
        rows = ["グエン・アン", "マリア・サントス", "ジョン・スミス", "キム・ミンジュン"]
        assert count("No,氏名,国\n" + "".join(f"{n},{name},x\n" for n, name in enumerate(rows, 1)), "名簿.csv") == 4

    def test_a_note_under_a_table_names_somebody_of_it(self, count) -> None:
        lines = [
            "組,1人目,2人目,3人目",
            "1,勅使河原 勇,佐藤 純,篠原 正人",
            "2,須藤 純一,我孫子 勇,若狭 舞",
            "幹事　佐藤（欠席の連絡は 090-1234-5678）,,,",
        ]
        assert count("\n".join(lines) + "\n", "組合せ.csv") == 6

    def test_a_display_name_is_the_rows_person(self, count) -> None:
        rows = [("ミホ", "能登 美穂"), ("じゅんじゅん", "大倉 純"), ("ウンジ", "崔 恩智"), ("ユウコ", "神谷 裕子")]
        lines = ["受付,LINE表示名,お名前,電話番号"] + [f"8:0{n},{nick},{name},090-1234-567{n}" for n, (nick, name) in enumerate(rows)]
        assert count("\n".join(lines) + "\n", "受付.csv") == 4

    def test_a_display_name_beside_who_approves(self, count) -> None:
        rows = [("森永 直樹", "三ツ矢"), ("増田 美穂", "平塚"), ("永瀬 舞", "野瀬"), ("星野 蓮", "藤川")]
        lines = ["user_id,display_name,role,approver"] + [f"C6589{n},{name},editor,{chief}" for n, (name, chief) in enumerate(rows)]
        assert count("\n".join(lines) + "\n", "権限.csv") == 8

    def test_a_holder_of_an_account_whom_the_lists_read_otherwise(self, count) -> None:
        rows = [("渡部 春華", "ﾜﾀﾍﾞ ﾊﾙｶ"), ("豊島 陸", "ﾄｼﾏ ﾘｸ"), ("朴 成民", "ﾊﾟｸ ｿﾝﾐﾝ"), ("神 麻衣", "ｼﾞﾝ ﾏｲ"), ("清水 和子", "ｼﾐｽﾞ ｶｽﾞｺ")]
        lines = ["宛名番号,納税義務者,銀行,口座番号,口座名義"] + [f"81584{n},{a},例示銀行,846783{n},{b}" for n, (a, b) in enumerate(rows)]
        assert count("\n".join(lines) + "\n", "還付.csv") == 5

    def test_marks_under_a_header_with_one_label(self, count) -> None:
        rows = ["杉浦 杏奈", "渡邊 さくら", "大西 陽菜", "本多 皓嗣"]
        assert count("氏名,一次,二次\n" + "".join(f"{name},A,B\n" for name in rows), "評価.csv") == 4


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("当番日誌\n伊達政宗公の騎馬像の前で集合。当番 高尾\n", 1),
        ("感想：夏目漱石の手紙がおもしろかった。講師の中村先生の声がよい。\n", 1),
        ("受講者名簿\n氏名：夏目 漱石\n電話：090-1234-5678\n", 1),  # somebody of that name
        ("本日は樋口一葉様がお見えになりました。担当 中村\n", 2),
    ],
)
def test_people_of_history_are_not_counted(count, text: str, people: int) -> None:
    assert count(text) == people


def test_a_reading_is_of_its_row_whatever_lists_know_of_it(count) -> None:
    """Test data and masked lists have readings that are not those of the names: フリガナ beside 氏名 says whose they are."""
    rows = ["岡部 隆,ｲﾉｳｴ ﾜｶﾅ", "三宅 遥,ﾄｶﾞｼ ｶｽﾞﾊ", "大野 翔,ﾅｶﾈ ｼﾞｭﾝ", "井村 花子,ﾓﾘｵｶ ﾅﾅﾎ"]
    assert count("\n".join(["氏名,フリガナ", *rows]) + "\n", "名簿.csv") == 4
    assert count("\n".join(["受け,氏名カナ", *(row.replace(" ", "", 1) for row in rows)]) + "\n", "受電.csv") == 8


@pytest.mark.parametrize(
    ("text", "people"),
    [
        # a family name that no list has, after the whole name
        ("懲戒委員会　議事要旨\n委員　吉村 隆（委員長）、保ケ部愛\n保ケ部委員より経過説明。\n", 2),
        # what somebody is called who was named before
        ("社内報\n営業には大ベテラン、冨永鉄雄さんが戻ってきました。みなさん、テツさんと呼んであげてください。\n", 1),
        # a bracket says by which other name somebody goes
        ("面談者　友達電子　陳 志明 副總（英語名 Jimmy Chen）\n", 1),
        # a child in kana, and its given name in kanji in the next line
        ("れんらくちょう　うさぎ組　かきざき みつき\n【家庭より】美月は少し鼻水が出ています。お迎えは祖母（柿崎ひとみ）が行きます。\n", 2),
        # a foreign name in Latin letters, and as it sounds
        ("From: Emily Johnson <ej@example.com>\nSubject: Meeting\n\nジョンソン様\n明日の打合せの件です。\n", 1),
        # Japanese names need their vowels
        ("From: Hiroshi Nakamori <nakamori@example.com>\nSubject: Meeting\n\nナカムラ様\n明日の打合せの件です。\n", 2),
    ],
)
def test_named_in_part_or_otherwise(count, text: str, people: int) -> None:
    assert count(text, "mail.eml" if text.startswith("From") else "file.txt") == people


def test_the_given_names_of_a_foreigner(count) -> None:
    rows = [
        "番号,氏名,所見",
        "1,岡安慎一,係の仕事に進んで取り組みました。",
        "2,グエン・ヴァン・アン,ヴァン・アンさんの発言から考えが深まりました。",
    ]
    assert count("\n".join(rows) + "\n", "所見.csv") == 2


def test_a_caller_in_kana_is_addressed_in_kanji_in_the_same_row(count) -> None:
    rows = [
        "受付番号,発信者番号,お客様名,応対内容,OP",
        "8376717,08075290602,ハスミカズヤ,蓮實様に代替品を発送。,松井",
        "8834536,08065224132,ツジモト　ユウコ,辻元様に代替品を発送。,東",
        "5844441,09061583174,ヒガシ マサト,東様に代替品を発送。,和泉",
        "3167273,07088388559,キムミンジュン,キム様に代替品を発送。,新川",
    ]
    assert count("\n".join(rows) + "\n", "応対.csv") == 8, "東 who took a call is not 東様 who made one"


def test_who_deals_with_it_is_not_whom_the_row_is_about(count) -> None:
    tickets = ["チケットID,依頼者,担当", "INC001,水田 浩,水田", "INC002,井上 俊介,寺田", "INC003,楊 雪梅,水田"]
    assert count("\n".join(tickets) + "\n", "チケット.csv") == 5
    patients = ["ID,氏名,カナ,主治医"] + [
        f"{n},{name},{kana},{doctor}"
        for n, (name, kana, doctor) in enumerate(
            [("天野 美月", "アマノ ミツキ", "西森"), ("江藤 弘", "エトウ ヒロシ", "佐々木"), ("佐々木 裕介", "ササキ ユウスケ", "西森")],
            1001,
        )
    ]
    assert count("\n".join(patients) + "\n", "患者.csv") == 5, "readings do not make a list a talk"


def test_chinese_names_with_pinyin_and_reading(count) -> None:
    rows = [
        "序号,姓名,拼音,読み",
        "1,蔡宗翰,Tsai Tsunghan,ツァイ ツォンハン",
        "2,王芳,Wang Fang,ワン ファン",
        "3,林佳怡,Lin Jiayi,リン ジアイー",
        "4,周丽萍,Zhou Liping,ジョウ リーピン",
    ]
    assert count("\n".join(rows) + "\n", "名单.csv") == 4


def test_both_parts_of_a_name_under_one_header(count) -> None:
    text = (
        "投票区  役職        氏名          生年月日    電話\n"
        "第23    投票管理者  大前　大輔    1949/11/09  092-449-0790\n"
        "第9     職務代理者  小谷　陽斗    1996/12/02  011-820-6214\n"
        "第19    投票管理者  渡辺　康平    1968/11/07  0985-21-2210\n"
        "第40    立会人      米村　太一    1993/01/01  0744-27-4198\n"
    )
    assert count(text) == 4


def test_a_guardian_in_kana_is_not_the_child_of_whose_name_no_reading_is_known(count) -> None:
    rows = [
        "児童氏名,保護者氏名,振込先",
        "ジョンソン　エミリー,ジョンソン 雪梅,ジョンソン　セツバイ",
        "金 正浩,金 実,キム ミノル",
        "小畑 江莉佳,小畑 陸,オバタ リク",
        "茨木 陸,茨木 里美,イバラキ サトミ",
    ]
    assert count("\n".join(rows) + "\n", "認定.csv") == 8


def test_a_relative_in_two_columns_is_one(count) -> None:
    rows = [
        "申請者氏名,配偶者氏名,保証人氏名,保証人電話,緊急連絡先氏名,緊急連絡先続柄",
        "藤井 健介,藤井 由香,藤井 正雄,090-1111-2222,藤井 由香,妻",
        "森田 涼子,森田 剛,大西 博之,090-1111-3333,森田 剛,夫",
        "今井 拓,,今井 和夫,090-1111-4444,今井 和夫,父",
    ]
    assert count("\n".join(rows) + "\n", "申請.csv") == 8


def test_two_characters_in_a_plan_of_duties_are_a_family_name(count) -> None:
    rows = ["週,給湯室,会議室,玄関", "第1週,辻元,徳永,財前", "第2週,三宅,辻,藤井", "第3週,広瀬,清水,橘", "第4週,多田,長谷川,松下"]
    assert count("\n".join(rows) + "\n", "当番.csv") == 12


def test_readings_and_names_in_one_cell(count) -> None:
    rows = [
        '番号,"ふりがな\n氏名",生年月日,家族連絡先',
        '1,"はたけ おさむ\n畑　修",1979/05/14,清水　悦子（妻）',
        '2,"しゃるま らじぇしゅ\nシャルマ　ラジェシュ",1963/05/30,塚原 文子（妻）',
        '3,"おだ ようこ\n織田 陽子",1962/06/04,木戸　陽斗（父）',
    ]
    assert count("\n".join(rows) + "\n", "作業員.csv") == 6


def test_a_role_address_is_nobodys_under_a_header_either(count) -> None:
    rows = ["メールアドレス,登録日", "a.tanabe@example.com,2026-01-01", "mori.k@example.jp,2026-01-02", "info@example.co.jp,2026-01-03"]
    assert count("\n".join(rows) + "\n", "登録.csv") == 2


def test_a_program_that_writes_in_a_chat_is_nobody(count) -> None:
    text = '[{"user":"U1","real_name":"台 七海"},\n {"user":"U2","real_name":"米沢 里美"},\n {"user":"U3","real_name":"Slackbot"}]\n'
    assert count(text, "users.json") == 2


@pytest.mark.parametrize(
    ("text", "people"),
    [
        # a child's given name and a foreigner's kana, which begin with the same sound
        ("左から佐川さん、シルバ・マリア校長\n集合写真（後列右端が真由美ちゃん）\n", 3),
        # a family name that no list has, and the given name alone
        ("保護観察経過\n対象者：三ツ矢湊\n湊は無断欠勤なし。\n保護司：中崎正人\n", 2),
    ],
)
def test_given_names_alone(count, text: str, people: int) -> None:
    assert count(text) == people


def test_a_department_before_a_whole_name_is_no_family_name(count) -> None:
    people = ["大池慎一", "高橋愛", "関口正道", "寺崎愛", "中西綾香", "多田秀夫"]
    units = ["看護部", "品質保証課", "開発部", "看護部", "第二係", "総務部"]
    assert count("".join(f"{unit} | {name} | 090-1234-56{n}0\n" for n, (unit, name) in enumerate(zip(units, people, strict=True)))) == 6


def test_nobody_comes_with_himself_in_one_column_either(count) -> None:
    rows = [
        "氏名,連名,住所",
        "寺門　弘,弘,東京都千代田区神田駿河台4-1-1",
        "宮永 蓮,和也,東京都千代田区神田駿河台4-2-1",
        "望月 節子,幸子,東京都千代田区神田駿河台4-3-1",
    ]
    assert count("\n".join(rows) + "\n", "年賀状.csv") == 6


def test_whoever_comes_along_or_nobody(count) -> None:
    """なし and _ where nobody comes along are no names, and no kana that would make the column one of readings."""
    rows = ["お名前,同伴者のお名前（いらっしゃる場合）,電話"] + [
        f"{name},{other},090-1234-56{n:02d}"
        for n, (name, other) in enumerate(
            [("前田 翔太", "_"), ("竹村 翔太", "なし"), ("松浦 孝之", "_"), ("東海林 明美", "東海林 裕子"), ("中島 七海", "中島 修")]
        )
    ]
    assert count("\n".join(rows) + "\n", "回答.csv") == 7


def test_an_address_that_somebody_says_is_not_who_speaks(count) -> None:
    talk = (
        '[{"user_profile":{"real_name":"谷口 舞","email":"mtaniguchi@example.org"},"text":"おはよう"},\n'
        ' {"user_profile":{"real_name":"原島 文子","email":"harashima@example.com"},"text":"谷口さん、金谷学さんの連絡先わかる？"},\n'
        ' {"text":"kanaya@example.or.jp、電話080-9673-9109"}]\n'
    )
    assert count(talk, "general.json") == 3


def test_a_foreigner_in_letters_of_home_and_in_kana(count) -> None:
    pairs = [("氏名", "Lê Minh Tuấn"), ("カナ", "レ ミン トゥアン"), ("電話", "090-1234-5678"), ("紹介者", "安部 幸享")]
    table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in pairs)
    assert count(f"<html><body><h1>外国人相談カード</h1><table>{table}</table></body></html>", "card.html") == 2


def test_who_signs_for_a_paper_is_whom_the_row_names(count) -> None:
    rows = ["番号,生徒氏名,受取サイン", "1,シルバ・マリア,シルバ", "2,仲村渠 博隆,仲村渠", "3,黄 友慎,黄", "4,スミス・慎一,スミス"]
    assert count("\n".join(rows) + "\n", "台帳.csv") == 4


@pytest.mark.parametrize(
    ("text", "name", "people"),
    [
        # 個人情報 is of the living (法 2条1項)
        ("施主,故人,没年月日\n高木 弘,高木 文子,2020/4/1\n芦田 杏奈,芦田 進,2019/5/2\n星野 俊介,星野 忠,2018/6/3\n", "過去帳.csv", 3),
        ("被相続人　高木 弘（令和7年11月2日死亡）\n相続人　高木 文子\n預金　高木弘名義のもの\n", "file.txt", 1),
        ("西田 麻美　死亡により長男の陽菜が承継。\n", "file.txt", 1),
        ("人事課の松山 陸さんのご尊父様（松山 浩様、享年84）が6月2日ご逝去されました。\n喪主　松山 陸 様\n", "file.txt", 1),
        ("釋尼妙芳　　俗名 櫻井 孝之　三十三回忌\n住職　森本 優子\n", "file.txt", 1),
        ("第29回卒　同窓会名簿\n物故者　高木 弘、芦田 進\n幹事　星野 俊介\n", "file.txt", 1),
        ("塔婆申込\n高木 弘　高木 文子之霊　1本\n芦田 杏奈　芦田 康夫之霊　2本\n", "塔婆.txt", 2),
        (
            "氏名,電話,消息,担当\n高木 弘,090-1234-5601,健在,小川 正\n芦田 進,,物故,小川 正\n星野 忠,090-1234-5603,健在,小川 正\n",
            "同窓会.csv",
            3,
        ),
        # what died is somebody else, or no person
        ("受附月日,届出,届出人\n4月1日,死亡,高木 弘\n4月2日,出生,芦田 進\n4月3日,死亡,星野 忠\n", "届書.csv", 3),
        ("氏名,電話,備考\n高木 弘,090-1234-5601,父逝去\n芦田 進,090-1234-5602,\n星野 忠,090-1234-5603,\n", "名簿.csv", 3),
        ("佐藤さん、昨日飼い猫が亡くなったそうです。\n", "file.txt", 1),
        ("山田様より、隣の方が亡くなられたと電話あり\n", "file.txt", 1),
        ("故人との続柄：長男\n氏名：高木 文子\n", "file.txt", 1),
        # two of one family name, one of whom is dead
        ("故 佐藤会長をしのぶ会\n司会は佐藤 健が務めた。\n", "file.txt", 1),
    ],
)
def test_the_dead_are_not_counted(count, text: str, name: str, people: int) -> None:
    assert count(text, name) == people
