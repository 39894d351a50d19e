import type { Uri } from 'vscode';

/** The last part of a URI's path, in which `/` is the separator on every system. */
export function uriName({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
