"""``inspect --explain`` says of a table, too, why nothing was found."""

from __future__ import annotations

import pytest

from piiscan.detect.kit import Kit
from piiscan.detect.tables.explain import column_reasons, prose_cells
from piiscan.model import Table
from piiscan.settings import Detection
from tests.running import piiscan

KIT = Kit.of(Detection())


@pytest.mark.parametrize(
    ("header", "values", "entity", "why", "passed"),
    [
        ("図番", ("03-3456-7890", "03-3456-7891", "03-3456-7892"), "PHONE_NUMBER", "other", 3),
        ("電話番号", ("準備中", "調整中", "別途"), "PHONE_NUMBER", "header", 0),
        ("系列", ("123456789018", "998"), "JP_MY_NUMBER", "few", 1),
        ("系列", ("150-0001", "12", "13", "14", "15"), "JP_POSTAL_CODE", "share", 1),
    ],
)
def test_what_spoke_against_a_column(header, values, entity, why, passed):
    rows = (("名称", header, "数量"), *((f"部材{i}", value, "4") for i, value in enumerate(values)))
    (reason,) = [r for r in column_reasons(KIT, Table("", rows)) if r.entity == entity]
    assert (reason.why, reason.passed, reason.seen, reason.header) == (why, passed, len(values), header)
    assert (reason.place.row, reason.place.column) == (2, 2)


def test_a_form_is_explained_as_text():
    rows = (("伝票番号", "123456789018"), ("品名", "軸受"), ("数量", "4"))
    assert not list(column_reasons(KIT, Table("", rows)))
    assert next(text for _, text in prose_cells(KIT, Table("", rows))) == "伝票番号\t123456789018"


@pytest.mark.parametrize(("lang", "says"), [("en", "the header names something else"), ("ja", "見出しが別のものを指している")])
def test_the_verb_prints_it_without_a_value(tmp_path, lang, says):
    path = tmp_path / "parts.csv"
    path.write_text("図番,名称,数量\n03-3456-7890,軸,4\n03-3456-7891,板,5\n03-3456-7892,輪,6\n", encoding="utf-8")
    out = piiscan("inspect", path, "--explain", "--lang", lang).stdout
    assert says in out
    assert "A2: PHONE_NUMBER" in out
    assert "3456" not in out
