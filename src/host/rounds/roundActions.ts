import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { DatasetsModel } from '../datasets/datasetsModel';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { roundPaths } from '../../run/rounds/paths';
import { pickOne } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { MarginError } from '../../base/pure/marginError';
import { requireTrust } from '../train/startTraining';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import { askJudge, askMeasure } from './askJudge';
import type { EndpointKeys } from './endpointKeys';
import { runJudge } from './runJudge';
import { appendPairs } from './appendPairs';
import { draftFlags, sameDraftFlags } from './draftFlags';
import { askDraft, type AskedDraft, type DraftPolicy, type KnownDraft } from './askDraft';
import type { RoundOnDisk } from './readRound';
import type { RoundWork } from './roundWork';

export interface RoundActionServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly runs: RunsModel;
  readonly datasets: DatasetsModel;
  readonly editor: PairEditorProvider;
  readonly work: RoundWork;
  readonly texts: Pick<ReadOnlyTexts, 'show'>;
  readonly keys: EndpointKeys;
}

/** What the buttons of a round do. Each starts a process, or asks first. */
export class RoundActions {
  constructor(private readonly services: RoundActionServices) {}

  /**
   * Begins new rounds: asks what to draft, and drafts.
   *
   * @param folderFor the folder of the rounds of a policy
   * @param drafted called with that folder when it has drafts, or when drafting has failed with some done
   */
  async begin(
    policy: DraftPolicy | null,
    folderFor: (policy: string) => string,
    drafted: (folder: string) => void,
  ): Promise<void> {
    requireTrust();
    const asked = await askDraft(this.services, { policy, rows: this.editorRows, hasRounds: false });
    if (!asked) return;
    const folder = folderFor(asked.policy.folder);
    const drafting = this.draft(folder, asked);
    // The tab opens at the first draft, so that the person can judge while more are drafted.
    const opening = whenThere(roundPaths.drafts(folder, 1), drafting).then((isThere) => isThere && drafted(folder));
    await Promise.all([drafting, opening]);
  }

  /**
   * Begins the next round with the model that the last one trained, or goes on with a drafting that was stopped.
   *
   * @throws MarginError `round-open` if the last round is drafted and not trained
   */
  async next(folder: string, read: RoundOnDisk): Promise<void> {
    requireTrust();
    const { record, round, drafts } = read;
    const last = record.rounds.at(-1);
    if (!last || last.run !== null) return this.draftNext(folder, last?.run ?? null);
    const { count } = last.prompts;
    const isWhole = last.round !== round.round || count === null || drafts.length >= count * last.drafts.k;
    const flags = isWhole ? null : sameDraftFlags(last);
    if (flags === null)
      throw new MarginError(
        'round-open',
        `Round ${last.round} is not trained yet. Judge its drafts and train it, or draft more answers to a prompt (M).`,
      );
    const argv = ['draft', ...place(folder), ...flags];
    await this.services.work.run({ title: `Drafting the rest of round ${last.round}`, argv, folder });
  }

  private async draftNext(folder: string, run: string | null): Promise<void> {
    const policy = run === null ? null : ({ kind: 'run', folder: run } as const);
    const asked = await askDraft(this.services, { policy, rows: this.editorRows, hasRounds: true });
    if (asked) await this.draft(folder, asked);
  }

  private async draft(folder: string, asked: AskedDraft): Promise<void> {
    const argv = ['draft', ...place(folder), ...draftFlags(asked)];
    await this.services.work.run({ title: `Drafting answers of ${basename(folder)}`, argv, folder });
  }

  /** Drafts more answers to one prompt. */
  async more(folder: string, { round }: RoundOnDisk, key: string): Promise<void> {
    const count = String(round.drafts.k);
    const argv = ['draft', ...place(folder), '--prompt_key', key, '--k', count];
    await this.services.work.run({ title: `Drafting ${count} more answers`, argv, folder });
  }

  /** Trains on the person's pairs, or writes them with a config. */
  async train(folder: string, { round, record }: RoundOnDisk): Promise<void> {
    requireTrust();
    const { work, runs } = this.services;
    const picked = await pickOne(trainChoices(round.round, basename(record.base)), {
      title: `Margin: Train Round ${round.round}`,
      placeHolder: 'What shall the new policy be compared with while it trains?',
    });
    if (!picked) return;
    const measure = picked.isFile ? [] : await askMeasure(this.services);
    if (measure === null) return;
    const argv = ['round', ...place(folder), '--judge', 'person', ...picked.flags, ...measure];
    const title = `${picked.isFile ? 'Writing the pairs of' : 'Training'} round ${round.round}`;
    await work.run({ title, argv, folder });
    if (picked.isFile) await this.services.editor.viewOf(vscode.Uri.file(roundPaths.pairs(folder, round.round)));
    else await runs.refresh();
  }

  /** Lets a model, a run or a rule judge the drafts, to compare it with the person. */
  async judge(folder: string, { round }: RoundOnDisk): Promise<void> {
    requireTrust();
    const asked = await askJudge(this.services);
    if (!asked) return;
    const argv = ['judge', ...place(folder), '--round', String(round.round)];
    const title = `${asked.name} judges the drafts of round ${round.round}`;
    if (!(await runJudge(this.services.work, this.services.texts, asked, { title, argv, folder })))
      await this.services.notices.info('Nothing was sent.');
  }

  /** Adds the judged pairs to a data set that the person chooses. */
  async append(read: RoundOnDisk): Promise<void> {
    requireTrust();
    await appendPairs(this.services, read);
  }

  /** The rows of the active pair editor, or of the last one that was used; null if there is none. */
  get editorRows(): KnownDraft['rows'] {
    const { active } = this.services.editor;
    return active ? { file: active.document.uri.fsPath, filter: active.view.filter } : null;
  }
}

/** How often it is looked whether the first drafts are there. */
const lookMs = 300;

/** Settles when a file exists or the work that makes it has ended. @returns whether it exists */
async function whenThere(path: string, work: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  const ended = work.then(over, over);
  while (!isOver && !existsSync(path)) await Promise.race([ended, setTimeout(lookMs)]);
  return existsSync(path);
}

/** `NAME --rounds_dir DIR` */
export function place(folder: string): readonly string[] {
  return [basename(folder), '--rounds_dir', dirname(folder)];
}

interface TrainChoice extends vscode.QuickPickItem {
  readonly flags: readonly string[];
  /** Whether only files are written. */
  readonly isFile: boolean;
}

function trainChoices(round: number, base: string): readonly TrainChoice[] {
  const before = round === 1 ? base : `the policy of round ${round - 1}`;
  return [
    {
      label: `Train with the Base as the Reference`,
      detail: `The reward stays that of ${base}: rounds can be compared, and the policy cannot drift far from it`,
      flags: ['--reference', 'base'],
      isFile: false,
    },
    {
      label: `Train with the Round before as the Reference`,
      detail: `The reference is ${before}: each round may move as far again`,
      flags: ['--reference', 'previous'],
      isFile: false,
    },
    {
      label: 'Write the Pairs Only',
      detail: 'pairs.jsonl of the round, in the shape of TRL, which opens. Nothing is trained',
      flags: ['--pairs_only'],
      isFile: true,
    },
  ];
}
