"""Opening the inventory for writing: the lock, the key, and a clear sentence for each way it can fail."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from piiscan.cli.common import App, fail, is_there, must_be_there
from piiscan.cli.exitcodes import ExitCode
from piiscan.jobs.locks import InventoryBusyError, inventory_lock, own_files_of
from piiscan.settings import Settings

if TYPE_CHECKING:
    from piiscan.inventory import Inventory
    from piiscan.masking import FingerprintKey

__all__ = ["may_be_written", "opened", "opened_for_reading", "refuse_outputs", "sentences"]


def refuse_outputs(app: App, settings: Settings, outputs: Iterable[tuple[str, Path]]) -> None:
    """Say before anything is done that a report cannot be written where it is wanted.

    :param outputs: format and place of each.
    :raises OSError: as :func:`piiscan.reports.refuse_place`.
    """
    from piiscan.reports import refuse_place

    ours = {os.path.realpath(path) for path in own_files_of(settings)}
    for form, path in outputs:
        if str(path) == "-":
            if form == "xlsx" and sys.stdout.isatty():
                fail(app.say("report_out.not_for_screens", form=form))
        elif os.path.realpath(path) in ours:
            fail(app.say("report_out.own_file", path=path))
        refuse_place(path)


@contextlib.contextmanager
def sentences(app: App, inventory: str) -> Iterator[None]:
    """Turn what can go wrong around an inventory into one sentence and an exit code."""
    from piiscan.engine.errors import ClusterLostError
    from piiscan.inventory import InventoryBusyError as RootBusyError
    from piiscan.inventory import InventoryError, InventoryFullError
    from piiscan.sources import RootError

    try:
        yield
    except (InventoryBusyError, RootBusyError):
        fail(app.say("common.locked", path=inventory), ExitCode.LOCKED)
    except ClusterLostError as error:
        fail(error, ExitCode.STOPPED)
    except InventoryFullError as error:
        fail(error, ExitCode.STOPPED)
    except (InventoryError, RootError, ValueError) as error:
        fail(error)
    except BrokenPipeError:
        raise  # of standard output; the inventory is innocent
    except OSError as error:
        path = error.filename or inventory
        if error.errno in {errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC}:
            fail(app.say("common.disk_full", path=path), ExitCode.STOPPED)
        if isinstance(error, FileNotFoundError) and not is_there(Path(path).parent):
            fail(app.say("common.no_folder", path=path))
        fail(app.say("common.cannot_write", path=path, reason=error))


@contextlib.contextmanager
def opened(app: App, settings: Settings) -> Iterator[tuple[Inventory, FingerprintKey, list[Path]]]:
    """``(inventory, key, own files)`` under the lock that keeps other runs out."""
    from piiscan.inventory import Inventory
    from piiscan.masking import FingerprintKey

    with sentences(app, settings.inventory):
        if settings.ledger is not None:  # its reports come at the end of a run that may take the night
            from piiscan.reports.ledger import load_ledger

            load_ledger(settings.ledger)
    with sentences(app, settings.inventory), inventory_lock(settings.inventory):
        store = Inventory.open(settings.inventory)
        try:
            key = FingerprintKey.load_or_create(settings.key_path())
            store.bind_key(key.fingerprint("inventory", "key"), settings.key_path())
            yield store, key, own_files_of(settings)
        finally:
            store.close()


def may_be_written(inventory: str) -> bool:
    """Whether this account may write into an inventory, as far as its file and folder tell."""
    path = Path(inventory)
    if "://" in inventory or not is_there(path) or not path.is_file():
        return True
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


@contextlib.contextmanager
def opened_for_reading(app: App, settings: Settings) -> Iterator[Inventory]:
    """An existing inventory; a missing one is a clear sentence, never a new file.

    One that may not be written is shown as it is, without what the baseline says today.
    """
    from piiscan.inventory import Inventory

    if "://" not in settings.inventory:
        must_be_there(app, Path(settings.inventory), "report_out.no_inventory")
    writable = may_be_written(settings.inventory)
    with sentences(app, settings.inventory):
        store = Inventory.open(settings.inventory, readonly=not writable)
        try:
            if settings.baseline and writable:
                from piiscan.inventory.baseline import load_baseline

                store.decisions().apply_baseline(load_baseline(settings.baseline))
            yield store
        finally:
            store.close()
