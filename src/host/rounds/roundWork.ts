import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { requireTrust } from '../train/requireTrust';

/** A line of `margin draft`, `judge` or `round` with `--json` that a person is told. */
interface SaidLine {
  readonly progress?: { readonly done?: number; readonly total?: number; readonly text?: string };
  readonly error?: { readonly code?: string; readonly message: string };
}

export interface WorkOptions {
  /** What is done, for the notification and the tab: `Drafting answers`. */
  readonly title: string;
  readonly argv: readonly string[];
  /** The folder of the rounds, in which one process works at a time. */
  readonly folder: string;
  /** Variables of the process beside those of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each JSON line that tells neither progress nor an error. */
  readonly onLine?: (line: Readonly<Record<string, unknown>>) => void;
}

/** The commands of rounds, each in a process of its own. */
export class RoundWork {
  private readonly running = new Map<string, string>();
  private readonly emitter = new vscode.EventEmitter<string>();
  /** Fires with the folder of rounds for which something has begun, gone on or ended. */
  readonly onDidChange = this.emitter.event;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly notices: Notices,
  ) {}

  /** What is being done for the rounds of a folder; null if nothing is. */
  busy(folder: string): string | null {
    return this.running.get(folder) ?? null;
  }

  /**
   * Runs `margin ARGUMENTS --json` with progress and *Cancel*. A cancelled drafting keeps what is done.
   *
   * @throws MarginError `untrusted`; `round-busy`; the command's error, or `round-failed`; CancellationError
   */
  async run(options: WorkOptions): Promise<void> {
    const { title, argv, folder } = options;
    requireTrust();
    const before = this.busy(folder);
    if (before !== null)
      throw new MarginError('round-busy', `Margin works on these rounds already: ${before}. Wait or cancel it.`);
    this.notices.log.info(`margin ${argv.join(' ')}`);
    this.tell(folder, title);
    try {
      await this.notices.progress(title, (report, token) => this.follow(options, report, token));
    } finally {
      this.running.delete(folder);
      this.emitter.fire(folder);
    }
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private async follow(
    { title, argv, folder, env, onLine }: WorkOptions,
    report: (message: string, increment: number) => void,
    token: vscode.CancellationToken,
  ): Promise<void> {
    let failure: SaidLine['error'];
    let share = 0;
    const take = (line: string): void => {
      const said = parsed(line);
      if (said.error) failure = said.error;
      if (!said.progress) return said.error ? undefined : onLine?.(said);
      const { done = 0, total = 0 } = said.progress;
      const now = total > 0 ? (100 * done) / total : share;
      report(progressText(said.progress), Math.max(0, now - share));
      share = Math.max(share, now);
      this.tell(folder, `${title}: ${progressText(said.progress)}`);
    };
    const { code, stderr } = await marginCommand(this.extension, [...argv, '--json'], token, take, env);
    if (code === 0) return;
    const message = failure?.message ?? (stderr || `margin ${String(argv[0])} ended with code ${String(code)}.`);
    throw new MarginError(failure?.code ?? 'round-failed', message, { argv });
  }

  private tell(folder: string, what: string): void {
    this.running.set(folder, what);
    this.emitter.fire(folder);
  }
}

function parsed(line: string): SaidLine & Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  return isRecord(value) ? value : {};
}

function progressText({ done, total, text }: NonNullable<SaidLine['progress']>): string {
  if (text !== undefined && text !== '') return text;
  return done === undefined || total === undefined ? '' : `${done} of ${total}`;
}
