"""Chromium, and pages in it that are logged in."""

import os

import pytest

from tests.kits.values import FOLDERS
from tests.running import SAMPLES, piiscan
from tests.web import kit as inventories
from tests.web.chromium import kit


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; each test has a profile of its own in it."""
    path = kit.chromium_path()
    if path is None:
        if os.environ.get("CI") or os.environ.get("PIISCAN_CI"):
            pytest.fail("the tests need Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=kit.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def scanned(tmp_path_factory):
    """A server over a real scan of the sample files whose values are known."""
    inventory = tmp_path_factory.mktemp("scanned") / "inventory.db"
    roots = [SAMPLES / name for name in FOLDERS]
    piiscan("scan", *roots, "--inventory", inventory, "--quiet", "--accept-incomplete")
    with kit.serving(inventory) as site:
        yield site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server over an inventory with hostile names, which the tests of a module may change."""
    with kit.serving(inventories.fill(tmp_path_factory.mktemp("site") / "inventory.db", inventories.hostile_reports())) as running:
        yield running


class Profile:
    """A browser's profile: what its pages asked for, and what they complained of."""

    def __init__(self, context):
        self.context = context
        self.requests = []
        self.complaints = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", lambda message: self.complaints.append(message.text) if message.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("dialog", self._asked)

    def _asked(self, dialog):
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def profile(chromium, site):
    """A new profile, logged in at ``site`` by the printed address; asks nobody else, and nothing goes wrong in it."""
    made = Profile(chromium.new_context(locale="ja-JP", accept_downloads=True))
    made.context.set_default_timeout(30_000)
    made.page = made.context.new_page()
    made.page.goto(site.login)
    yield made
    made.context.close()
    assert [url for url in made.requests if not url.startswith((f"{site.origin}/", "blob:", "data:"))] == []
    assert made.complaints == []


@pytest.fixture
def page(profile):
    """A page of ``profile``: the overview."""
    return profile.page
