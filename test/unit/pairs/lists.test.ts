import { describe, expect, it } from 'vitest';
import { bestFirst } from '../../../src/pairs/answerList';
import { checkRow } from '../../../src/pairs/checks';
import { FileCheck } from '../../../src/pairs/fileCheck';
import { listFormats } from '../../../src/pairs/formats/table';
import { defaultPairRule, pairsOfList } from '../../../src/pairs/pairRule';
import { pairsIn } from '../../../src/pairs/pairsIn';
import { detectAll } from '../../../src/pairs/reading';
import { type PairResult, readPair } from '../../../src/pairs/readPair';
import { noLevels } from '../../../src/pairs/rules/levels';
import { listRows } from './listRows';

const read = (value: object): PairResult => readPair(JSON.stringify(value), detectAll);
const codes = (value: object): string[] => checkRow(read(value)).map(({ severity, code }) => `${severity} ${code}`);
const scored = { prompt: 'Q', responses: ['a', 'b', 'c'], scores: [3, 2, 1] };

function list(value: object): Extract<PairResult, { kind: 'list' }> {
  const result = read(value);
  if (result.kind !== 'list') throw new Error(`${result.kind}: ${'reason' in result ? result.reason : ''}`);
  return result;
}

const text = (turns: readonly { readonly content: string }[]): string => turns.map(({ content }) => content).join('|');

it('each format of lists has a row here', () => {
  expect(Object.keys(listRows)).toEqual(listFormats.map(({ id }) => id));
});

describe.each(Object.entries(listRows))('a row in the format %s', (id, value) => {
  it('is a list in its format, without a problem', () => {
    expect(list(value).format.id).toBe(id);
    expect(codes(value)).toEqual([]);
  });

  it('has its question, and its answers best first', () => {
    const { list: answers } = list(value);
    expect(answers.prompt).toMatchObject([{ role: 'user', content: 'Q' }]);
    expect(bestFirst(answers).map(({ turns }) => text(turns))).toEqual(['a', 'b', 'c']);
    expect(new Set(bestFirst(answers).map(({ value: score }) => score)).size).toBe(2);
  });

  it('becomes the pair of its best and its worst answer', () => {
    const pairs = pairsOfList(list(value).list, defaultPairRule);
    expect(pairs.map(({ chosen, rejected }) => [text(chosen), text(rejected)])).toEqual([['a', 'b']]);
  });
});

describe('a list of answers', () => {
  it('has the model of each answer if the row says it', () => {
    for (const id of ['ultrafeedback', 'nectar', 'distilabel-generations'])
      expect(list(listRows[id] ?? {}).list.answers.map(({ model }) => model)).toEqual(['x', 'y', 'z']);
  });

  it('of UltraFeedback is read by another score if one of its answers lacks the overall score', () => {
    const completion = (response: string, fine: number): object => ({ response, 'fine-grained_score': fine });
    const row = { instruction: 'Q', completions: [completion('a', 4), { ...completion('b', 3), overall_score: 9 }] };
    expect(list(row).list).toMatchObject({ measure: 'fine-grained_score', answers: [{ value: 4 }, { value: 3 }] });
  });

  it('of Nectar with several turns keeps them, as a transcript', () => {
    const prompt = '\n\nHuman: P\n\nAssistant: x\n\nHuman: Q\n\nAssistant: ';
    const { list: answers } = list({ ...listRows['nectar'], prompt });
    expect(answers.style).toBe('transcript');
    expect(answers.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('of RewardBench 2 is refused if it has another number of right answers than it says', () => {
    expect(read({ ...listRows['rewardbench-2'], num_correct: 2 })).toMatchObject({
      kind: 'not-a-pair',
      reason: '"chosen" has 1 answers, but "num_correct" is 2: make them agree.',
    });
  });

  it('is not read if the row has a pair of its own', () => {
    const row = { instruction: 'Q', generations: ['a', 'b'], ratings: [1, 2], prompt: 'Q', chosen: 'b', rejected: 'a' };
    expect(read(row)).toMatchObject({ kind: 'pair' });
  });

  it('says how many answers are in no pair, because they have no score or no text', () => {
    const row = { instruction: 'Q', generations: ['a', null, 'c', 'd'], ratings: [5, 4, null, 1] };
    expect(codes(row)).toEqual(['info unrated-answer']);
    expect(pairsIn(read(row)).map(({ rejected }) => text(rejected))).toEqual(['d']);
  });

  it('with fewer than two scored answers gives no pair, with a warning', () => {
    expect(codes({ instruction: 'Q', generations: ['a', 'b'], ratings: [null, null] })).toContain(
      'warning few-answers',
    );
    expect(codes({ instruction: 'Q', completions: [] })).toContain('warning few-answers');
  });

  it('with another number of scores than of answers is an error that names both', () => {
    expect(read({ ...scored, scores: [3, 2] })).toMatchObject({
      kind: 'not-a-pair',
      reason: '"responses" has 3 answers, "scores" 2 values: each answer needs one, or null.',
    });
  });

  it('is checked as pairs are: empty, equal and template texts, tools, roles, and keys that are not read', () => {
    expect(codes({ ...scored, responses: ['a', ' ', 'c'] })).toEqual(['warning empty-answer']);
    expect(codes({ ...scored, responses: ['a', 'b', ' a'] })).toContain('warning identical-answers');
    expect(codes({ ...scored, responses: ['<|im_start|>a', 'b', 'c'] })).toEqual(['warning template-text']);
    expect(codes({ ...scored, images: ['x.png'] })).toEqual(['warning unread-key']);
    expect(codes({ ...scored, prompt: '' })).toContain('warning empty-prompt');
  });
});

describe('a file of lists', () => {
  function findings(...rows: object[]): { said: string[]; file: string[] } {
    const check = new FileCheck('line', noLevels);
    const said = rows.flatMap((row, i) => check.line(i + 1, read(row)).map(({ message }) => message));
    return { said, file: check.finish().map(({ severity, message }) => `${severity}: ${message}`) };
  }

  it('says once how many pairs the rule makes, and how many ties it drops', () => {
    const tie = { ...scored, prompt: 'R', scores: [1, 1, 1] };
    expect(findings(scored, tie, { ...scored, prompt: 'S' })).toEqual({
      said: [],
      file: [
        'info: The rule best-worst makes no pair from the 3 answers.',
        'info: 3 rows are lists of answers; the pair rule best-worst makes 2 pairs from them; 1 tie is dropped. 1 row makes no pair. Other rules: best-all 4, neighbours 4, gap (1 or more) 6.',
      ],
    });
  });

  it('says which list repeats or contradicts another, whatever the order of their answers', () => {
    const same = { ...scored, responses: ['c', 'a', 'b'], scores: [1, 3, 2] };
    const opposite = { ...scored, scores: [1, 2, 3] };
    expect(findings(scored, same, opposite).said).toEqual([
      'The same list of answers as line 1: delete one of the two.',
      'The opposite of line 1, with the same prompt: one of the two is wrong.',
    ]);
  });
});
