import { open } from 'node:fs/promises';

/** The first bytes of a file as a text, at most `most`. */
export async function readHead(file: string, most: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
