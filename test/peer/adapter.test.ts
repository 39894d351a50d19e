import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPaths } from '../../src/run/folder';
import { Program } from '../unit/cli/program';
import { expectSameLogps } from './logprobs';
import { hasPeer, peer, sampleModel } from './peer';
import { conversations, trainedSteps, trainRun } from './trainRun';

const program = new Program();
const file = conversations;

describe.skipIf(!hasPeer)('an adapter that Margin trained, loaded by peft', () => {
  const models = [
    ['the sample’s model', () => sampleModel],
    ['SmolLM2-135M stored in bfloat16', () => peer().smollm2.bf16],
  ] as const;

  it.each(models)('%s: the log-probs are the same, and differ from those without the adapter', async (_, folder) => {
    const model = resolve(folder());
    const adapter = runPaths.checkpoint(await trainRun(model), trainedSteps);
    const { code, err, json } = await program.run([
      'score',
      file,
      '--model',
      model,
      '--adapter',
      adapter,
      '--per_token',
      '--json',
    ]);
    expect(code, err).toBe(0);
    expect(json().every(({ margin }) => margin !== 0)).toBe(true);
    await expectSameLogps(json(), { model, adapter, file });
  });
});
