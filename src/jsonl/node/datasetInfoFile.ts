import path from 'node:path';
import { nullIfMissing } from '../../base/node/jsonFile';
import { parseJsonObject, readSmallText } from '../../base/node/smallFile';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { datasetInfo, nameOf } from '../../pairs/convert/llamaFactory';
import type { JsonObject } from '../../pairs/json';
import { saveFile } from './save';

/** LLaMA-Factory's own file has about 20 KB. */
const maxBytes = 16 << 20;
/** Keys of an entry that name a source which LLaMA-Factory prefers to a file. */
const otherSources = ['hf_hub_url', 'ms_hub_url', 'om_hub_url', 'script_url', 'cloud_file_name'];

/** LLaMA-Factory's list of data sets, in the folder of a file that it describes. */
export class DatasetInfoFile {
  private constructor(
    readonly path: string,
    private readonly entries: JsonObject,
    private readonly indent: string,
    private readonly file: string,
  ) {}

  /**
   * Reads the `dataset_info.json` beside a file; a missing one has no entries.
   *
   * @throws MarginError `name-taken` if an entry of the file's name is a data set from elsewhere; `corrupt`, and those
   *   of {@link readSmallText}
   */
  static async beside(file: string): Promise<DatasetInfoFile> {
    const list = path.join(path.dirname(file), 'dataset_info.json');
    const text = await nullIfMissing(readSmallText(list, maxBytes));
    const entries = text === null ? {} : parseJsonObject(text, list);
    const name = nameOf(path.basename(file));
    const old = Object.hasOwn(entries, name) ? entries[name] : null;
    if (isRecord(old) && otherSources.some((key) => key in old)) {
      const message = `${list} has an entry "${name}" for another data set. Give the new file another name.`;
      throw new MarginError('name-taken', message, { file: list });
    }
    return new DatasetInfoFile(list, entries, /^\s*\{\s*?\n([ \t]+)"/.exec(text ?? '')?.[1] ?? '  ', file);
  }

  /**
   * Adds the entry of the file, or replaces it. All other entries stay.
   *
   * @param keys the keys of the file's rows
   * @returns the name of the entry, for LLaMA-Factory's `dataset`
   * @throws MarginError as {@link saveFile}
   */
  async write(keys: ReadonlySet<string>): Promise<string> {
    const base = path.basename(this.file);
    const name = nameOf(base);
    const entries = { ...this.entries, [name]: datasetInfo(base, keys) };
    const text = `${JSON.stringify(entries, null, this.indent)}\n`;
    await saveFile(this.path, (handle) => handle.writeFile(text));
    return name;
  }
}
