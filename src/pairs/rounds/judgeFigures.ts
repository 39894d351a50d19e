import { at } from '../../base/pure/must';
import { cohenKappa, rawAgreement } from '../agreement/kappa';
import { proportion } from '../statistics/proportion';
import { type JudgedLine, type Opinion, opinions, person } from './opinion';

/** What a judge says, and how far it can be trusted. */
export interface JudgeFigures {
  readonly judge: string;
  /** Prompts that it has decided: ranked, a tie, or all bad. */
  readonly decided: number;
  /** Prompts of which it prefers some draft to another. */
  readonly ranked: number;
  /** Questions that it answered in two orders, and of these those with another answer in the other order. */
  readonly inOrders: number;
  readonly flips: number;
  /** Null for the person itself, and without prompts that both have decided. */
  readonly withPerson: PersonAgreement | null;
  /** How often the best is the draft that was shown first; null without rankings. By chance it is `fair`. */
  readonly first: FirstShare | null;
  /** How often the best has more tokens than the worst; null without rankings of drafts of unlike length. */
  readonly longer: Share | null;
}

export interface Share {
  readonly count: number;
  readonly share: number;
  /** The 95 % interval by Wilson (1927). */
  readonly low: number;
  readonly high: number;
}

export interface FirstShare extends Share {
  /** The mean of one divided by the number of drafts shown. */
  readonly fair: number;
}

export interface PersonAgreement {
  readonly prompts: number;
  readonly agreement: number;
  /** Cohen's κ of first, tie, second; null where it is not defined. */
  readonly kappa: number | null;
}

/**
 * Figures of each judge of a round, the person first, then by name.
 *
 * @param lines judgements in the order of their file
 * @param tokens the tokens of a draft; null if they are not known
 */
export function judgeFigures(
  lines: readonly JudgedLine[],
  tokens: (promptKey: string, draft: number) => number | null,
): readonly JudgeFigures[] {
  const judges = [...new Set(lines.map(({ judge }) => judge))].sort(personFirst);
  const own = opinions(lines, person);
  return judges.map((judge) => {
    const mine = judge === person ? own : opinions(lines, judge);
    const all = [...mine.values()];
    const ranked = all.flatMap(({ lines: each }) => each.filter(isRanked));
    const inOrders = all.flatMap((one) => one.inOrders());
    return {
      judge,
      decided: mine.size,
      ranked: all.filter(({ ranks }) => ranks).length,
      inOrders: inOrders.length,
      flips: inOrders.filter((agrees) => !agrees).length,
      withPerson: judge === person ? null : agreementOf(own, mine),
      first: firstShare(ranked),
      longer: longerShare(ranked, tokens),
    };
  });
}

type Ranked = JudgedLine & { readonly best: number; readonly worst: number };

function isRanked(line: JudgedLine): line is Ranked {
  return line.verdict === 'ranked' && line.best !== null && line.worst !== null;
}

function personFirst(a: string, b: string): number {
  if (a === person || b === person) return a === b ? 0 : a === person ? -1 : 1;
  return a < b ? -1 : 1;
}

/**
 * A judge may rank other drafts than the person. So it is asked about the two drafts that the person ranked, or, where
 * the person prefers none, about the first two that the person saw.
 */
function agreementOf(own: ReadonlyMap<string, Opinion>, other: ReadonlyMap<string, Opinion>): PersonAgreement | null {
  const table = [0, 1, 2].map(() => [0, 0, 0]);
  let prompts = 0;
  for (const [key, mine] of own) {
    const [line] = mine.lines;
    const [a, b] = line && isRanked(line) ? [line.best, line.worst] : (line?.order ?? []);
    if (a === undefined || b === undefined) continue;
    const [first, second] = [Math.min(a, b), Math.max(a, b)];
    const [ours, its] = [mine.preference(first, second), other.get(key)?.preference(first, second) ?? null];
    if (ours === null || its === null) continue;
    prompts++;
    const row = at(table, 1 - ours);
    row[1 - its] = at(row, 1 - its) + 1;
  }
  const agreement = rawAgreement(table);
  return agreement === null ? null : { prompts, agreement, kappa: cohenKappa(table, 'none') };
}

function firstShare(ranked: readonly Ranked[]): FirstShare | null {
  if (ranked.length === 0) return null;
  const count = ranked.filter(({ best, order }) => order[0] === best).length;
  const fair = ranked.reduce((sum, { order }) => sum + 1 / Math.max(1, order.length), 0) / ranked.length;
  return { count: ranked.length, ...proportion(count, ranked.length), fair };
}

function longerShare(
  ranked: readonly Ranked[],
  tokens: (promptKey: string, draft: number) => number | null,
): Share | null {
  const gaps = ranked.flatMap(({ prompt_key, best, worst }) => {
    const [long, short] = [tokens(prompt_key, best), tokens(prompt_key, worst)];
    return long === null || short === null || long === short ? [] : [long - short];
  });
  if (gaps.length === 0) return null;
  return { count: gaps.length, ...proportion(gaps.filter((gap) => gap > 0).length, gaps.length) };
}
