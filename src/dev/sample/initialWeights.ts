import type { Parameter } from '../../model/types';
import type { Draw } from './draw';
import { modelConfig } from './modelFiles';

/**
 * The initial weights of a Llama, as transformers sets them: matrices normal with standard deviation
 * `initializer_range`, gains 1.
 */
export function initialWeights(draw: Draw): Parameter[] {
  const {
    hidden_size: width,
    intermediate_size: inner,
    vocab_size: vocabulary,
    head_dim: head,
    num_hidden_layers: layers,
  } = modelConfig;
  const [queries, keys] = [modelConfig.num_attention_heads * head, modelConfig.num_key_value_heads * head];
  const matrix = (name: string, rows: number, columns: number): Parameter => ({
    name: `${name}.weight`,
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, () => modelConfig.initializer_range * draw.normal()),
  });
  const gain = (name: string): Parameter => ({
    name: `${name}.weight`,
    shape: [width],
    data: new Float32Array(width).fill(1),
  });
  const layer = (index: number): Parameter[] => {
    const prefix = `model.layers.${index}`;
    return [
      gain(`${prefix}.input_layernorm`),
      matrix(`${prefix}.self_attn.q_proj`, queries, width),
      matrix(`${prefix}.self_attn.k_proj`, keys, width),
      matrix(`${prefix}.self_attn.v_proj`, keys, width),
      matrix(`${prefix}.self_attn.o_proj`, width, queries),
      gain(`${prefix}.post_attention_layernorm`),
      matrix(`${prefix}.mlp.gate_proj`, inner, width),
      matrix(`${prefix}.mlp.up_proj`, inner, width),
      matrix(`${prefix}.mlp.down_proj`, width, inner),
    ];
  };
  return [
    matrix('model.embed_tokens', vocabulary, width),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    gain('model.norm'),
  ];
}
