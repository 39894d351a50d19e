import { copyFile, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, must } from '../../../../src/base/pure/must';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';
import { runPaths } from '../../../../src/run/folder';
import { rewardIn } from '../../../../src/run/rewardLine';
import type { PairReward } from '../../../../src/run/types';
import { ChatProgram } from '../../../../src/train/chat/chatProgram';
import type { ChatFound, ChatNews, ChatQuestion, ChatSettings, ChatSource } from '../../../../src/train/chat/messages';
import { temporaryFolder } from '../../run/temporaryFolder';
import { runFolder, train } from '../runs';
import { sampleFolder, sampleRun } from '../sampleRun';

const steps = 6;
const greedy: ChatSettings = { temperature: 0, topP: 1, seed: 0, maxNewTokens: 40, stop: [] };
const question = [{ role: 'user', content: 'Name four countries.' }];
const base: ChatSource = { kind: 'model', path: join(sampleFolder, 'model'), adapter: null };

/** A program, and its questions with the types of their answers. */
class Asker {
  readonly news: ChatNews[] = [];
  private readonly program = new ChatProgram();
  private requests = 0;

  async ask<Kind extends ChatQuestion['kind']>(
    asked: ChatQuestion & { readonly kind: Kind },
  ): Promise<ChatFound[Kind]> {
    return (await this.program.answer(asked, (news) => this.news.push(news))) as ChatFound[Kind];
  }

  answer(source: ChatSource, change: Partial<ChatSettings> = {}, messages = question): Promise<ChatFound['generate']> {
    const settings = { ...greedy, ...change };
    return this.ask({ kind: 'generate', source, request: this.requests++, messages, settings });
  }

  get pieces(): readonly string[] {
    return this.news.flatMap((news) => ('text' in news ? [news.text] : []));
  }
}

describe('a chat with a model folder', () => {
  it('opens it once, and streams an answer whose pieces are its text', async () => {
    const asker = new Asker();
    const answer = await asker.answer(base);
    expect(answer).toMatchObject({ text: 'Spain, Italy, France and Peru. Stop asking.', finish: 'stop' });
    expect(asker.pieces.join('')).toBe(answer.text);
    expect(asker.pieces.length).toBeGreaterThan(3);
    expect(answer.seconds).toBeGreaterThanOrEqual(answer.firstSeconds);
    await asker.answer(base);
    expect(asker.news.filter((news) => 'now' in news)).toEqual(
      ['opening', 'answering', 'answering'].map((now) => ({ now })),
    );
    expect(await asker.ask({ kind: 'open', source: base })).toEqual({ hasTemplate: true, context: 512, beta: null });
  });

  it('samples the same answer for the same seed, and ends it at a stop string or after max_new_tokens', async () => {
    const asker = new Asker();
    const draw = async (change: Partial<ChatSettings>): Promise<string> =>
      (await asker.answer(base, { temperature: 3, maxNewTokens: 12, ...change })).text;
    expect(await draw({ seed: 1 })).toBe(await draw({ seed: 1 }));
    expect(await draw({ seed: 1 })).not.toBe(await draw({ seed: 2 }));
    expect(await draw({ topP: 0 })).toBe((await asker.answer(base, { maxNewTokens: 12 })).text);
    expect(await asker.answer(base, { stop: [', France'] })).toMatchObject({ text: 'Spain, Italy', finish: 'stop' });
    const cut = await asker.answer(base, { maxNewTokens: 3 });
    expect(cut).toMatchObject({ text: 'Spain,', finish: 'length', tokens: 3 });
  });

  it('reads a system prompt and earlier turns', async () => {
    const asker = new Asker();
    const longer = [
      { role: 'system', content: 'You like colours. '.repeat(8) },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'What is it?' },
      ...question,
    ];
    const answer = await asker.answer(base, {}, longer);
    expect(answer.text).not.toBe((await asker.answer(base)).text);
  });

  it('cancels an answer between two tokens; the text so far stays', async () => {
    const asker = new Asker();
    await asker.ask({ kind: 'open', source: base });
    const settings = { ...greedy, temperature: 30, maxNewTokens: 400 };
    const running = asker.ask({ kind: 'generate', source: base, request: 100, messages: question, settings });
    await expect.poll(() => asker.pieces.length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(2);
    await asker.ask({ kind: 'cancel', request: 100 });
    const { text, finish, tokens } = await running;
    expect(finish).toBe('cancelled');
    expect(tokens).toBeLessThan(400);
    expect(asker.pieces.join('')).toBe(text);
  });

  it('says that a model is missing, and opens it when it is there', async () => {
    const asker = new Asker();
    const path = join(await temporaryFolder(), 'small.gguf');
    const source: ChatSource = { kind: 'model', path, adapter: null };
    await expect(asker.ask({ kind: 'open', source })).rejects.toMatchObject({ code: expect.any(String) });
    await copyFile(resolve('test/unit/model/gguf/llama.gguf'), path);
    expect(await asker.ask({ kind: 'open', source })).toMatchObject({ beta: null });
    const answer = await asker.answer(source, { maxNewTokens: 4 }, [{ role: 'user', content: 'ab' }]);
    expect(answer.tokens).toBeLessThanOrEqual(4);
  });
});

