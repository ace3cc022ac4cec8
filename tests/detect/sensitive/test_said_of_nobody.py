"""Papers with names in them that say nothing sensitive of anybody: articles, lists of talks, metaphors, drills, lists of things; and their twins that do."""

from __future__ import annotations

import pytest

from piiscan.model import Table
from tests.detect.sensitive.test_everyday_words import kinds as sensitive


@pytest.mark.parametrize(
    "text",
    [
        # whom a paper's author is, wherever his name stands
        "腎臓をいたわる暮らし\n大西 俊介（中央クリニック院長）\n\n慢性腎臓病は自覚症状がないまま進みます。減塩から始め、受診を続けてください。\n（大西 俊介　腎臓の専門医）",
        # publications and talks
        "1. 大西 俊介, 矢野 香織：潰瘍性大腸炎の再燃に関する検討．消化器 33: 12-19, 2021\n2. 矢野 香織：クローン病の1例．第64回総会，2020年，京都",
        # figures of speech
        "大西専務　赤字の店は会社のがんだ。早く切らないと全身に転移する。\n矢野 香織　前科のある案件なので、部長が処方箋をまとめる。",
        "北海食品　資金難で、銀行が輸血を続けている。社長は大西 俊介氏。",
        "大西 俊介投手が完封。打線は貧血ぎみ。",
        "大西 俊介（営業）　甘いもの依存症です。",
        # supposed, taught, written about
        "救護訓練\n大西 俊介は右足骨折、矢野 香織は頭から出血の想定。",
        "管理職研修\n受講者　大西 俊介、矢野 香織\n部下がうつ病かもしれないと感じたら、産業医につなぐ。診断名を聞き出さない。",
        "編集部の大西です。特集「双極性障害とともに働く」に、主治医の立場からご寄稿ください。",
        # what a meeting offers, and bodies
        "人権講演会　講師　大西 俊介\n手話通訳、要約筆記あり。車いす席あり。ハンセン病療養所の写真展も行います。",
        "会長　大西 俊介　身体障害者福祉協会\n委員　矢野 香織　断酒会連合会",
        "校長　大西 俊介\n被害を受けた子どもの安全を第一とする。",
        # an appointment for a check-up is no result
        "大西 俊介 様\n受診日　12月9日\nコース　一泊ドック（胃カメラ）",
    ],
)
def test_a_paper_about_nobodys_illness(text: str) -> None:
    assert sensitive(*text.split("\n\n")) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("大西 俊介さん（34歳）は慢性腎臓病で通院しています。", "MEDICAL_HISTORY"),
        ("大西 俊介さんは大腸がんが全身に転移していると言われた。", "MEDICAL_HISTORY"),
        ("大西 俊介さんは前科があり、案件から外した。", "CRIMINAL_RECORD"),
        ("大西 俊介さんは手術のとき輸血を受けた。", "MEDICAL_CARE"),
        ("大西 俊介さんは貧血ぎみで、鉄剤を飲んでいる。", "MEDICAL_HISTORY"),
        ("大西 俊介さんは買い物に出られないほどのアルコール依存症です。", "MEDICAL_HISTORY"),
        ("訓練中に大西 俊介さんが転び、右足を骨折した。", "MEDICAL_HISTORY"),
        ("大西 俊介さんは聴覚障害があり、手話通訳を手配した。", "DISABILITY"),
        ("大西 俊介さんは痴漢の被害に遭った。", "CRIME_VICTIM"),
        ("大西 俊介さんは家庭内暴力を受け、実家に戻った。", "CRIME_VICTIM"),
        ("人間ドックのあと、大西 俊介さんは消化器内科を受診した。", "MEDICAL_CARE"),
        ("人間ドック結果のお知らせ\n\n大西 俊介　様\n\n腹部エコー　脂肪肝\n尿酸　8.1 mg/dL", "CHECKUP_RESULT"),
    ],
)
def test_the_same_words_said_of_somebody(text: str, kind: str) -> None:
    assert kind in sensitive(*text.split("\n\n"))


def test_what_somebody_did_is_not_what_he_suffered() -> None:
    assert "CRIME_VICTIM" not in sensitive("主事 大西 俊介は痴漢行為により現行犯逮捕された。")
    assert "CRIME_VICTIM" not in sensitive("大西 俊介さんの家に、家庭内暴力はない。")


