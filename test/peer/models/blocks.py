"""Records the values that the `gguf` package reads from random blocks of every type that Margin reads.

    python test/peer/models/blocks.py

writes test/unit/model/gguf/blocks.json: per type two blocks' bytes and their values, both base64.
"""

import base64
import json
import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as Type, quants

TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]
# The positions of the f16 numbers in a block. Random bits there would be NaN or huge.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}


def text(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def record(folder: pathlib.Path) -> None:
    random = np.random.default_rng(7)
    golden = {}
    for name in TYPES:
        values, size = GGML_QUANT_SIZES[Type[name]]
        if name in HALVES:
            raw = random.integers(0, 256, (2, size), dtype=np.uint8)
            for at in HALVES[name]:
                raw[:, at : at + 2] = random.normal(0, 0.1, 2).astype(np.float16).view(np.uint8).reshape(2, 2)
        else:
            raw = quants.quantize(random.normal(0, 1, (2, 8)).astype(np.float32), Type[name]).view(np.uint8)
        golden[name] = {"raw": text(raw), "values": text(quants.dequantize(raw, Type[name]).astype("<f4"))}
    (folder / "blocks.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    record(pathlib.Path(__file__).parents[2] / "unit" / "model" / "gguf")
