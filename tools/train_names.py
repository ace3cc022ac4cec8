"""Trains the name model ``recognizers/models/names.npz`` from files given on the command line.

    python tools/train_names.py train --data ner_train.jsonl gsd_ner_train.jsonl
    python tools/train_names.py sieve --data …               the sieve of a model alone (the last step of ``train``, half a minute)
    python tools/train_names.py cv    --data … --folds 4         F1 by cross-validation (how settings are chosen), of the model and with the rules
    python tools/train_names.py dev   --dev FILE…                F1 and reliability of the committed model

It needs PyTorch besides piiscan's own environment (``pip install torch``), for training only.

A data file has one object a line: ``{"text", "spans": [[start, end, label], …]}``. Besides, sentences of office texts are
invented (``tools/invented_names.py``). Word clusters are made by k-means from the vectors inside ``ja_ginza``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import names_net
import numpy as np
import pycrfsuite
from invented_names import invent

from piiscan.detect.names import NameRecognizer
from piiscan.detect.names import features as F  # noqa: N812
from piiscan.detect.names.crf import OFFSETS
from piiscan.detect.names.lexical import Clusters, Looks
from piiscan.detect.names.model import NameModel, type_offsets
from piiscan.detect.names.tokens import RUN_CODES, STATES, Contexts, Stream, Vocabulary, contexts

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "recognizers" / "models" / "names.npz"
COARSE = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "LOCATION": "LOC", "FAC": "LOC", "FACILITY": "LOC"}
#: Numbers of clusters, coarse to fine.
CLUSTERS = (64, 512, 2048)


def coarse(label: str) -> str:
    if label in COARSE:
        return COARSE[label]
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


def make_clusters(sizes: tuple[int, ...]) -> tuple[Clusters, np.ndarray]:
    """The clusters, and the word vectors that they were made from."""
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
    return Clusters(keys, np.array([table[int(k)] for k in keys], np.uint16), ids), x


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
        for head, pos, *_ in sudachi_words(Path(spec.origin).parent / "resources" / "system.dic"):
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


@dataclass
class Example:
    """One sentence: its stream, the places of its tokens, their labels."""

    stream: Stream
    first: int
    after: int
    labels: list[str]
    where: Contexts

    @property
    def types(self) -> list[int]:
        found: list[int] = self.stream.ids[self.first : self.after].tolist()
        return found


class Reader:
    def __init__(self, clusters: Clusters, looks: Looks) -> None:
        self.clusters = clusters
        self.looks = looks
        self.vocabulary = Vocabulary()
        self.vectors = np.zeros((0, 0), np.float32)
        self.cache: dict[int, tuple[list[str], str, str]] = {}
        self.lost = 0

    def info(self, number: int) -> tuple[list[str], str, str]:
        got = self.cache.get(number)
        if got is None:
            token = self.vocabulary.known[number]
            got = (F.features(token, self.clusters.of(token), self.looks.of(token)), F.fine_class(token), F.coarse_class(token))
            self.cache[number] = got
        return got

    def examples(self, row: dict[str, Any]) -> list[Example]:
        out = []
        for stream in self.vocabulary.streams(row["text"]):
            where = contexts(stream, self.vocabulary)
            for a, b in stream.sentences():
                labels = ["O"] * (b - a)
                first = {s: i for i, s in enumerate(stream.starts[a:b].tolist())}
                last = {e: i for i, e in enumerate(stream.ends[a:b].tolist())}
                start, end = int(stream.starts[a]), int(stream.ends[b - 1])
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
                out.append(Example(stream, a, b, labels, where))
        return out

    def strings(self, example: Example, fine_ok: set[str], coarse_ok: set[str]) -> list[list[str]]:
        """The CRF's features of each token, as strings; :class:`piiscan.detect.names.model.NameModel` adds up the same."""
        ids, where = example.stream.ids.tolist(), example.where
        infos = {i: self.info(ids[i]) for i in range(example.first - 2, example.after + 2)}
        fines = {i: x[1] if x[1] in fine_ok else "?" for i, x in infos.items()}
        coarses = {i: x[2] if x[2] in coarse_ok else "?" for i, x in infos.items()}
        out = []
        for i in range(example.first, example.after):
            feats = []
            for offset in OFFSETS:
                feats += [f"{offset}|{name}" for name in infos[i + offset][0] if offset in type_offsets(name)]
            c = [coarses[i + offset] for offset in OFFSETS]
            feats += [
                f"p-|{fines[i - 1]}|{fines[i]}",
                f"p+|{fines[i]}|{fines[i + 1]}",
                f"t-|{c[0]}|{c[1]}|{c[2]}",
                f"t0|{c[1]}|{c[2]}|{c[3]}",
                f"t+|{c[2]}|{c[3]}|{c[4]}",
                f"x0|{c[2]}|{where.states[i]}",
            ]
            if where.runs[i]:
                code = int(where.runs[i]) - 1
                feats += [f"r0|{code}", f"r-|{code}|{fines[int(where.before[i])]}", f"r+|{code}|{fines[int(where.after[i])]}"]
            out.append(feats)
        return out


