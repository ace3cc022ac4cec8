"""Settings: built once from ``piiscan.toml``, ``PIISCAN_*`` variables and flags, then passed down.

Frozen, and strict: an unknown key is an error with a suggestion. No module of
piiscan reads the environment or a settings file but this one.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from piiscan.backtracking import refuse_endless

__all__ = [
    "ClusterSettings",
    "Detection",
    "Exposing",
    "JobSettings",
    "Limits",
    "MailSettings",
    "Ocr",
    "Politeness",
    "Settings",
    "SettingsError",
    "Smb",
    "UsbPolicy",
    "WebhookSettings",
    "load_settings",
    "parse_window",
    "smb_environment",
]


class SettingsError(ValueError):
    """A settings file, variable or flag that cannot be used; the message says what, where and what to do."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Frozen):
    """Each limit keeps one hostile or huge file from stopping the scan; each hit is recorded as a problem."""

    file_bytes: int = Field(4 * 1024**3, ge=1, description="a larger file is not read (too-large)")
    seconds: float = Field(120, gt=0, description="deadline of a file, plus seconds_per_mb for each MB of it")
    seconds_per_mb: float = Field(2.0, ge=0, description="extra time for each MB")
    worker_mb: int = Field(2048, ge=256, description="resident memory of a worker; beyond it the file is given up")
    archive_depth: int = Field(6, ge=0, description="files inside files inside files")
    archive_members: int = Field(20_000, ge=1, description="members read from one top file, all depths together")
    archive_bytes: int = Field(2 * 1024**3, ge=1, description="bytes unpacked from one top file, all depths together")
    archive_ratio: float = Field(200.0, gt=1, description="unpacked/packed beyond which a member above 10 MB is a bomb")
    pages: int = Field(20_000, ge=1, description="pages of one document")
    cells: int = Field(50_000_000, ge=1, description="cells of one workbook")
    xml_bytes: int = Field(512 * 1024**2, ge=1, description="bytes of one XML part")
    pixels: int = Field(100_000_000, ge=1, description="pixels of one picture; a larger one is not decoded")


class Ocr(_Frozen):
    """Reading pictures of text. Each budget that runs out is recorded as a problem."""

    mode: Literal["off", "auto", "all"] = Field(
        "auto", description="auto: pictures that may hold text and pages without readable text; all: every picture on every page too"
    )
    engine: Literal["rapidocr", "tesseract"] = Field("rapidocr", description="tesseract: the installed program with its data for jpn")
    dpi: int = Field(200, ge=72, le=600, description="resolution at which pages of a PDF are drawn")
    pages: int = Field(200, ge=1, description="pages and pictures read in one top file")
    seconds_per_page: float = Field(60.0, gt=0, description="processor time for one page or picture")
    seconds: float = Field(900.0, gt=0, description="time for all of one top file, granted beyond limits.seconds")


class ListRule(_Frozen):
    """Which findings a rule is about; every condition that is given must hold."""

    reason: str = Field(min_length=1, description="why, for those who read the settings later")
    entity: str = Field("", description="only this kind; empty: every kind")
    fingerprint: str = Field("", pattern=r"^(?:[0-9a-f]{32})?$", description="of the value, from: piiscan recognizers allow")
    pattern: str = Field("", description="regular expression that the whole value matches")
    path: str = Field("", description="glob that the file's path below its root matches")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.fingerprint or self.pattern or self.path):
            raise ValueError("say which findings the rule is about: give a fingerprint, a pattern or a path")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"the pattern is not a valid regular expression ({error}); correct it") from None
        refuse_endless(self.pattern)
        return self


class AllowRule(ListRule):
    """Findings that are known to be harmless."""


class DenyRule(ListRule):
    """Findings that must be reported wherever a recognizer sees them, however unsure."""

    level: Literal["low", "medium", "high", "critical"] = "high"


