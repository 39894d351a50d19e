import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
import { replaceFile } from '../base/node/replaceFile';
import { openForAppending, openRegular, readSmallFile } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { eventLine, parseEvent } from './eventLines';
import { runPaths } from './folder';
import { nullIfMissing } from '../base/node/jsonFile';
import type { Metrics, RunEvent } from './types';

const newline = 0x0a;
/** Bytes a single read parses: about 2 ms of JSON, so that a host that reads a long run stays responsive. */
const pageBytes = 256 * 1024;
/** The longest line is that of a sample, with a prompt and two answers of some 100 KB at the very most. */
const maxLineBytes = 4 << 20;
/** What a resume reads at once. A point a step is 1 KB, so a million steps fit. */
const maxBytes = 1 << 30;
/** Where the newest points are looked for, without reading a long file. */
const endBytes = 32 * 1024;
/** Holds the last line with its time in milliseconds, which tells it from any other. */
const lastBytes = 4096;

/** How far a reader has come. */
export interface EventsPlace {
  /** Just after a line end. */
  readonly offset: number;
  /**
   * The last bytes before the offset: where others stand there, the file was replaced (see {@link
   * EventWriter.forgetBeyond}).
   */
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
      this.file = openForAppending(this.path);
      this.torn = endsTorn(this.file);
    } catch (error) {
      throw fileError(error, 'write', this.path);
    }
  }

  /**
   * Takes out what was recorded beyond a step, and at the step after its checkpoint (what a run tells that is stopped
   * there), for a run that goes on from there and records it anew. The file is replaced at once; readers notice and
   * begin again. Errors as {@link fileError}.
   *
   * @returns whether the step's checkpoint is among what stays
   */
  async forgetBeyond(step: number): Promise<boolean> {
    const bytes = await readSmallFile(this.path, maxBytes);
    const { lines, saved } = linesUpTo(bytes, step);
    const kept = Buffer.concat(lines);
    if (kept.length === bytes.length) return saved;
    await replaceFile(this.path, kept);
    closeSync(this.file);
    this.file = openForAppending(this.path);
    this.torn = false;
    return saved;
  }

  /** Errors as {@link fileError}: `disk-full`, … */
  append(event: RunEvent): void {
    const line = `${this.torn ? '\n' : ''}${eventLine(event)}\n`;
    const bytes = Buffer.from(line);
    this.torn = true;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.file, bytes, at);
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
 * without line end is left for the next read; a line that is no event (torn, by a killed trainer) is passed over. No
 * file yet: no events. Errors: `corrupt` where a line is longer than any event's, and those of {@link openRegular}.
 */
export async function readEvents(folder: string, place: EventsPlace): Promise<EventsPage> {
  const path = runPaths.events(folder);
  const page = await nullIfMissing(
    withFile(path, async (file) => {
      return readPage(path, file, (await isStill(file, place)) ? place : eventsStart);
    }),
  );
  return page ?? { events: [], place, more: false };
}

async function withFile<T>(path: string, read: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openRegular(path);
  try {
    return await read(file);
  } catch (error) {
    throw fileError(error, 'read', path);
  } finally {
    await file.close();
  }
}

async function isStill(file: FileHandle, { offset, last }: EventsPlace): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(last.length), 0, last.length, offset - last.length);
  return bytesRead === last.length && buffer.equals(last);
}

async function readPage(path: string, file: FileHandle, place: EventsPlace): Promise<EventsPage> {
  const { offset } = place;
  const { size } = await file.stat();
  for (let length = pageBytes; ; length *= 2) {
    const wanted = Math.min(length, size - offset);
    if (wanted <= 0) return { events: [], place, more: false };
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1;
    if (end === 0 && bytesRead > 0) {
      if (bytesRead >= maxLineBytes) throw tooLong(path, offset);
      if (offset + bytesRead < size) continue;
      return { events: [], place, more: false };
    }
    const last = Buffer.from(buffer.subarray(Math.max(0, end - lastBytes), end));
    return {
      events: parseLines(buffer.toString('utf8', 0, end)),
      place: { offset: offset + end, last },
      more: end > 0 && offset + bytesRead < size,
    };
  }
}

/** Every event of a run, page by page. */
export async function readAllEvents(folder: string): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for (let page: EventsPage = { events: [], place: eventsStart, more: true }; page.more;) {
    page = await readEvents(folder, page.place);
    all.push(...page.events);
  }
  return all;
}

/** The events at the end of the file, without reading a long one; errors as {@link readEvents}. */
export async function lastEvents(folder: string): Promise<readonly RunEvent[]> {
  const path = runPaths.events(folder);
  const size = await nullIfMissing(withFile(path, async (file) => (await file.stat()).size));
  if (size === null) return [];
  return (await readEvents(folder, { ...eventsStart, offset: Math.max(0, size - endBytes) })).events;
}

/** Metrics of the newest `train` event among the last lines; null where there is none. Errors as {@link readEvents}. */
export async function lastTrainMetrics(folder: string): Promise<Metrics | null> {
  return (await lastEvents(folder)).flatMap((event) => (event.kind === 'train' ? [event.metrics] : [])).at(-1) ?? null;
}

/**
 * Lines with their ends, up to the step's checkpoint or, where that is not told, to the step's last; torn ones are left
 * out.
 */
function linesUpTo(bytes: Buffer, step: number): { readonly lines: readonly Buffer[]; readonly saved: boolean } {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(newline, at);
    const end = found < 0 ? bytes.length : found;
    const event = end - at > maxLineBytes ? null : parseEvent(bytes.toString('utf8', at, end));
    if (event && event.step <= step) lines.push(bytes.subarray(at, end), Buffer.from([newline]));
    if (event?.kind === 'checkpoint' && event.step === step) return { lines, saved: true };
    at = end + 1;
  }
  return { lines, saved: false };
}

function parseLines(text: string): RunEvent[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : (parseEvent(line) ?? [])));
}

function tooLong(path: string, offset: number): MarginError {
  const limit = `${maxLineBytes >> 20} MB`;
  const message = `${path} has a line of more than ${limit} at byte ${offset}: the file is damaged. Delete it; checkpoints and rewards stay.`;
  return new MarginError('corrupt', message, { path, offset });
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== newline;
}
