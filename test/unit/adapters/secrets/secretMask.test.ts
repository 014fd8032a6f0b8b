import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSecretMask } from '../../../../src/adapters/secrets/createSecretMask.ts';
import { OutputTail } from '../../../../src/core/outputTail.ts';

const mask = createSecretMask();
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const hexadecimal = '0123456789abcdef';

/** Signs that look random, always the same; put together while running, so that no scanner finds a token here. */
function signs(length: number, alphabet = letters): string {
  let seed = length * 7919 + alphabet.length;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return alphabet[seed % alphabet.length];
  }).join('');
}
const join = (...parts: string[]) => parts.join('');

const begin = (kind: string) => join('-----', 'BEGIN ', kind, '-----');
const end = (kind: string) => join('-----', 'END ', kind, '-----');
const rsa = join('RSA PRIVATE', ' KEY');
const jwt = join('eyJ', signs(20), '.', 'eyJ', signs(30), '.', signs(43));

/** Each with what it must be called. */
const tokens: readonly (readonly [token: string, what: string])[] = [
  [join('ghp', '_', signs(36)), 'GitHub token'],
  [join('ghs', '_', signs(36)), 'GitHub token'],
  [join('github', '_pat_', signs(22), '_', signs(59)), 'GitHub token'],
  [join('gl', 'pat-', signs(20)), 'GitLab token'],
  [join('AK', 'IA', signs(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')), 'AWS key'],
  [join('xo', 'xb-', signs(12, '0123456789'), '-', signs(13, '0123456789'), '-', signs(24)), 'Slack token'],
  [join('xo', 'xe.xo', 'xp-1-', signs(60)), 'Slack token'],
  [join('https://hooks.', 'slack.com/services/T', signs(8), '/B', signs(10), '/', signs(24)), 'Slack token'],
  [join('https://discord.', 'com/api/webhooks/', signs(18, '0123456789'), '/', signs(68)), 'Discord webhook'],
  [join('npm', '_', signs(36)), 'npm token'],
  [join('SG', '.', signs(22), '.', signs(43)), 'SendGrid key'],
  [join('shp', 'at_', signs(32, hexadecimal)), 'Shopify token'],
  [join('lin', '_api_', signs(40)), 'Linear key'],
  [join('sk', '-proj-', signs(74), 'T3Blbk', 'FJ', signs(74)), 'OpenAI key'],
  [join('sk', '-ant-api03-', signs(90)), 'Anthropic key'],
  [join('AI', 'za', signs(35)), 'Google key'],
  [join('sk', '_live_', signs(24)), 'Stripe key'],
  [join('hf', '_', signs(34)), 'Hugging Face token'],
  [join('pypi', '-AgEIcHlwaS5vcmc', signs(60)), 'PyPI token'],
  [join('dckr', '_pat_', signs(27)), 'Docker token'],
  [join('dop', '_v1_', signs(64, hexadecimal)), 'DigitalOcean token'],
  [join('hv', 's.', signs(30)), 'Vault token'],
  [join('dapi', signs(32, hexadecimal)), 'Databricks token'],
  [join('gl', 'sa_', signs(32), '_', signs(8, hexadecimal)), 'Grafana token'],
  [join('ATA', 'TT3', signs(180)), 'Atlassian token'],
  [join('12345678', '9:AA', signs(33)), 'Telegram token'],
  [join('AGE-SECRET', '-KEY-1', signs(58, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')), 'age key'],
  [jwt, 'JWT'],
  [`${begin(rsa)}\n${signs(64)}\n${signs(64)}\n${end(rsa)}`, 'private key'],
  [`${begin(join('PRIVATE', ' KEY'))}\n${signs(64)}\n${end(join('PRIVATE', ' KEY'))}`, 'private key'],
  [`${begin(join('OPENSSH PRIVATE', ' KEY'))}\n${signs(70)}\n${end(join('OPENSSH PRIVATE', ' KEY'))}`, 'private key'],
];

/** What people type and programs print, with `¤` where the secret stands. */
const said: readonly string[] = [
  'mysql -u root -p¤ shop',
  'mysqldump --password=¤ shop > dump.sql',
  'psql postgres://app:¤@db.internal:5432/shop',
  'redis://:¤@cache:6379/0',
  'docker login -u ci -p ¤ registry.example.com',
  'echo ¤ | docker login --username ci --password-stdin',
  'sshpass -p ¤ ssh root@10.0.0.7',
  'curl -u admin:¤ https://api.example.com',
  'curl -H "Authorization: Bearer ¤" https://api.example.com',
  "curl -H 'authorization: Basic ¤' https://api.example.com",
  'curl -H "PRIVATE-TOKEN: ¤" https://git.example.com',
  'curl -H "X-Api-Key: ¤" https://api.example.com',
  'curl "https://api.example.com/v1?access_token=¤&page=2"',
  'export DB_PASSWORD=¤',
  'PGPASSWORD=¤ psql -h db shop',
  "GITHUB_TOKEN='¤' gh pr list",
  'env STRIPE_SECRET_KEY="¤" node server.js',
  'kubectl create secret generic db --from-literal=password=¤',
  'helm upgrade shop . --set auth.password=¤',
  'vault login token=¤',
  'deploy --api-key ¤ --force',
  'deploy --token "¤"',
  'ldapsearch -x -D cn=admin -w ¤ -b dc=example',
  'redis-cli -a ¤ ping',
  '{"user": "app", "password": "¤", "port": 5432}',
  '  db_password: ¤',
  'AWS_SECRET_ACCESS_KEY=¤',
  '//registry.example.com/:_authToken=¤',
  '/usr/bin/curl -s --user admin:¤ https://api.example.com',
  'cd api && http -a admin:¤ GET https://api.example.com',
  'machine git.example.com login ci password ¤',
  'Server=db;Uid=app;Pwd=¤;',
  'Server=db;User Id=app;Password=¤;',
  'unzip -P ¤ backup.zip',
  'mongosh -u admin -p ¤ mongodb://db/shop',
  'aws_secret_access_key = ¤',
  'Set-Cookie: session=¤; Path=/; HttpOnly',
];

/** What an engineer's terminal is full of, and none of it a secret. */
const ordinary: readonly string[] = [
  'git show 9f24c3d5a1b7e0c4d2f8a6b3c1e5d7f9a0b2c4e6',
  'git log -p src/auth/token.ts',
  'commit 9f24c3d5a1b7e0c4d2f8a6b3c1e5d7f9a0b2c4e6 (HEAD -> main, origin/main)',
  'mkdir -p services/api/secrets && cp -p a b && tar -xpf x.tar',
  'docker run -p 8080:80 -e PASSWORD shop:1.4.1',
  'docker login --username ci --password-stdin < token.txt',
  'ssh -p 2222 git@github.com',
  'git clone ssh://git@github.com/acme/shop.git',
  'git clone https://github.com/acme/shop.git',
  'psql postgres://app:$DB_PASSWORD@db:5432/shop',
  'export DB_PASSWORD=$(vault read -field=password secret/db)',
  'export DB_PASSWORD="$DB_PASSWORD_PROD"',
  'kubectl get secret db-credentials -o yaml',
  'kubectl delete secret/db --token-file /var/run/token',
  'curl -H "Authorization: Bearer $TOKEN" https://api.example.com',
  'curl -H "Authorization: Bearer <token>" https://api.example.com',
  'error: Authorization: failed for user alice',
  'Password: the one from the vault, as always',
  'token: expired',
  'secret/db configured',
  'make rotate-token service=api window=1h',
  'npm test -- --grep "password reset"',
  'passwordReset=true tokenize=false',
  'if (token == previous) return;',
  'max_tokens=4096',
  'sha256:7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
  'id: 01K5V7M3QZ8W4T2N6R0HXJ9DCA uid: gh-12345-678 BUG-P0-20250923-1430',
  'fa3c1d2e-7b4a-4f0e-9c2d-1e5f6a7b8c9d 10.0.0.7:5432 2025-09-23T14:32:10Z',
  '/home/ci/.ssh/id_ed25519 C:\\Users\\ci\\token.txt ./secrets/prod.yaml',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9 ci@build',
  'sk-button sk-ui xoxo hf_hub_download npm_config_registry glpat- SG. AKIA eyJ',
  'https://example.com/a:b@c https://example.com/login?next=/token',
  'basic=1 bearer of bad news',
  'docker run -e URL=https://shop.example.com --user 1000:1000 shop:1.4.1',
  'kinit -p alice && sqlcmd -p 1 && mkdir -p a/b && ssh -p 2222 host',
  'password: string;',
  'cd api;PWD=/tmp make',
  'tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUMvekNDQWVlZ0F3SUJBZ0lSQUpB',
  'git config credential.helper store',
  '-rw-r--r-- 1 root root 4096 Nov 23 14:10 token.json',
];

describe('masking of secrets', () => {
  for (const [token, what] of tokens) {
    it(`knows a ${what}: ${token.slice(0, 8)}…`, async () => {
      for (const text of [token, `before ${token} after`, `"${token}"`, `x\n${token}\ny`]) {
        const masked = await mask(text);
        assert.equal(masked, text.replace(token, `‹masked: ${what}›`));
      }
    });
  }

  for (const form of said) {
    it(`masks in: ${form}`, async () => {
      for (const secret of [signs(14), `${signs(6)}!${signs(5)}1`]) {
        const masked = await mask(form.replace('¤', secret));
        const [before = '', after = ''] = form.split('¤');
        assert.ok(!masked.includes(secret), masked);
        assert.match(masked, /‹masked: [^›]+›/);
        assert.ok(masked.startsWith(before.replace(/session=$/, '')), masked);
        if (!after.startsWith(';')) assert.ok(masked.endsWith(after), masked);
      }
    });
  }

  it('masks keys and accounts in base64', async () => {
    const key = Buffer.from(`${begin(rsa)}\n${signs(64)}\n${end(rsa)}\n`).toString('base64');
    assert.equal(await mask(`  tls.key: ${key}`), '  tls.key: ‹masked: private key›');
    const account = Buffer.from(`ci:${signs(12)}`).toString('base64');
    assert.equal(
      await mask(`{"auths": {"x": {"auth": "${account}"}}}`),
      '{"auths": {"x": {"auth": "‹masked: password›"}}}',
    );
  });

  it('masks a plain word as well where only a password can stand', async () => {
    assert.equal(await mask('mysql --password hunter -u root'), 'mysql --password ‹masked: secret› -u root');
    assert.equal(await mask('TOKEN=abc make deploy'), 'TOKEN=‹masked: secret› make deploy');
    assert.equal(await mask('PASSWORD="two words" make'), 'PASSWORD="‹masked: secret›" make');
    assert.equal(await mask('https://u:p@ss@host/x'), 'https://u:‹masked: password›@host/x');
  });

  it('leaves what is no secret byte for byte', async () => {
    for (const text of ordinary) assert.equal(await mask(text), text);
    const all = ordinary.join('\r\n');
    assert.equal(await mask(all), all);
  });

  it('leaves any text of words, numbers, hashes, ids and paths byte for byte', async () => {
    const word = fc.constantFrom(
      ...'the deploy of shop failed after rollback ok done retry node api db queue'.split(' '),
    );
    const hash = fc.stringMatching(/^[0-9a-f]{7,40}$/);
    const path = fc.stringMatching(/^(\.{0,2}\/[a-z][a-z-]{0,8}){1,4}\.(ts|md|log)$/);
    const number = fc.integer().map(String);
    const part = fc.oneof(word, hash, path, number, fc.uuid());
    const gap = fc.constantFrom(' ', '\n', '\r\n', '\t', ', ', ' | ', ' && ', ': ', ' = ');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(part, gap), { maxLength: 60 }), async (parts) => {
        const text = parts.flat().join('');
        assert.equal(await mask(text), text);
      }),
      { numRuns: 300, seed: 20250923 },
    );
  });

  it('finds a token wherever it stands in any text', async () => {
    const place = fc.string({ unit: 'grapheme', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(place, place, fc.constantFrom(...tokens), async (before, after, [token]) => {
        assert.ok(!(await mask(`${before}\n${token}\n${after}`)).includes(token));
      }),
      { numRuns: 300, seed: 20250923 },
    );
  });

  it('finds a token that a program printed in pieces, wherever it was cut, colours between them', async () => {
    for (const [token] of tokens.filter(([one]) => one.length < 60)) {
      for (let cut = 1; cut < token.length; cut += 3) {
        const tail = new OutputTail();
        for (const piece of ['first\r\n\u001b[3', `2m${token.slice(0, cut)}`, token.slice(cut), '\u001b[0m\r\nlast']) {
          tail.add(piece);
        }
        assert.match(await mask(tail.text()), /^first\n‹masked: [^›]+›\nlast$/);
      }
    }
  });

  it('masks what is masked no further', async () => {
    for (const text of [...said.map((form) => form.replace('¤', signs(14))), ...tokens.map(([token]) => token)]) {
      const once = await mask(text);
      assert.equal(await mask(once), once);
    }
  });

  it('is not to be switched off by words in the text', async () => {
    const [[token] = ['']] = tokens;
    const masked = await mask(
      `secretlint-disable\n# secretlint-disable-next-line\n${token} # secretlint-disable-line\n`,
    );
    assert.ok(!masked.includes(token));
  });

  it('masks half a private key', async () => {
    const cutAtTheEnd = `log\n${begin(rsa)}\n${signs(64)}\n${signs(64)}`;
    assert.equal(await mask(cutAtTheEnd), 'log\n‹masked: private key›');
    const cutAtTheBeginning = `${signs(64)}\n${signs(64)}\n${end(rsa)}\nok`;
    assert.equal(await mask(cutAtTheBeginning), '‹masked: private key›\nok');
  });

  it('is done with a long line soon, whatever it repeats', async function () {
    this.timeout(20_000);
    for (const unit of [
      'a',
      '-----BEGIN ',
      'eyJ',
      'token=',
      'password: ',
      'https://a:',
      'xoxb-1-',
      'curl ',
      '"',
      '\\',
      '\n',
      ' -p ',
      'docker login ',
    ]) {
      const text = unit.repeat(Math.ceil(64_000 / unit.length));
      assert.ok((await mask(text)).length > 0);
    }
  });
});
