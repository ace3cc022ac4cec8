"""``piiscan`` and ``python -m piiscan``: nothing is imported before Ctrl-C has an answer."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Entry point of the console script; who is stopped while Python loads the rest (a tenth of a second) sees no traceback."""
    try:
        from piiscan.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(4)  # ExitCode.STOPPED, which may not be loaded yet


if __name__ == "__main__":
    main()
