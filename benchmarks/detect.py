"""Speed and quality of detection beside other tools, on the same texts, in one run (``make bench-detect``).

    python benchmarks/detect.py [--data ../shared/data] [--peers DIR] [--chars N] [--rounds N]

* *prose*: development sentences joined into documents of some 2,000 characters, and invented office texts;
* *table cells*: one call a cell for the others, one table for us, as each is meant to be used;
* *nothing here*: source code and a log, beside ``rg -c`` (or ``grep -cE``) with the patterns that a person would type.

The others are Presidio with GiNZA's NER and its own pattern recognizers for Japanese (the naive build), and besshouka,
namemask and kakushi where ``--peers`` names a folder with them (``make bench-detect`` installs them there and sets the
numbers of threads to one; they are no dependencies). Time is CPU time of this process, and each round measures all of them in turn, so that a busy
machine does not favour one. F1 is that of persons, exact spans.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
Spans = list[tuple[int, int]]
PATTERNS = r"[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}|0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[a-z]{2,}|[0-9]{3}-[0-9]{4}|(19|20)[0-9]{2}[/-][0-9]{1,2}[/-][0-9]{1,2}|([0-9]{1,3}\.){3}[0-9]{1,3}"


# ------------------------------------------------------------------ the tools


def piiscan_text() -> Callable[[str], Spans]:
    import piiscan

    return lambda text: [(f.start, f.end) for f in piiscan.analyze_text(text) if f.entity == "PERSON"]


def piiscan_table(rows: list[list[str]]) -> int:
    from piiscan.detect.document import Document
    from piiscan.detect.kit import Kit
    from piiscan.model import Table
    from piiscan.settings import Settings

    document = Document(Kit.of(Settings().detection))
    found = 0
    for at in range(0, len(rows), 1000):
        part = rows[at : at + 1000]
        found += sum(len(r.hits) for r in document.feed(Table("table", tuple(tuple(row) for row in part), first_row=at + 1)))
    return found + sum(len(r.hits) for r in document.finish())


def presidio_ginza() -> Any:
    """What one builds from Presidio's documentation: spaCy engine with ja_ginza, the built-in recognizers told to read ja."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer import predefined_recognizers as p
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    logging.disable(logging.WARNING)
    labels = {"Person": "PERSON", "City": "LOCATION", "Province": "LOCATION", "Country": "LOCATION", "Date": "DATE_TIME"}
    engine = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "ja", "model_name": "ja_ginza"}],
            "ner_model_configuration": {"model_to_presidio_entity_mapping": labels},
        }
    ).create_engine()
    registry = RecognizerRegistry(supported_languages=["ja"])
    for kind in (p.CreditCardRecognizer, p.EmailRecognizer, p.IpRecognizer, p.UrlRecognizer, p.IbanRecognizer, p.DateRecognizer):
        registry.add_recognizer(kind(supported_language="ja"))
    registry.add_recognizer(p.PhoneRecognizer(supported_language="ja", supported_regions=["JP"]))
    registry.add_recognizer(p.SpacyRecognizer(supported_language="ja", supported_entities=["PERSON", "LOCATION", "DATE_TIME"]))
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["ja"])


def presidio_text() -> Callable[[str], Spans]:
    analyzer = presidio_ginza()
    return lambda text: [(r.start, r.end) for r in analyzer.analyze(text, language="ja") if r.entity_type == "PERSON"]


def besshouka_text() -> Callable[[str], Spans]:
    import besshouka
    from besshouka.config.loader import load_operator_config, load_recognizer_config
    from besshouka.orchestrator.pipeline import run

    folder = Path(besshouka.__file__).parent / "defaults"
    recognizers = load_recognizer_config(str(folder / "recognizers.yaml"))
    operators = load_operator_config(str(folder / "operators.yaml"))

    def spans(text: str) -> Spans:
        found = run(text, recognizers, operators, score_threshold=0.5).recognizer_results
        return [(r.start, r.end) for r in found if str(r.entity_type).upper() in {"PERSON", "PERSON_NAME", "NAME"}]

    return spans


def namemask_text() -> Callable[[str], Spans]:
    from namemask.api import mask_text

    def spans(text: str) -> Spans:
        values = {value for token, value in mask_text(text, use_ner=True).mapping.items() if "人名" in token}
        return [m.span() for value in sorted(values, key=len, reverse=True) for m in re.finditer(re.escape(value), text)]

    return spans


