import { sep } from 'node:path';

/**
 * A text in which paths of files in a folder begin at this folder, as a `*.train.json` names them. A form has little
 * room.
 *
 * @param folder an absolute path
 */
export function nearPaths(text: string, folder: string): string {
  return text.replaceAll(folder.endsWith(sep) ? folder : folder + sep, '');
}
