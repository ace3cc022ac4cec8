"""Trains the segmenter ``recognizers/models/words.npz``: a pupil of Sudachi's mode A.

    python tools/train_segmenter.py --data ner_train.jsonl gsd_ner_train.jsonl [--dev ner_dev.jsonl gsd_ner_dev.jsonl]

Sudachi itself is the teacher, so any text will do: those of the data files (objects with ``"text"`` and ``"spans"``, a line each),
the same with other persons, office texts that ``tools/invented_names.py`` invents, and the first with words exchanged for others of
the same part of speech, which shows the pupil what the dictionary knows beyond those texts. It needs PyTorch (``pip install torch``),
for training only, and five minutes.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from build_name_lists import sudachi_words
from invented_names import Inventor, invent
from torch import nn
from torch.nn import functional
from train_names import ROOT, Renamer, load

from piiscan.detect.names import features as F  # noqa: N812
from piiscan.detect.names import segmenter as S  # noqa: N812

MODEL = ROOT / "recognizers" / "models" / "words.npz"
#: A word's price in the dictionary is one of four classes.
PRICES = (7000, 10000, 13500)
#: So much more than even odds are needed against a cut: a name that is cut in two is found, one that is glued to a word is not.
LEAST = -0.25
#: A place of a person's name counts as so many.
NAMED = 5.0
#: Copies of a labelled text with other persons.
RENAMED = 8
#: How often a word is exchanged, in the copies of the texts one after the other.
EXCHANGED = (0.15, 0.3, 0.5, 0.15, 0.3, 0.5)
#: Parts of speech whose words are exchanged.
OPEN = {"名詞", "動詞", "形容詞", "副詞", "形状詞", "接尾辞", "接頭辞", "感動詞", "連体詞"}
#: A word that was met so often as another part of speech than alone is kept in a list.
SEEN = 3
#: Weights are kept as whole numbers of this size.
_UNIT = 0.05
_REACH = 4  # of a group of characters, in places


# ------------------------------------------------------------------ the dictionary


def dictionary() -> list[Any]:
    spec = find_spec("sudachidict_core")
    assert spec is not None and spec.origin is not None  # noqa: PT018
    return list(sudachi_words(Path(spec.origin).parent / "resources" / "system.dic"))


def group(pos: Sequence[str]) -> int:
    if pos[0] in {"助詞", "助動詞"}:
        return 2
    if pos[0] in {"動詞", "形容詞"}:
        return 1
    if pos[1] == "固有名詞":
        if pos[2] == "人名":
            return {"姓": 3, "名": 4}.get(pos[3], 5)
        return 6 if pos[2] == "地名" else 5
    return 0 if pos[0] in {"名詞", "代名詞"} else 7


def word_table(words: Iterable[Any]) -> dict[str, np.ndarray]:
    """The words that Sudachi does not cut in mode A, the cheapest of each form."""
    best: dict[bytes, tuple[int, int]] = {}
    for word in words:
        form = S.folded(S.characters(word.head))
        if not word.parts and word.reachable and 1 <= len(form) <= S.LONGEST:
            found = (word.cost, group(word.pos))
            key = form.tobytes()
            best[key] = min(best.get(key, found), found)
    items = sorted(best.items(), key=lambda item: -item[1][0])  # where two share a place the cheaper one stays
    forms = [np.frombuffer(form, np.uint16) for form, _ in items]
    classes = np.array([1 + kind * 4 + int(np.searchsorted(PRICES, cost)) for _, (cost, kind) in items], np.uint16)
    single = np.zeros(1 << 16, np.uint8)
    ones = np.array([len(form) < S.SHORTEST for form in forms])
    single[[int(form[0]) for form in forms if len(form) < S.SHORTEST]] = classes[ones]
    forms, classes = [form for form in forms if len(form) >= S.SHORTEST], classes[~ones]
    slots, prints = S.fingerprints(np.array([S.prefix_sums(form)[-1] for form in forms], np.uint32))
    table = dict(zip(slots.tolist(), ((prints << 6) | classes).tolist(), strict=True))
    slot = np.array(sorted(table), np.uint32)
    return {"single": single, "word_slots": slot, "word_entries": np.array([table[s] for s in slot.tolist()], np.uint16)}


# ------------------------------------------------------------------ what the teacher says


def exchanged(rows: list[dict[str, Any]], words: Iterable[Any], seed: int = 5) -> list[str]:
    """The texts with words exchanged for others of their part of speech, cheap ones more often."""
    rng = random.Random(seed)
    by_pos: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    seen: set[str] = set()
    for word in words:
        if word.reachable and word.head and len(word.head) <= 10 and word.cost <= 16_000 and word.head not in seen:
            seen.add(word.head)
            by_pos[word.pos].append((word.head, word.cost))
    weights = {pos: list(itertools.accumulate(2.0 ** (-cost / 3000) for _, cost in found)) for pos, found in by_pos.items()}
    one = F.tokenizer()
    out = []
    for share in EXCHANGED:
        for row in rows:
            parts = []
            for token in one.tokenize(row["text"]):
                pos = token.part_of_speech()
                part = token.surface()
                if pos[0] in OPEN and pos[1] != "数詞" and pos in by_pos and rng.random() < share:
                    part = rng.choices(by_pos[pos], cum_weights=weights[pos])[0][0]
                parts.append(part)
            out.append("".join(parts))
    return out


def alone(words: Iterable[Any], count: int, seed: int = 6) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Lines with a word of the dictionary or a name alone in each, as cells and labels have them, cheap words more often; names in kana too."""
    rng = random.Random(seed)
    inventor = Inventor(seed)
    known = [word for word in words if word.reachable and word.head.strip() and len(word.head) <= 12]
    heads = rng.choices(known, [2.0 ** (-word.cost / 4000) for word in known], k=count) + rng.choices(
        [word for word in known if word.pos[2:3] == ("人名",)], k=count
    )
    lines: list[tuple[str, list[tuple[int, int, str]]]] = []
    for word in heads:
        kind = "PERSON" if word.pos[2:3] == ("人名",) else ""
        title = rng.choice(["", "", "", "さん", "様", "は", "の", "と"]) if kind else ""
        lines.append((word.head + title, [(0, len(word.head), kind)]))
        if rng.random() < 0.5:  # まえだ, なべ
            kana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in word.reading)
            lines.append((kana, [(0, len(kana), kind)]))
    for _ in range(count):
        name = inventor.name()
        lines.append((name, [(0, len(name), "PERSON")]))
    rng.shuffle(lines)
    texts = []
    for at in range(0, len(lines), 100):
        text, spans = "", []
        for line, marked in lines[at : at + 100]:
            spans += [(start + len(text), end + len(text), kind) for start, end, kind in marked]
            text += line + rng.choice(["\n", "\n", "\t", "、", ",", " | "])
        texts.append((text, spans))
    return texts


