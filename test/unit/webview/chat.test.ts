import { describe, expect, it } from 'vitest';
import { readStops, stopsText } from '../../../webview/chat/stopStrings';

describe('the stop strings of a chat', () => {
  it('are one a line, each once, and may hold the end of a line', () => {
    expect(readStops('User:\n\nUser:\n\\n\\n\n C:\\\\new ')).toEqual(['User:', '\n\n', ' C:\\new ']);
    expect(readStops('')).toEqual([]);
  });

  it('are written as they are read', () => {
    const stops = ['\n', '\\n', 'a b ', '\\'];
    expect(readStops(stopsText(stops))).toEqual(stops);
  });
});
