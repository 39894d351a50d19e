/** Script that drawing lines may take of a frame, in ms. Axes take as much. */
const budget = 3;

/** Drawing that is done in parts. */
export interface SlicedWork {
  /** Does the next part. @returns whether there are more */
  part(): boolean;
  /** Shows what was done in a frame. */
  show(): void;
}

/** Spreads the drawing of several charts over frames, so that none takes long. */
export class Slices {
  private readonly works = new Set<SlicedWork>();
  private spent = 0;
  private isWaiting = false;

  /**
   * @param frame calls back in the next frame
   * @param now in ms
   */
  constructor(
    private readonly frame: (draw: () => void) => void,
    private readonly now: () => number,
  ) {}

  /** Whether all that was begun is done. */
  get isIdle(): boolean {
    return this.works.size === 0;
  }

  /** Does as much of a work as this frame has time for, and the rest in the next ones. @returns whether it is done */
  start(work: SlicedWork): boolean {
    const isDone = this.run(work);
    if (isDone) this.works.delete(work);
    else this.works.add(work);
    this.wait();
    return isDone;
  }

  stop(work: SlicedWork): void {
    this.works.delete(work);
  }

  private run(work: SlicedWork): boolean {
    let from = this.now();
    while (this.spent < budget) {
      const isDone = !work.part();
      const at = this.now();
      this.spent += at - from;
      from = at;
      if (isDone) return true;
    }
    return false;
  }

  private wait(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.frame(() => this.next());
  }

  /** The next frame: it has time again. */
  private next(): void {
    this.isWaiting = false;
    this.spent = 0;
    for (const work of [...this.works]) {
      if (this.spent >= budget) break;
      const isDone = this.run(work);
      // A work that was begun goes on after the others.
      this.works.delete(work);
      if (!isDone) this.works.add(work);
      work.show();
    }
    if (this.works.size > 0) this.wait();
  }
}
