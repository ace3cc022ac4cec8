"""On PYTHONPATH of a test's processes: whoever wants the network ends its process at once, with a note."""

import os
import pathlib
import sys

if "TESTS_NO_NETWORK" in os.environ:

    def _hook(event, arguments):
        if event in {
            "socket.connect",
            "socket.sendto",
            "socket.getaddrinfo",
            "socket.gethostbyname",
            "socket.gethostbyaddr",
            "urllib.Request",
        }:
            if event == "socket.connect" and isinstance(arguments[1], str | bytes):
                return  # a socket of this machine's file system
            with pathlib.Path(os.environ["TESTS_NO_NETWORK"]).open("a", encoding="utf-8") as note:
                note.write(f"{event}\n")
            os._exit(99)

    sys.addaudithook(_hook)
