import type { Notices } from '../notices';
import type { StartEstimate } from './startEstimate';

export type StartAnswer = 'start' | 'queue' | 'edit' | 'form' | 'cancel';

/**
 * Asks whether to start a run with this estimate, or to queue it if another run trains. Does not ask if the estimate is
 * unknown: then the start shows what is wrong.
 *
 * @param isBusy whether another run of the same folder trains on this machine
 */
export async function confirmStart(
  notices: Pick<Notices, 'ask'>,
  name: string,
  estimate: StartEstimate | 'skipped' | 'unknown',
  isBusy: boolean,
): Promise<StartAnswer> {
  if (estimate === 'unknown') return 'start';
  const fits = estimate === 'skipped' || estimate.fits;
  const [start, edit, queue] = [isBusy ? 'Start Now' : fits ? 'Start' : 'Start Anyway', 'Edit Config', 'Add to Queue'];
  const form = 'Open as Form';
  const starts = isBusy ? [queue, start] : [start];
  const busy = 'Another run is training. In the queue, this one starts after it.';
  const answer = await (estimate === 'skipped' || estimate.fits
    ? notices.ask(
        'info',
        estimate === 'skipped' ? `Train ${name}?` : questionOf(name, estimate),
        [...(estimate === 'skipped' || !estimate.unknown ? [] : estimate.unknown), ...(isBusy ? [busy] : [])].join(
          '\n',
        ),
        ...starts,
        form,
        edit,
      )
    : notices.ask(
        'warning',
        `${name} does not fit on ${estimate.place}: ${estimate.summary}.`,
        [...estimate.problems, ...(isBusy ? [busy] : [])].join('\n'),
        form,
        edit,
        ...starts,
      ));
  const answers = new Map<string | undefined, StartAnswer>([
    [start, 'start'],
    [edit, 'edit'],
    [form, 'form'],
    [queue, 'queue'],
  ]);
  return answers.get(answer) ?? 'cancel';
}

function questionOf(name: string, { place, summary, unknown }: StartEstimate): string {
  if (unknown === null) return `Train ${name}? It takes ${summary}.`;
  return `Train ${name} on ${place}? Estimate: ${summary}.`;
}
