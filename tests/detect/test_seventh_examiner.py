"""Kinds of tables and texts that the seventh examiner's files had (docs/detection.md): each rule with what it must leave alone."""

from __future__ import annotations

import pytest


@pytest.fixture
def sensitive(kinds):
    return lambda text, name="a.txt": [value for entity, value in kinds(text, name) if entity.startswith("JP_SENSITIVE_")]


# ------------------------------------------------------------------- who lives at an address


def test_addressee_behind_an_address_in_its_cell(kinds):
    rows = ["住所,電話", "大阪府箕面市稲775番地 平塚 小雪 様,0268-28-6512", '"神奈川県相模原市緑区橋本2-3-22\n安西 美月",070-6952-8993']
    found = kinds("\n".join(rows), "a.csv")
    assert [value for entity, value in found if entity == "PERSON"] == ["平塚 小雪", "安西 美月"]
    assert [value for entity, value in found if entity == "JP_ADDRESS"] == ["大阪府箕面市稲775番地", "神奈川県相模原市緑区橋本2-3-22"]


def test_house_and_whose_it_is_stay_parts_of_an_address(kinds):
    rows = ["住所,電話", "神奈川県相模原市緑区橋本2-3-22 コーポ桜,070-6952-8993", "大阪府箕面市稲775番地 佐藤様方,0268-28-6512"]
    found = kinds("\n".join(rows), "a.csv")
    assert [value[-4:] for entity, value in found if entity == "JP_ADDRESS"] == ["コーポ桜", "佐藤様方"]
    assert "PERSON" not in {entity for entity, _ in found}


# ------------------------------------------------------------------------------- headers


def test_ship_to_is_who_gets_it(names):
    rows = ["order_id,buyer,ship_to,total", "A1,薮内 達郎,薮内 達郎,900", "A2,廣瀬 静江,大津 タケ,800", "A3,松永 節,國井 奈緒,700"]
    assert names("\n".join(rows), "a.csv") == ["薮内 達郎", "薮内 達郎", "廣瀬 静江", "大津 タケ", "松永 節", "國井 奈緒"]


def test_ship_is_a_ship(names):
    assert names("ship,port,tons\n大和,呉,900\n千葉,横浜,800\n宮城,塩竈,700\n", "a.csv") == []


def test_symbol_and_number_beside_a_branch_and_a_name(kinds):
    rows = ["氏名,記号,番号,枝番", "岐阜 駿,21700023,487,00", "五味 賢治,21700023,867,00", "眞下 直美,21700023,560,01"]
    found = [value for entity, value in kinds("\n".join(rows), "a.csv") if entity == "JP_HEALTH_INSURANCE"]
    assert found == ["21700023・487", "21700023・867", "21700023・560"]


def test_symbol_and_number_of_drawings_are_none(kinds):
    rows = ["図面名,記号,番号,枝番", "配管図,21700023,487,00", "配線図,21700023,867,00", "基礎図,21700023,560,01"]
    assert "JP_HEALTH_INSURANCE" not in {entity for entity, _ in kinds("\n".join(rows), "a.csv")}


def test_operator_of_a_call_is_not_whose_number_it_is(count):
    rows = [
        "発信者番号,オペレーター,応対履歴",
        "070-5294-7793,長野,木村 賢治様より解約の件",
        "070-8872-2472,長野,西 茂樹様より住所変更の件",
    ]
    assert count("\n".join([*rows, "090-7135-2767,樋口,会田 進様より請求の件", "080-3781-8742,樋口,三好 忠様より請求の件"]), "a.csv") == 6


# ------------------------------------------------------ family names that are towns and words


def test_towns_and_rare_words_among_family_names(names):
    rows = ["号室,患者,申し送り", "507,桒原様,家族に説明済", "517,伊達氏,経過をみる", "506,尾崎氏,経過をみる", "508,又吉,経過をみる"]
    assert names("\n".join([*rows, "514,杉,家族来院", "515,岐阜,家族来院"]), "a.csv") == ["桒原", "伊達", "尾崎", "又吉", "杉", "岐阜"]


def test_towns_where_goods_go_are_places(names):
    assert names("便,行先,個数\n1,岐阜,12\n2,大分,3\n3,浜松,7\n4,福島,9\n", "a.csv") == []


def test_list_of_family_names_that_are_words_in_a_cell(names):
    rows = [
        "班,任務,班長,班員",
        "通報連絡班,館内放送,有馬,千石、五味",
        "初期消火班,消火,黒川,星、黒田",
        "避難誘導班,誘導,石橋,岐阜、米",
        "救護班,手当,最上,七尾、片山",
    ]
    assert {"岐阜", "米", "星", "千石"} <= set(names("\n".join(rows), "a.csv"))


def test_list_of_places_where_a_bus_goes_is_none(names):
    assert names("便,行先\n1,福島、宮城\n2,岐阜、米原\n3,大分、宮崎\n", "a.csv") == []


def test_plan_of_beds(names):
    rows = ["ベッド配置表,,,,,,,", ",,,,,,,", "1,飯塚,2,郡山,3,五島,4,廣瀬", "DW,51.7,DW,54.6,DW,77.3,DW,48.0"]
    assert set(names("\n".join(rows), "a.csv")) == {"飯塚", "郡山", "五島", "廣瀬"}


def test_family_names_alone_in_their_lines_below_a_plan(names):
    assert names("座席レイアウト案\n滋賀\n松岡\n舩越\n葛西\n渡部\n複合機\n新宿\n", "a.txt") == [
        "滋賀",
        "松岡",
        "舩越",
        "葛西",
        "渡部",
        "新宿",
    ]


def test_words_alone_in_their_lines(names):
    assert names("ブース配置図\n受付\n倉庫\n休憩所\n東\n西\n南\n北\n", "a.txt") == []


