"""Whom a sensitive word is not about: who has a job with such things, who helps somebody without a name, who speaks to the public, who wrote a program."""

from __future__ import annotations

import pytest

from tests.detect.sensitive.test_everyday_words import kinds


@pytest.mark.parametrize(
    "text",
    [
        "精神科医の大西さんが講演した。",
        "特別支援学校教諭の大西さんが授業を見せた。",
        "調剤薬局の大西さんと打ち合わせ。",
        "少年院の教官だった大西さんの話を聴く。",
        "理学療法士の大西が、脳卒中後の歩行訓練を指導する。",
        "保育士の大西が、熱性けいれんの対応を動画で学んだ。",
        "介護タクシーの大西さんは車いすの扱いに慣れている。",
    ],
)
def test_what_somebody_does_for_a_living(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("精神科医の大西さんがうつで休職した。", "MEDICAL_HISTORY"),
        ("看護師の大西は先週から入院している。", "MEDICAL_CARE"),
        ("糖尿病の会社員、大西 俊介さんから相談があった。", "MEDICAL_HISTORY"),
    ],
)
def test_who_has_such_a_job_is_ill_as_well(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "相談員の大西は、夫に殴られた女性から電話を受けた。",
        "店長の大西は、客に殴られた店員をかばった。",
        "添乗員の大西は、お客様が階段から落ちてけがをしたので付き添った。",
        "教頭の大西は、けがをした児童の保護者に電話した。",
    ],
)
def test_what_is_said_of_somebody_without_a_name(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("店長の大西は、けがをした社員の矢野を病院に送った。", "MEDICAL_HISTORY"),
        ("大西は客に殴られてけがをした。", "CRIME_VICTIM"),
    ],
)
def test_unless_he_is_named(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_an_expert_speaks_of_all() -> None:
    column = "睡眠外来をもつ北浜クリニックの院長・大西俊介氏に聞いた。\n「安定剤が手放せないという相談は多い。主治医と相談して減らして」と大西氏は呼びかける。"
    assert kinds(column) == set()
    assert kinds("「昨日から熱があり、肺炎と診断された」と大西さんは話した。")


def test_a_program_and_who_wrote_it() -> None:
    code = "# TODO(大西): 透析患者フラグが空のとき None を返す\ndef load(row):\n    if row.dx:\n        return 1  # うつ病 (レビュー: 矢野)\n    return None\n"
    assert kinds(code) == set()


def test_minutes_that_count() -> None:
    minutes = (
        "生活安全対策会議　要旨\n大西課長から、管内の状況について次の報告があった。\n"
        "・夜間に帰宅途中の女性が男に抱きつかれる事案が3件発生した。\n・補導された少年は48人、うち家裁に送られた者は5人であった。\n"
    )
    assert kinds(minutes) == set()


def test_a_word_that_ends_a_clause_is_no_part_of_a_compound() -> None:
    assert "DISABILITY" in kinds("作業員の大西はこだわりが強く段取りを変えると手が止まる。")


def test_a_label_with_its_value_behind_a_blank() -> None:
    assert "DISABILITY" in kinds("氏名：大西 俊介　療育手帳 B2　送迎：要")
