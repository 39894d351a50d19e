/** Lets several callers wait for something that happens once. */
export class Gate {
  private opened: () => void = () => undefined;
  /** Settles when the gate is opened. */
  readonly passed = new Promise<void>((resolve) => (this.opened = resolve));

  open(): void {
    this.opened();
  }
}
