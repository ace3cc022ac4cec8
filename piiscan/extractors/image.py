"""Pictures: what their metadata says about people, and the writing in them by OCR.

Pillow opens them, with only the decoders that are named here (its PostScript
decoder would start a program). A picture is measured before it is decoded. One
that cannot hold writing (a few pixels, a single colour) is not sent to OCR; any
other that OCR cannot read here is ``needs-ocr``, never clean.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from piiscan.extractors import ocr, xmp
from piiscan.extractors.base import FormatDoc, Piece, Reading, problem
from piiscan.model import Page, Part, Role, Segment
from piiscan.problems import Problem, ProblemKind

__all__ = ["DOC", "MEDIA_TYPES", "NAME", "SUFFIXES", "can_hold_writing", "extract"]

NAME = "image"
MEDIA_TYPES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp", "image/avif", "image/jp2", "image/heic")
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".jp2", ".heic", ".heif")
DOC = FormatDoc(
    description="Picture (PNG, JPEG, GIF, BMP, TIFF also of many pages and of fax, WebP, AVIF, JPEG 2000; HEIC with the extra `heic`)",
    description_ja="画像（PNG、JPEG、GIF、BMP、複数ページやFAXのTIFF、WebP、AVIF、JPEG 2000。HEICは拡張 heic が必要）",
    engine="Pillow; RapidOCR with the PP-OCRv6 models of its package (extra `ocr`), or Tesseract when asked for",
    engine_ja="Pillow。RapidOCRとその同梱モデルPP-OCRv6（拡張 `ocr`）、指定した場合はTesseract",
    sees=(
        "EXIF (author, description, comments, owner, serial numbers, GPS position), XMP, IPTC, PNG texts, JPEG and GIF comments",
        "writing, printed straight, turned by 90, 180 or 270 degrees or skewed, in rows or in columns (extra `ocr`)",
        "every page of a TIFF",
    ),
    sees_ja=(
        "EXIF（作成者、説明、コメント、所有者、製造番号、GPS位置）、XMP、IPTC、PNGの文字情報、JPEGとGIFのコメント",
        "印刷された文字。横書き・縦書き、90・180・270度の回転、傾きにも対応（拡張 `ocr`）",
        "TIFFの全ページ",
    ),
    limitations=(
        "without the extra `ocr`, or beyond its budgets, a picture is reported as needs-ocr or limit",
        "handwriting is read badly",
        "of an animation only the first picture is read",
        "pictures with a side below 24 or less than 2,000 pixels, or of one colour, hold no writing",
        "SVG's shapes and raw camera files are not read (EMF and WMF: see metafile)",
    ),
    limitations_ja=(
        "拡張 `ocr` がない場合や上限を超えた場合は「OCRが必要」または「上限」と報告します",
        "手書き文字はうまく読めません",
        "アニメーションは最初の画像だけを読みます",
        "一辺が24未満または2,000画素未満の画像と、一色だけの画像には文字がないとみなします",
        "SVGの図形とカメラのRAWファイルは読みません（EMF・WMFはmetafileの項）",
    ),
    references=("JEITA CP-3451 (Exif 2.32)", "ISO 16684-1 (XMP)", "W3C PNG 3rd edition", "TIFF 6.0"),
)

_FORMATS = ("PNG", "JPEG", "MPO", "GIF", "BMP", "TIFF", "WEBP", "AVIF", "JPEG2000", "HEIF")
_LEAST_SIDE, _LEAST_PIXELS = 24, 2_000
_META_LONGEST = 20_000
# Exif tags that people or their tools fill with words about people.
_TAGS = {
    270: "ImageDescription", 315: "Artist", 316: "HostComputer", 33432: "Copyright", 269: "DocumentName", 285: "PageName",
    40091: "XPTitle", 40092: "XPComment", 40093: "XPAuthor", 40094: "XPKeywords", 40095: "XPSubject",
}  # fmt: skip
_EXIF_TAGS = {37510: "UserComment", 42032: "CameraOwnerName", 42033: "BodySerialNumber", 37500: ""}
_UTF16_TAGS = frozenset({40091, 40092, 40093, 40094, 40095})
_IPTC = {(2, 80): "By-line", (2, 85): "By-lineTitle", (2, 105): "Headline", (2, 116): "Copyright", (2, 120): "Caption", (2, 122): "Writer",
         (2, 25): "Keywords", (2, 90): "City", (2, 92): "Location"}  # fmt: skip

# Sizes are checked here, before anything is decoded, and reported; Pillow would raise.
Image.MAX_IMAGE_PIXELS = None


def extract(reading: Reading) -> Iterator[Piece]:
    """Metadata, then the writing of each page, then what was not read."""
    with warnings.catch_warnings(), reading.open() as file:
        warnings.simplefilter("ignore")  # Pillow warns about what files get wrong
        if _register_heif(file.read(32)):
            yield problem(ProblemKind.UNSUPPORTED, "HEIC image: python -m pip install 'piiscan[heic]'")
            return
        file.seek(0)
        try:
            Image.init()
            picture = Image.open(file, formats=[name for name in _FORMATS if name in Image.OPEN])
        except UnidentifiedImageError:
            yield problem(ProblemKind.BROKEN, "picture")
            return
        with picture:
            yield from _pages(reading, picture)
            yield from _cut(_metadata(picture))


def _register_heif(head: bytes) -> bool:
    """Make Pillow read HEIC when the file is one; whether what is needed for that is missing."""
    if head[4:8] != b"ftyp" or b"avif" in head[8:]:
        return False
    try:
        import pi_heif
    except ImportError:
        return True
    pi_heif.register_heif_opener()
    return False


def can_hold_writing(width: int, height: int) -> bool:
    """Whether a picture is large enough for a legible line."""
    return min(width, height) >= _LEAST_SIDE and width * height >= _LEAST_PIXELS


def _pages(reading: Reading, picture: Image.Image) -> Iterator[Piece]:
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    faults: dict[Problem, int] = {}
    for index in range(count):
        if index >= reading.limits.pages:
            yield problem(ProblemKind.LIMIT, f"limits.pages = {reading.limits.pages}")
            break
        if reading.budget.expired():
            break
        try:
            picture.seek(index)
            scan = _page(reading, picture)
        except (EOFError, OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, OverflowError, ZeroDivisionError) as error:
            # what Pillow's decoders raise on damaged data
            yield problem(
                ProblemKind.BROKEN_PART if index or count > 1 else ProblemKind.BROKEN, f"page {index + 1}: {type(error).__name__}"
            )
            if isinstance(error, EOFError):
                break
            continue
        if scan.text:
            yield Segment(Page(index + 1), scan.text, Role.OCR)
        if scan.fault is not None:
            faults[scan.fault] = faults.get(scan.fault, 0) + 1
    for fault, pages in faults.items():
        yield fault if count == 1 else problem(fault.kind, f"{pages} of {count} pages: {fault.detail}")


def _page(reading: Reading, picture: Image.Image) -> ocr.Scan:
    width, height = picture.size
    if width * height > reading.limits.pixels:
        return ocr.Scan(fault=problem(ProblemKind.LIMIT, f"{width}x{height}; limits.pixels = {reading.limits.pixels}"))
    if not can_hold_writing(width, height):
        return ocr.Scan()
    if width * height > 24_000_000 and picture.format == "JPEG":
        picture.draft("RGB", (3_200, 3_200))  # decodes straight to an eighth, quarter or half where that is enough
    flat = _on_paper(picture)
    if all(low == high for low, high in _extrema(flat)):
        return ocr.Scan()
    if missing := ocr.missing(reading.ocr):
        return ocr.Scan(fault=problem(ProblemKind.NEEDS_OCR, missing))
    return ocr.read(reading, _upright(flat, picture))


def _on_paper(picture: Image.Image) -> Image.Image:
    """Grey or RGB, with what is transparent on white; 16-bit greys are brought to 8."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        paper.alpha_composite(layered)
        return paper.convert("RGB")
    if picture.mode.startswith(("I", "F")):
        grey = picture.convert("F")
        low, high = _extrema(grey)[0]
        return grey.point(lambda value: (value - low) * (255.0 / max(high - low, 1.0))).convert("L")
    return picture.convert("L" if picture.mode in {"1", "L"} else "RGB")