def kakushi_text() -> Callable[[str], Spans]:
    from kakushi import find_all

    return lambda text: [(m.start, m.end) for m in find_all(text) if m.entity_type.value == "PERSON"]  # offsets of the NFKC form


OURS = "piiscan, all kinds"
TOOLS: dict[str, Callable[[], Callable[[str], Spans]]] = {
    OURS: piiscan_text,
    "Presidio + GiNZA": presidio_text,
    "besshouka (GiNZA)": besshouka_text,
    "namemask (GiNZA)": namemask_text,
    "kakushi (GiNZA)": kakushi_text,
}


# ------------------------------------------------------------------ the texts


def sentences(data: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for name in ("ner_dev.jsonl", "gsd_ner_dev.jsonl")
        if (data / name).exists()
        for line in (data / name).open(encoding="utf-8")
    ]


def joined(rows: list[dict[str, Any]], size: int, glue: str) -> list[tuple[str, set[tuple[int, int]]]]:
    """Documents of about ``size`` characters with the persons' spans."""
    documents = []
    text, gold = "", set()
    for row in rows:
        gold |= {(a + len(text), b + len(text)) for a, b, label in row["spans"] if label == "PERSON"}
        text += row["text"] + glue
        if len(text) >= size:
            documents.append((text, gold))
            text, gold = "", set()
    return [*documents, (text, gold)] if text else documents


def office(count: int) -> list[dict[str, Any]]:
    from invented_names import invent

    return invent(count, seed=2026)


def table(rows: int) -> list[list[str]]:
    """A customer list; people and numbers are invented."""
    from invented_names import Inventor

    inventor = Inventor(7)
    rng = random.Random(7)
    out = [["顧客番号", "氏名", "フリガナ", "生年月日", "電話番号", "メールアドレス", "郵便番号", "住所", "会社名", "備考"]]
    for i in range(rows):
        out.append(
            [
                f"C{100000 + i}",
                inventor.name("space"),
                inventor.name("kana"),
                f"{rng.randint(1940, 2005)}/{rng.randint(1, 12):02}/{rng.randint(1, 28):02}",
                f"090-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
                f"user{i}@example.co.jp",
                "100-0001",
                f"東京都千代田区神田神保町{rng.randint(1, 3)}-{rng.randint(1, 30)}-{rng.randint(1, 20)}",
                "サンプル商事株式会社",
                rng.choice(["", "", "要連絡", "会員", "2026年4月から担当変更"]),
            ]
        )
    return out


def empty_texts() -> dict[str, str]:
    """Text with no personal data in it: source code of the standard library, and a log."""
    import email.message
    import textwrap as one

    code = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8")
        for module in (argparse, json, logging, random, subprocess, one, email.message)
    )
    rng = random.Random(3)
    words = "worker started finished queue flush retry cache miss hit commit rollback checkpoint segment".split()  # noqa: SIM905
    log = "".join(
        f"2026-11-25T10:{i // 60 % 60:02}:{i % 60:02}.{rng.randint(0, 999):03}Z INFO [worker-{rng.randint(1, 8)}] {rng.choice(words)} "
        f"{rng.choice(words)} took={rng.randint(1, 900)}ms rows={rng.randint(0, 99999)}\n"
        for i in range(6000)
    )
    japanese = "".join(f"{i}件目の処理を開始します。処理が正常に終了しました（所要時間 {i % 97} ミリ秒）。\n" for i in range(6000))
    return {"source code": code, "log": log, "Japanese log": japanese}


# ------------------------------------------------------------------ measuring


