import { describe, expect, it } from 'vitest';
import { judgedFormats } from '../../../src/pairs/formats/table';
import { lineEdit, type PairEdit } from '../../../src/pairs/pairEdits';
import { detectAll } from '../../../src/pairs/reading';
import { type PairResult, readPair } from '../../../src/pairs/readPair';
import { assistant, openWebUiRow, user } from './formatRows';

type Read = Extract<PairResult, { kind: 'judged' }>;

function read(line: string): Read {
  const result = readPair(line, detectAll);
  if (result.kind !== 'judged') throw new Error('reason' in result ? result.reason : result.kind);
  return result;
}

function after(edit: PairEdit, old: string): string {
  const { edit: done } = lineEdit(edit, old, detectAll);
  if (done.op !== 'replace') throw new Error(`a ${done.op}`);
  return done.line;
}

/** A row of each format, whose question is Q and whose good answer is "fine". */
const rows: Readonly<Record<string, object>> = {
  unpaired: { prompt: 'Q', completion: 'fine', label: true, id: 1 },
  'llama-factory-kto': { messages: [user('Q'), assistant('fine')], kto_tag: true },
  'llama-factory-alpaca-kto': { instruction: 'Q', input: '', output: 'fine', kto_tag: true },
  'axolotl-kto-system': { system: 'S', prompt: 'Q', completion: 'fine', label: true },
  'axolotl-kto': { query: 'Q', response: 'fine', label: true },
  'llama-factory-sharegpt-kto': {
    conversations: [
      { from: 'human', value: 'Q' },
      { from: 'gpt', value: 'fine' },
    ],
    kto_tag: true,
  },
  'beaver-tails': { prompt: 'Q', response: 'fine', category: { privacy_violation: false }, is_safe: true },
  'open-webui-feedback': openWebUiRow(1, 'fine', null),
  'promptfoo-result': {
    provider: { id: 'p' },
    prompt: { raw: 'Q', label: 'Q' },
    vars: {},
    response: { output: 'fine' },
    success: true,
    score: 1,
    gradingResult: { pass: true, score: 1, reason: 'All assertions passed' },
  },
};

describe.each(judgedFormats)('$id', ({ id, blank }) => {
  const line = JSON.stringify(rows[id] ?? {});

  it('is read with its question, answer and label', () => {
    const { answer, format } = read(line);
    expect(format.id).toBe(id);
    expect([answer.prompt.at(-1)?.content, answer.completion.at(-1)?.content, answer.label]).toEqual([
      'Q',
      'fine',
      true,
    ]);
  });

  it('changes nothing but the text that is edited', () => {
    const edited = after({ kind: 'text', row: 0, side: 'completion', turn: 0, content: 'better' }, line);
    expect(edited).toBe(line.replaceAll('"fine"', '"better"'));
  });

  it('flips the label, and back to the same bytes', () => {
    const flipped = after({ kind: 'swap', row: 0 }, line);
    expect(read(flipped).answer.label).toBe(false);
    expect(after({ kind: 'swap', row: 0 }, flipped)).toBe(line);
  });

  it('makes a blank row of its own format', () => {
    const empty = read(JSON.stringify(blank(JSON.parse(line))));
    expect([empty.format.id, empty.answer.completion.map(({ content }) => content)]).toEqual([id, ['']]);
  });
});
