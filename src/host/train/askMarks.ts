import { MarksFile } from '../../jsonl/node/marks/marksFile';
import { marksName } from '../../pairs/marks/marksName';
import type { Method } from '../../run/methods';
import type { TrainConfig } from '../../run/types';
import { type Choice, pickOne } from '../quickSteps';

const choices: readonly Choice<boolean>[] = [
  {
    label: 'Use the marks',
    description: 'use_marks',
    detail: 'Swaps what was judged swapped, leaves out ties and pairs with two bad answers, weighs by strength.',
    value: true,
  },
  { label: 'Train on the file as it is', value: false },
];

/**
 * Asks whether a run applies the marks of its dataset, if reviewers have judged pairs of it.
 *
 * @returns the keys of the config; null if the person closed the question
 * @throws MarginError of reading the marks file
 */
export async function askMarks(
  dataset: string,
  { rows }: Method,
): Promise<Partial<Pick<TrainConfig, 'use_marks'>> | null> {
  if (rows !== 'pairs') return {};
  const marks = new MarksFile(marksName(dataset));
  await marks.read();
  const judged = new Set([...marks.book.all()].flatMap(({ key, verdict }) => (verdict === null ? [] : [key])));
  if (judged.size === 0) return {};
  const placeHolder = `Reviewers have judged ${judged.size} pair${judged.size === 1 ? '' : 's'} of this dataset`;
  const choice = await pickOne(choices, { title: 'Margin: Train', placeHolder });
  return choice ? (choice.value ? { use_marks: true } : {}) : null;
}
