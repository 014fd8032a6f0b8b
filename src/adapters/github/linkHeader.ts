/**
 * The address of the next page in a `Link` header. Pages are followed by it alone: numbers stop working after a while
 * (GitHub answers 422, "use cursors").
 */
export function nextPage(link: string | undefined): string | undefined {
  for (const part of (link ?? '').split(/,(?=\s*<)/)) {
    const match = /^\s*<([^<>]+)>\s*;(.*)$/s.exec(part);
    if (match?.[1] && match[2] && /(?:^|;)\s*rel="?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*(?:;|$)/i.test(match[2]))
      return match[1];
  }
  return undefined;
}
