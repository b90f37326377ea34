import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('progress', () => {
  it('works on a request once, however often it is started', async () => {
    const progress = new Progress();
    const { open, passed } = gate();
    let runs = 0;
    const work = async (): Promise<void> => {
      runs += 1;
      await passed;
    };
    const both = [progress.start('a', work), progress.start('a', work)];
    expect(progress.has('a')).toBe(true);
    open();
    await Promise.all(both);
    expect(runs).toBe(1);
    expect(progress.has('a')).toBe(false);
  });

  it('lets waiters go when their time is over and when the work ends', async () => {
    const progress = new Progress();
    const { open, passed } = gate();
    void progress.start('a', () => passed);
    await progress.wait('a', 0.001);
    expect(progress.has('a')).toBe(true);
    const waiting = progress.wait('a', 1000);
    open();
    await waiting;
    await progress.drain();
    expect(progress.has('a')).toBe(false);
  });
});
