"""One small model of each architecture, and of each rope variant: config.json as transformers 4 spelled it."""

SIZES = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
    vocab_size=96, max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=1000.0, bos_token_id=0, eos_token_id=1, pad_token_id=0,
)
GEMMA = dict(SIZES, head_dim=12, hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh")
LLAMA3 = dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=16)
LONGROPE = dict(type="longrope", short_factor=[1.0, 1.1, 1.3], long_factor=[1.2, 2.0, 4.0])

CASES = {
    "llama": dict(SIZES, model_type="llama", tie_word_embeddings=True),
    "llama-bias-linear": dict(SIZES, model_type="llama", attention_bias=True, mlp_bias=True, rope_scaling=dict(type="linear", factor=2.0)),
    "llama-llama3": dict(SIZES, model_type="llama", rope_scaling=LLAMA3),
    "llama-dynamic": dict(SIZES, model_type="llama", max_position_embeddings=16, rope_scaling=dict(type="dynamic", factor=2.0)),
    "mistral": dict(SIZES, model_type="mistral", head_dim=12, sliding_window=5),
    "qwen2": dict(SIZES, model_type="qwen2", tie_word_embeddings=True),
    "qwen2-window-yarn": dict(SIZES, model_type="qwen2", use_sliding_window=True, sliding_window=6, max_window_layers=1, rope_scaling=YARN),
    "qwen3": dict(SIZES, model_type="qwen3", head_dim=12, tie_word_embeddings=True),
    "gemma": dict(GEMMA, model_type="gemma", num_key_value_heads=1),
    "gemma2": dict(GEMMA, model_type="gemma2", query_pre_attn_scalar=20, sliding_window=5, attn_logit_softcapping=4.0, final_logit_softcapping=3.0),
    "gemma3": dict(
        GEMMA, model_type="gemma3_text", query_pre_attn_scalar=20, sliding_window=5, sliding_window_pattern=3, rope_theta=100_000.0,
        rope_local_base_freq=500.0, rope_scaling=dict(rope_type="linear", factor=8.0),
    ),
    "phi3": dict(SIZES, model_type="phi3", sliding_window=7),
    "phi3-longrope": dict(
        SIZES, model_type="phi3", partial_rotary_factor=0.75, original_max_position_embeddings=16, rope_scaling=LONGROPE,
        tie_word_embeddings=True,
    ),
    "smollm3": dict(SIZES, model_type="smollm3", num_hidden_layers=4),
    "smollm3-window": dict(SIZES, model_type="smollm3", no_rope_layers=[1, 0, 1], use_sliding_window=True, sliding_window=4),
    "olmo2": dict(SIZES, model_type="olmo2"),
    "gpt2": dict(model_type="gpt2", n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=96, bos_token_id=0, eos_token_id=1),
    "gpt_neox": dict(
        model_type="gpt_neox", hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, vocab_size=96,
        max_position_embeddings=64, rotary_pct=0.25, rotary_emb_base=1000, bos_token_id=0, eos_token_id=1,
    ),
    "gpt_neox-serial": dict(
        model_type="gpt_neox", hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=96,
        max_position_embeddings=64, rotary_pct=0.5, use_parallel_residual=False, hidden_act="gelu_new", bos_token_id=0, eos_token_id=1,
    ),
}


def ids(start: int, count: int) -> list[int]:
    return [(start * 31 + i * i * 7 + i * 11) % 96 for i in range(count)]


# Longer than every window. The first and the last are longer than 16 tokens, the second is not: scaled RoPEs change
# there.
PAIRS = [
    dict(prompt=ids(1, 9), chosen=ids(2, 14), rejected=ids(3, 14)),
    dict(prompt=ids(4, 5), chosen=ids(5, 4), rejected=ids(6, 9)),
    dict(prompt=ids(7, 12), chosen=ids(8, 10), rejected=ids(9, 10)),
]
