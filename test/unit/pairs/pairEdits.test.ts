import { describe, expect, it } from 'vitest';
import { lineEdit, type PairEdit } from '../../../src/pairs/pairEdits';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { formatRows } from './formatRows';

const line = '{"prompt": "Q", "chosen": "a", "rejected": "b", "id": 12345678901234567890}';

function after(edit: PairEdit, old = line): string {
  const { edit: done } = lineEdit(edit, old, detectAll);
  if (done.op !== 'replace') throw new Error(`a ${done.op}`);
  expect(done.previous).toBe(old);
  return done.line;
}

describe('lineEdit', () => {
  it('sets the text of a turn', () => {
    expect(after({ kind: 'text', row: 4, side: 'chosen', turn: 0, content: 'c' })).toBe(line.replace('"a"', '"c"'));
  });

  it('sets a shared turn of implicit prompts on both sides', () => {
    const old =
      '{"chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"a"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"b"}]}';
    expect(after({ kind: 'text', row: 0, side: 'prompt', turn: 0, content: 'R' }, old)).toBe(
      old.replaceAll('"Q"', '"R"'),
    );
  });

  it('adds a turn after the last one', () => {
    const old =
      '{"prompt": [{"role": "user", "content": "Q"}], "chosen": [], "rejected": [{"role": "assistant", "content": "b"}]}';
    const expected = old.replace('[]', '[{"role": "assistant", "content": "a"}]');
    expect(after({ kind: 'text', row: 0, side: 'chosen', turn: 0, content: 'a' }, old)).toBe(expected);
  });

  it('swaps, deletes and duplicates', () => {
    expect(after({ kind: 'swap', row: 4 })).toBe(
      line.replace('"a"', '"x"').replace('"b"', '"a"').replace('"x"', '"b"'),
    );
    expect(lineEdit({ kind: 'delete', row: 4 }, line, detectAll)).toEqual({
      edit: { op: 'delete', row: 4, lines: [line] },
      row: 4,
    });
    expect(lineEdit({ kind: 'duplicate', row: 4 }, line, detectAll)).toEqual({
      edit: { op: 'insert', row: 5, lines: [line] },
      row: 5,
    });
  });

  it('moves a row past the one above or below it', () => {
    const move = (by: -1 | 1): unknown => lineEdit({ kind: 'move', row: 4, by }, line, detectAll);
    expect(move(-1)).toEqual({ edit: { op: 'move', from: 4, count: 1, to: 3 }, row: 3 });
    expect(move(1)).toEqual({ edit: { op: 'move', from: 4, count: 1, to: 6 }, row: 5 });
  });

  it("inserts a blank row in the format and style of its neighbour, and in TRL's in an empty file", () => {
    const at = (old: string | undefined): unknown => lineEdit({ kind: 'insert', row: 0 }, old, detectAll);
    expect(at('{"rejected":"b","chosen":"a","x":1}')).toEqual({
      edit: { op: 'insert', row: 1, lines: ['{"rejected":"","chosen":""}'] },
      row: 1,
    });
    const first =
      '{"prompt": [{"role": "user", "content": ""}], "chosen": [{"role": "assistant", "content": ""}], "rejected": [{"role": "assistant", "content": ""}]}';
    expect(at(undefined)).toEqual({ edit: { op: 'insert', row: 0, lines: [first] }, row: 0 });
    expect(at('broken {')).toEqual({ edit: { op: 'insert', row: 1, lines: [first] }, row: 1 });
  });

  it('edits a judged answer and flips its label, and back to the same bytes', () => {
    const old = '{"prompt": "Q", "completion": "a", "label": true, "id": 12345678901234567890}';
    expect(after({ kind: 'text', row: 0, side: 'completion', turn: 0, content: 'b' }, old)).toBe(
      old.replace('"a"', '"b"'),
    );
    expect(after({ kind: 'text', row: 0, side: 'prompt', turn: 0, content: 'R' }, old)).toBe(old.replace('"Q"', '"R"'));
    const bad = after({ kind: 'swap', row: 0 }, old);
    expect(bad).toBe(old.replace('true', 'false'));
    expect(after({ kind: 'swap', row: 0 }, bad)).toBe(old);
  });

  it('edits the messages of a judged conversation, and keeps their other fields', () => {
    const old =
      '{"label":false,"prompt":[{"role":"user","content":"Q","name":"x"}],"completion":[{"content":"a","role":"assistant"}]}';
    expect(after({ kind: 'text', row: 0, side: 'completion', turn: 0, content: 'b' }, old)).toBe(
      old.replace('"a"', '"b"'),
    );
    expect(after({ kind: 'swap', row: 0 }, old)).toBe(old.replace('false', 'true'));
  });

  it('inserts a blank judged answer beside a judged answer', () => {
    const inserted = (neighbour: string): unknown => lineEdit({ kind: 'insert', row: 0 }, neighbour, detectAll).edit;
    expect(inserted('{"label": false, "completion": "a", "prompt": "Q"}')).toEqual({
      op: 'insert',
      row: 1,
      lines: ['{"label": true, "completion": "", "prompt": ""}'],
    });
  });

  it('replaces the whole line, but not by two lines', () => {
    expect(after({ kind: 'raw', row: 0, line: '{}' }, 'broken')).toBe('{}');
    expect(() => after({ kind: 'raw', row: 0, line: 'a\nb' })).toThrow('Row 1 must stay on one line');
  });

  it('says why an edit is impossible', () => {
    expect(() => after({ kind: 'swap', row: 2 }, '{"prompt": "Q"}')).toThrow(
      'Row 3 holds no pair: "chosen" is missing',
    );
    expect(() => after({ kind: 'text', row: 2, side: 'chosen', turn: 2, content: '' })).toThrow(
      'Row 3 has 1 turns in chosen, not 3.',
    );
    expect(() => after({ kind: 'text', row: 0, side: 'completion', turn: 0, content: '' })).toThrow(
      'Row 1 is a pair and has no completion.',
    );
    expect(() => lineEdit({ kind: 'delete', row: 2 }, undefined, detectAll)).toThrow('There is no row 3.');
  });
});

