import { alpacaOutputs, alpacaRanking } from './alpaca';
import { messagesRanking, rejectedMessage, rejectedResponse } from './answeredMessages';
import { arena } from './arena';
import { argillaV1 } from './argillaV1';
import { explicitConversational } from './explicitConversational';
import { explicitPlain } from './explicitPlain';
import type { Format } from './format';
import { helpSteer2, helpSteer3 } from './helpSteer';
import { implicitConversational } from './implicitConversational';
import { implicitPlain } from './implicitPlain';
import { input } from './input';
import { jsonText } from './jsonText';
import { type JudgedFormat, unpaired } from './judged';
import { beaverTails, labelledAlpaca, labelledMessages } from './labelled';
import { nemoAligner } from './nemoAligner';
import { openAi } from './openAi';
import { query } from './query';
import { question } from './question';
import { responses } from './responses';
import { safeRlhf } from './safeRlhf';
import { shareGptRanking } from './shareGptRanking';
import { chosenConversations, chosenMessages, rejectedMessages } from './sharedLists';
import { shp } from './shp';
import { stackPairs } from './stackPairs';
import { systemLists } from './systemLists';
import { systemPrompt } from './systemPrompt';
import { textWithMessages } from './textWithMessages';
import { transcript } from './transcript';
import { wholeConversations } from './wholeConversations';

/**
 * The formats, in the order in which they are tried. More specific ones come first: a format comes before another one
 * that would read its rows with fewer keys.
 */
export const formats: readonly Format[] = [
  wholeConversations,
  explicitConversational,
  jsonText,
  systemPrompt,
  explicitPlain,
  systemLists,
  messagesRanking,
  implicitConversational,
  textWithMessages,
  shareGptRanking,
  openAi,
  chosenConversations,
  chosenMessages,
  rejectedMessages,
  rejectedResponse,
  rejectedMessage,
  query,
  nemoAligner,
  responses,
  helpSteer2,
  helpSteer3,
  safeRlhf,
  shp,
  arena,
  argillaV1,
  stackPairs,
  alpacaOutputs,
  alpacaRanking,
  question,
  input,
  transcript,
  implicitPlain,
];

/** The shapes of single judged answers. They are tried before those of pairs: no pair has a label of its own. */
export const judgedFormats: readonly JudgedFormat[] = [unpaired, labelledMessages, labelledAlpaca, beaverTails];
