"""Grade on a cluster of dask.distributed: an optional extra, `pip install -e '.[cluster]'`.

Submissions are sent as bytes, and records are returned as bytes. Students' code does not run in a worker, but in a
process that the worker starts in a sandbox. A sandbox has no network, so the code cannot reach the scheduler, which
runs any code that it receives. With --no-sandbox, there is no such protection.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# `python -m grading dask` prints these settings for the scheduler and the workers.
CONFIG = {
    "distributed.scheduler.allowed-failures": 10,  # a worker that dies counts as a failure of each of its tasks
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.profile.enabled": False,
    "distributed.comm.retry.count": 3,
}
RETRIES = 3
PATIENCE = 30  # seconds to wait for a scheduler's answer


class ClusterError(RuntimeError):
    """The cluster cannot be used; the message says why."""


@contextmanager
def executor(
    address: str, ca: Path | None = None, cert: Path | None = None, key: Path | None = None
) -> Iterator[tuple[Executor, int]]:
    """Yield an executor for the workers of a scheduler, and how many threads they have. Raises ClusterError."""
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise ClusterError("dask.distributed is not installed: pip install -e '.[cluster]'") from None
    if not address.startswith("tls://") and not _is_local(address):
        raise ClusterError(
            f"the connection to {address} is not encrypted, but submissions and the secret are sent over it: use tls://"
        )
    with dask.config.set(CONFIG):
        try:
            client = Client(
                address, security=_security(ca, cert, key) if address.startswith("tls://") else None, timeout=PATIENCE
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(f"no scheduler answers at {address}: {error}") from None
        try:
            workers = sum(client.nthreads().values())
            if not workers:
                raise ClusterError(f"the scheduler at {address} has no workers")
            yield client.get_executor(pure=False, retries=RETRIES), workers
        finally:
            client.close()


def _is_local(address: str) -> bool:
    return address.startswith(("tcp://127.0.0.1", "inproc://")) and "CS231N_CLUSTER_WITHOUT_TLS" in os.environ


def _security(ca: Path | None, cert: Path | None, key: Path | None) -> Any:
    from distributed.security import Security

    if not (ca and cert and key):
        raise ClusterError("tls:// needs --tls-ca, --tls-cert and --tls-key")
    files = {"tls_ca_file": str(ca), "tls_client_cert": str(cert), "tls_client_key": str(key)}
    return Security(require_encryption=True, **files)


def nested() -> dict[str, Any]:
    """Return CONFIG and the setting that requires encryption, nested as in the YAML or JSON files that dask reads."""
    found: dict[str, Any] = {}
    for name, value in (CONFIG | {"distributed.comm.require-encryption": True}).items():
        *path, last = name.split(".")
        inner = found
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return found
