"""Typical papers about health and crime: whose they are, and those that are nobody's."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.detect.kit import Kit
from piiscan.model import Hit, Line, Segment, Table
from piiscan.settings import Detection


def hits(*pieces: str | Table, name: str = "x.txt") -> list[Hit]:
    document = Document(Kit(Detection()), name)
    records = []
    for number, piece in enumerate(pieces):
        records += document.feed(piece if isinstance(piece, Table) else Segment(Line(number + 1), piece))
    records += document.finish()
    return [hit for record in records for hit in record.hits]


def sensitive(*pieces: str | Table, name: str = "x.txt") -> set[str]:
    return {hit.entity.removeprefix("JP_SENSITIVE_") for hit in hits(*pieces, name=name) if hit.entity.startswith("JP_SENSITIVE_")}


def test_a_question_that_nobody_has_answered_says_nothing() -> None:
    empty = "健康診断　問診票\n氏名　　　　　生年月日　昭・平　　年　　月\n治療中の病気はありますか。　はい・いいえ\n　高血圧　糖尿病　がん　その他（　　　）\n"
    assert hits(empty) == []
    assert sensitive("健康調査票\n氏名：三宅 亮太\n既往歴　有・無　糖尿病（平成20年）\n") == {"MEDICAL_HISTORY"}


def test_what_sensitive_means_is_said_of_nobody() -> None:
    assert sensitive("個人情報とは\n病歴や犯罪の経歴は要配慮個人情報にあたります\n例として「三宅亮太さんの病歴」を挙げる\n") == set()


def test_numbers_of_people_are_no_results_of_one() -> None:
    table = Table(
        "t",
        (
            ("定期健康診断　実施状況",),
            ("事業所", "対象者", "受診率", "要精密検査"),
            ("本社", "212", "98.1％", "15"),
            ("関西工場", "341", "99.4％", "31"),
        ),
    )
    assert hits(table, name="健診受診状況.csv") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "就学相談メモ\n保護者：三宅 雄太\n面談者：村田　進\n聞き取り：父方はアイヌ民族の家系で、本人も踊りを習っているとのこと。",
            {"RACE"},
        ),
        ("被害届（写）\n届出日：令和8年12月2日\n届出人氏名：三宅　結衣\n被害の模様：手提げかばんを奪われた。", {"CRIME_VICTIM"}),
        ("検体検査報告書\n患者名 三宅　裕子 ID 1184063 生年月日 1966/2/9\n依頼医 福田\nAST 64 U/L 13-30 H\n", {"CHECKUP_RESULT"}),
    ],
)
def test_papers_about_somebody(text: str, kinds: set[str]) -> None:
    assert sensitive(text) == kinds


def test_the_account_of_a_firm_is_nobodys() -> None:
    assert hits("振込先　例示銀行 本店営業部 当座 2345678　口座名義 ｶ)ﾚｲｼﾞｸｳﾁﾖｳ\n") == []
    assert {hit.entity for hit in hits("振込先　例示銀行 本店営業部 普通 2345678　口座名義 ﾐﾔｹ ﾘﾖｳﾀ\n")} >= {"JP_BANK_ACCOUNT"}


def test_the_usual_people_of_a_filled_in_example_are_nobody() -> None:
    form = Table("t", (("氏名", "鈴木一郎", "フリガナ", "ヤマダ タロウ"), ("住所", "○○市○○町1-2-3", "メール", "taro@example.com")))
    assert hits("会員申込書（記入例）", form, name="申込書_記入例.docx") == []
    assert {hit.value for hit in hits("会員申込書", form)} >= {"鈴木一郎", "taro@example.com"}
    somebody = Table("t", (("氏名", "三宅亮太"), ("住所", "千葉市中央区本町1-2-3")))
    assert "三宅亮太" in {hit.value for hit in hits("会員申込書（記入例）", somebody)}
    assert hits("出生届　記入例ではない方", form, name="出生届_記入例ではない方.xlsx")


def test_a_report_with_foreign_words_in_wide_letters_is_about_its_patient() -> None:
    text = "患者氏名：三宅 亮太\n生年月日：昭和50年4月1日\n\n前立腺肥大に対する手術（ｔｒａｎｓｕｒｅｔｈｒａｌ　ｅｎｕｃｌｅａｔｉｏｎ　ｗｉｔｈ　ｂｉｐｏｌａｒ）を施行した。\n"
    assert [hit.value for hit in hits(text) if hit.entity == "PERSON"] == ["三宅 亮太"]
