import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../src/base/pure/marginError';
import { lineEdit, type PairEdit } from '../../../src/pairs/pairEdits';
import { detectAll } from '../../../src/pairs/reading';
import { readPair } from '../../../src/pairs/readPair';
import { editTurns, type TurnChange } from '../../../src/pairs/turnEdits';
import type { Message } from '../../../src/pairs/pair';
import { formatRows } from './formatRows';

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

function after(edit: PairEdit, line: string): string {
  const { edit: done } = lineEdit(edit, line, detectAll);
  if (done.op !== 'replace') throw new Error(`a ${done.op}`);
  return done.line;
}

const chat = JSON.stringify({
  id: 1,
  prompt: [user('Q'), assistant('A'), user('R')],
  chosen: [assistant('a')],
  rejected: [assistant('b')],
});

describe('the turns of a row', () => {
  it('are added, removed, moved and get other roles; every other byte stays', () => {
    const place = { row: 0, side: 'prompt' } as const;
    expect(after({ ...place, kind: 'addTurn', turn: 0, role: 'system' }, chat)).toBe(
      chat.replace('[{"role":"user","content":"Q"', '[{"role":"system","content":""},{"role":"user","content":"Q"'),
    );
    expect(after({ ...place, kind: 'removeTurn', turn: 1 }, chat)).toBe(
      chat.replace('{"role":"assistant","content":"A"},', ''),
    );
    const moved = after({ ...place, kind: 'moveTurn', turn: 0, to: 2 }, chat);
    expect(JSON.parse(moved)).toMatchObject({ prompt: [assistant('A'), user('R'), user('Q')] });
    expect(after({ ...place, kind: 'changeRole', turn: 0, role: 'developer' }, chat)).toBe(
      chat.replace('"user"', '"developer"'),
    );
    expect(after({ row: 0, side: 'chosen', kind: 'addTurn', turn: 1, role: 'tool' }, chat)).toBe(
      chat.replace('"content":"a"}', '"content":"a"},{"role":"tool","content":""}'),
    );
  });

  it('are never fewer than one, and a turn that does not exist is named', () => {
    const only = [assistant('a')];
    const place = { row: 2, side: 'chosen' } as const;
    expect(() => editTurns(only, { ...place, kind: 'removeTurn', turn: 0 })).toThrow('It is the only turn of chosen');
    for (const edit of [
      { ...place, kind: 'removeTurn', turn: 1 },
      { ...place, kind: 'moveTurn', turn: 0, to: 1 },
      { ...place, kind: 'addTurn', turn: 2, role: 'user' },
      { ...place, kind: 'changeRole', turn: -1, role: 'user' },
    ] as const)
      expect(() => editTurns(only, edit)).toThrow('Row 3 has 1 turns in chosen');
  });

  it.each(Object.entries(formatRows))('of %s read back as edited, or the edit is refused', (_, row) => {
    const line = JSON.stringify(row);
    const before = readPair(line, detectAll);
    if (before.kind !== 'pair' && before.kind !== 'judged') throw new Error(before.kind);
    const { prompt } = before.kind === 'pair' ? before.pair : before.answer;
    const place = { row: 0, side: 'prompt', turn: 0 } as const;
    const edits: TurnChange[] = [
      { ...place, kind: 'addTurn', role: 'system' },
      { ...place, kind: 'addTurn', turn: prompt.length, role: 'assistant' },
      { ...place, kind: 'removeTurn' },
      { ...place, kind: 'changeRole', role: 'tool' },
    ];
    for (const edit of edits) {
      let next: string;
      try {
        next = after(edit, line);
      } catch (error) {
        expect(['not-in-format', 'last-turn', 'no-such-turn']).toContain(errorCode(error));
        continue;
      }
      const result = readPair(next, detectAll);
      if (result.kind !== 'pair' && result.kind !== 'judged') throw new Error(result.kind);
      const read = result.kind === 'pair' ? result.pair : result.answer;
      expect(read.prompt.map(({ role, content }) => [role, content])).toEqual(
        editTurns(prompt, edit).map(({ role, content }) => [role, content]),
      );
    }
  });
});
