import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '../../../src/model/config';

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
const parse = (change: object): ReturnType<typeof parseModelConfig> => parseModelConfig(JSON.stringify({ ...base, ...change }), 'm/config.json');

function failure(text: string): { code: string; message: string } {
  try {
    parseModelConfig(text, 'm/config.json');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { code: String(error.code), message: error.message };
  }
  throw new Error('it did not fail');
}
const refused = (change: object): ReturnType<typeof failure> => failure(JSON.stringify({ ...base, ...change }));

describe('config.json', () => {
  it('has the defaults of transformers where fields are absent', () => {
    expect(parse({ num_key_value_heads: undefined })).toMatchObject({ kvHeads: 8, headDim: 8, ropeTheta: 10_000, ropeScaling: null, tiedHead: false, attentionBias: false });
  });

  it('means the same in the spellings of transformers 4 and 5', () => {
    const llama3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };
    const four = parse({ rope_theta: 500_000, rope_scaling: llama3, torch_dtype: 'bfloat16' });
    const five = parse({ rope_parameters: { ...llama3, rope_theta: 500_000 }, dtype: 'bfloat16' });
    expect(five.ropeTheta).toBe(four.ropeTheta);
    expect(five.ropeScaling).toMatchObject({ ...four.ropeScaling });
  });

  it.each([['type', 'linear'], ['rope_type', 'linear']])('takes a scaling named by %s', (key, kind) => {
    expect(parse({ rope_scaling: { [key]: kind, factor: 2 } }).ropeScaling).toMatchObject({ factor: 2 });
  });

  it('of an unknown architecture names it and what there is', () => {
    expect(refused({ model_type: 'mamba' })).toEqual({ code: 'unknown-architecture', message: 'm/config.json: model_type "mamba" is not supported; supported: llama' });
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
  ])('with %j names the field', (change, field) => {
    const { code, message } = refused(change);
    expect(code).toBe('bad-config');
    expect(message).toContain('m/config.json');
    expect(message).toContain(field);
  });

  it.each([
    [{ hidden_act: 'gelu' }, 'unsupported-config', 'gelu'],
    [{ quantization_config: { quant_method: 'gptq' } }, 'unsupported-config', 'quantised'],
    [{ rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'unsupported-rope', 'yarn'],
    [{ rope_scaling: { rope_type: 'constructor' } }, 'unsupported-rope', 'constructor'],
    [{ rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.5 } }, 'unsupported-rope', 'partial_rotary_factor'],
  ])('with %j is refused rather than computed as something else', (change, code, word) => {
    expect(refused(change)).toMatchObject({ code, message: expect.stringContaining(word) });
  });

  it.each(['', '{', '[]', 'null', '3'])('that reads %j is no object', (text) => {
    expect(failure(text)).toMatchObject({ code: 'bad-config', message: expect.stringContaining('m/config.json') });
  });
});
