"""doc, ppt and rtf: binary and escaped text comes out whole, and damage is said."""

from __future__ import annotations

import io
import struct
import zlib

import olefile
import pytest
from office_kit import Seen, read, written
from test_xlsx import label, record, xls

from piiscan.extractors.office._ole import build
from piiscan.model import Paragraph, Part, Role, Slide
from piiscan.problems import ProblemKind

# -------------------------------------------------------------------------- OLE


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 8_000_000])
def test_containers_are_written_as_olefile_reads_them(size: int) -> None:
    streams = {("A",): b"x" * size, ("B", "\x01Ole"): b"small", ("B", "C", "D"): b"y" * 5000}
    with olefile.OleFileIO(io.BytesIO(build(streams)), raise_defects=olefile.DEFECT_POTENTIAL) as ole:
        assert {tuple(path): ole.openstream(path).read() for path in ole.listdir()} == streams


def property_set(*entries: tuple[int, bytes], names: dict[int, str] | None = None) -> bytes:
    """A set of string properties in Shift_JIS."""
    items = [(1, struct.pack("<II", 2, 932)), *((number, struct.pack("<II", 0x1E, len(text)) + text) for number, text in entries)]
    if names:
        coded = {number: name.encode("cp932") + b"\0" for number, name in names.items()}
        items.append((0, struct.pack("<I", len(names)) + b"".join(struct.pack("<II", k, len(v)) + v for k, v in coded.items())))
    places, body = b"", b""
    for number, content in items:
        places += struct.pack("<II", number, 8 + 8 * len(items) + len(body))
        body += content
    return struct.pack("<II", 8 + len(places) + len(body), len(items)) + places + body


def properties_stream(*sets: bytes) -> bytes:
    head = struct.pack("<HHI16xI", 0xFFFE, 0, 0, len(sets))
    at = 28 + 20 * len(sets)
    for content in sets:
        head += struct.pack("<16xI", at)
        at += len(content)
    return head + b"".join(sets)


def test_document_properties_also_custom_ones() -> None:
    first = properties_stream(property_set((2, "名簿\0".encode("cp932")), (4, "作成者 佐藤\0".encode("cp932"))))
    second = properties_stream(
        property_set((15, "山田商店\0".encode("cp932"))), property_set((2, "吉田\0".encode("cp932")), names={2: "担当"})
    )
    seen = read(doc(["x\r"], more={("\x05SummaryInformation",): first, ("\x05DocumentSummaryInformation",): second}), "a.doc")
    assert seen.at(Part("docProps")) == "title: 名簿\nauthor: 作成者 佐藤\ncompany: 山田商店\n担当: 吉田"


def test_property_counts_are_not_believed() -> None:
    content = bytearray(properties_stream(property_set((2, "名簿\0".encode("cp932")))))
    struct.pack_into("<I", content, 48 + 4, 0xFFFFFFFF)
    struct.pack_into("<I", content, 48 + 8 + 16, 0x1000101E)
    seen = read(doc(["本文\r"], more={("\x05SummaryInformation",): bytes(content)}), "a.doc")
    assert seen.at(Paragraph(1)) == "本文"


# -------------------------------------------------------------------------- doc


