/** A number of things in English: `1 pair`, `1,200 pairs`. @param what one of them; its plural has an s */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
