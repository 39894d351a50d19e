import { basename } from 'node:path';
import { judgeFigures } from '../../pairs/rounds/judgeFigures';
import type { RoundPoint, RoundState, RoundSteps } from '../../protocol/round';
import { draftsByPrompt } from '../../run/rounds/decisions';
import { endpointOf } from './endpointFlags';
import type { Draft, Judgement, RoundMeasures, RoundRecord, RoundsRecord } from '../../run/rounds/types';
import { editorModelPolicy } from '../../run/rounds/types';

/** What the files of a round hold. */
export interface ReadRound {
  readonly record: RoundsRecord;
  readonly round: RoundRecord;
  readonly drafts: readonly Draft[];
  readonly judgements: readonly Judgement[];
  /** Pairs of each round that has trained, by its number. */
  readonly pairs: ReadonlyMap<number, number>;
  /** The run of this round; null before it trains. */
  readonly run: RoundSteps['run'];
}

/** What the tab shows beside the queue. */
export function roundFacts(
  read: ReadRound,
): Pick<
  RoundState,
  'name' | 'round' | 'rounds' | 'policy' | 'reference' | 'k' | 'seed' | 'choice' | 'steps' | 'line' | 'judges'
> {
  const { record, round, drafts, judgements } = read;
  const tokens = new Map(drafts.map(({ prompt_key, draft, tokens: count }) => [`${prompt_key} ${draft}`, count]));
  const policy = policyName(record, round);
  return {
    name: record.name,
    round: round.round,
    rounds: record.rounds.map((one) => one.round),
    policy,
    reference: round.reference === 'base' ? `base (${basename(record.base)})` : policy,
    k: round.drafts.k,
    seed: round.prompts.seed,
    choice: round.prompts.choice,
    steps: stepsOf(read),
    line: lineOf(read),
    judges: judgeFigures(judgements, (key, draft) => tokens.get(`${key} ${draft}`) ?? null),
  };
}

/** `base (model)`, `round 2 · step-000420`, `gpt at localhost:8080`, or the names of a folder and a checkpoint. */
function policyName(record: RoundsRecord, { round, policy }: RoundRecord): string {
  const { model, checkpoint } = policy;
  const step = checkpoint === null ? '' : ` · ${checkpoint}`;
  const drafter = endpointOf(policy);
  if (drafter)
    return drafter.url === editorModelPolicy
      ? `${drafter.model} of VS Code`
      : `${drafter.model} at ${new URL(drafter.url).host}`;
  if (model === record.base) return `base (${basename(model)})`;
  const from = record.rounds.find((one) => one.round < round && one.run === model);
  return `${from ? `round ${from.round}` : basename(model)}${step}`;
}

function stepsOf({ round, drafts, run }: ReadRound): RoundSteps {
  const byPrompt = draftsByPrompt(drafts);
  const all = [...byPrompt.values()].flat();
  const { count } = round.prompts;
  return {
    drafts: all.length,
    wanted: count === null ? null : count * round.drafts.k,
    prompts: byPrompt.size,
    duplicates: all.filter(({ duplicate_of: same }) => same !== null).length,
    run,
    measured: round.measures !== null,
  };
}

function lineOf({ record, pairs }: ReadRound): RoundPoint[] {
  const base = record.base_measures;
  const baseLoss = base?.guard?.after ?? null;
  const rounds = record.rounds.map(({ round, measures }) => pointOf(round, measures, pairs, baseLoss));
  return [pointOf(0, base, pairs, baseLoss), ...rounds];
}

function pointOf(
  round: number,
  measures: RoundMeasures | null,
  pairs: ReadonlyMap<number, number>,
  baseLoss: number | null,
): RoundPoint {
  const { heldOut = null, winRate = null, guard = null } = measures ?? {};
  const before = baseLoss ?? guard?.before ?? null;
  return {
    round,
    pairs: pairs.get(round) ?? null,
    heldOut: heldOut && { share: heldOut.accuracy, low: heldOut.low, high: heldOut.high, pairs: heldOut.pairs },
    winRate: winRate && {
      share: winRate.rate,
      low: winRate.low,
      high: winRate.high,
      judge: winRate.judge,
      games: winRate.wins + winRate.ties + winRate.losses,
    },
    // The mean probability of a token of plain text beside that of the base: 1 is as before, less is worse.
    guard: guard === null || before === null ? null : { loss: guard.after, kept: Math.exp(before - guard.after) },
  };
}
