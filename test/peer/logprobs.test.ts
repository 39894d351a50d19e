import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Program } from '../unit/cli/program';
import { expectSameLogps } from './logprobs';
import { hasPeer, peer, sampleModel } from './peer';

const program = new Program();

describe.skipIf(!hasPeer)('log-probs of every token, beside transformers in float64', () => {
  const models = [
    ['the sample’s model', 5e-5, () => sampleModel],
    ['SmolLM2-135M stored in float32', 5e-5, () => peer().smollm2.f32],
    // On AVX2 cores the largest difference of its 274 tokens is 6.6e-5, the second 3.8e-5; transformers in float32
    // differs by 4e-5.
    ['SmolLM2-135M stored in bfloat16', 7e-5, () => peer().smollm2.bf16],
  ] as const;

  it.each(models)('%s: the same ids, and log-probs within %d', async (_, within, model) => {
    const file = resolve('test/peer/conversations.jsonl');
    const { code, err, json } = await program.run([
      'score',
      file,
      '--model',
      resolve(model()),
      '--per_token',
      '--json',
    ]);
    expect(code, err).toBe(0);
    expect(json()).toHaveLength((await readFile(file, 'utf8')).trim().split('\n').length);
    await expectSameLogps(json(), { model: resolve(model()), adapter: null, file }, within);
  });
});
