"""The console: the language of the command-line library, and characters that the console's encoding lacks.

A Japanese Windows console often speaks CP932, which has no en dash, no
backslash-like accents, and no bullets. What it cannot show is written as the
nearest that it can, and what has none as an escape; a run never ends because
of a character.
"""

from __future__ import annotations

import codecs
import gettext
import os
import sys
from pathlib import Path

__all__ = ["prepare", "speak"]

#: What CP932 (and ASCII) lacks and we, our libraries, or file names use often.
_NEAREST = {
    "—": "―", "–": "-", "−": "-", "‐": "-", "‑": "-", "·": "・", "•": "・", "›": ">", "‹": "<", "✓": "OK", "✗": "NG", "✔": "OK",
    "⚠": "!", "～": "~", "〜": "~", "¥": "\\", "©": "(c)", "\u00a0": " ", "\u2009": " ", "é": "e", "█": "#", "░": ".", "…": "...",
    "“": '"', "”": '"', "‘": "'", "’": "'", "→": "->", "―": "-", "・": "*",
}  # fmt: skip


def nearest(error: UnicodeError) -> tuple[str, int]:
    """Error handler of encoders: the nearest text that the encoding has, else an escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = ""
    for ch in error.object[error.start : error.end]:
        text: str | None = _NEAREST.get(ch)
        while text is not None and not _fits(text, error.encoding):
            text = _NEAREST.get(text)
        shown += text if text is not None else ch.encode("ascii", "backslashreplace").decode("ascii")
    return shown, error.end


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def prepare() -> None:
    """Make standard output and error take any text."""
    codecs.register_error("piiscan-nearest", nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="piiscan-nearest")


def speak(lang: str) -> None:
    """Let the command-line library speak ``lang``: it asks :mod:`gettext`, which asks the environment."""
    folder = Path(__file__).resolve().parent.parent / "locale"
    gettext.bindtextdomain("click", str(folder))
    gettext.textdomain("click")
    os.environ["LANGUAGE"] = lang
