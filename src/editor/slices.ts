import type { Breathing } from '../base/pure/breathing';

/** Longest work between two turns of the event loop. With the parse of one more line it stays under 50 ms. */
const sliceMs = 12;

/** Cuts long work on the host's only thread into slices. */
export class Slices implements Breathing {
  private started = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /**
   * Lets other work run if this slice is used up.
   *
   * @returns whether it was
   * @throws the signal's reason when aborted
   */
  async breathe(): Promise<boolean> {
    this.signal?.throwIfAborted();
    if (performance.now() - this.started < sliceMs) return false;
    await otherWork();
    this.signal?.throwIfAborted();
    this.started = performance.now();
    return true;
  }
}

/** Browsers have no `setImmediate`; their timers wait at least 4 ms, which is short beside a slice. */
function otherWork(): Promise<void> {
  const later = globalThis as { readonly setImmediate?: (run: () => void) => void };
  return new Promise((resolve) => (later.setImmediate ? later.setImmediate(resolve) : setTimeout(resolve, 0)));
}