def test_who_wrote_the_rows_is_not_ill() -> None:
    rows = (("2022", "胃がん", "1240", "大西 俊介"), ("2023", "肺がん", "1384", "矢野 香織"))
    assert sensitive(Table("t", (("年度", "病名", "患者数", "作成者"), *rows))) == set()
    tested = (("M-01", "心電計", "大西 俊介", "異常なし"), ("M-02", "血圧計", "矢野 香織", "要修理"))
    assert sensitive(Table("t", (("管理番号", "機器名", "点検者", "結果"), *tested))) == set()
    ill = (("1", "胃がん", "大西 俊介", "矢野 香織"), ("2", "肺がん", "片山 健太", "矢野 香織"))
    assert "MEDICAL_HISTORY" in sensitive(Table("t", (("番号", "病名", "氏名", "作成者"), *ill)))


def test_a_body_is_no_header() -> None:
    rows = (("会長", "大西 俊介", "犯罪被害者支援センター", "R7-R9"), ("委員", "矢野 香織", "民生委員協議会", "R7-R9"))
    assert sensitive(Table("t", rows)) == set()


def test_people_play_in_a_drill() -> None:
    assert sensitive("防災訓練 シナリオ\n9:35 負傷者役の大西 俊介が倒れる。右足骨折。") == set()
    assert "MEDICAL_HISTORY" in sensitive("防災訓練 実施報告\n9:35 大西 俊介さんが転倒し、右足を骨折した。")


@pytest.mark.parametrize(
    "text",
    [
        # a label and names: what they do in the matter
        "司会　大西 俊介　記録　矢野 香織\n私傷病休職の期間を延ばす。うつ病で復職後に再発した場合は通算する。",
        "説明　大西 俊介\n出席　矢野 香織、片山 健太\nリハビリ出勤中の給与は時給で支払う。",
        "講師は消防署の大西 俊介さんです。心停止、熱中症、けいれんの手当てを習います。",
        "診断書の文書料\n身体障害者手帳用診断書　6,600円\n変更は大西 俊介まで",
        "健康だより　文・大西 俊介\nぎっくり腰のときは無理に動かないこと。椎間板ヘルニアでは、しびれが出ます。",
        "大西 俊介（医療ソーシャルワーカー）　退院後の暮らしの相談を受けています。",
        # many names, none of them in the matter
        "会計報告は片山 健太。\n監査 大西 俊介、矢野 香織\n福祉　認知症の人の見守りを始める。",
        # titles of what is read or shown
        "博士論文題目一覧\n\n大西 俊介　思春期の摂食障害における家族機能の研究\n矢野 香織　被差別部落の近代",
        "9:00　大西 俊介「聴覚障害学生の情報保障」\n9:15　矢野 香織「農村の檀家制度の変容」",
        # programs, councils, statistics
        "担当　矢野 香織\n・うつ病予測モデルのAUCは0.81。\n・大西 俊介さんの提案で閾値を変えた。",
        "大西 俊介氏（住民）　工場の煙で喘息が増えると聞いた。",
        "裁判員経験者の交流会\n話し手　大西 俊介さん（2019年 強盗事件の裁判員）",
        # a sheet to be filled in
        "問診票\n受付　大西 俊介\nこれまでにかかった病気　高血圧　糖尿病　心臓病　喘息　なし\nアレルギー　ある（　　　）　ない",
    ],
)
def test_names_that_have_to_do_with_it_otherwise(text: str) -> None:
    assert sensitive(*text.split("\n\n")) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("欠席　大西 俊介（インフルエンザA型）、矢野 香織（出張）", "MEDICAL_HISTORY"),
        ("被災者　大西 俊介\n左手首を骨折した。", "MEDICAL_HISTORY"),
        ("営業1課　大西 俊介\nインフルエンザのため欠勤。", "MEDICAL_HISTORY"),
        ("勤務　矢野 香織、片山 健太、石黒 文江\n10:20　大西 俊介隊員が倒れる。軽い脳梗塞の\n　　　疑いとのこと。", "MEDICAL_HISTORY"),
        ("・大西 俊介　胸部X線で要再検。紹介状を出した。B型肝炎キャリア。\n・矢野 香織　提出済\n・片山 健太　未提出", "MEDICAL_HISTORY"),
        ("大西 俊介さんより電話。\n\n検察庁から不起訴になったと知らせがあった。", "CRIMINAL_PROCEDURE"),
        ("診断「うつ病」　氏名　大西 俊介", "MEDICAL_HISTORY"),
    ],
)
def test_names_that_are_whom_it_is_about(text: str, kind: str) -> None:
    assert kind in sensitive(*text.split("\n\n"))


