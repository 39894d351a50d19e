import { isRecord } from '../base/pure/isRecord';
import { type JsonObject } from './json';
import { kindOfKey } from './keyLists';
import { looksLikePrompt } from './looksLikePrompt';
import type { Message } from './pair';
import { type Problem, problem } from './problem';

/** What was read from a row, for the question which of its keys were left out. */
export interface ReadParts {
  /** Id of the format. */
  readonly format: string;
  /** The keys the format reads. */
  readonly keys: readonly string[];
  readonly prompt: readonly Message[];
  readonly answers: readonly (readonly Message[])[];
}

/**
 * Errors for the keys that hold the row's question while the pair has none: it would be trained on answers without a
 * question, or on the few words that both answers begin with.
 */
export function lostQuestions(value: JsonObject, read: ReadParts): Problem[] {
  if (hasPrompt(read)) return [];
  const evident = isEvident(read);
  return unreadKeys(value, read)
    .filter(({ kind }) => kind === 'question' || (kind === 'context' && !evident))
    .map(({ key }) =>
      problem(
        'error',
        'lost-question',
        key,
        `"${key}" is not read, and without it the row has no question: ${mend(value[key])}`,
      ),
    );
}

/**
 * Warnings for keys that hold content which the format does not read, or may hold the question of a pair without
 * one.
 */
export function unreadContent(value: JsonObject, read: ReadParts): Problem[] {
  const unread = unreadKeys(value, read).filter(
    ({ key, kind }) => kind !== 'maybe' || (isProse(value[key]) && !isEvident(read)),
  );
  return unread.map(({ key }) => problem('warning', 'unread-key', key, `"${key}" is not read: ${hint(key)}`));
}

/** The keys of which nothing is known. */
export function unknownKeys(value: JsonObject, read: ReadParts): string[] {
  return Object.keys(value).filter(
    (key) => !read.keys.includes(key) && kindOfKey(key) === 'unknown' && textsOf(value[key]).length > 0,
  );
}

/** Whether what was read as the prompt looks like one. */
function isEvident(read: ReadParts): boolean {
  return hasPrompt(read) || (read.format === 'implicit-plain' && looksLikePrompt(textOf(read.prompt)));
}

/** Words that may ask something, unlike the name of a data set. */
function isProse(value: unknown): boolean {
  return textsOf(value).some((text) => text.trim().split(/\s+/).length >= 3 || /[?？]\s*$/.test(text));
}

interface UnreadKey {
  readonly key: string;
  readonly kind: 'question' | 'context' | 'content' | 'maybe';
}

function unreadKeys(value: JsonObject, read: ReadParts): UnreadKey[] {
  return Object.keys(value).flatMap((key) => {
    const kind = read.keys.includes(key) ? 'about' : kindOfKey(key);
    if (kind === 'about' || kind === 'unknown') return [];
    return repeats(value[key], kind, read) ? [] : [{ key, kind }];
  });
}

/** Whether the pair has a prompt of its own, whatever its row holds besides. */
function hasPrompt({ format, prompt }: ReadParts): boolean {
  if (format === 'implicit-plain') return false;
  const asks = prompt.filter(({ content }) => content.trim() !== '');
  return format === 'implicit-conversational'
    ? asks.some(({ role }) => role !== 'system' && role !== 'assistant')
    : asks.length > 0;
}

/**
 * True where a value holds nothing, or nothing but texts that were read. A question counts as read only in the
 * prompt.
 */
function repeats(value: unknown, kind: UnreadKey['kind'], read: ReadParts): boolean {
  const { prompt, answers } = read;
  const texts = textsOf(value);
  if (texts.length === 0) return true;
  const where = kind === 'content' || typeof value !== 'string' ? [prompt, ...answers] : [prompt];
  const seen = texts.every((text) => wordSeen(text, where));
  const parts = seen ? normal(where.map(textOf).join('\n')) : '';
  if (seen && texts.every((text) => parts.includes(normal(text)))) return true;
  return kind === 'maybe' && typeof value === 'string' && holdsAll(value, read);
}

/** Whether a text's last word was read at all: mostly it was not, and nothing longer need be compared. */
function wordSeen(text: string, turns: readonly (readonly Message[])[]): boolean {
  const word = /\S+\s*$/.exec(text.slice(-100))?.[0].trim() ?? '';
  return turns.some((side) => side.some(({ content }) => content.includes(word)));
}

/** Whether a text is the whole conversation, with a template's marks between prompt and answer. */
function holdsAll(text: string, read: ReadParts): boolean {
  const prompt = normal(textOf(read.prompt));
  const whole = normal(text);
  const start = isEvident(read) ? whole.indexOf(prompt) : -1;
  return start >= 0 && read.answers.some((turns) => whole.indexOf(normal(textOf(turns)), start + prompt.length) >= 0);
}

const nothing = new Set(['', '[]', '{}', 'null', 'none', 'nan', 'n/a']);
/** Fields of messages and content parts that hold no content. */
const notContent = new Set(['role', 'from', 'type', 'id', 'weight', 'loss_weight']);

/** The texts and numbers in a value, without those that stand for nothing. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return nothing.has(value.trim().toLowerCase()) ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isRecord(value)) return [];
  const isMessage = 'content' in value || 'value' in value;
  return Object.entries(value).flatMap(([key, item]) =>
    notContent.has(key) || (isMessage && key === 'name') ? [] : textsOf(item),
  );
}

function textOf(turns: readonly Message[]): string {
  return turns.map(({ content }) => content).join('\n');
}

function normal(text: string): string {
  return /[^\S ]| {2}/.test(text) ? text.replaceAll(/\s+/g, ' ').trim() : text.trim();
}

function mend(value: unknown): string {
  if (typeof value === 'string') return 'rename it to "prompt" (beside lists of messages, make it such a list too).';
  return 'put its messages into "prompt", and make the answers lists of messages too.';
}

function hint(key: string): string {
  const name = key.toLowerCase();
  if (name.startsWith('sys')) return 'put it into the prompt, as a message with the role "system".';
  if (/^(image|video|audio)/.test(name)) return 'Margin trains on text alone, so the model answers without it.';
  if (/^(tool|function)/.test(name)) return 'put it into "tools", beside answers that are lists of messages.';
  return 'if the model should see it, put it into "prompt"; else delete it.';
}
