"""Reads the zip package of an Office document (ECMA-376 part 2, Open Packaging Conventions) within the limits.

Shared by docx, xlsx and pptx. Every byte that comes out of the zip passes one
place (:class:`PartStream`) that counts it against the limits and turns damage
into a :class:`~piiscan.problems.Problem` instead of an exception; every XML
part passes one parser that resolves no entities and fetches nothing. What was
damaged or too large is collected in :attr:`Package.faults`; the extractor
yields it when it comes to it and goes on with the other parts.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Self, cast
from urllib.parse import unquote

from lxml import etree

from piiscan.extractors.base import Piece, Reading, problem
from piiscan.extractors.safexml import LENIENT
from piiscan.extractors.segments import cut
from piiscan.model import Embedded, Part, Role, Table
from piiscan.problems import Problem, ProblemKind, Stage

__all__ = [
    "CHUNK",
    "LOCAL",
    "Element",
    "Package",
    "PartStream",
    "Rel",
    "chart_table",
    "document_properties",
    "drawing_texts",
    "link_targets",
    "ole10native",
    "plain",
    "signature_line",
    "unwrap_ole",
    "words",
]

Element = etree._Element  # noqa: SLF001 - lxml's public type has no public name
CHUNK = 1 << 16
_TREE_BYTES = 64 * 1024**2  # a tree takes some eight times the bytes of its part; the large parts stream instead
_CACHE_ROWS = 2_000
_RATIO_FREE = 10 * 1024**2

_DRAWINGS = (".emf", ".wmf", ".emz", ".wmz", ".pdf")  # their text is read without OCR
_RASTER = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".jp2", ".heic")

# What a damaged or hostile zip member raises while it is read.
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


# Members that belong to every package, and pictures, which are counted for OCR whoever names them.
_NAMED_BY_NOBODY = (
    "[content_types].xml",
    "word/media/",
    "xl/media/",
    "ppt/media/",
    "docprops/",
    "customxml/",
    "[trash]/",
    "mimetype",
    "meta-inf/",
)


class _Locals(dict[Any, str]):
    """Tag in Clark notation to local name, remembered: strict and transitional OOXML differ in their namespaces only."""

    def __missing__(self, tag: Any) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < 5000:  # a hostile part may hold any number of names
            self[tag] = name
        return name


LOCAL = _Locals()


@dataclass(frozen=True, slots=True)
class Rel:
    """A relationship of a part. ``kind`` is the last word of its type: ``header``, ``hyperlink`` …"""

    id: str
    kind: str
    target: str
    external: bool


class PartStream:
    """A member of the package as a byte stream that ends, and says why, where damage or a limit stops it."""

    def __init__(self, package: Package, info: zipfile.ZipInfo, *, counted: bool = True) -> None:
        self._package = package
        self._info = info
        self._read = 0
        self._counted = counted  # False: Reading.spool counts these bytes itself
        self._stream: IO[bytes] | None = None
        self.fault: Problem | None = None
        if info.flag_bits & 0x1:
            self._fail(ProblemKind.ENCRYPTED_PART, "zip")
        else:
            try:
                self._stream = package.zip.open(info)
            except _ZIP_FAULTS as error:
                self._fail(ProblemKind.BROKEN_PART, type(error).__name__)

    def _fail(self, kind: ProblemKind, detail: str) -> None:
        self.fault = Problem(kind, Stage.EXTRACT, detail, self._info.filename)
        self._package.faults.append(self.fault)
        self.close()

    def read(self, size: int = CHUNK) -> bytes:
        """Up to ``size`` bytes; empty at the end or at a fault."""
        if self._stream is None:
            return b""
        try:
            data = self._stream.read(size)
        except _ZIP_FAULTS as error:
            self._fail(ProblemKind.BROKEN_PART, type(error).__name__)
            return b""
        if not self._counted:
            return data
        self._read += len(data)
        limits, budget = self._package.reading.limits, self._package.reading.budget
        budget.unpacked += len(data)
        if self._read > limits.xml_bytes:
            self._fail(ProblemKind.LIMIT, f"limits.xml_bytes = {limits.xml_bytes}")
        elif budget.unpacked > limits.archive_bytes:
            self._fail(ProblemKind.BOMB, f"limits.archive_bytes = {limits.archive_bytes}")
        elif self._read > _RATIO_FREE and self._read > self._info.compress_size * limits.archive_ratio:
            self._fail(ProblemKind.BOMB, f"limits.archive_ratio = {limits.archive_ratio:g}")
        elif budget.expired():
            self._fail(ProblemKind.LIMIT, "limits.seconds")
        else:
            return data
        return b""

    def close(self) -> None:
        """Let go of the member."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


