import { sameJson } from '../../pairs/json';
import { ruleOfShape } from '../../pairs/formats/ruleOfShape';
import { defaultPairRule } from '../../pairs/pairRule';
import type { Reading } from '../../pairs/reading';
import { noLevels } from '../../pairs/rules/levels';
import type { Method } from '../../run/methods';
import { pairRuleKeys } from '../../run/reading';
import type { TrainConfig } from '../../run/types';
import { lookAtFile } from '../datasets/lookAtFile';

/**
 * Whether the first rows of a dataset are mostly pairs or single judged answers. Lists count as pairs; `pairs` if it
 * holds neither.
 */
export async function rowsOf(dataset: string, reading: Reading): Promise<Method['rows']> {
  const look = await lookAtFile(dataset, reading);
  return look?.kind === 'judged' ? 'judged' : 'pairs';
}

/**
 * The keys of a config that read a dataset as the editor does. A config for lists always names the pair rule, even the
 * default one, so that it shows which pairs the lists become.
 */
export async function readingKeys(dataset: string, { columns, format, rule }: Reading): Promise<Partial<TrainConfig>> {
  const isDefault = rule === null || sameJson(rule, defaultPairRule);
  const look = isDefault ? await lookAtFile(dataset, { columns, format, rule, levels: noLevels, ignored: null }) : null;
  const ofFormat = look?.kind === 'lists' ? (rule ?? ruleOfShape(look.shape)) : null;
  const written = isDefault ? ofFormat : rule;
  return {
    ...(columns === null ? {} : { columns }),
    ...(format === null ? {} : { data_format: format }),
    ...(written === null ? {} : pairRuleKeys(written)),
  };
}
