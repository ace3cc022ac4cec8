"""Shortcuts, placeholders of clouds, self-extracting archives, and text runs in what nothing reads."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from office_kit import read

from piiscan.extractors import engines
from piiscan.problems import ProblemKind
from sample_data.make.archives import cab, lzh, rar5
from sample_data.make.databases import lnk
from tests.running import piiscan

TEXT = "氏名：山田太郎".encode()


# ---------------------------------------------------------------------- shortcuts


def test_a_shortcut_says_what_it_points_to():
    seen = read(lnk(path="C:\\Users\\山田太郎\\給与.xlsx", comment="鈴木花子さんの分", arguments="/user:yamada"), "a.lnk")
    assert "C:\\Users\\山田太郎\\給与.xlsx" in seen.text
    assert "鈴木花子さんの分" in seen.text
    assert "/user:yamada" in seen.text
    assert not seen.problems


def test_a_damaged_shortcut_is_not_clean_and_kills_nothing():
    whole = lnk(path="C:\\Users\\山田太郎\\給与.xlsx", comment="鈴木花子さんの分")
    assert read(whole[:40], "a.lnk").kinds & {ProblemKind.BROKEN}
    random.seed(4)
    for _ in range(60):
        twisted = bytearray(whole)
        for _ in range(3):
            twisted[random.randrange(20, len(twisted))] = random.randrange(256)
        read(bytes(twisted), "a.lnk")


def test_an_internet_shortcut_is_text():
    content = "[InternetShortcut]\r\nURL=https://example.jp/?name=山田太郎\r\n".encode("cp932")
    assert "山田太郎" in read(content, "a.url").text


# -------------------------------------------------------------------- placeholders


def test_placeholders_of_clouds_are_reported_not_read():
    stub = b"bplist00\xd4\x01\x02" + bytes(60)
    assert [(p.kind, p.detail) for p in read(stub, ".名簿.xlsx.icloud").problems] == [(ProblemKind.PLACEHOLDER, "iCloud")]
    link = b'{"url": "https://docs.google.com/open?id=x", "doc_id": "x", "email": "yamada@example.jp"}'
    assert [(p.kind, p.detail) for p in read(link, "名簿.gsheet").problems] == [(ProblemKind.PLACEHOLDER, "Google Drive")]
    assert read(TEXT, "memo.gsheet").kinds == set()  # a text of that name is a text


# ------------------------------------------------------------------ self-extracting

STUB = b"MZ" + bytes(62) + b"7z\xbc\xaf\x27\x1c Rar!\x1a\x07\0 MSCF\0\0\0\0 -lh5- not yet" + bytes(range(256)) * 40


def zipped(*, shifted: int = 0) -> bytes:
    out = io.BytesIO(bytes(shifted))
    out.seek(shifted)
    with zipfile.ZipFile(out, "a" if shifted else "w") as archive:
        archive.writestr("名簿.txt", TEXT)
    return out.getvalue()[shifted:]


def sevenz() -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(TEXT, "名簿.txt")
    return out.getvalue()


@pytest.mark.parametrize(
    "archive",
    [
        zipped,
        lambda: zipped(shifted=len(STUB)),
        sevenz,
        lambda: rar5([("名簿.txt", TEXT)]),
        lambda: cab([("名簿.txt", TEXT)]),
        lambda: lzh([("名簿.txt", TEXT)]),
    ],
    ids=["zip", "zip-shifted", "7z", "rar", "cab", "lzh"],
)
def test_an_archive_in_a_program_is_read(archive):
    seen = read(STUB + archive(), "setup.exe")
    assert "山田太郎" in seen.text
    assert any(member.endswith("/名簿.txt") for member in seen.members)
    assert not seen.problems


def test_a_program_without_an_archive_is_unsupported():
    assert read(STUB, "tool.exe").kinds == {ProblemKind.UNSUPPORTED}


# -------------------------------------------------------------------------- runs


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16-le"])
def test_text_runs_are_found_when_asked_for(encoding):
    content = (
        b"AC1032"
        + noise(3000, 1)
        + b"\0\0"
        + "氏名：山田太郎　電話：".encode(encoding)
        + b"\0\0"
        + noise(2001, 2)
        + "tel 090-1234-5678".encode(encoding)
        + b"\0\0"
        + noise(900, 3)
    )
    assert read(content, "図面.dwg").kinds == {ProblemKind.UNSUPPORTED}
    seen = read(content, "図面.dwg", strings=True)
    assert "氏名：山田太郎" in seen.text
    assert "090-1234-5678" in seen.text
    assert [(problem.kind, problem.detail) for problem in seen.problems] == [
        (ProblemKind.PART_NOT_READ, "AutoCAD drawing; only its text runs were searched")
    ]


def test_noise_gives_next_to_no_text():
    seen = read(b"AC1032" + noise(400_000, 5), "図面.dwg", strings=True)
    assert len(seen.text) < 1500


@pytest.mark.parametrize("place", [(1 << 20) - 10, (1 << 20) - 4096 - 10, (1 << 20) + 5])
def test_a_run_across_chunks_is_found_once(place):
    content = bytearray(b"AC1032".ljust((1 << 20) + 8192, b"\0"))
    text = "氏名：山田太郎様".encode("cp932")
    content[place : place + len(text)] = text
    assert read(bytes(content), "図面.dwg", strings=True).text.count("山田太郎") == 1


def test_runs_in_programs_and_members_are_found_too():
    import zipfile as library

    out = io.BytesIO()
    with library.ZipFile(out, "w") as archive:
        archive.writestr("a.dwg", b"AC1032" + bytes(50) + TEXT + bytes(50))
    seen = read(out.getvalue(), "a.zip", strings=True)
    assert "山田太郎" in seen.text
    assert seen.kinds == {ProblemKind.PART_NOT_READ}
    assert "山田太郎" in read(STUB + bytes(20) + TEXT + bytes(20), "a.exe", strings=True).text


def test_the_command_line_asks_for_runs(tmp_path):
    path = tmp_path / "図面.dwg"
    path.write_bytes(b"AC1032" + bytes(50) + "氏名：山田太郎　電話：090-1234-5678".encode("cp932") + bytes(50))
    plain = piiscan("extract", path, "--lang", "en", ok=(3,))
    assert "山田太郎" not in plain.stdout
    asked = piiscan("extract", path, "--strings", "--lang", "en", ok=(3,))
    assert "山田太郎" in asked.stdout
    assert "only its text runs were searched" in asked.stderr
    found = piiscan("inspect", path, "--strings", "--jsonl", ok=(3,))
    assert '"PERSON"' in found.stdout


def test_formats_and_doctor_say_which_engine_is_missing(monkeypatch):
    without = tuple(engines.Engine(e.name, e.reads, lambda: None, e.install) for e in engines.ENGINES)
    monkeypatch.setattr(engines, "ENGINES", without)
    told = piiscan("formats", "--lang", "en").stdout
    assert "not installed: libarchive" in told
    assert "not installed: mdbtools" in told
    assert '"missing": ["libarchive"]' in piiscan("formats", "--jsonl").stdout


def test_xml_of_any_vocabulary_is_no_page_and_keeps_its_lines() -> None:
    xml = """<?xml version="1.0"?><!-- 控え --><card><head><from name="近藤 明" tel="080-1111-2223"/></head><body>
      氏名：安田 美咲
      電話：090-1234-5678
    </body></card>"""
    for name in ("a.xml", "a.txt"):
        seen = read(xml.encode(), name)
        assert seen.formats == {"xml"}
        assert {"name: 近藤 明", "tel: 080-1111-2223", "電話：090-1234-5678"} <= set(seen.text.replace("from ", "").split("\n"))
    page = (
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html><body><p>近藤 明</p></body></html>'
    )
    for name in ("a.xml", "a.txt"):
        assert read(page.encode(), name).formats == {"html"}
    assert read(b"<table><tr><td>1</td></tr></table>", "a.txt").formats == {"html"}


def test_xml_elements_called_read_are_read_and_nothing_is_said_of_those_that_were() -> None:
    seen = read("<?xml version='1.0'?><a><p><q><t>山田</t></q></p><m>前<b><i>x</i></b><read>田中</read></m></a>".encode(), "a.xml")
    assert sorted(seen.text.replace(": ", " ").split()) == sorted(["q", "t", "山田", "b", "i", "x", "read", "田中", "m", "前"])
