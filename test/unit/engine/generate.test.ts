import { describe, expect, it } from 'vitest';
import { generate, type Runner } from '../../../src/engine/generate';
import type { GenerateOptions } from '../../../src/engine/types';
import type { Model } from '../../../src/model/architectures/architecture';
import { openCheckpoint } from '../../../src/model/checkpoint';

const vocabulary = 50;
const after = (id: number): number => (id * 11 + 3) % vocabulary;

/** A model whose next token depends on the last token only, and the number of its runs. */
function fakeModel(next: (id: number) => number): { run: Runner; runs: () => number } {
  let runs = 0;
  return {
    runs: () => runs,
    run: (feeds) => {
      runs++;
      const [ids, predictors] = [feeds.ids?.data, feeds.predictors?.data] as BigInt64Array[];
      const logits = new Float32Array((predictors?.length ?? 0) * vocabulary);
      predictors?.forEach((token, row) => (logits[row * vocabulary + next(Number(ids?.[Number(token)]))] = 1));
      return Promise.resolve({ logits });
    },
  };
}

async function written(
  drafter: ((id: number) => number) | null,
  prompts: readonly (readonly number[])[],
  how: Partial<GenerateOptions> = {},
) {
  const model: Model = { ...(await openCheckpoint('media/sample/model')).model, attention: [] };
  const [exact, draft] = [fakeModel(after), drafter && fakeModel(drafter)];
  const ids: number[][] = prompts.map(() => []);
  const decoder = { model, exact: exact.run, drafter: () => Promise.resolve(draft && draft.run) };
  for await (const { index, id } of generate(decoder, prompts, { maxNewTokens: 33, stopIds: new Set(), ...how }))
    ids[index]?.push(id);
  return { ids, exact: exact.runs(), drafts: draft?.runs() ?? 0 };
}

const chain = (id: number, length: number): number[] => Array.from({ length }, () => (id = after(id)));

describe('drafts', () => {
  it('that are right give twelve tokens in each run', async () => {
    // One run for the prompt and the first token, and three for the other 36, each with eleven drafts.
    expect(await written(after, [[1]], { maxNewTokens: 37 })).toEqual({ ids: [chain(1, 37)], exact: 4, drafts: 33 });
  });

  it('that are wrong do not change the answer', async () => {
    const { ids, exact } = await written((id) => (after(id) + 1) % vocabulary, [[1]]);
    expect([ids, exact]).toEqual([[chain(1, 33)], 33]);
  });

  it('count up to the first wrong one', async () => {
    const wrongAt = chain(1, 33)[4] ?? 0;
    const { ids, exact } = await written(
      (id) => (after(id) === wrongAt ? (wrongAt + 1) % vocabulary : after(id)),
      [[1]],
      { maxNewTokens: 12 },
    );
    // Token 0 with the prompt, then 1 to 4, where 4 replaces a wrong draft, then 5 to 11.
    expect([ids, exact]).toEqual([[chain(1, 12)], 3]);
  });

  it('are fewer for each of several sequences, and none for many', async () => {
    const two = await written(after, [[1], [2]], { maxNewTokens: 37 });
    // One run for each prompt, and six runs with six tokens of both.
    expect(two).toEqual({ ids: [chain(1, 37), chain(2, 37)], exact: 2 + 6, drafts: 30 });
    expect(
      (
        await written(
          after,
          [1, 2, 3, 4, 5, 6, 7].map((id) => [id]),
        )
      ).drafts,
    ).toBe(0);
  });
});

describe('answers to the same prompt', () => {
  it('share one reading of it', async () => {
    const { ids, exact } = await written(null, [[1], [1], [1], [2]], { maxNewTokens: 3 });
    // Two prompts, and two more tokens of each answer.
    expect([ids, exact]).toEqual([[chain(1, 3), chain(1, 3), chain(1, 3), chain(2, 3)], 2 + 2]);
  });

  it('have a seed each, and are the same alone', async () => {
    const how = { maxNewTokens: 12, sampling: { temperature: 5, topK: 0, topP: 1, seed: 0 } };
    const { ids } = await written(null, [[1], [1], [1]], { ...how, seeds: [7, 8, 7] });
    expect(ids[0]).toEqual(ids[2]);
    expect(ids[0]).not.toEqual(ids[1]);
    expect((await written(null, [[1]], { ...how, seeds: [8] })).ids[0]).toEqual(ids[1]);
    expect((await written(null, [[1]], { ...how, sampling: { ...how.sampling, seed: 8 } })).ids[0]).toEqual(ids[1]);
  });
});
