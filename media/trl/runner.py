"""Trains a run of Margin with TRL. Margin copies this file into RUN/trl, beside the job that it describes.

    python runner.py job.json
    accelerate launch --config_file accelerate.yaml runner.py job.json

It writes the run folder (the folder above, or MARGIN_RUN_FOLDER) as src/run/README.md describes it: events.jsonl,
state.json, checkpoints/step-N. It obeys control.json between steps. If the run has a checkpoint, it continues from it.

MARGIN_PID and MARGIN_MACHINE name the process that watches this one and its machine, if that is Margin. MARGIN_MODEL
is another path of the model, for another machine.
"""

import hashlib
import json
import math
import os
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import torch
from accelerate.utils import broadcast_object_list
from datasets import Dataset, disable_progress_bars
from peft import PeftModel, prepare_model_for_kbit_training
from torch.utils.data import Sampler
from transformers import AutoModelForCausalLM, AutoTokenizer, EarlyStoppingCallback, PrinterCallback, TrainerCallback

HEARTBEAT_S = 2
PAUSE_S = 0.5
WATCHED_ENDED = 75  # exit code: the process that started this one is gone

JOB_FOLDER = Path(__file__).resolve().parent
RUN = Path(os.environ.get("MARGIN_RUN_FOLDER", JOB_FOLDER.parent))
IS_LONE = int(os.environ.get("WORLD_SIZE", "1")) == 1
# What gloo and NCCL say when a process is gone.
LOST_PEER = ("onnection closed", "onnection reset", "roken pipe", "remote process exited", "NCCL")
IS_MAIN = int(os.environ.get("RANK", "0")) == 0


class JobError(Exception):
    """An error for people, with the code that state.json and events.jsonl get."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def first_line(path: str) -> str | None:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return None


def this_machine() -> dict:
    """As `thisMachine` of Margin: within it, process ids are valid."""
    if "MARGIN_MACHINE" in os.environ:
        return json.loads(os.environ["MARGIN_MACHINE"])
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        namespace = None
    return {"host": socket.gethostname(), "boot": first_line("/proc/sys/kernel/random/boot_id"), "namespace": namespace}


def resident_bytes() -> int | None:
    text = first_line("/proc/self/statm")
    return None if text is None else int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Reporter:
    """Writes state.json and events.jsonl, in the first process only."""

    def __init__(self):
        self.lock = threading.Lock()
        self.watched = int(os.environ["MARGIN_PID"]) if "MARGIN_PID" in os.environ else None
        self.state = {
            "version": 1,
            "status": "starting",
            "pid": os.getpid() if self.watched is None else self.watched,
            "machine": this_machine(),
            "heartbeat": 0,
            "step": 0,
            "steps": 0,
            "rows_read": None,
            "eta": None,
            "pairs_per_second": None,
            "tokens_per_second": None,
            "best": None,
            "memory": None,
            "error": None,
        }
        self.update()
        threading.Thread(target=self.beat, daemon=True).start()

    def beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT_S)
            try:
                self.update()
            except OSError:
                pass  # the disk may be full for a moment; the update after the next step fails if it stays full

    def update(self, **change) -> None:
        if not IS_MAIN:
            return
        with self.lock:
            self.state |= {**change, "heartbeat": now(), "memory": resident_bytes()}
            replace(RUN / "state.json", json.dumps(self.state, indent=2) + "\n")

    def event(self, step: int, kind: str, **fields) -> None:
        if not IS_MAIN:
            return
        line = json.dumps({"t": now(), "step": step, "kind": kind, **fields}, ensure_ascii=False)
        print(line, flush=True)
        with self.lock, open(RUN / "events.jsonl", "ab") as file:
            file.write((line + "\n").encode())
            file.flush()
            os.fsync(file.fileno())

    def note(self, message: str) -> None:
        self.event(self.state["step"], "note", message=message)

    def fail(self, code: str, message: str) -> None:
        try:
            self.event(self.state["step"], "error", code=code, message=message)
        finally:
            self.update(status="failed", eta=None, error={"code": code, "message": message})


def now() -> int:
    return int(time.time() * 1000)


def numbers(metrics: dict) -> dict:
    """The metrics. NaN and infinity are the texts that Margin writes, since JSON has neither. Times are left out."""

    def written(value):
        if math.isfinite(value):
            return value
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"

    return {
        name: written(value)
        for name, value in metrics.items()
        if isinstance(value, (int, float)) and not name.endswith(("_runtime", "_per_second"))
    }


def watch(pid: int) -> None:
    """Ends this process when Margin's process is gone, so that nothing trains unseen."""
    while exists(pid):
        time.sleep(HEARTBEAT_S)
    os._exit(WATCHED_ENDED)


