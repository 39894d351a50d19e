import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { requireTrust } from '../train/startTraining';

/** A line of `margin draft`, `judge` or `round` with `--json` that a person is told. */
interface SaidLine {
  readonly progress?: { readonly done?: number; readonly total?: number; readonly text?: string };
  readonly error?: { readonly message: string };
}

export interface WorkOptions {
  /** What is done, for the notification and the tab: `Drafting answers`. */
  readonly title: string;
  readonly argv: readonly string[];
  /** The folder of the rounds, in which one process works at a time. */
  readonly folder: string;
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
   * @returns the last line that tells no progress; null if there is none
   * @throws MarginError `untrusted`; `round-busy`; `round-failed` with the command's message; CancellationError
   */
  async run({ title, argv, folder }: WorkOptions): Promise<string | null> {
    requireTrust();
    const before = this.busy(folder);
    if (before !== null)
      throw new MarginError('round-busy', `Margin works on these rounds already: ${before}. Wait or cancel it.`);
    this.notices.log.info(`margin ${argv.join(' ')}`);
    this.tell(folder, title);
    try {
      return await this.notices.progress(title, (report, token) => this.follow(title, argv, folder, report, token));
    } finally {
      this.running.delete(folder);
      this.emitter.fire(folder);
    }
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private async follow(
    title: string,
    argv: readonly string[],
    folder: string,
    report: (message: string, increment: number) => void,
    token: vscode.CancellationToken,
  ): Promise<string | null> {
    let [last, failure] = [null as string | null, ''];
    let share = 0;
    const { code, stderr } = await marginCommand(this.extension, [...argv, '--json'], token, (line) => {
      const said = parsed(line);
      if (said?.error) failure = said.error.message;
      else if (!said?.progress) last = line;
      else {
        const { done = 0, total = 0 } = said.progress;
        const now = total > 0 ? (100 * done) / total : share;
        report(progressText(said.progress), Math.max(0, now - share));
        share = Math.max(share, now);
        this.tell(folder, `${title}: ${progressText(said.progress)}`);
      }
    });
    if (code === 0) return last;
    const message = failure || stderr || `margin ${String(argv[0])} ended with code ${String(code)}.`;
    throw new MarginError('round-failed', message, { argv });
  }

  private tell(folder: string, what: string): void {
    this.running.set(folder, what);
    this.emitter.fire(folder);
  }
}

function parsed(line: string): SaidLine | null {
  const value: unknown = JSON.parse(line);
  return typeof value === 'object' ? value : null;
}

function progressText({ done, total, text }: NonNullable<SaidLine['progress']>): string {
  const count = done === undefined || total === undefined ? null : `${done} of ${total}`;
  return [count, text].filter((part) => part !== null && part !== undefined && part !== '').join(' · ');
}
