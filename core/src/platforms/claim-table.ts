import type { ClaimSchema } from './claim-schema.ts';

type Extra = Partial<Pick<ClaimSchema, 'spelling' | 'values' | 'derivedFrom' | 'source'>>;

const claim =
  (required: boolean, userControlled: boolean) =>
  (name: string, type: ClaimSchema['type'], description: string, extra: Extra = {}): ClaimSchema => ({
    name,
    type,
    required,
    userControlled,
    description,
    ...extra,
  });

/** A claim that is in every token and that no user chooses. */
export const always = claim(true, false);
/** A claim that may be missing. */
export const sometimes = claim(false, false);
/** A claim that is in every token and that whoever starts a run chooses. */
export const alwaysByUser = claim(true, true);
/** A claim that may be missing and that whoever starts a run chooses. */
export const sometimesByUser = claim(false, true);
