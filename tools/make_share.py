"""Writes a large labelled share of invented files for ``../shared/tools/score_share.py``.

    python tools/make_share.py DIR [--variant dev|test|all|blind|more|typical|blind2|more2|blind3|more3|more4] [--seed N] [--positive N] [--negative N]

``dev`` and ``test`` draw from different halves of every pool of templates, headers, list kinds, formats and words: what is
tuned on one can be measured on the other. ``blind``, ``more`` and ``typical`` are templates of another hand (``share_maker/stranger.py``),
``blind2`` and ``more2`` of a third (``share_maker/blind2.py``), ``blind3`` and ``more3`` of a fourth (``share_maker/blind3.py``),
``more4`` of a fifth (``share_maker/more4.py``). The same seed makes the same share.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.share_maker.blind2 import Blind2Maker, make_blind2
from tools.share_maker.blind3 import Blind3Maker
from tools.share_maker.building import Maker, write_share
from tools.share_maker.more4 import More4Maker
from tools.share_maker.nobody import make_negatives
from tools.share_maker.prose import make_prose
from tools.share_maker.stranger import StrangerMaker, make_stranger
from tools.share_maker.tables import make_tables


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--variant",
        choices=("dev", "test", "all", "blind", "more", "typical", "blind2", "more2", "blind3", "more3", "more4"),
        default="dev",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--positive", type=int, default=300)
    parser.add_argument("--negative", type=int, default=300)
    args = parser.parse_args()
    maker: Maker
    if args.variant in {"blind", "more", "typical"}:
        maker = stranger = StrangerMaker(args.seed)
        people, nobody = (
            ("stranger_people.yaml", "stranger_nobody.yaml") if args.variant == "blind" else (f"stranger_{args.variant}.yaml",) * 2
        )
        make_stranger(stranger, args.positive, args.negative, people, nobody)
    elif args.variant in {"blind2", "more2"}:
        maker = second = Blind2Maker(args.seed)
        people, nobody = ("blind2_people.yaml", "blind2_nobody.yaml") if args.variant == "blind2" else ("blind2_more.yaml",) * 2
        make_blind2(second, args.positive, args.negative, people, nobody)
    elif args.variant in {"blind3", "more3"}:
        maker = third = Blind3Maker(args.seed)
        people, nobody = ("blind3_people.yaml", "blind3_nobody.yaml") if args.variant == "blind3" else ("blind3_more.yaml",) * 2
        make_blind2(third, args.positive, args.negative, people, nobody)
    elif args.variant == "more4":
        maker = fifth = More4Maker(args.seed)
        make_blind2(fifth, args.positive, args.negative, "more4_people.yaml", "more4_nobody.yaml")
    else:
        maker = Maker(args.seed, args.variant)
        make_tables(maker, args.positive // 2)
        make_prose(maker, args.positive - args.positive // 2)
        make_negatives(maker, args.negative)
    shutil.rmtree(args.folder, ignore_errors=True)
    write_share(maker.files, args.folder)
    print(
        f"{len(maker.files)} files, {sum(len(f.truth) for f in maker.files)} values, {sum(len(f.people) for f in maker.files)} people in {args.folder}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
