"""Text as a stream of token types: offsets, white space, sentences, brackets, katakana runs."""

from __future__ import annotations

import pytest

from piiscan.detect.names.tokens import PADS, RUN_CODES, Stream, Vocabulary, contexts, split_sentences


def read(text: str, vocabulary: Vocabulary | None = None) -> tuple[Vocabulary, list[Stream]]:
    vocabulary = vocabulary or Vocabulary()
    return vocabulary, list(vocabulary.streams(text))


def words(text: str) -> list[tuple[str, int]]:
    """Each token's text and the mark of the white space before it."""
    vocabulary, streams = read(text)
    return [
        (text[a:b], vocabulary.known[i].gap)
        for stream in streams
        for i, a, b in zip(stream.ids.tolist(), stream.starts.tolist(), stream.ends.tolist(), strict=True)
        if i
    ]


def test_white_space_is_a_mark_on_the_token_behind_it() -> None:
    assert words("山田 太郎　様  殿") == [("山田", 0), ("太郎", 1), ("様", 2), ("殿", 2)]


def test_a_line_break_marks_nothing_but_an_indent_behind_it_does() -> None:
    assert words("山田\n太郎\n　花子\t次郎") == [("山田", 0), ("太郎", 0), ("花子", 2), ("次郎", 0)]


def test_the_same_word_has_one_type_whatever_its_width_but_not_whatever_its_case() -> None:
    vocabulary, (stream,) = read("The the 東京 東京")
    the, other, tokyo, again = (int(i) for i in stream.ids if i)
    assert vocabulary.known[the].surface == "The"
    assert vocabulary.known[other].surface == "the"
    assert (vocabulary.known[tokyo].surface, vocabulary.known[tokyo].gap) == ("東京", 1)
    assert tokyo == again


def test_pads_stand_before_every_sentence_and_at_the_end() -> None:
    _, (stream,) = read("はい。いいえ。")
    (a, b), (c, d) = stream.sentences()
    assert (a, c - b, len(stream.ids) - d) == (PADS, PADS, PADS)
    assert stream.ids[:a].tolist() == [0] * PADS


@pytest.mark.parametrize("text", ["", "   \n\t　", "\n\n"])
def test_nothing_gives_no_stream(text: str) -> None:
    assert read(text)[1] == []


def test_a_long_text_comes_in_pieces_that_cover_it() -> None:
    text = "昨日は山田さんが来た。" * 3000 + "い" * 1500 + "終"
    _, streams = read(text)
    assert len(streams) > 2
    spans = [(a, b) for s in streams for i, a, b in zip(s.ids.tolist(), s.starts.tolist(), s.ends.tolist(), strict=True) if i]
    assert all(a == previous for (a, _), (_, previous) in zip(spans[1:], spans[:-1], strict=True))
    assert (spans[0][0], spans[-1][1]) == (0, len(text))
    assert all(end - start <= 400 for start, end in split_sentences(text))


def test_brackets_and_katakana_runs() -> None:
    vocabulary, (stream,) = read("「ジョン・スミス」と、ロンドンで。（了）")
    where = contexts(stream, vocabulary)
    seen = {
        vocabulary.known[i].surface: (int(state), int(run))
        for i, state, run in zip(stream.ids.tolist(), where.states, where.runs, strict=True)
    }
    assert seen["ジョン"][0] == seen["・"][0] == 1
    assert seen["と"] == (0, 0)
    assert seen["了"] == (3, 0)
    first, middle, last = (seen[word][1] for word in ("ジョン", "・", "スミス"))
    assert (middle - first, last - first) == (1, 2)
    assert seen["ロンドン"][1] not in {0, first}
    assert where.runs.max() <= RUN_CODES
    at = stream.ids.tolist().index(next(i for i in stream.ids.tolist() if vocabulary.known[i].surface == "・"))
    around = [vocabulary.known[int(stream.ids[place[at]])].surface for place in (where.before, where.after)]
    assert around == ["「", "」"]


def test_a_bracket_that_is_never_closed_ends_with_its_sentence() -> None:
    vocabulary, (stream,) = read("（これは\nあれは")
    where = contexts(stream, vocabulary)
    states = {vocabulary.known[i].surface: int(s) for i, s in zip(stream.ids.tolist(), where.states, strict=True)}
    assert (states["これ"], states["あれ"]) == (3, 0)
