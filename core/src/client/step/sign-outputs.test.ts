import { OriginSignError } from '../../errors/error.ts';
import { describe, expect, it } from 'vitest';
import { outputPath, statusOf } from './sign-outputs.ts';

describe('the paths of outputs', () => {
  it.each([
    ['/workspace/signed/app.exe', 'signed/app.exe'],
    ['/workspace/..app.exe', '..app.exe'],
    ['/other/app.exe', '/other/app.exe'],
    ['/workspaces/app.exe', '/workspaces/app.exe'],
  ])('%s is %s', (path, shown) => {
    expect(outputPath(path, '/workspace')).toBe(shown);
  });
});

describe('the status of a step that failed', () => {
  it.each([
    [
      new OriginSignError('request.waiting', 'x', { details: { state: 'waiting_for_approval' } }),
      'waiting_for_approval',
    ],
    [new OriginSignError('request.cancelled', 'x'), 'cancelled'],
    [new OriginSignError('request.expired', 'x'), 'expired'],
    [new OriginSignError('policy.denied', 'x'), 'denied'],
    [new OriginSignError('server.unreachable', 'x'), 'failed'],
  ])('is what became of the request: %s', (error, status) => {
    expect(statusOf(error)).toBe(status);
  });
});
