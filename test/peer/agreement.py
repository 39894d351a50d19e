"""Records what scikit-learn and krippendorff say of the agreement of annotators, into test/unit/pairs/agreement/recorded.json.

Run it in an environment with numpy, scikit-learn and krippendorff (pip install scikit-learn==1.9.1 krippendorff==0.9.0).
The environment of the other comparisons lacks them, because they are needed only here.
"""

import json
import random
from importlib.metadata import version
from pathlib import Path

import krippendorff
import numpy
from sklearn.metrics import cohen_kappa_score

OUT = Path(__file__).parent.parent / "unit" / "pairs" / "agreement" / "recorded.json"
DIGITS = 12


def draw(seed: int, annotators: int, items: int, labels: list, agree: float, missing: float) -> list[list]:
    """Items with a true label, which an annotator gives with the probability `agree`."""
    source = random.Random(seed)
    rows = []
    for _ in range(items):
        truth = source.choice(labels)
        given = [truth if source.random() < agree else source.choice(labels) for _ in range(annotators)]
        rows.append([None if source.random() < missing else label for label in given])
    return rows


# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units.
PAPER = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, None, 3, None],
]
CASES = {
    "paper": PAPER,
    "two, verdicts": draw(1, 2, 60, ["keep", "swap", "tie"], 0.7, 0),
    "two, verdicts, missing": draw(2, 2, 60, ["keep", "swap", "tie", "both_bad"], 0.6, 0.2),
    "two, scale": draw(3, 2, 80, [-2, -1, 0, 1, 2], 0.5, 0),
    "two, scale, missing": draw(4, 2, 80, [1, 2, 3, 5, 8], 0.5, 0.1),
    "two, at odds": draw(5, 2, 40, [0, 1], 0, 0),
    "three, verdicts": draw(6, 3, 50, ["keep", "swap", "tie"], 0.8, 0.15),
    "five, scale, missing": draw(7, 5, 40, [1, 2, 3, 4], 0.6, 0.4),
    "two, one label": [["keep", "keep"]] * 5,
}


def rounded(value: float) -> float | None:
    return None if numpy.isnan(value) else float(f"{value:.{DIGITS}g}")


def kappas(rows: list[list], one: int, other: int, ordered: bool) -> dict:
    both = [(row[one], row[other]) for row in rows if row[one] is not None and row[other] is not None]
    labels = sorted({label for row in rows for label in row if label is not None})
    a, b = [pair[0] for pair in both], [pair[1] for pair in both]

    def score(weights):
        return rounded(cohen_kappa_score(a, b, labels=labels, weights=weights))

    return {"pair": [one, other], "none": score(None), **({"linear": score("linear"), "quadratic": score("quadratic")} if ordered else {})}


def alpha(rows: list[list], level: str) -> float | None:
    labels = sorted({label for row in rows for label in row if label is not None})
    if len(labels) < 2:
        return None  # krippendorff refuses a single value
    codes = [[numpy.nan if row[i] is None else labels.index(row[i]) for row in rows] for i in range(len(rows[0]))]
    return rounded(krippendorff.alpha(reliability_data=codes, level_of_measurement=level))


def case(name: str, rows: list[list]) -> dict:
    ordered = all(isinstance(label, int) for row in rows for label in row if label is not None)
    count = len(rows[0])
    pairs = [kappas(rows, one, other, ordered) for one in range(count) for other in range(one + 1, count)]
    return {"name": name, "items": rows, "kappa": pairs, "nominal": alpha(rows, "nominal"), **({"ordinal": alpha(rows, "ordinal")} if ordered else {})}


cases = ",\n".join("    " + json.dumps(case(name, rows)) for name, rows in CASES.items())
versions = json.dumps({package: version(package) for package in ("scikit-learn", "krippendorff", "numpy")})
OUT.write_text(f'{{\n  "versions": {versions},\n  "cases": [\n{cases}\n  ]\n}}\n')
