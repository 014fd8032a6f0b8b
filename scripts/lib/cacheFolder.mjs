import { homedir } from 'node:os';
import path from 'node:path';

/** Firebreak's folder in the user's cache, shared by all clones: what is in it can be deleted at any time. */
export function cacheFolder(env = process.env) {
  const base = env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : undefined;
  return path.join(base ?? path.join(homedir(), '.cache'), 'firebreak');
}
