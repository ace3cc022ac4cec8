"""piiscan: finds where Japanese personal data sits, and how bad its loss would be.

>>> import piiscan
>>> [f.entity for f in piiscan.analyze_text("電話 090-1234-5678")]
['PHONE_NUMBER']

The public names are loaded when they are first used, so that importing the
package (and ``piiscan --help``) costs nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# NumPy's matrices are small here, and a scan has a process for every core: more threads of BLAS in each only wait for one
# another (measured: 40 times the CPU time). It must be said before NumPy loads; what the user has set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from piiscan.engine.api import analyze_text, presidio_analyzer, scan

__all__ = ["__version__", "analyze_text", "presidio_analyzer", "scan"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in {"analyze_text", "presidio_analyzer", "scan"}:
        from piiscan.engine import api

        found = globals()[name] = getattr(api, name)
        return found
    raise AttributeError(f"module 'piiscan' has no attribute {name!r}")
