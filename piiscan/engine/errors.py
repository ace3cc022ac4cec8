"""What ends a scan before its end and is no fault of a file; light, so that the command line can name it."""

from __future__ import annotations

__all__ = ["ClusterLostError"]


class ClusterLostError(RuntimeError):
    """The cluster cannot go on; what was committed stays, the same command goes on."""
