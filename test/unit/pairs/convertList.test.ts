import { expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { convertRow } from '../../../src/pairs/convert/convertRow';
import { targets } from '../../../src/pairs/convert/table';
import type { TargetId, Written } from '../../../src/pairs/convert/target';
import type { PairRule } from '../../../src/pairs/pairRule';
import { defaultPairRule } from '../../../src/pairs/pairRule';
import { detectAll } from '../../../src/pairs/reading';
import { pairOf } from '../../../src/pairs/readPair';
import { assistant, user } from './formatRows';

const row = { id: 7, prompt: 'Q', responses: ['a', 'b', 'c'], scores: [3, 1, 1] };

function convert(value: object, to: TargetId, rule: Partial<PairRule> = {}): Written {
  const target = must(
    targets.find(({ id }) => id === to),
    to,
  );
  const reading = { ...detectAll, rule: { ...defaultPairRule, ...rule } };
  return convertRow(pairOf(value, reading), target, { prompt: 'explicit', style: null });
}

const pair = (chosen: string, rejected: string): object => ({
  prompt: [user('Q')],
  chosen: [assistant(chosen)],
  rejected: [assistant(rejected)],
  id: 7,
});

it('a list converts to the pairs of its rule, each with the other columns of its row', () => {
  expect(convert(row, 'trl', { name: 'best-all' })).toEqual({ rows: [pair('a', 'b'), pair('a', 'c')], losses: [] });
});

it('ties that the rule drops or keeps are named, and a list without a pair is left out', () => {
  expect(convert(row, 'trl', { name: 'neighbours' })).toMatchObject({
    rows: [pair('a', 'b')],
    losses: [{ kind: 'dropped-tie' }],
  });
  expect(convert(row, 'trl', { name: 'neighbours', ties: 'keep' })).toMatchObject({
    rows: [pair('a', 'b')],
    losses: [{ kind: 'tie' }],
  });
  expect(convert({ ...row, scores: [1, 1, 1] }, 'kto')).toMatchObject({ rows: [], losses: [{ kind: 'list' }] });
});

it('both ways, a tie converts to two rows', () => {
  expect(convert({ ...row, scores: [1, 1, null] }, 'trl', { ties: 'both' }).rows).toEqual([
    pair('a', 'b'),
    pair('b', 'a'),
  ]);
});
