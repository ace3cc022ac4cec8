r"""The policy: what may leave on a stick, as one TOML file that the security team signs and hands out.

The signature stands in the file's last lines, as comments, and covers every
byte before them; so there is one file to hand out, and any TOML editor still
shows it. A policy without a valid signature of a trusted key, or past its
``expires``, is refused. Which keys are trusted is decided by the machine's own
configuration folder first, which an employee cannot write
(``/etc/xdg/piiscan``, ``/Library/Application Support/piiscan``,
``%ProgramData%\piiscan``): where a key lies there, no other key counts.

Reading a stick under a policy uses the policy's detection settings, not those
of the employee: no ``exclude``, no ``disable``, no other threshold.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from piiscan.carryout.signing import POLICY, KeyFileError, PublicKey, SigningKey
from piiscan.catalogue import load_catalogue
from piiscan.language import say
from piiscan.settings import Detection, Limits, Settings

__all__ = [
    "Approver",
    "Encryption",
    "LoadedPolicy",
    "Policy",
    "PolicyError",
    "builtin_policy",
    "deviation_words",
    "find_policy",
    "read_policy",
    "sign_policy",
]

LevelWord = Literal["low", "medium", "high", "critical", "never"]
Encryption = Literal["any", "personal-data", "always"]

POLICY_NAME, KEY_NAME = "usb-policy.toml", "usb-policy.pub"

_BLOCK = re.compile(rb"\n# signed-by: (piiscan-key:[A-Za-z0-9+/=]+)\r?\n# signature: ([A-Za-z0-9+/=]+)\r?\n?\Z")


class PolicyError(ValueError):
    """A policy that is refused; the message says why and what to do."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Approver(_Frozen):
    """Somebody whose countersignature lifts 要承認."""

    name: str = Field(min_length=1)
    key: str = Field(min_length=1, description="the line of the approver's .pub file")


