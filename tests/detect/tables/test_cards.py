"""Forms of two columns of which few labels are known, and the ranks of those who stand for a firm."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("rank", ["代表取締役社長", "代表取締役", "専務理事", "組合長", "取締役兼CFO"])
def test_who_stands_for_a_firm_without_his_rank(names, rank):
    assert names(f"会社名,株式会社星工業\n代表者,{rank} 安田 美咲\n設立,昭和55年4月12日\n資本金,1億円\n", "a.csv") == ["安田 美咲"]


def test_answers_behind_labels_that_are_not_known(names):
    assert names("契約者,安田 美咲\n物件,霞が関ハイツ501\n賃料,12万円\n敷金,なし\n", "a.csv") == ["安田 美咲"]


def test_a_list_with_a_header_stays_one(names):
    assert names("氏名,班\n安田 美咲,赤\n東 健一,白\n星 由美,青\n", "a.csv") == ["安田 美咲", "東 健一", "星 由美"]
