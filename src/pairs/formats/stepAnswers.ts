import { MarginError } from '../../base/pure/marginError';
import type { JsonObject } from '../json';
import { columns } from './columns';
import { type Format, howRead } from './format';
import { type Part, text } from './parts';

const key = 'initial_reason_steps';

/** An answer that continues the steps before it. */
function step(side: 'chosen' | 'rejected'): Part {
  const own = text(side, 'assistant');
  return {
    ...own,
    keys: [side, key],
    read: (value) => own.read(value).map((turn) => ({ ...turn, content: stepsOf(value) + turn.content })),
    write: (value, turns) => {
      const row = own.write(value, turns);
      const content = String(row[side]);
      if (content.startsWith(stepsOf(value))) return { ...row, [side]: content.slice(stepsOf(value).length) };
      const message = `Both answers begin with "${key}": edit only what follows, or edit the line as text.`;
      throw new MarginError('shared-steps', message, {});
    },
    blank: () => ({ [side]: '', [key]: '' }),
  };
}

function stepsOf(value: JsonObject): string {
  return String(value[key]);
}

const rows = columns({
  id: 'step-dpo',
  label: 'prompt, initial_reason_steps, chosen, rejected (Step-DPO)',
  tool: 'Step-DPO',
  link: 'https://huggingface.co/datasets/xinlai/Math-Step-DPO-10K',
  about: ['full_chosen', 'full_rejected', 'answer', 'dataset'],
  prompt: [text('prompt', 'user')],
  chosen: step('chosen'),
  rejected: step('rejected'),
  notes: () => [howRead(key, `${key} is the start of both answers, which continue it.`)],
});

/**
 * `{"prompt": "2 + 2?", "initial_reason_steps": "Step 1: ", "chosen": "4", "rejected": "5"}`: Step-DPO (Lai et al.
 * 2024, arXiv:2406.18629). The answers are one step each, and continue the right steps before it.
 */
export const stepAnswers: Format = {
  ...rows,
  detect: (value) => typeof value[key] === 'string' && rows.detect(value),
};
