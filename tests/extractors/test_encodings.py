"""Every Japanese encoding, with the characters that Windows added, and lines of several in one file."""

from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest
from office_kit import read

from piiscan.extractors.base import Budget, Reading
from piiscan.extractors.text import plain, windows_codecs
from piiscan.extractors.text.encodings import decode, detect
from piiscan.model import Line
from piiscan.problems import ProblemKind
from piiscan.settings import Limits
from sample_data.make.build import mail

TEXT = "氏名：髙橋①太郎　（㈱山田商店）\n電話：03-1234-5678　ﾀｶﾊｼ ﾀﾛｳ\n住所：﨑玉県 №5\n"
NAMES = ["utf-8", "utf-8-sig", "cp932", "cp51932", "cp50221", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("name", NAMES)
def test_a_text_comes_out_whole(name: str) -> None:
    seen = read(TEXT.replace("\n", "\r\n").encode(name), "a.txt")
    assert seen.text.lstrip("\ufeff") == TEXT
    assert seen.at(Line(1)) is not None
    assert ProblemKind.ENCODING_DAMAGED not in seen.kinds


@pytest.mark.parametrize("name", NAMES)
def test_a_single_line_comes_out_whole(name: str) -> None:
    text = "山田太郎,03-1234-5678"
    assert decode(text.encode(name))[0].lstrip("\ufeff") == text


@pytest.mark.parametrize(("name", "text"), [("cp932", "ﾔﾏﾀﾞ ﾀﾛｳ,1234567\r\n"), ("cp51932", "ﾔﾏﾀﾞ ﾀﾛｳ,1234567\r\n"), ("cp50221", "ﾔﾏﾀﾞ ﾀﾛｳ,1234567\r\n"), ("cp51932", "髙橋")])  # fmt: skip
def test_short_texts(name: str, text: str) -> None:
    assert decode(text.encode(name))[0] == text


def test_lines_of_several_encodings_in_one_log() -> None:
    lines = [f"{i:03d} 氏名：髙橋{i}子 電話：03-1234-{i:04d} ㈱山田" for i in range(40)]
    names = ["cp932", "utf-8", "cp51932", "cp50221"]
    rng = random.Random(1)
    seen = read(b"".join(f"{line}\n".encode(rng.choice(names)) for line in lines), "app.log")
    assert seen.text.splitlines() == lines
    (problem,) = seen.problems
    assert problem.kind is ProblemKind.ENCODING_GUESSED


def test_a_file_that_changes_its_encoding_far_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_SAMPLE", 500)
    monkeypatch.setattr(plain, "_READ", 300)
    old = "".join(f"{i} 氏名：山田太郎 その{i}\n" for i in range(200))
    new = "".join(f"{i} 氏名：髙橋花子 その{i}\n" for i in range(200))
    assert read(old.encode("cp932") + new.encode(), "app.log").text == old + new
    assert read(old.encode() + new.encode("cp932"), "app.log").text == old + new


@pytest.mark.parametrize("name", NAMES)
def test_one_line_without_an_end_is_read_in_pieces(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_SAMPLE", 4096)
    monkeypatch.setattr(plain, "_READ", 1001)
    monkeypatch.setattr(plain, "_LONG_LINE", 3000)
    text = "氏名：山田太郎、電話：03-1234-5678、" * 400
    if name == "cp50221":
        monkeypatch.setattr(windows_codecs, "_LONGEST_RUN", 3000)
    seen = read(text.encode(name), "a.txt")
    assert seen.text.count("03-1234-5678") == 400
    if name != "cp50221":  # a cut inside a run of ISO-2022-JP costs the characters up to its next escape
        assert "".join(seen.text.split("\n")).lstrip("\ufeff") == text


def test_colours_of_a_terminal_are_no_encoding() -> None:
    assert detect("\x1b[31m山田太郎\x1b(B\x1b[m\n".encode()).name == "utf-8"


def test_a_mail_to_a_takahashi_with_the_ladder() -> None:
    content = mail("a@example.jp", "b@example.jp", "x", "BODY").replace(b'charset="utf-8"', b'charset="iso-2022-jp"')
    seen = read(content.replace(b"BODY", "髙橋①様　㈱山田".encode("cp50221")), "a.eml")
    assert "髙橋①様　㈱山田" in seen.text


@pytest.mark.parametrize("name", [windows_codecs.EUC, windows_codecs.JIS])
def test_codecs_in_pieces_and_with_damage(name: str) -> None:
    data = TEXT.encode(name)
    assert data.decode(name) == TEXT
    for size in (1, 2, 3, 7):
        decoder = codecs.getincrementaldecoder(name)()
        assert "".join(decoder.decode(data[i : i + size]) for i in range(0, len(data), size)) + decoder.decode(b"", True) == TEXT
    with pytest.raises(UnicodeDecodeError):
        b"\xff\xff".decode(name)
    assert "太郎" in (b"\xff" + "太郎".encode(name)).decode(name, "replace")
    with pytest.raises(UnicodeEncodeError):
        "\U00020bb7".encode(name)
    rng = random.Random(2)
    for _ in range(300):
        broken = bytearray(data)
        broken[rng.randrange(len(broken))] = rng.randrange(256)
        assert bytes(broken).decode(name, "replace")


@pytest.mark.parametrize("text", ["氏名：山田太郎　電話：090-1234-5678\n" * 3 + "住所：東京", "山田太"])
@pytest.mark.parametrize("left_out", [1, 2])
def test_utf8_that_ends_inside_a_character_is_still_utf8(text: str, left_out: int) -> None:
    """It was taken for Kazakh (ptcp154): the end fitted no encoding that was looked for."""
    seen = read(text.encode()[:-left_out], "a.txt")
    assert seen.text == text[:-1] + "\ufffd"
    assert seen.kinds == {ProblemKind.ENCODING_DAMAGED}


def test_a_byte_that_is_wrong_in_utf8_costs_one_character() -> None:
    line = "氏名：山田太郎　電話：090-1234-5678　住所：東京都千代田区\n"
    seen = read((line * 5).encode() + line.encode().replace("太".encode(), b"\xff") + (line * 5).encode(), "a.txt")
    assert seen.text == line * 5 + line.replace("太", "\ufffd") + line * 5


def test_a_log_of_cp932_with_a_short_line_of_utf8() -> None:
    seen = read("2026 山田\n".encode("cp932") + "2026 田中\n".encode() + "2026 髙橋\n".encode("cp932"), "a.log")
    assert seen.text == "2026 山田\n2026 田中\n2026 髙橋\n"


@pytest.mark.parametrize("name", ["a.log", "a.csv"])
def test_zero_bytes_in_a_text_are_left_out(name: str) -> None:
    content = "氏名,電話\n山".encode() + bytes(12) + "田,090-1234-5678\n".encode() + bytes(20)
    text = read(content, name).text
    assert "山田" in text
    assert "090-1234-5678" in text
    assert "\0" not in text
    assert read(content + b"\1\2", name).formats == {"unknown"}


def test_a_long_line_of_nothing_but_japanese_is_cut_between_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_SAMPLE", 1000)
    monkeypatch.setattr(plain, "_READ", 1001)
    monkeypatch.setattr(plain, "_LONG_LINE", 3000)
    text = "山田太郎は、東京の会社に勤めている。" * 400
    seen = read(text.encode(), "a.txt")
    assert "".join(seen.text.split("\n")) == text
    assert not seen.problems
    assert read(b"\xe5" + b"\x80" * 9000, "a.txt").text  # no character at all: cut anywhere


def test_line_ends_of_every_kind_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of Windows are dropped in a quicker way where there are no others."""
    monkeypatch.setattr(plain, "_SAMPLE", 64)
    rng = random.Random(5)
    for size in (7, 8, 50):
        monkeypatch.setattr(plain, "_READ", size)
        for ends in (["\r\n"], ["\r\n", "\n"], ["\r\n", "\r"], ["\r"]):
            for name in ("utf-8", "cp932", "utf-16"):
                text = "氏名：山田太郎" * 12 + "".join(f"、住所{rng.choice(ends)}東京\0都" for _ in range(40)) + ends[0]
                wanted = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
                data = text.encode(name)
                reading = Reading(Path("a.txt"), "a.txt", len(data), Limits(), Path(), Budget(Limits()), held=data)
                assert "".join(plain.open_text(reading)) == wanted


@pytest.mark.parametrize("name", ["cp932", "euc-jp"])
def test_a_log_in_which_lines_of_another_encoding_are_the_fewer(name: str) -> None:
    lines = [f"[{n:04}] {'状態監視 正常 応答' if n % 2 else '氏名 長峰　小夜子 連絡先'} {n}ms" for n in range(40)]
    data = b"".join(f"{line}\n".encode("utf-8" if n % 2 else name) for n, line in enumerate(lines))
    assert read(data, "a.log").text.splitlines() == lines
