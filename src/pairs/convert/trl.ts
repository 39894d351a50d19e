import { sharedMessages } from '../formats/messages';
import { sharedText } from '../formats/text';
import type { JsonObject } from '../json';
import { leftOut, loss, type ConversionLoss } from './loss';
import { becomesChat, chatRefusal, plainSides, type RowTurns, type Sides, toolLosses, turnsOf, whole } from './sides';
import type { ConvertOptions, Target, Written } from './target';

/**
 * TRL's preference rows: `{"prompt": "Q", "chosen": "a", "rejected": "b"}` with an explicit prompt,
 * `{"chosen": "Qa", "rejected": "Qb"}` with an implicit one. As a chat, each text is a list of messages.
 */
export const trl: Target = {
  id: 'trl',
  label: 'TRL: prompt, chosen, rejected',
  file: 'jsonl',
  purpose: 'DPO and reward training with TRL, and most tools built on it',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  options: ['prompt', 'style'],
  extraColumns: true,
  reads: [
    'explicit-conversational',
    'whole-conversations',
    'explicit-plain',
    'implicit-conversational',
    'implicit-plain',
    'hh-transcript',
  ],
  write: (row, options) => (row.kind === 'judged' ? leftOut('judged') : pairRow(turnsOf(row), options)),
};

function pairRow(turns: RowTurns, options: ConvertOptions): Written {
  return becomesChat(turns, options) ? chatRow(turns, options) : plainRow(turns, options);
}

function chatRow(turns: RowTurns, { prompt: place }: ConvertOptions): Written {
  const { prompt, answers, tools } = turns;
  const extra = tools.length > 0 ? { tools } : {};
  if (place === 'explicit') {
    const refused = chatRefusal(turns);
    if (refused) return { rows: [], losses: [refused] };
    return { rows: [{ prompt: whole(prompt), ...pairOf(answers.map(whole)), ...extra }], losses: [] };
  }
  const lists = answers.map((answer) => whole([...prompt, ...answer]));
  const [chosen = [], rejected = []] = lists;
  return {
    rows: [{ ...pairOf(lists), ...extra }],
    losses: sharedMessages(chosen, rejected) === prompt.length ? [] : [loss('split')],
  };
}

function plainRow(turns: RowTurns, { prompt: place }: ConvertOptions): Written {
  const texts = plainSides(turns);
  if ('kind' in texts) return { rows: [], losses: [texts] };
  const losses = toolLosses(turns);
  if (place === 'explicit') return { rows: [{ prompt: texts.prompt, ...pairOf(texts.answers) }], losses };
  const joined = texts.answers.map((answer) => texts.prompt + answer);
  return { rows: [pairOf(joined)], losses: [...losses, ...splitLosses(turns, texts, joined)] };
}

/** A transcript is split at its marks; other texts are split where the two begin to differ. */
function splitLosses(
  { style }: RowTurns,
  { prompt }: Sides<string>,
  [chosen = '', rejected = '']: string[],
): ConversionLoss[] {
  return style === 'transcript' || sharedText(chosen, rejected) === prompt.length ? [] : [loss('split')];
}

function pairOf([chosen, rejected]: readonly unknown[]): JsonObject {
  return { chosen, rejected };
}
