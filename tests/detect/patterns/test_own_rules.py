"""Rules that people write themselves: what they may leave out, and what they are told."""

import re
from pathlib import Path

import pytest

from piiscan.backtracking import refuse_endless
from piiscan.catalogue import CatalogueError, load_catalogue
from piiscan.detect.checking import check_rules
from piiscan.settings import Settings

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "ja" / "rules.md"

RULE = """entity: X_BADGE
label: badge
level: medium
patterns:
  - {name: badge, regex: 'GC-[0-9]{6}', score: 0.6}
context: [badge]
against: [part no]
examples:
  match: ["badge GC-123456"]
  no_match: ["part no GC-123456"]
"""


def _folder(tmp_path: Path, rule: str) -> Path:
    (tmp_path / "badge.yaml").write_text(rule, encoding="utf-8")
    return tmp_path


def test_the_rule_of_the_guide_passes_its_check(tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    folder = _folder(tmp_path, block[1])
    assert [str(fault) for fault in check_rules((folder,)) if "X_ENTRY" in str(fault)] == []


def test_words_may_be_a_list_and_a_label_in_one_language(tmp_path: Path) -> None:
    rule = load_catalogue((_folder(tmp_path, RULE),)).rule("X_BADGE")
    assert rule.context.words == ("badge",)
    assert rule.against.words == ("part no",)
    assert rule.label.ja == rule.label.en == "badge"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("context: [badge]", "context: badge", r"badge\.yaml:6: context: must hold keys, each with its value"),
        ("GC-[0-9]{6}", "(?:[A-Z]+)+-[0-9]{6}", r"badge\.yaml:5: patterns\.0\.regex: .* can take for ever"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        load_catalogue((_folder(tmp_path, RULE.replace(old, new)),))


@pytest.mark.parametrize("pattern", ["(a+)+", "(a*)*b", "([0-9]+-?)+", "(?:(?:a|b+))*", r"(\w+\s*)+$", "(?=(a+)+b)a", "((a+)?){30}"])
def test_repeats_of_repeats_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="for ever"):
        refuse_endless(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["a+b+", "(?:[0-9]+-)+[0-9]+", "(a+)?", "(?:a{1,3}){1,4}", "(?>a+)+", "(?:a++)+", "(?:(?=a+)b)+", "(?:ab?)+", "[a-z]+(?:, [a-z]+)*"],
)
def test_others_are_not(pattern: str) -> None:
    refuse_endless(pattern)


def test_nor_are_they_taken_for_the_lists() -> None:
    with pytest.raises(ValueError, match="for ever"):
        Settings.model_validate({"detection": {"allow": [{"pattern": "(a+)+x", "reason": "x"}]}})
