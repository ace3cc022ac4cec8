"""Files, folders, unread files, changes, scans, law, settings: what they show is what the inventory says."""

import re
from html import unescape

import pytest

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory
from piiscan.inventory.difference import differences
from piiscan.inventory.pages import Filter
from piiscan.model import Level, Outcome
from piiscan.problems import Problem, ProblemKind, Stage
from piiscan.settings import Settings
from tests.inventory import kit as rows
from tests.web import kit


def files_of(text):
    return [int(number) for number in re.findall(r'href="/file/(\d+)"', text)]


def all_pages(browser, address):
    """The pages from an address on, by their links."""
    while address:
        text = browser.get(address).text
        yield text
        onward = re.search(r'href="([^"]+)" rel="next"', text)
        address = unescape(onward[1]) if onward else ""


def test_files_follow_each_other_without_gap(inventory, browser):
    shown = [number for text in all_pages(browser, "/files") for number in files_of(text)]
    wanted = inventory.pages().files(Filter(min_level=Level.NONE), size=10_000).rows
    assert shown == [row.file_id for row in wanted]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("level=low", Filter(min_level=Level.LOW)),
        ("outcome=failed", Filter(min_level=Level.NONE, outcome=Outcome.FAILED)),
        ("entity=CREDIT_CARD&level=critical", Filter(entity="CREDIT_CARD", min_level=Level.CRITICAL)),
    ],
)
def test_files_are_filtered_by_the_address(inventory, browser, query, wanted):
    shown = [number for text in all_pages(browser, f"/files?{query}") for number in files_of(text)]
    assert shown == [row.file_id for row in inventory.pages().files(wanted, size=10_000).rows]
    assert shown


def test_folders_lead_down_to_the_files(inventory, browser):
    pages = inventory.pages()
    (root,) = pages.roots()
    text = browser.get("/folders").text
    assert f'<td class="n" data-name="人数">{root.persons:,}</td>' in text
    below = [unescape(to) for to in re.findall(r'href="(/folders\?[^"]*under=[^"]*)"', browser.get(f"/folders?root={root.source_id}").text)]
    assert len(below) == len(pages.folders(root.source_id, size=200).rows)
    text = browser.get(f"/folders?root={root.source_id}&under=営業").text
    inside = Filter(source_ids=(root.source_id,), under="営業")
    assert f"<b>{pages.persons(merge, inside).estimate:,}</b>" in text
    assert files_of(text) == [row.file_id for row in pages.files(inside, size=10).rows]
    assert ">名簿</bdi>" in text


@pytest.mark.parametrize("address", ["/folders?root=nowhere", "/folders?root={root}&under=ない", "/folders?root={root}&under=../.."])
def test_a_folder_that_is_none_is_404(inventory, browser, address):
    assert browser.get(address.format(root=inventory.pages().roots()[0].source_id)).status_code == 404


def test_unread_files_say_why_and_what_to_do(tmp_path):
    kinds = [ProblemKind.BROKEN, ProblemKind.ENCRYPTED, ProblemKind.EXCLUDED]
    reports = [rows.report(f"f{i:03d}.pdf", problems=[Problem(kinds[i % 3], Stage.EXTRACT, f"detail-{i:03d}")]) for i in range(180)]
    with Inventory.open(tmp_path / "inventory.db") as inventory:
        rows.scan(inventory, reports)
        browser = kit.client(inventory)
        texts = list(all_pages(browser, "/unread"))
        assert len(texts) == 3
        shown = re.findall(r"detail-(\d+)", "".join(texts))
        assert [int(number) for number in shown] == [i for i in range(180) if i % 3 < 2]
        assert ProblemKind.BROKEN.todo("ja") in texts[0]
        assert '<span class="count">60</span>' in texts[0]
        only = "".join(all_pages(browser, "/unread?kind=encrypted"))
        assert {int(number) % 3 for number in re.findall(r"detail-(\d+)", only)} == {1}
        skipped = "".join(all_pages(browser, "/unread?kind=skipped"))
        assert {int(number) % 3 for number in re.findall(r"detail-(\d+)", skipped)} == {2}
        assert browser.get("/unread?kind=anything").status_code == 400
        assert browser.get("/unread?after=x").status_code == 400
        lines = browser.get("/export/problems.csv?kind=encrypted").content.decode("utf-8-sig").splitlines()
        assert len(lines) == 61


def test_changes_are_those_of_the_inventory(own):
    scans = own.reader().scans()
    changed = list(differences(own, scans[1].id, scans[0].id))
    assert changed
    texts = list(all_pages(kit.client(own), "/changes"))
    assert [number for text in texts for number in files_of(text)] == [change.file_id for change in changed]
    assert "新規" in texts[0]
    assert files_of(kit.client(own).get(f"/changes?from={scans[1].id}&to={scans[0].id}").text) == files_of(texts[0])


