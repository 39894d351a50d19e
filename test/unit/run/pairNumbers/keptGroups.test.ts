import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { runPaths } from '../../../../src/run/folder';
import { groupsOfRun } from '../../../../src/run/pairNumbers/keptGroups';
import { noSlices } from '../../../../src/run/rewardColumns/eachReward';
import { readColumns } from '../../../../src/run/rewardColumns/readColumns';
import { rewardLine, rewardText } from '../rewardLines';
import { temporaryFolder } from '../temporaryFolder';

/** A run with margins of two pairs at each step. */
async function run(margins: Readonly<Record<number, readonly number[]>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [step, ofStep] of Object.entries(margins)) await write(folder, Number(step), ofStep);
  return folder;
}

async function write(folder: string, step: number, margins: readonly number[]): Promise<void> {
  const path = runPaths.rewards(folder, step);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, rewardText(margins.map((margin, row) => rewardLine(row, margin))));
}

/** The groups of the pairs, and which steps were read for them. */
async function groups(folder: string, least?: number): Promise<{ texts: string[][] | null; read: number[] }> {
  const shown = await readColumns(runPaths.rewards(folder, 20), noSlices);
  const read: number[] = [];
  const found = await groupsOfRun(
    folder,
    shown,
    (step) => {
      read.push(step);
      return readColumns(runPaths.rewards(folder, step), noSlices);
    },
    noSlices,
    least,
  );
  return { texts: found && [0, 1].map((place) => [...found.at(place)]), read };
}

const file = (folder: string): string => join(folder, 'rewards', 'groups.safetensors');

describe('the groups of a run by training dynamics', () => {
  it('are kept, and made again when the rewards of a step are', async () => {
    const folder = await run({ 10: [1, 1], 20: [1, -1] });
    const made = { texts: [['easy'], ['forgotten']], read: [10, 20] };
    expect(await groups(folder, 1)).toEqual(made);
    expect(await groups(folder, 1)).toEqual({ ...made, read: [] });
    await write(folder, 10, [-1, -10]);
    expect(await groups(folder, 1)).toEqual({ texts: [['ambiguous'], ['never-learnt']], read: [10, 20] });
    await write(folder, 30, [1, 1]);
    expect((await groups(folder, 1)).read).toEqual([10, 20, 30]);
  });

  it('are made again if the file is damaged, also in its codes', async () => {
    const folder = await run({ 10: [1, 1], 20: [1, -1] });
    const made = await groups(folder, 1);
    const bytes = await readFile(file(folder));
    const wrongCode = Uint8Array.from(bytes);
    wrongCode[bytes.length - 1] = 77;
    for (const damaged of [bytes.subarray(0, bytes.length - 1), bytes.subarray(0, 20), new Uint8Array(), wrongCode]) {
      await writeFile(file(folder), damaged);
      expect(await groups(folder, 1)).toEqual(made);
    }
  });

  it('of few pairs, and of one step, are not kept', async () => {
    const [few, single] = [await run({ 10: [1, 1], 20: [1, -1] }), await run({ 0: [0, 0], 20: [1, -1] })];
    expect((await groups(few)).read).toEqual([10, 20]);
    expect((await groups(few)).read).toEqual([10, 20]);
    expect((await groups(single, 1)).texts).toBeNull();
    for (const folder of [few, single]) await expect(readFile(file(folder))).rejects.toThrow('ENOENT');
  });

  it('can be read as a safetensors file', async () => {
    const folder = await run({ 10: [1, 1], 20: [1, -1] });
    await groups(folder, 1);
    const bytes = await readFile(file(folder));
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, { data_offsets: number[] }>;
    const [from, to] = must(header['group'], 'the tensor').data_offsets;
    expect([...bytes.subarray(8 + length + Number(from), 8 + length + Number(to))]).toEqual([1, 5]);
    await rm(folder, { recursive: true });
  });
});
