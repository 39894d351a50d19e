import type { RunSummary } from '../../src/protocol/runPanel';
import { duration } from '../shared/format';
import { strings } from './strings';

type Scoring = NonNullable<RunSummary['scoring']>;

/** Scored share of the pairs, from 0 to 1; 0 while the pairs are not counted. */
export const shareOf = ({ scored, total }: Scoring): number => (total === null || total === 0 ? 0 : scored / total);

/** How much of a run is scored; empty if all of it is, or if scoring has no meaning yet. */
export function scoringText(scoring: RunSummary['scoring']): string {
  const { none, done, running, reading, failed } = strings.scoring;
  if (scoring === null || scoring.status === 'done') return '';
  // Rounded down, so that it is 100 only when all pairs are scored.
  const percent = Math.floor(100 * shareOf(scoring));
  if (scoring.status === 'failed')
    return failed(scoring.error === null ? strings.scoring.seeLog : scoring.error.message);
  if (scoring.status === 'offered') return scoring.scored === 0 ? none : done(percent);
  if (scoring.scored === 0 && scoring.eta === null) return reading;
  return [running(percent), scoring.eta === null ? '' : strings.left(duration(scoring.eta))]
    .filter((text) => text !== '')
    .join(' · ');
}
