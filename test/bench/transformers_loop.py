"""Scores pairs and generates answers with a plain transformers script, to compare its speed with Margin's.

stdin   {"model", "file", "batches": [pairs at once, …], "prompts", "tokens"}
stdout  one JSON object: {"scoring": pairs/s at the best of the batch sizes, "generation": tokens/s}

Scoring: chosen and rejected of each pair under the policy (LoRA r=8 on all linear layers) and under the reference (the adapter off),
sorted by length, padded, log-probs of the answer's tokens only.
"""

import json
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer


def encode(tokenizer, row: dict) -> list[tuple[list[int], int]]:
    def ids(messages: list, generation: bool) -> list[int]:
        return tokenizer(tokenizer.apply_chat_template(messages, add_generation_prompt=generation, tokenize=False), add_special_tokens=False)["input_ids"]

    prompt = ids(row["prompt"], True)
    return [(ids(row["prompt"] + row[side], False), len(prompt)) for side in ("chosen", "rejected")]


def answer_logps(model, sequences: list[tuple[list[int], int]]) -> torch.Tensor:
    width = max(len(ids) for ids, _ in sequences)
    padded = torch.tensor([ids + [0] * (width - len(ids)) for ids, _ in sequences])
    attention = torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in sequences])
    answers = torch.tensor([[prompt <= t < len(ids) for t in range(1, width)] for ids, prompt in sequences])
    logits = model(input_ids=padded, attention_mask=attention).logits[:, :-1]
    logps = logits.gather(2, padded[:, 1:, None])[..., 0] - logits.logsumexp(-1)
    return (logps * answers).sum(-1)


def scoring_rate(model, pairs: list, batch: int) -> float:
    start = time.perf_counter()
    for at in range(0, len(pairs), batch):
        sequences = [side for pair in pairs[at : at + batch] for side in pair]
        answer_logps(model, sequences)
        with model.disable_adapter():
            answer_logps(model, sequences)
    return len(pairs) / (time.perf_counter() - start)


def generation_rate(model, tokenizer, prompts: list[str], tokens: int) -> float:
    drawn, seconds = 0, 0.0
    for i, prompt in enumerate([prompts[0], *prompts]):
        text = tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False)
        inputs = tokenizer(text, add_special_tokens=False, return_tensors="pt")
        start = time.perf_counter()
        output = model.generate(**inputs, max_new_tokens=tokens, do_sample=False, pad_token_id=tokenizer.pad_token_id)
        # The first answer warms up, as Margin's does.
        if i == 0:
            continue
        seconds += time.perf_counter() - start
        drawn += output.shape[1] - inputs["input_ids"].shape[1]
    return drawn / seconds


def main(request: dict) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32).eval()
    with torch.no_grad():
        generation = generation_rate(model, tokenizer, request["prompts"], request["tokens"])
        adapted = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules="all-linear", task_type="CAUSAL_LM")).eval()
        with open(request["file"], encoding="utf-8") as lines:
            pairs = sorted((encode(tokenizer, json.loads(line)) for line in lines), key=lambda pair: sum(len(ids) for ids, _ in pair))
        answer_logps(adapted, pairs[0])
        scoring = max(scoring_rate(adapted, pairs, batch) for batch in request["batches"])
    return {"scoring": scoring, "generation": generation}


print(json.dumps(main(json.load(sys.stdin))))
