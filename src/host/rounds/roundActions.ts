import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { DatasetsModel } from '../datasets/datasetsModel';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { roundPaths } from '../../run/rounds/paths';
import { editorModelPolicy } from '../../run/rounds/types';
import { pickOne } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { MarginError } from '../../base/pure/marginError';
import { requireRuntimeOf } from '../runtimeOf';
import { requireTrust } from '../train/requireTrust';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import { askJudge, askMeasure } from './askJudge';
import type { EditorModels } from './editorModels';
import type { Endpoint, EndpointKeys } from './endpointKeys';
import type { WorkOptions } from './roundWork';
import { askMix } from './askMix';
import { runAfterLook } from './runAfterLook';
import { appendPairs } from './appendPairs';
import { draftFlags, sameDraftFlags } from './draftFlags';
import { endpointFlags, endpointOf } from './endpointFlags';
import { askDraft, type AskedDraft, type DraftPolicy, type KnownDraft } from './askDraft';
import type { RoundOnDisk } from './readRound';
import type { RoundWork } from './roundWork';
import type { RoundStep } from '../walkthrough';

export interface RoundActionServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly runs: RunsModel;
  readonly datasets: DatasetsModel;
  readonly editor: PairEditorProvider;
  readonly work: RoundWork;
  readonly texts: Pick<ReadOnlyTexts, 'show'>;
  readonly keys: EndpointKeys;
  readonly models: EditorModels;
  /** Told what a person has done, for the walkthrough. */
  readonly did: (step: RoundStep) => void;
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
    await this.draftWith(last, { title: `Drafting the rest of round ${last.round}`, argv, folder });
  }

  private async draftNext(folder: string, run: string | null): Promise<void> {
    const policy = run === null ? null : ({ kind: 'run', folder: run } as const);
    const asked = await askDraft(this.services, { policy, rows: this.editorRows, hasRounds: true });
    if (asked) await this.draft(folder, asked);
  }

  private async draft(folder: string, asked: AskedDraft): Promise<void> {
    const argv = ['draft', ...place(folder), ...draftFlags(asked)];
    await this.send(asked.endpoint, { title: `Drafting answers of ${basename(folder)}`, argv, folder });
    this.services.did('answersDrafted');
  }

  /** Drafts with the model that drafts a round already, which may be at an endpoint that wants its key. */
  private async draftWith({ policy }: RoundOnDisk['round'], options: WorkOptions): Promise<void> {
    const drafter = endpointOf(policy);
    const { keys, models, work, extension } = this.services;
    if (drafter === null) {
      requireRuntimeOf(extension);
      return work.run(options);
    }
    const isEditor = drafter.url === editorModelPolicy;
    const endpoint = isEditor ? models.endpoint(drafter.model) : await keys.again(drafter.url, drafter.model);
    if (endpoint !== null) await this.send(endpoint, options);
  }

  private async send(endpoint: Endpoint | null, options: WorkOptions): Promise<void> {
    const { work, texts, notices, models } = this.services;
    const run = (env: WorkOptions['env'] = {}): Promise<boolean> =>
      runAfterLook(work, texts, endpoint, { ...options, env });
    const isSent = await (endpoint?.url === editorModelPolicy ? models.serve(endpoint.model, run) : run());
    if (!isSent) await notices.info('Nothing was sent.');
  }

  /** Drafts more answers to one prompt. */
  async more(folder: string, { round }: RoundOnDisk, key: string): Promise<void> {
    const count = String(round.drafts.k);
    const drafter = endpointOf(round.policy);
    const far = drafter === null ? [] : endpointFlags({ ...drafter, prices: null });
    const argv = ['draft', ...place(folder), '--prompt_key', key, '--k', count, ...far];
    await this.draftWith(round, { title: `Drafting ${count} more answers`, argv, folder });
  }

  /** Trains on the person's pairs, or writes them with a config. */
  async train(folder: string, { round, record }: RoundOnDisk): Promise<void> {
    requireTrust();
    const { work, runs, extension } = this.services;
    const picked = await pickOne(trainChoices(round.round, basename(record.base)), {
      title: `Margin: Train Round ${round.round}`,
      placeHolder: 'What shall the new policy be compared with while it trains?',
    });
    if (!picked) return;
    if (!picked.isFile) requireRuntimeOf(extension);
    const mix = picked.isFile ? [] : await askMix(this.services.datasets, round.round);
    if (mix === null) return;
    const measure = picked.isFile ? [] : await askMeasure(this.services);
    if (measure === null) return;
    const argv = ['round', ...place(folder), '--judge', 'person', ...picked.flags, ...mix, ...measure];
    const title = `${picked.isFile ? 'Writing the pairs of' : 'Training'} round ${round.round}`;
    await work.run({ title, argv, folder });
    if (picked.isFile) await this.services.editor.viewOf(vscode.Uri.file(roundPaths.pairs(folder, round.round)));
    else {
      this.services.did('roundTrained');
      await runs.refresh();
    }
  }

  /** Lets a model, a run or a rule judge the drafts, to compare it with the person. */
  async judge(folder: string, { round }: RoundOnDisk): Promise<void> {
    requireTrust();
    const asked = await askJudge(this.services);
    if (!asked) return;
    const argv = ['judge', ...place(folder), '--round', String(round.round), ...asked.flags];
    await this.send(asked.endpoint, { title: `${asked.name} judges the drafts of round ${round.round}`, argv, folder });
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
