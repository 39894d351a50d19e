/**
 * The scripts that are told apart, and what else may be said of a text. `kana` is Japanese, which also has letters of
 * `han`.
 */
export const scriptNames = [
  'latin',
  'greek',
  'cyrillic',
  'hebrew',
  'arabic',
  'devanagari',
  'bengali',
  'tamil',
  'thai',
  'hangul',
  'kana',
  'han',
  'other',
  'mixed',
  'none',
] as const;
export type ScriptName = (typeof scriptNames)[number];

/** The first and the last code unit of blocks of letters (Unicode, Blocks.txt), ascending. */
const blocks: readonly (readonly [first: number, last: number, script: ScriptName])[] = [
  [0x41, 0x5a, 'latin'],
  [0x61, 0x7a, 'latin'],
  [0xaa, 0x24f, 'latin'],
  [0x370, 0x3ff, 'greek'],
  [0x400, 0x52f, 'cyrillic'],
  [0x590, 0x5ff, 'hebrew'],
  [0x600, 0x77f, 'arabic'],
  [0x900, 0x97f, 'devanagari'],
  [0x980, 0x9ff, 'bengali'],
  [0xb80, 0xbff, 'tamil'],
  [0xe00, 0xe7f, 'thai'],
  [0x1100, 0x11ff, 'hangul'],
  [0x1e00, 0x1eff, 'latin'],
  [0x1f00, 0x1fff, 'greek'],
  [0x3040, 0x30ff, 'kana'],
  [0x3400, 0x9fff, 'han'],
  [0xac00, 0xd7af, 'hangul'],
  [0xff66, 0xff9f, 'kana'],
];
/** How much of a text is looked at. */
const looked = 2000;
/** Fewer letters do not tell the script. */
const fewest = 4;
const share = 0.9;
/** The least share of kana in Japanese; Chinese has none. */
const kanaShare = 0.1;

/** The script of nine of ten letters at the start of a text; `mixed` without one, `none` without letters. */
export function scriptOf(text: string): ScriptName {
  const counts = new Map<ScriptName, number>();
  let [letters, latin] = [0, 0];
  const end = Math.min(text.length, looked);
  for (let i = 0; i < end; i++) {
    const script = scriptAt(text.charCodeAt(i));
    if (script === null) continue;
    letters++;
    if (script === 'latin') latin++;
    else counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  if (letters < fewest) return 'none';
  if (latin >= share * letters) return 'latin';
  const [kana, han] = [counts.get('kana') ?? 0, counts.get('han') ?? 0];
  if (kana > 0 && kana + han >= share * letters) return kana >= kanaShare * letters ? 'kana' : 'han';
  for (const [script, count] of counts) if (count >= share * letters) return script;
  return 'mixed';
}

/** The script of a code unit; null if it is no letter. Letters of other blocks are `other`. */
function scriptAt(unit: number): ScriptName | null {
  if (unit < 0x80) return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) ? 'latin' : null;
  for (const [first, last, script] of blocks) if (unit >= first && unit <= last) return letterIn(unit, script);
  return /\p{L}/u.test(String.fromCharCode(unit)) ? 'other' : null;
}

/** Blocks also hold digits and signs. */
function letterIn(unit: number, script: ScriptName): ScriptName | null {
  return /[\p{L}\p{M}]/u.test(String.fromCharCode(unit)) ? script : null;
}
