/** A file that another thread is still writing. */
export interface Growth {
  /** How much of it there is, from 0 to 1. */
  readonly share: number;
  /** Waits for more than the first `bytes`. False: there is no more. @throws why it cannot be completed */
  more(bytes: number): Promise<boolean>;
}
