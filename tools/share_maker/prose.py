"""Letters, forms, mails and notes about people, written in the formats of offices."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from sample_data.make.build import csv_text, docx, mail, pdf, pptx, xlsx, zipped
from tools.share_maker.building import Labelled, Maker

__all__ = ["load", "make_prose", "written"]


def load(name: str) -> list[dict[str, Any]]:
    with (Path(__file__).parent / name).open(encoding="utf-8") as file:
        entries: list[dict[str, Any]] = yaml.safe_load(file)
    return entries


def make_prose(maker: Maker, count: int) -> None:
    """``count`` texts about people; some in archives, some with several people one after another."""
    templates = load("positives.yaml")
    for _ in range(count):
        template = maker.pick(templates)
        form = maker.rng.choice(template["forms"])
        title = template["text"].split("\n", 1)[0]
        title = re.sub(r"[\\/:*?\"<>|\[\]#\s]|\{.*?\}", "", title)[:14] or template["folder"]
        made = maker.new(
            template["folder"],
            title,
            {"xlsx_form": "xlsx", "csv_form": "csv", "json_chat": "json", "json_text": "jsonl"}.get(form, form),
            kind=f"prose/{form}",
        )
        made.sensitive.update(template.get("sensitive", ()))
        repeat = maker.rng.choice((2, 3)) if form == "docx" and maker.rng.random() < 0.15 else 1
        texts = [maker.fill(template["text"], made, maker.people(4)) for _ in range(repeat)]
        made.content = written(maker, made, form, texts)


def written(maker: Maker, made: Labelled, form: str, texts: list[str]) -> bytes:
    """Some texts (pages, forms) as one file."""
    text = "\n".join(texts)
    lines = text.split("\n")
    if form in {"txt", "md", "log", "json_text"}:
        encoding = "utf-8"
        if form == "txt" and maker.rng.random() < 0.35:
            encoding = maker.rng.choice(("cp932", "utf-16", "euc-jp"))
        try:
            return text.replace("\n", maker.rng.choice(("\n", "\r\n"))).encode(encoding)
        except UnicodeEncodeError:
            return text.encode("utf-8")
    if form == "docx":
        return docx([line for line in lines if line.strip()])
    if form == "pptx":
        return pptx([(lines[0], [line for line in lines[1:] if line.strip()], "", [])])
    if form == "pdf":
        return pdf([t.split("\n") for t in texts])
    if form == "html":
        from html import escape

        body = "".join(f"<p>{escape(line)}</p>\n" if line.strip() else "<br>\n" for line in lines)
        return f"<!doctype html><html lang='ja'><head><meta charset='utf-8'><style>p {{ margin: 0 }}</style></head><body>{body}</body></html>".encode()
    if form == "eml":
        made.ignored += ["noreply@example.co.jp", "undisclosed@example.co.jp"]
        return mail(
            "noreply@example.co.jp",
            "undisclosed@example.co.jp",
            lines[0][:20].strip() or "連絡",
            text.replace("\n", "\r\n"),
            charset=_mail_charset(maker, text),
        )
    if form in {"xlsx_form", "csv_form"}:
        grid = [_pair(line) for line in lines]
        return xlsx({"様式": grid}) if form == "xlsx_form" else csv_text(grid).encode("utf-8")
    if form == "json_chat":
        return json.dumps([{"text": line} for line in lines if line], ensure_ascii=False, indent=1).encode()
    if form == "zip":
        return zipped([("本文.txt", text.encode())])
    raise ValueError(form)


def _mail_charset(maker: Maker, text: str) -> str:
    if maker.rng.random() < 0.4:
        try:
            text.encode("iso-2022-jp")
        except UnicodeEncodeError:
            return "utf-8"
        return "iso-2022-jp"
    return "utf-8"


def _pair(line: str) -> list[str]:
    """A form's line as label and value cells."""
    parts = re.split(r"[：　]", line, maxsplit=1)
    return [parts[0].strip(), parts[1].strip()] if len(parts) == 2 and len(parts[0]) <= 14 else [line.strip()]
