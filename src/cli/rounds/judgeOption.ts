import { basename, resolve } from 'node:path';
import { modelLabel } from '../../base/node/modelLabel';
import { readRule, ruleJudge } from '../../rounds/judges/answerRule';
import { endpointJudge } from '../../rounds/judges/endpointJudge';
import type { Judge } from '../../rounds/judges/judge';
import { labelJudge } from '../../rounds/judges/labelJudge';
import { rewardModelJudge } from '../../rounds/judges/rewardModel';
import { defaultTemplate, readTemplate } from '../../rounds/judges/template';
import type { EndpointClient } from '../../rounds/endpoint/endpointClient';
import { personJudge, rewardJudge } from '../../run/rounds/decisions';
import { type Arguments, number, text, UsageError } from '../args';
import type { Surroundings } from '../command';
import { endpointClient, endpointOptions } from './endpointOption';
import { openPolicy, runFolder, runPolicy } from './policy';

/** The options of {@link judgeOption}. */
export const judgeOptions = {
  judge: 'value',
  rule: 'value',
  reward_model: 'value',
  checkpoint: 'value',
  template: 'value',
  ...endpointOptions,
} as const;

export const judgeHelp = `  --judge reward        A number for each answer decides: of --rule or --reward_model.
  --rule FILE           A rule, {"about": "…", "phrases": {"Thank you": 1, "Ugh": -1}, "per_word": -0.01, "words": 40}: the
                        sum of what the phrases in an answer are worth, and of what each word beyond 40 costs.
  --reward_model RUN    The implicit reward of a run, against its base; --checkpoint names a step.
  --judge DIR           A model on this machine: a folder or a .gguf file. The log-probs of A and B are compared.
  --judge URL           A model at an OpenAI-compatible endpoint.
  --template FILE       What a model is asked, with {prompt}, {a} and {b}; margin judge --print_template prints the
                        default.`;

/** A judge that needs no person, and what it is asked with. */
export interface ChosenJudge {
  readonly judge: Judge;
  /** What a model is asked; null for a judge of scores. */
  readonly template: string | null;
  /** Null if the judge is on this machine. */
  readonly client: EndpointClient | null;
}

const endpointAddress = /^https?:\/\//;

/** @throws UsageError; MarginError `bad-rule` | `bad-template`; those of opening a model */
export async function judgeOption(named: string, args: Arguments, surroundings: Surroundings): Promise<ChosenJudge> {
  const { cwd, output } = surroundings;
  refuseOther(named, args);
  if (named === rewardJudge) return { judge: await scoreJudge(args, cwd), template: null, client: null };
  const given = text(args, 'template');
  const template = given === null ? defaultTemplate : await readTemplate(resolve(cwd, given));
  if (endpointAddress.test(named)) {
    const client = await endpointClient(named, args, output);
    return { judge: endpointJudge(client, `endpoint:${client.address.model}`, template), template, client };
  }
  const path = resolve(cwd, named);
  // Only log-probs of this model are read, so it is its own base.
  const model = await openPolicy({ model: path, checkpoint: null }, path, 1);
  return { judge: labelJudge(model, `model:${modelLabel(path)}`, template), template, client: null };
}

function refuseOther(named: string, args: Arguments): void {
  const isReward = named === rewardJudge;
  const other = isReward ? ['template', 'endpoint_model'] : ['rule', 'reward_model', 'checkpoint'];
  const wrong = other.find((name) => text(args, name) !== null);
  if (wrong !== undefined)
    throw new UsageError(`--${wrong} is ${isReward ? 'not for --judge reward' : 'for --judge reward'}`);
  if (named === personJudge)
    throw new UsageError('a person judges in the editor: name another judge, or import a file with --from');
}

async function scoreJudge(args: Arguments, cwd: string): Promise<Judge> {
  const [rule, run] = [text(args, 'rule'), text(args, 'reward_model')];
  if ((rule === null) === (run === null)) throw new UsageError('--judge reward needs either --rule or --reward_model');
  if (rule !== null) return ruleJudge(await readRule(resolve(cwd, rule)));
  const folder = await runFolder(String(run), cwd);
  const { policy, base } = await runPolicy(folder, text(args, 'checkpoint'));
  const beta = number(args, 'beta', 0.1, { min: Number.MIN_VALUE });
  return rewardModelJudge(await openPolicy(policy, base, beta), `${basename(folder)}, ${policy.checkpoint}`);
}
