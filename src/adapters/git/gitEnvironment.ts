/**
 * What git may know of this process's environment. A variable that points git at another repository, index or program
 * (`GIT_DIR` where a hook runs us) is left out; what a person sets to be who they are, to reach their server and to find
 * their configuration is kept.
 */
const kept = new Set([
  'GIT_AUTHOR_DATE',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_NAME',
  'GIT_CEILING_DIRECTORIES',
  'GIT_COMMITTER_DATE',
  'GIT_COMMITTER_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_SYSTEM',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_CERT',
  'GIT_SSL_KEY',
  'GIT_SSL_NO_VERIFY',
  'GIT_SSL_VERSION',
]);

/** Not git's own by name, but programs that git would start. */
const guarded = new Set(['EDITOR', 'PAGER', 'PREFIX', 'SSH_ASKPASS', 'VISUAL']);

/** No question is ever put to a person: git, ssh and what else git starts for a password fail instead. */
const noQuestions: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  // Empty, it also stands before core.askPass and SSH_ASKPASS.
  GIT_ASKPASS: '',
  GCM_INTERACTIVE: 'never',
};

/** Names of git's that the process may be given: what simple-git is to let through. */
export const allowedVariables: readonly string[] = [...kept, 'GIT_ASKPASS', 'GIT_TERMINAL_PROMPT'];

export function gitEnvironment(environment: NodeJS.ProcessEnv, sshCommand: string | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    if (value === undefined || guarded.has(upper) || (upper.startsWith('GIT_') && !kept.has(upper))) continue;
    result[name] = value;
  }
  Object.assign(result, noQuestions);
  // What git says is shown and, for a few causes, recognised. This variable stands before the others (gettext manual).
  result.LANGUAGE = 'en';
  if (sshCommand !== undefined) result.GIT_SSH_COMMAND = sshCommand;
  return result;
}

/**
 * The ssh that git is to use so that it asks nothing; undefined when what is configured is not OpenSSH, whose options
 * others do not understand.
 * @param configured `core.sshCommand`
 */
export function quietSsh(environment: NodeJS.ProcessEnv, configured: string | undefined): string | undefined {
  const command = environment.GIT_SSH_COMMAND ?? configured ?? (environment.GIT_SSH ? undefined : 'ssh');
  if (command === undefined) return undefined;
  const program = /^\s*(?:"([^"]+)"|'([^']+)'|(\S+))/.exec(command)?.slice(1).find(Boolean) ?? '';
  return /(?:^|[\\/])ssh(?:\.exe)?$/i.test(program) ? `${command} -oBatchMode=yes` : undefined;
}
