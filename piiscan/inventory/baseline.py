"""The baseline: decisions in a text file next to the settings, for those who keep them under version control.

TOML, one table an entry::

    [[decision]]
    path = "営業/名簿/*.xlsx"        # as in .gitignore, below the roots; or sha256 = "…" for one content anywhere
    entity = "PHONE_NUMBER"         # only findings of this kind; left out: the whole file
    verdict = "accepted"            # confirmed, false-alarm, accepted
    until = 2027-03-31              # last day on which it holds; "accepted" needs one
    reason = "店舗の代表番号のみ"
    by = "情報システム部 佐藤"

It means the same as ``piiscan decide``, but for paths: a file that changes its
content still matches. Where several entries match, the first counts; a decision
that a person made in the inventory weighs more. Unknown keys are errors.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pathspec import GitIgnoreSpec
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from piiscan.inventory.decisions import Verdict

__all__ = ["Baseline", "BaselineEntry", "BaselineError", "load_baseline"]


class BaselineError(ValueError):
    """A baseline file that cannot be used; the message says what, where and what to do."""


class BaselineEntry(BaseModel):
    """One entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = ""
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    entity: str = ""
    verdict: Verdict
    until: dt.date | None = None
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.path) == bool(self.sha256):
            raise ValueError("give either path or sha256")
        if self.verdict is Verdict.ACCEPTED and self.until is None:
            raise ValueError("what is accepted is accepted until a date; give until")
        return self


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a file. ``mark`` changes when they do."""

    entries: tuple[BaselineEntry, ...]
    mark: str
    _specs: tuple[GitIgnoreSpec | None, ...]

    def entries_for(self, path: str, digest: str) -> list[BaselineEntry]:
        """Those that match a file, in their order.

        :param path: below its root.
        """
        return [
            entry
            for entry, spec in zip(self.entries, self._specs, strict=True)
            if (entry.sha256 == digest if spec is None else spec.match_file(path))
        ]


def load_baseline(path: Path) -> Baseline:
    """:raises BaselineError: with one sentence a fault."""
    try:
        data = path.read_bytes()
        found = tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        raise BaselineError(f"the baseline {path} does not exist; check the setting 'baseline'") from None
    except OSError as error:
        raise BaselineError(
            f"the baseline {path} cannot be read ({error.strerror or type(error).__name__}); check its permissions"
        ) from None
    except UnicodeDecodeError:
        raise BaselineError(f"the baseline {path} is no UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BaselineError(f"the baseline {path} is not valid TOML: {error}") from None
    rows = found.pop("decision", [])
    if found:
        raise BaselineError(f"{path}: unknown key {min(found)!r}; every entry begins with [[decision]]")
    if not isinstance(rows, list):
        raise BaselineError(f"{path}: write [[decision]] with two brackets")
    entries = []
    faults = []
    for number, row in enumerate(rows, 1):
        try:
            entries.append(BaselineEntry.model_validate(row))
        except ValidationError as error:
            faults += [f"{path}: decision {number}: {_sentence(item)}" for item in error.errors()]
    if faults:
        raise BaselineError("\n".join(faults))
    specs = []
    for number, entry in enumerate(entries, 1):
        try:
            specs.append(GitIgnoreSpec.from_lines([entry.path]) if entry.path else None)
        except ValueError:
            raise BaselineError(f"{path}: decision {number}: {entry.path!r} is no pattern as in .gitignore") from None
    return Baseline(tuple(entries), hashlib.sha256(data).hexdigest(), tuple(specs))


def _sentence(item: object) -> str:
    assert isinstance(item, dict)
    named = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        close = difflib.get_close_matches(named, list(BaselineEntry.model_fields), n=1)
        return f"unknown key {named!r}" + (
            f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(BaselineEntry.model_fields)}"
        )
    if item["type"] == "missing":
        return f"{named!r} is missing"
    return f"{named}: {item['msg'].removeprefix('Value error, ')}" if named else str(item["msg"]).removeprefix("Value error, ")
