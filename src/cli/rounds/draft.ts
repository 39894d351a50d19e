import { requireRuntime } from '../../base/node/nativeRuntime';
import { resolve } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { sameJson } from '../../pairs/json';
import type { AnswerValuer } from '../../rounds/answerSource';
import { distinctDrafts, draftAnswers, draftSeed } from '../../rounds/draftAnswers';
import type { EndpointClient } from '../../rounds/endpoint/endpointClient';
import { answerRequest, endpointSource } from '../../rounds/endpoint/endpointSource';
import { draftsByPrompt } from '../../run/rounds/decisions';
import { readDrafts } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import { readRounds, writeRounds } from '../../run/rounds/record';
import { type Draft, editorModelPolicy, type RoundRecord, type RoundsRecord } from '../../run/rounds/types';
import { type Arguments, flag, number, parseArguments, text, texts, UsageError } from '../args';
import { readingOption } from '../columnsOption';
import type { Command, Surroundings } from '../command';
import { interruption } from '../interruption';
import { pairRuleOptions } from '../pairRuleOptions';
import { draftHelp } from './draftHelp';
import { type DraftPlan, type DraftStep, draftRound, planDrafts, work } from './draftStep';
import { confirmRequests, endpointClient, endpointOptions } from './endpointOption';
import { newRecord, newRound } from './newRound';
import { openPolicy } from './policy';
import { typedPrompts } from './prompts';
import { RoundProgress } from './roundProgress';
import { openRound, type RoundsPlace, roundsOptions, roundsPlace, withRound } from './roundsOption';

export const draft: Command = {
  summary: 'draft answers of a model for the next round, to be judged',
  help: draftHelp,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      model: 'value',
      run: 'value',
      checkpoint: 'value',
      endpoint: 'value',
      prompts: 'value',
      prompt: 'texts',
      filter: 'value',
      count: 'value',
      choice: 'value',
      prompt_seed: 'value',
      prompt_key: 'value',
      k: 'value',
      seed: 'value',
      temperature: 'value',
      top_p: 'value',
      max_new_tokens: 'value',
      batch_size: 'value',
      beta: 'value',
      held_out: 'value',
      guard_file: 'value',
      columns: 'value',
      data_format: 'value',
      ...roundsOptions,
      ...endpointOptions,
      ...pairRuleOptions,
    });
    const place = roundsPlace(args, cwd);
    const json = flag(args, 'json');
    const known = await readRounds(place.folder);
    const progress = new RoundProgress(output, json);
    const key = text(args, 'prompt_key');
    const { record, round } = key === null ? await roundToDraft(args, place, known, cwd) : openOne(known, place);
    const file = round.prompts.file;
    const reading = await readingOption(args, file, surroundings);
    const beta = number(args, 'beta', 0.1, { min: Number.MIN_VALUE });
    const client = isEndpoint(round) ? await endpointClient(round.policy.model, args, output) : null;
    if (!client) requireRuntime(surroundings.programs);
    const model = client ? null : await openPolicy(round.policy, record.base, beta);
    const step: DraftStep = {
      folder: place.folder,
      record,
      round,
      typed: typedPrompts(texts(args, 'prompt')),
      reading,
      source: client ? endpointSource(client) : must(model, 'the model that drafts'),
      valuer: model && valuerOf(model),
      batchSize: number(args, 'batch_size', 16, { min: 1, integer: true }),
      signal: interruption().signal,
      progress,
    };
    try {
      const drafts = await (key === null
        ? drafted(step, client, args, surroundings)
        : moreDrafts(step, key, client, args, output));
      progress.end();
      tell(drafts, round, place, json, surroundings);
      return 0;
    } finally {
      progress.end();
      await model?.release();
    }
  },
};

const isEndpoint = ({ policy: { model } }: RoundRecord): boolean =>
  /^https?:/.test(model) || model === editorModelPolicy;
const valuerOf =
  (model: { readonly values: AnswerValuer }): AnswerValuer =>
  (answers) =>
    model.values(answers);

