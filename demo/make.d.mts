export const demoMark: string;
export function makeDemo(folder: string, options?: { now?: number }): { shop: string; origin: string };
