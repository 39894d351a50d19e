import { isRecord } from '../../base/pure/isRecord';
import type { Message } from '../pair';
import { leftOut, loss, type ConversionLoss } from './loss';
import { chatRefusal, styleLosses, turnsOf, whole } from './sides';
import type { Target } from './target';

/**
 * `{"input": {"messages": [user], "tools": […]}, "preferred_output": [assistant], "non_preferred_output":
 * [assistant]}`: preference fine-tuning. Outputs have assistant and tool turns, at least one of them by the assistant
 * (Azure OpenAI, "Direct preference optimization dataset format").
 */
export const openAi: Target = {
  id: 'openai',
  label: 'OpenAI: input, preferred_output, non_preferred_output',
  file: 'jsonl',
  purpose: 'preference fine-tuning of OpenAI, Azure OpenAI, Together and Fireworks',
  tool: 'OpenAI',
  link: 'https://platform.openai.com/docs/guides/direct-preference-optimization',
  options: [],
  extraColumns: false,
  reads: ['openai-preference'],
  write(row) {
    if (row.kind === 'judged') return leftOut('judged');
    const turns = turnsOf(row);
    const refused = chatRefusal(turns) ?? outputRefusal(turns.answers);
    if (refused) return { rows: [], losses: [refused] };
    const { prompt, tools } = turns;
    const { chosen, rejected } = row.pair;
    const input = {
      messages: whole(prompt),
      ...(tools.length > 0 ? { tools } : {}),
      ...settingsOf(row.value['input']),
    };
    return {
      rows: [{ input, preferred_output: whole(chosen), non_preferred_output: whole(rejected) }],
      losses: styleLosses(turns),
    };
  },
};

/** The other settings in `input` of a row in OpenAI's shape. */
function settingsOf(input: unknown): { readonly parallel_tool_calls?: unknown } {
  return isRecord(input) && 'parallel_tool_calls' in input ? { parallel_tool_calls: input['parallel_tool_calls'] } : {};
}

function outputRefusal(answers: readonly (readonly Message[])[]): ConversionLoss | null {
  for (const turns of answers) {
    const other = turns.find(({ role }) => role !== 'assistant' && role !== 'tool');
    if (other) return loss('answer-turns', `an answer with a turn of the role ${other.role}`);
    if (!turns.some(({ role }) => role === 'assistant'))
      return loss('answer-turns', 'an answer without a turn of the assistant');
  }
  return null;
}
