import { chmod, mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { rewardSteps } from '../../../src/run/find';
import { runPaths } from '../../../src/run/folder';
import { ColumnFile, columnsPath } from '../../../src/run/rewardColumns/columnFile';
import { MemoryColumns } from '../../../src/run/rewardColumns/columnsBuilder';
import { noSlices } from '../../../src/run/rewardColumns/eachReward';
import { readColumns } from '../../../src/run/rewardColumns/readColumns';
import { columnNames, type RewardColumns } from '../../../src/run/rewardColumns/rewardColumns';
import type { PairReward } from '../../../src/run/types';
import { failureOf } from '../model/files';
import { rewardLine, rewardText } from './rewardLines';
import { temporaryFolder } from './temporaryFolder';

/** A run folder whose step 20 has these rewards. */
async function scoredRun(rewards: readonly PairReward[]): Promise<{ folder: string; file: string; columns: string }> {
  const folder = await temporaryFolder();
  const file = runPaths.rewards(folder, 20);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, rewardText(rewards));
  return { folder, file, columns: file.replace('.jsonl', '.safetensors') };
}

async function marginsOf(columns: RewardColumns): Promise<number[]> {
  return [...(await columns.column('margin'))];
}

describe('columns of rewards', () => {
  it('read back equal the lines, whatever their numbers', async () => {
    const seed = Date.now() % 1e9;
    const random = seededRandom(seed);
    const number = (): number => (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    const side = (): PairReward['chosen'] => ({
      logp: number(),
      ref_logp: number(),
      reward: number(),
      tokens: random() < 0.2 ? 0 : Math.floor(random() * 5000),
    });
    const rewards = Array.from({ length: 3000 }, (_, i): PairReward => {
      const row = Math.floor(random() * 2 ** 31);
      const { key } = rewardLine(Math.floor(random() * 1e6) + i, 0);
      const label = random() < 0.3 ? { label: random() < 0.5 } : {};
      return { row, line: row + 1, key, ...label, chosen: side(), rejected: side(), margin: number() };
    }).filter(({ line }) => line < 2 ** 31);
    const { file } = await scoredRun(rewards);
    await readColumns(file, noSlices);
    const columns = await readColumns(file, noSlices);
    expect(columns, `seed ${seed}`).toBeInstanceOf(ColumnFile);
    const keys = await columns.keys();
    expect(columns.count, `seed ${seed}`).toBe(rewards.length);
    const valueOf = ({ label, ...reward }: PairReward, name: string): unknown =>
      name === 'label'
        ? label === undefined
          ? -1
          : Number(label)
        : name.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], reward);
    for (const name of columnNames) {
      const numbers = await columns.column(name);
      const wrong = rewards.findIndex((reward, place) => at(numbers, place) !== valueOf(reward, name));
      expect(wrong, `${name}, seed ${seed}`).toBe(-1);
    }
    expect(
      rewards.findIndex(({ key }, place) => keys.textAt(place) !== key),
      `seed ${seed}`,
    ).toBe(-1);
  });

  it('are made beside the rewards of a run, and are no step of it', async () => {
    const { folder, file, columns } = await scoredRun([rewardLine(0, 1), rewardLine(1, -1)]);
    expect(await marginsOf(await readColumns(file, noSlices))).toEqual([1, -1]);
    expect((await readdir(join(folder, 'rewards'))).toSorted()).toEqual([
      'step-000020.jsonl',
      'step-000020.safetensors',
    ]);
    expect(await rewardSteps(folder)).toEqual([20]);
    const before = await readFile(columns);
    await readColumns(file, noSlices);
    expect(await readFile(columns)).toEqual(before);
  });

  it('follow the safetensors format: numbers without gaps, after a header of JSON', async () => {
    const { file, columns } = await scoredRun([rewardLine(0, 1), rewardLine(1, -1)]);
    await readColumns(file, noSlices);
    const bytes = await readFile(columns);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >;
    const { __metadata__: metadata, ...tensors } = header;
    expect(metadata).toMatchObject({ format: 'margin-rewards', version: '1' });
    expect(Object.keys(tensors).toSorted()).toEqual([...columnNames, 'key'].toSorted());
    const ends = Object.values(tensors).map(({ data_offsets: offsets }) => offsets);
    expect(ends.map(([begin]) => begin)).toEqual([0, ...ends.map(([, end]) => end).slice(0, -1)]);
    expect(8 + length + (ends.at(-1)?.[1] ?? 0)).toBe(bytes.length);
    expect(length % 8).toBe(0);
  });

  it('know whether they have the same pairs; those of an older Margin, which did not say it, too', async () => {
    const rewards = [rewardLine(0, 1), rewardLine(1, -1)];
    const digestOf = async (of: readonly PairReward[]): Promise<{ digest: string; older: string }> => {
      const { file, columns } = await scoredRun(of);
      const digest = await (await readColumns(file, noSlices)).keyDigest();
      const text = (await readFile(columns)).toString('latin1');
      await writeFile(columns, text.replace('"keys":', '"none":'), 'latin1');
      return { digest, older: await (await readColumns(file, noSlices)).keyDigest() };
    };
    const { digest, older } = await digestOf(rewards);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(older).toBe(digest);
    expect((await digestOf([rewardLine(0, 5), rewardLine(1, 3)])).digest).toBe(digest);
    expect((await digestOf(rewards.toReversed())).digest).not.toBe(digest);
  });

  it('are made again when the rewards were written again', async () => {
    const { file } = await scoredRun([rewardLine(0, 1)]);
    await readColumns(file, noSlices);
    await writeFile(file, rewardText([rewardLine(0, 2)]));
    await utimes(file, 1, 1);
    expect(await marginsOf(await readColumns(file, noSlices))).toEqual([2]);
    expect(await marginsOf(await readColumns(file, noSlices))).toEqual([2]);
  });

  it.each([
    ['is empty', (path: string) => truncate(path, 0)],
    ['is cut in its numbers', (path: string) => truncate(path, 1400)],
    ['is cut in its header', (path: string) => truncate(path, 100)],
    ['holds other bytes', (path: string) => writeFile(path, 'x'.repeat(5000))],
    ['holds a model', (path: string) => writeFile(path, modelBytes())],
  ])('are made again when their file %s', async (_, damage) => {
    const { file, columns } = await scoredRun(Array.from({ length: 100 }, (_value, row) => rewardLine(row, row)));
    await readColumns(file, noSlices);
    await damage(columns);
    expect((await marginsOf(await readColumns(file, noSlices))).slice(0, 3)).toEqual([0, 1, 2]);
    expect(await readColumns(file, noSlices)).toBeInstanceOf(ColumnFile);
  });

  it('that are replaced while they are read are not mixed', async () => {
    const { file } = await scoredRun([rewardLine(0, 1)]);
    const old = await readColumns(file, noSlices);
    await writeFile(file, rewardText([rewardLine(0, 2), rewardLine(1, 3)]));
    await readColumns(file, noSlices);
    expect(await failureOf(old.column('margin'))).toMatchObject({ code: 'changed' });
  });

  it('stay in memory where the folder cannot be written', async () => {
    const { folder, file, columns } = await scoredRun([rewardLine(0, 1)]);
    // A folder of the name stops even a user who may write everywhere.
    await mkdir(join(columns, 'x'), { recursive: true });
    await chmod(join(folder, 'rewards'), 0o555);
    try {
      const read = await readColumns(file, noSlices);
      expect(read).toBeInstanceOf(MemoryColumns);
      expect(await marginsOf(read)).toEqual([1]);
    } finally {
      await chmod(join(folder, 'rewards'), 0o755);
    }
  });

  it('never replace a file outside the folders that Margin fills', async () => {
    expect(columnsPath('/data/model.jsonl')).toBeNull();
    expect(columnsPath('/data/rewards/model.jsonl')).toBeNull();
    expect(columnsPath('/data/.margin/scores/a-b.jsonl')).toBe('/data/.margin/scores/a-b.safetensors');
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model.jsonl'), rewardText([rewardLine(0, 1)]));
    await writeFile(join(folder, 'model.safetensors'), 'weights');
    expect(await marginsOf(await readColumns(join(folder, 'model.jsonl'), noSlices))).toEqual([1]);
    expect(await readFile(join(folder, 'model.safetensors'), 'utf8')).toBe('weights');
  });

  it('of a damaged file name the line; those of a missing file say so', async () => {
    const { file } = await scoredRun([rewardLine(0, 1)]);
    await writeFile(file, `${rewardText([rewardLine(0, 1)])}{"row":0}\n`);
    expect(await failureOf(readColumns(file, noSlices))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`${file}:2`),
    });
    await rm(file);
    expect(await failureOf(readColumns(file, noSlices))).toMatchObject({ code: 'missing' });
  });
});

function modelBytes(): Buffer {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(4)]);
}
