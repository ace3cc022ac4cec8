"""OUT, live: the inventory in a browser, and the decisions that people make there.

:func:`make_app` makes the application, :func:`serve` runs it on a socket.
Needs the extra ``web`` (Starlette, uvicorn). Read in this order:

* ``security`` and ``session``: who may ask for what; nothing passes them by.
* ``app``: the routes, one line each.
* ``visit``: what a page is given, and how it answers.
* ``parameters``: the filter in an address, and back.
* ``pages/``: one module a page.
"""

from __future__ import annotations

from piiscan.web.app import make_app
from piiscan.web.serving import Address, open_socket, serve

__all__ = ["Address", "make_app", "open_socket", "serve"]
