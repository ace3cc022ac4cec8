"""HOW TEXT COMES OUT: bytes become segments, tables, embedded files and problems.

One format is one module, named once in ``EXTRACTORS``. Modules are imported
when a file of their format is met, so this package costs nothing to import.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from piiscan.extractors.base import Extractor

__all__ = ["EXTRACTORS", "extractor_for", "formats"]

#: format name (as :func:`piiscan.extractors.identify.identify` says it) -> module
EXTRACTORS: tuple[tuple[str, str], ...] = (
    ("docx", "piiscan.extractors.office.docx"),
    ("xlsx", "piiscan.extractors.office.xlsx"),
    ("pptx", "piiscan.extractors.office.pptx"),
    ("doc", "piiscan.extractors.office.doc"),
    ("ppt", "piiscan.extractors.office.ppt"),
    ("rtf", "piiscan.extractors.office.rtf"),
    ("xls-old", "piiscan.extractors.office.xls_old"),
    ("wps", "piiscan.extractors.office.wps"),
    ("jtd", "piiscan.extractors.office.jtd"),
    ("ole-object", "piiscan.extractors.office.ole_object"),
    ("old-office", "piiscan.extractors.office.old_office"),
    ("odf", "piiscan.extractors.office.odf"),
    ("vsdx", "piiscan.extractors.office.vsdx"),
    ("encrypted-office", "piiscan.extractors.office.ole_encrypted"),
    ("pdf", "piiscan.extractors.pdf"),
    ("image", "piiscan.extractors.image"),
    ("metafile", "piiscan.extractors.metafile"),
    ("text", "piiscan.extractors.text.plain"),
    ("csv", "piiscan.extractors.text.delimited"),
    ("html", "piiscan.extractors.text.html"),
    ("json", "piiscan.extractors.text.jsonfile"),
    ("xml", "piiscan.extractors.text.xmlfile"),
    ("vcard", "piiscan.extractors.text.vcard"),
    ("icalendar", "piiscan.extractors.text.icalendar"),
    ("ldif", "piiscan.extractors.text.ldif"),
    ("jahis", "piiscan.extractors.text.jahis"),
    ("sql", "piiscan.extractors.text.sqldump"),
    ("eml", "piiscan.extractors.mail.eml"),
    ("emlx", "piiscan.extractors.mail.emlx"),
    ("mbox", "piiscan.extractors.mail.mbox"),
    ("msg", "piiscan.extractors.mail.msg"),
    ("tnef", "piiscan.extractors.mail.tnef"),
    ("pst", "piiscan.extractors.mail.pst"),
    ("pkcs7", "piiscan.extractors.pkcs7"),
    ("zip", "piiscan.extractors.archive.zipfile_"),
    ("tar", "piiscan.extractors.archive.tar"),
    ("gz", "piiscan.extractors.archive.gzip_"),
    ("bz2", "piiscan.extractors.archive.bzip2"),
    ("xz", "piiscan.extractors.archive.xz"),
    ("zst", "piiscan.extractors.archive.zstd"),
    ("compress", "piiscan.extractors.archive.compress"),
    ("7z", "piiscan.extractors.archive.sevenzip"),
    ("split", "piiscan.extractors.archive.split"),
    ("rar", "piiscan.extractors.archive.rar"),
    ("lzh", "piiscan.extractors.archive.lzh"),
    ("cab", "piiscan.extractors.archive.cab"),
    ("iso", "piiscan.extractors.archive.iso"),
    ("exe", "piiscan.extractors.archive.selfextracting"),
    ("sqlite", "piiscan.extractors.database.sqlite"),
    ("dbf", "piiscan.extractors.database.dbf"),
    ("parquet", "piiscan.extractors.database.parquet"),
    ("access", "piiscan.extractors.database.access"),
    ("lnk", "piiscan.extractors.lnk"),
    ("placeholder", "piiscan.extractors.placeholder"),
)


@cache
def extractor_for(name: str) -> Extractor | None:
    """The module that reads a format, or ``None``."""
    for known, module in EXTRACTORS:
        if known == name:
            return cast("Extractor", importlib.import_module(module))
    return None


def formats() -> list[Extractor]:
    """Every extractor, for ``piiscan formats`` and the documentation."""
    return [extractor for name, _ in EXTRACTORS if (extractor := extractor_for(name)) is not None]
