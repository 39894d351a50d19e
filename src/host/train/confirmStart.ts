import * as vscode from 'vscode';
import type { Notices } from '../notices';
import type { ToldEstimate } from './estimateRun';

/** Asks whether a run of this estimate is to start; does not ask where the start itself will tell what is wrong. */
export async function confirmStart(
  notices: Notices,
  name: string,
  estimate: ToldEstimate | 'skipped' | 'unknown',
): Promise<'start' | 'edit' | 'cancel'> {
  if (estimate === 'unknown') return 'start';
  const { t } = vscode.l10n;
  const fits = estimate === 'skipped' || estimate.fits;
  const [start, edit] = [fits ? t('Start') : t('Start Anyway'), t('Edit Config')];
  const answer = await (estimate === 'skipped' || estimate.fits
    ? notices.ask(
        'info',
        estimate === 'skipped' ? t('Train {0}?', name) : t('Train {0}? It takes {1}.', name, estimate.summary),
        '',
        start,
        edit,
      )
    : notices.ask(
        'warning',
        t('{0} would not fit: {1}.', name, estimate.summary),
        estimate.problems.join('\n'),
        edit,
        start,
      ));
  return answer === start ? 'start' : answer === edit ? 'edit' : 'cancel';
}
