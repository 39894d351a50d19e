import type { Format } from '../formats/format';
import { firstKey, keysOf } from './keyPath';
import { columnEntries, type OwnColumns } from './ownColumns';

/** Id of the format of own columns. */
export const ownId = 'own-columns';

/** The facts about own columns that checks and views need. */
export function ownFacts(own: OwnColumns): Pick<Format, 'id' | 'label' | 'tool' | 'link' | 'keys' | 'toolsAt'> {
  const paths = columnEntries(own).map(([, path]) => path);
  return {
    id: ownId,
    label: `own columns: ${paths.join(', ')}`,
    tool: 'Margin',
    link: 'https://huggingface.co/docs/trl/dataset_formats',
    keys: [...new Set([...paths.map(firstKey), 'tools', 'weight'])],
    ...(own.tools !== undefined && { toolsAt: keysOf(own.tools) }),
  };
}
