import { homedir } from 'node:os';
import { HubClient } from '../../hub/hubClient';
import { hubSettings } from '../../hub/hubSettings';
import { parseLicence } from '../../hub/licence';
import { lookAtTarget, push as pushFiles, type PushTarget } from '../../hub/push';
import { parseRepo, type Repo, repoPath } from '../../hub/repo';
import { MarginError } from '../../base/pure/marginError';
import { agrees } from '../agrees';
import { flag, parseArguments, text, UsageError } from '../args';
import type { Arguments } from '../args';
import { columnsHelp } from '../columnsOption';
import type { Command } from '../command';
import { interruption } from '../interruption';
import type { Output } from '../output';
import { ProgressTeller } from '../progressTeller';
import type { CardedPlan } from './pushAsked';
import { withAdapter } from './pushAdapter';
import { withData } from './pushData';

export const push: Command = {
  summary: 'upload an adapter or data set to the Hugging Face Hub',
  help: `margin push adapter RUN_OR_CHECKPOINT ID [--step N | --best] [--license L] [--base_model ID]
margin push data FILE ID --license L

Uploads a LoRA adapter with its model card (base model, data and its hash, settings, metrics), or a file of preferences
with its data card (counts, checks, edits, agreement of reviewers, licence). ID is org/name. What would be sent is shown
in full first: the repository, the files and the card. Nothing is sent before you agree. A new repository is private.

  --license L      The licence, as the Hub writes it: apache-2.0, cc-by-4.0, other. A data set needs one; Margin never
                   guesses it.
  --public         Makes a new repository public. One that exists keeps its visibility.
  --step N         For an adapter: the checkpoint of this step instead of the newest.
  --best           For an adapter: the checkpoint of the best evaluation by metric_for_best_model.
  --model DIR      For an adapter: its base model on this disk, if it is not where adapter_config.json says.
  --base_model ID  For an adapter: the name of its base model on the Hub, if that does not follow from its folder.
  --yes            Sends without asking.
${columnsHelp}
  --json           Prints {"preview": {"repo", "exists", "visibility", "files", "card"}}; then {"progress": {"file",
                   "doing", "share"}}, and at the end {"repo", "url", "commit"}. Without --yes it ends after the preview
                   with the error not-confirmed.

The token is HF_TOKEN or that of hf auth login, and needs the right to write. HF_ENDPOINT names another Hub.

Exit code: 0 success; 1 failed, or nothing was sent; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      yes: 'flag',
      public: 'flag',
      best: 'flag',
      license: 'value',
      step: 'value',
      model: 'value',
      base_model: 'value',
      columns: 'value',
      data_format: 'value',
    });
    const { what, source, repo } = namesOf(args);
    const licence = text(args, 'license');
    const options = { repo, licence: licence === null ? null : parseLicence(licence), signal: interruption().signal };
    const send = (plan: CardedPlan): Promise<void> => sendPlan(plan, repo, args, options.signal, surroundings.output);
    await (what === 'adapter' ? withAdapter : withData)({ source, args, ...options }, surroundings, send);
    return 0;
  },
};

/** Only for one of the two. */
const foreign: Readonly<Record<'adapter' | 'data', readonly string[]>> = {
  adapter: ['columns', 'data_format'],
  data: ['step', 'best', 'model', 'base_model'],
};

function namesOf(args: Arguments): { what: 'adapter' | 'data'; source: string; repo: Repo } {
  const [what, source, id, extra] = args.positionals;
  if (what !== 'adapter' && what !== 'data') throw new UsageError('push what? adapter or data');
  if (source === undefined) throw new UsageError(`${what === 'data' ? 'FILE' : 'RUN_OR_CHECKPOINT'} is missing`);
  if (id === undefined) throw new UsageError('ID is missing');
  if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
  const wrong = foreign[what].find((name) => args.options.has(name));
  if (wrong !== undefined) throw new UsageError(`--${wrong} is not for ${what}`);
  const repo = parseRepo(what === 'data' && !id.startsWith('datasets/') ? `datasets/${id}` : id);
  if (what === 'adapter' && repo.kind !== 'model') throw new UsageError('an adapter goes into a model: write org/name');
  if (!repo.name.includes('/')) throw new UsageError(`whose is ${repo.name}? Write org/name`);
  return { what, source, repo };
}

/** Shows a plan, asks, and sends it. @throws MarginError `not-confirmed` | `interrupted`, and those of the Hub */
async function sendPlan(
  plan: CardedPlan,
  repo: Repo,
  args: Arguments,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const json = flag(args, 'json');
  const settings = await hubSettings(process.env, homedir());
  const client = new HubClient(settings, repo, { signal, onWait: (said) => output.say(said) });
  const progress = new ProgressTeller<{ file: string; doing: string; share: number }>(
    output,
    json,
    ({ file, doing, share }) => `${doing} ${file} · ${Math.floor(100 * share)} %`,
  );
  try {
    const target = await lookAtTarget(client, plan);
    preview(plan, target, { repo, endpoint: settings.endpoint }, json, output);
    if (!flag(args, 'yes') && !(await agrees(output, 'Send this?')))
      throw new MarginError('not-confirmed', 'Nothing was sent. Give --yes to send it.');
    const pushed = await pushFiles(client, plan, target, (file, doing, share) => progress.tell({ file, doing, share }));
    progress.end();
    if (json) output.json({ repo: repoPath(repo), ...pushed });
    else output.line(`Pushed: ${pushed.url}`);
  } catch (error) {
    progress.end();
    if (signal.aborted) throw new MarginError('interrupted', 'Stopped. The repository has no new commit.');
    throw error;
  }
}

function preview(
  { files, card, visibility }: CardedPlan,
  { commit, replaced }: PushTarget,
  { repo, endpoint }: { readonly repo: Repo; readonly endpoint: string },
  json: boolean,
  output: Output,
): void {
  const exists = commit !== null;
  const shown = files.map(({ path, bytes }) => ({ path, bytes, replaces: replaced.includes(path) }));
  if (json) {
    output.json({
      preview: { repo: repoPath(repo), endpoint, exists, visibility: exists ? null : visibility, files: shown, card },
    });
    return;
  }
  output.say(
    `To ${endpoint}/${repoPath(repo)}, ${exists ? 'which exists and keeps its visibility' : `a new ${visibility} repository`}:`,
  );
  for (const { path, bytes, replaces } of shown)
    output.say(`  ${path} · ${(bytes / 1e6).toFixed(2)} MB${replaces ? ' · replaces the file there' : ''}`);
  output.say(`README.md:\n${card}`);
}
