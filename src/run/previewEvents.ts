import { nullIfMissing } from '../base/node/jsonFile';
import { openRegular } from '../base/node/smallFile';
import { parseEvent } from './eventLines';
import { lastEvents } from './events';
import { runPaths } from './folder';
import type { RunEvent } from './types';

/** A smaller file is read as a whole before anybody has looked at it. */
const longBytes = 6 << 20;
/** Lines that a preview has: enough for a small chart. */
const lines = 300;
/** Read for a line: most have one kilobyte. */
const windowBytes = 6 * 1024;
/** Reads at once: Node has four threads for files, and a network folder answers each read late. */
const atOnce = 16;
const newline = 0x0a;

/**
 * Some events of a long run, evenly spread over its file, so that a view can show something at once; null if the file
 * is short. Errors as {@link openRegular}.
 */
export async function previewEvents(folder: string): Promise<readonly RunEvent[] | null> {
  const file = await nullIfMissing(openRegular(runPaths.events(folder)));
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size < longBytes) return null;
    const lineAt = async (index: number): Promise<RunEvent | null> => {
      const from = Math.floor((index * (size - windowBytes)) / lines);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(windowBytes), 0, windowBytes, from);
      const start = from === 0 ? 0 : buffer.indexOf(newline) + 1;
      const end = buffer.subarray(0, bytesRead).indexOf(newline, start);
      // A line that is longer than the window is left out of the preview.
      return end < 0 || (start === 0 && from > 0) ? null : parseEvent(buffer.toString('utf8', start, end));
    };
    const found: (RunEvent | null)[] = [];
    for (let i = 0; i < lines; i += atOnce)
      found.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, lines - i) }, (_, j) => lineAt(i + j)))));
    const last = (await lastEvents(folder)).events;
    return [...found.filter((event) => event !== null), ...last];
  } finally {
    await file.close();
  }
}
