/** Remembers which authorities failed lately, so that one that is down does not cost every signature its timeout. */
export class AuthorityHealth {
  readonly #urls: readonly string[];
  readonly #unhealthyFor: number;
  readonly #failedAt = new Map<string, number>();

  /** `unhealthyFor`: milliseconds during which an authority that failed is asked after the others. */
  constructor(urls: readonly string[], unhealthyFor: number) {
    this.#urls = urls;
    this.#unhealthyFor = unhealthyFor;
  }

  /** All authorities in the order to ask: as configured, those that failed lately last. None is ever left out. */
  order(now: Date): readonly string[] {
    const isUnhealthy = (url: string): boolean => {
      const failedAt = this.#failedAt.get(url);
      return failedAt !== undefined && now.getTime() - failedAt < this.#unhealthyFor;
    };
    return [...this.#urls.filter((url) => !isUnhealthy(url)), ...this.#urls.filter(isUnhealthy)];
  }

  /** The authority gave a good token. */
  succeeded(url: string): void {
    this.#failedAt.delete(url);
  }

  /** The authority did not answer, or not with a good token. */
  failed(url: string, now: Date): void {
    this.#failedAt.set(url, now.getTime());
  }
}
