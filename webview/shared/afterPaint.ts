/** Draws what can wait until the browser has painted what a person waits for. */
export class AfterPaint {
  private waiting: (() => void) | null = null;

  /** Runs a function after the next paint. It replaces one that has not run yet. */
  run(work: () => void): void {
    const isAsked = this.waiting !== null;
    this.waiting = work;
    // A hidden page is not painted.
    if (document.hidden) this.flush();
    // The task after the animation callbacks runs when the frame is painted.
    else if (!isAsked) requestAnimationFrame(() => setTimeout(() => this.flush()));
  }

  private flush(): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.();
  }
}
