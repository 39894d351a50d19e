import { describe, expect, it } from 'vitest';
import { memoryOf } from '../../../../src/trl/estimate/memory';
import type { MemoryKeys, ModelSizes } from '../../../../src/trl/estimate/types';

/** Round numbers: a thousand values, half of them in two linear layers of equal size. */
const sizes: ModelSizes = {
  parameters: 1000,
  linear: 500,
  largestLayer: 250,
  trained: 1000,
  layers: 2,
  hidden: 10,
  vocabulary: 50,
  perToken: 80,
  perTokenOfLayer: 40,
};
const adapter = { ...sizes, trained: 20 };
const batch = { sequences: 2, length: 5 };
const full: MemoryKeys = {
  trainer: 'dpo',
  dtype: 'float32',
  use_peft: false,
  load_in_4bit: false,
  mixed_precision: 'no',
  gradient_checkpointing: false,
  distributed_type: 'NO',
  zero_stage: 2,
  num_processes: 1,
};
const lora: MemoryKeys = { ...full, use_peft: true };
const four = { num_processes: 4 };

const parts = (keys: MemoryKeys, of = sizes, heaviest = batch): Record<string, number> =>
  Object.fromEntries(memoryOf(keys, of, heaviest).map(({ name, bytes }) => [name, bytes]));

describe('the memory of a process', () => {
  it('of full training in float32 is 16 bytes a value, and a reference model beside it', () => {
    expect(parts(full)).toEqual({
      weights: 4000,
      'reference model': 4000,
      gradients: 4000,
      optimizer: 8000,
      activations: 2 * 5 * 96 * 4,
      // A tile of the logits, and the gradient of the head.
      logits: 10 * 50 * 4 + 50 * 10 * 4,
    });
  });

  it('of CPO and ORPO has no reference, but all logits', () => {
    for (const trainer of ['cpo', 'orpo'] as const) {
      const found = parts({ ...full, trainer });
      expect(found).not.toHaveProperty('reference model');
      expect(found['logits']).toBe(2 * 5 * 50 * 4 * 3);
    }
  });

  it('of LoRA trains the adapter only, which is there twice', () => {
    expect(parts(lora, adapter)).toMatchObject({ weights: 4000, adapter: 160, gradients: 80, optimizer: 160 });
    expect(parts(lora, adapter)).not.toHaveProperty('reference model');
    expect(parts({ ...lora, trainer: 'cpo' }, adapter)['adapter']).toBe(80);
  });

  it('of QLoRA stores linear layers in 4 bits with a scale a block, and the rest in float32', () => {
    expect(parts({ ...lora, load_in_4bit: true }, adapter)['weights']).toBe(Math.round(500 * 0.5625 + 500 * 4));
  });

  it('of bfloat16 has half the weights, and moments of two bytes', () => {
    expect(parts({ ...full, dtype: 'bfloat16' })).toMatchObject({ weights: 2000, gradients: 2000, optimizer: 4000 });
    expect(parts({ ...lora, dtype: 'bfloat16' }, adapter)).toMatchObject({ weights: 2000, gradients: 80 });
  });

  it('of bf16 as mixed precision keeps float32 weights and copies them', () => {
    expect(parts({ ...full, mixed_precision: 'bf16' })).toMatchObject({
      weights: 4000,
      'bf16 copies': 1000,
      activations: 2 * 5 * 96 * 2,
    });
  });

  it('under DDP divides nothing, and copies the gradients', () => {
    expect(parts({ ...full, ...four, distributed_type: 'MULTI_GPU' })).toMatchObject({
      weights: 4000,
      optimizer: 8000,
      'communication buckets': 4000,
    });
  });

  it('under ZeRO-2 divides gradients and optimizer, which has a float32 copy, but no weights', () => {
    const keys: MemoryKeys = { ...full, ...four, distributed_type: 'DEEPSPEED', mixed_precision: 'bf16' };
    expect(parts(keys)).toMatchObject({
      weights: 2000,
      'reference model': 2000,
      gradients: 500,
      optimizer: 12_000 / 4,
    });
  });

  it('under ZeRO-3 and FSDP divides all of them, and has two layers whole', () => {
    const deepspeed: MemoryKeys = { ...full, ...four, distributed_type: 'DEEPSPEED', zero_stage: 3 };
    const whole = (1000 - 500 + 2 * 250) * 4;
    const states = { weights: 1000, 'reference model': 1000, gradients: 1000, 'gathered weights': whole };
    expect(parts(deepspeed)).toMatchObject({ ...states, optimizer: 12_000 / 4 });
    expect(parts({ ...full, ...four, distributed_type: 'FSDP' })).toMatchObject({ ...states, optimizer: 2000 });
  });

  it('with gradient checkpointing keeps the inputs of layers and one layer', () => {
    expect(parts({ ...full, gradient_checkpointing: true })['activations']).toBe(2 * 5 * (2 * 10 + 48) * 4);
  });

  it('says for each part what it is a product of', () => {
    for (const { how } of memoryOf({ ...lora, ...four, distributed_type: 'FSDP' }, adapter, batch))
      expect(how).toMatch(/\d/);
  });

  it('grows with every size and never with more processes', () => {
    const types = ['MULTI_GPU', 'FSDP', 'DEEPSPEED'] as const;
    for (const distributed_type of types) {
      const totals = [2, 4, 8].map((count) => {
        const found = memoryOf({ ...full, distributed_type, num_processes: count }, sizes, batch);
        return found.reduce((sum, { bytes }) => sum + bytes, 0);
      });
      expect(totals.toSorted((a, b) => b - a)).toEqual(totals);
    }
  });
});
