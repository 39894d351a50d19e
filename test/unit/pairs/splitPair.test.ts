import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../src/base/pure/marginError';
import { outcomeOf } from '../../../src/base/pure/outcome';
import { lineEdit, type PairEdit } from '../../../src/pairs/pairEdits';
import { detectAll } from '../../../src/pairs/reading';
import type { Message } from '../../../src/pairs/pair';
import { readPair } from '../../../src/pairs/readPair';
import type { TextSide } from '../../../src/pairs/turnEdits';
import { formatRows } from './formatRows';

const turn = (role: string, content: string): Message => ({ role, content });
const [user, assistant] = [(text: string) => turn('user', text), (text: string) => turn('assistant', text)];
const row = {
  id: 7,
  prompt: [turn('system', 'S'), user('Q'), assistant('call'), turn('tool', '4'), assistant('A'), user('R')],
  chosen: [assistant('a'), user('T'), assistant('c')],
  rejected: [assistant('b'), user('U'), assistant('d')],
  tools: [{ name: 'add' }],
};
const at = (side: TextSide, index: number): PairEdit => ({ kind: 'splitTurn', row: 0, side, turn: index });
const split = (side: TextSide, index: number, of: object = row): unknown => {
  const { edit, row: next } = lineEdit(at(side, index), JSON.stringify(of), detectAll);
  if (edit.op !== 'insert') throw new Error(`a ${edit.op}`);
  expect([edit.row, next, edit.lines.length]).toEqual([1, 1, 1]);
  return JSON.parse(edit.lines[0] ?? '');
};
const { tools } = row;
const open = [assistant('')];

describe('a conversation is split at a turn into a new pair, and its row stays', () => {
  it('a turn of the prompt ends the new prompt, and the answer that followed becomes the chosen one', () => {
    const calls = [assistant('call'), turn('tool', '4'), assistant('A')];
    expect(split('prompt', 1)).toEqual({ prompt: row.prompt.slice(0, 2), chosen: calls, rejected: open, tools });
    expect(split('prompt', 5)).toEqual({ prompt: row.prompt, chosen: [assistant('a')], rejected: open, tools });
  });

  it('a turn of the assistant is the answer itself', () => {
    expect(split('prompt', 4)).toEqual({
      prompt: row.prompt.slice(0, 4),
      chosen: [assistant('A')],
      rejected: open,
      tools,
    });
  });

  it('a turn of an answer adds the answer up to there to the prompt; what follows stays on its side', () => {
    const chosen = [...row.prompt, assistant('a'), user('T')];
    expect(split('chosen', 1)).toEqual({ prompt: chosen, chosen: [assistant('c')], rejected: open, tools });
    const rejected = [...row.prompt, assistant('b'), user('U')];
    expect(split('rejected', 1)).toEqual({ prompt: rejected, chosen: open, rejected: [assistant('d')], tools });
  });

  it('says why no pair can be made at a turn', () => {
    const single = { prompt: [user('Q')], chosen: [assistant('a')], rejected: [assistant('b')] };
    expect(() => split('prompt', 0)).toThrow('No answer of the assistant follows this turn');
    expect(() => split('prompt', 0, single)).toThrow('would have the prompt and the answer of this one');
    expect(() => split('chosen', 0, single)).toThrow('choose an earlier turn');
    expect(() => split('chosen', 9)).toThrow('has no turn 10 in chosen');
    const judged = { prompt: [user('Q')], completion: [assistant('a')], label: true };
    expect(() => split('completion', 0, judged)).toThrow('one judged answer');
  });

  it.each(Object.entries(formatRows))('rows of %s: the new pair is as meant, or the format is named', (_, of) => {
    const line = JSON.stringify(of);
    const before = readPair(line, detectAll);
    if (before.kind !== 'pair') return;
    const { prompt, chosen } = before.pair;
    for (const [i] of prompt.entries()) {
      const made = outcomeOf(() => lineEdit(at('prompt', i), line, detectAll));
      if ('error' in made) {
        expect(['no-split', 'not-in-format']).toContain(errorCode(made.error));
        continue;
      }
      const { edit } = made.value;
      const after = readPair(edit.op === 'insert' ? (edit.lines[0] ?? '') : '', detectAll);
      expect(after).toMatchObject({ kind: 'pair', format: before.format });
      if (after.kind !== 'pair') continue;
      const plain = (turns: readonly Message[]): object[] => turns.map(({ role, content }) => ({ role, content }));
      const { length } = after.pair.prompt;
      expect(plain(after.pair.prompt)).toEqual(plain([...prompt, ...chosen].slice(0, length)));
    }
  });
});
