"""The signed record of a check: who, when, which device, what was on it, the answer, and under which policy.

A record holds no personal data of the stick: a file is its salted name hash,
size, SHA-256, level, kinds and counts. The names themselves lie beside the
record on the machine that made it (``*.names.json``, 0600), so that ``--verify``
can name a file that is gone; they never go to the stick or anywhere else.
(ADR: what a carry-out record holds.)

The file is one JSON object, ``{"payload": …, "signature": …, "approvals": […]}``.
What is signed is the canonical JSON of the payload (sorted keys, no spaces,
UTF-8); an approval signs the payload's SHA-256 with its own statement.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from piiscan.carryout.policy import LoadedPolicy
from piiscan.carryout.signing import APPROVAL, RECORD, KeyFileError, PublicKey, SigningKey
from piiscan.carryout.verdict import Verdict, VerdictWord
from piiscan.reports.base import opened_atomically
from piiscan.sources.removable import Drive

__all__ = [
    "Approval",
    "Record",
    "RecordError",
    "Stored",
    "default_folder",
    "load_record",
    "machine_key",
    "make_record",
    "newest_record",
    "save_record",
]

FORMAT = "piiscan usb record 1"


class RecordError(ValueError):
    """A record that is refused; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of the stick as the record has it. ``digest`` is empty when nobody could read the file."""

    name_hash: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's countersignature; ``valid`` when the signature fits and the policy names the signer."""

    name: str
    key: PublicKey
    at: dt.datetime
    until: dt.date | None
    reason: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose signature was checked, or that was just made."""

    payload: Mapping[str, Any]
    signer: PublicKey
    signature: str
    approvals: tuple[Mapping[str, Any], ...] = ()
    path: Path | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Short name of the record."""
        return str(self.payload["id"])

    @property
    def word(self) -> VerdictWord:
        """The answer."""
        return VerdictWord(self.payload["verdict"]["word"])

    @property
    def made_at(self) -> dt.datetime:
        """When the check ended."""
        return dt.datetime.fromisoformat(self.payload["made_at"])

    @property
    def valid_until(self) -> dt.date:
        """Last day on which the answer holds."""
        return dt.date.fromisoformat(self.payload["valid_until"])

    @property
    def stored(self) -> dict[str, Stored]:
        """The files by name hash."""
        return {file["name"]: Stored(file["name"], file["size"], file["sha256"]) for file in self.payload["files"]}

    def name_hash(self, key: str) -> str:
        """How this record writes the name of a file."""
        return _name_hash(str(self.payload["salt"]), key)

    def to_bytes(self) -> bytes:
        """The file, always the same bytes for the same record."""
        whole = {
            "format": FORMAT,
            "payload": self.payload,
            "signed_by": self.signer.text,
            "signature": self.signature,
            "approvals": list(self.approvals),
        }
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"

    # ------------------------------------------------------------------ approvals

    def approvals_seen(self) -> list[Approval]:
        """Every approval with whether it counts: signature fits, the policy names the key, and it is another person's key."""
        approvers = {entry["key"]: entry["name"] for entry in self.payload["policy"]["approvers"]}
        seen = []
        for entry in self.approvals:
            statement = entry["statement"]
            key = PublicKey.parse(entry["signed_by"])
            valid = (
                statement["record"] == self.digest
                and key.signed(APPROVAL, _canonical(statement), entry["signature"])
                and key.text in approvers
                and key != self.signer
            )
            until = dt.date.fromisoformat(statement["until"]) if statement["until"] else None
            name = approvers.get(key.text, statement["name"])
            seen.append(Approval(name, key, dt.datetime.fromisoformat(statement["at"]), until, statement["reason"], valid))
        return seen

    def approved(self, today: dt.date) -> bool:
        """Whether a valid approval covers ``today``."""
        return any(approval.valid and (approval.until is None or today <= approval.until) for approval in self.approvals_seen())

    @property
    def digest(self) -> str:
        """SHA-256 of the signed payload, hex."""
        return hashlib.sha256(_canonical(self.payload)).hexdigest()

    def countersigned(self, key: SigningKey, *, at: dt.datetime, until: dt.date | None = None, reason: str = "") -> Record:
        """The record with one approval more.

        :raises RecordError: when this answer cannot be approved, or not with this key.
        """
        policy = self.payload["policy"]
        approvable = {VerdictWord.APPROVAL} | ({VerdictWord.UNCLEAR} if policy["unclear_may_be_approved"] else set())
        if self.word not in approvable:
            raise RecordError(f"record {self.id} says {self.word.value}; only the answer 要承認 (approval) can be approved")
        approvers = {entry["key"]: entry["name"] for entry in policy["approvers"]}
        if key.public.text not in approvers:
            raise RecordError(
                f"the key {key.public.fingerprint} is not one of the approvers of the policy of record {self.id}"
                f" ({', '.join(approvers.values()) or 'it names none'}); an approver must sign"
            )
        if key.public == self.signer:
            raise RecordError("the same key made the record; a second person must approve it")
        if at.date() > self.valid_until:
            raise RecordError(f"record {self.id} held until {self.valid_until}; check the stick again first")
        statement = {
            "record": self.digest,
            "name": approvers[key.public.text],
            "at": at.isoformat(timespec="seconds"),
            "until": until.isoformat() if until else "",
            "reason": reason,
        }
        entry = {"statement": statement, "signed_by": key.public.text, "signature": key.sign(APPROVAL, _canonical(statement))}
        return Record(self.payload, self.signer, self.signature, (*self.approvals, entry), self.path, self.names)


