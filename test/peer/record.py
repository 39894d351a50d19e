"""Records trajectories of TRL on the sample's own model, one per training method.

stdin   {"model": folder, "pairs": file, "out": folder}
stdout  the names of the runs written

Writes one NAME.json per run, with its config in Margin's keys (which are TRL's) and every metric of every step. Also writes
the adapter that LoRA runs start from (B = 0), and the rows of the runs that cannot use the pairs as they are.
"""

import copy
import hashlib
import json
import math
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import torch
from datasets import Dataset, disable_progress_bars
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback, set_seed
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer
from trl.experimental.cpo import CPOConfig, CPOTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

DIGITS = 8
ROWS = 40
COMMON = {
    "max_steps": 6,
    "per_device_train_batch_size": 4,
    "learning_rate": 1e-2,  # rewards of a few hundredths within six steps of so small a model
    "lr_scheduler_type": "linear",
    "beta": 0.1,
    "max_length": 256,
    "train_sampling_strategy": "sequential",
    "logging_steps": 1,
    "use_peft": True,
}
TRAINERS = {
    "dpo": (DPOTrainer, DPOConfig, "pairs.jsonl"),
    "kto": (KTOTrainer, KTOConfig, "unpaired.jsonl"),
    # These trainers end an answer in another way than DPO (EOS after the template's newline), so their rows are
    # rendered before.
    "cpo": (CPOTrainer, CPOConfig, "rendered.jsonl"),
    "orpo": (ORPOTrainer, ORPOConfig, "rendered.jsonl"),
}


def dpo(*loss_type: str, **settings) -> dict:
    return {"trainer": "dpo", "loss_type": list(loss_type), **settings}


RUNS = {
    **{name: dpo(name) for name in (
        "sigmoid", "hinge", "ipo", "nca_pair", "bco_pair", "sppo_hard", "aot", "aot_unpaired",
        "apo_zero", "apo_down", "discopop", "sft", "sigmoid_norm",
    )},
    "exo_pair": dpo("exo_pair", label_smoothing=1e-3),
    "robust": dpo("robust", label_smoothing=0.1),
    "forward_kl": dpo("sigmoid", f_divergence_type="forward_kl"),
    "js_divergence": dpo("sigmoid", f_divergence_type="js_divergence"),
    "alpha_divergence": dpo("sigmoid", f_divergence_type="alpha_divergence"),
    "ipo-forward_kl": dpo("ipo", f_divergence_type="forward_kl"),
    "ld_alpha": dpo("sigmoid", ld_alpha=0.5),
    "wpo": dpo("sigmoid", use_weighting=True),
    "mix-sigmoid-sft": dpo("sigmoid", "sft", loss_weights=[1.0, 0.5]),
    "mix-mpo": dpo("sigmoid", "bco_pair", "sft", loss_weights=[0.8, 0.2, 1.0]),
    "sigmoid-full": dpo("sigmoid", use_peft=False, learning_rate=1e-4),
    "sft-full": dpo("sft", use_peft=False, learning_rate=1e-4),
    "accumulate": dpo("sigmoid", per_device_train_batch_size=2, gradient_accumulation_steps=2),
    "cosine-warmup-wd": dpo("sigmoid", lr_scheduler_type="cosine", warmup_steps=2, weight_decay=0.1),
    "truncate": dpo("sigmoid", max_length=40),
    "kto": {"trainer": "kto", "loss_type": "kto"},
    "kto-weighted": {"trainer": "kto", "loss_type": "kto", "desirable_weight": 1.0, "undesirable_weight": 1.5},
    "apo_zero_unpaired": {"trainer": "kto", "loss_type": "apo_zero_unpaired"},
    "cpo": {"trainer": "cpo", "loss_type": "sigmoid"},
    "simpo": {"trainer": "cpo", "loss_type": "simpo", "cpo_alpha": 0.0, "simpo_gamma": 0.5},
    "cpo-simpo": {"trainer": "cpo", "loss_type": "simpo", "cpo_alpha": 0.5},
    "orpo": {"trainer": "orpo"},
}