@dataclass(slots=True)
class Package:
    """An open package. Use it as a context manager."""

    reading: Reading
    file: IO[bytes]
    zip: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    faults: list[Problem] = field(default_factory=list)

    @classmethod
    def open(cls, reading: Reading) -> Package | Problem:
        """The package, or why it is none."""
        file = reading.open()
        try:
            package = zipfile.ZipFile(file)
        except _ZIP_FAULTS as error:
            file.close()
            return problem(ProblemKind.BROKEN, f"zip: {type(error).__name__}")
        infos = package.infolist()
        if len(infos) > reading.limits.archive_members:
            file.close()
            return problem(ProblemKind.LIMIT, f"limits.archive_members = {reading.limits.archive_members}")
        members = {info.filename.replace("\\", "/").lstrip("/").casefold(): info for info in infos}
        return cls(reading, file, package, members)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()
        self.file.close()

    def has(self, part: str) -> bool:
        """Whether the package holds that part (names compare without case, ECMA-376-2 §6.2.2.3)."""
        return part.casefold() in self.members

    def size(self, part: str) -> int:
        """Unpacked size in bytes that the zip directory claims; 0 when there is no such part."""
        info = self.members.get(part.casefold())
        return info.file_size if info else 0

    def parts(self, prefix: str, suffix: str = ".xml") -> list[str]:
        """Names of the parts below ``prefix``, in the natural order of their numbers."""
        prefix = prefix.casefold()
        found = [info.filename for name, info in self.members.items() if name.startswith(prefix) and name.endswith(suffix)]
        return sorted(found, key=lambda name: (len(name), name))

    def stream(self, part: str) -> PartStream | None:
        """The part's bytes, or ``None`` when there is no such part."""
        info = self.members.get(part.casefold())
        return PartStream(self, info) if info else None

    def read(self, part: str) -> bytes:
        """All bytes of a small part; empty when it is absent or broken."""
        stream = self.stream(part)
        if stream is None:
            return b""
        chunks = []
        while data := stream.read():
            chunks.append(data)
        stream.close()
        return b"".join(chunks)

    def events(
        self, part: str, tags: Iterable[str], through: Callable[[Iterable[bytes], Callable[[], bool]], Iterable[bytes]] | None = None
    ) -> Iterator[Element]:
        """End events of the elements with these local names, as the part streams by. The caller clears what it has read.

        :param through: what the bytes pass before they are parsed; it is also told how to ask whether those so far were well-formed.
        """
        stream = self.stream(part)
        if stream is None:
            return
        parser = etree.XMLPullParser(events=("end",), tag=[f"{{*}}{tag}" for tag in tags], **LENIENT)
        chunks: Iterable[bytes] = iter(stream.read, b"")
        try:
            for data in through(chunks, lambda: not parser.feed_error_log) if through else chunks:
                parser.feed(data)
                for _, element in parser.read_events():
                    yield cast("Element", element)
            parser.close()
            for _, element in parser.read_events():
                yield cast("Element", element)
        except etree.XMLSyntaxError:
            pass  # the log below says so
        finally:
            stream.close()
        if stream.fault is None and any(entry.level >= etree.ErrorLevels.FATAL for entry in parser.feed_error_log):
            self.faults.append(Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "XML", part))

    def root(self, part: str) -> Element | None:
        """The whole part as a tree; ``None`` when it is absent or nothing of it is XML."""
        stream = self.stream(part)
        if stream is None:
            return None
        parser = etree.XMLParser(**LENIENT)
        root: Element | None = None
        fed = 0
        try:
            while data := stream.read():
                fed += len(data)
                if fed > _TREE_BYTES:
                    self.faults.append(Problem(ProblemKind.LIMIT, Stage.EXTRACT, f"a part of more than {_TREE_BYTES} bytes", part))
                    break
                parser.feed(data)
            root = parser.close() if fed else None
        except etree.XMLSyntaxError:
            root = None
        finally:
            stream.close()
        broken = root is None or any(fed <= _TREE_BYTES and entry.level >= etree.ErrorLevels.FATAL for entry in parser.feed_error_log)
        if broken and stream.fault is None:
            self.faults.append(Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, "XML", part))
        return root

    def rels(self, part: str) -> dict[str, Rel]:
        """Relationships of a part (of the package itself for ``""``) by id; targets are part names, or URLs when external."""
        folder, _, name = part.rpartition("/")
        rels_part = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        root = self.root(rels_part) if self.has(rels_part) else None
        found: dict[str, Rel] = {}
        for element in root if root is not None else ():
            target = element.get("Target") or ""
            external = element.get("TargetMode") == "External"
            if not external:
                target = target.partition("#")[0]
                target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = (element.get("Type") or "").rpartition("/")[2]
            found[element.get("Id") or str(len(found))] = Rel(element.get("Id") or "", kind, target, external)
        return found

    def main(self, *fallbacks: str) -> str | None:
        """Name of the main part, by the package's relationships or its usual name."""
        for rel in self.rels("").values():
            if rel.kind == "officeDocument" and self.has(rel.target):
                return rel.target
        return next((name for name in fallbacks if self.has(name)), None)

    def reachable(self, start: str) -> list[tuple[str, Rel]]:
        """Every relationship reachable from ``start``: ``(part that holds it, relationship)``, each target once."""
        seen, queue, found = {start.casefold()}, [start], []
        while queue:
            part = queue.pop(0)
            for rel in self.rels(part).values():
                if rel.external:
                    found.append((part, rel))
                elif rel.target.casefold() not in seen:
                    seen.add(rel.target.casefold())
                    found.append((part, rel))
                    if rel.target.casefold().endswith(".xml"):
                        queue.append(rel.target)
        return found

    def strays(self) -> Iterator[Embedded | Problem]:
        """Members that no relationship names: no program shows them, and anything may have been put there."""
        named: set[str] = set()
        for name, info in self.members.items():
            if not name.endswith(".rels"):
                continue
            folder, _, file = (
                info.filename.replace("\\", "/").lstrip("/").rpartition("/_rels/")
                if "/_rels/" in info.filename
                else ("", "", info.filename.rpartition("/")[2])
            )
            source = f"{folder}/{file.removesuffix('.rels')}" if folder else file.removesuffix(".rels")
            named.update(rel.target.casefold() for rel in self.rels(source).values() if not rel.external)
        for name, info in self.members.items():
            if name not in named and not name.endswith((".rels", "/")) and not name.startswith(_NAMED_BY_NOBODY) and info.file_size:
                yield from self.embed(info.filename)

    def embed(self, part: str) -> Iterator[Embedded | Problem]:
        """Spool an embedded part; an OLE wrapper around a packaged file (``Ole10Native``) is taken off."""
        info = self.members.get(part.casefold())
        if info is None:
            return
        stream = PartStream(self, info, counted=False)
        if stream.fault is not None:
            return
        spooled = self.reading.spool(info.filename, cast("Any", stream), packed=info.compress_size)
        stream.close()
        if isinstance(spooled, Embedded) and info.filename.casefold().endswith(".bin"):
            yield from unwrap_ole(self.reading, spooled)
        else:
            yield spooled

    def pictures(self, folder: str, *, seen: bool) -> Iterator[Embedded | Problem]:
        """Spool the pictures below ``folder`` for OCR; drawings that it cannot read count only where there is no text (``seen``) beside."""
        others = 0
        for part in self.parts(folder, ""):
            if part.casefold().endswith((*_RASTER, *_DRAWINGS)):
                yield from self.embed(part)
            elif not part.endswith("/"):
                others += 1
        yield from self.take_faults()
        if others and not seen:
            yield problem(ProblemKind.NEEDS_OCR, f"{others} drawings")

    def take_faults(self) -> Iterator[Problem]:
        """What went wrong so far, each once."""
        faults, self.faults[:] = list(self.faults), []
        yield from faults


