/** Slack takes 40,000 characters and advises against more than 4,000. */
const longest = 4_000;

/**
 * Markdown as Slack's "mrkdwn": bold, bullets and links. What Slack reads as a command (`<!channel>`, `<@U…>`, a link with
 * another text) loses its signs, so that words of an incident call nobody and hide nothing.
 */
export function slackText(markdown: string): string {
  const escaped = markdown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const text = escaped
    .replace(/^([ \t]*)[-*+] /gm, '$1• ')
    .replace(/\*\*([^*\n]+)\*\*/g, '*$1*')
    .replace(/^#{1,6} +(.+)$/gm, '*$1*');
  if (text.length <= longest) return text;
  // Not in the middle of `&amp;`.
  return `${text.slice(0, longest - 1).replace(/&[a-z]{0,3}$/, '')}…`;
}

/** What somebody wrote in Slack, as markdown text. */
export function fromSlackText(text: string): string {
  return text
    .replace(/<(https?:[^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(/<[@#!]([^|>]*)(?:\|([^>]*))?>/g, (_whole, id: string, name: string | undefined) => `@${name ?? id}`)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
