import MarkdownIt from 'markdown-it';
import { Html } from './html.ts';

// Raw HTML stays text, links with dangerous schemes stay text, line breaks show as in GitHub's comments.
const renderer = new MarkdownIt({ html: false, linkify: true, breaks: true });

/** Renders a body as GitHub shows it: HTML comments, where clients keep their markers, are not seen. */
export function renderMarkdown(text: string): Html {
  return new Html(renderer.render(text.replace(/<!--[\s\S]*?-->/g, '')));
}
