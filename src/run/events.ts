import type { FileHandle } from 'node:fs/promises';
import { fileError } from '../base/node/fileError';
import { nullIfMissing } from '../base/node/jsonFile';
import { replaceFile } from '../base/node/replaceFile';
import { openRegular, readEnd, readSmallFile } from '../base/node/smallFile';
import { MarginError } from '../base/pure/marginError';
import { eventLine, parseEvent, parseEvents } from './eventLines';
import { runPaths } from './folder';
import { LineAppender } from './lineAppender';
import type { Metrics, RunEvent } from './types';

const newline = 0x0a;
/** Bytes that one read parses: about 2 ms of JSON, so that the extension stays responsive while it reads a long run. */
const pageBytes = 256 * 1024;
/** The longest line is a sample: a prompt and two answers, of some 100 KB at most. */
const maxLineBytes = 4 << 20;
/** The most that a resume reads. A point per step has 1 KB, so a million steps fit. */
const maxBytes = 1 << 30;
/** The bytes at the end of the file that {@link lastEvents} reads. */
const endBytes = 32 * 1024;
/** Bytes before a position that identify the file. They hold the last line with its time in milliseconds. */
const lastBytes = 4096;

/** The position of a reader in events.jsonl. */
export interface EventsPlace {
  /** The offset after a line end, in bytes. */
  readonly offset: number;
  /** The bytes before the offset. If they differ, the file was replaced (see {@link EventWriter.truncateAfter}). */
  readonly last: Buffer;
  /** Lines before the offset that hold no event. */
  readonly damaged: number;
}

export interface EventsPage<E = readonly RunEvent[]> {
  readonly events: E;
  /** Where the next read continues. */
  readonly place: EventsPlace;
  /** Whether complete lines follow after this page. */
  readonly more: boolean;
}

/** The events of complete lines. A caller may let a thread parse them, which takes the bytes over. */
export type ParseEvents<E> = (lines: Uint8Array<ArrayBuffer>) => Promise<Parsed<E>>;

export interface Parsed<E> {
  readonly events: E;
  /** Lines that hold no event. */
  readonly damaged: number;
}

export const eventsStart: EventsPlace = { offset: 0, last: Buffer.alloc(0), damaged: 0 };

/** Appends to events.jsonl, an event a line; see {@link LineAppender}. */
export class EventWriter {
  private readonly path: string;
  private lines: LineAppender;

  /** Errors as {@link fileError}. */
  constructor(folder: string) {
    this.path = runPaths.events(folder);
    this.lines = new LineAppender(this.path);
  }

  /**
   * Removes the events after a step, for a run that resumes from it and writes them again. This includes events of the
   * step itself that come after its checkpoint: a run that was stopped there wrote them. The file is replaced at once;
   * readers notice it and start again. Errors as {@link fileError}.
   *
   * @returns whether the events that remain include the step's checkpoint
   */
  async truncateAfter(step: number): Promise<boolean> {
    const bytes = await readSmallFile(this.path, maxBytes);
    const { lines, saved } = linesUpTo(bytes, step);
    const kept = Buffer.concat(lines);
    if (kept.length === bytes.length) return saved;
    await replaceFile(this.path, kept);
    this.lines.close();
    this.lines = new LineAppender(this.path);
    return saved;
  }

  /** Errors as {@link fileError}: `disk-full`, … */
  append(event: RunEvent): void {
    this.lines.append(`${eventLine(event)}\n`);
  }

  close(): void {
    this.lines.close();
  }
}

/**
 * Reads at most one page of events from a position, or from the start if the file was replaced. A last line without a
 * line end is left for the next read. A line that holds no event is skipped and counted in the position. If there is no
 * file yet, there are no events. Errors: `corrupt` if a line is longer than any event, and those of {@link
 * openRegular}.
 */
export async function readEvents(folder: string, place: EventsPlace): Promise<EventsPage> {
  const page = await readEventsWith(folder, place, parseHere);
  return { ...page, events: page.events ?? [] };
}

/** Parses lines in this thread. */
export const parseHere: ParseEvents<readonly RunEvent[]> = async (lines) =>
  parseEvents(Buffer.from(lines.buffer).toString());

/** The same with another parser. `events` is null if there is nothing new. Errors also as `parse`. */
export async function readEventsWith<E>(
  folder: string,
  place: EventsPlace,
  parse: ParseEvents<E>,
): Promise<EventsPage<E | null>> {
  const path = runPaths.events(folder);
  const page = await nullIfMissing(
    withFile(path, async (file) => {
      return readPage(path, file, (await isSameFile(file, place)) ? place : eventsStart, parse);
    }),
  );
  return page ?? { events: null, place, more: false };
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

/** Whether the bytes before the position are still the same. */
async function isSameFile(file: FileHandle, { offset, last }: EventsPlace): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(last.length), 0, last.length, offset - last.length);
  return bytesRead === last.length && buffer.equals(last);
}

async function readPage<E>(
  path: string,
  file: FileHandle,
  place: EventsPlace,
  parse: ParseEvents<E>,
): Promise<EventsPage<E | null>> {
  const { offset } = place;
  const { size } = await file.stat();
  for (let length = pageBytes; ; length *= 2) {
    const wanted = Math.min(length, size - offset);
    if (wanted <= 0) return { events: null, place, more: false };
    const bytes = new Uint8Array(wanted);
    const { bytesRead } = await file.read(bytes, 0, wanted, offset);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(newline) + 1;
    if (end === 0 && bytesRead > 0) {
      if (bytesRead >= maxLineBytes) throw tooLong(path, offset);
      if (offset + bytesRead < size) continue;
      return { events: null, place, more: false };
    }
    const last = Buffer.from(bytes.subarray(Math.max(0, end - lastBytes), end));
    const { events, damaged } = await parse(bytes.slice(0, end));
    return {
      events,
      place: { offset: offset + end, last, damaged: place.damaged + damaged },
      more: end > 0 && offset + bytesRead < size,
    };
  }
}

/** All events of a run. Lines that hold no event are left out. Errors as {@link readEvents}. */
export async function readAllEvents(folder: string): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for (let page: EventsPage = { events: [], place: eventsStart, more: true }; page.more;) {
    page = await readEvents(folder, page.place);
    all.push(...page.events);
  }
  return all;
}

/**
 * The events in the last 32 KB of the file, and the number of lines there that hold no event. Errors as {@link
 * readEnd}.
 */
export async function lastEvents(folder: string): Promise<ReturnType<typeof parseEvents>> {
  const text = await nullIfMissing(readEnd(runPaths.events(folder), endBytes));
  if (text === null) return { events: [], damaged: 0 };
  // The last line may still be written.
  return parseEvents(text.slice(0, text.lastIndexOf('\n') + 1));
}

/**
 * The metrics of the newest `train` event in the last 32 KB, or null if there is none. Errors as {@link lastEvents}.
 */
export async function lastTrainMetrics(
  folder: string,
): Promise<{ readonly metrics: Metrics | null; readonly damaged: number }> {
  const { events, damaged } = await lastEvents(folder);
  const last = events.findLast((event) => event.kind === 'train');
  return { metrics: last?.kind === 'train' ? last.metrics : null, damaged };
}

/**
 * The lines up to the step's checkpoint with their line ends, or up to the step's last event if it has no checkpoint.
 * Lines that hold no event are left out.
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

function tooLong(path: string, offset: number): MarginError {
  const limit = `${maxLineBytes >> 20} MB`;
  const message = `${path} has a line of more than ${limit} at byte ${offset}: the file is damaged. Delete it; checkpoints and rewards stay.`;
  return new MarginError('corrupt', message, { path, offset });
}
