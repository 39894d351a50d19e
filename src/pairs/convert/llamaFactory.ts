import { must } from '../../base/pure/must';
import { callsTools } from '../formats/messages';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { leftOut, loss, type ConversionLoss } from './loss';
import { answerRefusal, bare, chatRefusal, fieldLosses, styleLosses, turnsOf } from './sides';
import type { Target } from './target';

/** ShareGPT's names of the roles, as the tags of {@link datasetInfo} say. */
const speakers: Readonly<Record<string, string>> = {
  system: 'system',
  user: 'human',
  assistant: 'gpt',
  tool: 'observation',
};

/**
 * `{"conversations": [{"from": "human", "value": "Q"}], "chosen": {"from": "gpt", "value": "a"}, "rejected": …}`:
 * LLaMA-Factory's ShareGPT ranking. Tools are JSON as text.
 */
export const llamaFactory: Target = {
  id: 'llama-factory',
  label: 'LLaMA-Factory: conversations, chosen, rejected',
  file: 'jsonl',
  purpose: 'DPO, ORPO, SimPO and reward training with LLaMA-Factory, as ShareGPT ranking',
  tool: 'LLaMA-Factory',
  link: 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md',
  options: [],
  extraColumns: true,
  reads: ['llama-factory-sharegpt'],
  write(row) {
    if (row.kind === 'judged') return leftOut('judged');
    const turns = turnsOf(row);
    const { prompt, answers, tools } = turns;
    const refused = chatRefusal(turns) ?? answerRefusal(answers) ?? orderRefusal(prompt);
    if (refused) return { rows: [], losses: [refused] };
    const [chosen, rejected] = answers.map((answer) => spoken(answer)[0]);
    const extra = tools.length > 0 ? { tools: JSON.stringify(tools) } : {};
    return {
      rows: [{ conversations: spoken(prompt), chosen, rejected, ...extra }],
      losses: [...styleLosses(turns), ...fieldLosses(turns)],
    };
  },
  setup: (file, keys) =>
    `For dataset_info.json beside the file:\n${JSON.stringify({ [nameOf(file)]: datasetInfo(file, keys) }, null, 2)}`,
};

/** The name of a file's entry in `dataset_info.json`: the file's name without its ending. */
export function nameOf(file: string): string {
  return file.replace(/\.[^.]+$/, '');
}

/**
 * The entry of a file in `dataset_info.json`. It names all tags, because LLaMA-Factory uses no defaults once an entry
 * has a tag.
 *
 * @param file the name of the file, in the folder of `dataset_info.json`
 * @param keys the keys of its rows: LLaMA-Factory stops at a column that no row has
 */
export function datasetInfo(file: string, keys: ReadonlySet<string>): JsonObject {
  return {
    file_name: file,
    formatting: 'sharegpt',
    ranking: true,
    columns: {
      messages: 'conversations',
      chosen: 'chosen',
      rejected: 'rejected',
      ...(keys.has('tools') ? { tools: 'tools' } : {}),
    },
    tags: {
      role_tag: 'from',
      content_tag: 'value',
      user_tag: 'human',
      assistant_tag: 'gpt',
      observation_tag: 'observation',
      function_tag: 'function_call',
      system_tag: 'system',
    },
  };
}

function spoken(turns: readonly Message[]): { readonly from: string; readonly value: string }[] {
  return bare(turns).map(({ role, content }) => ({
    from: must(speakers[role], `the speaker of role ${role}`),
    value: content,
  }));
}

/**
 * After a system turn, turns 1, 3, … must be of a person or a tool and turns 2, 4, … of the model, and the prompt must
 * not end with a turn of the model.
 */
function orderRefusal(prompt: readonly Message[]): ConversionLoss | null {
  if (prompt.some(callsTools)) return loss('tool-calls');
  const turns = prompt[0]?.role === 'system' ? prompt.slice(1) : prompt;
  const wrong = turns.findIndex(({ role }, i) => !(i % 2 === 0 ? ['user', 'tool'] : ['assistant']).includes(role));
  if (wrong >= 0) return loss('order', `a turn of the role ${turns[wrong]?.role} is at an unexpected place`);
  return turns.length % 2 === 0 ? loss('order', 'the prompt does not end with a question') : null;
}
