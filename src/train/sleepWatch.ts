/** A gap below this is a busy machine or a small change of the clock. Seconds. */
const leastGap = 60;
/** A step that takes this many times the usual one, and a minute at least, is a gap too. */
const longStep = 20;

/** The clocks of this process, in milliseconds. */
export interface Clocks {
  /** The time of day. */
  readonly wall: () => number;
  /** Time since the process began. On Linux and macOS it stands still while the machine sleeps. */
  readonly steady: () => number;
}

const systemClocks: Clocks = { wall: Date.now, steady: () => performance.now() };

/**
 * Notices that the machine slept. The time of day goes on then and the steady clock does not, so the difference of the
 * two jumps. Where the steady clock goes on too, as on Windows, a single very long step shows it.
 */
export class SleepWatch {
  private drift: number;

  constructor(private readonly clocks: Clocks = systemClocks) {
    this.drift = clocks.wall() - clocks.steady();
  }

  /** The seconds that the machine slept since the last call, or by which its clock was set forward; 0 if it did not. */
  slept(): number {
    const drift = this.clocks.wall() - this.clocks.steady();
    const seconds = (drift - this.drift) / 1000;
    this.drift = drift;
    return seconds >= leastGap ? seconds : 0;
  }

  /** Whether a step took so long that the machine must have slept. @param usual seconds of a step; null: not known */
  static isGap(seconds: number, usual: number | null): boolean {
    return usual !== null && seconds >= leastGap && seconds > longStep * usual;
  }
}

/** A gap in words. @param seconds of the gap */
export function gapText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const time = minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `The machine slept for about ${time}, or its clock was set. Time per step and time left leave it out`;
}
