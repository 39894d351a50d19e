"""Records what transformers computes for small random models of every architecture Margin has.

    python test/peer/models/architectures.py [CASE ...]

writes test/unit/engine/goldens/CASE.json: per-token log-probs, LoRA gradients, digests of all weights' gradients and a greedy
continuation, all in f32 with eager attention. Weights come from their names (weights.py), so none are stored.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import peft
import torch
import transformers
from cases import CASES, PAIRS
from weights import uniform, weight

GOLDENS = pathlib.Path(__file__).parents[2] / "unit" / "engine" / "goldens"
RANK = 2
LORA = dict(r=RANK, lora_alpha=3, target_modules="all-linear", lora_dropout=0.0, task_type="CAUSAL_LM")


def build(spec: dict) -> transformers.PreTrainedModel:
    own = {key: value for key, value in spec.items() if key != "model_type"}
    config = transformers.AutoConfig.for_model(spec["model_type"], **json.loads(json.dumps(own)))
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config).float().eval()
    offset_norms = spec["model_type"].startswith("gemma")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            around_one = name.endswith(".weight") and not offset_norms
            parameter.copy_(torch.from_numpy(weight(name, tuple(parameter.shape), around_one)))
    return model


def logps(model, pair: dict, side: str) -> torch.Tensor:
    tokens = torch.tensor([pair["prompt"] + pair[side]])
    logits = model(tokens).logits[0, len(pair["prompt"]) - 1 : -1]
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(pair[side])[:, None])[:, 0]


def loss(model) -> torch.Tensor:
    """Both sides count, with different weights."""
    sums = [(logps(model, pair, "chosen").sum(), logps(model, pair, "rejected").sum()) for pair in PAIRS]
    return sum(0.5 * rejected - chosen for chosen, rejected in sums) / (10 * len(PAIRS))


def digest(name: str, gradient: torch.Tensor) -> list[float]:
    """Norm, and product with a fixed direction."""
    values = gradient.double().numpy().ravel()
    return [float(np.linalg.norm(values)), float(values @ uniform(name, values.size).astype(np.float64))]


def greedy(model, prompt: list[int], count: int) -> list[int]:
    tokens = list(prompt)
    for _ in range(count):
        tokens.append(int(model(torch.tensor([tokens])).logits[0, -1].argmax()))
    return tokens[len(prompt) :]


def record(name: str, spec: dict, folder: pathlib.Path) -> None:
    model = build(spec)
    golden = {"config4": spec, "config5": model.config.to_diff_dict() | {"model_type": spec["model_type"]}, "pairs": PAIRS}
    with torch.no_grad():
        golden["logps"] = [{side: [round(x, 6) for x in logps(model, pair, side).tolist()] for side in ("chosen", "rejected")} for pair in PAIRS]
        golden["greedy"] = greedy(model, PAIRS[1]["prompt"], 10)
    loss(model).backward()
    golden["full"] = {key: digest(key, parameter.grad) for key, parameter in model.named_parameters()}
    adapted = peft.get_peft_model(model, peft.LoraConfig(**LORA))
    trained = {key.replace(".default.weight", ".weight"): value for key, value in adapted.named_parameters() if ".lora_" in key}
    with torch.no_grad():
        for key, parameter in trained.items():
            parameter.copy_(torch.from_numpy(weight(key, tuple(parameter.shape), False)) * 0.3)
    adapted.zero_grad()
    loss(adapted).backward()
    golden["lora"] = {key: base64.b64encode(parameter.grad.numpy().astype("<f4").tobytes()).decode() for key, parameter in trained.items()}
    (folder / f"{name}.json").write_text(json.dumps(golden, separators=(",", ":"), default=str) + "\n")


if __name__ == "__main__":
    torch.manual_seed(0)
    for name in sys.argv[1:] or CASES:
        record(name, CASES[name], GOLDENS)
        print(name)
