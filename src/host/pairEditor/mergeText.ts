import type { MergePlan } from '../../jsonl/mergePlan';

/** Most rows that a message names. */
const maxNamed = 5;

/** The question to a person if another program changed a file that has unsaved edits. */
export interface MergeText {
  readonly message: string;
  /** What each of the choices does, for a dialog that has room for it. */
  readonly detail: string;
  readonly canMerge: boolean;
}

/**
 * The question for a plan.
 *
 * @param file as the person knows it
 * @param unit what the number of a row counts
 */
export function mergeText(file: string, plan: MergePlan, unit: 'line' | 'row'): MergeText {
  const canMerge = plan.kind === 'apart';
  const choices = [
    ...(canMerge ? ['Merge keeps both.'] : []),
    'Keep Mine overwrites the file with your rows.',
    'Take Theirs drops your edits.',
    'Compare shows both and changes nothing.',
  ];
  return {
    message: `${file} was changed by another program${messageEnd(plan, unit)}`,
    detail: choices.join('\n'),
    canMerge,
  };
}

/** Says what a merge has done. @param other who wrote the file */
export function mergedText(
  file: string,
  { theirs, mine }: Extract<MergePlan, { kind: 'apart' }>,
  other = 'the other program',
): string {
  return `${file}: merged ${counted(theirs, 'row')} of ${other} with your edits in ${counted(mine, 'row')}. Save to write both.`;
}

function messageEnd(plan: MergePlan, unit: 'line' | 'row'): string {
  switch (plan.kind) {
    case 'none':
      return ', and you have unsaved edits.';
    case 'apart': {
      const mine = counted(plan.mine, plan.theirs === 0 ? 'row' : 'other row');
      const theirs = plan.theirs === 0 ? ', but its rows are the same' : ` in ${counted(plan.theirs, 'row')}`;
      return `${theirs}. You have unsaved edits in ${mine}.`;
    }
    case 'conflict':
      return `, also where you have unsaved edits${conflicts(plan, unit)}.`;
    case 'unknown':
      return `, and you have unsaved edits. They cannot be merged: ${plan.reason}`;
  }
}

function conflicts({ rows, deleted }: Extract<MergePlan, { kind: 'conflict' }>, unit: 'line' | 'row'): string {
  const parts = rows.slice(0, maxNamed).map((row) => `${unit} ${row + 1}`);
  if (rows.length > maxNamed) parts.push(`${rows.length - maxNamed} more`);
  if (deleted > 0) parts.push(`${counted(deleted, 'row')} that you deleted`);
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
