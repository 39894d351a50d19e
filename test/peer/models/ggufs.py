"""Writes small GGUF files laid out as llama.cpp's converters do, and what transformers computes with their weights.

    python test/peer/models/ggufs.py

writes test/unit/model/gguf/NAME.gguf, models.json, and one of the models once more as three parts. Each model is built in transformers, its matrices are quantised in
GGUF's layout and put back, so the recorded log-probs are of exactly the weights in the file. Where transformers reads the
weights of such a file itself, its own reading is compared as well.
"""

import json
import pathlib

import gguf
import numpy as np
import torch
import transformers
from gguf import GGMLQuantizationType as Type, quants
from weights import weight

TARGET = pathlib.Path(__file__).parents[2] / "unit" / "model" / "gguf"
TOKENS = [chr(code) for code in range(33, 126)] + ["th", "Ġ", "<|endoftext|>"]
IDS = [(i * i * 7 + i * 11 + 3) % 96 for i in range(24)]
# One after another, so that every type meets every layout.
QUANTS = [Type.Q8_0, Type.Q4_0, Type.F16, Type.Q5_1, Type.BF16, Type.Q4_1, Type.Q5_0, Type.F32]

SIZES = dict(
    hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, vocab_size=96,
    max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=1000.0, bos_token_id=95, eos_token_id=95, pad_token_id=95,
)
LLAMA3 = dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
GEMMA = dict(SIZES, head_dim=16, query_pre_attn_scalar=16, sliding_window=5, hidden_activation="gelu_pytorch_tanh", hidden_act="gelu_pytorch_tanh")
NEOX = {key: SIZES[key] for key in ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "max_position_embeddings")}

# GGUF architecture: config in transformers, extra metadata
MODELS = {
    "llama": (dict(SIZES, model_type="llama", rope_scaling=LLAMA3), {}),
    "qwen2": (dict(SIZES, model_type="qwen2", tie_word_embeddings=True, rope_scaling=dict(rope_type="linear", factor=2.0)), {}),
    "qwen3": (dict(SIZES, model_type="qwen3", head_dim=16, tie_word_embeddings=True), {}),
    "gemma": (dict(GEMMA, model_type="gemma"), {}),
    "gemma2": (
        dict(GEMMA, model_type="gemma2", attn_logit_softcapping=4.0, final_logit_softcapping=3.0),
        {"attn_logit_softcapping": 4.0, "final_logit_softcapping": 3.0},
    ),
    "gemma3": (dict(GEMMA, model_type="gemma3_text", num_hidden_layers=6, intermediate_size=32, rope_theta=100_000.0), {}),
    "phi3": (dict(SIZES, model_type="phi3", sliding_window=7), {}),
    "smollm3": (dict(SIZES, model_type="smollm3", num_hidden_layers=4, intermediate_size=32), {}),
    "olmo2": (dict(SIZES, model_type="olmo2"), {}),
    "gpt2": (dict(model_type="gpt2", n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=96, bos_token_id=95, eos_token_id=95), {}),
    "gptneox": (dict(NEOX, model_type="gpt_neox", num_attention_heads=2, rotary_pct=0.25, bos_token_id=95, eos_token_id=95), {}),
}

OUTER = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
    "transformer.wte": "token_embd", "transformer.wpe": "position_embd", "transformer.ln_f": "output_norm",
    "gpt_neox.embed_in": "token_embd", "gpt_neox.final_layer_norm": "output_norm", "embed_out": "output",
}
INNER = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "self_attn.qkv_proj": "attn_qkv",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "mlp.gate_up_proj": "ffn_up",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "ln_1": "attn_norm", "ln_2": "ffn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
    "attention.query_key_value": "attn_qkv", "attention.dense": "attn_output", "mlp.dense_h_to_4h": "ffn_up", "mlp.dense_4h_to_h": "ffn_down",
}
AROUND = {"pre_feedforward_layernorm": "ffn_norm", "post_attention_layernorm": "post_attention_norm", "post_feedforward_layernorm": "post_ffw_norm"}


def gguf_name(arch: str, name: str) -> str:
    module, kind = name.rsplit(".", 1)
    if module in OUTER:
        return f"{OUTER[module]}.{kind}"
    _, layer, inner = module.replace("model.layers.", "x.").replace("transformer.h.", "x.").replace("gpt_neox.layers.", "x.").split(".", 2)
    table = INNER | AROUND if arch in ("gemma2", "gemma3", "olmo2") else INNER
    return f"blk.{layer}.{table[inner]}.{kind}"