class Renamer:
    """Gives the persons of a labelled text other names of the same kind, so that the model learns the place and not the name."""

    def __init__(self, seed: int = 5) -> None:
        self.rng = random.Random(seed)
        lex = F.model_lexicon()
        self.surnames = [name for name, count in lex.surnames.items() if count > 0]
        self.weights = list(itertools.accumulate(lex.surnames[name] ** 0.5 for name in self.surnames))
        self.rare = [name for name, count in lex.surnames.items() if count == 0 and 1 < len(name) <= 3]
        self.given = [name for name, often in lex.given.items() if often == 2 and len(name) <= 3]
        self.rare_given = [name for name, often in lex.given.items() if often and len(name) <= 4]
        self.foreign = sorted(name for name in lex.foreign if 2 <= len(name) <= 8)

    def surname(self) -> str:
        return self.rng.choice(self.rare) if self.rng.random() < 0.15 else self.rng.choices(self.surnames, cum_weights=self.weights)[0]

    def given_name(self) -> str:
        return self.rng.choice(self.given if self.rng.random() < 0.6 else self.rare_given)

    def other(self, name: str) -> str:
        lex = F.model_lexicon()
        if re.fullmatch("[ァ-ヺー・＝=]+", name):
            return "".join(part if part in "・＝=" else self.rng.choice(self.foreign) for part in re.split("([・＝=])", name))
        if re.fullmatch("[\u4e00-\u9fff々ぁ-ゖ]+", name):
            if len(name) >= 3 and any(name[:cut] in lex.surnames and name[cut:] in lex.given for cut in range(1, len(name))):
                return self.surname() + self.given_name()
            if lex.surnames.get(name):
                return self.surname()
            if name in lex.given:
                return self.given_name()
            if name in lex.surnames:
                return self.surname()
        return name

    def renamed(self, row: dict[str, Any]) -> dict[str, Any] | None:
        names: dict[str, str] = {}
        text, at, spans = "", 0, []
        for start, end, label in sorted(row["spans"]):
            if start < at:
                return None
            text += row["text"][at:start]
            value = row["text"][start:end]
            if label == "PERSON":
                value = names.setdefault(value, self.other(value))
            spans.append([len(text), len(text) + len(value), label])
            text += value
            at = end
        if all(old == new for old, new in names.items()):
            return None
        return row | {"text": text + row["text"][at:], "spans": spans}


