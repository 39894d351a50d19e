import type { Reading } from '../../pairs/reading';
import { draftSeed } from '../../rounds/draftAnswers';
import { judgeDrafts } from '../../rounds/judgeDrafts';
import { personJudge } from '../../run/rounds/decisions';
import { readDrafts } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import { writeRounds } from '../../run/rounds/record';
import type { JudgedPairs } from '../../run/rounds/pairs';
import type { RoundRecord, RoundReference, RoundsRecord } from '../../run/rounds/types';
import { MarginError } from '../../base/pure/marginError';
import { type Arguments, flag } from '../args';
import type { Surroundings } from '../command';
import { neededRun, trainedRun } from '../keptRuns';
import { draftRound, planDrafts } from './draftStep';
import type { ChosenJudge } from './judgeOption';
import { measureStep } from './measureStep';
import { openPolicy, runPolicy } from './policy';
import { roundConfig, startOf } from './roundConfig';
import { type Mix, roundData, writePairs } from './roundFiles';
import type { RoundProgress } from './roundProgress';
import { withRound } from './roundsOption';

/** What all rounds of a command have in common. */
export interface RoundWork {
  readonly folder: string;
  /** Whose judgements become pairs. */
  readonly judge: string;
  /** Who judges by itself, and compares answers; null: nobody but a person. */
  readonly chosen: ChosenJudge | null;
  readonly reference: RoundReference;
  readonly mix: Mix;
  readonly prompts: number;
  readonly reading: Reading;
  readonly args: Arguments;
  readonly surroundings: Surroundings;
  readonly progress: RoundProgress;
  readonly signal: AbortSignal;
}

/** Drafts that are made at once. */
const batchSize = 16;
/** The β by which drafts are ranked. */
const draftBeta = 0.1;

/** The round after the last one, with its settings and the model that it trained. @throws MarginError `no-round` */
export async function nextRound(record: RoundsRecord): Promise<RoundRecord> {
  const last = record.rounds.at(-1);
  if (!last || last.run === null)
    throw new MarginError('no-round', `${record.name} has no trained round to continue.`, { name: record.name });
  const { policy } = await runPolicy(last.run, null);
  // Other seeds: else the drafts of a prompt that comes again would have the same random numbers.
  const seed = draftSeed(last.drafts.seed, record.name, last.round);
  const round = last.round + 1;
  return { ...last, round, policy, drafts: { ...last.drafts, seed }, mix: 0, run: null, judge: null, measures: null };
}

/** Drafts what is missing of a round, in the loop without a person. */
export async function draftMissing(record: RoundsRecord, round: RoundRecord, work: RoundWork): Promise<void> {
  const { folder, reading, progress, signal } = work;
  // Typed prompts are in the drafts only.
  if (round.prompts.file === null) {
    if ((await readDrafts(roundPaths.drafts(folder, round.round))).lines.length > 0) return;
    throw new MarginError('no-prompts', 'A round of typed prompts cannot be repeated: draft with --prompts FILE.');
  }
  const model = await openPolicy(round.policy, record.base, draftBeta);
  try {
    const valuer = model.values.bind(model);
    const step = { folder, record, round, typed: [], reading, source: model, valuer, batchSize, signal, progress };
    await draftRound(step, await planDrafts(step));
  } finally {
    await model.release();
  }
}

/** Lets the chosen judge judge what it has not judged of a round; a person's judgements are there or not. */
export async function judgeMissing(
  round: number,
  { folder, judge, chosen, signal, progress }: RoundWork,
): Promise<void> {
  if (judge === personJudge || !chosen) return;
  await judgeDrafts({
    judge: chosen.judge,
    drafts: (await readDrafts(roundPaths.drafts(folder, round))).lines,
    path: roundPaths.judgements(folder, round),
    signal,
    onProgress: (done, total) => progress.update(`round ${round}, judged`, done, total),
    now: () => new Date().toISOString(),
  });
}

/** Writes the pairs of a round, and says how many there are. */
export async function pairsOf(round: number, work: RoundWork): Promise<JudgedPairs> {
  const judged = await writePairs(work.folder, round, work.judge);
  const { pairs, ties, allBad, skipped, unusable } = judged;
  const { output } = work.surroundings;
  if (flag(work.args, 'json'))
    output.json({ pairs: { round, judge: work.judge, pairs: pairs.length, ties, all_bad: allBad, skipped, unusable } });
  work.progress.say(
    `Round ${round}: ${pairs.length} pairs by the judge ${work.judge}; left out: ${ties} ties, ${allBad} all bad, ${skipped} skipped, ${unusable} without two texts.`,
  );
  return judged;
}

/** Trains a round on its pairs, and measures it. Returns the record with its run and measures. */
export async function trainRound(record: RoundsRecord, round: RoundRecord, work: RoundWork): Promise<RoundsRecord> {
  const { folder, args, surroundings, progress, mix, reference, judge } = work;
  const data = await roundData(folder, round.round, await pairsOf(round.round, work), mix, work.reading);
  const start = await startOf(record, round);
  progress.say(startSentence(start.checkpoint === null, reference, data.old));
  const config = await roundConfig(
    { folder, record, round, start, reference, train: data.train },
    args,
    surroundings.cwd,
  );
  const run = await trainedRun(await neededRun(config), surroundings, (line) => {
    if (flag(args, 'json'))
      surroundings.output.json({ progress: { done: 0, total: 0, text: `round ${round.round}, ${line}` } });
  });
  const trained = withRound(record, { ...round, run, judge, reference, mix: mix.share });
  await writeRounds(folder, trained);
  return measured(trained, work);
}

function startSentence(fromBase: boolean, reference: RoundReference, old: number): string {
  const from = fromBase ? 'the base' : 'the model of the round before';
  const beside = reference === 'base' ? 'the base' : 'the model that it starts from';
  const mixed = old === 0 ? '' : ` ${old} old pairs are mixed in.`;
  return `It starts from ${from}. The reference of its loss is ${beside}.${mixed}`;
}

/** Measures what is not measured yet: the base, and each trained round. */
export async function measured(record: RoundsRecord, work: RoundWork): Promise<RoundsRecord> {
  const { folder, chosen, prompts, reading, signal, progress } = work;
  const [first] = record.rounds;
  if (!first) return record;
  const common = { folder, settings: first.drafts, judge: chosen && chosen.judge, prompts, reading, signal, progress };
  let now = record;
  if (now.base_measures === null) {
    const policy = { model: record.base, checkpoint: null };
    const measures = await measureStep({ ...common, record, round: 0, policy, run: null });
    now = { ...now, base_measures: measures };
    await writeRounds(folder, now);
  }
  for (const round of record.rounds) {
    if (round.run === null || round.measures !== null) continue;
    const { policy } = await runPolicy(round.run, null);
    const measures = await measureStep({ ...common, record, round: round.round, policy, run: round.run });
    now = withRound(now, { ...round, measures });
    await writeRounds(folder, now);
  }
  return now;
}
