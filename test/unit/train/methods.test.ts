import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { methodKeys, methods } from '../../../src/run/methods';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import { ofKind, onlySteps, runFolder, train } from './runs';
import { judgedSample, sampleFolder, sampleRun } from './sampleRun';

/** What *Margin: Train…* would write for the sample. */
const tinyBytes = 3e6;

describe('each method on the sample', () => {
  it.each(methods)('$name: its config trains', async (method) => {
    const { train_file: pairs } = await sampleRun({}, 8);
    const data = method.rows === 'judged' ? await judgedSample(pairs) : pairs;
    const keys = { ...methodKeys(method, true, tinyBytes), per_device_train_batch_size: 4, max_steps: 2 };
    const text = JSON.stringify({ model_name_or_path: join(sampleFolder, 'model'), train_file: data, ...keys });
    const folder = await runFolder(parseTrainConfig(text, '/a/b.train.json'));
    const events = ofKind(await train(folder, onlySteps), 'train');
    expect(events.map(({ step }) => step)).toEqual([1, 2]);
    expect(events.map(({ metrics }) => Number.isFinite(metrics['loss']) && Number(metrics['grad_norm']) > 0)).toEqual([
      true,
      true,
    ]);
  });
});
