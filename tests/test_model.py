"""Locations print, parse and group; segments know where their lines are; outcomes follow from problems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piiscan.model import (
    Cell,
    Column,
    FileReport,
    Item,
    Level,
    Line,
    Outcome,
    Page,
    Paragraph,
    Part,
    Segment,
    Slide,
    Table,
    cell_name,
    column_name,
    group_of,
    location_from_json,
    location_to_json,
    location_to_text,
)
from piiscan.problems import Problem, ProblemKind, Stage

numbers = st.integers(1, 20_000)
locations = st.one_of(
    st.builds(Line, numbers),
    st.builds(Page, numbers),
    st.builds(Paragraph, numbers),
    st.builds(Slide, numbers),
    st.builds(Part, st.text(min_size=1, max_size=10)),
    st.builds(Cell, st.text(max_size=5), numbers, numbers),
    st.builds(Column, st.text(max_size=5), numbers),
)


@given(locations)
def test_locations_survive_json(location):
    assert location_from_json(location_to_json(location)) == location
    assert location_to_text(location)


def test_the_json_forms_are_the_contract():
    assert location_to_json(Page(3)) == {"page": 3}
    assert location_to_json(Cell("名簿", 12, 4)) == {"sheet": "名簿", "cell": "D12"}
    assert location_to_json(Line(40)) == {"line": 40}
    assert location_to_json(Paragraph(7)) == {"paragraph": 7}
    assert location_to_json(Slide(2)) == {"slide": 2}
    assert location_to_json(Part("header")) == {"part": "header"}


def test_column_names():
    assert [column_name(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert cell_name(12, 4) == "D12"


def test_cells_group_by_column_and_lines_by_body():
    assert group_of(Cell("s", 9, 2)) == Column("s", 2)
    assert group_of(Line(3)) == group_of(Paragraph(8)) == Part("body")
    assert group_of(Page(3)) == Page(3)


def test_no_location_is_a_value_error():
    with pytest.raises(ValueError, match="not a location"):
        location_from_json({})


@given(st.lists(st.text(alphabet="あいabc 1", max_size=8), min_size=1, max_size=6), st.data())
def test_a_segment_locates_every_character(lines, data):
    text = "\n".join(lines)
    if not text:
        return
    at = data.draw(st.integers(0, len(text) - 1))
    location, offset = Segment(Line(10), text).locate(at)
    if text[at] != "\n":
        assert lines[location.number - 10][offset] == text[at]


def test_a_cut_line_keeps_its_offset():
    segment = Segment(Line(1), "abc\ndef", offset=100)
    assert segment.locate(1) == (Line(1), 101)
    assert segment.locate(5) == (Line(2), 1)


def test_other_locations_take_the_whole_text():
    assert Segment(Page(2), "a\nb").locate(2) == (Page(2), 2)
    assert list(Segment(Page(2), "a\nb").pieces()) == [(Page(2), "a\nb")]
    assert list(Segment(Paragraph(4), "a\nb").pieces()) == [(Paragraph(4), "a"), (Paragraph(5), "b")]


def test_cells_of_a_chunk():
    assert Table("s", (("a",),), first_row=2001, first_column=3).cell(0, 0) == Cell("s", 2001, 3)


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        ([], Outcome.SCANNED),
        ([ProblemKind.DISGUISED], Outcome.SCANNED),
        ([ProblemKind.ENCRYPTED_PART, ProblemKind.DISGUISED], Outcome.PARTIAL),
        ([ProblemKind.SYMLINK], Outcome.SKIPPED),
        ([ProblemKind.ENCRYPTED, ProblemKind.ENCRYPTED_PART], Outcome.FAILED),
    ],
)
def test_the_gravest_problem_is_the_outcome(kinds, outcome):
    report = FileReport(Item("s", "k", "k"), problems=tuple(Problem(kind, Stage.EXTRACT) for kind in kinds))
    assert report.outcome is outcome


def test_levels_have_stable_words():
    assert [level.word for level in sorted(Level)] == ["none", "low", "medium", "high", "critical"]
    assert Level.parse("high") is Level.HIGH
    with pytest.raises(ValueError, match="unknown level"):
        Level.parse("severe")


def test_every_problem_speaks_both_languages_and_says_what_to_do():
    words = set()
    for kind in ProblemKind:
        assert kind.prose("en")
        assert kind.prose("ja")
        assert kind.todo("en")
        assert kind.todo("ja")
        assert ProblemKind.parse(kind.word) is kind
        words.add(kind.word)
    assert len(words) == len(ProblemKind)
