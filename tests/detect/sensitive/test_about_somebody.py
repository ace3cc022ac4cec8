"""A sensitive word counts in a plain sentence about a named person, whoever finds the name; not beside what only looks like one."""

import pytest

import piiscan


def sensitive(text: str) -> set[str]:
    return {found.entity for found in piiscan.analyze_text(text) if found.entity.startswith("JP_SENSITIVE")}


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("生徒 中島翔太は発達障害の診断を受けている", "JP_SENSITIVE_DISABILITY"),
        ("田中一郎は糖尿病と診断された。", "JP_SENSITIVE_MEDICAL_HISTORY"),
        ("従業員の鈴木健太はうつ病で休職中。", "JP_SENSITIVE_MEDICAL_HISTORY"),
        ("面談記録 山本浩二 適応障害により1か月の休養を要する", "JP_SENSITIVE_MEDICAL_HISTORY"),
    ],
)
def test_a_sentence_about_a_whole_name(text, entity):
    assert entity in sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "糖尿病の予防について講演会を開催します。",
        "山田太郎ら（2019）は糖尿病患者の予後を報告した。",
        "当院の山田医師は糖尿病の専門である。",
        "小網に直径3cmの腫瘍を認め、胃癌と診断した。",
        "橋本病と川崎病は人の名がついた病気である。",
    ],
)
def test_words_about_nobody(text):
    assert sensitive(text) == set()
