/** The part of VS Code's `WorkspaceFolder` that is read. */
interface Folder {
  readonly uri: { readonly scheme: string };
}

/**
 * Whether there are folders, and programs can read none of them, such as a repository that is not cloned. The paths of
 * such folders would name other files of this machine.
 */
export function areVirtual(folders: readonly Folder[]): boolean {
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== 'file');
}
