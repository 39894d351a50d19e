import { basename } from 'node:path';
import * as vscode from 'vscode';
import { askSteps, type Choice, pickMany, type Step } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { chosenFolder, modelChoices } from '../train/modelFolders';
import type { SuspectSource } from './runSuspects';
import { type ScoredRun, scoredRuns } from './scoredRuns';

const title = 'Margin: Find Wrong Labels';

interface Draft {
  readonly how: 'saved' | 'all' | 'some' | 'model' | null;
  readonly source: SuspectSource | null;
}

/**
 * Asks what shall tell right labels from wrong ones.
 *
 * @param isKnown whether a search is saved, which can be shown
 * @returns `saved` to show the saved search; null if the person closed a list
 */
export async function askSuspects(
  extension: vscode.Uri,
  runs: RunsModel,
  file: string,
  isKnown: boolean,
): Promise<SuspectSource | 'saved' | null> {
  const scored = await scoredRuns(runs, file);
  const start: Draft = { how: null, source: null };
  const draft = await askSteps([askHow(scored, isKnown), askMore(extension, file, scored)], start);
  if (draft?.how === 'saved') return 'saved';
  return draft ? draft.source : null;
}

const askHow =
  (scored: readonly ScoredRun[], isKnown: boolean): Step<Draft> =>
  async (_, ask) => {
    const steps = scored.reduce((sum, one) => sum + one.steps, 0);
    const choices: Choice<NonNullable<Draft['how']>>[] = [
      ...(isKnown ? [{ label: 'Show the last result', value: 'saved' } as const] : []),
      ...(scored.length > 0
        ? [
            {
              label: scored.length === 1 ? 'The run of this file' : `All ${scored.length} runs of this file`,
              description: scored.map(({ run }) => run.name).join(', '),
              detail:
                steps === 1 ? '1 scored step measures every pair' : `${steps} scored steps, each measures every pair`,
              value: 'all',
            } as const,
          ]
        : []),
      ...(scored.length > 1
        ? [{ label: 'Some runs of this file…', detail: 'Runs with a fault tell little', value: 'some' } as const]
        : []),
      {
        label: 'Train short runs with a model…',
        detail: 'Two runs with other seeds, used for nothing else. You see first what they take.',
        value: 'model',
      },
    ];
    const placeholder = 'What shall tell right labels from wrong ones?';
    const how = await ask({ title, placeholder, choices });
    return how === null || how === 'back' ? how : { how, source: null };
  };

const askMore =
  (extension: vscode.Uri, file: string, scored: readonly ScoredRun[]): Step<Draft> =>
  async (draft, ask) => {
    if (draft.how === 'saved') return draft;
    if (draft.how === 'all') return { ...draft, source: ofRuns(scored) };
    if (draft.how === 'some') {
      const picked = await pickMany(scored.map(runItem), { title, placeHolder: 'Runs that measure the labels' });
      return picked && picked.length > 0 ? { ...draft, source: ofRuns(picked.map(({ value }) => value)) } : null;
    }
    const placeholder = 'Model to train: small ones are fast, and need only learn what most labels have in common';
    const answer = await ask({ title, placeholder, choices: await modelChoices(extension, file) });
    if (answer === null || answer === 'back') return answer;
    const model = await chosenFolder(answer, title);
    return model === null ? null : { ...draft, source: { kind: 'model', model } };
  };

function runItem(one: ScoredRun): Choice<ScoredRun> {
  const { run, steps } = one;
  const created = new Date(run.created).toLocaleString(vscode.env.language);
  const detail = `${basename(run.config.config.model_name_or_path)} · ${steps} scored`;
  return { label: run.name, description: created, detail, picked: true, value: one };
}

function ofRuns(scored: readonly ScoredRun[]): SuspectSource {
  return { kind: 'runs', runs: scored.map(({ run }) => run.folder) };
}