def test_a_cells_own_kind_before_its_headers() -> None:
    rows = (("大西 俊介", "該当なし"), ("矢野 香織", "2011年 恐喝で有罪判決"))
    assert "CRIMINAL_RECORD" in sensitive(Table("t", (("従業員の氏名", "健診結果"), *rows)))


@pytest.mark.parametrize(
    "header",
    [
        ("講座", "講師", "自由記述"),
        ("番組", "出演", "内容"),
        ("ケースID", "実施者", "入力病名"),
        ("部品", "記録者", "症状"),
        ("物件", "担当", "備考"),
    ],
)
def test_who_speaks_shows_tests_or_sells_is_not_ill(header: tuple[str, str, str]) -> None:
    rows = (("1", "大西 俊介", "うつ病を知る"), ("2", "矢野 香織", "車いす対応"), ("3", "片山 健太", "がん治療の今"))
    assert sensitive(Table("t", (header, *rows))) == set()


@pytest.mark.parametrize(
    "about",
    [
        "糖尿病情報",
        "認知症の標語",
        "うつ病を学ぶ会",
        "がん助成金",
        "聴覚障害者の体験談",
        "犯罪被害者等基本計画",
        "感染症週報",
        "熱中症の時期",
        "てんかんの診断基準",
        "糖尿病のスライド",
        "認知症の人の家族会",
        "アレルギーをテーマにした講演",
        "依存症に負けない地域づくり",
    ],
)
def test_what_is_made_held_or_counted_about_an_illness(about: str) -> None:
    text = "市民課の片山 健太です。\n来週、{}の件で打合せをお願いします。\n白石 早紀さんにも共有ください。"
    assert sensitive(text.format(about)) == set()


@pytest.mark.parametrize(
    "said",
    [
        "糖尿病の薬を飲んでいます",
        "うつ病の治療を受けています",
        "てんかん発作で倒れました",
        "乳がん術後です",
        "腎不全の末期だそうです",
        "手根管症候群で手が使えません",
        "左母指CM関節症だそうです",
        "昨夜から38.6度あるそうです",
        "来月、採卵のためお休みをいただくかもしれません",
        "書字障害があります",
        "うつで外に出られません",
    ],
)
def test_what_is_said_of_somebodys_illness(said: str) -> None:
    assert sensitive(f"総務の白石です。\n営業部の片山 健太さんですが、{said}。")


def test_an_officer_with_a_record_in_his_line() -> None:
    assert "CRIMINAL_RECORD" in sensitive("取締役　片山 健太　令和3年 法人税法違反 懲役1年執行猶予3年")
    assert sensitive("取締役　片山 健太\n法令違反で懲役に処せられた者は役員になれない。") == set()


def test_columns_of_screenings_and_of_bills() -> None:
    screening = Table("t", (("番号", "氏名", "マンモ", "細胞診"), ("1", "片山 優花", "C-1", "NILM"), ("2", "白石 早紀", "C-3", "ASC-US")))
    assert "CHECKUP_RESULT" in sensitive(screening)
    bills = Table(
        "t", (("受診者名", "診療年月", "医療機関"), ("片山 優花", "2025/08", "さくら皮ふ科"), ("白石 早紀", "2025/09", "中央病院"))
    )
    assert "MEDICAL_CARE" in sensitive(bills)


def test_a_temperature_that_is_no_fever() -> None:
    assert sensitive("総務の白石です。\n片山 健太さんの測定では、水温は38.6度以上でした。") == set()


@pytest.mark.parametrize(
    "done",
    [
        "に詳しいです",
        "の患者さんを担当しています",
        "の生徒を担任しています",
        "という言葉の由来を話しました",
        "と似た症状のバグを直しました",
        "の有無は聞かないと決めました",
        "当事者の講演を聞きました",
        "の診断アプリを開発しました",
        "の部下への対応を学びました",
        "による経済損失を計算しました",
        "のサインの見分け方を学びました",
        "などに対応した席を設けました",
    ],
)
def test_what_somebody_knows_or_does_about_an_illness(done: str) -> None:
    assert sensitive(f"総務の白石です。\n営業部の片山 健太さんはうつ病{done}。") == set()


@pytest.mark.parametrize(
    "said",
    [
        "外来に通っています",
        "と闘っています",
        "の家族を介護しています",
        "に負けず復帰しました",
        "を理由に退職しました",
        "歴20年です",
        "の専門病院に移りました",
    ],
)
def test_what_somebody_has_or_bears(said: str) -> None:
    assert "MEDICAL_HISTORY" in sensitive(f"総務の白石です。\n営業部の片山 健太さんは認知症{said}。")
