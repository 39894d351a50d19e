import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandServices } from '../../src/host/commands/target';
import { Notices } from '../../src/host/notices';
import { TargetTrust } from '../../src/host/targets/targetTrust';
import { ConfigProblems } from '../../src/host/train/configProblems';
import { TrainingStarter } from '../../src/host/train/startTraining';
import { runConfig } from '../unit/run/samples';

/** What a person was asked in a dialog, and what they clicked. */
export class Answers extends Notices {
  readonly asked: { readonly question: string; readonly detail: string; readonly actions: readonly string[] }[] = [];
  /** The action that is clicked; undefined: the dialog is closed. */
  answer: string | undefined = undefined;

  override async ask(
    _kind: 'info' | 'warning',
    question: string,
    detail: string,
    ...actions: readonly string[]
  ): Promise<string | undefined> {
    this.asked.push({ question, detail, actions });
    return this.answer;
  }
}

export interface Starting {
  readonly folder: string;
  /** Stands for a package without ONNX Runtime. */
  readonly extension: vscode.Uri;
  readonly notices: Answers;
  readonly starter: TrainingStarter;
  readonly services: CommandServices;
  /** A config with these keys, on rows that are there. */
  config(keys: object): Promise<vscode.Uri>;
  /** The folder of a run that was stopped. */
  stopped(keys: object): Promise<string>;
  dispose(): void;
}

/** What starts trainings, in a folder of its own and without an extension's programs: nothing can start. */
export async function starting(folder: string, output: vscode.LogOutputChannel): Promise<Starting> {
  const extension = vscode.Uri.file(join(folder, 'package'));
  await mkdir(join(extension.fsPath, 'dist'), { recursive: true });
  const rows = join(folder, 'prefs.jsonl');
  await writeFile(rows, '{"prompt":"p","chosen":"a","rejected":"b"}\n');
  const notices = new Answers(output);
  const problems = new ConfigProblems();
  const runs = { refresh: async () => undefined } as never;
  const targets = new TargetTrust(notices, undefined as never);
  const starter = new TrainingStarter(extension, runs, problems, notices, targets);
  const base = { model_name_or_path: join(folder, 'model'), train_file: rows, output_dir: join(folder, 'runs') };
  return {
    folder,
    extension,
    notices,
    starter,
    services: { extension, notices, starter, runs } as Partial<CommandServices> as CommandServices,
    config: async (keys) => {
      const file = join(folder, 'a.train.json');
      await writeFile(file, JSON.stringify({ ...base, ...keys }));
      return vscode.Uri.file(file);
    },
    stopped: async (keys) => {
      const run = join(folder, 'runs', 'stopped');
      await mkdir(run, { recursive: true });
      const { config, ...rest } = runConfig({ name: 'stopped' });
      await writeFile(join(run, 'config.json'), JSON.stringify({ ...rest, config: { ...config, ...base, ...keys } }));
      return run;
    },
    dispose: () => problems.dispose(),
  };
}
