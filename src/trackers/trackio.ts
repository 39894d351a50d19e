import type { Database, SqlValue } from 'sql.js/dist/sql-wasm.js';
import { parseJsonObject } from '../base/node/smallFile';
import { errorMessage, MarginError } from '../base/pure/marginError';
import { adapterSettings, configOf, kindOf, metricsOf, skippedRemark } from './metricNames';
import { rowsOf, withDatabase } from './sqlite';
import { readSqliteImage } from './sqliteImage';
import type { ConfigValue, PointEvent, TrackedRun } from './trackedRun';

/** The schema of Trackio 0.24 to 0.43 (`PRAGMA user_version`). Older files name runs only by `run_name`. */
export const trackioSchema = 2;

interface OpenRun {
  readonly name: string;
  readonly events: PointEvent[];
  config: Readonly<Record<string, ConfigValue>>;
  skipped: number;
}

/**
 * Reads the project database of Trackio (trackio/sqlite_storage.py): its runs, with configs and metrics. Metrics of the
 * system, alerts, traces and artifacts are not read, and the run's remarks count the first two.
 *
 * @throws MarginError `newer-version` | `corrupt` | `busy`, and those of {@link fileError}
 */
export async function readTrackio(path: string): Promise<TrackedRun[]> {
  const image = await readSqliteImage(path);
  try {
    return await withDatabase(image, (database) => runsOf(database, path));
  } catch (error) {
    if (error instanceof MarginError) throw error;
    throw new MarginError('corrupt', `${path} cannot be read as a project of Trackio: ${errorMessage(error)}.`, {
      path,
    });
  }
}

function runsOf(database: Database, path: string): TrackedRun[] {
  const version = Number([...rowsOf(database, 'PRAGMA user_version')][0]?.[0]);
  if (version > trackioSchema) {
    const message = `${path} has version ${version} of Trackio's schema, and Margin reads up to ${trackioSchema}. Update Margin.`;
    throw new MarginError('newer-version', message, { path });
  }
  const columns = [...rowsOf(database, 'PRAGMA table_info(metrics)')].map((row) => row[1]);
  if (columns.length === 0)
    throw new MarginError('corrupt', `${path} has no table "metrics": it is not a project of Trackio.`, { path });
  const id = columns.includes('run_id') ? 'run_id' : 'run_name';
  const runs = new Map<SqlValue, OpenRun>();
  for (const row of rowsOf(database, `SELECT ${id}, run_name, timestamp, step, metrics FROM metrics ORDER BY id`))
    addPoint(runs, row, path);
  addConfigs(database, runs, id, path);
  const left = [...leftOut(database)];
  return [...runs.values()].map(({ name, events, config, skipped }) => ({
    tracker: 'trackio',
    path,
    name,
    created: events[0] ? events[0].t : null,
    config,
    events,
    hasTimes: true,
    remarks: [...skippedRemark(skipped, path), ...left.map((what) => `${path}: ${what} not shown.`)],
  }));
}

function addPoint(runs: Map<SqlValue, OpenRun>, row: readonly SqlValue[], path: string): void {
  const [id, name, timestamp, step, text] = row;
  const t = Date.parse(String(timestamp));
  if (id === undefined || typeof name !== 'string' || typeof step !== 'number' || Number.isNaN(t))
    throw new MarginError('corrupt', `${path}: a row of "metrics" has a wrong run, step or time.`, { path });
  const run = runs.get(id) ?? { name, events: [], config: {}, skipped: 0 };
  runs.set(id, run);
  const logged = parseJsonObject(textOf(text), `${path}: metrics of ${name} at step ${step}`);
  const { metrics, skipped } = metricsOf(logged);
  // Trackio counts calls of `log`. A trainer says which of its steps a call is about.
  const trained = logged['train/global_step'];
  run.events.push({ t, step: typeof trained === 'number' ? trained : step, kind: kindOf(metrics), metrics });
  run.skipped += skipped;
}

/** Trackio has had the table `configs` since 0.2. Its keys that begin with `_` are Trackio's own. */
function addConfigs(database: Database, runs: ReadonlyMap<SqlValue, OpenRun>, id: string, path: string): void {
  if (!hasTable(database, 'configs')) return;
  for (const [key, text] of rowsOf(database, `SELECT ${id}, config FROM configs`)) {
    const run = key === undefined ? undefined : runs.get(key);
    if (!run) continue;
    const config = configOf(parseJsonObject(textOf(text), `${path}: config of ${run.name}`));
    const given = Object.fromEntries(Object.entries(config).filter(([name]) => !name.startsWith('_')));
    run.config = { ...adapterSettings(config, 'peft_config.default.'), ...given };
  }
}

/** What the database has and Margin does not show. */
function* leftOut(database: Database): Generator<string> {
  const kinds = { system_metrics: 'measurements of the system are', alerts: 'alerts are' };
  for (const [table, what] of Object.entries(kinds)) {
    if (!hasTable(database, table)) continue;
    const count = Number([...rowsOf(database, `SELECT count(*) FROM ${table}`)][0]?.[0]);
    if (count > 0) yield `${count} ${what}`;
  }
}

/** Trackio writes JSON as bytes; its older versions wrote texts. */
const textOf = (value: SqlValue | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);

function hasTable(database: Database, name: string): boolean {
  return [...rowsOf(database, `PRAGMA table_info(${name})`)].length > 0;
}
