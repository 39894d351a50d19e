"""Records how ggml quantises rows to Q8_0, as ggml's own package `gguf` computes it, which it tests against the C code.

    python test/peer/models/quantize.py

writes test/unit/model/gguf/q8.json: f32 values and the bytes of their blocks, both base64.
"""

import base64
import json
import pathlib

import numpy as np
from gguf import GGMLQuantizationType as Type, quants


def rows() -> np.ndarray:
    random = np.random.default_rng(11)
    usual = random.normal(0, 0.05, (40, 32))
    scales = random.normal(0, 1, (24, 32)) * 10.0 ** random.uniform(-30, 4, (24, 1))
    # With a largest value of 127 the scale is 1, and these are halves, which round away from zero.
    halves = np.where(np.arange(32) == 5, 127, np.arange(32) - 15.5)
    return np.concatenate([usual, scales, [halves, -halves, np.zeros(32), np.full(32, -3.0)]]).astype("<f4")


def text(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def record(folder: pathlib.Path) -> None:
    values = rows()
    golden = {"values": text(values), "raw": text(quants.quantize(values, Type.Q8_0))}
    (folder / "q8.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    record(pathlib.Path(__file__).parents[2] / "unit" / "model" / "gguf")
