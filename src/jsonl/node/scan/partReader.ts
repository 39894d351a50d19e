import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { at } from '../../../base/pure/must';
import { blockBytes } from '../../blockSums';
import type { LinePart } from '../../linePart';
import { wasmInstance, wasmPageBytes } from '../wasm/instance';
import { newlineModule } from './newlineModule';

type Places = (from: number, end: number, out: number, byte: number) => number;

const lf = 10;
const cr = 13;
/** Bytes read at a time: they stay in the cache of one core. Twice as many take twice as long. */
const chunkBytes = 1 << 17;
/** Behind the bytes of a chunk there is a page of zeros, then 4 bytes for each place. */
const placesAt = chunkBytes + wasmPageBytes;
const pages = (placesAt + 4 * chunkBytes) / wasmPageBytes;

/** Finds the line ends in parts of a file, with buffers that it keeps. */
export class PartReader {
  private readonly memory: Buffer;
  private readonly places: Uint32Array;
  private readonly findPlaces: Places;
  private ends = new Float64Array(1 << 16);
  private crlf = new Uint8Array(1 << 13);
  private count = 0;
  private crlfLines = 0;

  constructor() {
    const { memory, run } = wasmInstance<Places>(newlineModule(), 'places', pages);
    this.memory = Buffer.from(memory);
    this.places = new Uint32Array(memory, placesAt, chunkBytes);
    this.findPlaces = run;
  }

  /**
   * Reads a part of an open file.
   *
   * @param start where a block of `BlockSums` starts
   * @throws the error of the system
   */
  read(fd: number, start: number, bytes: number): LinePart {
    this.crlf.fill(0, 0, Math.ceil(this.count / 8));
    this.count = 0;
    this.crlfLines = 0;
    const sums = new Uint32Array(Math.ceil(bytes / blockBytes));
    let lastByte = -1;
    let done = 0;
    while (done < bytes) {
      const length = this.fill(fd, start + done, Math.min(chunkBytes, bytes - done));
      if (length === 0) break;
      for (let from = 0; from < length; from += blockBytes)
        sums[(done + from) / blockBytes] = crc32(this.memory.subarray(from, Math.min(length, from + blockBytes)));
      this.take(start + done, length, lastByte);
      lastByte = at(this.memory, length - 1);
      done += length;
      if (length < chunkBytes) break;
    }
    const ends = this.ends.slice(0, this.count);
    const crlf = this.crlf.slice(0, Math.ceil(this.count / 8));
    const { crlfLines } = this;
    return { start, bytes: done, ends, crlf, crlfLines, lastByte, sums: sums.slice(0, Math.ceil(done / blockBytes)) };
  }

  /** Reads a chunk; returns its length, which is smaller only at the end of the file. */
  private fill(fd: number, position: number, length: number): number {
    let filled = 0;
    while (filled < length) {
      const read = readSync(fd, this.memory, filled, length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    // No line end may be found behind the chunk.
    this.memory.fill(0, filled, filled + 64);
    return filled;
  }

  /** Takes the line ends of a chunk. */
  private take(base: number, length: number, before: number): void {
    const { memory, places } = this;
    const found = (this.findPlaces(0, length, placesAt, lf) - placesAt) / 4;
    this.reserve(this.count + found);
    const { ends, crlf } = this;
    let { count } = this;
    for (let i = 0; i < found; i++) {
      // The loop runs for each line of the file: the checks of `at` would take half of its time.
      const place = places[i] as number;
      ends[count] = base + place + 1;
      if ((place > 0 ? memory[place - 1] : before) === cr) {
        crlf[count >> 3] = (crlf[count >> 3] as number) | (1 << (count & 7));
        this.crlfLines++;
      }
      count++;
    }
    this.count = count;
  }

  private reserve(count: number): void {
    if (count <= this.ends.length) return;
    const length = Math.max(count, this.ends.length * 2);
    const [ends, crlf] = [this.ends, this.crlf];
    this.ends = new Float64Array(length);
    this.ends.set(ends);
    this.crlf = new Uint8Array(Math.ceil(length / 8));
    this.crlf.set(crlf);
  }
}
