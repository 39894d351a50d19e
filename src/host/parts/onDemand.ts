/** Something that is made when it is first asked for, and kept. */
export class OnDemand<T> {
  private making: Promise<T> | null = null;
  private made: T | null = null;
  private readonly waiting: ((made: T) => void)[] = [];

  constructor(private readonly make: () => Promise<T>) {}

  /** Null until it is made. */
  get known(): T | null {
    return this.made;
  }

  /** Makes it if nobody has asked yet. An error stays: half of it may be there, so it is not made again. */
  get(): Promise<T> {
    this.making ??= this.make().then((made) => {
      this.made = made;
      for (const tell of this.waiting.splice(0)) tell(made);
      return made;
    });
    return this.making;
  }

  /** Calls back when it is made, at once if it is made already. It is not made for this. */
  whenMade(tell: (made: T) => void): void {
    if (this.made === null) this.waiting.push(tell);
    else tell(this.made);
  }
}