def default_folder() -> Path:
    """Where this machine keeps its records and the key that signs them."""
    return Path(platformdirs.user_data_dir("piiscan", appauthor=False)) / "usb-records"


def machine_key(folder: Path) -> SigningKey:
    """The key of this machine's records; its public half lies beside it, for those who check them elsewhere."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = SigningKey.load_or_create(folder / "record.key")
    public = folder / "record.key.pub"
    if not public.exists():
        public.write_text(key.public.text + "\n", encoding="ascii", newline="\n")
    return key


def make_record(
    verdict: Verdict,
    files: Mapping[str, tuple[int, str]],
    drive: Drive,
    policy: LoadedPolicy,
    key: SigningKey,
    *,
    who: str,
    machine: str,
    versions: str,
    began: dt.datetime,
    ended: dt.datetime,
    deviations: tuple[str, ...] = (),
) -> Record:
    """A signed record.

    :param files: size and SHA-256 (hex, empty when unreadable) by key of each file that was met.
    """
    salt = secrets.token_hex(16)
    judged = {file.path: file for file in verdict.files}
    names = {_name_hash(salt, path): path for path in files}
    entries: list[dict[str, Any]] = []
    for path, (size, digest) in files.items():
        entry: dict[str, Any] = {"name": _name_hash(salt, path), "size": size, "sha256": digest, "word": VerdictWord.ALLOWED.value}
        if path in judged:
            file = judged[path]
            entry |= {
                "word": file.word.value,
                "level": file.level.word,
                "persons": file.persons,
                "kinds": [list(kind) for kind in file.kinds],
                "problems": sorted({problem.kind.word for problem in file.problems}),
            }
        entries.append(entry)
    entries.sort(key=lambda entry: str(entry["name"]))
    payload = {
        "id": f"{ended.astimezone():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
        "began_at": began.isoformat(timespec="seconds"),
        "made_at": ended.isoformat(timespec="seconds"),
        "valid_until": (ended.astimezone().date() + dt.timedelta(days=policy.policy.record_days)).isoformat(),
        "who": who,
        "machine": machine,
        "versions": versions,
        "device": {
            "serial": drive.serial,
            "volume": drive.volume_id,
            "label": drive.label,
            "model": drive.model,
            "filesystem": drive.filesystem,
            "size": drive.size,
            "encrypted": drive.encrypted,
            "folder": _name_hash(salt, _place(drive)),
        },
        "verdict": {
            "word": verdict.word.value,
            "files": verdict.looked_at,
            "persons": verdict.persons,
            "persons_exact": verdict.persons_exact,
            "reasons": [reason.value for reason in verdict.reasons],
        },
        "policy": {
            "name": policy.policy.name,
            "origin": policy.origin,
            "sha256": policy.digest,
            "signed_by": policy.signer.text if policy.signer else "",
            "expires": policy.policy.expires.isoformat() if policy.policy.expires else "",
            "approvers": [{"name": approver.name, "key": PublicKey.parse(approver.key).text} for approver in policy.policy.approvers],
            "unclear_may_be_approved": policy.policy.unclear_may_be_approved,
        },
        "deviations": [*policy.deviations, *deviations],
        "salt": salt,
        "files": entries,
    }
    return Record(payload, key.public, key.sign(RECORD, _canonical(payload)), names=names)


def save_record(record: Record, folder: Path) -> Path:
    """Write the record (and the names beside it, when they are known) into the machine's folder, 0600, whole or not at all.

    :raises OSError: when it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = record.path if record.path and record.path.parent == folder else folder / f"usb-{record.id}.json"
    with opened_atomically(path, mode=0o600) as file:
        file.write(record.to_bytes())
    if record.names:
        names = json.dumps(dict(record.names), ensure_ascii=False, sort_keys=True)
        with opened_atomically(path.with_suffix(".names.json"), mode=0o600) as file:
            file.write(names.encode("utf-8", "surrogatepass"))
    return path


