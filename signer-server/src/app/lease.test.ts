import { describe, expect, it } from 'vitest';
import { leaseIsOver } from './lease.ts';

const NOW = new Date('2026-11-22T09:00:00.000Z');
const ago = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString();
const context = { replica: 'ours', onlyProcess: false, now: () => NOW };
const request = { lease_owner: 'other', lease_until: ago(-60), attempts: 1, updated_at: ago(1) };

describe('the lease of an INTENT', () => {
  it('belongs to a living replica until it ends', () => {
    expect(leaseIsOver(context, request)).toBe(false);
    expect(leaseIsOver(context, { ...request, lease_until: ago(1) })).toBe(true);
  });

  it('is over at once where no other process can be alive', () => {
    expect(leaseIsOver({ ...context, onlyProcess: true }, request)).toBe(true);
  });

  it('of our own is taken up again after a pause that doubles with each attempt and stays below a minute', () => {
    const own = { ...request, lease_owner: 'ours' };
    const pauses = [1, 2, 5, 6, 40].map((attempts) =>
      [1, 2, 4, 32, 59, 60].find((seconds) => leaseIsOver(context, { ...own, attempts, updated_at: ago(seconds) })),
    );
    expect(pauses).toEqual([2, 4, 32, 60, 60]);
  });
});
