import { opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { statOrNull } from '../../base/node/statOrNull';
import { errorCode } from '../../base/pure/marginError';
import type { CacheName } from './caches';

/** A model on this disk that was found and not looked into yet. */
export interface ModelPlace {
  readonly cache: CacheName;
  /** As its program names it: `org/name`, `llama3.2:1b`, a file. */
  readonly name: string;
  /** What `model_name_or_path` gets. */
  readonly path: string;
  /** The folder with config.json, or the .gguf file. */
  readonly files: string;
  readonly kind: 'folder' | 'gguf';
  /** Why the model cannot be opened, if that is known without looking into it. */
  readonly unclear: string | null;
}

/** An entry of a folder. Links are followed once. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** Names in a folder that are looked at, and models in all: a cache with more is shown in part. */
const lookBounds = { names: 5000, models: 500 } as const;

/** Reads folders within bounds, and remembers what it left out and why. */
export class Look {
  readonly places: ModelPlace[] = [];
  /** Sentences about what was not looked at. */
  readonly problems: string[] = [];
  private readonly seen = new Set<string>();
  private readonly entered = new Set<string>();
  private isFull = false;

  constructor(private readonly bounds: { readonly names: number; readonly models: number } = lookBounds) {}

  /**
   * The entries of a folder, sorted by name. None if it does not exist, if it cannot be read, which is said then, or if
   * it was entered before, by another link.
   */
  async entries(folder: string): Promise<readonly Entry[]> {
    const names: string[] = [];
    try {
      const real = await realpath(folder);
      if (this.entered.has(real)) return [];
      this.entered.add(real);
      // Not readdir: it reads a folder of any size as a whole.
      for await (const { name } of await opendir(folder)) {
        if (names.length === this.bounds.names) {
          this.problems.push(`${folder} has more than ${this.bounds.names} entries; the rest is not looked at.`);
          break;
        }
        names.push(name);
      }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT')
        this.problems.push(`${folder} cannot be read (${errorCode(error) ?? 'unknown'}).`);
      return [];
    }
    const found = await Promise.all(names.sort().map((name) => entryOf(folder, name)));
    return found.filter((entry) => entry !== null);
  }

  /** Adds a model, unless another place has led to the same files. */
  async add(place: ModelPlace): Promise<void> {
    if (this.isFull) return;
    // A link without a target is reported when the model is looked into.
    const real = await realpath(place.files).catch(() => place.files);
    if (this.seen.has(real)) return;
    if (this.places.length === this.bounds.models) {
      this.isFull = true;
      this.problems.push(`There are more than ${this.bounds.models} models; the rest is not shown.`);
      return;
    }
    this.seen.add(real);
    this.places.push(place);
  }
}

/** @returns null for a link without a target, a pipe or a device */
async function entryOf(folder: string, name: string): Promise<Entry | null> {
  const path = join(folder, name);
  const found = await statOrNull(path);
  return found?.isDirectory() || found?.isFile() ? { name, path, isFolder: found.isDirectory() } : null;
}
