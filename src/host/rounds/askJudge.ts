import { basename } from 'node:path';
import { type Choice, openOne, pickOne } from '../quickSteps';
import type { RunsModel } from '../runs/runsModel';
import { requireRuntimeOf } from '../runtimeOf';
import { chosenFolder, modelChoices } from '../train/modelFolders';
import type * as vscode from 'vscode';
import { endpointFlags } from './endpointFlags';
import type { Endpoint, EndpointKeys } from './endpointKeys';

/** A judge that is no person, as `margin judge` takes it. */
export interface AskedJudge {
  /** For the notification and the tab. */
  readonly name: string;
  readonly flags: readonly string[];
  /** Null if nothing leaves this machine. */
  readonly endpoint: Endpoint | null;
}

export interface AskJudgeServices {
  readonly extension: vscode.Uri;
  readonly runs: RunsModel;
  readonly keys: EndpointKeys;
}

const title = 'Margin: Judge';

type Kind = 'model' | 'endpoint' | 'run' | 'rule';

const onThisMachine: readonly Choice<Kind>[] = [
  { label: 'A Model on This Machine…', detail: 'Sees two answers at a time, in both orders', value: 'model' },
  { label: 'The Reward of a Run…', detail: 'The implicit reward of a run against its base', value: 'run' },
  { label: 'A Rule…', detail: 'A JSON file: what phrases in an answer are worth', value: 'rule' },
];
const atEndpoint: Choice<Kind> = {
  label: 'A Model at an Endpoint…',
  detail: 'OpenAI-compatible. The first request is shown, with count and price, before any is sent',
  value: 'endpoint',
};

/** Asks who judges the drafts. @returns null if the person closed a list, dialog or field */
export async function askJudge(services: AskJudgeServices): Promise<AskedJudge | null> {
  const placeHolder = 'Who judges the drafts? Its judgements are compared with yours; no pairs come from them';
  const picked = await pickOne([...onThisMachine, atEndpoint], { title, placeHolder });
  return picked ? judgeOf(services, picked.value) : null;
}

/**
 * Asks who compares the answers of the trained model with those of the round before, for the win rate.
 *
 * @returns flags of `margin round`; null if the person closed a list or dialog
 */
export async function askMeasure(services: AskJudgeServices): Promise<readonly string[] | null> {
  const nobody: Choice<Kind | 'nobody'> = {
    label: 'Nobody',
    detail: 'Only the accuracy on held-out pairs is measured, and no win rate',
    value: 'nobody',
  };
  const placeHolder = 'Who compares its answers with those of the round before, for the win rate?';
  const picked = await pickOne([nobody, ...onThisMachine], { title: 'Margin: Measure the Round', placeHolder });
  if (!picked) return null;
  if (picked.value === 'nobody') return [];
  const judge = await judgeOf(services, picked.value);
  return judge && judge.flags.map((flag) => (flag === '--judge' ? '--measure_with' : flag));
}

async function judgeOf(services: AskJudgeServices, kind: Kind): Promise<AskedJudge | null> {
  if (kind === 'endpoint') return endpointJudge(await services.keys.ask());
  // A rule needs no model.
  if (kind !== 'rule') requireRuntimeOf(services.extension);
  if (kind === 'model') return localJudge(services.extension);
  return kind === 'run' ? rewardOfRun(services.runs) : ruleJudge();
}

function endpointJudge(endpoint: Endpoint | null): AskedJudge | null {
  if (endpoint === null) return null;
  return { name: endpoint.model, flags: ['--judge', endpoint.url, ...endpointFlags(endpoint)], endpoint };
}

async function localJudge(extension: vscode.Uri): Promise<AskedJudge | null> {
  const picked = await pickOne(await modelChoices(extension, null), { title, placeHolder: 'Which model judges?' });
  const folder = picked ? await chosenFolder(picked.value, title) : null;
  return folder === null ? null : { name: basename(folder), flags: ['--judge', folder], endpoint: null };
}

async function rewardOfRun(runs: RunsModel): Promise<AskedJudge | null> {
  const done = (await runs.ready()).filter(({ status }) => status === 'done' || status === 'stopped');
  const items = done.map(({ folder, name, status }) => ({ label: name, description: status, detail: folder, folder }));
  const picked = await pickOne(items, { title, placeHolder: 'Which run’s reward judges?' });
  if (!picked) return null;
  const flags = ['--judge', 'reward', '--reward_model', picked.folder];
  return { name: `the reward of ${picked.label}`, flags, endpoint: null };
}

async function ruleJudge(): Promise<AskedJudge | null> {
  const file = (await openOne(title, { filters: { Rule: ['json'] } }))?.fsPath;
  return file === undefined
    ? null
    : { name: basename(file), flags: ['--judge', 'reward', '--rule', file], endpoint: null };
}
