import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readingKeys } from '../../../src/host/train/rowsOf';
import { pairRuleOptions } from '../../../src/host/reading/commandOptions';
import { detectAll } from '../../../src/pairs/reading';
import { temporaryFolder } from '../run/temporaryFolder';

async function fileOf(row: object): Promise<string> {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, `${JSON.stringify(row)}\n`);
  return file;
}

it('a config for lists names the pair rule, also the default one; a config for pairs names it only if it was chosen', async () => {
  const lists = await fileOf({ prompt: 'Q', responses: ['a', 'b'], scores: [2, 1] });
  const pairs = await fileOf({ prompt: 'Q', chosen: 'a', rejected: 'b' });
  expect(await readingKeys(lists, detectAll)).toEqual({ pair_rule: 'best-worst', pair_ties: 'drop' });
  expect(await readingKeys(pairs, detectAll)).toEqual({});
  const chosen = { ...detectAll, rule: { name: 'gap', gap: 0.5, ties: 'keep' } } as const;
  const keys = { pair_rule: 'gap', pair_gap: 0.5, pair_ties: 'keep' };
  expect([await readingKeys(lists, chosen), await readingKeys(pairs, chosen)]).toEqual([keys, keys]);
});

it('a command gets the chosen rule, with a gap only where the rule uses it', () => {
  expect(pairRuleOptions({ name: 'gap', gap: 0.5, ties: 'keep' })).toEqual([
    '--pair_rule',
    'gap',
    '--pair_gap',
    '0.5',
    '--pair_ties',
    'keep',
  ]);
  expect(pairRuleOptions({ name: 'neighbours', gap: 0.5, ties: 'drop' })).toEqual([
    '--pair_rule',
    'neighbours',
    '--pair_ties',
    'drop',
  ]);
});
