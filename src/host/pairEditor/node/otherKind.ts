import { headBytes, notLines } from '../../../jsonl/fileKind';
import { openRegular } from '../../../base/node/smallFile';

/** What a file is if it is not JSON Lines, and what to do, in a sentence; null if it is JSON Lines. */
export async function otherKindOf(file: string, name: string): Promise<string | null> {
  const handle = await openRegular(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { size } = await handle.stat();
    return notLines(buffer.subarray(0, bytesRead), size <= headBytes, name)?.message ?? null;
  } finally {
    await handle.close();
  }
}
