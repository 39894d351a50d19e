import { describe, expect, it } from 'vitest';
import { checkLine } from '../../../src/pairs/checks';
import type { Pair } from '../../../src/pairs/pair';
import { lineEdit } from '../../../src/pairs/pairEdits';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { assistant, openWebUiRow, user } from './formatRows';

/** The result of reading a row: the contents of its sides, its label, or why it is left out. */
function read(row: object): unknown {
  const result = readPair(JSON.stringify(row), detectAll);
  const contents = (turns: Pair['prompt']): string[] => turns.map(({ role, content }) => `${role}: ${content}`);
  if (result.kind === 'judged')
    return [...contents(result.answer.prompt), ...contents(result.answer.completion), result.answer.label];
  if (result.kind !== 'pair') return result.reason;
  return [contents(result.pair.prompt), contents(result.pair.chosen), contents(result.pair.rejected)];
}

const said = (row: object): string[] => checkLine(JSON.stringify(row), detectAll).map(({ message }) => message);
const swapped = (row: object): unknown => {
  const { edit } = lineEdit({ kind: 'swap', row: 0 }, JSON.stringify(row), detectAll);
  return edit.op === 'replace' ? JSON.parse(edit.line) : null;
};
const pair = (chosen: string, rejected: string): unknown => [
  ['user: Q'],
  [`assistant: ${chosen}`],
  [`assistant: ${rejected}`],
];

describe('Argilla 2', () => {
  const fields = { prompt: 'Q', response1: 'a', response2: 'b' };
  const record = (values: readonly unknown[], suggestion?: unknown): object => ({
    id: 'r',
    fields,
    responses: { preference: values.map((value) => ({ value, user_id: 'u' })) },
    suggestions: suggestion === undefined ? {} : { preference: { value: suggestion, score: null, agent: null } },
  });

  it.each([
    ['the name of a field', ['response2']],
    ['the name in another spelling', ['response-2']],
    ['its number', [2]],
    ['a ranking', [['response2', 'response1']]],
    [
      'a ranking with ranks',
      [
        [
          { value: 'response1', rank: 2 },
          { value: 'response2', rank: 1 },
        ],
      ],
    ],
    ['most of several answers', ['response1', 'response2', 'response2']],
  ])('reads %s as the verdict, and a swap flips it', (_, values) => {
    const row = record(values);
    expect(read(row)).toEqual(pair('b', 'a'));
    expect(read(swapped(row) as object)).toEqual(pair('a', 'b'));
    expect(swapped(swapped(row) as object)).toEqual(row);
  });

  it('leaves ties and records without a verdict out, and says which', () => {
    expect(read(record(['response1', 'response2']))).toMatch('The answers to preference prefer neither');
    expect(
      read(
        record([
          [
            { value: 'response1', rank: 1 },
            { value: 'response2', rank: 1 },
          ],
        ]),
      ),
    ).toMatch('prefer neither');
    expect(read(record([]))).toMatch('No question says which of the two answers is better');
  });

  it('takes the suggestion if nobody answered, and says so', () => {
    expect(read(record([], 'response2'))).toEqual(pair('b', 'a'));
    expect(said(record([], 'response2'))).toEqual(['Nobody answered preference: its suggestion is the verdict.']);
    expect(read(record(['response1'], 'response2'))).toEqual(pair('a', 'b'));
  });

  it('compares two ratings, one for each answer', () => {
    const rated = { ...record([]), responses: { rating_1: [{ value: 2 }, { value: 1 }], rating_2: [{ value: 5 }] } };
    expect(read(rated)).toEqual(pair('b', 'a'));
    expect(read(swapped(rated) as object)).toEqual(pair('a', 'b'));
  });

  it('names fields that it does not read', () => {
    const row = { ...record([1]), fields: { ...fields, context: 'C' } };
    expect(said(row)).toEqual(['fields.context is not read.']);
  });

  it('counts only submitted responses of a table', () => {
    const row = {
      ...fields,
      'preference.responses': ['response1', 'response2'],
      'preference.responses.status': ['discarded', 'submitted'],
    };
    expect(read(row)).toEqual(pair('b', 'a'));
    expect(said(row)).toEqual([]);
  });
});

describe('Label Studio', () => {
  const task = (...selected: readonly (string | null)[]): object => ({
    data: { question: 'Q', model_a: 'a', model_b: 'b' },
    annotations: selected.map((side) => ({
      was_cancelled: side === null,
      result: [{ type: 'pairwise', value: { selected: side ?? 'left' } }],
    })),
  });

  it('counts the annotations that were not cancelled', () => {
    expect(read(task('right', null, null))).toEqual(pair('b', 'a'));
    expect(read(task('right', 'left', 'left'))).toEqual(pair('a', 'b'));
    expect(read(swapped(task('right', 'left', 'left')) as object)).toEqual(pair('b', 'a'));
  });

  it('leaves a task out on which the annotations differ, or that has none', () => {
    expect(read(task('right', 'left'))).toMatch('As many annotations select left as right');
    expect(read(task())).toMatch('no annotation that selects left or right');
  });
});