def load_record(path: Path, trusted: tuple[PublicKey, ...]) -> Record:
    """Read a record and check its signature.

    :param trusted: keys whose records count (this machine's, and those that were named).
    :raises RecordError: unreadable, changed after it was signed, or signed by another machine.
    """
    try:
        whole = json.loads(path.read_bytes())
        payload, signature, approvals = whole["payload"], str(whole["signature"]), tuple(whole["approvals"])
        signer = PublicKey.parse(whole["signed_by"])
        fits = whole["format"] == FORMAT
    except OSError as error:
        raise RecordError(f"the record {path} cannot be read ({error.strerror}); check the path") from None
    except (ValueError, KeyError, TypeError, KeyFileError):
        raise RecordError(f"{path} is no carry-out record, or it was damaged; check the stick again") from None
    if not fits or not signer.signed(RECORD, _canonical(payload), signature):
        raise RecordError(f"the record {path} was changed after it was signed; it proves nothing: check the stick again")
    if signer not in trusted:
        raise RecordError(
            f"the record {path} was signed on another machine (key {signer.fingerprint});"
            " name that machine's key with --record-key if you trust it"
        )
    record = Record(payload, signer, signature, approvals, path, _names_of(path))
    try:
        _ = (record.approvals_seen(), record.valid_until, record.made_at, record.word, record.stored)  # each must parse
    except (ValueError, KeyError, TypeError):
        raise RecordError(f"{path} holds an approval that is damaged; ask the approver to sign again") from None
    return record


def newest_record(folder: Path, drive: Drive, trusted: tuple[PublicKey, ...]) -> Record:
    """The last record of this device.

    :raises RecordError: when there is none, or the newest one is refused.
    """
    for path in sorted(folder.glob("usb-*.json"), reverse=True):
        if path.name.endswith(".names.json"):
            continue
        record = load_record(path, trusted)
        device = record.payload["device"]
        same_device = (device["serial"], device["volume"]) == (drive.serial, drive.volume_id)
        if same_device and device["folder"] == record.name_hash(_place(drive)):
            return record
    raise RecordError(f"there is no record of this device in {folder}; check it first: piiscan usb {drive.mount}")


def _place(drive: Drive) -> str:
    """Which part of the device was checked; where the device says nothing of itself, where it was mounted."""
    return drive.below if drive.serial or drive.volume_id else drive.mount


def _names_of(path: Path) -> dict[str, str]:
    try:
        names = json.loads(path.with_suffix(".names.json").read_bytes().decode("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return {}
    return {str(name_hash): str(name) for name_hash, name in names.items()} if isinstance(names, dict) else {}


def _name_hash(salt: str, key: str) -> str:
    return hmac.new(salt.encode("ascii"), key.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _canonical(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")
