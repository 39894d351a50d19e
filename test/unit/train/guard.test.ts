import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packPairs } from '../../../src/engine/packPairs';
import { openMeasureSession, openScoreSession } from '../../../src/engine/scoreSession';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { openTokenizer } from '../../../src/model/tokenizer';
import { resolveRun, unusableFiles } from '../../../src/run/resolve';
import type { TrainConfig } from '../../../src/run/types';
import { Guard } from '../../../src/train/guard';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { onlySteps, ofKind, runFolder, train } from './runs';
import { sampleFolder, sampleRun } from './sampleRun';

const guardFile = join(sampleFolder, 'guard.txt');

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'guard.txt');
  await writeFile(path, content);
  return path;
}

async function openGuard(path: string, change: Partial<TrainConfig> = {}) {
  const config = await sampleRun(change);
  const checkpoint = await openCheckpoint(config.model_name_or_path);
  const tokenizer = await openTokenizer(config.model_name_or_path, checkpoint.model.vocabSize);
  return { guard: await Guard.open(path, config, checkpoint, tokenizer), checkpoint, tokenizer };
}

describe('the guard of the language model', () => {
  it('is the mean of −log π over the tokens of a text, without the first one', async () => {
    const text = 'A frog is green. A bear lives in the forest.';
    const { guard, checkpoint, tokenizer } = await openGuard(await fileOf(text));
    const [first = 0, ...rest] = tokenizer.encode(text, true);
    const session = await openScoreSession({ checkpoint, adapter: null });
    const { sequenceLogps } = await session.score(packPairs([{ prompt: [first], chosen: rest, rejected: [] }]));
    const policy = await openMeasureSession({ checkpoint, adapter: null, agreement: false });
    expect((await guard.measure(policy))['eval_guard_loss']).toBeCloseTo(-(sequenceLogps[0] ?? NaN) / rest.length, 5);
    await Promise.all([session.release(), policy.release()]);
  });

  it('says how much of the text it measures', async () => {
    const all = await openGuard(guardFile);
    expect(all.guard.note).toMatch(/on all [\d]+ tokens of .*guard\.txt$/);
    const long = await openGuard(await fileOf('What is bigger, a mouse or a bear? '.repeat(1000)));
    expect(long.guard.note).toContain('on the first 2048 tokens of');
  });

  it('sees no more tokens at once than max_length allows', async () => {
    const { guard, checkpoint } = await openGuard(guardFile, { max_length: 16 });
    const policy = await openMeasureSession({ checkpoint, adapter: null, agreement: false });
    const lengths: number[] = [];
    await guard.measure({
      score: (batch) => (lengths.push(batch.predictions), policy.score(batch)),
      release: () => policy.release(),
    });
    expect(Math.max(...lengths)).toBe(15);
    await policy.release();
  });

  it.each([
    ['that is missing', null, /there is no file .*none\.txt; correct the path/],
    ['that is empty', ' \n', /guard\.txt is empty: name a text/],
    ['in another encoding', Uint8Array.from([0x63, 0xe9, 0x20]), /is not a text in UTF-8: save it in that encoding/],
  ])('refuses a text %s, and names the key and the fix', async (_, content, message) => {
    const path = content === null ? join(await temporaryFolder(), 'none.txt') : await fileOf(content);
    const config = { ...(await sampleRun()), guard_file: path, test_split_size: 0.2 };
    const [error, ...more] = await unusableFiles(config);
    expect(more).toEqual([]);
    expect(error).toMatchObject({ code: 'config-file', details: { field: 'guard_file', path } });
    expect(error?.message).toMatch(message);
    expect((await failureOf(resolveRun(config, {}))).message).toBe(error?.message);
  });

  it('reads the start of a long text, and leaves out a character that this cuts', async () => {
    const path = await fileOf(`${'x'.repeat((1 << 16) - 1)}é and more`);
    const { guard } = await resolveRun({ ...(await sampleRun()), guard_file: path }, {});
    expect(guard).toMatchObject({ path, size: (1 << 16) + 10 });
  });

  it('is measured before the first step and at each evaluation of a run', async () => {
    const config = await sampleRun({
      guard_file: guardFile,
      test_split_size: 0.4,
      seed: 3,
      max_steps: 2,
      eval_steps: 1,
    });
    const events = await train(await runFolder(config), onlySteps);
    const [start, ...more] = ofKind(events, 'eval');
    expect(start).toMatchObject({ step: 0, metrics: { eval_guard_loss: expect.closeTo(2.148, 2) } });
    expect(Object.keys(start?.metrics ?? {})).toEqual(['eval_guard_loss']);
    expect(more.map(({ step, metrics }) => [step, Number.isFinite(metrics['eval_guard_loss'])])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'note', step: 0 }));
  });
});
