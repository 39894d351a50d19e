import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/pairs/canonical';
import { DuplicateFinder } from '../../../src/pairs/duplicates';
import { FileCheck, type FileFinding } from '../../../src/pairs/fileCheck';
import { looksLikePrompt } from '../../../src/pairs/looksLikePrompt';
import { maxDepth } from '../../../src/pairs/depth';
import { readPair } from '../../../src/pairs/readPair';
import { noLevels } from '../../../src/pairs/rules/levels';
import { detectAll } from '../../../src/pairs/reading';

interface Checked {
  readonly lines: readonly string[];
  readonly file: readonly FileFinding[];
}

function check(rows: readonly (object | string)[]): Checked {
  const checker = new FileCheck('line', noLevels);
  const lines = rows.flatMap((row, i) => {
    const text = typeof row === 'string' ? row : JSON.stringify(row);
    return checker.line(i + 1, readPair(text, detectAll)).map(({ code }) => `${i + 1} ${code}`);
  });
  return { lines, file: checker.finish() };
}
const codes = (checked: Checked): string[] => [
  ...checked.lines,
  ...checked.file.map(({ code, field }) => (field ? `${code} ${field}` : code)),
];
const pair = { prompt: 'Which is bigger?', chosen: ' A horse.', rejected: ' A bee.' };
const user = (content: string): object => ({ role: 'user', content });
const assistant = (content: string): object => ({ role: 'assistant', content });
const lists = { chosen: [user('Q'), assistant('a')], rejected: [user('Q'), assistant('b')] };

describe('keys that are not read', () => {
  it.each<[string, object, readonly string[]]>([
    [
      'a question beside answers without one',
      { question: 'Which?', chosen: ['A horse.'], rejected: 'A bee.' },
      ['1 wrong-type'],
    ],
    [
      'its name in another writing',
      { userPrompt: 'Which?', chosen: 'A horse.', rejected: 'A bee.' },
      ['lost-question userPrompt'],
    ],
    [
      'a question with a word more',
      { question_text: 'Which?', chosen: 'A horse.', rejected: 'A bee.' },
      ['lost-question question_text'],
    ],
    ['a list of turns', { history: [['Q', 'a']], chosen: 'A horse.', rejected: 'A bee.' }, ['lost-question history']],
    [
      'texts that the format reads from JSON',
      {
        prompt: '["Q"]',
        response_a: '["b"]',
        response_b: '["a"]',
        winner_model_a: 0,
        winner_model_b: 1,
        winner_tie: 0,
      },
      [],
    ],
    [
      'messages under a name that no tool uses',
      { path_so_far: [{ from: 'user', value: 'Which is bigger?' }], chosen: 'A horse.', rejected: 'A bee.' },
      ['lost-question path_so_far'],
    ],
    [
      'messages beside answers alone',
      { chat: [user('Q')], chosen: [assistant('a')], rejected: [assistant('b')] },
      ['lost-question chat'],
    ],
    [
      'a question beside an empty prompt',
      { ...pair, prompt: '', instruction: 'Which?' },
      ['lost-question instruction'],
    ],
    [
      'a question beside a judged answer',
      { prompt: ' ', completion: 'A horse.', label: true, query: 'Which?' },
      ['lost-question query'],
    ],
    ['a question beside another prompt', { ...pair, question: 'What for?' }, ['unread-key question']],
    ['a question that the prompt repeats', { ...pair, question: 'Which is bigger? ' }, []],
    [
      'a question that a common start repeats',
      { question: 'Which is it?', chosen: 'Which is it? A.', rejected: 'Which is it? B.' },
      [],
    ],
    [
      'keys that hold nothing',
      { ...pair, question: '', input: null, images: [], history: [null], system: 'None', tools: '[]' },
      [],
    ],
    ['a system prompt', { ...pair, sys: 'Be kind.' }, ['unread-key sys']],
    ['pictures', { ...pair, images: ['a.png'] }, ['unread-key images']],
    [
      'tools beside texts',
      { ...pair, tools: [{ type: 'function', function: { name: 'f', description: 'x' } }] },
      ['unread-key tools'],
    ],
    ['messages that say what was read', { ...lists, messages: lists.chosen }, []],
    [
      'messages that say more',
      { ...lists, messages: [{ role: 'system', content: 'Be kind.' }, ...lists.chosen] },
      ['unread-key messages'],
    ],
    [
      'what is told about a row',
      { ...pair, id: 1, score_chosen: 2, 'chosen-model': 'x', source: 'y', weight: 1, meta: { a: 'b' } },
      [],
    ],
    ['what is not known', { ...pair, frage: 'Was?', empty: '' }, ['unknown-key frage']],
  ])('%s', (_, row, expected) => {
    expect(codes(check([row]))).toEqual(expected);
  });

  it('hold the question even if their name contains those of both answers', () => {
    const rows = [
      { request: 'Which is bigger: bee or horse?', chosen: 'horse', rejected: 'bee' },
      { request: 'Is it A horse or A bee?', chosen: 'A horse', rejected: 'A bee' },
    ];
    expect(check(rows).file).toMatchObject([{ code: 'lost-question', field: 'request', lines: [1, 2] }]);
  });

  it('may repeat the whole conversation in the form of a template', () => {
    expect(codes(check([{ ...pair, text: '<s>[INST] Which is bigger? [/INST] A horse.</s>' }]))).toEqual([]);
  });

  it('are reported once per file, with their lines', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      ...pair,
      prompt: `Question ${i}?`,
      sys: i % 2 ? `Be ${i}.` : '',
    }));
    const { lines, file } = check(rows);
    expect(lines).toEqual([]);
    expect(file).toEqual([
      {
        code: 'unread-key',
        severity: 'warning',
        field: 'sys',
        message: expect.stringContaining('"sys" is not read'),
        count: 20,
        lines: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20],
      },
    ]);
  });

  it('take a bounded amount of memory, however many names there are', () => {
    const { file } = check(
      Array.from({ length: 1000 }, (_, i) => ({ ...pair, prompt: `Question ${i}?`, [`x${i}y`]: 'text' })),
    );
    expect(file.length).toBeLessThan(250);
    expect(file.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  });
});

