import { isRecord } from './isRecord';

/** Where a process id means something. Containers of one computer share its boot, but not its process ids. */
export interface Machine {
  readonly host: string;
  /** Id of this start of the system; null where it tells none (Linux does). */
  readonly boot: string | null;
  /** Of process ids; null where there are none (Linux has them). */
  readonly namespace: string | null;
}

/** Whether a value of a JSON file is a {@link Machine}. */
export function isMachine(value: unknown): value is Machine {
  if (!isRecord(value)) return false;
  const { host, boot, namespace } = value;
  return typeof host === 'string' && isTextOrNull(boot) && isTextOrNull(namespace);
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
