"""What somebody asks about, and short names behind a particle: met in everyday files, each beside what is said of nobody."""

from __future__ import annotations

import pytest

# ------------------------------------------------------------------------ what somebody asks about


@pytest.mark.parametrize("said", ["うつ病について相談", "夫からの暴力について相談", "発達障害についての悩み"])
def test_what_somebody_comes_to_ask_about_is_said_of_him(read_file, said):
    _, found = read_file(f"受付番号,申請者,相談内容\n1,安田 美咲,{said}\n2,東 健一,駐車場について\n", "受付簿.csv")
    assert [one.finding.location.row for one in found if one.finding.entity.startswith("JP_SENSITIVE_")] == [2]


@pytest.mark.parametrize("said", ["うつ病についての相談会", "糖尿病について講演", "DVについての相談窓口の案内"])
def test_what_is_offered_to_all_is_said_of_nobody(read_file, said):
    _, found = read_file(f"番号,担当,内容\n1,安田 美咲,{said}\n2,東 健一,駐車場について\n", "行事.csv")
    assert [one.finding.entity for one in found if one.finding.entity.startswith("JP_SENSITIVE_")] == []


def test_whom_an_examination_is_said_of_stands_inside_of_what_is_said(read_file):
    report, found = read_file("先日の健診結果で東さんの血圧が要再検査でした。\n", "a.txt")
    assert [(one.finding.entity, report.persons.estimate) for one in found] == [("JP_SENSITIVE_CHECKUP_RESULT", 1), ("PERSON", 1)]


@pytest.mark.parametrize("text", ["窓口で{}さんが倒れた。", "午後から{}さんが合流。", "総務へ{}さんから依頼。"])
def test_short_names_before_a_title_behind_a_particle(names, text):
    for name in ("東", "南", "星", "西"):
        assert names(text.format(name), "a.txt") == [name]
    for nobody in ("奥", "母", "皆", "客"):
        assert names(text.format(nobody), "a.txt") == []


@pytest.mark.parametrize("about", ["打ち合わせ", "面談", "ゴルフ", "飲み会"])
def test_what_a_meeting_of_a_calendar_is_about_is_nobody(names, about):
    event = f"SUMMARY:{about}\nDTSTART:20261120T100000\nORGANIZER;CN=近藤 明:mailto:a@example.jp\nATTENDEE;CN=安田 美咲:mailto:m@example.jp"
    assert names(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n", "a.ics") == ["近藤 明", "安田 美咲"]


def test_rare_names_in_the_line_of_their_label_stay(names):
    assert names("参加者：安田 美咲、港、近藤 明\n", "a.txt") == ["安田 美咲", "港", "近藤 明"]
