"""Records what scikit-learn and statsmodels fit, into test/unit/pairs/statistics/recorded.json.

Run it in an environment with both (pip install scikit-learn==1.9.1 statsmodels==0.15.0).
The environment of the other comparisons lacks them, because they are needed only here.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy
from sklearn.linear_model import LogisticRegression
from statsmodels.discrete.discrete_model import Logit

OUT = Path(__file__).parent.parent / "unit" / "pairs" / "statistics" / "recorded.json"
DIGITS = 12


def draw(seed: int, rows: int, weights: list[float], counts: bool = False) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Rows whose labels follow the weights; with `counts`, most features are 0 in most rows."""
    source = numpy.random.default_rng(seed)
    x = source.normal(size=(rows, len(weights)))
    if counts:
        x = numpy.where(source.random(x.shape) < 0.8, 0, numpy.rint(3 * x))
    x = x.round(3)
    chance = 1 / (1 + numpy.exp(-x @ numpy.array(weights)))
    return x, (source.random(rows) < chance).astype(int)


SEPARATE = (numpy.array([[1.0], [2.0], [-1.0], [-0.5], [0.25]]), numpy.array([1, 1, 0, 0, 1]))
CASES = {
    "one feature": draw(1, 40, [0.8]),
    "three features": draw(2, 60, [1.5, -0.5, 0]),
    "features that are mostly 0": draw(3, 120, [0.3, -0.4, 0.2, 0], counts=True),
    "strong": draw(4, 80, [4, -3]),
    "separable": SEPARATE,
}


def rounded(values) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]


def case(name: str, x: numpy.ndarray, y: numpy.ndarray) -> dict:
    ridge = LogisticRegression(C=1.0, fit_intercept=False, solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(x, y)
    found = {"name": name, "x": x.tolist(), "y": y.tolist(), "ridge": rounded(ridge.coef_[0])}
    if name == "separable":
        return found  # the plain fit has no finite weights
    plain = Logit(y, x).fit(method="newton", tol=1e-14, maxiter=200, disp=False)
    return {**found, "plain": rounded(plain.params), "errors": rounded(plain.bse), "logLikelihood": rounded([plain.llf / len(y)])[0]}


cases = ",\n".join("    " + json.dumps(case(name, *data)) for name, data in CASES.items())
versions = json.dumps({package: version(package) for package in ("scikit-learn", "statsmodels", "numpy")})
OUT.write_text(f'{{\n  "versions": {versions},\n  "cases": [\n{cases}\n  ]\n}}\n')
