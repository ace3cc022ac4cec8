"""要配慮個人情報: sensitive words, and the judge that counts them only when they are about a person.

A word list alone would call every medical article sensitive. So the work is
split: :mod:`words` finds candidates in one pass over the text and says how much
each proves alone; :mod:`roles` says what it does in its clause (somebody's state,
or what some thing is about); :mod:`judge` counts one only when a person is linked
to it (the same sentence, record, section or personal form) and the wording is an
assertion, not talk in general. The words, labels and cues are data:
``recognizers/sensitive/*.yaml``, ``recognizers/dictionaries/*.tsv``,
``recognizers/context/sensitive.yaml``, ``roles.yaml`` and ``personal_forms.yaml``.

Law: 個人情報保護法 2条3項, 施行令 2条, 施行規則 5条; 金融分野ガイドライン 5条 (off by default).
"""

from __future__ import annotations

from piiscan.detect.sensitive.recognizer import SensitiveRecognizer
from piiscan.detect.sensitive.words import Candidate

__all__ = ["Candidate", "SensitiveRecognizer"]
