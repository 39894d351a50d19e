"""Runs the scripts of this folder one after the other in one process: imports of PyTorch, transformers and TRL take longer
than most comparisons.

stdin   nothing; the process ends when it is closed, so also when the tests are killed
stdout  the port on this machine, on the first line

A connection sends one line, {"script": path below this folder, "request"}, and receives one line: {"result"}, what the
script's `main` returns, or {"error"}, a traceback.
"""

import importlib.util
import json
import os
import socketserver
import sys
import threading
import traceback
from functools import cache
from pathlib import Path

import torch

HERE = Path(__file__).parent
SCRIPTS = {file.relative_to(HERE).as_posix(): file for file in HERE.rglob("*.py")}


@cache
def load(script: str):
    file = SCRIPTS[script]
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(f"peer_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        try:
            answer = {"result": load(asked["script"]).main(asked["request"])}
        except Exception:  # noqa: BLE001: the test that asked reports it
            answer = {"error": traceback.format_exc()}
        self.wfile.write(json.dumps(answer).encode() + b"\n")


def end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    torch.set_num_threads(1)  # the other test file and Margin take the other cores
    threading.Thread(target=end_with_stdin, daemon=True).start()
    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
