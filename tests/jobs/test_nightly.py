"""The nightly run and what can go wrong at night: each ends as documented, with the old reports whole."""

import csv
import datetime as dt
import errno
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from email import message_from_bytes, policy
from ipaddress import ip_address

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from prometheus_client.parser import text_string_to_metric_families

from piiscan.cli.main import cli
from piiscan.jobs import nightly as nightly_module
from piiscan.jobs.locks import inventory_lock
from piiscan.reports import base as report_base

TODAY = dt.datetime.now().astimezone().date()
VALUES = ("山田", "太郎", "090-1234-5678", "1234-5678")


@pytest.fixture
def night(tmp_path, monkeypatch):
    """``night(...)`` runs the jobs; ``night.config(text)`` writes the settings."""
    monkeypatch.chdir(tmp_path)
    share = tmp_path / "share"
    share.mkdir()
    (share / "名簿一.csv").write_text("氏名,電話番号\n山田太郎,090-1234-5678\n", encoding="utf-8")

    def config(job="", top="", more=""):
        (tmp_path / "piiscan.toml").write_text(
            f'inventory = "inv.db"\njobs = 0\n{top}\n[[nightly]]\nname = "share"\nroots = ["share"]\ncsv_dir = "out"\n{job}\n{more}',
            encoding="utf-8",
        )

    def run(*arguments, code=None):
        done = CliRunner().invoke(cli, ["nightly", "piiscan.toml", *arguments, "--lang", "en"])
        assert not done.exception or isinstance(done.exception, SystemExit), done.exception
        if code is not None:
            assert done.exit_code == code, done.output
        return done

    config()
    run.share, run.out, run.config, run.tmp = share, tmp_path / "out", config, tmp_path
    run.add = lambda name="名簿二.csv": (share / name).write_text("氏名,メール\n鈴木花子,suzuki@example.co.jp\n", encoding="utf-8")
    return run


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def today(view, suffix="csv"):
    return f"share-{view}-{TODAY.isoformat()}.{suffix}"


# ------------------------------------------------------------------------ reports


def test_every_output_is_dated_and_new_is_only_what_is_new(night):
    night.config('html_dir = "out"\nxlsx_dir = "out"\njson_dir = "out"\n')
    night(code=0)
    names = {path.name for path in night.out.iterdir()}
    assert names == {today("findings", "html"), *(today(v, s) for v in ("findings", "new", "problems") for s in ("csv", "xlsx", "json"))}
    night.add()
    done = night(code=0)
    assert "new: 2 findings in 1 file" in done.output
    assert {row["path"] for row in rows(night.out / today("new"))} == {"名簿二.csv"}
    assert {row["path"] for row in rows(night.out / today("findings"))} == {"名簿一.csv", "名簿二.csv"}
    book = openpyxl.load_workbook(night.out / today("new", "xlsx"))
    assert book["new"].max_row == 3


def test_retention_takes_only_this_jobs_old_reports(night):
    night.config("keep_days = 30\n")
    night.out.mkdir()
    old, recent = (TODAY - dt.timedelta(days=n) for n in (31, 30))
    kept = [
        f"share-findings-{recent}.csv",
        f"other-findings-{old}.csv",
        f"share-two-findings-{old}.csv",
        "share-notes.csv",
        f"share-{old}.csv",
    ]
    for name in (f"share-findings-{old}.csv", *kept):
        (night.out / name).write_text("x", encoding="utf-8")
    night(code=0)
    assert not (night.out / f"share-findings-{old}.csv").exists()
    assert all((night.out / name).exists() for name in kept)