describe('the shared prompt of two plain texts', () => {
  it('is a shared start that ends where a prompt may end', () => {
    expect(
      ['Which is bigger? A', 'Name a horse.\n', 'Question: horse\nAnswer:', '你最喜欢什么动物？我'].filter(
        looksLikePrompt,
      ),
    ).toHaveLength(4);
    expect(['', 'A', 'I think', 'The sky is', 'No. '].filter(looksLikePrompt)).toEqual([]);
  });

  it('is reported as missing in a file whose answers begin alike by accident', () => {
    const rows = ['horse', 'cow', 'goat'].map((name) => ({ chosen: `A ${name} is.`, rejected: `A ${name} was.` }));
    expect(check(rows).file).toMatchObject([{ code: 'no-prompts', severity: 'warning', count: 3, lines: [1, 2, 3] }]);
    expect(check(rows.map((row) => ({ ...row, frage: 'Was?' }))).file[0]?.message).toContain(
      'If "frage" is the question',
    );
  });

  it('is a hint for a few rows without one, if most rows have one', () => {
    const rows = ['horse', 'cow', 'goat'].map((name) => ({
      chosen: `Is a ${name} big? Yes.`,
      rejected: `Is a ${name} big? No.`,
    }));
    expect(check([...rows, { chosen: 'Yes.', rejected: 'No.' }]).file).toMatchObject([
      { code: 'no-prompts', severity: 'info', lines: [4] },
    ]);
    expect(codes(check(rows))).toEqual([]);
  });
});

