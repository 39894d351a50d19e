/** What a test tells the person who runs it: the mark lets the runner tell it from the workbench's own talk. */
export const mark = '[test] ';

export function say(text: string): void {
  console.log(mark + text);
}
