import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { TokenizedPair } from '../../../src/engine/types';
import { RowWriter, type StoredRow } from '../../../src/reward/rowStore';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { heldBytes, slack } from './memory';
import { all, stored } from './rows';

function randomRows(seed: number, count: number): StoredRow[] {
  const random = seededRandom(seed);
  const ids = (most: number): number[] =>
    Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 2 ** 31));
  return Array.from({ length: count }, (_, i) => {
    const more: Partial<TokenizedPair> = {
      ...(random() < 0.3 ? { weight: random() } : {}),
      ...(random() < 0.3 ? { desirable: random() < 0.5 } : {}),
    };
    const key = createHash('sha256').update(String(random())).digest('hex').slice(0, 16);
    return { line: 1 + 2 * i, key, training: { prompt: ids(40), chosen: ids(40), rejected: ids(40), ...more } };
  });
}

it('rows come back unchanged, in any order', async () => {
  const seed = Date.now() % 1e6;
  const rows = randomRows(seed, 5000);
  const store = await stored(rows);
  expect(store.count).toBe(5000);
  expect(
    (await all(store)).map(({ line, key, training }) => ({ line, key, training })),
    `seed ${seed}`,
  ).toEqual(rows);
  expect(
    rows.map((_, i) => store.tokensOf(i)),
    `seed ${seed}`,
  ).toEqual(rows.map(({ training: { prompt, chosen, rejected } }) => prompt.length + chosen.length + rejected.length));
  const [last, first] = await store.read([4999, 0]);
  expect([last?.row, first?.row]).toEqual([9998, 0]);
  expect(await failureOf(store.read([5000]))).toMatchObject({
    message: expect.stringContaining('no row 5000 among 5000'),
  });
});

it('a judged answer is scored as a pair with one empty side', async () => {
  const tokens = { prompt: [1], chosen: [2, 3], rejected: [4] };
  const rows = [undefined, true, false].map((desirable, i) => ({
    line: i + 1,
    key: '0123456789abcdef',
    training: { ...tokens, ...(desirable === undefined ? {} : { desirable }) },
  }));
  const scored = (await all(await stored(rows))).map(({ pair }) => pair);
  expect(scored).toEqual([tokens, { ...tokens, rejected: [] }, { prompt: [1], chosen: [], rejected: [2, 3] }]);
});

it('the fingerprint changes with ids, order, weights and labels, and with nothing else', async () => {
  const [a, b] = randomRows(7, 2) as [StoredRow, StoredRow];
  const of = async (...rows: StoredRow[]): Promise<string> => (await stored(rows)).fingerprint;
  const differ = [
    [a, b],
    [b, a],
    [a],
    [a, { ...b, training: { ...b.training, weight: 2 } }],
    [a, { ...b, training: { ...b.training, desirable: true, weight: 2 } }],
    [a, { ...b, training: { ...b.training, prompt: [...b.training.prompt, 1] } }],
  ];
  expect(new Set(await Promise.all(differ.map((rows) => of(...rows)))).size).toBe(differ.length);
  expect(await of(a, { ...b, line: 99, key: 'ffffffffffffffff' })).toBe(await of(a, b));
});

it('rows take one number each in memory, and no file in the folder, even while they are read', async () => {
  const [folder, count] = [await temporaryFolder(), 100_000];
  const training = { prompt: Array.from({ length: 60 }, (_, i) => i), chosen: [1, 2, 3], rejected: [4, 5] };
  const before = await heldBytes();
  const writer = await RowWriter.open(folder);
  for (let row = 0; row < count; row++) await writer.append({ line: row + 1, key: '0123456789abcdef', training });
  const store = await writer.finish();
  onTestFinished(() => store.close());
  // 65 ids for each row would be 26 MB as int32 and 52 MB as arrays.
  expect((await heldBytes()) - before).toBeLessThan(8 * count + slack);
  expect((await store.read([count - 1]))[0]).toMatchObject({ line: count, training });
  expect(await readdir(folder)).toEqual([]);
});
