import assert from 'node:assert/strict';
import { contactAddress } from '../../../src/core/contactAddress.ts';

describe('the address of a contact', () => {
  for (const [who, address] of [
    ['https://example.pagerduty.com/schedules', 'https://example.pagerduty.com/schedules'],
    ['https://example.com?x=1', 'https://example.com?x=1'],
    ['security@shop.example', 'mailto:security@shop.example'],
    ['+49 (30) 1234-567', 'tel:+49301234567'],
  ] as const) {
    it(`of ${who} is ${address}`, () => assert.equal(contactAddress(who), address));
  }

  for (const who of [
    '@cto',
    'See PagerDuty',
    'http://example.com/',
    'https://bank.example@evil.example/',
    'https:///etc/passwd',
    'https://a b.example/',
    'command:workbench.action.quit',
    'vscode://evil.extension/x',
    'file:///etc/passwd',
    'a@b.example?cc=c@d.example',
    'mailto:a@b.example',
    '+1',
    '',
  ]) {
    it(`of ${JSON.stringify(who)} is none`, () => assert.equal(contactAddress(who), undefined));
  }
});
