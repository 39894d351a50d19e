import type { ComparedRun } from './comparedRun';

/** A difference of accuracies below this is not worth a sentence. */
const worthSaying = 0.001;

/**
 * How a run compares with the baseline on held-out pairs, in a sentence, from their last evaluations. Which pairs each
 * gets right is not known here, so nothing is said of chance.
 *
 * @returns null if one of them has no evaluation
 */
export function againstBaseline(run: ComparedRun, baseline: ComparedRun): string | null {
  const [own, other] = [accuracyOf(run), accuracyOf(baseline)];
  if (own === null || other === null) return null;
  const remark = sameHeldOut(run, baseline) ? '' : ' Their held-out pairs differ, so this says little.';
  const points = 100 * (own - other);
  if (Math.abs(own - other) < worthSaying)
    return `${run.name} is right on as many held-out pairs as ${baseline.name}: ${percent(own)}.${remark}`;
  const does = points > 0 ? 'beats' : 'is behind';
  return `${run.name} ${does} ${baseline.name} by ${Math.abs(points).toFixed(1)} points on held-out pairs: ${percent(own)} against ${percent(other)}.${remark}`;
}

/** Whether two runs hold out the same pairs: the same `eval_file`, or the same share of the same file by one seed. */
function sameHeldOut({ config: a }: ComparedRun, { config: b }: ComparedRun): boolean {
  // What another program's run holds out is not known.
  if (a === null || b === null) return false;
  if (a.config.eval_file !== null || b.config.eval_file !== null) return a.config.eval_file === b.config.eval_file;
  const [one, other] = [a.config, b.config].map((config) => `${config.test_split_size} ${config.seed}`);
  return one === other && a.data.sha256 === b.data.sha256;
}

function accuracyOf({ metrics }: ComparedRun): number | null {
  return metrics.last['eval_rewards/accuracies'] ?? null;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
