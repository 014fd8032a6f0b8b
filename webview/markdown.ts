import createDOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import { isOutsideAddress } from '../src/protocol/timelineMessages.ts';
import { strings } from './strings.ts';

/**
 * Renders markdown that other people wrote (also outsiders, through GitHub comments). Two fences, each enough alone:
 * markdown-it writes no HTML of the author's, and DOMPurify lets only the elements below through. Nothing is loaded but
 * images that stand beside the incident; all others become links to them. Links lead outside only by http, https and
 * mailto; what else was linked stays text.
 * @param attachments where the incident's own images are; null where they can't be loaded
 */
export function renderMarkdown(source: string, attachments: string | null): DocumentFragment {
  imagesFrom = attachments;
  return purify.sanitize(markdown.render(source), fragment);
}

let imagesFrom: string | null = null;

/** An image that stands beside the incident, as a note of it names it. No other path leads anywhere. */
const attachment = /^\.\.\/attachments\/([A-Za-z0-9][A-Za-z0-9._-]{0,200}\.(?:png|jpe?g|gif|webp))$/i;

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
// Without a scheme it is guesswork what is a link ("main.ts", "10.0.0.1:80").
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

const { rules } = markdown.renderer;

// The page has headings of its own above those of an entry.
rules.heading_open = (tokens, index) => `<h${headingLevel(tokens[index]?.tag)}>`;
rules.heading_close = (tokens, index) => `</h${headingLevel(tokens[index]?.tag)}>`;

function headingLevel(tag: string | undefined): number {
  return Math.min(6, Number(tag?.slice(1) ?? 1) + 3);
}

// markdown-it aligns cells by style attributes, which the page's content policy forbids.
rules.th_open = rules.td_open = (tokens, index) => {
  const token = tokens[index];
  const align = /text-align:(left|right|center)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
  return align === undefined ? `<${token?.tag}>` : `<${token?.tag} data-align="${align}">`;
};

rules.image = (tokens, index, options, env, renderer) => {
  const token = tokens[index];
  const alt = renderer.renderInlineAsText(token?.children ?? [], options, env) || strings.image;
  const source = String(token?.attrGet('src') ?? '');
  const own = attachment.exec(source)?.[1];
  if (own !== undefined && imagesFrom !== null) {
    const [from, described] = [imagesFrom + own, alt].map((text) => markdown.utils.escapeHtml(text));
    return `<img src="${from}" alt="${described}">`;
  }
  const address = markdown.utils.escapeHtml(source);
  return `<a href="${address}">${markdown.utils.escapeHtml(alt)}</a>`;
};

const purify = createDOMPurify(window);

/** For the types alone: what is set once below counts, and says the same. */
const fragment = { RETURN_DOM_FRAGMENT: true } as const;

purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.nodeName === 'IMG') {
    const from = node.getAttribute('src') ?? '';
    if (
      imagesFrom === null ||
      !from.startsWith(imagesFrom) ||
      !attachment.test(`../attachments/${from.slice(imagesFrom.length)}`)
    )
      node.remove();
    return;
  }
  if (node.nodeName !== 'A') return;
  const address = node.getAttribute('href');
  if (isOutsideAddress(address)) node.setAttribute('title', address);
  else node.removeAttribute('href');
});

// Set once: read anew for every entry, it would cost as much as the entry itself.
purify.setConfig({
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'ul', 'ol', 'li'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'a', 'code', 'em', 'strong', 's', 'img'],
  ],
  ALLOWED_ATTR: ['href', 'start', 'data-align', 'src', 'alt'],
  // Where a panel's images come from is VS Code's to say (its scheme differs); the hook above holds each one to it.
  ADD_URI_SAFE_ATTR: ['src'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
});
