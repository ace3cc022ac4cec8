"""``piiscan usb``: may this stick leave the building? One screen, plain words; ``--verify``: is it still what was checked?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from piiscan.cli.columns import fold
from piiscan.cli.common import App, fail, help_text, is_there, must_be_there, pass_app, verb
from piiscan.cli.exitcodes import ExitCode, gravest
from piiscan.cli.progress import watching
from piiscan.cli.scan import stoppable

if TYPE_CHECKING:
    from piiscan.carryout.policy import LoadedPolicy
    from piiscan.carryout.record import Record
    from piiscan.carryout.signing import PublicKey
    from piiscan.carryout.verdict import FileVerdict, Verdict
    from piiscan.catalogue import Catalogue
    from piiscan.settings import Settings
    from piiscan.sources.removable import Drive

__all__ = ["command"]

_COLOURS = {"allowed": "green", "approval": "yellow", "unclear": "yellow", "forbidden": "red"}

#: Files shown without --all, so that the answer stays on one screen.
_ONE_SCREEN = 5


@verb("usb", "usb")
@click.argument("mount", required=False, type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help=help_text("opt_verify"))
@click.option("--record", "record_path", type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_record"))
@click.option("--record-key", "record_keys", multiple=True, help=help_text("opt_record_key"))
@click.option("--policy", "policy_path", type=click.Path(path_type=Path, dir_okay=False), default=None, help=help_text("opt_policy"))
@click.option("--policy-key", "policy_keys", multiple=True, help=help_text("opt_policy_key"))
@click.option(
    "--html", "html_path", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default=None, help=help_text("opt_certificate")
)
@click.option("--leave-record", is_flag=True, help=help_text("opt_leave_record"))
@click.option("--records", "records", type=click.Path(path_type=Path, file_okay=False), default=None, help=help_text("opt_records"))
@click.option("--jobs", type=click.IntRange(min=0), default=None, help=help_text("opt_jobs"))
@click.option("--accept-incomplete", is_flag=True, help=help_text("opt_accept_incomplete"))
@click.option("--all", "show_all", is_flag=True, help=help_text("opt_all_files"))
@pass_app
def command(
    app: App,
    mount: Path | None,
    verify: bool,
    record_path: Path | None,
    record_keys: tuple[str, ...],
    policy_path: Path | None,
    policy_keys: tuple[str, ...],
    html_path: Path | None,
    leave_record: bool,
    records: Path | None,
    jobs: int | None,
    accept_incomplete: bool,
    show_all: bool,
) -> None:
    """See the catalogue."""
    from piiscan.engine.nursery import ahead

    with ahead(not verify and jobs != 0 and mount is not None and is_there(mount)) as certainly:
        from piiscan.carryout.policy import PolicyError, find_policy
        from piiscan.carryout.record import RecordError, default_folder, machine_key
        from piiscan.carryout.signing import KeyFileError, PublicKey
        from piiscan.cli.opening import sentences

        settings = app.settings(jobs=jobs)
        folder = records or settings.usb.records or default_folder()
        drives = _drives(app, mount)
        if html_path and len(drives) > 1:
            fail(app.say("usb.html_one", mounts=", ".join(drive.mount for drive in drives)))
        certainly(not verify and settings.jobs != 0)
        with sentences(app, str(folder)):
            try:
                key = machine_key(folder)
                if verify:
                    trusted = (key.public, *(PublicKey.of(words) for words in record_keys))
                    codes = [_verify(app, drive, settings, folder, record_path, trusted) for drive in drives]
                else:
                    policy = find_policy(settings, policy_path, policy_keys, dt.datetime.now().astimezone().date())
                    codes = []
                    for drive in drives:
                        codes += _check(app, drive, policy, settings, folder, html_path, leave_record, accept_incomplete, show_all)
            except (PolicyError, RecordError, KeyFileError) as error:
                fail(error)
    raise click.exceptions.Exit(int(gravest(codes)))


def _drives(app: App, mount: Path | None) -> list[Drive]:
    from piiscan.sources.removable import drive_at, removable_drives

    if mount is not None:
        must_be_there(app, mount)
        return [drive_at(mount)]
    drives = removable_drives()
    if not drives:
        fail(app.say("usb.no_drive"))
    for drive in drives:
        name = " ".join(part for part in (drive.label, drive.model) if part) or drive.device
        app.tell(app.say("usb.drive", mount=drive.mount, device=name, filesystem=drive.filesystem))
    return drives


# ----------------------------------------------------------------------- check


def _check(
    app: App,
    drive: Drive,
    policy: LoadedPolicy,
    settings: Settings,
    folder: Path,
    html_path: Path | None,
    leave_record: bool,
    accept_incomplete: bool,
    show_all: bool,
) -> list[ExitCode]:
    from piiscan.carryout.certificate import write_certificate
    from piiscan.carryout.check import check_stick, leave_on_stick
    from piiscan.carryout.record import machine_key, save_record
    from piiscan.carryout.verdict import VerdictWord
    from piiscan.catalogue import load_catalogue
    from piiscan.engine.scan import Progress
    from piiscan.engine.supervisor import default_jobs
    from piiscan.model import FileReport
    from piiscan.reports.base import opened_atomically, refuse_place

    if html_path:
        refuse_place(html_path)
    progress = Progress()
    with stoppable(app) as stop, watching(app) as on_progress:

        def met(report: FileReport) -> None:
            progress.met += 1
            progress.done += 1
            progress.bytes += report.item.size
            progress.findings += sum(group.count for group in report.groups)
            progress.current = report.item.key
            on_progress(progress)

        checked = check_stick(
            drive,
            policy,
            settings,
            machine_key(folder),
            jobs=default_jobs() if settings.jobs is None else settings.jobs,
            stop=stop,
            leave_record=leave_record,
            deviations=("flag:accept-incomplete",) if accept_incomplete else (),
            on_report=met,
        )
    verdict, record = checked.verdict, checked.record
    saved = save_record(record, folder)
    codes = [ExitCode.OK] if checked.complete else [ExitCode.STOPPED]
    catalogue = load_catalogue(policy.settings_for(settings).detection.recognizers)
    _answer(app, verdict, record, drive, policy, saved, show_all, catalogue)
    if leave_record and checked.complete:
        try:
            app.tell(app.say("usb.left", path=leave_on_stick(record, drive.mount)))
        except OSError as error:
            app.tell(app.say("common.cannot_write", path=drive.mount, reason=error))
    if html_path:
        with opened_atomically(html_path) as out:
            write_certificate(out, verdict, record, drive, policy, app.lang, catalogue)
        app.tell(app.say("report_out.written", path=html_path))
    if verdict.word in {VerdictWord.APPROVAL, VerdictWord.FORBIDDEN}:
        codes.append(ExitCode.FINDINGS)
    unclear = verdict.word is VerdictWord.UNCLEAR or any(file.problems for file in verdict.files)
    if unclear and not accept_incomplete:
        codes.append(ExitCode.INCOMPLETE)
    return codes


def _banner(text: str, colour: str) -> None:
    click.echo()
    click.secho(f"  {text}  ", bold=True, fg="black", bg=colour)
    click.echo()


def _line(text: str, indent: int = 2) -> None:
    """A sentence, folded at 78 columns."""
    for line in fold(text, 78 - indent):
        click.echo(" " * indent + line)


def _answer(
    app: App, verdict: Verdict, record: Record, drive: Drive, policy: LoadedPolicy, saved: Path, show_all: bool, catalogue: Catalogue
) -> None:
    from piiscan.carryout.policy import deviation_words
    from piiscan.carryout.verdict import VerdictWord

    word = verdict.word
    _banner(app.say(f"usb.{word.value}"), _COLOURS[word.value])
    about = "" if verdict.persons_exact else app.say("scan.about")
    _line(app.say("usb.looked_at", roots=drive.mount, files=f"{verdict.looked_at:,}", persons=f"{about}{verdict.persons:,}"))
    within = word is VerdictWord.ALLOWED and verdict.persons
    _line(app.say("usb.allowed_within" if within else f"usb.{word.value}_what"))
    for reason in verdict.reasons:
        _line("* " + app.say(f"usb.why_{reason.value.replace('-', '_')}"))
    shown = verdict.files if show_all else verdict.files[:_ONE_SCREEN]
    for file in shown:
        _file(app, file, catalogue)
    if len(shown) < len(verdict.files):
        click.echo()
        _line(app.say("usb.more", count=len(verdict.files) - len(shown)))
    click.echo()
    if word is VerdictWord.APPROVAL and policy.policy.approvers:
        names = app.say("usb.comma").join(approver.name for approver in policy.policy.approvers)
        _line(app.say("usb.ask_approver", names=names))
        click.echo(f"    piiscan usb-approve {saved}")
    if word is not VerdictWord.ALLOWED and policy.policy.contact:
        _line(app.say("usb.contact", contact=policy.policy.contact))
    if record.payload["deviations"]:
        _line(app.say("usb.deviations", words=app.say("usb.comma").join(deviation_words(record.payload["deviations"], app.lang))))
    click.echo("  " + app.say("usb.recorded", path=saved, until=record.payload["valid_until"]))
    click.echo()


def _file(app: App, file: FileVerdict, catalogue: Catalogue) -> None:
    from piiscan.reports import explanation_of
    from piiscan.reports.base import shown

    persons = app.say("usb.persons", persons=f"{file.persons:,}") if file.persons else ""
    click.echo()
    click.secho(f"  [{app.say(f'usb.{file.word.value}_short')}] {shown(file.path)} {persons}".rstrip(), fg=_COLOURS[file.word.value])
    if file.kinds:
        kinds = app.say("usb.comma").join(
            app.say("usb.kind", label=catalogue.label(entity, app.lang), count=f"{count:,}") for entity, count in file.kinds[:6]
        )
        _line(kinds, 6)
        _, action = explanation_of(file.kinds[0][0], app.lang, catalogue)
        if action:
            _line(f"→ {action}", 6)
    for problem in file.problems[:2]:
        inner = f"{shown(problem.member)}: " if problem.member else ""
        _line(f"{inner}{problem.kind.prose(app.lang)}", 6)
    for todo in dict.fromkeys(problem.kind.todo(app.lang) for problem in file.problems[:2]):
        _line(f"→ {todo}", 6)


# ---------------------------------------------------------------------- verify


def _verify(app: App, drive: Drive, settings: Settings, folder: Path, record_path: Path | None, trusted: Sequence[PublicKey]) -> ExitCode:
    from piiscan.carryout.check import what_changed
    from piiscan.carryout.record import load_record, newest_record
    from piiscan.carryout.verdict import VerdictWord
    from piiscan.engine.scan import Progress
    from piiscan.model import Item
    from piiscan.reports.base import shown

    record = load_record(record_path, tuple(trusted)) if record_path else newest_record(folder, drive, tuple(trusted))
    progress = Progress()
    with watching(app) as on_progress:

        def met(item: Item) -> None:
            progress.met += 1
            progress.done += 1
            progress.bytes += item.size
            progress.current = item.key
            on_progress(progress)

        changes = what_changed(record, drive, settings, met)
    today = dt.datetime.now().astimezone().date()
    expired = today > record.valid_until
    approved = record.approved(today)
    word = record.word
    lifted = approved and (
        word is VerdictWord.APPROVAL or (word is VerdictWord.UNCLEAR and record.payload["policy"]["unclear_may_be_approved"])
    )
    good = not changes.any and not changes.unknown and not expired and (word is VerdictWord.ALLOWED or lifted)
    if changes.any:
        _banner(app.say("usb.verify_changed"), "red")
    elif changes.unknown:
        _banner(app.say("usb.verify_unknown"), "yellow")
    else:
        _banner(app.say("usb.verify_same"), "green" if good else "yellow")
    when = f"{record.made_at.astimezone():%Y-%m-%d %H:%M}"
    _line(app.say("usb.verify_record", id=record.id, when=when, word=app.say(f"usb.{word.value}"), who=record.payload["who"]))
    for approval in record.approvals_seen():
        at = f"{approval.at.astimezone():%Y-%m-%d %H:%M}"
        _line(
            app.say(
                "usb.approved_by" if approval.valid else "usb.approval_invalid", name=approval.name, at=at, finger=approval.key.fingerprint
            )
        )
    if expired:
        _line(app.say("usb.verify_expired", until=record.valid_until))
    for name, paths in (("changed", changes.changed), ("added", changes.added), ("gone", changes.gone), ("unknown", changes.unknown)):
        for path in paths:
            click.echo(f"  [{app.say(f'usb.file_{name}')}] {shown(path)}")
    if changes.any or expired:
        _line(app.say("usb.verify_again"))
    click.echo()
    if changes.any or expired:
        return ExitCode.FINDINGS
    if changes.unknown or (word is VerdictWord.UNCLEAR and not lifted):
        return ExitCode.INCOMPLETE
    return ExitCode.OK if good else ExitCode.FINDINGS
