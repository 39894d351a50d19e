import type { Notices } from '../notices';
import type { ToldEstimate } from './estimateRun';

/** Asks whether a run of this estimate is to start; does not ask where the start itself will tell what is wrong. */
export async function confirmStart(
  notices: Notices,
  name: string,
  estimate: ToldEstimate | 'skipped' | 'unknown',
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
    : notices.ask('warning', `${name} would not fit: ${estimate.summary}.`, estimate.problems.join('\n'), edit, start));
  return answer === start ? 'start' : answer === edit ? 'edit' : 'cancel';
}
