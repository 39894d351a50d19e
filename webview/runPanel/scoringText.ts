import type { RunSummary } from '../../src/protocol/runPanel';
import { duration } from '../shared/format';
import { strings } from './strings';

type Scoring = NonNullable<RunSummary['scoring']>;

/** Between 0 and 1; 0 where the pairs were not counted yet. */
export const shareOf = ({ scored, total }: Scoring): number => (total === null || total === 0 ? 0 : scored / total);

/** How much of a run is scored, where that is not all. */
export function scoringText(scoring: RunSummary['scoring']): string {
  const { none, done, running, reading, failed } = strings.scoring;
  if (scoring === null || scoring.status === 'done') return '';
  // Never 100 while a pair is left.
  const percent = Math.floor(100 * shareOf(scoring));
  if (scoring.status === 'failed') return failed(scoring.error?.message ?? '');
  if (scoring.status === 'offered') return scoring.scored === 0 ? none : done(percent);
  if (scoring.scored === 0 && scoring.eta === null) return reading;
  return [running(percent), scoring.eta === null ? '' : strings.left(duration(scoring.eta))]
    .filter((text) => text !== '')
    .join(' · ');
}
