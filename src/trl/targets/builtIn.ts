import slurm from '../../../media/targets/slurm.json';
import { asTemplate } from './template';
import type { Template } from './types';

/** The templates that come with Margin, from `media/targets`. */
export const builtInTemplates: readonly Template[] = [slurm].map((file: unknown) => asTemplate(file));
