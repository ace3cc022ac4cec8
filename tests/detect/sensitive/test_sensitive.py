"""要配慮個人情報 counts only when it is about a person, in all eleven categories."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Paragraph, Segment
from piiscan.settings import Detection


def kinds(text: str, name: str = "", **more: bool) -> set[str]:
    document = Document(Kit.of(Detection(**more)), name)
    records = [*document.feed(Segment(Paragraph(1), text)), *document.finish()]
    prefix = "JP_SENSITIVE_"
    return {hit.entity.removeprefix(prefix) for record in records for hit in record.hits if hit.entity.startswith(prefix)}


ABOUT_SOMEBODY = {
    "RACE": "相談者：山田太郎（45歳）\n在日韓国人三世であることを理由に入居を断られた。",
    "CREED": "面談記録\n氏名：山田太郎\n本人はイスラム教徒であり、金曜の礼拝のため昼休みを長めに取りたいとの希望。",
    "SOCIAL_STATUS": "相談者：山田太郎\n被差別部落の出身であることを理由に縁談を断られたとの相談。",
    "MEDICAL_HISTORY": "山田太郎さんは適応障害と診断され、来月から休職の予定です。",
    "CRIMINAL_RECORD": "対象者：山田太郎\n平成29年に窃盗罪で懲役1年（執行猶予3年）の有罪判決を受けている。",
    "CRIME_VICTIM": "届出人氏名：山田太郎\n被害の内容：自宅前で何者かに殴られ、財布を奪われる強盗の被害に遭った。",
    "DISABILITY": "利用者名：山田太郎\n手帳：療育手帳 B2\n障害名：自閉スペクトラム症",
    "CHECKUP_RESULT": "健康診断結果\n氏名：山田太郎\nHbA1c：6.8 %\nLDLコレステロール：162 mg/dL\n総合判定：要精密検査",
    "MEDICAL_CARE": "お薬手帳\n氏名：山田太郎\nロスバスタチン錠2.5mg 1錠 1日1回 夕食後 30日分",
    "CRIMINAL_PROCEDURE": "社員の山田太郎が、昨日、酒気帯び運転の疑いで逮捕された。",
    "JUVENILE_PROCEDURE": "少年氏名：山田太郎\n家庭裁判所の審判により保護観察処分となった。",
}


@pytest.mark.parametrize("kind", ABOUT_SOMEBODY)
def test_each_category_about_a_person(kind: str) -> None:
    assert kind in kinds(ABOUT_SOMEBODY[kind])


@pytest.mark.parametrize(
    "text",
    [
        "糖尿病の予防と食生活\nHbA1cが6.5%以上の場合、糖尿病型と判定されます。早期に受診しましょう。",
        "症例は76歳男性。既往に高血圧、脳梗塞がある。胃癌と診断され胃全摘術を施行した。",
        "症例報告\n著者：山田太郎1)、佐藤花子2)\n1)例示大学医学部 2)例示病院\n症例は76歳男性。胃癌と診断された。",
        "第二百三十五条　他人の財物を窃取した者は、窃盗の罪とし、十年以下の拘禁刑に処する。",
        "【求人】一般事務（障害者雇用枠）身体障害者手帳、療育手帳をお持ちの方。連絡先：採用係 山田",
        "高血圧性疾患 1,234千人、糖尿病 987千人、統合失調症 456千人。出典：患者調査",
        "診療科のご案内　内科、精神科、がん診療センター、糖尿病内科　院長 山田太郎",
        "定期健康診断のお知らせ\n検査項目：血圧、血液検査（肝機能、血糖）、心電図\n担当：総務部 山田太郎",
        "研修講師の山田太郎先生が「うつ病の早期発見」について講演します。",
        "const columns = ['氏名', '病名', '既往歴'];  // 山田太郎",
        "氏名：＿＿＿＿\n既往歴：□高血圧 □糖尿病 □なし",
        "A氏は20代男性。疾患名：脳性麻痺、てんかん。",
        "国籍：ベトナム\n氏名：グエン・ヴァン・アン\n最終学歴：大学卒業",
    ],
)
def test_about_nobody_in_particular(text: str) -> None:
    assert kinds(text) == set()


def test_no_illness_is_a_statement_about_a_person() -> None:
    assert "MEDICAL_HISTORY" in kinds("問診票\n氏名：山田太郎\n生年月日：昭和50年4月1日\n既往歴：なし")


def test_a_relatives_illness_counts_for_the_person_it_is_told_of() -> None:
    assert "MEDICAL_HISTORY" in kinds("問診票\n氏名：山田太郎\n生年月日：昭和50年4月1日\n家族歴：母が糖尿病")


def test_the_head_of_a_document_says_whom_the_rest_is_about() -> None:
    report = "胃体部に潰瘍性病変を認め、生検で腺癌と診断された。術後経過は良好であった。"
    assert kinds(report) == set()
    assert "MEDICAL_HISTORY" in kinds(f"患者氏名：山田太郎\n生年月日：昭和50年4月1日\n\n{report}")


def test_the_set_of_the_finance_guideline_is_off_by_default() -> None:
    text = "面談記録\n氏名：山田太郎\n本籍地：京都府京都市\n労働組合の役員をしている。"
    assert not any(kind.startswith("FIN_") for kind in kinds(text))
    assert any(kind.startswith("FIN_") for kind in kinds(text, financial_sensitive=True))
