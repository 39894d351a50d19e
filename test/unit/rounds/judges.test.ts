import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeDrafts, questionsFor } from '../../../src/rounds/judgeDrafts';
import { readRule, ruleJudge, ruleScore } from '../../../src/rounds/judges/answerRule';
import { labelIn } from '../../../src/rounds/judges/endpointJudge';
import { type PairJudge, type Preference, type Question, winners } from '../../../src/rounds/judges/judge';
import { defaultTemplate, filled, readTemplate } from '../../../src/rounds/judges/template';
import { winRate } from '../../../src/rounds/measurePolicy';
import { decisionsOf } from '../../../src/run/rounds/decisions';
import { readJudgements } from '../../../src/run/rounds/lines';
import { failureOf } from '../model/files';
import { draft } from '../run/rounds/roundSamples';
import { temporaryFolder } from '../run/temporaryFolder';

const rule = { about: 'kind', phrases: { 'Of course!': 1, 'Go away': -1 }, per_word: -0.5, words: 4 };
const never = new AbortController().signal;
const prompt = [{ role: 'user', content: 'Hi' }];

/** A model that says what a function says. */
const pairJudge = (say: (question: Question) => Preference['better'], asked: Question[] = []): PairJudge => ({
  kind: 'pairs',
  id: 'model:m',
  by: 'a test',
  prefers: (questions) => {
    asked.push(...questions);
    return Promise.resolve(questions.map((question) => ({ better: say(question), reason: null })));
  },
  release: () => Promise.resolve(),
});
const longer = ({ first, second }: Question): Preference['better'] =>
  first.length === second.length ? 'neither' : first.length > second.length ? 'first' : 'second';

describe('a rule', () => {
  it('adds what its phrases are worth, once each and in any case, and what long answers cost', () => {
    expect(ruleScore(rule, 'OF COURSE! of course! Grey.')).toBe(1 - 0.5);
    expect(ruleScore(rule, 'Grey. Go away.')).toBe(-1);
    expect(ruleScore(rule, '')).toBe(0);
  });

  it('is read from a file that says what it is for', async () => {
    const path = join(await temporaryFolder(), 'a.rule.json');
    const read = async (value: unknown): Promise<unknown> => {
      await writeFile(path, JSON.stringify(value));
      return readRule(path).catch((error: unknown) => (error instanceof Error ? error.message : error));
    };
    expect(await read(rule)).toEqual(rule);
    expect(await read({ about: 'a', phrases: {} })).toEqual({ about: 'a', phrases: {}, per_word: 0, words: 0 });
    expect(await read({ phrases: {} })).toContain('about must say');
    expect(await read({ about: 'a', phrases: { '': 1 } })).toContain('phrases must be');
    expect(await read({ about: 'a', phrases: { b: 'much' } })).toContain('phrases must be');
    expect(await read({ about: 'a', phrases: {}, per_word: '1' })).toContain('must be numbers');
    expect(await read({ about: 'a', phrases: {}, wrods: 1 })).toContain('wrods is not a key');
    expect(ruleJudge(rule)).toMatchObject({ id: 'reward', by: 'a rule: kind' });
  });

  it('ranks all drafts of a prompt, in one line each, and does not judge twice', async () => {
    const path = join(await temporaryFolder(), 'judgements.jsonl');
    const drafts = [
      draft(0, 'Grey.'),
      draft(1, 'Go away.'),
      draft(2, 'Of course! Grey.'),
      draft(0, 'same', { prompt_key: 'same' }),
      draft(1, 'same', { prompt_key: 'same', duplicate_of: 0 }),
      draft(0, 'a', { prompt_key: 'tie' }),
      draft(1, 'b', { prompt_key: 'tie' }),
    ];
    const work = { judge: ruleJudge(rule), drafts, path, signal: never, onProgress: () => undefined, now: () => 'now' };
    expect(await judgeDrafts(work)).toEqual({ prompts: 2, same: 1 });
    expect(await judgeDrafts(work)).toEqual({ prompts: 2, same: 1 });
    const { lines } = await readJudgements(path);
    expect(lines).toMatchObject([
      {
        verdict: 'ranked',
        best: 2,
        worst: 1,
        order: [0, 1, 2],
        by: 'a rule: kind',
        reason: 'scores 0: 0, 1: -1, 2: 1',
      },
      { prompt_key: 'tie', verdict: 'tie', best: null },
    ]);
    await judgeDrafts({ ...work, judge: ruleJudge({ ...rule, about: 'other' }) });
    expect((await readJudgements(path)).lines).toHaveLength(4);
  });
});

