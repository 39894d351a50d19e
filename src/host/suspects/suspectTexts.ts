import type { Staleness } from '../../run/measuredRewards';

/** The name of a step that leaves suspects out, or weighs them, and what it did. */
export function weightTexts(weight: number, rows: number): { readonly label: string; readonly done: string } {
  const suspects = suspectsIn(rows);
  if (weight === 0) return { label: `Leave ${suspects} out of training`, done: `Training leaves ${suspects} out now` };
  return { label: `Set weight ${weight} of ${suspects}`, done: `${suspects} have the weight ${weight} now` };
}

/** `1,234 suspects`. */
export function suspectsIn(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'suspect' : 'suspects'}`;
}

/** Why the verdicts may be others after another search; null if nothing has changed. */
export function staleSentence(staleness: Staleness): string | null {
  switch (staleness) {
    case 'newer':
      return 'A run has scored more steps since this search.';
    case 'changed':
      return 'The rewards of a run were written again since this search.';
    case 'missing':
      return 'The rewards of a run are gone since this search.';
    case null:
      return null;
  }
}
