import { readFile, truncate, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MarginError } from '../../../src/base/pure/marginError';
import type { AnswerSource, AskedAnswer } from '../../../src/rounds/answerSource';
import { randomPrompts, uniquePrompts, unsurePrompts } from '../../../src/rounds/choosePrompts';
import { distinctDrafts, draftAnswers, draftSeed, type RoundPrompt } from '../../../src/rounds/draftAnswers';
import { readDrafts } from '../../../src/run/rounds/lines';
import { promptKey } from '../../../src/run/rounds/promptKey';
import { failureOf } from '../model/files';
import { draft } from '../run/rounds/roundSamples';
import { temporaryFolder } from '../run/temporaryFolder';

const asPrompt = (content: string, row: number): RoundPrompt => {
  const prompt = [{ role: 'user', content }];
  return { key: promptKey(prompt), row, prompt };
};
const prompts = ['a', 'b', 'c', 'd', 'e'].map(asPrompt);
const settings = { k: 3, temperature: 0.8, top_p: 1, max_new_tokens: 9, seed: 1 };

/** Answers with the seed, and counts what it is asked. */
function fakeSource(asked: AskedAnswer[], failAfter = Infinity): AnswerSource {
  return {
    isSeeded: true,
    answer: (all) => {
      if (asked.length + all.length > failAfter) return Promise.reject(new MarginError('interrupted', 'Stopped.'));
      asked.push(...all);
      return Promise.resolve(
        all.map(({ seed }) => ({ text: `answer ${seed % 2}`, tokens: 2, finish: 'stop' as const })),
      );
    },
  };
}

const work = (path: string, source: AnswerSource) => ({
  path,
  prompts,
  settings,
  policy: { model: '/m', checkpoint: null },
  source,
  valuer: null,
  batchSize: 6,
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

describe('drafting', () => {
  it('makes k drafts of each prompt, and asks for those of a prompt one after the other', async () => {
    const path = join(await temporaryFolder(), 'drafts.jsonl');
    const asked: AskedAnswer[] = [];
    await draftAnswers(work(path, fakeSource(asked)));
    expect(asked.map(({ prompt }) => prompt[0]?.content).join('')).toBe('aaabbbcccdddeee');
    const { lines } = await readDrafts(path);
    expect(lines.map(({ draft: number }) => number)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(lines.map(({ seed }) => seed)).toEqual(asked.map(({ seed }) => seed));
  });

  it('goes on where it was stopped, and the result is the same', async () => {
    const folder = await temporaryFolder();
    const [whole, parts] = [join(folder, 'whole.jsonl'), join(folder, 'parts.jsonl')];
    await draftAnswers(work(whole, fakeSource([])));
    expect(await failureOf(draftAnswers(work(parts, fakeSource([], 7))))).toMatchObject({ code: 'interrupted' });
    // A kill cuts the last line.
    await truncate(parts, (await stat(parts)).size - 20);
    const asked: AskedAnswer[] = [];
    await draftAnswers(work(parts, fakeSource(asked)));
    expect(asked).toHaveLength(15 - 5);
    const byPlace = async (path: string): Promise<string[]> =>
      (await readDrafts(path)).lines.map((one) => [one.prompt_key, one.draft, one.seed, one.text].join(' ')).sort();
    expect(await byPlace(parts)).toEqual(await byPlace(whole));
    await draftAnswers(work(parts, fakeSource([], 0)));
  });

  it('gives each draft a seed that other prompts, and other numbers of drafts, do not change', async () => {
    const path = join(await temporaryFolder(), 'drafts.jsonl');
    await draftAnswers({
      ...work(path, fakeSource([])),
      prompts: prompts.slice(2, 3),
      settings: { ...settings, k: 5 },
    });
    const { lines } = await readDrafts(path);
    expect(lines.map(({ seed }) => seed)).toEqual([0, 1, 2, 3, 4].map((n) => draftSeed(1, prompts[2]?.key ?? '', n)));
    expect(draftSeed(2, 'a', 0)).not.toBe(draftSeed(1, 'a', 0));
  });

  it('marks drafts that repeat an earlier one, also when more are drafted', async () => {
    const path = join(await temporaryFolder(), 'drafts.jsonl');
    const one = { ...work(path, fakeSource([])), prompts: prompts.slice(0, 1) };
    await draftAnswers(one);
    await draftAnswers({ ...one, more: true });
    const { lines } = await readDrafts(path);
    expect(lines.map(({ draft: number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { text, duplicate_of: same, draft: number } of lines) {
      const first = lines.findIndex((other) => other.text === text);
      expect(same).toBe(first === number ? null : first);
    }
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(7);
  });

  it('ranks distinct drafts by implicit reward, those without one last', () => {
    const drafts = [
      draft(4, 'd', { reward: null }),
      draft(0, 'a', { reward: -1 }),
      draft(1, 'b', { reward: 2 }),
      draft(2, 'b', { reward: 2, duplicate_of: 1 }),
      draft(3, 'c', { reward: 0.5 }),
    ];
    expect(distinctDrafts(drafts).map(({ text }) => text)).toEqual(['b', 'c', 'a', 'd']);
  });
});

describe('the choice of prompts', () => {
  it('at random is the same for a seed, whatever other prompts there are', () => {
    const keys = (list: readonly RoundPrompt[]): string[] => list.map(({ key }) => key);
    const chosen = randomPrompts(prompts, 3, 2, new Map());
    expect(keys(randomPrompts(prompts.toReversed(), 3, 2, new Map()))).toEqual(keys(chosen));
    const without = prompts.filter(({ key }) => key !== keys(chosen)[1]);
    expect(keys(randomPrompts(without, 3, 1, new Map()))).toEqual(keys(chosen).slice(0, 1));
    expect(randomPrompts(prompts, 3, null, new Map())).toHaveLength(5);
  });

  it('takes prompts of earlier rounds last', () => {
    const used = new Map(prompts.slice(0, 4).map(({ key }) => [key, 1]));
    expect(randomPrompts(prompts, 0, 1, used)).toEqual(prompts.slice(4));
  });

  it('leaves out repeated and held-out prompts, and counts them', () => {
    const found = uniquePrompts([...prompts, asPrompt('a', 9)], new Set([prompts[1]?.key ?? '']));
    expect(found).toMatchObject({ repeated: 1, held: 1 });
    expect(found.prompts.map(({ row }) => row)).toEqual([0, 2, 3, 4]);
  });

  it('where the policy is least sure takes the smallest gap between best and worst first, and equal drafts last', async () => {
    const of = (key: string, ...rewards: number[]) =>
      rewards.map((reward, n) => draft(n, `${key}${n}`, { prompt_key: key, reward }));
    const same = [draft(0, 'x', { prompt_key: 'same' }), draft(1, 'x', { prompt_key: 'same', duplicate_of: 0 })];
    const drafts = [...same, ...of('wide', 0, 3, 1), ...of('narrow', 1, 1.25), ...of('middle', -1, 0)];
    const values = new Map(drafts.map(({ text, reward }) => [text, reward]));
    const keys = await unsurePrompts(drafts, (answers) =>
      Promise.resolve(answers.map(({ text }) => ({ reward: values.get(text) ?? null, meanLogp: null }))),
    );
    expect(keys).toEqual(['narrow', 'middle', 'wide', 'same']);
  });
});
