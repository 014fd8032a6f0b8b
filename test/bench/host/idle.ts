import * as vscode from 'vscode';
import { declareIncident } from '../../../src/services/declareIncident.ts';
import type { OpenSession } from '../../../src/ui/session/openRoot.ts';
import type { IdleCost, IdleResult } from './result.ts';

const windowMs = 120_000;
/** What opening a panel starts has come to its end by then. */
const settleMs = 10_000;

/**
 * What Firebreak costs the extension host while nobody does anything: before an incident, and with a P0 that is open and shown in its
 * panel. VS Code's own extensions run in the same process, so the one is read beside the other.
 */
export async function measureIdle({ context }: OpenSession): Promise<IdleResult> {
  const wakeUps = countWakeUps();
  await pause(settleMs);
  const none = await idleFor(wakeUps);
  const { id } = await declareIncident(context, {
    title: 'Nobody can pay',
    severity: 'P0',
    criteria: ['production-down'],
    impact: 'All checkouts fail',
    commander: '@ada',
  });
  await vscode.commands.executeCommand('firebreak.openTimeline', id);
  await pause(settleMs);
  return { none, open: await idleFor(wakeUps) };
}

async function idleFor(wakeUps: () => number): Promise<IdleCost> {
  const [woken, used] = [wakeUps(), process.cpuUsage()];
  await pause(windowMs);
  const { user, system } = process.cpuUsage(used);
  const minutes = windowMs / 60_000;
  return { wakeUps: (wakeUps() - woken) / minutes, processor: (user + system) / 1_000 / minutes };
}

/**
 * Counts how often a timer of Firebreak's goes off from now on.
 * @returns how often one did until then
 */
function countWakeUps(): () => number {
  let count = 0;
  const { setTimeout: later, setInterval: again } = globalThis;
  const counted =
    <T extends typeof later | typeof again>(set: T) =>
    (act: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => {
      const isOurs = /[\\/]dist[\\/]\w+\.js/.test(new Error('who').stack ?? '');
      return set(
        (...more: unknown[]) => {
          if (isOurs) count += 1;
          act(...more);
        },
        ms,
        ...given,
      );
    };
  globalThis.setTimeout = Object.assign(counted(later), later) as typeof later;
  globalThis.setInterval = Object.assign(counted(again), again) as typeof again;
  return () => count;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
