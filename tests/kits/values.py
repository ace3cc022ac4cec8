"""Values that the sample files are known to hold, and the forms in which one could leak."""

import base64
import json
import urllib.parse

from tests.running import SAMPLES

__all__ = ["FOLDERS", "forms", "known_values"]

_TRUTH = SAMPLES.parent / "truth.jsonl"
#: Folders of the sample files whose values are listed.
FOLDERS = ("人事", "経理", "医務室", "メール")


def known_values() -> list[tuple[str, str]]:
    """``(entity, value)`` of the files in :data:`FOLDERS`; conditions and the like are words that pages may hold."""
    rows = [json.loads(line) for line in _TRUTH.read_text(encoding="utf-8").splitlines()]
    return sorted(
        {
            (row["entity"], row["value"])
            for row in rows
            if row["file"].startswith(FOLDERS) and len(row["value"]) >= 5 and not row["entity"].startswith("JP_SENSITIVE")
        }
    )


def forms(value: str) -> set[bytes]:
    """The value as it might lie in a file: in several encodings, with and without signs, in base64, in a URL, escaped for JSON."""
    out: set[bytes] = set()
    for text in {value, value.replace("-", ""), value.replace(" ", ""), value.replace("\u3000", "")}:
        for encoding in ("utf-8", "utf-16-le", "cp932", "euc-jp"):
            out.add(text.encode(encoding, "ignore"))
        out.add(base64.b64encode(text.encode()).rstrip(b"="))
        out.add(urllib.parse.quote(text).encode())
        out.add(json.dumps(text)[1:-1].encode())
    return {form for form in out if len(form) >= 6}
