import { findTargets } from './findTargets';
import { missingPrograms } from './programs';
import { emptySettings } from './submit';
import { isTrusted } from './trust';
import type { Target } from './types';

/** What a list says of a target. */
export interface ListedTarget {
  readonly name: string;
  readonly kind: Target['kind'];
  /** Whether it was tried against the real service. */
  readonly tested: boolean;
  /** Whether its commands may run. */
  readonly trusted: boolean;
  /** Programs that it needs and that are not on the PATH. */
  readonly missing: readonly string[];
  /** Settings that it needs and that are empty. */
  readonly empty: readonly string[];
  /** What it is, in a sentence. */
  readonly about: string;
}

export async function listedTarget(target: Target): Promise<ListedTarget> {
  const { name, kind, template } = target;
  const [trusted, missing] = [await isTrusted(target), await missingPrograms(template.needs)];
  const empty = emptySettings(target);
  return { name, kind, tested: template.tested, trusted, missing, empty, about: template.about };
}

/** The targets that a folder sees, besides this machine. Errors: those of {@link findTargets}. */
export async function listTargets(folder: string): Promise<ListedTarget[]> {
  return Promise.all((await findTargets(folder)).map(listedTarget));
}
