"""Draws several answers to each prompt with transformers, to compare its speed with Margin's drafts.

stdin   {"model", "prompts", "k", "tokens", "threads", "at_once": whether all prompts are one batch, or each is a batch of its own}
stdout  {"rate": tokens a second, without the first prompt}
"""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

request = json.load(sys.stdin)
torch.set_num_threads(request["threads"])
tokenizer = AutoTokenizer.from_pretrained(request["model"])
model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32).eval()
torch.manual_seed(0)
tokenizer.padding_side = "left"


def draw(prompts: list[str]) -> int:
    inputs = tokenizer(prompts, add_special_tokens=False, return_tensors="pt", padding=True)
    output = model.generate(**inputs, max_new_tokens=request["tokens"], min_new_tokens=request["tokens"], do_sample=True, temperature=1.0,
                            top_k=0, num_return_sequences=request["k"], pad_token_id=tokenizer.pad_token_id)
    return output.shape[0] * (output.shape[1] - inputs["input_ids"].shape[1])


warm, *rest = request["prompts"]
draw([warm])
start = time.perf_counter()
drawn = draw(rest) if request["at_once"] else sum(draw([prompt]) for prompt in rest)
print(json.dumps({"rate": drawn / (time.perf_counter() - start)}))
