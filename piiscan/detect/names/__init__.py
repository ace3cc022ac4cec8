"""Names of persons: a trained token model, rules for labelled names, and a judge of whole cells."""

from __future__ import annotations

from piiscan.detect.names.recognizer import NameRecognizer

__all__ = ["NameRecognizer"]
