"""What is taken out before a parser sees it is read as the parser would have: the same file, with and without."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from piiscan.engine.analyse import extract_file
from piiscan.extractors.office import _odfrows
from piiscan.extractors.text import _records, _tablerows, xmlfile
from piiscan.model import Segment, Table
from piiscan.settings import Ocr, Settings

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
)
PLAIN = (
    "山田 太郎",
    "",
    "090-0000-0000",
    "a&amp;b",
    "&lt;x&gt;",
    "x > y",
    "東京\u3000都",
    " 間  ",
    "行\n折",
    "tab\tx",
    "&quot;q&apos;",
    "\u00a0",
)
RARE = ("cr\r\nx", "&#65;", "<![CDATA[<a>]]>", "<!-- c -->d", "!", "='z'", "columns-repeated", "date-value", "soft\xadhyphen", "]]&gt;")
BROKEN = ("&nbsp;", "&copy;", "]]>", "\x01", "\uffff", "<b>", "a&b", "</r>")


def pieces(path: Path) -> list[tuple[str, Any]]:
    return [(member, piece) for member, _, piece in extract_file(path, Settings(ocr=Ocr(mode="off")), path.parent)]


def words(rng: random.Random, *, broken: bool = False) -> str:
    return rng.choice(PLAIN if rng.random() < 0.96 else BROKEN if broken and rng.random() < 0.5 else RARE)


# --------------------------------------------------------------------------- sheets


def ods(path: Path, body: str, head: str = "", encoding: str = "utf-8") -> Path:
    content = f"{head}<office:document-content {SPACES}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content.encode(encoding))
    return path


def odf_cell(rng: random.Random) -> str:
    name = rng.choice(("table:table-cell",) * 9 + ("table:covered-table-cell",))
    said = rng.choice(
        (
            "",
            "",
            ' table:style-name="ce1"',
            ' office:value-type="float" office:value="7"',
            ' office:value-type="date" office:date-value="1985-04-01"',
            ' office:value-type="date" office:date-value="1985-04-01T10:00:00"',
            ' table:number-columns-repeated="3"',
            ' table:number-columns-repeated="1018"',
            ' table:number-columns-repeated="²"',
            ' table:formula="of:=&quot;x&quot;" office:value-type="string" office:string-value="s"',
            " office:value-type='date' office:date-value='2001-01-01'",
        )
    )
    inside = rng.choice(
        (f"<text:p>{words(rng)}</text:p>",) * 8
        + (
            "",
            "<text:p/>",
            f'<text:p text:style-name="P">{words(rng)}</text:p>',
            f"<text:p><text:span>{words(rng)}</text:span>z</text:p>",
            f"<text:p>{words(rng)}</text:p><text:p>二</text:p>",
            "<office:annotation><text:p>注</text:p></office:annotation><text:p>本</text:p>",
            "<table:table><table:table-row><table:table-cell><text:p>内</text:p></table:table-cell></table:table-row></table:table>",
        )
    )
    return f"<{name}{said}/>" if rng.random() < 0.1 else f"<{name}{said}>{inside}</{name}>"


def odf_row(rng: random.Random) -> str:
    if rng.random() < 0.8:  # of one form
        values = "".join(
            f"<table:table-cell{said}><text:p>{rng.choice(PLAIN)}</text:p></table:table-cell>"
            if rng.random() < 0.9
            else "<table:table-cell/>"
            for said in ("", ' table:style-name="b"', f' office:value-type="date" office:date-value="19{rng.randrange(10, 99)}-01-02"')
        )
        rest = rng.choice(("", '<table:table-cell table:number-columns-repeated="9"/>'))
        return f"<table:table-row>{values}{rest}</table:table-row>"
    said = rng.choice(("", ' table:style-name="ro1"', ' table:number-rows-repeated="3"', ' table:number-rows-repeated="5000"'))
    return f"<table:table-row{said}>{''.join(odf_cell(rng) for _ in range(rng.randrange(1, 6)))}</table:table-row>"


def make_ods(path: Path, rng: random.Random) -> Path:
    gap = rng.choice(("", "\n "))
    tables = "".join(
        f'<table:table table:name="s{i}">{gap.join(odf_row(rng) for _ in range(rng.choice((3, 40, 250))))}</table:table>' for i in range(2)
    )
    return ods(path, tables)


# -------------------------------------------------------------------------- records


def make_xml(path: Path, rng: random.Random) -> Path:
    fields = [rng.choice(("a", "名", "tel", "x-1", "ns:q")) for _ in range(rng.randrange(1, 5))]

    def record() -> str:
        kana = ' kana="サ"' if rng.random() < 0.03 else ""
        inner = "".join(f"<{name}{kana}>{words(rng)}</{name}>" if rng.random() < 0.95 else f"<{name}/>" for name in fields)
        said, tail = rng.choice(("",) * 30 + (' id="1"',)), rng.choice(("",) * 50 + ("尾",))
        return f"<r{said}>{inner}{tail}</r>"

    gap = rng.choice(("", "\n", "\r\n"))
    body = gap.join(record() if rng.random() < 0.97 else f"<one>{words(rng)}</one>" for _ in range(rng.choice((1, 5, 300))))
    path.write_bytes(f'<?xml version="1.0" encoding="UTF-8"?><rs xmlns:ns="n">{body}<g>{record() * 3}</g></rs>'.encode())
    return path


# ---------------------------------------------------------------------------- pages


def make_html(path: Path, rng: random.Random) -> Path:
    said = rng.choice(("", " class=x", " style='a:b'"))

    def cell() -> str:
        more = rng.choice((' title="説"', " colspan=2", ' data-name="鈴木"')) if rng.random() < 0.01 else said
        return f"<td{more}>{words(rng, broken=True)}</td>"

    def table() -> str:
        gap = rng.choice(("", "\r\n"))
        rows = gap.join(f"<tr>{''.join(cell() for _ in range(3))}</tr>" for _ in range(rng.choice((1, 4, 200))))
        return f"<table>{rows}</table>"

    around = rng.choice(
        (
            "{}",
            "{}{}",
            "<p>{}</p>",
            "<!-- {} -->{}",
            "<script>'{}'</script>{}",
            "<table><tr><td>{}</td></tr></table>",
            "<textarea>{}</textarea>",
        )
    )
    path.write_bytes(f"<!doctype html><meta charset=utf-8>{around.format(table(), table())}".encode())
    return path


Make = Callable[[Path, random.Random], Path]


def without(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_odfrows.PlainRows, "taken_out", lambda _self, chunks, _sound: chunks)
    patch.setattr(_records.PlainRecords, "taken_out", lambda _self, chunks: chunks)
    patch.setattr(_tablerows, "_FEWEST", 10**9)


@pytest.mark.parametrize(("make", "suffix"), [(make_ods, "ods"), (make_xml, "xml"), (make_html, "html")])
@pytest.mark.parametrize("whole", [True, False])
def test_the_same_with_and_without(make: Make, suffix: str, whole: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tablerows, "_FEWEST", 1)
    if not whole:
        monkeypatch.setattr(xmlfile, "_WHOLE", -1)
        monkeypatch.setattr(xmlfile, "_READ_SIZE", 500)
    for seed in range(20):
        path = make(tmp_path / f"{seed}.{suffix}", random.Random(seed))
        fast = pieces(path)
        with monkeypatch.context() as patch:
            without(patch)
            slow = pieces(path)
        assert fast == slow, seed
        assert any(isinstance(piece, Segment | Table) for _, piece in fast)


# ------------------------------------------------------------------- what each is there for


def rows_of(seen: list[tuple[str, Any]]) -> list[tuple[str, ...]]:
    return [row for _, piece in seen if isinstance(piece, Table) for row in piece.rows]


def test_runs_of_a_sheet_do_not_reach_the_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []
    taken_out = _odfrows.PlainRows.taken_out

    def spy(self: _odfrows.PlainRows, chunks: Any, sound: Any) -> Any:
        for chunk in taken_out(self, chunks, sound):
            given.append(chunk)
            yield chunk

    monkeypatch.setattr(_odfrows.PlainRows, "taken_out", spy)
    row = "<table:table-row><table:table-cell><text:p>山田{}</text:p></table:table-cell></table:table-row>"
    path = ods(tmp_path / "a.ods", f'<table:table table:name="s">{"".join(row.format(i) for i in range(5000))}</table:table>')
    assert rows_of(pieces(path)) == [(f"山田{i}",) for i in range(5000)]
    assert len(b"".join(given)) < 3_000


def test_a_sheet_of_another_encoding_is_left_to_the_parser(tmp_path: Path) -> None:
    row = "<table:table-row><table:table-cell><text:p>山田</text:p></table:table-cell></table:table-row>"
    path = ods(
        tmp_path / "a.ods", f'<table:table table:name="s">{row * 3}</table:table>', '<?xml version="1.0" encoding="Shift_JIS"?>', "cp932"
    )
    assert rows_of(pieces(path)) == [("山田",)] * 3


@pytest.mark.parametrize("damage", ["<table:table-cell table:st <table:table-row>", "</text:p>", "&foo;", "<!--", "<![CDATA["])
def test_rows_after_damage_are_read_as_the_parser_mends_them(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
    rows = [row.format(f"山田{i}") for i in range(60)]
    rows[30] = rows[30].replace("<text:p>", f"<text:p>{damage}")
    path = ods(tmp_path / "a.ods", f'<table:table table:name="s">{"".join(rows)}</table:table>')
    fast = pieces(path)
    without(monkeypatch)
    assert fast == pieces(path)


def test_a_huge_repetition_of_columns_is_bounded(tmp_path: Path) -> None:
    row = (
        '<table:table-row><table:table-cell table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell>'
        f'<table:table-cell table:number-columns-repeated="{"9" * 5000}"/></table:table-row>'
    )
    assert [len(cells) for cells in rows_of(pieces(ods(tmp_path / "a.ods", f'<table:table table:name="s">{row}</table:table>')))] == [1000]


def test_records_do_not_reach_the_parser_and_errors_keep_their_line(tmp_path: Path) -> None:
    plain = _records.PlainRecords()
    body = "<r>\n<a>1</a>\n</r>\n" * 100
    given = b"".join(plain.taken_out([f"<rs>{body}</rs>".encode()]))
    assert given.count(b"<r>") == 0
    assert given.count(b"\n") == body.count("\n")
    path = tmp_path / "a.xml"
    path.write_text(f'<?xml version="1.0"?><rs>{body}<b></rs>', encoding="utf-8")
    (problem,) = [piece for _, piece in pieces(path) if not isinstance(piece, Segment | Table)]
    assert problem.detail == "not well formed at line 301; read as plain text"


def test_a_field_that_is_there_several_times_and_names_in_japanese(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<?xml version="1.0"?><rs>' + "<組><電話></電話><電話>1</電話><電話/><名>山</名></組>" * 5 + "</rs>", encoding="utf-8")
    assert rows_of(pieces(path)) == [("電話", "名"), *[("1\n", "山")] * 5]


def test_what_looks_like_a_row_in_a_script_or_comment_is_no_row(tmp_path: Path) -> None:
    rows = "<tr><td>田中</td><td>2</td></tr>" * 60
    page = f"<meta charset=utf-8><script>x = '{rows}'</script><!-- {rows} --><table>{rows.replace('田中', '山田')}</table>"
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    seen = pieces(path)
    assert rows_of(seen) == [("山田", "2")] * 60
    assert sum(piece.text.count("田中") for _, piece in seen if isinstance(piece, Segment)) == 120


def test_rows_of_a_page_do_not_reach_the_parser() -> None:
    page = "<table><tr><th>氏名</th><th>b</th></tr>" + "<tr><td>山田&nbsp;太郎</td><td> 2 </td></tr>" * 60 + "</table>"
    plain = _tablerows.PlainRows(page)
    assert "山田" not in plain.page
    assert list(plain.runs.values())[-1][-1] == ("山田 太郎", "2")
