import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import type { JsonObject } from '../../../../src/pairs/json';
import { keysOf, pathOf, valueAt, withValueAt } from '../../../../src/pairs/own/keyPath';
import { columnEntries, type OwnColumns, parseColumns, columnsText } from '../../../../src/pairs/own/ownColumns';
import { lineEdit, type PairEdit } from '../../../../src/pairs/pairEdits';
import { readPair } from '../../../../src/pairs/readPair';
import { withColumns } from '../../../../src/pairs/reading';
import { integer } from '../random';

interface Sample {
  readonly columns: OwnColumns;
  readonly row: JsonObject;
}

const keys = ['q', 'good', 'bad.one', 'data', '0', '1', 'ü', '__proto__', 'constructor', 'chosen', 'a b', 'x\\y'];

/** Columns at random paths, none inside another, and a row with texts or messages there and other values around. */
function sample(random: () => number): Sample {
  const names = ['prompt', 'system', 'chosen', 'rejected'].filter((name) => name !== 'system' || random() < 0.5);
  const asMessages = random() < 0.4;
  let row: JsonObject = {};
  const columns: Record<string, string> = {};
  for (const name of names) {
    let path: readonly string[] = [];
    do path = Array.from({ length: 1 + integer(random, 3) }, () => at(keys, integer(random, keys.length)));
    while (clashes(path, Object.values(columns).map(keysOf)));
    columns[name] = pathOf(path);
    row = withValueAt(row, path, valueFor(name, asMessages));
  }
  for (const key of ['id', 'score']) row = { ...row, [key]: integer(random, 9) };
  return { columns, row };
}

/** An index cannot be a key of an object that has other keys too, so lists and objects do not meet. */
function clashes(path: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (path.some((key, i) => i === 0 && /^\d$/.test(key))) return true;
  return others.some((other) => {
    const shared = path.findIndex((key, i) => key !== other[i]);
    if (shared < 0 || shared >= other.length) return true;
    return /^\d$/.test(at(path, shared)) !== /^\d$/.test(at(other, shared));
  });
}

function valueFor(name: string, asMessages: boolean): unknown {
  if (!asMessages || name === 'system') return `text of ${name}`;
  return [{ role: name === 'prompt' ? 'user' : 'assistant', content: `text of ${name}`, extra: 1 }];
}

describe('random columns', () => {
  it.each([...Array(200).keys()])('read, edit, swap and insert rows, and change nothing else (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const { columns, row } = sample(random);
    const reading = withColumns(columns);
    const line = JSON.stringify(row);
    const textsOf = (of: string): Record<string, string> => {
      const result = readPair(of, reading);
      if (result.kind !== 'pair') throw new Error(`${result.kind} ${line} ${JSON.stringify(columns)}`);
      const { prompt, chosen, rejected } = result.pair;
      const join = (turns: typeof prompt): string => turns.map(({ content }) => content).join(' ');
      return { prompt: join(prompt), chosen: join(chosen), rejected: join(rejected) };
    };
    const changed = (edit: PairEdit, of = line): string => {
      const { edit: done } = lineEdit(edit, of, reading);
      return done.op === 'replace' ? done.line : done.op === 'insert' ? String(done.lines[0]) : '';
    };
    const system = columns.system === undefined ? '' : 'text of system ';
    const texts = { prompt: `${system}text of prompt`, chosen: 'text of chosen', rejected: 'text of rejected' };
    expect(textsOf(line)).toEqual(texts);
    const edited = changed({ kind: 'text', row: 0, side: 'chosen', turn: 0, content: 'new' });
    expect(textsOf(edited)).toEqual({ ...texts, chosen: 'new' });
    const others = columnEntries(columns).filter(([name]) => name !== 'chosen');
    for (const [, path] of others)
      expect(valueAt(JSON.parse(edited), keysOf(path))).toEqual(valueAt(row, keysOf(path)));
    expect(changed({ kind: 'text', row: 0, side: 'chosen', turn: 0, content: 'text of chosen' }, edited)).toBe(line);
    const swapped = changed({ kind: 'swap', row: 0 });
    expect(textsOf(swapped)).toEqual({ ...texts, chosen: texts.rejected, rejected: texts.chosen });
    expect(JSON.parse(changed({ kind: 'swap', row: 0 }, swapped))).toEqual(row);
    expect(textsOf(changed({ kind: 'insert', row: 0 })).chosen).toBe('');
    expect(parseColumns(columnsText(columns))).toEqual(columns);
  });
});
