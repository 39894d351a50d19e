"""A file of columns as the safetensors package reads it.

stdin   {"file"}
stdout  JSON: by name {"dtype": numpy's name, "values"}; keys of 64 bits as hexadecimal digits
"""

import json
import sys

from safetensors.numpy import load_file


def main(request: dict) -> dict:
    return {
        name: {
            "dtype": str(column.dtype),
            "values": [f"{key:016x}" for key in column.tolist()] if name == "key" else column.tolist(),
        }
        for name, column in load_file(request["file"]).items()
    }


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
