import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunFolder, runPaths } from '../../../../src/run/folder';
import { checkTrainConfig } from '../../../../src/run/trainConfig';
import type { TrainConfig } from '../../../../src/run/types';
import { must } from '../../../../src/base/pure/must';
import { estimateTarget } from '../../../../src/train/trl/estimateTarget';
import { fitsIn, targetAssumptions, targetSummary, targetUnknowns } from '../../../../src/train/trl/targetSentences';
import { findTarget, targetsPath } from '../../../../src/trl/targets/findTargets';
import { newHandle, writeHandle } from '../../../../src/trl/targets/handle';
import { runConfig } from '../../run/samples';
import { temporaryFolder } from '../../run/temporaryFolder';

let folder = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, '.margin'));
});
afterEach(() => void vi.unstubAllEnvs());

const targets = (entry: object): Promise<void> =>
  writeFile(targetsPath(folder), JSON.stringify({ cluster: { template: 'slurm', ...entry } }));

function config(keys: Partial<TrainConfig> = {}): TrainConfig {
  const sample = resolve('media/sample');
  const all = {
    model_name_or_path: join(sample, 'model'),
    train_file: join(sample, 'prefs.jsonl'),
    use_peft: true,
    backend: 'trl',
    target: 'cluster',
    ...keys,
  };
  return must(checkTrainConfig(JSON.stringify(all), join(folder, 'a.train.json')).config, 'a config without problems');
}

/** An earlier run on the target, which took a second for 500 tokens. */
async function earlierRun(of: TrainConfig): Promise<void> {
  const run = await createRunFolder(of.output_dir, { ...runConfig(), name: 'before', config: of });
  await writeHandle(run, newHandle(await findTarget(folder, 'cluster')));
  const lines = Array.from({ length: 9 }, (_, i) => ({
    t: 1000 * i,
    step: i + 1,
    kind: 'train',
    metrics: { num_tokens: 500 * i },
  }));
  await writeFile(runPaths.events(run), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('the estimate for a target', () => {
  it('guesses no speed, price or room, and says what would make each known', async () => {
    await targets({});
    const found = await estimateTarget(config());
    expect(found).toMatchObject({ tokensPerSecond: null, seconds: null, cost: null, train: { rows: 602 } });
    expect(fitsIn(found)).toBeNull();
    expect(targetSummary(found)).toMatch(/^time unknown, cost unknown, about \d+ MB per process$/);
    const unknown = targetUnknowns(found);
    expect(unknown.map(({ what }) => what)).toEqual(['time', 'cost', 'fit']);
    expect(unknown[0]?.why).toMatch(/^No run of TRL has been on cluster\. Train a few steps there/);
  });

  it('takes the figures of the person, and shows them beside the result', async () => {
    await targets({ tokens_per_second: 100, price_per_hour: 3.6, gpu_memory_gb: 0.001 });
    const found = await estimateTarget(config());
    expect(found.seconds).toBeCloseTo((found.work.trained + found.work.evaluated) / 100);
    expect(found.cost).toBeCloseTo((found.seconds ?? 0) / 1000);
    expect(fitsIn(found)).toBe(false);
    expect(targetUnknowns(found)).toEqual([]);
    const text = targetAssumptions(found).join('\n');
    expect(text).toContain('100 tokens/s, the tokens_per_second beside the target.');
    expect(text).toContain('1 machine at 3.6 an hour');
  });

  it('prefers the speed of an earlier run on the target with the same model', async () => {
    await targets({ tokens_per_second: 100 });
    await earlierRun(config());
    const found = await estimateTarget(config());
    expect(found.tokensPerSecond).toBe(500);
    const text = targetAssumptions(found).join('\n');
    expect(text).toContain('500 tokens/s, the median of the run before there with the same model.');
    expect(text).toContain('The 100 tokens/s beside the target are not used.');
  });

  it('does not take a run that trains in another way, or on the target as it was before', async () => {
    await targets({});
    await earlierRun(config());
    const other = await estimateTarget(config({ use_peft: false }));
    expect(targetUnknowns(other)[0]?.why).toContain('before does not count: its use_peft is true');
    await targets({ settings: { partition: 'faster' } });
    const moved = await estimateTarget(config());
    expect(targetUnknowns(moved)[0]?.why).toContain('it ran elsewhere, or the target has changed since');
  });

  it.each([0, -1, '5'])('refuses %j as a figure', async (value) => {
    await targets({ price_per_hour: value });
    await expect(estimateTarget(config())).rejects.toMatchObject({ code: 'target-figure' });
  });
});
