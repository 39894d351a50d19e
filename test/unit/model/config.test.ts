import { describe, expect, it } from 'vitest';
import { errorCode, errorMessage } from '../../../src/base/pure/marginError';
import type { Model } from '../../../src/model/architectures/architecture';
import { parseModel, textName } from '../../../src/model/config';

const base = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 172,
  num_hidden_layers: 5,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  vocab_size: 512,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
};
const parse = (change: object): Model => parseModel(JSON.stringify({ ...base, ...change }), 'm/config.json', new Set());

function failure(text: string): { code: string; message: string } {
  try {
    parseModel(text, 'm/config.json', new Set());
  } catch (error) {
    return { code: String(errorCode(error)), message: errorMessage(error) };
  }
  throw new Error('it did not fail');
}
const refused = (change: object): ReturnType<typeof failure> => failure(JSON.stringify({ ...base, ...change }));

describe('config.json', () => {
  it('has the defaults of transformers for absent fields', () => {
    const { attention, tensors, head } = parse({ num_key_value_heads: undefined });
    expect(attention[0]).toMatchObject({
      heads: 8,
      kvHeads: 8,
      headDim: 8,
      scale: 8 ** -0.5,
      window: null,
      softcap: null,
    });
    expect(tensors.has('model.layers.0.self_attn.q_proj.bias')).toBe(false);
    expect(head).toBe('model.embed_tokens.weight');
  });

  it('has its own head only if the files hold one and tie_word_embeddings is false', () => {
    const stored = new Set(['lm_head.weight']);
    const headOf = (change: object): string =>
      parseModel(JSON.stringify({ ...base, ...change }), 'm/config.json', stored).head;
    expect(headOf({})).toBe('lm_head.weight');
    expect(headOf({ tie_word_embeddings: true })).toBe('model.embed_tokens.weight');
    expect(headOf({ model_type: 'smollm3' })).toBe('model.embed_tokens.weight');
  });

  it('of a multimodal gemma3 gives its text model', () => {
    const { modelType, attention } = parse({
      model_type: 'gemma3',
      text_config: { ...base, model_type: 'gemma3_text', head_dim: 8 },
    });
    expect(modelType).toBe('gemma3_text');
    expect(attention.map(({ window }) => window)).toEqual([4096, 4096, 4096, 4096, 4096]);
  });

  it.each([
    [{ model_type: 'mistral' }, [4096, 4096, 4096, 4096, 4096]],
    [{ model_type: 'mistral', sliding_window: null }, [null, null, null, null, null]],
    [{ model_type: 'qwen2', sliding_window: 9 }, [null, null, null, null, null]],
    [
      { model_type: 'qwen2', sliding_window: 9, use_sliding_window: true, max_window_layers: 3 },
      [null, null, null, 9, 9],
    ],
    [{ model_type: 'gemma2', sliding_window: 9 }, [9, null, 9, null, 9]],
    [{ model_type: 'gemma3_text', sliding_window: 9, sliding_window_pattern: 3 }, [9, 9, null, 9, 9]],
    [
      {
        model_type: 'qwen3',
        head_dim: 8,
        sliding_window: 9,
        use_sliding_window: true,
        layer_types: ['full_attention', 'sliding_attention', 'full_attention', 'full_attention', 'sliding_attention'],
      },
      [null, 9, null, null, 9],
    ],
  ])('%j has the sliding windows of its class in each layer', (change, expected) => {
    expect(parse(change).attention.map(({ window }) => window)).toEqual(expected);
  });

  it('of an unknown architecture is refused, and the message names the known ones', () => {
    expect(refused({ model_type: 'mamba' })).toMatchObject({
      code: 'unknown-architecture',
      message: expect.stringMatching(
        /^m\/config\.json: model_type "mamba" is not supported; supported: llama, mistral, /,
      ),
    });
    expect(refused({ model_type: undefined }).code).toBe('unknown-architecture');
  });

  it.each([
    [{ hidden_size: '64' }, '"hidden_size"'],
    [{ num_hidden_layers: 0 }, '"num_hidden_layers"'],
    [{ num_hidden_layers: 2.5 }, '"num_hidden_layers"'],
    [{ vocab_size: null }, '"vocab_size"'],
    [{ tie_word_embeddings: 'yes' }, '"tie_word_embeddings"'],
    [{ rope_scaling: 3 }, '"rope_scaling"'],
    [{ rope_scaling: { type: 'linear' } }, '"factor"'],
    [{ num_key_value_heads: 3 }, '3 key heads'],
    [{ head_dim: 7 }, 'head_dim 7'],
    [{ partial_rotary_factor: 2 }, '"partial_rotary_factor"'],
    [{ model_type: 'qwen2', layer_types: ['full_attention'] }, '"layer_types"'],
    [{ rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [1, 1, 1, 1] } }, '"short_factor"'],
  ])('with %j is refused, and the message names the field', (change, field) => {
    const { code, message } = refused(change);
    expect(code).toBe('bad-config');
    expect(message).toContain('m/config.json');
    expect(message).toContain(field);
  });

  it.each([
    [{ hidden_act: 'gelu' }, 'unsupported-config', 'gelu'],
    [{ quantization_config: { quant_method: 'gptq' } }, 'unsupported-config', 'quantised'],
    [{ rope_scaling: { rope_type: 'proportional', factor: 4 } }, 'unsupported-rope', 'proportional'],
    [{ rope_scaling: { rope_type: 'constructor' } }, 'unsupported-rope', 'constructor'],
    [
      { model_type: 'gpt2', n_embd: 8, n_head: 2, n_layer: 1, scale_attn_by_inverse_layer_idx: true },
      'unsupported-config',
      'scale_attn_by_inverse_layer_idx',
    ],
    [
      { model_type: 'qwen3', head_dim: 8, layer_types: Array.from({ length: 5 }, () => 'linear_attention') },
      'unsupported-config',
      'linear_attention',
    ],
    [
      { model_type: 'gemma3_text', use_bidirectional_attention: true },
      'unsupported-config',
      'use_bidirectional_attention',
    ],
  ])('with %j is refused, because it would be computed incorrectly', (change, code, word) => {
    expect(refused(change)).toMatchObject({ code, message: expect.stringContaining(word) });
  });

  it.each(['', '{', '[]', 'null', '3'])('with the text %j is refused', (text) => {
    expect(failure(text)).toMatchObject({ code: 'bad-config', message: expect.stringContaining('m/config.json') });
  });
});

describe('a tensor’s name', () => {
  it.each([
    ['h.0.attn.c_attn.weight', 'transformer.h.0.attn.c_attn.weight'],
    ['wte.weight', 'transformer.wte.weight'],
    ['language_model.model.layers.0.mlp.up_proj.weight', 'model.layers.0.mlp.up_proj.weight'],
    ['model.language_model.layers.0.mlp.up_proj.weight', 'model.layers.0.mlp.up_proj.weight'],
    ['transformer.h.0.attn.bias', null],
    ['gpt_neox.layers.3.attention.masked_bias', null],
    ['vision_tower.vision_model.embeddings.patch_embedding.weight', null],
    ['model.layers.0.self_attn.q_proj.bias', 'model.layers.0.self_attn.q_proj.bias'],
  ])('%s in a file is %s in the model', (name, own) => {
    expect(textName(name)).toBe(own);
  });
});
