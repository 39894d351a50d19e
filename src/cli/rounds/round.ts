import { resolve } from 'node:path';
import { personJudge, rewardJudge } from '../../run/rounds/decisions';
import { writeRounds } from '../../run/rounds/record';
import { roundReferences, type RoundsRecord } from '../../run/rounds/types';
import { MarginError } from '../../base/pure/marginError';
import { type Arguments, choice, flag, number, parseArguments, text, UsageError } from '../args';
import { readingOption } from '../columnsOption';
import type { Command, Surroundings } from '../command';
import { interruption } from '../interruption';
import { pairRuleOptions } from '../pairRuleOptions';
import { type ChosenJudge, judgeOption, judgeOptions } from './judgeOption';
import { lineOfRounds } from './lineOfRounds';
import { withMeasures } from './newRound';
import { trainOptions } from './roundConfig';
import type { Mix } from './roundFiles';
import { roundHelp } from './roundHelp';
import { RoundProgress } from './roundProgress';
import { existingRounds, openRound, roundsOptions, roundsPlace, withRound } from './roundsOption';
import { draftMissing, judgeMissing, measured, nextRound, pairsOf, type RoundWork, trainRound } from './roundWork';

export const round: Command = {
  summary: 'train a round on the pairs of a judge, and measure it',
  help: roundHelp,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      rounds: 'value',
      pairs_only: 'flag',
      measure_with: 'value',
      measure_prompts: 'value',
      reference: 'value',
      mix: 'value',
      mix_file: 'value',
      held_out: 'value',
      guard_file: 'value',
      columns: 'value',
      data_format: 'value',
      ...roundsOptions,
      ...judgeOptions,
      ...trainOptions,
      ...pairRuleOptions,
    });
    const place = roundsPlace(args, cwd);
    const asked = askedRounds(args);
    const record = withMeasures(args, await existingRounds(place), cwd);
    const chosen = await chosenJudge(args, surroundings);
    const work: RoundWork = {
      folder: place.folder,
      judge: chosen && text(args, 'measure_with') === null ? chosen.judge.id : personJudge,
      chosen,
      reference: choice(args, 'reference', roundReferences),
      mix: mixOf(args, cwd),
      prompts: number(args, 'measure_prompts', 100, { min: 1, integer: true }),
      reading: await readingOption(args, null, surroundings),
      args,
      surroundings,
      progress: new RoundProgress(output, flag(args, 'json')),
      signal: interruption().signal,
    };
    try {
      if (flag(args, 'pairs_only')) await writeOnly(record, work);
      else tell(await (asked === null ? oneRound(record, work) : loop(record, asked, work)), args, surroundings);
      return 0;
    } finally {
      work.progress.end();
      await chosen?.judge.release();
    }
  },
};

/** The number of rounds of the loop; null: one round, which may be a person's. @throws UsageError */
function askedRounds(args: Arguments): number | null {
  if (text(args, 'rounds') === null) return null;
  if ([null, personJudge].includes(text(args, 'judge')))
    throw new UsageError(
      '--rounds is the loop without a person: name another --judge, such as reward with --rule FILE',
    );
  if (flag(args, 'pairs_only')) throw new UsageError('--rounds and --pairs_only exclude each other');
  return number(args, 'rounds', 1, { min: 1, max: 100, integer: true });
}

/** Who judges by itself; null: only a person. */
async function chosenJudge(args: Arguments, surroundings: Surroundings): Promise<ChosenJudge | null> {
  const [judge, measuring] = [text(args, 'judge') ?? personJudge, text(args, 'measure_with')];
  if (judge !== personJudge && measuring !== null)
    throw new UsageError('--measure_with is for --judge person: another judge compares the answers itself');
  const named = judge === personJudge ? measuring : judge;
  if (named === null) {
    const unused = ['rule', 'reward_model', 'template', 'endpoint_model'].find((name) => text(args, name) !== null);
    if (unused !== undefined) throw new UsageError(`--${unused} needs --judge or --measure_with`);
    return null;
  }
  const chosen = await judgeOption(named, args, surroundings);
  if (chosen.client && !flag(args, 'yes'))
    throw new UsageError(
      'margin round sends many requests to the endpoint: see the first one with margin judge, then give --yes',
    );
  return chosen;
}

function mixOf(args: Arguments, cwd: string): Mix {
  const file = text(args, 'mix_file');
  const share = number(args, 'mix', 0, { min: 0, max: 0.9 });
  if (file !== null && share === 0) throw new UsageError('--mix_file needs --mix SHARE');
  return { share, file: file === null ? null : resolve(cwd, file) };
}

async function writeOnly(record: RoundsRecord, work: RoundWork): Promise<void> {
  const last = record.rounds.at(-1);
  if (!last) throw new MarginError('no-round', `${record.name} has no round yet.`, { name: record.name });
  await judgeMissing(last.round, work);
  await pairsOf(last.round, work);
}

/** The open round. Without one, what is not measured yet is measured. */
async function oneRound(record: RoundsRecord, work: RoundWork): Promise<RoundsRecord> {
  const open = openRound(record);
  if (open) {
    await judgeMissing(open.round, work);
    return trainRound(record, open, work);
  }
  if (record.rounds.some(({ measures }) => measures === null)) return measured(record, work);
  const message = `All rounds of ${record.name} are trained and measured. Draft the next one: margin draft ${record.name} --prompts FILE`;
  throw new MarginError('no-round', message, { name: record.name });
}

async function loop(asked: RoundsRecord, rounds: number, work: RoundWork): Promise<RoundsRecord> {
  const { chosen, folder, progress } = work;
  progress.say(`No person sees these rounds. They are judged by ${chosen ? chosen.judge.by : rewardJudge}.`);
  let record = asked;
  while (record.rounds.length < rounds || openRound(record)) {
    const now = openRound(record) ?? (await nextRound(record));
    record = withRound(record, now);
    await writeRounds(folder, record);
    await draftMissing(record, now, work);
    await judgeMissing(now.round, work);
    record = await trainRound(record, now, work);
    progress.say(lineOfRounds(record));
  }
  return measured(record, work);
}

function tell(record: RoundsRecord, args: Arguments, { output }: Surroundings): void {
  if (flag(args, 'json')) return output.json({ rounds: record });
  output.line(lineOfRounds(record));
  const [first] = record.rounds.flatMap(({ measures }) => measures?.winRate ?? []);
  output.line(
    first ? `Wins, ties and losses as judged by ${first.judge}.` : 'No win rate: nobody compares the answers.',
  );
}
