"""Trains the name model ``recognizers/models/names.npz`` from files given on the command line.

    python tools/train_names.py train --data ner_train.jsonl gsd_ner_train.jsonl
    python tools/train_names.py cv    --data … --folds 4         F1 by cross-validation (how settings were chosen)
    python tools/train_names.py dev   --data … --dev FILE…       F1 of the committed model

A data file has one object a line: ``{"text", "spans": [[start, end, label], …]}``. Besides, sentences of office texts are
invented (``tools/invented_names.py``). Word clusters are made by k-means from the vectors inside ``ja_ginza``.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite

from piiscan.detect.names import features as F  # noqa: N812
from piiscan.detect.names.model import OFFSETS, RUN_CODES, Clusters, Looks, NameModel, type_offsets

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "recognizers" / "models" / "names.npz"
COARSE = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "LOCATION": "LOC", "FAC": "LOC", "FACILITY": "LOC"}


ONLY: set[str] = set()


def coarse(label: str) -> str:
    if label in COARSE:
        return COARSE[label] if not ONLY or COARSE[label] in ONLY else ""
    if ONLY:
        return "ORG" if label.startswith("ORG") and "ORG" in ONLY else ""
    if label.startswith("ORG"):
        return "ORG"
    if label in {"PRODUCT", "EVENT", "WORK_OF_ART"}:
        return "OTH"
    return ""


# ------------------------------------------------------------------ clusters


def kmeans(x: np.ndarray, k: int, rounds: int = 15, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = x[rng.choice(len(x), k, replace=False)]
    for _ in range(rounds):
        nearest = np.argmax(x @ centres.T, axis=1)
        for c in range(k):
            members = x[nearest == c]
            centre = members.sum(axis=0) if len(members) else x[rng.integers(len(x))]
            centres[c] = centre / (np.linalg.norm(centre) + 1e-9)
    return np.argmax(x @ centres.T, axis=1)


def make_clusters(sizes: tuple[int, ...]) -> Clusters:
    import spacy

    nlp = spacy.load("ja_ginza", exclude=["ner", "parser", "compound_splitter", "bunsetu_recognizer", "morphologizer", "tok2vec"])
    vectors = nlp.vocab.vectors
    x = np.asarray(vectors.data, np.float32)
    x = x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-9)
    ids = np.stack([kmeans(x, k, seed=i + 1) for i, k in enumerate(sizes)], axis=1).astype(np.uint16)
    one = F.tokenizer()
    table: dict[int, int] = {}
    for key, row in vectors.key2row.items():
        word = nlp.vocab.strings[key]
        if row < 0 or len(word) > 12:
            continue
        tokens = one.tokenize(word)
        if len(tokens) == 1 and not word.isspace():
            table[zlib.crc32(word.encode())] = row
    keys = np.array(sorted(table), np.uint32)
    return Clusters(keys, np.array([table[int(k)] for k in keys], np.uint16), ids)


# ------------------------------------------------------------------ what a word looks like


class PackedLooks(Looks):
    packed: dict[str, Any]


def make_looks(work: Path, minimum: int = 6) -> PackedLooks:
    """Trains a softmax over character n-grams on the nouns of SudachiDict."""
    from importlib.util import find_spec

    from build_name_lists import sudachi_words

    cached = work / "names-looks.npz"
    if not cached.exists():
        spec = find_spec("sudachidict_core")
        words: set[tuple[str, str]] = set()
        for head, pos, _, _ in sudachi_words(Path(spec.origin).parent / "resources" / "system.dic"):
            if pos[0] != "名詞" or F.script(head) not in "kKm" or not 1 <= len(head) <= 12:
                continue
            label = (
                {"姓": "s", "名": "g", "一般": "w"}[pos[3]]
                if pos[2] == "人名"
                else "p"
                if pos[2] == "地名"
                else "o"
                if pos[1] == "固有名詞"
                else "c"
            )
            words.add((head, "w" if F.script(head) == "K" and label in "sg" else label))
        rng = random.Random(3)
        items = sorted(words)
        rng.shuffle(items)
        quota = Counter()
        kept = []
        for head, label in items:
            quota[label, F.script(head)] += 1
            if quota[label, F.script(head)] <= 40_000:
                kept.append((head, label))
        counts = Counter(g for head, _ in kept for g in set(F.grams(head)))
        ok = {g for g, n in counts.items() if n >= minimum}
        trainer = pycrfsuite.Trainer(verbose=False)
        for head, label in kept:
            trainer.append([[g for g in F.grams(head) if g in ok]], [label])
        trainer.select("lbfgs")
        trainer.set_params({"c1": 0.4, "c2": 0.02, "max_iterations": 40})
        trainer.train(str(work / "looks.crfsuite"))
        tagger = pycrfsuite.Tagger()
        tagger.open(str(work / "looks.crfsuite"))
        info = tagger.info()
        classes = sorted(info.labels)
        rows: dict[str, np.ndarray] = {}
        for (gram, label), weight in info.state_features.items():
            rows.setdefault(gram, np.zeros(len(classes), np.float32))[classes.index(label)] = weight
        names = sorted(g for g, v in rows.items() if np.abs(v).max() >= 0.15)
        weights = np.clip(np.round(np.stack([rows[g] for g in names]) / 0.05), -127, 127).astype(np.int8)
        np.savez_compressed(cached, names=np.array(names), classes=np.array(classes), weights=weights)
        print(f"looks: {len(kept)} words, {len(names)} n-grams, {cached.stat().st_size} bytes", flush=True)
    got = np.load(cached)
    names, classes = [str(x) for x in got["names"]], [str(x) for x in got["classes"]]
    looks = PackedLooks(names, classes, got["weights"].astype(np.float32) * 0.05)
    looks.packed = {
        "looks_names": np.frombuffer("\n".join(names).encode(), np.uint8),
        "looks_classes": np.frombuffer("\n".join(classes).encode(), np.uint8),
        "looks_weights": got["weights"],
    }
    return looks


# ------------------------------------------------------------------ examples


class Reader:
    def __init__(self, clusters: Clusters, looks: Looks) -> None:
        self.clusters = clusters
        self.looks = looks
        self.types: dict[tuple[str, int, int], int] = {}
        self.known: list[F.TokenType] = [F.PAD]
        self.cache: dict[int, tuple[list[str], str, str]] = {}
        self.lost = 0

    def info(self, number: int) -> tuple[list[str], str, str]:
        got = self.cache.get(number)
        if got is None:
            token = self.known[number]
            got = (F.features(token, self.clusters.of(token), self.looks.of(token)), F.fine_class(token), F.coarse_class(token))
            self.cache[number] = got
        return got

    def examples(self, row: dict[str, Any]) -> list[tuple[list[int], list[str]]]:
        out = []
        text = row["text"]
        for start, end in F.split_sentences(text):
            tokens = F.read_tokens(text, start, end, self.types, self.known)
            if not tokens.types:
                continue
            labels = ["O"] * len(tokens.types)
            first = {s: i for i, s in enumerate(tokens.starts)}
            last = {e: i for i, e in enumerate(tokens.ends)}
            for s, e, label in row["spans"]:
                kind = coarse(label)
                if not kind or s < start or s >= end:
                    continue
                if s not in first or e not in last:
                    self.lost += kind == "PER"
                    continue
                i, j = first[s], last[e]
                if any(x != "O" for x in labels[i : j + 1]):
                    continue
                if i == j:
                    labels[i] = "S-" + kind
                else:
                    labels[i : j + 1] = ["B-" + kind, *["I-" + kind] * (j - i - 1), "E-" + kind]
            out.append((tokens.types, labels))
        return out

    def strings(self, ids: list[int], fine_ok: set[str], coarse_ok: set[str]) -> list[list[str]]:
        padded = [0, 0, *ids, 0, 0]
        infos = [self.info(n) for n in padded]
        states, runs = F.contexts([self.known[n] for n in ids])
        out = []
        for i in range(2, len(padded) - 2):
            feats = []
            for offset in OFFSETS:
                feats += [f"{offset}|{name}" for name in infos[i + offset][0] if offset in type_offsets(name)]
            f = [x[1] if x[1] in fine_ok else "?" for x in infos[i - 1 : i + 2]]
            c = [x[2] if x[2] in coarse_ok else "?" for x in infos[i - 2 : i + 3]]
            feats += [
                f"p-|{f[0]}|{f[1]}",
                f"p+|{f[1]}|{f[2]}",
                f"t-|{c[0]}|{c[1]}|{c[2]}",
                f"t0|{c[1]}|{c[2]}|{c[3]}",
                f"t+|{c[2]}|{c[3]}|{c[4]}",
                f"x0|{c[2]}|{states[i - 2]}",
            ]
            out.append(feats)
        fines = [x[1] if x[1] in fine_ok else "?" for x in infos]
        for run in runs:
            for i in range(run.first, run.after):
                code = run.code * 3 + (0 if i == run.first else 2 if i == run.after - 1 else 1)
                out[i] += [f"r0|{code}", f"r-|{code}|{fines[run.before + 2]}", f"r+|{code}|{fines[run.after + 2]}"]
        return out


def train(examples: list[tuple[list[int], list[str]]], reader: Reader, args: argparse.Namespace, out: Path) -> None:
    began = time.time()
    fines = Counter(reader.info(n)[1] for ids, _ in examples for n in ids)
    coarses = Counter(reader.info(n)[2] for ids, _ in examples for n in ids)
    fine = ["PAD"] + [x for x, n in fines.most_common(400) if n >= 15 and "|" not in x and x != "PAD"]
    coarse_names = ["PAD"] + [x for x, n in coarses.most_common(44) if "|" not in x and x != "PAD"]
    fine_ok, coarse_ok = set(fine), set(coarse_names)
    trainer = pycrfsuite.Trainer(verbose=False)
    for ids, labels in examples:
        trainer.append(reader.strings(ids, fine_ok, coarse_ok), labels)
    trainer.select("lbfgs")
    trainer.set_params(
        {
            "c1": args.c1,
            "c2": args.c2,
            "max_iterations": args.iterations,
            "feature.minfreq": args.minfreq,
            "num_memories": 6,
            "epsilon": 1e-4,
            "delta": 1e-4,
            "period": 10,
        }
    )
    path = str(args.work / "names.crfsuite")
    trainer.train(path)
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    info = tagger.info()
    export(info, fine, coarse_names, reader, out)
    print(
        f"  {len(examples)} sentences, {len(info.state_features)} weights, {time.time() - began:.0f} s, {out.stat().st_size / 1e6:.2f} MB",
        flush=True,
    )


def export(info: Any, fine: list[str], coarse_names: list[str], reader: Reader, out: Path) -> None:
    clusters = reader.clusters
    labels = sorted(info.labels, key=lambda x: (x != "O", x))
    number = {x: i for i, x in enumerate(labels)}
    size = len(labels)
    rows: dict[str, np.ndarray] = {}
    tables: dict[str, dict[int, np.ndarray]] = {name: {} for name in ("p-", "p+", "t0", "t-", "t+", "x0", "r0", "r-", "r+")}
    fines = {x: i + 1 for i, x in enumerate(fine)} | {"?": 0}
    coarses = {x: i + 1 for i, x in enumerate(coarse_names)} | {"?": 0}
    for (attribute, label), weight in info.state_features.items():
        head, rest = attribute.split("|", 1)
        if head in tables:
            parts = rest.split("|")
            if head[0] == "p":
                code = fines[parts[0]] * (len(fine) + 1) + fines[parts[1]]
            elif head[0] == "t":
                code = (coarses[parts[0]] * (len(coarse_names) + 1) + coarses[parts[1]]) * (len(coarse_names) + 1) + coarses[parts[2]]
            elif head == "x0":
                code = coarses[parts[0]] * 4 + int(parts[1])
            elif head == "r0":
                code = int(parts[0])
            else:
                code = int(parts[0]) * (len(fine) + 1) + fines[parts[1]]
                assert int(parts[0]) < RUN_CODES
            vector = tables[head].setdefault(code, np.zeros(size, np.float32))
            vector[number[label]] += weight
        else:
            vector = rows.setdefault(rest, np.zeros(len(OFFSETS) * size, np.float32))
            vector[OFFSETS.index(int(head)) * size + number[label]] += weight
    biggest = max(abs(w) for w in info.state_features.values())
    scale = max(biggest, 1e-6) / 127 if False else 8.0 / 32767 * max(1.0, biggest / 8.0)
    names = sorted(name for name, v in rows.items() if np.abs(v).max() > 0.004)
    transitions = np.full((size, size), -30.0, np.float32)
    for i, a in enumerate(labels):
        for j, b in enumerate(labels):
            closed = a[0] in "OES"
            fits = b[0] in "OBS" if closed else b[0] in "IE" and a[2:] == b[2:]
            if fits:
                transitions[i, j] = info.transitions.get((a, b), 0.0)
    pack = lambda v: np.round(np.stack(v) / scale / 64).astype(np.int16) * 64 if v else np.zeros((0, size), np.int16)  # noqa: E731
    data: dict[str, Any] = {
        "labels": np.frombuffer("\n".join(labels).encode(), np.uint8),
        "features": np.frombuffer("\n".join(names).encode(), np.uint8),
        "scale": np.float32(scale),
        "weights": pack([rows[name] for name in names]),
        "transitions": transitions,
        "cluster_keys": clusters.keys,
        "cluster_rows": clusters.rows,
        "cluster_ids": clusters.ids,
        **reader.looks.packed,
        "fine": np.frombuffer("\n".join(fine).encode(), np.uint8),
        "coarse": np.frombuffer("\n".join(coarse_names).encode(), np.uint8),
    }
    for name, table in tables.items():
        codes = sorted(table)
        data[f"{name}codes"] = np.array(codes, np.int64)
        data[f"{name}weights"] = pack([table[c] for c in codes])
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **data)


# ------------------------------------------------------------------ measuring


def predict(model: NameModel, text: str) -> list[tuple[int, int, float]]:
    sentences, tokens = [], []
    for start, end in F.split_sentences(text):
        read = F.read_tokens(text, start, end, model.types, model.known)
        if read.types:
            sentences.append(read.types)
            tokens.append(read)
    return [(tokens[s.sentence].starts[s.first], tokens[s.sentence].ends[s.last], s.probability) for s in model.spot(sentences, 0.05)]


def measure(model: NameModel, rows: list[dict[str, Any]], *, show: int = 0) -> dict[str, Any]:
    scored = []
    golds = 0
    for row in rows:
        gold = {(a, b) for a, b, label in row["spans"] if label == "PERSON"}
        golds += len(gold)
        found = predict(model, row["text"])
        best: list[tuple[int, int, float]] = []
        for span in sorted(found, key=lambda x: -x[2]):
            if all(span[1] <= a or span[0] >= b for a, b, _ in best):
                best.append(span)
        scored += [(p, (a, b) in gold) for a, b, p in best]
        if show:
            cut = {(a, b) for a, b, p in best if p >= 0.4}
            if cut != gold:
                show -= 1
                t = row["text"]
                print("   ", t[:160], "| MISS", [t[a:b] for a, b in gold - cut], "EXTRA", [t[a:b] for a, b in cut - gold])
    result = {}
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5):
        tp = sum(ok for p, ok in scored if p >= threshold)
        n = sum(p >= threshold for p, ok in scored)
        pr, rc = tp / max(1, n), tp / max(1, golds)
        result[threshold] = (round(pr, 3), round(rc, 3), round(2 * pr * rc / max(1e-9, pr + rc), 4))
    return result


def load(paths: list[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) | {"source": path.stem} for path in paths for line in path.open(encoding="utf-8")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["train", "cv", "dev"])
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--run-folds", type=int, default=1)
    parser.add_argument("--c1", type=float, default=0.05)
    parser.add_argument("--c2", type=float, default=0.02)
    parser.add_argument("--iterations", type=int, default=120)
    parser.add_argument("--minfreq", type=float, default=1)
    parser.add_argument("--clusters", default="64,512,2048")
    parser.add_argument("--invented", type=int, default=0)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--labels", default="")
    parser.add_argument("--work", type=Path, default=Path("/tmp"))
    args = parser.parse_args()
    if args.labels:
        ONLY.update(args.labels.split(","))
    if args.verb != "dev":
        sizes = tuple(int(x) for x in args.clusters.split(","))
        cached = args.work / f"names-clusters-{args.clusters}.npz"
        if cached.exists():
            got = np.load(cached)
            clusters = Clusters(got["keys"], got["rows"], got["ids"])
        else:
            began = time.time()
            clusters = make_clusters(sizes)
            np.savez(cached, keys=clusters.keys, rows=clusters.rows, ids=clusters.ids)
            print(f"clusters {sizes}: {len(clusters.keys)} words, {time.time() - began:.0f} s", flush=True)
        rows = load(args.data)
        reader = Reader(clusters, make_looks(args.work))
        invented: list[dict[str, Any]] = []
        if args.invented:
            from invented_names import invent

            invented = invent(args.invented)
    if args.verb == "train":
        train([x for row in rows + invented for x in reader.examples(row)], reader, args, args.out)
        print("  spans off token borders:", reader.lost)
    elif args.verb == "cv":
        random.Random(7).shuffle(rows)
        for fold in range(args.run_folds):
            held = rows[fold :: args.folds]
            rest = [row for i, row in enumerate(rows) if i % args.folds != fold]
            out = args.work / "names-cv.npz"
            train([x for row in rest + invented for x in reader.examples(row)], reader, args, out)
            model = NameModel(out)
            for source in sorted({row["source"] for row in rows}):
                print("  fold", fold, source, measure(model, [r for r in held if r["source"] == source], show=args.show))
    model = NameModel(args.out) if args.verb != "cv" else model
    for path in args.dev:
        print(path.stem, measure(model, load([path]), show=args.show))


if __name__ == "__main__":
    main()
