"""Draws several answers to each prompt with transformers, to compare its speed with Margin's drafts.

stdin   {"model", "prompts", "k", "tokens", "threads"}
stdout  {"rate": tokens a second}; all k answers of a prompt are drawn at once, the first prompt is not measured
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
drawn, seconds = 0, 0.0
for i, prompt in enumerate(request["prompts"]):
    inputs = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")
    start = time.perf_counter()
    output = model.generate(**inputs, max_new_tokens=request["tokens"], min_new_tokens=request["tokens"], do_sample=True, temperature=1.0,
                            top_k=0, num_return_sequences=request["k"], pad_token_id=tokenizer.pad_token_id)
    if i == 0:
        continue
    seconds += time.perf_counter() - start
    drawn += request["k"] * (output.shape[1] - inputs["input_ids"].shape[1])
print(json.dumps({"rate": drawn / seconds}))
