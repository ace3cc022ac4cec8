"""One connection to one share: signed, encrypted where the server offers it, made anew after a drop.

Everything that is sent asks to read only, and lets others read, write, rename
and delete what is open. A drop (server restarted, cable pulled, share taken
away) is waited out: a bounded number of new connections, each after twice the
wait of the one before. After that the share counts as gone, and what is asked
of it fails at once until one more try, made each time, succeeds.

A refused login is never tried again: directories lock accounts.

What the server says becomes an ``OSError`` with the errno that
:func:`piiscan.sources.base.problem_of` understands; it holds no path.
"""

from __future__ import annotations

import errno
import logging
import ntpath
import re
import struct
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from piiscan.settings import Smb
from piiscan.sources.base import RootError
from piiscan.sources.credentials import login_for

if TYPE_CHECKING:
    from smbprotocol.tree import TreeConnect

__all__ = ["Address", "Entry", "LoginRefusedError", "Opened", "Share", "parse_root"]

_PORT = 445
_T = TypeVar("_T")

#: The server's word (NTSTATUS, [MS-ERREF] 2.3.1) and what it is to us.
_ERRNOS = {
    0xC0000022: errno.EACCES,  # ACCESS_DENIED
    0xC0000061: errno.EACCES,  # PRIVILEGE_NOT_HELD
    0xC0000043: errno.EBUSY,  # SHARING_VIOLATION
    0xC0000054: errno.EBUSY,  # FILE_LOCK_CONFLICT
    0xC000000F: errno.ENOENT,  # NO_SUCH_FILE
    0xC0000034: errno.ENOENT,  # OBJECT_NAME_NOT_FOUND
    0xC000003A: errno.ENOENT,  # OBJECT_PATH_NOT_FOUND
    0xC0000056: errno.ENOENT,  # DELETE_PENDING
    0xC0000103: errno.ENOTDIR,  # NOT_A_DIRECTORY
    0xC00000BA: errno.EISDIR,  # FILE_IS_A_DIRECTORY
    0x8000002D: errno.ELOOP,  # STOPPED_ON_SYMLINK
    0xC0000257: errno.EREMOTE if hasattr(errno, "EREMOTE") else errno.ELOOP,  # PATH_NOT_COVERED: a DFS link
    0xC0000106: errno.ENAMETOOLONG,  # NAME_TOO_LONG
}
_DROPPED = frozenset(
    {
        0xC00000C4,  # UNEXPECTED_NETWORK_ERROR
        0xC00000C9,  # NETWORK_NAME_DELETED
        0xC00000CC,  # BAD_NETWORK_NAME: the share is taken away
        0xC00000D0,  # REQUEST_NOT_ACCEPTED
        0xC00000B5,  # IO_TIMEOUT
        0xC0000128,  # FILE_CLOSED
        0xC0000203,  # USER_SESSION_DELETED
        0xC0000205,  # INSUFF_SERVER_RESOURCES
        0xC000020C,  # CONNECTION_DISCONNECTED
        0xC000035C,  # NETWORK_SESSION_EXPIRED
        0xC0000466,  # SERVER_UNAVAILABLE
    }
)
#: LOGON_FAILURE, WRONG_PASSWORD, ACCOUNT_RESTRICTION, PASSWORD_EXPIRED, ACCOUNT_DISABLED, ACCOUNT_LOCKED_OUT, PASSWORD_MUST_CHANGE …
_LOGIN = frozenset({0xC000006D, 0xC000006A, 0xC000006E, 0xC0000071, 0xC0000072, 0xC0000234, 0xC0000224, 0xC0000064, 0xC000015B, 0xC0000070})
_NO_MORE_FILES, _NO_SUCH_FILE, _END_OF_FILE = 0x80000006, 0xC000000F, 0xC0000011