def write_rows(file: Path, rows: list[dict]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows), encoding="utf-8")


def prepare_rows(pairs: Path, out: Path, tokenizer) -> None:
    rows = [json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()[:ROWS]]

    def rendered(row: dict) -> dict:
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        return {"prompt": prompt, **{side: row[side][0]["content"] + tokenizer.eos_token for side in ("chosen", "rejected")}}

    def unpaired(row: dict, good: bool) -> dict:
        return {"prompt": row["prompt"], "completion": row["chosen" if good else "rejected"], "label": good}

    write_rows(out / "pairs.jsonl", rows)
    write_rows(out / "rendered.jsonl", [rendered(row) for row in rows])
    # Not every second one, so that the classes of a batch have different sizes.
    write_rows(out / "unpaired.jsonl", [unpaired(row, i % 3 != 1) for i, row in enumerate(rows)])


def start_adapter(model_folder: str, out: Path) -> None:
    set_seed(1)
    model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
    adapted = get_peft_model(model, LoraConfig(r=2, lora_alpha=4, target_modules="all-linear", task_type="CAUSAL_LM"))
    adapted.save_pretrained(out / "init")
    (out / "init/README.md").unlink(missing_ok=True)
    config = json.loads((out / "init/adapter_config.json").read_text())
    config |= {"base_model_name_or_path": None, "target_modules": sorted(config["target_modules"])}
    (out / "init/adapter_config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def train(request: dict, settings: dict) -> list[dict]:
    trainer_type, config_type, file = TRAINERS[settings["trainer"]]
    own = {key: value for key, value in {**COMMON, **settings}.items() if key not in ("trainer", "use_peft")}
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    if file == "rendered.jsonl":
        tokenizer.bos_token = None  # they would put a BOS before every prompt
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32)
    reference = {}
    if settings.get("use_peft", COMMON["use_peft"]):
        model = PeftModel.from_pretrained(model, Path(request["out"]) / "init", is_trainable=True)
    else:
        reference = {"ref_model": copy.deepcopy(model)}
    rows = Dataset.from_json(str(Path(request["out"]) / file), cache_dir=request["scratch"])
    args = config_type(output_dir=request["scratch"], use_cpu=True, bf16=False, gradient_checkpointing=False, report_to="none",
                       save_strategy="no", disable_tqdm=True, **own)
    trainer = trainer_type(model=model, args=args, train_dataset=rows, processing_class=tokenizer, **reference)
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return [entry for entry in trainer.state.log_history if "loss" in entry]


def rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else value


def write_run(out: Path, name: str, settings: dict, model: str, log: list[dict]) -> None:
    """One step per line, so that a diff shows which steps changed."""
    metrics = [{key: value if key in ("step", "epoch", "learning_rate") else rounded(value) for key, value in entry.items()} for entry in log]
    steps = ",\n".join("    " + json.dumps(entry) for entry in metrics)
    file = TRAINERS[settings["trainer"]][2]
    (out / f"{name}.json").write_text(
        f'{{\n  "rows": {json.dumps(file)},\n  "model": {json.dumps(model)},\n  "config": {json.dumps({**COMMON, **settings})},\n'
        f'  "versions": {json.dumps({package: version(package) for package in ("trl", "transformers", "peft", "torch")})},\n  "log": [\n{steps}\n  ]\n}}\n'
    )


def main(request: dict) -> list[str]:
    disable_progress_bars()
    torch.set_num_threads(1)  # on a model this small, more threads only wait for each other
    out = Path(request["out"])
    out.mkdir(parents=True, exist_ok=True)
    prepare_rows(Path(request["pairs"]), out, AutoTokenizer.from_pretrained(request["model"]))
    start_adapter(request["model"], out)
    model = hashlib.sha256((Path(request["model"]) / "model.safetensors").read_bytes()).hexdigest()
    with tempfile.TemporaryDirectory() as scratch:
        for name, settings in RUNS.items():
            write_run(out, name, settings, model, train({**request, "scratch": scratch}, settings))
            print(name, file=sys.stderr, flush=True)
    return list(RUNS)


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
