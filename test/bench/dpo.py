"""TRL's side of the bench: a few steps of DPO, timed.

stdin   {"model", "file", "steps", "batch", "max_length", "precompute", "device": "cpu" or "cuda"}
stdout  one JSON list: milliseconds since 1970 at the end of each step
"""

import json
import sys
import tempfile
import time

import torch
from datasets import Dataset, disable_progress_bars
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback, TrainerCallback
from trl import DPOConfig, DPOTrainer


class Clock(TrainerCallback):
    def __init__(self) -> None:
        self.ends: list[float] = []

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        if "loss" in logs:
            self.ends.append(time.time() * 1000)


def main(request: dict) -> list[float]:
    disable_progress_bars()
    clock = Clock()
    with tempfile.TemporaryDirectory() as scratch:
        args = DPOConfig(
            output_dir=scratch, max_steps=request["steps"], per_device_train_batch_size=request["batch"], max_length=request["max_length"],
            precompute_ref_log_probs=request["precompute"], learning_rate=1e-4, train_sampling_strategy="sequential", logging_steps=1,
            gradient_checkpointing=False, bf16=False, use_cpu=request["device"] == "cpu", report_to="none", save_strategy="no", disable_tqdm=True,
        )
        trainer = DPOTrainer(
            model=AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32),
            args=args,
            train_dataset=Dataset.from_json(request["file"], cache_dir=scratch),
            processing_class=AutoTokenizer.from_pretrained(request["model"]),
            peft_config=LoraConfig(r=8, lora_alpha=16, target_modules="all-linear", task_type="CAUSAL_LM"),
            callbacks=[clock],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return clock.ends


print(json.dumps(main(json.load(sys.stdin))))
