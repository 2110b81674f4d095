"""A local HTTP server that serves one file, well or with one of the faults mirrors have."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mirror:
    """What the server does with `body`; `requests` collects the Range header (or None) of each request."""

    body: bytes
    ranges: bool = True  # whether it heeds Range
    cut_after: int | None = None  # bytes per response
    rate: float | None = None  # bytes/s
    stall: tuple[int, float] | None = None  # after so many bytes of a response, wait so many seconds
    claimed: int | None = None  # Content-Length and size of the file it claims, if not the true one
    shift: int = 0  # added to where it says a range starts
    page: bytes | None = None  # sent with status 200 instead of the file
    page_type: str = "application/gzip"
    status: int | None = None  # an error it answers everything with
    redirect: str | None = None
    requests: list[str | None] = field(default_factory=list)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        mirror: Mirror = self.server.mirror
        said = self.headers.get("Range")
        mirror.requests.append(said)
        if mirror.redirect:
            self._head(302, {"Location": mirror.redirect, "Content-Length": "0"})
        elif mirror.status:
            self._head(mirror.status, {"Content-Length": "0"})
        elif mirror.page is not None:
            self._head(200, {"Content-Type": mirror.page_type})
            self.wfile.write(mirror.page)
        else:
            with contextlib.suppress(ConnectionError):
                self._serve(mirror, said)

    def _serve(self, mirror: Mirror, said: str | None) -> None:
        match = re.fullmatch(r"bytes=(\d+)-", said or "") if mirror.ranges else None
        start = int(match[1]) if match else 0
        size = mirror.claimed or len(mirror.body)
        if match and start >= size:
            self._head(416, {"Content-Range": f"bytes */{size}", "Content-Length": "0"})
            return
        headers = {"Content-Length": str(size - start), "Content-Type": "application/gzip"}
        if match:
            headers["Content-Range"] = f"bytes {start + mirror.shift}-{size - 1}/{size}"
        self._head(206 if match else 200, headers)
        self._send(mirror, mirror.body[start:][: mirror.cut_after])

    def _send(self, mirror: Mirror, body: bytes) -> None:
        step = max(1, int(mirror.rate / 100)) if mirror.rate else 4096
        for at in range(0, len(body), step):
            self.wfile.write(body[at : at + step])
            if mirror.rate:
                time.sleep(0.01)
            if mirror.stall and at <= mirror.stall[0] < at + step:
                time.sleep(mirror.stall[1])

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(*mirrors: Mirror) -> Iterator[tuple[str, ...]]:
    """Serve each mirror on a port of its own; gives their URLs."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _Handler) for _ in mirrors]
    for server, mirror in zip(servers, mirrors, strict=True):
        server.daemon_threads = True
        server.block_on_close = False
        server.mirror = mirror
        mirror.url = f"http://127.0.0.1:{server.server_port}/archive.tar.gz"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield tuple(mirror.url for mirror in mirrors)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
