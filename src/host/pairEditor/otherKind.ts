import { headBytes, notLines } from '../../jsonl/fileKind';
import { openRegular } from '../../base/node/smallFile';

/**
 * What a file is that holds no JSON Lines at all, in a sentence that says what to do; null where its lines are shown.
 */
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
