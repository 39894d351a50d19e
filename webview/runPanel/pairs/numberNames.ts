import { isFileNumber, type ShownNumber } from '../../../src/pairs/fileNumber';
import { type NumberName, pairStrings } from './pairStrings';

/** What a number is called in heads and lists. A column of the dataset has the name that filters give it. */
export function numberName(name: ShownNumber): NumberName {
  return isFileNumber(name) ? { short: name, help: pairStrings.ofDataset(name) } : pairStrings.numbers[name];
}

export const shortName = (name: ShownNumber): string => numberName(name).short;