/** The open round as the options describe it, or a new one, and its record. Only drafting writes it. */
async function roundToDraft(
  args: Arguments,
  place: RoundsPlace,
  known: RoundsRecord | null,
  cwd: string,
): Promise<{ readonly record: RoundsRecord; readonly round: RoundRecord }> {
  const record = await newRecord(args, place, known, cwd);
  const open = openRound(record);
  const round = await newRound(args, record, cwd);
  if (open === null) return { record: withRound(record, round), round };
  if (
    sameJson({ ...open, mix: 0, judge: null, reference: 'base' }, { ...round, mix: 0, judge: null, reference: 'base' })
  )
    return { record, round: open };
  const message = `Round ${open.round} of ${place.name} is drafted with other settings. Give the same ones to continue it, or train it first: margin round ${place.name}. To begin it again, delete ${roundPaths.round(place.folder, open.round)} and its entry in rounds.json.`;
  throw new MarginError('other-round', message, { folder: place.folder });
}

function openOne(known: RoundsRecord | null, { name }: RoundsPlace): { record: RoundsRecord; round: RoundRecord } {
  const round = known && openRound(known);
  if (known && round) return { record: known, round };
  throw new MarginError('no-round', `${name} has no round that is being drafted, so there is nothing to add to.`, {
    name,
  });
}

async function drafted(
  step: DraftStep,
  client: EndpointClient | null,
  args: Arguments,
  { output }: Surroundings,
): Promise<readonly Draft[]> {
  const { round, folder, record } = step;
  if (step.round.prompts.file === null && step.typed.length === 0)
    throw new UsageError('give prompts: --prompts FILE, or --prompt TEXT');
  const plan = await planDrafts(step);
  if (client) await confirmEndpoint(client, round, plan, args, output);
  await writeRounds(folder, record);
  return draftRound(step, plan);
}

async function confirmEndpoint(
  client: EndpointClient,
  round: RoundRecord,
  { prompts, path }: DraftPlan,
  args: Arguments,
  output: Surroundings['output'],
): Promise<void> {
  const { k, seed } = round.drafts;
  const known = draftsByPrompt((await readDrafts(path)).lines);
  const requests = prompts.flatMap(({ key, prompt }) =>
    Array.from({ length: k }, (_, n) => n)
      .filter((n) => known.get(key)?.some(({ draft: number }) => number === n) !== true)
      .map((n) => answerRequest(client, { prompt, seed: draftSeed(seed, key, n) }, round.drafts)),
  );
  await confirmRequests({ client, requests }, args, output);
}

/** More drafts for one prompt of the open round. */
async function moreDrafts(
  step: DraftStep,
  key: string,
  client: EndpointClient | null,
  args: Arguments,
  output: Surroundings['output'],
): Promise<readonly Draft[]> {
  const path = roundPaths.drafts(step.folder, step.round.round);
  const known = draftsByPrompt((await readDrafts(path)).lines).get(key);
  const first = known?.[0];
  if (!known || !first)
    throw new MarginError('no-prompt', `Round ${step.round.round} has no drafts of the prompt ${key}.`, { key });
  const k = number(args, 'k', 1, { min: 1, integer: true });
  const { round } = step;
  const more = { ...step, round: { ...round, drafts: { ...round.drafts, k } } };
  if (client) {
    const { prompt } = first;
    const requests = Array.from({ length: k }, (_, n) =>
      answerRequest(client, { prompt, seed: draftSeed(round.drafts.seed, key, known.length + n) }, round.drafts),
    );
    await confirmRequests({ client, requests }, args, output);
  }
  return draftAnswers({ ...work(more), path, prompts: [{ key, row: first.row, prompt: first.prompt }], more: true });
}

function tell(
  drafts: readonly Draft[],
  { round, policy }: RoundRecord,
  { folder, name }: RoundsPlace,
  json: boolean,
  { output }: Surroundings,
): void {
  const prompts = [...draftsByPrompt(drafts).values()];
  const distinct = prompts.map((own) => distinctDrafts(own).length);
  const counts = {
    round,
    prompts: prompts.length,
    drafts: drafts.length,
    distinct: distinct.reduce((sum, count) => sum + count, 0),
    judgeable: distinct.filter((count) => count > 1).length,
  };
  if (json) return output.json({ drafted: { name, folder, ...counts, policy } });
  output.line(
    `Round ${round}: ${counts.drafts} drafts of ${counts.prompts} prompts, ${counts.distinct} of them distinct; ${counts.judgeable} prompts have drafts to judge.`,
  );
  output.line(roundPaths.drafts(resolve(folder), round));
}
