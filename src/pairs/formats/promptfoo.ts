import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { problem } from '../problem';
import { writeLine } from '../writeLine';
import { inOrderOf } from './format';
import { valueAt, withValueAt } from '../own/keyPath';
import { inside } from './inside';
import type { JudgedFormat } from './judged';
import { isMessageList, readMessages, writeMessages } from './messages';
import { type Part, text } from './parts';
import { perRow } from './perRow';

const facts = { tool: 'promptfoo', link: 'https://www.promptfoo.dev/docs/configuration/outputs/' } as const;

/** A rendered prompt: a text, or a chat as JSON text, which promptfoo sends as messages. */
const rendered = (key: string): Part => {
  const plain = text(key, 'user');
  const chat = (value: JsonObject): readonly JsonObject[] | null => parsedChat(value[key]);
  return {
    ...plain,
    read: (value) => {
      const list = chat(value);
      return list ? readMessages(list) : plain.read(value);
    },
    write: (value, turns) => {
      const list = chat(value);
      if (!list) return plain.write(value, turns);
      const next = writeMessages(list, turns);
      return next.every((message, i) => message === list[i])
        ? value
        : { ...value, [key]: writeLine(String(value[key]), next) };
    },
  };
};

const asked = inside(['prompt'], rendered('raw'));
const answered = inside(['response'], text('output', 'assistant'));

/**
 * `{"prompt": {"raw": "2 + 2?"}, "response": {"output": "4"}, "success": true, "gradingResult": {"pass": true}}`: a
 * line of promptfoo's JSONL output, or an item of `results.results` in its JSON. The label is whether all assertions
 * passed.
 */
export const promptfoo: JudgedFormat = {
  ...facts,
  id: 'promptfoo-result',
  label: 'prompt.raw, response.output, success, gradingResult (promptfoo)',
  keys: ['prompt', 'response', 'success', 'gradingResult'],
  about: [
    ...['id', 'promptId', 'promptIdx', 'testIdx', 'testCase', 'provider', 'vars', 'score', 'namedScores', 'latencyMs'],
    ...['cost', 'failureReason', 'metadata', 'tokenUsage', 'error', 'evalId', 'description'],
  ],
  detect: (value) =>
    asked.fits(value) &&
    isRecord(value['response']) &&
    (typeof value['success'] === 'boolean' || typeof valueAt(value, ['gradingResult', 'pass']) === 'boolean'),
  refuse: (value) => (answered.fits(value) ? null : problem('error', 'wrong-type', 'response', noText)),
  read: (value) => ({
    style: 'chat',
    prompt: asked.read(value),
    completion: answered.read(value),
    label: passed(value),
  }),
  write: (value, { prompt, completion, label }) => {
    const row = answered.write(asked.write(value, prompt), completion);
    if (label === passed(value)) return row;
    const graded = typeof valueAt(row, ['gradingResult', 'pass']) === 'boolean';
    return {
      ...(graded ? withValueAt(row, ['gradingResult', 'pass'], label) : row),
      ...('success' in row && { success: label }),
    };
  },
  blank: (neighbour) =>
    inOrderOf(neighbour, {
      prompt: { raw: '' },
      response: { output: '' },
      success: true,
      gradingResult: { pass: true },
    }),
};

const noText =
  'response.output is not text (an error of the provider, or a structured answer): delete the row, or write its text.';

/**
 * `{"vars": ["2 + 2?"], "outputs": [{"prompt": "2 + 2?", "text": "4", "pass": true, "score": 1}, {…, "pass": false}]}`:
 * a row of promptfoo's table (`results.table.body`) with two outputs. It is a pair if one output passed and the other
 * did not, or if one has the higher score.
 */
export const promptfooTable = perRow({
  ...facts,
  id: 'promptfoo-table',
  label: 'outputs [text, pass, score], vars (promptfoo table)',
  keys: ['outputs'],
  about: ['vars', 'test', 'description', 'testIdx'],
  layoutOf: (value) => {
    const outputs: readonly unknown[] = Array.isArray(value['outputs']) ? value['outputs'] : [];
    const [first, second] = outputs;
    if (!isOutput(first) || !isOutput(second) || outputs.length !== 2) return null;
    if (first['prompt'] !== second['prompt']) return problem('warning', 'no-verdict', 'outputs', twoPrompts);
    const marks = [first, second].map((output) => [Number(output['pass'] === true), Number(output['score'])]);
    const [one = [], other = []] = marks;
    const at = one.findIndex((mark, i) => mark !== other[i]);
    return {
      prompt: [sharedPrompt],
      answers: [inside(['outputs', 0], text('text', 'assistant')), inside(['outputs', 1], text('text', 'assistant'))],
      better: at < 0 ? 'tie' : Number(one[at]) > Number(other[at]) ? 0 : 1,
      tie: 'Both outputs passed or failed with the same score',
      flip: () => exchanged(value, first, second),
      notes: [],
    };
  },
  blank: {
    vars: [],
    outputs: [true, false].map((pass) => ({ prompt: '', text: '', pass, score: Number(pass) })),
  },
});

/** The prompt of both outputs. */
const sharedPrompt: Part = {
  ...inside(['outputs', 0], rendered('prompt')),
  write: (value, turns) => {
    const row = inside(['outputs', 0], rendered('prompt')).write(value, turns);
    return withValueAt(row, ['outputs', 1, 'prompt'], valueAt(row, ['outputs', 0, 'prompt']));
  },
};

const twoPrompts =
  'The two outputs answer different prompts, so the row is not a pair. It is left out. Compare providers on one prompt.';

function exchanged(value: JsonObject, first: JsonObject, second: JsonObject): JsonObject {
  const graded = (to: JsonObject, from: JsonObject): JsonObject => ({
    ...to,
    ...('pass' in to && { pass: from['pass'] }),
    ...('score' in to && { score: from['score'] }),
  });
  return { ...value, outputs: [graded(first, second), graded(second, first)] };
}

function isOutput(value: unknown): value is JsonObject {
  return (
    isRecord(value) &&
    typeof value['text'] === 'string' &&
    typeof value['prompt'] === 'string' &&
    (typeof value['pass'] === 'boolean' || typeof value['score'] === 'number')
  );
}

function passed(value: JsonObject): boolean {
  const pass = valueAt(value, ['gradingResult', 'pass']);
  return typeof pass === 'boolean' ? pass : value['success'] === true;
}

function parsedChat(value: unknown): readonly JsonObject[] | null {
  if (typeof value !== 'string' || !/^\s*\[/.test(value)) return null;
  try {
    const list: unknown = JSON.parse(value);
    return isMessageList(list) && list.length > 0 ? list : null;
  } catch {
    // A prompt that only begins like a list.
    return null;
  }
}
