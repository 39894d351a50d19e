import { localTarget } from '../../trl/knownTargets';
import type { ListedTarget } from '../../trl/targets/listTargets';

/** An item of the list of targets, without VS Code. */
export interface TargetChoice {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** The name of the target. */
  readonly value: string;
}

/** The targets as a list shows them: this machine first, and beside each what a person should know. */
export function targetChoices(targets: readonly ListedTarget[], current: string): TargetChoice[] {
  const marked = (name: string, facts: readonly string[]): string =>
    [...(name === current ? ['current'] : []), ...facts].join(' · ');
  const here = {
    label: 'This Machine',
    description: marked(localTarget, [localTarget]),
    detail: 'The run trains here.',
    value: localTarget,
  };
  return [
    here,
    ...targets.map(({ name, kind, tested, trusted, missing, empty, about }) => ({
      label: name,
      description: marked(name, [
        ...(kind === name ? [] : [kind]),
        ...(tested ? [] : ['untested against the real service']),
        ...(empty.length === 0 ? [] : [`needs settings: ${empty.join(', ')}`]),
        ...(trusted ? [] : ['not trusted yet: you are asked when a run starts']),
      ]),
      detail: missing.length === 0 ? about : `Not on the PATH here: ${missing.join(', ')}. ${about}`,
      value: name,
    })),
  ];
}
