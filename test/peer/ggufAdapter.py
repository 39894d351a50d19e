"""Compares a GGUF adapter on a GGUF base, as llama.cpp applies it, with PEFT's merge into the same base in Hugging Face's layout.

Both files are read by ggml's own `gguf` package. llama.cpp computes W + adapter.lora.alpha / rank · B·A for each tensor that a pair
is named after (`src/llama-adapter.h`); PEFT's merged weight is brought into the file's layout as the converters do it.

stdin   a list of {"name": GGUF architecture, "base": .gguf, "lora": .gguf, "model": the base as a folder, "adapter": folder}
stdout  for each {"name", "keys": the adapter's metadata, "tensors": how many, and for each changed weight in "differences" the largest difference of the two, in "changes" how much the weight was changed}
"""

import json
import pathlib
import sys

import gguf
import numpy as np
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

sys.path.insert(0, str(pathlib.Path(__file__).parent / "models"))
from ggufs import gguf_name, layout  # noqa: E402


def values(tensor: gguf.ReaderTensor) -> np.ndarray:
    return gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(tensor.shape[::-1]).astype(np.float64)


def compared(request: dict) -> dict:
    lora = gguf.GGUFReader(request["lora"])
    base = {tensor.name: tensor for tensor in gguf.GGUFReader(request["base"]).tensors}
    pairs = {tensor.name: values(tensor) for tensor in lora.tensors}
    alpha = lora.fields["adapter.lora.alpha"].contents()
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32)
    merged = PeftModel.from_pretrained(model, request["adapter"]).merge_and_unload()
    differences, changes = [], []
    for name, parameter in merged.named_parameters():
        if not name.endswith(".weight") or f"{gguf_name(request['name'], name)}.lora_a" not in pairs:
            continue
        there, _ = layout(request["name"], name, merged.config)
        gguf_weight = gguf_name(request["name"], name)
        a, b = pairs.pop(f"{gguf_weight}.lora_a"), pairs.pop(f"{gguf_weight}.lora_b")
        change = alpha / b.shape[1] * (b @ a)
        expected = there(parameter.detach().numpy().astype(np.float64))
        differences.append(float(np.abs(values(base[gguf_weight]) + change - expected).max()))
        changes.append(float(np.abs(change).max()))
    assert not pairs, f"no such weights: {list(pairs)}"
    keys = {key: field.contents() for key, field in lora.fields.items() if not key.startswith("GGUF.")}
    return {"name": request["name"], "keys": keys, "tensors": len(lora.tensors), "differences": differences, "changes": changes}


def main(requests: list[dict]) -> list[dict]:
    return [compared(request) for request in requests]


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
