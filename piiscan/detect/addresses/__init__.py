"""Japanese addresses (JP_ADDRESS) in every notation, by gazetteer and grammar.

One search over the raw text (:mod:`search`), by the few characters that names of prefectures and
municipalities end in, finds those names (and 〒 and a few labels); where there is
none, nothing else is done. From each place found, a small grammar (:mod:`grammar`) reads on over a window of folded
text::

    [〒ddd-dddd] [prefecture] [county] municipality [ward] [京都 street] town number [building] [room]
     cues         places                                                towns lots   buildings

with spaces or one line break between parts. What proves an address is that the
town is known in that municipality and that a number follows in one of its forms
(``1-2-3``, ``一丁目二番三号``, ``29番地の25``, ``第5地割12``): :mod:`evidence`. A place alone, or a place and a
count (``横浜市3位``), is none. Word lists are in ``recognizers/patterns/jp_address.yaml``. Addresses in Latin letters have
a grammar of their own (:mod:`latin`); :mod:`cells` judges whole cells of a column.
"""

from piiscan.detect.addresses.recognizer import AddressRecognizer

__all__ = ["AddressRecognizer"]