def test_changes_go_on_where_the_page_ended(tmp_path):
    with Inventory.open(tmp_path / "inventory.db") as inventory:
        rows.scan(inventory, [rows.report("a.xlsx")])
        rows.scan(inventory, [rows.report("a.xlsx"), *(rows.report(f"n{i:03d}.xlsx", rows.group()) for i in range(120))])
        texts = list(all_pages(kit.client(inventory), "/changes"))
        assert len(texts) == 3
        assert len({number for text in texts for number in files_of(text)}) == 120


@pytest.mark.parametrize(("query", "status"), [("from=1&to=99", 200), ("from=x", 404), ("from=-1", 404)])
def test_scans_that_cannot_be_compared_are_a_sentence(browser, query, status):
    answer = browser.get(f"/changes?{query}")
    assert answer.status_code == status
    assert status != 200 or "検査 99 はありません" in answer.text


def test_one_scan_has_no_changes_yet(tmp_path):
    with Inventory.open(tmp_path / "inventory.db") as inventory:
        rows.scan(inventory, [rows.report("a.xlsx", rows.group())])
        assert "まだ1回だけ" in kit.client(inventory).get("/changes").text


def test_scans_and_the_one_under_way(own):
    browser = kit.client(own)
    text = browser.get("/scans").text
    assert text.count("完了") == 2
    assert "実行中の検査はありません" in text
    with own.writer() as writer:
        writer.begin_scan((rows.Root(),), rows.VERSIONS)
        writer.report(rows.report("late.xlsx", rows.group()), rows.VERSIONS)
        writer.commit(
            {
                "done": 41,
                "met": 1234,
                "bytes": 5_000_000,
                "findings": 77,
                "crawling": 1,
                "current": "<b>/late.xlsx",
                "at": "2026-11-25T12:00:00+00:00",
            }
        )
        live = browser.get("/scans/live").text
        for words in ("<b>41</b>", "<b>1,234+</b>", "5.0 MB", "<b>77</b>", "&lt;b&gt;/late.xlsx", 'max="1234" value="41"'):
            assert words in live, words
        assert "進みがありません" in live  # nothing was heard of it for long
        assert "検査中です" in browser.get("/").text
        writer.finish(True, {}, merge)
    assert "実行中の検査はありません" in browser.get("/scans/live").text


def test_the_engine_says_how_far_it_is(tmp_path):
    from piiscan.engine.scan import Progress

    said = Progress(met=9, done=4, bytes=100, findings=2, current="a.txt").under_way()
    with Inventory.open(tmp_path / "inventory.db") as inventory:
        with inventory.writer() as writer:
            writer.begin_scan((rows.Root(),), rows.VERSIONS)
            writer.report(rows.report("a.xlsx"), rows.VERSIONS)
            writer.commit(said)
            live = kit.client(inventory).get("/scans/live").text
        assert 'max="9" value="4"' in live
        assert "進みがありません" not in live


def test_the_law_view_is_ready_to_paste(inventory, browser):
    text = browser.get("/law").text
    assert "施行規則8条" in text
    pasted = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)[1])
    from piiscan.cli.main import cli  # noqa: F401 -- the report's own words
    from tests.running import piiscan

    assert pasted.strip() == piiscan("report", "text", "--view", "law", "--lang", "ja", "--inventory", inventory.path).stdout.strip()
    below = browser.get(f"/law?root={inventory.pages().roots()[0].source_id}&under=x/y").text
    assert "x/y" in below
    assert below != text


def test_settings_show_no_secret(inventory):
    settings = Settings(
        inventory="postgresql://me:topsecret@db/piiscan",
        passwords=("hunter2",),
        nightly=(
            {
                "name": "night",
                "roots": ("/srv",),
                "webhook": {"url": "https://chat.example/hooks/SECRETPATH", "token_env": "HOOK_TOKEN"},
                "mail": {"host": "mail.example", "sender": "a@b.example", "to": ("c@d.example",), "password_env": "MAIL_PASSWORD"},
            },
        ),
        detection={"deny": ({"entity": "PERSON", "fingerprint": "ab" * 16, "reason": "boss"},)},
    )
    text = kit.client(inventory, settings=settings).get("/settings").text
    for secret in ("topsecret", "hunter2", "SECRETPATH", "ab" * 16):
        assert secret not in text, secret
    for shown in (
        "nightly[1].roots",
        "/srv",
        "MAIL_PASSWORD",
        "detection.deny[1].reason",
        "boss",
        "limits.seconds",
        "（設定済み・非表示）",
    ):
        assert shown in text, shown