def train(rows: list[dict[str, Any]], invented: list[dict[str, Any]], reader: Reader, args: argparse.Namespace, out: Path) -> None:
    """Trains both halves on rows and invented texts, and writes the model file."""
    examples = [x for row in rows for x in reader.examples(row)]
    office = [x for row in invented for x in reader.examples(row)]
    renamer = Renamer()
    renamed = [x for row in rows for _ in range(3) if (new := renamer.renamed(row)) for x in reader.examples(new)]
    print(
        f"  {len(examples)} sentences, {len(office)} invented, {len(renamed)} renamed; spans off token borders: {reader.lost}", flush=True
    )
    linear, labels = linear_of(args) if args.linear_from else crf(examples + office + renamed[::3], reader, args)
    known = reader.vocabulary.known
    types = names_net.Types(
        [reader.info(n)[0] for n in range(len(known))],
        [reader.clusters.row(token) for token in known],
        names_net.reduced(reader.vectors),
    )
    number = {x: i for i, x in enumerate(labels)}

    def sentence(x: Example) -> names_net.Sentence:
        codes = (x.where.states * (RUN_CODES + 1) + x.where.runs)[x.first : x.after]
        return names_net.Sentence(x.types, codes.tolist(), [number[label] for label in x.labels])

    begun = dict(np.load(args.begin_from)) if args.begin_from else None
    trainer = names_net.Trainer(types, labels, hidden=args.hidden, drop=args.drop, feature_drop=0.2, seed=args.seed)
    trainer.train(*([sentence(x) for x in part] for part in (examples, renamed, office)), epochs=args.epochs, rate=args.rate, begun=begun)
    arrays, between = trainer.arrays(1 - args.linear)
    arrays["gate_least"] = np.float32(args.gate - arrays.pop("gate_bias"))
    fits = np.array([[b[0] in "OBS" if a[0] in "OES" else b[0] in "IE" and a[2:] == b[2:] for b in labels] for a in labels])
    arrays["calibration"] = np.array([args.slope, args.shift], np.float32)
    arrays["linear_share"] = np.float32(args.linear)
    arrays["linear_transitions"] = linear.pop("transitions").astype(np.float32)
    arrays["transitions"] = np.where(fits, arrays["linear_transitions"] + between, -30.0).astype(np.float32)
    clusters = reader.clusters
    arrays |= {"cluster_keys": clusters.keys, "cluster_rows": clusters.rows, "cluster_ids": clusters.ids}
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **linear, **arrays, **reader.looks.packed)
    print(f"  {out}: {out.stat().st_size / 1e6:.2f} MB", flush=True)
    sift(rows, invented, out)


