import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { cacheFolder, privateMode } from '../../base/node/cacheFolder';
import { nullIfMissing, writeJson } from '../../base/node/jsonFile';
import { makeFolder } from '../../base/node/makeFolder';
import { readJsonObject } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { builtInTemplates } from './builtIn';
import type { Target } from './types';

/** A hash of 70 bytes for each target that a user ever trusted. */
const maxTrustedBytes = 1 << 20;

/** If it is deleted, Margin asks again. */
const trustedPath = (): string => join(cacheFolder(), 'trusted-targets.json');

/**
 * Whether the user trusts a target. A `.margin/targets.json`, or a run folder's `target.json`, may come from a
 * stranger, and its commands run with the user's rights. A built-in template with its defaults is trusted. Each other
 * target is trusted as it was when the user said so; any change makes it a new one.
 */
export async function isTrusted(target: Target): Promise<boolean> {
  const hash = hashOf(target);
  if (builtInTemplates.some((template) => hashOf({ ...target, settings: {}, template }) === hash)) return true;
  return (await trustedHashes()).includes(hash);
}

/** Error `target-not-trusted` unless the user trusts the target. */
export async function refuseUntrusted(target: Target): Promise<void> {
  if (await isTrusted(target)) return;
  throw new MarginError(
    'target-not-trusted',
    `The target ${target.name} comes from a file of this folder, and its commands would run on this machine. Read them with "margin targets show ${target.name}", then allow them with "margin targets trust ${target.name}".`,
    { name: target.name },
  );
}

/** Remembers that the user trusts a target as it is now. */
export async function trust(target: Target): Promise<void> {
  const hashes = new Set(await trustedHashes());
  if (hashes.has(hashOf(target))) return;
  hashes.add(hashOf(target));
  await makeFolder(dirname(trustedPath()), privateMode);
  await writeJson(trustedPath(), { sha256: [...hashes] });
}

async function trustedHashes(): Promise<string[]> {
  const file = await nullIfMissing(readJsonObject(trustedPath(), maxTrustedBytes));
  const list = file?.['sha256'];
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
}

/** A hash of all that a target does. Independent of the target's name, which does nothing. */
export function hashOf({ settings, template }: Target): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted({ settings, template })))
    .digest('hex');
}

/** The same value with the keys of all objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
