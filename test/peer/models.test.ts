import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askPeer, hasPeer } from './peer';

const recorded = join('test', 'unit');
const goldens = readdirSync(join(recorded, 'engine', 'goldens')).map((name) => join('engine', 'goldens', name));
const blocks = readdirSync(join(recorded, 'model', 'gguf'))
  .filter((name) => /\.(gguf|json)$/.test(name))
  .map((name) => join('model', 'gguf', name));

/** Decodes f32 values in base64, so that a comparison can allow for rounding. */
function numbers(value: unknown): unknown {
  return typeof value === 'string'
    ? Array.from(new Float32Array(new Uint8Array(Buffer.from(value, 'base64')).buffer))
    : value;
}

/**
 * The gradients of all weights sum over the most numbers: one of them differs by 2.4e-5 between processors with AVX2
 * and AVX-512.
 */
const toleranceOf = (at: string): number => (at.includes('.full.') ? 3e-5 : 2e-5);

/** Processors round differently. A wrong formula would differ far more. */
function expectClose(ours: unknown, theirs: unknown, at: string): void {
  if (typeof ours === 'number' && typeof theirs === 'number')
    return expect(Math.abs(ours - theirs), at).toBeLessThan(toleranceOf(at) * Math.max(0.1, Math.abs(theirs)));
  if (typeof ours !== 'object' || ours === null || typeof theirs !== 'object' || theirs === null)
    return expect(ours, at).toEqual(theirs);
  expect(Object.keys(ours), at).toEqual(Object.keys(theirs));
  const entries = new Map(Object.entries(theirs));
  for (const [key, value] of Object.entries(ours)) {
    const lora = key.includes('.lora_');
    expectClose(lora ? numbers(value) : value, lora ? numbers(entries.get(key)) : entries.get(key), `${at}.${key}`);
  }
}

describe.skipIf(!hasPeer)(
  'the recorded models are those of today’s transformers, PEFT and gguf (if not: python test/peer/models/NAME.py)',
  () => {
    let fresh = '';

    beforeAll(async () => {
      fresh = await mkdtemp(join(tmpdir(), 'margin-models-'));
      await askPeer('models/again.py', { to: fresh });
    });

    afterAll(() => rm(fresh, { recursive: true, force: true }));

    it('the recorded cases are the same', () => {
      expect(readdirSync(join(fresh, 'engine', 'goldens')).sort()).toEqual(
        readdirSync(join(recorded, 'engine', 'goldens')).sort(),
      );
    });

    it.each([...goldens, ...blocks, join('model', 'loraTargets.json')])('%s', (name) => {
      const [ours, theirs] = [readFileSync(join(recorded, name)), readFileSync(join(fresh, name))];
      if (name.endsWith('.gguf')) expect(ours.equals(theirs)).toBe(true);
      else expectClose(JSON.parse(ours.toString()), JSON.parse(theirs.toString()), name);
    });
  },
);
