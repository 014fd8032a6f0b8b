import type { Permission, UserRecord } from './records.ts';
import { Repository, type RepositoryInit, type World } from './repository.ts';

/** Returns the present; a test passes one that it moves by hand. */
export type Clock = () => Date;

export interface NewRepository extends Omit<RepositoryInit, 'id' | 'owner' | 'name'> {
  /** Permission of users by login; a login that is not known yet becomes a user. */
  permissions?: Record<string, Permission>;
}

export interface NewUser {
  name?: string | null;
  email?: string | null;
  type?: UserRecord['type'];
}

/** Everything that the fake GitHub knows, open to tests. Requests and web persons change it through `Repository`. */
export class GitHubState implements World {
  readonly users = new Map<number, UserRecord>();
  readonly repositories = new Map<number, Repository>();
  readonly #tokens = new Map<string, number>();
  /** Former full names, lower case, of repositories that were renamed. */
  readonly #movedFrom = new Map<string, number>();
  readonly #clock: Clock;
  #pretended: Date | null = null;
  #lastSmallId = 1000;
  // Above 2^31, as GitHub's are today: a client that keeps ids in 32 bits fails here too.
  #lastId = 3_000_000_000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return (this.#pretended ?? this.#clock()).getTime();
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Runs `action` as if it happened at the given instant: for seeding a past. */
  at<T>(instant: Date, action: () => T): T {
    const before = this.#pretended;
    this.#pretended = instant;
    try {
      return action();
    } finally {
      this.#pretended = before;
    }
  }

  // --- Users and tokens ----------------------------------------------------------------------------------------------

  /** The user of that login, made if there is none; logins are compared without regard to case. */
  user(login: string, init: NewUser = {}): UserRecord {
    const known = this.findUser(login);
    if (known) return known;
    this.#lastSmallId += 1;
    const user: UserRecord = {
      id: this.#lastSmallId,
      login,
      name: init.name ?? null,
      email: init.email ?? null,
      type: init.type ?? 'User',
      createdAt: `${new Date(this.now()).toISOString().slice(0, 19)}Z`,
      deleted: false,
    };
    this.users.set(user.id, user);
    return user;
  }

  findUser(login: string): UserRecord | undefined {
    const wanted = login.toLowerCase();
    return [...this.users.values()].find((user) => !user.deleted && user.login.toLowerCase() === wanted);
  }

  /** Makes `token` valid for the user of that login. */
  addToken(token: string, login: string): void {
    this.#tokens.set(token, this.user(login).id);
  }

  /** The token answers 401 from now on. */
  revokeToken(token: string): void {
    this.#tokens.delete(token);
  }

  userOfToken(token: string): UserRecord | undefined {
    const id = this.#tokens.get(token);
    const user = id === undefined ? undefined : this.users.get(id);
    return user?.deleted ? undefined : user;
  }

  renameUser(login: string, newLogin: string): void {
    this.#expectUser(login).login = newLogin;
  }

  /** What the user wrote stays, with `user: null`. */
  deleteUser(login: string): void {
    this.#expectUser(login).deleted = true;
  }

  // --- Repositories --------------------------------------------------------------------------------------------------

  /** Adds `owner/name`; the owner is made, as an organization, if there is none. */
  addRepository(fullName: string, init: NewRepository = {}): Repository {
    const [ownerLogin, name] = splitFullName(fullName);
    if (this.findRepository(fullName)) throw new Error(`${fullName} exists already`);
    const owner = this.user(ownerLogin, { type: 'Organization' });
    this.#lastSmallId += 1;
    const { permissions = {}, ...rest } = init;
    const repository = new Repository(this, { ...rest, id: this.#lastSmallId, owner, name });
    for (const [login, permission] of Object.entries(permissions)) {
      repository.permissions.set(this.user(login).id, permission);
    }
    this.repositories.set(repository.id, repository);
    return repository;
  }

  /** The repository that has this name now. */
  findRepository(fullName: string): Repository | undefined {
    const wanted = fullName.toLowerCase();
    return [...this.repositories.values()].find((repository) => repository.fullName.toLowerCase() === wanted);
  }

  /** The repository that had this name before it was renamed. */
  findMovedRepository(fullName: string): Repository | undefined {
    const id = this.#movedFrom.get(fullName.toLowerCase());
    return id === undefined ? undefined : this.repositories.get(id);
  }

  /** The repository of that name, for tests. Throws where there is none. */
  repository(fullName: string): Repository {
    const repository = this.findRepository(fullName);
    if (!repository) throw new Error(`No repository ${fullName}`);
    return repository;
  }

  /** Renames or moves a repository; its former name answers 301 from now on. */
  renameRepository(fullName: string, newFullName: string): void {
    const repository = this.repository(fullName);
    const [ownerLogin, name] = splitFullName(newFullName);
    this.#movedFrom.set(fullName.toLowerCase(), repository.id);
    this.#movedFrom.delete(newFullName.toLowerCase());
    repository.owner = this.user(ownerLogin, { type: 'Organization' });
    repository.name = name;
  }

  #expectUser(login: string): UserRecord {
    const user = this.findUser(login);
    if (!user) throw new Error(`No user ${login}`);
    return user;
  }
}

function splitFullName(fullName: string): [owner: string, name: string] {
  const [owner, name, ...more] = fullName.split('/');
  if (!owner || !name || more.length > 0) throw new Error(`Expected owner/name, got ${fullName}`);
  return [owner, name];
}
