import { openRegular } from '../../../base/node/smallFile';
import { MarginError } from '../../../base/pure/marginError';
import { must } from '../../../base/pure/must';
import type { RowText } from '../../containers/rowText';
import { parquetParts } from './parquetParts';

/** What the process says: what it reads next, the rows that were asked for, or why there are none. */
export type ParquetSaid =
  | { readonly kind: 'begins'; readonly what: string }
  /** Null after the last rows. */
  | { readonly kind: 'rows'; readonly rows: RowText[] | null }
  | { readonly kind: 'error'; readonly code: string | null; readonly message: string };

/** Settles when the message is sent. The read after it may end the process. */
const say = (said: ParquetSaid): Promise<void> =>
  new Promise((resolve) => process.send?.(said, undefined, undefined, () => resolve()));
const file = must(process.argv[2], 'the file to read');

async function* parts(): AsyncGenerator<RowText[]> {
  const handle = await openRegular(file);
  try {
    yield* parquetParts(handle, file, (what) => say({ kind: 'begins', what }));
  } finally {
    await handle.close();
  }
}

function failed(error: unknown): ParquetSaid {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'error', code: error instanceof MarginError ? error.code : null, message };
}

// The program of the processes that read Parquet: it answers each message with the next rows.
const rows = parts();
process.on('message', () => {
  const answer = rows.next().then(
    ({ done, value }): ParquetSaid => ({ kind: 'rows', rows: done === true ? null : value }),
    (error: unknown) => failed(error),
  );
  // If the message cannot be sent, the process that asked has ended.
  answer.then(say).catch(() => undefined);
});
