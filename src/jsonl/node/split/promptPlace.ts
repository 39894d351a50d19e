import { createHash } from 'node:crypto';
import type { Message } from '../../../pairs/pair';

/**
 * A prompt's hash as a number in [0, 1). It decides whether the prompt is held out. It depends on the prompt's text and
 * the seed alone, so other rows can be added or moved.
 */
export function promptPlace(prompt: readonly Message[], seed: number): number {
  const text = JSON.stringify(prompt.map(({ role, content }) => [role, content]));
  return createHash('sha256').update(`${seed}\n${text}`).digest().readUInt32LE() / 2 ** 32;
}
