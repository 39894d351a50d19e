import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { at, must } from '../base/pure/must';
import { duelText } from '../pairs/comparison/duelText';
import { type ComparedRun, readComparedRun } from '../run/compared/comparedRun';
import { configDiff } from '../run/compared/configDiff';
import type { ConfigDifference } from '../run/compared/types';
import { type HeldOutDiff, heldOutDiff } from '../run/compared/heldOutDiff';
import { type MarginDiff, marginDiff, orderedPlaces } from '../run/compared/marginDiff';
import { type PairDiff, pairDiff, type RunPairs, runPairs } from '../run/compared/pairDiff';
import { type RunRewards, rewardsOfRun } from '../run/compared/rewardsOfRun';
import { RunCurves } from '../run/compared/runCurves';
import { noSlices } from '../run/rewardColumns/eachReward';
import type { CurveRemark } from '../run/symptoms/symptom';
import { type Arguments, flag, UsageError } from './args';
import type { Surroundings } from './command';
import { table } from './table';

/** Most pairs of each kind that are printed; --json has all. */
const shown = 20;

/** How two runs differ. */
export async function diffRuns(args: Arguments, { cwd, output }: Surroundings): Promise<number> {
  const [, first, second, extra] = args.positionals;
  if (first === undefined || second === undefined) throw new UsageError('diff which two runs? Name their folders.');
  if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
  const folders = [await folderOfRun(first, cwd), await folderOfRun(second, cwd)];
  const runs = await Promise.all(folders.map(readComparedRun));
  const names = namesOf(runs);
  const config = configDiff(runs);
  const scored = await Promise.all(folders.map((folder) => rewardsOfRun(folder, noSlices)));
  const pairs = await differentPairs(scored);
  const held = await heldOutDiff([at(runs, 0), at(runs, 1)], [at(names, 0), at(names, 1)], noSlices);
  const remarks = await Promise.all(runs.map(remarksOf));
  if (flag(args, 'json')) {
    output.json({ runs: folders.map((run, i) => ({ run, name: at(names, i), remarks: at(remarks, i) })) });
    for (const { name, values } of config) output.json({ key: name, values: values.map(({ text }) => text) });
    output.json({ held_out: typeof held === 'string' ? { reason: held } : scoreLine(held.margins) });
    if (pairs) for (const line of await pairLines(pairs)) output.json(line);
    return 0;
  }
  output.line(configText(config, names));
  output.line(pairs ? await pairsText(pairs, names) : notScored(scored, names));
  output.line(typeof held === 'string' ? `\nHeld-out pairs are not compared: ${held}` : heldOutText(held, names));
  remarks.forEach((found, i) => found.forEach(({ text }) => output.line(`${at(names, i)}: ${text}`)));
  for (const { remarks: damaged } of runs) for (const remark of damaged) output.say(remark);
  return 0;
}

/** The folder of a run that is named by its path, or by its name in `.margin/runs`. */
export async function folderOfRun(named: string, cwd: string): Promise<string> {
  const own = join(cwd, '.margin', 'runs', named);
  const isOwn = await stat(own).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isOwn ? own : resolve(cwd, named);
}

/** Two runs may have one name. */
function namesOf(runs: readonly ComparedRun[]): readonly string[] {
  const [a, b] = [at(runs, 0).name, at(runs, 1).name];
  return a === b ? [`${a} (A)`, `${b} (B)`] : [a, b];
}

async function remarksOf(run: ComparedRun): Promise<readonly CurveRemark[]> {
  const curves = new RunCurves(run.folder);
  await curves.update();
  return curves.remarks(run);
}

/** The pairs of two runs that both are scored. */
interface DifferentPairs {
  readonly rewards: readonly [RunRewards, RunRewards];
  readonly pairs: readonly [RunPairs, RunPairs];
  readonly diff: PairDiff;
  /** Null if they have no pair in common. */
  readonly margins: MarginDiff | null;
}

async function differentPairs([first, second]: readonly (RunRewards | null)[]): Promise<DifferentPairs | null> {
  if (!first || !second) return null;
  const pairs = [await runPairs(first.columns), await runPairs(second.columns)] as const;
  const diff = await pairDiff(...pairs, noSlices);
  return { rewards: [first, second], pairs, diff, margins: await marginDiff(first.columns, second.columns, noSlices) };
}

