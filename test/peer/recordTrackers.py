"""Records how TRL logs a short run: its trainer state, its TensorBoard log, and its Trackio project once closed and once
with its newest points still in the write-ahead log. Besides requirements.txt it needs tensorboard 2.21 and trackio 0.43.

usage   python test/peer/recordTrackers.py MODEL PAIRS OUT
"""

import os
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

pairs, out = Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()
scratch = Path(tempfile.mkdtemp())
(scratch / "model").symlink_to(Path(sys.argv[1]).resolve())
os.chdir(scratch)  # The logs hold only relative paths.
os.environ |= {"TRACKIO_DIR": "trackio", "HF_HOME": "hub", "TENSORBOARD_LOGGING_DIR": "logs"}

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer

rows = Dataset.from_json(str(pairs), cache_dir="rows").select(range(24))
args = DPOConfig(output_dir="dpo", use_cpu=True, bf16=False, gradient_checkpointing=False, max_steps=4, eval_strategy="steps",
                 eval_steps=2, save_steps=2, logging_steps=1, per_device_train_batch_size=2, learning_rate=1e-2, beta=0.2,
                 report_to=["tensorboard", "trackio"], project="sample", run_name="dpo-sample", disable_tqdm=True)
trainer = DPOTrainer(model=AutoModelForCausalLM.from_pretrained("model", dtype=torch.float32), args=args,
                     train_dataset=rows.select(range(16)), eval_dataset=rows.select(range(16, 24)),
                     processing_class=AutoTokenizer.from_pretrained("model"), peft_config=LoraConfig(r=2, lora_alpha=4, target_modules="all-linear"))
trainer.train()

out.mkdir(parents=True, exist_ok=True)
for step in (2, 4):
    folder = out / f"dpo/checkpoint-{step}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("trainer_state.json", "adapter_config.json"):
        shutil.copy(f"dpo/checkpoint-{step}/{name}", folder)
(out / "logs/dpo").mkdir(parents=True, exist_ok=True)
for log in Path("logs").rglob("*tfevents*"):
    shutil.copy(log, out / "logs/dpo" / ".".join(log.name.split(".")[:4]))  # without the name of the machine
(out / "trackio").mkdir(parents=True, exist_ok=True)
with sqlite3.connect("trackio/sample.db") as database:
    database.execute("DELETE FROM system_metrics WHERE id > 1")
    database.execute("UPDATE configs SET config = json_set(config, '$._Username', 'someone')")
database.execute("VACUUM")
database.close()
shutil.copy("trackio/sample.db", out / "trackio/sample.db")
# The same run as a program leaves it that still logs: its last two points are only in the write-ahead log.
live = sqlite3.connect("trackio/sample.db")
last = live.execute("SELECT run_id, timestamp, run_name, step, metrics FROM metrics ORDER BY id DESC LIMIT 2").fetchall()
live.execute("DELETE FROM metrics WHERE id IN (SELECT id FROM metrics ORDER BY id DESC LIMIT 2)")
live.commit()
live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
for row in reversed(last):
    live.execute("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)", row)
    live.commit()
for name in ("sample.db", "sample.db-wal"):
    shutil.copy(f"trackio/{name}", out / "trackio" / name.replace("sample", "live"))
print(sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()))