def test_the_log_and_the_metrics(night):
    night.config(top='log_file = "log/n.jsonl"\nmetrics_file = "m/piiscan.prom"')
    (night.share / "壊れ.xlsx").write_bytes(b"PK\x03\x04broken")
    night(code=3)
    night(code=3)
    lines = [json.loads(line) for line in (night.tmp / "log" / "n.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line.get("event") for line in lines if "event" in line] == ["started", "job", "ended"] * 2
    job = next(line for line in lines if line.get("event") == "job")
    assert (job["job"], job["met"], job["unread"], job["complete"]) == ("share", 2, 1, True)
    assert (night.tmp / "log" / "n.jsonl").stat().st_mode & 0o077 == 0
    text = (night.tmp / "m" / "piiscan.prom").read_text(encoding="utf-8")
    samples = {(s.name, *sorted(s.labels.values())): s.value for family in text_string_to_metric_families(text) for s in family.samples}
    assert samples["piiscan_exit_code",] == 3
    assert samples["piiscan_files", "failed", "share"] == 1
    assert samples["piiscan_last_run_complete", "share"] == 1
    assert abs(samples["piiscan_last_complete_scan_timestamp_seconds",] - time.time()) < 60
    for value in (*VALUES, "名簿"):
        assert value not in text
        assert value not in (night.tmp / "log" / "n.jsonl").read_text(encoding="utf-8")


# ---------------------------------------------------------------------- disasters


def test_two_at_once(night):
    night(code=0)
    before = (night.out / today("findings")).read_bytes()
    with inventory_lock("inv.db"):
        done = night(code=5)
    assert "another run is using the inventory" in done.output
    assert (night.out / today("findings")).read_bytes() == before


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX")
def test_killed_in_the_middle(night):
    night(code=0)
    before = (night.out / today("findings")).read_bytes()
    for n in range(80):
        (night.share / f"{n}.txt").write_text(f"担当: 山田太郎 03-1234-{n:04}\n" * 3, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "piiscan.cli.main", "nightly", "piiscan.toml", "--log-json"],
        cwd=night.tmp,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    wal = night.tmp / "inv.db-wal"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (wal.exists() and wal.stat().st_size):
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert (night.out / today("findings")).read_bytes() == before
    left = night.out / f".{today('findings')}.0123abcd.tmp"
    left.write_text("half", encoding="utf-8")
    night(code=0)
    assert len({row["path"] for row in rows(night.out / today("findings"))}) == 81
    assert not left.exists()


def test_the_disk_is_full(night, monkeypatch):
    night(code=0)
    before = (night.out / today("findings")).read_bytes()
    night.add()

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(report_base.os, "fsync", full)
        done = night(code=4)
    assert "No space left" in done.output
    assert (night.out / today("findings")).read_bytes() == before
    assert not [path for path in night.out.iterdir() if path.name.endswith(".tmp")]
    night(code=0)
    assert len(rows(night.out / today("findings"))) == 4


def test_a_root_that_is_gone_stops_only_its_job(night):
    night.config(
        more='[[nightly]]\nname = "gone"\nroots = ["nowhere"]\ncsv_dir = "out"\n[[nightly]]\nname = "again"\nroots = ["share"]\ncsv_dir = "out"'
    )
    done = night(code=2)
    assert "gone: 'nowhere' does not exist" in done.output
    assert (night.out / f"again-findings-{TODAY}.csv").exists()


# ------------------------------------------------------------------ notifications


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def certificate(tmp_path):
    """A certificate of 127.0.0.1, signed by itself: ``(context of the server, file that clients trust)``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "ca.pem", tmp_path / "key.pem"
    pem.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


class Postbox:
    """A real mail server on this machine that keeps what it gets."""

    def __init__(self, port, **options):
        self.messages = []
        self._controller = Controller(self, hostname="127.0.0.1", port=port, **options)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()


def mail_section(port, more=""):
    return f'[nightly.mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "piiscan@example.co.jp"\nto = ["security@example.co.jp"]\n{more}'


def test_mail_holds_counts_and_links_only(night):
    port = free_port()
    night.config('link = "https://intra.example.co.jp/pii"', more=mail_section(port, 'security = "none"\n'))
    with Postbox(port) as box:
        night(code=0)
        night(code=0)  # nothing new: nothing is sent
        night.add()
        night(code=0)
    first, second = box.messages
    assert "first scan" in first["Subject"]
    assert second["Subject"] == "piiscan share: 2 new findings in 1 file"
    body = second.get_content()
    assert "e-mail address: 1" in body
    assert f"https://intra.example.co.jp/pii/{today('new')}" in body
    for message in box.messages:
        for secret in (*VALUES, "名簿", "鈴木", "suzuki"):
            assert secret not in message.get_content()
            assert secret not in message["Subject"]


def test_only_what_is_bad_enough(night):
    port = free_port()
    night.config(more=mail_section(port, 'security = "none"\nmin_level = "critical"\n'))
    with Postbox(port) as box:
        night(code=0)
    assert box.messages == []


def test_mail_with_starttls_and_login(night, certificate, monkeypatch):
    context, ca = certificate
    port = free_port()

    def check(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.password == b"secret", handled=False)

    more = f'user = "piiscan"\npassword_env = "MAIL_PASSWORD"\nca_file = "{ca}"\n'
    night.config(more=mail_section(port, more))
    options = {"tls_context": context, "require_starttls": True, "authenticator": check, "auth_required": True}
    with Postbox(port, **options) as box:
        monkeypatch.setenv("MAIL_PASSWORD", "wrong")
        done = night(code=3)
        assert "refused (535)" in done.output
        assert "wrong" not in done.output
        monkeypatch.setenv("MAIL_PASSWORD", "secret")
        night(code=0)
    assert len(box.messages) == 1  # the one that waited


def test_a_server_that_nobody_vouches_for_gets_nothing(night, certificate):
    context, _ = certificate
    port = free_port()
    night.config(more=mail_section(port))
    with Postbox(port, tls_context=context) as box:
        night(code=3)
    assert box.messages == []


def test_the_mail_server_is_down(night):
    port = free_port()
    night.config(more=mail_section(port, 'security = "none"\n'))
    done = night(code=3)
    assert "cannot be reached" in done.output
    assert (night.out / today("findings")).exists()
    night.add()
    with Postbox(port) as box:
        night(code=0)
    assert [message["Subject"] for message in box.messages] == ["piiscan share: first scan, 4 findings in 2 files"]


def test_what_a_killed_or_full_night_found_is_told_by_the_next(night, monkeypatch):
    port = free_port()
    night.config(more=mail_section(port, 'security = "none"\n'))
    with Postbox(port) as box:
        night(code=0)
        night.add()
        with monkeypatch.context() as patched:
            # as if the run ended between the scan and the message
            patched.setattr(nightly_module, "_report", lambda *arguments: nightly_module.JobResult(arguments[2], arguments[4]))
            night(code=0)
        night(code=0)
        night(code=0)
    assert [message["Subject"] for message in box.messages][1:] == ["piiscan share: 2 new findings in 1 file"]


def test_a_password_never_goes_out_in_the_clear(night):
    night.config(
        more=mail_section(25, 'security = "none"\nuser = "a"\npassword_env = "MAIL_PASSWORD"\n').replace("127.0.0.1", "mail.invalid")
    )
    os.environ["MAIL_PASSWORD"] = "secret"
    try:
        assert "not sent to mail.invalid:25 without encryption" in night(code=3).output
    finally:
        del os.environ["MAIL_PASSWORD"]


@pytest.fixture
def hook():
    """A web server on this machine: ``.got`` are the requests, ``.answer`` is its status."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.path, self.headers["Authorization"], json.loads(body)))
            self.send_response(server.answer)
            if server.answer in {302, 307}:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook(night, hook):
    (night.tmp / "token").write_text("t0ken\n", encoding="utf-8")
    night.config(more=f'[nightly.webhook]\nurl = "http://127.0.0.1:{hook.server_port}/s3cret"\ntoken_file = "token"\n')
    night(code=0)
    ((path, authorization, body),) = hook.got
    assert (path, authorization) == ("/s3cret", "Bearer t0ken")
    assert (body["job"], body["findings"], body["files"]) == ("share", 2, {"medium": 1})
    assert "名簿" not in json.dumps(body, ensure_ascii=False)
    assert "山" not in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("answer", [302, 307, 403, 500])
def test_a_webhook_that_refuses_or_sends_elsewhere(night, hook, answer):
    hook.answer = answer
    night.config(more=f'[nightly.webhook]\nurl = "http://127.0.0.1:{hook.server_port}/s3cret"\n')
    done = night(code=3)
    assert f"answered {answer}" in done.output
    assert "s3cret" not in done.output
    assert len(hook.got) == 1
    hook.answer = 204
    night(code=0)
    assert len(hook.got) == 2
