"""The file's time is up in the middle of a piece: what was found stays, and a problem says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from piiscan.detect.timeup import TimeUpError
from piiscan.engine import analyse as engine
from piiscan.engine.analyse import Analyst
from piiscan.masking import FingerprintKey
from piiscan.model import Item
from piiscan.problems import ProblemKind, Stage
from piiscan.settings import Limits, Settings


def analysed(path: Path, spool: Path, seconds: float) -> engine.FileReport:
    analyst = Analyst(Settings(limits=Limits(seconds=seconds, seconds_per_mb=0)), FingerprintKey(b"k" * 32))
    spool.mkdir(exist_ok=True)
    return analyst.analyse(Item("root", path.name, str(path), size=path.stat().st_size), path, spool)


#: Names that differ, as no two of a list may be alike to be read twice.
_NAMES = [f"担当 山田{chr(ord('一') + i)}郎" for i in range(4_000)]


@pytest.mark.parametrize("cells", [";".join(_NAMES), "\n".join(_NAMES)])
def test_one_piece_that_takes_too_long_is_given_up(tmp_path, monkeypatch, cells) -> None:
    """A row (and a column) of names comes in one piece; without a look at the clock within it, it would be read to its end."""
    path = tmp_path / "names.csv"
    path.write_text(cells, encoding="utf-8")
    looks: list[int] = []

    def check(_taker: engine._Taker) -> None:
        looks.append(1)
        if len(looks) == 2:
            raise TimeUpError

    monkeypatch.setattr(engine._Taker, "_check", check)
    report = analysed(path, tmp_path / "spool", 300.0)
    assert [(p.kind, p.stage, p.detail) for p in report.problems] == [(ProblemKind.LIMIT, Stage.DETECT, "limits.seconds = 300")]


def test_what_was_found_before_the_end_of_the_time_is_kept(tmp_path, monkeypatch) -> None:
    path = tmp_path / "list.csv"
    rows = "".join(f"山田太郎,090-1234-{i:04}\n" for i in range(3_000))
    path.write_text("氏名,電話番号\n" + rows, encoding="utf-8")
    whole = analysed(path, tmp_path / "spool", 1e6)
    real = engine._Taker._take
    taken: list[int] = []

    def take(self: engine._Taker, member: str, record: engine.Record) -> None:
        real(self, member, record)
        taken.append(1)
        if len(taken) == 500:
            self._until = -1.0

    monkeypatch.setattr(engine._Taker, "_take", take)
    report = analysed(path, tmp_path / "spool", 1e6)
    assert any(p.kind is ProblemKind.LIMIT and p.stage is Stage.DETECT for p in report.problems)
    assert 1_000 <= sum(g.count for g in report.groups) < sum(g.count for g in whole.groups) == 6_000
