"""What a document says of itself: by its name, by its first 4,000 characters, by its length."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from piiscan.detect.normalize import fold
from piiscan.detect.sensitive import SensitiveRecognizer

__all__ = ["Profile"]

_HEAD_CHARS: Final = 4_000
#: Prose no longer than this may be a letter about one person.
_LETTER_CHARS: Final = 3_000
#: In the name or the head of a document about My Numbers.
_ABOUT_MY_NUMBER = re.compile(r"マイナンバー|ﾏｲﾅﾝﾊﾞｰ|個人番号|特定個人情報|番号法")
_TITLES: Final = 3


class Profile:
    """Grows with the document: answers hold for what was read so far.

    :param sensitive: tells personal forms, and papers about health or animals.
    :param name: of the file or member.
    """

    def __init__(self, sensitive: SensitiveRecognizer, name: str) -> None:
        self._sensitive = sensitive
        self._name = name
        self._prose_chars = 0
        self.head = ""
        self.folded_head = ""
        self._answers = _Answers(sensitive, name, "")

    @property
    def has_whole_head(self) -> bool:
        """Whether the head grows no more."""
        return len(self.head) >= _HEAD_CHARS

    def add_to_head(self, text: str) -> None:
        """Take in what comes next of the document, as long as the head grows."""
        room = _HEAD_CHARS - len(self.head)
        self.head += text[:room] + "\n"
        self.folded_head += fold(text[:room]) + "\n"
        self._answers = _Answers(self._sensitive, self._name, self.folded_head)

    def count_prose(self, chars: int) -> None:
        """So much more of it is text."""
        self._prose_chars += chars

    @property
    def is_long(self) -> bool:
        """Whether it has too much text for a letter."""
        return self._prose_chars > _LETTER_CHARS

    def form(self) -> str:
        """Name of the personal form that this document is, or empty."""
        return self._answers.form

    def about_health(self) -> bool:
        """Whether the document's name, titles and headers speak of somebody's health."""
        return self._answers.about_health

    def about_animals(self) -> bool:
        """Whether it is about the health of animals."""
        return self._answers.about_animals

    def about_my_numbers(self) -> bool:
        """Whether it is about My Numbers."""
        return self._answers.about_my_numbers

    def titles(self) -> tuple[str, ...]:
        """The file's name and the first lines."""
        return (self._name.replace("\\", "/").rpartition("/")[2], *self.head.split("\n", _TITLES)[:_TITLES])


class _Answers:
    """What one head (folded) says, each question asked once."""

    def __init__(self, sensitive: SensitiveRecognizer, name: str, head: str) -> None:
        self._sensitive = sensitive
        self._text = f"{fold(name)}\n{head}"
        self._is_empty = not head

    @cached_property
    def form(self) -> str:
        return "" if self._is_empty else self._sensitive.personal_form(self._text)

    @cached_property
    def about_health(self) -> bool:
        return self._sensitive.about_health(self._text)

    @cached_property
    def about_animals(self) -> bool:
        return self._sensitive.about_animals(self._text)

    @cached_property
    def about_my_numbers(self) -> bool:
        return _ABOUT_MY_NUMBER.search(self._text) is not None
