import type { DatasetsModel } from '../datasets/datasetsModel';
import { dataFilters } from '../datasets/mayHold';
import { browse, type Choice, openOne, pickOne } from '../quickSteps';
import { datasetChoices } from '../train/askTraining';

/** Shares of old pairs that are offered; `margin round --mix` takes any up to 0.9. */
const shares: readonly (readonly [share: number, label: string])[] = [
  [0.25, 'A Quarter Old Pairs'],
  [0.5, 'Half Old Pairs'],
  [0.75, 'Three Quarters Old Pairs'],
];

/**
 * Asks whether old pairs are mixed with those of the round, and from where.
 *
 * @returns flags of `margin round`; null if the person closed a list or dialog
 */
export async function askMix(datasets: DatasetsModel, round: number): Promise<readonly string[] | null> {
  const title = 'Margin: Old Pairs';
  const none: Choice<number> = { label: 'Only the New Pairs', value: 0 };
  const some = shares.map(([value, label]): Choice<number> => ({
    label,
    detail: 'A few new pairs alone are soon learned by heart',
    value,
  }));
  const picked = await pickOne([none, ...some], { title, placeHolder: 'Shall old pairs be mixed in?' });
  if (!picked) return null;
  if (picked.value === 0) return [];
  const earlier: Choice<string | null>[] = round === 1 ? [] : [{ label: 'Pairs of Earlier Rounds', value: '' }];
  // The last one of the datasets is for browsing.
  const choices = [...earlier, ...(await datasetChoices(datasets)).slice(0, -1), browse<string | null>(null)];
  const from = await pickOne(choices, { title, placeHolder: 'Which old pairs?' });
  if (!from) return null;
  const file = from.value ?? (await openOne(title, { filters: dataFilters }))?.fsPath;
  if (file === undefined) return null;
  return ['--mix', String(picked.value), ...(file === '' ? [] : ['--mix_file', file])];
}
