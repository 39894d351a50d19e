/** Marks a line of a test: the runner prints it, and none of the workbench's own lines. */
export const mark = '[test] ';

export function say(text: string): void {
  console.log(mark + text);
}
