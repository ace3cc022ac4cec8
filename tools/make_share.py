"""Writes a large labelled share of invented files for ``../shared/tools/score_share.py``.

    python tools/make_share.py DIR [--variant NAME] [--seed N] [--positive N] [--negative N]

``dev`` and ``test`` draw from different halves of every pool of templates, headers, list kinds, formats and words (``all``: from both):
what is tuned on one can be measured on the other. The others are templates of people who had not seen a rule: ``blind``, ``more`` and
``typical`` of one (``share_maker/stranger.py``), ``blind2`` and ``more2`` of a second, ``blind3`` and ``more3`` of a third, ``blind4`` of a fourth,
``more4`` of a fifth, ``blind5`` of a sixth, ``blind6`` of a seventh, ``blind7`` of an eighth, ``blind8`` of a ninth (each in the file of its name). The same seed makes the same share.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.share_maker.blind2 import Blind2Maker, make_blind2
from tools.share_maker.blind3 import Blind3Maker
from tools.share_maker.blind4 import Blind4Maker
from tools.share_maker.blind5 import Blind5Maker
from tools.share_maker.blind6 import Blind6Maker
from tools.share_maker.blind7 import Blind7Maker
from tools.share_maker.blind8 import Blind8Maker
from tools.share_maker.building import Maker, write_share
from tools.share_maker.more4 import More4Maker
from tools.share_maker.nobody import make_negatives
from tools.share_maker.prose import make_prose
from tools.share_maker.stranger import StrangerMaker, make_stranger
from tools.share_maker.tables import make_tables

#: Variant: whose maker, the templates about people, those about nobody.
_STRANGERS: dict[str, tuple[type[StrangerMaker], str, str]] = {
    "blind": (StrangerMaker, "stranger_people.yaml", "stranger_nobody.yaml"),
    "more": (StrangerMaker, "stranger_more.yaml", "stranger_more.yaml"),
    "typical": (StrangerMaker, "stranger_typical.yaml", "stranger_typical.yaml"),
    "blind2": (Blind2Maker, "blind2_people.yaml", "blind2_nobody.yaml"),
    "more2": (Blind2Maker, "blind2_more.yaml", "blind2_more.yaml"),
    "blind3": (Blind3Maker, "blind3_people.yaml", "blind3_nobody.yaml"),
    "more3": (Blind3Maker, "blind3_more.yaml", "blind3_more.yaml"),
    "blind4": (Blind4Maker, "blind4_people.yaml", "blind4_nobody.yaml"),
    "blind5": (Blind5Maker, "blind5_people.yaml", "blind5_nobody.yaml"),
    "blind6": (Blind6Maker, "blind6_people.yaml", "blind6_nobody.yaml"),
    "blind7": (Blind7Maker, "blind7_people.yaml", "blind7_nobody.yaml"),
    "blind8": (Blind8Maker, "blind8_people.yaml", "blind8_nobody.yaml"),
    "more4": (More4Maker, "more4_people.yaml", "more4_nobody.yaml"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variant", choices=("dev", "test", "all", *_STRANGERS), default="dev")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--positive", type=int, default=300)
    parser.add_argument("--negative", type=int, default=300)
    args = parser.parse_args()
    maker: Maker
    if args.variant in _STRANGERS:
        hand, people, nobody = _STRANGERS[args.variant]
        maker = stranger = hand(args.seed)
        if isinstance(stranger, Blind2Maker):
            make_blind2(stranger, args.positive, args.negative, people, nobody)
        else:
            make_stranger(stranger, args.positive, args.negative, people, nobody)
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
