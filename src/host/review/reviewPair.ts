import { must } from '../../base/pure/must';
import { exchangedMark, type Mark, type Strength, type Verdict } from '../../pairs/marks/mark';
import type { ReviewAction, ReviewMark, ReviewPair, ReviewSide } from '../../protocol/review';
import type { RowDetail } from '../../protocol/pairEditor';

/** The answer on the left. */
export type Left = 'chosen' | 'rejected';

export interface Judgement {
  readonly verdict: Verdict;
  readonly strength: Strength | null;
}

/** The verdict of an action, about the pair as the file has it; null if the action is no verdict. */
export function judgementOf(action: ReviewAction, left: Left): Judgement | null {
  const ofLeft = left === 'chosen' ? 'keep' : 'swap';
  const ofRight = left === 'chosen' ? 'swap' : 'keep';
  switch (action) {
    case 'muchLeft':
      return { verdict: ofLeft, strength: 3 };
    case 'left':
      return { verdict: ofLeft, strength: 1 };
    case 'right':
      return { verdict: ofRight, strength: 1 };
    case 'muchRight':
      return { verdict: ofRight, strength: 3 };
    case 'tie':
      return { verdict: 'tie', strength: null };
    case 'bothBad':
      return { verdict: 'both_bad', strength: null };
    case 'keep':
    case 'swap':
      return { verdict: action, strength: 2 };
    default:
      return null;
  }
}

/** A mark with sides as they are shown. */
export function shownMark(mark: Mark, left: Left): ReviewMark {
  const { dimensions, tags, note, flag, skipped } = left === 'chosen' ? mark : exchangedMark(mark);
  return { choice: choiceOf(mark, left), dimensions, tags, note, flag, skipped };
}

/**
 * A pair as it is shown.
 *
 * @param blind whether everything is left out that tells the sides apart or may sway a person
 */
export function reviewPair(
  detail: RowDetail,
  mark: Mark,
  left: Left,
  blind: boolean,
  fixed: string | null,
): ReviewPair {
  const { revision, row, line, reward, problems, cut } = detail;
  const pair = must(detail.pair, `the pair of row ${row + 1}`);
  const side = (name: Left): ReviewSide => ({
    turns: pair[name],
    problems: blind ? [] : problems.filter((one) => one.side === name),
    reward: blind ? null : (reward?.[name] ?? null),
  });
  return {
    revision,
    row,
    line,
    prompt: pair.prompt,
    left: side(left),
    right: side(left === 'chosen' ? 'rejected' : 'chosen'),
    problems: blind ? [] : problems.filter((one) => one.side === null || one.side === 'prompt'),
    margin: blind ? null : (reward?.margin ?? null),
    fixed: cut ? 'The row is too long to be edited here.' : fixed,
    mark: shownMark(mark, left),
  };
}

/** The button that a verdict has: `keep` and `swap` if the person said "clearly" or did not say how much. */
function choiceOf({ verdict, strength }: Mark, left: Left): ReviewAction | null {
  if (verdict === null) return null;
  if (verdict === 'tie') return 'tie';
  if (verdict === 'both_bad') return 'bothBad';
  if (strength === null || strength === 2) return verdict;
  const isLeft = (verdict === 'keep') === (left === 'chosen');
  if (strength === 1) return isLeft ? 'left' : 'right';
  return isLeft ? 'muchLeft' : 'muchRight';
}
