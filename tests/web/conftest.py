"""Inventories of the web tests."""

import pytest

from piiscan.inventory import Inventory
from tests.web import kit


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    """Read only: one for all tests of a module."""
    with Inventory.open(kit.fill(tmp_path_factory.mktemp("web") / "inventory.db", kit.hostile_reports())) as opened:
        yield opened


@pytest.fixture
def browser(inventory):
    """Logged in, Japanese."""
    return kit.client(inventory)


@pytest.fixture
def own(tmp_path):
    """An inventory that a test may change."""
    with Inventory.open(kit.fill(tmp_path / "inventory.db")) as opened:
        yield opened
