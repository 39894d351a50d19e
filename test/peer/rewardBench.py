"""Records what the package `rewardbench` says of own rows: its scores of RewardBench 2 and its sections of RewardBench.

Needs `pip install --no-deps rewardbench==0.1.4` with numpy and pandas. The package imports transformers, datasets and
FastChat on load, which its formulas do not need, so the script takes these functions out of the package's own files:
calculate_scores_per_section, reroll_and_score_dataset, sample_stats and process_single_model of rewardbench/utils.py. Their
Dataset is replaced by a list of rows. The few lines between them are those of scripts/run_v2.py and scripts/run_dpo.py.

usage   python test/peer/rewardBench.py
"""

import ast
import json
import math
import random
from importlib.metadata import distribution, version
from pathlib import Path

import numpy as np
import pandas as pd

OUT = Path(__file__).parent.parent / "golden" / "rewardbench"
MODELS = ("one", "other")


class Rows(list):
    """What the package asks of `datasets.Dataset`."""

    def to_pandas(self):
        return pd.DataFrame(list(self))

    @classmethod
    def from_pandas(cls, frame):
        return cls(frame.to_dict("records"))

    @classmethod
    def from_dict(cls, columns):
        return cls({name: values[i] for name, values in columns.items()} for i in range(len(next(iter(columns.values())))))


def source(name: str) -> str:
    return Path(str(distribution("rewardbench").locate_file(f"rewardbench/{name}"))).read_text()


NAMES = ("calculate_scores_per_section", "reroll_and_score_dataset", "sample_stats", "process_single_model")
tree = ast.parse(source("utils.py"))
tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in NAMES]
package = {"np": np, "pd": pd, "math": math, "Dataset": Rows}
exec(compile(tree, "rewardbench/utils.py", "exec"), package)
exec(source("constants.py"), package)

draw = random.Random(14)


def prompt(subset: str, name: str, right: int, wrong: int) -> dict:
    chosen, rejected = [[f"{side} {i} of {name}" for i in range(count)] for side, count in (("right", right), ("wrong", wrong))]
    return {"id": name, "prompt": f"Question {name} of {subset}", "chosen": chosen, "rejected": rejected, "num_correct": right,
            "num_rejected": wrong, "total_completions": right + wrong, "models": ["own"] * (right + wrong), "subset": subset}


def second() -> list[dict]:
    four = [prompt(subset, f"{subset[0]}{i}", 1, 3) for subset in ("Factuality", "Precise IF", "Math", "Safety", "Focus") for i in range(6)]
    ties = [row for i in range(8) for row in (prompt("Ties", f"ref:{i}", 1, 4), prompt("Ties", f"tied:{i}", 2 + i % 3, 4))]
    return [*four, *ties, prompt("Ties", "tied:90", 2, 2), prompt("Ties", "ref:91", 1, 2)]


def values(row: dict) -> list[float]:
    """Rounded, so that some answers are equally good. Right ones are a little better."""
    lift = 2.4 if row["subset"] == "Ties" else 0.7
    spread = draw.choice([0, 0.5, 1])
    right = [round(lift + spread * draw.gauss(0, 1), 1) for _ in row["chosen"]]
    return [*right, *[round(draw.gauss(0, 1), 1) for _ in row["rejected"]]]


def scores_of(rows: list[dict], values: list[list[float]]) -> dict:
    flat = Rows({"text": "", "scores": one, "subset": row["subset"], "id": row["id"]} for row, own in zip(rows, values) for one in own)
    rolled = package["reroll_and_score_dataset"](flat, [len(own) for own in values])
    for row, own in zip(rolled, rows):
        row["num_correct"] = own["num_correct"]
    found = {}
    for subset in np.unique([row["subset"] for row in rows]):
        part = Rows(row for row in rolled if row["subset"] == subset)
        if subset.lower() == "ties":
            found[str(subset)] = float(package["process_single_model"](part)[1])
        else:
            found[str(subset)] = float(sum(row["results"] for row in part) / len(part))
    return found


def first() -> list[dict]:
    names = ["alpacaeval-easy", "mt-bench-med", "mt-bench-hard", "llmbar-natural", "refusals-dangerous", "donotanswer", "math-prm", "hep-go"]
    return [{"prompt": f"Question {i} of {name}", "chosen": "right", "rejected": "wrong", "subset": name} for name in names for i in range(5)]


def sections_of(rows: list[dict], values: list[list[float]]) -> dict:
    right = pd.DataFrame({"subset": [row["subset"] for row in rows], "right": [int(a > b) for a, b in values]})
    metrics = right.groupby("subset")["right"].mean().to_dict()
    return {name: float(score) for name, score in
            package["calculate_scores_per_section"](package["EXAMPLE_COUNTS"], package["SUBSET_MAPPING"], metrics).items()}


def record(name: str, rows: list[dict], given: dict[str, list[list[float]]], scores: dict) -> None:
    (OUT / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = {"version": version("rewardbench"), "values": given, "scores": scores}
    (OUT / f"{name}.json").write_text(json.dumps(said) + "\n")


OUT.mkdir(parents=True, exist_ok=True)
rows = second()
given = {model: [values(row) for row in rows] for model in MODELS}
record("second", rows, given, {model: scores_of(rows, given[model]) for model in MODELS})
rows = first()
given = {model: [[round(draw.gauss(0.5, 1), 1), round(draw.gauss(0, 1), 1)] for _ in rows] for model in MODELS}
record("first", rows, given, {model: sections_of(rows, given[model]) for model in MODELS})
