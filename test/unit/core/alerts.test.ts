import assert from 'node:assert/strict';
import {
  type Alert,
  alertLinks,
  alertService,
  alertText,
  alertTitle,
  byUrgency,
  proposedSeverity,
  severityOfAlert,
} from '../../../src/core/alert.ts';
import { alertPause, isAlertLookDue } from '../../../src/core/alertPace.ts';
import { hour, minute, second } from '../../../src/core/time.ts';
import { absenceOf } from '../../../src/core/watchedAlerts.ts';

function alert(labels: Record<string, string>, annotations: Record<string, string> = {}, generatorUrl?: string): Alert {
  return {
    fingerprint: 'ab12',
    name: labels.alertname ?? 'Down',
    labels: new Map(Object.entries(labels)),
    annotations: new Map(Object.entries(annotations)),
    startsAt: 0,
    silenced: false,
    inhibited: false,
    generatorUrl,
  };
}

describe('what an alert says', () => {
  it('proposes a severity by the words that teams use, and P1 for others', () => {
    const proposed = (severity: string) => severityOfAlert(alert({ severity }), []);
    assert.deepEqual(
      ['critical', 'PAGE', ' sev0 ', 'error', 'high', 'warning', 'medium', 'info', 'none', 'p3', 'purple', ''].map(
        proposed,
      ),
      ['P0', 'P0', 'P0', 'P1', 'P1', 'P2', 'P2', 'P3', 'P4', 'P3', 'P1', 'P1'],
    );
    assert.equal(severityOfAlert(alert({ priority: 'low' }), []), 'P3');
    assert.equal(severityOfAlert(alert({}), []), 'P1');
  });

  it('proposes what the policy has for its labels before that, the first label that says something', () => {
    const policy = [
      { label: 'team_priority', severities: new Map([['1', 'P0' as const]]) },
      {
        label: 'severity',
        severities: new Map([
          ['critical', 'P1' as const],
          ['purple', 'P3' as const],
        ]),
      },
    ];
    const proposed = (labels: Record<string, string>) => proposedSeverity(alert(labels), policy);
    assert.deepEqual(proposed({ severity: 'Critical ' }), { severity: 'P1', said: 'Critical', isPolicy: true });
    assert.deepEqual(proposed({ severity: 'critical', team_priority: '1' }), {
      severity: 'P0',
      said: 'team_priority=1',
      isPolicy: true,
    });
    assert.deepEqual(proposed({ severity: 'warning', team_priority: '9' }), {
      severity: 'P2',
      said: 'warning',
      isPolicy: false,
    });
    assert.deepEqual(proposed({ severity: 'constructor' }), { severity: 'P1', said: 'constructor', isPolicy: false });
    const sorted = byUrgency(
      ['warning', 'critical', 'purple', 'page'].map((severity) => ({ ...alert({ severity }), name: severity })),
      policy,
    );
    assert.deepEqual(
      sorted.map(({ name }) => name),
      ['page', 'critical', 'warning', 'purple'],
    );
  });

  it('has a title and a service, the plainest first', () => {
    assert.equal(alertTitle(alert({ alertname: 'Down', job: 'api' }, { summary: ' API\nis down ' })), 'API is down');
    assert.equal(alertTitle(alert({ alertname: 'Down', instance: 'api-1:80' })), 'Down (api-1:80)');
    assert.equal(alertTitle(alert({ alertname: 'Down' })), 'Down');
    assert.equal(alertService(alert({ job: 'node', service: 'checkout' })), 'checkout');
    assert.equal(alertService(alert({ severity: 'critical' })), undefined);
  });

  it('is one line without what a terminal would obey, and no half of a character', () => {
    assert.equal(alertText('a\r\nb\u001b[31m\u202ec\u200bd\u0000'), 'a b [31m c d');
    assert.equal(alertText('😀'.repeat(5), 3), '😀😀😀…');
    assert.equal(alertText('\ud800x'), 'x');
  });

  it('links to pages of the web alone, each once', () => {
    const links = alertLinks(
      alert(
        {},
        {
          runbook_url: 'https://wiki.example.com/a(b)',
          again: 'https://wiki.example.com/a(b)',
          dashboard: 'http://grafana/d/1',
          file: 'file:///etc/passwd',
          command: 'command:workbench.action.quit',
          words: 'see https://example.com for more',
          password: 'https://user:secret@example.com/',
        },
        'vscode://x',
      ),
    );
    assert.deepEqual(
      links.map(({ kind, url }) => [kind, url]),
      [
        ['runbook', 'https://wiki.example.com/a%28b%29'],
        ['dashboard', 'http://grafana/d/1'],
      ],
    );
  });
});

describe('how often alerts are asked for', () => {
  it('is each half minute, less often after the trouble, and ever less while nobody answers', () => {
    assert.equal(alertPause(0, true), 30 * second);
    assert.equal(alertPause(0, false), 2 * minute);
    assert.deepEqual(
      [1, 2, 3, 4, 1_000].map((failures) => alertPause(failures, true)),
      [minute, 2 * minute, 4 * minute, 5 * minute, 5 * minute],
    );
  });

  it('does not wait for hours where the clock was set back', () => {
    assert.equal(isAlertLookDue(undefined, 0), true);
    assert.equal(isAlertLookDue(10 * hour, 10 * hour - second), false);
    assert.equal(isAlertLookDue(10 * hour, 10 * hour), true);
    assert.equal(isAlertLookDue(10 * hour, 8 * hour), true);
  });

  it('takes an alert for resolved after a minute, and later the more often it did', () => {
    const now = 100 * hour;
    const absence = (...ago: number[]) => absenceOf({ resolvedAt: ago.map((one) => now - one) }, now);
    assert.equal(absence(), minute);
    assert.equal(absence(30 * minute), 2 * minute);
    assert.equal(absence(2 * hour), minute);
    assert.equal(absence(...Array.from({ length: 50 }, () => minute)), 15 * minute);
  });
});
