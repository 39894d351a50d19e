"""Records which modules PEFT adapts, and with which rank and scale, for settings other than one list of names.

    python test/peer/models/lora.py

writes test/unit/model/loraTargets.json.
"""

import json
import pathlib

import peft
from architectures import build
from cases import CASES

# Case, and the settings of PEFT besides r=4, lora_alpha=6.
ASKED = [
    ("llama", dict()),
    ("llama", dict(target_modules="all-linear")),
    ("llama", dict(target_modules=["q_proj", "mlp.up_proj"])),
    ("llama", dict(target_modules=r".*\.[12]\..*(q|o)_proj")),
    ("llama", dict(target_modules=["q_proj", "v_proj"], layers_to_transform=[0, 2])),
    ("llama", dict(target_modules=["q_proj"], layers_to_transform=1, layers_pattern="layers")),
    ("llama", dict(target_modules=["model.layers.0.self_attn.q_proj", "up_proj"], layers_to_transform=[1])),
    ("llama", dict(target_modules=["q_proj", "v_proj"], rank_pattern={"v_proj": 8}, alpha_pattern={r"layers\.1\..*": 10})),
    ("llama", dict(target_modules=["q_proj", "v_proj"], rank_pattern={r"model.layers.0.*.v_proj": 2, "v_proj": 3})),
    ("mistral", dict()),
    ("qwen2", dict()),
    ("qwen3", dict()),
    ("gemma", dict()),
    ("gemma2", dict()),
    ("gemma3", dict()),
    ("gpt2", dict()),
    ("gpt2", dict(target_modules=["mlp.c_proj"])),
    ("gpt2", dict(target_modules=["c_proj"])),
    ("gpt_neox", dict()),
    ("gpt_neox", dict(target_modules=["dense"], layers_to_transform=[1], use_rslora=True)),
    ("phi3", dict(target_modules="all-linear")),
]


def resolved(case: str, asked: dict) -> dict:
    adapted = peft.get_peft_model(build(CASES[case]), peft.LoraConfig(r=4, lora_alpha=6, task_type="CAUSAL_LM", **asked))
    modules = {
        name.removeprefix("base_model.model."): [module.r["default"], module.scaling["default"]]
        for name, module in adapted.named_modules()
        if isinstance(module, peft.tuners.lora.LoraLayer)
    }
    return {"case": case, "asked": asked, "modules": modules}


def record(folder: pathlib.Path) -> None:
    (folder / "loraTargets.json").write_text("[\n" + ",\n".join(json.dumps(resolved(*one)) for one in ASKED) + "\n]\n")


if __name__ == "__main__":
    record(pathlib.Path(__file__).parents[2] / "unit" / "model")