# [MS-SMB2] 2.2.13, 2.2.33, 2.2.37
_READ_DATA, _READ_ATTRIBUTES, _READ_CONTROL = 0x1, 0x80, 0x20000
_SHARE_ALL = 0x7
_OPEN_EXISTING = 1
_DIRECTORY, _NO_DIRECTORY, _SEQUENTIAL, _REPARSE_POINT = 0x1, 0x40, 0x4, 0x200000
_IMPERSONATION = 2
_ID_FULL_DIRECTORY = 38
_RESTART = 0x1
_SECURITY_INFO, _OWNER_AND_LIST = 3, 0x1 | 0x4
_CHAINED = b"\xff" * 16
_LISTING_BYTES = 1 << 16
_FIRST_READ = 1 << 16
_READ = 1 << 20
_CREDIT = 1 << 16
_EPOCH = 116_444_736_000_000_000  # 1970 in FILETIME, 100 ns since 1601


class LoginRefusedError(OSError):
    """The server knows us and says no."""


class _DroppedError(Exception):
    """The connection, the session or the share went away; worth a new one."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a root lies. ``path`` has backslashes and none at its ends."""

    server: str
    port: int
    share: str
    path: str

    @property
    def host(self) -> str:
        """``server``, or ``server:port`` where the port is not the usual one."""
        shown = f"[{self.server}]" if ":" in self.server else self.server
        return shown if self.port == _PORT else f"{shown}:{self.port}"

    def __str__(self) -> str:
        """The root as people read it."""
        return "/".join([f"smb://{self.host}", self.share, *([self.path.replace("\\", "/")] if self.path else [])])


_AUTHORITY = re.compile(r"^(\[[0-9A-Fa-f:.]+\]|[^\s:@\[\]/\\]+)(?::(\d{1,5}))?$")


def parse_root(root: str) -> Address:
    """``smb://server[:port]/share[/path]``; the path may be percent-encoded.

    :raises RootError: a root that holds a login is not quoted, as it may hold a password.
    """
    rest = root.split("://", 1)[1].replace("\\", "/")
    authority, _, path = rest.partition("/")
    found = _AUTHORITY.match(authority)
    if not found and ("@" in rest or ":" in authority):
        raise RootError(
            "the smb:// root holds a login, or a port that is no number (it is not shown here); write smb://server/share/path and give the "
            "login in PIISCAN_SMB_USER and PIISCAN_SMB_PASSWORD or in a credentials file, and change the password if it stood there"
        )
    names = [name for name in unquote(path, errors="surrogateescape").split("/") if name and name != "."]
    if not found or not names or ".." in names or int(found[2] or _PORT) > 65535:
        raise RootError(f"{root!r} is no SMB root; write smb://server/share or smb://server/share/folder")
    return Address(found[1].strip("[]").lower(), int(found[2] or _PORT), names[0], "\\".join(names[1:]))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a folder as the server lists it; times in ns since 1970."""

    name: str
    size: int
    mtime_ns: int
    change: int
    attributes: int
    tag: int
    file_id: int

    @property
    def is_folder(self) -> bool:
        """By its attributes; a link to a folder is one too."""
        return bool(self.attributes & 0x10)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the server said when a file or folder was opened."""

    handle: bytes
    size: int
    mtime_ns: int
    change: int
    attributes: int
    descriptor: bytes


def _ns(filetime: int) -> int:
    return (filetime - _EPOCH) * 100 if filetime else 0