class Detection(_Frozen):
    """What is looked for."""

    threshold: float = Field(0.5, ge=0, le=1, description="findings below this score are not reported")
    recognizers: tuple[Path, ...] = Field((), description="folders with further recognizers of your own")
    financial_sensitive: bool = Field(False, description="also the 機微情報 of the finance guideline")
    ner: Literal["off", "unsure", "all"] = Field("off", description="GiNZA as a second opinion on names")
    ner_budget_seconds: float = Field(20.0, ge=0, description="time for that in one file")
    disable: tuple[str, ...] = Field((), description="entities not looked for")
    allow: tuple[AllowRule, ...] = Field((), description="findings that are not reported")
    deny: tuple[DenyRule, ...] = Field((), description="findings that are always reported")


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"^(?:([a-z]{3}(?:[,-][a-z]{3})*)\s+)?(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)$")


def parse_window(text: str) -> tuple[frozenset[int], int, int]:
    """Days (0 is Monday), first and last minute of a window; it runs past midnight when the last is not after the first.

    :raises ValueError: when it is none.
    """
    found = _WINDOW.match(text.strip().lower())
    wrong = ValueError(f"{text!r} is no time window; write '20:00-06:00' or 'mon-fri 20:00-06:00'")
    if not found:
        raise wrong
    days: set[int] = set()
    for part in (found[1] or "mon-sun").split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            raise wrong
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        days.update(day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1))
    begin, end = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if begin >= 1440 or end > 1440 or int(found[3]) > 59 or int(found[5]) > 59:
        raise wrong
    return frozenset(days), begin, end


class Smb(_Frozen):
    """How ``smb://`` roots are reached. No password stands here: see ``docs/network.md``."""

    credentials: Path | None = Field(None, description="TOML file of logins by server, readable by its owner only")
    keyring: bool = Field(True, description="also ask the system's keyring, where the keyring package is installed")
    encryption: Literal["offered", "required"] = Field("offered", description="required: a server without encryption is refused")
    timeout: float = Field(60, gt=0, description="seconds until a server that does not answer counts as gone")
    retries: int = Field(6, ge=0, description="new connections tried after a drop, each after twice the wait of the one before")
    first_wait: float = Field(0.5, gt=0, description="seconds before the first of them")


class Exposing(_Frozen):
    """How rights become *everyone, all staff, a group (n), a few, one*."""

    staff: tuple[str, ...] = Field((), description="further groups that hold all staff: names, or SIDs")
    staff_size: int = Field(200, ge=2, description="a group of at least so many is all staff")
    few: int = Field(5, ge=2, description="up to so many persons are a few")
    groups: dict[str, int] = Field({}, description="members of groups that this machine cannot count: name or SID = number")


class Politeness(_Frozen):
    """How much of a server other people keep. Limits hold for each server (and this machine), all workers together."""

    bytes_per_second: float = Field(0, ge=0, description="0: no limit")
    operations_per_second: float = Field(0, ge=0, description="0: no limit")
    hours: tuple[str, ...] = Field((), description="when to scan: '20:00-06:00', 'sat,sun 00:00-24:00'; empty: always")
    low_priority: bool = Field(False, description="let other programs have processor and disk first")

    @field_validator("hours")
    @classmethod
    def _check_hours(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        for window in hours:
            parse_window(window)
        return hours


class ClusterSettings(_Frozen):
    """Dask workers on several machines; see ``docs/network.md``."""

    address: str | None = Field(None, description="of a Dask scheduler: tls://host:8786, or tcp://127.0.0.1:8786 on this machine")
    batch_files: int = Field(128, ge=1, le=1000, description="files that go to a worker at once, at most; fewer when they take long")
    wait_seconds: float = Field(30, gt=0, description="for the scheduler and the first worker")
    tls_ca: Path | None = Field(None, description="certificate that signs those of the cluster")
    tls_cert: Path | None = Field(None, description="certificate of this machine")
    tls_key: Path | None = Field(None, description="key of that certificate")
    plain: bool = Field(False, description="allow tcp:// to other machines: keys and passwords travel unencrypted")


class UsbPolicy(_Frozen):
    """What may leave the building on a stick."""

    forbid: Literal["low", "medium", "high", "critical"] = Field("high", description="不可 from this level on")
    approve: Literal["low", "medium", "high", "critical"] = Field("low", description="要承認 from this level on")
    policy: Path | None = Field(None, description="signed policy file; then forbid and approve above count no more")
    policy_keys: tuple[str, ...] = Field((), description="public keys whose policies count, where the machine has none installed")
    records: Path | None = Field(None, description="folder of the signed records; unset: in the user's data folder")


class MailSettings(_Frozen):
    """Mail about what is new in a job. The password never stands in the file."""

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="none: only for a server on this machine or without login")
    sender: str = Field(min_length=3)
    to: tuple[str, ...] = Field(min_length=1)
    user: str = ""
    password_env: str = Field("", description="name of the variable that holds the password")
    password_file: Path | None = None
    ca_file: Path | None = Field(None, description="certificate authority of the office, PEM")
    min_level: Literal["low", "medium", "high", "critical"] = "medium"


