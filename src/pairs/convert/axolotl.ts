import { callsTools } from '../formats/messages';
import { leftOut } from './loss';
import { answerRefusal, bare, chatRefusal, fieldLosses, styleLosses, toolLosses, turnsOf } from './sides';
import type { Target } from './target';

/**
 * `{"messages": [user], "chosen": assistant, "rejected": assistant}`: axolotl's `chat_template.default`. It reads only
 * role and content of a message, and one message as an answer.
 */
export const axolotl: Target = {
  id: 'axolotl',
  label: 'axolotl: messages, chosen, rejected',
  file: 'jsonl',
  purpose: 'DPO, IPO and ORPO with axolotl, as chat_template.default',
  tool: 'axolotl',
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  options: [],
  extraColumns: true,
  reads: ['messages-ranking'],
  write(row) {
    if (row.kind === 'judged') return leftOut('judged');
    const turns = turnsOf(row);
    const { prompt, answers } = turns;
    const refused = chatRefusal(turns) ?? answerRefusal(answers);
    if (refused) return { rows: [], losses: [refused] };
    if (prompt.some(callsTools)) return leftOut('tool-calls');
    const [chosen, rejected] = answers.map((answer) => bare(answer)[0]);
    return {
      rows: [{ messages: bare(prompt), chosen, rejected }],
      losses: [...styleLosses(turns), ...toolLosses(turns), ...fieldLosses(turns)],
    };
  },
  setup: (file) =>
    [
      'For axolotl’s config:',
      'rl: dpo',
      'datasets:',
      `  - path: ${JSON.stringify(file)}`,
      '    ds_type: json',
      '    split: train',
      '    type: chat_template.default',
      '    field_messages: messages',
      '    field_chosen: chosen',
      '    field_rejected: rejected',
      '    message_property_mappings:',
      '      role: role',
      '      content: content',
      '    roles:',
      '      system: ["system"]',
      '      user: ["user"]',
      '      assistant: ["assistant"]',
      '      tool: ["tool"]',
    ].join('\n'),
};
