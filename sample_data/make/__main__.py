"""``python -m sample_data.make``: make everything anew."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from sample_data.make import broken, containers, negatives, positives, stores
from sample_data.make.build import Share, write_manifests

SEED = 20261124


def main() -> None:
    random.seed(SEED)  # boundaries of mails
    home = Path(__file__).resolve().parent.parent
    shutil.rmtree(home / "files", ignore_errors=True)
    share = Share(home / "files")
    positives.make(share, random.Random(SEED))
    negatives.make(share, random.Random(SEED + 1))
    broken.make(share, random.Random(SEED + 2))
    stores.make(share, random.Random(SEED + 3))
    containers.make(share, random.Random(SEED + 5))
    write_manifests(share, home)
    print(
        f"{len(share.truths)} files: {sum(t.negative for t in share.truths)} hold nothing, {sum(t.outcome != 'scanned' for t in share.truths)} cannot be fully read"
    )


if __name__ == "__main__":
    main()