def layout(arch: str, name: str, config) -> tuple:
    """To GGUF's layout and back."""
    heads = config.num_attention_heads
    if arch in ("llama", "smollm3") and (".q_proj." in name or ".k_proj." in name):
        n = heads if ".q_proj." in name else config.num_key_value_heads
        there = lambda w: w.reshape(n, 2, w.shape[0] // n // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)
        back = lambda w: w.reshape(n, w.shape[0] // n // 2, 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)
        return there, back
    if arch.startswith("gemma") and name.endswith("norm.weight"):
        return (lambda w: w + 1), (lambda w: w - 1)
    if arch == "gpt2" and name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")):
        return (lambda w: w.T), (lambda w: w.T)
    if arch == "gptneox" and "query_key_value" in name:
        there = lambda w: w.reshape(heads, 3, -1, *w.shape[1:]).swapaxes(0, 1).reshape(w.shape)
        back = lambda w: w.reshape(3, heads, -1, *w.shape[1:]).swapaxes(0, 1).reshape(w.shape)
        return there, back
    return (lambda w: w), (lambda w: w)


def metadata(writer: gguf.GGUFWriter, arch: str, config, extra: dict) -> None:
    heads, hidden = config.num_attention_heads, config.hidden_size
    head_dim = getattr(config, "head_dim", None) or hidden // heads
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(hidden)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(getattr(config, "intermediate_size", None) or 4 * hidden)
    writer.add_head_count(heads)
    if arch in ("gpt2", "gptneox"):
        writer.add_layer_norm_eps(1e-5)
    else:
        writer.add_head_count_kv(config.num_key_value_heads)
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
        parameters = config.rope_parameters.get("full_attention", config.rope_parameters)
        writer.add_rope_freq_base(parameters["rope_theta"])
        if head_dim != hidden // heads or arch.startswith("gemma"):
            writer.add_key_length(head_dim)
            writer.add_value_length(head_dim)
        if getattr(config, "sliding_window", None) is not None:
            writer.add_sliding_window(config.sliding_window)
        if parameters["rope_type"] == "linear":
            writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
            writer.add_rope_scaling_factor(parameters["factor"])
    if arch == "gptneox":
        writer.add_rope_dimension_count(int(head_dim * config.rope_parameters["partial_rotary_factor"]))
        writer.add_parallel_residual(True)
    for key, value in extra.items():
        writer.add_float32(f"{arch}.{key}", value)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([1] * 95 + [3])
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(95)
    writer.add_eos_token_id(95)
    writer.add_add_bos_token(False)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")


def write(arch: str, spec: dict, extra: dict, folder: pathlib.Path, split_max_tensors: int = 0) -> list[float]:
    own = {key: value for key, value in spec.items() if key != "model_type"}
    config = transformers.AutoConfig.for_model(spec["model_type"], **json.loads(json.dumps(own)))
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config).float().eval()
    path = folder / f"{arch}.gguf"
    writer = gguf.GGUFWriter(path, arch, split_max_tensors=split_max_tensors)
    metadata(writer, arch, config, extra)
    with torch.no_grad():
        for i, (name, parameter) in enumerate(model.named_parameters()):
            around_one = name.endswith(".weight") and not arch.startswith("gemma")
            there, back = layout(arch, name, config)
            values = np.ascontiguousarray(there(weight(name, tuple(parameter.shape), around_one))).astype(np.float32)
            kind = QUANTS[i % len(QUANTS)] if values.ndim == 2 else Type.F32
            raw = quants.quantize(values, kind)
            writer.add_tensor(gguf_name(arch, name), raw, raw_dtype=kind)
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(back(quants.dequantize(raw, kind).reshape(values.shape)))))
    if arch == "llama":
        plain = 1 / (1000.0 ** (np.arange(0, 8, 2) / 8))
        writer.add_tensor("rope_freqs.weight", (plain / model.model.rotary_emb.inv_freq.numpy()).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    expected = logps(model)
    if split_max_tensors > 0:
        return expected
    try:
        read = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=path.name, config=config, dtype=torch.float32).eval()
        print(arch, "as transformers reads it:", float(np.abs(np.subtract(logps(read), expected)).max()))
    except Exception as error:  # noqa: BLE001: any error means that it does not read this architecture
        print(arch, "is not read by transformers:", str(error).splitlines()[0][:100])
    return [round(value, 6) for value in expected]


def logps(model) -> list[float]:
    with torch.no_grad():
        logits = model(torch.tensor([IDS])).logits[0, :-1]
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(IDS[1:])[:, None])[:, 0].tolist()


def record(folder: pathlib.Path) -> None:
    golden = {arch: write(arch, *MODELS[arch], folder) for arch in MODELS}
    # The llama's 21 tensors, 8 to a part.
    write("llama", *MODELS["llama"], folder, split_max_tensors=8)
    (folder / "models.json").write_text(json.dumps({"ids": IDS, "logps": golden}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    record(TARGET)
