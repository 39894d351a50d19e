import { parseSort } from '../query/parseSort';
import { type Fact, factsOfSort } from '../query/queryFacts';
import type { ListColumn } from './columns';

const column = (id: string, title: string, help: string, width = 78): ListColumn => ({
  id,
  title,
  help,
  kind: 'number',
  sort: id,
  width,
  isLong: false,
});

/** The columns that need rewards, besides the margin. Their ids are fields of the filter. */
export const rewardColumns: readonly ListColumn[] = [
  column('margin.before', 'Before', 'The margin in the rewards that these are compared with: by default at the start'),
  column('margin.delta', 'Change', 'The margin minus the margin before'),
  {
    ...column('flipped', 'Flipped', 'Whether the margin has another sign than before', 62),
    kind: 'text',
  },
  column('rank', 'Rank', 'The place by the margin among all scored pairs, 1 for the lowest', 62),
  column('rank.delta', 'Rank change', 'The rank minus the rank before', 96),
  ...(['chosen', 'rejected'] as const).flatMap((side) => [
    column(`reward(${side})`, `Reward ${side}`, `The implicit reward of the ${side} answer`, 112),
    column(
      `logp(${side})`,
      `Δ log-prob ${side}`,
      `Log-prob of the ${side} answer minus that of the reference, in nats`,
      128,
    ),
    column(`logp.token(${side})`, `per token ${side}`, `The same per token of the ${side} answer`, 122),
  ]),
  column('gap.tokens', 'Token gap', 'Tokens of chosen minus tokens of rejected', 82),
  { ...column('group', 'Group', 'The training dynamics of the pair over the steps of the run', 92), kind: 'text' },
];

const ids: ReadonlySet<string> = new Set(rewardColumns.map(({ id }) => id));

/** Whether a column needs rewards, besides the margin. */
export function isRewardColumn(id: string): boolean {
  return ids.has(id);
}

/** What a column asks of the rewards: one fact. */
export function factOfColumn(id: string): Fact | null {
  return isRewardColumn(id) ? (factsOfSort(parseSort(id).by)[0] ?? null) : null;
}
