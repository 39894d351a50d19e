import type { DuelCell } from '../../protocol/modelComparison';

const cells: Readonly<Record<DuelCell, (first: boolean, second: boolean) => boolean>> = {
  flips: (first, second) => first !== second,
  both_right: (first, second) => first && second,
  only_first: (first, second) => first && !second,
  only_second: (first, second) => !first && second,
  both_wrong: (first, second) => !first && !second,
};

/** Whether a pair is in a cell, by whether each of two models is right. */
export const inDuelCell = (cell: DuelCell, first: boolean, second: boolean): boolean => cells[cell](first, second);
