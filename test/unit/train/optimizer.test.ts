import { describe, expect, it } from 'vitest';
import { AdamW, clipGradients } from '../../../src/train/optimizer';

const gradientsOf = (weight: readonly number[], bias: readonly number[]): Map<string, Float32Array> =>
  new Map([
    ['layer.weight', Float32Array.from(weight)],
    ['layer.bias', Float32Array.from(bias)],
  ]);

describe('AdamW with clipping', () => {
  /** Recorded from torch 2.13: betas 0.8 and 0.95, eps 1e-6, weight decay 0.1 on the weight alone, clipping at 1. */
  it('takes the same three steps as torch', () => {
    const weight = Float32Array.of(0.5, -1.25, 2, 0);
    const bias = Float32Array.of(0.3, -0.7);
    const parameters = new Map([
      ['layer.weight', { name: 'layer.weight', shape: [4], data: weight }],
      ['layer.bias', { name: 'layer.bias', shape: [2], data: bias }],
    ]);
    const optimizer = new AdamW(parameters, { beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 });
    const steps = [
      { gradients: gradientsOf([0.1, -0.2, 0.3, 0], [1, -3]), rate: 1e-2, norm: 3.1843366622924805 },
      { gradients: gradientsOf([0.4, 0.2, -0.1, 1e-5], [-0.5, 0.25]), rate: 5e-3, norm: 0.7228416204452515 },
      { gradients: gradientsOf([-0.3, 0, 2, 0], [0, 0]), rate: 2e-3, norm: 2.0223748683929443 },
    ];
    steps.forEach(({ gradients, rate, norm }, i) => {
      expect(clipGradients(gradients, 1)).toBeCloseTo(norm, 6);
      optimizer.update(gradients, rate, i + 1);
    });
    [0.4844132363796234, -1.2414731979370117, 1.9859675168991089, -0.004371433984488249].forEach((value, i) =>
      expect(weight[i]).toBeCloseTo(value, 6),
    );
    [0.29212823510169983, -0.6873456239700317].forEach((value, i) => expect(bias[i]).toBeCloseTo(value, 6));
  });

  it.each([
    ['model.layers.0.self_attn.q_proj.weight', true],
    ['base_model.model.model.layers.0.mlp.up_proj.lora_A.weight', true],
    ['model.embed_tokens.weight', true],
    ['model.layers.0.input_layernorm.weight', false],
    ['model.norm.weight', false],
    ['model.layers.0.self_attn.q_proj.bias', false],
  ])('decays %s: %s', (name, decayed) => {
    const data = Float32Array.of(1);
    const optimizer = new AdamW(new Map([[name, { name, shape: [1], data }]]), {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.5,
    });
    optimizer.update(new Map([[name, Float32Array.of(0)]]), 0.1, 1);
    expect(data[0]).toBeCloseTo(decayed ? 0.95 : 1, 6);
  });

  it('does not clip a small norm, and never clips at 0', () => {
    for (const limit of [6, 0]) {
      const gradients = gradientsOf([3, 0, 0, 0], [0, 4]);
      expect(clipGradients(gradients, limit)).toBe(5);
      expect([...(gradients.get('layer.bias') ?? [])]).toEqual([0, 4]);
    }
  });
});
