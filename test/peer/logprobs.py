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


def token_logps(model, prompt: list[int], answer: list[int]) -> list[float]:
    with torch.no_grad():
        logits = model(torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1]
    return logits.log_softmax(-1).gather(1, torch.tensor(answer)[:, None])[:, 0].tolist()


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
        answers = {name: ids[start:] for name, ids in whole.items()}
        return {name: {"ids": ids, "logps": token_logps(model, prompt[:start], ids)} for name, ids in answers.items()}

    with open(request["file"], encoding="utf-8") as lines:
        return [measured(row) for row in map(json.loads, lines)]


print(json.dumps(main(json.load(sys.stdin))))
