import type { JsonObject } from '../json';
import type { Message } from '../pair';
import type { Format } from './format';
import { inOrderOf } from './format';
import { sharedMessages } from './messages';

const marker = /\n\n(Human|Assistant):/g;

interface Turn extends Message {
  /** The text before the content: the marker, and a space if there is one. */
  readonly lead: string;
}

/**
 * HH-RLHF: `{"chosen": "\n\nHuman: …\n\nAssistant: …", "rejected": …}`. Both transcripts are split into turns. The
 * turns that they share are the prompt, and each side keeps at least its last turn (Bai et al. 2022, arXiv:2204.05862,
 * data release).
 */
export const transcript: Format = {
  id: 'hh-transcript',
  label: 'chosen, rejected as Human/Assistant transcripts (HH-RLHF)',
  tool: 'HH-RLHF',
  link: 'https://huggingface.co/datasets/Anthropic/hh-rlhf',
  keys: ['chosen', 'rejected'],
  detect: (value) =>
    (value['prompt'] ?? null) === null && isTranscript(value['chosen']) && isTranscript(value['rejected']),
  read: (value) => {
    const chosen = turnsOf(value['chosen']).map(message);
    const rejected = turnsOf(value['rejected']).map(message);
    const end = sharedMessages(chosen, rejected);
    return {
      style: 'transcript',
      prompt: chosen.slice(0, end),
      chosen: chosen.slice(end),
      rejected: rejected.slice(end),
    };
  },
  write: (value, pair) => ({
    ...value,
    chosen: join(value['chosen'], [...pair.prompt, ...pair.chosen]),
    rejected: join(value['rejected'], [...pair.prompt, ...pair.rejected]),
  }),
  blank: (neighbour) =>
    inOrderOf(neighbour, { chosen: '\n\nHuman: \n\nAssistant: ', rejected: '\n\nHuman: \n\nAssistant: ' }),
};

/**
 * The texts of a transcript, for models without a chat template. The prompt ends with the marker of the turn that is
 * answered, and the answers begin with the space after it: `\n\nHuman: Hi\n\nAssistant:` and ` Hello!`.
 */
export function transcriptText(pair: { readonly [side in 'prompt' | 'chosen' | 'rejected']: readonly Message[] }): {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
} {
  const role = pair.chosen[0]?.role;
  const marker = role !== undefined && role === pair.rejected[0]?.role ? leadOf(role).trimEnd() : '';
  const rest = (side: readonly Message[]): string => side.map(turnText).join('').slice(marker.length);
  return {
    prompt: pair.prompt.map(turnText).join('') + marker,
    chosen: rest(pair.chosen),
    rejected: rest(pair.rejected),
  };
}

/** Whether both transcripts of a row are the same before their last answer. */
export function sharedTranscript(value: JsonObject): boolean {
  const question = (text: unknown): string => String(text).slice(0, String(text).lastIndexOf('\n\nAssistant:'));
  return question(value['chosen']) === question(value['rejected']);
}

/** Whether a text is a transcript that ends where the assistant answers: `\n\nHuman: 2 + 2?\n\nAssistant: `. */
export function isQuestion(text: unknown): text is string {
  return isTranscript(text) && text.trimEnd().endsWith('\n\nAssistant:');
}

/** The turns of a transcript for which {@link isQuestion} is true, without the empty answer at its end. */
export function askedTurns(text: string): Message[] {
  return turnsOf(text).slice(0, -1).map(message);
}

function isTranscript(text: unknown): text is string {
  return typeof text === 'string' && text.startsWith('\n\nHuman:') && text.includes('\n\nAssistant:');
}

function turnsOf(text: unknown): Turn[] {
  if (typeof text !== 'string') return [];
  const marks = [...text.matchAll(marker)];
  return marks.map((mark, i) => {
    const colon = mark.index + mark[0].length;
    const start = text[colon] === ' ' ? colon + 1 : colon;
    return {
      role: mark[1] === 'Human' ? 'user' : 'assistant',
      content: text.slice(start, marks[i + 1]?.index ?? text.length),
      lead: text.slice(mark.index, start),
    };
  });
}

function message({ role, content }: Turn): Message {
  return { role, content };
}

/** The messages as one transcript. Turns of the transcript `old` keep the text before their content. */
function join(old: unknown, messages: readonly Message[]): string {
  const before = turnsOf(old);
  return messages.map(({ role, content }, i) => (before[i]?.lead ?? leadOf(role)) + content).join('');
}

function turnText({ role, content }: Message): string {
  return leadOf(role) + content;
}

function leadOf(role: string): string {
  return role === 'user' ? '\n\nHuman: ' : '\n\nAssistant: ';
}
