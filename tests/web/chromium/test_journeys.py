"""What people do, in a real browser."""

import re
from urllib.parse import urlsplit


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
    return int(re.sub(r"\D", "", page.locator("[role=status]").inner_text()))


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
