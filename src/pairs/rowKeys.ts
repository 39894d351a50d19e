import { isRecord } from '../base/pure/isRecord';
import { type JsonObject } from './json';
import { kindOfKey } from './keyLists';
import { looksLikePrompt } from './looksLikePrompt';
import type { Message } from './pair';
import { type Problem, problem } from './problem';

/** What a format read from a row. The checks below compare it with the keys that the format did not read. */
export interface ReadParts {
  /** Id of the format. */
  readonly format: string;
  /** The keys that the format reads. */
  readonly keys: readonly string[];
  /** Other keys that the tool writes, none of which a model reads. */
  readonly about: readonly string[];
  readonly prompt: readonly Message[];
  readonly answers: readonly (readonly Message[])[];
}

/**
 * Errors for keys that hold the question of a row whose pair has no prompt. The model would be trained on answers
 * without a question, or with the few words that both answers begin with as the question.
 */
export function lostQuestions(value: JsonObject, read: ReadParts): Problem[] {
  if (hasPrompt(read)) return [];
  const likely = hasLikelyPrompt(read);
  return unreadKeys(value, read)
    .filter(({ kind }) => kind === 'question' || (kind === 'context' && !likely))
    .map(({ key }) =>
      problem(
        'error',
        'lost-question',
        key,
        `"${key}" is not read, and without it the row has no question: ${renameHint(value[key])}`,
      ),
    );
}

/**
 * Warnings for keys with content that the format does not read, and for keys that may hold the question of a pair
 * without a prompt.
 */
export function unreadContent(value: JsonObject, read: ReadParts): Problem[] {
  const unread = unreadKeys(value, read).filter(
    ({ key, kind }) => kind !== 'maybe' || (isProse(value[key]) && !hasLikelyPrompt(read)),
  );
  return unread.map(({ key }) => problem('warning', 'unread-key', key, `"${key}" is not read: ${hint(key)}`));
}

/** The keys that no list of known names contains, and that hold text or numbers. */
export function unknownKeys(value: JsonObject, read: ReadParts): string[] {
  return Object.keys(value).filter(
    (key) => !isKnown(key, read) && kindOfKey(key) === 'unknown' && textsOf(value[key]).length > 0,
  );
}

/** Whether the text that was read as the prompt looks like a prompt. */
function hasLikelyPrompt(read: ReadParts): boolean {
  return hasPrompt(read) || (read.format === 'implicit-plain' && looksLikePrompt(joinedText(read.prompt)));
}

/** Whether a value contains a sentence or question, unlike the name of a dataset. */
function isProse(value: unknown): boolean {
  return textsOf(value).some((text) => text.trim().split(/\s+/).length >= 3 || /[?？]\s*$/.test(text));
}

interface UnreadKey {
  readonly key: string;
  readonly kind: 'question' | 'context' | 'content' | 'maybe';
}

function unreadKeys(value: JsonObject, read: ReadParts): UnreadKey[] {
  return Object.keys(value).flatMap((key) => {
    const kind = isKnown(key, read) ? 'about' : kindOfKey(key);
    if (kind === 'about' || kind === 'unknown') return [];
    return repeats(value[key], kind, read) ? [] : [{ key, kind }];
  });
}

function isKnown(key: string, { keys, about }: ReadParts): boolean {
  return keys.includes(key) || about.includes(key);
}

/** Whether the pair has a prompt, not counting other keys of its row. */
function hasPrompt({ format, prompt }: ReadParts): boolean {
  if (format === 'implicit-plain') return false;
  const asks = prompt.filter(({ content }) => content.trim() !== '');
  return format === 'implicit-conversational'
    ? asks.some(({ role }) => role !== 'system' && role !== 'assistant')
    : asks.length > 0;
}

/**
 * Whether a value is empty, or all its texts were read already. A question counts as read only if it is in the prompt.
 */
function repeats(value: unknown, kind: UnreadKey['kind'], read: ReadParts): boolean {
  const { prompt, answers } = read;
  const texts = textsOf(value);
  if (texts.length === 0) return true;
  const where = kind === 'content' || typeof value !== 'string' ? [prompt, ...answers] : [prompt];
  const seen = texts.every((text) => wordSeen(text, where));
  const parts = seen ? normal(where.map(joinedText).join('\n')) : '';
  if (seen && texts.every((text) => parts.includes(normal(text)))) return true;
  return kind === 'maybe' && typeof value === 'string' && holdsAll(value, read);
}

/**
 * A quick first test: whether the last word of a text was read. Usually it was not, so the slow comparison is not
 * needed.
 */
function wordSeen(text: string, turns: readonly (readonly Message[])[]): boolean {
  // A text that ends with 100 white spaces has no last word here: '' is in every content.
  const word = /\S+\s*$/.exec(text.slice(-100))?.[0].trim() ?? '';
  return turns.some((side) => side.some(({ content }) => content.includes(word)));
}

/** Whether a text is the whole conversation, with marks of a chat template between prompt and answer. */
function holdsAll(text: string, read: ReadParts): boolean {
  const prompt = normal(joinedText(read.prompt));
  const whole = normal(text);
  const start = hasLikelyPrompt(read) ? whole.indexOf(prompt) : -1;
  return (
    start >= 0 && read.answers.some((turns) => whole.indexOf(normal(joinedText(turns)), start + prompt.length) >= 0)
  );
}

const nothing = new Set(['', '[]', '{}', 'null', 'none', 'nan', 'n/a']);
/** Fields of messages and content parts that are not content. */
const notContent = new Set(['role', 'from', 'type', 'id', 'weight', 'loss_weight']);

/** The texts and numbers in a value, without those that mean "empty". */
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

function joinedText(turns: readonly Message[]): string {
  return turns.map(({ content }) => content).join('\n');
}

function normal(text: string): string {
  return /[^\S ]| {2}/.test(text) ? text.replaceAll(/\s+/g, ' ').trim() : text.trim();
}

function renameHint(value: unknown): string {
  if (typeof value === 'string')
    return 'rename it to "prompt" (if the answers are lists of messages, make it a list too).';
  return 'put its messages into "prompt", and make the answers lists of messages too.';
}

function hint(key: string): string {
  const name = key.toLowerCase();
  if (name.startsWith('sys')) return 'put it into the prompt, as a message with the role "system".';
  if (/^(image|video|audio)/.test(name)) return 'Margin trains on text alone, so the model answers without it.';
  if (/^(tool|function)/.test(name)) return 'put it into "tools", beside answers that are lists of messages.';
  return 'if the model should see it, put it into "prompt"; else delete it.';
}
