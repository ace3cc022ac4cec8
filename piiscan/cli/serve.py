"""``piiscan serve``: the inventory in a browser."""

from __future__ import annotations

import contextlib
import importlib.util
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piiscan.cli.common import App, fail, help_text, pass_app, verb
from piiscan.cli.exitcodes import ExitCode

if TYPE_CHECKING:
    from piiscan.inventory import Inventory
    from piiscan.settings import Settings

__all__ = ["WEB_COMMAND", "WEB_MODULES", "command"]

#: What the extra ``web`` brings, and how to get it.
WEB_MODULES = ("starlette", "uvicorn")
WEB_COMMAND = f"{Path(sys.executable)} -m pip install 'piiscan[web]'"


@verb("serve", "serve")
@click.option("--inventory", default=None, help=help_text("opt_inventory"))
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help=help_text("opt_port"))
@click.option("--host", default="127.0.0.1", show_default=True, help=help_text("opt_host"))
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help=help_text("opt_allow_host"))
@click.option("--tls-cert", type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_tls_cert"))
@click.option("--tls-key", type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_tls_key"))
@pass_app
def command(
    app: App, inventory: str | None, port: int, host: str, names: tuple[str, ...], tls_cert: Path | None, tls_key: Path | None
) -> None:
    """See the catalogue."""
    settings = app.settings(inventory=inventory)
    if any(importlib.util.find_spec(module) is None for module in WEB_MODULES):
        fail(app.say("serve.not_installed", command=WEB_COMMAND))
    if (tls_cert is None) is not (tls_key is None):
        fail(app.say("serve.tls_both"))

    from piiscan.web import Address, make_app, open_socket, serve
    from piiscan.web.session import Sessions

    with _opened(app, settings) as (store, read_only):
        try:
            listening = open_socket(host, port)
        except OSError as error:
            fail(app.say("serve.cannot_listen", host=host, port=port, reason=error))
        address = Address(host, listening.getsockname()[1], names, https=tls_cert is not None)
        token = secrets.token_urlsafe(32)
        site = make_app(
            store,
            settings,
            Sessions(token),
            hosts=address.hosts(),
            port=address.port,
            https=address.https,
            read_only=read_only,
            lang=app.lang,
        )
        if not address.loopback:
            click.echo(app.say("serve.open_tls" if address.https else "serve.open", host=host), err=True)
        if read_only:
            app.tell(app.say("serve.read_only"))
        click.echo(f"{address.url}login?token={token}")
        app.tell(app.say("serve.how"))
        sys.stdout.flush()
        try:
            serve(site, [listening], certificate=tls_cert, key=tls_key)
        except KeyboardInterrupt:
            pass
        except OSError as error:  # an SSLError is one
            fail(app.say("serve.cannot_tls", path=error.filename or tls_cert, reason=error))
        finally:
            listening.close()
    app.tell(app.say("serve.stopped"))
    raise click.exceptions.Exit(int(ExitCode.OK))


@contextlib.contextmanager
def _opened(app: App, settings: Settings) -> Iterator[tuple[Inventory, str]]:
    """The inventory, and why nothing can be written into it (empty where it can)."""
    from piiscan.assess.persons import merge
    from piiscan.cli.opening import may_be_written, opened_for_reading
    from piiscan.jobs.locks import InventoryBusyError, inventory_lock

    with opened_for_reading(app, settings) as store:
        if not may_be_written(settings.inventory):
            yield store, "read_only"
            return
        # sums that a killed scan left behind; where one is under way, it will do them itself
        with contextlib.suppress(InventoryBusyError), inventory_lock(settings.inventory):
            if store.pages().stale():
                store.roll_up(merge)
        yield store, ""
