/** Time as the queue and the supervisor see it, so that tests can decide what it is. */
export interface Clock {
  /** Milliseconds from a fixed point. */
  now(): number;
  /** Calls `action` later; the result cancels that. */
  after(milliseconds: number, action: () => void): () => void;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
