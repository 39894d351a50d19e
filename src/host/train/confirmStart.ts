import type { Notices } from '../notices';
import type { EstimateText } from './estimateRun';

/**
 * Asks whether to start a run with this estimate. Does not ask if it is unknown: then the start shows what is wrong.
 */
export async function confirmStart(
  notices: Notices,
  name: string,
  estimate: EstimateText | 'skipped' | 'unknown',
): Promise<'start' | 'edit' | 'cancel'> {
  if (estimate === 'unknown') return 'start';
  const fits = estimate === 'skipped' || estimate.fits;
  const [start, edit] = [fits ? 'Start' : 'Start Anyway', 'Edit Config'];
  const answer = await (estimate === 'skipped' || estimate.fits
    ? notices.ask(
        'info',
        estimate === 'skipped' ? `Train ${name}?` : `Train ${name}? It takes ${estimate.summary}.`,
        '',
        start,
        edit,
      )
    : notices.ask(
        'warning',
        `${name} does not fit on this machine: ${estimate.summary}.`,
        estimate.problems.join('\n'),
        edit,
        start,
      ));
  return answer === start ? 'start' : answer === edit ? 'edit' : 'cancel';
}
