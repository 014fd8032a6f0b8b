import { createSecretMask } from '../../src/adapters/secrets/createSecretMask.ts';
import { testToken } from '../support/testTokens.ts';
import { milliseconds, type Row } from './row.ts';
import { median, timeOf } from './statistics.ts';

const rounds = 9;
/** What is recorded of one command at most, and a whole log. */
const sizes: readonly (readonly [what: string, bytes: number])[] = [
  ['the output of one command, 64 kB', 64_000],
  ['a log of 4 MB', 4_000_000],
];

/** Masking of what terminals print, beside a plain copy of it. */
export async function maskingRows(): Promise<Row[]> {
  const rows: Row[] = [];
  const mask = createSecretMask();
  for (const [what, bytes] of sizes) {
    console.error(`masking ${what}`);
    const text = terminalText(bytes);
    const masking: number[] = [];
    const copying: number[] = [];
    for (let round = 0; round < rounds; round++) {
      masking.push(await timeOf(() => mask(text)));
      copying.push(await timeOf(() => Buffer.from(text).toString()));
    }
    const speed = (time: number) => `${(text.length / 1000 / time).toFixed(0)} MB/s`;
    rows.push({
      what: `masking secrets in ${what}`,
      measured: `${speed(median(masking))} (${milliseconds(median(masking))})`,
      beside: `a plain copy ${speed(median(copying))}`,
      ratio: median(masking) / median(copying),
    });
  }
  return rows;
}

/** Lines as they are in an incident, one in a hundred with a secret. */
function terminalText(bytes: number): string {
  const lines = [
    '-rw-r--r-- 1 ci ci 4096 Sep 23 14:10 services/api/src/auth/session.ts',
    '2025-09-23T14:32:10.113Z ERROR api-7d9c5b6f4-x2x7q GET /v1/carts/8841 504 upstream timed out after 30000 ms',
    'shop-api-7d9c5b6f4-x2x7q   1/1   Running   3 (12m ago)   4d',
    '9f24c3d5a1b7e0c4d2f8a6b3c1e5d7f9a0b2c4e6 Merge pull request #41 from acme/session-timeout',
    '    at Pool.connect (/app/node_modules/pg-pool/index.js:45:11)',
  ];
  const secrets = [
    `remote: https://ci:${testToken('ci')}@git.example.com/acme/shop.git`,
    `Authorization: Bearer ${testToken('api')}`,
    'DB_PASSWORD=correct-horse-battery',
  ];
  const parts: string[] = [];
  for (let number = 0, length = 0; length < bytes; number++) {
    const line = number % 100 === 99 ? secrets[((number / 100) % 3) | 0] : lines[number % lines.length];
    parts.push(line ?? '');
    length += (line ?? '').length + 1;
  }
  return parts.join('\n').slice(0, bytes);
}