def doc(
    stories: list[str],
    *,
    narrow: bool = False,
    rows: tuple[tuple[int, int, int], ...] = (),
    more: dict[tuple[str, ...], bytes] | None = None,
) -> bytes:
    """A Word 97 document of these stories; ``rows`` are (first character, last, properties) of paragraph runs."""
    text = "".join(stories)
    start = 0x400
    body = text.encode("cp1252") if narrow else text.encode("utf-16-le")
    main = bytearray(start)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 10, 0x0200)
    struct.pack_into(f"<{len(stories)}i", main, 0x4C, *map(len, stories))
    main += body
    place = start * 2 | 0x40000000 if narrow else start
    clx = b"\2" + struct.pack("<I", 16) + struct.pack("<IIHIH", 0, len(text), 0, place, 0)
    table = bytearray(b"\0" * 16) + clx
    struct.pack_into("<II", main, 0x1A2, 16, len(clx))
    if rows:
        main += b"\0" * (-len(main) % 512)
        page = bytearray(512)
        page[511] = len(rows)
        at = 510
        for i, (first, _, flags) in enumerate(rows):
            struct.pack_into("<I", page, 4 * i, start + 2 * first)
            if flags:
                sprms = (struct.pack("<HB", 0x2416, 1) if flags & 1 else b"") + (struct.pack("<HB", 0x2417, 1) if flags & 2 else b"")
                papx = b"\0\0" + sprms
                size = (len(papx) + 2) // 2
                at = (at - 2 * size) & ~1
                page[at] = size
                page[at + 1 : at + 1 + len(papx)] = papx
                page[4 * (len(rows) + 1) + 13 * i] = at // 2
        struct.pack_into("<I", page, 4 * len(rows), start + 2 * rows[-1][1])
        plcf = struct.pack("<III", start, start + 2 * len(text), len(main) // 512)
        struct.pack_into("<II", main, 0x102, len(table), len(plcf))
        table += plcf
        main += page
    return build({("WordDocument",): bytes(main) + bytes(4096), ("1Table",): bytes(table), **(more or {})})


def test_doc_paragraphs_and_stories() -> None:
    seen = read(doc(["氏名 山田太郎\r二行目\x0b続き\r", "脚注 田中\r", "社外秘\r", "", "注釈 佐藤\r", "文末\r", "箱の中 鈴木\r"]), "a.doc")
    assert seen.formats == {"doc"}
    assert seen.at(Paragraph(1)) == "氏名 山田太郎\n二行目\x0b続き"
    assert seen.at(Part("footnotes")).strip() == "脚注 田中"
    assert seen.of(Role.HEADER).strip() == "社外秘"
    assert seen.of(Role.COMMENT).strip() == "注釈 佐藤"
    assert seen.at(Part("endnotes")).strip() == "文末"
    assert seen.at(Part("text box")).strip() == "箱の中 鈴木"
    assert not seen.problems


def test_doc_narrow_pieces_and_characters_outside_the_first_plane() -> None:
    assert read(doc(["Résumé of Taro\r"], narrow=True), "a.doc").at(Paragraph(1)) == "Résumé of Taro"
    assert read(doc(["𠮷田さん\r次\r"]), "a.doc").at(Paragraph(1)) == "𠮷田さん\n次"


def test_doc_tables_by_paragraph_properties() -> None:
    text = "前\r氏名\x07電話\x07\x07山田\r太郎\x07090\x07\x07後\r"
    rows = ((0, 2, 0), (2, 8, 1), (8, 9, 3), (9, 19, 1), (19, 20, 3), (20, 22, 0))
    seen = read(doc([text], rows=rows), "a.doc")
    assert [(table.sheet, table.rows) for table in seen.tables] == [("表1", (("氏名", "電話"), ("山田\n太郎", "090")))]
    assert seen.at(Paragraph(1)) == "前"
    assert seen.at(Paragraph(2)) == "後"


def test_doc_tables_without_properties() -> None:
    seen = read(doc(["氏名\x07電話\x07\x07山田\x07090\x07\x07後\r"]), "a.doc")
    assert seen.tables[0].rows == (("氏名", "電話"), ("山田", "090"))


def test_doc_fields_nested_and_links() -> None:
    link = '\x13 HYPERLINK "mailto:taro@example.com" \x14送信\x15'
    seen = read(doc([f"\x13 IF {link} = 1 \x14結果\x15 外 {link}\r"]), "a.doc")
    assert seen.at(Paragraph(1)) == "結果 外 送信"
    assert "taro@example.com" in seen.at(Part("fields"))


def test_doc_properties_and_embedded_objects() -> None:
    inner = doc(["中の文書 高橋\r"])
    with olefile.OleFileIO(io.BytesIO(inner)) as ole:
        streams = {("ObjectPool", "_1", *path): ole.openstream(path).read() for path in ole.listdir()}
    seen = read(doc(["外\r"], more=streams), "a.doc")
    assert "中の文書 高橋" in seen.text
    assert seen.members == {"ObjectPool/_1.bin"}


def test_doc_of_word_95_in_shift_jis() -> None:
    text = "氏名 山田太郎\r住所 東京都\r"
    body = text.encode("cp932")
    main = bytearray(0x300)
    struct.pack_into("<HHHH", main, 0, 0xA5DC, 0x68, 0, 0x0411)
    struct.pack_into("<II", main, 0x18, 0x300, 0x300 + len(body))
    struct.pack_into("<i", main, 0x34, len(body))
    seen = read(build({("WordDocument",): bytes(main) + body + bytes(4096)}), "a.doc")
    assert seen.at(Paragraph(1)) == "氏名 山田太郎\n住所 東京都"


def word_95(text: str, encoding: str, *, magic: int = 0xA5DC, language: int = 0x0409, machine: int = 0, charset: int = 0) -> bytes:
    """A document of Word 95; Far Eastern ones take two bytes a character, the code with its low byte first."""
    wide = magic != 0xA5DC
    body = (
        b"".join(code[::-1] + bytes(2 - len(code)) for code in (sign.encode(encoding) for sign in text)) if wide else text.encode(encoding)
    )
    start = 0x300
    main = bytearray(start)
    struct.pack_into("<HHHH", main, 0, magic, 0x68, 0, language)
    struct.pack_into("<H", main, 10, 0x1000 if wide else 0)
    struct.pack_into("<H", main, 0x14, machine)
    struct.pack_into("<II", main, 0x18, start, start + len(body))
    struct.pack_into("<i", main, 0x34, len(text) if wide else len(body))
    font = bytes([9, 0, 0x90, 1, charset, 0]) + b"Font\0"[:4]
    struct.pack_into("<II", main, 0xD0, start + len(body), 2 + len(font))
    return build({("WordDocument",): bytes(main) + body + struct.pack("<H", 2 + len(font)) + font + bytes(4096)})


@pytest.mark.parametrize(
    ("magic", "encoding", "text"),
    [(0xA697, "cp932", "氏名 山田ﾀﾛｳ\r髙橋①\r"), (0xA698, "cp949", "홍길동\rabc\r"), (0xA699, "cp950", "王小明\r")],
)
def test_doc_of_the_far_eastern_word_95(magic: int, encoding: str, text: str) -> None:
    seen = read(word_95(text, encoding, magic=magic), "a.doc")
    assert seen.at(Paragraph(1)) == text.rstrip("\r").replace("\r", "\n")
    assert not seen.problems


@pytest.mark.parametrize(
    ("encoding", "text", "told"),
    [
        ("cp932", "お名前は山田です\r", {}),  # by its bytes
        ("cp1251", "Анна Иванова, Москва\r", {"language": 0x0419}),
        ("cp1251", "Анна Иванова, Москва\r", {"charset": 204}),
        ("cp1250", "před 7 lety\r", {"charset": 238}),
        ("mac-roman", "stratégie été\r", {"language": 0x040C, "machine": 256}),
        ("cp1252", "Müller, Straße\r", {}),
    ],
)
def test_doc_of_word_95_in_the_encoding_that_something_speaks_for(encoding: str, text: str, told: dict[str, int]) -> None:
    assert read(word_95(text, encoding, **told), "a.doc").at(Paragraph(1)) == text.rstrip("\r")


def test_doc_damage_is_said() -> None:
    whole = doc(["山田太郎\r" * 3000])
    for cut in range(600, len(whole), 2500):
        seen = read(whole[:cut], "a.doc")
        assert seen.problems or seen.text.count("山田太郎") == 3000, cut
    assert read(build({("WordDocument",): b"\xdc\xa5\x2d\0" + bytes(600)}), "a.doc").kinds
    assert read(build({("WordDocument",): bytes(5000)}), "a.doc").kinds == {ProblemKind.BROKEN}


def test_doc_size_limit() -> None:
    assert read(doc(["山田太郎\r" * 30_000]), "a.doc", xml_bytes=1000).kinds == {ProblemKind.LIMIT}


# -------------------------------------------------------------------------- ppt


def atom(kind: int, body: bytes, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(body)) + body


def box(kind: int, *inner: bytes, instance: int = 0) -> bytes:
    body = b"".join(inner)
    return struct.pack("<HHI", instance << 4 | 0xF, kind, len(body)) + body


def chars(text: str) -> bytes:
    return atom(4000, text.encode("utf-16-le"))


def ppt(
    slides: list[bytes], *, outline: list[bytes] | None = None, before: bytes = b"", after: list[tuple[bytes, bool]] | None = None
) -> bytes:
    """A presentation; ``after`` are further top records and whether the persist directory names them."""
    outline = outline or [b""] * len(slides)
    listed = b"".join(atom(1011, struct.pack("<IIIII", i + 2, 0, 0, 256 + i, 0)) + outline[i] for i in range(len(slides)))
    document = box(1000, box(4080, listed))
    parts = [(document, True), *[(slide, True) for slide in slides], *(after or [])]
    data, places = before, []
    for part, live in parts:
        if live:
            places.append(len(data))
        data += part
    directory = len(data)
    data += atom(6002, struct.pack("<I", len(places) << 20 | 1) + struct.pack(f"<{len(places)}I", *places))
    edit = len(data)
    data += atom(4085, struct.pack("<IHBBIIIIHH", 256, 0, 0, 3, 0, directory, 1, len(places) + 1, 1, 0))
    current = atom(4086, struct.pack("<IIIHHBBH", 20, 0xE391C05F, edit, 0, 0x03F4, 3, 0, 0))
    return build({("PowerPoint Document",): data, ("Current User",): current})


def shape(*texts: bytes) -> bytes:
    return box(1036, box(0xF002, box(0xF003, box(0xF004, box(0xF00D, *texts)))))


def test_ppt_slides_outline_and_shapes() -> None:
    slides = [box(1006, shape(chars("箱の鈴木"))), box(1006, shape(atom(4008, b"Taro")))]
    seen = read(ppt(slides, outline=[chars("題名 山田太郎\r二行目"), b""]), "a.ppt")
    assert seen.formats == {"ppt"}
    assert seen.at(Slide(1)) == "題名 山田太郎\n二行目\n箱の鈴木"
    assert seen.at(Slide(2)) == "Taro"
    assert not seen.problems


def test_ppt_edits_that_begin_at_a_round_place_are_found() -> None:
    with olefile.OleFileIO(io.BytesIO(ppt([box(1006, shape(chars("前の版")))]))) as ole:
        data, current = ole.openstream("PowerPoint Document").read(), ole.openstream("Current User").read()
    data += bytes(-len(data) % 4096) + box(1006, shape(chars("新しい版 山田太郎")))
    seen = read(build({("PowerPoint Document",): data, ("Current User",): current}), "a.ppt")
    assert "新しい版 山田太郎" in seen.text
    assert "前の版" in seen.text
    assert not seen.problems


def test_ppt_for_two_versions_at_once() -> None:
    with olefile.OleFileIO(io.BytesIO(ppt([box(1006, shape(chars("山田太郎")))]))) as ole:
        inner = {("PP97_DUALSTORAGE", *path): ole.openstream(path).read() for path in ole.listdir()}
    seen = read(build({("PowerPoint Document",): bytes(2000), ("Current User",): bytes(60), **inner}), "a.ppt")
    assert seen.at(Slide(1)) == "山田太郎"


def test_ppt_packages_of_later_versions_are_no_damage() -> None:
    seen = read(ppt([box(1006, shape(chars("山田太郎")), box(1038, b"PK\3\4\x14\0\6\0\x08\0\0\0!\0"))]), "a.ppt")
    assert seen.at(Slide(1)) == "山田太郎"
    assert not seen.problems


def test_ppt_notes_comments_and_links() -> None:
    comment = box(12000, atom(4026, "渡辺".encode("utf-16-le"), 0), atom(4026, "要確認 田中".encode("utf-16-le"), 1))
    tags = box(5000, box(5002, atom(4026, "___PPT10".encode("utf-16-le")), atom(5003, comment)))
    notes = box(1008, shape(chars("話す内容 佐藤")))
    link = box(1000, box(4055, atom(4026, "mailto:taro@example.com".encode("utf-16-le"), 1)))
    seen = read(ppt([box(1006, shape(chars("x")), tags)], after=[(notes, True), (link, True)]), "a.ppt")
    assert seen.at(Part("notes")) == "話す内容 佐藤"
    assert seen.of(Role.COMMENT) == "要確認 田中"
    assert seen.at(Part("authors")) == "渡辺"
    assert "taro@example.com" in seen.at(Part("links"))


def test_ppt_earlier_versions_are_hidden_text() -> None:
    seen = read(ppt([box(1006, shape(chars("今の文")))], before=box(1006, shape(chars("消した山田")))), "a.ppt")
    assert seen.at(Slide(1)) == "今の文"
    assert seen.of(Role.HIDDEN) == "消した山田"


def test_ppt_embedded_objects_packed_and_bombs() -> None:
    inner = doc(["埋込 小林\r"])
    packed = atom(4113, struct.pack("<I", len(inner)) + zlib.compress(inner), 1)
    seen = read(ppt([box(1006, shape(chars("x")))], after=[(packed, True)]), "a.ppt")
    assert "埋込 小林" in seen.text
    bomb = atom(4113, struct.pack("<I", 1) + zlib.compress(bytes(30_000_000)), 1)
    assert ProblemKind.BOMB in read(ppt([box(1006)], after=[(bomb, True)]), "a.ppt").kinds
    torn = atom(4113, struct.pack("<I", 1) + b"not zlib", 1)
    assert ProblemKind.BROKEN_PART in read(ppt([box(1006, shape(chars("y")))], after=[(torn, True)]), "a.ppt").kinds


def test_ppt_damage_is_said() -> None:
    assert read(build({("PowerPoint Document",): bytes(5000)}), "a.ppt").kinds == {ProblemKind.BROKEN}
    whole = ppt([box(1006, shape(chars("山田太郎" * 500)))] * 5)
    for cut in range(600, len(whole), 2100):
        seen = read(whole[:cut], "a.ppt")
        assert seen.problems or seen.text, cut


# -------------------------------------------------------------------------- rtf

FONTS = r"{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset128 MS Mincho;}{\f2\fnil\fcharset204 Arial Cyr;}}"


def escaped(text: str, encoding: str = "cp932") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding))


