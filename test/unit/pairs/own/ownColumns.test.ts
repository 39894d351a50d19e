import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { columnsProblem, columnsText, type OwnColumns, parseColumns } from '../../../../src/pairs/own/ownColumns';
import { keysOf, pathOf, valueAt, withValueAt } from '../../../../src/pairs/own/keyPath';
import { lineEdit, type PairEdit } from '../../../../src/pairs/pairEdits';
import { type PairResult, readPair } from '../../../../src/pairs/readPair';
import { withColumns } from '../../../../src/pairs/reading';

const read = (row: unknown, columns: OwnColumns): PairResult => readPair(JSON.stringify(row), withColumns(columns));

function changed(row: unknown, columns: OwnColumns, edit: PairEdit): unknown {
  const { edit: done } = lineEdit(edit, JSON.stringify(row), withColumns(columns));
  if (done.op === 'replace') return JSON.parse(done.line);
  return done.op === 'insert' ? JSON.parse(String(done.lines[0])) : null;
}

const text = (side: 'chosen' | 'completion' | 'prompt', content: string): PairEdit => ({
  kind: 'text',
  row: 0,
  side,
  turn: 0,
  content,
});
const swap: PairEdit = { kind: 'swap', row: 0 };

describe('rows with own columns', () => {
  it('are read as the three pairs of axolotl’s user_defined example', () => {
    const lines = readFileSync(new URL('../cases/shapes/axolotl-user_defined.jsonl', import.meta.url), 'utf8');
    const columns = { prompt: 'frage', chosen: 'good_reply', rejected: 'bad_reply' };
    const [first, ...rest] = lines.trimEnd().split('\n');
    expect(readPair(String(first), withColumns(columns))).toMatchObject({
      kind: 'pair',
      pair: {
        style: 'chat',
        prompt: [{ role: 'user', content: 'Which is bigger, a bee or a horse?' }],
        chosen: [{ role: 'assistant', content: 'A horse is bigger.' }],
        rejected: [{ role: 'assistant', content: 'A bee. Stop asking.' }],
      },
    });
    expect(rest.map((line) => readPair(line, withColumns(columns)).kind)).toEqual(['pair', 'pair']);
  });

  it('have a system prompt, earlier turns and a text after the prompt', () => {
    const row = { s: 'Be kind.', past: [['Hi', 'Hello!']], q: 'Add.', more: '2 + 2', a: '4', b: '5' };
    const columns = { system: 's', history: 'past', prompt: 'q', query: 'more', chosen: 'a', rejected: 'b' };
    expect(read(row, columns)).toMatchObject({
      pair: {
        prompt: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello!' },
          { role: 'user', content: 'Add.\n2 + 2' },
        ],
      },
    });
  });

  it('may hold whole conversations, messages and ShareGPT’s turns', () => {
    const user = { role: 'user', content: 'Q' };
    const says = (content: string): unknown => ({ role: 'assistant', content });
    const pair = { prompt: [user], chosen: [says('a')], rejected: [says('b')] };
    const columns = { prompt: 'p', chosen: 'c', rejected: 'r' };
    const { prompt: _, ...answers } = columns;
    expect(read({ c: [user, says('a')], r: [user, says('b')] }, answers)).toMatchObject({ pair });
    expect(read({ p: [user], c: [user, says('a')], r: [user, says('b')] }, columns)).toMatchObject({ pair });
    expect(read({ p: 'Q', c: says('a'), r: says('b') }, columns)).toMatchObject({ pair });
    const turns = [{ from: 'human', value: 'Q' }];
    expect(read({ p: turns, c: { from: 'gpt', value: 'a' }, r: 'b' }, columns)).toMatchObject({ pair });
  });

  it('are texts without a chat template if the style is plain', () => {
    const columns = { style: 'plain', prompt: 'q', chosen: 'a', rejected: 'b' } as const;
    expect(read({ q: 'Q', a: ' A', b: ' B' }, columns)).toMatchObject({ pair: { style: 'plain' } });
  });

  it('say which path is missing', () => {
    const columns = { prompt: 'frage', chosen: 'data.good_reply', rejected: 'bad_reply' };
    expect(read({ frage: 'Q', bad_reply: 'b' }, columns)).toMatchObject({
      kind: 'not-a-pair',
      reason: '"data.good_reply" is missing: the chosen answer is read from it.',
      problems: [{ field: 'data.good_reply', side: 'chosen' }],
    });
    expect(read({ frage: 'Q', data: { good_reply: 3 }, bad_reply: 'b' }, columns)).toMatchObject({
      reason: expect.stringContaining('"data.good_reply" is a number: the chosen answer must be text'),
    });
  });

  it('name a path whose text is a list of messages as JSON', () => {
    const columns = { prompt: 'q', chosen: 'good', rejected: 'bad' };
    const row = { q: 'Q', good: '[{"role": "assistant", "content": "a"}]', bad: 'b' };
    expect(read(row, columns)).toMatchObject({ problems: [{ code: 'json-as-text', field: 'good' }] });
  });

  it('are edited in place, and everything else of the line stays', () => {
    const columns = { prompt: 'q.text', chosen: 'answers.1.text', rejected: 'answers.0.text' };
    const row = { id: 7, q: { text: 'Q', by: 'me' }, answers: [{ text: 'bad', score: 1 }, { text: 'good' }] };
    expect(changed(row, columns, text('chosen', 'better'))).toEqual({
      ...row,
      answers: [{ text: 'bad', score: 1 }, { text: 'better' }],
    });
    expect(changed(row, columns, text('prompt', 'P'))).toEqual({ ...row, q: { text: 'P', by: 'me' } });
    expect(changed(row, columns, { kind: 'insert', row: 0 })).toEqual({
      q: { text: '' },
      answers: [{ text: '' }, { text: '' }],
    });
  });

  it('exchange their answers with all that belongs to them', () => {
    const list = { chosen: 'answers.1.text', rejected: 'answers.0.text' };
    expect(
      changed(
        {
          q: 'Q',
          answers: [
            { text: 'b', score: 1 },
            { text: 'g', score: 9 },
          ],
        },
        list,
        swap,
      ),
    ).toEqual({
      q: 'Q',
      answers: [
        { text: 'g', score: 9 },
        { text: 'b', score: 1 },
      ],
    });
    const named = { prompt: 'q', chosen: 'good_reply', rejected: 'bad_reply' };
    const row = { q: 'Q', good_reply: 'g', bad_reply: 'b', good_score: 9, bad_score: 1, good_faith: true };
    expect(changed(row, named, swap)).toEqual({ ...row, good_reply: 'b', bad_reply: 'g', good_score: 1, bad_score: 9 });
    const nested = { prompt: 'win.q', chosen: 'win.a', rejected: 'lose.a' };
    expect(changed({ win: { q: 'Q', a: 'g' }, lose: { a: 'b' } }, nested, swap)).toEqual({
      win: { q: 'Q', a: 'b' },
      lose: { a: 'g' },
    });
  });

  it('are judged answers with a completion and a label, whose spelling stays', () => {
    const columns = { prompt: 'q', completion: 'a', label: 'verdict', weight: 'w' };
    expect(read({ q: 'Q', a: 'A', verdict: 'Bad', w: 2 }, columns)).toMatchObject({
      kind: 'judged',
      answer: { label: false, completion: [{ role: 'assistant', content: 'A' }] },
    });
    expect(changed({ q: 'Q', a: 'A', verdict: 'Bad' }, columns, swap)).toEqual({ q: 'Q', a: 'A', verdict: 'Good' });
    expect(changed({ q: 'Q', a: 'A', verdict: 0 }, columns, swap)).toEqual({ q: 'Q', a: 'A', verdict: 1 });
    expect(changed({ q: 'Q', a: 'A', verdict: 0 }, columns, text('completion', 'B'))).toMatchObject({ a: 'B' });
    expect(read({ q: 'Q', a: 'A', verdict: 'maybe' }, columns)).toMatchObject({
      problems: [{ code: 'label-not-boolean', field: 'verdict' }],
    });
    const chat = { completion: 'log', label: 'ok' };
    const log = [
      { role: 'user', content: 'Q' },
      { role: 'assistant', content: 'A' },
    ];
    expect(read({ log, ok: true }, chat)).toMatchObject({ answer: { prompt: [{ content: 'Q' }], label: true } });
    expect(changed({ log, ok: true }, chat, text('completion', 'B'))).toMatchObject({ log: [{}, { content: 'B' }] });
  });
});

