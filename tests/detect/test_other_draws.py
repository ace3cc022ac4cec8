"""What other draws of the strangers' files asked for (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from piiscan.assess.persons import PersonCounter
from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.detect.names.spoken import is_given_sound
from piiscan.masking import FingerprintKey, Sealer
from piiscan.model import Line, Record, Segment, Table
from piiscan.settings import Detection

Piece = str | Sequence[Sequence[str]]


def records(piece: Piece, name: str = "", sheet: str = "s") -> list[Record]:
    document = Document(Kit.of(Detection()), name)
    fed = Segment(Line(1), piece) if isinstance(piece, str) else Table(sheet, tuple(map(tuple, piece)))
    return [*document.feed(fed), *document.finish()]


def found(piece: Piece, entity: str) -> list[str]:
    return [hit.value for record in records(piece) for hit in record.hits if hit.entity == entity]


def names(piece: Piece) -> list[str]:
    return found(piece, "PERSON")


def sensitive(piece: Piece, name: str = "") -> set[str]:
    return {hit.entity for record in records(piece, name) for hit in record.hits if hit.entity.startswith("JP_SENSITIVE")}


def persons(piece: Piece) -> int:
    """How many people are counted."""
    counter = PersonCounter()
    sealer = Sealer(FingerprintKey.random())
    for record in records(piece):
        counter.add([sealer.seal(hit) for hit in record.hits], record.kind)
    return counter.result().estimate


# ---------------------------------------------------------------------- print-outs

TITLED = """5月の当番　※鍵は事務室へ返すこと
回    世帯主    人数  住所                          電話           鍵
午前  ハガ      3     東京都新宿区西新宿2-8-1       090-1234-5678  ○
午前  モリナガ  2     京都府京都市中京区寺町通3-1   090-2345-6789  ○
午後  ニシワキ  4     大阪府大阪市北区梅田1-2-3     090-3456-7890  ×
午後  サンノ    1     愛知県名古屋市中区栄3-4-5     090-4567-8901  ○
退会　ツジムラ
"""


def test_a_title_over_a_print_out_and_a_note_under_it_are_none_of_its_lines():
    assert {"ハガ", "モリナガ", "ニシワキ"} <= set(names(TITLED))


WIDE = """氏名          住所                          区分    紹介者
川俣 祐次     東京都新宿区西新宿2–8–1       一般    東野
志賀 里江     京都府京都市中京区寺町通3-1   家族    辻本
遠山 正臣     大阪府大阪市北区梅田1–2–3     一般    角
"""
NARROW = WIDE.replace("2–8–1       ", "2–8–1         ").replace("1–2–3     ", "1–2–3       ")


@pytest.mark.parametrize("text", [WIDE, NARROW], ids=["two columns a dash", "one column a dash"])
def test_signs_of_ambiguous_width_are_as_wide_as_makes_more_columns(text):
    assert {"東野", "辻本", "角"} <= set(names(text))


def test_sentences_with_wide_blanks_are_no_table():
    text = "貸主　沢村 明江（以下「甲」という。）と借主　野間 健（以下「乙」という。）は、次のとおり契約を締結した。\n第1条　甲は乙に対し、金六万円を貸し渡し、乙はこれを受領した。\n第2条　乙は、令和9年3月末日までに、甲に返済する。\n第3条　乙は、期限の利益を失う。\n"  # fmt: skip
    assert {"沢村 明江", "野間 健"} <= set(names(text))


# ------------------------------------------------------------------------- columns

CALLS = [
    ["受電", "氏名カナ", "用件", "受け"],
    ["10:21", "ワタナベカズコ様", "解約", "黒木"],
    ["11:32", "カタヤマチヨ様", "変更", "橘"],
    ["13:05", "ノジリサブロウ様", "解約", "三村"],
    ["14:40", "カメヤマオサム様", "変更", "大高"],
]


def test_readings_of_nobody_in_the_row_are_people_of_their_own():
    assert persons(CALLS) == 8


def test_readings_of_the_rows_names_are_the_same_people():
    read = ("クロキ", "タチバナ", "ミムラ", "オオタカ")
    rows = [CALLS[0], *[[time, kana, why, who] for (time, _, why, who), kana in zip(CALLS[1:], read, strict=True)]]
    assert persons(rows) == 4


def test_readings_of_a_family_and_a_given_name_are_the_same_people():
    rows = [
        ["社員番号", "姓", "名", "姓（ヨミガナ）", "名（ヨミガナ）"],
        ["78320", "三原", "孝之", "ミハラ", "タカユキ"],
        ["92798", "正田", "千尋", "ショウダ", "チヒロ"],
        ["86325", "西村", "凛", "ニシムラ", "リン"],
    ]
    assert persons(rows) == 3


BIRTHS = ("昭10.2.2", "1938.05.13", "1940/4/27", "S13.7.1")
OLD = ("山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 陽子")


def under(header: str, *cells: str, head: str = "氏名") -> list[list[str]]:
    return [[head, header], *[[who, cell] for who, cell in zip(OLD, cells, strict=True)]]


def test_dates_below_a_word_for_births_are_births_however_near_each_other():
    assert found(under("生年", *BIRTHS, head="対象者"), "DATE_OF_BIRTH") == list(BIRTHS)


def test_dates_below_no_such_word_are_not():
    assert not found(under("年月日", "2018/2/2", "2019/5/13", "2020/4/27", "2021/7/1", head="対象者"), "DATE_OF_BIRTH")


def test_people_with_a_rank_are_visited_whatever_the_header():
    visited = ("台 主事", "七五三掛 店長", "藤井 店長", "加納 課長", "玉田 課長", "深沢 チーフ", "平沢 係長")
    rows = [["会社名", "訪問先", "証No"], *[["例示電機㈱", who, str(number)] for number, who in enumerate(visited, 11)]]
    assert names(rows) == ["台", "七五三掛", "藤井", "加納", "玉田", "深沢", "平沢"]


def test_posts_alone_are_nobody():
    assert set(names(under("訪問先", "総務課長", "工場長", "支店長", "営業部長"))) == set(OLD)


def test_a_word_among_titled_names_is_a_name_too():
    rows = [
        ["組", "IN/OUT", "①", "②", "③"],
        ["1", "OUT 8:01", "小林 綾香様", "德永様", "河島弘様"],
        ["2", "OUT 8:02", "内藤 誠様", "神様", "橋本武様"],
        ["3", "OUT 8:03", "森田 実様", "角様", "崔恩智様"],
        ["4", "OUT 8:04", "斉藤 菜桜様", "金城様", "渡辺秀夫様"],
    ]
    assert {"德永", "神", "角", "金城"} <= set(names(rows))


SHOWN = [
    ["LINE表示名", "お名前", "電話番号"],
    ["ミホ", "能登 美穂", "090-1234-5678"],
    ["ジュン", "大倉 純", "090-2345-6789"],
    ["Hiroyasu", "神谷 裕康", "090-3456-7890"],
]


def test_a_name_by_which_somebody_goes_is_the_same_person():
    assert {"ミホ", "ジュン", "Hiroyasu"} <= set(names(SHOWN))
    assert persons(SHOWN) == 3


def test_shops_and_words_by_which_somebody_goes_are_no_names():
    rows = [SHOWN[0], *[[shown, *rest] for (_, *rest), shown in zip(SHOWN[1:], ("admin", "soumu", "まる得市場"), strict=True)]]
    assert len(names(rows)) == 3


@pytest.mark.parametrize(("word", "given"), [("ミホ", True), ("Hiroyasu", True), ("hiroyasu", False), ("Madoguchi", False), ("X1", False)])
def test_what_sounds_as_a_given_name(word, given):
    assert is_given_sound(word) is given


CHAT = "19:22\tHiroyasu\tこんばんは。来週の集計ですが大丈夫でしょうか\n19:25\t赤間実\t大丈夫です\n19:31\t増田母\tすみません欠席します\n19:32\tHiroyasu\t了解です、お大事に！\n"  # fmt: skip


def test_speakers_of_a_saved_chat():
    assert names(CHAT).count("Hiroyasu") == 2
    assert {"赤間実", "増田"} <= set(names(CHAT))


def test_hosts_of_a_log_speak_not():
    log = "19:22\tKyoto\tlink up\n19:25\tOsaka\tlink down\n19:31\tKobe\tlink up\n19:32\tKyoto\tlink down\n"
    assert not names(log)


def test_neighbours_in_a_plan_of_seats_are_two():
    rows = [["竹内", "廣瀬"], ["磯村", "日下"], ["石垣", "妹尾"], ["小林", "西岡"]]
    assert persons(rows) == 8


def test_family_and_given_names_side_by_side_are_one():
    rows = [["竹内", "花子"], ["磯村", "健太"], ["石垣", "直樹"], ["小林", "洋子"]]
    assert persons(rows) == 4


def test_a_small_plan_of_seats_has_rare_names():
    rows = [["総務課 座席表", "", ""], ["窓側", "", ""], ["出雲", "武藤", "長曽我部"], ["八ッ橋", "李", "薮内"], ["入口", "", ""]]
    assert {"出雲", "李", "八ッ橋"} <= set(names(rows))


def test_the_same_words_elsewhere_are_places():
    rows = [["運行区間", "", ""], ["窓側", "", ""], ["出雲", "武生", "長門"], ["八幡", "佐渡", "日向"], ["入口", "", ""]]
    assert not names(rows)


PLACES = [["28101", "658-0042", "兵庫県", "神戸市東灘区", "住吉浜町"], ["07421", "969-6331", "福島県", "大沼郡会津美里町", "松尾"], ["47308", "905-0204", "沖縄県", "国頭郡本部町", "豊原"], ["02201", "030-0862", "青森県", "青森市", "古川"], ["11201", "350-0001", "埼玉県", "川越市", "新井"], ["23101", "464-0001", "愛知県", "名古屋市千種区", "横田"]]  # fmt: skip


def test_towns_of_a_list_of_places_are_nobody():
    assert not names(PLACES)


def test_people_beside_a_place_are_somebody():
    rows = [[*row[:4], who] for row, who in zip(PLACES, (*OLD, "遠山 正臣", "川俣 祐次"), strict=True)]
    assert set(OLD) <= set(names(rows))


# --------------------------------------------------------------------------- forms


def test_a_rare_name_behind_its_unit_and_a_list_in_a_cell():
    rows = [
        ["氏名", "乾 康平", "派遣先責任者", "総務部 台春秋"],
        ["面接官", "中村 京子（製造部長）、八ッ橋正", "期間", "9:00〜17:30"],
        ["勤務地", "本社", "更新", "2026/9/30まで"],
    ]
    assert {"台春秋", "中村 京子", "八ッ橋正"} <= set(names(rows))


def test_a_list_of_other_things_behind_a_name_is_not():
    rows = [["氏名", "乾 康平", "面接官", "中村 京子、人事部採用チーム"], ["勤務地", "本社", "更新", "2026/9/30まで"]]
    assert "人事部採用チーム" not in names(rows)


def insured(title: str) -> list[list[str]]:
    return [
        [title, "", "", "", "", "", "", ""],
        ["被保険者", "氏名", "江口 正人", "生年月日", "1998年1月24日", "記号", "3990", "番号"],
        ["", "", "", "", "", "", "", ""],
    ]


def test_symbol_and_number_of_an_insured_person():
    form = [["健康保険 被扶養者（異動）届", ""], ["氏名", "江口 正人"], ["生年月日", "1998年1月24日"], ["記号", "3990"], ["番号", "798148"]]
    assert found(form, "JP_HEALTH_INSURANCE") == ["798148"]


def test_symbol_and_number_of_something_else():
    form = [["備品貸出票", ""], ["氏名", "江口 正人"], ["貸出日", "2026年1月24日"], ["記号", "3990"], ["番号", "798148"]]
    assert not found(form, "JP_HEALTH_INSURANCE")


def questionnaire(who: str, answer: str) -> list[list[str]]:
    return [
        ["内科問診票", ""],
        ["お名前", who],
        ["今日はどうされましたか", "□発熱 □せき □腹痛"],
        ["アレルギーはありますか", answer],
        ["妊娠の可能性", "□なし □あり"],
    ]


def test_a_blank_questionnaire_says_nothing():
    assert not sensitive(questionnaire("様　　　生年月日　大・昭・平・令　　年　　月　　日", "□なし　□あり（　　　　　）"))


def test_one_that_is_filled_in_does():
    assert sensitive(questionnaire("山田 花子", "□なし　☑あり（卵アレルギー）"), "問診票")


def test_a_name_is_no_creed():
    rows = [
        ["R8 役員推薦集計"],
        ["大本 健太（5年 裕介さん保護者）・・・3票"],
        ["鳥居 雅典（5年 直樹さん保護者）・・・2票"],
        ["仲本 舞（3年 一郎さん保護者）・・・8票"],
    ]
    assert "JP_SENSITIVE_CREED" not in sensitive(rows)
    assert "JP_SENSITIVE_CREED" in sensitive("氏名：山田 健太\n宗教：大本を信仰している。\n", "相談記録")


# --------------------------------------------------------------------------- prose


@pytest.mark.parametrize("text", ["清水の水場は枯れることがあります。", "トイレ：大平、一丁平、影信茶屋", "協力会社は加藤内装と三和電設。"])
def test_places_and_trades_that_bear_a_family_name(text):
    assert not names(text)


def test_people_of_those_names():
    assert names("清水の携帯は090-1234-5678です。担当：大平、加藤") == ["清水", "大平", "加藤"]


@pytest.mark.parametrize("label", ["受付スタッフ", "電話オペレーター"])
def test_whoever_serves(label):
    assert names(f"契約者名：小暮 優子\n{label}：王\n") == ["小暮 優子", "王"]
    assert names(f"契約者名：小暮 優子\n{label}：全員\n") == ["小暮 優子"]


NOTES = (
    "6/15 創部痛あり、点滴で軽減。トイレまで歩行。（福岡）\n6/16 面会あり。生活を心配されている。（植木）\n6/17 不眠の訴えあり。（福岡）\n"
)


def test_who_signs_notes_in_brackets():
    assert sorted(names(NOTES)) == ["植木", "福岡", "福岡"]


def test_other_brackets_at_the_end_of_sentences():
    assert not names("売上は増加した。（前年比）\n拠点を新設した。（福岡）\n費用は減少した。（後述）\n")


def test_a_remark_behind_an_address_is_none_of_it():
    assert found([["氏名", "根津典子"], ["住所", "新潟県新潟市南区釣寄27の20（家賃滞納3か月）"]], "JP_ADDRESS") == [
        "新潟県新潟市南区釣寄27の20"
    ]


@pytest.mark.parametrize("rest", ["（山田方）", "（メゾン青葉203号）"])
def test_what_an_address_has_in_brackets_belongs_to_it(rest):
    assert found([["氏名", "根津典子"], ["住所", f"新潟県新潟市南区釣寄27の20{rest}"]], "JP_ADDRESS") == [
        f"新潟県新潟市南区釣寄27の20{rest}"
    ]


def test_a_building_whose_name_ends_in_hiragana():
    assert found("住所 東京都新宿区西新宿2-8-1ドルミエつばき101", "JP_ADDRESS") == ["東京都新宿区西新宿2-8-1ドルミエつばき101"]
    assert found("住所 東京都新宿区西新宿2-8-1 コンビニまで500歩", "JP_ADDRESS") == ["東京都新宿区西新宿2-8-1"]


def test_a_birth_date_asked_for_on_the_telephone():
    call = "[00:00:58] OP: 生年月日も確認させていただけますか。\n[00:01:03] CU: 昭和29年7月12日です。\n[00:01:11] OP: お届けは令和8年3月2日です。\n"
    assert found(call, "DATE_OF_BIRTH") == ["昭和29年7月12日"]


def test_a_birth_date_between_a_name_and_an_address():
    assert found("氏名 御手洗 裕介　昭和15年（1940年）11月16日　東京都新宿区西新宿2-8-1", "DATE_OF_BIRTH") == ["昭和15年（1940年）11月16日"]
    assert not found("氏名 御手洗 裕介　2026年11月16日　東京都新宿区西新宿2-8-1", "DATE_OF_BIRTH")


def test_my_number_behind_a_lone_figure_in_a_row():
    row = "1 宮崎 陽斗 （ミヤザキ ハルト） 3-531120 1 {} 9-080401 0.無\n"
    assert found(row.format("1234 5678 9018"), "JP_MY_NUMBER") == ["1234 5678 9018"]
    assert not found(row.format("1234 5678 9012"), "JP_MY_NUMBER")


HL7 = "MSH|^~\\&|LIS|KENSIN|HIS|MAIN|20260312093000||ORU^R01|0001|P|2.5\nPID|1||5132344^^^^PI||甲斐^忍||20000630|M|カイ^シノブ\nOBR|1||239|BIO^生化学\n{}\n"


def test_observations_of_a_laboratory_are_results_of_a_check_up():
    assert "JP_SENSITIVE_CHECKUP_RESULT" in sensitive(HL7.format("OBX|1|NM|3F070^LDL-C||168|mg/dL|70-139|H"))
    assert not sensitive(HL7.format("OBX|1|NM|3F070^LDL-C||||70-139|"))


FAMILY = [
    ["家族調書", "", "", ""],
    ["本人", "猪俣 才子", "昭43.7.27", ""],
    ["続柄", "氏名", "生年月日", "職業"],
    ["妻", "有吉 典子", "1952年1月3日", "パート"],
    ["長男", "神 里美", "昭57.11.24", "学生"],
    ["父", "中村 正人", "1982年10月5日", "無職"],
]


def test_a_row_over_the_header_that_fits_its_columns_is_one_of_them():
    assert "昭43.7.27" in found(FAMILY, "DATE_OF_BIRTH")
    signed = [FAMILY[0], ["作成", "総務課", "令和8.7.27", ""], *FAMILY[2:]]
    assert "令和8.7.27" not in found(signed, "DATE_OF_BIRTH")


def test_a_birth_date_behind_a_name_in_its_cell():
    form = [["氏名", "沖 ゆかり"], ["連帯保証人", "岩瀬 正人（配偶者）　{}"], ["勤務先", "例示電機㈱"]]
    rows = [[label, cell.format("西暦1980年7月21日")] for label, cell in form]
    assert found(rows, "DATE_OF_BIRTH") == ["1980年7月21日"]
    assert not found([[label, cell.format("2026年7月21日")] for label, cell in form], "DATE_OF_BIRTH")


def test_two_of_a_duty_are_two():
    assert {"大場", "辰巳"} <= set(names("秋祭り 役割分担\n総括　内野\n会計　大場・辰巳\n屋台　宮沢、岡\n"))
    assert "グエン・ヴァン・アン" in names("担当：グエン・ヴァン・アン")


def test_a_member_of_a_family_with_wide_blanks():
    assert "白鳥 沙利美" in names("長男　白鳥 沙利美　住所 福井県小浜市堅海6-16-4")


def candidates(*labels: str) -> list[list[str]]:
    return [
        ["項目", "候補A", "候補B", "候補C"],
        ["氏名", "松本 善泰", "佐藤 央光", "高崎 悦子"],
        ["生年月日", "1988/09/07", "1974/12/16", "1980/6/3"],
        ["携帯", "070-5102-0857", "070-7156-2691", "070-3854-4200"],
        *[[label, "A", "B", "C"] for label in labels],
    ]


def test_a_header_says_in_brackets_who_judged():
    assert {"大森", "宮田"} <= set(names(candidates("面接官評価（大森）", "面接官評価（宮田）")))
    assert len(names(candidates("評価（総合）", "通勤（千葉）"))) == 3
    upright = [list(row) for row in zip(*candidates("面接官評価（大森）"), strict=True)]
    assert "大森" in names(upright)


def test_a_date_of_an_old_era_that_ends_the_line_of_whom_a_paper_is_about():
    assert found("面談記録\n対象者　飯野 正（37294）　3階病棟　昭和十八年十二月十六日\n", "DATE_OF_BIRTH") == ["昭和十八年十二月十六日"]
    assert not found("沿革\n設立　例示電機　昭和十八年十二月十六日\n対象者　飯野 正　令和八年四月一日\n", "DATE_OF_BIRTH")


def test_whoever_does_something_in_brackets():
    assert names("原因：作業者（林）が工具補正値を直していなかった。") == ["林"]
    assert not names("原因：作業者（全員）が手順書（改訂版）を見ていなかった。")
