import { defaultPairRule } from '../pairs/pairRule';
import { backendRules } from './rules/backendRules';
import { evaluationRules } from './rules/evaluationRules';
import { lossRules } from './rules/lossRules';
import { referenceRules } from './rules/referenceRules';
import { rule, type Rule } from './rules/rule';

const dataRules: readonly Rule[] = [
  rule('data_format', ['columns'], ({ data_format: format, columns }) =>
    format !== null && columns !== null ? 'data_format and columns both say how rows are read: leave one out' : null,
  ),
];

const modelRules: readonly Rule[] = [
  rule('dtype', ['use_peft'], ({ dtype, use_peft: lora }) =>
    !lora && dtype !== 'auto' && dtype !== 'float32'
      ? `dtype "${dtype}" is for frozen weights, and use_peft: false trains all weights in float32: leave it out, or set use_peft: true`
      : null,
  ),
  rule('dtype', ['device'], ({ dtype, device }) =>
    device === 'webgpu' && (dtype === 'float16' || dtype === 'bfloat16')
      ? `dtype "${dtype}" is not for device "webgpu", which needs weights in float32: leave it out`
      : null,
  ),
  rule('adapter_name_or_path', ['use_peft'], ({ adapter_name_or_path: adapter, use_peft: lora }) =>
    adapter !== null && !lora ? 'adapter_name_or_path needs use_peft: true' : null,
  ),
  rule('pair_gap', ['pair_rule'], ({ pair_gap: gap, pair_rule: name }) =>
    name !== 'gap' && gap !== defaultPairRule.gap
      ? `pair_gap is for pair_rule "gap", not ${name === null ? 'null' : `"${name}"`}: leave it out, or set pair_rule`
      : null,
  ),
  rule('max_steps', [], ({ max_steps: steps }) =>
    steps === 0 ? 'max_steps must be above 0, or -1 to use num_train_epochs' : null,
  ),
  rule('warmup_steps', [], ({ warmup_steps: warmup }) =>
    warmup >= 1 && !Number.isInteger(warmup)
      ? `warmup_steps must be a whole number, or a fraction below 1, not ${warmup}`
      : null,
  ),
];

/**
 * Combinations of values that would train something other than the config asks for, or nothing. Each value is valid by
 * itself. Messages come in this order.
 */
export const contradictions: readonly Rule[] = [
  ...dataRules,
  ...lossRules,
  ...referenceRules,
  ...evaluationRules,
  ...modelRules,
  ...backendRules,
];
