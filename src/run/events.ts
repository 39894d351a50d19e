import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { errorCode, fileError } from '../base/node/fileError';
import { runPaths } from './folder';
import { replaceFileSync } from './replaceFile';
import type { Metrics, RunEvent } from './types';

const newline = 0x0a;
/** Bytes a single read parses: about 2 ms of JSON, so that a host that reads a long run stays responsive. */
const pageBytes = 256 * 1024;
/** Holds the last line with its time in milliseconds, which tells it from any other. */
const lastBytes = 4096;

/** How far a reader has come. */
export interface EventsPlace {
  /** Just after a line end. */
  readonly offset: number;
  /** The last bytes before the offset: where others stand there, the file was replaced (see {@link EventWriter.forgetBeyond}). */
  readonly last: Buffer;
}

export interface EventsPage {
  readonly events: readonly RunEvent[];
  /** Where the next read goes on. */
  readonly place: EventsPlace;
  /** Whether whole lines remained after this page. */
  readonly more: boolean;
}

export const eventsStart: EventsPlace = { offset: 0, last: Buffer.alloc(0) };

/**
 * Appends to `events.jsonl`, one write a line, so that lines are whole unless the process is killed inside a write.
 * A line that such a death tore is closed first: what follows never joins it.
 */
export class EventWriter {
  private readonly path: string;
  private file: number;
  private torn: boolean;

  /** Errors as {@link fileError}. */
  constructor(folder: string) {
    this.path = runPaths.events(folder);
    try {
      this.file = openSync(this.path, 'a+');
      this.torn = endsTorn(this.file);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /**
   * Takes out what was recorded beyond a step, and at the step after its checkpoint (what a run tells that is stopped there), for
   * a run that goes on from there and records it anew. The file is replaced at once; readers notice and begin again. Errors as
   * {@link fileError}.
   *
   * @returns whether the step's checkpoint is among what stays
   */
  forgetBeyond(step: number): boolean {
    try {
      const bytes = readFileSync(this.path);
      const { lines, saved } = linesUpTo(bytes, step);
      const kept = Buffer.concat(lines);
      if (kept.length === bytes.length) return saved;
      replaceFileSync(this.path, kept);
      closeSync(this.file);
      this.file = openSync(this.path, 'a+');
      this.torn = false;
      return saved;
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /** Errors as {@link fileError}: `disk-full`, … */
  append(event: RunEvent): void {
    const line = `${this.torn ? '\n' : ''}${JSON.stringify(event, writeNumber)}\n`;
    const bytes = Buffer.from(line);
    this.torn = true;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
    this.torn = false;
  }

  close(): void {
    closeSync(this.file);
  }
}

/**
 * The events from a place on, at most a page of them; from the start where the file was replaced since. A last line
 * without line end is left for the next read; a line that is no event (torn, by a killed trainer) is passed over. No file
 * yet: no events. Errors as {@link fileError}.
 */
export async function readEvents(folder: string, place: EventsPlace): Promise<EventsPage> {
  const path = runPaths.events(folder);
  try {
    const file = await open(path, 'r');
    try {
      return await readPage(file, (await isStill(file, place)) ? place : eventsStart);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { events: [], place, more: false };
    throw fileError(error, 'read', path);
  }
}

async function isStill(file: FileHandle, { offset, last }: EventsPlace): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(last.length), 0, last.length, offset - last.length);
  return bytesRead === last.length && buffer.equals(last);
}

async function readPage(file: FileHandle, place: EventsPlace): Promise<EventsPage> {
  const { offset } = place;
  const { size } = await file.stat();
  for (let length = pageBytes; ; length *= 2) {
    const wanted = Math.min(length, size - offset);
    if (wanted <= 0) return { events: [], place, more: false };
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1;
    if (end === 0 && bytesRead > 0) {
      if (offset + bytesRead < size) continue;
      return { events: [], place, more: false };
    }
    const last = Buffer.from(buffer.subarray(Math.max(0, end - lastBytes), end));
    return { events: parseLines(buffer.toString('utf8', 0, end)), place: { offset: offset + end, last }, more: end > 0 && offset + bytesRead < size };
  }
}

/** Every event of a run, page by page. */
export async function readAllEvents(folder: string): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for (let page: EventsPage = { events: [], place: eventsStart, more: true }; page.more; ) {
    page = await readEvents(folder, page.place);
    all.push(...page.events);
  }
  return all;
}

/** Metrics of the newest `train` event among the last lines, without reading a long file; null where there is none. */
export async function lastTrainMetrics(folder: string): Promise<Metrics | null> {
  const offset = Math.max(0, (await eventsSize(folder)) - pageBytes / 8);
  const { events } = await readEvents(folder, { ...eventsStart, offset });
  return events.flatMap((event) => (event.kind === 'train' ? [event.metrics] : [])).at(-1) ?? null;
}

/** The event of a line, or null where the line is none. */
export function parseEvent(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line, readNumber);
    return isEvent(value) ? value : null;
  } catch {
    // A torn line is expected after kill -9; what it would have said is recorded again by the resumed run.
    return null;
  }
}

async function eventsSize(folder: string): Promise<number> {
  const path = runPaths.events(folder);
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw fileError(error, 'read', path);
  }
}

/** Lines with their ends, up to the step's checkpoint or, where that is not told, to the step's last; torn ones are left out. */
function linesUpTo(bytes: Buffer, step: number): { readonly lines: readonly Buffer[]; readonly saved: boolean } {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(newline, at);
    const end = found < 0 ? bytes.length : found;
    const event = parseEvent(bytes.toString('utf8', at, end));
    if (event && event.step <= step) lines.push(bytes.subarray(at, end), Buffer.from([newline]));
    if (event?.kind === 'checkpoint' && event.step === step) return { lines, saved: true };
    at = end + 1;
  }
  return { lines, saved: false };
}

function parseLines(text: string): RunEvent[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : (parseEvent(line) ?? [])));
}

function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { t, step, kind, metrics } = value as Partial<Record<string, unknown>>;
  if (typeof t !== 'number' || typeof step !== 'number' || typeof kind !== 'string') return false;
  return kind === 'train' || kind === 'eval' ? typeof metrics === 'object' && metrics !== null : true;
}

/** JSON has no NaN or Infinity, and a diverged run must show: they are written as these strings. */
const nonFinite: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity };

function writeNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function readNumber(this: unknown, key: string, value: unknown): unknown {
  if (key !== 'metrics' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, metric]) => [name, typeof metric === 'number' ? metric : (nonFinite[String(metric)] ?? NaN)]));
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== newline;
}
