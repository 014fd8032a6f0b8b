const nobody = 65_534;

/**
 * Acts without root's power to pass every lock: as root (in CI) the effective user is `nobody` meanwhile, as anybody
 * else nothing changes.
 */
export async function asOrdinaryUser<T>(act: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (!geteuid || !seteuid || geteuid() !== 0) return act();
  seteuid(nobody);
  try {
    return await act();
  } finally {
    seteuid(0);
  }
}
