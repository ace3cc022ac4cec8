"""7z archives: libarchive streams what is not encrypted; py7zr opens what is, with a password of the settings."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from typing import Any

from piiscan.extractors.archive._libarchive import members_of, version
from piiscan.extractors.archive._streams import stops
from piiscan.extractors.base import FormatDoc, Piece, Reading, Spooler, problem
from piiscan.extractors.engines import engine, missing
from piiscan.model import Embedded
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "extract"]

NAME = "7z"
MEDIA_TYPES = ("application/x-7z-compressed",)
SUFFIXES = (".7z",)
DOC = FormatDoc(
    description="7z archive",
    description_ja="7z書庫",
    sees=(
        "members of every depth",
        "all methods of 7-Zip, also BCJ filters and Zstandard",
        "archives with a password of the settings (with py7zr)",
        "encrypted members by name, where the names are not encrypted too",
    ),
    sees_ja=(
        "何段でも、すべてのファイル",
        "7-Zipの全方式（BCJフィルターとZstandardを含む）",
        "設定のパスワードで開ける書庫（py7zrが必要）",
        "名前が暗号化されていなければ、暗号化されたファイルの名前",
    ),
    limitations=(
        "of a damaged archive nothing can be found once its directory at the end is lost",
        "members of encrypted archives whose names lead out of the archive are reported, not read",
    ),
    limitations_ja=(
        "書庫が壊れて末尾の目録が失われると、何も取り出せません",
        "暗号化書庫の中で、書庫の外を指す名前のファイルは報告し、読みません",
    ),
    references=("https://www.7-zip.org/7z.html", "7zFormat.txt of the LZMA SDK"),
    engine="libarchive; py7zr (extra) for passwords and bzip2",
    engine_ja="libarchive。パスワードとbzip2にはpy7zr（拡張）",
    needs=("libarchive", "py7zr"),
)

_CIPHER = "AES-256"
#: methods that libarchive lacks in some builds, that of its wheels among them
_OTHERS = frozenset({"BZip2"})


def extract(reading: Reading) -> Iterator[Piece]:
    """The members that are files."""
    able = engine("py7zr").probe() is not None
    if able and reading.passwords:
        pieces = _unlocked(reading)
        if pieces is not None:
            yield from pieces
            return
    if able and _OTHERS & _methods(reading) and (pieces := _opened(reading, None)) is not None:
        yield from pieces
        return
    if version() is None:
        if able and (pieces := _opened(reading, None)) is not None:
            yield from pieces
        else:
            yield missing("libarchive")
        return
    locked = False
    for piece in members_of(reading, ("7zip",), cipher=_CIPHER):
        locked = locked or (isinstance(piece, Problem) and piece.kind in {ProblemKind.ENCRYPTED, ProblemKind.ENCRYPTED_PART})
        yield piece
    if locked and reading.passwords and not able:
        yield missing("py7zr", "passwords were not tried")


def _methods(reading: Reading) -> set[str]:
    """By what the members are compressed; empty when it cannot be told."""
    import py7zr

    with reading.open() as file:
        try:
            with py7zr.SevenZipFile(file) as archive:
                return set() if archive.needs_password() else set(archive.archiveinfo().method_names)
        except Exception:  # noqa: BLE001 - py7zr raises what the file makes it raise; libarchive will say what is wrong
            return set()


def _unlocked(reading: Reading) -> list[Piece] | None:
    """The members, when a password is needed and one of ours opens it."""
    import py7zr

    with reading.open() as file:
        try:
            with py7zr.SevenZipFile(file) as archive:
                if not archive.needs_password():
                    return None
        except py7zr.PasswordRequired:
            pass
        except Exception:  # noqa: BLE001 - py7zr raises what the file makes it raise; libarchive will say what is wrong
            return None
    for password in dict.fromkeys(reading.passwords):
        if reading.budget.expired():
            break
        pieces = _opened(reading, password)
        if pieces is not None:
            return pieces
    return None


def _opened(reading: Reading, password: str | None) -> list[Piece] | None:
    """All members, spooled in one pass as solid archives demand; ``None`` when nothing came out whole (a wrong password)."""
    import py7zr
    from py7zr.exceptions import ArchiveError

    factory = _factory(reading)
    fault = ""
    beyond: list[str] = []
    with reading.open() as file:
        try:
            with py7zr.SevenZipFile(file, password=password) as archive:
                names = archive.getnames()
                beyond = [name for name in names if _leads_out(name)]
                archive.extract(targets=[name for name in names if not _leads_out(name)], factory=factory)
        except _StopError:
            pass
        except (
            ArchiveError,
            py7zr.PasswordRequired,
            lzma.LZMAError,
            EOFError,
            ValueError,
            TypeError,
            OSError,
            IndexError,
            KeyError,
        ) as error:
            fault = type(error).__name__
        except Exception as error:  # noqa: BLE001 - the compressors behind py7zr have errors of their own
            fault = type(error).__name__
    pieces: list[Piece] = factory.pieces()
    if fault and not factory.whole:
        for piece in pieces:
            if isinstance(piece, Embedded):
                reading.release(piece)
        return None
    pieces += [Problem(ProblemKind.PART_NOT_READ, Stage.EXTRACT, "its name leads out of the archive", name) for name in beyond]
    if fault:
        pieces.append(problem(ProblemKind.BROKEN_PART, fault))
    return pieces


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or name[1:2] == ":" or ".." in name.replace("\\", "/").split("/")


class _StopError(Exception):
    """A limit that ends the whole archive."""


def _factory(reading: Reading) -> Any:
    """Makes the files that py7zr writes to: spooled ones, within the limits, under names of our own."""
    from py7zr.io import Py7zIO, WriterFactory

    class Sink(Py7zIO):
        def __init__(self, target: Spooler | Problem) -> None:
            self.target = target
            self.whole = False

        def write(self, s: bytes | bytearray) -> int:
            if isinstance(self.target, Problem):
                raise _StopError
            if not self.target.write(bytes(s)) and stops(self.target.finish()):
                raise _StopError
            return len(s)

        def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - py7zr's interface
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
            return 0

        def flush(self) -> None:
            pass

        def size(self) -> int:
            return self.target.written if isinstance(self.target, Spooler) else 0

        def close(self) -> None:
            self.whole = True

    class Sinks(WriterFactory):
        def __init__(self) -> None:
            self.sinks: list[Sink] = []

        def create(self, filename: str) -> Sink:
            sink = Sink(reading.spooler(filename, packed=max(1, reading.size)))
            self.sinks.append(sink)
            return sink

        @property
        def whole(self) -> bool:
            return any(sink.whole for sink in self.sinks)

        def pieces(self) -> list[Piece]:
            return [sink.target if isinstance(sink.target, Problem) else sink.target.finish() for sink in self.sinks]

    return Sinks()
