import type * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { requireTrust } from '../train/requireTrust';
import type { HubToken } from './hubToken';

type Line = Readonly<Record<string, unknown>>;

/** Errors that another token may solve. */
const ofToken: ReadonlySet<string> = new Set(['hub-login', 'hub-gated', 'hub-forbidden', 'hub-token']);
const setToken = 'Set Hub Token…';

/** `margin pull` and `margin push`, each in a process of its own. The token is only in its environment. */
export class HubWork {
  constructor(
    private readonly extension: vscode.Uri,
    private readonly notices: Notices,
    private readonly token: HubToken,
  ) {}

  /**
   * Runs a command with progress and *Cancel*. If the Hub refuses the token, the person may give another one.
   *
   * @returns the lines that it printed, without those about progress; the last one is its result
   * @throws MarginError `untrusted`; the error of the command, whose details are the line before it; CancellationError
   */
  async run(title: string, argv: readonly string[]): Promise<readonly Line[]> {
    requireTrust();
    for (;;) {
      const { lines, failure } = await this.once(title, argv);
      if (!failure) return lines;
      if (!ofToken.has(failure.code)) throw failure;
      const answer = await this.notices.warn(failure.message, setToken);
      if (answer !== setToken || !(await this.token.ask())) throw failure;
    }
  }

  private async once(
    title: string,
    argv: readonly string[],
  ): Promise<{ readonly lines: readonly Line[]; readonly failure: MarginError | null }> {
    const env = await this.token.variables();
    const lines: Line[] = [];
    let failure: MarginError | null = null;
    this.notices.log.info(`margin ${argv.join(' ')}`);
    await this.notices.progress(title, async (report, cancellation) => {
      let shown = 0;
      const take = (text: string): void => {
        const line = lineOf(text);
        const share = shareOf(line['progress']);
        if (share) {
          report(share.text, Math.max(0, 100 * share.done - shown));
          shown = Math.max(shown, 100 * share.done);
        } else if (isRecord(line['error'])) {
          const { code, message } = line['error'];
          failure = new MarginError(String(code), String(message), lines.at(-1));
        } else lines.push(line);
      };
      const { code, stderr } = await marginCommand(this.extension, [...argv, '--json'], cancellation, take, env);
      if (code !== 0) failure ??= new MarginError('hub-failed', stderr || `margin ended with code ${String(code)}.`);
    });
    return { lines, failure };
  }
}

function lineOf(text: string): Line {
  const value: unknown = JSON.parse(text);
  return isRecord(value) ? value : {};
}

/** How far a pull (bytes of all files) or a push (share of a file) is. */
function shareOf(progress: unknown): { readonly text: string; readonly done: number } | null {
  if (!isRecord(progress)) return null;
  const { file, done, total, share, doing } = progress;
  if (typeof done === 'number' && typeof total === 'number' && total > 0)
    return { text: `${String(file)} · ${Math.floor((100 * done) / total)} %`, done: done / total };
  // Several files go up at once, so that no one share is that of the whole.
  if (typeof share === 'number')
    return { text: `${String(doing)} ${String(file)} · ${Math.floor(100 * share)} %`, done: 0 };
  return null;
}