def unwrap_ole(reading: Reading, spooled: Embedded) -> Iterator[Embedded | Problem]:
    """The file inside an OLE object: ``Package`` or ``CONTENTS`` stream, or the payload of ``Ole10Native`` ([MS-OLEDS] 2.3.6)."""
    import olefile

    try:
        if not spooled.head.startswith(olefile.MAGIC):
            yield spooled
            return
        with olefile.OleFileIO(str(spooled.path) if spooled.held is None else spooled.held) as ole:
            for name in ("Package", "package_stream", "CONTENTS", "\x01Ole10Native"):
                if not ole.exists(name):
                    continue
                with ole.openstream(name) as stream:
                    data = stream.read()
                label = spooled.name
                if name == "\x01Ole10Native":
                    label, data = ole10native(data, spooled.name)
                inner = reading.spool(label, io.BytesIO(data))
                reading.release(spooled)
                yield inner
                return
    except Exception as error:  # noqa: BLE001 - olefile raises what the file makes it raise
        yield Problem(ProblemKind.BROKEN_PART, Stage.EXTRACT, f"OLE: {type(error).__name__}", spooled.name)
    yield spooled


def ole10native(data: bytes, name: str) -> tuple[str, bytes]:
    r"""Label and payload: size, type, label\0, file\\0, 8 bytes, temp path (length, text), payload (length, bytes)."""
    label_end = data.index(b"\0", 6)
    file_end = data.index(b"\0", label_end + 1)
    label = data[6:label_end].decode("cp932", "replace")
    at = file_end + 1 + 4
    at += 4 + int.from_bytes(data[at : at + 4], "little")
    length = int.from_bytes(data[at : at + 4], "little")
    payload = data[at + 4 : at + 4 + length]
    return f"{name}/{label}", payload


