import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectAll } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';
import { comparisonsOf, decisionsOf, draftsByPrompt } from '../../../../src/run/rounds/decisions';
import { judgedPairs, writeRoundPairs } from '../../../../src/run/rounds/pairs';
import type { Judgement } from '../../../../src/run/rounds/types';
import { temporaryFolder } from '../temporaryFolder';
import { draft, judgement } from './roundSamples';

/** What a model says when it sees two drafts in an order. */
const shown = (order: [number, number], best: number | null, at = ''): Judgement =>
  judgement({
    judge: 'm',
    by: null,
    order,
    at,
    ...(best === null
      ? { verdict: 'tie', best: null, worst: null }
      : { best, worst: order[0] === best ? order[1] : order[0] }),
  });

describe('decisions', () => {
  it('of a person are the last line for each prompt; those of other judges do not count', () => {
    const lines = [
      judgement(),
      judgement({ prompt_key: 'other', verdict: 'skipped', best: null, worst: null }),
      judgement({ best: 1, worst: 0 }),
      judgement({ judge: 'reward' }),
    ];
    expect(decisionsOf(lines, 'person')).toMatchObject([
      { verdict: 'ranked', best: 1, worst: 0, by: 'Ada' },
      { prompt_key: 'other', verdict: 'skipped' },
    ]);
  });

  it('that were withdrawn are none', () => {
    const taken = judgement({ verdict: 'withdrawn', best: null, worst: null });
    expect(decisionsOf([judgement(), taken], 'person')).toEqual([]);
    expect(decisionsOf([judgement(), taken, judgement({ best: 1, worst: 0 })], 'person')).toMatchObject([{ best: 1 }]);
  });

  it('of a model need the same draft in both orders; otherwise the two are a tie', () => {
    expect(decisionsOf([shown([0, 1], 1), shown([1, 0], 1)], 'm')).toMatchObject([{ best: 1, worst: 0 }]);
    // It prefers whatever is shown first.
    expect(decisionsOf([shown([0, 1], 0), shown([1, 0], 1)], 'm')).toMatchObject([{ verdict: 'tie', best: null }]);
    expect(decisionsOf([shown([0, 1], 0), shown([1, 0], null)], 'm')).toMatchObject([{ verdict: 'tie' }]);
    expect(decisionsOf([shown([0, 1], 0)], 'm')).toEqual([]);
  });

  it('of a model take the last line for an order', () => {
    const lines = [shown([0, 1], 0), shown([1, 0], 0), shown([1, 0], 1)];
    expect(comparisonsOf(lines)).toEqual([{ drafts: [0, 1], winner: null, first: [true, true] }]);
  });

  it('of a model rank more than two drafts by their wins', () => {
    const both = (a: number, b: number, best: number | null): Judgement[] => [shown([a, b], best), shown([b, a], best)];
    expect(decisionsOf([...both(0, 1, 1), ...both(0, 2, null), ...both(1, 2, 1)], 'm')).toMatchObject([
      { best: 1, worst: 0 },
    ]);
    // Each beats another one.
    expect(decisionsOf([...both(0, 1, 0), ...both(1, 2, 1), ...both(0, 2, 2)], 'm')).toMatchObject([
      { verdict: 'tie' },
    ]);
  });
});

describe('pairs of a round', () => {
  const drafts = [draft(0, 'Grey.'), draft(1, 'Go away.'), draft(2, 'Grey.', { duplicate_of: 0 })];
  const of = { judge: 'person', round: 2 };

  it('have the best and the worst draft, and say where they come from', async () => {
    const { pairs, ...rest } = judgedPairs(drafts, decisionsOf([judgement()], 'person'), of);
    expect(rest).toEqual({ ties: 0, allBad: 0, skipped: 0, unusable: 0 });
    const path = join(await temporaryFolder(), 'pairs.jsonl');
    await writeRoundPairs(path, pairs);
    const text = await readFile(path, 'utf8');
    expect(readPair(text, detectAll)).toMatchObject({
      kind: 'pair',
      pair: { style: 'chat', chosen: [{ content: 'Grey.' }], rejected: [{ content: 'Go away.' }] },
    });
    expect(JSON.parse(text)).toMatchObject({
      margin_provenance: {
        model: '/m',
        seed: 100,
        temperature: 0.8,
        judge: 'person',
        by: 'Ada',
        round: 2,
        edited: false,
      },
    });
  });

  it('have the text as a person edited it', () => {
    const edited = { draft: 0, text: 'A stone is grey.' };
    const { pairs } = judgedPairs(drafts, decisionsOf([judgement({ edited })], 'person'), of);
    expect(pairs).toMatchObject([{ chosen: [{ content: 'A stone is grey.' }], margin_provenance: { edited: true } }]);
  });

  it('leave out and count ties, bad and skipped prompts, equal texts and drafts that are gone', () => {
    const none = { best: null, worst: null } as const;
    const lines = (['tie', 'all-bad', 'skipped'] as const).map((verdict) =>
      judgement({ verdict, prompt_key: verdict, ...none }),
    );
    const gone = judgement({ prompt_key: 'gone' });
    const same = judgement({ best: 0, worst: 2 });
    expect(judgedPairs(drafts, decisionsOf([...lines, gone, same], 'person'), of)).toEqual({
      pairs: [],
      ties: 1,
      allBad: 1,
      skipped: 1,
      unusable: 2,
    });
  });

  it('use the last of two lines for the same draft', () => {
    const [own] = draftsByPrompt([...drafts, draft(0, 'A stone is grey.')]).values();
    expect(own?.map(({ text }) => text)).toEqual(['A stone is grey.', 'Go away.', 'Grey.']);
  });
});
