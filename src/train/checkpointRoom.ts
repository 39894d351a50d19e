import { freeDisk } from '../base/node/freeMemory';
import { readControl } from '../run/folder';
import type { RunReporter } from './reporter';
import type { Trainer } from './trainer';

/** Bytes left free beside a checkpoint, for the events and rewards of the next steps and for other programs. */
const spareBytes = 64 << 20;
/** How often a run that waits for space looks for it. */
const pollMs = 2000;

/** What {@link waitForRoom} asks about. Tests give their own. */
export interface RoomQuestions {
  readonly free: () => Promise<number>;
  /** Whether somebody asked the run to stop. */
  readonly isStopped: () => Promise<boolean>;
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Bytes of a checkpoint: parameters, two moments of each, those of a moving reference, and the reference's log-probs,
 * all as float32. Names, headers and metrics come on top, about a hundredth.
 */
export function checkpointBytes(trainer: Trainer): number {
  const { moments, reference } = trainer.snapshot();
  const values = [...trainer.session.parameters.values(), ...(trainer.referenceModel.moving ?? new Map()).values()];
  const floats =
    values.reduce((sum, { data }) => sum + data.length, reference.length) +
    [...moments.values()].reduce((sum, { m, v }) => sum + m.length + v.length, 0);
  return Math.ceil(4 * floats * 1.01);
}

/**
 * Waits until the disk has room for a checkpoint. Meanwhile the run is paused and says why, instead of failing half
 * way. It continues as soon as there is room. A run that is asked to stop tries to save all the same.
 *
 * @param bytes of the checkpoint
 */
export async function waitForRoom(
  folder: string,
  step: number,
  bytes: number,
  reporter: Pick<RunReporter, 'note' | 'update'>,
  ask: RoomQuestions = questionsOf(folder),
): Promise<void> {
  let free = await ask.free();
  if (free >= bytes + spareBytes) return;
  reporter.note(
    `Paused: the checkpoint of step ${step} needs ${megabytes(bytes + spareBytes)}, and the disk of ${folder} has ${megabytes(free)} free. The run continues as soon as there is room.`,
  );
  reporter.update({ status: 'paused', eta: null });
  while (free < bytes + spareBytes) {
    if (await ask.isStopped()) return;
    await ask.pause(pollMs);
    free = await ask.free();
  }
  reporter.update({ status: 'running' });
  reporter.note(`There is room again: the run goes on at step ${step}`);
}

function questionsOf(folder: string): RoomQuestions {
  return {
    free: () => freeDisk(folder),
    isStopped: async () => (await readControl(folder)).want === 'stop',
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
