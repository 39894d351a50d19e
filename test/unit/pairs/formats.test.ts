import { describe, expect, it } from 'vitest';
import { checkLine } from '../../../src/pairs/checks';
import { formats } from '../../../src/pairs/formats/table';
import { transcriptText } from '../../../src/pairs/formats/transcript';
import { type Pair } from '../../../src/pairs/pair';
import { type PairResult, readPair } from '../../../src/pairs/readPair';
import { applyToLines } from '../../../src/pairs/edits';
import { lineEdit } from '../../../src/pairs/pairEdits';
import { newLine } from '../../../src/pairs/writeLine';
import { detectAll } from '../../../src/pairs/reading';
import { assistant, formatRows, user } from './formatRows';

type Read = Extract<PairResult, { kind: 'pair' }>;

function read(value: unknown): Read {
  const result = readPair(JSON.stringify(value), detectAll);
  if (result.kind !== 'pair') throw new Error(result.reason);
  return result;
}

const contents = (pair: Pair): string[][] =>
  [pair.prompt, pair.chosen, pair.rejected].map((side) => side.map((turn) => turn.content));

describe.each(formats)('$id', (format) => {
  const value = formatRows[format.id] ?? {};

  it('is the first format that detects its rows', () => {
    expect(read(value).format.id).toBe(format.id);
  });

  it('finds the better and the worse answer', () => {
    const { pair } = read(value);
    const answers = [pair.chosen, pair.rejected].map((turns) => turns.at(-1)?.content.trim());
    expect(answers).toEqual(['a', 'b']);
    expect(pair.prompt.at(-1)?.content).toMatch(/^Q/);
  });

  it('exchanges the answers, and a second exchange gives the same bytes', () => {
    const line = JSON.stringify(value);
    const swap = (text: string): string =>
      String(applyToLines([text], lineEdit({ kind: 'swap', row: 0 }, text, detectAll).edit)[0]);
    const swapped = readPair(swap(line), detectAll);
    if (swapped.kind !== 'pair') throw new Error(swapped.reason);
    const { pair } = read(value);
    expect(contents(swapped.pair)).toEqual(contents({ ...pair, chosen: pair.rejected, rejected: pair.chosen }));
    expect(swap(swap(line))).toBe(line);
  });

  it('writes a row unchanged if nothing was edited', () => {
    const result = read(value);
    expect(JSON.stringify(format.write(result.value, result.pair))).toBe(JSON.stringify(value));
  });

  it('reads back what it wrote, in each turn', () => {
    const { pair, value: old } = read(value);
    const change = (turns: Pair['prompt'], word: string): Pair['prompt'] =>
      turns.map((turn) => ({ ...turn, content: `${word} ${turn.content}` }));
    const changed = {
      ...pair,
      prompt: change(pair.prompt, 'P'),
      chosen: change(pair.chosen, '1'),
      rejected: change(pair.rejected, '2'),
    };
    expect(contents(read(format.write(old, changed)).pair)).toEqual(contents(changed));
  });

  it('makes a blank row of its own format, in the key order of a neighbour', () => {
    const neighbour = Object.fromEntries(Object.entries(value).reverse());
    const blank = format.blank(neighbour);
    const order = Object.keys(neighbour).filter((key) => key in blank);
    expect(read(blank).format.id).toBe(format.id);
    expect(Object.keys(blank)).toEqual(order);
    expect(newLine(blank, JSON.stringify(neighbour))).toBe(JSON.stringify(blank));
  });
});

