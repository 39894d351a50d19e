import type { TrainConfig } from '../run/types';
import { heldOutMetricNames } from './evaluate';
import { guardMetricNames } from './guard';
import { klMetricNames } from './policyKl';

/**
 * Names of the metrics that an evaluation has. If all judged answers are good, or all are bad, the metrics of the other
 * side are missing; the KL is missing if no prompt leaves room for an answer.
 */
export function evaluationMetrics(config: TrainConfig): string[] {
  return [...heldOutMetricNames(config), ...klMetricNames(config), ...guardMetricNames(config)];
}
