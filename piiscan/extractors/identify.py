"""What a file is, by its content; its name only breaks ties between kinds of text.

Reads the first 64 kB, and the directory of a zip or OLE container.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from piiscan.extractors.base import HEAD, open_quietly

__all__ = ["Identity", "identify", "looks_like_file", "looks_like_text"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file is.

    :ivar format: name of the extractor that reads it, ``empty``, or ``unknown``.
    :ivar detected: what it is, for people (also when nothing reads it).
    :ivar disguised: its suffix says another known format.
    """

    format: str
    media_type: str
    detected: str
    disguised: bool = False


#: (offset, bytes, format, media type, what it is): formats that a few bytes tell; one line a format.
_SIGNATURES = (
    (0, b"7z\xbc\xaf\x27\x1c", "7z", "application/x-7z-compressed", "7z archive"),
    (0, b"Rar!\x1a\x07", "rar", "application/vnd.rar", "RAR archive"),
    (0, b"\x1f\x8b\x08", "gz", "application/gzip", "gzip file"),
    (0, b"\x1f\x9d", "compress", "application/x-compress", "compress (.Z) file"),
    (4, b"1AY&SY", "bz2", "application/x-bzip2", "bzip2 file"),
    (4, b"\x17rE8P\x90", "bz2", "application/x-bzip2", "bzip2 file"),
    (0, b"\xfd7zXZ\0", "xz", "application/x-xz", "xz file"),
    (0, b"\x28\xb5\x2f\xfd", "zst", "application/zstd", "Zstandard file"),
    (0, b"MSCF\0\0\0\0", "cab", "application/vnd.ms-cab-compressed", "Windows cabinet"),
    (0x8001, b"CD001", "iso", "application/x-iso9660-image", "ISO 9660 image"),
    (0, b"SQLite format 3\0", "sqlite", "application/vnd.sqlite3", "SQLite database"),
    (0, b"\0\1\0\0Standard Jet DB\0", "access", "application/x-msaccess", "Microsoft Access database"),
    (0, b"\0\1\0\0Standard ACE DB\0", "access", "application/x-msaccess", "Microsoft Access database"),
    (0, b"PARE", "parquet", "application/vnd.apache.parquet", "encrypted Parquet table"),
    (0, b"PAR1", "parquet", "application/vnd.apache.parquet", "Parquet table"),
    (0, b"MZ", "exe", "application/vnd.microsoft.portable-executable", "Windows program"),
    (0, b"\x89PNG\r\n\x1a\n", "image", "image/png", "PNG image"),
    (0, b"\xff\xd8\xff", "image", "image/jpeg", "JPEG image"),
    (0, b"GIF87a", "image", "image/gif", "GIF image"),
    (0, b"GIF89a", "image", "image/gif", "GIF image"),
    (0, b"BM", "image", "image/bmp", "BMP image"),
    (0, b"II*\0", "image", "image/tiff", "TIFF image"),
    (0, b"MM\0*", "image", "image/tiff", "TIFF image"),
    (8, b"WEBPVP8", "image", "image/webp", "WebP image"),
    (4, b"jP  \r\n\x87\n", "image", "image/jp2", "JPEG 2000 image"),
    (4, b"ftypavif", "image", "image/avif", "AVIF image"),
    (4, b"ftypheic", "image", "image/heic", "HEIC image"),
    (4, b"ftypheix", "image", "image/heic", "HEIC image"),
    (4, b"ftypmif1", "image", "image/heic", "HEIC image"),
    (4, b"ftypmsf1", "image", "image/heic", "HEIC image"),
    (40, b" EMF\0\0\x01\0", "metafile", "image/emf", "EMF drawing"),
    (0, b"\xd7\xcd\xc6\x9a", "metafile", "image/wmf", "WMF drawing"),
    (0, b"\x01\0\x09\0\0\x03", "metafile", "image/wmf", "WMF drawing"),
    (0, b"\x01\0\x09\0\0\x01", "metafile", "image/wmf", "WMF drawing"),
    (0, b"\x02\0\x09\0\0\x03", "metafile", "image/wmf", "WMF drawing"),
    (0, b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "lnk", "application/x-ms-shortcut", "Windows shortcut"),
    (0, b"!BDN", "pst", "application/vnd.ms-outlook-pst", "Outlook store (PST/OST)"),
    (0, b"\x78\x9f\x3e\x22", "tnef", "application/ms-tnef", "winmail.dat (TNEF)"),
    (0, b"\xff\x57\x50\x43", "old-office", "application/vnd.wordperfect", "WordPerfect document"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "old-office", "application/onenote", "OneNote section"),
    (0, b"ITSF\x03\0\0\0", "old-office", "application/vnd.ms-htmlhelp", "compiled HTML help"),
    (0, b"\x09\x00\x04\x00", "xls-old", "application/vnd.ms-excel", "Excel 2 sheet"),
    (0, b"\x09\x02\x06\x00", "xls-old", "application/vnd.ms-excel", "Excel 3 sheet"),
    (0, b"\x09\x04\x06\x00", "xls-old", "application/vnd.ms-excel", "Excel 4 sheet"),
    (0, b"\x09\x08\x08\x00", "xls-old", "application/vnd.ms-excel", "Excel 5-97 stream"),
    (0, b"\x09\x08\x10\x00", "xls-old", "application/vnd.ms-excel", "Excel 5-97 stream"),
    (0, b"\x01\xfe\x32\x00", "wps", "application/vnd.ms-works", "Works document"),
    (0, b"\x04\xfe\x32\x00", "wps", "application/vnd.ms-works", "Works document"),
    (0, b"\xdb\xa5\x2d\x00", "old-office", "application/msword", "Word 2 document"),
)
#: (offset, bytes, what it is): formats that are recognised but not read.
_MAGIC = (
    (0, b"\x7fELF", "Linux program"),
    (0, b"\x04\x22\x4d\x18", "LZ4 file"),
    (0, b"LZIP\x01", "lzip file"),
    (0x8001, b"BEA01", "UDF disk image"),
    (0, b"AC10", "AutoCAD drawing"),
    (0, b"\x60\x0e\x82", "DocuWorks document (DocuWorks文書)"),
    (0, b"\x00\x00\x02\x00\x04\x04", "Lotus 1-2-3 sheet"),
    (0, b"\x31\xbe\x00\x00", "Microsoft Write document"),
    (4, b"ftyp", "MP4 video"),
    (0, b"ID3", "MP3 audio"),
    (0, b"RIFF", "RIFF (audio, video or image)"),
)
#: (streams of an OLE container in lower case, any of which says it, format, media type, what it is); the first that fits counts.
_OLE_KINDS = (
    ({"workbook", "book"}, "xlsx", "application/vnd.ms-excel", "Excel 97-2003 workbook"),
    ({"worddocument"}, "doc", "application/msword", "Word 97-2003 document"),
    ({"powerpoint document"}, "ppt", "application/vnd.ms-powerpoint", "PowerPoint 97-2003 presentation"),
    ({"__properties_version1.0"}, "msg", "application/vnd.ms-outlook", "Outlook message"),
    ({"documenttext"}, "jtd", "application/x-js-taro", "Ichitaro document (一太郎文書)"),
    ({"mn0"}, "wps", "application/vnd.ms-works", "Works document"),
    ({"visiodocument"}, "old-office", "application/vnd.visio", "Visio drawing (before 2013)"),
    ({"quill/quillsub/contents"}, "old-office", "application/x-mspublisher", "Publisher document"),
    ({"fileheader"}, "old-office", "application/x-hwp", "Hangul document (HWP)"),
    ({"props", "props9", "props12", "props14"}, "old-office", "application/vnd.ms-project", "Project plan"),
    ({"nativecontent_main"}, "old-office", "application/x-quattro-pro", "Quattro Pro workbook"),
)
#: suffix -> formats that it announces; anything else under it is disguised.
_ANNOUNCES = {
    ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".pptx": "pptx", ".pdf": "pdf",
    ".zip": "zip", ".jpg": "picture", ".jpeg": "picture", ".png": "picture", ".gif": "picture", ".mp3": "sound", ".mp4": "film", ".exe": "program",
}  # fmt: skip
#: formats that a volume of an archive may look like
_IN_VOLUMES = frozenset({"unknown", "7z", "zip", "rar", "tar", "gz", "bz2", "xz", "zst", "lzh", "cab", "iso", "exe"})
_LZH = re.compile(rb"-(?:lh[0-9dx]|lz[s2-8]|pm[0-2])-")
_DBF_VERSIONS = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8c\xcb\xe5\xf5\xfb")
_DBF_TYPES = tuple(bytes([letter]) for letter in b"CNDLMFBGPYTIVXO@+Q")
_MAIL = re.compile(rb"\A(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}", re.IGNORECASE)
_MBOX = re.compile(rb"\AFrom [^\r\n]{1,900}\r?\n(?:>?[!-9;-~]{1,80}:|>From )", re.IGNORECASE)
_EMLX = re.compile(rb"\A\d{1,10} *\r?\n[A-Za-z][A-Za-z0-9-]{0,79}:[ \t]")
_MAIL_FIELDS = re.compile(
    rb"^(?:from|to|subject|date|message-id|received|mime-version|return-path|content-type):", re.IGNORECASE | re.MULTILINE
)
_CMS = re.compile(rb"\x30(?:\x80|[\x81-\x84].{1,4}?)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]", re.DOTALL)
_CERTIFICATE = re.compile(rb"\x30(?:\x81.|\x82..)(?:\x30(?:\x81.|\x82..)\xa0\x03\x02\x01\x02|\x02\x01\x03\x30)", re.DOTALL)
_CONTROLS = bytes([*range(0x08), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_NO_TEXT = re.compile("[\ufffd\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NOTEBOOK = re.compile(r'"?JAHISTC\d\d"?(?:,|\s)')
#: Kinds of text that their first line tells.
_TEXTS = (
    (re.compile(r"BEGIN:VCARD\s", re.IGNORECASE), "vcard", "text/vcard", "address book (vCard)"),
    (re.compile(r"BEGIN:VCALENDAR\s", re.IGNORECASE), "icalendar", "text/calendar", "calendar"),
    (
        re.compile(r"(?:#[^\n]*\n|\s)*(?:version: *1\s+)?(?:#[^\n]*\n|\s)*dn:", re.IGNORECASE),
        "ldif",
        "text/x-ldif",
        "directory export (LDIF)",
    ),
)
#: Suffixes under which people keep lists that are CSV.
_LISTS = frozenset({"", ".txt", ".text", ".dat", ".prn", ".lst", ".asc", ".bak", ".old", ".log"})
#: Suffixes of texts that quote SQL without being a dump.
_SOURCE = frozenset(
    {
        ".py",
        ".js",
        ".ts",
        ".java",
        ".cs",
        ".php",
        ".rb",
        ".go",
        ".c",
        ".cpp",
        ".h",
        ".sh",
        ".ps1",
        ".md",
        ".rst",
        ".html",
        ".log",
        ".vb",
        ".bas",
        ".pl",
    }
)
_HTML = re.compile(r"<(?:!doctype html|html|head|body|table|div|meta)\b", re.IGNORECASE)
#: The same of XML, whose vocabularies have their own ``<body>``, ``<table>`` and ``<meta>``: its type or its first element says so.
_XHTML = re.compile(r"(?:<\?[^>]*>|<!--.{0,1000}?-->|\s)*<(?:!doctype )?html\b", re.IGNORECASE | re.DOTALL)


def identify(path: Path, name: str, head: bytes = b"") -> Identity:
    """Look into the file at ``path``; ``name`` is what people call it.

    :param head: its first ``HEAD`` bytes, where they are at hand already.
    :raises OSError: when it cannot be read.
    """
    if not head:
        with open_quietly(path) as file:
            head = file.read(HEAD)
    if stands_for := _placeholder(head, name.lower()):
        return stands_for
    suffix = os.path.splitext(name.lower())[1]  # noqa: PTH122 -- a Path costs ten times as much, for each member of an archive
    found = _by_content(path, head, suffix)
    if found.format in _IN_VOLUMES:
        from piiscan.extractors.archive._volumes import first_of_numbered, later_volume

        if later_volume(name) or first_of_numbered(name):
            return Identity("split", "application/octet-stream", "volume of an archive")
    announced = _ANNOUNCES.get(suffix)
    if announced and found.format not in {announced, "empty", "encrypted-office"} and not _same_family(announced, found):
        return Identity(found.format, found.media_type, found.detected, True)
    return found


def looks_like_file(head: bytes) -> bool:
    """Whether bytes (a value of a database) begin as a file of a known binary format does."""
    if head.startswith((b"PK\x03\x04", b"%PDF-", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return True
    marks = [(offset, magic) for offset, magic, *_ in (*_SIGNATURES, *_MAGIC)]
    return any(len(magic) > 2 and head.startswith(magic, offset) for offset, magic in marks)


def looks_like_text(head: bytes) -> bool:
    """Whether bytes are text in some encoding."""
    return _text_of(head) is not None


def _placeholder(head: bytes, name: str) -> Identity | None:
    """Small files that only stand for one in a cloud."""
    from piiscan.extractors.placeholder import GOOGLE

    if name.endswith(".icloud") and head.startswith((b"bplist00", b"<?xml")):
        return Identity("placeholder", "application/x-plist", "iCloud placeholder")
    if name.endswith(GOOGLE) and len(head) < 8192 and head.lstrip().startswith(b"{") and (b'"doc_id"' in head or b'"url"' in head):
        return Identity("placeholder", "application/json", "link to a Google Drive document")
    return None


def _same_family(announced: str, found: Identity) -> bool:
    families = {"picture": "image", "sound": "audio", "film": "video", "program": "program"}
    return announced in families and families[announced] in found.detected


def _by_content(path: Path, head: bytes, suffix: str) -> Identity:
    if not head:
        return Identity("empty", "inode/x-empty", "empty file")
    if suffix == ".eml" and (mail := _mail(head)) is not None:
        return mail  # what most of them are, before all that they are not
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")):
        return _zip(path, suffix)
    if b"%PDF-" in head[:1024] and head[40:44] != b" EMF":  # Office on a Mac keeps a PDF inside its drawings
        return Identity("pdf", "application/pdf", "PDF document")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(path)
    if head.startswith(b"{\\rt"):
        return Identity("rtf", "application/rtf", "RTF document")
    for offset, magic, form, media_type, what in _SIGNATURES:
        if head.startswith(magic, offset) and (len(magic) > 4 or not (magic.isalnum() and looks_like_text(head))):
            return Identity(form, media_type, what)
    if suffix == ".lzma" and len(head) > 13 and head[0] < 225 and head[5:13] in {b"\xff" * 8, head[5:10] + bytes(3)}:
        return Identity("xz", "application/x-lzma", "lzma file")
    if _is_tar(head):
        return Identity("tar", "application/x-tar", "tar archive")
    if _is_lzh(head):
        return Identity("lzh", "application/x-lzh-compressed", "LZH archive")
    if head[0] == 0x30 and _is_signature(head):
        return Identity("pkcs7", "application/pkcs7-mime", "signature or certificate")
    if _is_dbf(head):
        return Identity("dbf", "application/vnd.dbf", "dBASE table")
    for offset, magic, what in _MAGIC:
        if head.startswith(magic, offset) and (len(magic) > 2 or not looks_like_text(head)):
            return Identity("unknown", "application/octet-stream", what)
    mail = _mail(head)
    if mail is not None:
        return mail
    text = _text_of(head)
    if text is None:
        if zipfile.is_zipfile(path):  # something before it, or the last volume of several
            return _zip(path, suffix)
        return Identity("unknown", "application/octet-stream", "unknown binary")
    return _text(text, suffix)


def _is_tar(head: bytes) -> bool:
    """A header block whose checksum is right; old archives have no other mark. Ruined checksums still have ``ustar``."""
    if len(head) < 512 or not head[0]:
        return False
    if head[257:262] == b"ustar":
        return True
    told = head[148:156].strip(b" \0")
    if not told or any(byte not in b"01234567" for byte in told):
        return False
    return int(told, 8) == sum(head[:148]) + 8 * 0x20 + sum(head[156:512])


def _is_lzh(head: bytes) -> bool:
    """A method such as ``-lh5-`` at 2, and the level of the header at 20."""
    return len(head) > 21 and _LZH.match(head, 2) is not None and head[20] <= 3


def _is_dbf(head: bytes) -> bool:
    """A version, a possible date, and field descriptors up to where the header's size says that they end."""
    if len(head) < 65 or head[0] not in _DBF_VERSIONS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    size = int.from_bytes(head[8:10], "little")
    width = int.from_bytes(head[10:12], "little")
    end = head.find(b"\r", 32, min(size, len(head)))
    return size > 64 and width > 1 and end >= 64 and head[43:44] in _DBF_TYPES and any(head[32:43].rstrip(b"\0"))


def _is_signature(head: bytes) -> bool:
    """CMS, a certificate (version 3), or a key store (PKCS #12)."""
    return bool(_CMS.match(head) or _CERTIFICATE.match(head))


def _mail(head: bytes) -> Identity | None:
    """Mail by its header fields, whatever its bodies are: they may be in several encodings, or not be text at all."""
    if _MBOX.match(head):
        return Identity("mbox", "application/mbox", "mailbox")
    if _EMLX.match(head) and _has_fields(head[:8192]):
        return Identity("emlx", "message/x-emlx", "Apple Mail message")
    found = _MAIL.match(head)
    if found and (_has_fields(found[0]) or _has_fields(head[:8192])):
        return Identity("eml", "message/rfc822", "mail message")
    return None


def _has_fields(head: bytes) -> bool:
    return len(_MAIL_FIELDS.findall(head)) >= 3


def _zip(path: Path, suffix: str) -> Identity:
    try:
        with open_quietly(path) as file, zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        by_suffix = _ANNOUNCES.get(suffix, "zip")
        return Identity(by_suffix if by_suffix in {"docx", "xlsx", "pptx"} else "zip", "application/zip", "damaged zip container")
    if "[Content_Types].xml" in names:
        for folder, form, what in (
            ("word/", "docx", "Word document"),
            ("xl/", "xlsx", "Excel workbook"),
            ("ppt/", "pptx", "PowerPoint presentation"),
        ):
            if any(member.startswith(folder) for member in names):
                return Identity(form, f"application/vnd.openxmlformats-officedocument.{form}", what)
        if any(member.startswith("visio/") for member in names):
            return Identity("vsdx", "application/vnd.visio", "Visio drawing")
    if "mimetype" in names and "content.xml" in names:
        return Identity("odf", "application/vnd.oasis.opendocument", "OpenDocument file")
    return Identity("zip", "application/zip", "ZIP archive")


def _ole(path: Path) -> Identity:
    import olefile

    from piiscan.extractors.office.ole_encrypted import is_encrypted_ole

    try:
        if is_encrypted_ole(path):
            return Identity("encrypted-office", "application/x-ole-storage", "encrypted Office document")
        with open_quietly(path) as file, olefile.OleFileIO(file) as ole:
            streams = {"/".join(entry).lower() for entry in ole.listdir()}
            if "contents" in streams and ole.openstream("CONTENTS").read(7) == b"CHNKWKS":
                return Identity("wps", "application/vnd.ms-works", "Works document")
    except Exception:  # noqa: BLE001 -- a damaged container is still an OLE container
        return Identity("ole-object", "application/x-ole-storage", "damaged OLE container")
    for telling, form, media_type, what in _OLE_KINDS:
        if streams & telling:
            return Identity(form, media_type, what)
    return Identity("ole-object", "application/x-ole-storage", "OLE container")


def _text_of(head: bytes) -> str | None:
    """The beginning of a text, whole lines of it where it is long; ``None`` for what is no text in any encoding."""
    from piiscan.extractors.text.encodings import beginning, decode_lines, is_wide

    guess, text = beginning(head)
    if is_wide(guess.name):
        text = head.decode(guess.name, "replace")
    elif b"\0" in head and not _is_padded(head):
        return None
    else:
        end = head.rfind(b"\n") + 1 if len(head) == HEAD else 0  # the last line is cut, maybe inside a character
        if text is not None and (end or head[-1] < 0x80):
            text = text[: text.rfind("\n") + 1] if end else text
        else:
            text = decode_lines(head[:end] if end else head, guess.name, set())
        if b"\0" in head:
            text = text.replace("\0", "")
    if "\ufffd" not in text and not is_wide(guess.name) and len(head.translate(None, _CONTROLS)) == len(head):
        return text  # nearly all texts, at a tenth of the cost
    return text if len(_NO_TEXT.findall(text)) <= 0.02 * len(text) + 2 else None


def _is_padded(head: bytes) -> bool:
    """Text with zero bytes in it and nothing else that is no text: a log after a crash, fields of a fixed width."""
    rest = head.replace(b"\0", b"")
    return 2 * len(rest) >= len(head) and len(rest.translate(None, _CONTROLS)) == len(rest)


def _text(text: str, suffix: str) -> Identity:
    from piiscan.extractors.text.delimited import is_table
    from piiscan.extractors.text.sqldump import looks_like_dump

    start = text.lstrip("\ufeff").lstrip()
    if suffix == ".eml":
        return Identity("eml", "message/rfc822", "mail message")
    html_by_name = suffix in {".html", ".htm", ".xhtml"}
    if start.startswith("<") and (start.startswith("<?xml") or suffix == ".xml") and not html_by_name and not _XHTML.match(start[:2000]):
        return Identity("xml", "application/xml", "XML document")
    if html_by_name or (start.startswith("<") and _HTML.search(start[:2000])):
        return Identity("html", "text/html", "HTML page")
    if suffix in {".json", ".jsonl", ".ndjson"} and start[:1] in {"{", "["}:
        return Identity("json", "application/json", "JSON")
    if _NOTEBOOK.match(start):
        return Identity("jahis", "text/x-jahis", "medication notebook (JAHIS)")
    if suffix in {".csv", ".tsv", ".tab"}:
        return Identity("csv", "text/csv", "table of text")
    for beginning, form, media_type, what in _TEXTS:
        if beginning.match(start):
            return Identity(form, media_type, what)
    if suffix in _LISTS and is_table(start):
        return Identity("csv", "text/csv", "table of text")
    if (suffix in {".sql", ".dump"} or suffix not in _SOURCE) and looks_like_dump(start):
        return Identity("sql", "application/sql", "SQL dump")
    return Identity("text", "text/plain", "text")
