import { corpus } from './corpus';
import type { Draw } from './draw';

const turns = 160;

/**
 * A text that guards the language of the sample's model: what users say, in the markup of its chats, because the model
 * has seen no other text. No answer is in it: the pairs change how the model answers, and a good run leaves its loss on
 * the users' words as it was.
 */
export function guardText(draw: Draw): string {
  const said = [...corpus(draw, turns)].flatMap(
    (conversation) => conversation.findLast(({ role }) => role === 'user') ?? [],
  );
  return said.map(({ content }) => `<|im_start|>user\n${content}<|im_end|>\n`).join('');
}
