import { EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
import { isLoopback } from '../../core/apiAddress.ts';
import { FirebreakError } from '../../core/errors.ts';

/** The environment that names proxies, as curl and others read it. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * A fetch that goes through the proxies of an environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case), as
 * node's own does not before version 24. What is meant for this machine goes nowhere else, whatever they say: a token on
 * plain HTTP must not reach a proxy.
 * @param direct for addresses of this machine
 * @throws FirebreakError `unsafeAddress` for a proxy that is no address
 */
export function proxyFetch(environment: ProxyEnvironment, direct: typeof globalThis.fetch): typeof globalThis.fetch {
  const dispatcher = new EnvHttpProxyAgent({
    httpsProxy: proxyOf(environment, 'HTTPS_PROXY'),
    httpProxy: proxyOf(environment, 'HTTP_PROXY'),
    noProxy: named(environment, 'NO_PROXY'),
  });
  // The same interface, declared by another version of the same library.
  const proxied = undiciFetch as unknown as (input: string, init: object) => Promise<Response>;
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (isLoopback(new URL(address).hostname)) return direct(address, init);
    return proxied(address, { ...init, dispatcher });
  };
}

/** Empty where there is none: then the library does not look for one by itself. */
function proxyOf(environment: ProxyEnvironment, name: string): string {
  const address = named(environment, name);
  if (address !== '' && (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))) {
    // Not repeated: it may hold a password.
    throw new FirebreakError('unsafeAddress', `${name} is no address of a proxy: it looks like http://host:3128.`);
  }
  return address;
}

function named(environment: ProxyEnvironment, name: string): string {
  return (environment[name.toLowerCase()] || environment[name]) ?? '';
}
