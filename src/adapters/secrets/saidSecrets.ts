import type { SecretSpan } from './secretSpan.ts';

/** Names behind which a secret stands, however long or short it is. */
const password = 'pass(?:word|wd|phrase|wort)|pwd_?secret';
const token = 'secret|token|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|secret[_-]?key|credentials?';
/** `DB_PASSWORD`, `github-token`, `apiKey`, `PGPASSWORD`: whatever stands before. */
const secretName = `(?:${password}|${token})`;
// All that repeats is bounded, so that no output, however long its lines, takes more than time in proportion.
const before = '[A-Za-z0-9_.-]{0,40}';
/** On the same command line. */
const words = '[^\\n|;&]{0,300}?';
/** A value as a shell or a file quotes it. */
const value = `"(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*'|[^\\s"'&;|<>,)\\]}]+`;

interface Said {
  readonly what: string;
  /** Its group `value` is the secret. */
  readonly form: RegExp;
  /** Whether so short or plain a value counts: where the form itself is no proof. */
  readonly onlyUnusual?: true;
}

const schemes = 'Bearer|Basic|Token|Digest|ApiKey|Negotiate|AWS4-HMAC-SHA256';

const saids: readonly Said[] = [
  // postgres://app:secret@host, and `@` in the secret itself.
  { what: 'password', form: /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/?#:@'"]{0,256}:(?<value>[^\s/'"]{1,1024})@/gi },
  {
    what: 'authorization',
    form: new RegExp(`\\b(?:proxy-)?authorization["']?\\s*[:=]\\s*["']?(?:${schemes})\\s+(?<value>[^\\s"']+)`, 'gi'),
  },
  {
    what: 'authorization',
    form: /\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?<value>[^\s"']+)/gi,
    onlyUnusual: true,
  },
  { what: 'authorization', form: /\bBearer\s+(?<value>[A-Za-z0-9._~+/=-]+)/g, onlyUnusual: true },
  { what: 'cookie', form: /\b(?:set-)?cookie:\s*(?<value>[^\n"'=]{0,200}=[^\n"']+)/gi },
  // PASSWORD=…, ?access_token=…, --from-literal=password=…
  { what: 'secret', form: new RegExp(`${secretName}[ \\t]?=(?!=)[ \\t]?(?<value>${value})`, 'gi') },
  // --password …, --api-key …; a file's name is no secret, and `--password-stdin` has none.
  { what: 'secret', form: new RegExp(`(?<=^|\\s)--?${before}${secretName}[ \\t]+(?!-)(?<value>${value})`, 'gim') },
  // "password": "…" of JSON, and passwords of YAML.
  {
    what: 'secret',
    form: new RegExp(`["']${before}${secretName}["']\\s*:\\s*(?<value>"(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*')`, 'gi'),
  },
  { what: 'password', form: new RegExp(`(?:${password}):[ \\t]*(?<value>${value})[ \\t]*$`, 'gim') },
  {
    what: 'secret',
    form: new RegExp(`(?:${token}):[ \\t]*(?<value>${value})`, 'gi'),
    onlyUnusual: true,
  },
  // `-p` means many things: a password only where the program says so.
  {
    what: 'password',
    form: new RegExp(`\\b(?:mysql\\w*|mariadb[\\w-]*|7z[ar]?)\\b${words}\\s-p(?<value>${value})`, 'g'),
  },
  {
    what: 'password',
    form: new RegExp(
      `\\b(?:sshpass|mongo(?:sh|dump|restore|export|import)?|(?:docker|podman|nerdctl|buildah|oc|az|az acr|helm registry|skopeo|crane|cf) login)\\b${words}\\s-[pP]\\s*(?<value>${value})`,
      'g',
    ),
  },
  { what: 'password', form: new RegExp(`\\b(?:zip|unzip|sqlcmd|bcp)\\b${words}\\s-P\\s*(?<value>${value})`, 'g') },
  { what: 'password', form: new RegExp(`\\bredis-cli\\b${words}\\s(?:-a|--pass)\\s+(?<value>${value})`, 'g') },
  { what: 'password', form: new RegExp(`\\bldap\\w+\\b${words}\\s-w\\s*(?<value>${value})`, 'g') },
  {
    what: 'password',
    form: /(?<=^|[\s;|&(/])(?:curl|wget|http|https)(?=\s)[^\n|;&]{0,300}?\s(?:-u|--user|-a|--auth|--proxy-user|-U)[ =]?["']?[^\s:"']{1,256}:(?<value>[^\s"']+)/gm,
  },
  // Base64 of user and password in Docker's configuration; .netrc; ADO's connection strings.
  { what: 'password', form: /"auth"\s*:\s*"(?<value>[A-Za-z0-9+/=]{8,})"/g },
  { what: 'password', form: /\blogin\s+\S{1,256}\s+password\s+(?<value>\S+)/g },
  { what: 'password', form: /;\s?pwd\s?=\s?(?<value>[^;\s"'/][^;\s"']*)/gi },
  // echo … | docker login --password-stdin
  {
    what: 'password',
    form: new RegExp(`\\b(?:echo|printf)\\s+(?:-n\\s+)?(?<value>${value})\\s*\\|[^\\n|;]{0,300}--password-stdin`, 'g'),
  },
];

/** Secrets that are told by what stands before them: a flag, a variable, a header, a URL. */
export function saidSecrets(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const { what, form, onlyUnusual } of saids) {
    for (const match of text.matchAll(new RegExp(form, `${form.flags}d`))) {
      const range = match.indices?.groups?.value;
      if (!range) continue;
      const [start, end] = unquoted(text, range[0], range[1]);
      const said = text.slice(start, end);
      if (isReference(said) || (onlyUnusual && !isUnusual(said))) continue;
      spans.push({ start, end, what });
    }
  }
  return spans;
}

function unquoted(text: string, start: number, end: number): [number, number] {
  const first = text[start];
  return (first === '"' || first === "'") && text[end - 1] === first && end - start >= 2
    ? [start + 1, end - 1]
    : [start, end];
}

/** A name for a secret that is elsewhere, a place to put one, or a word of a program: not the secret itself. */
function isReference(said: string): boolean {
  return (
    said === '' ||
    /^[$%`<{[@]|^\*+$|^\.+$|^x+$|^‹masked:/i.test(said) ||
    /^(?:true|false|null|nil|none|undefined|yes|no|on|off|required|optional|string|str|text|hidden|id=.*|env:.*|file:.*|\(.*)$/i.test(
      said,
    )
  );
}

/** Not a word of any language, nor a number: long enough, and of several kinds of signs. */
function isUnusual(said: string): boolean {
  if (said.length < 8 || /^[./~\\]|^\d+(?:[.:,-]\d+)*$/.test(said)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(said)).length;
  return /\d/.test(said) && kinds >= 2;
}
