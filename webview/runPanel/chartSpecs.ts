import type { Curves } from '../../src/protocol/runPanel';
import { strings } from './strings';

export interface Line {
  readonly label: string;
  readonly metric: string;
  /** Name of a theme colour. A dash or marks tell lines apart without colours. */
  readonly colour: string;
  readonly dash?: readonly number[];
  /** Draws a dot at each point. */
  readonly marked?: true;
}

export interface ChartSpec {
  readonly title: string;
  /** Unit of the values, if they have one. */
  readonly unit?: 'nats' | 'nats per token';
  /** A line of explanation below the title. */
  readonly about?: string;
  readonly lines: readonly Line[];
  /** Decimals of values that always show a sign; others have three significant digits. */
  readonly signed?: number;
  /** Values without noise, which are not smoothed. */
  readonly exact?: true;
  /** What the horizontal axis counts; steps if left out. */
  readonly across?: string;
  /** A place on the horizontal axis with a line of its own. */
  readonly mark?: number;
}

/** The lines of a chart that have a point; a chart without one is hidden. */
export function linesWithPoints({ lines }: ChartSpec, { series }: Curves): readonly Line[] {
  return lines.filter(({ metric }) => series[metric]?.some((value) => !Number.isNaN(value)) === true);
}

const dash = [5, 3] as const;
const blue = '--vscode-charts-blue';
const orange = '--vscode-charts-orange';
const green = '--vscode-charts-green';
const red = '--vscode-charts-red';
const chosen = (metric: string): Line => ({ label: 'chosen', metric, colour: green });
const rejected = (metric: string): Line => ({ label: 'rejected', metric, colour: red, dash });
/** The same lines for metrics such as `rewards/chosen_per_token`. */
const perToken = (lines: readonly Line[]): readonly Line[] =>
  lines.map((line) => ({ ...line, metric: `${line.metric}_per_token` }));
const evaluated = (metric: string): Line => ({ label: 'eval', metric, colour: orange, dash, marked: true });
/** Lines of evaluations: colour and dash tell the sides apart, dots tell evaluations from training. */
const evaluatedSides = (metric: string): readonly Line[] => [
  { ...chosen(`${metric}/chosen`), label: 'eval chosen', marked: true },
  { ...rejected(`${metric}/rejected`), label: 'eval rejected', marked: true },
];

const rewards = [chosen('rewards/chosen'), rejected('rewards/rejected'), ...evaluatedSides('eval_rewards')];
const margin = [
  { label: 'train', metric: 'rewards/margins', colour: '--vscode-charts-purple' },
  evaluated('eval_rewards/margins'),
];
const accuracy = [{ label: 'train', metric: 'rewards/accuracies', colour: blue }, evaluated('eval_rewards/accuracies')];
const logps = [chosen('logps/chosen'), rejected('logps/rejected'), ...evaluatedSides('eval_logps')];

/** The charts in reading order. Metrics have TRL's names; those of `per_token_metrics` are Margin's own. */
export const chartSpecs: readonly ChartSpec[] = [
  { title: 'loss', lines: [{ label: 'train', metric: 'loss', colour: blue }, evaluated('eval_loss')] },
  { title: 'rewards', signed: 2, lines: rewards },
  { title: 'margin', signed: 2, lines: margin },
  { title: 'accuracy', lines: accuracy },
  { title: 'log-probs', unit: 'nats', signed: 1, lines: logps },
  {
    title: 'KL from the reference',
    unit: 'nats',
    about: strings.about.kl,
    lines: [{ ...evaluated('eval_objective/kl'), label: '' }],
  },
  {
    title: 'language model',
    unit: 'nats per token',
    about: strings.about.guard,
    lines: [{ ...evaluated('eval_guard_loss'), label: '' }],
  },
  { title: 'rewards per token', signed: 4, lines: perToken(rewards) },
  { title: 'margin per token', signed: 4, lines: perToken(margin) },
  { title: 'accuracy per token', lines: perToken(accuracy) },
  { title: 'log-probs per token', unit: 'nats', signed: 2, lines: perToken(logps) },
  { title: 'gradient norm', lines: [{ label: '', metric: 'grad_norm', colour: '--vscode-charts-yellow' }] },
  { title: 'learning rate', exact: true, lines: [{ label: '', metric: 'learning_rate', colour: blue }] },
  {
    title: 'entropy',
    unit: 'nats',
    lines: [{ label: 'train', metric: 'entropy', colour: blue }, evaluated('eval_entropy')],
  },
];
