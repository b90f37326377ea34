import { describe, expect, it } from 'vitest';
import { Strangers } from './strangers.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 22, 9, 0, second));
const code = (refuse: () => never): string => {
  try {
    return refuse();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('strangers', () => {
  it('slows down one repository that insists, and no other', () => {
    const strangers = new Strangers(at(0));
    const codes = Array.from({ length: 11 }, (_, second) => code(() => strangers.refuse('github', '7', at(second))));
    expect(codes).toEqual([...Array<string>(10).fill('project.unknown'), 'project.rate']);
    expect(code(() => strangers.refuse('github', '8', at(11)))).toBe('project.unknown');
    expect(code(() => strangers.refuse('github', '7', at(62)))).toBe('project.unknown');
  });

  it('has denials of a linked repository logged until it insists, then counts them', () => {
    const strangers = new Strangers(at(0));
    const told = Array.from({ length: 31 }, () => strangers.isDenialToldOf('github', '7', at(1)));
    expect(told).toEqual([...Array<boolean>(30).fill(true), false]);
    expect(strangers.isDenialToldOf('github', '8', at(1))).toBe(true);
    expect(strangers.take(at(4))).toEqual({ since: at(0), refusals: 1 });
  });

  it('hands out what it counted once', () => {
    const strangers = new Strangers(at(0));
    code(() => strangers.refuse('github', '7', at(1)));
    code(() => strangers.refuse('github', '9', at(2)));
    expect(strangers.take(at(10))).toEqual({ since: at(0), refusals: 2 });
    expect(strangers.take(at(11))).toBeUndefined();
  });
});
