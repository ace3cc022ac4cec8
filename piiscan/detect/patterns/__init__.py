"""All rules of engine ``patterns`` over one text in one cheap pass.

The order is the cascade's (:mod:`bank`). One scan for digits and signs and one Aho-Corasick
pass over all words of all rules (labels, context words, words that speak
against) say where anything could be (:mod:`windows`); only there regular expressions run (:mod:`compiled`). A
match must pass its check; what then stands around it says how probable it is (:mod:`weigh`):

* a *label* directly before it (``個人番号：…``) or after it (``…生まれ``),
* a *context word* near it,
* a word *against* it near it (``伝票番号``), nearer than what speaks for it,
* nothing: then form and check speak alone.

Every rule is also served as a Presidio recognizer (:attr:`PatternBank.recognizers`).
"""

from piiscan.detect.patterns.bank import PatternBank, PatternRecognizer
from piiscan.detect.patterns.weigh import Reason

__all__ = ["PatternBank", "PatternRecognizer", "Reason"]
