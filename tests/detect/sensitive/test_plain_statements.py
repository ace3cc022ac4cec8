"""Families of plain statements about somebody, each beside what is said of nobody with the same words."""

from __future__ import annotations

import pytest

from tests.detect.sensitive.test_everyday_words import kinds


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        # ill, hurt
        ("病気で休んでいる", "MEDICAL_HISTORY"),
        ("頭を打って吐いた", "MEDICAL_HISTORY"),
        ("犬に噛まれた", "MEDICAL_HISTORY"),
        ("かかとを折りました", "MEDICAL_HISTORY"),
        ("全治2か月です", "MEDICAL_HISTORY"),
        ("お酒がやめられない", "MEDICAL_HISTORY"),
        ("検査の結果が悪性だった", "MEDICAL_HISTORY"),
        ("早期の胃がんが見つかったらしい", "MEDICAL_HISTORY"),
        ("「死にたい」と何度も口にする", "MEDICAL_HISTORY"),
        ("統合失調の治療を始めた", "MEDICAL_HISTORY"),
        # care
        ("薬を飲み始めた", "MEDICAL_CARE"),
        ("抗うつ薬が増えた", "MEDICAL_CARE"),
        ("医者から運動を止められている", "MEDICAL_CARE"),
        ("病院に行ってから出社します", "MEDICAL_CARE"),
        ("眼科の予約があるので早退します", "MEDICAL_CARE"),
        ("大学病院を紹介された", "MEDICAL_CARE"),
        ("産業医の先生と面談し、就業制限になった", "MEDICAL_CARE"),
        ("療育センターに週1回通っている", "MEDICAL_CARE"),
        ("ザイザルをもらっている", "MEDICAL_CARE"),
        # disability
        ("障害者手帳を持っている", "DISABILITY"),
        ("手足に障害が残った", "DISABILITY"),
        ("心臓機能障害（心臓）1級", "DISABILITY"),
        ("事故で左手の指を失った", "DISABILITY"),
        ("会話は筆談です", "DISABILITY"),
        ("ADHD傾向がある", "DISABILITY"),
        # examinations
        ("血糖が高く薬を勧められた", "CHECKUP_RESULT"),
        ("肝機能で引っかかっている", "CHECKUP_RESULT"),
        ("心エコーで弁の逆流が見つかった", "CHECKUP_RESULT"),
        ("視力は右0.1 左0.08です", "CHECKUP_RESULT"),
        ("長谷川式11点", "CHECKUP_RESULT"),
        ("要経過観察と言われた", "CHECKUP_RESULT"),
        ("尿に糖が下りていた", "CHECKUP_RESULT"),
        # others
        ("万引きで捕まったことがある", "CRIMINAL_PROCEDURE"),
        ("口座からなりすましで50万円を引き出された", "CRIME_VICTIM"),
        ("公明党の応援で休みます", "CREED"),
        ("一日五回お祈りをする", "CREED"),
    ],
)
def test_said_of_somebody(said: str, kind: str) -> None:
    assert kind in kinds(f"大西 俊介さん　{said}")


@pytest.mark.parametrize(
    "said",
    [
        "病気になったら困ると勧めた",
        "頭を切り替えて行く",
        "膝を打って感心した",
        "紙を折りました",
        "農薬を減らした米を出荷",
        "薬を飲んでくださいと表示する",
        "病院へ納品に行く",
        "眼科は木曜がお休みです",
        "社員手帳を返した",
        "システムに障害が残った",
        "身体の不自由な方のトイレを描いた",
        "会話は英語です",
        "血圧が高い人向けの茶を売る",
        "数値が悪い店を回る",
        "再検査になった製品を捨てた",
        "右0.5mm 左0.3mm",
        "泥棒を捕まえた話を聞く",
        "自民党の支持率を調べた",
        "プレゼンにはしびれました",
        "めまいがするような金額だ",
        "蹴られたボールを止めた",
        "涙が止まらない映画を見た",
        "警察に連れて行かれる場面を演じた",
        "障害年金の請求に必要な書類をまとめた",
        "パーキンソンの法則を引いた",
        "松葉杖 1組を返した",
        "橋の診断を行った",
        "花粉症にやさしい杉を植えた",
        "失明した音楽家の伝記を薦めた",
    ],
)
def test_said_of_nobody(said: str) -> None:
    assert kinds(f"大西 俊介さん　{said}") == set()


def test_an_illness_of_animals_by_its_name() -> None:
    assert kinds("飼い主 大西 俊介さん　猫エイズ検査済") == set()
    assert "MEDICAL_HISTORY" in kinds("大西 俊介さん　猫アレルギーです")


def test_a_family_name_of_three_signs() -> None:
    assert "MEDICAL_HISTORY" in kinds("先日お伝えした佐久間の件ですが、医師からはうつ病との診断でした。")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("手術を受けたことがありますか　□はい　□いいえ", False),
        ("今までに大きな病気をしたことがありますか　□はい　□いいえ", False),
        ("今までに大きな病気をしたことがありますか　□糖尿病　□高血圧　□なし", False),
        ("病気をしたことはありません。", False),
        ("手術を受けたことがありますか　☑はい　□いいえ", True),
        ("今までに大きな病気をしたことがあり、今も薬を飲んでいる。", True),
    ],
)
def test_a_question_whose_boxes_are_empty_says_nothing(line: str, says: bool) -> None:
    assert bool(kinds(f"健康調査票\n氏名：例示 太郎\n{line}\n")) is says
