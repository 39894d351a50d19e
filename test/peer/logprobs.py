"""Log-probs of every answer of a file of preference pairs, as transformers and, with an adapter, peft compute them in float64:
float32 alone would be off by 3e-5, and the comparison measures only Margin's rounding.

stdin   {"model": folder, "adapter": folder or null, "file": pairs in chat form}
stdout  one JSON list with an item per pair: {"chosen": {"ids", "logps"}, "rejected": {"ids", "logps"}}
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl.data_utils import common_prefix_length


def render(tokenizer, messages: list, generation: bool) -> list[int]:
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=generation, tokenize=False)
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def token_logps(model, prompt: list[int], answers: list[list[int]]) -> list[list[float]]:
    """Answers to the same prompt in one pass. The model is causal, so the zeros behind a shorter one change nothing."""
    longest = max(map(len, answers))
    rows = torch.tensor([prompt + answer + [0] * (longest - len(answer)) for answer in answers])
    with torch.no_grad():
        logps = model(rows).logits[:, len(prompt) - 1 : -1].log_softmax(-1)
    return [logps[i, range(len(answer)), answer].tolist() for i, answer in enumerate(answers)]


def main(request: dict) -> list:
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32)
    if request["adapter"]:
        model = PeftModel.from_pretrained(model, request["adapter"])
    model.double().eval()

    def measured(row: dict) -> dict:
        prompt = render(tokenizer, row["prompt"], True)
        whole = {name: render(tokenizer, row["prompt"] + row[name], False) for name in ("chosen", "rejected")}
        # TRL 1.16's rule: both answers begin where the first of them differs from the prompt.
        start = min(common_prefix_length(prompt, ids) for ids in whole.values())
        answers = [ids[start:] for ids in whole.values()]
        logps = token_logps(model, prompt[:start], answers)
        return {name: {"ids": answers[i], "logps": logps[i]} for i, name in enumerate(whole)}

    with open(request["file"], encoding="utf-8") as lines:
        return [measured(row) for row in map(json.loads, lines)]


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
