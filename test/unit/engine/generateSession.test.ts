import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGenerateSession } from '../../../src/engine/generateSession';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { GenerateOptions, GenerateSession, Sampling } from '../../../src/engine/types';
import { openCheckpoint } from '../../../src/model/checkpoint';

/** The sample's model, with 512 positions: without and with an 8-bit copy that drafts. */
let [plain, drafting]: GenerateSession[] = [];
let folder = '';
beforeAll(async () => {
  const checkpoint = await openCheckpoint('media/sample/model');
  folder = await mkdtemp(join(tmpdir(), 'margin-drafts-'));
  plain = await openGenerateSession({ checkpoint, adapter: null });
  drafting = await openGenerateSession({ checkpoint, adapter: null, draftFolder: folder });
  // Only longer answers make the copy, and no answer waits for it.
  const isMade = async (): Promise<boolean> => (await readdir(folder)).some((name) => !name.includes('.tmp-'));
  for (let i = 0; i < 100 && !(await isMade()); i++)
    await answersOf(drafting, [[5]], { maxNewTokens: 40, stopIds: none });
  expect(await readdir(folder)).toHaveLength(1);
});
afterAll(async () => {
  await plain?.release();
  await drafting?.release();
  await rm(folder, { recursive: true, force: true });
});

const random = seededRandom(3);
const someIds = (length: number): number[] => Array.from({ length }, () => 3 + Math.floor(765 * random()));
const prompts = [someIds(1), someIds(90), someIds(7), someIds(40)];
const none: ReadonlySet<number> = new Set();
const free: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 11 };

async function answersOf(
  session: GenerateSession | undefined,
  asked: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<number[][]> {
  const ids: number[][] = asked.map(() => []);
  for await (const { index, id } of session?.generate(asked, options) ?? []) ids[index]?.push(id);
  return ids;
}

describe.each([
  ['plain', () => plain],
  ['drafting', () => drafting],
])('generation, %s,', (_, session) => {
  const answers = (asked: readonly (readonly number[])[], options: GenerateOptions): Promise<number[][]> =>
    answersOf(session(), asked, options);
  const alone = async (prompt: readonly number[], options: GenerateOptions): Promise<number[]> =>
    (await answers([prompt], options)).flat();

  it('from the cache gives the same tokens as reading everything again, at any size of the cache', async () => {
    const prompt = someIds(60);
    const drawn = await alone(prompt, { maxNewTokens: 150, stopIds: none });
    expect(drawn).toHaveLength(150);
    for (const length of [1, 3, 4, 5, 67, 68, 69, 149]) {
      expect(
        await alone([...prompt, ...drawn.slice(0, length)], { maxNewTokens: 1, stopIds: none }),
        `after ${length}`,
      ).toEqual([drawn[length]]);
    }
  });

  it.each([
    ['greedy', {}],
    ['drawn', { sampling: free }],
  ])('of several prompts at once gives each the answer that it gets alone: %s', async (_, how) => {
    const options = { maxNewTokens: 80, stopIds: none, ...how };
    const together = await answers(prompts, options);
    for (const [i, prompt] of prompts.entries())
      expect(together[i], `prompt ${i}`).toEqual(await alone(prompt, options));
  });

  it('ends each of several answers at its own stop token, and continues the others', async () => {
    const whole = await answers(prompts, { maxNewTokens: 30, stopIds: none, sampling: free });
    const stop = whole[1]?.[9] ?? -1;
    const ends = whole.map((ids) => (ids.includes(stop) ? ids.slice(0, ids.indexOf(stop)) : ids));
    expect(new Set(ends.map(({ length }) => length)).size).toBeGreaterThan(1);
    expect(await answers(prompts, { maxNewTokens: 30, stopIds: new Set([stop]), sampling: free })).toEqual(ends);
  });

  it('ends an answer that the caller calls finished', async () => {
    const seen = prompts.map(() => 0);
    const options: GenerateOptions = {
      maxNewTokens: 10,
      stopIds: none,
      isFinished: (index) => index !== 2 && (seen[index] ?? 0) > index,
    };
    for await (const { index } of session()?.generate(prompts, options) ?? []) seen[index] = (seen[index] ?? 0) + 1;
    expect(seen).toEqual([1, 2, 10, 4]);
  });

  it('ends at the last position of the model', async () => {
    const [long, short, over] = await answers([someIds(505), someIds(2), someIds(513)], {
      maxNewTokens: 20,
      stopIds: none,
    });
    // The model never reads the last token, so that token may be one position after the last of 512.
    expect([long?.length, short?.length, over?.length]).toEqual([8, 20, 0]);
  });

  it('ends before the next token when it is aborted', async () => {
    const stop = new AbortController();
    let drawn = 0;
    for await (const { index } of session()?.generate(prompts, {
      maxNewTokens: 50,
      stopIds: none,
      signal: stop.signal,
    }) ?? []) {
      drawn += Number(index >= 0);
      if (drawn === 10) stop.abort();
    }
    // Four prompts at once: this is in the third round of tokens.
    expect(drawn).toBe(10);
  });

  it('draws the same tokens for the same seed, and others for another seed', async () => {
    const draw = (seed: number): Promise<number[]> =>
      alone(prompts[3] ?? [], { maxNewTokens: 20, stopIds: none, sampling: { ...free, seed } });
    expect(await draw(5)).toEqual(await draw(5));
    expect(await draw(5)).not.toEqual(await draw(6));
  });
});

describe('a session that ends before its copy is made', () => {
  it('leaves nothing behind', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'margin-drafts-'));
    const session = await openGenerateSession({
      checkpoint: await openCheckpoint('media/sample/model'),
      adapter: null,
      draftFolder: empty,
    });
    await answersOf(session, [[5]], { maxNewTokens: 18, stopIds: none });
    await session.release();
    expect(await readdir(empty)).toEqual([]);
    await rm(empty, { recursive: true });
  });
});

describe('drafts do not change the answer', () => {
  it.each<[string, Pick<GenerateOptions, 'sampling'>]>([
    ['greedy', {}],
    ['drawn', { sampling: free }],
    ['drawn among few', { sampling: { ...free, topK: 20, topP: 0.9 } }],
  ])('%s, alone and of several at once', async (_, how) => {
    const options = { maxNewTokens: 120, stopIds: none, ...how };
    for (const asked of [...prompts.map((prompt) => [prompt]), prompts.slice(0, 2), prompts]) {
      expect(await answersOf(drafting, asked, options)).toEqual(await answersOf(plain, asked, options));
    }
  });

  it('wherever a stop token, the last token or the last position is in a draft', async () => {
    const [prompt = []] = prompts;
    const whole = (await answersOf(plain, [prompt], { maxNewTokens: 24, stopIds: none, sampling: free })).flat();
    for (const [at, stop] of whole.entries()) {
      const options = { maxNewTokens: 24, stopIds: new Set([stop]), sampling: free };
      expect(await answersOf(drafting, [prompt], options), `stop at ${at}`).toEqual([
        whole.slice(0, whole.indexOf(stop)),
      ]);
      expect(
        await answersOf(drafting, [prompt], { ...options, stopIds: none, maxNewTokens: at + 1 }),
        `${at + 1} tokens`,
      ).toEqual([whole.slice(0, at + 1)]);
    }
    for (let length = 500; length <= 512; length++) {
      const asked = [someIds(length)];
      const options = { maxNewTokens: 24, stopIds: none };
      expect(await answersOf(drafting, asked, options), `prompt of ${length}`).toEqual(
        await answersOf(plain, asked, options),
      );
    }
  });
});
