"""Deciding in the browser: one, many, undo, and everything that may be wrong."""

import datetime as dt
import re

import pytest

from piiscan.inventory import Inventory
from piiscan.inventory.baseline import load_baseline
from piiscan.inventory.pages import Filter
from tests.web import kit


class Desk:
    """A logged-in browser that sends forms."""

    def __init__(self, inventory, **options):
        self.browser = kit.client(inventory, **options)
        self.token = kit.csrf_of(self.browser.get("/").text)

    def send(self, path, **fields):
        return self.browser.post(path, data={"csrf": self.token, **fields}, headers=kit.SAME)


def some(inventory, number=3):
    """Ticks of the worst findings."""
    found = inventory.pages().findings(Filter(), size=number).rows
    return [f"{row.file.file_id}.{row.identity}" for row in found], found


FILLED = {"verdict": "false-alarm", "reason": "店の番号", "by": "花子"}


def test_many_are_decided_at_once_and_one_is_taken_back(own):
    desk = Desk(own)
    ticks, found = some(own)
    answer = desk.send("/decide", finding=ticks, back="/findings?level=critical", **FILLED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/findings?level=critical")
    held = list(own.decisions().list())
    assert {(one.verdict.value, one.reason, one.decided_by) for one in held} == {("false-alarm", "店の番号", "花子")}
    assert {one.identity for one in held} == {row.identity for row in found}
    page = desk.browser.get("/findings").text
    assert "3 件の判断を記録しました" in page
    assert page.count('class="tag dc-false-alarm"') == 3
    assert 'value="花子"' in page
    assert "記録しました" not in desk.browser.get("/findings").text
    assert "店の番号" in desk.browser.get(f"/file/{found[0].file.file_id}").text
    assert "店の番号" in desk.browser.get("/decisions").text
    answer = desk.send("/undo", decision=str(held[0].id), by="太郎", back="/decisions")
    assert answer.headers["location"] == "/decisions"
    assert len(list(own.decisions().list())) == 2
    assert "取り消し済み" in desk.browser.get("/decisions?all=1").text


def test_the_whole_file_and_until_a_date(own):
    desk = Desk(own)
    _, (row,) = some(own, 1)
    day = (dt.datetime.now().astimezone() + dt.timedelta(days=30)).date().isoformat()
    desk.send("/decide", finding=f"{row.file.file_id}.", verdict="accepted", reason="契約中", by="花子", until=day)
    (one,) = own.decisions().list()
    assert (one.identity, one.until, one.verdict.value) == ("", day, "accepted")
    assert "ファイル全体" in desk.browser.get("/decisions").text


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"finding": []}, 400, "選ばれていません"),
        ({"finding": "nonsense"}, 400, "正しくありません"),
        ({"finding": "x.y"}, 404, ""),
        ({"verdict": ""}, 400, "どれかを選んで"),
        ({"verdict": "maybe"}, 400, "どれかを選んで"),
        ({"reason": "  "}, 400, "理由と名前"),
        ({"by": ""}, 400, "理由と名前"),
        ({"verdict": "accepted"}, 400, "期限が必要"),
        ({"verdict": "accepted", "until": "2020-01-01"}, 400, "過去"),
        ({"until": "soon"}, 400, "2027-03-31"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_is_kept(own, changed, status, words):
    ticks, _ = some(own)
    answer = Desk(own).send("/decide", **{"finding": ticks, **FILLED, **changed})
    assert answer.status_code == status
    assert words in answer.text
    assert list(own.decisions().list(everything=True)) == []


def test_rows_that_are_gone_are_said(own):
    desk = Desk(own)
    ticks, _ = some(own, 1)
    desk.send("/decide", finding=[*ticks, "999999.abc"], **FILLED)
    assert "1 行は既になくなっていました" in desk.browser.get("/findings").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil", ""])
def test_the_way_back_never_leads_away(own, back):
    ticks, _ = some(own, 1)
    assert Desk(own).send("/decide", finding=ticks, back=back, **FILLED).headers["location"] == "/"


def test_another_site_cannot_decide(own):
    desk = Desk(own)
    ticks, _ = some(own)
    for headers in ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {}):
        assert desk.browser.post("/decide", data={"csrf": desk.token, "finding": ticks, **FILLED}, headers=headers).status_code == 403
    assert desk.browser.post("/decide", data={"finding": ticks, **FILLED}, headers=kit.SAME).status_code == 403
    assert desk.browser.get("/decide").status_code == 405
    assert list(own.decisions().list(everything=True)) == []


def test_undo_needs_a_name_and_a_decision(own):
    desk = Desk(own)
    assert desk.send("/undo", decision="1", by="").status_code == 400
    assert desk.send("/undo", decision="1", by="花子").status_code == 404
    assert desk.send("/undo", decision="x", by="花子").status_code == 404


def test_the_baseline_is_taken_back_in_its_file(own, tmp_path):
    (tmp_path / "baseline.toml").write_text(
        '[[decision]]\npath = "*.xlsx"\nverdict = "confirmed"\nreason = "r"\nby = "b"\n', encoding="utf-8"
    )
    own.decisions().apply_baseline(load_baseline(tmp_path / "baseline.toml"))
    desk = Desk(own)
    page = desk.browser.get("/decisions").text
    assert "ベースラインのファイル" in page
    assert 'name="decision"' not in page
    one = next(own.decisions().list())
    answer = desk.send("/undo", decision=str(one.id), by="花子")
    assert answer.status_code == 400
    assert "ベースライン" in answer.text


def test_decisions_follow_each_other_without_gap(own):
    numbers = [row.file.file_id for row in own.pages().findings(Filter(), size=200).rows]
    from piiscan.inventory.decisions import Verdict

    for number in dict.fromkeys(numbers):
        own.decisions().add(number, Verdict.CONFIRMED, reason=f"r{number}", by="b")
    browser, address, shown = kit.client(own), "/decisions", []
    while address:
        text = browser.get(address).text
        shown += re.findall(r'name="decision" value="(\d+)"', text)
        onward = re.search(r'href="([^"]+)" rel="next"', text)
        address = onward[1] if onward else ""
    assert [int(number) for number in shown] == [one.id for one in own.decisions().list()]
    assert len(shown) > 50


def test_hostile_words_of_people_are_text(own):
    desk = Desk(own)
    ticks, (row,) = some(own, 1)
    desk.send("/decide", finding=ticks, verdict="confirmed", reason='<script>alert("r")</script>', by='"><img src=x>')
    for path in ("/decisions", "/findings", f"/file/{row.file.file_id}"):
        text = desk.browser.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_where_nothing_can_be_written_it_says_so(own):
    ticks, (row,) = some(own, 1)
    with Inventory.open(own.path, readonly=True) as readonly:
        desk = Desk(readonly, read_only="read_only")
        for path in ("/findings", f"/file/{row.file.file_id}"):
            page = desk.browser.get(path).text
            assert "台帳に書き込めないため" in page
            assert 'type="checkbox"' not in page
        for path, fields in (("/decide", {"finding": ticks, **FILLED}), ("/undo", {"decision": "1", "by": "b"})):
            answer = desk.send(path, **fields)
            assert answer.status_code == 403
            assert "台帳に書き込めないため" in answer.text
