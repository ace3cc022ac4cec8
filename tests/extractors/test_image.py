"""Pictures: metadata that names people, every page, and nothing that is decoded blindly."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from office_kit import read, written
from PIL import ExifTags, Image, PngImagePlugin

from piiscan.model import Page, Part, Role
from piiscan.problems import ProblemKind

TEXT = "TEL 03-1234-5678"


def photo(name: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(written(TEXT))).convert("RGB").save(out, name, **options)
    return out.getvalue()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000"])
def test_every_kind_of_picture_is_read(name: str) -> None:
    seen = read(photo(name), "a.bin")
    assert seen.formats == {"image"}
    assert TEXT in seen.at(Page(1))
    assert not seen.problems


def test_heic_is_read_with_its_extra() -> None:
    seen = read(Path(__file__).with_name("telephone.heic"), "a.heic")
    assert TEXT in seen.at(Page(1))
    broken = read(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "a.heic")
    assert broken.kinds == {ProblemKind.BROKEN}


def test_heic_without_its_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pi_heif", None)
    seen = read(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "a.heic")
    assert [(p.kind, p.detail) for p in seen.problems] == [(ProblemKind.UNSUPPORTED, "HEIC image: python -m pip install 'piiscan[heic]'")]


def test_exif_of_a_photo() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "山田太郎".encode()
    exif[ExifTags.Base.XPComment] = "社員証の写し".encode("utf-16-le")
    exif[ExifTags.Base.HostComputer] = "Taro no iPhone"
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.UserComment] = b"UNICODE\0" + "佐藤花子".encode("utf-16-be")
    inner[ExifTags.Base.CameraOwnerName] = "Suzuki"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[1], gps[2], gps[3], gps[4] = "N", (35.0, 40.0, 52.0), "E", (139.0, 46.0, 2.0)
    text = read(photo("JPEG", exif=exif, comment="連絡先 03-0000-0000".encode()), "a.jpg").at(Part("metadata"))
    for expected in ("Artist: 山田太郎", "XPComment: 社員証の写し", "HostComputer: Taro no iPhone", "UserComment: 佐藤花子", "Suzuki",
                     "GPS: 35.681111, 139.767222", "comment: 連絡先 03-0000-0000"):  # fmt: skip
        assert expected in text


def test_texts_and_xmp_of_a_png() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Yamada")
    info.add_itxt("Description", "佐藤花子の写真")
    info.add_itxt(
        "XML:com.adobe.xmp",
        "<x:xmpmeta><rdf:RDF><dc:creator><rdf:Seq><rdf:li>鈴木一郎</rdf:li></rdf:Seq></dc:creator></rdf:RDF></x:xmpmeta>",
    )
    text = read(photo("PNG", pnginfo=info), "a.png").at(Part("metadata"))
    for expected in ("Author: Yamada", "Description: 佐藤花子の写真", "鈴木一郎"):
        assert expected in text


def test_a_camera_held_sideways() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    out = io.BytesIO()
    Image.open(io.BytesIO(written(TEXT))).convert("RGB").rotate(90, expand=True).save(out, "JPEG", exif=exif)
    assert TEXT in read(out.getvalue(), "a.jpg").of(Role.OCR)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw", "jpeg"])
def test_every_page_of_a_fax(compression: str) -> None:
    mode = "L" if compression == "jpeg" else "1"
    pages = [Image.open(io.BytesIO(written(f"PAGE {i} 03-1234-000{i}"))).convert(mode) for i in range(3)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression=compression)
    seen = read(out.getvalue(), "fax.tif")
    assert [f"03-1234-000{i}" in seen.at(Page(i + 1)) for i in range(3)] == [True] * 3
    assert not seen.problems


def test_transparent_writing_and_sixteen_bits() -> None:
    black = Image.open(io.BytesIO(written(TEXT))).convert("L")
    clear = Image.new("RGBA", black.size, (0, 0, 0, 0))
    clear.putalpha(Image.eval(black, lambda value: 255 - value))
    deep = black.convert("I").point(lambda value: value * 257)
    for picture in (clear, deep.convert("I;16")):
        out = io.BytesIO()
        picture.save(out, "PNG")
        assert TEXT in read(out.getvalue(), "a.png").of(Role.OCR)


def test_icons_and_blank_pictures_hold_nothing() -> None:
    for picture in (Image.effect_noise((20, 90), 90), Image.new("RGB", (900, 900), "navy")):
        out = io.BytesIO()
        picture.save(out, "PNG")
        assert not read(out.getvalue(), "a.png", ocr="off").pieces


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", b""))
    )
    seen = read(content, "bomb.png")
    assert [(p.kind, p.detail) for p in seen.problems] == [(ProblemKind.LIMIT, "60000x60000; limits.pixels = 100000000")]


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_a_cut_picture_is_broken_not_clean(name: str) -> None:
    content = photo(name)
    seen = read(content[: len(content) // 2], "a.bin")
    assert seen.kinds & {ProblemKind.BROKEN, ProblemKind.BROKEN_PART} or TEXT in seen.text


def test_postscript_in_disguise_starts_no_program() -> None:
    assert read(b"\x89PNG\r\n\x1a\n%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "a.png").kinds == {ProblemKind.BROKEN}
