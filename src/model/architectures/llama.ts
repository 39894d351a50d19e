import { rmsNorm } from '../../graph/algebra';
import { add, mul, silu } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import type { ModelConfig } from '../types';

/** How a graph gets at a model's weights; LoRA and training live behind it, the architecture does not know them. */
export interface Weights {
  /** A vector: norm gains, biases. */
  vector(name: string): Tensor;
  /** Rows of the embedding table. */
  embed(name: string, ids: Tensor): Tensor;
  /** x·Wᵀ (+ bias) of a module, [rows, in] → [rows, out]. */
  linear(module: string, x: Tensor): Tensor;
}

/** Attention over all tokens of one layer: q [tokens, heads·headDim], k and v [tokens, kvHeads·headDim], before RoPE. */
export type Attention = (layer: number, q: Tensor, k: Tensor, v: Tensor) => Tensor;

/**
 * The body of a Llama model (`transformers` modeling_llama.py): hidden states before the final norm, [tokens, hiddenSize].
 */
export function llamaBody(config: ModelConfig, weights: Weights, ids: Tensor, attend: Attention): Tensor {
  let hidden = weights.embed('model.embed_tokens.weight', ids);
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const norm = (name: string): Tensor => rmsNorm(hidden, weights.vector(`${prefix}.${name}.weight`), config.normEps);
    const linear = (name: string, x: Tensor): Tensor => weights.linear(`${prefix}.${name}`, x);

    const x = norm('input_layernorm');
    const heads = attend(layer, linear('self_attn.q_proj', x), linear('self_attn.k_proj', x), linear('self_attn.v_proj', x));
    hidden = add(hidden, linear('self_attn.o_proj', heads));

    const y = norm('post_attention_layernorm');
    const gated = mul(silu(linear('mlp.gate_proj', y)), linear('mlp.up_proj', y));
    hidden = add(hidden, linear('mlp.down_proj', gated));
  }
  return hidden;
}

/** The final norm, on the rows that need it. */
export function llamaNorm(config: ModelConfig, weights: Weights, hidden: Tensor): Tensor {
  return rmsNorm(hidden, weights.vector('model.norm.weight'), config.normEps);
}

/** The name of the head's matrix [vocabulary, hiddenSize]. */
export function llamaHead(config: ModelConfig): string {
  return config.tiedHead ? 'model.embed_tokens.weight' : 'lm_head.weight';
}
