import type { CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';
import { firstInParts } from './parts';
import type { RuleFamily } from './rule';

const email = /[A-Za-z0-9][\w.+-]{1,63}@(?:[A-Za-z0-9-]{2,}\.)+[A-Za-z]{2,}(?![\w@])/g;
/** Addresses that belong to nobody: reserved names (RFC 2606), and what people write as an example. */
const nobody =
  /@(?:[\w-]+\.)*(?:example|test|invalid|localhost|domain|email|mail|company|website|site|yourdomain|yourcompany|mydomain|server|host|abc|xyz)\.[a-z.]+$|@(?:github|gitlab|bitbucket)\.|^(?:example|user|username|name|yourname|your[._-]?\w*|someone|foo|test|no-?reply|git|info|support|contact|sales|admin|help)@|\.(?:png|jpe?g|gif|svg|js|py)$/i;
/** A phone number with its country code (ITU-T E.164: at most 15 digits), in groups. */
const phone = /(?<![\w+.(/-])\+[1-9]\d{0,2}[ .-]\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?![\w+-])/g;
const iban = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
const card = /(?<![\d.-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\d-]|\.\d)/g;

/** A quick first test: IBANs and card numbers have digits in groups of four. */
const digits = /\d{4}[ -]?\d{4}/;

export const personalDataRules: RuleFamily = {
  title: 'Personal data',
  checks: [personalProblems],
  rules: [
    {
      id: 'personal-data',
      severity: 'info',
      foundBy: 'row',
      title: 'Data that may be about a person',
      doc: 'The text holds an e-mail address, a phone number with its country code, an IBAN whose check digits are right (ISO 13616), or a card number whose check digit is right (Luhn). A model can repeat what it was trained on. Replace it, unless it is made up. The message does not print it. Addresses of example.com and the like, and of offices (info@, support@), are left alone. Names, addresses, national numbers and IP addresses are not looked for.',
    },
  ],
};

function personalProblems(row: CheckedRow): Problem[] {
  return firstInParts(row, personalIn).map(([field, what]) =>
    problem('info', 'personal-data', field, `${field} holds ${what}: replace it, unless it is made up.`),
  );
}

/** What personal data a text holds; null if none. */
export function personalIn(text: string): string | null {
  if (text.includes('@') && some(text, email, isOfPerson)) return 'an e-mail address';
  if (text.includes('+') && some(text, phone, isPhone)) return 'a phone number';
  if (!/\d\d\d\d/.test(text) || !digits.test(text)) return null;
  if (some(text, card, isCard)) return 'the number of a card';
  return some(text, iban, isIban) ? 'an IBAN' : null;
}

function some(text: string, pattern: RegExp, isRight: (found: string) => boolean): boolean {
  for (const [found] of text.matchAll(pattern)) if (isRight(found)) return true;
  return false;
}

function isOfPerson(address: string): boolean {
  return !nobody.test(address);
}

/** The numbers 555-0100 to 555-0199 are reserved for fiction in North America. */
function isPhone(number: string): boolean {
  const all = number.replaceAll(/\D/g, '');
  return all.length >= 9 && all.length <= 15 && !/^1\d*555/.test(all) && !isSample(all);
}

/** Digits that people write for an example: 1234567890, 0000. */
function isSample(all: string): boolean {
  return all.includes('123456') || new Set(all).size < 5;
}

/** ISO/IEC 7812-1: the first digits of card networks, and Luhn's check digit. */
function isCard(number: string): boolean {
  const all = number.replaceAll(/\D/g, '');
  if (isSample(all) || !/^(?:4|5[1-5]|2[2-7]|6(?:011|5))/.test(all)) return false;
  const sum = [...all].map(Number).reduceRight((total, digit, i) => {
    const twice = (all.length - i) % 2 === 0 ? 2 * digit : digit;
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the number with its first four characters at its end, letters as 10 to 35, is 1 modulo 97. */
function isIban(text: string): boolean {
  const number = text.replaceAll(' ', '');
  if (number.length < 15 || number.length > 34) return false;
  const moved = number.slice(4) + number.slice(0, 4);
  let rest = 0;
  for (const character of moved) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