describe('a mapping', () => {
  it.each([
    [{ prompt: 'q', chosen: 'a' }, 'must have chosen and rejected, or completion and label'],
    [{ prompt: 'q', chosen: 'a', rejected: 'b', label: 'c' }, 'must have chosen and rejected, or'],
    [{ chosn: 'a', rejected: 'b' }, 'has "chosn", which is not a column; did you mean "chosen"?'],
    [{ chosen: 'a', rejected: 'a' }, 'names the path "a" twice'],
    [{ chosen: 'a..b', rejected: 'a' }, 'must give "chosen" the path of a key'],
    [{ chosen: 'a', rejected: 'b', style: 'prose' }, 'has a style that is not chat or plain'],
    [{ chosen: 'a', rejected: 'b', style: 'plain', system: 's' }, 'has "system", which plain texts cannot have'],
    [['chosen'], 'must be an object of key paths'],
  ])('%j %s', (value, message) => {
    expect(columnsProblem(value)).toContain(message);
  });

  it('is written on a command line as names or as JSON', () => {
    expect(parseColumns('prompt=q, chosen=good.text,rejected=bad')).toEqual({
      prompt: 'q',
      chosen: 'good.text',
      rejected: 'bad',
    });
    expect(parseColumns('{"chosen": "a,b", "rejected": "c"}')).toEqual({ chosen: 'a,b', rejected: 'c' });
    expect(parseColumns('chosen=a')).toContain('must have chosen and rejected');
    for (const columns of [
      { chosen: 'a,b', rejected: 'c' },
      { chosen: 'a.0', rejected: 'c' },
    ])
      expect(parseColumns(columnsText(columns))).toEqual(columns);
  });

  it('finds keys with dots, and keys that JavaScript’s objects have', () => {
    const row: unknown = JSON.parse('{"a.b": {"__proto__": {"c": 1}}, "constructor": 2}');
    const path = pathOf(['a.b', '__proto__', 'c']);
    expect(keysOf(path)).toEqual(['a.b', '__proto__', 'c']);
    expect(valueAt(row, keysOf(path))).toBe(1);
    expect(valueAt(row, ['toString'])).toBeUndefined();
    expect(JSON.stringify(withValueAt({}, ['__proto__', '1'], 'x'))).toBe('{"__proto__":[null,"x"]}');
  });
});