# --------------------------------------------------------------------------- text


def plain(element: Element) -> str:
    r"""Text of a DrawingML body: its ``a:t`` runs, paragraphs on lines of their own, breaks as ``\x0b``."""
    lines: list[str] = []
    _paragraphs(element, lines)
    return "\n".join(lines)


def _paragraphs(element: Element, lines: list[str]) -> None:
    for child in element:
        kind = LOCAL[child.tag]
        if kind == "p":
            out: list[str] = []
            for part in child.iter():
                name = LOCAL[part.tag]
                if name == "t" and part.text:
                    out.append(part.text)
                elif name == "br":
                    out.append("\x0b")
                elif name == "tab":
                    out.append("\t")
            lines.append("".join(out).replace("\xad", ""))
        elif kind != "Fallback":
            _paragraphs(child, lines)


def alternative(element: Element) -> list[Element]:
    """What to read of ``mc:AlternateContent``: the choice, or the fallback when only that holds text; never both."""
    choice = next((child for child in element if LOCAL[child.tag] == "Choice"), None)
    fallback = next((child for child in element if LOCAL[child.tag] == "Fallback"), None)
    if choice is not None and (
        fallback is None or next(choice.iter("{*}t"), None) is not None or next(fallback.iter("{*}t"), None) is None
    ):
        return list(choice)
    return list(fallback) if fallback is not None else []


def words(element: Element) -> Iterator[str]:
    """Every text in an element, stripped, none empty."""
    for text in element.itertext():
        if stripped := str(text).strip():
            yield stripped


