import type { ModelConfig } from '../types';

/** Names and shapes of every weight a Llama checkpoint must hold, in the order of the forward pass. Linear layers are [out, in]. */
export function* llamaShapes(config: ModelConfig): Generator<readonly [name: string, shape: readonly number[]]> {
  const { hiddenSize: hidden, intermediateSize: inner, vocabSize, tiedHead, attentionBias, mlpBias } = config;
  const [query, key] = [config.heads * config.headDim, config.kvHeads * config.headDim];
  const linears = [
    ['self_attn.q_proj', query, hidden, attentionBias],
    ['self_attn.k_proj', key, hidden, attentionBias],
    ['self_attn.v_proj', key, hidden, attentionBias],
    ['self_attn.o_proj', hidden, query, attentionBias],
    ['mlp.gate_proj', inner, hidden, mlpBias],
    ['mlp.up_proj', inner, hidden, mlpBias],
    ['mlp.down_proj', hidden, inner, mlpBias],
  ] as const;
  yield ['model.embed_tokens.weight', [vocabSize, hidden]];
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `model.layers.${layer}`;
    yield [`${prefix}.input_layernorm.weight`, [hidden]];
    yield [`${prefix}.post_attention_layernorm.weight`, [hidden]];
    for (const [name, out, into, bias] of linears) {
      yield [`${prefix}.${name}.weight`, [out, into]];
      if (bias) yield [`${prefix}.${name}.bias`, [out]];
    }
  }
  yield ['model.norm.weight', [hidden]];
  if (!tiedHead) yield ['lm_head.weight', [vocabSize, hidden]];
}
