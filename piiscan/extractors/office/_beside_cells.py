"""What a workbook's package holds beside its cells: drawings, headers, pivot caches, linked workbooks, connections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.extractors.base import Piece
from piiscan.extractors.office import _xlsb
from piiscan.extractors.office._cells import Chunks
from piiscan.extractors.office._numfmt import number_text
from piiscan.extractors.office._opc import LOCAL, Element, Package, chart_table, drawing_texts, link_targets, words
from piiscan.extractors.segments import cut
from piiscan.model import Part, Role

__all__ = ["beside_cells", "drawing", "header_text", "parts_of_binary"]

_BEGIN_HEADER, _COMMENT_AUTHOR, _COMMENT_TEXT = 479, 632, 637


def header_text(text: str) -> str:
    """A header without its codes: ``&L&"ＭＳ 明朝,標準"&10社外秘`` is ``社外秘`` (ECMA-376-1 §18.3.1.46)."""
    text = re.sub(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[PNDTAFZGBIUSEXYOH]', "", text)
    return re.sub(r"&[LCR]", "\n", text).replace("&&", "&").strip()


def drawing(package: Package, part: str) -> Iterator[Piece]:
    """Text boxes and shapes of a sheet, and the charts on it."""
    root = package.root(part)
    if root is not None:
        yield from cut(Part("text box"), "\n".join(dict.fromkeys(drawing_texts(root))))
    for rel in package.rels(part).values():
        if rel.external:
            continue
        if rel.kind in {"chart", "diagramData"}:
            inner = package.root(rel.target)
            if inner is not None:
                yield from cut(Part(rel.kind), "\n".join(dict.fromkeys(drawing_texts(inner))))
                yield from chart_table(inner, rel.target.rpartition("/")[2].removesuffix(".xml"))
        elif rel.kind in {"oleObject", "package"}:
            yield from package.embed(rel.target)
    yield from link_targets([(part, rel) for rel in package.rels(part).values()])


def parts_of_binary(package: Package) -> Iterator[Piece]:
    """Comments, headers, drawings and embedded files of the sheets of an xlsb package ([MS-XLSB])."""
    for part in package.parts("xl/worksheets/", ".bin"):
        headers = [
            text for kind, body in _xlsb.records(package.read(part)) if kind == _BEGIN_HEADER for text in _xlsb.wide_strings(body, 2)
        ]
        yield from cut(Part("header"), "\n".join(dict.fromkeys(map(header_text, headers))), Role.HEADER)
        rels = [rel for rel in package.rels(part).values() if not rel.external]
        for rel in rels:
            if rel.kind == "comments":
                records = list(_xlsb.records(package.read(rel.target)))
                texts = [text for kind, body in records if kind == _COMMENT_TEXT for text in _xlsb.wide_strings(body, 1)[:1]]
                yield from cut(Part("comments"), "\n".join(texts), Role.COMMENT)
                authors = [text for kind, body in records if kind == _COMMENT_AUTHOR for text in _xlsb.wide_strings(body, 0)]
                yield from cut(Part("authors"), "\n".join(dict.fromkeys(authors)), Role.METADATA)
            elif rel.kind == "drawing":
                yield from drawing(package, rel.target)
            elif rel.kind in {"oleObject", "package"}:
                yield from package.embed(rel.target)
        yield from link_targets([(part, rel) for rel in package.rels(part).values()])
        yield from package.take_faults()


def beside_cells(package: Package, main: str) -> Iterator[Piece]:
    """What belongs to the workbook, not to a sheet: persons, pivot caches, caches of linked workbooks, connections, custom XML."""
    caches = 0
    for rel in package.rels(main).values():
        if rel.external:
            continue
        if rel.target.casefold().endswith(".bin"):
            if rel.kind in {"externalLink", "pivotCacheDefinition"}:
                texts = _xlsb.linked_cells if rel.kind == "externalLink" else _xlsb.pivot_items
                name = "external link" if rel.kind == "externalLink" else "pivot cache"
                yield from cut(Part(name), "\n".join(dict.fromkeys(texts(package.read(rel.target)))), Role.HIDDEN)
        elif rel.kind == "pivotCacheDefinition":
            caches += 1
            yield from _pivot(package, rel.target, f"pivot cache {caches}")
        elif rel.kind == "externalLink":
            lines = (value for value in (_element_value(el) for el in package.events(rel.target, ("v",))) if value)
            yield from cut(Part("external link"), "\n".join(lines), Role.HIDDEN)
        elif rel.kind == "person":
            persons = [el.get(key) or "" for el in package.events(rel.target, ("person",)) for key in ("displayName", "userId")]
            yield from cut(Part("authors"), "\n".join(dict.fromkeys(name for name in persons if name)), Role.METADATA)
        elif rel.kind == "connections":
            root = package.root(rel.target)
            found = [
                str(v)
                for el in (root.iter() if root is not None else ())
                for k, v in el.items()
                if k in {"connection", "command", "name", "url"}
            ]
            yield from cut(Part("connections"), "\n".join(found), Role.METADATA)
        elif rel.kind == "customXml":
            root = package.root(rel.target)
            if root is not None:
                yield from cut(Part("customXml"), "\n".join(words(root)), Role.METADATA)
        yield from package.take_faults()


def _element_value(element: Element) -> str:
    return element.text or ""


def _pivot(package: Package, part: str, sheet: str) -> Iterator[Piece]:
    """Records of a pivot cache as a table: it keeps a copy of the rows even when their sheet is gone (ECMA-376-1 §18.10)."""
    root = package.root(part)
    if root is None:
        return
    header: list[str] = []
    shared: list[list[str]] = []
    for cache_field in root.iter("{*}cacheField"):
        header.append(cache_field.get("name") or "")
        items = next(cache_field.iter("{*}sharedItems"), None)
        shared.append([_pivot_value(item) for item in items] if items is not None else [])
    records = next((rel.target for rel in package.rels(part).values() if rel.kind == "pivotCacheRecords"), "")
    chunks = Chunks(sheet, Role.HIDDEN, 1, [package.reading.limits.cells])
    chunks.add(tuple(header))
    for record in package.events(records, ("r",)) if records else ():
        row: list[str] = []
        for i, item in enumerate(record):
            if LOCAL[item.tag] == "x":
                index = item.get("v") or ""
                known = shared[i] if i < len(shared) else []
                row.append(known[int(index)] if index.isdigit() and int(index) < len(known) else "")
            else:
                row.append(_pivot_value(item))
        record.clear()
        table = chunks.add(tuple(row))
        if table is not None:
            yield table
    if not records:  # only the distinct values are kept, column by column
        for i in range(max((len(items) for items in shared), default=0)):
            chunks.add(tuple(items[i] if i < len(items) else "" for items in shared))
    table = chunks.flush()
    if table is not None and (len(table.rows) > 1 or table.first_row > 1):
        yield table


def _pivot_value(item: Element) -> str:
    value = item.get("v") or ""
    kind = LOCAL[item.tag]
    if kind == "n":
        try:
            return number_text(float(value))
        except ValueError:
            return value
    return value.replace("T00:00:00", "") if kind == "d" else value
