import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { runPaths } from '../../src/run/folder';
import { columnsPath } from '../../src/run/rewardColumns/columnFile';
import { makeColumns } from '../../src/run/rewardColumns/readColumns';
import { columnNames, isWhole } from '../../src/run/rewardColumns/rewardColumns';
import { rewardLine, rewardText } from '../unit/run/rewardLines';
import { temporaryFolder } from '../unit/run/temporaryFolder';
import { askPeer, hasPeer } from './peer';

describe.skipIf(!hasPeer)('the columns of rewards, read by safetensors.numpy.load_file', () => {
  it('have the numbers of the lines', async () => {
    const file = runPaths.rewards(await temporaryFolder(), 20);
    const rewards = Array.from({ length: 1000 }, (_, row) => rewardLine(row, Math.sin(row) / 3));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, rewardText(rewards));
    await makeColumns(file);
    const columns = (await askPeer('columns.py', { file: must(columnsPath(file), 'columns') })) as Readonly<
      Record<string, { readonly dtype: string; readonly values: readonly unknown[] }>
    >;
    expect(Object.keys(columns).sort()).toEqual(['key', ...columnNames].sort());
    const types = Object.entries(columns).map(([name, { dtype }]) => [name, dtype]);
    const typeOf = (name: (typeof columnNames)[number]): string => (isWhole(name) ? 'int32' : 'float64');
    expect(Object.fromEntries(types)).toEqual({
      key: 'uint64',
      ...Object.fromEntries(columnNames.map((name) => [name, typeOf(name)])),
    });
    expect(columns['key']?.values).toEqual(rewards.map(({ key }) => key));
    expect(columns['line']?.values).toEqual(rewards.map(({ line }) => line));
    expect(columns['label']?.values).toEqual(rewards.map(() => -1));
    expect(columns['margin']?.values).toEqual(rewards.map(({ margin }) => margin));
    expect(columns['chosen.logp']?.values).toEqual(rewards.map(({ chosen }) => chosen.logp));
    expect(columns['rejected.tokens']?.values).toEqual(rewards.map(({ rejected }) => rejected.tokens));
  });
});
