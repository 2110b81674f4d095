"""A real cluster of dask.distributed on this machine: two workers, one of them killed in the middle, and TLS."""

import datetime
import ipaddress
import os
import threading
import time

import psutil
import pytest

from grading import cluster, run
from grading.cluster import ClusterError
from grading.intake import unpack
from grading.records import Grader, Results
from tests.grading.fake_engine import NAME as ENGINE
from tests.grading.handed_in import kit, packed, put
from tests.student import ROOT

distributed = pytest.importorskip(
    "distributed", reason="THE CLUSTER IS NOT TESTED: dask.distributed is not installed (pip install -e '.[cluster]')"
)
PACKED = [packed(kit("predict_labels", also=f"# {number}")) for number in range(24)]
dask = pytest.importorskip("dask")
SHA = [unpack.read_zip(content, "assignment1").sha256 for content in PACKED]


@pytest.fixture
def surroundings(monkeypatch):
    """Workers are processes of their own, which must find the grader and the fake engine."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("FAKE_SECONDS", "0.2")


def certificate(folder):
    """Write a certificate for this test, which is its own authority; return paths of certificate and key."""
    x509 = pytest.importorskip("cryptography.x509", reason="TLS IS NOT TESTED: cryptography is not installed")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "grading")])
    now = datetime.datetime.now(datetime.timezone.utc)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = built.add_extension(names, False).sign(key, hashes.SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    put(folder, "cert.pem", signed.public_bytes(serialization.Encoding.PEM))
    put(folder, "key.pem", key.private_bytes(*plain))
    return folder / "cert.pem", folder / "key.pem"


def graded(folder, machines, disturb=None):
    for sha256, content in zip(SHA, PACKED, strict=True):
        put(folder, f"submissions/{sha256[:2]}/{sha256}.zip", content)
    results = Results(folder)
    setting = run.Setting("assignment1", b"s" * 32, Grader("fake-1", "2-a"), engine=ENGINE)
    with machines as (executor, workers):
        if disturb:
            threading.Thread(target=disturb, args=(results,), daemon=True).start()
        counts = run.run(results, SHA, setting, executor, workers)
    return {path.name: path.read_bytes() for path in folder.glob("records/*/*.json")}, counts


def test_a_killed_worker_costs_nothing_and_tls_is_used(tmp_path, surroundings):
    cert, key = certificate(tmp_path)
    files = {"tls_ca_file": str(cert), **{f"tls_{who}_cert": str(cert) for who in ("client", "worker", "scheduler")}}
    files |= {f"tls_{who}_key": str(key) for who in ("client", "worker", "scheduler")}
    security = distributed.Security(require_encryption=True, **files)
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "memory_limit": 0, "host": "127.0.0.1"}
    killed = []

    def kill_one(results):
        while len(list(results.folder.glob("records/*/*.json"))) < 6:
            time.sleep(0.02)
        victim = nannies[0].process.pid
        psutil.Process(victim).kill()
        killed.append(victim)

    with (
        dask.config.set(cluster.CONFIG),
        distributed.LocalCluster(security=security, protocol="tls", **local) as machines,
    ):
        nannies = list(machines.workers.values())
        assert machines.scheduler_address.startswith("tls://")
        with pytest.raises(ClusterError, match="--tls-ca"), cluster.executor(machines.scheduler_address):
            pass
        on_cluster, counts = graded(
            tmp_path / "cluster", cluster.executor(machines.scheduler_address, cert, cert, key), kill_one
        )
    assert killed and counts == {"new": len(SHA)}
    here, _ = graded(tmp_path / "threads", run.threads(4))
    assert on_cluster == here


def test_a_cluster_without_encryption_is_refused():
    with pytest.raises(ClusterError, match="not encrypted"), cluster.executor("tcp://10.0.0.1:8786"):
        pass


def test_a_cluster_that_is_not_there_is_said(tmp_path, monkeypatch):
    cert, key = certificate(tmp_path)
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(ClusterError, match="no scheduler"), cluster.executor("tls://127.0.0.1:9", cert, cert, key):
        pass


def test_the_settings_for_scheduler_and_workers(command):
    told = command("dask").stdout
    assert '"require-encryption": true' in told and '"allowed-failures": 10' in told