describe('implicit prompts of text, as TRL splits them', () => {
  it.each([
    ['The sky is blue.', 'The sky is green.', ['The sky is', ' blue.', ' green.']],
    ['Answer: cat', 'Answer: car', ['Answer: ca', 't', 'r']],
    ['abc', 'abcdef', ['ab', 'c', 'cdef']],
    ['same', 'same', ['sam', 'e', 'e']],
    ['', 'x', ['', '', 'x']],
    ['', '', ['', '', '']],
    ['Blue ', 'green', ['', 'Blue ', 'green']],
    ['hm 😀', 'hm 😁', ['hm', ' 😀', ' 😁']],
    ['x😀a', 'x😀', ['x', '😀a', '😀']],
  ])('%j / %j', (chosen, rejected, expected) => {
    expect(contents(read({ chosen, rejected }).pair).map((side) => side[0])).toEqual(expected);
  });
});

describe('implicit prompts of messages, as TRL splits them', () => {
  it.each([
    ['the shared turns are the prompt', [user('Q'), assistant('a')], [user('Q'), assistant('b')], 1],
    ['nothing shared', [user('Q'), assistant('a')], [user('R'), assistant('a')], 0],
    ['one the start of the other', [user('Q'), assistant('a')], [user('Q'), assistant('a'), user('R')], 1],
    ['identical', [user('Q'), assistant('a')], [user('Q'), assistant('a')], 1],
    ['empty', [], [user('Q')], 0],
  ])('%s', (_, chosen, rejected, shared) => {
    expect(read({ chosen, rejected }).pair.prompt).toHaveLength(shared);
  });

  it('updates the text prompt of UltraFeedback with the turn that it repeats', () => {
    const { format, pair, value } = read({
      prompt: 'Q',
      prompt_id: 'f00',
      chosen: [user('Q'), assistant('a')],
      rejected: [user('Q'), assistant('b')],
      score_chosen: 8.5,
    });
    const next = format.write(value, { ...pair, prompt: [{ role: 'user', content: 'R' }] });
    expect(next).toEqual({
      prompt: 'R',
      prompt_id: 'f00',
      chosen: [user('R'), assistant('a')],
      rejected: [user('R'), assistant('b')],
      score_chosen: 8.5,
    });
    expect(read(next).format.id).toBe('implicit-conversational');
  });

  it.each([
    ['says the question with a space more', 'Q ', 'R'],
    ['says something else', 'Be kind. Q', 'Be kind. Q'],
  ])('reads the lists if a text prompt %s, and keeps that text', (_, prompt, afterEdit) => {
    const old = { prompt, chosen: [user('Q'), assistant('a')], rejected: [user('Q'), assistant('b')] };
    const { format, pair, value } = read(old);
    expect(contents(pair)).toEqual([['Q'], ['a'], ['b']]);
    expect(format.write(value, { ...pair, chosen: [{ role: 'assistant', content: 'c' }] })['prompt']).toBe(prompt);
    expect(format.write(value, { ...pair, prompt: [{ role: 'user', content: 'R' }] })['prompt']).toBe(afterEdit);
  });
});

describe('messages', () => {
  it('keep their other fields, and may have no content if they call tools', () => {
    const call = { role: 'assistant', tool_calls: [{ id: '1' }] };
    const value = {
      prompt: [{ ...user('Q'), name: 'Ann' }],
      chosen: [call, assistant('a')],
      rejected: [assistant('b')],
      tools: '[{"type":"function"}]',
    };
    const { pair, format } = read(value);
    expect(pair.chosen[0]).toEqual({ ...call, content: '' });
    expect(pair.tools).toEqual([{ type: 'function' }]);
    const next = format.write(value, { ...pair, prompt: pair.prompt.map((turn) => ({ ...turn, content: 'R' })) });
    expect(next).toEqual({ ...value, prompt: [{ ...user('R'), name: 'Ann' }] });
  });
});

