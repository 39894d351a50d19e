import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { DatasetsModel } from '../datasets/datasetsModel';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { pickOne } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { requireTrust } from '../train/startTraining';
import { appendPairs } from './appendPairs';
import { askDraft, type AskedDraft, type KnownDraft } from './askDraft';
import type { RoundOnDisk } from './readRound';
import type { RoundWork } from './roundWork';

export interface RoundActionServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly runs: RunsModel;
  readonly datasets: DatasetsModel;
  readonly editor: PairEditorProvider;
  readonly work: RoundWork;
}

/** What the buttons of a round do. Each starts a process, or asks first. */
export class RoundActions {
  constructor(private readonly services: RoundActionServices) {}

  /**
   * Asks what to draft, and drafts.
   *
   * @param folder of the rounds, which may be new
   * @param started called when the questions are answered
   */
  async draft(folder: string, known: KnownDraft, started: () => void): Promise<void> {
    requireTrust();
    const asked = await askDraft(this.services, known);
    if (!asked) return;
    const title = `Drafting answers of ${basename(folder)}`;
    const drafting = this.services.work.run({ title, argv: ['draft', ...place(folder), ...draftFlags(asked)], folder });
    started();
    await drafting;
  }

  /** Begins the next round with the model that the last one trained. */
  async next(folder: string, { record }: RoundOnDisk): Promise<void> {
    const run = record.rounds.at(-1)?.run ?? null;
    const policy = run === null ? null : ({ kind: 'run', folder: run } as const);
    await this.draft(folder, { policy, rows: this.editorRows, hasRounds: true }, () => undefined);
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
    const argv = ['round', ...place(folder), '--judge', 'person', ...picked.flags];
    await work.run({ title: `${picked.isFile ? 'Writing' : 'Training'} round ${round.round}`, argv, folder });
    await runs.refresh();
    if (picked.isFile) await this.showConfig(folder, round.round);
  }

  async append(folder: string, read: RoundOnDisk): Promise<void> {
    await appendPairs(this.services, folder, read);
  }

  /** The rows of the active pair editor, or of the last one that was used; null if there is none. */
  get editorRows(): KnownDraft['rows'] {
    const { active } = this.services.editor;
    return active ? { file: active.document.uri.fsPath, filter: active.view.filter } : null;
  }
}

/** `NAME --rounds_dir DIR` */
export function place(folder: string): readonly string[] {
  return [basename(folder), '--rounds_dir', dirname(folder)];
}

function draftFlags({ policy, prompts, count, choice, k, temperature, seed, heldOut }: AskedDraft): readonly string[] {
  const source =
    prompts.kind === 'typed'
      ? prompts.prompts.flatMap((text) => ['--prompt', text])
      : ['--prompts', prompts.file, ...(prompts.filter === '' ? [] : ['--filter', prompts.filter])];
  return [
    ...[`--${policy.kind}`, policy.folder],
    ...source,
    ...(count === null ? [] : ['--count', String(count)]),
    ...(choice === 'active' ? ['--choice', choice] : []),
    ...['--k', String(k), '--temperature', String(temperature), '--seed', String(seed)],
    ...(heldOut === null ? [] : ['--held_out', heldOut]),
  ];
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
      label: 'Write Pairs and a Config Only',
      detail: 'pairs.jsonl and a *.train.json, which opens. Nothing is trained',
      flags: ['--pairs_only'],
      isFile: true,
    },
  ];
}
