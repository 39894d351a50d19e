import { join, resolve } from 'node:path';
import { comparedTracked } from '../trackers/comparedTracked';
import { readTrackedRuns } from '../trackers/trackers';
import { findRuns } from '../run/find';
import { folderBytes } from '../run/trash';
import { type ComparedRun, ComparedRuns } from '../run/compared/comparedRun';
import { formatValue } from '../run/compared/formatValue';
import { columnsOf, type RunColumn, sortRuns } from '../run/compared/runColumns';
import type { BestModel } from '../run/types';
import { inTurns } from '../base/pure/inTurns';
import { nearest } from '../base/pure/nearest';
import { type Arguments, flag, text, texts, UsageError } from './args';
import type { Surroundings } from './command';
import { table } from './table';

/** What `margin runs` shows of each run without `--columns`. */
const usual: readonly string[] = ['loss', 'margin', 'accuracy'];

/** Run folders measured at once: enough to keep a disk busy. */
const atOnce = 4;

/** Lists runs as a table. @param given an output_dir; undefined: `.margin/runs` of the working folder */
export async function listRuns(
  given: string | undefined,
  args: Arguments,
  { cwd, output }: Surroundings,
): Promise<number> {
  const folder = resolve(cwd, given ?? join('.margin', 'runs'));
  const found = await findRuns([folder, join(folder, '.margin', 'runs')]);
  const { runs: own, unreadable } = await new ComparedRuns().read(found.runs.map((run) => run.folder));
  const others = await Promise.all(texts(args, 'with').map((path) => readTrackedRuns(resolve(cwd, path))));
  const read = [...own, ...others.flat().map(comparedTracked)];
  const tags = texts(args, 'tag');
  const runs = read.filter(({ notes }) => tags.every((tag) => notes.tags.includes(tag)));
  const sort = text(args, 'sort');
  const all = [...columnsOf(read), await diskColumn(read, sort, args)];
  const sorted = sort === null ? runs : sortedBy(runs, columnOf(all, sort, 'sort'), flag(args, 'reverse'));
  // A metric that no run has logged yet has no column.
  const asked = args.options.get('columns') ?? usual.filter((name) => all.some(({ id }) => id === name));
  const names = [...new Set([...asked, ...(sort === null || sort === 'state' ? [] : [sort])])];
  const columns = names.map((name) => columnOf(all, name, 'columns'));
  if (flag(args, 'json')) sorted.forEach((run) => output.json(asJson(run, columns)));
  else if (sorted.length === 0) output.line(`No runs in ${folder}.`);
  else output.line(asTable(sorted, columns));
  for (const { remarks } of sorted) for (const remark of remarks) output.say(remark);
  const failed = [...found.unreadable, ...unreadable];
  for (const { error } of failed) output.say(error.message);
  return failed.length > 0 ? 1 : 0;
}

/** What the folders of runs take. They are only measured if somebody asks, because a folder may have many files. */
async function diskColumn(runs: readonly ComparedRun[], sort: string | null, args: Arguments): Promise<RunColumn> {
  const isAsked = sort === 'disk' || args.options.get('columns')?.includes('disk') === true;
  // Files of other programs may hold more than the run.
  const measured = isAsked ? runs.filter(({ program }) => program === null) : [];
  const bytes = new Map(await inTurns(measured, atOnce, async (run) => [run, await folderBytes(run.folder)] as const));
  const title = 'What the folder of the run takes on the disk';
  const value: RunColumn['value'] = (run) => bytes.get(run) ?? null;
  return { id: 'disk', label: 'disk', title, better: null, format: 'bytes', value };
}

/** The best run first where that can be said, else the lowest value. */
function sortedBy(runs: readonly ComparedRun[], column: RunColumn, reverse: boolean): readonly ComparedRun[] {
  return sortRuns(runs, column, (column.better === 'high') !== reverse);
}

function columnOf(all: readonly RunColumn[], name: string, option: string): RunColumn {
  const found = all.find(({ id }) => id === name);
  if (found) return found;
  const near = nearest(
    name,
    all.map(({ id }) => id),
  );
  const hint = near === null ? 'Name a key of the config or a metric of the runs.' : `Did you mean ${near}?`;
  throw new UsageError(`--${option}: no run has ${name}. ${hint}`);
}

function asTable(runs: readonly ComparedRun[], columns: readonly RunColumn[]): string {
  const best = (run: ComparedRun): string => bestText(run.state ? run.state.best : null);
  return table(
    ['status', 'step', ...columns.map(({ id }) => id), 'best', 'name', 'folder'],
    runs.map((run) => [
      run.program ?? run.status,
      stepText(run),
      ...columns.map(({ value, format }) => formatValue(value(run), format)),
      best(run),
      nameText(run),
      run.folder,
    ]),
  );
}

/** The name with what a person noted: `dpo (baseline) #beta`. */
function nameText({ name, notes }: ComparedRun): string {
  return [name, ...(notes.baseline ? ['(baseline)'] : []), ...notes.tags.map((tag) => `#${tag}`)].join(' ');
}

function asJson(run: ComparedRun, columns: readonly RunColumn[]): object {
  const { folder, name, status, program, state, step, created, notes, metrics, remarks } = run;
  return {
    run: folder,
    name,
    status,
    program,
    step: step ?? 0,
    steps: state ? state.steps : 0,
    loss: metrics.last['loss'] ?? null,
    best: state ? state.best : null,
    created,
    tags: notes.tags,
    note: notes.note,
    baseline: notes.baseline,
    columns: Object.fromEntries(columns.map(({ id, value }) => [id, value(run)])),
    metrics: metrics.last,
    remarks,
  };
}

/** `3/10`. The number of steps is unknown before a run starts, and if its state is damaged. */
function stepText({ state, step }: ComparedRun): string {
  if (state === null) return String(step ?? 0);
  return state.steps > 0 ? `${state.step}/${state.steps}` : `${state.step}`;
}

const bestText = (best: BestModel | null): string =>
  best ? `step ${best.step}: ${best.metric} ${best.value.toFixed(4)}` : '';
