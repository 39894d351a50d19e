import DOMPurify from 'dompurify';
import markdownIt from 'markdown-it';
import temml from 'temml';
import { mathRule } from './mathRule';
import type { RichText } from './richText';

/** HTML in a text stays text. A single line break is a break, as in chats. */
const markdown = markdownIt({ html: false, breaks: true });
mathRule(markdown, (formula, displayMode) => temml.renderToString(formula, { displayMode, throwOnError: false }));

/**
 * A text as Markdown with formulas, as elements of a page. The text may come from anyone: scripts, styles, pictures,
 * forms and links to other schemes than https and http are removed.
 */
export const richText: RichText = (text) =>
  DOMPurify.sanitize(markdown.render(text), {
    USE_PROFILES: { html: true, mathMl: true },
    FORBID_TAGS: ['style', 'img', 'picture', 'audio', 'video', 'form', 'input', 'button', 'textarea', 'select'],
    FORBID_ATTR: ['style', 'id', 'name'],
    ALLOWED_URI_REGEXP: /^https?:/i,
    RETURN_DOM_FRAGMENT: true,
  });
