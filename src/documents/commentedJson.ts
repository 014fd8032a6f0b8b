/**
 * Reads JSON as VS Code writes settings: with comments, and commas behind the last entry.
 * @throws SyntaxError
 */
export function readCommentedJson(text: string): unknown {
  // A text is matched as a whole, so that nothing in it is taken for a comment or a comma.
  const parts = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  const bare = text.replace(/^\ufeff/, '').replace(parts, (part) => (part.startsWith('"') ? part : ' '));
  const commas = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g;
  return JSON.parse(bare.replace(commas, (part) => (part === ',' ? '' : part)));
}
