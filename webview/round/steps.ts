import type { RoundState } from '../../src/protocol/round';
import { strings } from './strings';

export interface Step {
  readonly name: string;
  readonly state: 'done' | 'now' | 'open';
  readonly detail: string;
  /** Whether the detail leads to the run. */
  readonly isLink: boolean;
}

/** The steps of a round with their states and counts. */
export function stepsOf({ steps, queue, busy }: RoundState): readonly Step[] {
  const { drafts, wanted, duplicates, run, measured } = steps;
  const { progress, leftOut } = queue;
  const isDrafted = drafts > 0 && (wanted === null ? busy === null : drafts >= wanted);
  const isJudged = progress.total > 0 && progress.done >= progress.total;
  const state = (isDone: boolean, isNow: boolean): Step['state'] => (isDone ? 'done' : isNow ? 'now' : 'open');
  const plain = (name: string, of: Step['state'], detail = ''): Step => ({ name, state: of, detail, isLink: false });
  const dropped = [strings.drop(duplicates), ...(leftOut === 0 ? [] : [strings.leftOut(leftOut)])].join(' · ');
  return [
    plain(strings.draft(steps), state(isDrafted, drafts > 0 || busy !== null)),
    plain(drafts === 0 ? strings.dropName : dropped, state(isDrafted, false)),
    plain(strings.judged, state(isJudged, progress.total > 0), progress.total === 0 ? '' : strings.judgedOf(progress)),
    {
      name: strings.trained,
      state: run === null ? 'open' : state(run.status === 'done', true),
      detail: run === null ? '' : `${run.name} · ${run.status}`,
      isLink: run !== null,
    },
    plain(strings.measured, state(measured, false)),
  ];
}
