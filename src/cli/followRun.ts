import { errorMessage } from '../base/pure/marginError';
import { isLiving } from '../run/alive';
import { askRun } from '../run/control';
import { endScoring } from '../run/endScoring';
import type { FoundRun } from '../run/find';
import { runPaths } from '../run/folder';
import type { StartedRun } from '../run/start';
import type { Metrics, RunEvent } from '../run/types';
import { RunWatch } from '../run/watch';
import type { RunListener } from '../run/watch';
import type { Output } from './output';
import { Progress, progressLine } from './progress';
import { scoringLine } from './scoreRun';

interface FollowOptions {
  readonly json: boolean;
  /** Milliseconds since 1970. What was recorded before is no news: it is of the run before it was resumed. */
  readonly since: number;
}

/**
 * Shows a run until it ends: events as JSON lines, or a progress line and a closing summary. The first Ctrl+C (or
 * SIGTERM) asks the run to save and stop, the second kills it. Once the run is done it shows how its pairs are scored,
 * which Ctrl+C ends; what is scored stays. Returns the exit code.
 */
export async function followRun(
  folder: string,
  started: StartedRun,
  output: Output,
  options: FollowOptions,
): Promise<number> {
  const view = new RunView(folder, output, options);
  const last = await new Promise<FoundRun>((resolve) => {
    const listener: RunListener = {
      events: (events) => view.events(events),
      run: (run) => {
        view.run(run);
        if (!isLiving(run.status) && run.scoring?.status !== 'running') finish(run);
      },
      error: (error) => view.complain(error),
    };
    const watch = new RunWatch(folder, listener);
    const interrupt = interrupter(folder, started.pid, view);
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    const finish = (run: FoundRun): void => {
      watch.close();
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(run);
    };
  });
  view.end(last);
  return last.status === 'done' || last.status === 'stopped' ? 0 : 1;
}

function interrupter(folder: string, pid: number, view: RunView): () => void {
  let asked = false;
  return () => {
    if (asked) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    asked = true;
    view.say(
      view.isScoring
        ? 'The run is done. Its scoring ends, and what is scored stays; Ctrl+C again kills it.'
        : 'Saving and stopping; Ctrl+C again kills the run.',
    );
    (view.isScoring ? endScoring(folder) : askRun(folder, 'stop')).catch((error: unknown) => view.complain(error));
  };
}

/** What the person sees of a run. */
class RunView {
  private readonly progress: Progress;
  private metrics: Metrics = {};
  private state: FoundRun['state'] = null;
  isScoring = false;

  constructor(
    private readonly folder: string,
    private readonly output: Output,
    private readonly options: FollowOptions,
  ) {
    this.progress = new Progress(output);
    if (!options.json) output.say(`Run folder: ${folder}`);
  }

  events(events: readonly RunEvent[]): void {
    for (const event of events) {
      if (event.t < this.options.since) continue;
      if (this.options.json) this.output.json(event);
      else if (event.kind === 'note') this.say(event.message);
      if (event.kind === 'train') this.metrics = { ...this.metrics, ...event.metrics };
    }
  }

  run({ state, status, scoring }: FoundRun): void {
    this.state = state;
    this.isScoring = !isLiving(status) && scoring?.status === 'running';
    if (!state || (this.options.json && !this.output.interactive)) return;
    this.progress.update(
      this.isScoring && scoring ? `${status} · ${scoringLine(scoring)}` : progressLine(state, this.metrics),
    );
  }

  say(text: string): void {
    this.progress.end();
    this.output.say(text);
  }

  complain(error: unknown): void {
    this.say(errorMessage(error));
  }

  end({ status, state, scoring }: FoundRun): void {
    this.progress.end();
    if (status === 'failed') this.say(`The run failed: ${state?.error?.message ?? 'no reason given'}`);
    if (status === 'lost')
      this.say(
        `The trainer is gone without a word; see ${runPaths.log(this.folder)}. Go on with: margin train --resume ${this.folder}`,
      );
    if (scoring?.status === 'failed') this.say(`Its pairs could not be scored: ${scoring.error?.message ?? ''}`);
    if (scoring?.status === 'offered')
      this.say(
        `${scoring.scored === 0 ? 'Its pairs are not scored' : `${scoring.scored} of its ${scoring.total ?? ''} pairs are scored`}. Score the rest by: margin score --run ${this.folder}`,
      );
    if (this.options.json) this.output.json({ run: this.folder, status });
    else
      this.output.line(
        [
          status,
          this.state && this.state.steps > 0
            ? progressLine({ ...this.state, status: 'running', eta: null }, this.metrics)
            : '',
          this.folder,
        ]
          .filter((part) => part !== '')
          .join(' · '),
      );
  }
}
