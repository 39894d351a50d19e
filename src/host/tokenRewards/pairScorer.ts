import * as vscode from 'vscode';
import { statOrNull } from '../../base/node/statOrNull';
import { MarginError } from '../../base/pure/marginError';
import { runPaths } from '../../run/folder';
import type { FoundRewards, RewardNews, RewardQuestion } from '../../train/tokenRewards/messages';
import { AnsweringProcess } from '../answeringProcess';

/** The model stays open for the next pair. */
const idleMs = 240_000;
/** Scored pairs that are kept; one has about 60 bytes for each token. */
const mostKept = 50;

export type PairQuestion = Omit<RewardQuestion, 'model'> & {
  readonly folder: string;
  readonly step: number;
  readonly dataset: string;
};

/** Scores single pairs of runs token by token, in a process that keeps the last model open. */
export class PairScorer {
  private readonly process: AnsweringProcess<RewardQuestion, FoundRewards>;
  /** By question, the oldest first. */
  private readonly kept = new Map<string, FoundRewards>();

  /** @param trainer the bundle of the trainer */
  constructor(trainer: string) {
    const died = (reason: string): MarginError =>
      new MarginError('scorer-died', `The process that scores pairs ended (${reason}). Try again.`);
    this.process = new AnsweringProcess({ argv: [trainer, '--token_rewards'], idleMs, died });
  }

  /**
   * @param news is called with what the process is doing
   * @param signal ends the process, and with it the opening of a model
   * @throws MarginError `untrusted`, `no-checkpoint`, those of the model and of the row; CancellationError
   */
  async score(
    { folder, step, dataset, ...question }: PairQuestion,
    news: (news: RewardNews) => void,
    signal: AbortSignal,
  ): Promise<FoundRewards> {
    if (!vscode.workspace.isTrusted)
      throw new MarginError(
        'untrusted',
        'Rewards of tokens need the model of the run and its chat template, so they wait until you trust the workspace.',
      );
    const model = { folder, step, stamp: await stampOf(folder, step), dataset };
    const asked = { model, ...question };
    const key = JSON.stringify(asked);
    const known = this.kept.get(key);
    if (known) return known;
    signal.throwIfAborted();
    const cancel = (): void => this.process.close(new vscode.CancellationError());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const found = await this.process.ask(asked, (one) => news(one as RewardNews));
      this.kept.set(key, found);
      for (const old of [...this.kept.keys()].slice(0, -mostKept)) this.kept.delete(old);
      return found;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  close(): void {
    this.process.close();
  }
}

/** Changes when a resumed run writes the checkpoint again. */
async function stampOf(folder: string, step: number): Promise<string> {
  const found = await statOrNull(runPaths.checkpoint(folder, step));
  if (found) return String(found.mtimeMs);
  const message = `The run has no checkpoint of step ${step} any more. Choose another step.`;
  throw new MarginError('no-checkpoint', message, { folder, step });
}
