/** Long work in slices: the host's only thread does other work in between. */
export interface Breathing {
  /**
   * Lets other work run if the time of a slice is used up.
   *
   * @returns whether it was
   * @throws the reason of the signal that stops the work
   */
  breathe(): Promise<boolean>;
}
