import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGenerateSession } from '../../../src/engine/generateSession';
import { seededRandom } from '../../../src/engine/random';
import type { GenerateOptions, GenerateSession, Sampling } from '../../../src/engine/types';
import { openCheckpoint } from '../../../src/model/checkpoint';

/** The sample's model, of 512 places. */
let session: GenerateSession;
beforeAll(async () => {
  session = await openGenerateSession({ checkpoint: await openCheckpoint('media/sample/model'), adapter: null });
});
afterAll(() => session.release());

const random = seededRandom(3);
const someIds = (length: number): number[] => Array.from({ length }, () => 3 + Math.floor(765 * random()));
const prompts = [someIds(1), someIds(90), someIds(7), someIds(40)];
const none: ReadonlySet<number> = new Set();
const free: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 11 };

async function answers(asked: readonly (readonly number[])[], options: GenerateOptions): Promise<number[][]> {
  const ids: number[][] = asked.map(() => []);
  for await (const { index, id } of session.generate(asked, options)) ids[index]?.push(id);
  return ids;
}

const alone = async (prompt: readonly number[], options: GenerateOptions): Promise<number[]> => (await answers([prompt], options)).flat();

describe('generation', () => {
  it('from the cache goes on as if all had been read anew, whatever the cache has grown to', async () => {
    const prompt = someIds(60);
    const drawn = await alone(prompt, { maxNewTokens: 150, stopIds: none });
    expect(drawn).toHaveLength(150);
    for (const length of [1, 3, 4, 5, 67, 68, 69, 149]) {
      expect(await alone([...prompt, ...drawn.slice(0, length)], { maxNewTokens: 1, stopIds: none }), `after ${length}`).toEqual([drawn[length]]);
    }
  });

  it.each([['greedy', {}], ['drawn', { sampling: free }]])('of several prompts at once gives each what it gets alone: %s', async (_, how) => {
    const options = { maxNewTokens: 80, stopIds: none, ...how };
    const together = await answers(prompts, options);
    for (const [i, prompt] of prompts.entries()) expect(together[i], `prompt ${i}`).toEqual(await alone(prompt, options));
  });

  it('ends each of several at its own stop token, and lets the others go on', async () => {
    const whole = await answers(prompts, { maxNewTokens: 30, stopIds: none, sampling: free });
    const stop = whole[1]?.[9] ?? -1;
    const ends = whole.map((ids) => (ids.includes(stop) ? ids.slice(0, ids.indexOf(stop)) : ids));
    expect(new Set(ends.map(({ length }) => length)).size).toBeGreaterThan(1);
    expect(await answers(prompts, { maxNewTokens: 30, stopIds: new Set([stop]), sampling: free })).toEqual(ends);
  });

  it('ends a sequence that its reader says is over', async () => {
    const seen = prompts.map(() => 0);
    const options: GenerateOptions = { maxNewTokens: 10, stopIds: none, isOver: (index) => index !== 2 && (seen[index] ?? 0) > index };
    for await (const { index } of session.generate(prompts, options)) seen[index] = (seen[index] ?? 0) + 1;
    expect(seen).toEqual([1, 2, 10, 4]);
  });

  it('ends where the model does not reach further', async () => {
    const [long, short, over] = await answers([someIds(505), someIds(2), someIds(513)], { maxNewTokens: 20, stopIds: none });
    // The last token is never read, so it may stand one place behind the model's 512.
    expect([long?.length, short?.length, over?.length]).toEqual([8, 20, 0]);
  });

  it('ends before the next token when it is called off', async () => {
    const stop = new AbortController();
    let drawn = 0;
    for await (const { index } of session.generate(prompts, { maxNewTokens: 50, stopIds: none, signal: stop.signal })) {
      drawn += Number(index >= 0);
      if (drawn === 10) stop.abort();
    }
    // Four prompts at a time: the third round of tokens is under way.
    expect(drawn).toBe(12);
  });

  it('draws the same for the same seed, and another for another', async () => {
    const draw = (seed: number): Promise<number[]> => alone(prompts[3] ?? [], { maxNewTokens: 20, stopIds: none, sampling: { ...free, seed } });
    expect(await draw(5)).toEqual(await draw(5));
    expect(await draw(5)).not.toEqual(await draw(6));
  });
});
