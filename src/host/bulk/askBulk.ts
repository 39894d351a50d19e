import * as vscode from 'vscode';

/** Asks for the weight of rows. @returns undefined if the person closed the question */
export async function askWeight(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Margin: Set Weight',
    prompt: 'The loss of each row is multiplied by it: 1 is usual, and training ignores rows with 0.',
    validateInput: (value) => (numberIn(value) === null ? 'Type a number, 0 or more' : null),
  });
  return text === undefined ? undefined : (numberIn(text) ?? undefined);
}

/** Asks for tags to add and to remove. @returns undefined if the person closed the question */
export async function askTags(): Promise<
  { readonly add: readonly string[]; readonly remove: readonly string[] } | undefined
> {
  const text = await vscode.window.showInputBox({
    title: 'Margin: Tag Rows',
    prompt: 'Tags, with commas between them. A minus before a tag removes it.',
    validateInput: (value) => (tagsIn(value).length === 0 ? 'Type a tag' : null),
  });
  if (text === undefined) return undefined;
  const tags = tagsIn(text);
  const isRemoved = (tag: string): boolean => /^[-−]/.test(tag);
  return {
    add: tags.filter((tag) => !isRemoved(tag)),
    remove: tags.filter(isRemoved).map((tag) => tag.slice(1).trim()),
  };
}

function numberIn(text: string): number | null {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(number) && number >= 0 ? number : null;
}

function tagsIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '' && tag !== '-');
}
