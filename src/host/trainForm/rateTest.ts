import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { errorMessage } from '../../base/pure/marginError';
import type { RateState, RateStep } from '../../protocol/rateTest';
import { checkTrainConfig } from '../../run/trainConfig';
import { marginCommand } from '../marginCommand';
import { requireRuntimeOf } from '../runtimeOf';
import { readRateLine } from './rateLines';

/**
 * The learning-rate range test of a config (`margin train --find_lr`), in a process of its own. The config need not be
 * saved: the process gets a copy with absolute paths.
 */
export class RateTest implements vscode.Disposable {
  private shown: RateState = { kind: 'none' };
  private running: vscode.CancellationTokenSource | null = null;

  /** @param changed called when {@link state} has changed */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly file: string,
    private readonly changed: () => void,
  ) {}

  get state(): RateState {
    return this.shown;
  }

  /** Starts the test of the config with this text; a test that runs is ended. */
  start(text: string): void {
    this.cancel();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    const tell = (state: RateState): void => {
      if (this.running === source) this.show(state);
    };
    this.test(text, source.token, tell)
      .catch((error: unknown) => {
        if (!(error instanceof vscode.CancellationError)) tell({ kind: 'failed', message: errorMessage(error) });
      })
      .finally(() => {
        if (this.running === source) this.running = null;
        source.dispose();
      });
  }

  /** Ends the process. The steps so far stay. */
  cancel(): void {
    const { shown } = this;
    this.running?.cancel();
    this.running = null;
    if (shown.kind === 'running') this.show({ kind: 'stopped', points: shown.points });
  }

  /** Forgets the result. */
  close(): void {
    this.cancel();
    this.show({ kind: 'none' });
  }

  dispose(): void {
    this.running?.cancel();
    this.running = null;
  }

  private async test(text: string, token: vscode.CancellationToken, tell: (state: RateState) => void): Promise<void> {
    const { config, problems } = checkTrainConfig(text, this.file);
    if (!config) return tell({ kind: 'failed', message: problems.map(({ message }) => message).join(' ') });
    if (config.backend !== 'trl') requireRuntimeOf(this.extension);
    tell({ kind: 'running', points: [], doing: '' });
    const points: RateStep[] = [];
    let last: RateState | null = null;
    const take = (line: string): void => {
      const found = readRateLine(line, points);
      if ('kind' in found) last = found;
      else {
        points.push(found);
        tell({ kind: 'running', points: [...points], doing: '' });
      }
    };
    const doing = (line: string): void => tell({ kind: 'running', points: [...points], doing: line });
    const folder = await mkdtemp(join(tmpdir(), 'margin-rate-'));
    try {
      const copy = join(folder, basename(this.file));
      await writeFile(copy, JSON.stringify(config));
      const argv = ['train', copy, '--find_lr', '--json'];
      const { stderr } = await marginCommand(this.extension, argv, token, take, {}, doing);
      tell(last ?? { kind: 'failed', message: stderr });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private show(state: RateState): void {
    this.shown = state;
    this.changed();
  }
}
