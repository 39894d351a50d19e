import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readJsonObject } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { nearest } from '../../base/pure/nearest';
import { builtInTemplates } from './builtIn';
import { asTemplate, checkedSetting } from './template';
import type { Target, Template } from './types';

/** Some targets, each with its changes to a template. */
const maxTargetsBytes = 1 << 20;

export const targetsPath = (workspace: string): string => join(workspace, '.margin', 'targets.json');

function nearestTargets(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(targetsPath(at))) return targetsPath(at);
    if (dirname(at) === at) return null;
  }
}

/** The nearest `.margin/targets.json` in a folder or above it, as it is; null: there is none. */
export async function targetsOf(
  folder: string,
): Promise<{ readonly path: string; readonly file: Readonly<Record<string, unknown>> } | null> {
  const path = nearestTargets(folder);
  return path === null ? null : { path, file: await readJsonObject(path, maxTargetsBytes) };
}

/**
 * The targets that a folder sees: those of the nearest `.margin/targets.json` in or above it, then each built-in
 * template under its own name with its default settings. The file has an object for each name: `template`, `settings`,
 * and `change` with the parts of the template that differ.
 *
 * @throws MarginError `target-template` | `target-setting`, and those of {@link readJsonObject}
 */
export async function findTargets(workspace: string): Promise<Target[]> {
  const found = await targetsOf(workspace);
  const own = found ? Object.entries(found.file).map(([name, value]) => ownTarget(name, value, found.path)) : [];
  const names = new Set(own.map(({ name }) => name));
  const plain = builtInTemplates
    .filter(({ name }) => !names.has(name))
    .map((template): Target => ({ name: template.name, kind: template.kind, settings: {}, template }));
  return [...own, ...plain];
}

/** A target by its name. Errors: `unknown-target` with the names that exist, and those of {@link findTargets}. */
export async function findTarget(workspace: string, name: string): Promise<Target> {
  const targets = await findTargets(workspace);
  const found = targets.find((target) => target.name === name);
  if (found) return found;
  const names = targets.map((target) => target.name);
  const close = nearest(name, names);
  const hint = close === null ? '' : ` Did you mean ${close}?`;
  const message = `There is no target ${name}.${hint} Targets: local, ${names.join(', ')}; add one in ${targetsPath(workspace)}.`;
  throw new MarginError('unknown-target', message, { name, names });
}

function ownTarget(name: string, value: unknown, path: string): Target {
  const wrong = (what: string): MarginError =>
    new MarginError('target-template', `${path}: the target ${name} ${what}.`, { path, name });
  if (name === 'local') throw wrong('has the name of this machine; choose another');
  if (!isRecord(value)) throw wrong('is not an object');
  const base = builtInTemplates.find((one) => one.name === value['template']);
  if (!base) throw wrong(`needs a template: ${builtInTemplates.map((one) => one.name).join(', ')}`);
  const { settings = {}, change = {} } = value;
  if (!isRecord(settings) || !isRecord(change)) throw wrong('has settings or a change that is not an object');
  const template = changed(base, change);
  const unknown = Object.keys(settings).find((key) => !(key in template.settings));
  if (unknown !== undefined)
    throw wrong(`has the setting ${unknown}; its template has ${Object.keys(template.settings).join(', ')}`);
  const texts = Object.entries(settings).map(([key, one]): [string, string] => [key, checkedSetting(key, one)]);
  return { name, kind: template.kind, settings: Object.fromEntries(texts), template };
}

/** A changed template was tried by nobody. */
function changed(base: Template, change: Readonly<Record<string, unknown>>): Template {
  if (Object.keys(change).length === 0) return base;
  return asTemplate({ ...base, ...change, name: base.name, kind: base.kind, tested: false });
}
