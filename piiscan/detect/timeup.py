"""How a document is told that its file's time is up."""

__all__ = ["TimeUpError"]


class TimeUpError(Exception):
    """Raised by the check that a document was given, in the middle of a piece."""
