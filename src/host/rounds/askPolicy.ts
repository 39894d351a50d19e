import { basename } from 'node:path';
import { type Ask, browse, type Choice, type Step } from '../quickSteps';
import { requireRuntimeOf } from '../runtimeOf';
import { chosenFolder, modelChoices } from '../train/modelFolders';
import type { AskDraftServices, DraftPolicy, DraftSoFar } from './askDraft';
import { nextRoundTitle as title } from './askNumbers';
import type { Endpoint } from './endpointKeys';

const atEndpoint = {
  label: 'A Model at an Endpoint…',
  detail: 'OpenAI-compatible. The first request is shown, with count and price, before any is sent',
  value: 'endpoint',
} as const;

const ofEditor = {
  label: 'A Language Model of VS Code…',
  detail: 'The first request is shown, with the count, before any is sent. It takes no seed',
  value: 'editor',
} as const;

type Far = 'endpoint' | 'editor';
type Answer = DraftPolicy | 'browse' | Far;

/** Who may draft besides models on this machine. */
async function farChoices({ models }: AskDraftServices): Promise<readonly Choice<Far>[]> {
  return (await models.isOffered()) ? [atEndpoint, ofEditor] : [atEndpoint];
}

const askFar = ({ keys, models }: AskDraftServices, far: Far): Promise<Endpoint | null> =>
  far === 'editor' ? models.ask() : keys.ask();

/** Asks which model drafts. If that is one at an endpoint, asks which model is trained on the drafts. */
export const askPolicy =
  (services: AskDraftServices): Step<DraftSoFar> =>
  async (draft, ask) => {
    const [models, last] = await policyChoices(services);
    const choices: Choice<Answer>[] = [...models, ...(await farChoices(services)), last];
    const answer = await ask({ title, placeholder: 'Which model drafts answers?', choices });
    if (answer === null || answer === 'back') return answer;
    if (answer !== 'endpoint' && answer !== 'editor') {
      requireRuntimeOf(services.extension);
      return withPolicy({ ...draft, endpoint: null }, answer);
    }
    const endpoint = await askFar(services, answer);
    if (endpoint === null) return null;
    const placeholder = `Which model is trained on the drafts of ${endpoint.model}?`;
    return withPolicy({ ...draft, endpoint }, await ask({ title, placeholder, choices: [...models, last] }));
  };

/** Asks whether the model that the last round trained drafts, or one at an endpoint. */
export const askDrafter =
  (services: AskDraftServices): Step<DraftSoFar> =>
  async (draft, ask: Ask) => {
    const name = draft.policy === null ? '' : basename(draft.policy.folder);
    const itself: Choice<'itself' | Far> = {
      label: `The Policy: ${name}`,
      detail: 'Each round then learns from its own answers',
      value: 'itself',
    };
    const choices = [itself, ...(await farChoices(services))];
    const answer = await ask({ title, placeholder: 'Which model drafts answers?', choices });
    if (answer === null || answer === 'back') return answer;
    if (answer === 'itself') {
      requireRuntimeOf(services.extension);
      return { ...draft, endpoint: null };
    }
    const endpoint = await askFar(services, answer);
    return endpoint && { ...draft, endpoint };
  };

async function withPolicy(
  draft: DraftSoFar,
  answer: DraftPolicy | 'browse' | 'back' | null,
): Promise<DraftSoFar | 'back' | null> {
  if (answer === null || answer === 'back') return answer;
  if (answer !== 'browse') return { ...draft, policy: answer };
  const folder = await chosenFolder('browse', title);
  return folder === null ? null : { ...draft, policy: { kind: 'model', folder } };
}

/** @returns runs and models, and the choice of another folder */
async function policyChoices({
  runs,
  extension,
}: AskDraftServices): Promise<readonly [Choice<DraftPolicy | 'browse'>[], Choice<DraftPolicy | 'browse'>]> {
  const done = (await runs.ready()).filter(({ status }) => status === 'done' || status === 'stopped');
  const ofRuns = done.map(({ folder, name, status }): Choice<DraftPolicy | 'browse'> => {
    return { label: name, description: `run · ${status}`, detail: folder, value: { kind: 'run', folder } };
  });
  const models = (await modelChoices(extension, null)).map(({ value, ...item }): Choice<DraftPolicy | 'browse'> => {
    return { ...item, value: value === 'browse' ? value : { kind: 'model', folder: value.folder } };
  });
  const known = [...ofRuns, ...models];
  const last = known.find(({ value }) => value === 'browse') ?? browse<DraftPolicy | 'browse'>('browse');
  return [known.filter((one) => one !== last), last];
}
