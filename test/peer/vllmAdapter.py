"""What vLLM's loader says of the adapter_config.json of PEFT adapters.

stdin   {"adapters": [{"folder", "maxRank": the server's --max-lora-rank}], "modules": names of modules in the model}
stdout  for each adapter {"refused": why, or null, "scales": rank and scale of each module}
"""

import json
import sys

from vllm.config.lora import LoRAConfig
from vllm.lora.peft_helper import PEFTHelper

request = json.loads(sys.stdin.read())


def answer(adapter: dict) -> dict:
    helper = PEFTHelper.from_local_dir(adapter["folder"], None)
    try:
        helper.validate_legal(LoRAConfig(max_lora_rank=adapter["maxRank"]))
        refused = None
    except ValueError as error:
        refused = str(error)
    return {"refused": refused, "scales": [helper.get_rank_and_scaling(name) for name in request["modules"]]}


print(json.dumps([answer(adapter) for adapter in request["adapters"]]))
