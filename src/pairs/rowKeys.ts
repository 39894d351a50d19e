import { isRecord } from '../base/pure/isRecord';
import type { CheckedAnswer, CheckedRow } from './checkedRow';
import { kindOfKey } from './keyLists';
import { looksLikePrompt } from './looksLikePrompt';
import type { Message } from './pair';
import { type Problem, problem } from './problem';

// These checks compare what a format read from a row with the keys that it did not read.

/**
 * Errors for keys that hold the question of a row whose pair has no prompt. The model would be trained on answers
 * without a question, or with the few words that both answers begin with as the question.
 */
export function lostQuestions(row: CheckedRow): Problem[] {
  if (hasPrompt(row)) return [];
  const lost = unreadKeys(row, (_, kind) => kind === 'question' || (kind === 'context' && !hasLikelyPrompt(row)));
  return [...lost, ...unknownMessages(row)].map((key) => {
    const message = `"${key}" is not read, and without it the row has no question: ${renameHint(row.value[key])}`;
    return problem('error', 'lost-question', key, message);
  });
}

/**
 * Warnings for keys with content that the format does not read, and for keys that may hold the question of a pair
 * without a prompt.
 */
export function unreadContent(row: CheckedRow): Problem[] {
  const unread = unreadKeys(row, (key, kind) => kind !== 'maybe' || (!hasLikelyPrompt(row) && isProse(row.value[key])));
  return unread.map((key) => problem('warning', 'unread-key', key, `"${key}" is not read: ${hint(key)}`));
}

/** The keys that no list of known names contains, and that hold text or numbers. */
export function unknownKeys(row: CheckedRow): string[] {
  return Object.keys(row.value).filter(
    (key) => !isKnown(key, row) && kindOfKey(key) === 'unknown' && textsOf(row.value[key]).length > 0,
  );
}

/** The keys of unknown names that hold a list of messages, such as `trajectory`, if the row has no likely prompt. */
function unknownMessages(row: CheckedRow): string[] {
  if (hasLikelyPrompt(row)) return [];
  return unknownKeys(row).filter((key) => isMessages(row.value[key]) && !repeats(row.value[key], 'question', row));
}

function isMessages(value: unknown): boolean {
  const isMessage = (item: unknown): boolean =>
    isRecord(item) && ('role' in item || 'from' in item) && ('content' in item || 'value' in item);
  return Array.isArray(value) && value.length > 0 && value.every(isMessage);
}

/** Whether the text that was read as the prompt looks like a prompt. */
function hasLikelyPrompt(read: CheckedRow): boolean {
  return hasPrompt(read) || (read.format === 'implicit-plain' && looksLikePrompt(joinedText(read.prompt)));
}

/** Whether a value contains a sentence or question, unlike the name of a dataset. */
function isProse(value: unknown): boolean {
  return textsOf(value).some((text) => text.trim().split(/\s+/).length >= 3 || /[?？]\s*$/.test(text));
}

type UnreadKind = 'question' | 'context' | 'content' | 'maybe';

/** The keys that no format read and that repeat nothing that was read, if their kind is wanted. */
function unreadKeys(row: CheckedRow, isWanted: (key: string, kind: UnreadKind) => boolean): string[] {
  const unread: string[] = [];
  for (const key of Object.keys(row.value)) {
    const kind = isKnown(key, row) ? 'about' : kindOfKey(key);
    if (kind === 'about' || kind === 'unknown' || !isWanted(key, kind)) continue;
    if (!repeats(row.value[key], kind, row)) unread.push(key);
  }
  return unread;
}

function isKnown(key: string, { keys, about }: CheckedRow): boolean {
  return keys.includes(key) || about.includes(key);
}

/** Whether the pair has a prompt, not counting other keys of its row. */
function hasPrompt({ format, prompt }: CheckedRow): boolean {
  if (format === 'implicit-plain') return false;
  const isOfLists = format === 'implicit-conversational';
  return prompt.some(
    ({ role, content }) => !(isOfLists && (role === 'system' || role === 'assistant')) && content.trim() !== '',
  );
}

/**
 * Whether a value is empty, or all its texts were read already. A question counts as read only if it is in the prompt.
 */
function repeats(value: unknown, kind: UnreadKind, read: CheckedRow): boolean {
  const { prompt, answers } = read;
  const texts = textsOf(value);
  if (texts.length === 0) return true;
  const where = kind === 'content' || typeof value !== 'string' ? [prompt, ...answers.map(turnsOf)] : [prompt];
  const isCopy = (text: string): boolean => where.some((turns) => turns.some(({ content }) => content === text));
  if (texts.every(isCopy)) return true;
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
  const end = text.slice(-100).trimEnd();
  let start = end.length;
  while (start > 0 && end.charAt(start - 1).trim() !== '') start--;
  const word = end.slice(start);
  return turns.some((side) => side.some(({ content }) => content.includes(word)));
}

/** Whether a text is the whole conversation, with marks of a chat template between prompt and answer. */
function holdsAll(text: string, read: CheckedRow): boolean {
  const prompt = normal(joinedText(read.prompt));
  const whole = normal(text);
  const start = hasLikelyPrompt(read) ? whole.indexOf(prompt) : -1;
  return (
    start >= 0 && read.answers.some(({ turns }) => whole.indexOf(normal(joinedText(turns)), start + prompt.length) >= 0)
  );
}

const nothing = new Set(['', '[]', '{}', 'null', 'none', 'nan', 'n/a']);

function isNothing(text: string): boolean {
  const word = text.trim();
  return word.length <= 4 && nothing.has(word.toLowerCase());
}

/** Fields of messages and content parts that are not content. */
const notContent = new Set(['role', 'from', 'type', 'id', 'weight', 'loss_weight']);

/** The texts and numbers in a value, without those that mean "empty". */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return isNothing(value) ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isRecord(value)) return [];
  const isMessage = 'content' in value || 'value' in value;
  return Object.entries(value).flatMap(([key, item]) =>
    notContent.has(key) || (isMessage && key === 'name') ? [] : textsOf(item),
  );
}

function turnsOf({ turns }: CheckedAnswer): readonly Message[] {
  return turns;
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
