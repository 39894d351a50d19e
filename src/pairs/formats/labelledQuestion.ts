import type { JsonObject } from '../json';
import { answeredTurn, askedTurns } from './answeredShareGpt';
import { answer, systemBefore } from './dialogue';
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