def drawing_texts(root: Element) -> Iterator[str]:
    """Text of every shape of a drawing part, and alternative texts."""
    for element in root.iter("{*}txBody", "{*}rich", "{*}t"):
        kind = LOCAL[element.tag]
        if kind == "t":
            parent = element.getparent()
            if parent is not None and LOCAL[parent.tag] == "pt" and (text := plain(element)):  # SmartArt
                yield text
        elif not _in_fallback(element) and (text := plain(element)).strip():
            yield text
    for element in root.iter("{*}cNvPr", "{*}docPr"):
        for name in ("descr", "title"):
            if (text := (element.get(name) or "").strip()) and not _in_fallback(element):
                yield text


def signature_line(element: Element) -> Iterator[str]:
    """Who is to sign, with title and mail address, and what the signer is told ([MS-OE376] ``o:signatureline``)."""
    for name, value in element.attrib.items():
        if str(LOCAL[str(name)]) in _SIGNER and str(value).strip():
            yield str(value)


def chart_table(root: Element, title: str) -> Iterator[Table]:
    """The cached series of a chart: names and values that stay when the sheet they came from is gone."""
    columns = [column for series in root.iter("{*}ser") for column in _points(series)]
    length = min(max((len(column) for column in columns), default=0), 50_000)
    unique = list(dict.fromkeys(tuple(column) for column in columns))  # categories repeat in every series
    rows = tuple(tuple(column[i] if i < len(column) else "" for column in unique) for i in range(length))
    for start in range(0, len(rows), _CACHE_ROWS):
        yield Table(title, rows[start : start + _CACHE_ROWS], start + 1)


def _points(series: Element) -> list[list[str]]:
    """Name and values of a series: one column for its categories, one for its values, the name first."""
    name = ""
    columns: list[list[str]] = []
    for child in series:
        kind = LOCAL[child.tag]
        values = [v.text or "" for point in child.iter("{*}pt") for v in point if LOCAL[v.tag] == "v"]
        if kind == "tx":
            name = " ".join(values)
        elif kind == "cat" and values:
            columns.append(["", *values])
        elif kind in {"val", "xVal", "yVal", "bubbleSize"} and values:
            columns.append([name, *values])
    return columns


def _in_fallback(element: Element) -> bool:
    return next(element.iterancestors("{*}Fallback"), None) is not None


def document_properties(package: Package) -> Iterator[Piece]:
    """``docProps/*``: author, last modified by, title, company, manager and the custom properties, a line each."""
    lines: list[str] = []
    for part in package.parts("docProps/"):
        root = package.root(part)
        if root is None:
            continue
        for element in root:
            name = element.get("name") or LOCAL[element.tag]
            text = " ".join(words(element))
            if text and name not in _DULL:
                lines.append(f"{name}: {text}")
    yield from cut(Part("docProps"), "\n".join(lines), Role.METADATA)


# Properties that are counts, flags or times by ECMA-376-1 §22.2: nothing a person wrote.
_DULL = frozenset(
    {
        "AppVersion",
        "Application",
        "Bytes",
        "Characters",
        "CharactersWithSpaces",
        "DocSecurity",
        "HeadingPairs",
        "HiddenSlides",
        "HyperlinksChanged",
        "Lines",
        "LinksUpToDate",
        "MMClips",
        "Notes",
        "Pages",
        "Paragraphs",
        "PresentationFormat",
        "ScaleCrop",
        "SharedDoc",
        "Slides",
        "TitlesOfParts",
        "TotalTime",
        "Words",
        "created",
        "lastPrinted",
        "modified",
        "revision",
        "version",
    }
)


_SIGNER = frozenset({"suggestedsigner", "suggestedsigner2", "suggestedsigneremail", "signinginstructions"})
_LINKS = frozenset({"hyperlink", "attachedTemplate", "mailMergeSource", "mailMergeHeaderSource"})


def link_targets(links: Iterable[tuple[str, Rel]]) -> Iterator[Piece]:
    """Where hyperlinks point (mail addresses hide there), a line each."""
    targets = dict.fromkeys(unquote(rel.target) for _, rel in links if rel.external and rel.kind in _LINKS)
    yield from cut(Part("links"), "\n".join(targets), Role.METADATA)