class WebhookSettings(_Frozen):
    """A POST about what is new in a job: JSON with a ``text`` that chat services show, counts, and links."""

    url: str = Field(pattern=r"^https?://[^\s]+$")
    token_env: str = Field("", description="name of the variable that holds a bearer token")
    token_file: Path | None = None
    ca_file: Path | None = None
    min_level: Literal["low", "medium", "high", "critical"] = "medium"


class JobSettings(_Frozen):
    """One nightly job."""

    name: str = Field(min_length=1, pattern=r"^[^/\\:*?\"<>|\x00-\x1f]+$")
    roots: tuple[str, ...] = Field(min_length=1)
    csv_dir: Path | None = None
    html_dir: Path | None = None
    xlsx_dir: Path | None = None
    json_dir: Path | None = None
    views: tuple[Literal["findings", "files", "folders", "problems", "new", "law"], ...] = ("findings", "new", "problems")
    keep_days: int = Field(90, ge=1)
    exclude: tuple[str, ...] = ()
    link: str = Field("", description="address under which people open the reports; stands in notifications")
    mail: MailSettings | None = None
    webhook: WebhookSettings | None = None


class Settings(_Frozen):
    """Everything that can be set. Field names are the keys of ``piiscan.toml``."""

    inventory: str = Field("piiscan.db", description="SQLite file, or a SQLAlchemy URL")
    baseline: Path | None = Field(None, description="decisions on findings in a TOML file; relative to this settings file")
    ledger: Path | None = Field(None, description="department, purpose and keep-until date of folders: TOML or CSV, relative to this file")
    public_body: bool = Field(False, description="law view for a public body (行政機関等): more than 100 persons instead of 1,000")
    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = Field((), description="globs relative to a root, as in .gitignore")
    include: tuple[str, ...] = Field((), description="if given, only files that match one of them")
    jobs: int | None = Field(None, ge=0, description="worker processes; 0: all in one process; unset: one a core")
    lang: Literal["ja", "en"] | None = None
    passwords: tuple[str, ...] = Field((), repr=False, description="tried on encrypted files")
    strings: bool = Field(False, description="search text runs in files of formats that nothing reads")
    limits: Limits = Limits()
    ocr: Ocr = Ocr()
    detection: Detection = Detection()
    smb: Smb = Smb()
    exposure: Exposing = Exposing()
    politeness: Politeness = Politeness()
    cluster: ClusterSettings = ClusterSettings()
    usb: UsbPolicy = UsbPolicy()
    nightly: tuple[JobSettings, ...] = ()
    log_file: Path | None = Field(None, description="nightly appends its log here as JSON lines")
    metrics_file: Path | None = Field(None, description="nightly writes its figures here in the Prometheus text format")

    def key_path(self) -> Path:
        """Where the fingerprint key of this inventory lies (``PIISCAN_KEY_FILE`` overrides it)."""
        override = os.environ.get("PIISCAN_KEY_FILE")
        if override:
            return Path(override)
        if "://" in self.inventory:
            return Path.home() / ".config" / "piiscan" / "fingerprint.key"
        return Path(self.inventory + ".key")


#: Kinds of errors (pydantic's) after which the wrong value is repeated: numbers and choices. Any other text may be a secret.
_REPEATED = ("literal_error", "int_", "float_", "bool_", "greater_than", "less_than")
#: How much of it, in characters.
_SHOWN = 60

#: Files that lie beside the settings file.
_BESIDE = ("baseline", "ledger")