describe('duplicate rows', () => {
  it('are found whatever their white space, order of keys or format', () => {
    const rows = [
      pair,
      { ...pair, chosen: ' A  horse.\n' },
      { rejected: ' A bee.', chosen: ' A horse.', prompt: 'Which\u00a0is bigger?' },
      { ...pair, chosen: ' A cow.' },
    ];
    expect(check(rows).lines).toEqual(['2 duplicate', '3 duplicate']);
  });

  it('contradict each other if the answers are exchanged, or the label is opposite', () => {
    expect(check([pair, { ...pair, chosen: pair.rejected, rejected: pair.chosen }]).lines).toEqual(['2 contradiction']);
    const judged = { prompt: 'Q', completion: 'a', label: true };
    expect(check([judged, { ...judged, label: false }, judged]).lines).toEqual(['2 contradiction', '3 duplicate']);
  });

  it('differ in white space between prompt and answer', () => {
    expect(
      check([
        { prompt: 'Answer:', chosen: 'yes', rejected: 'no' },
        { prompt: 'Answer: ', chosen: 'yes', rejected: 'no' },
      ]).lines,
    ).toEqual([]);
  });

  it('are found with 16 to 24 bytes of memory per row', () => {
    const finder = new DuplicateFinder();
    const rows = 300_000;
    let found = 0;
    for (let line = 1; line <= rows; line++) {
      const own = { high: Math.imul(line, 0x9e3779b1) >>> 0, low: line };
      if (finder.add(line, { own, opposite: { ...own, low: 0 } }) !== null) found++;
    }
    expect(found).toBe(0);
    expect(finder.bytes / rows).toBeLessThan(24.1);
  });
});

describe('judged answers', () => {
  it('are checked like pairs', () => {
    const judged = { prompt: 'Which is bigger?', completion: 'A horse.', label: true };
    expect(codes(check([{ ...judged, completion: ' ' }]))).toEqual(['1 empty-answer']);
    expect(codes(check([{ ...judged, completion: 'Which is bigger? A horse.' }]))).toEqual(['1 repeated-prompt']);
    expect(codes(check([{ ...judged, completion: 'It is. So it' }]))).toEqual(['1 truncated-answer']);
    expect(codes(check([{ ...judged, completion: 'A horse.<|im_end|>' }]))).toEqual(['template-text completion']);
    expect(codes(check([{ ...judged, persona: 'Be kind.' }]))).toEqual(['unread-key persona']);
    expect(codes(check([{ prompt: [user('Q'), user('R')], completion: [user('a')], label: false }]))).toEqual([
      '1 role-order',
    ]);
  });

  it('with only one label are reported', () => {
    const rows = ['a', 'b'].map((completion) => ({ prompt: 'Q', completion, label: false }));
    expect(check(rows).file).toMatchObject([{ code: 'one-label', severity: 'info', field: 'label', count: 2 }]);
  });
});

describe('a whole file', () => {
  it('without rows is an error', () => {
    expect(check([]).file).toMatchObject([{ code: 'no-rows', severity: 'error' }]);
    expect(check(['', ' ']).file).toMatchObject([{ code: 'no-rows' }]);
  });

  it('in one wrong format is not reported row by row', () => {
    const { lines, file } = check(
      Array.from({ length: 500 }, () => ({ chosen: { from: 'gpt', value: 'a' }, rejected: 'b' })),
    );
    expect(lines).toHaveLength(3);
    expect(file).toMatchObject([{ code: 'wrong-type', field: 'chosen', count: 497 }]);
  });
});

describe('deeply nested rows', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['in tools', (value: string) => `{"prompt":[],"chosen":[],"rejected":[],"tools":${value}}`],
    ['in tools as text', (value: string) => `{"prompt":[],"chosen":[],"rejected":[],"tools":"${value}"}`],
    [
      'in a message',
      (value: string) => `{"prompt":[],"chosen":[{"role":"assistant","content":"a","x":${value}}],"rejected":[]}`,
    ],
    ['in a key that is not read', (value: string) => `{"prompt":"Q","chosen":"a","rejected":"b","messages":${value}}`],
    ['alone', (value: string) => value],
  ])('%s are an error that says so, and never overflow the stack', (_, line) => {
    const { lines } = check([line(nested(100_000)), { ...pair }]);
    expect(lines).toContain('1 too-deep');
    const result = readPair(line(nested(maxDepth - 10)), detectAll);
    expect(check([line(nested(maxDepth - 10))]).lines).not.toContain('1 too-deep');
    if (result.kind === 'pair') expect(canonicalText(result.pair)).toContain('[');
  });
});
