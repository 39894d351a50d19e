import type { Metrics, RunState } from '../run/types';
import type { Output } from './output';
import { visibleLine } from './visible';

/** Milliseconds between two lines of progress if stderr is not a terminal. */
const plainMs = 5000;

/** `step 42/300 · loss 0.431 · margin 1.23 · accuracy 0.91 · 12.3 pairs/s · ETA 0:42` */
export function progressLine(state: RunState, metrics: Metrics): string {
  const metric = (label: string, name: string, digits: number): string[] => {
    const value = metrics[name];
    return value === undefined ? [] : [`${label} ${value.toFixed(digits)}`];
  };
  return [
    state.status === 'running' || state.steps === 0 ? '' : state.status,
    placeOf(state),
    ...metric('loss', 'loss', 4),
    ...metric('margin', 'rewards/margins', 3),
    ...metric('accuracy', 'rewards/accuracies', 2),
    state.pairs_per_second === null ? '' : `${state.pairs_per_second.toFixed(1)} pairs/s`,
    state.eta === null ? '' : `ETA ${duration(state.eta)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function placeOf({ status, steps, step, rows_read: rows }: RunState): string {
  if (status === 'starting' && rows !== null) return `${rows.toLocaleString('en')} rows read`;
  return steps > 0 ? `step ${step}/${steps}` : 'starting';
}

/** `0:42`, `1:02:03` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Prints progress to stderr: one line that is redrawn on a terminal, otherwise a line every five seconds. */
export class Progress {
  private shown = '';
  private last = Date.now();

  constructor(private readonly output: Output) {}

  update(text: string): void {
    const line = visibleLine(text);
    if (line === this.shown) return;
    if (this.output.interactive) {
      this.output.redraw(line.slice(0, this.output.columns - 1));
    } else {
      const now = Date.now();
      if (now - this.last < plainMs) return;
      this.last = now;
      this.output.say(line);
    }
    this.shown = line;
  }

  /** Ends the redrawn line, so that it stays. */
  end(): void {
    if (this.output.interactive && this.shown !== '') this.output.say('');
    this.shown = '';
  }
}
