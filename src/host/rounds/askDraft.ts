import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readRun } from '../../run/find';
import type { DatasetsModel } from '../datasets/datasetsModel';
import { dataFilters } from '../datasets/mayHold';
import { askSteps, browse, type Choice, openOne, type Step } from '../quickSteps';
import { datasetChoices } from '../train/askTraining';
import { askChoice, askCount, askDrafts, askSeed, askTemperature, nextRoundTitle as title } from './askNumbers';
import type { RunsModel } from '../runs/runsModel';
import { askPolicy, askDrafter } from './askPolicy';
import type { EditorModels } from './editorModels';
import type { Endpoint, EndpointKeys } from './endpointKeys';

/** The model that drafts: a run, or the folder of a model. */
export interface DraftPolicy {
  readonly kind: 'run' | 'model';
  readonly folder: string;
}

/** Where prompts come from: a file with a filter, or a person who types them. */
export type PromptSource =
  | { readonly kind: 'file'; readonly file: string; readonly filter: string }
  | { readonly kind: 'typed'; readonly prompts: readonly string[] };

/** Rows of the active pair editor. */
export interface EditorRows {
  readonly file: string;
  /** Empty for all rows. */
  readonly filter: string;
}

export interface AskedDraft {
  /** The model that is trained, and that drafts if no endpoint does. */
  readonly policy: DraftPolicy;
  /** Null: the policy drafts. Its address is `vscode-lm` for a language model of VS Code. */
  readonly endpoint: Endpoint | null;
  readonly prompts: PromptSource;
  /** Null: all prompts. */
  readonly count: number | null;
  readonly choice: 'random' | 'active';
  readonly k: number;
  readonly temperature: number;
  readonly seed: number;
  /** Pairs that no round trains on; null for those of the run, or none. */
  readonly heldOut: string | null;
}

export interface AskDraftServices {
  readonly extension: vscode.Uri;
  readonly runs: RunsModel;
  readonly datasets: DatasetsModel;
  readonly keys: Pick<EndpointKeys, 'ask'>;
  readonly models: Pick<EditorModels, 'ask' | 'isOffered'>;
}

/** What is known before the first question, which is then not asked. */
export interface KnownDraft {
  readonly policy: DraftPolicy | null;
  readonly rows: EditorRows | null;
  /** Whether the rounds exist, and with them the held-out pairs. */
  readonly hasRounds: boolean;
}

/** What is answered so far. */
export interface DraftSoFar extends Omit<AskedDraft, 'policy' | 'prompts'> {
  readonly policy: DraftPolicy | null;
  readonly prompts: PromptSource | null;
  /** Whether the policy already decides on the held-out pairs. */
  readonly hasHeldOut: boolean;
}

/** Asks for policy, prompts, numbers and seed of a drafting. @returns null if the person closed a list or dialog */
export async function askDraft(services: AskDraftServices, known: KnownDraft): Promise<AskedDraft | null> {
  const start: DraftSoFar = {
    policy: known.policy,
    endpoint: null,
    prompts: null,
    count: 50,
    choice: 'random',
    k: 4,
    temperature: 1,
    seed: 0,
    heldOut: null,
    hasHeldOut: known.hasRounds,
  };
  const steps = [
    ...(known.policy ? [askDrafter(services)] : [askPolicy(services)]),
    askPrompts(services, known.rows),
    askCount,
    askChoice,
    askDrafts,
    askTemperature,
    askSeed,
    ...(known.hasRounds ? [] : [askHeldOut(services)]),
  ];
  const draft = await askSteps(steps, start);
  if (!draft?.policy || !draft.prompts) return null;
  const { policy, prompts } = draft;
  return { ...draft, policy, prompts };
}

const askPrompts =
  ({ datasets }: AskDraftServices, rows: EditorRows | null): Step<DraftSoFar> =>
  async (draft, ask) => {
    const { policy } = draft;
    const trained = policy?.kind === 'run' ? (await readRun(policy.folder)).config.config.train_file : null;
    const file = (path: string, filter: string): PromptSource => ({ kind: 'file', file: path, filter });
    const own: Choice<PromptSource | 'type' | null>[] = rows
      ? [
          {
            label: `Rows of ${basename(rows.file)} in the Editor`,
            description: rows.filter === '' ? 'all rows' : rows.filter,
            value: file(rows.file, rows.filter),
          },
        ]
      : [];
    const listed = (await datasetChoices(datasets)).map(({ value, ...item }) => {
      const isTrained = value !== null && value === trained;
      const description = isTrained ? `${item.description ?? ''} · trained on` : item.description;
      return {
        ...item,
        ...(description === undefined ? {} : { description }),
        value: value === null ? null : file(value, ''),
      };
    });
    const typed: Choice<'type'> = { label: 'Type Prompts…', iconPath: new vscode.ThemeIcon('edit'), value: 'type' };
    const choices = [...own, ...listed.slice(0, -1), typed, browse<PromptSource | 'type' | null>(null)];
    const answer = await ask({ title, placeholder: 'Which prompts?', choices });
    if (answer === 'back') return 'back';
    const prompts = answer === 'type' ? await typePrompts() : (answer ?? (await browsed()));
    return prompts === null ? null : { ...draft, prompts };
  };

async function browsed(): Promise<PromptSource | null> {
  const file = (await openOne(title, { filters: dataFilters }))?.fsPath;
  return file === undefined ? null : { kind: 'file', file, filter: '' };
}

/** Asks for one prompt after the other, until the field stays empty. */
async function typePrompts(): Promise<PromptSource | null> {
  const prompts: string[] = [];
  for (;;) {
    const prompt = prompts.length === 0 ? 'What a user asks' : 'The next prompt. Leave it empty to go on';
    const text = await vscode.window.showInputBox({
      title: `${title}: prompt ${prompts.length + 1}`,
      prompt,
      ignoreFocusOut: true,
    });
    if (text === undefined) return null;
    if (text.trim() === '') return prompts.length === 0 ? null : { kind: 'typed', prompts };
    prompts.push(text);
  }
}

const askHeldOut =
  ({ datasets }: AskDraftServices): Step<DraftSoFar> =>
  async (draft, ask) => {
    // A file always has a name.
    const none: Choice<string | null> = { label: 'None', description: 'rounds are not measured on pairs', value: '' };
    const placeholder = 'Pairs to measure each round on? No round trains on them';
    const choices = [...(await datasetChoices(datasets)).slice(0, -1), none, browse<string | null>(null)];
    const answer = await ask({ title, placeholder, choices });
    if (answer === 'back') return 'back';
    if (answer === '') return { ...draft, heldOut: null };
    const heldOut = answer ?? (await openOne(title, { filters: dataFilters }))?.fsPath;
    return heldOut === undefined ? null : { ...draft, heldOut };
  };
