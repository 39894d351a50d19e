import { statfs } from 'node:fs/promises';
import { MarginError } from '../../../base/pure/marginError';

/** Bytes of a disk that are left free: a full disk stops other programs. */
const spareBytes = 1 << 30;

/**
 * Refuses a write for which the disk has too little space. {@link spareBytes} stay free.
 *
 * @param file named in the error
 * @throws MarginError `disk-full`
 */
export async function requireSpace(folder: string, bytes: number, file: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize - bytes >= spareBytes) return;
  const needed = Math.ceil((bytes + spareBytes) / 2 ** 20);
  const message = `Cannot show ${file}: unpacking it needs ${needed} MB free on the disk of ${folder}. Free some space and try again.`;
  throw new MarginError('disk-full', message, { folder, bytes });
}
