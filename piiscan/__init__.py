"""piiscan: finds where Japanese personal data sits, and how bad its loss would be.

>>> import piiscan
>>> [f.entity for f in piiscan.analyze_text("電話 090-1234-5678")]
['PHONE_NUMBER']

The public names are loaded when they are first used, so that importing the
package (and ``piiscan --help``) costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from piiscan.engine.api import analyze_text, presidio_analyzer, scan

__all__ = ["__version__", "analyze_text", "presidio_analyzer", "scan"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in {"analyze_text", "presidio_analyzer", "scan"}:
        from piiscan.engine import api

        return getattr(api, name)
    raise AttributeError(f"module 'piiscan' has no attribute {name!r}")
