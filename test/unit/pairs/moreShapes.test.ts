import { describe, expect, it } from 'vitest';
import { checkLine } from '../../../src/pairs/checks';
import { applyToLines } from '../../../src/pairs/edits';
import type { Message } from '../../../src/pairs/pair';
import { lineEdit } from '../../../src/pairs/pairEdits';
import { type PairResult, readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { assistant, user } from './formatRows';

const system = { role: 'system', content: 'S' };
const human = { from: 'human', value: 'Q' };

function read(row: object): PairResult {
  return readPair(JSON.stringify(row), detectAll);
}

/** "prompt | chosen | rejected", with the first letter of each role. */
function sidesOf(row: object): string {
  const result = read(row);
  if (result.kind !== 'pair') return result.reason;
  const text = (turns: readonly Message[]): string =>
    turns.map(({ role, content }) => `${role[0]}:${content}`).join(' ');
  return [result.pair.prompt, result.pair.chosen, result.pair.rejected].map(text).join(' | ');
}

describe('a system prompt or a history in a key of its own is not lost', () => {
  it.each([
    ['system', { system: 'S', prompt: 'Q', chosen: 'a', rejected: 'b' }, 's:S u:Q'],
    ['system_prompt', { system_prompt: 'S', prompt: 'Q', chosen: 'a', rejected: 'b' }, 's:S u:Q'],
    ['an empty system', { system: '', prompt: 'Q', chosen: 'a', rejected: 'b' }, 'u:Q'],
    [
      'beside messages',
      { system: 'S', prompt: [user('Q')], chosen: [assistant('a')], rejected: [assistant('b')] },
      's:S u:Q',
    ],
    [
      'beside lists',
      { system_prompt: 'S', prompt: 'Q', chosen: [user('Q'), assistant('a')], rejected: [user('Q'), assistant('b')] },
      's:S u:Q',
    ],
    [
      'once',
      { system: 'S', messages: [system, user('Q')], chosen: assistant('a'), rejected: assistant('b') },
      's:S u:Q',
    ],
    [
      'chosen_response',
      { system_prompt: 'S', instruction: 'Q', chosen_response: 'a', rejected_response: 'b' },
      's:S u:Q',
    ],
    ['a history of texts', { history: [['P', 'x']], prompt: 'Q', chosen: 'a', rejected: 'b' }, 'u:P a:x u:Q'],
    [
      'a history of messages',
      { history: [user('P'), assistant('x')], prompt: 'Q', chosen: 'a', rejected: 'b' },
      'u:P a:x u:Q',
    ],
    ['alpaca input', { instruction: 'Q', input: 'I', output: 'a', rejected_response: 'b' }, 'u:Q\nI'],
  ])('%s', (_, row, prompt) => {
    expect(sidesOf(row)).toBe(`${prompt} | a:a | a:b`);
  });
});

describe('turns before the answers, under the names of other tools', () => {
  it.each([
    ['messages and texts', { messages: [user('Q')], chosen: 'a', rejected: 'b' }],
    ['messages and lists', { messages: [user('Q')], chosen: [assistant('a')], rejected: [assistant('b')] }],
    ['conversations', { conversations: [user('Q')], chosen: assistant('a'), rejected: assistant('b') }],
    ['UltraInteract', { trajectory: [{ from: 'user', value: 'Q' }], chosen: 'a', rejected: 'b' }],
    [
      'ShareGPT lists',
      { conversations: [human], chosen: [{ from: 'gpt', value: 'a' }], rejected: [{ from: 'gpt', value: 'b' }] },
    ],
    [
      'ColossalChat',
      {
        context: [{ from: 'human', content: 'Q' }],
        chosen: [{ from: 'assistant', content: 'a' }],
        rejected: [{ from: 'assistant', content: 'b' }],
      },
    ],
    [
      'the search arena',
      { messages_a: [user('Q'), assistant('b')], messages_b: [user('Q'), assistant('a')], winner: 'model_b' },
    ],
    [
      'one message as JSON text',
      { prompt: 'Q', chosen: JSON.stringify(assistant('a')), rejected: JSON.stringify(assistant('b')) },
    ],
  ])('%s', (_, row) => {
    expect(sidesOf(row)).toBe('u:Q | a:a | a:b');
  });

  it('are not the chosen conversation, which UltraFeedback repeats', () => {
    const row = { messages: [user('Q'), assistant('a')], chosen: 'a', rejected: 'b' };
    expect(read(row).kind).toBe('not-a-pair');
  });
});

describe('the better one of two answers', () => {
  const two = { prompt: 'Q', response_a: 'b', response_b: 'a' };
  const numbered = { instruction: 'Q', output_1: 'b', output_2: 'a' };

  it.each([
    ['a letter', { ...two, winner: 'b' }],
    ['a capital', { ...two, preference: 'B' }],
    ['the name of the answer', { ...two, preferred: 'response_b' }],
    ['words', { ...two, better: 'Response B' }],
    ['a side of the arena', { ...two, winner: 'model_b', model_a: 'm', model_b: 'n' }],
    ['the name of the model', { ...two, winner: 'n', model_a: 'm', model_b: 'n' }],
    ['an order', { ...two, label: 'B>A' }],
    ['an order to the left', { ...two, label: 'A<<B' }],
    ['a judge', { ...two, verdict: '[[B]]' }],
    ['a number', { ...numbered, label: 2 }],
    ['the first number', { prompt: 'Q', candidate_0: 'a', candidate_1: 'b', choice: 0 }],
    ['two that agree', { ...two, winner: 'model_b', preference: 'B' }],
  ])('is found by %s, and flipped', (_, row) => {
    expect(sidesOf(row)).toBe('u:Q | a:a | a:b');
    const line = JSON.stringify(row);
    const swap = (text: string): string =>
      String(applyToLines([text], lineEdit({ kind: 'swap', row: 0 }, text, detectAll).edit)[0]);
    expect(sidesOf(JSON.parse(swap(line)) as object)).toBe('u:Q | a:b | a:a');
    expect(swap(swap(line))).toBe(line);
  });

  it.each(['tie', 'Tie', 'tie (bothbad)', 'both_bad', 'neither', 'equal', 'A=B'])('is nobody: %s', (winner) => {
    const result = read({ ...two, winner });
    expect(result.kind === 'not-a-pair' && result.problems.map(({ code }) => code)).toEqual(['tie']);
  });

  it.each([
    ['0 and 1 of two letters', { ...two, label: 1 }],
    ['a scale', { prompt: 'Q', response_1: 'b', response_2: 'a', preference: 2 }],
    ['a label that may count from 0', { prompt: 'Q', response_1: 'b', response_2: 'a', label: 1 }],
    ['two that differ', { ...two, winner: 'a', preference: 'B' }],
    ['a name that nobody has', { ...two, winner: 'm' }],
  ])('is not guessed: %s', (_, row) => {
    expect(read(row).kind).toBe('not-a-pair');
  });
});

describe('answers whose names say which one is better', () => {
  it.each([
    [{ input: 'Q', accepted: 'a', rejected: 'b' }],
    [{ prompt: 'Q', pos_resp: 'a', neg_resp: 'b' }],
    [{ context: [user('Q')], good_edited_response: 'a', bad_edited_response: 'b' }],
    [{ prompt: 'Q', text: 'a', rejected_text: 'b' }],
    [{ input: 'Q', preferred_output: 'a', non_preferred_output: 'b' }],
    [{ Prompt: 'Q', Chosen: 'a', Rejected: 'b' }],
    [{ user_prompt: 'Q', chosen: 'a', rejected: 'b' }],
  ])('%j', (row) => {
    expect(sidesOf(row)).toBe('u:Q | a:a | a:b');
  });
});

describe('what a format has not read', () => {
  const codes = (row: object): string[] =>
    checkLine(JSON.stringify(row), detectAll).map(({ code, field }) => `${code} ${field ?? ''}`);

  it('is named, also if another row of the format has its content there', () => {
    expect(codes({ prompt: 'Q', input: 'A text to read.', answer: 'a', rejected_answer: 'b' })).toEqual([
      'unread-key input',
    ]);
  });

  it('is not an empty text of tools', () => {
    expect(codes({ conversations: [human], tools: '', chosen: 'a', rejected: 'b' })).toEqual([]);
  });

  it('is only the label, if that is a number', () => {
    expect(codes({ query: 'Q', response: 'a', label: 1 })).toEqual(['label-not-boolean label']);
  });
});

it('an answer of the arena that failed is named', () => {
  const verdict = { winner_model_a: 0, winner_model_b: 1, winner_tie: 0 };
  const line = JSON.stringify({ prompt: '["Q"]', response_a: '[null]', response_b: '["a"]', ...verdict });
  expect(checkLine(line, detectAll)).toMatchObject([{ code: 'missing-field', field: 'response_a' }]);
});

describe('Step-DPO', () => {
  const row = { prompt: 'Q', initial_reason_steps: 'One. ', chosen: 'a', rejected: 'b' };

  it('puts the steps before both answers', () => {
    expect(sidesOf(row)).toBe('u:Q | a:One. a | a:One. b');
  });

  it('edits what follows the steps', () => {
    const edit = (content: string): unknown =>
      applyToLines(
        [JSON.stringify(row)],
        lineEdit({ kind: 'text', row: 0, side: 'chosen', turn: 0, content }, JSON.stringify(row), detectAll).edit,
      )[0];
    expect(edit('One. c')).toBe(JSON.stringify({ ...row, chosen: 'c' }));
    expect(() => edit('Two. c')).toThrow('Both answers begin with "initial_reason_steps"');
  });
});

it('lists in a text keep their spaces when a turn is edited', () => {
  const chosen = '[{"role": "assistant", "content": "a"}]';
  const line = JSON.stringify({
    prompt: '[{"role": "user", "content": "Q"}]',
    chosen,
    rejected: chosen.replace('"a"', '"b"'),
  });
  const { edit } = lineEdit({ kind: 'text', row: 0, side: 'chosen', turn: 0, content: 'c' }, line, detectAll);
  expect(applyToLines([line], edit)).toEqual([line.replace('\\"a\\"', '\\"c\\"')]);
});
