import type { Metrics, RunEvent } from '../run/types';

/** Metrics that the log shows, with their names in the run panel. events.jsonl has all of them. */
const shown = [
  ['loss', 'loss'],
  ['rewards/margins', 'margin'],
  ['rewards/accuracies', 'accuracy'],
  ['grad_norm', 'gradient norm'],
] as const;

/** An event as a line of log.txt: time, step, text. */
export function logLine(event: RunEvent): string {
  return `${new Date(event.t).toISOString()} step ${event.step}: ${textOf(event)}`;
}

function textOf(event: RunEvent): string {
  switch (event.kind) {
    case 'train':
      return metricsText(event.metrics, '');
    case 'eval':
      return `held out: ${metricsText(event.metrics, 'eval_')}`;
    case 'checkpoint':
    case 'rewards':
      return `${event.kind} ${event.path}`;
    case 'sample':
      return `${JSON.stringify(event.prompt)} is answered ${JSON.stringify(event.after)}, at the start ${JSON.stringify(event.before)}`;
    case 'note':
    case 'error':
      return event.message;
  }
}

function metricsText(metrics: Metrics, prefix: string): string {
  return shown
    .flatMap(([key, name]) =>
      `${prefix}${key}` in metrics ? [`${name} ${Number(metrics[`${prefix}${key}`]).toPrecision(4)}`] : [],
    )
    .join(', ');
}
