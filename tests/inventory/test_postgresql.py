"""Several scanners at once on a real server: the right inventory in the end, and never two on one root."""

import threading

import pytest

from piiscan.assess.persons import merge
from piiscan.inventory import Inventory, InventoryBusyError, maintain
from piiscan.inventory.rows import View
from piiscan.model import Level
from tests.inventory import kit
from tests.running import piiscan, write_list

ROOTS = [kit.Root(f"{i:016x}", f"/srv/share{i}") for i in range(3)]


def reports_of(root, seed):
    return [kit.replace(r, item=kit.replace(r.item, source_id=root.source_id)) for r in kit.many(250, seed)]


def test_scanners_over_different_roots_end_in_the_inventory_that_one_after_the_other_make(postgres_url, tmp_path):
    errors = []

    def scanner(root, seed):
        try:
            with Inventory.open(postgres_url) as inventory:
                for again in range(2):
                    reports = reports_of(root, seed + again * 10)
                    with inventory.writer() as writer:
                        writer.begin_scan([root], kit.VERSIONS)
                        for number, one in enumerate(reports):
                            writer.report(one, kit.VERSIONS)
                            if number % 40 == 0:
                                writer.commit()
                        writer.finish(True, {}, merge)
        except Exception as error:  # noqa: BLE001 -- shown below
            errors.append(error)

    threads = [threading.Thread(target=scanner, args=(root, seed)) for seed, root in enumerate(ROOTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    with Inventory.open(tmp_path / "one.db") as one, Inventory.open(postgres_url) as shared:
        for seed, root in enumerate(ROOTS):
            for again in range(2):
                kit.scan(one, reports_of(root, seed + again * 10), roots=[root])

        def content(inventory):
            everything = View(min_level=Level.NONE)
            return (
                sorted((f.source_id, f.path, f.digest, f.level, f.findings, f.persons, f.outcome) for f in inventory.reader().files()),
                sorted((f.file.source_id, f.file.path, f.identity, f.count, f.level) for f in inventory.reader().findings(everything)),
                sorted(inventory.pages().roots(), key=lambda row: row.source_id),
                sorted((s.roots, s.status, sorted(s.outcomes.items())) for s in inventory.reader().scans()),
                inventory.reader().summary(merge).persons.estimate,
            )

        assert content(shared) == content(one)
        assert list(maintain.check(shared)) == []
        scans = [scan.id for scan in shared.reader().scans()]
        assert sorted(scans) == list(range(1, 7))


def test_a_root_that_is_being_scanned_is_refused_and_let_go_afterwards(postgres_url):
    with Inventory.open(postgres_url) as first, Inventory.open(postgres_url) as second:
        with first.writer() as writer:
            writer.begin_scan(ROOTS[:2], kit.VERSIONS)
            with pytest.raises(InventoryBusyError, match="another scan of the same root; wait"):
                kit.scan(second, [], roots=ROOTS[1:])
            kit.scan(second, [], roots=ROOTS[2:])
            writer.report(reports_of(ROOTS[0], 0)[0], kit.VERSIONS)
        kit.scan(second, [], roots=ROOTS[1:])
        # a scan that ends by an exception lets go, too
        with pytest.raises(KeyError), first.writer() as writer:
            writer.unchanged(reports_of(ROOTS[0], 0)[1].item if writer.begin_scan(ROOTS[:1], kit.VERSIONS) else None)
        kit.scan(second, [], roots=ROOTS[:1])


def test_sums_are_done_without_the_roots_that_are_being_scanned(postgres_url):
    with Inventory.open(postgres_url) as first, Inventory.open(postgres_url) as second:
        kit.scan(first, reports_of(ROOTS[0], 0)[:5], roots=ROOTS[:1])
        with first.writer() as writer:
            writer.begin_scan(ROOTS[1:2], kit.VERSIONS)
            writer.report(reports_of(ROOTS[1], 1)[0], kit.VERSIONS)
            writer.commit()
            assert second.roll_up(merge) == 0
            assert second.pages().stale()
            writer.finish(True, {}, merge)
        assert not second.pages().stale()


def test_the_command_line_on_a_server(postgres_url, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    write_list(share / "list.csv")
    environment = {"PIISCAN_INVENTORY": postgres_url, "PIISCAN_KEY_FILE": str(tmp_path / "key")}
    assert piiscan("scan", share, "--jobs", 0, "--quiet", env=environment).returncode == 0
    from piiscan.settings import Settings
    from piiscan.sources import source_for

    with Inventory.open(postgres_url) as inventory:
        held = inventory.lock_sources([source_for(str(share), Settings()).source_id])
        busy = piiscan("scan", share, "--jobs", 0, "--quiet", "--lang", "en", env=environment, ok=(5,))
        held.release()
    assert "another run is using the inventory" in busy.stderr
    other = piiscan("scan", share, "--jobs", 0, "--quiet", env=environment | {"PIISCAN_KEY_FILE": str(tmp_path / "other")}, ok=(2,))
    assert "every machine that writes into one inventory needs the same" in other.stderr
    assert "list.csv" in piiscan("report", "csv", env=environment).stdout
