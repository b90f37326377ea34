import { checkDependencies, checkReferences } from './dependency-rules.ts';
import { checkNamesAndSizes, checkPlaces, checkTestsRun } from './file-rules.ts';
import { checkLayers } from './layer-rules.ts';
import { checkHomes, checkPurity } from './purity-rules.ts';
import { checkTexts } from './text-rules.ts';
import { checkWorkflows } from './workflow-rules.ts';
import type { Rule } from './violation.ts';

/** All rules of the house. */
export const RULES: Readonly<Record<string, Rule>> = {
  'imports run downwards': checkLayers,
  'pure rooms stay pure': checkPurity,
  'modules with effects stay in their homes': checkHomes,
  'imports are declared, and declarations imported': checkDependencies,
  'TypeScript projects refer to what they import': checkReferences,
  'files are small and named after what they hold': checkNamesAndSizes,
  'every file is in a known room': checkPlaces,
  'no test is switched off': checkTestsRun,
  'workflows are pinned and have least permissions': checkWorkflows,
  'no text speaks of one machine, of a registry, or of work left for later': checkTexts,
};