def _extrema(picture: Image.Image) -> tuple[tuple[float, float], ...]:
    found: Any = picture.getextrema()
    return found if isinstance(found[0], tuple) else (found,)


def _upright(flat: Image.Image, picture: Image.Image) -> Image.Image:
    """Turned as the camera says (Exif orientation)."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
    }  # fmt: skip
    orientation = None
    with contextlib.suppress(Exception):
        orientation = turns.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return flat.transpose(orientation) if orientation is not None else flat


# ------------------------------------------------------------------------ metadata


def _cut(lines: list[str]) -> Iterator[Segment]:
    text = "\n".join(dict.fromkeys(line[:_META_LONGEST] for line in lines if line.strip()))
    for start in range(0, len(text), 8_000):
        yield Segment(Part("metadata"), text[start : start + 8_000], Role.METADATA, offset=start)


def _metadata(picture: Image.Image) -> list[str]:
    """``name: text`` of everything that a person or a camera wrote beside the picture."""
    lines: list[str] = []
    for gather in (_exif, _texts, _iptc):
        with contextlib.suppress(Exception):  # damaged metadata costs only itself
            lines += gather(picture)
    return lines


def _exif(picture: Image.Image) -> Iterator[str]:
    exif = picture.getexif()
    for tag, name in _TAGS.items():
        if text := _text(exif.get(tag), utf16=tag in _UTF16_TAGS):
            yield f"{name}: {text}"
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    for tag, name in _EXIF_TAGS.items():
        if name and (text := _comment(inner.get(tag))):
            yield f"{name}: {text}"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude, longitude = (_degrees(gps.get(value), gps.get(sign)) for value, sign in ((2, 1), (4, 3)))
    if latitude is not None and longitude is not None:
        yield f"GPS: {latitude:.6f}, {longitude:.6f}"


def _text(value: Any, *, utf16: bool = False) -> str:
    if isinstance(value, tuple) and all(isinstance(part, int) and 0 <= part < 256 for part in value):
        value = bytes(value)
    if isinstance(value, bytes):
        if utf16:
            return value.decode("utf-16-le", "replace").strip("\0 \n")
        return _decoded(value)
    return _decoded(value.encode("latin-1")) if isinstance(value, str) and _is_latin(value) else str(value or "").strip("\0 \n")


def _is_latin(value: str) -> bool:
    """Pillow reads Exif's ASCII fields as Latin-1; Japanese tools put UTF-8 or CP932 into them."""
    return any("\x80" <= sign <= "\xff" for sign in value) and all(sign <= "\xff" for sign in value)


