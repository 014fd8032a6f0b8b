const maxLines = 14;
const maxLength = 1_200;

/**
 * The beginning of a long body, or undefined when the body is short enough to be shown whole. It is measured by its
 * source, not by its height on the page, so that a thousand entries need no layout to know.
 */
export function excerpt(body: string): string | undefined {
  const lines = body.split('\n', maxLines + 1);
  const head = lines.length > maxLines ? lines.slice(0, maxLines).join('\n') : body;
  if (head.length <= maxLength) return head === body ? undefined : head;
  const cut = head.lastIndexOf(' ', maxLength);
  return `${head.slice(0, cut > maxLength / 2 ? cut : maxLength).replace(/[\ud800-\udbff]$/, '')}…`;
}
