import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { errorMessage } from '../../base/pure/marginError';
import type { BatchAdvice, EstimateState } from '../../protocol/trainForm';
import { checkTrainConfig } from '../../run/trainConfig';
import type { TrainConfig } from '../../run/types';
import type { BatchSizes, Plan } from '../../train/estimate/types';
import type { EstimateText } from '../train/startEstimate';
import { marginCommand } from '../marginCommand';
import { estimateKey } from './estimateKey';
import { nearPaths } from './nearPaths';
import { targetState } from './targetState';

/** After an edit, the estimate waits this long for the next one. */
const settleMs = 1500;

export interface EstimateServices {
  readonly extension: vscode.Uri;
  /** Whether a run trains on this machine. An estimate beside it would be wrong, and would slow it down. */
  readonly isTraining: () => Promise<boolean>;
}

/** What `margin train --dry_run --json` prints: the estimate, or why there is none. */
type Printed =
  | (EstimateText & {
      readonly remarks: readonly string[];
      readonly plan: Pick<Plan, 'first' | 'heldOut'> | null;
      readonly batches: BatchSizes | null;
    })
  | { readonly error: { readonly message: string } };

/**
 * Estimates the run of a config while it is edited, in a process of its own: by a dry run, or for TRL by arithmetic.
 * The next edit that changes time or memory cancels it. The config need not be saved: the process gets a copy with
 * absolute paths.
 */
export class LiveEstimate implements vscode.Disposable {
  private shown: EstimateState = { kind: 'none' };
  private key: string | null = null;
  private config: TrainConfig | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running: vscode.CancellationTokenSource | null = null;

  /** @param changed called when {@link state} has changed */
  constructor(
    private readonly services: EstimateServices,
    private readonly file: string,
    private readonly changed: () => void,
  ) {}

  /** The train_file of the config that was checked last; null: it has problems. */
  get trainFile(): string | null {
    return this.config && this.config.train_file;
  }

  get state(): EstimateState {
    return this.shown;
  }

  /** Follows the text of the config. @param canRun false: no model may be opened */
  follow(text: string, canRun: boolean): void {
    const { config } = canRun ? checkTrainConfig(text, this.file) : { config: null };
    const key = config && estimateKey(config);
    if (key === this.key) return;
    this.cancel();
    this.key = key;
    this.config = config;
    if (!config) return this.show({ kind: 'none' });
    this.show({ kind: 'waiting' });
    this.timer = setTimeout(() => this.failing(this.startAlone()), settleMs);
  }

  /** Estimates now, also beside a run that trains. */
  start(): void {
    this.cancel();
    if (this.config) this.failing(this.run(this.config));
  }

  /** Ends the process. */
  cancel(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.running?.cancel();
    this.running = null;
    if (this.shown.kind === 'running' || this.shown.kind === 'waiting') this.show({ kind: 'stopped' });
  }

  dispose(): void {
    this.cancel();
  }

  private async startAlone(): Promise<void> {
    const { config } = this;
    if (!config) return;
    // An estimate for a target only reads files.
    const isBusy = config.backend === 'margin' && (await this.services.isTraining());
    if (this.config !== config || this.shown.kind !== 'waiting') return;
    if (isBusy) return this.show({ kind: 'busy' });
    await this.run(config);
  }

  private async run(config: TrainConfig): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    const tell = (state: EstimateState): void => {
      if (this.running === source) this.show(state);
    };
    tell({ kind: 'running', doing: '' });
    try {
      tell(await this.dryRun(config, source.token, (doing) => tell({ kind: 'running', doing })));
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) tell({ kind: 'failed', message: errorMessage(error) });
    } finally {
      if (this.running === source) this.running = null;
      source.dispose();
    }
  }

  private async dryRun(
    config: TrainConfig,
    token: vscode.CancellationToken,
    doing: (text: string) => void,
  ): Promise<EstimateState> {
    const folder = await mkdtemp(join(tmpdir(), 'margin-estimate-'));
    try {
      const copy = join(folder, basename(this.file));
      await writeFile(copy, JSON.stringify(config));
      let last = '';
      const isTrl = config.backend === 'trl';
      const argv = isTrl ? ['targets', 'estimate', copy, '--json'] : ['train', copy, '--dry_run', '--json'];
      const keep = (line: string): void => void (last = line);
      const { stderr } = await marginCommand(this.services.extension, argv, token, keep, {}, doing);
      return isTrl ? targetState(last, stderr) : this.nearby(stateOf(last, stderr, config));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private nearby(state: EstimateState): EstimateState {
    const near = (text: string): string => nearPaths(text, dirname(this.file));
    if (state.kind === 'failed') return { ...state, message: near(state.message) };
    if (state.kind !== 'done') return state;
    return { ...state, problems: state.problems.map(near), remarks: state.remarks.map(near) };
  }

  private failing(work: Promise<void>): void {
    work.catch((error: unknown) => this.show({ kind: 'failed', message: errorMessage(error) }));
  }

  private show(state: EstimateState): void {
    this.shown = state;
    this.changed();
  }
}

/** @param printed the last line of the process; empty if it died before that */
function stateOf(printed: string, stderr: string, config: TrainConfig): EstimateState {
  if (printed === '') return { kind: 'failed', message: stderr };
  const found = JSON.parse(printed) as Printed;
  if ('error' in found) return { kind: 'failed', message: found.error.message };
  const { fits, summary, problems, remarks, plan, batches } = found;
  return {
    kind: 'done',
    fits,
    summary,
    problems,
    remarks,
    first: plan ? plan.first : [],
    heldOut: plan ? plan.heldOut : null,
    batch: batchOf(batches, config),
  };
}

function batchOf(batches: BatchSizes | null, config: TrainConfig): BatchAdvice | null {
  if (!batches?.largest) return null;
  const { size, accumulation, isLimit } = batches.largest;
  const isUsed = size === config.per_device_train_batch_size && accumulation === config.gradient_accumulation_steps;
  const speeds = batches.speeds.map(({ pairs, tokensPerSecond }) => ({
    pairs,
    tokensPerSecond: Math.round(tokensPerSecond),
  }));
  return { size, accumulation, isLimit, isUsed, speeds };
}
