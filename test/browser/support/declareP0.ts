import type { Workbench } from '../harness/workbench.ts';

/** Declares a P0 through the palette: a title, these criteria, and all else as it is proposed. */
export async function declareP0(workbench: Workbench, title: string, ...criteria: string[]): Promise<void> {
  const { quickInput } = workbench;
  await workbench.runCommand('Incident: Declare P0');
  await quickInput.step('Declare P0 (1/3)');
  await quickInput.type(title);
  await quickInput.accept();
  await quickInput.step('Declare P0 (2/3)');
  for (const criterion of criteria) await quickInput.pick(criterion);
  await quickInput.accept();
  await quickInput.step('Declare P0 (3/3)');
  await quickInput.accept();
}
