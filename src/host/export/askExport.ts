import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { ExportFormat, ExportOptions } from '../../export/options';
import { MarginError } from '../../base/pure/marginError';
import { askSteps, browse, type Choice, openOne, type Step } from '../quickSteps';
import { allCheckpoints, checkpointItem, checkpointsOf, type RunCheckpoint } from '../runs/checkpoints';
import type { RunsModel } from '../runs/runsModel';

export interface Export {
  /** Folder of a checkpoint, or of an adapter whose base is on this disk. */
  readonly source: string;
  readonly format: ExportFormat;
  /** For `merged-gguf`: the type of the matrices. */
  readonly outType: OutType | null;
  /** The folder to make. */
  readonly out: string;
}

type OutType = ExportOptions['outType'];

interface Draft {
  readonly source: string | null;
  /** Whether the source is an adapter: a checkpoint of all weights can only become a model. */
  readonly isAdapter: boolean;
  /** First part of the suggested folder name. */
  readonly label: string;
  readonly format: ExportFormat;
  readonly outType: OutType | null;
}

/**
 * Asks for checkpoint, format and folder.
 *
 * @param run folder of the run whose checkpoints are offered; null: those of all runs, and adapters from elsewhere
 * @returns null if the person closed a list or dialog
 * @throws MarginError `no-checkpoint`
 */
export async function askExport(runs: RunsModel, run: string | null): Promise<Export | null> {
  const found = run === null ? await allCheckpoints(runs) : await checkpointsOf(run);
  if (run !== null && found.length === 0)
    throw new MarginError(
      'no-checkpoint',
      'This run has no checkpoint yet. Wait for the first one, or stop the run, which saves one.',
    );
  const start: Draft = { source: null, isAdapter: true, label: '', format: 'peft', outType: null };
  const [only] = found;
  const isChosen = run !== null && found.length === 1 && only !== undefined;
  const draft = await askSteps(
    isChosen ? [askFormat] : [askSource(found, run === null), askFormat],
    isChosen ? withCheckpoint(start, only) : start,
  );
  if (!draft || draft.source === null) return null;
  const { source, format, outType, label } = draft;
  const out = await askFolder(source, outType === null ? `${label}-${format}` : `${label}-${outType}`);
  return out === null ? null : { source, format, outType, out };
}

const title = 'Margin: Export';

const withCheckpoint = (draft: Draft, { folder, run, step, isAdapter }: RunCheckpoint): Draft => ({
  ...draft,
  source: folder,
  isAdapter,
  label: `${run}-step-${step}`,
});

function askSource(found: readonly RunCheckpoint[], elsewhere: boolean): Step<Draft> {
  return async (draft, ask) => {
    const choices: Choice<RunCheckpoint | 'browse'>[] = found.map((checkpoint) => ({
      ...checkpointItem(checkpoint),
      value: checkpoint,
    }));
    if (elsewhere)
      choices.push({
        ...browse<'browse'>('browse'),
        label: 'Adapter Folder…',
        detail: 'A PEFT adapter whose base model is on this disk',
      });
    const answer = await ask({ title, placeholder: 'Which checkpoint?', choices });
    if (answer === null || answer === 'back') return answer;
    if (answer !== 'browse') return withCheckpoint(draft, answer);
    const folder = (await openOne('Adapter folder', { canSelectFolders: true, canSelectFiles: false }))?.fsPath;
    return folder === undefined ? null : { ...draft, source: folder, isAdapter: true, label: basename(folder) };
  };
}

type Format = Pick<Draft, 'format' | 'outType'>;

const askFormat: Step<Draft> = async (draft, ask) => {
  const adapters: Choice<Format>[] = [
    {
      label: 'PEFT adapter',
      description: 'peft',
      detail: 'A small folder for PEFT and everything that loads PEFT adapters, such as vLLM.',
      value: { format: 'peft', outType: null },
    },
    {
      label: 'GGUF adapter',
      description: 'gguf',
      detail: 'One small file for llama.cpp: --lora FILE, with the same base model as GGUF.',
      value: { format: 'gguf', outType: null },
    },
  ];
  const merged: Choice<Format> = {
    label: 'Merged model',
    description: 'merged',
    detail: 'A whole model for transformers, vLLM or further training. As large as its base model.',
    value: { format: 'merged', outType: null },
  };
  const ggufs = [
    mergedGguf('f16', 'A whole model as one file for llama.cpp and programs built on it, such as Ollama.'),
    mergedGguf('q8_0', 'The same with 8 bits a weight: half as large, with almost the same answers.'),
  ];
  const answer = await ask({
    title,
    placeholder: 'Which format?',
    choices: draft.isAdapter ? [...adapters.slice(0, 1), merged, ...adapters.slice(1), ...ggufs] : [merged, ...ggufs],
  });
  return answer === null || answer === 'back' ? answer : { ...draft, ...answer };
};

const mergedGguf = (outType: OutType, detail: string): Choice<Format> => ({
  label: `GGUF model, ${outType.toUpperCase()}`,
  description: 'merged-gguf',
  detail,
  value: { format: 'merged-gguf', outType },
});

/** Suggests a folder in the workspace, else beside the source. The export makes the folder. */
async function askFolder(source: string, name: string): Promise<string | null> {
  const at = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? dirname(source);
  const defaultUri = vscode.Uri.file(join(at, name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')));
  const uri = await vscode.window.showSaveDialog({
    title: 'Folder to export into',
    saveLabel: 'Export',
    defaultUri,
  });
  return uri?.fsPath ?? null;
}
