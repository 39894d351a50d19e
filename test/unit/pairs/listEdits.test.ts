import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import type { AnswerList } from '../../../src/pairs/answerList';
import { listFormats } from '../../../src/pairs/formats/table';
import { lineEdit, type PairEdit } from '../../../src/pairs/pairEdits';
import { detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';
import { listRows } from './listRows';

function listOf(line: string): AnswerList {
  const result = readRow(line, detectAll);
  if (result.kind !== 'list') throw new Error(`${line} is no list`);
  return result.list;
}

function edited(line: string, edit: PairEdit): string {
  const found = lineEdit(edit, line, detectAll).edit;
  return found.op === 'replace' ? found.line : '';
}

/** The part of a line that differs from another one. */
function difference(a: string, b: string): string {
  let [start, end] = [0, 0];
  while (start < b.length && a[start] === b[start]) start++;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return b.slice(start, b.length - end);
}

describe('an answer of a list', () => {
  for (const { id } of listFormats) {
    it(`gets another text and another score in ${id}, if it has one, and all other bytes stay`, () => {
      const line = JSON.stringify(listRows[id]);
      const { answers, measure } = listOf(line);
      const texts = edited(line, { kind: 'answer', row: 0, answer: 2, turn: 0, content: 'XYZ' });
      expect(at(listOf(texts).answers, 2).turns).toMatchObject([{ content: 'XYZ' }]);
      expect(listOf(texts).answers.slice(0, 2)).toEqual(answers.slice(0, 2));
      expect(difference(line, texts)).toBe('XYZ');
      const rate: PairEdit = { kind: 'rate', row: 0, answer: 1, value: 77 };
      // Its answers are right or wrong by the key that holds them.
      if (id === 'rewardbench-2') return expect(() => edited(line, rate)).toThrow('have no place for this correct');
      const rated = edited(line, rate);
      expect(listOf(rated)).toMatchObject({ measure, answers: { 1: { value: 77 } } });
      expect(difference(line, rated)).toBe('77');
    });
  }

  it('has a message where it had one, and a number as text where it had one', () => {
    const line = JSON.stringify({
      prompt: [{ role: 'user', content: 'Q', id: 7 }],
      responses: [
        { message: { role: 'assistant', content: 'a', n: 1 }, score: '3' },
        { message: { role: 'assistant', content: 'b' }, score: 'N/A' },
      ],
    });
    const texts = edited(line, { kind: 'answer', row: 0, answer: 0, turn: 0, content: 'c' });
    expect(JSON.parse(texts)).toMatchObject({
      responses: [{ message: { role: 'assistant', content: 'c', n: 1 } }, {}],
    });
    const rated = edited(line, { kind: 'rate', row: 0, answer: 1, value: 0.5 });
    expect(JSON.parse(rated)).toMatchObject({ responses: [{ score: '3' }, { score: '0.5' }] });
    const asked = edited(line, { kind: 'text', row: 0, side: 'prompt', turn: 0, content: 'R' });
    expect(JSON.parse(asked)).toMatchObject({ prompt: [{ role: 'user', content: 'R', id: 7 }] });
  });

  it('is refused where the row has no place for it, and says so', () => {
    const nectar = JSON.stringify(listRows['nectar']);
    const prompt: PairEdit = { kind: 'text', row: 4, side: 'prompt', turn: 0, content: 'R' };
    expect(() => edited(nectar, prompt)).toThrow('have no place for this text: edit row 5 as text.');
    const aspects = (rating: number): object => ({ response: 'a', annotations: { honesty: { Rating: rating } } });
    const mean = JSON.stringify({ instruction: 'Q', completions: [aspects(1), aspects(2)] });
    expect(() => edited(mean, { kind: 'rate', row: 0, answer: 0, value: 9 })).toThrow('no place for this annotations');
    expect(() => edited(mean, { kind: 'answer', row: 0, answer: 9, turn: 0, content: '' })).toThrow('no answer 10');
    expect(() => edited(mean, { kind: 'swap', row: 0 })).toThrow('no sides to swap');
  });

  describe('in messages', () => {
    const [user, good, bad] = [
      { role: 'user', content: 'Q', id: 7 },
      { role: 'assistant', content: 'a', n: 1 },
      { role: 'assistant', content: 'b' },
    ];
    const row = (prompt: readonly object[], first: readonly object[]): object => ({
      prompt,
      responses: [
        { message: first, score: 3 },
        { message: [bad], score: 1 },
      ],
    });
    const line = JSON.stringify(row([user], [good]));

    it('has the turns that a person adds, moves, removes or gives another role, and keeps their other keys', () => {
      const place = { row: 0, turn: 0 } as const;
      const asked = edited(line, { ...place, kind: 'addTurn', side: 'prompt', role: 'system' });
      expect(asked).toBe(JSON.stringify(row([{ role: 'system', content: '' }, user], [good])));
      const more = edited(line, { ...place, turn: 1, kind: 'addTurn', side: 'answer-0', role: 'user' });
      expect(more).toBe(JSON.stringify(row([user], [good, { role: 'user', content: '' }])));
      const moved = edited(more, { ...place, kind: 'moveTurn', to: 1, side: 'answer-0' });
      expect(moved).toBe(JSON.stringify(row([user], [{ role: 'user', content: '' }, good])));
      expect(edited(moved, { ...place, kind: 'removeTurn', side: 'answer-0' })).toBe(line);
      const tool = edited(line, { ...place, kind: 'changeRole', side: 'answer-0', role: 'tool' });
      expect(tool).toBe(JSON.stringify(row([user], [{ ...good, role: 'tool' }])));
    });

    it('keeps its only turn, has no turns that it does not have, and is not split', () => {
      const place = { row: 3, turn: 0 } as const;
      expect(() => edited(line, { ...place, kind: 'removeTurn', side: 'answer-1' })).toThrow('only turn of answer 2');
      expect(() => edited(line, { ...place, turn: 2, kind: 'removeTurn', side: 'answer-0' })).toThrow('answer 1');
      expect(() => edited(line, { ...place, kind: 'removeTurn', side: 'answer-9' })).toThrow('has no answer 10');
      expect(() => edited(line, { ...place, kind: 'removeTurn', side: 'chosen' })).toThrow('has no chosen');
      expect(() => edited(line, { ...place, kind: 'splitTurn', side: 'prompt' })).toThrow('cannot be split');
    });

    it('is refused where the format has one text in place of turns, and says so', () => {
      const plain = JSON.stringify(listRows['nectar']);
      const added: PairEdit = { row: 4, turn: 1, kind: 'addTurn', side: 'answer-0', role: 'user' };
      expect(() => edited(plain, added)).toThrow('have no place for these turns: edit row 5 as text.');
      const pair = JSON.stringify({ prompt: 'Q', chosen: 'a', rejected: 'b' });
      expect(() => edited(pair, added)).toThrow('is a pair and has no answer 1');
    });
  });

  it('loses its score, if another one keeps its own', () => {
    const line = '{"prompt": "Q", "responses": ["a", "b"], "scores": [1, 2.0]}';
    expect(edited(line, { kind: 'rate', row: 0, answer: 0, value: null })).toBe(line.replace('[1,', '[null,'));
  });
});
