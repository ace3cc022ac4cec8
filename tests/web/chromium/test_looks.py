"""Readable for everybody: axe-core on every page in light and dark, and on a phone without scrolling sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.chromium import kit

#: Every page: an address, or where to find one on the page of findings.
PAGES = [
    "/", "/findings", "/findings?q=どこにもない", "/files", "/file", "/folders", "/folder", "/unread", "/changes", "/law", "/decisions", "/scans",
    "/settings", "/none", "/login",
]  # fmt: skip
SERIOUS = {"serious", "critical"}


def opened(page, site, path):
    """A page of this kind."""
    if path in {"/file", "/folder"}:
        page.goto(f"{site.origin}/{'findings' if path == '/file' else 'folders'}")
        path = page.locator(f"tbody a[href^='{'/file/' if path == '/file' else '/folders?'}']").first.get_attribute("href")
    page.goto(site.origin + path)


@pytest.fixture
def reader(chromium, site):
    """Logged in; complaints of the browser do not matter (a page that is not there is one)."""
    context = chromium.new_context(locale="ja-JP")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(site.login)
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_shut_out(reader, site, path):
    opened(reader, site, path)
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):  # only colours differ
        reader.emulate_media(color_scheme=scheme)
        found = Axe().run(reader, options={"resultTypes": ["violations"], **rules}).response["violations"]
        grave = [(one["id"], one["impact"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found if one["impact"] in SERIOUS]
        assert grave == [], scheme
    reader.set_viewport_size(kit.NARROW)
    assert reader.evaluate("document.documentElement.scrollWidth") <= kit.NARROW["width"]
    assert reader.locator("h1").first.is_visible()