def _model_keys(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    keys = {prefix: set(model.model_fields)}
    for name, info in model.model_fields.items():
        annotation = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            keys |= _model_keys(annotation, (*prefix, name))
    keys[("nightly",)] = set(JobSettings.model_fields)
    keys[("detection", "allow")] = set(AllowRule.model_fields)
    keys[("detection", "deny")] = set(DenyRule.model_fields)
    keys[("nightly", "mail")] = set(MailSettings.model_fields)
    keys[("nightly", "webhook")] = set(WebhookSettings.model_fields)
    return keys


def _explain(error: ValidationError, where: str) -> str:
    lines = []
    for item in error.errors():
        path = tuple(str(part) for part in item["loc"])
        named = ".".join(path)
        if item["type"] == "extra_forbidden":
            parent = tuple(part for part in path[:-1] if not part.isdigit())
            known = _model_keys(Settings).get(parent, set())
            close = difflib.get_close_matches(path[-1], sorted(known), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; known keys: {', '.join(sorted(known))}"
            lines.append(f"{where}: unknown key {named!r}{hint}")
        elif item["type"].startswith(_REPEATED) and isinstance(given := item["input"], str | int | float):
            lines.append(f"{where}: {named} = {str(given)[:_SHOWN]!r}: {item['msg']}")
        else:
            lines.append(f"{where}: {named}: {item['msg']}")
    return "\n".join(lines)


_SMB_LOGIN = ("PIISCAN_SMB_USER", "PIISCAN_SMB_PASSWORD", "PIISCAN_SMB_DOMAIN")
#: Variables that are no settings of their own name.
_NOT_SETTINGS = frozenset({"PIISCAN_CONFIG", "PIISCAN_KEY_FILE", "PIISCAN_LANG", *_SMB_LOGIN})


def smb_environment(environment: Mapping[str, str] | None = None) -> tuple[str, str, str]:
    """User, password and domain for ``smb://`` roots as the environment gives them; empty where it does not."""
    environment = os.environ if environment is None else environment
    user, password, domain = (environment.get(name, "") for name in _SMB_LOGIN)
    return user, password, domain


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """``PIISCAN_INVENTORY=x`` sets ``inventory``, ``PIISCAN_LIMITS__SECONDS=5`` sets ``limits.seconds``."""
    found: dict[str, Any] = {}
    for name, value in sorted(environment.items()):
        if not name.startswith("PIISCAN_") or name in _NOT_SETTINGS:
            continue
        path = name.removeprefix("PIISCAN_").lower().split("__")
        target = found
        for part in path[:-1]:
            target = target.setdefault(part, {})
        target[path[-1]] = tuple(value.split(os.pathsep)) if path[-1] in {"roots", "exclude", "include", "passwords"} else value
    return found


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = _merge(dict(merged[key]), value)
        else:
            merged[key] = value
    return merged


def load_settings(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """File, then environment, then flags; later ones win. Flags that are ``None`` are not set.

    :raises SettingsError: with one sentence a fault.
    """
    environment = os.environ if environment is None else environment
    data: dict[str, Any] = {}
    where = "settings"
    if path is None and environment.get("PIISCAN_CONFIG"):
        path = Path(environment["PIISCAN_CONFIG"])
    if path is not None:
        where = str(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise SettingsError(f"settings file {path} does not exist; check the path, or make one with piiscan init") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"settings file {path} cannot be read ({type(error).__name__}); it must be UTF-8 text that you may read"
            ) from None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"settings file {path} is not valid TOML: {error}") from None
        for name in _BESIDE:
            if isinstance(data.get(name), str):
                data[name] = str(path.parent / data[name])
        try:
            Settings.model_validate(data)
        except ValidationError as error:
            raise SettingsError(_explain(error, where)) from None
    if environment.get("PIISCAN_LANG"):
        data["lang"] = environment["PIISCAN_LANG"]
    data = _merge(data, _from_environment(environment))
    data = _merge(data, {key: value for key, value in (flags or {}).items() if value is not None})
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError(
            _explain(error, "settings (environment or flags)" if path is None else f"{where}, environment or flags")
        ) from None
