import type { TrainConfig } from '../run/types';

/** The packages that a run of TRL needs, with the versions that Margin was compared with. */
const packages = [
  'torch==2.13.0',
  'transformers==5.23.0',
  'trl==1.16.0',
  'peft==0.21.2',
  'accelerate==1.15.0',
  'datasets==5.2.0',
  'safetensors==0.8.0',
];

/** The text of requirements.txt for a run. Only QLoRA and DeepSpeed need more than the packages of every run. */
export function requirementsOf(config: Pick<TrainConfig, 'load_in_4bit' | 'distributed_type'>): string {
  const more = [
    ...(config.load_in_4bit ? ['bitsandbytes==0.50.2'] : []),
    ...(config.distributed_type === 'DEEPSPEED' ? ['deepspeed==0.19.8'] : []),
  ];
  return `${[...packages, ...more].join('\n')}\n`;
}