class Share:
    """A share, connected when first needed. For one thread at a time.

    :raises SettingsError: when the login cannot be had.
    """

    def __init__(self, address: Address, settings: Smb, *, pace: Callable[[int, int], None] | None = None) -> None:
        self.address = address
        self._settings = settings
        self._pace = pace or (lambda _operations, _bytes: None)
        self._login = login_for(address.server, settings)
        self._tree: TreeConnect | None = None
        self._gone = False
        self._refused: LoginRefusedError | None = None

    # ------------------------------------------------------------------ operations

    def open(self, path: str, *, folder: bool | None, patient: bool = True) -> Opened:
        """Open and close something, for what the server says about it.

        :param path: below the share, with backslashes.
        :param folder: what it must be; ``None``: either.
        :param patient: whether a server that is not there is waited for.
        """
        return self._retried(lambda: self._begin(path, folder, lambda: [self._close(_CHAINED)])[0], patient=patient)

    def listing(self, path: str) -> tuple[Opened, list[Entry]]:
        """What a folder is and all that lies in it, also ``.`` and ``..``."""
        return self._retried(lambda: self._list(path))

    def read(self, path: str, size: int) -> Iterator[Opened | bytes]:
        """A file: first what it is, then its content in order. A drop in the middle raises; the caller begins anew with :meth:`again`.

        :param size: as it was listed; small files take one exchange.
        """
        return self._read(path, size)

    def again(self, action: Callable[[], _T]) -> _T:
        """Run ``action``, and run it anew with a new connection when this one drops."""
        return self._retried(action)

    def close(self) -> None:
        """Say goodbye if the connection still stands."""
        tree, self._tree = self._tree, None
        if tree is not None:
            _quietly(lambda: tree.session.connection.disconnect(timeout=2))

    # ------------------------------------------------------------------- connection

    def connect(self) -> TreeConnect:
        """The tree, connected now if it is not.

        :raises LoginRefusedError: for good.
        """
        if self._tree is not None:
            return self._tree
        if self._refused is not None:
            raise LoginRefusedError(*self._refused.args)
        from smbprotocol.connection import Connection
        from smbprotocol.exceptions import SMBAuthenticationError, SMBException, SMBResponseException
        from smbprotocol.session import Session
        from smbprotocol.tree import TreeConnect

        logging.getLogger("smbprotocol").setLevel(logging.CRITICAL + 1)  # it logs paths, accounts and packets
        connection = Connection(uuid.uuid4(), self.address.server, self.address.port, require_signing=True)
        try:
            connection.connect(timeout=self._settings.timeout)
            offered = bool(connection.supports_encryption)
            if not offered and self._settings.encryption == "required":
                raise LoginRefusedError(  # noqa: TRY301 -- handled with the other refusals below
                    errno.EACCES, "the server offers no encryption, and smb.encryption = required"
                )
            session = Session(connection, self._login.account, self._login.password or None, require_encryption=offered)
            session.connect()
            tree = TreeConnect(session, f"\\\\{self.address.server}\\{self.address.share}")
            tree.connect()
        except BaseException as error:
            _quietly(lambda: connection.disconnect(close=False, timeout=2))
            if isinstance(error, SMBAuthenticationError) or (isinstance(error, SMBResponseException) and error.status in _LOGIN):
                self._refused = LoginRefusedError(errno.EACCES, "the login was refused")
                raise self._refused from None
            if isinstance(error, LoginRefusedError):
                self._refused = error
                raise
            if isinstance(error, SMBResponseException):
                raise self._translated(error.status) from None
            if isinstance(error, SMBException | ValueError | OSError):
                raise _DroppedError from None
            raise
        self._tree = tree
        return tree

    def _retried(self, action: Callable[[], _T], *, patient: bool = True) -> _T:
        wait = self._settings.first_wait
        retries = self._settings.retries if patient else 0
        for attempt in range(retries + 1):
            try:
                result = action()
            except _DroppedError:
                self._drop()
                if self._gone or attempt == retries:
                    break
                time.sleep(wait)
                wait *= 2
            else:
                self._gone = False
                return result
        self._gone = patient
        raise OSError(errno.ECONNRESET, "the server or share went away")

    def _drop(self) -> None:
        tree, self._tree = self._tree, None
        if tree is not None:
            connection = tree.session.connection
            # closing may wait for a server that does not answer
            threading.Thread(target=_quietly, args=(lambda: connection.disconnect(close=False, timeout=2),), daemon=True).start()

    @staticmethod
    def _translated(status: int) -> Exception:
        if status in _DROPPED:
            return _DroppedError()
        return OSError(_ERRNOS.get(status, errno.EIO), f"NTSTATUS 0x{status:08x}")

    # --------------------------------------------------------------------- exchanges

    def _exchange(self, messages: list[Any], moved: int = 0) -> list[bytes | int]:
        """Send messages that belong together; the answer of each, or the status that refused it.

        :param moved: bytes that are asked for.
        """
        from smbprotocol.exceptions import SMBException, SMBResponseException

        tree = self.connect()
        connection = tree.session.connection
        self._pace(1, moved)
        answers: list[bytes | int] = []
        try:
            ids = (tree.session.session_id, tree.tree_connect_id)
            if len(messages) == 1:
                requests = [connection.send(messages[0], *ids, credit_request=64)]
            else:
                requests = connection.send_compound(messages, *ids, related=True)
            for request in requests:
                try:
                    answer = connection.receive(request, timeout=self._settings.timeout, resolve_symlinks=False)
                    answers.append(answer["data"].get_value())
                except SMBResponseException as error:
                    answers.append(error.status)
        except (SMBException, OSError, ValueError, AttributeError):
            # AttributeError: smbprotocol wakes a waiting receiver without an answer when the socket closes
            self._drop()
            raise _DroppedError from None
        if isinstance(answers[0], int) and answers[0] in _DROPPED:
            self._drop()
            raise _DroppedError
        return answers

    def _full(self, path: str) -> str:
        tree = self.connect()
        if tree.is_dfs_share:  # names on a DFS root carry the share before them ([MS-DFSC] 3.1.4.1)
            return f"{self.address.server}\\{self.address.share}" + (f"\\{path}" if path else "")
        return path

    def _create(self, path: str, folder: bool | None, access: int) -> Any:
        from smbprotocol.open import SMB2CreateRequest

        message = SMB2CreateRequest()
        message["impersonation_level"] = _IMPERSONATION
        message["desired_access"] = access
        message["share_access"] = _SHARE_ALL
        message["create_disposition"] = _OPEN_EXISTING
        kind = 0 if folder is None else _DIRECTORY if folder else _NO_DIRECTORY | _SEQUENTIAL
        message["create_options"] = kind | _REPARSE_POINT
        message["buffer_path"] = self._full(path).encode("utf-16-le", "surrogatepass") or b"\0\0"
        return message

    @staticmethod
    def _query_security() -> Any:
        from smbprotocol.open import SMB2QueryInfoRequest

        message = SMB2QueryInfoRequest()
        message["info_type"] = _SECURITY_INFO
        message["additional_information"] = _OWNER_AND_LIST
        message["output_buffer_length"] = _CREDIT
        message["file_id"] = _CHAINED
        return message

    @staticmethod
    def _close(handle: bytes) -> Any:
        from smbprotocol.open import SMB2CloseRequest

        message = SMB2CloseRequest()
        message["file_id"] = handle
        return message

    def _begin(self, path: str, folder: bool | None, then: Callable[[], list[Any]], moved: int = 0) -> tuple[Opened, list[bytes | int]]:
        """Open in one exchange with what follows; once more without the access list where that may not be seen."""
        access = _READ_DATA | _READ_ATTRIBUTES
        for with_security in (True, False):
            extra = [self._query_security()] if with_security else []
            answers = self._exchange([self._create(path, folder, access | (_READ_CONTROL if with_security else 0)), *extra, *then()], moved)
            created = answers[0]
            if isinstance(created, int):
                if with_security and created in {0xC0000022, 0xC0000061}:
                    continue
                raise self._translated(created)
            _, _, _, _, _, _, written, changed, _, size, attributes, _, handle = struct.unpack_from("<HBBIQQQQQQII16s", created)
            descriptor = answers[1] if with_security else b""
            shown = _buffer(descriptor) if isinstance(descriptor, bytes) and descriptor else b""
            return Opened(handle, size, _ns(written), _ns(changed), attributes, shown), answers[1 + len(extra) :]
        raise OSError(errno.EACCES, "denied")

    def _list(self, path: str) -> tuple[Opened, list[Entry]]:
        opened, answers = self._begin(path, True, lambda: [_query_directory(_CHAINED, restart=True)])
        entries: list[Entry] = []
        answer = answers[0]
        try:
            while True:
                if isinstance(answer, int):
                    if answer in {_NO_MORE_FILES, _NO_SUCH_FILE}:
                        return opened, entries
                    raise self._translated(answer)
                entries.extend(_entries(_buffer(answer)))
                answer = self._exchange([_query_directory(opened.handle, restart=False)])[0]
        finally:
            self._let_go(opened.handle)

    def _read(self, path: str, size: int) -> Iterator[Opened | bytes]:
        from smbprotocol.open import SMB2ReadRequest

        def request(handle: bytes, at: int, length: int) -> Any:
            message = SMB2ReadRequest()
            message["length"] = length
            message["offset"] = at
            message["file_id"] = handle
            message["padding"] = b"\x50"
            return message

        small = size <= _FIRST_READ
        opened, answers = self._begin(
            path,
            False,
            lambda: [request(_CHAINED, 0, _FIRST_READ), *([self._close(_CHAINED)] if small else [])],
            min(size, _FIRST_READ),
        )
        try:
            yield opened
            answer, at = answers[0], 0
            while True:
                if isinstance(answer, int):
                    if answer == _END_OF_FILE:
                        return
                    raise self._translated(answer)
                data = _read_data(answer)
                yield data
                at += len(data)
                if at >= opened.size or not data or small:
                    return
                answer = self._exchange([request(opened.handle, at, self._chunk())], min(_READ, opened.size - at))[0]
        finally:
            if not small:
                self._let_go(opened.handle)

    def _chunk(self) -> int:
        """Bytes that one read may ask for: by the server's limit and the credits it has given."""
        connection = self.connect().session.connection
        window: dict[str, int] = connection.sequence_window
        return max(_CREDIT, min(_READ, int(connection.max_read_size), (window["high"] - window["low"] - 1) * _CREDIT))

    def _let_go(self, handle: bytes) -> None:
        try:
            if self._tree is not None:
                self._exchange([self._close(handle)])
        except (OSError, _DroppedError):
            return  # the server forgets handles of a connection that is gone


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except Exception:  # noqa: BLE001 -- of a connection that is given up
        return


