import * as vscode from 'vscode';
import {
  type ApplyCounts,
  type ApplyRule,
  type MarkedRow,
  plannedEdits,
  type TieRule,
} from '../../pairs/marks/applyMarks';
import type { Notices } from '../notices';
import { eachRow } from '../../editor/eachRow';
import type { PairDocument } from '../pairEditor/pairDocument';
import { Slices } from '../../editor/slices';
import { type Choice, pickOne } from '../quickSteps';
import type { DocumentMarks } from './documentMarks';

const title = 'Margin: Apply Marks';
const sliceRows = 1 << 10;
const tieChoices: readonly Choice<TieRule>[] = [
  { label: 'Leave them as they are', value: 'leave' },
  { label: 'Delete them', value: 'drop' },
  { label: 'Give them the weight 0', description: 'they stay, and training ignores them', value: 'zero' },
];
const weightChoices: readonly Choice<boolean>[] = [
  { label: 'Leave them in the marks', value: false },
  { label: 'Write them as weight', description: 'slightly 0.5, clearly 1, strongly 1.5', value: true },
];

/**
 * Applies the marks of a document to its rows, after a preview, as one undo step.
 *
 * @throws MarginError `read-only`, and those of `plannedEdits`
 */
export async function applyMarks(document: PairDocument, marks: DocumentMarks, notices: Notices): Promise<void> {
  await marks.known();
  const { revision } = document.lines;
  const rows = await markedRows(document, marks);
  const name = vscode.workspace.asRelativePath(document.uri);
  const rule = await askRule(rows);
  if (!rule) return;
  const { edits, counts } = plannedEdits(rows, rule, document.reading);
  if (edits.length === 0) {
    await notices.info([`The marks change nothing in ${name}.`, ...linesOf(counts)].join(' '));
    return;
  }
  const detail = [...linesOf(counts), 'One undo takes all of it back. The file changes when you save it.'].join('\n');
  if ((await notices.ask('info', `Apply the marks to ${name}?`, detail, 'Apply')) !== 'Apply') return;
  if (await document.applyTogether(edits, 'Apply marks', revision)) return;
  await notices.warn(`${name} has changed since the preview, so no mark was applied. Apply them again.`);
}

async function markedRows(document: PairDocument, marks: DocumentMarks): Promise<MarkedRow[]> {
  const { lines } = document;
  const slices = new Slices();
  const rows: number[] = [];
  for (let row = 0; row < lines.rowCount; row++) {
    if (row % sliceRows === 0) await slices.breathe();
    if (marks.marksAt(row).some(({ verdict }) => verdict !== null)) rows.push(row);
  }
  return eachRow(rows, lines, (row, line) => ({ row, line, marks: marks.marksAt(row) }));
}

/** Asks only about what the marks have. @returns undefined if the person closed a question */
async function askRule(rows: readonly MarkedRow[]): Promise<ApplyRule | undefined> {
  const all = rows.flatMap(({ marks }) => marks);
  let ties: TieRule = 'leave';
  if (all.some(({ verdict }) => verdict === 'tie')) {
    const choice = await pickOne(tieChoices, { title, placeHolder: 'What to do with ties' });
    if (!choice) return undefined;
    ties = choice.value;
  }
  let weights = false;
  if (all.some(({ strength }) => strength !== null)) {
    const choice = await pickOne(weightChoices, { title, placeHolder: 'What to do with strengths' });
    if (!choice) return undefined;
    weights = choice.value;
  }
  return { ties, weights };
}

/** What the marks do, a sentence each. */
function linesOf(counts: ApplyCounts): string[] {
  const { swapped, bothBad, tiesDropped, tiesZero, tiesLeft, weighted, disagreed } = counts;
  const sentences: readonly (readonly [number, string, string])[] = [
    [swapped, 'pair is swapped', 'pairs are swapped'],
    [bothBad, 'pair with two bad answers is deleted', 'pairs with two bad answers are deleted'],
    [tiesDropped, 'tie is deleted', 'ties are deleted'],
    [tiesZero, 'tie gets the weight 0', 'ties get the weight 0'],
    [weighted, 'pair gets a weight', 'pairs get a weight'],
    [tiesLeft, 'tie stays as it is', 'ties stay as they are'],
    [disagreed, 'pair stays as it is: its reviewers disagree', 'pairs stay as they are: their reviewers disagree'],
  ];
  return sentences.flatMap(([count, one, many]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`]));
}
