import { becomesChat, chatRefusal, plainSides, toolLosses, turnsOf, whole } from './sides';
import type { Target } from './target';

/**
 * TRL's unpaired preference, `{"prompt": "Q", "completion": "a", "label": true}`. A pair gives two rows: its better
 * answer is good, its worse one bad.
 */
export const kto: Target = {
  id: 'kto',
  label: 'KTO: prompt, completion, label',
  file: 'jsonl',
  purpose: 'KTO with TRL: single answers, each good or bad; a pair gives two',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  options: ['style'],
  extraColumns: true,
  reads: ['unpaired'],
  write(row, options) {
    const turns = turnsOf(row);
    const labels = row.kind === 'judged' ? [row.answer.label] : [true, false];
    if (becomesChat(turns, options)) {
      const refused = chatRefusal(turns);
      if (refused) return { rows: [], losses: [refused] };
      const { prompt, answers, tools } = turns;
      const extra = tools.length > 0 ? { tools } : {};
      return {
        rows: answers.map((turn, i) => ({
          prompt: whole(prompt),
          completion: whole(turn),
          label: labels[i],
          ...extra,
        })),
        losses: [],
      };
    }
    const texts = plainSides(turns);
    if ('kind' in texts) return { rows: [], losses: [texts] };
    return {
      rows: texts.answers.map((completion, i) => ({ prompt: texts.prompt, completion, label: labels[i] })),
      losses: toolLosses(turns),
    };
  },
};
