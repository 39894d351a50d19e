"""How transformers' Trainer judges evaluations: which is the best, how long it waits, and whether it stops.

stdin   [{"metric": name or null, "greater": bool or null, "patience": n, "threshold": x, "name": with eval_, "values": [x, …]}, …]
stdout  one JSON list per case, with [step of the best, evaluations waited, whether the run ends] after each evaluation; steps from 1
"""

import json
import sys
import tempfile
from types import SimpleNamespace

from transformers import EarlyStoppingCallback, Trainer, TrainerControl, TrainerState, TrainingArguments


def judged(case: dict, folder: str) -> list:
    # Fills in the defaults of both keys.
    args = TrainingArguments(
        output_dir=folder,
        use_cpu=True,
        eval_strategy="steps",
        eval_steps=1,
        save_steps=1,
        load_best_model_at_end=True,
        metric_for_best_model=case["metric"],
        greater_is_better=case["greater"],
    )
    callback = EarlyStoppingCallback(case["patience"], case["threshold"])
    state, control = TrainerState(), TrainerControl()
    trainer = SimpleNamespace(args=args, state=state)
    standings = []
    for step, value in enumerate(case["values"], 1):
        metrics = {case["name"]: value}
        state.global_step = step
        # The order of Trainer._maybe_log_save_evaluate: evaluating tells the callbacks first.
        callback.on_evaluate(args, state, control, metrics=metrics)
        Trainer._determine_best_metric(trainer, metrics=metrics, trial=None)
        standings.append([state.best_global_step, callback.early_stopping_patience_counter, control.should_training_stop])
    return standings


def main(cases: list[dict]) -> list[list]:
    with tempfile.TemporaryDirectory() as folder:
        return [judged(case, folder) for case in cases]


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
