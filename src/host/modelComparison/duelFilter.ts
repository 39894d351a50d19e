import { at } from '../../base/pure/must';
import type { ComparedQuery, DuelCell } from '../../protocol/modelComparison';
import type { FoundComparison } from './comparisonLines';

/** The margins of the first model are those before. */
const filters: Readonly<Record<DuelCell, string>> = {
  flips: 'flipped:yes',
  both_right: 'margin.before:>0 margin:>0',
  only_first: 'margin.before:>0 margin:<=0',
  only_second: 'margin.before:<=0 margin:>0',
  both_wrong: 'margin.before:<=0 margin:<=0',
};

/**
 * The filter of the pair editor for the pairs of a query, if the editor shows the rewards of the second model, compared
 * with those of the first.
 *
 * @returns null if no filter finds just these pairs: the editor knows margins of rewards only, a margin of 0 has no
 *   sign for `flipped`, and judged answers have margins too
 */
export function duelFilter({ result, names }: FoundComparison, query: ComparedQuery): string | null {
  const { cell, slice, first, second } = query;
  const ties = [first, second].map((model) => result.models[at(names, model)]?.ties);
  const isSigned = cell !== 'flips' || ties.every((count) => count === 0);
  const isWhole = slice === null && result.left_out.judged_answers === 0;
  return result.measure === 'reward' && isWhole && isSigned ? filters[cell] : null;
}
