import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { answer, shareGptTurns, systemBefore } from './dialogue';
import type { JudgedFormat } from './judged';
import { labelled } from './labelled';
import { earlierTurns, messages, oneOf, oneText, type Part, systemText, text } from './parts';

const labels = ['label', 'kto_tag'] as const;
const axolotl = { tool: 'axolotl', link: 'https://docs.axolotl.ai/docs/rlhf.html' } as const;

const systemRows = labelled({
  ...axolotl,
  id: 'axolotl-kto-system',
  label: 'system or history, prompt, completion, label (axolotl KTO)',
  prompt: [systemBefore(promptPart()), earlierTurns, promptPart()],
  completion: answer('completion', text('completion', 'assistant')),
  labels,
});

/**
 * `{"system": "Be brief.", "prompt": "2 + 2?", "completion": "4", "label": true}`: axolotl's KTO. Without `system` and
 * `history` the row is TRL's.
 */
export const labelledSystem: JudgedFormat = {
  ...systemRows,
  // The label comes first: rows of other formats have none.
  detect: (value) => hasLabel(value) && hasMore(value) && systemRows.detect(value),
  blank: (neighbour) => ({ ...systemRows.blank(neighbour), system: '' }),
};

function promptPart(): Part {
  return oneOf(text('prompt', 'user'), messages('prompt', 'user'));
}

function hasLabel(value: JsonObject): boolean {
  return labels.some((key) => typeof value[key] === 'boolean');
}

function hasMore(value: JsonObject): boolean {
  return systemText.keys.some((key) => typeof value[key] === 'string') || earlierTurns.read(value).length > 0;
}

/** `{"question": "2 + 2?", "completion": "4", "label": true}`: KTO rows of axolotl, ms-swift and OpenRLHF. */
export const labelledQuestion = labelled({
  ...axolotl,
  id: 'axolotl-kto',
  label: 'question, query or instruction, completion, response or output, label (axolotl, ms-swift, OpenRLHF KTO)',
  prompt: [
    systemText,
    earlierTurns,
    oneOf(oneText(['question', 'query', 'instruction', 'prompt', 'input'], 'user'), messages('prompt', 'user')),
  ],
  completion: oneOf(
    oneText(['completion', 'response', 'output', 'answer'], 'assistant'),
    messages('output', 'assistant'),
    messages('response', 'assistant'),
  ),
  labels,
});

const own = shareGptTurns;
const last = (turns: readonly Message[]): readonly Message[] => turns.slice(-1);
const earlier = (turns: readonly Message[]): readonly Message[] => turns.slice(0, -1);
const fits = (value: JsonObject): boolean => {
  const turns = own.fits(value) ? own.read(value) : [];
  return turns.length > 1 && turns.at(-1)?.role === 'assistant';
};

/** The turns before the answer that ends the conversation. */
const askedTurns: Part = {
  ...own,
  fits,
  read: (value) => earlier(own.read(value)),
  write: (value, turns) => own.write(value, [...turns, ...last(own.read(value))]),
  blank: () => ({
    conversations: [
      { from: 'human', value: '' },
      { from: 'gpt', value: '' },
    ],
  }),
};

/** The answer that ends the conversation. */
const answeredTurn: Part = {
  ...askedTurns,
  read: (value) => last(own.read(value)),
  write: (value, turns) => own.write(value, [...earlier(own.read(value)), ...turns]),
};

/** `{"conversations": [{"from": "human", "value": "2 + 2?"}, {"from": "gpt", "value": "4"}], "kto_tag": true}`. */
export const labelledShareGpt = labelled({
  id: 'llama-factory-sharegpt-kto',
  label: 'conversations with from/value, kto_tag or label (LLaMA-Factory ShareGPT KTO)',
  tool: 'LLaMA-Factory',
  toolsAsText: true,
  link: 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md',
  prompt: [systemBefore(askedTurns), askedTurns],
  completion: answeredTurn,
  labels: ['kto_tag', 'label'],
});
