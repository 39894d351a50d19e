"""Records everything about models again, below a folder with the layout of test/unit. Reads {"to": FOLDER} from stdin."""

import json
import pathlib
import sys

import architectures
import blocks
import ggufs
import lora
import quantize
from cases import CASES


def main(request: dict) -> int:
    folder = pathlib.Path(request["to"])
    goldens, ggml = folder / "engine" / "goldens", folder / "model" / "gguf"
    goldens.mkdir(parents=True)
    ggml.mkdir(parents=True)
    for name, spec in CASES.items():
        architectures.record(name, spec, goldens)
    blocks.record(ggml)
    ggufs.record(ggml)
    quantize.record(ggml)
    lora.record(folder / "model")
    return len(CASES)


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
