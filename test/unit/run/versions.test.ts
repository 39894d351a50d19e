import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MarksFile } from '../../../src/jsonl/node/marks/marksFile';
import { unpackIndex } from '../../../src/jsonl/storedIndex';
import { readAdapter } from '../../../src/model/adapter';
import { verifyCheckpoint } from '../../../src/model/checksums';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { readSafetensorsHeader } from '../../../src/model/safetensors';
import { lastTrainMetrics } from '../../../src/run/events';
import { checkpointSteps, findRuns, lastRewardStep, readRun, rewardSteps } from '../../../src/run/find';
import { runPaths } from '../../../src/run/folder';
import { noNotes, readNotes } from '../../../src/run/notes';
import { noSlices } from '../../../src/run/rewardColumns/eachReward';
import { readColumns } from '../../../src/run/rewardColumns/readColumns';
import { readDrafts, readJudgements } from '../../../src/run/rounds/lines';
import { roundPaths } from '../../../src/run/rounds/paths';
import { readRounds } from '../../../src/run/rounds/record';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { CommandLine } from '../cli/commandLine';
import { temporaryFolder } from './temporaryFolder';

const fixtures = join('test', 'fixtures', 'versions');
const versions = readdirSync(fixtures).filter((name) => /^\d{4}-/.test(name));
const program = new CommandLine();

/** A copy of a run: reading may write columns beside its rewards. */
async function runOf(version: string): Promise<string> {
  const folder = join(await temporaryFolder(), version);
  cpSync(join(fixtures, version, 'run'), folder, { recursive: true });
  return folder;
}

describe.each(versions)('a run of Margin of %s', (version) => {
  it('is listed with its state, without a remark', async () => {
    const run = await readRun(await runOf(version));
    expect(run).toMatchObject({ name: 'old', status: 'done', remarks: [] });
    expect(run.state).toMatchObject({ step: 2, steps: 2, error: null });
    expect(run.config.config).toMatchObject({ beta: 0.1, lora_r: 1, max_steps: 2, loss_type: ['sigmoid'] });
  });

  it('has its curves, checkpoints and notes', async () => {
    const folder = await runOf(version);
    expect((await lastTrainMetrics(folder)).metrics?.['loss']).toBeCloseTo(0.693, 2);
    expect(await checkpointSteps(folder)).toEqual([2]);
    expect(await readNotes(folder)).toEqual(noNotes);
  });

  it('has its rewards, by line and by column', async () => {
    const folder = await runOf(version);
    const run = await readRun(folder);
    expect(lastRewardStep(await rewardSteps(folder), run)).toBe(2);
    const columns = await readColumns(runPaths.rewards(folder, 2), noSlices);
    const lines = readFileSync(runPaths.rewards(folder, 2), 'utf8').trim().split('\n');
    const margins = lines.map((line) => (JSON.parse(line) as { margin: number }).margin);
    expect([...(await columns.column('margin'))]).toEqual(margins);
    expect(margins).toHaveLength(6);
  });

  it('has a checkpoint that is whole, and whose adapter fits its model', async () => {
    const checkpoint = runPaths.checkpoint(await runOf(version), 2);
    // The first version wrote no checksums.
    expect(await verifyCheckpoint(checkpoint)).toBe(version !== '2026-11-25');
    expect((await readSafetensorsHeader(join(checkpoint, 'optimizer.safetensors'))).length).toBeGreaterThan(2);
    const adapter = await readAdapter(checkpoint, await openCheckpoint('media/sample/model'));
    expect(adapter.parameters.size).toBeGreaterThan(0);
  });
});

it('runs of all versions are in one list, and margin runs shows them', async () => {
  const folder = await temporaryFolder();
  for (const version of versions) cpSync(join(fixtures, version, 'run'), join(folder, version), { recursive: true });
  const { runs, unreadable } = await findRuns([folder]);
  expect([runs.length, unreadable]).toEqual([versions.length, []]);
  const { out, code } = await program.runHere(['runs', folder]);
  expect(code).toBe(0);
  for (const version of versions) expect(out).toContain(version);
});

it('marks of earlier versions are read, with edits and ignored rules', async () => {
  const marks = new MarksFile(join(fixtures, '2026-11-29', 'prefs.marks.jsonl'));
  await marks.read();
  expect([marks.damaged, marks.unknownRecords]).toEqual([[], 0]);
  const key = keyNumber('0123456789abcdef');
  expect(marks.book.markOf('ann', key)).toMatchObject({ verdict: 'swap', strength: 2, tags: ['maths'], flag: true });
  expect(marks.book.markOf('bob', key, null, true)).toMatchObject({ verdict: 'keep' });
  expect(marks.book.edits).toHaveLength(1);
  expect(marks.book.ignoresOf(key)).toMatchObject([{ rule: 'white-space', ignored: true }]);
});

it('a stored index of an earlier version has its lines, or says that it is of another version', () => {
  const bytes = readFileSync(join(fixtures, '2026-11-29', 'prefs.index'));
  try {
    const { path, index } = unpackIndex(bytes, crc32);
    expect([path, index.count, index.bytes]).toEqual(['/project/prefs.jsonl', 6, 1561]);
  } catch (error) {
    expect(String(error)).toContain('another version');
  }
});

it('rounds of an earlier version are read, with their drafts and judgements', async () => {
  const folder = join(fixtures, '2026-11-30', 'rounds');
  expect(await readRounds(folder)).toMatchObject({ name: 'sample', rounds: [{ round: 1, drafts: { k: 4 } }] });
  const drafts = await readDrafts(roundPaths.drafts(folder, 1));
  expect([drafts.lines.map(({ text }) => text), drafts.damaged]).toEqual([['Grey.', 'Black.'], 0]);
  expect(await readJudgements(roundPaths.judgements(folder, 1))).toMatchObject({
    lines: [{ verdict: 'ranked' }],
    damaged: 0,
  });
});
