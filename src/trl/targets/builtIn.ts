import hfJobs from '../../../media/targets/hfJobs.json';
import kubernetes from '../../../media/targets/kubernetes.json';
import slurm from '../../../media/targets/slurm.json';
import ssh from '../../../media/targets/ssh.json';
import { asTemplate } from './template';
import type { Template } from './types';

/** The templates that come with Margin, from `media/targets`. */
export const builtInTemplates: readonly Template[] = [slurm, ssh, hfJobs, kubernetes].map((file: unknown) =>
  asTemplate(file),
);
