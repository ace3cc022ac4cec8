"""Lists and plans of who is on duty, in which family names stand that are words and places as well (東, 南, 星, 千葉), beside lists of other things."""

from __future__ import annotations

import pytest

LISTS = [
    "【11月 宿直当番表】\n1日(日) 安田\n2日(月) 東\n3日(火) 南\n4日(水) 千葉\n5日(木) 福島\n6日(金) 星\n7日(土) 近藤\n",
    "シフト\n11/1（土）　早番：安田、東　遅番：南、千葉\n11/2（日）　早番：星、近藤　遅番：福島\n11/3（月）　早番：東、南　遅番：休み\n",
    "清掃当番\n第1週　安田さん　東さん\n第2週　南さん　千葉さん\n第3週　星さん　近藤さん\n第4週　福島さん\n",
    "清掃当番\n第1週　安田　東\n第2週　南　千葉\n第3週　星　近藤\n第4週　福島　全員\n",
]


@pytest.mark.parametrize("text", LISTS)
def test_whoever_is_on_duty_in_lines(names, text):
    assert set(names(text)) == {"安田", "東", "南", "千葉", "福島", "星", "近藤"}


def test_whoever_stands_under_turns(names):
    rows = "日付,早番,日勤,遅番,夜勤\n11/1,安田,東・南,千葉,福島\n11/2,星,近藤・安田,東,休\n11/3,,千葉・福島,星,近藤\n"
    assert sorted(names(rows, "shift.csv")) == sorted(
        ["安田", "東", "南", "千葉", "福島", "星", "近藤", "安田", "東", "千葉", "福島", "星", "近藤"]
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("清掃当番の日の天気\n1日(日) 晴れ\n2日(月) 雨\n3日(火) 曇り\n", "a.txt"),
        ("出張シフト\n4日 東京\n5日 京都\n6日 松本\n7日 福島\n8日 石川\n", "a.txt"),
        ("当番の持ち物\n1班 ほうき 3本\n2班 雑巾 南側\n3班 バケツ 北側\n", "a.txt"),
        ("日付,朝,昼,夜\n11/1,パン,カレー,鍋\n11/2,和食,そば,中華\n11/3,洋食,うどん,焼肉\n", "a.csv"),
    ],
)
def test_other_things_by_day(names, text, name):
    assert names(text, name) == []


def test_whoever_has_a_seat_in_a_plan_of_several_columns(names):
    plan = "配席図\n        [窓]\n安田   東    星\n南     近藤  空\n原     千葉  福島\n        [入口]\n"
    assert names(plan) == ["安田", "東", "星", "南", "近藤", "原", "千葉", "福島"]
    assert names("配席図\n安田 美咲   東 健一\n星 由美   近藤 明\n") == ["安田 美咲", "東 健一", "星 由美", "近藤 明"]


def test_a_plan_of_rooms_and_things(names):
    assert names("レイアウト\n会議室  倉庫   受付\n南側   北側   通路\n東京   千葉   福島\n") == []
