import { basename } from 'node:path';
import { readLines } from '../../base/node/readLines';
import { MarginError } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { LineFile } from '../../jsonl/node/lineFile';
import type { PairTokens } from '../../pairs/tokenRewards/pairTokens';
import { tokenRewards } from '../../pairs/tokenRewards/tokenRewards';
import { extremeTokens, type TokenStat, TokenTally } from '../../pairs/tokenRewards/tokenTally';
import type { ExampleQuery, RankedToken, RankedTokens, SetQuery, TokenExample } from '../../protocol/tokenRewards';
import { maxRewardLine, rewardIn } from '../../run/rewardLine';
import { tokensOf } from '../../run/tokenLists';
import { Slices } from '../../editor/slices';
import { snippetOf } from './snippet';
import { tokenExamples } from './tokenExamples';
import type { TokenSource } from './tokenSource';

/** Tokens in each list of a set. */
const ranked = 25;

/** A file of rewards that includes the rewards of tokens, as `margin score --per_token --out` writes it. */
export class FileSource implements TokenSource {
  readonly place = null;
  private shown = 0;

  private constructor(
    private readonly path: string,
    private readonly file: LineFile,
    /** The index of the line of each pair in the file. */
    private readonly lines: readonly number[],
    private readonly keys: readonly string[],
    private readonly tally: TokenTally,
  ) {}

  /**
   * Reads all pairs, in slices that keep the host responsive.
   *
   * @param read gets the number of pairs read
   * @throws MarginError `no-token-rewards`, `corrupt`, `missing`, …; the signal's reason
   */
  static async open(path: string, read: (pairs: number) => void, signal: AbortSignal): Promise<FileSource> {
    const slices = new Slices(signal);
    const [tally, lines, keys] = [new TokenTally(), [] as number[], [] as string[]];
    for await (const { number, text } of readLines(path, maxRewardLine)) {
      await slices.breathe();
      if (text === '') continue;
      const pair = readTokens(text, `${path}:${number}`);
      for (const side of ['chosen', 'rejected'] as const)
        tally.add(lines.length, side, { ...pair[side], rewards: tokenRewards(pair.beta, pair[side]) });
      lines.push(number - 1);
      keys.push(pair.key);
      read(lines.length);
    }
    if (lines.length === 0) throw new MarginError('no-token-rewards', `${path} has no rewards: it is empty.`, { path });
    const file = await LineFile.open(path);
    try {
      await file.readIndex({ signal });
      return new FileSource(path, file, lines, keys, tally);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get state(): TokenSource['state'] {
    const { path, lines, shown } = this;
    return {
      kind: 'file',
      name: basename(path),
      steps: [],
      step: null,
      missing: null,
      pairs: lines.length,
      pair: shown,
    };
  }

  go(pair: number): void {
    this.shown = Math.min(Math.max(0, pair), this.lines.length - 1);
  }

  /** Shows the pair with a key. @returns whether the file has it */
  goToKey(key: string): boolean {
    const pair = this.keys.indexOf(key);
    if (pair >= 0) this.shown = pair;
    return pair >= 0;
  }

  async pair(): Promise<PairTokens & { readonly prompt: string | null }> {
    return { ...(await this.read(this.shown)), prompt: null };
  }

  /** The most rewarded and the most punished tokens of the file, each with examples. */
  async tokens({ minCount, by }: SetQuery): Promise<RankedTokens> {
    const { rewarded, punished, rare } = extremeTokens(this.tally.stats, { minCount, by, limit: ranked });
    return {
      rewarded: await this.withExamples(rewarded, 'highest'),
      punished: await this.withExamples(punished, 'lowest'),
      rare,
      tokens: this.tally.tokens,
    };
  }

  /** More places of a token. */
  examples(query: ExampleQuery, signal: AbortSignal): Promise<readonly TokenExample[]> {
    return tokenExamples(this.path, query, signal);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async withExamples(stats: readonly TokenStat[], places: 'highest' | 'lowest'): Promise<RankedToken[]> {
    const slices = new Slices();
    const tokens: RankedToken[] = [];
    for (const stat of stats) {
      const { id, text, count, chosen, sum, mean } = stat;
      const examples: TokenExample[] = [];
      for (const place of stat[places]) {
        await slices.breathe();
        const pair = await this.read(place.pair);
        examples.push({ ...place, line: pair.line, ...snippetOf(pair[place.side].texts, place.index) });
      }
      tokens.push({ id, text, count, chosen, sum, mean, examples });
    }
    return tokens;
  }

  private async read(pair: number): Promise<PairTokens> {
    const line = at(this.lines, pair);
    const [text = ''] = await this.file.lines(line, 1);
    return readTokens(text, `${this.path}:${line + 1}`);
  }
}

const readTokens = (text: string, place: string): PairTokens => tokensOf(rewardIn(text, place), place);