interface Trained {
  readonly folder: string;
  readonly rewards: readonly PairReward[];
  readonly lines: readonly string[];
  at(step: number | null): ChatSource;
}

async function trained(): Promise<Trained> {
  const config = await sampleRun({ max_steps: steps, beta: 0.3 });
  const folder = await runFolder(config);
  await train(folder);
  const stored = (await readFile(runPaths.rewards(folder, steps), 'utf8')).trimEnd().split('\n');
  return {
    folder,
    rewards: stored.map((line) => rewardIn(line, 'rewards')),
    lines: (await readFile(config.train_file, 'utf8')).trimEnd().split('\n'),
    at: (step) => ({ kind: 'run', folder, step, stamp: '' }),
  };
}

describe('a chat with a run', () => {
  it('gives an answer of a row the reward that the run stored for it', async () => {
    const run = await trained();
    const { rewards, lines } = run;
    const asker = new Asker();
    for (const stored of rewards.slice(0, 3)) {
      const read = readPair(at(lines, stored.row), detectAll);
      if (read.kind !== 'pair') throw new Error('the sample has pairs');
      const { prompt: messages, chosen } = read.pair;
      const text = must(chosen[0], 'the answer').content;
      const found = await asker.ask({ kind: 'score', source: run.at(steps), messages, text });
      expect(found.reward).toBeCloseTo(stored.chosen.reward, 4);
      expect(found.tokens).toBe(stored.chosen.tokens);
    }
    expect(rewards.some(({ chosen }) => Math.abs(chosen.reward) > 1e-3)).toBe(true);
  });

  it('has the model at its start beside a checkpoint, and both answer at the same time as each alone', async () => {
    const run = await trained();
    const asker = new Asker();
    const both = await Promise.all([asker.answer(run.at(null)), asker.answer(run.at(steps))]);
    expect(both[0].text).toBe((await new Asker().answer(base)).text);
    expect(both[1].text).toBe((await new Asker().answer(run.at(steps))).text);
    expect(await asker.ask({ kind: 'open', source: run.at(steps) })).toMatchObject({ beta: 0.3 });
    const scoring = asker.ask({ kind: 'score', source: run.at(null), messages: question, text: 'Yes.' });
    await expect(scoring).rejects.toMatchObject({ code: 'no-reference' });
  });

  it('takes the folder of a checkpoint as an adapter, whose reference is its base', async () => {
    const run = await trained();
    const asker = new Asker();
    const adapter: ChatSource = { kind: 'model', path: runPaths.checkpoint(run.folder, steps), adapter: null };
    expect((await asker.answer(adapter)).text).toBe((await asker.answer(run.at(steps))).text);
    const [own, other] = await Promise.all(
      [adapter, run.at(steps)].map((source) => asker.ask({ kind: 'score', source, messages: question, text: 'Yes.' })),
    );
    expect(must(own, 'a reward').reward / 0.1).toBeCloseTo(must(other, 'a reward').reward / 0.3, 4);
  });

  it('closes the models that are not kept, with their answers, and opens them again', async () => {
    const run = await trained();
    const asker = new Asker();
    const first = await asker.answer(run.at(steps));
    const settings = { ...greedy, temperature: 30, maxNewTokens: 400 };
    const running = asker.ask({ kind: 'generate', source: run.at(steps), request: 99, messages: question, settings });
    await asker.ask({ kind: 'keep', sources: [base] });
    expect((await running).finish).toBe('cancelled');
    expect((await asker.answer(run.at(steps))).text).toBe(first.text);
  });

  it('says that a checkpoint is gone', async () => {
    const run = await trained();
    await rm(runPaths.checkpoint(run.folder, steps), { recursive: true });
    await expect(new Asker().answer(run.at(steps))).rejects.toMatchObject({ code: 'missing-file' });
  });
});
