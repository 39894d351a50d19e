import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../base/node/fileError';
import { nullIfMissing } from '../base/node/jsonFile';
import { readLines } from '../base/node/readLines';
import { openRegular } from '../base/node/smallFile';
import { isRecord } from '../base/pure/isRecord';
import { runPaths } from './folder';
import { LineAppender } from './lineAppender';

/**
 * A line of rewards/visits.jsonl: a pair that a step trained on, and its rewards under the policy before the update of
 * that step. The policy has its dropout on. Where the reference moves, the rewards are relative to the reference of
 * that step. CPO and ORPO have no reference, and LD-DPO weighs tokens, so they write no visits.
 */
export interface PairVisit {
  /** From 1. */
  readonly step: number;
  /** As in PairReward. */
  readonly key: string;
  /** β·(logp − ref_logp). A judged answer (KTO) is on the side of its label, and the other side is 0. */
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
}

/** A line has about 130 bytes. */
const maxLineBytes = 1 << 16;
const chunkBytes = 1 << 18;
const newline = 0x0a;

/** Appends to rewards/visits.jsonl. There is no file until a step has visited a pair. */
export class VisitWriter {
  private readonly path: string;
  private lines: LineAppender | null = null;

  constructor(folder: string) {
    this.path = runPaths.visits(folder);
  }

  /** Writes the visits of a step in one write. Errors as `LineAppender`: `disk-full`, … */
  append(visits: readonly PairVisit[]): void {
    if (visits.length > 0) this.opened().append(visits.map((visit) => `${JSON.stringify(visit)}\n`).join(''));
  }

  /**
   * Removes the visits after a step, for a run that resumes from it and writes them again. Steps ascend in the file, so
   * it is cut at the first later one. Errors as `fileError`.
   */
  async truncateAfter(step: number): Promise<void> {
    const length = await nullIfMissing(lengthUpTo(this.path, step));
    if (length !== null) this.opened().truncate(length);
  }

  close(): void {
    this.lines?.close();
    this.lines = null;
  }

  private opened(): LineAppender {
    if (this.lines) return this.lines;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
    return (this.lines = new LineAppender(this.path));
  }
}

/**
 * Reads the visits of a run in the order of its steps, and keeps none of them. A line that holds no visit is skipped; a
 * last one may still be written. Without the file there are no visits.
 *
 * @returns the number of damaged lines
 * @throws MarginError `corrupt` for a line that is longer than any visit; those of `openRegular`
 */
export async function readVisits(folder: string, onVisit: (visit: PairVisit) => void): Promise<number> {
  let [damaged, unread] = [0, 0];
  const read = async (): Promise<void> => {
    for await (const { text } of readLines(runPaths.visits(folder), maxLineBytes)) {
      if (text === '') continue;
      damaged += unread;
      const visit = visitIn(text);
      unread = visit ? 0 : 1;
      if (visit) onVisit(visit);
    }
  };
  await nullIfMissing(read());
  return damaged;
}

/** The visit of a line, or null if it holds none. */
function visitIn(line: string): PairVisit | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && isVisit(value) ? value : null;
  } catch {
    return null;
  }
}

function isVisit(value: Partial<Record<keyof PairVisit, unknown>>): value is typeof value & PairVisit {
  const { step, key, chosen, rejected, margin } = value;
  return Number.isSafeInteger(step) && typeof key === 'string' && [chosen, rejected, margin].every(Number.isFinite);
}

/** Bytes of the whole lines before the first visit of a later step. */
async function lengthUpTo(path: string, step: number): Promise<number> {
  const file = await openRegular(path);
  try {
    let length = 0;
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, length);
      const bytes = buffer.subarray(0, bytesRead);
      let start = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
        if (stepOf(bytes.toString('latin1', start, Math.min(end, start + 32))) > step) return length + start;
        start = end + 1;
      }
      // What follows the last line end was cut off by a kill.
      if (start === 0) return length;
      length += start;
    }
  } finally {
    await file.close();
  }
}

/** The step with which a line begins; -1 for a damaged line, which stays. */
function stepOf(head: string): number {
  const digits = /^\{"step":(\d+),/.exec(head)?.[1];
  return digits === undefined ? -1 : Number(digits);
}
