import type { KnownSuspects } from '../suspects/knownSuspects';
import type { EventThread } from './parsing';
import type { NumbersServices } from './rewards/datasetNumbers';
import type { SlowReading } from './rewards/slowReading';
import { RunFollower } from './runFollower';

/** A run that a panel follows, until it lets it go. */
export interface FollowedRun {
  readonly follower: RunFollower;
  release(): void;
}

interface Shared {
  readonly follower: Promise<RunFollower>;
  readonly listeners: Set<() => void>;
}

/** The followed runs of all panels: however many panels show a run, its files are read once. */
export class SharedFollowers {
  private readonly shared = new Map<string, Shared>();

  constructor(
    private readonly suspects: Pick<KnownSuspects, 'of'>,
    private readonly events: Pick<EventThread, 'parse'>,
    private readonly reading: SlowReading,
    private readonly numbers: NumbersServices,
  ) {}

  /** Follows a run, and calls `changed` at each change. Errors as {@link RunFollower.open}. */
  async follow(folder: string, changed: () => void): Promise<FollowedRun> {
    const shared = this.shared.get(folder) ?? this.open(folder);
    // Each call has a listener of its own, also where two panels pass the same function.
    const listener = (): void => changed();
    shared.listeners.add(listener);
    const release = (): void => {
      if (!shared.listeners.delete(listener) || shared.listeners.size > 0) return;
      if (this.shared.get(folder) === shared) this.shared.delete(folder);
      // A run that could not be opened needs no closing.
      shared.follower.then((follower) => follower.close()).catch(() => undefined);
    };
    try {
      return { follower: await shared.follower, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  private open(folder: string): Shared {
    const listeners = new Set<() => void>();
    const changed = (): void => listeners.forEach((listener) => listener());
    const services = {
      suspects: this.suspects,
      events: this.events,
      reading: this.reading,
      numbers: this.numbers,
      changed,
    };
    const shared = { follower: RunFollower.open(folder, services), listeners };
    this.shared.set(folder, shared);
    return shared;
  }
}
