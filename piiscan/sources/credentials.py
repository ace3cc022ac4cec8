"""Logins for servers: from the environment, a file that only its owner can read, or the system's keyring.

Never from a flag or a URL: those end in shell histories and process lists. The
first of these that knows the server is taken:

1. ``PIISCAN_SMB_USER``, ``PIISCAN_SMB_PASSWORD`` and, if need be, ``PIISCAN_SMB_DOMAIN``
2. the file ``smb.credentials`` of the settings: a TOML table a server (``"*"`` for all others)
   with ``user``, ``password``, ``domain``
3. the keyring, service ``piiscan-smb:SERVER``

With none of them the ticket of the account that runs piiscan (Kerberos) is
used, where there is one.
"""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from piiscan.model import Reach
from piiscan.settings import Exposing, SettingsError, Smb, smb_environment
from piiscan.sources.rights import windows_rights

__all__ = ["Login", "login_for"]

_KEYS = frozenset({"user", "password", "domain"})


@dataclass(frozen=True, slots=True)
class Login:
    """Who to be on a server. Empty: whoever runs piiscan."""

    user: str = ""
    password: str = field(default="", repr=False)
    domain: str = ""

    @property
    def account(self) -> str | None:
        r"""``DOMAIN\\user``, or ``None``."""
        if not self.user:
            return None
        return f"{self.domain}\\{self.user}" if self.domain else self.user


def login_for(server: str, settings: Smb) -> Login:
    """The login for ``server`` (its name as in the root, lower case).

    :raises SettingsError: when the credentials file cannot be used; nothing of its content is quoted.
    """
    user, password, domain = smb_environment()
    if user and password:
        return Login(user, password, domain)
    if settings.credentials is not None:
        found = _from_file(settings.credentials, server)
        if found is not None:
            user, domain = found.user or user, found.domain or domain
            if found.password:
                return Login(user, found.password, domain)
    if settings.keyring:
        kept = _from_keyring(server, user)
        if kept is not None:
            return Login(kept.user, kept.password, domain)
    return Login(user, "", domain)


def _from_file(path: Path, server: str) -> Login | None:
    try:
        check_private(path)
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"credentials file {path} does not exist; check smb.credentials") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"credentials file {path} cannot be read ({type(error).__name__}); it must be UTF-8 text of your own") from None
    except tomllib.TOMLDecodeError:
        # the decoder's own words may quote a password
        raise SettingsError(f'credentials file {path} is not valid TOML; write ["server"], user = "…", password = "…"') from None
    tables: dict[str, Any] = {}
    for name, table in data.items():
        if not isinstance(table, dict) or set(table) - _KEYS or not all(isinstance(value, str) for value in table.values()):
            raise SettingsError(f"credentials file {path}: a table a server with the texts user, password and domain, nothing else")
        tables[name.lower()] = table
    table = tables.get(server, tables.get("*"))
    return Login(table.get("user", ""), table.get("password", ""), table.get("domain", "")) if table is not None else None


def check_private(path: Path) -> None:
    """Refuse a file of secrets that others can read.

    :raises SettingsError: with what to do about it.
    :raises OSError: when it cannot be looked at.
    """
    info = path.stat()
    if sys.platform == "win32":
        rights = windows_rights(str(path), Exposing())
        if rights is not None and rights.exposure.reach > Reach.ONE:
            raise SettingsError(
                f"credentials file {path} can be read by {rights.exposure}; let only yourself read it (icacls /inheritance:r /grant:r)"
            )
        return
    if not stat.S_ISREG(info.st_mode):
        raise SettingsError(f"credentials file {path} is no plain file")
    if info.st_mode & 0o077:
        raise SettingsError(
            f"credentials file {path} can be read by others (mode {stat.S_IMODE(info.st_mode):04o}); run: chmod 600 '{path}', "
            "and change the password if others may have seen it"
        )
    if info.st_uid not in {os.getuid(), 0}:
        raise SettingsError(f"credentials file {path} belongs to another account; it must be your own")


def _from_keyring(server: str, user: str) -> Login | None:
    try:
        import keyring
    except ImportError:
        return None
    try:
        found = keyring.get_credential(f"piiscan-smb:{server}", user or None)
    except Exception:  # noqa: BLE001 -- no backend, a locked keyring, no session bus: then it knows nothing
        return None
    return Login(found.username, found.password) if found is not None else None
