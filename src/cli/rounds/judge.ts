import { resolve } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { type JudgeFigures, judgeFigures } from '../../pairs/rounds/judgeFigures';
import { judgeDrafts, questionsFor } from '../../rounds/judgeDrafts';
import { judgeRequest } from '../../rounds/judges/endpointJudge';
import { defaultTemplate, filled } from '../../rounds/judges/template';
import { draftsByPrompt, personJudge } from '../../run/rounds/decisions';
import { readDrafts, readJudgements } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import type { Draft } from '../../run/rounds/types';
import { type Arguments, flag, parseArguments, required, text, UsageError } from '../args';
import type { Command, Surroundings } from '../command';
import { interruption } from '../interruption';
import { confirmRequests, endpointHelp } from './endpointOption';
import { figuresText } from './figuresText';
import { importJudgements } from './importJudgements';
import { type ChosenJudge, judgeHelp, judgeOption, judgeOptions } from './judgeOption';
import { RoundProgress } from './roundProgress';
import { askedRound, existingRounds, roundsHelp, roundsOptions, roundsPlace } from './roundsOption';

export const judge: Command = {
  summary: 'let a rule, a reward or a model judge the drafts of a round',
  help: `margin judge NAME --judge reward (--rule FILE | --reward_model RUN)
margin judge NAME --judge DIR|URL [--template FILE] [--endpoint_model M]
margin judge NAME --judge person --from FILE   Imports a person's judgements.
margin judge NAME                              Only prints what is known of the judges.

Judges the drafts of a round, and appends to its judgements.jsonl. Nothing is written into a data set: margin round asks
whose judgements become pairs. A model sees two drafts at a time, in both orders. It prefers a draft if it prefers it in
both; otherwise the two are a tie. Ctrl+C keeps what is complete; the same command goes on.

Then it prints how often the order changed an answer, whether the judge prefers what is shown first or what is longer,
and how far it agrees with the person's judgements (Cohen's κ).

${judgeHelp}
  --round K             The round; default the last one.
${roundsHelp}
${endpointHelp}
  --json                Prints {"progress": …}, and {"figures": …} for each judge.

Exit code: 0 success; 1 failed or stopped; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      round: 'value',
      from: 'value',
      beta: 'value',
      print_template: 'flag',
      ...roundsOptions,
      ...judgeOptions,
    });
    if (flag(args, 'print_template')) {
      output.line(defaultTemplate);
      return 0;
    }
    const place = roundsPlace(args, cwd);
    const { round } = askedRound(args, await existingRounds(place));
    const path = roundPaths.judgements(place.folder, round);
    const { lines: drafts, damaged } = await readDrafts(roundPaths.drafts(place.folder, round));
    if (damaged > 0) output.say(`${damaged} damaged lines of drafts are left out.`);
    if (drafts.length === 0)
      throw new MarginError(
        'no-drafts',
        `Round ${round} of ${place.name} has no drafts yet. Draft some with: margin draft ${place.name}`,
      );
    const named = text(args, 'judge');
    if (named === personJudge) await importFrom(resolve(cwd, required(args, 'from')), drafts, path, surroundings);
    else if (text(args, 'from') !== null) throw new UsageError('--from is for --judge person');
    else if (named !== null) await judgeWith(named, drafts, path, args, surroundings);
    await tellFigures(drafts, path, flag(args, 'json'), surroundings);
    return 0;
  },
};

async function importFrom(
  from: string,
  drafts: readonly Draft[],
  path: string,
  { output }: Surroundings,
): Promise<void> {
  const { imported, leftOut, damaged } = await importJudgements(from, drafts, path);
  output.say(
    `${imported} judgements imported; ${leftOut} of other judges or rounds and ${damaged} damaged lines left out.`,
  );
}

async function judgeWith(
  named: string,
  drafts: readonly Draft[],
  path: string,
  args: Arguments,
  surroundings: Surroundings,
): Promise<void> {
  const { output } = surroundings;
  const progress = new RoundProgress(output, flag(args, 'json'));
  const chosen = await judgeOption(named, args, surroundings);
  try {
    await showFirst(chosen, drafts, path, args, surroundings);
    const { judge: who } = chosen;
    const { prompts, same } = await judgeDrafts({
      judge: who,
      drafts,
      path,
      signal: interruption().signal,
      onProgress: (done, total) => progress.update(who.kind === 'pairs' ? 'questions' : 'prompts', done, total),
      now: () => new Date().toISOString(),
    });
    progress.end();
    const rest = same > 0 ? ` ${same} prompts have drafts that are all the same.` : '';
    output.say(`Judged by ${who.by}: ${prompts} prompts.${rest}`);
  } finally {
    progress.end();
    await chosen.judge.release();
  }
}

/** Shows what a model is asked first. At an endpoint a person must agree. */
async function showFirst(
  { judge: who, template, client }: ChosenJudge,
  drafts: readonly Draft[],
  path: string,
  args: Arguments,
  { output }: Surroundings,
): Promise<void> {
  if (template === null) return;
  const questions = await questionsFor(who.id, drafts, path);
  const [first] = questions;
  if (first === undefined) return;
  if (client) {
    const requests = questions.map((question) => judgeRequest(client.address.model, question, template));
    await confirmRequests({ client, requests }, args, output);
  } else output.say(`The first of ${questions.length} questions:\n\n${filled(template, first)}\n`);
}

async function tellFigures(
  drafts: readonly Draft[],
  path: string,
  json: boolean,
  { output }: Surroundings,
): Promise<void> {
  const figures = await figuresOf(drafts, path);
  if (json) for (const one of figures) output.json({ figures: one });
  else if (figures.length === 0) output.line('Nobody has judged these drafts yet.');
  else for (const one of figures) output.line(figuresText(one));
}

/** The figures of each judge of a round. */
async function figuresOf(drafts: readonly Draft[], path: string): Promise<readonly JudgeFigures[]> {
  const byPrompt = draftsByPrompt(drafts);
  const { lines } = await readJudgements(path);
  return judgeFigures(lines, (key, number) => {
    const found = byPrompt.get(key)?.find(({ draft }) => draft === number);
    return found ? found.tokens : null;
  });
}
