import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compactInstant,
  day,
  formatDuration,
  formatElapsed,
  formatInstant,
  hour,
  isoWeek,
  minute,
  parseInstant,
  second,
} from '../../../src/core/time.ts';

const instant = fc.integer({ min: Date.UTC(0, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59) });

describe('an instant', function () {
  this.timeout(20_000);

  it('is UTC, in whole seconds', () => {
    assert.equal(formatInstant(Date.UTC(2025, 8, 23, 14, 32, 10, 999)), '2025-09-23T14:32:10Z');
    assert.equal(compactInstant(Date.UTC(2025, 8, 23, 14, 32, 10)), '20250923T143210Z');
  });

  it('reads back as it was, but for the fraction of its second', () => {
    fc.assert(
      fc.property(instant, (epochMs) => {
        const text = formatInstant(epochMs);
        assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.equal(parseInstant(text), Math.floor(epochMs / second) * second);
        assert.equal(formatInstant(parseInstant(text) ?? Number.NaN), text);
      }),
    );
  });

  it('sorts as text as it does as time', () => {
    fc.assert(
      fc.property(instant, instant, (left, right) => {
        const [first, next] = [Math.floor(left / second), Math.floor(right / second)];
        assert.equal(formatInstant(left) < formatInstant(right), first < next);
      }),
    );
  });

  it('is read as people write it', () => {
    const afternoon = Date.UTC(2025, 8, 23, 14, 32);
    for (const [text, epochMs] of [
      ['2025-09-23', Date.UTC(2025, 8, 23)],
      ['2025-09-23T14:32Z', afternoon],
      ['2025-09-23 14:32', afternoon],
      ['  2025-09-23t14:32:00z ', afternoon],
      ['2025-09-23T16:32:00+02:00', afternoon],
      ['2025-09-23 09:32 -0500', afternoon],
      ['2025-09-23T14:32:00.250Z', afternoon + 250],
      ['2024-02-29', Date.UTC(2024, 1, 29)],
    ] as const) {
      assert.equal(parseInstant(text), epochMs, text);
    }
  });

  it('with an offset is the same instant as without', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (epochMs, offset) => {
        const local = formatInstant(epochMs + offset * minute).slice(0, 19);
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        assert.equal(
          parseInstant(`${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`),
          Math.floor(epochMs / second) * second,
        );
      }),
    );
  });

  it('is none where a person can not have meant one', () => {
    for (const text of [
      '',
      'soon',
      '2025',
      '2025-09',
      '23.09.2025',
      '2025-02-29',
      '2025-02-31',
      '2025-13-01',
      '2025-09-31',
      '2025-00-01',
      '2025-09-23T25:00',
      '2025-09-23T14:60',
      '2025-09-23T14',
      '14:32',
      '2025-09-23T14:32+99:99',
      '20250923T143210Z',
      '9999-12-31T23:59:00-05:00',
      '0000-01-01T00:00+05:00',
      '2025-09-23T14:32Zz',
    ]) {
      assert.equal(parseInstant(text), undefined, text);
    }
  });
});

describe('times for people', function () {
  this.timeout(20_000);

  it('count hours and minutes, then days', () => {
    for (const [elapsed, text] of [
      [-5, '00:00'],
      [0, '00:00'],
      [4 * minute + 59_999, '00:04'],
      [3 * hour + 7 * minute, '03:07'],
      [48 * hour - 1, '47:59'],
      [48 * hour, '2d 00h'],
      [2 * day + 4 * hour + 59 * minute, '2d 04h'],
    ] as const) {
      assert.equal(formatElapsed(elapsed), text);
    }
  });

  it('name a duration in at most two units', () => {
    for (const [duration, text] of [
      [-1, '0s'],
      [0, '0s'],
      [45_999, '45s'],
      [26 * minute, '26m'],
      [hour, '1h'],
      [3 * hour + 10 * minute, '3h 10m'],
      [47 * hour + 59 * minute, '47h 59m'],
      [48 * hour, '2d'],
      [2 * day + 4 * hour, '2d 4h'],
    ] as const) {
      assert.equal(formatDuration(duration), text);
    }
  });
});

describe('a sprint', function () {
  this.timeout(20_000);

  it('is an ISO week, which belongs to the year of its Thursday', () => {
    for (const [date, week] of [
      ['2025-09-23', '2025-W39'],
      ['2025-12-28', '2025-W52'],
      ['2025-12-29', '2026-W01'],
      ['2026-01-04', '2026-W01'],
      ['2026-12-31', '2026-W53'],
      ['2027-01-03', '2026-W53'],
      ['2027-01-04', '2027-W01'],
      ['2021-01-01', '2020-W53'],
    ] as const) {
      assert.equal(isoWeek(Date.parse(`${date}T00:00Z`)), week, date);
      assert.equal(isoWeek(Date.parse(`${date}T23:59Z`)), week, date);
    }
  });

  it('has seven days and starts on a Monday', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2200, 0, 1) }), (epochMs) => {
        const monday = epochMs - ((new Date(epochMs).getUTCDay() + 6) % 7) * day;
        const week = isoWeek(monday);
        assert.match(week, /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/);
        for (let number = 1; number < 7; number++) assert.equal(isoWeek(monday + number * day), week);
        assert.notEqual(isoWeek(monday + 7 * day), week);
      }),
    );
  });
});
