import { readSmallText } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import type { Message } from '../../pairs/pair';
import type { Question } from './judge';

/** What a model is asked. The places in braces are filled in. */
export const defaultTemplate = `Two assistants have answered the same prompt. Decide which answer is better: more helpful, correct and polite. Length alone is no merit.

[Prompt]
{prompt}

[Answer A]
{a}

[Answer B]
{b}

Which answer is better? Reply with A or B alone.`;

const places = ['prompt', 'a', 'b'] as const;
/** A template is read by a model with every question. */
const maxBytes = 1 << 16;

/** @throws MarginError `bad-template` if a place is missing; those of `readSmallText` */
export async function readTemplate(path: string): Promise<string> {
  const text = await readSmallText(path, maxBytes);
  const missing = places.filter((place) => !text.includes(`{${place}}`));
  if (missing.length === 0) return text;
  const message = `${path} lacks ${missing.map((place) => `{${place}}`).join(' and ')}: a template for a judge has {prompt}, {a} and {b}.`;
  throw new MarginError('bad-template', message, { path });
}

/** The text that a model is asked. Texts that are filled in may have braces of their own. */
export function filled(template: string, { prompt, first, second }: Question): string {
  const values = { prompt: conversation(prompt), a: first, b: second };
  return template.replaceAll(/\{(prompt|a|b)\}/g, (_, place: keyof typeof values) => values[place]);
}

/** A single turn of a user as it is; else each turn with its role. */
function conversation(prompt: readonly Message[]): string {
  const [only] = prompt;
  if (prompt.length === 1 && only?.role === 'user') return only.content;
  return prompt.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
}
