"""``piiscan usb-policy``: what the security team does: make keys, sign the policy, look at one."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from piiscan.cli.common import App, Verb, VerbGroup, fail, help_text, pass_app
from piiscan.cli.exitcodes import ExitCode

__all__ = ["command"]


@click.group("usb-policy", cls=VerbGroup, help=help_text("usb_policy"), context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """See the catalogue."""


@command.command("keygen", cls=Verb, help=help_text("usb_policy_keygen"))
@click.argument("path", metavar="KEYFILE", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def keygen(app: App, path: Path) -> None:
    """A private key in KEYFILE, its public half in KEYFILE.pub."""
    from piiscan.carryout.signing import SigningKey
    from piiscan.cli.opening import sentences

    with sentences(app, str(path)):
        try:
            key = SigningKey.create(path, os.environ.get("PIISCAN_KEY_PASSPHRASE", ""))
        except FileExistsError:
            fail(app.say("usb.key_exists", path=path))
        public = path.with_name(path.name + ".pub")
        public.write_text(key.public.text + "\n", encoding="ascii", newline="\n")
    click.echo(app.say("usb.key_made", path=path, public=public, fingerprint=key.public.fingerprint))
    click.echo(key.public.text)
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("sign", cls=Verb, help=help_text("usb_policy_sign"))
@click.argument("policy", metavar="POLICY", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key", "key_path", required=True, type=click.Path(path_type=Path, dir_okay=False), help=help_text("opt_key"))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_signed"))
@pass_app
def sign(app: App, policy: Path, key_path: Path, output: Path | None) -> None:
    """The policy with its signature, in place or as another file."""
    from piiscan.carryout.policy import KEY_NAME, POLICY_NAME, PolicyError, machine_folder, sign_policy
    from piiscan.carryout.signing import KeyFileError, SigningKey
    from piiscan.cli.opening import sentences
    from piiscan.reports.base import opened_atomically

    target = output or policy
    with sentences(app, str(target)):
        try:
            key = SigningKey.load(key_path, os.environ.get("PIISCAN_KEY_PASSPHRASE", ""))
            signed = sign_policy(policy, key)
        except (PolicyError, KeyFileError) as error:
            fail(error)
        with opened_atomically(target) as file:
            file.write(signed)
    folder = machine_folder()
    click.echo(app.say("usb.policy_signed", path=target, fingerprint=key.public.fingerprint))
    click.echo(app.say("usb.policy_install", policy=folder / POLICY_NAME, public=folder / KEY_NAME))
    raise click.exceptions.Exit(int(ExitCode.OK))


@command.command("show", cls=Verb, help=help_text("usb_policy_show"))
@click.option("--policy", "policy_path", type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_policy"))
@click.option("--policy-key", "policy_keys", multiple=True, help=help_text("opt_policy_key"))
@pass_app
def show(app: App, policy_path: Path | None, policy_keys: tuple[str, ...]) -> None:
    """The policy that would hold here, or why it is refused."""
    from piiscan.carryout.policy import PolicyError, deviation_words, find_policy

    try:
        loaded = find_policy(app.settings(), policy_path, policy_keys, dt.datetime.now().astimezone().date())
    except PolicyError as error:
        fail(error)
    policy = loaded.policy
    click.echo(app.say(f"usb.origin_{loaded.origin.replace('-', '_')}", signer=loaded.signer.fingerprint if loaded.signer else ""))
    for name, value in policy.model_dump(mode="json", exclude={"detection", "limits", "approvers"}).items():
        if value not in ("", None, []):
            shown = ", ".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else value
            click.echo(f"  {name}: {shown}")
    for approver in policy.approvers:
        click.echo(f"  approver: {approver.name} {approver.key}")
    if loaded.deviations:
        click.echo(app.say("usb.deviations", words=app.say("usb.comma").join(deviation_words(loaded.deviations, app.lang))))
    raise click.exceptions.Exit(int(ExitCode.OK))
