import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { contactTitled } from '../../../src/core/escalation.ts';
import { defaultPolicy, type SeverityPolicy } from '../../../src/core/policy.ts';
import { type Severity, severities } from '../../../src/core/severity.ts';
import { day, hour, minute } from '../../../src/core/time.ts';
import { projectFolder } from '../support/sourceProject.ts';

/** The tables of the incident response guide, as they stand there. */
const guide = readFileSync(path.join(projectFolder, 'test/fixtures/guide/tables.md'), 'utf8');

function section(title: string): string {
  const [, after] = guide.split(`### ${title}`);
  assert.ok(after, title);
  return after.split(/^##/m)[0] ?? '';
}

/** `- **Response Time**: 15 minutes` */
const bullets = (text: string) =>
  new Map([...text.matchAll(/^- \*\*(.+?)\*\*: (.+)$/gm)].map(([, key, value]) => [key ?? '', value ?? '']));

/** The guide's limits in words; null where it sets none. A sprint is one week. */
function limit(words: string): number | null {
  if (/^(Best effort|If convenient)$/.test(words)) return null;
  const [, count, unit] = /^(\d+) (minute|hour|day|week|sprint)s?$/.exec(words) ?? [];
  assert.ok(unit, words);
  return Number(count) * ({ minute, hour, day, week: 7 * day, sprint: 7 * day }[unit] ?? Number.NaN);
}

/** What the guide says of a severity, as the policy has it. */
function fromGuide(severity: Severity): SeverityPolicy {
  const [head] = new RegExp(`^### ${severity} - .*$`, 'm').exec(guide) ?? [];
  const [, name, response] = /- (.+) \((.+)\)$/.exec(head ?? '') ?? [];
  assert.ok(name && response, severity);
  const said = bullets(section(head?.slice(4) ?? ''));
  const value = (key: string) => {
    const found = said.get(key);
    assert.ok(found, `${severity}: ${key}`);
    return found;
  };
  const review = value('Post-Incident');
  const rcaHours = Number(/within (\d+) hours/.exec(review)?.[1]);
  const updates = Number(/Updates every (\d+) minutes/.exec(section('During Incident'))?.[1]);
  const mitigation = Number(/### Minute \d+-(\d+): Mitigation/.exec(guide)?.[1]);
  return {
    name,
    response,
    acknowledge: limit(value('Response Time')),
    // What the guide says of the war room and the first half hour is said of P0.
    update: severity === 'P0' ? updates * minute : null,
    mitigate: severity === 'P0' ? mitigation * minute : null,
    resolve: limit(value('Resolution Target')),
    sprintImpact: value('Sprint Impact'),
    communication: value('Communication'),
    review,
    rcaRequired: review.startsWith('Mandatory')
      ? 'always'
      : review.startsWith('RCA if')
        ? 'customer-facing'
        : review.startsWith('Optional')
          ? 'optional'
          : 'never',
    // Where one is owed and no time is named, it is P0's.
    rca: severity === 'P0' ? rcaHours * hour : severity === 'P1' ? defaultPolicy.severities.P0.rca : null,
  };
}

describe("the defaults and the guide's tables", () => {
  for (const severity of severities) {
    it(`are the same for ${severity}, field by field`, () => {
      const expected = fromGuide(severity);
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(defaultPolicy.severities[severity][key as keyof SeverityPolicy], value, key);
      }
      assert.deepEqual(Object.keys(defaultPolicy.severities[severity]).sort(), Object.keys(expected).sort());
    });
  }

  it('name the same contacts, and the ladder climbs three of them', () => {
    const contacts = [...bullets(section('Emergency Contacts'))].map(([title, who]) => ({
      title,
      who: who.replace(/ \(.*\)$/, '').split(', '),
    }));
    assert.deepEqual(defaultPolicy.contacts, contacts);
    assert.deepEqual(
      defaultPolicy.escalation.map(({ to }) => typeof to === 'string' && contactTitled(contacts, to)?.title),
      contacts.slice(0, 3).map(({ title }) => title),
    );
  });

  it('verify recovery by the same three checks', () => {
    const checks = [...section('Recovery Verification').matchAll(/^# (.+)\nmake (\S+)/gm)];
    assert.deepEqual(
      defaultPolicy.checklist.map(({ title, action }) => [title, action]),
      checks.map(([, title, target]) => [title, `make:${target}`]),
    );
  });
});
