"""A real Dask scheduler and real workers, as processes on loopback."""

import contextlib
import faulthandler
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import samba
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from distributed import Client, Future

from piiscan.engine import cluster, connection
from piiscan.engine.cluster import Cluster
from piiscan.engine.connection import Connection, security_of
from piiscan.engine.errors import ClusterLostError
from piiscan.engine.scan import scan_into
from piiscan.engine.supervisor import Work
from piiscan.inventory import Inventory
from piiscan.inventory.base import RETRIED
from piiscan.masking import FingerprintKey
from piiscan.model import Outcome
from piiscan.problems import ProblemKind
from piiscan.settings import ClusterSettings, Settings, SettingsError
from piiscan.sources import source_for

#: No test waits for a scheduler longer than this, however slow the machine.
DEADLINE_SECONDS = 300

posix_only = pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills a process group")


def dask(folder: Path, what: str, *words: str) -> subprocess.Popen:
    with (folder / f"{what}-{time.monotonic_ns()}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--host", "127.0.0.1", "--no-dashboard"],
            stdout=log, stderr=log, cwd=folder, start_new_session=True,
        )  # fmt: skip


def end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Deployment:
    """A scheduler and its workers.

    :ivar overdue: what the scheduler knew when the test had taken too long, and all of them were ended.
    """

    def __init__(self, folder: Path, workers: int = 2, tls: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.tls = tls
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"{'tls' if tls else 'tcp'}://127.0.0.1:{self.port}"
        protocol = ("--protocol", "tls") if tls else ()
        self.scheduler = dask(folder, "scheduler", "--port", str(self.port), *protocol, *tls)
        self.workers = [self.worker() for _ in range(workers)]
        self.overdue = ""
        self.watch = threading.Timer(DEADLINE_SECONDS, self.give_up)
        self.watch.daemon = True
        self.watch.start()
        faulthandler.dump_traceback_later(DEADLINE_SECONDS + 120, exit=True)  # what waits for something else

    def worker(self) -> subprocess.Popen:
        return dask(self.folder, "worker", self.address, "--nthreads", "1", "--local-directory", str(self.folder / "scratch"), *self.tls)

    def give_up(self) -> None:
        """Whoever waits for the scheduler is told that it is gone."""

        def known(dask_scheduler):  # goes there whole, as it does not know this module
            tasks = Counter((task.state, str(task.processing_on), len(task.who_wants)) for task in dask_scheduler.tasks.values())
            return {address: state.status.name for address, state in dask_scheduler.workers.items()}, dict(tasks)

        def standing():
            import sys
            import traceback

            stacks = [traceback.extract_stack(frame)[-4:] for frame in sys._current_frames().values()]
            return [" > ".join(f"{frame.name}:{frame.lineno}" for frame in stack) for stack in stacks]

        self.overdue = f"not done after {DEADLINE_SECONDS} s"
        with contextlib.suppress(Exception), Client(self.address, timeout=10, set_as_default=False) as client:
            self.overdue += f"; the scheduler's workers and tasks: {client.run_on_scheduler(known)}"
            self.overdue += f"; where the workers' threads stand: {client.run(standing)}"
        self.kill()

    def end(self) -> None:
        self.watch.cancel()
        faulthandler.cancel_dump_traceback_later()
        self.kill()
        if self.overdue:
            pytest.fail(self.overdue, pytrace=False)

    def kill(self) -> None:
        for process in [*self.workers, self.scheduler]:
            end(process)


@pytest.fixture
def deployment(tmp_path):
    running = Deployment(tmp_path)
    yield running
    running.end()


FAMILY, GIVEN = (
    ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村"],
    ["太郎", "花子", "一郎", "美咲", "健太", "由美", "大輔", "愛"],
)


@pytest.fixture
def share(tmp_path) -> Path:
    """Lists of invented people, some of them twice."""
    folder = tmp_path / "share"
    for i in range(18):
        rows = [
            f"{FAMILY[(i + j) % 8]} {GIVEN[(i * 3 + j) % 8]},090-{1000 + i:04}-{2000 + j:04},user{i}.{j}@example.co.jp" for j in range(6)
        ]
        path = folder / f"部署{i % 4}" / f"名簿{i}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["氏名,電話番号,メール", *rows]), encoding="utf-8")
        if i % 6 == 0:
            (path.parent / f"写し{i}.csv").write_bytes(path.read_bytes())
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    return folder


def scan(share: Path | str, database: Path, settings: Settings, **options) -> tuple[object, list[tuple]]:
    """Scan in this process; the result, and all that the inventory says of each file."""
    key = FingerprintKey.load_or_create(database.parent / "shared.key")
    with Inventory.open(database) as inventory:
        result = scan_into(inventory, settings, [str(share)], key, **options)
        with inventory.reader() as reader:
            groups: dict[str, list] = {}
            for row in reader.findings():
                groups.setdefault(row.file.path, []).append((row.entity, row.count, row.header, row.persons, row.level))
            rows = [(f.path, f.outcome, f.level, f.persons, f.format, f.digest, sorted(groups.get(f.path, []))) for f in reader.files()]
    return result, rows


def by_cluster(address: str, **cluster) -> Settings:
    return Settings(cluster=ClusterSettings(address=address, batch_files=3, **cluster))


@posix_only
def test_a_worker_killed_in_the_middle_changes_nothing(deployment, share, tmp_path):
    _, alone = scan(share, tmp_path / "alone.db", Settings(jobs=1))
    killed, seen = [], []

    def watch(progress):
        seen.append((progress.done, progress.met))
        if progress.done >= 6 and not killed:
            killed.append(progress.done)
            end(deployment.workers[0])

    result, together = scan(share, tmp_path / "together.db", by_cluster(deployment.address), on_progress=watch)
    assert killed
    assert killed[0] < len(alone)
    assert together == alone
    assert sum(outcome is Outcome.SCANNED for _, outcome, *_ in together) == 21
    assert result.complete
    assert result.progress.done == result.progress.met == len(alone)
    assert all(done <= met for done, met in seen)
    assert sum(result.progress.outcomes.values()) == len(alone)
    again, _ = scan(share, tmp_path / "together.db", by_cluster(deployment.address))
    assert again.progress.unchanged == len(alone)
    _, anew = scan(share, tmp_path / "together.db", by_cluster(deployment.address), full=True)  # by workers that served a run before
    assert anew == alone


@posix_only
def test_whatever_becomes_of_a_result_it_is_counted_once(deployment, share, tmp_path, monkeypatch):
    """One of which nobody tells us, in time; one that is lost before we look; one that cannot be fetched."""
    _, alone = scan(share, tmp_path / "alone.db", Settings(jobs=0))
    monkeypatch.setattr(cluster, "_QUIET_SECONDS", 1.0)
    monkeypatch.setattr(cluster, "_LOOK_SECONDS", 0.5)
    told, results, fetch = Future.add_done_callback, Cluster._results, Future.result
    untold, late, lost, unfetched, sent = [], [], [], [], []

    def telling(future, tell):
        if sent and not untold:
            untold.append((future, tell))
        else:
            told(future, tell)

    def looking(crew, batch):
        if len(sent) > 2 and not lost:
            lost.append(batch)
            batch.future._state.lose()
        elif untold and not late and untold[0][0].key not in crew._under_way:
            late.append(batch)
            future, tell = untold[0]
            tell(future)  # it comes after all
        return results(crew, batch)

    def fetching(future, timeout=None):
        if lost and not unfetched:
            unfetched.append(future)
            raise TimeoutError
        return fetch(future, timeout)

    send = Cluster._send_tasks

    def sending(crew, tasks, count=1):
        send(crew, tasks, count)
        sent.append(count)

    monkeypatch.setattr(Future, "add_done_callback", telling)
    monkeypatch.setattr(Future, "result", fetching)
    monkeypatch.setattr(Cluster, "_results", looking)
    monkeypatch.setattr(Cluster, "_send_tasks", sending)
    result, together = scan(share, tmp_path / "together.db", by_cluster(deployment.address))
    assert together == alone
    assert result.progress.done == result.progress.met == len(alone)
    assert sum(result.progress.outcomes.values()) == len(alone)
    assert (len(untold), len(late), len(lost), len(unfetched)) == (1, 1, 1, 1)
    assert sum(count > 1 for count in sent) == 3


@posix_only
def test_a_scan_whose_workers_are_all_gone_stops_and_then_goes_on(deployment, share, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_QUIET_SECONDS", 1.0)
    monkeypatch.setattr(cluster, "_LOOK_SECONDS", 0.5)
    monkeypatch.setattr(cluster, "_NO_WORKER_SECONDS", 1.0)

    def watch(progress):
        if progress.done >= 4:
            for process in deployment.workers:
                end(process)

    with pytest.raises(ClusterLostError, match="no Dask worker is left"):
        scan(share, tmp_path / "lost.db", by_cluster(deployment.address), on_progress=watch)
    result, rows = scan(share, tmp_path / "lost.db", Settings(jobs=0))
    assert result.complete
    assert len(rows) == len({path for path, *_ in rows}) == 22
    assert result.progress.unchanged > 0


class Unheard:
    """A scheduler that takes what it is given, and of which nothing comes."""

    run = "run"

    def __init__(self, states):
        self.client = self
        self.states = states
        self.status = "running"
        self.sent = []
        self.released = 0

    def submit(self, _, job, **__):
        self.sent.append(len(cluster.pickle.loads(job).tasks))
        return self

    def ask(self, *_):
        return self.states

    def nthreads(self):
        return {"a": 1}

    def release(self):
        self.released += 1

    def everywhere(self, *_):
        return []

    def add_done_callback(self, _):
        pass

    lend = close = cancel = lambda *_, **__: None


@pytest.mark.parametrize("states", [["idle", "unable"], ["idle", "busy"], None])
def test_what_never_comes_back_from_workers_that_do_nothing_is_a_problem_of_its_files(share, monkeypatch, states):
    for name in ("_QUIET_SECONDS", "_LOOK_SECONDS", "_BATCH_SECONDS"):
        monkeypatch.setattr(cluster, name, 0.0)
    unheard = Unheard(states)
    monkeypatch.setattr(cluster, "connection", lambda _: unheard)
    settings = by_cluster("tcp://127.0.0.1:1")
    source = source_for(str(share / "部署0"), settings)
    with Cluster(settings, FingerprintKey.random(), [source], "") as crew:
        items = list(source.walk())[:3]
        for item in items:
            crew.submit(crew.task(Work.ANALYSE, item, source))
        ended = [(task.item, result) for _ in range(30) for task, result in crew.wait(0.01)]
        if states != ["idle", "unable"]:
            assert (ended, unheard.sent, unheard.released, crew.pending) == ([], [3], 0, 3)
            return
        assert unheard.sent == [3, 3, 3, 1, 1, 1]
        assert unheard.released == 6
        assert sorted(item.key for item, _ in ended) == sorted(item.key for item in items)
        assert {(problem.kind, problem.kind.word in RETRIED) for _, problem in ended} == {(ProblemKind.STOPPED, True)}
        assert crew.pending == 0


def test_workers_that_do_not_answer_are_not_asked_again_and_again(monkeypatch):
    asked, answer = [], threading.Event()

    class Slow:
        def run(self, _):
            asked.append(1)
            answer.wait(20)
            return {"a": "idle"}

    connected = Connection.__new__(Connection)
    connected.client, connected._asking = Slow(), None
    assert connected.ask(cluster.at_what, 0.05) is None
    assert connected.ask(cluster.at_what, 0.05) is None
    assert len(asked) == 1
    answer.set()
    connected._asking.join()
    assert connected.ask(cluster.at_what, 20) == ["idle"]


@posix_only
def test_a_scheduler_that_is_lost_stops_the_scan_which_then_goes_on(deployment, share, tmp_path):
    def watch(progress):
        if progress.done >= 4:
            end(deployment.scheduler)

    with pytest.raises(ClusterLostError, match="same command"):
        scan(share, tmp_path / "lost.db", by_cluster(deployment.address), on_progress=watch)
    result, rows = scan(share, tmp_path / "lost.db", Settings(jobs=1))
    assert result.complete
    assert len(rows) == len({path for path, *_ in rows}) == 22
    assert result.progress.unchanged > 0


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key; every part of the cluster uses the same."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "piiscan test")])
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate, private


@posix_only
def test_a_share_is_read_by_each_worker_itself_and_the_cluster_by_tls(share, tmp_path, monkeypatch):
    if why := samba.missing():
        pytest.skip(why)
    server = samba.Samba()
    for name, value in (("USER", "daemon"), ("PASSWORD", samba.USERS["daemon"])):
        monkeypatch.setenv(f"PIISCAN_SMB_{name}", value)
    cert, private = certificate(tmp_path)
    running = Deployment(tmp_path, tls=("--tls-ca-file", str(cert), "--tls-cert", str(cert), "--tls-key", str(private)))
    try:
        for path in sorted(share.rglob("*.csv"))[:5]:
            (server.share / path.name).write_bytes(path.read_bytes())
        result, rows = scan(server.root(), tmp_path / "smb.db", by_cluster(running.address, tls_ca=cert, tls_cert=cert, tls_key=private))
    finally:
        running.end()
        server.remove()
    assert result.complete
    assert [outcome for _, outcome, *_ in rows] == [Outcome.SCANNED] * 5
    assert all(groups for *_, groups in rows)


def test_no_scheduler_and_no_worker_are_sentences(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with pytest.raises(SettingsError, match="start it: dask scheduler"):
        scan(tmp_path, tmp_path / "none.db", by_cluster(f"tcp://127.0.0.1:{free}", wait_seconds=1))
    running = Deployment(tmp_path, workers=0)
    try:
        with pytest.raises(SettingsError, match="start some: dask worker"):
            scan(tmp_path, tmp_path / "none.db", by_cluster(running.address, wait_seconds=3))
    finally:
        running.end()


def test_workers_load_while_the_scanner_gets_ready(deployment, share, tmp_path):
    def held():  # goes to the workers whole, as they do not know this module
        from piiscan.engine import connection

        return [len(waiting) for waiting in connection._loaded.values()]

    def lent():
        from piiscan.engine import connection

        return [not one.address for waiting in connection._loaded.values() for one in waiting]

    with Client(deployment.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
    settings = by_cluster(deployment.address)
    with connection.ahead(settings):
        [ahead] = connection._waiting
        ahead.client.gather(ahead._ready, direct=False)
        assert sorted(ahead.client.run(held).values()) == [[], [1]]  # one loads for both, as they are on one machine
        ahead.lend()
        ahead.client.gather(ahead._ready, direct=False)
        assert sorted(ahead.client.run(held).values()) == [[1], [1]]
        assert sorted(ahead.client.run(lent).values()) == [[False], [True]]
        result, _ = scan(share, tmp_path / "ahead.db", settings)
        assert result.complete
        assert connection._waiting == []
    with connection.ahead(settings):
        [ahead] = connection._waiting
        ahead.client.gather(ahead._ready, direct=False)
    watching = Connection(settings)
    watching.client.gather(watching._ready, direct=False)
    watching.lend()
    watching.client.gather(watching._ready, direct=False)
    assert sorted(watching.client.run(held).values()) == [[1], [1]]  # its own: nobody took those before, and they are gone
    watching.close()


@pytest.mark.parametrize(
    ("cluster", "match"),
    [
        ({"address": "tcp://10.0.0.5:8786"}, "another machine"),
        ({"address": "tcp://scheduler:8786"}, "another machine"),
        ({"address": "tls://scheduler:8786"}, "tls_ca"),
        ({"address": "tls://scheduler:8786", "tls_ca": "no.pem", "tls_cert": "no.pem", "tls_key": "no.pem"}, "does not exist"),
        ({"address": "scheduler:8786"}, "looks like"),
        ({"address": "http://127.0.0.1:1"}, "looks like"),
    ],
)
def test_ways_that_are_not_safe_are_refused(cluster, match):
    with pytest.raises(SettingsError, match=match):
        security_of(Settings(cluster=ClusterSettings(**cluster)))


def test_a_closed_network_may_be_plain():
    assert security_of(Settings(cluster=ClusterSettings(address="tcp://10.0.0.5:8786", plain=True))) is None
    assert security_of(Settings(cluster=ClusterSettings(address="tcp://[::1]:8786"))) is None