def forget_beyond(step: int) -> bool:
    """Removes the events after a checkpoint, as a resume of Margin does. Says whether the checkpoint's own is there."""
    path = RUN / "events.jsonl"
    kept, saved = [], False
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event["step"] <= step:
            kept.append(line + b"\n")
        if event["step"] == step and event["kind"] == "checkpoint":
            saved = True
            break
    replace(path, b"".join(kept).decode("utf-8"))
    return saved


def wanted() -> dict:
    """The content of control.json. Damage must not end a run."""
    try:
        control = json.loads((RUN / "control.json").read_text(encoding="utf-8"))
        return control if isinstance(control, dict) else {}
    except (OSError, ValueError):
        return {}


class Recorder(TrainerCallback):
    """Writes what TRL logs into the run folder, and obeys control.json."""

    def __init__(self, reporter: Reporter, terminated: threading.Event, held: bool):
        self.reporter = reporter
        self.terminated = terminated
        self.held = held
        self.stopped = False
        self.began = 0.0
        self.per_step = None
        self.evaluated = -1

    def on_train_begin(self, args, state, control, **kwargs):
        self.began = time.monotonic()
        self.reporter.update(status="running", step=state.global_step, steps=state.max_steps)

    def on_step_begin(self, args, state, control, **kwargs):
        self.began = time.monotonic()

    def on_step_end(self, args, state, control, **kwargs):
        seconds = time.monotonic() - self.began
        self.per_step = seconds if self.per_step is None else self.per_step + 0.1 * (seconds - self.per_step)
        rows = args.per_device_train_batch_size * args.gradient_accumulation_steps * args.world_size
        self.reporter.update(
            step=state.global_step,
            eta=self.per_step * (state.max_steps - state.global_step),
            pairs_per_second=rows / self.per_step,
        )
        self.obey(state, control)
        if state.global_step >= state.max_steps:
            control.should_save = True
            control.should_evaluate = self.held

    def obey(self, state, control) -> None:
        """All processes follow the first one, which reads control.json."""
        paused = False
        while True:
            want = wanted() if IS_MAIN else {}
            stop_at = want.get("stop_at")
            stop = want.get("want") == "stop" or self.terminated.is_set()
            stop = stop or (isinstance(stop_at, int) and state.global_step >= stop_at)
            answer = [stop, want.get("want") == "pause"]
            broadcast_object_list(answer)
            if answer[0]:
                self.stopped = state.global_step < state.max_steps
                self.reporter.update(status="stopping")
                control.should_save = True
                control.should_training_stop = True
                return
            if not answer[1]:
                break
            paused = True
            self.reporter.update(status="paused")
            time.sleep(PAUSE_S)
        if paused:
            self.reporter.update(status="running")

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs is None or "train_runtime" in logs:
            return
        metrics = numbers({name: value for name, value in logs.items() if name != "step"})
        kind = "eval" if any(name.startswith("eval_") for name in metrics) else "train"
        if kind == "train" and "num_tokens" not in metrics and state.num_input_tokens_seen > 0:
            metrics["num_tokens"] = state.num_input_tokens_seen
        if "num_tokens" in metrics and self.per_step is not None:
            self.reporter.update(tokens_per_second=self.tokens(metrics["num_tokens"]))
        self.reporter.event(state.global_step, kind, metrics=metrics)

    def tokens(self, total):
        """Tokens a second since the last logged point."""
        before, self.counted = getattr(self, "counted", None), (time.monotonic(), total)
        if before is None or total <= before[1]:
            return None
        return (total - before[1]) / (self.counted[0] - before[0])

    def on_evaluate(self, args, state, control, metrics=None, **kwargs):
        self.evaluated = state.global_step

    def on_save(self, args, state, control, **kwargs):
        if not IS_MAIN:
            return
        best = None
        if state.best_metric is not None and args.metric_for_best_model is not None:
            best = {"step": state.best_global_step, "metric": args.metric_for_best_model, "value": state.best_metric}
        self.reporter.update(best=best)
        folder = publish(Path(args.output_dir) / f"checkpoint-{state.global_step}", state.global_step)
        if folder is not None:
            self.reporter.event(state.global_step, "checkpoint", path=str(folder))
        for old in (RUN / "checkpoints").glob("step-*"):
            if not (Path(args.output_dir) / f"checkpoint-{int(old.name[5:])}").exists():
                shutil.rmtree(old, ignore_errors=True)