def texts_in(folders: Iterable[Path]) -> list[str]:
    """What the text files in some folders hold (``tools/make_share.py`` makes such), those that are in Unicode or Shift_JIS."""
    found = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".txt", ".csv", ".tsv", ".md", ".html"}):
        data = path.read_bytes()
        for encoding in ("utf-8-sig", "cp932"):
            try:
                found.append(data.decode(encoding))
                break
            except UnicodeDecodeError:
                continue
    return found


class Lessons:
    """Texts end to end, where their words begin, and how much each place matters: those of persons' names more."""

    def __init__(self, texts: Iterable[tuple[str, Sequence[Any]]]) -> None:
        self.readings: dict[str, Counter[tuple[tuple[str, ...], str]]] = defaultdict(Counter)
        read, begins, weights = [], [], []
        one = F.tokenizer()
        for text, spans in texts:
            if text.isascii():
                continue
            weight = np.ones(len(text) + 1, np.float32)
            for start, end, label in spans:
                if label == "PERSON":
                    weight[start : end + 1] = NAMED
            for at in range(0, len(text), 10_000):
                part = text[at : at + 10_000]
                begin = np.zeros(len(part) + 3, np.float32)
                begin[-3:] = 1.0
                for token in one.tokenize(part):
                    begin[token.begin()] = 1.0
                    self.readings[token.surface()][token.part_of_speech(), token.normalized_form()] += 1
                read.append(S.characters(part + "\n\n\n"))
                begins.append(begin)
                weights += [weight[at : at + len(part)], np.ones(3, np.float32)]
        self.points, self.begins, self.weights = (np.concatenate(x) for x in (read, begins, weights))

    def parts(self, size: int = 30_000) -> list[tuple[S.Points, np.ndarray, np.ndarray]]:
        return [tuple(x[i : i + size] for x in (self.points, self.begins, self.weights)) for i in range(0, len(self.points), size)]


