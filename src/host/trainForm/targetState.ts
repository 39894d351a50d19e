import type { EstimateState, TargetNeeds } from '../../protocol/trainForm';

/** What `margin targets estimate --json` prints, as far as the form shows it; or why there is none. */
type Printed =
  | (Omit<TargetNeeds, 'memory'> & { readonly memory: { readonly parts: TargetNeeds['memory'] } })
  | { readonly error: { readonly message: string } };

/** Reads the estimate for a target. @param printed the last line of the process; empty if it died before that */
export function targetState(printed: string, stderr: string): EstimateState {
  if (printed === '') return { kind: 'failed', message: stderr };
  const found = JSON.parse(printed) as Printed;
  if ('error' in found) return { kind: 'failed', message: found.error.message };
  const { target, fits, summary, memory, assumptions, unknown } = found;
  return { kind: 'target', needs: { target, fits, summary, memory: memory.parts, assumptions, unknown } };
}
