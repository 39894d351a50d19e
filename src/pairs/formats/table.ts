import { explicitConversational } from './explicitConversational';
import { explicitPlain } from './explicitPlain';
import type { Format } from './format';
import { implicitConversational } from './implicitConversational';
import { implicitPlain } from './implicitPlain';
import { transcript } from './transcript';

/** The shapes in the order they are tried: what looks more special comes first. */
export const formats: readonly Format[] = [
  explicitConversational,
  explicitPlain,
  implicitConversational,
  transcript,
  implicitPlain,
];