def rtf(body: str, codepage: int = 1252) -> Seen:
    return read(f"{{\\rtf1\\ansi\\ansicpg{codepage}\\deff0{FONTS}{body}}}".encode("latin-1"), "a.rtf")


def test_rtf_shift_jis_follows_the_font_not_the_code_page() -> None:
    seen = rtf(f"{{\\f1 {escaped('山田太郎 ソ能')}}}{{\\f2 {escaped('Иван', 'cp1251')}}}{{\\f0 caf\\'e9}}\\par")
    assert seen.at(Paragraph(1)).strip() == "山田太郎 ソ能Иванcafé"
    assert not seen.problems


def test_rtf_shift_jis_by_code_page_and_second_bytes_as_letters() -> None:
    assert "アイウ" in rtf("\\'83A\\'83C\\'83E\\par", 932).text
    assert "ソフト" in rtf("\\'83\\\\\\'83t\\'83g\\par", 932).text


def test_rtf_unicode_with_fallbacks() -> None:
    pair = "𠮷".encode("utf-16-le")
    high, low = struct.unpack("<hh", pair)
    seen = rtf(f"\\uc1\\u23665?\\u30000\\'3f\\uc0\\u22826\\u37070 {{\\uc2\\u26041 ??}}\\u{high}\\u{low}\\par")
    assert seen.at(Paragraph(1)).strip() == "山田太郎方𠮷"


