import type { Format } from './format';
import { inOrderOf } from './format';
import { sharedText, textOf } from './text';

/**
 * `{"chosen": "…", "rejected": "…"}`: both texts begin with the prompt, and are split like in TRL's `extract_prompt`.
 */
export const implicitPlain: Format = {
  id: 'implicit-plain',
  label: 'chosen, rejected as text that begins alike (TRL)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['chosen', 'rejected'],
  detect: (value) =>
    (value['prompt'] ?? null) === null && typeof value['chosen'] === 'string' && typeof value['rejected'] === 'string',
  read: (value) => {
    const chosen = String(value['chosen']);
    const rejected = String(value['rejected']);
    const end = sharedText(chosen, rejected);
    return {
      style: 'plain',
      prompt: [{ role: 'user', content: chosen.slice(0, end) }],
      chosen: [{ role: 'assistant', content: chosen.slice(end) }],
      rejected: [{ role: 'assistant', content: rejected.slice(end) }],
    };
  },
  write: (value, pair) => {
    const prompt = textOf(pair.prompt);
    return { ...value, chosen: prompt + textOf(pair.chosen), rejected: prompt + textOf(pair.rejected) };
  },
  blank: (neighbour) => inOrderOf(neighbour, { chosen: '', rejected: '' }),
};