def spent(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def f1(found: list[Spans], documents: list[tuple[str, set[tuple[int, int]]]]) -> float:
    tp = sum(len(set(f) & gold) for f, (_, gold) in zip(found, documents, strict=True))
    return 2 * tp / max(1, sum(len(set(f)) for f in found) + sum(len(gold) for _, gold in documents))


def prose(name: str, documents: list[tuple[str, set[tuple[int, int]]]], tools: dict[str, Callable[[str], Spans]], rounds: int) -> None:
    chars = sum(len(text) for text, _ in documents)
    print(f"\n{name}: {len(documents)} documents, {chars} characters, {sum(len(g) for _, g in documents)} persons")
    best: dict[str, float] = {}
    score: dict[str, float] = {}
    for _ in range(rounds):
        for tool, spans in tools.items():
            found: list[Spans] = []
            seconds = spent(lambda spans=spans, found=found: found.extend(spans(text + " ") for text, _ in documents))
            if tool == OURS:  # a twentieth of a second: the least of five
                seconds = min(seconds, *(spent(lambda spans=spans: [spans(text + " ") for text, _ in documents]) for _ in range(4)))
            best[tool] = min(best.get(tool, seconds), seconds)
            score[tool] = f1(found, documents)
    ours = best[OURS]
    for tool, seconds in best.items():
        print(
            f"  {tool:20} {chars / seconds / 1000:9.1f} kchars/s   piiscan is {seconds / ours:6.1f} x as fast   persons F1 {score[tool]:.3f}"
        )


def cells(rows: int, few: int, rounds: int) -> None:
    data = table(rows)
    flat = [cell for row in data[1:] for cell in row if cell][:few]
    analyzer = presidio_ginza()
    analyzer.analyze("山田", language="ja")
    piiscan_table(data[:50])
    ours = theirs = float("inf")
    for _ in range(rounds):
        ours = min(ours, spent(lambda: piiscan_table(data)) / (rows * len(data[0])))
        theirs = min(theirs, spent(lambda: [analyzer.analyze(cell, language="ja") for cell in flat]) / len(flat))
    print(f"\ntable cells: {rows} rows x {len(data[0])} columns ({few} cells for Presidio)")
    print(f"  piiscan              {ours * 1e6:9.1f} us a cell   {piiscan_table(data)} values found")
    print(f"  Presidio + GiNZA     {theirs * 1e6:9.1f} us a cell   piiscan is {theirs / ours:.0f} x as fast")


def nothing(rounds: int) -> None:
    import piiscan

    tool = shutil.which("rg") or shutil.which("grep")
    print(f"\nnothing here, beside {Path(tool or '').name} -c" if tool else "\nnothing here (neither rg nor grep is installed)")
    for name, text in empty_texts().items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "text"
            path.write_text(text, encoding="utf-8")
            size = path.stat().st_size
            command = [str(tool), "-c", *([] if str(tool).endswith("rg") else ["-E"]), PATTERNS, str(path)]
            theirs = ours = float("inf")
            for _ in range(rounds + 1):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run(command, capture_output=True, check=False)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                theirs = min(theirs, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
                found: list[Any] = []
                ours = min(ours, spent(lambda found=found, text=text: found.extend(piiscan.analyze_text(text))))
        print(
            f"  {name:12} {size / 1000:7.0f} kB   piiscan {size / ours / 1e6:6.2f} MB/s   {Path(str(tool)).name} {size / theirs / 1e6:7.2f} MB/s"
            f"   {ours / theirs:6.1f} x its time   {len(found)} findings"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--peers", type=Path, help="folder with besshouka, namemask and kakushi")
    parser.add_argument("--chars", type=int, default=20_000, help="at most so many characters of each kind of prose")
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--cells", type=int, default=300, help="cells that Presidio is given")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=["prose", "cells", "nothing"])
    args = parser.parse_args()
    if args.peers:
        sys.path.append(str(args.peers))
    if args.only in {None, "prose"}:
        tools = {}
        for name, make in TOOLS.items():
            try:
                tools[name] = make()
                tools[name]("山田太郎です。電話は090-1234-5678です。")
            except ImportError as error:
                tools.pop(name, None)
                print(f"left out: {name}: {error}")
        if rows := sentences(args.data):
            random.Random(1).shuffle(rows)
            documents = joined(rows, 2000, "")
            prose("development sentences", documents[: max(1, args.chars // 2000)], tools, args.rounds)
        prose("invented office texts", joined(office(600), 2000, "\n\n")[: max(1, args.chars // 2000)], tools, args.rounds)
    if args.only in {None, "cells"}:
        cells(args.rows, args.cells, args.rounds)
    if args.only in {None, "nothing"}:
        nothing(args.rounds)


if __name__ == "__main__":
    main()