describe('a judge of pairs', () => {
  it('is asked about each two drafts in both orders, and goes on where it was stopped', async () => {
    const path = join(await temporaryFolder(), 'judgements.jsonl');
    const drafts = [draft(0, 'a'), draft(1, 'aaa'), draft(2, 'aa'), draft(3, 'a', { duplicate_of: 0 })];
    const asked: Question[] = [];
    const judge = pairJudge(longer, asked);
    expect(await questionsFor(judge.id, drafts, path)).toHaveLength(6);
    const work = { judge, drafts, path, signal: never, onProgress: () => undefined, now: () => 'now' };
    await judgeDrafts({ ...work, drafts: drafts.slice(0, 2) });
    await judgeDrafts(work);
    expect(asked).toHaveLength(6);
    const { lines } = await readJudgements(path);
    expect(new Set(lines.map(({ order }) => order.join()))).toEqual(
      new Set(['0,1', '1,0', '0,2', '2,0', '1,2', '2,1']),
    );
    expect(decisionsOf(lines, judge.id)).toMatchObject([{ verdict: 'ranked', best: 1, worst: 0 }]);
  });

  it('that prefers what is shown first ranks nothing', async () => {
    const path = join(await temporaryFolder(), 'judgements.jsonl');
    const judge = pairJudge(() => 'first');
    const drafts = [draft(0, 'a'), draft(1, 'b')];
    await judgeDrafts({ judge, drafts, path, signal: never, onProgress: () => undefined, now: () => 'now' });
    expect(decisionsOf((await readJudgements(path)).lines, judge.id)).toMatchObject([{ verdict: 'tie' }]);
    expect(await winners(judge, [{ prompt, a: 'a', b: 'b' }], never)).toEqual(['tie']);
  });

  it.each([
    ['A', 'first'],
    ['B.', 'second'],
    ['**B**', 'second'],
    ['Answer: A', 'first'],
    ['a', 'first'],
    ['A good answer is B', 'neither'],
    ['Both are good.', 'neither'],
    ['', 'neither'],
    ['Apples', 'neither'],
  ] as const)('that writes %j prefers %s', (text, better) => {
    expect(labelIn(text)).toMatchObject({ better });
  });
});

describe('the template of a question', () => {
  it('has the prompt and both answers, also if they have braces', () => {
    const text = filled(defaultTemplate, { prompt, first: 'Use {b}.', second: '{prompt} $1' });
    expect(text).toContain('[Answer A]\nUse {b}.\n');
    expect(text).toContain('[Answer B]\n{prompt} $1\n');
    expect(text).toContain('[Prompt]\nHi\n');
    const turns = [{ role: 'system', content: 'Be brief.' }, ...prompt];
    expect(filled('{prompt}', { prompt: turns, first: '', second: '' })).toBe('system: Be brief.\n\nuser: Hi');
  });

  it('is refused without a place for each', async () => {
    const path = join(await temporaryFolder(), 'template.txt');
    await writeFile(path, '{prompt} {a}');
    expect(await failureOf(readTemplate(path))).toMatchObject({
      code: 'bad-template',
      message: expect.stringContaining('{b}') as string,
    });
  });
});

describe('the win rate', () => {
  const own = [draft(0, 'aaa'), draft(0, 'b', { prompt_key: 'two' }), draft(0, 'c', { prompt_key: 'three' })];
  const other = [draft(0, 'a'), draft(0, 'bbb', { prompt_key: 'two' }), draft(0, 'c', { prompt_key: 'three' })];

  it('counts a tie as half, equal answers without a question, and has an interval', async () => {
    const asked: Question[] = [];
    const rate = await winRate(pairJudge(longer, asked), own, other, never);
    expect(rate).toMatchObject({ rate: 0.5, wins: 1, ties: 1, losses: 1, judge: 'model:m (a test)' });
    expect(rate && rate.low < 0.5 && rate.high > 0.5).toBe(true);
    expect(asked).toHaveLength(4);
  });

  it('is null without a prompt that both have answered', async () => {
    expect(await winRate(ruleJudge(rule), own, [draft(0, 'x', { prompt_key: 'other' })], never)).toBeNull();
  });
});
