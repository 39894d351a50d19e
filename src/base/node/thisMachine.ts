import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Machine } from '../pure/machine';
import { errorCode } from '../pure/marginError';

export function thisMachine(): Machine {
  return {
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether process ids of another process, told by its machine, mean the same here. */
export function isHere(machine: Machine): boolean {
  const here = thisMachine();
  return machine.host === here.host && machine.boot === here.boot && machine.namespace === here.namespace;
}

/**
 * When a process began, in ticks since the system's start; with it a process id names one process and no later one.
 * `ended` for a zombie, which nobody has waited for. Null where the system does not tell, or there is no such process.
 */
export function birthOf(pid: number): string | null {
  return attempt(() => {
    // The second field is the program's name in brackets, which may hold spaces and brackets itself.
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return state === 'Z' || state === 'X' ? 'ended' : (fields[18] ?? null);
  });
}

/** Whether there is a process of this id on this machine. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return errorCode(error) === 'EPERM';
  }
}

function attempt<T>(look: () => T | null): T | null {
  try {
    return look();
  } catch {
    // Not Linux, or no such process: the system does not tell.
    return null;
  }
}
