import { promptPlace } from '../jsonl/node/split/promptPlace';
import type { PromptFilter } from '../reward/rowCollector';

/**
 * Returns a function that tells whether a prompt is held out. The answer depends on the prompt's text and the seed
 * alone: all rows of a prompt are on one side, and adding, deleting or moving other rows does not change it.
 *
 * @param part share of the prompts to hold out, from 0 to 1
 */
export function heldOut(part: number, seed: number): PromptFilter {
  return (prompt) => promptPlace(prompt, seed) < part;
}
