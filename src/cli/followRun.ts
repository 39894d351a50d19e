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
  /** Milliseconds since 1970. Earlier events are not shown: they are from before the run was resumed. */
  readonly since: number;
  /**
   * Whether the run is a part of another command, which prints its own result to stdout. Then the summary goes to
   * stderr.
   */
  readonly isPart?: boolean;
  /** Called with each line of progress. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Follows a run until it ends: prints its events as JSON lines, or a progress line and a summary at the end. The first
 * Ctrl+C (or SIGTERM) asks the run to save and stop, the second kills it. After the run it follows the scoring of its
 * pairs. Ctrl+C stops the scoring and keeps the scored pairs. Returns the exit code.
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
        ? 'The run is done. Stopping its scoring; the scored pairs are kept. Ctrl+C again kills it.'
        : 'Saving and stopping. Ctrl+C again kills the run.',
    );
    (view.isScoring ? endScoring(folder) : askRun(folder, 'stop')).catch((error: unknown) => view.complain(error));
  };
}

/** Prints what happens in a run. */
class RunView {
  private readonly progress: Progress;
  private metrics: Metrics = {};
  private state: FoundRun['state'] = null;
  /** Remarks on damaged files that were printed already. */
  private readonly shownRemarks = new Set<string>();
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

  run({ state, status, scoring, remarks }: FoundRun): void {
    for (const remark of remarks) this.sayOnce(remark);
    this.state = state;
    this.isScoring = !isLiving(status) && scoring?.status === 'running';
    if (!state) return;
    const line = this.isScoring && scoring ? `${status} · ${scoringLine(scoring)}` : progressLine(state, this.metrics);
    this.options.onProgress?.(line);
    if (!this.options.json || this.output.interactive) this.progress.update(line);
  }

  say(text: string): void {
    this.progress.end();
    this.output.say(text);
  }

  private sayOnce(remark: string): void {
    if (this.shownRemarks.has(remark)) return;
    this.shownRemarks.add(remark);
    this.say(remark);
  }

  complain(error: unknown): void {
    this.say(errorMessage(error));
  }

  end({ status, state, scoring }: FoundRun): void {
    this.progress.end();
    if (status === 'failed') this.say(`The run failed: ${state?.error?.message ?? 'no reason was recorded'}`);
    if (status === 'lost')
      this.say(
        `The trainer ended without an error message; see ${runPaths.log(this.folder)}. Continue with: margin train --resume ${this.folder}`,
      );
    if (scoring?.status === 'failed')
      this.say(`Its pairs could not be scored: ${scoring.error?.message ?? 'no reason was recorded'}`);
    if (scoring?.status === 'offered')
      this.say(
        `${scoring.total === null || scoring.scored === 0 ? 'Its pairs are not scored yet' : `${scoring.scored} of its ${scoring.total} pairs are scored`}. Score the rest with: margin score --run ${this.folder}`,
      );
    const summary = [
      status,
      this.state && this.state.steps > 0
        ? progressLine({ ...this.state, status: 'running', eta: null }, this.metrics)
        : '',
      this.folder,
    ].filter((part) => part !== '');
    if (this.options.isPart) this.output.say(summary.join(' · '));
    else if (this.options.json) this.output.json({ run: this.folder, status });
    else this.output.line(summary.join(' · '));
  }
}
