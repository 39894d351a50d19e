import type { PairRule } from '../pairRule';
import { ruleOf } from './listFormat';
import { listFormats } from './table';

/** How the lists of a file become pairs if nobody chose a rule. @param shape the label of the format of its rows */
export function ruleOfShape(shape: string): PairRule {
  return ruleOf(listFormats.find(({ label }) => label === shape) ?? {});
}