def test_rtf_tables_and_paragraphs_keep_their_order() -> None:
    row = "\\trowd\\cellx1000\\cellx2000\\pard\\intbl {}\\cell {}\\cell\\row"
    seen = rtf("before\\par " + row.format("name", "tel") + row.format("Taro\\par Yamada", "090") + "\\pard after\\par")
    assert [table.rows for table in seen.tables] == [(("name", "tel"), ("Taro\nYamada", "090"))]
    assert seen.at(Paragraph(1)) == "before"
    assert seen.at(Paragraph(2)).strip() == "after"


def test_rtf_destinations() -> None:
    seen = rtf(
        "{\\info{\\author Sato}{\\title T}{\\*\\company ACME}}{\\header HEAD\\par}{\\footer FOOT\\par}"
        "body{\\footnote FNOTE}{\\*\\annotation COMMENT}{\\*\\atnauthor Kato}"
        '{\\field{\\*\\fldinst HYPERLINK "mailto:taro@example.com"}{\\fldrslt mail}}'
        "{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt BOX\\par}}}{\\deleted GONE}{\\v HIDDEN}"
        "{\\*\\unknown NOISE}{\\stylesheet{\\s1 STYLE;}}{\\pict 00ff}{\\*\\revtbl{Unknown;}{Ito;}}\\par"
    )
    body = seen.at(Paragraph(1)).strip()
    assert body == "bodymailHIDDEN"
    assert seen.of(Role.HEADER) == "HEAD"
    assert seen.of(Role.FOOTER) == "FOOT"
    assert seen.at(Part("footnotes")) == "FNOTE"
    assert seen.of(Role.COMMENT) == "COMMENT"
    assert seen.at(Part("text box")) == "BOX"
    assert seen.of(Role.HIDDEN) == "GONE"
    assert "Sato" in seen.at(Part("docProps"))
    assert "ACME" in seen.at(Part("docProps"))
    assert "Kato" in seen.at(Part("authors"))
    assert "Ito" in seen.at(Part("authors"))
    assert "taro@example.com" in seen.at(Part("fields"))
    for noise in ("NOISE", "STYLE", "Arial", "Mincho", "00ff"):
        assert noise not in seen.text


