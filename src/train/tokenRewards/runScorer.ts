import { openScoreSession } from '../../engine/scoreSession';
import type { ScoreSession } from '../../engine/types';
import { withWeightCheck } from '../../model/finite';
import type { Checkpoint } from '../../model/types';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { pairKey } from '../../jsonl/node/pairKey';
import { pairOfJudged } from '../../pairs/judged';
import type { Message } from '../../pairs/pair';
import type { Fate } from '../../reward/rowFate';
import type { LoadedRow } from '../../reward/rowStore';
import { scorePairs } from '../../reward/scorePairs';
import { TokenTexts } from '../../reward/tokenTexts';
import { readRunConfig } from '../../run/folder';
import { tokensOf } from '../../run/tokenLists';
import { openBase } from '../openBase';
import { policyOf, referenceOf } from '../savedModel';
import { TrainerEyes } from '../tokens/trainerEyes';
import type { FoundRewards, RewardQuestion, ScoringModel } from './messages';

/** Most characters of a prompt that is shown. */
const shownCharacters = 300;

type Scored = Exclude<Fate, { readonly kind: 'dropped' }>;

/** The model of a run at a step, and its reference. It scores single pairs token by token. */
export class RunScorer {
  private readonly texts: TokenTexts;

  private constructor(
    private readonly eyes: TrainerEyes,
    private readonly checkpoint: Checkpoint,
    private readonly policy: ScoreSession,
    private readonly reference: ScoreSession,
    private readonly beta: number,
  ) {
    this.texts = new TokenTexts(eyes.tokenizer);
  }

  /** @throws MarginError those of reading the run and of opening its models */
  static async open({ folder, step, dataset }: ScoringModel): Promise<RunScorer> {
    const { config } = await readRunConfig(folder);
    const eyes = await TrainerEyes.open({ ...config, train_file: dataset });
    const base = await openBase(config);
    const policy = await openScoreSession(await policyOf(folder, step, base));
    try {
      const reference = await openScoreSession(await referenceOf(folder, step, base));
      return new RunScorer(eyes, base.checkpoint, policy, reference, config.beta);
    } catch (error) {
      await policy.release();
      throw error;
    }
  }

  /**
   * The rewards of the tokens of a pair, as the trainer reads its row.
   *
   * @throws MarginError `row-left-out` if the trainer leaves the row out, `pair-changed` if the row no longer holds the
   *   pair, `not-finite`, `bad-weight`
   */
  async score(question: Omit<RewardQuestion, 'model'>): Promise<FoundRewards> {
    const { fate, key } = chosenFate(await this.eyes.fates(question.text), question);
    const { row } = question;
    const { pair, label } = answersOf(fate);
    const training = label === null ? pair : { ...pair, desirable: label };
    const loaded: LoadedRow = { row, line: row + 1, key, pair, training };
    const rows = { count: 1, read: async () => [loaded] };
    const options = { beta: this.beta, batchSize: 1, perToken: true, texts: this.texts };
    const reward = await withWeightCheck([this.checkpoint], async () => {
      const { value } = await scorePairs(rows, this.policy, this.reference, options).next();
      return must(value, 'the reward of the pair');
    });
    return { ...tokensOf(reward, `Line ${row + 1}`), prompt: startOf(fate.source.prompt) };
  }

  async release(): Promise<void> {
    await Promise.all([this.policy.release(), this.reference.release()]);
  }
}

/** The pair of a row that is asked for, as its trainer takes it. */
function chosenFate(
  fates: readonly Fate[],
  { row, pair }: Pick<RewardQuestion, 'row' | 'pair'>,
): { readonly fate: Scored; readonly key: string } {
  const dropped = fates.find((fate) => fate.kind === 'dropped');
  const scored = fates.map((fate) => (fate.kind === 'dropped' ? null : { fate, key: keyOf(fate) }));
  const found = typeof pair === 'number' ? scored[pair] : scored.find((one) => one?.key === pair);
  if (found) return found;
  if (dropped) throw leftOut(row, dropped.why);
  const message = `Line ${row + 1} no longer holds the pair that was scored: it was edited or moved since. Score the run again.`;
  throw new MarginError('pair-changed', message, { row });
}

const keyOf = (fate: Scored): string => pairKey(fate.kind === 'pair' ? fate.source : pairOfJudged(fate.source));

/** @returns the label of a judged answer, which has one empty side; null for a pair */
function answersOf(fate: Scored): { readonly pair: LoadedRow['pair']; readonly label: boolean | null } {
  if (fate.kind === 'pair') {
    if (fate.tokens.pair === null) throw tooLong();
    return { pair: fate.tokens.pair, label: null };
  }
  const { prompt, kept } = fate.tokens;
  if (kept === null) throw tooLong();
  const { label } = fate.source;
  return { pair: { prompt, chosen: label ? kept : [], rejected: label ? [] : kept }, label };
}

const leftOut = (row: number, why: string): MarginError =>
  new MarginError('row-left-out', `The trainer leaves line ${row + 1} out. ${why}`, { row });

const tooLong = (): MarginError =>
  new MarginError('row-left-out', 'The prompt alone fills max_length, so no token of an answer is scored.');

/** The start of the last turn of a person, on one line. */
function startOf(prompt: readonly Message[]): string {
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  return turn === undefined ? '' : turn.content.slice(0, shownCharacters).replaceAll(/\s+/g, ' ').trim();
}