def _query_directory(handle: bytes, *, restart: bool) -> Any:
    from smbprotocol.open import SMB2QueryDirectoryRequest

    message = SMB2QueryDirectoryRequest()
    message["file_information_class"] = _ID_FULL_DIRECTORY
    message["flags"] = _RESTART if restart else 0
    message["file_id"] = handle
    message["output_buffer_length"] = _LISTING_BYTES
    message["buffer"] = "*".encode("utf-16-le")
    return message


def _buffer(answer: bytes) -> bytes:
    """Output of QUERY_DIRECTORY and QUERY_INFO ([MS-SMB2] 2.2.34, 2.2.38); offsets count from the header of 64 bytes."""
    _, at, length = struct.unpack_from("<HHI", answer)
    return answer[at - 64 : at - 64 + length]


def _read_data(answer: bytes) -> bytes:
    _, at, _, length = struct.unpack_from("<HBBI", answer)
    return answer[at - 64 : at - 64 + length]


def _entries(buffer: bytes) -> Iterator[Entry]:
    """FileIdFullDirectoryInformation ([MS-FSCC] 2.4.22); the place of the EA size holds the tag of a reparse point."""
    at = 0
    while at + 80 <= len(buffer):
        step, _, _, _, written, changed, size, _, attributes, length, tag, _, file_id = struct.unpack_from("<IIQQQQQQIIIIQ", buffer, at)
        name = buffer[at + 80 : at + 80 + length].decode("utf-16-le", "surrogatepass")
        yield Entry(name, size, _ns(written), _ns(changed), attributes, tag if attributes & 0x400 else 0, file_id)
        if not step:
            return
        at += step


def join(folder: str, name: str) -> str:
    """A path below the share."""
    return f"{folder}\\{name}" if folder else name


def name_of(path: str) -> str:
    """Last name of a path below the share."""
    return ntpath.basename(path)
