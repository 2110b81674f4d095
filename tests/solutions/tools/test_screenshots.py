"""JupyterLab is started for pictures and tests, and stopped even if it does not want to."""

import os
import textwrap

import pytest

from solutions.tools import screenshots

STUBBORN = """
    import http.server, os, pathlib, signal, sys
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path("pid").write_text(str(os.getpid()))
    port = next(int(one.partition("=")[2]) for one in sys.argv if one.startswith("--port="))
    http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_a_server_that_does_not_stop_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(screenshots, "PATIENCE", 0.5)
    (tmp_path / "cs231n").mkdir()
    (tmp_path / "cs231n" / "__main__.py").write_text(textwrap.dedent(STUBBORN))
    (tmp_path / "api").touch()
    with screenshots.jupyterlab(tmp_path):
        server = int((tmp_path / "pid").read_text())
        os.kill(server, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
