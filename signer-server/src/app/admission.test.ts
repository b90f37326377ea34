import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

describe('admission', () => {
  it('refuses what does not fit beside the signatures under way', () => {
    const admission = new Admission(10);
    admission.reserve(8);
    expect(() => admission.reserve(3)).toThrowError(expect.objectContaining({ code: 'hsm.busy', retryAfter: 2 }));
    expect(admission.taken).toBe(8);
  });

  it('lets one request in that is larger than the capacity, but only alone', () => {
    const admission = new Admission(10);
    const place = admission.reserve(64);
    expect(() => admission.reserve(1)).toThrowError(expect.objectContaining({ code: 'hsm.busy' }));
    place.release();
    admission.reserve(1);
  });

  it('gives a place back once, however often it is released', () => {
    const admission = new Admission(10);
    const place = admission.reserve(4);
    admission.reserve(4);
    place.release();
    place.release();
    expect(admission.taken).toBe(4);
  });
});