def sift(rows: list[dict[str, Any]], invented: list[dict[str, Any]], path: Path) -> None:
    """Fits the sieve of a model to what it says without one, and writes it into its file."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files if not name.startswith("sieve_")}
    np.savez_compressed(path, **arrays)
    model = NameModel(path)
    renamer = Renamer(seed=99)
    renamed = [new for row in rows for _ in range(2) if (new := renamer.renamed(row))]
    streams: list[np.ndarray] = []
    windows: list[np.ndarray] = []
    chances: list[np.ndarray] = []
    base = 0
    for part, glue in ((rows, ""), (rows, "\n"), (renamed, ""), (invented, "\n\n"), (invented, "\n")):
        texts = [row["text"] for row in part]
        random.Random(4).shuffle(texts)
        for i in range(0, len(texts), 40):
            for stream in model.vocabulary.streams(glue.join(texts[i : i + 40])):
                found = model.windows(stream)
                chance = np.zeros(len(found), np.float32)
                for spotted in model.spot(stream, 0.05):
                    of = int(np.searchsorted(found[:, 0], spotted.first, side="right")) - 1
                    chance[of] = max(chance[of], spotted.probability)
                streams.append(stream.ids)
                windows.append(found + base)
                chances.append(chance)
                base += len(stream.ids)
    known = model.vocabulary.known
    vectors = model.types.embedded(*model.types.named(known))
    vectors[0] = 0.0  # the pad
    sieve = names_net.sieve(np.concatenate(windows), np.concatenate(chances), np.concatenate(streams), vectors, cells=16, epochs=6)
    np.savez_compressed(path, **arrays, **sieve)


def linear_of(args: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """The linear half of another model file: one of this script, or one of the time when there was no other half."""
    with np.load(args.linear_from) as archive:
        names = ("labels", "features", "weights", "fine", "coarse")
        linear: dict[str, Any] = {name: archive[name] for name in archive.files if name in names or name[2:] in {"codes", "weights"}}
        share = args.linear / float(archive["linear_share"] if "linear_share" in archive.files else 1.0)
        linear["scale"] = np.float32(archive["scale"] * share)
        own = archive["linear_transitions"] if "linear_transitions" in archive.files else archive["transitions"]
    linear["transitions"] = np.where(own < -25, 0.0, own) * share
    return linear, bytes(linear["labels"]).decode().split("\n")


def crf(examples: list[Example], reader: Reader, args: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """The linear half: its arrays, multiplied by ``--linear``, and the labels."""
    began = time.time()
    fines = Counter(reader.info(n)[1] for x in examples for n in x.types)
    coarses = Counter(reader.info(n)[2] for x in examples for n in x.types)
    fine = ["PAD"] + [x for x, n in fines.most_common(400) if n >= 15 and "|" not in x and x != "PAD"]
    coarse_names = ["PAD"] + [x for x, n in coarses.most_common(44) if "|" not in x and x != "PAD"]
    fine_ok, coarse_ok = set(fine), set(coarse_names)
    trainer = pycrfsuite.Trainer(verbose=False)
    for example in examples:
        trainer.append(reader.strings(example, fine_ok, coarse_ok), example.labels)
    trainer.select("lbfgs")
    trainer.set_params(
        {
            "c1": args.c1,
            "c2": args.c2,
            "max_iterations": args.iterations,
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
    print(f"  CRF: {len(info.state_features)} weights, {time.time() - began:.0f} s", flush=True)
    labels = sorted(info.labels, key=lambda x: (x != "O", x))
    return linear_arrays(info, labels, fine, coarse_names, args.linear), labels


def linear_arrays(info: Any, labels: list[str], fine: list[str], coarse_names: list[str], share: float) -> dict[str, Any]:
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
                code = coarses[parts[0]] * STATES + int(parts[1])
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
    scale = max(8.0, *(abs(w) for w in info.state_features.values())) / 512
    names = sorted(name for name, v in rows.items() if np.abs(v).max() > scale / 2)
    transitions = np.array([[info.transitions.get((a, b), 0.0) for b in labels] for a in labels], np.float32)
    pack = lambda v: np.round(np.stack(v) / scale).astype(np.int16) if v else np.zeros((0, size), np.int16)  # noqa: E731
    data: dict[str, Any] = {
        "labels": np.frombuffer("\n".join(labels).encode(), np.uint8),
        "features": np.frombuffer("\n".join(names).encode(), np.uint8),
        "scale": np.float32(scale * share),
        "weights": pack([rows[name] for name in names]),
        "transitions": transitions * share,
        "fine": np.frombuffer("\n".join(fine).encode(), np.uint8),
        "coarse": np.frombuffer("\n".join(coarse_names).encode(), np.uint8),
    }
    for name, table in tables.items():
        codes = sorted(table)
        data[f"{name}codes"] = np.array(codes, np.int64)
        data[f"{name}weights"] = pack([table[c] for c in codes])
    return data


# ------------------------------------------------------------------ measuring


Finder = Callable[[str], list[tuple[int, int, float]]]


def by_model(model: NameModel) -> Finder:
    def find(text: str) -> list[tuple[int, int, float]]:
        model.make_room()
        best: list[tuple[int, int, float]] = []
        spans = [(stream, s) for stream in model.vocabulary.streams(text) for s in model.spot(stream, 0.05)]
        for stream, s in sorted(spans, key=lambda x: -x[1].probability):
            start, end = int(stream.starts[s.first]), int(stream.ends[s.last])
            if all(end <= a or start >= b for a, b, _ in best):
                best.append((start, end, s.probability))
        return best

    return find


def by_recognizer(path: Path) -> Finder:
    recognizer = NameRecognizer(model=path)
    return lambda text: [(r.start, r.end, r.score) for r in recognizer.analyze(text)]


def measure(find: Finder, rows: list[dict[str, Any]], *, show: int = 0) -> None:
    """Prints precision, recall and F1 of persons (exact spans) at some thresholds, and how far scores can be believed."""
    scored: list[tuple[float, bool]] = []
    golds = 0
    for row in rows:
        gold = {(a, b) for a, b, label in row["spans"] if label == "PERSON"}
        golds += len(gold)
        found = find(row["text"])
        scored += [(p, (a, b) in gold) for a, b, p in found]
        cut = {(a, b) for a, b, p in found if p >= 0.5}
        if show and cut != gold:
            show -= 1
            t = row["text"]
            print("   ", t[:160], "| MISS", [t[a:b] for a, b in gold - cut], "EXTRA", [t[a:b] for a, b in cut - gold])
    for threshold in (0.3, 0.4, 0.5, 0.6):
        right = sum(ok for p, ok in scored if p >= threshold)
        n = sum(p >= threshold for p, _ in scored)
        precision, recall = right / max(1, n), right / max(1, golds)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        print(f"    scored {threshold} or more: P {precision:.3f} R {recall:.3f} F1 {f1:.4f}", flush=True)
    table = []
    for low in range(2, 10):
        part = [ok for p, ok in scored if low <= p * 10 < low + 1 or (low == 9 and p >= 1)]
        if part:
            table.append(f"{low / 10:.1f}: {sum(part) / len(part):.2f} of {len(part)}")
    print("    score: share that is right  " + "   ".join(table), flush=True)


def calibration(find: Finder, rows: list[dict[str, Any]]) -> tuple[float, float]:
    """The line through the log odds of the scores under which the truth is likeliest."""
    scored = [
        (p, any((a, b) == (start, end) and label == "PERSON" for a, b, label in row["spans"]))
        for row in rows
        for start, end, p in find(row["text"])
        if p >= 0.2
    ]
    p = np.clip([p for p, _ in scored], 1e-4, 1 - 1e-4)
    right = np.array([ok for _, ok in scored], float)
    odds = np.log(p / (1 - p))

    def surprise(slope: float, shift: float) -> float:
        q = 1 / (1 + np.exp(-(slope * odds + shift)))
        return float(-(right * np.log(q) + (1 - right) * np.log(1 - q)).mean())

    grid = itertools.product(np.arange(0.3, 1.5, 0.05), np.arange(-1.5, 1.5, 0.1))
    slope, shift = min(grid, key=lambda x: surprise(*x))
    return round(float(slope), 2), round(float(shift), 2)


def load(paths: list[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) | {"source": path.stem} for path in paths for line in path.open(encoding="utf-8")]


def make_reader(work: Path) -> Reader:
    """Clusters, word vectors and looks; kept in ``work`` for the next time."""
    cached = work / "names-words.npz"
    if not cached.exists():
        began = time.time()
        clusters, vectors = make_clusters(CLUSTERS)
        np.savez(cached, keys=clusters.keys, rows=clusters.rows, ids=clusters.ids, vectors=vectors)
        print(f"clusters {CLUSTERS}: {len(clusters.keys)} words, {time.time() - began:.0f} s", flush=True)
    got = np.load(cached)
    reader = Reader(Clusters(got["keys"], got["rows"], got["ids"]), make_looks(work))
    reader.vectors = got["vectors"]
    return reader


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["train", "sieve", "cv", "dev"])
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--run-folds", type=int, default=1, help="stop after so many folds")
    parser.add_argument("--c1", type=float, default=0.05)
    parser.add_argument("--c2", type=float, default=0.02)
    parser.add_argument("--iterations", type=int, default=120)
    parser.add_argument("--linear", type=float, default=0.2, help="weight of the CRF beside the net")
    parser.add_argument("--linear-from", type=Path, help="a model file whose linear half is taken instead of training one")
    parser.add_argument("--begin-from", type=Path, help="a model file whose net is trained on, in place of a new one")
    parser.add_argument("--rate", type=float, default=2e-3, help="the highest rate of learning")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--drop", type=float, default=0.4)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--gate", type=float, default=names_net.GATE, help="log odds below which a token opens no window")
    parser.add_argument("--slope", type=float, default=0.6, help="of the log odds: fitted on held-out folds (cv prints the best)")
    parser.add_argument("--shift", type=float, default=-0.4)
    parser.add_argument("--invented", type=int, default=5000)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--work", type=Path, default=Path("/tmp"))
    args = parser.parse_args()
    if args.verb == "sieve":
        sift(load(args.data), invent(args.invented), args.out)
        return
    if args.verb != "dev":
        rows, invented, reader = load(args.data), invent(args.invented), make_reader(args.work)
    if args.verb == "train":
        train(rows, invented, reader, args, args.out)
    if args.verb == "cv":
        random.Random(7).shuffle(rows)
        for fold in range(args.run_folds):
            held = rows[fold :: args.folds]
            args.out = args.work / f"names-cv{fold}.npz"
            train([row for i, row in enumerate(rows) if i % args.folds != fold], invented, reader, args, args.out)
            find = by_model(NameModel(args.out))
            for source in sorted({row["source"] for row in rows}):
                print("  fold", fold, source)
                part = [row for row in held if row["source"] == source]
                measure(find, part, show=args.show)
                print("  fold", fold, source, "- rules and model")
                measure(by_recognizer(args.out), part)
            print("  best --slope and --shift on top of those given:", calibration(find, held))
    sets = {path.stem: load([path]) for path in args.dev}
    if args.verb == "dev":
        sets["invented office texts, other seed"] = invent(2000, seed=2026)
    for name, dev in sets.items():
        print(name, "- model alone")
        measure(by_model(NameModel(args.out)), dev, show=args.show)
        print(name, "- recognizer, rules and model")
        measure(by_recognizer(args.out), dev)


if __name__ == "__main__":
    main()
