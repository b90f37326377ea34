/** Facts that are read once for all who ask at the same time, and kept for a short while. */
export interface SharedFacts<T> {
  /** What `read` last gave for the key; it runs where that is too old. Failures are shared by those who wait, and not kept. */
  get(key: string, read: () => Promise<T>): Promise<T>;
}

interface Entry<T> {
  readonly startedAt: number;
  readonly facts: Promise<T>;
}

/** Keeps facts for `lifetime` milliseconds from the moment at which reading began, so that none is older when it is used. */
export function createSharedFacts<T>(lifetime: number, now: () => Date): SharedFacts<T> {
  const entries = new Map<string, Entry<T>>();
  return {
    get(key, read) {
      const startedAt = now().getTime();
      for (const [known, entry] of entries) {
        if (!isFresh(entry, startedAt, lifetime)) entries.delete(known);
      }
      const known = entries.get(key);
      if (known !== undefined) return known.facts;
      const entry = { startedAt, facts: read() };
      entries.set(key, entry);
      entry.facts.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      return entry.facts;
    },
  };
}

/** False also for a time ahead of the clock: after the clock was set back, nothing may stay fresh until it catches up. */
function isFresh({ startedAt }: Entry<unknown>, now: number, lifetime: number): boolean {
  return now >= startedAt && now - startedAt < lifetime;
}
