/** Lets several callers wait for something that happens once. */
export class Gate {
  private opened: () => void = () => undefined;
  private isOpen = false;
  private passing = this.next();

  /** Settles when the gate is opened. */
  get passed(): Promise<void> {
    return this.passing;
  }

  open(): void {
    this.isOpen = true;
    this.opened();
  }

  /** Who comes from now on waits until the gate is opened again. */
  close(): void {
    if (this.isOpen) this.passing = this.next();
    this.isOpen = false;
  }

  private next(): Promise<void> {
    return new Promise<void>((resolve) => (this.opened = resolve));
  }
}
