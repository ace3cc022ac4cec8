"""Reads a stick and answers; later tells what changed on it. Writes nothing on the stick unless told to.

A stick that is pulled out in the middle is noticed (its root is gone or is
another one): the answer is 要確認 whatever was seen until then, unless
something forbidden was already found.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import os
import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from piiscan.assess.persons import merge
from piiscan.carryout.policy import LoadedPolicy
from piiscan.carryout.record import Record, make_record
from piiscan.carryout.signing import SigningKey
from piiscan.carryout.verdict import Reason, Verdict, judge
from piiscan.engine.analyse import digest_of
from piiscan.engine.scan import versions_of
from piiscan.engine.stream import reports_of
from piiscan.masking import FingerprintKey
from piiscan.model import FileReport, Item, ItemType, Unread
from piiscan.problems import Effect
from piiscan.settings import Settings
from piiscan.sources import RootError, Source, source_for
from piiscan.sources.removable import Drive

__all__ = ["ON_STICK", "Changes", "Checked", "check_stick", "leave_on_stick", "what_changed"]

#: Makes the version text the same on every machine; nothing secret goes under it.
_NO_KEY = FingerprintKey(bytes(32))

#: Name of the record's copy at the top of the stick.
ON_STICK = "piiscan-record.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer and its record. ``complete`` is false when the check was stopped or the stick pulled out."""

    verdict: Verdict
    record: Record
    complete: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the record, by name; ``unknown`` could not be compared, ``gone`` may be a hash where the name is not kept here."""

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the stick is no longer what was checked."""
        return bool(self.changed or self.added or self.gone)


def check_stick(
    drive: Drive,
    policy: LoadedPolicy,
    settings: Settings,
    key: SigningKey,
    *,
    jobs: int,
    stop: threading.Event,
    leave_record: bool = False,
    deviations: tuple[str, ...] = (),
    on_report: Callable[[FileReport], None] = lambda _: None,
) -> Checked:
    """Read everything on the stick and judge it.

    :param settings: the user's; what weakens the policy is not taken from them.
    :raises RootError: when the stick cannot be read at all.
    """
    began = dt.datetime.now(dt.UTC)
    settings = policy.settings_for(settings)
    fingerprints = FingerprintKey.random()
    source = source_for(drive.mount, settings)
    identity = _identity(drive.mount)
    reports: list[FileReport] = []
    files: dict[str, tuple[int, str]] = {}
    pulled_out = False
    try:
        for report in reports_of(source, settings, fingerprints, jobs=jobs, stop=stop):
            reports.append(report)
            if report.item.type is not ItemType.FOLDER and not (leave_record and report.item.key == ON_STICK):
                files[report.item.key] = (report.item.size, report.digest or _digest(source, report.item))
            on_report(report)
    except RootError:
        if not reports:
            raise
        pulled_out = True
    pulled_out = pulled_out or _identity(drive.mount) != identity
    broken_off = [Reason.PULLED_OUT] if pulled_out else [Reason.STOPPED] if stop.is_set() else []
    people = merge(report.persons.sketch for report in reports if report.persons.sketch)
    verdict = judge(
        reports,
        policy.policy,
        people.estimate,
        persons_exact=people.exact,
        encrypted=drive.encrypted,
        broken_off=broken_off,
    )
    record = make_record(
        verdict,
        files,
        drive,
        policy,
        key,
        who=_who(),
        machine=platform.node(),
        versions=f"piiscan {versions_of(settings.model_copy(update={'passwords': ()}), _NO_KEY)}",
        began=began,
        ended=dt.datetime.now(dt.UTC),
        deviations=deviations,
    )
    return Checked(verdict, record, not broken_off)


def leave_on_stick(record: Record, mount: str) -> Path:
    """Put a copy of the record on the stick, straight under its name (a stick gets no temporary file).

    :raises OSError: when the stick is full, read-only, or gone.
    """
    path = Path(mount) / ON_STICK
    with path.open("wb") as file:
        file.write(record.to_bytes())
        file.flush()
        os.fsync(file.fileno())
    return path


def what_changed(record: Record, drive: Drive, settings: Settings, on_item: Callable[[Item], None] = lambda _: None) -> Changes:
    """Compare the stick with its record, file by file and byte by byte.

    :raises RootError: when the stick cannot be read.
    """
    source = source_for(drive.mount, settings.model_copy(update={"exclude": (), "include": ()}))
    expected = record.stored
    changed: list[str] = []
    added: list[str] = []
    unknown: list[str] = []
    for met in source.walk():
        item = met.item if isinstance(met, Unread) else met
        on_item(item)
        if item.type is ItemType.FOLDER:
            if isinstance(met, Unread) and met.problem.kind.effect is Effect.FAILED:
                unknown.append(item.key)
            continue
        stored = expected.pop(record.name_hash(item.key), None)
        if stored is None:
            if not (item.key == ON_STICK and _is_copy(source, item, record)):
                added.append(item.key)
            continue
        digest = _digest(source, item)
        if item.size != stored.size or (digest and stored.digest and digest != stored.digest):
            changed.append(item.key)
        elif (not digest or not stored.digest) and item.type is ItemType.FILE:
            unknown.append(item.key)
    gone = [record.names.get(name_hash, f"#{name_hash[:12]}") for name_hash in expected]
    return Changes(tuple(changed), tuple(added), tuple(sorted(gone)), tuple(unknown))


def _is_copy(source: Source, item: Item, record: Record) -> bool:
    """Whether a file is this record's own copy, and not something that hides under its name (approvals may have come later)."""
    bare = Record(record.payload, record.signer, record.signature)
    forms = {bare.to_bytes()} | {
        Record(record.payload, record.signer, record.signature, record.approvals[:n]).to_bytes()
        for n in range(1, len(record.approvals) + 1)
    }
    try:
        with source.open(item) as file:
            return file.read(max(map(len, forms)) + 1) in forms
    except OSError:
        return False


def _digest(source: Source, item: Item) -> str:
    """SHA-256 of a plain file; empty for links, devices, and what cannot be read."""
    path = source.local_path(item)
    if item.type is not ItemType.FILE or not item.native or path is None:
        return ""
    try:
        return digest_of(path)
    except OSError:
        return ""


def _identity(mount: str) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        info = Path(mount).stat()
        return info.st_dev, info.st_ino
    return None


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"
