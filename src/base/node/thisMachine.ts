import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Machine } from '../pure/machine';
import { errorCode } from '../pure/marginError';
import { must } from '../pure/must';

/** The machine, boot and process namespace of this process. */
export function thisMachine(): Machine {
  return {
    host: hostname(),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether a process id of `machine` names the same process here. */
export function isHere(machine: Machine): boolean {
  const here = thisMachine();
  return machine.host === here.host && machine.boot === here.boot && machine.namespace === here.namespace;
}

/**
 * When a process began, in clock ticks since the system's start (`proc(5)`). Together with it, a process id identifies
 * one process, and not a later one with the same id.
 *
 * @returns `ended` for a zombie, which has ended although its id is still in use; null if there is no such process, or
 *   on systems other than Linux
 */
export function birthOf(pid: number): string | null {
  return attempt(() => {
    // The second field is the program's name in brackets, which may hold spaces and brackets itself.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return state === 'Z' || state === 'X' ? 'ended' : must(fields[18], `the start time of process ${pid}`);
  });
}

/** Whether there is a process with this id on this machine. A zombie counts too. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return errorCode(error) === 'EPERM';
  }
}

function attempt<T>(look: () => T | null): T | null {
  try {
    return look();
  } catch {
    // Not Linux, or no such process.
    return null;
  }
}
