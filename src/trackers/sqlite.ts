import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import load from 'sql.js/dist/sql-wasm.js';
import type { Database, SqlValue } from 'sql.js/dist/sql-wasm.js';
import { bundlePath } from '../base/node/bundlePath';

const unpack = promisify(brotliDecompress);

/** Calls `work` with a database in memory, and frees it afterwards. @param image null: an empty database */
export async function withDatabase<T>(image: Uint8Array | null, work: (database: Database) => T): Promise<T> {
  const packed = await readFile(bundlePath('sql-wasm.wasm.br'));
  const sql = await load({ wasmBinary: await unpack(packed) });
  const database = image === null ? new sql.Database() : new sql.Database(image);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** The rows of a query. */
export function* rowsOf(database: Database, query: string): Generator<readonly SqlValue[]> {
  const statement = database.prepare(query);
  try {
    while (statement.step()) yield statement.get();
  } finally {
    statement.free();
  }
}
