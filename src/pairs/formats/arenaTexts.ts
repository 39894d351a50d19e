import { problem } from '../problem';
import { writeLine } from '../writeLine';
import { isRecord } from '../../base/pure/isRecord';
import { at } from '../../base/pure/must';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { type Format, inOrderOf } from './format';
import { tieProblem } from './verdict';

const sides = ['response_a', 'response_b'] as const;
const wins = ['winner_model_a', 'winner_model_b'] as const;

/**
 * `{"prompt": "[\"2 + 2?\"]", "response_a": "[\"4\"]", "response_b": "[\"5\"]", "winner_model_a": 1, "winner_model_b":
 * 0, "winner_tie": 0}`: the arena's 55k battles, as on Kaggle. Each list has a text for each turn, also as JSON text.
 * The pair's prompt is the first question, and each answer is the rest of its conversation.
 */
export const arenaTexts: Format = {
  id: 'arena-55k',
  label: 'prompt, response_a, response_b, winner_model_a, winner_model_b (arena 55k)',
  tool: 'LMSYS Chatbot Arena',
  link: 'https://huggingface.co/datasets/lmarena-ai/arena-human-preference-55k',
  keys: ['prompt', ...sides, ...wins, 'winner_tie'],
  detect: (value) => verdictOf(value) !== null && ['prompt', ...sides].every((key) => isTexts(value[key])),
  refuse: (value) => {
    const failed = ['prompt', ...sides].find((key) => textsOf(value[key]).length === 0);
    if (failed !== undefined) return problem('error', 'missing-field', failed, noAnswer(failed));
    return verdictOf(value) === 'tie' ? tieProblem('winner_tie is set') : null;
  },
  read: (value) => {
    const [better, worse] = betterFirst(value).map((key) => turnsOf(value, key));
    const answer = (turns: readonly Message[] | undefined): readonly Message[] => (turns ?? []).slice(1);
    return {
      style: 'chat',
      prompt: [{ role: 'user', content: at(textsOf(value['prompt']), 0) }],
      chosen: answer(better),
      rejected: answer(worse),
    };
  },
  write: (value, { prompt, chosen, rejected }) => {
    const [better, worse] = betterFirst(value);
    const old = textsOf(value['prompt']);
    const asked = [chosen, rejected].map((turns) => contents([...prompt, ...turns], 'user'));
    // Both answers hold the later questions. If one side has a changed question, that one is written.
    const questions = at(asked, 0).map((text, i) => (text === old[i] ? (at(asked, 1)[i] ?? text) : text));
    return {
      ...value,
      prompt: like(value['prompt'], questions),
      [better]: like(value[better], contents(chosen, 'assistant')),
      [worse]: like(value[worse], contents(rejected, 'assistant')),
    };
  },
  swap: (value) => ({ ...value, [wins[0]]: value[wins[1]], [wins[1]]: value[wins[0]] }),
  blank: (neighbour) =>
    inOrderOf(neighbour, {
      prompt: '[""]',
      response_a: '[""]',
      response_b: '[""]',
      winner_model_a: 1,
      winner_model_b: 0,
      winner_tie: 0,
    }),
};

function verdictOf({ winner_model_a: a, winner_model_b: b, winner_tie: tie }: JsonObject): 0 | 1 | 'tie' | null {
  if (a === 1 && b !== 1) return 0;
  if (b === 1 && a !== 1) return 1;
  return a === 0 && b === 0 && tie === 1 ? 'tie' : null;
}

/** The keys of the two answers: the better answer first. */
function betterFirst(value: JsonObject): readonly [string, string] {
  return verdictOf(value) === 1 ? [sides[1], sides[0]] : sides;
}

function noAnswer(key: string): string {
  return `${key} has a null in its list, where a model gave no answer: delete the row.`;
}

/** Whether a value is a list of texts, of which an answer that failed may be null. */
function isTexts(value: unknown): boolean {
  const list: unknown = typeof value === 'string' ? parsed(value) : value;
  return Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === 'string' || item === null);
}

/** A list of texts, also as JSON text. An answer that failed is null, and the row is not read. */
function textsOf(value: unknown): string[] {
  const list: unknown = typeof value === 'string' ? parsed(value) : value;
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that is not a list: another format may read it.
    return text;
  }
}

function turnsOf(value: JsonObject, key: string): Message[] {
  const answers = textsOf(value[key]);
  return textsOf(value['prompt']).flatMap((content, i) => {
    const answer = answers[i];
    const question = { role: 'user', content };
    return answer === undefined ? [question] : [question, { role: 'assistant', content: answer }];
  });
}

function contents(turns: readonly Message[], role: string): string[] {
  return turns.filter((turn) => turn.role === role).map(({ content }) => content);
}

/** The texts as the row has them: as JSON text or as a list. A list without a change keeps its spelling. */
function like(old: unknown, texts: readonly string[]): unknown {
  if (isRecord(old) || typeof old !== 'string') return texts;
  const before = textsOf(old);
  return before.length === texts.length && before.every((text, i) => text === texts[i]) ? old : writeLine(old, texts);
}