describe('contents in parts', () => {
  const image = { type: 'image_url', image_url: { url: 'a.png' } };
  const parts = [image, { type: 'text', text: 'Q' }];
  const value = { prompt: [{ role: 'user', content: parts }], chosen: [assistant('a')], rejected: [assistant('b')] };

  it('are read as their text; an image is named', () => {
    expect(contents(read(value).pair)).toEqual([['Q'], ['a'], ['b']]);
    expect(checkLine(JSON.stringify(value), detectAll)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        field: 'prompt',
        message: expect.stringContaining('"image_url"'),
      }),
    ]);
  });

  it('keep the image when their text is edited', () => {
    const { format, pair } = read(value);
    const next = format.write(value, { ...pair, prompt: pair.prompt.map((turn) => ({ ...turn, content: 'R' })) });
    expect(next).toEqual({ ...value, prompt: [{ role: 'user', content: [image, { type: 'text', text: 'R' }] }] });
  });
});

describe('transcripts', () => {
  it('become turns, and give their own text back for models without a chat template', () => {
    const start = '\n\nHuman: Q\n\nAssistant: one\n\nHuman: R\n\nAssistant:';
    const { pair } = read({ chosen: `${start} a`, rejected: `${start} b` });
    expect(contents(pair)).toEqual([['Q', 'one', 'R'], ['a'], ['b']]);
    expect(transcriptText(pair)).toEqual({ prompt: start, chosen: ' a', rejected: ' b' });
  });

  it('keep the spaces of the turns that are not edited', () => {
    const value = { chosen: '\n\nHuman:Q \n\nAssistant:  a', rejected: '\n\nHuman:Q \n\nAssistant:  b' };
    const { format, pair } = read(value);
    const next = format.write(value, { ...pair, rejected: [{ role: 'assistant', content: 'c' }] });
    expect(next).toEqual({ ...value, rejected: '\n\nHuman:Q \n\nAssistant: c' });
  });
});

describe('rows without a pair', () => {
  it.each([
    ['[1]', 'a list'],
    ['{"text": "x"}', 'None of prompt, chosen, rejected among the keys (text).'],
    ['{"prompt": "Q", "chosen": "a"}', '"rejected" is missing'],
    ['{"prompt": "Q", "chosen": "a", "rejected": null}', '"rejected" is null'],
    ['{"prompt": "Q", "chosen": "a", "rejected": 3}', '"rejected" is a number'],
    ['{"chosen": {"role": "assistant", "content": "a"}, "rejected": "b"}', '"chosen" is an object'],
    ['{"chosen": [{"from": "gpt", "value": "a"}], "rejected": []}', 'rename them to role and content'],
    ['{"chosen": [{"role": "user"}], "rejected": []}', 'chosen[0].content is missing'],
    ['{"chosen": [{"role": "user", "content": [{"type": "text"}]}], "rejected": []}', 'chosen[0].content is a list'],
    [
      '{"prompt": "Q", "chosen": "a", "rejected": [{"role": "assistant", "content": "b"}]}',
      'chosen is text, rejected is messages',
    ],
    ['{"prompt": "Q", "chosen": [{"role": "user", "content": "R"}], "rejected": []}', 'not a turn of both lists'],
  ])('%s: %s', (line, reason) => {
    const result = readPair(line, detectAll);
    expect(result.kind).toBe('not-a-pair');
    expect('reason' in result && result.reason).toContain(reason);
  });

  it.each([
    ['{"a": 1', 8, 'the line ends before "}"'],
    ['{"a": x}', 7, '"x" where a value is expected'],
    ['{"a": "b', 9, 'inside a string'],
    ['{"a": 1,}', 9, 'a comma before "}"'],
    ["{'a': 1}", 2, 'a key in double quotes'],
    ['{"a": 1} {', 10, 'more text after'],
    ['{"a": "\t"}', 8, 'control character'],
    ['{"a": 01}', 8, 'expected "," or "}"'],
    ['{"a": "\udcff"}', 8, 'Not valid UTF-8'],
  ])('%j is not JSON at column %i: %s', (line, column, reason) => {
    expect(readPair(line, detectAll)).toMatchObject({
      kind: 'not-json',
      column,
      reason: expect.stringContaining(reason),
    });
  });
});
