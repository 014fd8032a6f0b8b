import { userInfo } from 'node:os';

/** The operating system's name for whoever runs this; for when git does not say who works here. */
export function userName(environment: NodeJS.ProcessEnv = process.env): string {
  try {
    return userInfo().username;
  } catch {
    // Some containers run under a user id that has no name.
    return environment.USER || 'unknown';
  }
}
