"""Token ids as Hugging Face's own library gives them.

stdin   {"file": tokenizer.json, "texts", "special": whether the tokenizer adds its special tokens}
stdout  one JSON list of lists of ids
"""

import json
import sys

from tokenizers import Tokenizer


def main(request: dict) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(request["file"])
    tokenizer.no_truncation()
    return [encoding.ids for encoding in tokenizer.encode_batch(request["texts"], add_special_tokens=request["special"])]


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