def test_town_before_a_polite_title(names):
    assert names("大分さんに折り返す。徳島さんの件は、総務へ。") == ["大分", "徳島"]
    assert names("関西さんに折り返す。大分県に出張。本田技研さんに納品。") == []


def test_family_name_beyond_the_usual_blocks(names, count):
    assert names("担当：\U00020bb7田 豊") == ["\U00020bb7田 豊"]
    assert count("氏名,電話\n\U00020bb7田 豊,03-3456-7890\n吉田 豊,03-3456-7890\n原 茜,03-3456-7891\n", "a.csv") == 2


def test_seals_among_seals(names):
    assert set(names("起案,課長,部長,社長\n芝,巽,徳島,清水\n2/11,3/1,3/2,3/5\n", "a.csv")) == {"芝", "巽", "徳島", "清水"}


def test_offices_below_what_is_decided_are_no_seals(names):
    assert names("起案,承認\n総務,本社\n2/11,3/1\n", "a.csv") == []


def test_same_person_on_duty_and_in_reserve(count):
    rows = ["日,当直,予備", "1日,井出,百瀬", "2日,徳田,井出", "3日,諏訪,港", "4日,百瀬,諏訪", "5日,港,徳田"]
    assert count("\n".join(rows), "a.csv") == 5


def test_famous_family_name_of_who_is_in_charge_of_all(names):
    rows = [
        "氏名,国籍,担当",
        "ブイ・クアン・ハイ,ベトナム,松本",
        "キン・サンダー・ウィン,ミャンマー,松本",
        "プラカシュ・グルン,ネパール,松本",
    ]
    assert names("\n".join(rows), "a.csv").count("松本") == 3


# -------------------------------------------------------------------------------- nobody


@pytest.mark.parametrize(
    "text",
    [
        "稟　議　書\n\n複合機更新の件",
        "浄土真宗本願寺派 慈光寺 檀信徒名簿",
        "事業所名        株式会社ノース・リンク\n所在地          福島県福島市古川3-37-8",
    ],
)
def test_labels_believers_and_firms_are_nobody(names, text):
    assert names(text) == []


def test_who_heads_a_firm_is_somebody(names):
    assert names("株式会社みのり　代表取締役　ジョン・スミス") == ["ジョン・スミス"]


def test_totals_below_names_are_nobody(names):
    assert names("氏名,1日,2日\n佐藤,早,遅\n鈴木,遅,早\n高橋,早,早\n早計,2,2\n", "a.csv") == ["佐藤", "鈴木", "高橋"]


# ----------------------------------------------------------------------------- sensitive


def test_title_of_a_list_says_it_of_those_listed(sensitive):
    assert sensitive("透析患者一覧,,\n氏名,曜日,開始\n佐藤 一郎,月水金,9:00\n鈴木 花子,火木土,9:00\n高橋 次郎,火木土,9:00\n", "a.csv") == [
        "透析"
    ]


@pytest.mark.parametrize("title", ["透析室スタッフ一覧", "糖尿病教室 参加者名簿", "がん検診担当者一覧", "社員一覧"])
def test_titles_of_lists_of_others_say_nothing(sensitive, title):
    assert sensitive(f"{title},,\n氏名,曜日,開始\n佐藤 一郎,月水金,9:00\n鈴木 花子,火木土,9:00\n高橋 次郎,火木土,9:00\n", "a.csv") == []


def test_title_over_a_table_of_nobody_says_nothing(sensitive):
    assert sensitive("透析患者一覧,,\n病棟,人数,割合\n東,12,9%\n西,8,6%\n南,5,4%\n", "a.csv") == []


def test_side_effects_and_kinds_of_medical_costs(sensitive):
    assert sensitive("氏名,ワクチン,副反応\n佐藤 一郎,MR2期,なし\n鈴木 花子,MR2期,接種部位の腫脹\n", "a.csv") == ["接種部位の腫脹"]
    rows = "医療を受けた方の氏名,支払先,医療費の区分\n佐藤 一郎,みなみ内科,診療・治療\n"
    assert sensitive(rows + "佐藤 花子,さくら薬局,医薬品購入\n", "a.csv") == ["診療・治療", "医薬品購入"]


def test_side_effects_of_drugs_are_nobodys(sensitive):
    assert sensitive("薬品名,規格,副反応\nロキソニン,60mg,胃部不快感\nアムロジン,5mg,動悸\n", "a.csv") == []


# --------------------------------------------------------------------- few people in a column


def test_few_rare_names_under_what_they_do(names):
    rows = "事件番号,依頼者,担当弁護士\n第12号,佐藤 一郎,一色\n第15号,鈴木 花子,伴\n第2号,高橋 次郎,一色\n"
    assert [name for name in names(rows, "a.csv") if name in {"一色", "伴"}] == ["一色", "伴", "一色"]


def test_what_is_left_out_of_a_meal_is_nobody(names):
    assert names("氏名,対応\n佐藤 一郎,牛肉除去\n鈴木 花子,卵除去\n", "a.csv") == ["佐藤 一郎", "鈴木 花子"]


def test_given_names_of_who_takes_over(count):
    assert count("農家番号,経営主,後継者,田\n101,佐藤 一郎,大樹,30\n102,鈴木 太郎,小夜,20\n103,高橋 次郎,,10\n", "a.csv") == 5


def test_who_introduced_others_is_one(count):
    rows = ["番号,氏名,紹介者", "1,佐藤 都,萩", "2,本間 猛,萩", "3,宮里 亮,高橋", "4,渡辺 翔,高橋", "5,中西 薫,栗花落", "6,葛西 進,萩"]
    assert count("\n".join(rows), "a.csv") == 9