def readings(lessons: Lessons) -> dict[str, np.ndarray]:
    """Words that are mostly another part of speech in a text than alone."""
    lines, kinds = [], {}
    for surface, counts in sorted(lessons.readings.items()):
        (pos, norm), often = counts.most_common(1)[0]
        alone = [token for token in F.word_tokenizer().tokenize(surface) if token.surface()]
        if often >= SEEN and surface.strip() and (len(alone) != 1 or alone[0].part_of_speech() != pos):
            kind = kinds.setdefault("\t".join(pos), len(kinds))
            lines.append(f"{surface}\t{norm}\t{kind}")
    pack = lambda texts: np.frombuffer("\n".join(texts).encode(), np.uint8)  # noqa: E731
    return {"readings": pack(lines), "reading_kinds": pack(kinds)}


# ------------------------------------------------------------------ the pupil


class Pupil(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        zeros = lambda *shape: nn.Parameter(torch.zeros(*shape))  # noqa: E731
        self.groups = nn.ParameterList([zeros(1 << bits, len(offsets)) for bits, offsets in S.GROUPS.values()])
        self.kinds, self.pairs, self.rivals = zeros(S.KINDS**6), zeros(S.PAIRS), zeros(1 << S.RIVALS)
        self.starts, self.ends, self.insides = zeros(S.WORD_CODES), zeros(S.WORD_CODES), zeros(S.WORD_CODES)
        self.beside, self.bias = zeros(1 << S.RIVALS), zeros(1)

    def forward(self, marks: S.Marks, drop: float = 0.0) -> torch.Tensor:
        """The sum of each place. ``drop``: of so many groups nothing is seen."""
        index = lambda numbers: torch.from_numpy(numbers.astype(np.int64))  # noqa: E731
        size = len(marks.kinds)
        sums = torch.zeros(size + 2 * _REACH)
        for weights, (n, (_, offsets)) in zip(self.groups, S.GROUPS.items(), strict=True):
            rows = weights[index(marks.groups[n])]
            lost = drop * (n - 1) / 2
            if lost:
                rows = rows * (torch.rand(size, 1) > lost) / (1 - lost)
            sums = sums + sum(functional.pad(rows[:, k], (_REACH + of, _REACH - of)) for k, of in enumerate(offsets))
        inner = (
            sums[_REACH : _REACH + size]
            + self.kinds[index(marks.kinds)]
            + self.pairs[index(marks.pairs)]
            + self.rivals[index(marks.rivals)]
            + self.bias
        )
        begin, length, code = (index(numbers) for numbers in marks.words)
        inner = functional.pad(inner, (0, S.LONGEST))
        inner = inner.index_add(0, begin, self.starts[code]).index_add(0, begin + length, self.ends[code])
        inside = self.insides[code] + self.beside[index(marks.beside)]
        for step in range(1, S.LONGEST):
            longer = length > step
            inner = inner.index_add(0, begin[longer] + step, inside[longer])
        return inner[:size]

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights in units of :data:`_UNIT`; the bias is part of the least sum."""
        units = lambda x: np.round(x.detach().numpy() / _UNIT)  # noqa: E731
        found = {f"group{n}": np.clip(units(w), -127, 127).astype(np.int8) for n, w in zip(S.GROUPS, self.groups, strict=True)}
        found |= {
            name: units(getattr(self, name)).astype(np.int16)
            for name in ("kinds", "pairs", "rivals", "starts", "ends", "insides", "beside")
        }
        return found | {"least": np.int32(np.ceil((LEAST - float(self.bias.detach())) / _UNIT))}


def train(lessons: Lessons, segmenter: S.Segmenter, epochs: int, seed: int) -> Pupil:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    pupil = Pupil()
    optimizer = torch.optim.Adam(pupil.parameters())
    parts = [(segmenter.marks(read), torch.from_numpy(begins), torch.from_numpy(weights)) for read, begins, weights in lessons.parts()]
    for epoch in range(epochs):
        began, total = time.time(), 0.0
        for parameters in optimizer.param_groups:
            parameters["lr"] = 0.03 * (1 - epoch / epochs) + 0.002
        for i in rng.permutation(len(parts)):
            marks, begins, weights = parts[i]
            loss = functional.binary_cross_entropy_with_logits(pupil(marks, 0.3), begins, weights)
            small = sum((table**2).sum() for table in [*list(pupil.groups)[1:], pupil.rivals, pupil.beside])
            optimizer.zero_grad()
            (loss + 1e-4 / len(begins) * small).backward()
            optimizer.step()
            total += loss.item()
        print(f"  epoch {epoch}: {total / len(parts):.4f}, {time.time() - began:.0f} s", flush=True)
    return pupil


def untrained(words: dict[str, np.ndarray]) -> S.Segmenter:
    return S.Segmenter(words | Pupil().arrays())


# ------------------------------------------------------------------ measuring


def measure(segmenter: S.Segmenter, rows: list[dict[str, Any]]) -> None:
    """Words that are cut as the teacher cuts them, and persons whose ends are no ends of words."""
    same = ours = theirs = lost = lost_by_teacher = persons = 0
    for row in rows:
        text = row["text"]
        begins = segmenter.begins(S.characters(text)).tolist()
        taught = [token.begin() for token in F.tokenizer().tokenize(text) if token.surface()]
        mine, his = (set(zip(x, [*x[1:], len(text)], strict=True)) for x in (begins, taught))
        same, ours, theirs = same + len(mine & his), ours + len(mine), theirs + len(his)
        for start, end, label in row["spans"]:
            if label == "PERSON":
                persons += 1
                lost += not {start, end} <= {*begins, len(text)}
                lost_by_teacher += not {start, end} <= {*taught, len(text)}
    print(
        f"    words as the teacher's: F1 {2 * same / (ours + theirs):.4f}; of {persons} persons {lost} end within a word, {lost_by_teacher} for the teacher"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--invented", type=int, default=12_000)
    parser.add_argument(
        "--alone", type=int, default=15_000, help="words of the dictionary, names of it and invented names that stand alone"
    )
    parser.add_argument("--folders", type=Path, nargs="*", default=[], help="folders of invented files, of which the text files are read")
    parser.add_argument("--out", type=Path, default=MODEL)
    args = parser.parse_args()
    rows, words, renamer = load(args.data), dictionary(), Renamer()
    renamed = [new for row in rows for _ in range(RENAMED) if (new := renamer.renamed(row))]
    texts: list[tuple[str, Sequence[Any]]] = [(row["text"], row["spans"]) for row in (*rows, *renamed, *invent(args.invented, seed=77))]
    texts += [(text, ()) for text in texts_in(args.folders)]
    table = word_table(words)
    lessons = Lessons([*texts, *alone(words, args.alone), *((text, ()) for text in exchanged(rows, words))])
    print(f"  {len(table['word_slots'])} words, {len(lessons.points)} characters", flush=True)
    pupil = train(lessons, untrained(table), args.epochs, args.seed)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out, **table, **pupil.arrays(), **readings(Lessons(texts)))
    print(f"  {args.out}: {args.out.stat().st_size / 1e6:.2f} MB", flush=True)
    with np.load(args.out) as archive:
        segmenter = S.Segmenter(dict(archive))
    for name, dev in {**{path.stem: load([path]) for path in args.dev}, "invented office texts": invent(600, seed=2026)}.items():
        print("  ", name)
        measure(segmenter, dev)


if __name__ == "__main__":
    main()
