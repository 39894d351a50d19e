"""Greedy answers of transformers in float32.

stdin   {"model": folder, "prompts": [a user's turn, …], "tokens": how many at most}
stdout  one JSON list of texts
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main(request: dict) -> list[str]:
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    model = AutoModelForCausalLM.from_pretrained(request["model"], dtype=torch.float32)
    answers = []
    for prompt in request["prompts"]:
        text = tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False)
        inputs = tokenizer(text, add_special_tokens=False, return_tensors="pt")
        output = model.generate(**inputs, max_new_tokens=request["tokens"], do_sample=False, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id)
        answers.append(tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))
    return answers


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
