import type { FileHandle } from 'node:fs/promises';

/** How an operation of the disk goes wrong. `short`: a write writes half of its bytes, and says so. */
export type Fault = 'ENOSPC' | 'EIO' | 'EACCES' | 'short';

export interface Plan {
  readonly fault: Fault;
  /** The number of the operation that fails, from 0. */
  readonly at: number;
  /** Whether all operations after it fail too, as on a disk that has gone. */
  readonly forGood: boolean;
}

/** Operations that change a disk, of `node:fs/promises`, `node:fs`, and file handles. */
const changing: ReadonlySet<string> = new Set(
  ['appendFile', 'chmod', 'copyFile', 'link', 'mkdir', 'mkdtemp', 'open', 'rename', 'rm', 'rmdir', 'symlink']
    .concat(['sync', 'truncate', 'utimes', 'write', 'writeFile', 'close'])
    .flatMap((name) => [name, `${name}Sync`, `f${name}Sync`]),
);

let plan: Plan | null = null;
let count = 0;
/** The operations since {@link startFaults}, for messages of tests. */
let names: string[] = [];

/** Counts the operations from now on, and lets one fail. */
export function startFaults(next: Plan | null): void {
  [plan, count, names] = [next, 0, []];
  isOn = true;
}

/** @returns the names of the operations since {@link startFaults} */
export function endFaults(): readonly string[] {
  isOn = false;
  return names;
}

let isOn = false;

/** The functions of `node:fs/promises` or `node:fs`, some of which fail as planned. */
export function faulty<Module extends object>(module: Module): Module {
  const entries = Object.entries(module).map(([name, value]) => [
    name,
    isFunction(value) ? failing(name, value) : value,
  ]);
  const wrapped = Object.fromEntries(entries) as Module;
  return { ...wrapped, default: wrapped };
}

type Call = (...given: unknown[]) => unknown;
const isFunction = (value: unknown): value is Call => typeof value === 'function' && !/^[A-Z]/.test(value.name);

function failing(name: string, call: Call): Call {
  if (!changing.has(name)) return call;
  const wrapped = (...given: unknown[]): unknown => {
    const fault = nextFault(name, given);
    if (fault === 'short' && /^write(Sync)?$/.test(name)) return shortWrite(call, given);
    if (fault !== null && fault !== 'short') {
      // A close that fails has closed the file.
      if (name.startsWith('close')) closed(call(...given));
      return refuse(name, fault, given);
    }
    const result = call(...given);
    const isHandle = name === 'open' && result instanceof Promise && !isReading(given);
    return isHandle ? result.then(faultyHandle) : result;
  };
  // util.promisify looks for symbols of these functions.
  return Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(call));
}

function nextFault(name: string, given: readonly unknown[]): Fault | null {
  if (!isOn || (name.startsWith('open') && isReading(given))) return null;
  const now = count++;
  names.push(name);
  if (plan === null) return null;
  return now === plan.at || (plan.forGood && now > plan.at && !name.startsWith('close')) ? plan.fault : null;
}

function closed(result: unknown): void {
  if (result instanceof Promise) result.catch(() => undefined);
}

function refuse(name: string, fault: string, given: readonly unknown[]): unknown {
  const error = Object.assign(new Error(`${fault}: made by a test, ${name}`), { code: fault, syscall: name });
  const done = given.at(-1);
  if (typeof done === 'function') return void (done as Call)(error);
  if (name.endsWith('Sync')) throw error;
  return Promise.reject(error);
}

/** Whether a file is opened for reading only. */
const isReading = ([, flags]: readonly unknown[]): boolean =>
  flags === undefined || flags === 'r' || (typeof flags === 'number' && (flags & 3) === 0);

function shortWrite(call: Call, given: readonly unknown[]): unknown {
  const at = given.findIndex((one) => one instanceof Uint8Array || typeof one === 'string');
  const data = given[at];
  const bytes = typeof data === 'string' ? Buffer.from(data) : (data as Uint8Array);
  const [offset, length] = [Number(given[at + 1] ?? 0) || 0, Number(given[at + 2]) || bytes.length];
  const end = offset + Math.ceil(Math.min(length, bytes.length - offset) / 2);
  const half = bytes.subarray(offset, end);
  const position = given[at + 3];
  const rest = typeof position === 'number' ? [0, half.length, position] : [];
  const done = given.at(-1);
  return call(...given.slice(0, at), half, ...rest, ...(typeof done === 'function' ? [done] : []));
}

function faultyHandle(handle: unknown): FileHandle {
  return new Proxy(handle as FileHandle, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const bound = (value as Call).bind(target);
      return typeof name === 'string' ? failing(name, bound) : bound;
    },
  });
}
