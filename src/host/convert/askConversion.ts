import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { targets } from '../../pairs/convert/table';
import type { ConvertOptions, Target } from '../../pairs/convert/target';
import type { Reading } from '../../pairs/reading';
import type { DatasetsModel } from '../datasets/datasetsModel';
import { dataFilters, stemOf } from '../datasets/mayHold';
import { askSteps, type Choice, openOne, type Step } from '../quickSteps';
import { datasetChoices } from '../train/askTraining';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import { previewOf } from './preview';

export interface AskedConversion {
  readonly file: string;
  readonly reading: Reading;
  readonly target: Target;
  readonly options: ConvertOptions;
  readonly out: string;
}

/** What the questions need from other parts of the extension. */
export interface ConversionServices {
  readonly texts: ReadOnlyTexts;
  /** How the rows of a file are read. */
  readonly readingOf: (file: string) => Reading;
  /** Makes sure that the file on the disk has all edits. False: the person declined. */
  readonly saved: (file: string) => Promise<boolean>;
}

interface Draft {
  readonly file: string | null;
  readonly target: Target;
  readonly options: ConvertOptions;
}

const title = 'Margin: Convert';
const asTheyAre: ConvertOptions = { prompt: 'explicit', style: null };

/**
 * Asks for file, target and options, shows a preview, and asks where to save.
 *
 * @param file the answer to the first question, which is then not asked
 * @returns null if the person closed a list or dialog
 */
export async function askConversion(
  datasets: DatasetsModel,
  services: ConversionServices,
  file: vscode.Uri | undefined,
): Promise<AskedConversion | null> {
  const [target] = targets;
  const start: Draft = { file: file?.fsPath ?? null, target, options: asTheyAre };
  const steps = [...(file ? [] : [askFile(datasets)]), askTarget, confirm(services)];
  const draft = await askSteps(steps, start);
  if (!draft || draft.file === null) return null;
  const out = await askOut(draft.file, draft.target);
  return out === null ? null : { ...draft, file: draft.file, reading: services.readingOf(draft.file), out };
}

const askFile =
  (datasets: DatasetsModel): Step<Draft> =>
  async (draft, ask) => {
    const answer = await ask({ title, placeholder: 'Which file?', choices: await datasetChoices(datasets) });
    if (answer === 'back') return 'back';
    const file = answer ?? (await openOne(title, { filters: dataFilters }))?.fsPath;
    return file === undefined ? null : { ...draft, file };
  };

/** Asks for the target and, if it has options, for these. *Back* from these leads to the targets. */
const askTarget: Step<Draft> = async (draft, ask) => {
  const choices = targets.map((target) => ({ label: target.label, detail: sentence(target.purpose), value: target }));
  for (;;) {
    const target = await ask({ title, placeholder: 'To which shape?', choices });
    if (target === null || target === 'back') return target;
    if (target.options.length === 0) return { ...draft, target, options: asTheyAre };
    const options = await ask({ title, placeholder: 'How to write the rows?', choices: optionChoices(target) });
    if (options === null) return null;
    if (options !== 'back') return { ...draft, target, options };
  }
};

/** A choice whose detail is always there. */
type Detailed<T> = Choice<T> & { readonly detail: string };

const styles: readonly Detailed<ConvertOptions['style']>[] = [
  { label: 'Keep the style', detail: 'Chats stay chats, and texts stay texts.', value: null },
  { label: 'Chat', detail: 'Writes lists of messages, which the model’s chat template renders.', value: 'chat' },
  {
    label: 'Plain text',
    detail:
      'Writes texts. A chat must be one question, and each answer one turn; other chats are left out and counted.',
    value: 'plain',
  },
];
const places: readonly Detailed<ConvertOptions['prompt']>[] = [
  {
    label: 'explicit prompt',
    detail: 'The prompt has a key of its own, as TRL recommends for DPO.',
    value: 'explicit',
  },
  { label: 'implicit prompt', detail: 'Both answers begin with the prompt.', value: 'implicit' },
];

/** One list for the style and, for targets that have both, the place of the prompt. */
function optionChoices({ options }: Target): Choice<ConvertOptions>[] {
  const prompts = options.includes('prompt') ? places : places.slice(0, 1);
  return prompts.flatMap((place) =>
    styles.map((style) => ({
      label: prompts.length > 1 ? `${style.label}, ${place.label}` : style.label,
      detail: prompts.length > 1 ? `${style.detail} ${place.detail}` : style.detail,
      value: { prompt: place.value, style: style.value },
    })),
  );
}

/** Shows the preview until the person continues or goes back. */
const confirm =
  ({ texts, readingOf, saved }: ConversionServices): Step<Draft> =>
  async (draft, ask) => {
    const { file, target, options } = draft;
    if (file === null || !(await saved(file))) return null;
    const { summary, text } = await previewOf(file, readingOf(file), target, options);
    const preview = await texts.show({ name: `Preview of ${basename(file)} as ${target.id}.jsonc`, text });
    const answer = await ask({
      title,
      placeholder: 'The editor shows the first rows and the report',
      choices: [{ label: 'Save As…', detail: summary, value: 'save' as const }],
    });
    await texts.close(preview);
    return answer === 'save' ? draft : answer;
  };

/** Suggests a name beside the file: `prefs-openai.jsonl`. */
async function askOut(file: string, { id, file: kind }: Target): Promise<string | null> {
  const uri = await vscode.window.showSaveDialog({
    title: 'File to convert to',
    saveLabel: 'Convert',
    defaultUri: vscode.Uri.file(join(dirname(file), `${stemOf(file)}-${id === kind ? 'pairs' : id}.${kind}`)),
    filters: { [kind === 'jsonl' ? 'JSON Lines' : kind === 'csv' ? 'CSV' : 'Parquet']: [kind] },
  });
  return uri?.fsPath ?? null;
}

function sentence(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}
