"""What people do, in a real browser."""

import csv
import datetime as dt
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory
from tests.inventory import kit as reports
from tests.web import kit as inventories
from tests.web.chromium import kit


def test_from_the_printed_address_to_a_file(site, page):
    assert page.url == f"{site.origin}/"  # the token is gone from the address
    assert page.locator("html").get_attribute("lang") == "ja"
    page.get_by_role("link", name="検出", exact=True).first.click()
    rows = page.locator("tbody tr")
    assert rows.count() == 50
    name = rows.first.get_by_role("link").first
    shown = name.locator("b").inner_text()
    name.click()
    assert shown in page.get_by_role("heading", level=1).inner_text()
    page.go_back()
    assert urlsplit(page.url).path == "/findings"


def test_search_and_facets(page, site):
    page.goto(f"{site.origin}/findings")
    everything = _count(page)
    page.get_by_role("searchbox").fill("file01")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "q=file01" in page.url
    found = _count(page)
    assert 0 < found < everything
    assert all("file01" in text.lower() for text in page.locator("tbody tr th").all_inner_texts())
    page.locator(".facets section").nth(1).get_by_role("link").first.click()
    assert {"q=file01", "entity"} <= set(re.split("[?&]|(?<=entity)=", page.url))
    assert 0 < _count(page) <= found
    page.locator(".facets a[aria-current]").first.click()
    assert _count(page) == found


def _count(page):
    return int(re.sub(r"\D", "", page.locator("p.meta[role=status]").inner_text()))


def test_the_next_page_has_other_rows(page, site):
    page.goto(f"{site.origin}/findings")
    first = page.locator("tbody tr th").all_inner_texts()
    page.locator("a[rel=next]").click()
    second = page.locator("tbody tr th").all_inner_texts()
    assert second
    assert second != first


def test_the_language_is_switched_and_stays(page, site):
    page.goto(f"{site.origin}/findings?level=high")
    page.get_by_role("link", name="English").click()
    assert page.url == f"{site.origin}/findings?level=high"
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(f"{site.origin}/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="日本語").click()
    assert page.locator("html").get_attribute("lang") == "ja"


def test_by_keyboard_alone(page, site):
    """The first Tab offers to skip the navigation; links are reached, seen and followed."""
    page.goto(f"{site.origin}/findings")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # shown now
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.getAttribute('href') || ''")
        seen = page.evaluate("(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)(getComputedStyle(document.activeElement))")
        assert seen, where
        if where.startswith("/file/"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/file/*")


def test_log_out_closes_the_door(page, site):
    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"{site.origin}/findings")
    assert urlsplit(page.url).path == "/login"
    page.goto(f"{site.origin}/findings")
    assert page.get_by_role("table").count() == 0


def _decide(page, verdict, reason, by="", until=""):
    page.get_by_role("radio", name=verdict).check()
    page.get_by_label("理由", exact=True).fill(reason)
    if by:
        page.get_by_label("あなたの名前").first.fill(by)
    if until:
        page.get_by_label("期限").first.fill(until)
    with page.expect_navigation():
        page.get_by_role("button", name="判断を記録").click()


def test_a_false_alarm_is_marked_with_a_reason_and_taken_back(site, page):
    """From the overview through a folder to a file; the decision is seen there, in the list, and gone again after undo."""
    page.get_by_role("navigation").get_by_role("link", name="フォルダー").click()
    page.locator("main").get_by_role("link", name="/srv/share").first.click()
    page.locator("main a[href*='under=']").first.click()
    page.locator("main a[href^='/file/']").first.click()
    address = page.url
    page.locator(".found input[name=finding]").first.check()
    _decide(page, "誤検出", "見本のデータ <b>です</b>", "佐藤 確認")
    assert page.url.partition("#")[0] == address
    assert "1 件の判断" in page.get_by_role("alert").first.inner_text()
    assert page.locator(".found .dc-false-alarm").count() >= 1
    assert "見本のデータ <b>です</b>" in page.locator("main").inner_text()
    page.goto(f"{site.origin}/findings?decision=false-alarm")
    assert page.locator("tbody tr").count() == 1
    page.goto(f"{site.origin}/decisions")
    with page.expect_navigation():
        page.get_by_role("button", name="取り消す").first.click()
    assert "取り消しました" in page.get_by_role("alert").first.inner_text()
    page.goto(f"{site.origin}/findings?decision=false-alarm")
    assert page.locator("tbody tr").count() == 0


def test_many_at_once(site, page):
    page.goto(f"{site.origin}/findings?q=file02")
    rows = page.locator("tbody tr").count()
    assert rows > 3
    page.get_by_role("checkbox", name="すべて選ぶ").check()
    assert page.locator("[data-ticked]").inner_text().endswith(str(rows))
    _decide(page, "確認済み", "名簿として必要", "鈴木")
    assert f"{rows} 件の判断" in page.get_by_role("alert").first.inner_text()
    assert page.locator("tbody .dc-confirmed").count() == rows
    assert page.get_by_label("あなたの名前").input_value() == "鈴木"  # kept for the next


def test_what_is_accepted_needs_a_date(site, page):
    page.goto(f"{site.origin}/findings?q=file03")
    page.locator("tbody input[name=finding]").first.check()
    page.get_by_role("radio", name="容認").check()
    page.get_by_label("理由", exact=True).fill("移行まで")
    page.get_by_label("あなたの名前").fill("鈴木")
    page.get_by_role("button", name="判断を記録").click()
    assert page.evaluate("document.querySelector('input[name=until]').validity.valueMissing")
    page.get_by_label("期限").fill((dt.date.today() + dt.timedelta(days=30)).isoformat())  # noqa: DTZ011 -- the local day
    with page.expect_navigation():
        page.get_by_role("button", name="判断を記録").click()
    assert page.locator("tbody .dc-accepted").count() == 1


def test_what_is_on_the_screen_is_saved(site, page):
    page.goto(f"{site.origin}/findings?level=critical&order=path")
    shown = page.locator("tbody tr th b").all_inner_texts()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").first.click()
    assert re.fullmatch(r"piiscan-findings-[\d-]+\.csv", waiting.value.suggested_filename)
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["level"] for row in rows} == {"critical"}
    assert [row["path"].rpartition("/")[2] for row in rows][: len(shown)] == shown
    assert len(rows) == _count(page)


def test_without_script_everything_works(chromium, site):
    context = chromium.new_context(locale="ja-JP", java_script_enabled=False)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(site.login)
    page.goto(f"{site.origin}/findings?q=file04")
    page.locator("tbody input[name=finding]").first.check()
    _decide(page, "誤検出", "見本", "田中")
    assert page.locator("tbody .dc-false-alarm").count() == 1
    context.close()


def test_the_progress_of_a_scan_is_seen_and_its_end(chromium, tmp_path):
    """A scan that writes beside the server: it is seen without a reload, and so is that it is done."""
    path = inventories.fill(tmp_path / "inventory.db")
    with kit.serving(path) as site, Inventory.open(path) as inventory:
        context = chromium.new_context(locale="ja-JP")
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(site.login)
        page.goto(f"{site.origin}/scans")
        before = page.locator("tbody tr").count()
        with inventory.writer() as writer:
            writer.begin_scan([reports.Root()], reports.VERSIONS)
            writer.report(reports.many(1)[0], reports.VERSIONS)
            writer.commit()
            page.locator("progress").wait_for()
            writer.finish(False, {}, merge)
        page.locator("progress").wait_for(state="detached")
        page.wait_for_function(f"document.querySelectorAll('tbody tr').length > {before}")
        context.close()
