import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import { errorCode, MarginError } from '../../base/pure/marginError';
import type { Notices } from '../notices';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import { megabytes } from '../train/modelFolders';
import type { HubWork } from './hubWork';

/** What `margin push --json` says before anything is sent. */
interface Preview {
  readonly repo: string;
  readonly endpoint: string;
  readonly exists: boolean;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly replaces: boolean }[];
  readonly card: string;
}

export interface PushServices {
  readonly work: HubWork;
  readonly notices: Notices;
  readonly texts: ReadOnlyTexts;
}

const [push, pushPrivate, pushPublic] = ['Push', 'Push as Private', 'Push as Public'];

/**
 * Asks where to, shows the card and the files, and sends them if the person agrees.
 *
 * @param what the first arguments: `adapter RUN` or `data FILE`
 * @returns the page of the commit; null if nothing was sent
 */
export async function pushToHub(
  what: readonly ['adapter' | 'data', string],
  services: PushServices,
): Promise<string | null> {
  const isData = what[0] === 'data';
  const id = await ask('Where to? org/name; a new repository is made', /^[\w.-]+\/[\w.-]+$/, 'An id such as me/name.');
  if (id === null) return null;
  const licence = await ask(
    `The licence${isData ? ' of the data' : ', if you name one'}, as the Hub writes it: apache-2.0, cc-by-4.0, other`,
    isData ? /^[a-z0-9.+-]+$/ : /^[a-z0-9.+-]*$/,
    isData ? 'A data set needs a licence. Only you know it.' : 'Small letters, digits, dots and dashes.',
  );
  if (licence === null) return null;
  const start = ['push', ...what, id, ...(licence === '' ? [] : ['--license', licence])];
  const planned = await plan(start, services.work);
  if (planned === null) return null;
  const { preview, argv } = planned;
  await services.texts.show({ name: `Card of ${id}.md`, text: preview.card });
  const answer = await services.notices.ask(...question(preview));
  if (answer === undefined) return null;
  const visibility = answer === pushPublic ? ['--public'] : [];
  const lines = await services.work.run(`Pushing ${id}`, [...argv, ...visibility, '--yes']);
  const page = lines.at(-1)?.['url'];
  if (typeof page === 'string') return page;
  throw new MarginError('hub-failed', `margin push named no page of what it sent to ${id}.`);
}

/** What would be sent. It asks for the name of the base model if only the person knows it. */
async function plan(
  argv: readonly string[],
  work: HubWork,
): Promise<{ readonly preview: Preview; readonly argv: readonly string[] } | null> {
  try {
    await work.run('Preparing the push', argv);
  } catch (error) {
    if (errorCode(error) === 'hub-base') {
      const base = await ask('Name of the base model on the Hub: org/name', /^[\w.-]+\/[\w.-]+$/, 'An id: org/name.');
      return base === null ? null : plan([...argv, '--base_model', base], work);
    }
    if (!(error instanceof MarginError) || error.code !== 'not-confirmed') throw error;
    const { preview } = error.details;
    if (isPreview(preview)) return { preview, argv };
  }
  throw new MarginError('hub-failed', 'margin push showed nothing that it would send.');
}

/** Whether it is the preview that `margin push` puts into its error. Its files come from the same program. */
function isPreview(value: unknown): value is Preview {
  if (!isRecord(value) || typeof value['exists'] !== 'boolean' || !Array.isArray(value['files'])) return false;
  return ['repo', 'endpoint', 'card'].every((key) => typeof value[key] === 'string');
}

function question({ repo, endpoint, exists, files }: Preview): Parameters<Notices['ask']> {
  const lines = files.map(
    ({ path, bytes, replaces }) => `${path} · ${sizeText(bytes)}${replaces ? ' · replaces the file there' : ''}`,
  );
  const detail = [`${endpoint}/${repo}`, '', ...lines, '', 'README.md is shown in the editor.'].join('\n');
  if (exists) return ['info', `Push ${files.length} files to ${repo}?`, detail, push];
  return ['info', `Push ${files.length} files to ${repo}, a new repository?`, detail, pushPrivate, pushPublic];
}

/** Cards and configs have some kilobytes. */
const sizeText = (bytes: number): string => (bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : megabytes(bytes));

async function ask(prompt: string, pattern: RegExp, wrong: string): Promise<string | null> {
  const text = await vscode.window.showInputBox({
    title: 'Margin: Push to the Hub',
    prompt,
    ignoreFocusOut: true,
    validateInput: (given) => (pattern.test(given.trim()) ? null : wrong),
  });
  return text === undefined ? null : text.trim();
}