class Policy(_Frozen):
    """What may leave the building on a stick. Field names are the keys of the file."""

    name: str = Field("", description="title, shown with every answer")
    contact: str = Field("", description="whom to ask; shown with every answer that is not 持ち出し可")
    issued: dt.date | None = None
    expires: dt.date | None = Field(None, description="last day; afterwards the policy is refused")
    forbid: LevelWord = Field("high", description="不可 from this level on; never: no level forbids")
    approve: LevelWord = Field("low", description="要承認 from this level on")
    forbid_entities: tuple[str, ...] = Field((), description="不可 wherever one of these is found; JP_SENSITIVE_* means all of them")
    approve_entities: tuple[str, ...] = Field((), description="要承認 wherever one of these is found")
    ignore_entities: tuple[str, ...] = Field((), description="never weighed by their level")
    forbid_persons: int | None = Field(None, ge=1, description="不可 from so many different persons on the whole stick")
    approve_persons: int | None = Field(None, ge=1, description="要承認 from so many different persons on the whole stick")
    encryption: Encryption = Field("any", description="must the stick be encrypted: any, personal-data, always")
    unclear_may_be_approved: bool = Field(False, description="approvers may also lift 要確認")
    record_days: int = Field(7, ge=1, description="so long an answer holds; afterwards check again")
    approvers: tuple[Approver, ...] = ()
    detection: Detection = Detection()
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy and where it comes from.

    :ivar origin: ``installed`` (the machine's folder), ``given`` (flag or settings), ``built-in``.
    :ivar digest: SHA-256 of the file, hex; empty for the built-in one.
    :ivar signer: whose signature it bears; ``None`` for the built-in one.
    :ivar deviations: stable words for what makes this less than the installed policy; they stand in the record.
    """

    policy: Policy
    origin: str
    digest: str = ""
    signer: PublicKey | None = None
    deviations: tuple[str, ...] = ()

    def settings_for(self, settings: Settings) -> Settings:
        """Settings under which the stick is read: the policy's where it decides, the user's only for speed, language and passwords."""
        if self.signer is None:
            return settings.model_copy(update={"exclude": (), "include": ()})
        return settings.model_copy(update={"exclude": (), "include": (), "detection": self.policy.detection, "limits": self.policy.limits})


def deviation_words(deviations: Sequence[str], lang: str) -> list[str]:
    """The words of a record's deviations for people."""
    parted = [word.partition(":") for word in deviations]
    return [say(f"certificate.deviation_{kind.replace('-', '_')}", lang, name=name) for kind, _, name in parted]


def machine_folder() -> Path:
    """Where the security team installs policy and key; employees cannot write there."""
    return Path(platformdirs.site_config_dir("piiscan", appauthor=False))


def builtin_policy(settings: Settings) -> LoadedPolicy:
    """The policy of a machine that has none: two levels from the settings. What was loosened is told."""
    usual = Settings()
    policy = Policy(forbid=settings.usb.forbid, approve=settings.usb.approve, detection=settings.detection, limits=settings.limits)
    deviations = [f"settings:usb.{name}" for name in ("forbid", "approve") if getattr(settings.usb, name) != getattr(usual.usb, name)]
    deviations += [f"settings:{name}" for name in ("exclude", "include") if getattr(settings, name)]
    for section in ("detection", "limits"):
        mine, default = getattr(settings, section), getattr(usual, section)
        deviations += [f"settings:{section}.{name}" for name in type(mine).model_fields if getattr(mine, name) != getattr(default, name)]
    return LoadedPolicy(policy, "built-in", deviations=tuple(deviations))


def find_policy(settings: Settings, given: Path | None, keys: Sequence[str], today: dt.date, folder: Path | None = None) -> LoadedPolicy:
    """The policy that holds here: the one given, else the installed one, else the built-in one.

    :param given: path from ``--policy`` (the settings' ``usb.policy`` when there is none).
    :param keys: trusted keys from ``--policy-key``; without effect where the machine has a key installed.
    :raises PolicyError: when a policy is there but refused.
    """
    folder = folder or machine_folder()
    trusted, deviations = _trusted(settings, keys, folder)
    installed = folder / POLICY_NAME
    path = given or settings.usb.policy
    if path is None:
        if not installed.is_file():
            if (folder / KEY_NAME).is_file():
                raise PolicyError(f"this machine has a policy key but no policy {installed}; ask the security team for it")
            return builtin_policy(settings)
        return read_policy(installed, trusted, today, origin="installed")
    if installed.is_file() and not (path.exists() and path.samefile(installed)):
        deviations = (*deviations, "policy-not-the-installed-one")
    return read_policy(path, trusted, today, origin="given", deviations=deviations)


def _trusted(settings: Settings, keys: Sequence[str], folder: Path) -> tuple[list[PublicKey], tuple[str, ...]]:
    try:
        if (folder / KEY_NAME).is_file():
            return [PublicKey.of(str(folder / KEY_NAME))], (("policy-key-ignored",) if keys else ())
        if keys:
            return [PublicKey.of(words) for words in keys], ("policy-key-by-flag",)
        return [PublicKey.of(words) for words in settings.usb.policy_keys], ()
    except KeyFileError as error:
        raise PolicyError(str(error)) from None


def read_policy(
    path: Path, trusted: Sequence[PublicKey], today: dt.date, *, origin: str = "given", deviations: tuple[str, ...] = ()
) -> LoadedPolicy:
    """Read and check a signed policy.

    :raises PolicyError: unreadable, not signed, signed by another, changed after signing, expired, or with unknown keys.
    """
    data = _bytes_of(path)
    found = _BLOCK.search(data)
    if not found:
        raise PolicyError(f"the policy {path} is not signed; use the file as the security team handed it out")
    signer = PublicKey.parse(found[1].decode("ascii"))
    if signer not in trusted:
        raise PolicyError(
            f"the policy {path} is signed by {signer.fingerprint}, which this machine does not trust;"
            f" the security team installs its key as {machine_folder() / KEY_NAME}, or name it with --policy-key"
        )
    body = data[: found.start()]
    if not signer.signed(POLICY, body, found[2].decode("ascii")):
        raise PolicyError(f"the policy {path} was changed after it was signed; get it anew from the security team")
    policy = _parsed(body, path)
    if policy.expires and today > policy.expires:
        raise PolicyError(f"the policy {path} expired on {policy.expires.isoformat()}; get the current one from the security team")
    return LoadedPolicy(policy, origin, hashlib.sha256(data).hexdigest(), signer, deviations)


def sign_policy(path: Path, key: SigningKey) -> bytes:
    """The file with its signature; an earlier signature is replaced.

    :raises PolicyError: when what is to be signed is no valid policy.
    """
    data = _bytes_of(path)
    found = _BLOCK.search(data)
    body = data[: found.start()] if found else data.rstrip(b"\r\n")
    _parsed(body, path)
    return body + b"\n# signed-by: " + key.public.text.encode() + b"\n# signature: " + key.sign(POLICY, body).encode() + b"\n"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PolicyError(f"the policy {path} cannot be read ({error.strerror}); check the path") from None


def _parsed(body: bytes, path: Path) -> Policy:
    try:
        policy = Policy.model_validate(tomllib.loads(body.decode("utf-8-sig")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"the policy {path} is not valid TOML in UTF-8: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PolicyError(f"the policy {path}: {where}: {first['msg']}; the keys are: {', '.join(Policy.model_fields)}") from None
    known = load_catalogue(policy.detection.recognizers).rules
    for field in ("forbid_entities", "approve_entities", "ignore_entities"):
        for name in getattr(policy, field):
            if not fnmatch.filter(known, name):  # a slip of the pen must not open the door
                raise PolicyError(f"the policy {path}: {field}: no kind of data is named {name}; see: piiscan recognizers list")
    try:
        for approver in policy.approvers:
            PublicKey.parse(approver.key)
    except KeyFileError as error:
        raise PolicyError(f"the policy {path}: key of approver {approver.name}: {error}") from None
    return policy
