import { randomUUID } from 'node:crypto';
import type { Database } from 'sql.js/dist/sql-wasm.js';
import { loggedName } from './metricNames';
import { writeNewFile } from './newFile';
import { withDatabase } from './sqlite';
import { trackioSchema } from './trackio';
import type { LoggedRun } from './trackedRun';

/**
 * The tables that hold a run, as Trackio 0.43 creates them (`init_db` in trackio/sqlite_storage.py). It adds its other
 * tables and indexes when it opens the file.
 */
const tables = `
  CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
  CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL,
    config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_id));
  PRAGMA user_version = ${trackioSchema};`;

/**
 * Writes runs as a project database of Trackio, with the names that transformers' callback gives metrics. Trackio shows
 * it if it lies in its folder (`TRACKIO_DIR`); the name of the file is the project.
 *
 * @param path a file that does not exist yet, with the ending `.db`
 * @throws MarginError `exists`, and those of {@link fileError}
 */
export async function writeTrackio(runs: readonly LoggedRun[], path: string): Promise<void> {
  const image = await withDatabase(null, (database) => {
    database.exec(tables);
    database.exec('BEGIN');
    for (const run of runs) insertRun(database, run);
    database.exec('COMMIT');
    return database.export();
  });
  await writeNewFile(path, image);
}

function insertRun(database: Database, { name, created, config, events }: LoggedRun): void {
  const id = randomUUID().replaceAll('-', '');
  const point = database.prepare(
    'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
  );
  try {
    for (const { t, step, metrics } of events) point.run([id, isoTime(t), name, step, metricsText(metrics)]);
  } finally {
    point.free();
  }
  const settings = database.prepare('INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)');
  try {
    const text = JSON.stringify({ ...config, _Username: null, _Created: isoTime(created), _Group: null });
    settings.run([id, name, text, isoTime(created)]);
  } finally {
    settings.free();
  }
}

/** As Python's `datetime.isoformat` writes a time in UTC. */
const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '+00:00');

/** Numbers that JSON does not have become the words that Trackio reads again. */
function metricsText(metrics: Readonly<Record<string, number>>): string {
  const named = Object.entries(metrics).map(([name, value]) => [
    loggedName(name),
    Number.isFinite(value) ? value : String(value),
  ]);
  return JSON.stringify(Object.fromEntries(named));
}
