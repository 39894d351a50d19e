import { isRecord } from './isRecord';

/**
 * Identifies the system in which a process id is valid. Containers on one computer have the same boot id, but process
 * ids of their own.
 */
export interface Machine {
  readonly host: string;
  /** Id of this start of the system, which only Linux has; otherwise null. */
  readonly boot: string | null;
  /** The namespace of process ids, which only Linux has; otherwise null. */
  readonly namespace: string | null;
}

/** Whether a parsed JSON value is a {@link Machine}. */
export function isMachine(value: unknown): value is Machine {
  if (!isRecord(value)) return false;
  const { host, boot, namespace } = value;
  return typeof host === 'string' && isTextOrNull(boot) && isTextOrNull(namespace);
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
