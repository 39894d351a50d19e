import type { RunDetail } from '../../src/protocol/runPanel';
import { h, type Child } from '../shared/dom';
import { megabytes } from '../shared/format';
import { strings } from './strings';

/** The config of a run with its data, model and versions, key by key. */
export function configOf({ config }: RunDetail, open: () => void): HTMLElement[] {
  if (!config) return [];
  const { data, guard, marks, model, versions } = config;
  const file = ({ path, size, sha256 }: (typeof model)[number]): string =>
    [path, megabytes(size), ...(sha256 === null ? [] : [`sha256 ${sha256.slice(0, 12)}…`])].join(' · ');
  const rows: [string, Child][] = [
    ...Object.entries(config.config).map(([key, value]): [string, Child] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
    [strings.config.data, file(data)],
    ...(guard === null ? [] : [[strings.config.guard, file(guard)] as [string, Child]]),
    ...marks.map((one): [string, Child] => [strings.config.marks, file(one)]),
    ...model.map((one): [string, Child] => [strings.config.model, file(one)]),
    [
      strings.config.versions,
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(' · '),
    ],
  ];
  const cells = rows.flatMap(([key, value]) => [h('dt', { class: 'muted' }, key), h('dd', {}, value)]);
  return [
    h('dl', { class: 'config' }, ...cells),
    h('button', { class: 'link below', on: { click: open } }, strings.config.open),
  ];
}

/** The log of a run. It follows the end while the log grows, unless the person has scrolled away from the end. */
export class LogTab {
  readonly element = h('pre', { class: 'log', tabIndex: 0 });

  show(text: string): void {
    const { element } = this;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 4;
    element.textContent = text.trim() === '' ? strings.emptyLog : text;
    if (atEnd) element.scrollTop = element.scrollHeight;
  }
}
