import { rowsInFile, type Remark } from '../reward/remarks';
import type { TrainConfig } from '../run/types';
import { remarksOn } from './loadRows';
import type { Shared } from './overlap';
import type { Sides } from './split';

/**
 * Remarks about the rows that a run trains on and evaluates. The run shows them as notes, and `check` of its config
 * lists them.
 */
export function sideRemarks({ train, held, shared, proofs }: Sides, config: TrainConfig): Remark[] {
  const { train_file: trainFile, eval_file: evalFile } = config;
  const own = [...remarksOn(trainFile, train, config), ...proofs.map(proofRemark)];
  if (!held) return own;
  if (evalFile !== null) {
    const ofEval = evalFile === trainFile ? [] : remarksOn(evalFile, held, config);
    return [...own, ...ofEval, ...(shared ? overlapRemarks(evalFile, trainFile, shared) : [])];
  }
  const [trained, measured] = [train.rows.count, held.rows.count];
  const split = `${trained} rows are trained on, ${measured} are held out: all those of a prompt on one side`;
  return [
    ...own,
    { severity: 'info', code: 'split', message: split },
    ...remarksOn(`${trainFile} (held out)`, held, config),
  ];
}

function proofRemark(proof: string): Remark {
  const message = `${proof} holds: the files have the bytes that were split`;
  return { severity: 'info', code: 'split-proof', message };
}

function overlapRemarks(evalFile: string, trainFile: string, { rows, same, prompts }: Shared): Remark[] {
  const remarks: Remark[] = [];
  const warn = (code: string, message: string): unknown => remarks.push({ severity: 'warning', code, message });
  if (same.count > 0 && same.count === rows) {
    const fix = 'name other rows, or use test_split_size';
    warn(
      'eval-is-train',
      `eval_file holds the same ${rows} rows as train_file, so evaluations measure what is trained on: ${fix}`,
    );
  } else if (same.count > 0) {
    const also = `${rowsInFile(same.count, evalFile)} ${same.count === 1 ? 'is' : 'are'} also in ${trainFile}`;
    warn('overlap', `${also}, and what is measured on them says nothing about other rows: ${same.lineList}`);
  }
  if (prompts.count > 0) {
    const have = `${rowsInFile(prompts.count, evalFile)} ${prompts.count === 1 ? 'has a prompt' : 'have prompts'} of ${trainFile}`;
    warn(
      'prompt-overlap',
      `${have} with other answers, so evaluations on them do not show how the model does on new prompts: ${prompts.lineList}`,
    );
  }
  return remarks;
}
