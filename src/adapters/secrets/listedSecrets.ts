import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretSpan } from './secretSpan.ts';

/** What of a rule of secretlint is used: it is asked about a text, and reports ranges in it. */
interface Rule {
  readonly meta: { readonly id: string };
  create(context: object, options: object): { file?(source: object): unknown };
}

/**
 * The rules of the list that look at a text by itself, and how what they find is called. The others read files by their
 * names, take whole texts for a secret, or let a comment in the text switch masking off.
 */
const names: Readonly<Record<string, string>> = {
  '1password': '1Password token',
  aws: 'AWS key',
  github: 'GitHub token',
  linear: 'Linear key',
  npm: 'npm token',
  openai: 'OpenAI key',
  privatekey: 'private key',
  sendgrid: 'SendGrid key',
  shopify: 'Shopify token',
  slack: 'Slack token',
};
const options: Readonly<Record<string, object>> = { aws: { enableIDScanRule: true } };
/** An account's number is printed by every second command, and opens nothing. */
const harmless: ReadonlySet<unknown> = new Set(['AWSAccountID']);

/**
 * Secrets by secretlint's list of token formats. Its rules are called without its core, which keeps a measurement of every
 * call for as long as the process lives.
 */
export async function listedSecrets(text: string): Promise<SecretSpan[]> {
  const spans: SecretSpan[] = [];
  for (const rule of rules as readonly Rule[]) {
    const id = rule.meta.id.replace(/^.*secretlint-rule-/, '');
    const what = names[id];
    if (what === undefined) continue;
    const report = ({ message, range }: { message: { messageId?: string }; range: readonly [number, number] }) => {
      if (harmless.has(message.messageId)) return;
      spans.push({ start: range[0], end: wholeToken(text, range[1]), what });
    };
    const createTranslator = () => (messageId: string) => ({ messageId });
    const found = rule.create({ report, createTranslator }, options[id] ?? {});
    await found.file?.({ content: text, contentType: 'text', filePath: '', ext: '' });
  }
  return spans;
}

/** Formats grow longer over the years: what goes on behind one belongs to it. */
function wholeToken(text: string, end: number): number {
  let wider = end;
  while (/[A-Za-z0-9_]/.test(text[wider] ?? '')) wider++;
  return wider;
}
