import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { statOrNull } from '../../base/node/statOrNull';

/** Weights do not change tokens. */
const weights = /\.(safetensors|bin|onnx|pt|pth|h5|msgpack)$/i;

/** The sizes and times of the files of a model, without its weights. They tell whether to read them again. */
export class ModelFiles {
  private constructor(
    private readonly paths: readonly string[],
    private readonly stamp: string,
  ) {}

  /** @param paths folders, or files. One that does not exist has no stamp, and gets one when it is made. */
  static async of(paths: readonly string[]): Promise<ModelFiles> {
    const all = [...new Set(paths)];
    return new ModelFiles(all, await stampOf(all));
  }

  async areSame(): Promise<boolean> {
    return (await stampOf(this.paths)) === this.stamp;
  }
}

async function stampOf(paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  return (await Promise.all(files.map(fileStamp))).join('\n');
}

async function filesOf(path: string): Promise<readonly string[]> {
  // A file has no entries, and what does not exist neither.
  const names = await readdir(path).catch(() => null);
  if (names === null) return [path];
  return names.filter((name) => !weights.test(name)).map((name) => join(path, name));
}

async function fileStamp(path: string): Promise<string> {
  const found = await statOrNull(path);
  return found?.isFile() ? `${path} ${found.size} ${found.mtimeMs}` : path;
}
