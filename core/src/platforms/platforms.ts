import { GITHUB_ACTIONS } from './github-actions.ts';
import type { Platform } from './platform.ts';

/** Every CI platform there is, by type. */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
  [GITHUB_ACTIONS.type]: GITHUB_ACTIONS,
};

/** The platform of a type; `undefined` for any other name, those of `Object.prototype` included. */
export function platformByType(type: string): Platform | undefined {
  return Object.hasOwn(PLATFORMS, type) ? PLATFORMS[type] : undefined;
}
