"""Readable for everybody: axe-core on every page in light and dark, and on a phone without scrolling sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.chromium import kit

#: Every page: an address, or where to find one on the page of findings.
PAGES = ["/", "/findings", "/findings?q=どこにもない", "/file", "/none", "/login"]
SERIOUS = {"serious", "critical"}


def opened(page, site, path):
    """A page of this kind."""
    if path == "/file":
        page.goto(f"{site.origin}/findings")
        path = page.locator("tbody a[href^='/file/']").first.get_attribute("href")
    page.goto(site.origin + path)


@pytest.fixture
def reader(chromium, site):
    """Logged in; complaints of the browser do not matter (a page that is not there is one)."""
    context = chromium.new_context(locale="ja-JP")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(site.login)
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_shut_out(reader, site, path):
    opened(reader, site, path)
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        found = Axe().run(reader).response["violations"]
        grave = [(one["id"], one["impact"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found if one["impact"] in SERIOUS]
        assert grave == [], scheme


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_need_not_scroll_sideways(reader, site, path):
    reader.set_viewport_size(kit.NARROW)
    opened(reader, site, path)
    wide = reader.evaluate("document.documentElement.scrollWidth")
    assert wide <= kit.NARROW["width"]
    assert reader.locator("h1").first.is_visible()