def test_rtf_unicode_twin_of_a_destination() -> None:
    assert rtf("x{\\upr{old}{\\*\\ud{\\u23665?}}}y\\par").at(Paragraph(1)).strip() == "x山y"


def test_rtf_binary_data_is_jumped_over() -> None:
    content = b"{\\rtf1 a{\\pict\\bin6 }}{{}x}b\\par}"
    assert read(content, "a.rtf").at(Paragraph(1)).strip() == "ab"


def test_rtf_embedded_objects() -> None:
    inner = doc(["埋込 小林\r"])
    ole1 = struct.pack("<II", 0x0501, 2) + struct.pack("<I", 5) + b"Word\0" + bytes(8) + struct.pack("<I", len(inner)) + inner
    seen = rtf(f"x{{\\object\\objemb{{\\*\\objclass Word}}{{\\*\\objdata {ole1.hex()}}}{{\\result shown}}}}\\par")
    assert "埋込 小林" in seen.text
    assert "shown" in seen.at(Paragraph(1))


def test_rtf_cut_is_said_and_keeps_its_text() -> None:
    seen = read(b"{\\rtf1 {\\b Yamada Taro\\par more", "a.rtf")
    assert seen.kinds == {ProblemKind.BROKEN_PART}
    assert seen.at(Paragraph(1)) == "Yamada Taro\nmore"


