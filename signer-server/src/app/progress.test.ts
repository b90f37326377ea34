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

  it('tells those who wait for news when something happens, when work begins, and when all is over', async () => {
    const progress = new Progress();
    for (const happens of [
      () => progress.tell('a'),
      () => void progress.start('a', () => Promise.resolve()),
      () => progress.letGo(),
    ]) {
      const news = Promise.all([progress.news('a', 1000), progress.news('a', 1000)]);
      happens();
      await news;
      await progress.drain();
    }
    await progress.news('a', 1000);
    await new Progress().news('a', 0.001);
    expect(progress.has('a')).toBe(false);
  });

  it('tells of one request only', async () => {
    const progress = new Progress();
    let told = false;
    const news = progress.news('a', 1000).then(() => (told = true));
    progress.tell('b');
    await Promise.resolve();
    expect(told).toBe(false);
    progress.tell('a');
    await news;
    expect(told).toBe(true);
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
