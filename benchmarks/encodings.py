"""Which encoding a Japanese text is in: piiscan beside ``charset-normalizer``, on texts of known encoding.

Texts are made from invented people: a name alone, a line of a table, a
half-width kana line as banks write it, a letter, a table of two hundred lines,
and text with few Japanese characters in it. Each is written in every encoding
that it can be written in. Right is only a decoded text that equals the original
but for the two forms of the wave dash.

    python benchmarks/encodings.py [texts of each kind]
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from charset_normalizer import from_bytes

from piiscan.extractors.text.encodings import decode
from sample_data.make.people import Person, people

ENCODINGS = (
    "utf-8", "utf-8-sig", "cp932", "cp51932", "cp50221", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
)  # fmt: skip
_HALF = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー",
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ",
        strict=True,
    )
)
_VOICED = dict(zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボ", "カキクケコサシスセソタチツテトハヒフヘホ", strict=True))


def half(kana: str) -> str:
    """Half-width kana."""
    return "".join(_HALF[_VOICED[sign]] + "ﾞ" if sign in _VOICED else _HALF.get(sign, sign) for sign in kana)


def texts(rng: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """``(kind, text)``."""
    crowd = people(rng, max(count, 200))
    for i in range(count):
        p: Person = crowd[i]
        sign = rng.choice(["①", "㈱", "髙", "～", "㍻", "№", ""])
        yield "name alone", p.name
        yield "table line", f"{p.name},{p.surname_kana}{p.given_kana},{p.postal},{p.address},{p.mobile}\r\n"
        yield "half-width kana", f"{half(p.surname_kana)} {half(p.given_kana)},{p.account}\r\n"
        yield (
            "letter",
            f"{p.surname}様\n\nいつもお世話になっております。{sign}{p.address}の件、{p.mobile}までご連絡ください。\n\n総務部 {p.name}\n",
        )
        yield "mostly ASCII", f"2026-11-02 10:00:{i % 60:02d} INFO user={p.email} name={p.name} status=200 path=/members/{i}\n"
    for i in range(max(count // 20, 2)):
        rows = [f"{p.name},{half(p.surname_kana)},{p.address},{p.phone}" for p in rng.sample(crowd, 200)]
        yield "table", "氏名,カナ,住所,電話\r\n" + "\r\n".join(rows) + f"\r\n{i}\r\n"


def theirs(data: bytes) -> str:
    """What charset-normalizer makes of it."""
    match = from_bytes(data).best()
    return str(match) if match is not None else ""


def same(one: str, other: str) -> bool:
    """Equal but for a byte order mark and the two wave dashes (and the signs that came twice into Unicode with it)."""
    table = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")
    return one.lstrip("\ufeff").translate(table) == other.translate(table)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    engines: dict[str, Callable[[bytes], str]] = {"piiscan": lambda data: decode(data)[0], "charset-normalizer": theirs}
    right: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in engines}
    total: Counter[tuple[str, str]] = Counter()
    seconds = dict.fromkeys(engines, 0.0)
    for kind, text in texts(random.Random(20261125), count):
        for encoding in ENCODINGS:
            try:
                data = text.encode(encoding)
            except UnicodeEncodeError:
                continue
            total[kind, encoding] += 1
            for name, engine in engines.items():
                began = time.perf_counter()
                out = engine(data)
                seconds[name] += time.perf_counter() - began
                right[name][kind, encoding] += same(out, text)
    kinds = list(dict.fromkeys(kind for kind, _ in total))
    print(f"{sum(total.values())} texts; share decoded right: piiscan / charset-normalizer\n")
    print(f"{'':18}" + "".join(f"{encoding:>14}" for encoding in ENCODINGS))
    for kind in kinds:
        cells = [f"{right['piiscan'][kind, e] / total[kind, e]:.2f} / {right['charset-normalizer'][kind, e] / total[kind, e]:.2f}" if total[kind, e] else "" for e in ENCODINGS]  # fmt: skip
        print(f"{kind:18}" + "".join(f"{cell:>14}" for cell in cells))
    print()
    for name in engines:
        print(f"{name:20} {sum(right[name].values()) / sum(total.values()):7.2%} right, {seconds[name]:6.2f} s")
    print(f"{'ratio of times':20} {seconds['piiscan'] / seconds['charset-normalizer']:.3f} of charset-normalizer's")


if __name__ == "__main__":
    main()
