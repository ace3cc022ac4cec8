"""What stands below the head of a short paper is said of whom the head names, and counts as that one's."""

from __future__ import annotations

import pytest

from piiscan.detect.document import Document
from piiscan.model import Line, Record, Segment
from tests.detect.sensitive.test_everyday_words import kit


def records(*paragraphs: str) -> list[Record]:
    """The records of a paper that is read paragraph by paragraph."""
    document = Document(kit(), "memo.txt")
    found = [record for number, text in enumerate(paragraphs) for record in document.feed(Segment(Line(10 * number + 1), text))]
    return [*found, *document.finish()]


def said_of(name: str, *paragraphs: str) -> set[str]:
    """The sensitive kinds in the records that name somebody."""
    return {
        hit.entity.removeprefix("JP_SENSITIVE_")
        for record in records(*paragraphs)
        if any(hit.entity == "PERSON" and hit.norm == name for hit in record.hits)
        for hit in record.hits
        if hit.entity.startswith("JP_SENSITIVE_")
    }


@pytest.mark.parametrize(
    ("head", "text", "kind"),
    [
        (
            "身辺調査の結果\n\n対象　大西 俊介　（41歳、警備業務）\n依頼元　人事課",
            "以前に詐欺で有罪判決を受け、服役していた。",
            "CRIMINAL_RECORD",
        ),
        ("面接メモ\n被災者：矢野 香織", "転倒して左手首を骨折し、市民病院へ通院。", "MEDICAL_HISTORY"),
        ("学生　大西 俊介（法学部）　相談員　白石", "パニック障害で電車に乗れない。", "MEDICAL_HISTORY"),
        ("れんらくちょう　11月13日　なまえ 矢野 香織", "RSウイルスのあと喘息がひどい。", "MEDICAL_HISTORY"),
    ],
)
def test_the_text_below_is_said_of_whom_the_head_names(head: str, text: str, kind: str) -> None:
    name = "大西俊介" if "大西" in head else "矢野香織"
    assert kind in said_of(name, head, text)


def test_it_is_not_said_of_who_signs_below() -> None:
    head, text = "申込者　大西 俊介\n面接者　矢野 香織", "発達障害の診断を受けている。\n（記　古川）"
    assert "DISABILITY" in said_of("大西俊介", head, text)
    assert "DISABILITY" not in said_of("古川", head, text)


@pytest.mark.parametrize(
    "head",
    ["講師　大西 俊介\n受講者　矢野 香織", "発注者　大西 俊介", "審判　大西 俊介　対象　小学生"],
)
def test_a_head_that_names_nobody_whom_it_is_about(head: str) -> None:
    kinds = {hit.entity for record in records(head, "うつ病の部下への声のかけ方を学んだ。") for hit in record.hits}
    assert not any(kind.startswith("JP_SENSITIVE_") for kind in kinds)


@pytest.mark.parametrize(
    "label",
    ["利用者", "アルバイト", "派遣", "嘱託", "主任", "営業", "物流", "先輩", "ドライバー", "3年2組", "参加者", "組合員", "甲", "貸付先"],
)
def test_a_label_of_his_place_or_job_leaves_the_text_about_him(label: str) -> None:
    found = records(f"報告\n{label}　片山 健太\n左手首を骨折し、市民病院に通院している。")
    assert any(hit.entity == "JP_SENSITIVE_MEDICAL_HISTORY" for record in found for hit in record.hits)


@pytest.mark.parametrize("label", ["司会", "書記", "会計", "受付", "演出", "題字", "出席者", "アシスタント", "立会人", "校長"])
def test_a_label_of_what_he_does_there_does_not(label: str) -> None:
    found = records(f"報告\n{label}　片山 健太\n骨折や熱中症の手当てについて話した。")
    assert not any(hit.entity.startswith("JP_SENSITIVE_") for record in found for hit in record.hits)
