/** Something that happens once, to wait for. */
export class Gate {
  private opened: () => void = () => undefined;
  /** Settles when the gate is opened. */
  readonly passed = new Promise<void>((resolve) => (this.opened = resolve));

  open(): void {
    this.opened();
  }
}
