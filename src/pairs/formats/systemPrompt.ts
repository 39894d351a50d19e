import type { JsonObject } from '../json';
import { columns } from './columns';
import { answer, systemBefore } from './dialogue';
import type { Format } from './format';
import { earlierTurns, messages, oneOf, systemText, text } from './parts';

const prompt = oneOf(text('prompt', 'user'), messages('prompt', 'user'));
const system = systemBefore(prompt);

const rows = columns({
  id: 'axolotl-prompt-pairs',
  label: 'system or history, prompt, chosen, rejected (axolotl prompt_pairs)',
  tool: 'axolotl',
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  prompt: [system, earlierTurns, prompt],
  chosen: answer('chosen', text('chosen', 'assistant')),
  rejected: answer('rejected', text('rejected', 'assistant')),
});

/**
 * `{"system": "Be brief.", "prompt": "2 + 2?", "chosen": "4", "rejected": "5"}`: axolotl's `chatml.prompt_pairs`,
 * rendered with the chat template; also with a `history`. Without `system` and `history` the row is TRL's plain text.
 * An empty `system` is no turn, as in axolotl.
 */
export const systemPrompt: Format = {
  ...rows,
  detect: (value) => hasMore(value) && rows.detect(value),
  blank: (neighbour) => ({ ...rows.blank(neighbour), ...('system' in neighbour ? { system: '' } : {}) }),
};

/** Whether the row has turns in keys of their own, before the prompt. */
function hasMore(value: JsonObject): boolean {
  if (typeof value['prompt'] === 'string' && systemText.keys.some((key) => typeof value[key] === 'string')) return true;
  const hasTurns = [system, earlierTurns].some((part) => part.fits(value) && part.read(value).length > 0);
  // The quick question first: few rows have such turns.
  return hasTurns && rows.detect(value);
}
