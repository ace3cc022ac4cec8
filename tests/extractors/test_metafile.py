"""EMF and WMF: drawn text comes out in lines, wherever the drawing lies, and what cannot be read is said."""

from __future__ import annotations

import struct
import zlib

import docx
import openpyxl
import pptx
import pytest
from office_kit import read, repack, saved

from piiscan.extractors.office._ole import build, pictures
from piiscan.model import Part
from piiscan.problems import ProblemKind
from sample_data.make.metafiles import emf, emf_font, emf_text, wmf

ROWS = (("氏名", "携帯電話"), ("山田太郎", "090-1234-5678"), ("髙橋花子", "080-8765-4321"))
LINES = "氏名\t携帯電話\n山田太郎\t090-1234-5678\n髙橋花子\t080-8765-4321"
DRAWING = Part("drawing")


@pytest.mark.parametrize("content", [emf(ROWS), wmf(ROWS), wmf(ROWS, placeable=False)], ids=["emf", "wmf", "bare wmf"])
def test_cells_come_in_the_lines_that_they_stand_in(content):
    seen = read(content, "a.bin")
    assert seen.formats == {"metafile"}
    assert seen.at(DRAWING) == LINES
    assert not seen.problems


def test_a_word_that_is_drawn_in_pieces_is_put_together():
    pieces = emf_text("090-12", 10, 10) + emf_text("34-5678", 130, 10) + emf_text("山田", 280, 10) + emf_text("次の行", 10, 50)
    assert read(emf((), more=pieces)).at(DRAWING) == "090-1234-5678 山田\n次の行"


def test_strings_of_bytes_are_read_in_the_encoding_of_their_font():
    assert read(emf((), more=emf_font(1, 128) + emf_text("佐藤花子", 10, 10, narrow=True))).at(DRAWING) == "佐藤花子"
    assert "佐藤" not in read(emf((), more=emf_font(1, 2) + emf_text("佐藤花子", 10, 10, narrow=True))).text


def test_the_title_is_read():
    assert read(emf(ROWS, title="Excel\0顧客一覧 佐藤\0\0")).at(Part("docProps")) == "Excel\n顧客一覧 佐藤"


def test_emf_plus_alone_is_read_too():
    text = "鈴木一郎"
    body = struct.pack("<IIIffff", 0, 0, len(text), 0, 0, 0, 0) + text.encode("utf-16-le")
    record = struct.pack("<HHII", 0x401C, 0, 12 + len(body), len(body)) + body
    comment = struct.pack("<III", 70, 16 + len(record), 4 + len(record)) + b"EMF+" + record
    assert read(emf((), more=comment)).at(DRAWING) == text


def test_numbers_of_glyphs_are_no_text_and_that_is_said():
    seen = read(emf((), more=emf_text("\x11\x12\x13", 10, 10, glyphs=True)))
    assert not seen.text.strip()
    assert seen.kinds == {ProblemKind.UNREADABLE_TEXT}


def test_damage_is_said():
    for content in (emf(ROWS), wmf(ROWS)):
        for cut in range(90, len(content) - 1, 37):
            assert read(content[:cut], "a.emf").kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART}, cut
    huge = bytearray(emf(ROWS))
    struct.pack_into("<I", huge, 88 + 44, 0xFFFFFFFF)  # characters of the first string
    assert read(bytes(huge)).text.count("山田太郎") == 1


def test_bitmaps_inside_are_pictures_of_their_own():
    header = struct.pack("<IiiHHIIiiII", 40, 100, 100, 1, 24, 0, 0, 0, 0, 0, 0)
    bits = bytes(range(250)) * 120  # one colour would need no OCR
    body = struct.pack("<16xiiiiiiIIIIIIii", 0, 0, 0, 0, 100, 100, 80, 40, 120, len(bits), 0, 0, 100, 100) + header + bits
    seen = read(emf((), more=struct.pack("<II", 81, 8 + len(body)) + body), ocr="off")
    assert seen.members == {"bitmap 1"}
    assert seen.kinds == {ProblemKind.NEEDS_OCR}


@pytest.mark.parametrize(("folder", "made"), [("word", docx.Document), ("xl", openpyxl.Workbook), ("ppt", pptx.Presentation)])
def test_metafiles_in_packages_are_read(folder, made):
    seen = read(repack(saved(made()), {f"{folder}/media/image1.emf": emf(ROWS)}))
    assert "山田太郎\t090-1234-5678" in seen.text


def blip(kind: int, content: bytes, *, digests: int = 1) -> bytes:
    packed = zlib.compress(content)
    body = bytes(16 * digests) + struct.pack("<I16x8xIBB", len(content), len(packed), 0, 0xFE) + packed
    return struct.pack("<HHI", 0x3D4 << 4, kind, len(body)) + body


@pytest.mark.parametrize("digests", [1, 2])
def test_packed_metafiles_of_old_office_drawings_are_found(digests, tmp_path):
    class Spool:
        def spool(self, name: str, content: bytes) -> bytes:
            return content

    data = (
        b"xx" + blip(0xF01A, emf(ROWS), digests=digests) + blip(0xF01B, wmf(ROWS, placeable=False), digests=digests) + b"\x1a\xf0\5\0\0\0\0"
    )
    assert list(pictures(Spool(), (data,))) == [emf(ROWS), wmf(ROWS, placeable=False)]


def test_the_preview_of_an_object_that_nothing_reads_is_read():
    preview = struct.pack("<iI", -1, 3) + bytes(32) + wmf(ROWS, placeable=False)
    seen = read(build({("\x02OlePres000",): preview, ("Contents of a strange program",): b"x" * 100}), "a.bin")
    assert "山田太郎" in seen.text
    assert [problem.detail for problem in seen.problems] == ["OLE container; only its preview was read"]
    formula = read(build({("\x02OlePres000",): preview, ("Equation Native",): b"x" * 100}), "a.bin")
    assert "山田太郎" in formula.text
    assert not formula.problems


def test_metafiles_in_rtf_are_read():
    for word, content in (("emfblip", emf(ROWS)), ("wmetafile8", wmf(ROWS, placeable=False))):
        seen = read(rb"{\rtf1 x {\pict\%s\picw10\pich10 %s}}" % (word.encode(), content.hex().encode()), "a.rtf")
        assert "山田太郎\t090-1234-5678" in seen.text, word
