"""Builds the name lists of ``recognizers/dictionaries/`` from SudachiDict and japanese-personal-name-dataset.

    python tools/build_name_lists.py --dataset DIR

``DIR`` is the unpacked wheel ``japanese-personal-name-dataset`` (MIT, from PyPI; not needed at run time). SudachiDict
(Apache-2.0) is read from the installed ``sudachidict_core`` by walking its binary dictionary, whose layout is described
in the sources of sudachi.rs (``dic/header.rs``, ``dic/grammar.rs``, ``dic/lexicon/``).

Written files, each with a comment line that names source and licence:

* ``surnames.tsv``: the most frequent surnames with reading and estimated bearers;
* ``given_names.tsv``: given names with reading; ``given_readings.tsv``: further readings of them (美月 is ハヅキ, ミズキ, ミツキ), which the
  features of the model do not see;
* ``name_parts.txt.xz``: every surname (``s``), given name (``g``) and foreign name (``w``) that SudachiDict knows, in kanji or kana.
"""

from __future__ import annotations

import argparse
import lzma
import re
import struct
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

OUT = Path(__file__).resolve().parents[1] / "recognizers" / "dictionaries"
KANJI = re.compile(r"[々〆ヶヵノ\u3400-\u9fff\uf900-\ufaff]{1,5}")
KATAKANA = re.compile(r"[ァ-ヺー]{2,12}")
HIRAGANA = re.compile(r"[ぁ-ゖー]{2,6}")
MIXED = re.compile(r"[々〆ヶヵノ\u3400-\u9fff\uf900-\ufaffぁ-ゖ]{2,6}")


class Word(NamedTuple):
    """An entry of the dictionary.

    :ivar reachable: whether a text can hold it by itself (some are only parts of others). ``parts``: how many words mode A makes of it, 0 for one.
    """

    head: str
    pos: tuple[str, ...]
    cost: int
    reading: str
    reachable: bool
    parts: int


def sudachi_words(path: Path) -> Iterator[Word]:
    """Every entry of a Sudachi system dictionary."""
    data = path.read_bytes()

    def text(at: int) -> tuple[str, int]:
        length = data[at]
        at += 1
        if length & 0x80:
            length = ((length & 0x7F) << 8) | data[at]
            at += 1
        return data[at : at + 2 * length].decode("utf-16le"), at + 2 * length

    at = 8 + 8 + 256
    kinds: list[tuple[str, ...]] = []
    (count,) = struct.unpack_from("<H", data, at)
    at += 2
    for _ in range(count):
        parts = []
        for _ in range(6):
            part, at = text(at)
            parts.append(part)
        kinds.append(tuple(parts))
    left, right = struct.unpack_from("<HH", data, at)
    at += 4 + 2 * left * right
    at += 4 + 4 * int(struct.unpack_from("<I", data, at)[0])  # the trie
    at += 4 + int(struct.unpack_from("<I", data, at)[0])  # word ids
    (words,) = struct.unpack_from("<I", data, at)
    costs = at + 4
    infos = costs + 6 * words
    for i in range(words):
        context, _, cost = struct.unpack_from("<3h", data, costs + 6 * i)
        (info,) = struct.unpack_from("<I", data, infos + 4 * i)
        head, info = text(info)
        info += 2 if data[info] & 0x80 else 1
        (kind,) = struct.unpack_from("<H", data, info)
        _, info = text(info + 2)
        reading, info = text(info + 4)
        yield Word(head, kinds[kind], cost, reading or head, context >= 0, data[info])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", type=Path, required=True, help="folder with last_name_org.csv and first_name_*.csv")
    folder = next(parser.parse_args().dataset.rglob("last_name_org.csv")).parent

    def kana(text: str) -> str:
        return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)

    mit = "japanese-personal-name-dataset 0.4.0 (MIT, shuheilocale; PyPI), as of 2026-10"
    rows = [line.split(",") for line in (folder / "last_name_org.csv").read_text(encoding="utf-8").splitlines() if line]
    with (OUT / "surnames.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# surname, reading, estimated bearers. Source: {mit}\n")
        out.writelines(f"{name}\t{kana(reading)}\t{count}\n" for name, count, reading, _ in rows)
    given: dict[str, str] = {}
    common: set[str] = set()
    further: set[tuple[str, str]] = set()
    for sex in ("man", "woman"):
        for kind in ("opti", "org"):
            for line in (folder / f"first_name_{sex}_{kind}.csv").read_text(encoding="utf-8").splitlines():
                reading, _, *names = line.split(",")
                for name in names:
                    if KANJI.fullmatch(name) or MIXED.fullmatch(name):
                        if given.setdefault(name, kana(reading)) != kana(reading):
                            further.add((name, kana(reading)))
                        if kind == "opti":
                            common.add(name)
    with (OUT / "given_names.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# given name, reading, 1 if its reading is a frequent one. Source: {mit}\n")
        out.writelines(f"{name}\t{reading}\t{int(name in common)}\n" for name, reading in sorted(given.items()))
    with (OUT / "given_readings.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# given name, a further reading of it. Source: {mit}\n")
        out.writelines(f"{name}\t{reading}\n" for name, reading in sorted(further))
    spec = find_spec("sudachidict_core")
    assert spec is not None
    assert spec.origin is not None
    parts: set[str] = set()
    for head, pos, _, reading, *_ in sudachi_words(Path(spec.origin).parent / "resources" / "system.dic"):
        if pos[2] != "人名":
            continue
        letter = {"姓": "s", "名": "g"}.get(pos[3], "w")
        if letter in "sg" and (KANJI.fullmatch(head) or MIXED.fullmatch(head)):
            parts.add(f"{letter}\t{head}\t{reading}")
        elif KATAKANA.fullmatch(head):
            parts.add(f"w\t{head}\t")
        elif HIRAGANA.fullmatch(head) and letter == "g":
            parts.add(f"g\t{head}\t{kana(head)}")
    lines = [f"# kind, name, reading. Source: SudachiDict core {spec.name} (Apache-2.0), entries 固有名詞,人名", *sorted(parts)]
    (OUT / "name_parts.txt.xz").write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))
    print(len(rows), len(given), len(parts))


if __name__ == "__main__":
    main()
