"""``piiscan serve`` as its users start and end it."""

import datetime as dt
import ipaddress
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.running import PIISCAN, piiscan


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent another way there")
def test_it_prints_an_address_answers_and_ends(filled):
    server = subprocess.Popen(
        [*PIISCAN, "serve", "--inventory", str(filled), "--port", "0", "--lang", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = opener.open(address, timeout=30)
        assert page.url == address.partition("login")[0]
        assert "個人情報" in page.read().decode() or page.status == 200
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(address[:-4] + "none", timeout=30)
        server.send_signal(signal.SIGINT)
        out, error = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 0, error
    assert out == ""
    assert "Ended." in error
    assert "Traceback" not in error
    token = address.partition("token=")[2]
    assert token not in error  # nothing that is logged holds it


def test_a_busy_port_is_one_sentence(filled):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = piiscan("serve", "--inventory", filled, "--port", port, ok=(2,))
    assert len(done.stderr.splitlines()) == 1
    assert f"port {port}" in done.stderr
    assert "--port 0" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--inventory", "/nowhere/none.db"], "does not exist"),
        (["--tls-cert", "a.pem"], "--tls-key"),
        (["--port", "70000"], "70000"),
    ],
)
def test_wrong_use_is_a_sentence(filled, arguments, words):
    done = piiscan("serve", *([] if "--inventory" in arguments else ["--inventory", filled]), *arguments, ok=(2,))
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_the_command_is_told(filled, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "starlette" else found(name, *rest))
    done = piiscan("serve", "--inventory", filled, ok=(2,))
    assert len(done.stderr.splitlines()) == 1
    assert "-m pip install 'piiscan[web]'" in done.stderr
    done = piiscan("doctor", ok=(0, 3))
    assert "-m pip install 'piiscan[web]'" in done.stdout


def self_signed(folder):
    """A certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "web.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "web.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return folder / "web.pem", folder / "web.key"


def test_with_a_certificate_it_speaks_https_only(filled, tmp_path):
    certificate, key = self_signed(tmp_path)
    server = subprocess.Popen(
        [*PIISCAN, "serve", "--inventory", str(filled), "--port", "0", "--tls-cert", str(certificate), "--tls-key", str(key), "-q"],
        stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        address = server.stdout.readline().strip()
        assert address.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=certificate)
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(jar := CookieJar())
        )
        assert opener.open(address, timeout=30).status == 200
        assert [cookie.secure for cookie in jar if cookie.name.startswith("piiscan_")] == [True]
    finally:
        server.terminate()
        server.wait(30)
        server.stdout.close()


@pytest.mark.parametrize(("secured", "words"), [(False, "WARNING"), (True, "Note")])
def test_an_address_that_others_reach_is_said_loudly(filled, tmp_path, monkeypatch, secured, words):
    from piiscan import web

    # listens on loopback all the same: nothing of a test is reached from elsewhere
    monkeypatch.setattr(web, "open_socket", lambda _host, port: socket.create_server(("127.0.0.1", port)))
    monkeypatch.setattr(web, "serve", lambda *_args, **_options: None)
    options = [] if not secured else [x for pair in zip(("--tls-cert", "--tls-key"), self_signed(tmp_path), strict=True) for x in pair]
    done = piiscan("serve", "--inventory", filled, "--host", "192.0.2.10", "--port", "0", *options)
    assert words in done.stderr
    assert "192.0.2.10 can be reached from other machines" in done.stderr
    assert done.stdout.startswith("https://192.0.2.10:" if secured else "http://192.0.2.10:")


def test_an_inventory_that_may_not_be_written_is_shown_all_the_same(filled, monkeypatch):
    from piiscan import web

    seen = {}
    make = web.make_app
    monkeypatch.setattr("os.access", lambda _path, mode, **_options: mode != os.W_OK)
    monkeypatch.setattr(web, "make_app", lambda *args, **options: seen.update(options) or make(*args, **options))
    monkeypatch.setattr(web, "serve", lambda *_args, **_options: None)
    done = piiscan("serve", "--inventory", filled, "--port", "0")
    assert seen["read_only"] == "read_only"
    assert "decisions cannot be recorded" in done.stderr


def test_a_certificate_that_is_none_is_a_sentence(filled, tmp_path):
    for name in ("web.pem", "web.key"):
        (tmp_path / name).write_text("no certificate", encoding="utf-8")
    done = piiscan(
        "serve", "--inventory", filled, "--port", "0", "--tls-cert", tmp_path / "web.pem", "--tls-key", tmp_path / "web.key", ok=(2,)
    )
    assert "PEM" in done.stderr
