import type { TargetNeeds } from '../../src/protocol/trainForm';
import { h } from '../shared/dom';
import { megabytes } from '../shared/format';
import { strings } from './strings';

/** The icon of the line: a number that nobody can compare with anything is only information. */
export function targetIcon({ fits }: TargetNeeds): 'pass' | 'warning' | 'info' {
  return fits === null ? 'info' : fits ? 'pass' : 'warning';
}

/** What is unknown first, then the parts of the memory, then what the numbers stand on. */
export function targetItems({ memory, assumptions, unknown }: TargetNeeds): HTMLElement[] {
  const parts = memory.map(({ name, bytes, how }) =>
    h('li', {}, strings.memoryPart(name, bytes < 1e6 ? strings.underMegabyte : megabytes(bytes), how)),
  );
  return [
    ...unknown.map(({ what, why }) => h('li', {}, strings.unknownNumber(what, why))),
    h('li', {}, h('details', {}, h('summary', {}, strings.memoryParts), h('ul', {}, ...parts))),
    h(
      'li',
      {},
      h(
        'details',
        {},
        h('summary', {}, strings.assumptions(assumptions.length)),
        h('ul', {}, ...assumptions.map((sentence) => h('li', {}, sentence))),
      ),
    ),
  ];
}
