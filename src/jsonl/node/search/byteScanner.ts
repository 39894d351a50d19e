import type { BytePattern } from '../../search/bytePattern';
import { wasmInstance, wasmPageBytes } from '../wasm/instance';
import { scanModule } from './scanModule';

type Find = (
  from: number,
  end: number,
  gap: number,
  mask1: number,
  value1: number,
  mask2: number,
  value2: number,
) => number;

/** How many pages of WebAssembly the memory has. */
const pages = 5;

/** Finds patterns in bytes that it holds a copy of, many gigabytes a second. */
export class ByteScanner {
  /** Most bytes that it takes. The page behind them may be read, but holds nothing. */
  static readonly most = (pages - 1) * wasmPageBytes;
  private readonly memory: Uint8Array;
  private readonly search: Find;
  private loaded: Uint8Array;

  constructor() {
    const { memory, run } = wasmInstance<Find>(scanModule(), 'find', pages);
    this.memory = new Uint8Array(memory);
    this.loaded = this.memory.subarray(0, 0);
    this.search = run;
  }

  /** Copies bytes, at most {@link most}, in place of those before. */
  load(bytes: Uint8Array): void {
    this.memory.set(bytes);
    if (bytes.length !== this.loaded.length) this.loaded = this.memory.subarray(0, bytes.length);
  }

  /** The first offset, from an offset on, at which a pattern occurs in the loaded bytes; -1 if there is none. */
  find(pattern: BytePattern, from: number): number {
    const [one, other] = pattern.anchors;
    const gap = other.place - one.place;
    const { loaded } = this;
    const { length } = loaded;
    for (let i = from + one.place; ; i++) {
      i = this.search(i, length, gap, one.mask, one.value, other.mask, other.value);
      if (i >= length) return -1;
      if (pattern.isAt(loaded, i - one.place)) return i - one.place;
    }
  }
}