describe('an edit of a text', () => {
  it('updates exact copies of it in other columns, and leaves other content', () => {
    const turns = (answer: string): object[] => [
      { role: 'user', content: 'Q' },
      { role: 'assistant', content: answer },
    ];
    const row = {
      chosen: turns('a'),
      rejected: turns('b'),
      messages: turns('a'),
      question: 'Q',
      original_response: 'a',
      response: 'b?',
    };
    const { edit } = lineEdit(
      { kind: 'text', row: 0, side: 'chosen', turn: 0, content: 'c' },
      JSON.stringify(row),
      detectAll,
    );
    const line = edit.op === 'replace' ? edit.line : '';
    expect(JSON.parse(line)).toEqual({ ...row, chosen: turns('c'), messages: turns('c') });
  });
});

it.each(Object.entries(formatRows))('an edited text of %s reads back as it was typed', (_, row) => {
  const line = JSON.stringify(row);
  const result = readPair(line, detectAll);
  const side = result.kind === 'judged' ? 'completion' : 'chosen';
  const next = readPair(after({ kind: 'text', row: 0, side, turn: 0, content: ' typed' }, line), detectAll);
  if (next.kind !== 'pair' && next.kind !== 'judged') throw new Error(next.kind);
  const turns = next.kind === 'pair' ? next.pair.chosen : next.answer.completion;
  expect(turns[0]?.content.trim()).toBe('typed');
});

it('a fix mends the problem of one rule, and is refused if there is nothing to mend', () => {
  const line = '{"prompt": "Q", "chosen": "Yes. ",  "rejected": "No."}';
  const edit = { kind: 'fix', row: 2, rule: 'white-space' } as const;
  expect(lineEdit(edit, line, detectAll)).toEqual({
    row: 2,
    edit: { op: 'replace', row: 2, previous: line, line: line.replace('Yes. ', 'Yes.') },
  });
  expect(() => lineEdit({ ...edit, rule: 'empty-answer' }, line, detectAll)).toThrow(
    /Row 3 has no problem of empty-answer/,
  );
});
