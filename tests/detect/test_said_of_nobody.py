"""Papers with names in them that say nothing sensitive of anybody: articles, lists of talks, metaphors, drills, lists of things; and their twins that do."""

from __future__ import annotations

import pytest

from piiscan.model import Table
from tests.detect.test_forms_and_questions import hits, sensitive


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
    assert not any(h.entity.startswith("JP_SENSITIVE_") for h in hits(Table("t", (("年度", "病名", "患者数", "作成者"), *rows))))
    tested = (("M-01", "心電計", "大西 俊介", "異常なし"), ("M-02", "血圧計", "矢野 香織", "要修理"))
    assert not any(h.entity.startswith("JP_SENSITIVE_") for h in hits(Table("t", (("管理番号", "機器名", "点検者", "結果"), *tested))))
    ill = (("1", "胃がん", "大西 俊介", "矢野 香織"), ("2", "肺がん", "片山 健太", "矢野 香織"))
    assert "MEDICAL_HISTORY" in sensitive(Table("t", (("番号", "病名", "氏名", "作成者"), *ill)))


def test_a_body_is_no_header() -> None:
    rows = (("会長", "大西 俊介", "犯罪被害者支援センター", "R7-R9"), ("委員", "矢野 香織", "民生委員協議会", "R7-R9"))
    assert sensitive(Table("t", rows)) == set()


def test_people_play_in_a_drill() -> None:
    assert sensitive("防災訓練 シナリオ\n9:35 負傷者役の大西 俊介が倒れる。右足骨折。") == set()
    assert "MEDICAL_HISTORY" in sensitive("防災訓練 実施報告\n9:35 大西 俊介さんが転倒し、右足を骨折した。")