TRAINING_FILES = ("optimizer", "scheduler", "scaler", "rng_state", "trainer_state", "training_args", "global_step", "latest", "zero_to", "ref", "pytorch_model_fsdp", "README")


def publish(saved: Path, step: int) -> Path | None:
    """Makes checkpoints/step-N of the model in TRL's checkpoint. The files are linked where the disk can do that."""
    folder = RUN / "checkpoints" / f"step-{step:06d}"
    if folder.exists() or not saved.exists():
        return None
    temporary = folder.with_name(f"partial-{step}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for file in saved.iterdir():
        if file.is_dir() or file.name.startswith(TRAINING_FILES):
            continue
        try:
            os.link(file, temporary / file.name)
        except OSError:
            shutil.copy2(file, temporary / file.name)
    os.replace(temporary, folder)
    return folder


def newest_checkpoint(output: Path) -> Path | None:
    """The newest checkpoint that is whole: trainer_state.json is written last but for the random state."""
    found = sorted((int(one.name[11:]), one) for one in output.glob("checkpoint-*") if one.name[11:].isdigit())
    for _, folder in reversed(found):
        if (folder / "trainer_state.json").exists() and (folder / "scheduler.pt").exists():
            return folder
    return None


class MarginOrder(Sampler):
    """The rows of each epoch in the order in which Margin's own trainer takes them."""

    def __init__(self, orders, rows: int):
        self.orders = orders
        self.rows = rows
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self.rows

    def __iter__(self):
        start = min(self.epoch, len(self.orders) // self.rows - 1) * self.rows
        return iter(self.orders[start : start + self.rows])


def checked(entry: dict) -> Path:
    path = JOB_FOLDER / entry["file"]
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    if digest.hexdigest() != entry["sha256"]:
        raise JobError("trl-rows", f"{path} changed since the run was made. Start a new run.")
    return path


def read_order(job: dict):
    if job["order"] is None:
        return None
    numbers = torch.frombuffer(bytearray(checked(job["order"]).read_bytes()), dtype=torch.int32)
    return numbers.tolist()


def read_rows(entry: dict | None, cache: Path):
    return None if entry is None else Dataset.from_json(str(checked(entry)), cache_dir=str(cache), keep_in_memory=False)


def trainer_of(name: str):
    import trl

    if name == "dpo":
        return trl.DPOTrainer, trl.DPOConfig
    if name == "kto":
        return trl.KTOTrainer, trl.KTOConfig
    if name == "cpo":
        from trl.experimental.cpo import CPOConfig, CPOTrainer

        return CPOTrainer, CPOConfig
    from trl.experimental.orpo import ORPOConfig, ORPOTrainer

    return ORPOTrainer, ORPOConfig


def open_model(job: dict, source: str):
    """The model in the job's precision, with the adapter that the run starts from."""
    arguments = job["arguments"]
    settings = {"dtype": getattr(torch, job["dtype"])}
    if job["load_in_4bit"]:
        from transformers import BitsAndBytesConfig

        settings["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
        )
    model = AutoModelForCausalLM.from_pretrained(source, local_files_only=True, **settings)
    if job["adapter"] is None:
        return model
    if job["load_in_4bit"]:
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=arguments["gradient_checkpointing"])
    return PeftModel.from_pretrained(model, str(JOB_FOLDER / job["adapter"]), is_trainable=True)


# Trainers of which TRL logs no tokens. They are counted as its DPOTrainer does: each answer with its prompt.
UNCOUNTED = ("cpo", "orpo")


def make_trainer(job: dict, recorder: Recorder):
    trainer_type, config_type = trainer_of(job["trainer"])
    args = config_type(output_dir=str(JOB_FOLDER / "output"), **job["arguments"])
    if not args.use_cpu and not torch.cuda.is_available():
        raise JobError("no-gpu", "device: cuda, but PyTorch finds no GPU here. Set device: cpu, or use a machine with one.")
    source = os.environ.get("MARGIN_MODEL", job["model"])
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
    model = open_model(job, source)
    cache = JOB_FOLDER / "cache"
    order = read_order(job)
    callbacks = [recorder]
    if job["early_stopping"] is not None:
        stopping = job["early_stopping"]
        callbacks.append(EarlyStoppingCallback(stopping["patience"], stopping["threshold"]))

    class Trainer(trainer_type):
        def _get_train_sampler(self, *rest, **named):
            return super()._get_train_sampler(*rest, **named) if order is None else MarginOrder(order, len(self.train_dataset))

        def compute_loss(self, model, inputs, *rest, **named):
            if job["trainer"] in UNCOUNTED and model.training:
                count = inputs["chosen_attention_mask"].sum() + inputs["rejected_attention_mask"].sum()
                self.state.num_input_tokens_seen += int(self.accelerator.gather_for_metrics(count).sum())
            return super().compute_loss(model, inputs, *rest, **named)

    trainer = Trainer(
        model=model,
        args=args,
        train_dataset=read_rows(job["train"], cache),
        eval_dataset=read_rows(job["held"], cache),
        processing_class=tokenizer,
        callbacks=callbacks,
    )
    trainer.remove_callback(PrinterCallback)
    if len(trainer.train_dataset) != job["train"]["rows"]:
        raise JobError("trl-rows", f"TRL kept {len(trainer.train_dataset)} of {job['train']['rows']} rows that Margin wrote for it.")
    return trainer


def train(reporter: Reporter, terminated: threading.Event) -> None:
    job = json.loads((JOB_FOLDER / sys.argv[1]).read_text(encoding="utf-8"))
    disable_progress_bars()
    recorder = Recorder(reporter, terminated, job["held"] is not None)
    resume = newest_checkpoint(JOB_FOLDER / "output")
    trainer = make_trainer(job, recorder)
    if resume is not None:
        step = int(resume.name[11:])
        announced = True
        if IS_MAIN:
            announced = forget_beyond(step)
            publish(resume, step)
        reporter.update(step=step)
        if not announced:
            reporter.event(step, "checkpoint", path=str(RUN / "checkpoints" / f"step-{step:06d}"))
    else:
        reporter.note(precision_note(job, trainer))
    trainer.train(resume_from_checkpoint=None if resume is None else str(resume))
    reporter.update(status="stopped" if recorder.stopped else "done", eta=None)


def precision_note(job: dict, trainer) -> str:
    from importlib.metadata import version

    computing = "bfloat16" if trainer.args.bf16 else "float32"
    stored = "4 bits (nf4)" if job["load_in_4bit"] else job["dtype"]
    count = trainer.args.world_size
    processes = "" if count == 1 else f", {count} processes"
    return f"TRL {version('trl')} trains on {trainer.args.device.type}{processes}: weights in {stored}, computed in {computing}"


def main() -> int:
    terminated = threading.Event()
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: terminated.set())
    reporter = Reporter()
    if reporter.watched is not None:
        threading.Thread(target=watch, args=(reporter.watched,), daemon=True).start()
    try:
        train(reporter, terminated)
        return 0
    except JobError as error:
        reporter.fail(error.code, str(error))
    except torch.OutOfMemoryError as error:
        reporter.fail("out-of-memory", f"The GPU has too little memory: lower per_device_train_batch_size or max_length. {error}")
    except Exception as error:
        import traceback

        traceback.print_exc()
        if IS_LONE or not any(sign in str(error) for sign in LOST_PEER):
            reporter.fail("trl-failed", f"{type(error).__name__}: {error}")
        else:
            text = "Another process of the run ended, so all of them ended. log.txt says why; the run can be resumed."
            reporter.fail("process-lost", text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
