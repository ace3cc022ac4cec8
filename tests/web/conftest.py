"""Inventories of the web tests."""

import shutil

import pytest

from piiscan.inventory import Inventory
from tests.web import kit


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """The file that the others are copies of."""
    return kit.fill(tmp_path_factory.mktemp("web") / "inventory.db", kit.hostile_reports())


@pytest.fixture(scope="module")
def inventory(filled, tmp_path_factory):
    """Read only: one for all tests of a module."""
    with Inventory.open(shutil.copy(filled, tmp_path_factory.mktemp("web") / "inventory.db")) as opened:
        yield opened


@pytest.fixture
def browser(inventory):
    """Logged in, Japanese."""
    return kit.client(inventory)


@pytest.fixture
def own(filled, tmp_path):
    """An inventory that a test may change."""
    with Inventory.open(shutil.copy(filled, tmp_path / "inventory.db")) as opened:
        yield opened
