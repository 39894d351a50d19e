import { rowsOf, type Remark } from '../reward/remarks';
import type { TrainConfig } from '../run/types';
import { remarksOn } from './loadRows';
import type { Shared } from './overlap';
import type { Sides } from './split';

/** What a person should know of the rows that a run trains on and measures: a run's notes, and what `check` says of its config. */
export function sideRemarks({ train, held, shared }: Sides, config: TrainConfig): Remark[] {
  const { train_file: trainFile, eval_file: evalFile } = config;
  const own = remarksOn(trainFile, train, config);
  if (!held) return own;
  if (evalFile !== null) {
    const ofEval = evalFile === trainFile ? [] : remarksOn(evalFile, held, config);
    return [...own, ...ofEval, ...(shared ? overlapRemarks(evalFile, trainFile, shared) : [])];
  }
  const split = `${train.rows.count} rows are trained on, ${held.rows.count} are held out: all those of a prompt on one side`;
  return [...own, { severity: 'info', code: 'split', message: split }, ...remarksOn(`${trainFile} (held out)`, held, config)];
}

function overlapRemarks(evalFile: string, trainFile: string, { rows, same, prompts }: Shared): Remark[] {
  const warning = (code: string, message: string): Remark => ({ severity: 'warning', code, message });
  const falsely = 'what is measured on them says nothing about other rows';
  const whole = `eval_file holds the same ${rows} rows as train_file, so evaluations measure what is trained on: name other rows, or use test_split_size`;
  return [
    ...(same.count > 0 && same.count === rows ? [warning('eval-is-train', whole)] : []),
    ...(same.count > 0 && same.count < rows ? [warning('overlap', `${rowsOf(same.count, evalFile)} also ${same.count === 1 ? 'stands' : 'stand'} in ${trainFile}, and ${falsely}: ${same.places}`)] : []),
    ...(prompts.count > 0 ? [warning('prompt-overlap', `${rowsOf(prompts.count, evalFile)} ${prompts.count === 1 ? 'has a prompt' : 'have prompts'} of ${trainFile} with other answers, which evaluations take for new: ${prompts.places}`)] : []),
  ];
}
