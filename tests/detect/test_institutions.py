"""Telephones, addresses and mailboxes of firms and offices are not of whom the text names."""

from __future__ import annotations

import pytest

from piiscan.model import Level


@pytest.fixture
def level(read_file):
    return lambda text: read_file(text)[0].level


@pytest.mark.parametrize(
    "text",
    [
        "会社概要\n所在地：〒100-0013 東京都千代田区霞が関1-2-3\n代表電話：03-1234-5678　FAX：03-1234-5679\nお問い合わせ：info@hoshi.example.jp\n代表取締役社長　星 一郎\n",
        "新社長に近藤明氏が就任すると発表した。\n報道関係のお問い合わせ 広報部 03-1234-5678\n",
    ],
)
def test_an_office_s_contacts_are_not_of_whom_it_names(level, text):
    assert level(text) == Level.LOW


@pytest.mark.parametrize(
    "text",
    [
        "お問い合わせ：総務部 近藤 明 03-1234-5678\n",
        "近藤 明\n携帯 090-1234-5678\n",
        "お問い合わせ 090-1234-5678\n近藤 明\n",
        "近藤 明\nTEL 03-1234-5678\n",
    ],
)
def test_somebody_s_own_are(level, text):
    assert level(text) == Level.MEDIUM