describe('Open WebUI', () => {
  it('reads a thumb as the label, with the conversation before it', () => {
    expect(read(openWebUiRow(-1, 'b', null))).toEqual(['user: Q', 'assistant: b', false]);
    expect(read(openWebUiRow(1, 'a', null))).toEqual(['user: Q', 'assistant: a', true]);
  });

  it('reads a rated answer beside another one as a pair', () => {
    expect(read(openWebUiRow(1, 'a', 'b'))).toEqual(pair('a', 'b'));
    expect(read(openWebUiRow(-1, 'a', 'b'))).toEqual(pair('b', 'a'));
  });

  it('names a feedback without its chat, or without a rating', () => {
    expect(read({ ...openWebUiRow(1, 'a', null), snapshot: null })).toMatch('has no snapshot of its chat');
    expect(read(openWebUiRow(0, 'a', null))).toMatch('no rating of 1 or -1');
  });

  it('reads a chat that is a list, and its system prompt', () => {
    const chat = {
      params: { system: 'S' },
      messages: [
        { ...user('Q'), id: '1' },
        { ...assistant('a'), id: '2' },
      ],
    };
    const row = { data: { rating: 1 }, meta: { message_id: '2' }, snapshot: { chat } };
    expect(read(row)).toEqual(['system: S', 'user: Q', 'assistant: a', true]);
  });
});

describe('promptfoo', () => {
  const result = { prompt: { raw: 'Q' }, response: { output: 'a' }, success: false };

  it('reads a result as a judged answer, and a chat in JSON as its messages', () => {
    expect(read(result)).toEqual(['user: Q', 'assistant: a', false]);
    const raw = JSON.stringify([{ role: 'system', content: 'S' }, user('Q')]);
    expect(read({ ...result, prompt: { raw } })).toEqual(['system: S', 'user: Q', 'assistant: a', false]);
  });

  it('names a result without a text', () => {
    expect(read({ ...result, response: { error: 'timeout' } })).toMatch('response.output is not text');
  });

  it('makes no pair from outputs that answer different prompts or did equally well', () => {
    const output = { prompt: 'Q', text: 'a', pass: true, score: 1 };
    expect(read({ outputs: [output, { ...output, prompt: 'R' }] })).toMatch('answer different prompts');
    expect(read({ outputs: [output, output] })).toMatch('with the same score');
    expect(read({ outputs: [output, { ...output, text: 'b', score: 0.5 }] })).toEqual(pair('a', 'b'));
  });
});

describe('other comparisons', () => {
  it('a conversation of the arena keeps its later turns, and an edit of a later question holds for both answers', () => {
    const row = {
      prompt: ['Q', 'R'],
      response_a: ['x', 'a'],
      response_b: ['y', 'b'],
      winner_model_a: 1,
      winner_model_b: 0,
    };
    expect(read(row)).toEqual([
      ['user: Q'],
      ['assistant: x', 'user: R', 'assistant: a'],
      ['assistant: y', 'user: R', 'assistant: b'],
    ]);
    const edit = { kind: 'text', row: 0, side: 'rejected', turn: 1, content: 'S' } as const;
    const { edit: done } = lineEdit(edit, JSON.stringify(row), detectAll);
    expect(done.op === 'replace' && JSON.parse(done.line)).toEqual({ ...row, prompt: ['Q', 'S'] });
  });

  it.each([
    [
      'NeMo-RL',
      {
        context: 'Q',
        completions: [
          { rank: 1, completion: 'a' },
          { rank: 1, completion: 'b' },
        ],
      },
    ],
    ['WebGPT', { question: { full_text: 'Q' }, answer_0: 'a', answer_1: 'b', score_0: 0, score_1: 0 }],
    ['AlpacaEval', { instruction: 'Q', output_1: 'a', output_2: 'b', preference: 1.5 }],
    [
      'arena 55k',
      { prompt: ['Q'], response_a: ['a'], response_b: ['b'], winner_model_a: 0, winner_model_b: 0, winner_tie: 1 },
    ],
  ])('a tie of %s is left out', (_, row) => {
    expect(read(row)).toMatch(/so the row is not a pair\. It is left out\.$/);
  });

  it('more than two completions of NeMo-RL are a list', () => {
    const completions = ['a', 'b', 'c'].map((text, rank) => ({ rank, completion: [assistant(text)] }));
    const result = readPair(JSON.stringify({ context: [user('Q')], completions }), detectAll);
    expect(result.kind === 'list' && result.list.answers.map(({ value }) => value)).toEqual([0, 1, 2]);
  });

  it('a summary says what of its post is not read', () => {
    const row = { info: { post: 'Q', title: 'T' }, summaries: [{ text: 'a' }, { text: 'b' }], choice: 0 };
    expect(read(row)).toEqual(pair('a', 'b'));
    expect(said(row)).toEqual(['The prompt is the post or article alone; info.title and info.subreddit are not read.']);
  });

  it('a row of H2O LLM Studio that continues another row is named', () => {
    const row = { id: '2', parent_id: '1', prompt: 'Q', answer: 'a', rejected_answer: 'b' };
    expect(said(row)).toEqual([expect.stringContaining('write the earlier turns into the prompt')]);
  });
});