def _decoded(data: bytes) -> str:
    data = data.strip(b"\0 \n")
    for encoding in ("utf-8", "cp932"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("latin-1")


def _comment(value: Any) -> str:
    """``UserComment`` begins with eight bytes that name its code."""
    if not isinstance(value, bytes):
        return _text(value)
    code, rest = value[:8], value[8:]
    if code.startswith(b"UNICODE"):
        order = "utf-16-be" if rest[:1] == b"\0" or rest[:2] == b"\xfe\xff" else "utf-16-le"
        big, little = rest.decode("utf-16-be", "replace"), rest.decode("utf-16-le", "replace")
        if order == "utf-16-le" and _sense(big) > _sense(little):
            order = "utf-16-be"
        return (big if order == "utf-16-be" else little).strip("\0\ufeff \n")
    if code.startswith(b"JIS"):
        return rest.decode("iso2022_jp", "replace").strip("\0 \n")
    return _decoded(rest if code in {b"ASCII\0\0\0", b"\0" * 8} else value)


def _sense(text: str) -> int:
    """How many characters are of scripts that people here write."""
    return sum(sign < "\u0250" or "\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in text)


def _degrees(value: Any, sign: Any) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees: float = sum(float(part) / 60**power for power, part in enumerate(value))
    return -degrees if sign in {"S", "W"} else degrees


def _texts(picture: Image.Image) -> Iterator[str]:
    """PNG texts, comments of JPEG and GIF, XMP packets."""
    if picture.format == "PNG":
        with contextlib.suppress(Exception):
            picture.load()  # texts may follow the pixels
    known: set[str] = set()
    for name, value in (getattr(picture, "text", None) or {}).items():
        if name == "XML:com.adobe.xmp":
            known.update(xmp.texts(str(value).encode()))
        elif not name.startswith("Raw profile"):
            yield f"{name}: {_text(str(value))}"
    for key in ("comment", "Comment"):
        if text := _text(picture.info.get(key)):
            yield f"comment: {text}"
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    known.update(xmp.texts(packet.encode() if isinstance(packet, str) else bytes(packet)))
    yield from sorted(known)


def _iptc(picture: Any) -> Iterator[str]:
    from PIL import IptcImagePlugin

    info: Any = IptcImagePlugin.getiptcinfo(picture) or {}
    for key, name in _IPTC.items():
        values = info.get(key)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, bytes) and (text := _decoded(value)):
                yield f"{name}: {text}"