function configText(config: readonly ConfigDifference[], names: readonly string[]): string {
  if (config.length === 0) return 'Both runs have the same config and the same files.';
  const cells = config.map(({ name, values }) => [
    name,
    ...values.map(({ text, isDefault }) => (isDefault ? `${text} (default)` : text)),
  ]);
  return table(['key', ...names], cells);
}

function notScored(scored: readonly (RunRewards | null)[], names: readonly string[]): string {
  const lacking = names.filter((_, i) => scored[i] === null).join(' and ');
  return `\nPairs are not compared: ${lacking} has no rewards. Score a run with: margin score --run RUN_FOLDER`;
}

async function pairsText(found: DifferentPairs, names: readonly string[]): Promise<string> {
  const { diff, margins } = found;
  const count = (kind: string): number => diff.changes.filter(({ change }) => change === kind).length;
  const lines = [
    '',
    `Pairs: ${diff.same} the same, ${count('added')} added, ${count('removed')} removed, ${count('changed')} changed.`,
    ...changeLines(found),
  ];
  if (margins === null)
    return [...lines, 'No pair has the same content in both, so no margins are compared.'].join('\n');
  return [
    ...lines,
    '',
    scoresTable(found.rewards, margins, names),
    `On the ${margins.places.length} pairs that both trained on. ${duelText({ ...margins, first: 0, second: 1 }, names)}`,
    '',
    table(['line', ...names, 'difference', 'key'], await largestDifferences(found, margins)),
  ].join('\n');
}

function heldOutText({ rewards, margins }: HeldOutDiff, names: readonly string[]): string {
  const said = duelText({ ...margins, first: 0, second: 1 }, names);
  return `\n${scoresTable(rewards, margins, names)}\nOn the ${margins.places.length} pairs that both hold out. ${said}`;
}

function scoresTable(
  rewards: readonly RunRewards[],
  { accuracies, means }: MarginDiff,
  names: readonly string[],
): string {
  return table(
    ['run', 'step', 'right', '95 %', 'mean margin'],
    accuracies.map(({ share, low, high }, i) => [
      at(names, i),
      String(at(rewards, i).step),
      percent(share),
      `${percent(low)} – ${percent(high)}`,
      at(means, i).toFixed(4),
    ]),
  );
}

function changeLines({ pairs, diff: { changes } }: DifferentPairs): readonly string[] {
  const line = (side: 0 | 1, place: number): number => at(pairs[side].rows, place) + 1;
  const place = ({ first, second }: PairDiff['changes'][number]): string =>
    second === null ? `was row ${line(0, must(first, 'the row before'))}` : `row ${line(1, second)}`;
  const rows = changes.slice(0, shown).map((one) => `  ${one.change} ${place(one)}`);
  return changes.length > shown ? [...rows, `  … and ${changes.length - shown} more; --json has all.`] : rows;
}

async function largestDifferences({ rewards: [, { columns }] }: DifferentPairs, diff: MarginDiff): Promise<string[][]> {
  const [lines, keys] = [await columns.column('line'), await columns.keys()];
  const order = await orderedPlaces(diff, lines, 'difference', true, noSlices);
  return Array.from(order.subarray(0, shown), (place) => {
    const [a, b] = [at(diff.first, place), at(diff.second, place)];
    return [String(at(lines, place)), a.toFixed(4), b.toFixed(4), (b - a).toFixed(4), keys.textAt(place)];
  });
}

/** A line of JSON for each pair that changed, and for each that both scored. */
async function pairLines({ pairs, diff, margins, rewards: [, { columns }] }: DifferentPairs): Promise<object[]> {
  const side = (which: 0 | 1, place: number | null): object | null =>
    place === null ? null : { row: at(pairs[which].rows, place) + 1, key: pairs[which].keys.textAt(place) };
  const changes = diff.changes.map(({ change, first, second }) => ({
    change,
    first: side(0, first),
    second: side(1, second),
  }));
  if (margins === null) return changes;
  const [lines, keys] = [await columns.column('line'), await columns.keys()];
  const scored = Array.from(margins.places, (place) => ({
    line: at(lines, place),
    key: keys.textAt(place),
    margins: [at(margins.first, place), at(margins.second, place)],
  }));
  return [...changes, ...scored, scoreLine(margins)];
}

function scoreLine({ accuracies, means, onlyFirst, onlySecond, p, leftOut, places }: MarginDiff): object {
  const test = { only_first: onlyFirst, only_second: onlySecond, p };
  return { accuracies, means, ...test, left_out: leftOut, pairs: places.length };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
