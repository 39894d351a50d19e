import { dynamicsGroups } from '../dynamics/dynamicsGroup';
import { choice, type Field, number, yesNo } from './field';

const reward = { ...number, from: 'facts' } as const;

/** The fields that need rewards. `before`: the rewards that these are compared with, by default those at the start. */
export const rewardFields: readonly Field[] = [
  {
    ...reward,
    name: 'margin',
    help: 'Reward of chosen minus reward of rejected; of a list, the lowest one of its pairs.',
    example: 'margin:<0',
  },
  {
    ...reward,
    name: 'margin.before',
    help: 'The margin in the rewards that these are compared with: at the start if no others were chosen.',
    example: 'margin.before:>0',
  },
  {
    ...reward,
    name: 'margin.delta',
    help: 'The margin minus the margin before.',
    example: 'margin.delta:<-0.5',
  },
  {
    ...yesNo,
    name: 'flipped',
    from: 'facts',
    help: 'Whether the margin has another sign than before; 0 has no sign.',
    example: 'flipped:yes',
  },
  {
    ...reward,
    name: 'rank',
    help: 'The place of the pair by its margin among all scored pairs; 1 for the lowest.',
    example: 'rank:<=20',
  },
  {
    ...reward,
    name: 'rank.delta',
    help: 'The rank minus the rank before, among the pairs that were scored both times.',
    example: 'rank.delta:<-100',
  },
  {
    ...reward,
    name: 'reward',
    part: 'required',
    help: 'The implicit reward of an answer.',
    example: 'reward(chosen)<0',
  },
  {
    ...reward,
    name: 'logp',
    unit: 'nats',
    part: 'required',
    help: 'How much more likely an answer is than under the reference: its log-prob minus that of the reference.',
    example: 'logp(chosen)<0',
  },
  {
    ...reward,
    name: 'logp.token',
    unit: 'nats',
    part: 'required',
    help: 'The same per token of the answer.',
    example: 'logp.token(rejected)>0.1',
  },
  {
    ...reward,
    name: 'kl',
    unit: 'nats',
    part: 'required',
    help: 'How far the model has moved on an answer, per token: Schulman’s k3, exp(−d) − 1 + d with d = logp.token, at least 0. No KL: the model did not write the answer.',
    example: 'kl(chosen)>0.1',
  },
  {
    ...reward,
    name: 'gap.tokens',
    unit: 'tokens',
    help: 'The length of chosen minus the length of rejected, as they were scored.',
    example: 'gap.tokens>50',
  },
  {
    ...choice,
    name: 'group',
    values: [...dynamicsGroups],
    from: 'facts',
    help: 'The training dynamics of the pair: how its margin went over the scored steps of the run.',
    example: 'group:forgotten',
  },
];

const names: ReadonlySet<string> = new Set(rewardFields.map(({ name }) => name));

/** Whether a field needs rewards. */
export function needsRewards(field: string): boolean {
  return names.has(field);
}
