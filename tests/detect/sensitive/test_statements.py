"""What is said of somebody in everyday words, made of a part and what is said of it, beside what the same words say of nobody."""

from __future__ import annotations

import pytest

from piiscan.detect.sensitive.statements import statements
from piiscan.language import translated
from piiscan.resources import read_yaml, recognizers_dir
from tests.detect.sensitive.test_everyday_words import kinds

DATA = read_yaml(recognizers_dir() / "context" / "statements.yaml")


@pytest.mark.parametrize("example", DATA["examples"]["match"])
def test_the_examples_of_the_data(example: str) -> None:
    kind, said = example.split("|")
    assert kind in kinds(f"作業員の大西は{said}。")


@pytest.mark.parametrize("said", DATA["examples"]["no_match"])
def test_the_counter_examples_of_the_data(said: str) -> None:
    assert kinds(f"作業員の大西は{said}。") == set()


def test_each_statement_has_an_example() -> None:
    said = [example.split("|") for example in DATA["examples"]["match"]]
    for entity, listed in statements().items():
        texts = [text for kind, text in said if kind == entity.removeprefix("JP_SENSITIVE_")]
        for statement in listed:
            assert any(statement.regex.search(text) and any(word in text for word in statement.gate) for text in texts), statement.name


def test_where_a_statement_is_found_one_of_its_words_stands() -> None:
    for listed in statements().values():
        for statement in listed:
            for example in DATA["examples"]["match"]:
                found = statement.regex.search(example.split("|")[1])
                assert found is None or any(word in example for word in statement.gate), (statement.name, example)


def test_each_statement_is_said_in_japanese() -> None:
    for listed in statements().values():
        for statement in listed:
            said = translated("why", f"statement {statement.name}", "ja")
            assert not any(ch.isascii() and ch.isalpha() for ch in said), said
