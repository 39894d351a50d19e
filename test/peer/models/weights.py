"""Random weights that a test can make again from names alone, so that no weights need to be stored.

A linear congruential generator (Numerical Recipes' constants) seeded by the FNV-1a hash of a tensor's name.
`test/unit/engine/seededWeights.ts` makes the same numbers.
"""

import math

import numpy as np


def uniform(name: str, count: int) -> np.ndarray:
    """`count` numbers in [-1, 1), exact in f32."""
    state = 0x811C9DC5
    for byte in name.encode():
        state = ((state ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(count, 1664525, dtype=np.uint32), dtype=np.uint32)
        sums = np.cumsum(np.concatenate([[1], powers[:-1]]).astype(np.uint32), dtype=np.uint32)
        states = powers * np.uint32(state) + sums * np.uint32(1013904223)
    return (states >> 8).astype(np.float32) / np.float32(2**23) - np.float32(1)


def weight(name: str, shape: tuple[int, ...], around_one: bool) -> np.ndarray:
    """Matrices keep the scale of their input. Vectors vary by a fifth around 0, and gains of norms around 1."""
    values = uniform(name, math.prod(shape)).reshape(shape)
    if len(shape) == 1:
        return values * np.float32(0.2) + np.float32(1 if around_one else 0)
    return values * np.float32(math.sqrt(3 / min(shape)))
