WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def my_number_check(body: str) -> int:
    """個人番号のチェックディジットを求める。"""
    rest = sum(w * int(d) for w, d in zip(WEIGHTS, body)) % 11
    return 0 if rest <= 1 else 11 - rest
