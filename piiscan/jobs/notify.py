"""Word of what is new: by mail and webhook, in counts and links only.

A message names the job, how many new findings there are of each level and
kind, in how many files, and where the reports lie. It never holds a value, a
mask, or the name of a file. Nothing is sent when nothing (at or above the
notification's level) is new.

What could not be delivered is told by the next run (:class:`Bookmarks`).
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from http.client import HTTPException
from pathlib import Path
from typing import Any

import platformdirs

from piiscan.inventory.base import ScanStatus
from piiscan.inventory.reader import Reader, ScanRow, View
from piiscan.jobs.locks import lock_name
from piiscan.language import say
from piiscan.model import Level
from piiscan.reports import label_of
from piiscan.reports.base import opened_atomically
from piiscan.settings import JobSettings, MailSettings, WebhookSettings

__all__ = ["Bookmarks", "NewFindings", "NotifyError", "count_new", "message_text", "scan_before", "send_mail", "send_webhook"]

_TIMEOUT = 20.0
_LEVELS = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)


class NotifyError(RuntimeError):
    """A message that could not be delivered; the message says where and why, without passwords."""


@dataclass(frozen=True, slots=True)
class NewFindings:
    """What was not there before, counted. ``by_kind``: level word and entity to findings; ``files`` by level word."""

    job: str
    first: bool
    by_kind: tuple[tuple[str, str, int], ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    links: tuple[str, ...] = ()

    def at_least(self, level: Level) -> NewFindings:
        """Only what is of this level or worse."""
        return NewFindings(
            self.job,
            self.first,
            tuple(kind for kind in self.by_kind if Level.parse(kind[0]) >= level),
            {word: count for word, count in self.files.items() if Level.parse(word) >= level},
            self.links,
        )

    @property
    def count(self) -> int:
        """Findings."""
        return sum(count for _, _, count in self.by_kind)


def scan_before(reader: Reader, scan: ScanRow) -> int:
    """Id of the last complete scan of the same roots before this one; 0 for none."""
    return next(
        (
            earlier.id
            for earlier in reader.scans()
            if earlier.id < scan.id and earlier.status is ScanStatus.COMPLETE and set(scan.source_ids) <= set(earlier.source_ids)
        ),
        0,
    )


def count_new(reader: Reader, scan: ScanRow, job: str, *, since: int, links: tuple[str, ...] = ()) -> NewFindings:
    """Count the findings in the roots of ``scan`` that appeared after the scan ``since`` (0: all)."""
    kinds: Counter[tuple[Level, str]] = Counter()
    worst: dict[int, Level] = {}
    for row in reader.new(View(source_ids=scan.source_ids), since=since):
        kinds[row.level, row.entity] += 1
        worst[row.file.file_id] = max(row.level, worst.get(row.file.file_id, Level.NONE))
    ordered = sorted(kinds.items(), key=lambda entry: (-entry[0][0], -entry[1], entry[0][1]))
    files = Counter(worst.values())
    return NewFindings(
        job,
        not since,
        tuple((level.word, entity, count) for (level, entity), count in ordered),
        {level.word: files[level] for level in _LEVELS if files[level]},
        links,
    )


def message_text(new: NewFindings, lang: str) -> tuple[str, str]:
    """Subject and body."""
    total = sum(new.files.values())
    subject = say(
        "notify.subject_first" if new.first else "notify.subject", lang, job=new.job, findings=f"{new.count:,}", files=f"{total:,}"
    )
    lines = [subject, ""]
    for level in _LEVELS:
        kinds = [(entity, count) for word, entity, count in new.by_kind if word == level.word]
        if kinds:
            lines.append(say("notify.level", lang, level=say(f"level.{level.word}", lang), files=f"{new.files.get(level.word, 0):,}"))
            lines += [f"    {label_of(entity, lang)}: {count:,}" for entity, count in kinds]
    if new.links:
        lines += ["", say("notify.links", lang), *(f"  {link}" for link in new.links)]
    lines += ["", say("notify.footer", lang)]
    return subject, "\n".join(lines) + "\n"


# --------------------------------------------------------------------- channels


def _secret(variable: str, path: Path | None, what: str) -> str:
    if variable:
        value = os.environ.get(variable, "")
        if not value:
            raise NotifyError(f"the variable {variable}, which holds the {what}, is not set")
        return value
    if path:
        try:
            return path.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise NotifyError(f"the file {path}, which holds the {what}, cannot be read ({type(error).__name__})") from None
    return ""


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise NotifyError(f"the certificate file {ca_file} cannot be used ({type(error).__name__})") from None


def send_mail(mail: MailSettings, new: NewFindings, lang: str) -> None:
    """One mail.

    :raises NotifyError: when it could not be handed over.
    """
    subject, body = message_text(new, lang)
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain="piiscan.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    password = _secret(mail.password_env, mail.password_file, "mail password") if mail.user else ""
    where = f"{mail.host}:{mail.port}"
    if mail.user and mail.security == "none" and mail.host not in {"localhost", "127.0.0.1", "::1"}:
        raise NotifyError(f'a password is not sent to {where} without encryption; set security = "starttls" or "tls"')
    try:
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=_TIMEOUT, context=_context(mail.ca_file))
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=_TIMEOUT)
        with server:
            if mail.security == "starttls":
                server.starttls(context=_context(mail.ca_file))
            if mail.user:
                server.login(mail.user, password)
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        raise NotifyError(f"the mail server {where} refused ({error.smtp_code}); check sender, recipients and login") from None
    except (OSError, smtplib.SMTPException) as error:  # ssl.SSLError is an OSError
        raise NotifyError(f"the mail server {where} cannot be reached ({_short(error)}); check host, port, security and network") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another place."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def send_webhook(hook: WebhookSettings, new: NewFindings, lang: str) -> None:
    """One POST.

    :raises NotifyError: when the answer is not 2xx or there is none.
    """
    _, text = message_text(new, lang)
    body = json.dumps({"text": text, **asdict(new), "findings": new.count}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "piiscan"}
    if token := _secret(hook.token_env, hook.token_file, "webhook token"):
        headers["Authorization"] = f"Bearer {token}"
    place = "//".join(hook.url.split("/", 3)[0:3:2])  # scheme and host: the path of a webhook is a secret
    request = urllib.request.Request(hook.url, body, headers, method="POST")  # noqa: S310 -- http(s) only, by the settings' pattern
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=_context(hook.ca_file)))
    try:
        with opener.open(request, timeout=_TIMEOUT):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise NotifyError(f"the webhook at {place} answered {error.code}; check its address and token") from None
    except (OSError, HTTPException) as error:
        raise NotifyError(f"the webhook at {place} cannot be reached ({_short(error)}); check its address and the network") from None


def _short(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return _short(reason)
    return getattr(error, "strerror", None) or type(error).__name__


# -------------------------------------------------------------------- bookmarks


class Bookmarks:
    """Up to which scan each channel of each job was told: one small file beside the inventory.

    A message that could not be delivered, or a run that was killed before it
    sent one, leaves the bookmark where it was; so the next run tells all that
    appeared since.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, inventory: str) -> Bookmarks:
        """Those of this inventory."""
        if "://" in inventory:
            return cls(Path(platformdirs.user_cache_dir("piiscan")) / f"{lock_name(inventory)}.notified.json")
        return cls(Path(inventory + ".notified.json"))

    def deliver(self, job: JobSettings, scan: ScanRow, reader: Reader, links: tuple[str, ...], lang: str) -> tuple[str, ...]:
        """Tell each channel of the job what is new for it.

        :return: why, for each channel that could not be told.
        :raises OSError: when the bookmarks cannot be written.
        """
        channels: list[tuple[str, str, Callable[[NewFindings], None]]] = []
        if (mail := job.mail) is not None:
            channels.append(("mail", mail.min_level, lambda message: send_mail(mail, message, lang)))
        if (hook := job.webhook) is not None:
            channels.append(("webhook", hook.min_level, lambda message: send_webhook(hook, message, lang)))
        if not channels:
            return ()
        told = self._read()
        failures = []
        for channel, level, send in channels:
            name = f"{job.name}/{channel}"
            since = told.setdefault(name, scan_before(reader, scan))
            fresh = count_new(reader, scan, job.name, since=since, links=links).at_least(Level.parse(level))
            try:
                if fresh.count:
                    send(fresh)
                told[name] = scan.id
            except NotifyError as error:
                failures.append(str(error))
        self._write(told)
        return tuple(failures)

    def _read(self) -> dict[str, int]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return {str(name): int(scan) for name, scan in told.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _write(self, told: Mapping[str, int]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with opened_atomically(self.path, mode=0o600) as file:
            file.write(json.dumps(dict(told), ensure_ascii=False).encode())
