import { axolotl } from './axolotl';
import { kto } from './kto';
import { llamaFactory } from './llamaFactory';
import { openAi } from './openAi';
import { swift } from './swift';
import { csv, parquet } from './tables';
import type { Target } from './target';
import { trl } from './trl';

/** The shapes that rows convert to, in the order in which they are shown. */
export const targets: readonly [Target, ...Target[]] = [trl, kto, openAi, llamaFactory, axolotl, swift, csv, parquet];
