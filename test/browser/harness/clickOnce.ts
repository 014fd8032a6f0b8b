import type { Locator } from 'playwright-core';

/**
 * Clicks on what may go away in these moments, for a caller that tries again. What can't be clicked within `timeout` was
 * not clicked; once the mouse was pressed nothing is timed, so that no slow answer is taken for a click that failed and
 * done twice.
 * @throws Error when it could not be clicked
 */
export async function clickOnce(target: Locator, timeout = 2_000): Promise<void> {
  await target.click({ trial: true, timeout });
  const place = await target.boundingBox();
  if (!place) throw new Error('It went away before it could be clicked.');
  await target.page().mouse.click(place.x + place.width / 2, place.y + place.height / 2);
}
