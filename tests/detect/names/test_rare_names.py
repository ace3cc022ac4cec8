"""Names that no list of the model has, known to the rules from JMnedict (ADR 0048)."""

from __future__ import annotations

import pytest

import piiscan
from piiscan.detect.names.families import is_family
from piiscan.detect.names.features import lexicon, model_lexicon
from piiscan.detect.names.spoken import readings
from piiscan.detect.names.variants import rare_surnames


def people(text: str) -> list[str]:
    return [text[found.start : found.end] for found in piiscan.analyze_text(text) if found.entity == "PERSON"]


@pytest.mark.parametrize("name", ["大矢嶋", "三ヶ部", "滝蔭"])
def test_family_names_that_only_the_rules_know(name: str) -> None:
    assert name in lexicon().surnames
    assert name not in model_lexicon().surnames  # the model never saw them
    assert is_family(name)


@pytest.mark.parametrize("name", ["五反田", "四条", "日根野", "秋葉原"])
def test_those_that_are_places_prove_nothing_in_a_list(name: str) -> None:
    assert name in rare_surnames()
    assert not is_family(name)
    assert people(f"経由：秋山、松田、久保\n乗り換え：上野、{name}、神田\n") == []


@pytest.mark.parametrize("word", ["倉敷", "中国", "世界", "出張", "影"])
def test_words_and_municipalities_are_no_rare_family_names(word: str) -> None:
    assert word not in rare_surnames()


def test_a_rare_family_name_before_a_title() -> None:
    assert people("明日は五反田さんがお休みなので、会議は来週に延期します。") == ["五反田"]
    assert people("五反田駅の近くで、五反田支店が開店します。") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("お世話になっております。株式会社青葉の小金井です。", ["小金井"]),
        ("お世話になっております。五反田です。", ["五反田"]),
        ("お世話になっております。次の訪問先は横浜の関内です。", []),
        ("お世話になっております。会場は東京の新宿です。", []),
        ("打合せには小金井部長が出席", ["小金井"]),
        ("資料は関西部長に送付", []),
        ("提出先は本社の人事部長です", []),
    ],
)
def test_a_family_name_that_is_a_town_too_where_only_somebody_can_stand(text: str, names: list[str]) -> None:
    assert people(text) == names


@pytest.mark.parametrize("name", ["陽翔", "心結", "咲茉", "あかり"])
def test_given_names_of_the_last_years(name: str) -> None:
    assert lexicon().given.get(name)
    assert name not in model_lexicon().given


def test_their_readings_are_known() -> None:
    assert "ハルト" in readings("g", "陽翔")
    assert "オオマメウダ" in readings("s", "大豆生田")