def test_rtf_deep_nesting_is_survived() -> None:
    assert "deep" in read(b"{\\rtf1 " + b"{" * 100_000 + b"deep" + b"}" * 100_000 + b"\\par}", "a.rtf").text


def test_rtf_size_limit() -> None:
    assert read(b"{\\rtf1 " + b"x" * 5000 + b"}", "a.rtf", xml_bytes=1000).kinds == {ProblemKind.LIMIT}


# --------------------------------------------------------------------- pictures


def blip(picture: bytes, kind: int = 0xF01E, digests: int = 1) -> bytes:
    """A picture in a drawing ([MS-ODRAW] 2.2.23)."""
    body = bytes(16 * digests) + b"\xff" + picture
    return struct.pack("<HHI", 0x6E00, kind, len(body)) + body


def _with_picture(form: str, digests: int) -> bytes:
    picture = b"drawing" + blip(written("TEL 090-1234-5678"), digests=digests) + b"more"
    match form:
        case "doc":
            return doc(["本文\r"], more={("Data",): picture})
        case "ppt":
            whole = olefile.OleFileIO(ppt([box(1006, shape(chars("題")))]))
            streams = {tuple(path): whole.openstream(path).read() for path in whole.listdir()}
            return build({**streams, ("Pictures",): picture})
        case _:
            return xls(
                label(0, 0, "本文"),
                b"".join(record(0x00EB if not at else 0x003C, picture[at : at + 500]) for at in range(0, len(picture), 500)),
            )


@pytest.mark.parametrize("digests", [1, 2])
@pytest.mark.parametrize("form", ["doc", "ppt", "xls"])
def test_pictures_in_old_office_files_are_handed_to_ocr(form: str, digests: int) -> None:
    seen = read(_with_picture(form, digests), f"a.{form}", ocr="off")
    assert "image" in seen.formats
    assert ProblemKind.NEEDS_OCR in seen.kinds


def test_a_bitmap_in_a_drawing_becomes_a_file() -> None:
    whole = written("TEL 090-1234-5678", name="BMP")
    seen = read(doc(["本文\r"], more={("Data",): blip(whole[14:], 0xF01F)}), "a.doc", ocr="off")
    assert {form for member, form, _ in seen.pieces if member} == {"image"}
    assert ProblemKind.BROKEN_PART not in seen.kinds


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("name", ["PNG", "JPEG"])
def test_pictures_in_rtf_are_handed_to_ocr(name: str, raw: bool) -> None:
    picture = written("TEL 090-1234-5678", name=name)
    content = b"\\bin%d " % len(picture) + picture if raw else picture.hex().encode()
    rtf = b"{\\rtf1 text{\\*\\shppict{\\pict{\\*\\picprop}\\picscalex100\\%sblip\\picw1\\pich22 " % name.lower().encode() + content + b"}}}"
    seen = read(rtf, "a.rtf", ocr="off")
    assert [form for member, form, _ in seen.pieces if member] == ["image"]
    assert seen.kinds == {ProblemKind.NEEDS_OCR}
