import { MarginError } from '../base/pure/marginError';

/** The target of runs on this machine. */
export const localTarget = 'local';

/** Errors: `unknown-target` with the names that are known. */
export function refuseUnknownTarget(target: string, known: readonly string[] = [localTarget]): void {
  if (known.includes(target)) return;
  throw new MarginError('unknown-target', `target "${target}" is not known. Known: ${known.join(', ')}.`, {
    field: 'target',
    target,
  });
}
